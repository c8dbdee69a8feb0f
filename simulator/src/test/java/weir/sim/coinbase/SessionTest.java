package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.coinbase.RawFixClient.field;
import static weir.sim.coinbase.RawFixClient.id;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logon, limits, resend and cancel on disconnect, over real TCP. */
class SessionTest {
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
    void shouldAnswerLogonWithNumberOne() throws Exception {
        final RawFixClient client = venue.connect(VenueFixture.A);
        client.sendLogon(RawFixClient.now(), "8013=S");
        final String answer = client.await("35=A");
        assertEquals("1", field(answer, 34));
        assertEquals("Coinbase", field(answer, 49));
        assertEquals("9", field(answer, 1137));
    }

    @Test
    void shouldRefuseWrongSeparatorThenLogoutAndClose() throws Exception {
        final VenueAccount a = VenueFixture.A;
        final String time = RawFixClient.now();
        final String signature = RawFixClient.sign(
            String.join("|", time, "A", "1", a.apiKey(), "Coinbase", a.passphrase()),
            Base64.getDecoder().decode(a.secret()));
        final RawFixClient client = venue.connect(a);
        client.sendLogon(time, signature, "");
        assertEquals("8", field(client.await("35=3"), 373));
        client.await("35=5");
        assertTrue(client.awaitClose());
        assertEquals("prehash joined by char 124 instead of SOH", venue.log("logon").get(0).path("hint").asText());
    }

    @Test
    void shouldRefuseUndecodedSecret() throws Exception {
        final VenueAccount a = VenueFixture.A;
        final String time = RawFixClient.now();
        final String signature = RawFixClient.sign(
            String.join("\u0001", time, "A", "1", a.apiKey(), "Coinbase", a.passphrase()),
            a.secret().getBytes(StandardCharsets.UTF_8));
        final RawFixClient client = venue.connect(a);
        client.sendLogon(time, signature, "");
        assertEquals("8", field(client.await("35=3"), 373));
        assertTrue(client.awaitClose());
        assertEquals("secret not base64-decoded", venue.log("logon").get(0).path("hint").asText());
    }

    @Test
    void shouldRefuseStaleSendingTimeAndMicroseconds() throws Exception {
        final RawFixClient stale = venue.connect(VenueFixture.A);
        stale.sendLogon(RawFixClient.stamp(Instant.now().minusSeconds(31)), "");
        assertEquals("10", field(stale.await("35=3", "371=52"), 373));
        final RawFixClient micros = venue.connect(VenueFixture.B);
        micros.sendLogon(RawFixClient.now() + "123", "");
        assertEquals("8", field(micros.await("35=3", "371=52"), 373));
    }

    @Test
    void shouldLogOutSessionWhoseLaterMessageIsStale() throws Exception {
        final RawFixClient desk = venue.desk();
        desk.sendAt(RawFixClient.stamp(Instant.now().minusSeconds(31)), "0", "");
        assertEquals("10", field(desk.await("35=3"), 373));
        desk.await("35=5");
        assertTrue(desk.awaitClose());
    }

    @Test
    void shouldRefuseSecondSessionOfSameKey() throws Exception {
        final RawFixClient first = venue.desk();
        final RawFixClient second = venue.connect(VenueFixture.A);
        second.sendLogon(RawFixClient.now(), "");
        assertEquals("already logged on", field(second.await("35=3"), 58));
        assertTrue(second.awaitClose());
        first.send("1", "112=still-there");
        first.await("35=0", "112=still-there");
    }

    @Test
    void shouldRefuseThirdLogonWithinASecond() throws Exception {
        for (int i = 0; i < 3; i++) {
            final RawFixClient client = venue.connect(VenueFixture.A);
            client.sendLogon(RawFixClient.now(), "AAAA", "");
            final String text = field(client.await("35=3"), 58);
            assertEquals(i < 2 ? "invalid signature" : "logon rate exceeded", text);
        }
    }

