package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.kraken.KrakenFixture.A;
import static weir.sim.kraken.KrakenFixture.B;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSocket feeds, read by the JDK's client. */
class FeedTest {
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
    void shouldGreetAndAnswerPing() throws Exception {
        final FeedClient feed = venue.feed();
        assertEquals("info", feed.await(m -> true).path("event").asText());
        assertEquals(List.of(), feed.drain());
    }

    @Test
    void shouldShowTheLifeOfAnOrder() throws Exception {
        final FeedClient feed = venue.feed();
        assertEquals(0, feed.subscribe(A, "open_orders").path("orders").size());
        final String id = venue.order(A, "lmt", "sell", "0.003", "60000", "&cliOrdId=w").path("order_id").asText();
        final JsonNode placed = feed.awaitFeed("open_orders");
        final long timeMs = KrakenFixture.START_NS / 1_000_000;
        assertEquals(KrakenFixture.parse("{\"feed\":\"open_orders\",\"order\":{\"instrument\":\"PF_XBTUSD\",\"time\":"
            + timeMs + ",\"last_update_time\":" + timeMs + ",\"qty\":0.003,\"filled\":0.0,\"limit_price\":60000.0,"
            + "\"stop_price\":0.0,\"type\":\"limit\",\"order_id\":\"" + id + "\",\"cli_ord_id\":\"w\",\"direction\":1,"
            + "\"reduce_only\":false},\"is_cancel\":false,\"reason\":\"new_placed_order_by_user\"}"), placed);
        venue.quotes("buy", "60000 0.001");
        final JsonNode partial = feed.awaitFeed("open_orders");
        assertEquals("partial_fill false 0.002 0.001", describe(partial));
        venue.call(A, "POST", "editorder", "orderId=" + id + "&size=0.001");
        assertEquals("edited_by_user false 0.001 0.001", describe(feed.awaitFeed("open_orders")));
        venue.quotes("buy", "60000 0.001");
        assertEquals("full_fill true 0.0 0.002", describe(feed.awaitFeed("open_orders")));
        final String other = venue.limit("buy", "0.001", "50000").path("order_id").asText();
        feed.awaitFeed("open_orders");
        venue.call(A, "POST", "cancelorder", "order_id=" + other);
        assertEquals(KrakenFixture.parse("{\"feed\":\"open_orders\",\"order_id\":\"" + other
            + "\",\"is_cancel\":true,\"reason\":\"cancelled_by_user\"}"), feed.awaitFeed("open_orders"));
    }

    private static String describe(final JsonNode message) {
        return message.path("reason").asText() + ' ' + message.path("is_cancel").asText() + ' '
            + message.path("order").path("qty").asText() + ' ' + message.path("order").path("filled").asText();
    }

    @Test
    void shouldShowFillsOfTheAccountOnly() throws Exception {
        final FeedClient mine = venue.feed();
        mine.subscribe(A, "fills");
        final FeedClient other = venue.feed();
        other.subscribe(B, "fills");
        other.subscribe(B, "open_orders");
        venue.quotes("sell", "60000 0.001");
        final JsonNode sent = venue.order(A, "ioc", "buy", "0.002", "60000", "&cliOrdId=f");
        final JsonNode message = mine.awaitFeed("fills");
        final JsonNode fill = message.path("fills").get(0);
        assertEquals("alpha", message.path("username").asText());
        assertEquals(sent.path("orderEvents").get(0).path("executionId"), fill.path("fill_id"));
        assertEquals("PF_XBTUSD 60000.0 true 0.001 0.001 f taker USD ioc ioc 0.03",
            String.join(" ", fill.path("instrument").asText(), fill.path("price").asText(), fill.path("buy").asText(),
                fill.path("qty").asText(), fill.path("remaining_order_qty").asText(), fill.path("cli_ord_id").asText(),
                fill.path("fill_type").asText(), fill.path("fee_currency").asText(),
                fill.path("taker_order_type").asText(), fill.path("order_type").asText(),
                fill.path("fee_paid").asText()));
        assertEquals(List.of(), other.drain());
        final JsonNode snapshot = venue.feed().subscribe(A, "fills");
        assertEquals(fill.path("fill_id"), snapshot.path("fills").get(0).path("fill_id"));
    }

