package weir.billing.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import weir.billing.BillingContext;
import weir.billing.BillingTenant;
import weir.billing.report.UsageReport;
import weir.billing.store.Database;
import weir.billing.stripe.RetryPolicy;
import weir.sim.stripe.StripeContext;
import weir.sim.stripe.StripeSimulator;

/** A Stripe simulator on loopback, a directory in shared memory, and billing settings that fit the two. */
public final class Fixture implements AutoCloseable {
    public static final String API_KEY = "sk_test_weir";

    public final Path dir;
    public final StripeSimulator stripe;

    private final TestDatabase database;

    public Fixture() {
        this(Store.SQLITE);
    }

    public Fixture(final Store store) {
        database = new TestDatabase(store);
        dir = database.dir();
        stripe = StripeSimulator.launch(new StripeContext().logDir(dir.resolve("stripe")).apiKey(API_KEY)
            .summaryLagMs(0).validationWindowMs(200));
    }

    public String jdbcUrl() {
        return database.jdbcUrl();
    }

    /** Ends the sessions of the database, as a PostgreSQL server does that is stopped. */
    public void cutSessions() {
        database.cutSessions();
    }

    public BillingContext context(final Frames frames) {
        return new BillingContext().recordSource(frames.source()).jdbcUrl(jdbcUrl()).stripeApiBase(stripe.baseUrl())
            .stripeApiKey(API_KEY).tenant(new BillingTenant(1, "alpha", null))
            .tenant(new BillingTenant(2, "beta", null)).windowRecords(20).windowMs(5_000).callsPerSecond(900)
            .readTimeoutMs(2_000).retryPolicy(new RetryPolicy(5, 50, 50, RetryPolicy.DEFAULT.resendLimitMs()))
            .stopTimeoutMs(2_000);
    }

    public UsageReport report() {
        return UsageReport.read(jdbcUrl());
    }

    /** Arms a fault of the simulator; the body is JSON. */
    public void fault(final String body) {
        control(HttpRequest.newBuilder(URI.create(stripe.baseUrl() + "/_sim/faults"))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    /** Requests that faults have hit. */
    public long faultHits() {
        try {
            final HttpResponse<String> answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(stripe.baseUrl() + "/_sim/faults")).build(),
                HttpResponse.BodyHandlers.ofString());
            long hits = 0;
            for (final JsonNode fault : new ObjectMapper().readTree(answer.body()).findValues("hits")) {
                hits += fault.asLong();
            }
            return hits;
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    public void clearFaults() {
        control(HttpRequest.newBuilder(URI.create(stripe.baseUrl() + "/_sim/faults")).DELETE().build());
    }

    /** Calls begun for meter events, as the database holds them. */
    public long attempts() {
        try (Connection connection = Database.openForReading(jdbcUrl());
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COALESCE(SUM(attempts), 0) FROM batch")) {
            rows.next();
            return rows.getLong(1);
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
    }

    private static void control(final HttpRequest request) {
        try {
            final HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final InterruptedException ex) {
            throw new AssertionError(ex);
        }
    }

    public static void await(final String what, final BooleanSupplier condition, final Supplier<?> state) {
        final long deadlineNs = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("no " + what + " in 30 s: " + state.get());
            }
            LockSupport.parkNanos(5_000_000L);
        }
    }

    @Override
    public void close() {
        stripe.close();
        database.close();
    }
}
