package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A venue on ephemeral ports whose clock stands still until a test moves it. Its client signs with code of its own. */
final class IntxFixture implements AutoCloseable {
    static final String SECRET =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    static final IntxAccount A = new IntxAccount("key-a", SECRET, "pass-1", "alpha", "1ap32qsc-1-0");
    static final IntxAccount B = new IntxAccount("key-b", SECRET, "pass-2", "beta", "1bq43rtd-1-0",
        new java.math.BigDecimal("1000"));
    static final long START_S = 1_772_634_976L;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final IntxSimulator venue;
    final AtomicLong clock = new AtomicLong(START_S * 1_000_000_000L);
    private final Path logDir;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int orders;

    IntxFixture(final Path logDir) throws IOException {
        this.logDir = logDir;
        venue = IntxSimulator.launch(new IntxSimulator.Context().logDir(logDir).accounts(List.of(A, B)).seed(42)
            .clock(clock::get));
    }

    void advance(final long ms) {
        clock.addAndGet(ms * 1_000_000L);
    }

    static String sign(final String prehash) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(prehash.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A signed call; the query is sent and not signed. */
    HttpResponse<String> send(final IntxAccount account, final String method, final String path, final String query,
        final String body) throws Exception {
        final String time = Long.toString(clock.get() / 1_000_000_000L);
        return raw(account.apiKey(), account.passphrase(), time, sign(time + method + "/api/v1" + path + body), method,
            path + (query.isEmpty() ? "" : "?" + query), body);
    }

    HttpResponse<String> raw(final String key, final String passphrase, final String time, final String signature,
        final String method, final String path, final String body) throws Exception {
        final HttpRequest.Builder builder = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.httpPort() + "/api/v1" + path)).timeout(Duration.ofSeconds(20))
            .header("CB-ACCESS-KEY", key).header("CB-ACCESS-PASSPHRASE", passphrase)
            .header("CB-ACCESS-TIMESTAMP", time).header("CB-ACCESS-SIGN", signature)
            .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
        return http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode ok(final IntxAccount account, final String method, final String path, final String query,
        final String body) throws Exception {
        final HttpResponse<String> response = send(account, method, path, query, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(method + ' ' + path + ": " + response.body());
        }
        return MAPPER.readTree(response.body());
    }

    /** The title of a refusal. */
    String refused(final int status, final HttpResponse<String> response) throws Exception {
        final JsonNode body = MAPPER.readTree(response.body());
        if (response.statusCode() != status || body.path("status").asInt() != status) {
            throw new AssertionError(status + " expected: " + response.statusCode() + ' ' + response.body());
        }
        return body.path("title").asText();
    }

    String nextId() {
        return "order-" + ++orders;
    }

    String body(final String id, final String side, final String size, final String price, final String more) {
        return "{\"client_order_id\":\"" + id + "\",\"side\":\"" + side + "\",\"size\":\"" + size
            + "\",\"instrument\":\"BTC-PERP\",\"type\":\"LIMIT\",\"price\":\"" + price
            + "\",\"portfolio\":\"1ap32qsc-1-0\"" + (more.contains("\"tif\"") ? "" : ",\"tif\":\"GTC\"") + more + "}";
    }

    JsonNode order(final String side, final String size, final String price, final String more) throws Exception {
        return ok(A, "POST", "/orders", "", body(nextId(), side, size, price, more));
    }

    JsonNode control(final String method, final String path, final String body) throws Exception {
        final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.body());
        }
        return MAPPER.readTree(response.body());
    }

    void house(final String side, final String price, final String qty, final boolean immediate) throws Exception {
        control("POST", "/quotes", "{\"symbol\":\"BTC-PERP\",\"side\":\"" + side + "\",\"immediate\":" + immediate
            + ",\"levels\":[{\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}]}");
    }

    JsonNode fills(final String query) throws Exception {
        return ok(A, "GET", "/portfolios/1ap32qsc-1-0/fills", query, "").path("results");
    }

    List<JsonNode> log(final String kind) throws IOException {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(logDir.resolve("venue.jsonl"))) {
            final JsonNode node = MAPPER.readTree(line);
            if (kind.equals(node.path("kind").asText())) {
                lines.add(node);
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }
}
