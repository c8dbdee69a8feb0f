package weir.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real HTTP, with a server that says what a node says. */
final class JsonRpcClientTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Address OWNER = Address.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");

    private HttpServer server;
    private JsonRpcClient node;
    private volatile JsonNode asked;
    private volatile String answer = "\"result\":\"0x1\"";
    private volatile boolean otherId;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/", exchange -> {
            asked = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            final String text = answer.startsWith("<") ? answer : "{\"jsonrpc\":\"2.0\",\"id\":"
                + (asked.path("id").asLong() + (otherId ? 1 : 0)) + ',' + answer + '}';
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.startsWith("<") ? 502 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        node = new JsonRpcClient(HttpClient.newHttpClient(),
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static <T> T of(final CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldReadQuantitiesOfAnySize() throws Exception {
        answer = "\"result\":\"0x7a69\"";
        assertEquals(31_337L, of(node.chainId()));
        assertEquals("eth_chainId", asked.path("method").asText());
        assertEquals(31_337L, of(node.blockNumber()));
        answer = "\"result\":\"0xffffffffffffffffffffff\"";
        assertEquals(new BigInteger("ff".repeat(11), 16), of(node.balance(OWNER)));
        assertEquals("[\"" + OWNER.lower() + "\",\"latest\"]", asked.path("params").toString());
    }

    @Test
    void shouldCallTokensByTheirSelectors() throws Exception {
        answer = "\"result\":\"0x" + "0".repeat(56) + "0000ffff\"";
        assertEquals(BigInteger.valueOf(0xffff), of(node.tokenBalance(Address.ZERO, OWNER)));
        assertEquals("0x70a08231" + "0".repeat(24) + OWNER.lower().substring(2),
            asked.path("params").path(0).path("data").asText());
        assertEquals(BigInteger.valueOf(0xffff), of(node.tokenAllowance(Address.ZERO, OWNER, OWNER)));
        assertTrue(asked.path("params").path(0).path("data").asText().startsWith("0xdd62ed3e"));
        assertArrayEquals(Hex.bytes("0".repeat(56) + "0000ffff"), of(node.call(OWNER, new byte[4])));
        answer = "\"result\":\"0x\"";
        final Throwable none = assertThrows(ExecutionException.class,
            () -> of(node.tokenBalance(Address.ZERO, OWNER))).getCause();
        assertTrue(none instanceof IOException, "no contract there: " + none);
    }

    @Test
    void shouldTellARevertFromNoAnswer() {
        answer = "\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x8f6798eb\"}";
        final JsonRpcException reverted = (JsonRpcException)assertThrows(ExecutionException.class,
            () -> of(node.call(OWNER, new byte[4]))).getCause();
        assertEquals(3, reverted.code());
        assertEquals("0x8f6798eb", reverted.data());
        for (final String wrong : new String[] {"<html>", "\"other\":1", "\"result\":\"one\"", "\"result\":null"}) {
            answer = wrong;
            final Throwable cause = assertThrows(ExecutionException.class, () -> of(node.chainId())).getCause();
            assertTrue(cause instanceof IOException, wrong + ": " + cause);
        }
        answer = "\"result\":\"0x1\"";
        otherId = true;
        assertTrue(assertThrows(ExecutionException.class, () -> of(node.chainId())).getCause() instanceof IOException);
    }
}
