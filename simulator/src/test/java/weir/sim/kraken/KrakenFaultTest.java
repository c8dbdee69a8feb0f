package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.kraken.KrakenFixture.A;
import static weir.sim.kraken.KrakenFixture.B;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each failure mode does what it says, over real HTTP and WebSocket. */
class KrakenFaultTest {
    private static final String SEND = "/derivatives/api/v3/sendorder";
    private static final String FORM = "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.001&limitPrice=50000";
    @TempDir
    private Path dir;
    private KrakenFixture venue;

    @BeforeEach
    void launch() throws Exception {
        venue = new KrakenFixture(dir);
    }

    @AfterEach
    void close() throws Exception {
        venue.close();
    }

    @Test
    void shouldLoseAnswerAfterCarryingOut() throws Exception {
        venue.fault("{\"answerLostAfter\":1}");
        assertThrows(IOException.class, () -> venue.send(A, "POST", SEND, FORM + "&cliOrdId=lost"));
        assertEquals(List.of("lost"), venue.openIds(A, "clOrdId"));
        assertEquals("ENTERED_BOOK", venue.call(A, "POST", "orders/status", "cliOrdIds=lost").path("orders").get(0)
            .path("status").asText());
        assertEquals("placed", venue.limit("buy", "0.001", "50000").path("status").asText());
        assertEquals("answerLostAfter", venue.log("fault").get(0).path("fault").asText());
    }

    @Test
    void shouldLoseCallBeforeCarryingOut() throws Exception {
        venue.fault("{\"answerLostBefore\":1}");
        assertThrows(IOException.class, () -> venue.send(A, "POST", SEND, FORM));
        assertEquals(List.of(), venue.openIds(A, "clOrdId"));
        assertEquals(0, venue.log("order").size());
        assertEquals(0, venue.call(A, "GET", "openorders", "").path("openOrders").size());
    }

    @Test
    void shouldCutBatch() throws Exception {
        venue.fault("{\"disconnectMidBatch\":1,\"batchCutAfter\":2}");
        final String item = KrakenFixture.sendItem("1", "buy", "50000");
        assertThrows(IOException.class, () -> venue.send(A, "POST", "/derivatives/api/v3/batchorder",
            KrakenFixture.batchForm(item, item, item, item)));
        assertEquals(2, venue.openIds(A, "orderId").size());
        assertEquals(4, venue.batch(A, item, item, item, item).path("batchStatus").size());
    }

    @Test
    void shouldAnswerLate() throws Exception {
        venue.fault("{\"slowAnswer\":1,\"slowAnswerMs\":400}");
        final long startNs = System.nanoTime();
        venue.limit("buy", "0.001", "50000");
        assertTrue(System.nanoTime() - startNs >= 400_000_000L);
    }

