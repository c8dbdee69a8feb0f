package weir.sim.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.sim.market.Json;

/** What a client of the venue sees, by HTTP and WebSocket: who is let in, what is answered, what is punished. */
class DeribitApiTest {
    private static final String SUMMARY = "/api/v2/private/get_account_summary?currency=BTC&extended=true";
    private static final ObjectNode NONE = Json.object();

    @TempDir
    private Path dir;
    private DeribitFixture venue;

    @BeforeEach
    void start() throws Exception {
        venue = new DeribitFixture(dir, new BigDecimal("30000000"));
    }

    @AfterEach
    void stop() throws Exception {
        venue.close();
    }

    @Test
    void shouldTakeSignedRequestsOnceAndInTimeAndNobodyElses() throws Exception {
        final DeribitFixture.Reply good = venue.signed(SUMMARY);
        assertEquals(200, good.status(), good.body().toString());
        assertEquals("reject_taker", good.result().path("self_trading_reject_mode").asText());
        assertEquals(100, good.result().path("limits").path("matching_engine").path("trading").path("total")
            .path("burst").asInt());
        assertTrue(good.body().path("usOut").asLong() >= good.body().path("usIn").asLong()
            && good.body().path("testnet").asBoolean());
        final String ms = Long.toString(System.currentTimeMillis());
        final String once = DeribitFixture.header(SUMMARY, ms, "n-1", DeribitFixture.SECRET);
        assertEquals(200, venue.get(SUMMARY, once).status());
        assertEquals(13004, venue.get(SUMMARY, once).code(), "a nonce that was used");
        assertEquals(13004, venue.get(SUMMARY, DeribitFixture.header(SUMMARY, ms, "n-2", "wrong")).code());
        final String old = Long.toString(System.currentTimeMillis() - 61_000);
        assertEquals(13004, venue.get(SUMMARY, DeribitFixture.header(SUMMARY, old, "n-3", DeribitFixture.SECRET))
            .code());
        final DeribitFixture.Reply nobody = venue.get(SUMMARY, null);
        assertEquals(401, nobody.status());
        assertEquals(13009, nobody.code());
    }

    @Test
    void shouldLetALibraryLoadMarketsAndTradeByPathsAndQueries() throws Exception {
        final JsonNode listed = venue.get("/api/v2/public/get_instruments?currency=any&kind=future", null).result();
        assertEquals(4, listed.size());
        assertEquals("reversed", listed.get(0).path("instrument_type").asText());
        assertTrue(venue.get("/api/v2/public/get_currencies", null).result().size() >= 3);
        assertTrue(Math.abs(venue.get("/api/v2/public/get_time", null).result().asLong()
            - System.currentTimeMillis()) < 5_000);
        final DeribitFixture.Reply placed = venue.signed("/api/v2/private/buy?instrument_name=BTC-PERPETUAL&amount=100"
            + "&type=limit&price=50000.5&label=t1&post_only=true");
        assertEquals("open", placed.result().path("order").path("order_state").asText(), placed.body().toString());
        assertEquals(0, new BigDecimal("10").compareTo(placed.result().path("order").path("contracts").decimalValue()));
        final JsonNode book = venue.get("/api/v2/public/get_order_book?instrument_name=BTC-PERPETUAL&depth=5", null)
            .result();
        assertEquals(0, new BigDecimal("50000.5").compareTo(book.path("bids").get(0).get(0).decimalValue()));
        venue.control("POST", "/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"sell\",\"immediate\":true,"
            + "\"levels\":[{\"price\":\"50000.5\",\"qty\":\"40\"}]}");
        final String orderId = placed.result().path("order").path("order_id").asText();
        final JsonNode trade =
            venue.signed("/api/v2/private/get_user_trades_by_order?order_id=" + orderId).result().get(0);
        assertEquals("M", trade.path("liquidity").asText());
        assertEquals("BTC", trade.path("fee_currency").asText());
        final JsonNode cancelled = venue.signed("/api/v2/private/cancel?order_id=" + orderId).result();
        assertEquals("cancelled", cancelled.path("order_state").asText());
        assertEquals("user_request", cancelled.path("cancel_reason").asText());
        assertEquals(11044, venue.signed("/api/v2/private/cancel?order_id=" + orderId).code());
        assertEquals(10004, venue.signed("/api/v2/private/cancel?order_id=1").code());
        assertEquals(orderId, venue.signed("/api/v2/private/get_order_state_by_label?currency=BTC&label=t1").result()
            .get(0).path("order_id").asText());
    }

