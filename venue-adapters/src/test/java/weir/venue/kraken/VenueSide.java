package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import weir.sim.kraken.KrakenSimulator;

/** The Kraken Futures simulator with two accounts, and what a tester does to it through its control door. */
final class VenueSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String SECRET_A =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    static final String SECRET_B =
        "7zxMEF5p/Z8l2p2U7Ghv6x14Af+Fx+92tPgUdVQ748FOIrEoT9bgT+bTRfXc5pz8na+hL/QdrCVG7bh9KpT0eMTm";

    final String keyA = "key-a-" + UUID.randomUUID();
    final String keyB = "key-b-" + UUID.randomUUID();
    private final KrakenSimulator venue;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    VenueSide(final Path directory) throws IOException {
        this(directory, context -> context);
    }

    VenueSide(final Path directory, final UnaryOperator<KrakenSimulator.Context> settings) throws IOException {
        log = directory.resolve("kraken-venue");
        venue = KrakenSimulator.launch(settings.apply(new KrakenSimulator.Context().logDir(log).seed(42)
            .accounts(List.of(new weir.sim.kraken.KrakenAccount(keyA, SECRET_A, "a"),
                new weir.sim.kraken.KrakenAccount(keyB, SECRET_B, "b")))));
    }

    int port() {
        return venue.httpPort();
    }

    KrakenAccount accountA() {
        return new KrakenAccount(ACCOUNT_A, keyA, SECRET_A, rest(), socket(), false);
    }

    KrakenAccount accountB() {
        return new KrakenAccount(ACCOUNT_B, keyB, SECRET_B, rest(), socket(), false);
    }

    URI rest() {
        return URI.create("http://127.0.0.1:" + port() + "/derivatives");
    }

    URI socket() {
        return URI.create("ws://127.0.0.1:" + port() + "/ws/v1");
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

    /** Sets the mark price that collars are measured from. */
    void mark(final String symbol, final String price) {
        control("POST", "/mark?symbol=" + symbol + "&price=" + price, "");
    }

    void dropSockets() {
        control("POST", "/disconnect", "");
    }

    JsonNode stats(final String account) {
        return control("GET", "/stats", "").path("accounts").path(account);
    }

    JsonNode allStats() {
        return control("GET", "/stats", "");
    }

    JsonNode openOrders(final String account) {
        return control("GET", "/orders", "").path(account);
    }

    String log() {
        final StringBuilder text = new StringBuilder();
        try (var files = Files.walk(log)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
        return text.toString();
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
