package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.sim.coinbase.RawFixClient.id;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The REST interface over HTTP on loopback. */
class RestTest {
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
    void shouldPlaceFindAndCancelOrder() throws Exception {
        final String clientId = id();
        final JsonNode placed = ok("POST", "/orders", order(clientId, "buy", "1", "50000.00"));
        assertEquals("open", placed.path("status").asText());
        assertEquals("50000.00000000", placed.path("price").asText());
        assertEquals("profile-a", placed.path("profile_id").asText());
        final String orderId = placed.path("id").asText();
        assertEquals(orderId, ok("GET", "/orders/client:" + clientId, "").path("id").asText());
        assertEquals(clientId, ok("GET", "/orders/" + orderId, "").path("client_oid").asText());
        assertEquals(orderId, ok("DELETE", "/orders/" + orderId + "?product_id=BTC-USD", "").asText());
        final HttpResponse<String> gone = venue.rest(VenueFixture.A, "GET", "/orders/" + orderId, "");
        assertEquals(404, gone.statusCode());
        assertEquals("NotFound", VenueFixture.json(gone).path("message").asText());
        assertEquals(0, ok("GET", "/orders?status=all", "").size());
    }

    @Test
    void shouldShowFilledOrderAndItsFills() throws Exception {
        venue.quotes("sell", "60000.00 0.4", "60001.00 0.6");
        final JsonNode placed = ok("POST", "/orders", order(id(), "buy", "1", "60001.00"));
        assertEquals("done", placed.path("status").asText());
        assertEquals("filled", placed.path("done_reason").asText());
        assertEquals("1.00000000", placed.path("filled_size").asText());
        assertEquals("60000.6000000000000000", placed.path("executed_value").asText());
        final JsonNode fills = ok("GET", "/fills?order_id=" + placed.path("id").asText(), "");
        assertEquals(2, fills.size());
        assertEquals(2, fills.get(0).path("trade_id").asLong());
        assertEquals("60001.00000000", fills.get(0).path("price").asText());
        assertEquals("T", fills.get(1).path("liquidity").asText());
        assertEquals("144.0000000000000000", fills.get(1).path("fee").asText());
    }

