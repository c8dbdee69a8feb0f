package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A venue on ephemeral ports whose clock stands still until a test moves it: a master account with a sub-account, and a
 * stranger. Its client signs with code of its own.
 */
final class KrakenFixture implements AutoCloseable {
    static final String S1 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    static final KrakenAccount A = new KrakenAccount("key-a", S1, "alpha");
    static final KrakenAccount SUB = new KrakenAccount("key-sub", secret("sub"), "alpha-sub", "alpha", null);
    static final KrakenAccount B = new KrakenAccount("key-b", secret("b"), "beta");
    static final KrakenAccount POOR =
        new KrakenAccount("key-poor", secret("poor"), "poor", null, new BigDecimal("100"));
    static final long START_NS = 1_700_000_000_123_000_000L;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final KrakenSimulator venue;
    final AtomicLong clock = new AtomicLong(START_NS);
    private final Path logDir;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<FeedClient> feeds = new ArrayList<>();

    KrakenFixture(final Path logDir) throws IOException {
        this(logDir, context -> context);
    }

    KrakenFixture(final Path logDir, final UnaryOperator<KrakenSimulator.Context> settings) throws IOException {
        this.logDir = logDir;
        venue = KrakenSimulator.launch(settings.apply(new KrakenSimulator.Context().logDir(logDir)
            .accounts(List.of(A, SUB, B, POOR)).seed(42).clock(clock::get)));
    }

    /** Moves the venue's clock. */
    void advance(final long ms) {
        clock.addAndGet(ms * 1_000_000L);
    }

    static String encode(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String authent(final String secret, final String postData, final String nonce, final String path) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest((postData + nonce + path).getBytes(StandardCharsets.UTF_8));
            return hmac(secret, digest);
        } catch (final java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String signChallenge(final String secret, final String challenge) {
        return authent(secret, challenge, "", "");
    }

    /** A signed call of /derivatives/api/v3; the answer must be HTTP 200 and JSON. */
    JsonNode call(final KrakenAccount account, final String method, final String endpoint, final String data)
        throws Exception {
        return json(send(account, method, "/derivatives/api/v3/" + endpoint, data));
    }

    JsonNode history(final String endpoint, final String data) throws Exception {
        return json(send(A, "GET", "/api/history/v2/" + endpoint, data));
    }

    HttpResponse<String> send(
        final KrakenAccount account, final String method, final String path, final String data) throws Exception {
        return http.send(request(method, path, data, "APIKey", account.apiKey(), "Authent",
            authent(account.secret(), data, "", path.replace("/derivatives", ""))),
            HttpResponse.BodyHandlers.ofString());
    }

    /** An unsigned call. */
    JsonNode open(final String endpoint) throws Exception {
        return json(http.send(request("GET", "/derivatives/api/v3/" + endpoint, ""),
            HttpResponse.BodyHandlers.ofString()));
    }

    HttpResponse<String> send(final HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest request(final String method, final String path, final String data, final String... headers) {
        final boolean form = "POST".equals(method);
        final HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.httpPort()
            + path + (form || data.isEmpty() ? "" : "?" + data))).timeout(Duration.ofSeconds(20))
            .method(method, form ? HttpRequest.BodyPublishers.ofString(data) : HttpRequest.BodyPublishers.noBody());
        if (form) {
            builder.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }

    /** Sends an order and returns sendStatus. */
    JsonNode order(
        final KrakenAccount account, final String type, final String side, final String size, final String price,
        final String more) throws Exception {
        final JsonNode answer = call(account, "POST", "sendorder", "orderType=" + type + "&symbol=PF_XBTUSD&side="
            + side + "&size=" + size + (price == null ? "" : "&limitPrice=" + price) + more);
        if (!answer.has("sendStatus")) {
            throw new AssertionError(answer.toString());
        }
        return answer.path("sendStatus");
    }

    JsonNode limit(final String side, final String size, final String price) throws Exception {
        return order(A, "lmt", side, size, price, "");
    }

    JsonNode batch(final KrakenAccount account, final String... items) throws Exception {
        return call(account, "POST", "batchorder", batchForm(items));
    }

    static String batchForm(final String... items) {
        return "json=" + encode("{\"batchOrder\":[" + String.join(",", items) + "]}");
    }

    static String sendItem(final String tag, final String side, final String price) {
        return "{\"order\":\"send\",\"order_tag\":\"" + tag + "\",\"orderType\":\"lmt\",\"symbol\":\"PF_XBTUSD\","
            + "\"side\":\"" + side + "\",\"size\":0.001,\"limitPrice\":" + price + "}";
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

    void fault(final String json) throws Exception {
        control("POST", "/faults", json);
    }

    /** Puts one house order per "price qty" into PF_XBTUSD. */
    void quotes(final String side, final String... levels) throws Exception {
        final StringBuilder body = new StringBuilder();
        for (final String level : levels) {
            final String[] parts = level.split(" ");
            body.append(body.length() == 0 ? "" : ",")
                .append("{\"price\":\"").append(parts[0]).append("\",\"qty\":\"").append(parts[1]).append("\"}");
        }
        control("POST", "/quotes", "{\"symbol\":\"PF_XBTUSD\",\"side\":\"" + side + "\",\"levels\":[" + body + "]}");
    }

    JsonNode stats(final KrakenAccount account) throws Exception {
        return control("GET", "/stats", "").path("accounts").path(account.name());
    }

    /** Client ids and order ids of an account's open orders, as the tester sees them. */
    List<String> openIds(final KrakenAccount account, final String field) throws Exception {
        final List<String> ids = new ArrayList<>();
        control("GET", "/orders", "").path(account.name()).forEach(order -> ids.add(order.path(field).asText()));
        return ids;
    }

    FeedClient feed() throws Exception {
        final FeedClient client = new FeedClient(http, venue.httpPort());
        feeds.add(client);
        return client;
    }

    /** Lines of the venue log of a kind. */
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

    static JsonNode json(final HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return MAPPER.readTree(response.body());
    }

    static JsonNode parse(final String text) throws IOException {
        return MAPPER.readTree(text);
    }

    static void await(final String what, final BooleanSupplier condition) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("did not happen within 20 s: " + what);
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() throws IOException {
        feeds.forEach(FeedClient::close);
        venue.close();
    }

    private static String hmac(final String secret, final byte[] digest)
        throws java.security.GeneralSecurityException {
        final Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA512"));
        return Base64.getEncoder().encodeToString(mac.doFinal(digest));
    }

    private static String secret(final String text) {
        return Base64.getEncoder().encodeToString(("secret of " + text).getBytes(StandardCharsets.UTF_8));
    }
}
