package weir.sim.coinbase;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A venue on ephemeral ports with two accounts of different profiles and one more of the first profile. */
final class VenueFixture implements AutoCloseable {
    static final VenueAccount A = new VenueAccount("0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==", "pass-1",
        "profile-a");
    static final VenueAccount B = new VenueAccount("key-b",
        Base64.getEncoder().encodeToString("second-secret-second-secret-0123".getBytes(StandardCharsets.UTF_8)),
        "pass-b", "profile-b");
    static final VenueAccount A2 = new VenueAccount("key-a2",
        Base64.getEncoder().encodeToString("third-secret-third-secret-012345".getBytes(StandardCharsets.UTF_8)),
        "pass-a2", "profile-a");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final CoinbaseSimulator venue;
    private final Path logDir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<RawFixClient> clients = new ArrayList<>();

    VenueFixture(final Path logDir) throws IOException {
        this(logDir, context -> context);
    }

    VenueFixture(final Path logDir, final UnaryOperator<CoinbaseSimulator.Context> settings) throws IOException {
        this.logDir = logDir;
        venue = CoinbaseSimulator.launch(settings.apply(
            new CoinbaseSimulator.Context().logDir(logDir).accounts(List.of(A, B, A2)).seed(42)));
    }

    RawFixClient connect(final VenueAccount account) throws IOException {
        final RawFixClient client = new RawFixClient(venue.fixPort(), account);
        clients.add(client);
        return client;
    }

    /** A client of the first account, logged on with cancel on disconnect for the session. */
    RawFixClient desk() throws Exception {
        return connect(A).logon("8013=S");
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

    /** Puts one house order per "price qty" into BTC-USD. */
    void quotes(final String side, final String... levels) throws Exception {
        final StringBuilder body = new StringBuilder();
        for (final String level : levels) {
            final String[] parts = level.split(" ");
            body.append(body.length() == 0 ? "" : ",")
                .append("{\"price\":\"").append(parts[0]).append("\",\"qty\":\"").append(parts[1]).append("\"}");
        }
        control("POST", "/quotes", "{\"product\":\"BTC-USD\",\"side\":\"" + side + "\",\"levels\":[" + body + "]}");
    }

    /** One session's statistics. */
    JsonNode stats(final VenueAccount account) throws Exception {
        return control("GET", "/stats", "").path("sessions").path(account.apiKey());
    }

    HttpResponse<String> rest(
        final VenueAccount account, final String method, final String path, final String body) throws Exception {
        final String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        final String signature = RawFixClient.sign(timestamp + method + path + body,
            Base64.getDecoder().decode(account.secret()));
        return rest(account, method, path, body, timestamp, signature);
    }

    HttpResponse<String> rest(
        final VenueAccount account, final String method, final String path, final String body, final String timestamp,
        final String signature) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.restPort() + path))
            .header("CB-ACCESS-KEY", account.apiKey()).header("CB-ACCESS-SIGN", signature)
            .header("CB-ACCESS-TIMESTAMP", timestamp).header("CB-ACCESS-PASSPHRASE", account.passphrase())
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode json(final HttpResponse<String> response) throws IOException {
        return MAPPER.readTree(response.body());
    }

    /** The venue log's lines of a kind. */
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

    static void await(final String what, final BooleanSupplier condition) throws InterruptedException {
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("timed out: " + what);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() throws IOException {
        for (final RawFixClient client : clients) {
            client.close();
        }
        venue.close();
    }
}
