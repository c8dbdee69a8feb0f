package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.BillingProcess;
import weir.billing.batch.Batch;
import weir.billing.intake.RecordHandler;
import weir.billing.intake.RecordSource;
import weir.billing.report.UsageReport;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.cli.WeirCli;
import weir.config.load.ConfigTree;
import weir.config.model.WeirConfig;
import weir.sim.stripe.StripeContext;
import weir.sim.stripe.StripeSimulator;

/** Corrections and drift as a command line sees them: billing's database, billing itself and Stripe's simulator. */
@Timeout(60)
class StripeCommandsTest {
    private static final String JOURNAL_ID = "00112233445566778899aabbccddeeff";
    private static final String KEY = "sk_test_weir";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final long nowMs = System.currentTimeMillis();
    /** The minute before, so that its day is one that can be asked for. */
    private final long eventMs = nowMs - 60_000;
    @TempDir
    private Path dir;
    private StripeSimulator stripe;
    private WeirConfig config;
    private String alpha;

    /** A journal that has nothing more. */
    private static final class Ended implements RecordSource {
        @Override
        public int poll(final RecordHandler handler, final int limit) {
            return 0;
        }

        @Override
        public void seek(final long sequence) {
            // there is nothing to be found
        }

        @Override
        public String journalId() {
            return JOURNAL_ID;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @BeforeEach
    void configure() throws Exception {
        stripe = StripeSimulator.launch(new StripeContext().logDir(dir.resolve("stripe")).apiKey(KEY).summaryLagMs(0)
            .validationWindowMs(200));
        alpha = post("/v1/customers", "name=Alpha").get("id").asText();
        final Path key = Files.createFile(dir.resolve("stripe.key"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, KEY);
        final ConfigTree tree = new ConfigTree(dir);
        tree.replace("router.yaml", "/var/lib/weir", dir.resolve("data").toString());
        tree.replace("billing.yaml", "https://api.stripe.com", stripe.baseUrl());
        tree.replace("billing.yaml", "env:STRIPE_API_KEY", "\"file:" + key + '"');
        tree.replace("billing.yaml", "subscriptions: true", "subscriptions: false");
        tree.replace("billing.yaml", "drift: true", "drift: false");
        tree.replace("tenants/alpha.yaml", "# stripeCustomer: cus_...", "stripeCustomer: " + alpha);
        config = Configs.load(dir, Map.of());
        try (Database database = Database.open(BillingWiring.jdbcUrl(config), nowMs)) {
            final BatchStore batches = new BatchStore(database);
            batches.add(new Batch("w1:a", 1, 0, 3, 4, 10, 1_000, eventMs * 1_000_000L));
            batches.add(new Batch("w1:b", 2, 0, 5, 6, 7, 700, eventMs * 1_000_000L));
            database.commit();
        }
        try (Connection connection = DriverManager.getConnection(BillingWiring.jdbcUrl(config));
            Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO usage_line VALUES (1, 0, 3, 1, 1, 100, 10, 1000, 3, 4, 'w1:a')");
            statement.executeUpdate("INSERT INTO usage_line VALUES (2, 0, 5, 1, 1, 100, 7, 700, 5, 6, 'w1:b')");
        }
    }

    @AfterEach
    void close() {
        stripe.close();
    }

    private JsonNode post(final String path, final String form) throws Exception {
        final HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create(stripe.baseUrl() + path)).header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
        return new ObjectMapper().readTree(answer.body());
    }

    /** Billing runs, as configured, until nothing is to be delivered or corrected. */
    private void bill() throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(BillingWiring.context(config,
            Configs.secrets(dir, Map.of())).recordSource(new Ended()))) {
            final long deadlineNs = System.nanoTime() + 30_000_000_000L;
            while (UsageReport.read(BillingWiring.jdbcUrl(config)).undelivered() > 0 || corrections() > 0) {
                assertNull(process.failure());
                assertTrue(System.nanoTime() < deadlineNs, () -> UsageReport.read(BillingWiring.jdbcUrl(config))
                    .toString());
                LockSupport.parkNanos(5_000_000L);
            }
        }
    }

    private int corrections() {
        try (Database database = Database.openBeside(BillingWiring.jdbcUrl(config), nowMs)) {
            final int open = new AdjustmentStore(database).open().size();
            database.commit();
            return open;
        }
    }

