package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import weir.sim.intx.IntxSimulator;

/** The simulator of the venue with two portfolios, and what a tester does to it through its control door. */
final class VenueSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String SECRET_A =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    static final String SECRET_B =
        "7zxMEF5p/Z8l2p2U7Ghv6x14Af+Fx+92tPgUdVQ748FOIrEoT9bgT+bTRfXc5pz8na+hL/QdrCVG7bh9KpT0eMTm";
    static final String PASSPHRASE = "pass-" + UUID.randomUUID();

    final String keyA = "key-a-" + UUID.randomUUID();
    final String keyB = "key-b-" + UUID.randomUUID();
    private final IntxSimulator venue;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    VenueSide(final Path directory) throws IOException {
        this(directory, context -> context);
    }

    VenueSide(final Path directory, final UnaryOperator<IntxSimulator.Context> settings) throws IOException {
        log = directory.resolve("intx-venue");
        venue = IntxSimulator.launch(settings.apply(new IntxSimulator.Context().logDir(log).seed(42)
            // a test machine that stalls for a second is no clock that is off
            .fixToleranceNs(3_000_000_000L)
            .accounts(List.of(new weir.sim.intx.IntxAccount(keyA, SECRET_A, PASSPHRASE, "a", "1ap32qsc-1-0"),
                new weir.sim.intx.IntxAccount(keyB, SECRET_B, PASSPHRASE, "b", "1bq43rtd-1-0")))));
    }

    IntxAccount accountA() {
        return new IntxAccount(ACCOUNT_A, keyA, SECRET_A, PASSPHRASE, "1ap32qsc-1-0", rest());
    }

    IntxAccount accountB() {
        return new IntxAccount(ACCOUNT_B, keyB, SECRET_B, PASSPHRASE, "1bq43rtd-1-0", rest());
    }

    /** The first account with FIX beside REST. */
    IntxAccount accountOfTwoPaths() {
        return new IntxAccount(ACCOUNT_A, keyA, SECRET_A, PASSPHRASE, "1ap32qsc-1-0", rest(), fix());
    }

    FixAddress fix() {
        return new FixAddress("127.0.0.1", venue.fixPort(), false);
    }

    URI rest() {
        return URI.create("http://127.0.0.1:" + venue.httpPort() + "/api/v1");
    }

    JsonNode control(final String method, final String path, final String body) {
        try {
            final HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.controlPort() + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + ": " + response.body());
            }
            return json.readTree(response.body());
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError(ex);
        }
    }

    void fault(final String body) {
        control("POST", "/faults", body);
    }

    /** The house trades against what rests. */
    void take(final String symbol, final String side, final String price, final String qty) {
        quotes(symbol, side, price, qty, true);
    }

    /** The house rests an order. */
    void quote(final String symbol, final String side, final String price, final String qty) {
        quotes(symbol, side, price, qty, false);
    }

    void disconnect() {
        control("POST", "/disconnect", "");
    }

    /** Closes the connections of a door, "fix" or "rest". */
    void disconnect(final String door) {
        control("POST", "/disconnect?door=" + door, "");
    }

    JsonNode stats(final String portfolio) {
        return control("GET", "/stats", "").path("accounts").path(portfolio);
    }

    List<String> open(final String portfolio) {
        final List<String> ids = new ArrayList<>();
        control("GET", "/orders", "").path(portfolio).forEach(order -> ids.add(order.get("clOrdId").asText()));
        return ids;
    }

    /** Lines of the venue's own log of a kind. */
    List<JsonNode> log(final String kind) {
        final List<JsonNode> lines = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(log.resolve("venue.jsonl"))) {
                final JsonNode node = json.readTree(line);
                if (kind.equals(node.path("kind").asText())) {
                    lines.add(node);
                }
            }
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }

    private void quotes(final String symbol, final String side, final String price, final String qty,
        final boolean immediate) {
        control("POST", "/quotes", "{\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"immediate\":" + immediate
            + ",\"levels\":[{\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}]}");
    }
}
