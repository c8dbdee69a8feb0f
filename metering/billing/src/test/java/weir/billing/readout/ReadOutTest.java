package weir.billing.readout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.BillingProcess;
import weir.billing.batch.Aggregator;
import weir.billing.door.DoorKeys;
import weir.billing.door.TestKeys;
import weir.billing.ledger.Account;
import weir.billing.ledger.EntryKind;
import weir.billing.ledger.Ledger;
import weir.billing.rating.MeterKind;
import weir.billing.rating.RatingState;
import weir.billing.report.UsageReport;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;
import weir.billing.world.Fixture;
import weir.billing.world.World;

@Timeout(90)
class ReadOutTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fixture fixture = new Fixture();
    private final World world = World.standard(World.JOURNAL_ID);

    @AfterEach
    void close() {
        fixture.close();
    }

    private void bill() throws InterruptedException {
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).drain(true))) {
            assertTrue(process.awaitEnd(30_000));
            assertNull(process.failure());
        }
    }

    private static JsonNode meter(final JsonNode period, final MeterKind meter) {
        for (final JsonNode row : period.path("meters")) {
            if (meter.label().equals(row.path("meter").asText())) {
                return row;
            }
        }
        throw new AssertionError("no " + meter + " in " + period);
    }

    @Test
    void shouldShowTheNumbersOfTheInvoicePerPeriodAndMeter() throws Exception {
        world.play(11, 300);
        world.rollMonth(0);
        world.play(12, 200);
        // more records than one transaction and one month hold
        world.rollMonth(0);
        world.newOrder(1, null);
        bill();
        final UsageReport report = fixture.report();
        try (Books books = Books.open(fixture.jdbcUrl())) {
            assertEquals(world.frames.size(), books.moment().position());
            for (int tenantId = 1; tenantId <= 2; tenantId++) {
                final TenantRow tenant = books.tenant(Integer.toString(tenantId)).orElseThrow();
                final JsonNode usage = books.usage(tenant);
                long sum = 0;
                long invoiced = 0;
                for (final JsonNode period : usage.path("periods")) {
                    sum += period.path("amountMicros").asLong();
                    invoiced += books.invoice(tenant, period.path("periodStartNs").asLong()).orElseThrow()
                        .path("totalMicros").asLong();
                }
                assertTrue(usage.path("periods").size() >= 3, usage::toString);
                assertEquals(report.amountMicros(tenantId), sum, usage::toString);
                assertEquals(sum, invoiced);
                assertEquals(world.debits.get(tenantId), sum);
                for (final MeterKind meter : MeterKind.values()) {
                    final JsonNode row = meter(usage.path("periods").get(0), meter);
                    assertEquals(world.unitsOfMonth(tenantId, meter), row.path("units").asLong(), row::toString);
                }
            }
            final JsonNode request = meter(books.usage(books.tenant("alpha").orElseThrow()).path("periods").get(0),
                MeterKind.REQUEST);
            assertEquals("{\"meter\":\"request\",\"units\":1,\"amountMicros\":10,\"priceMicros\":10,"
                + "\"tier\":{\"number\":1,\"of\":3,\"upTo\":5,\"unitsLeft\":4}}", request.toString());
        }
    }

    private String priceOfNextRequest() throws InterruptedException {
        bill();
        try (Books books = Books.open(fixture.jdbcUrl())) {
            final JsonNode usage = books.usage(books.tenant("alpha").orElseThrow());
            final JsonNode request = meter(usage.path("periods").get(0), MeterKind.REQUEST);
            return "version " + usage.path("planVersion") + ' ' + usage.path("tiers").asText() + ", "
                + request.path("units") + " units, " + request.path("priceMicros") + ' ' + request.path("tier")
                + request.path("included") + usage.path("currency").asText();
        }
    }

    @Test
    void shouldShowThePriceTierAndIncludedUnitsOfTheVersionInForce() throws Exception {
        final long second = 1_000_000_000L;
        final long start = world.nowNs();
        world.plan(2, start + 100 * second, start + 200 * second, true,
            new long[][]{{0, 3, 0}, {0, 5, 40}, {0, 0, 20}});
        world.plan(3, start + 300 * second, start + 400 * second, false, new long[][]{{0, 3, 0}, {0, 0, 20}});
        for (int i = 0; i < 4; i++) {
            world.newOrder(1, null);
        }
        assertEquals("version 1 continue, 4 units, 10 {\"number\":1,\"of\":3,\"upTo\":5,\"unitsLeft\":1}USD",
            priceOfNextRequest());
        world.advance(100 * second);
        world.tick();
        assertEquals("version 2 restart, 4 units, 0 {\"number\":1,\"of\":3,\"upTo\":3,\"unitsLeft\":3,"
            + "\"unitsBefore\":0}{\"units\":3,\"unitsLeft\":3}USD", priceOfNextRequest());
        for (int i = 0; i < 4; i++) {
            world.newOrder(1, null);
        }
        assertEquals("version 2 restart, 8 units, 40 {\"number\":2,\"of\":3,\"upTo\":5,\"unitsLeft\":1,"
            + "\"unitsBefore\":4}{\"units\":3,\"unitsLeft\":0}USD", priceOfNextRequest());
        world.advance(100 * second);
        world.tick();
        assertEquals("version 1 continue, 8 units, 7 {\"number\":2,\"of\":3,\"upTo\":20,\"unitsLeft\":12}USD",
            priceOfNextRequest(), "the older version is back");
        world.advance(100 * second);
        world.tick();
        assertEquals("version 3 continue, 8 units, 20 {\"number\":2,\"of\":2}{\"units\":3,\"unitsLeft\":0}USD",
            priceOfNextRequest());
        world.rollMonth(0);
        assertEquals("version 3 continue, 0 units, 0 {\"number\":1,\"of\":2,\"upTo\":3,\"unitsLeft\":3}"
            + "{\"units\":3,\"unitsLeft\":3}USD", priceOfNextRequest());
        world.plan(1, 0, start + 350 * second, true, new long[][]{{0, 0, 10}});
        world.advance(100 * second);
        world.tick();
        assertEquals("version 0 , 0 units,  USD", priceOfNextRequest(), "none is valid");
    }

    @Test
    void shouldShowWhatTheEngineHoldsAsReservedAndLeft() throws Exception {
        world.play(13, 150);
        for (int step = 0; step < 3; step++) {
            world.newOrder(1, null);
            world.budget(2, 1 + world.debits.get(2) * (4 - step));
            bill();
            try (Books books = Books.open(fixture.jdbcUrl())) {
                final JsonNode balance = books.balance(books.tenant("1").orElseThrow());
                final long[] engine = world.money(1);
                assertEquals(engine[0], balance.path("leftMicros").asLong(), balance::toString);
                assertEquals(engine[1], balance.path("reservedMicros").asLong());
                assertTrue(engine[1] > 0, "an order is open");
                assertEquals(engine[2], balance.path("receivableMicros").asLong());
                assertEquals(0, balance.path("engineBalanceGapMicros").asLong());
                assertEquals(balance.path("grantedMicros").asLong() + balance.path("receivableMicros").asLong(),
                    balance.path("usedMicros").asLong() + balance.path("reservedMicros").asLong()
                        + balance.path("leftMicros").asLong());
                assertEquals(100_000_000L, balance.path("grantedMicros").asLong());
                final JsonNode owing = books.balance(books.tenant("beta").orElseThrow());
                assertEquals(world.debits.get(2), owing.path("usedMicros").asLong());
                assertEquals("postpaid", owing.path("creditMode").asText());
                assertEquals(1 + world.debits.get(2) * (4 - step),
                    owing.path("budget").path("budgetMicros").asLong());
            }
        }
    }

    @Test
    void shouldAnswerOverMutualTlsWithTheRunningProcess(@TempDir final Path dir) throws Exception {
        final TestKeys server = TestKeys.of("server");
        final TestKeys gate = TestKeys.of("gate");
        final TestKeys other = TestKeys.of("other");
        world.play(14, 100);
        final ReadOutSettings settings = new ReadOutSettings("127.0.0.1", 0, DoorKeys.fromStore(server.store(),
            TestKeys.PASSWORD.toCharArray(), TestKeys.bundle(dir.resolve("trusted.crt"), gate, other)),
            Set.of(gate.peer().thumbprint()));
        bill();
        try (ReadOutDoor door = ReadOutDoor.launch(settings, fixture.jdbcUrl(), System::currentTimeMillis,
            () -> world.frames.size())) {
            final HttpClient client = as(gate, server);
            final HttpResponse<String> first = get(client, door, "/v1/tenants/alpha/usage", null);
            assertEquals(200, first.statusCode(), first.body());
            final String etag = first.headers().firstValue("ETag").orElseThrow();
            assertEquals('"' + World.JOURNAL_ID + '-' + world.frames.size() + '"', etag);
            assertEquals(first.body(), get(client, door, "/v1/tenants/1/usage", null).body());
            final HttpResponse<String> same = get(client, door, "/v1/tenants/1/balance", etag);
            assertEquals(304, same.statusCode());
            assertEquals("", same.body());
            assertEquals(404, get(client, door, "/v1/tenants/nobody/usage", null).statusCode());
            assertEquals("unknown_period", JSON.readTree(get(client, door,
                "/v1/tenants/1/invoice?periodStart=2020-01-01T00:00:00Z", null).body()).path("code").asText());
            assertEquals("period_start_malformed", JSON.readTree(get(client, door,
                "/v1/tenants/1/invoice?periodStart=May", null).body()).path("code").asText());
            final JsonNode invoice = JSON.readTree(get(client, door, "/v1/tenants/1/invoice", null).body());
            assertEquals(fixture.report().position(), invoice.path("position").asLong());
            final JsonNode status = JSON.readTree(get(client, door, "/v1/status", null).body());
            assertEquals(0, status.path("undelivered").path("batches").asLong(), status::toString);
            assertEquals(0, status.path("drift").path("discrepancies").asLong());
            assertEquals(0, status.path("lagRecords").asLong(-1));
            world.newOrder(1, null);
            assertEquals(1, JSON.readTree(get(client, door, "/v1/status", null).body()).path("lagRecords").asLong());
            bill();
            final HttpResponse<String> later = get(client, door, "/v1/tenants/1/usage", etag);
            assertEquals(200, later.statusCode(), "another position");
            assertFalse(later.headers().firstValue("ETag").orElseThrow().equals(etag));
            round();
            assertEquals(200, get(client, door, "/v1/tenants/1/balance", later.headers().firstValue("ETag")
                .orElseThrow()).statusCode(), "the same position, and an invoice was rounded");
            assertEquals(403, get(as(other, server), door, "/v1/status", null).statusCode());
            assertThrows(IOException.class, () -> get(as(server, server), door, "/v1/status", null));
        }
    }

    /** What an invoice rounds is moved without a record. */
    private void round() {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), System.currentTimeMillis())) {
            final BillingStore books = new BillingStore(database);
            final Ledger ledger = new Ledger(found -> {
            });
            books.load(new RatingState(), ledger, new Aggregator(World.JOURNAL_ID, 1, 1));
            ledger.move(EntryKind.ROUNDING, 1, Account.FUNDING, Account.ROUNDING, 5, world.frames.size());
            books.saveBooks(ledger);
            database.commit();
        }
    }

    private static HttpClient as(final TestKeys keys, final TestKeys server) {
        return HttpClient.newBuilder()
            .sslContext(DoorKeys.fromPem(keys.key(), keys.certificate(), server.certificate())).build();
    }

    private static HttpResponse<String> get(final HttpClient client, final ReadOutDoor door, final String path,
        final String etag) throws IOException, InterruptedException {
        final HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + door.port() + path)).timeout(Duration.ofSeconds(20));
        if (etag != null) {
            request.header("If-None-Match", etag);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
