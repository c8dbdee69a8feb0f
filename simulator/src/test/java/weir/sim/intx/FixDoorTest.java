package weir.sim.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.sim.desk.RawFixMessage;
import weir.sim.desk.RawFixPeer;

/** FIX order entry as a client sees it that writes its own bytes. */
final class FixDoorTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String TARGET = "CBINTLOE";
    private static final String ID = "1985ca2d-61ef-49f1-bfce-6c39d846";

    @TempDir
    private Path dir;
    private IntxFixture fixture;
    private RawFixPeer peer;

    @BeforeEach
    void start() throws Exception {
        fixture = new IntxFixture(dir);
        peer = connect(TARGET, 0);
    }

    @AfterEach
    void stop() throws Exception {
        peer.close();
        fixture.close();
    }

    private RawFixPeer connect(final String target, final long offsetMs) throws IOException {
        return new RawFixPeer(new Socket(InetAddress.getLoopbackAddress(), fixture.venue.fixPort()), "key-a", target,
            Clock.fixed(Instant.ofEpochMilli(IntxFixture.START_S * 1_000 + offsetMs), ZoneOffset.UTC));
    }

    private static String signature(final RawFixPeer of, final String target) {
        return IntxFixture.sign(of.sendingTime() + "key-a" + target + "pass-1");
    }

    private static void logon(final RawFixPeer as, final String further) {
        as.sendBody("A", "98=0|108=30|141=Y|553=key-a|554=pass-1|58=" + signature(as, TARGET) + "|1137=9|" + further);
    }

    private void logon() {
        logon(peer, "");
        assertEquals("Y", peer.readUntil("A", SOON).get(141));
    }

    private static String party() {
        return "453=1|448=" + IntxFixture.A.portfolioUuid() + "|452=24|";
    }

    private RawFixMessage order(final int n, final String further) {
        peer.sendBody("D", "11=" + ID + (1000 + n) + '|' + party() + "55=BTC-PERP|54=1|38=0.001|40=2|44=50000|59=1|"
            + further);
        return peer.readUntil("8", SOON);
    }

    private JsonNode lastLog(final String kind) throws Exception {
        JsonNode last = null;
        for (final JsonNode line : fixture.log(kind)) {
            last = line;
        }
        assertNotNull(last, kind);
        return last;
    }

    @Test
    void shouldReportAnOrderItsFillAndItsCancelInTheVenuesForm() throws Exception {
        logon();
        final RawFixMessage accepted = order(1, "18=6|8000=O|");
        assertEquals("0", accepted.get(150));
        assertEquals("0", accepted.get(20));
        assertEquals("O", accepted.get(8000));
        assertEquals("6", accepted.get(18));
        assertEquals(IntxFixture.A.portfolioUuid(), accepted.get(448));
        assertTrue(accepted.wellFramed() && accepted.get(52).matches("\\d{8}-\\d{2}:\\d{2}:\\d{2}\\.\\d{6}"), "micros");
        fixture.control("POST", "/quotes", "{\"symbol\":\"BTC-PERP\",\"side\":\"sell\",\"immediate\":true,\"levels\":"
            + "[{\"price\":\"50000\",\"qty\":\"0.0004\"}]}");
        final RawFixMessage fill = peer.readUntil("8", SOON);
        assertEquals("1", fill.get(150));
        assertEquals("0.0004", fill.get(32));
        assertEquals("0.0006", fill.get(151));
        assertEquals("1", fill.get(851), "maker");
        assertEquals("USDC", fill.get(138));
        assertTrue(Long.parseLong(fill.get(17)) > Long.parseLong(accepted.get(17)), "grows");
        peer.sendBody("F", "11=c-1|41=" + ID + "1001|55=BTC-PERP|");
        final RawFixMessage cancelled = peer.readUntil("8", SOON);
        assertEquals("4", cancelled.get(150));
        assertEquals("c-1", cancelled.get(11));
        assertEquals(ID + "1001", cancelled.get(41));
        assertEquals("0.0004", cancelled.get(14));
        assertEquals("fix", lastLog("order").get("channel").asText());
        assertEquals(Long.parseLong(fill.get(17)), lastLog("exec").get("tradeId").asLong(), "REST's exec_id");
        peer.sendBody("F", "11=c-2|41=" + ID + "1001|55=BTC-PERP|");
        final RawFixMessage late = peer.readUntil("9", SOON);
        assertEquals("0", late.get(102), "too late");
        peer.sendBody("F", "11=c-3|41=nobody|55=BTC-PERP|");
        final RawFixMessage unknown = peer.readUntil("9", SOON);
        assertEquals("1", unknown.get(102));
        assertEquals("NONE", unknown.get(37));
        assertEquals("1", unknown.get(434));
    }

    @Test
    void shouldReplaceAndCancelAll() {
        logon();
        order(1, "");
        order(2, "");
        peer.sendBody("G", "11=g-1|41=" + ID + "1001|55=BTC-PERP|44=49000|");
        final RawFixMessage replaced = peer.readUntil("8", SOON);
        assertEquals("5", replaced.get(150));
        assertEquals("g-1", replaced.get(11));
        assertEquals(ID + "1001", replaced.get(41));
        assertEquals("49000", replaced.get(44));
        peer.sendBody("q", "11=q-1|" + party());
        assertEquals("4", peer.readUntil("8", SOON).get(150));
        assertEquals("4", peer.readUntil("8", SOON).get(150));
        final RawFixMessage report = peer.readUntil("r", SOON);
        assertEquals("7", report.get(531));
        assertEquals("2", report.get(533));
        peer.sendBody("F1", "112=where|");
        assertNotNull(peer.readUntil("F2", SOON).get(17));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "98=0|108=30|141=N|553=key-a|554=pass-1|58=SIGNATURE|1137=9|;141",
        "98=0|108=30|141=Y|553=key-a|554=pass-1|95=44|96=SIGNATURE|1137=9|;58",
        "98=0|108=30|141=Y|553=key-a|554=pass-2|58=SIGNATURE|1137=9|;554",
        "98=0|108=30|141=Y|553=key-b|554=pass-1|58=SIGNATURE|1137=9|;553",
        "98=0|108=30|141=Y|553=key-a|554=pass-1|58=SIGNATURE|1137=7|;1137"})
    void shouldRefuseALogonThatCoinbaseExchangeWouldTake(final String fields, final String tag) throws Exception {
        peer.sendBody("A", fields.replace("SIGNATURE", signature(peer, TARGET)));
        assertEquals(tag, peer.readUntil("3", SOON).get(371));
        assertTrue(peer.awaitClose(SOON));
        assertEquals(1, fixture.control("GET", "/stats", "").at("/accounts/alpha/fix/refusedLogons").asInt());
    }

    @Test
    void shouldRefuseAForeignTargetAStaleTimeAndASecondSession() throws Exception {
        final RawFixPeer exchange = connect("Coinbase", 0);
        logon(exchange, "");
        assertEquals("56", exchange.readUntil("3", SOON).get(371));
        final RawFixPeer stale = connect(TARGET, -1_500);
        logon(stale, "");
        assertEquals("10", stale.readUntil("3", SOON).get(373));
        logon();
        final RawFixPeer second = connect(TARGET, 0);
        logon(second, "");
        assertEquals("already logged on", second.readUntil("3", SOON).get(58));
        exchange.close();
        stale.close();
        second.close();
    }

    @Test
    void shouldNameTheMistakeOfASignatureMadeForTheExchange() throws Exception {
        final String prehash = String.join("\u0001", peer.sendingTime(), "A", "1", "key-a", TARGET, "pass-1");
        peer.sendBody("A", "98=0|108=30|141=Y|553=key-a|554=pass-1|58=" + IntxFixture.sign(prehash) + "|1137=9|");
        assertEquals("8", peer.readUntil("3", SOON).get(373));
        peer.awaitClose(SOON);
        assertEquals("signed as Coinbase Exchange wants it", lastLog("logon").get("hint").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "55=BTC-PERP|54=1|38=0.001|40=2|44=50000|59=1|;id-1;3;453",
        "PARTY55=BTC-PERP|54=1|38=0.001|40=2|44=50000|59=1|;this is no form of an id;3;11",
        "PARTY55=BTC-PERP|54=3|38=0.001|40=2|44=50000|59=1|;id-2;3;54",
        "PARTY55=NO-PERP|54=1|38=0.001|40=2|44=50000|59=1|;id-3;j;2",
        "PARTY55=BTC-PERP|54=1|38=0.001|40=2|59=1|;id-4;j;5",
        "453=1|448=01939cc7-253c-70d0-ba54-b34b418839df|452=24|55=BTC-PERP|54=1|38=0.001|40=2|44=1|59=1|;id-5;j;6",
        "PARTY55=BTC-PERP|54=1|38=0.00001|40=2|44=50000|59=1|;id-6;8;1",
        "PARTY55=BTC-PERP|54=1|38=0.001|40=1|59=1|;id-7;8;1",
        "PARTY55=BTC-PERP|54=1|38=0.001|40=2|44=50000|59=1|8000=B|;id-8;3;8000"})
    void shouldRefuseWhatIsWrongAsTheVenueDoes(final String fields, final String id, final String type,
        final String code) {
        logon();
        peer.sendBody("D", "11=" + id + '|' + fields.replace("PARTY", party()));
        final RawFixMessage refused = peer.readUntil(type, SOON);
        assertEquals(code, refused.get("3".equals(type) ? 371 : "j".equals(type) ? 380 : 103), refused.toString());
    }

    @Test
    void shouldRefuseAboveEightHundredAndCutAboveAThousandInASecond() throws Exception {
        logon();
        for (int i = 0; i < 1_000; i++) {
            peer.sendBody("F", "11=c-" + i + "|41=nobody|55=BTC-PERP|");
        }
        int refused = 0;
        RawFixMessage answer = peer.read(SOON);
        while (answer != null && !"5".equals(answer.msgType())) {
            refused += "j".equals(answer.msgType()) && "8".equals(answer.get(380)) ? 1 : 0;
            if ("9".equals(answer.get(380))) {
                assertEquals("1001", answer.get(45));
            }
            answer = peer.read(SOON);
        }
        assertEquals(200, refused, "the logon and 799 passed");
        assertNotNull(answer, "Logout");
        final JsonNode stats = fixture.control("GET", "/stats", "").at("/accounts/alpha/fix");
        assertEquals(1_001, stats.get("peakPerSecond").asInt());
        assertEquals(1, stats.get("cut").asInt());
    }

    @ParameterizedTest
    @CsvSource({"'',0", "8013=N|,1", "8013=A|,0", "8013=Y|,0"})
    void shouldCancelOnDisconnectAsTheLogonSaid(final String field, final int left) throws Exception {
        logon(peer, field);
        peer.readUntil("A", SOON);
        order(1, "");
        peer.abort();
        final long deadlineNs = System.nanoTime() + SOON.toNanos();
        while (fixture.log("logoff").isEmpty() || fixture.log("cancel").size() != 1 - left) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "logoff, then its cancels: " + fixture.log("cancel"));
            Thread.sleep(5);
        }
        assertEquals(left, fixture.control("GET", "/orders", "").path("alpha").size());
    }

    @Test
    void shouldCancelWhenTheGatewayLosesTheVenueThoughTheConnectionStands() throws Exception {
        logon();
        order(1, "");
        fixture.control("POST", "/internal-disconnect", "");
        assertEquals("4", peer.readUntil("8", SOON).get(150));
        peer.sendBody("1", "112=there|");
        assertEquals("there", peer.readUntil("0", SOON).get(112));
    }

    @Test
    void shouldNeitherResendNorForgiveAGap() {
        logon();
        peer.sendBody("2", "7=1|16=0|");
        assertEquals("11", peer.readUntil("3", SOON).get(373));
        peer.nextSeqNum(peer.nextSeqNum() + 1);
        peer.sendBody("F", "11=c-1|41=nobody|55=BTC-PERP|");
        assertTrue(peer.readUntil("5", SOON).get(58).contains("too high"));
    }

    @Test
    void shouldTellOfAnOrderOfRestOnlyWhoReplacesOrCancelsItByFix() throws Exception {
        logon();
        fixture.send(IntxFixture.A, "POST", "/orders", "", "{\"client_order_id\":\"by-rest\",\"side\":\"BUY\",\"size\":"
            + "\"0.001\",\"tif\":\"GTC\",\"instrument\":\"BTC-PERP\",\"type\":\"LIMIT\",\"price\":\"50000\","
            + "\"portfolio\":\"1ap32qsc-1-0\"}");
        peer.sendBody("G", "11=g-1|41=by-rest|55=BTC-PERP|38=0.002|");
        final RawFixMessage first = peer.read(SOON);
        assertEquals("5", first.get(150), "nothing before: " + first);
        assertEquals("g-1", first.get(11));
        peer.sendBody("F", "11=c-1|41=g-1|55=BTC-PERP|");
        final RawFixMessage second = peer.read(SOON);
        assertEquals("4", second.get(150), second.toString());
        assertEquals("c-1", second.get(11));
    }

    @Test
    void shouldRefuseAReplaceWithTheWordsOfRestAndCountIt() throws Exception {
        logon();
        order(1, "");
        final String head = "|55=BTC-PERP|41=" + ID + "1001|";
        peer.sendBody("G", "11=g-1" + head + "38=0.00100001|");
        final RawFixMessage size = peer.readUntil("9", SOON);
        assertEquals("2", size.get(434));
        assertEquals("0", size.get(39), "it stands");
        assertTrue(size.get(58).contains("INVALID_SIZE"), size.toString());
        peer.sendBody("G", "11=g-2" + head + "99=1|");
        assertTrue(peer.readUntil("9", SOON).get(58).contains("StopPx"));
        peer.sendBody("G", "11=g-3|55=BTC-PERP|41=nobody|44=49000|");
        assertEquals("1", peer.readUntil("9", SOON).get(102));
        assertEquals(5, fixture.control("GET", "/stats", "").at("/accounts/alpha/fix/messages").asInt(),
            "Logon, order and three replaces");
    }
}
