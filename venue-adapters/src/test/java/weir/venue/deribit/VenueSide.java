package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import weir.sim.deribit.DeribitSimulator;

/** The Deribit simulator with two accounts of the highest tier, and what a tester does to it by its control door. */
final class VenueSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String SECRET_A = "W0H6FJW4IRPZ1MOQ8FP6KMC5RZDUUKXS";
    static final String SECRET_B = "AMANDASECRECT00000000000000000B";

    final String keyA = "a" + UUID.randomUUID().toString().substring(0, 7);
    final String keyB = "b" + UUID.randomUUID().toString().substring(0, 7);
    private final DeribitSimulator venue;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    VenueSide(final Path directory, final BigDecimal volumeUsd,
        final UnaryOperator<DeribitSimulator.Context> settings) throws IOException {
        log = directory.resolve("deribit-venue");
        venue = DeribitSimulator.launch(settings.apply(new DeribitSimulator.Context().logDir(log).seed(42)
            .accounts(List.of(new weir.sim.deribit.DeribitAccount(keyA, SECRET_A, "a", true, volumeUsd),
                new weir.sim.deribit.DeribitAccount(keyB, SECRET_B, "b", true, volumeUsd)))));
    }

    int port() {
        return venue.httpPort();
    }

    DeribitAccount accountA() {
        return new DeribitAccount(ACCOUNT_A, keyA, SECRET_A, http(), socket(), false);
    }

    DeribitAccount accountB() {
        return new DeribitAccount(ACCOUNT_B, keyB, SECRET_B, http(), socket(), false);
    }

    URI http() {
        return URI.create("http://127.0.0.1:" + port() + "/api/v2");
    }

    URI socket() {
        return URI.create("ws://127.0.0.1:" + port() + "/ws/api/v2");
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