    @Test
    void shouldShowFillBeforeOrAfterTheAnswerButNeverLoseOne() throws Exception {
        final FeedClient feed = venue.feed();
        feed.subscribe(A, "fills");
        for (int i = 0; i < 20; i++) {
            venue.quotes("sell", "60000 0.001");
            final String id = venue.order(A, "ioc", "buy", "0.001", "60000", "").path("order_id").asText();
            assertEquals(id, feed.awaitFeed("fills").path("fills").get(0).path("order_id").asText());
        }
    }

    @Test
    void shouldSubscribeOnlyWithFreshSignatureOfThisConnection() throws Exception {
        final FeedClient feed = venue.feed();
        feed.send("{\"event\":\"challenge\",\"api_key\":\"key-a\"}");
        final String challenge =
            feed.await(m -> "challenge".equals(m.path("event").asText())).path("message").asText();
        final String signature = KrakenFixture.signChallenge(A.secret(), challenge);
        feed.send(FeedClient.signed("subscribe", A, "fills", challenge, signature + "x"));
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
        feed.send("{\"event\":\"subscribe\",\"feed\":\"fills\"}");
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
        final FeedClient second = venue.feed();
        second.send(FeedClient.signed("subscribe", A, "fills", challenge, signature));
        assertEquals("error", second.await(m -> !"info".equals(m.path("event").asText())).path("event").asText());
        feed.send(FeedClient.signed("subscribe", A, "fills", challenge, signature));
        feed.awaitFeed("fills_snapshot");
        feed.send("{\"event\":\"subscribe\",\"feed\":\"open_orders\"}");
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
        feed.send(FeedClient.signed("unsubscribe", A, "fills", challenge, signature));
        assertEquals("unsubscribed", feed.await(m -> m.has("event")).path("event").asText());
        feed.send(FeedClient.signed("unsubscribe", A, "fills", challenge, signature));
        assertEquals("Not subscribed to feed", feed.await(m -> m.has("event")).path("message").asText());
        venue.quotes("sell", "60000 0.001");
        venue.limit("buy", "0.001", "60000");
        assertEquals(List.of(), feed.drain());
        feed.send("{\"event\":\"challenge\",\"api_key\":\"nobody\"}");
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
    }

    @Test
    void shouldConflateTickersToOnePerInterval() throws Exception {
        final FeedClient feed = venue.feed();
        feed.send("{\"event\":\"subscribe\",\"feed\":\"ticker\",\"product_ids\":[\"PF_XBTUSD\"]}");
        final JsonNode first = feed.awaitFeed("ticker");
        assertTrue(first.path("product_id").isTextual() || feed.awaitFeed("ticker").has("bid"));
        feed.drain();
        for (int i = 0; i < 10; i++) {
            venue.quotes("buy", (50_000 + i) + " 0.001");
        }
        venue.quotes("sell", "60000 0.5");
        venue.order(A, "ioc", "buy", "0.1", "60000", "");
        Thread.sleep(100);
        assertEquals(List.of(), feed.drain());
        venue.advance(1_000);
        final JsonNode ticker = feed.awaitFeed("ticker");
        assertEquals("50009.0 60000.0 0.4 60000.0 55004.5 false", String.join(" ", ticker.path("bid").asText(),
            ticker.path("ask").asText(), ticker.path("ask_size").asText(), ticker.path("last").asText(),
            ticker.path("markPrice").asText(), ticker.path("suspended").asText()));
        assertEquals(KrakenFixture.START_NS / 1_000_000 + 1_000, ticker.path("time").asLong());
        Thread.sleep(100);
        assertEquals(List.of(), feed.drain());
        venue.control("POST", "/instrument", "{\"symbol\":\"PF_XBTUSD\",\"suspended\":true}");
        venue.advance(1_000);
        assertTrue(feed.awaitFeed("ticker").path("suspended").asBoolean());
        feed.send("{\"event\":\"unsubscribe\",\"feed\":\"ticker\",\"product_ids\":[\"PF_XBTUSD\"]}");
        feed.await(m -> "unsubscribed".equals(m.path("event").asText()));
        venue.advance(1_000);
        Thread.sleep(100);
        assertEquals(List.of(), feed.drain());
    }

