package weir.sim.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The venue as a client of it sees it: who may call, how often, and what becomes of orders. */
class IntxSimulatorTest {
    private static final IntxAccount A = IntxFixture.A;
    private static final String BAD = "io.javalin.http.BadRequestResponse: ";

    @TempDir
    private Path dir;
    private IntxFixture venue;

    @BeforeEach
    void start() throws IOException {
        venue = new IntxFixture(dir);
    }

    @AfterEach
    void stop() throws IOException {
        venue.close();
    }

    @Test
    void shouldVerifyTheGoldenSignatures() {
        final byte[] key = A.key();
        assertEquals("aIzxKhGoU1Ocih6jGajRDbvhnrE4ssoi2Rvs7fiUykA=",
            IntxSignature.rest(key, "1772634976", "GET", "/api/v1/orders", new byte[0]));
        assertEquals("dAO0MrAoMOt/UeJ2I6jL1u5vDS/b+11NG5OocXNMaio=",
            IntxSignature.rest(key, "1772634976", "DELETE", "/api/v1/orders/1xbfv8yw-1-0", new byte[0]));
        assertEquals("SrVt5G7RUs/cUo9ep3MM8+D5bOH3IkOBuDN9wHwzHf4=",
            IntxSignature.socket(key, "1772634976", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "pass-1"));
    }

    @Test
    void shouldRefuseASignatureOverTheQueryAndSayWhyInItsLog() throws Exception {
        final String time = Long.toString(IntxFixture.START_S);
        final String path = "/orders?portfolio=1ap32qsc-1-0";
        final String title = venue.refused(401, venue.raw("key-a", "pass-1", time,
            IntxFixture.sign(time + "GET/api/v1" + path), "GET", path, ""));
        assertTrue(title.contains("Unauthorized"), title);
        assertEquals("signed with the query", venue.log("rest").get(0).path("hint").asText());
        venue.ok(A, "GET", "/orders", "portfolio=1ap32qsc-1-0", "");
    }

    @ParameterizedTest
    @ValueSource(longs = {-6, 6})
    void shouldRefuseATimestampMoreThanFiveSecondsOff(final long off) throws Exception {
        final String time = Long.toString(IntxFixture.START_S + off);
        assertTrue(venue.refused(401, venue.raw("key-a", "pass-1", time,
            IntxFixture.sign(time + "GET/api/v1/orders"), "GET", "/orders", "")).contains("expired"));
        final String near = Long.toString(IntxFixture.START_S + off + (off < 0 ? 1 : -1));
        assertEquals(200, venue.raw("key-a", "pass-1", near, IntxFixture.sign(near + "GET/api/v1/orders"), "GET",
            "/orders", "").statusCode());
    }

    @Test
    void shouldRefuseDecimalsInTheTimestampAndOtherPassphrases() throws Exception {
        final String time = IntxFixture.START_S + ".123";
        venue.refused(401, venue.raw("key-a", "pass-1", time, IntxFixture.sign(time + "GET/api/v1/orders"), "GET",
            "/orders", ""));
        final String whole = Long.toString(IntxFixture.START_S);
        venue.refused(401, venue.raw("key-a", "pass-2", whole, IntxFixture.sign(whole + "GET/api/v1/orders"), "GET",
            "/orders", ""));
        venue.refused(401, venue.raw("key-x", "pass-1", whole, IntxFixture.sign(whole + "GET/api/v1/orders"), "GET",
            "/orders", ""));
    }

    @Test
    void shouldRefuseTheFortyFirstCallOfAnySecond() throws Exception {
        for (int i = 0; i < 40; i++) {
            assertEquals(200, venue.send(A, "GET", "/orders", "", "").statusCode(), "call " + i);
            venue.advance(10);
        }
        assertEquals("Rate limit exceeded - Server allows 100 requests per second",
            venue.refused(429, venue.send(A, "GET", "/orders", "", "")));
        venue.advance(599);
        venue.refused(429, venue.send(A, "GET", "/orders", "", ""));
        venue.advance(1);
        assertEquals(200, venue.send(A, "GET", "/orders", "", "").statusCode(), "the first is a second old");
        venue.refused(429, venue.send(A, "GET", "/orders", "", ""));
        assertEquals(200, venue.send(IntxFixture.B, "GET", "/orders", "", "").statusCode(), "each key has its own");
        final JsonNode stats = venue.control("GET", "/stats", "").path("accounts").path("alpha");
        final JsonNode use = venue.control("GET", "/limits", "").get(0);
        assertEquals(List.of("alpha", "requests/s", "40", "3"), List.of(use.path("account").asText(),
            use.path("limit").asText(), use.path("max").asText(), use.path("refused").asText()));
        assertEquals(List.of(44, 3, 40), List.of(stats.path("requests").asInt(), stats.path("refused").asInt(),
            stats.path("peakPassedPerSecond").asInt()));
    }