    @Test
    void shouldRefuseInTheVenuesCodes() throws Exception {
        final DeribitFixture.Client client = venue.connect();
        assertEquals(13009, client.call("private/get_open_orders", NONE).path("error").path("code").asInt());
        assertTrue(client.login().path("result").path("expires_in").asLong() > 0);
        assertEquals(10043, client.buy("100", "50000.3", "").path("error").path("code").asInt());
        assertEquals(10027, client.buy("15", "50000", "").path("error").path("code").asInt());
        assertEquals(10002, client.buy("1", "50000", "").path("error").path("code").asInt());
        assertEquals(-32602, client.call("private/buy", Json.object().put("amount", 10)).path("error").path("code")
            .asInt());
        assertEquals(-32601, client.call("private/no_such", NONE).path("error").path("code").asInt());
        assertEquals(13888, client.call("private/buy", order("10", "50000").put("valid_until", 1)).path("error")
            .path("code").asInt());
        quote("sell", "50010", "50");
        assertEquals(11054, client.call("private/buy", order("10", "50020").put("post_only", true)
            .put("reject_post_only", true)).path("error").path("code").asInt());
        final JsonNode moved = client.call("private/buy", order("10", "50020").put("post_only", true));
        assertEquals(0, new BigDecimal("50009.5").compareTo(moved.path("result").path("order").path("price")
            .decimalValue()), "adjusted below the offer");
        assertEquals(10003, client.call("private/sell", order("10", "50009.5")).path("error").path("code").asInt(),
            "its own order");
        assertEquals("ok", client.call("private/set_self_trading_config", Json.object().put("mode", "cancel_maker")
            .put("extended_to_subaccounts", false)).path("result").asText());
        assertEquals("open", client.call("private/sell", order("10", "50009.5")).path("result").path("order")
            .path("order_state").asText());
    }

    @Test
    void shouldTellAllThatOneInstructionChangedInOnePiece() throws Exception {
        final DeribitFixture.Client client = venue.connect();
        client.login();
        assertEquals(1, client.call("private/subscribe", channels("user.changes.any.any.raw")).path("result").size());
        quote("sell", "50010", "30");
        final JsonNode answer = client.buy("100", "50010", "l-1");
        assertEquals(1, answer.path("result").path("trades").size());
        final JsonNode data = client.await(m -> "subscription".equals(m.path("method").asText()), "user.changes")
            .path("params").path("data");
        assertEquals(1, data.path("orders").size());
        assertEquals("open", data.path("orders").get(0).path("order_state").asText());
        assertEquals(answer.path("result").path("trades").get(0).path("trade_id"),
            data.path("trades").get(0).path("trade_id"));
        assertEquals("l-1", data.path("trades").get(0).path("label").asText());
        final String[] many = new String[501];
        for (int i = 0; i < many.length; i++) {
            many[i] = "user.orders.X-" + i + ".raw";
        }
        assertEquals(-32602, client.call("private/subscribe", channels(many)).path("error").path("code").asInt());
    }