    @Test
    void shouldKeepTickerLiteAsThinAsTheVenueDoes() throws Exception {
        venue.quotes("buy", "50000 0.001");
        final FeedClient feed = venue.feed();
        feed.send("{\"event\":\"subscribe\",\"feed\":\"ticker_lite\",\"product_ids\":[\"PF_XBTUSD\"]}");
        final JsonNode ticker = feed.await(m -> m.has("bid"));
        assertEquals("50000.0", ticker.path("bid").asText());
        assertFalse(ticker.has("markPrice") || ticker.has("time") || ticker.has("last"));
        feed.send("{\"event\":\"subscribe\",\"feed\":\"ticker_lite\",\"product_ids\":[\"PF_NOTHING\"]}");
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
        feed.send("{\"event\":\"subscribe\",\"feed\":\"gossip\"}");
        assertEquals("Invalid feed", feed.await(m -> m.has("event")).path("message").asText());
        feed.send("not json");
        assertEquals("error", feed.await(m -> m.has("event")).path("event").asText());
    }

    @Test
    void shouldBeatAndCloseIdleConnections() throws Exception {
        final FeedClient feed = venue.feed();
        feed.send("{\"event\":\"subscribe\",\"feed\":\"heartbeat\"}");
        feed.await(m -> "subscribed".equals(m.path("event").asText()));
        venue.advance(1_000);
        assertEquals(KrakenFixture.START_NS / 1_000_000 + 1_000, feed.awaitFeed("heartbeat").path("time").asLong());
        venue.advance(58_000);
        feed.drain();
        venue.advance(60_000);
        Thread.sleep(100);
        assertFalse(feed.isClosed());
        venue.advance(1);
        assertTrue(feed.awaitClose());
    }

    @Test
    void shouldLimitRequestsPerSecond() throws Exception {
        final FeedClient feed = venue.feed();
        for (int i = 0; i < 101; i++) {
            feed.send("{\"event\":\"ping\"}");
        }
        final int[] pongs = {0};
        final JsonNode alert = feed.await(m -> {
            pongs[0] += "pong".equals(m.path("event").asText()) ? 1 : 0;
            return "alert".equals(m.path("event").asText());
        });
        assertEquals("rate_limited", alert.path("message").asText());
        assertEquals(100, pongs[0]);
        venue.advance(1_000);
        assertEquals(List.of(), feed.drain());
        assertEquals(1, venue.control("GET", "/stats", "").path("webSocket").path("rateLimited").asInt());
        assertEquals(101, venue.control("GET", "/stats", "").path("webSocket").path("peakRequestsPerSecond").asInt());
    }

    @Test
    void shouldLimitConnections() throws Exception {
        venue.close();
        venue = new KrakenFixture(dir, context -> context.connectionsMax(3));
        final List<FeedClient> clients = IntStream.range(0, 3).mapToObj(i -> {
            try {
                final FeedClient client = venue.feed();
                client.drain();
                return client;
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
        }).toList();
        assertThrows(ExecutionException.class, () -> venue.feed());
        clients.get(0).close();
        KrakenFixture.await("a free place", () -> {
            try {
                return venue.control("GET", "/stats", "").path("webSocket").path("connections").asInt() == 2;
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
        });
        venue.feed().drain();
    }

    @Test
    void shouldCloseConnectionsForTheTester() throws Exception {
        final FeedClient mine = venue.feed();
        mine.subscribe(A, "fills");
        final FeedClient other = venue.feed();
        other.subscribe(B, "fills");
        venue.control("POST", "/disconnect?account=alpha", "");
        assertTrue(mine.awaitClose());
        assertFalse(other.isClosed());
        other.drain();
    }
}