    private int run(final String... args) {
        out.reset();
        err.reset();
        final String[] all = Stream.concat(Arrays.stream(args), Stream.of("--config", dir.toString()))
            .toArray(String[]::new);
        return new WeirCli(new Actions(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(all);
    }

    private List<JsonNode> lines() throws IOException {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private int drift(final String... more) {
        return run(Stream.concat(Stream.of("bill", "drift", "--day", LocalDate.ofEpochDay(eventMs / 86_400_000L)
            .atStartOfDay(ZoneOffset.UTC).toLocalDate().toString()), Arrays.stream(more)).toArray(String[]::new));
    }

    private List<String> customersOf(final String identifier) throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String line : Files.readAllLines(stripe.logFile())) {
            final JsonNode node = new ObjectMapper().readTree(line);
            if ("accepted".equals(node.path("kind").asText()) && identifier.equals(node.path("identifier").asText())) {
                found.add(node.path("customer").asText());
            }
        }
        return found;
    }

    @Test
    void shouldOrderACorrectionDeliverItAndShowThatTheDayAgrees() throws Exception {
        bill();
        assertEquals(0, run("bill", "adjust", "--batch", "w1:a", "--reduce", "4", "--reason", "test", "--dry-run"),
            this::err);
        assertEquals(0, run("bill", "adjustments"), this::err);
        assertEquals(List.of(), lines(), "a dry run orders nothing");
        assertEquals(0, run("bill", "adjust", "--batch", "w1:a", "--reduce", "4", "--reason", "test"), this::err);
        assertEquals("{\"kind\":\"adjustment\",\"adjustment\":1,\"batch\":\"w1:a\",\"correction\":\"reduce\","
            + "\"units\":4,\"dryRun\":false}", out.toString(StandardCharsets.UTF_8).strip());
        assertEquals(0, run("bill", "adjust", "--batch", "w1:b", "--void", "--reason", "test"), this::err);
        assertEquals(0, run("bill", "adjustments"), this::err);
        assertEquals(List.of("NEW", "NEW"), lines().stream().map(line -> line.get("state").asText()).toList());
        bill();
        assertEquals(0, run("bill", "adjustments"), this::err);
        assertEquals(List.of("DONE event", "DONE cancelled"), lines().stream().map(line -> line.get("state").asText()
            + ' ' + line.get("outcome").asText()).toList());
        assertEquals(0, drift("--all"), () -> out.toString(StandardCharsets.UTF_8) + err());
        final JsonNode row = lines().stream().filter(line -> line.get("tenant").asText().equals("alpha")
            && line.get("meter").asText().equals("request")).findFirst().orElseThrow();
        assertEquals(List.of(10L, -4L, "6"), List.of(row.get("rated").asLong(), row.get("adjusted").asLong(),
            row.get("counted").asText()));
        assertEquals(0, drift(), this::err);
        assertEquals(List.of(), lines(), "what agrees is not shown");
    }

    @Test
    void shouldRefuseWhatABatchDoesNotAllow() throws Exception {
        assertEquals(1, run("bill", "adjust", "--batch", "w1:a", "--void", "--reason", "not delivered yet"), this::err);
        assertTrue(err().contains("ADJUSTMENT_REFUSED"), this::err);
        bill();
        assertEquals(1, run("bill", "adjust", "--batch", "w1:x", "--void", "--reason", "unknown"), this::err);
        assertEquals(1, run("bill", "adjust", "--batch", "w1:a", "--reduce", "11", "--reason", "more"), this::err);
        assertEquals(1, run("bill", "adjust", "--batch", "w1:a", "--carry", "--reason", "delivered"), this::err);
        assertTrue(err().contains("ADJUSTMENT_REFUSED"), this::err);
        assertEquals(2, run("bill", "adjust", "--batch", "w1:a", "--reduce", "0", "--reason", "none"), this::err);
        assertEquals(2, run("bill", "adjust", "--batch", "w1:a", "--void"), this::err);
        assertEquals(0, corrections());
    }

    @Test
    void shouldShowWhatStripeCountedAndNobodyRated() throws Exception {
        bill();
        post("/v1/billing/meter_events", "event_name=weir_request&payload[stripe_customer_id]=" + alpha
            + "&payload[value]=5&identifier=foreign-1&timestamp=" + eventMs / 1_000);
        assertEquals(1, drift(), this::err);
        assertEquals(1, lines().size(), () -> out.toString(StandardCharsets.UTF_8));
        assertEquals("5", lines().get(0).get("difference").asText());
        assertEquals("alpha", lines().get(0).get("tenant").asText());
        stripe.close();
        assertEquals(1, drift(), this::err);
        assertTrue(err().contains("STRIPE_UNREACHABLE"), this::err);
        assertEquals(2, run("bill", "drift", "--day", "yesterday"), this::err);
    }

    @Test
    void shouldBillTheConfiguredCustomerAndMakeTheOther() throws Exception {
        bill();
        assertEquals(List.of(alpha), customersOf("w1:a"));
        assertEquals(1, customersOf("w1:b").size());
        assertTrue(customersOf("w1:b").get(0).startsWith("cus_") && !customersOf("w1:b").get(0).equals(alpha),
            () -> UsageReport.read(BillingWiring.jdbcUrl(config)).toString());
        long customers = 0;
        for (final String line : Files.readAllLines(stripe.logFile())) {
            final JsonNode node = new ObjectMapper().readTree(line);
            customers += "object".equals(node.path("kind").asText())
                && "customer".equals(node.path("object").path("object").asText()) ? 1 : 0;
        }
        assertEquals(2, customers, "alpha's was made by the operator, beta's by billing");
    }
}
