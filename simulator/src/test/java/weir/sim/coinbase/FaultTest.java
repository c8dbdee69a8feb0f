package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.coinbase.RawFixClient.field;
import static weir.sim.coinbase.RawFixClient.id;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each failure mode does what it says, over real TCP. */
class FaultTest {
    @TempDir
    private Path dir;
    private VenueFixture venue;

    @BeforeEach
    void launch() throws Exception {
        venue = new VenueFixture(dir);
    }

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @Test
    void shouldDropOneAcknowledgementButKeepTheOrder() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"dropAck\":1}");
        final String lost = desk.limit("1", "1", "50000.00");
        final String next = desk.limit("1", "1", "50001.00");
        desk.await("150=0", "11=" + next);
        desk.send("H", "11=" + lost + "|55=BTC-USD");
        final List<String> rest = List.of(desk.await("11=" + lost));
        assertEquals("I", field(rest.get(0), 150));
        assertEquals("0", field(rest.get(0), 39));
    }

    @Test
    void shouldDelayReports() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"ackDelayMs\":400}");
        final long startNs = System.nanoTime();
        desk.limit("1", "1", "50000.00");
        desk.await("150=0");
        assertTrue(System.nanoTime() - startNs >= 400_000_000L);
    }

    @Test
    void shouldAcceptOrderThenDisconnectBeforeAnswering() throws Exception {
        final RawFixClient desk = venue.connect(VenueFixture.A).logon("");
        venue.fault("{\"dropAfterReceive\":1}");
        final String clOrdId = desk.limit("1", "1", "50000.00");
        assertTrue(desk.awaitClose());
        assertEquals(List.of(), desk.drain(10));
        VenueFixture.await("logoff", () -> !loggedOn());
        final RawFixClient again = venue.connect(VenueFixture.A).logon("");
        again.send("H", "11=" + clOrdId + "|55=BTC-USD");
        assertEquals("0", field(again.await("150=I", "11=" + clOrdId), 39));
        assertEquals(clOrdId, venue.log("ack").get(0).path("clOrdId").asText());
    }

    @Test
    void shouldLoseOrderBeforeTheEngineSeesIt() throws Exception {
        final RawFixClient desk = venue.connect(VenueFixture.A).logon("");
        venue.fault("{\"dropBeforeReceive\":1}");
        final String clOrdId = desk.limit("1", "1", "50000.00");
        assertTrue(desk.awaitClose());
        VenueFixture.await("logoff", () -> !loggedOn());
        final RawFixClient again = venue.connect(VenueFixture.A).logon("");
        again.send("H", "11=" + clOrdId + "|55=BTC-USD");
        assertEquals("5", field(again.await("150=8", "11=" + clOrdId), 103));
        assertEquals(0, venue.log("order").size());
    }

    @Test
    void shouldSpareInFlightOrderFromCancelOnDisconnect() throws Exception {
        final RawFixClient desk = venue.desk();
        desk.limit("1", "1", "50000.00");
        desk.await("150=0");
        venue.fault("{\"dropAfterReceive\":1,\"cancelMissesInFlight\":true}");
        final String inFlight = desk.limit("1", "1", "50001.00");
        assertTrue(desk.awaitClose());
        VenueFixture.await("acknowledged order cancelled", () -> open().size() == 1);
        assertEquals(List.of(inFlight), open());
    }

    @Test
    void shouldRepeatReportWithSameExecId() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"duplicateReport\":1}");
        final String clOrdId = desk.limit("1", "1", "50000.00");
        final String first = desk.await("150=0", "11=" + clOrdId);
        final String second = desk.await("150=0", "11=" + clOrdId);
        assertEquals(field(first, 17), field(second, 17));
        assertNotEquals(field(first, 34), field(second, 34));
    }

    @Test
    void shouldHideFreshOrdersFromStatusRequests() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"visibilityDelayMs\":500}");
        final String clOrdId = desk.limit("1", "1", "50000.00");
        desk.await("150=0");
        desk.send("H", "11=" + clOrdId + "|55=BTC-USD");
        desk.await("150=8", "103=5", "11=" + clOrdId);
        assertEquals(0, VenueFixture.json(venue.rest(VenueFixture.A, "GET", "/orders", "")).size());
        Thread.sleep(600);
        desk.send("H", "11=" + clOrdId + "|55=BTC-USD");
        desk.await("150=I", "11=" + clOrdId);
    }

    @Test
    void shouldCutBatchAfterSomeOrders() throws Exception {
        final RawFixClient desk = venue.connect(VenueFixture.A).logon("");
        venue.fault("{\"disconnectMidBatch\":1,\"batchCutAfter\":2}");
        final StringBuilder entries = new StringBuilder();
        final List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(id());
            entries.append("|11=").append(ids.get(i)).append("|38=0.001|40=2|44=60000.00|54=1|55=BTC-USD|59=1");
        }
        desk.send("U6", "8014=" + id() + "|73=5" + entries);
        assertTrue(desk.awaitClose());
        VenueFixture.await("two orders open", () -> open().size() == 2);
        assertEquals(ids.subList(0, 2), open());
    }

    @Test
    void shouldRefuseLogon() throws Exception {
        venue.fault("{\"refuseLogon\":1}");
        final RawFixClient client = venue.connect(VenueFixture.A);
        client.sendLogon(RawFixClient.now(), "");
        client.await("35=5");
        assertTrue(client.awaitClose());
        venue.connect(VenueFixture.A).logon("");
    }

    @Test
    void shouldFallSilentWithoutClosing() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"halfOpen\":1}");
        desk.limit("1", "1", "50000.00");
        desk.send("1", "112=hello");
        assertEquals(List.of(), desk.drain(500));
        assertTrue(loggedOn());
        venue.control("POST", "/disconnect?session=" + VenueFixture.A.apiKey(), "");
        assertTrue(desk.awaitClose());
    }

    @Test
    void shouldShiftSendingTime() throws Exception {
        venue.fault("{\"sendingTimeOffsetMs\":-3600000}");
        final RawFixClient desk = venue.connect(VenueFixture.A);
        desk.sendLogon(RawFixClient.now(), "");
        final long sentNs = FixTime.parse(field(desk.await("35=A"), 52));
        assertTrue(FixTime.wallClockNs() - sentNs > 3_590_000_000_000L);
    }

    @Test
    void shouldDisguiseReports() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"unknownTags\":true,\"shuffleBody\":true,\"timestampDigits\":9}");
        boolean shuffled = false;
        // By chance a report keeps the usual order now and then: twenty do not.
        for (int i = 0; i < 20; i++) {
            venue.quotes("sell", "60000.00 1");
            desk.limit("1", "1", "60000.00");
            final String fill = desk.await("150=F", "39=2");
            assertEquals("TEST", field(fill, 50));
            assertTrue(Integer.parseInt(field(fill, 369)) >= 2, fill);
            assertTrue(field(fill, 60).matches(".*\\.\\d{9}"), fill);
            assertTrue(fill.contains("|136=1|137=360|138=USD|139=4|891=0|"), fill);
            shuffled |= fill.indexOf("|150=") < fill.indexOf("|11=") || fill.indexOf("|55=") < fill.indexOf("|54=")
                || fill.indexOf("|39=") < fill.indexOf("|37=") || fill.indexOf("|60=") < fill.indexOf("|14=");
        }
        assertTrue(shuffled);
    }

    @Test
    void shouldAnnounceMaintenance() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.control("POST", "/maintenance", "");
        assertEquals("server terminated", field(desk.await("35=5"), 58));
        assertTrue(desk.awaitClose());
    }

    @Test
    void shouldStrikeTheNamedSessionOnly() throws Exception {
        final RawFixClient desk = venue.desk();
        venue.fault("{\"dropAck\":-1,\"session\":\"key-b\"}");
        desk.limit("1", "1", "50000.00");
        desk.await("150=0");
    }

    @Test
    void shouldRefuseUnknownFault() {
        assertThrows(AssertionError.class, () -> venue.fault("{\"dropAcks\":1}"));
    }

    @Test
    void shouldForgetOrdersAndCountsOnReset() throws Exception {
        final RawFixClient desk = venue.desk();
        desk.limit("1", "1", "50000.00");
        desk.await("150=0");
        venue.control("POST", "/reset", "");
        desk.await("150=4");
        assertEquals(List.of(), open());
        assertEquals(0, venue.stats(VenueFixture.A).path("messages").asInt());
    }

    private List<String> open() {
        try {
            final List<String> ids = new ArrayList<>();
            venue.control("GET", "/orders", "").path("profile-a").forEach(o -> ids.add(o.path("clOrdId").asText()));
            return ids;
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean loggedOn() {
        try {
            return venue.stats(VenueFixture.A).path("loggedOn").asBoolean();
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }
}