    @Test
    void shouldAnswer10028AndEndTheSessionWithItsOrdersWhenCreditsAreSpent() throws Exception {
        venue.control("POST", "/tier?account=amanda&tier=TIER_4", "");
        final DeribitFixture.Client client = venue.connect();
        client.login();
        assertEquals("ok", client.call("private/enable_cancel_on_disconnect", Json.object().put("scope", "connection"))
            .path("result").asText());
        venue.control("POST", "/drain?account=amanda&pool=matching_engine", "");
        Thread.sleep(450);
        int open = 0;
        JsonNode answer = client.buy("10", "50000", "a");
        while (!answer.has("error") && open < 100) {
            open++;
            answer = client.buy("10", "50000", "a" + open);
        }
        assertEquals(10028, answer.path("error").path("code").asInt());
        assertEquals("too_many_requests", answer.path("error").path("message").asText());
        assertTrue(open >= 1, "at least what 450 ms bring back");
        client.awaitClosed();
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (!venue.control("GET", "/orders", "").path("amanda").isMissingNode()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "cancelled on disconnect");
            Thread.sleep(5);
        }
        assertEquals(13009, venue.connect().call("private/get_open_orders", NONE).path("error").path("code").asInt());
    }

    @Test
    void shouldKeepOrdersOnLogoutAndCloseWhoeverDoesNotAnswerATestRequest() throws Exception {
        final DeribitFixture.Client client = venue.connect();
        client.login();
        client.call("private/enable_cancel_on_disconnect", NONE);
        client.buy("10", "50000", "stays");
        client.send("private/logout", NONE);
        client.awaitClosed();
        assertEquals(1, venue.control("GET", "/orders", "").path("amanda").size());
        final DeribitFixture.Client silent = venue.connect();
        silent.call("public/set_heartbeat", Json.object().put("interval", 1));
        silent.await(m -> "test_request".equals(m.path("params").path("type").asText()), "test_request");
        silent.awaitClosed();
        assertEquals(-32602, venue.connect().call("public/set_heartbeat", Json.object().put("interval", 0))
            .path("error").path("code").asInt());
    }

    @Test
    void shouldGrantByCredentialsRefreshAndScope() throws Exception {
        final DeribitFixture.Client client = venue.connect();
        final JsonNode granted = client.call("public/auth", Json.object().put("grant_type", "client_credentials")
            .put("client_id", "READER").put("client_secret", "third-secret")).path("result");
        assertTrue(granted.path("scope").asText().contains("trade:read"));
        assertEquals(13021, client.buy("10", "50000", "").path("error").path("code").asInt(), "it may only read");
        final JsonNode again = client.call("public/auth", Json.object().put("grant_type", "refresh_token")
            .put("refresh_token", granted.path("refresh_token").asText())).path("result");
        assertFalse(again.path("access_token").asText().equals(granted.path("access_token").asText()));
        assertEquals(13004, client.call("public/auth", Json.object().put("grant_type", "refresh_token")
            .put("refresh_token", granted.path("refresh_token").asText())).path("error").path("code").asInt(),
            "used once");
        assertEquals(13004, venue.connect().call("public/auth", Json.object().put("grant_type", "client_credentials")
            .put("client_id", "READER").put("client_secret", UUID.randomUUID().toString())).path("error").path("code")
            .asInt());
        assertEquals(13009, venue.connect().call("private/get_open_orders", Json.object().put("access_token",
            again.path("access_token").asText())).path("error").path("code").asInt(), "another connection's token");
    }

    @Test
    void shouldTurnATriggeredStopIntoAnOrderOfTheSameLabel() throws Exception {
        final DeribitFixture.Client client = venue.connect();
        client.login();
        final JsonNode stop = client.call("private/buy", order("10", "50100").put("type", "stop_limit")
            .put("trigger", "last_price").put("trigger_price", 50050).put("label", "s-1")).path("result").path("order");
        assertEquals("untriggered", stop.path("order_state").asText());
        assertFalse(stop.has("filled_amount"));
        quote("sell", "50060", "10");
        client.call("public/test", NONE);
        venue.control("POST", "/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"buy\",\"immediate\":true,"
            + "\"levels\":[{\"price\":\"50060\",\"qty\":\"10\"}]}");
        client.buy("10", "40000", "other");
        final JsonNode byLabel = client.call("private/get_order_state_by_label", Json.object().put("currency", "BTC")
            .put("label", "s-1")).path("result");
        assertTrue(byLabel.size() >= 1, byLabel.toString());
    }

    private ObjectNode order(final String amount, final String price) {
        return Json.object().put("instrument_name", "BTC-PERPETUAL").put("amount", new BigDecimal(amount))
            .put("price", new BigDecimal(price)).put("type", "limit");
    }

    private void quote(final String side, final String price, final String qty) throws Exception {
        venue.control("POST", "/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"" + side + "\",\"levels\":[{"
            + "\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}]}");
    }

    private static ObjectNode channels(final String... names) {
        final ObjectNode params = Json.object();
        for (final String name : names) {
            params.withArray("/channels").add(name);
        }
        return params;
    }
}