    @Test
    void shouldPageFillsNewestFirst() throws Exception {
        venue.quotes("sell", "60000.00 1", "60000.00 1", "60000.00 1", "60000.00 1", "60000.00 1");
        ok("POST", "/orders", order(id(), "buy", "5", "60000.00"));
        final List<Long> ids = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            final HttpResponse<String> response =
                venue.rest(VenueFixture.A, "GET", "/fills?product_id=BTC-USD&limit=2" + cursor, "");
            VenueFixture.json(response).forEach(fill -> ids.add(fill.path("trade_id").asLong()));
            cursor = "&after=" + response.headers().firstValue("CB-AFTER").orElseThrow();
        }
        assertEquals(List.of(5L, 4L, 3L, 2L, 1L), ids);
        final JsonNode newer = ok("GET", "/fills?product_id=BTC-USD&limit=2&before=2", "");
        assertEquals(4, newer.get(0).path("trade_id").asLong());
    }

    @Test
    void shouldPageOrdersAndFilterByStatus() throws Exception {
        for (int i = 0; i < 5; i++) {
            ok("POST", "/orders", order(id(), "buy", "1", "5000" + i + ".00"));
        }
        final HttpResponse<String> first = venue.rest(VenueFixture.A, "GET", "/orders?limit=3", "");
        assertEquals(3, VenueFixture.json(first).size());
        assertEquals("50004.00000000", VenueFixture.json(first).get(0).path("price").asText());
        final String after = first.headers().firstValue("CB-AFTER").orElseThrow();
        assertEquals(2, ok("GET", "/orders?limit=3&after=" + after, "").size());
        assertEquals(0, ok("GET", "/orders?status=done", "").size());
        assertEquals(5, ok("GET", "/orders?status=open&status=pending", "").size());
        assertEquals(5, ok("DELETE", "/orders?product_id=BTC-USD", "").size());
    }

    @Test
    void shouldSeeFixOrdersOfTheProfileButNotOfOthers() throws Exception {
        final RawFixClient desk = venue.desk();
        final String clOrdId = desk.limit("1", "1", "50000.00");
        desk.await("150=0");
        assertEquals(clOrdId, ok("GET", "/orders/client:" + clOrdId, "").path("client_oid").asText());
        assertEquals(404, venue.rest(VenueFixture.B, "GET", "/orders/client:" + clOrdId, "").statusCode());
    }

    @Test
    void shouldAnswerErrorsAsTheVenueDoes() throws Exception {
        assertEquals("Invalid order id", message(400, "GET", "/orders/nonsense", ""));
        assertEquals("order not found", message(404, "DELETE", "/orders/" + id(), ""));
        assertEquals("Product not found",
            message(400, "POST", "/orders", order(id(), "buy", "1", "1.00").replace("BTC-USD", "NO-USD")));
        assertEquals("price is too accurate. Smallest unit is 0.01",
            message(400, "POST", "/orders", order(id(), "buy", "1", "1.001")));
        assertEquals("Bad Request", message(400, "POST", "/orders", "{"));
        message(400, "GET", "/fills", "");
        message(400, "GET", "/orders?limit=5000", "");
        message(404, "GET", "/nothing", "");
    }

    @Test
    void shouldDropMalformedClientIdSilently() throws Exception {
        final JsonNode placed = ok("POST", "/orders", order("order-1", "buy", "1", "50000.00"));
        assertFalse(placed.has("client_oid"));
    }

    @Test
    void shouldTellRejectedPostOnlyInAGoodAnswer() throws Exception {
        venue.quotes("sell", "60000.00 1");
        final String body = order(id(), "buy", "1", "60000.00").replace("}", ",\"post_only\":true}");
        final JsonNode placed = ok("POST", "/orders", body);
        assertEquals("rejected", placed.path("status").asText());
        assertEquals("post only", placed.path("reject_reason").asText());
    }

    @Test
    void shouldRefuseCallsBeyondTheBuckets() throws Exception {
        int admitted = 0;
        HttpResponse<String> response = null;
        final long startNs = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            response = venue.rest(VenueFixture.A, "GET", "/fills?product_id=BTC-USD", "");
            if (response.statusCode() == 429) {
                break;
            }
            admitted++;
        }
        final long elapsedMs = (System.nanoTime() - startNs) / 1_000_000L;
        assertEquals(429, response.statusCode());
        assertEquals("Private rate limit exceeded", VenueFixture.json(response).path("message").asText());
        assertTrue(admitted >= 20 && admitted <= 21 + elapsedMs / 100, admitted + " in " + elapsedMs + " ms");
        assertEquals(200, venue.rest(VenueFixture.B, "GET", "/fills?product_id=BTC-USD", "").statusCode());
        assertTrue(response.headers().firstValue("Retry-After").isEmpty());
        final JsonNode buckets = venue.control("GET", "/stats", "").path("rest");
        assertEquals(1, buckets.path("fills").path("owners").path("profile-a").path("refused").asInt());
    }

    @Test
    void shouldCountPublicCallsPerAddress() throws Exception {
        final HttpClient http = HttpClient.newHttpClient();
        int last = 200;
        for (int i = 0; i < 100 && last == 200; i++) {
            last = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + venue.venue.restPort() + "/products/BTC-USD")).build(),
                HttpResponse.BodyHandlers.ofString()).statusCode();
        }
        assertEquals(429, last);
        assertEquals(200, venue.rest(VenueFixture.A, "GET", "/fees", "").statusCode());
    }

    @Test
    void shouldServeTimeAndProductsUnsigned() throws Exception {
        final HttpClient http = HttpClient.newHttpClient();
        final String base = "http://127.0.0.1:" + venue.venue.restPort();
        final HttpResponse<String> time = http.send(HttpRequest.newBuilder(URI.create(base + "/time")).build(),
            HttpResponse.BodyHandlers.ofString());
        final long epoch = VenueFixture.json(time).path("epoch").asLong();
        assertTrue(Math.abs(epoch - System.currentTimeMillis() / 1000) <= 2, time.body());
        final HttpResponse<String> product = http.send(HttpRequest.newBuilder(
            URI.create(base + "/products/BTC-USD")).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals("0.01", VenueFixture.json(product).path("quote_increment").asText());
        venue.control("POST", "/mode?product=BTC-USD&mode=CANCEL_ONLY", "");
        assertEquals("Cancel only mode", message(400, "POST", "/orders", order(id(), "buy", "1", "50000.00")));
    }

    @Test
    void shouldCarryOutOrderWhoseAnswerIsLost() throws Exception {
        venue.fault("{\"restDropAnswer\":1}");
        final String clientId = id();
        assertThrows(IOException.class,
            () -> venue.rest(VenueFixture.A, "POST", "/orders", order(clientId, "buy", "1", "50000.00")));
        // The JDK client does not repeat a POST; the order is there once.
        assertEquals(1, ok("GET", "/orders", "").size());
        assertEquals("open", ok("GET", "/orders/client:" + clientId, "").path("status").asText());
    }

    @Test
    void shouldListStopOrderAsActive() throws Exception {
        final String body = order(id(), "buy", "1", "61000.00")
            .replace("}", ",\"stop\":\"entry\",\"stop_price\":\"60900.00\"}");
        assertEquals("active", ok("POST", "/orders", body).path("status").asText());
        assertEquals(1, ok("GET", "/orders?status=active", "").size());
    }

    @Test
    void shouldTellFees() throws Exception {
        final JsonNode fees = ok("GET", "/fees", "");
        assertEquals("0.0060", fees.path("taker_fee_rate").asText());
        assertEquals("0.0040", fees.path("maker_fee_rate").asText());
    }

    private JsonNode ok(final String method, final String path, final String body) throws Exception {
        final HttpResponse<String> response = venue.rest(VenueFixture.A, method, path, body);
        assertEquals(200, response.statusCode(), response.body());
        return VenueFixture.json(response);
    }

    private String message(final int status, final String method, final String path, final String body)
        throws Exception {
        final HttpResponse<String> response = venue.rest(VenueFixture.A, method, path, body);
        assertEquals(status, response.statusCode(), response.body());
        return VenueFixture.json(response).path("message").asText();
    }

    private static String order(final String clientId, final String side, final String size, final String price) {
        return "{\"client_oid\":\"" + clientId + "\",\"product_id\":\"BTC-USD\",\"side\":\"" + side
            + "\",\"type\":\"limit\",\"price\":\"" + price + "\",\"size\":\"" + size + "\"}";
    }
}
