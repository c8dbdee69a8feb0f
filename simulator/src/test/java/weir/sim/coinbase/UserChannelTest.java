package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channel {@code user}: for whom, and what it says of an order's life. */
class UserChannelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;
    private VenueFixture venue;
    private Listener heard;
    private WebSocket socket;

    @BeforeEach
    void launch() throws Exception {
        venue = new VenueFixture(dir);
        heard = new Listener();
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + venue.venue.wsPort()), heard).join();
    }

    @AfterEach
    void close() throws Exception {
        socket.abort();
        venue.close();
    }

    private void subscribe(final VenueAccount account, final long secondsOff, final String prehash) throws Exception {
        final String timestamp = Long.toString(System.currentTimeMillis() / 1000 + secondsOff);
        final String signature = RawFixClient.sign(timestamp + prehash, Base64.getDecoder().decode(account.secret()));
        socket.sendText("{\"type\":\"subscribe\",\"channels\":[{\"name\":\"user\",\"product_ids\":[\"BTC-USD\"]}],"
            + "\"signature\":\"" + signature + "\",\"key\":\"" + account.apiKey() + "\",\"passphrase\":\""
            + account.passphrase() + "\",\"timestamp\":\"" + timestamp + "\"}", true).join();
    }

    private static String order(final String clientId, final String side, final String size, final String price) {
        return "{\"client_oid\":\"" + clientId + "\",\"product_id\":\"BTC-USD\",\"side\":\"" + side
            + "\",\"size\":\"" + size + "\",\"price\":\"" + price + "\"}";
    }

    @Test
    void shouldTellTheLifeOfAnOrderToItsProfileAlone() throws Exception {
        subscribe(VenueFixture.A, 0, "GET/users/self/verify");
        heard.await("subscriptions");
        final String clientId = UUID.randomUUID().toString();
        assertEquals(200, venue.rest(VenueFixture.B, "POST", "/orders",
            order(UUID.randomUUID().toString(), "sell", "0.4", "60000.00")).statusCode());
        assertEquals(200, venue.rest(VenueFixture.A, "POST", "/orders", order(clientId, "buy", "1", "60000.00"))
            .statusCode());
        final JsonNode received = heard.await("received");
        assertEquals(clientId, received.path("client-oid").asText());
        assertEquals("1", received.path("size").asText());
        assertEquals("limit", received.path("order_type").asText());
        final String orderId = received.path("order_id").asText();
        final JsonNode match = heard.await("match");
        assertEquals(orderId, match.path("taker_order_id").asText());
        assertFalse(match.path("maker_order_id").asText().isEmpty());
        assertEquals("sell", match.path("side").asText(), "the maker's");
        assertEquals("0.4", match.path("size").asText());
        assertEquals(1, match.path("trade_id").asLong());
        assertTrue(match.has("taker_fee_rate") && !match.has("maker_fee_rate"), match.toString());
        assertEquals("0.6", heard.await("open").path("remaining_size").asText());
        venue.rest(VenueFixture.A, "DELETE", "/orders/client:" + clientId, "");
        final JsonNode done = heard.await("done");
        assertEquals("canceled", done.path("reason").asText());
        assertEquals("0.6", done.path("remaining_size").asText());
        assertEquals(1, heard.messages.stream().filter(m -> "received".equals(m.path("type").asText())).count(),
            "not the other profile's");
    }

    @Test
    void shouldRefuseAWrongSignatureAStaleTimestampAndNone() throws Exception {
        subscribe(VenueFixture.A, 0, "GET/users/self/other");
        assertEquals("Authentication Failed", heard.await("error").path("message").asText());
        VenueFixture.await("closed", () -> heard.closed);
        launchAgain();
        subscribe(VenueFixture.A, -60, "GET/users/self/verify");
        assertEquals("Authentication Failed", heard.await("error").path("message").asText());
        launchAgain();
        socket.sendText("{\"type\":\"subscribe\",\"channels\":[\"user\"],\"product_ids\":[\"BTC-USD\"]}", true).join();
        assertEquals("Failed to subscribe", heard.await("error").path("message").asText());
    }

    private void launchAgain() {
        socket.abort();
        heard = new Listener();
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + venue.venue.wsPort()), heard).join();
    }

    private static final class Listener implements WebSocket.Listener {
        private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private volatile boolean closed;

        JsonNode await(final String type) throws InterruptedException {
            VenueFixture.await(type + " among " + messages,
                () -> messages.stream().anyMatch(m -> type.equals(m.path("type").asText())));
            return messages.stream().filter(m -> type.equals(m.path("type").asText())).findFirst().orElseThrow();
        }

        @Override
        public CompletionStage<?> onText(final WebSocket from, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                try {
                    messages.add(JSON.readTree(text.toString()));
                } catch (final JsonProcessingException e) {
                    throw new IllegalStateException(text.toString(), e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket from, final int code, final String reason) {
            closed = true;
            return null;
        }
    }
}