    @Test
    void shouldTruncateAnswer() throws Exception {
        venue.fault("{\"truncatedAnswer\":1}");
        final HttpResponse<String> answer = venue.send(A, "POST", SEND, FORM);
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().startsWith("{\"result\":\"success\""), answer.body());
        assertThrows(JsonProcessingException.class, () -> KrakenFixture.json(answer));
        assertEquals(1, venue.openIds(A, "orderId").size());
    }

    @Test
    void shouldLoseQueries() throws Exception {
        venue.fault("{\"queryLost\":2}");
        assertThrows(IOException.class,
            () -> venue.send(A, "POST", "/derivatives/api/v3/orders/status", "cliOrdIds=x"));
        assertEquals("placed", venue.limit("buy", "0.001", "50000").path("status").asText());
        assertEquals(1, venue.control("GET", "/faults", "").path("queryLost").asInt());
    }

    @Test
    void shouldFailWithHttpErrorBeforeOrAfter() throws Exception {
        venue.fault("{\"serverErrorBefore\":1,\"serverErrorStatus\":502}");
        assertEquals(502, venue.send(A, "POST", SEND, FORM).statusCode());
        assertEquals(0, venue.openIds(A, "orderId").size());
        venue.fault("{\"serverErrorAfter\":1}");
        assertEquals(502, venue.send(A, "POST", SEND, FORM).statusCode());
        assertEquals(1, venue.openIds(A, "orderId").size());
    }

    @Test
    void shouldRefuseInAStormWhateverTheBudget() throws Exception {
        venue.fault("{\"limitStorm\":3}");
        for (int i = 0; i < 3; i++) {
            assertEquals("apiLimitExceeded", venue.call(A, "POST", "sendorder", FORM).path("error").asText());
        }
        assertEquals("placed", venue.limit("buy", "0.001", "50000").path("status").asText());
        assertEquals(1, venue.log("order").size());
        assertEquals(10, venue.stats(A).path("costCharged").asInt());
    }

    @Test
    void shouldNotFindFreshOrdersTooEarly() throws Exception {
        venue.fault("{\"visibilityDelayMs\":500}");
        venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=v");
        assertEquals(0, venue.call(A, "GET", "openorders", "").path("openOrders").size());
        assertEquals(0, venue.call(A, "POST", "orders/status", "cliOrdIds=v").path("orders").size());
        venue.advance(500);
        assertEquals(1, venue.call(A, "GET", "openorders", "").path("openOrders").size());
        assertEquals(1, venue.call(A, "POST", "orders/status", "cliOrdIds=v").path("orders").size());
    }

    @Test
    void shouldSendFillBeforeTheAnswer() throws Exception {
        venue.quotes("sell", "60000 0.001");
        final FeedClient feed = venue.feed();
        feed.subscribe(A, "fills");
        venue.fault("{\"fillFirstMs\":1500}");
        final Thread caller = new Thread(() -> {
            try {
                venue.limit("buy", "0.001", "60000");
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
        });
        caller.start();
        feed.awaitFeed("fills");
        assertTrue(caller.isAlive(), "the answer came before the fill");
        caller.join(20_000);
        assertFalse(caller.isAlive());
    }

    @Test
    void shouldRepeatOrLoseFills() throws Exception {
        venue.quotes("sell", "60000 0.001", "60001 0.001", "60002 0.001");
        final FeedClient feed = venue.feed();
        feed.subscribe(A, "fills");
        venue.fault("{\"duplicateFill\":1}");
        venue.limit("buy", "0.001", "60000");
        assertEquals(feed.awaitFeed("fills"), feed.awaitFeed("fills"));
        venue.fault("{\"dropFill\":1}");
        venue.limit("buy", "0.001", "60001");
        venue.limit("buy", "0.001", "60002");
        assertEquals("60002.0", feed.awaitFeed("fills").path("fills").get(0).path("price").asText());
        assertEquals(3, venue.call(A, "GET", "fills", "").path("fills").size());
    }

    @Test
    void shouldDropWebSocketInPlaceOfMessage() throws Exception {
        final FeedClient feed = venue.feed();
        feed.subscribe(A, "open_orders");
        venue.fault("{\"wsDrop\":1}");
        venue.limit("buy", "0.001", "50000");
        assertTrue(feed.awaitClose());
        final JsonNode snapshot = venue.feed().subscribe(A, "open_orders");
        assertEquals(1, snapshot.path("orders").size());
    }

    @Test
    void shouldFallSilentWithoutClosing() throws Exception {
        final FeedClient feed = venue.feed();
        feed.subscribe(A, "open_orders");
        venue.fault("{\"wsSilent\":true}");
        venue.limit("buy", "0.001", "50000");
        Thread.sleep(100);
        feed.send("{\"event\":\"ping\"}");
        assertTrue(feed.isSilentFor(500));
        assertFalse(feed.isClosed());
        venue.fault("{\"wsSilent\":false}");
        Thread.sleep(100);
        assertEquals(List.of(), feed.drain());
    }

    @Test
    void shouldShiftTheClockItShows() throws Exception {
        venue.fault("{\"clockOffsetMs\":-3600000}");
        final JsonNode answer = venue.call(A, "POST", "sendorder", FORM);
        assertEquals("2023-11-14T21:13:20.123Z", answer.path("serverTime").asText());
        assertEquals("2023-11-14T21:13:20.123Z", answer.path("sendStatus").path("receivedTime").asText());
        assertEquals("2023-11-14T21:13:20.123Z", venue.open("tickers").path("serverTime").asText());
        assertEquals("wouldProcessAfterSpecifiedTime", venue.order(A, "lmt", "buy", "0.001", "50000",
            "&processBefore=2023-11-14T21:13:20.000Z").path("status").asText());
        assertEquals("placed", venue.order(A, "lmt", "buy", "0.001", "50000",
            "&processBefore=2023-11-14T21:13:21.000Z").path("status").asText());
    }

    @Test
    void shouldStrikeTheNamedKeyOnly() throws Exception {
        venue.fault("{\"answerLostAfter\":-1,\"session\":\"key-b\"}");
        assertEquals("placed", venue.limit("buy", "0.001", "50000").path("status").asText());
        assertThrows(IOException.class, () -> venue.send(B, "POST", SEND, FORM));
        assertThrows(IOException.class, () -> venue.send(B, "POST", SEND, FORM));
    }

    @Test
    void shouldStrikeByChanceTheSameWayForTheSameSeed() throws Exception {
        assertEquals(storm(), storm());
    }

    private String storm() throws Exception {
        venue.control("POST", "/reset", "");
        venue.fault("{\"limitStorm\":\"40%\"}");
        final StringBuilder results = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            results.append(venue.call(A, "POST", "orders/status", "cliOrdIds=x").has("orders") ? '.' : 'x');
        }
        final long struck = results.chars().filter(c -> c == 'x').count();
        assertTrue(struck > 5 && struck < 30, results.toString());
        return results.toString();
    }

    @Test
    void shouldRefuseUnknownFault() {
        assertThrows(AssertionError.class, () -> venue.fault("{\"answersLost\":1}"));
        assertThrows(AssertionError.class, () -> venue.fault("{\"limitStorm\":\"120%\"}"));
        assertThrows(AssertionError.class, () -> venue.fault("{\"limitStorm\":1.5}"));
    }

    @Test
    void shouldForgetOrdersAndCountsOnReset() throws Exception {
        venue.fault("{\"serverErrorBefore\":0,\"slowAnswerMs\":7}");
        venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=again");
        venue.control("POST", "/reset", "");
        assertEquals(List.of(), venue.openIds(A, "orderId"));
        assertEquals(0, venue.stats(A).path("requests").asInt());
        assertEquals(1000, venue.control("GET", "/faults", "").path("slowAnswerMs").asInt());
        assertEquals("placed",
            venue.order(A, "lmt", "buy", "0.001", "50000", "&cliOrdId=again").path("status").asText());
    }
}