    @Test
    void shouldDropConnectionThatDoesNotBeginWithLogon() throws Exception {
        final RawFixClient client = venue.connect(VenueFixture.A);
        client.send("0", "");
        assertTrue(client.awaitClose());
    }

    @Test
    void shouldIgnoreGarbledMessageAndAskForItsNumber() throws Exception {
        final RawFixClient desk = venue.desk();
        final String good = desk.frame(RawFixClient.now(), "1", desk.nextSeqNum(), "112=lost");
        desk.write(good.replace("112=lost", "112=bent"));
        desk.send("1", "112=ahead");
        assertEquals("2", field(desk.await("35=2"), 7));
        desk.write(desk.frame(RawFixClient.now(), "4", 2, "43=Y|36=4|123=Y"));
        desk.send("1", "112=again");
        desk.await("35=0", "112=again");
        assertFalse(venue.log("recv").stream().filter(line -> line.has("garbled")).toList().isEmpty());
    }

    @Test
    void shouldLogOutWhenSequenceNumberIsTooLow() throws Exception {
        final RawFixClient desk = venue.desk();
        desk.write(desk.frame(RawFixClient.now(), "0", 1, ""));
        assertTrue(field(desk.await("35=5"), 58).startsWith("MsgSeqNum too low"));
        assertTrue(desk.awaitClose());
    }

    @Test
    void shouldRejectRequestsAboveHundredAndDisconnectAboveTwoHundred() throws Exception {
        final RawFixClient desk = venue.desk();
        desk.limit("1", "0.001", "50000.00");
        desk.await("150=0");
        Thread.sleep(1_100);
        final StringBuilder burst = new StringBuilder();
        for (int i = 0; i < 201; i++) {
            burst.append(desk.frame(RawFixClient.now(), "H", desk.nextSeqNum(), "11=" + id() + "|55=NONE-" + i));
        }
        desk.write(burst.toString());
        for (int i = 0; i < 100; i++) {
            desk.await("35=8", "150=8", "103=5");
        }
        for (int i = 0; i < 100; i++) {
            assertEquals("1", field(desk.await("35=j", "372=H"), 380));
        }
        assertTrue(field(desk.await("35=5"), 58).startsWith("rate limit exceeded"));
        assertTrue(desk.awaitClose());
        VenueFixture.await("cancel on disconnect", () -> openOrders() == 0);
        final JsonNode peak = venue.stats(VenueFixture.A).path("peak");
        assertEquals(201, peak.path("requestsPerFixedSecond").asInt());
        assertEquals(201, peak.path("messagesPerSlidingSecond").asInt());
        assertEquals(1, venue.stats(VenueFixture.A).path("disconnects").path("rate limit").asInt());
        assertEquals(100, venue.stats(VenueFixture.A).path("limitRejects").asInt());
        assertEquals(101, venue.log("limit").size());
    }

