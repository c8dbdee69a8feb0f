package weir.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A tenant's endpoint over HTTP: keeps the bodies of messages by id, and takes none with a wrong signature. */
final class HookReceiver implements AutoCloseable {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private final Map<String, String> bodies = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    HookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    static String secret() {
        return "whsec_" + base64(KEY.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private void take(final HttpExchange exchange) throws IOException {
        try (exchange) {
            final String id = exchange.getRequestHeaders().getFirst("webhook-id");
            final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            final String signature = "v1," + base64(hmac(id + '.'
                + exchange.getRequestHeaders().getFirst("webhook-timestamp") + '.' + body));
            final boolean genuine = signature.equals(exchange.getRequestHeaders().getFirst("webhook-signature"));
            if (genuine) {
                bodies.put(id, body);
            }
            exchange.sendResponseHeaders(genuine ? 204 : 401, -1);
        }
    }

    private static byte[] hmac(final String content) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException ex) {
            throw new AssertionError(ex);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    Map<String, String> bodies() {
        return bodies;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
