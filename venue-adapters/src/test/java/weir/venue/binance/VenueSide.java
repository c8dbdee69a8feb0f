package weir.venue.binance;

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
import weir.protocol.sbe.SelfTradePrevention;
import weir.sim.binance.BinanceSimulator;

/** The Binance simulator with two accounts, HMAC and Ed25519, and what a tester does to it through its control door. */
final class VenueSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String SECRET_A = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    /** The documents' example key. */
    static final String SECRET_B = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u";
    static final String PUBLIC_B = "GUIKv9dSpWXBViXp2m6vAIb8QMFJYBgyFEQsFJlqgA0=";

    final String keyA = "key-a-" + UUID.randomUUID();
    final String keyB = "key-b-" + UUID.randomUUID();
    private final BinanceSimulator venue;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    VenueSide(final Path directory) throws IOException {
        this(directory, context -> context);
    }

    VenueSide(final Path directory, final UnaryOperator<BinanceSimulator.Context> settings) throws IOException {
        log = directory.resolve("binance-venue");
        venue = BinanceSimulator.launch(settings.apply(new BinanceSimulator.Context().logDir(log).seed(42)
            .accounts(List.of(weir.sim.binance.BinanceAccount.hmac(keyA, SECRET_A, "a"),
                weir.sim.binance.BinanceAccount.ed25519(keyB, PUBLIC_B, "b")))));
    }

    BinanceAccount accountA() {
        return new BinanceAccount(ACCOUNT_A, keyA, SECRET_A, rest(), socket(), false, SelfTradePrevention.NONE);
    }

    BinanceAccount accountB() {
        return new BinanceAccount(ACCOUNT_B, keyB, SECRET_B, rest(), socket(), false, SelfTradePrevention.NONE);
    }

    URI rest() {
        return URI.create("http://127.0.0.1:" + venue.httpPort());
    }

    URI socket() {
        return URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws-api/v3");
    }

    URI streams() {
        return URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws");
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

    void dropSockets() {
        control("POST", "/disconnect", "");
    }

    JsonNode stats() {
        return control("GET", "/stats", "");
    }

    JsonNode stats(final String account) {
        return stats().path("accounts").path(account);
    }

    JsonNode address() {
        return stats().path("addresses").path("127.0.0.1");
    }

    JsonNode openOrders(final String account) {
        return control("GET", "/orders", "").path(account);
    }

    String log() {
        try {
            return Files.readString(log.resolve("venue.jsonl"));
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    /** Lines of the venue's log that contain all of some words. */
    long logged(final String... words) {
        return log().lines().filter(line -> List.of(words).stream().allMatch(line::contains)).count();
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