    @Test
    void shouldAdmitExactlyHundredRequestsInAWindow() throws Exception {
        final RawFixClient desk = venue.desk();
        Thread.sleep(1_100);
        final StringBuilder burst = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            burst.append(desk.frame(RawFixClient.now(), "H", desk.nextSeqNum(), "11=" + id() + "|55=NONE-" + i));
        }
        desk.write(burst.toString());
        for (int i = 0; i < 100; i++) {
            desk.await("35=8", "103=5");
        }
        assertEquals(0, venue.log("limit").size());
        assertEquals(100, venue.stats(VenueFixture.A).path("peak").path("requestsPerFixedSecond").asInt());
    }

    @Test
    void shouldCountBatchOfFifteenAsOneRequest() throws Exception {
        final RawFixClient desk = venue.desk();
        final StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            entries.append("|11=").append(id()).append("|38=0.001|40=2|44=60000.00|54=1|55=BTC-USD|59=1");
        }
        desk.send("U6", "8014=" + id() + "|73=15" + entries);
        for (int i = 0; i < 15; i++) {
            desk.await("150=0");
        }
        assertEquals(1, venue.stats(VenueFixture.A).path("requests").asInt());
    }

    @Test
    void shouldRefuseRequestsBeyondFiftyQueuedPerProduct() throws Exception {
        venue.fault("{\"engineDelayMs\":3}");
        final RawFixClient desk = venue.desk();
        final StringBuilder burst = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            burst.append(desk.frame(RawFixClient.now(), "D", desk.nextSeqNum(),
                "11=" + id() + "|38=0.001|40=2|44=50000.00|54=1|55=BTC-USD|59=1"));
        }
        desk.write(burst.toString());
        final String reject = desk.await("35=8", "150=8", "103=0");
        assertTrue(field(reject, 58).contains("queued"));
        assertTrue(venue.stats(VenueFixture.A).path("peak").path("queuedPerProduct").asInt() > 50);
    }

    @Test
    void shouldCancelSessionOrdersOnlyWhenAskedForSession() throws Exception {
        final RawFixClient other = venue.connect(VenueFixture.A2).logon("");
        other.limit("1", "1", "50000.00");
        other.await("150=0");
        final RawFixClient desk = venue.desk();
        desk.limit("1", "1", "50001.00");
        desk.await("150=0");
        desk.close();
        VenueFixture.await("session orders cancelled", () -> openOrders() == 1);
        assertEquals("cancel on disconnect", venue.log("cancel").get(0).path("reason").asText());
    }

    @Test
    void shouldCancelProfileOrdersWhenAskedForProfile() throws Exception {
        final RawFixClient other = venue.connect(VenueFixture.A2).logon("");
        other.limit("1", "1", "50000.00");
        other.await("150=0");
        final RawFixClient desk = venue.connect(VenueFixture.A).logon("8013=Y");
        desk.limit("1", "1", "50001.00");
        desk.await("150=0");
        desk.close();
        VenueFixture.await("profile orders cancelled", () -> openOrders() == 0);
        other.await("150=4");
    }

    @Test
    void shouldKeepOrdersWhenNothingWasAsked() throws Exception {
        final RawFixClient desk = venue.connect(VenueFixture.A).logon("");
        desk.limit("1", "1", "50001.00");
        desk.await("150=0");
        desk.close();
        VenueFixture.await("logoff", () -> !loggedOn());
        assertEquals(1, openOrders());
    }

    @Test
    void shouldReplayOnResendRequestWithPossDup() throws Exception {
        final RawFixClient desk = venue.desk();
        final String clOrdId = desk.limit("1", "1", "50001.00");
        final String original = desk.await("150=0");
        desk.send("2", "7=1|16=0");
        assertEquals("2", field(desk.await("35=4", "34=1", "43=Y", "123=Y"), 36));
        final String replay = desk.await("35=8", "43=Y", "11=" + clOrdId);
        assertEquals(field(original, 34), field(replay, 34));
        assertEquals(field(original, 17), field(replay, 17));
        assertNull(field(replay, 122));
        desk.send("2", "7=1|16=5000");
        desk.await("35=4", "34=1");
    }

    @Test
    void shouldResumeWithReportsMissedWhileAway() throws Exception {
        final RawFixClient first = venue.connect(VenueFixture.A).logon("");
        final String clOrdId = first.limit("1", "1", "60000.00");
        first.await("150=0");
        first.close();
        VenueFixture.await("logoff", () -> !loggedOn());
        venue.quotes("sell", "60000.00 1");
        final RawFixClient second = venue.connect(VenueFixture.A);
        final String time = RawFixClient.now();
        second.write(second.frame(time, "A", second.nextSeqNum(), logonFields(time).replace("141=Y", "141=N")));
        assertEquals("1", field(second.await("35=A", "141=N"), 34));
        final String next = field(second.await("35=4", "34=2"), 36);
        assertEquals("4", next);
        second.send("2", "7=2|16=" + next);
        second.await("35=8", "43=Y", "150=0", "11=" + clOrdId);
        second.await("35=8", "43=Y", "150=F", "11=" + clOrdId);
    }

    @Test
    void shouldSendFillsOnlyToDropCopySession() throws Exception {
        final RawFixClient copy = venue.connect(VenueFixture.A2).logon("9406=Y");
        venue.quotes("sell", "60000.00 1");
        final RawFixClient desk = venue.desk();
        final String clOrdId = desk.limit("1", "1", "60000.00");
        final String fill = desk.await("150=F");
        assertEquals(field(fill, 17), field(copy.await("150=F", "11=" + clOrdId), 17));
        copy.limit("1", "1", "60000.00");
        copy.await("35=j");
        assertTrue(copy.drain(100).stream().noneMatch(message -> message.contains("|150=0|")));
    }

    @Test
    void shouldSendHeartbeatsAndTestRequestThenGiveUp() throws Exception {
        final RawFixClient client = venue.connect(VenueFixture.A);
        final String time = RawFixClient.now();
        client.write(client.frame(time, "A", client.nextSeqNum(), logonFields(time).replace("108=30", "108=1")));
        client.await("35=A");
        client.await("35=0");
        client.await("35=1");
        client.await("35=5");
        assertTrue(client.awaitClose());
    }

    @Test
    void shouldMaskSecretsInTheRawLog() throws Exception {
        venue.desk();
        final String raw = Files.readString(dir.resolve("fix-in.log"), StandardCharsets.ISO_8859_1);
        assertTrue(raw.contains("\u000135=A\u0001"));
        assertTrue(raw.contains("\u0001554=******\u0001"), raw);
        assertFalse(raw.contains(VenueFixture.A.passphrase()));
    }

    @Test
    void shouldWriteEveryFactIntoTheVenueLog() throws Exception {
        venue.quotes("sell", "60000.00 0.4");
        final RawFixClient desk = venue.desk();
        final String clOrdId = desk.limit("1", "1", "60000.00");
        final String fill = desk.await("150=F");
        desk.send("F", "11=" + id() + "|41=" + clOrdId + "|55=BTC-USD");
        desk.await("150=4");
        final String rejected = desk.limit("1", "1", "60000.001");
        desk.await("150=8");
        desk.send("5", "");
        desk.await("35=5");
        VenueFixture.await("logoff", () -> !loggedOn());
        assertEquals(List.of("A", "D", "F", "D", "5"),
            venue.log("recv").stream().map(line -> line.path("msgType").asText()).toList());
        assertEquals(List.of(clOrdId, rejected),
            venue.log("order").stream().map(line -> line.path("clOrdId").asText()).toList());
        final JsonNode exec = venue.log("exec").get(0);
        assertEquals(1, venue.log("exec").size());
        assertEquals(field(fill, 17), exec.path("execId").asText());
        assertEquals(field(fill, 1003), exec.path("tradeId").asText());
        assertEquals("0.4", exec.path("qty").asText());
        assertEquals("60000", exec.path("price").asText());
        assertEquals("144", exec.path("fee").asText());
        assertEquals("T", exec.path("liquidity").asText());
        assertEquals(clOrdId, venue.log("cancel").get(0).path("clOrdId").asText());
        assertEquals("0.4", venue.log("cancel").get(0).path("cumQty").asText());
        assertEquals(rejected, venue.log("reject").get(0).path("clOrdId").asText());
        assertEquals("client logout", venue.log("logoff").get(0).path("reason").asText());
    }

    private String logonFields(final String time) throws Exception {
        final VenueAccount a = VenueFixture.A;
        final String signature = RawFixClient.sign(
            String.join("\u0001", time, "A", "1", a.apiKey(), "Coinbase", a.passphrase()),
            Base64.getDecoder().decode(a.secret()));
        return "95=44|96=" + signature + "|98=0|108=30|141=Y|553=" + a.apiKey() + "|554=" + a.passphrase()
            + "|1137=9";
    }

    private boolean loggedOn() {
        try {
            return venue.stats(VenueFixture.A).path("loggedOn").asBoolean();
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }

    private int openOrders() {
        try {
            return venue.control("GET", "/orders", "").path("profile-a").size();
        } catch (final Exception e) {
            throw new AssertionError(e);
        }
    }
}