    @Test
    void shouldMatchAtTheRestingPriceAndChargeTheTaker() throws Exception {
        venue.house("sell", "50000", "0.01", false);
        final JsonNode taken = venue.order("BUY", "0.02", "50010", "");
        assertEquals(List.of("TRADE", "WORKING", "0.01", "0.01", "50000", "0.1"),
            List.of(taken.path("event_type").asText(), taken.path("order_status").asText(),
                taken.path("exec_qty").asText(), taken.path("leaves_qty").asText(),
                taken.path("avg_price").asText(), taken.path("fee").asText()));
        venue.house("sell", "50010", "0.01", true);
        final JsonNode fills = venue.fills("order_id=" + taken.path("order_id").asText());
        assertEquals(2, fills.size());
        assertEquals(List.of("0", "0.02", "DONE"), List.of(fills.get(0).path("fee").asText(),
            fills.get(0).path("total_filled").asText(), fills.get(0).path("order_status").asText()), "newest first");
        assertTrue(fills.get(0).path("exec_id").asLong() > fills.get(1).path("exec_id").asLong());
        assertEquals("DONE", venue.ok(A, "GET", "/orders/" + taken.path("order_id").asText(), "", "")
            .path("order_status").asText(), "done orders can be asked for");
    }

    @Test
    void shouldReplaceKeepingTheOrderAndTakingTheNewClientId() throws Exception {
        final JsonNode placed = venue.order("BUY", "0.02", "50000", "");
        final String path = "/orders/" + placed.path("order_id").asText();
        final JsonNode replaced = venue.ok(A, "PUT", path, "", "{\"portfolio\":\"1ap32qsc-1-0\","
            + "\"client_order_id\":\"again\",\"price\":\"49000\",\"size\":\"0.01\"}");
        assertEquals(List.of("REPLACED", "49000", "0.01", "again"), List.of(replaced.path("event_type").asText(),
            replaced.path("price").asText(), replaced.path("size").asText(),
            replaced.path("client_order_id").asText()));
        assertEquals(1, venue.ok(A, "GET", "/orders", "client_order_id=again", "").path("results").size());
        venue.ok(A, "DELETE", path, "portfolio=1ap32qsc-1-0", "");
        assertTrue(venue.refused(400, venue.send(A, "PUT", path, "", "{\"client_order_id\":\"b\",\"size\":\"1\"}"))
            .startsWith(BAD + "Invalid replace order request"));
        venue.refused(400, venue.send(A, "DELETE", path, "", ""));
        venue.refused(404, venue.send(A, "DELETE", "/orders/none-1-0", "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "AGGRESSING", "RESTING", "BOTH", "DECREMENT"})
    void shouldPreventSelfTradesByTheTakersMode(final String mode) throws Exception {
        final String resting = venue.order("BUY", "0.02", "50000", "").path("order_id").asText();
        final JsonNode taker = venue.order("SELL", "0.01", "50000", ",\"stp_mode\":\"" + mode + "\"");
        final JsonNode maker = venue.ok(A, "GET", "/orders/" + resting, "", "");
        final boolean traded = "NONE".equals(mode);
        assertEquals(traded ? 2 : 0, venue.fills("").size());
        final boolean takerLives = "RESTING".equals(mode);
        assertEquals(takerLives ? "WORKING" : "DONE", taker.path("order_status").asText());
        final boolean makerLives = List.of("NONE", "AGGRESSING", "DECREMENT").contains(mode);
        assertEquals(makerLives ? "WORKING" : "DONE", maker.path("order_status").asText());
        assertEquals("DECREMENT".equals(mode) || traded ? "0.01" : makerLives ? "0.02" : "0",
            maker.path("leaves_qty").asText());
    }

    @Test
    void shouldEndImmediateOrdersAndRefuseWhatMakesNoSense() throws Exception {
        venue.house("sell", "50000", "0.01", false);
        final JsonNode ioc = venue.order("BUY", "0.02", "50000", ",\"tif\":\"IOC\"");
        assertEquals(List.of("DONE", "0.01"),
            List.of(ioc.path("order_status").asText(), ioc.path("exec_qty").asText()));
        final JsonNode fok = venue.order("BUY", "0.02", "50000", ",\"tif\":\"FOK\"");
        assertEquals(List.of("DONE", "0"), List.of(fok.path("order_status").asText(), fok.path("exec_qty").asText()));
        assertRefused("market orders must be IoC", venue.body("m1", "BUY", "0.01", "1", "").replace("LIMIT", "MARKET"));
        assertRefused("tif is required", venue.body("m2", "BUY", "0.01", "50000", "").replace(",\"tif\":\"GTC\"", ""));
        assertRefused("size is a required field",
            venue.body("m3", "BUY", "0.01", "50000", "").replace("\"size\":\"0.01\",", ""));
        assertRefused("invalid client_order_id", venue.body("x".repeat(40), "BUY", "0.01", "50000", ""));
        venue.order("BUY", "0.01", "49000", "");
        assertRefused("Order rejected (DUPLICATE_CLIENT_ORDER_ID - duplicate client order id detected)",
            venue.body("order-3", "BUY", "0.01", "49000", ""));
        venue.house("sell", "50000", "0.01", false);
        assertRefused("Order rejected (POST_ONLY", venue.body("m4", "BUY", "0.01", "50000", ",\"post_only\":true"));
        assertRefused("Order rejected (PRICE_VIOLATION", venue.body("m5", "BUY", "0.01", "60000", ""));
    }

    @Test
    void shouldExpireGoodTillTimeOrdersAndTriggerStops() throws Exception {
        final JsonNode gtt = venue.order("BUY", "0.01", "40000",
            ",\"tif\":\"GTT\",\"expire_time\":\"2026-03-04T14:36:20Z\"");
        final JsonNode stop = venue.ok(A, "POST", "/orders", "", venue.body("stop-1", "BUY", "0.01", "51000",
            ",\"stop_price\":\"50500\"").replace("LIMIT", "STOP_LIMIT"));
        assertEquals("WORKING", stop.path("order_status").asText());
        venue.house("sell", "50500", "0.01", false);
        venue.house("sell", "50600", "0.02", false);
        venue.house("buy", "50500", "0.01", true);
        assertEquals("0.01", venue.ok(A, "GET", "/orders/" + stop.path("order_id").asText(), "", "")
            .path("exec_qty").asText());
        venue.advance(5_000);
        final String path = "/orders/" + gtt.path("order_id").asText();
        final long deadlineNs = System.nanoTime() + 10_000_000_000L;
        String event = "";
        while (!"EXPIRED".equals(event) && System.nanoTime() < deadlineNs) {
            venue.advance(100);
            event = venue.ok(A, "GET", path, "", "").path("event_type").asText();
        }
        assertEquals("EXPIRED", event);
    }

    @Test
    void shouldPageOpenOrdersAndCancelThemAll() throws Exception {
        final List<String> placed = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            placed.add(0, venue.order("BUY", "0.01", "49000", "").path("order_id").asText());
        }
        venue.advance(1_000);
        final List<String> listed = new ArrayList<>();
        for (int offset = 0; offset < 30; offset += 20) {
            venue.ok(A, "GET", "/orders", "result_limit=20&result_offset=" + offset, "").path("results")
                .forEach(order -> listed.add(order.path("order_id").asText()));
        }
        assertEquals(placed, listed, "newest first, none twice");
        assertRefusedQuery("invalid result_limit", "result_limit=101");
        venue.control("POST", "/faults", "{\"partialCancel\":1}");
        assertEquals(15, venue.ok(A, "DELETE", "/orders", "portfolio=1ap32qsc-1-0", "").size());
        assertEquals(15, venue.ok(A, "DELETE", "/orders", "portfolio=1ap32qsc-1-0&instrument=BTC-PERP", "").size());
        assertEquals(0, venue.ok(A, "GET", "/orders", "", "").path("results").size());
    }

    @Test
    void shouldKeepPortfoliosApartAndWithinTheirFunds() throws Exception {
        final JsonNode order = venue.order("BUY", "0.01", "49000", "");
        venue.refused(404, venue.send(IntxFixture.B, "GET", "/orders/" + order.path("order_id").asText(), "", ""));
        venue.refused(401, venue.send(IntxFixture.B, "GET", "/orders", "portfolio=1ap32qsc-1-0", ""));
        assertEquals("1bq43rtd-1-0",
            venue.ok(IntxFixture.B, "GET", "/portfolios", "", "").get(0).path("portfolio_id").asText());
        final String body = venue.body("b1", "BUY", "1", "49000", "").replace(",\"portfolio\":\"1ap32qsc-1-0\"", "");
        assertTrue(venue.refused(400, venue.send(IntxFixture.B, "POST", "/orders", "", body))
            .contains("INSUFFICIENT_MARGIN"));
    }

    @Test
    void shouldStrikeWithTheFaultsThatAreSet() throws Exception {
        venue.control("POST", "/faults", "{\"answerLostAfter\":1}");
        assertThrows(IOException.class, () -> venue.order("BUY", "0.01", "49000", ""));
        assertEquals(1, venue.control("GET", "/orders", "").path("alpha").size(), "carried out");
        venue.control("POST", "/faults", "{\"answerLostBefore\":1}");
        assertThrows(IOException.class, () -> venue.order("BUY", "0.01", "49000", ""));
        assertEquals(1, venue.control("GET", "/orders", "").path("alpha").size(), "not carried out");
        venue.control("POST", "/faults", "{\"maintenance\":true}");
        venue.refused(503, venue.send(A, "GET", "/orders", "", ""));
        venue.control("POST", "/faults", "{\"maintenance\":false,\"truncatedAnswer\":1,\"wrongContent\":1}");
        final HttpResponse<String> foreign =
            venue.send(A, "POST", "/orders", "", venue.body("f1", "BUY", "0.01", "49000", ""));
        assertEquals(200, foreign.statusCode());
        assertFalse(foreign.body().startsWith("{"));
        assertEquals(2, venue.control("GET", "/orders", "").path("alpha").size());
    }

    @Test
    void shouldShowWhatAClientLibraryLoads() throws Exception {
        venue.house("buy", "49000", "0.5", false);
        final JsonNode instruments = venue.ok(A, "GET", "/instruments", "", "");
        final JsonNode btc = instruments.get(0);
        assertEquals(List.of("BTC-PERP", "PERP", "BTC", "USDC", "0.0001", "0.1", "10", "TRADING", "49000"),
            List.of(btc.path("symbol").asText(), btc.path("type").asText(), btc.path("base_asset_name").asText(),
                btc.path("quote_asset_name").asText(), btc.path("base_increment").asText(),
                btc.path("quote_increment").asText(), btc.path("min_notional_value").asText(),
                btc.path("trading_state").asText(), btc.path("quote").path("best_bid_price").asText()));
        assertEquals("0.5", venue.ok(A, "GET", "/instruments/BTC-PERP/quote", "", "").path("best_bid_size").asText());
        assertEquals(4, venue.ok(A, "GET", "/assets", "", "").size());
        assertEquals(0, new BigDecimal("0.0002").compareTo(new BigDecimal(
            venue.ok(A, "GET", "/fee-rate-tiers", "", "").get(0).path("taker_fee_rate").asText())));
    }

    private void assertRefused(final String text, final String body) throws Exception {
        final String title = venue.refused(400, venue.send(A, "POST", "/orders", "", body));
        assertTrue(title.startsWith(BAD + text), title);
    }

    private void assertRefusedQuery(final String text, final String query) throws Exception {
        assertTrue(venue.refused(400, venue.send(A, "GET", "/orders", query, "")).contains(text));
    }
}
