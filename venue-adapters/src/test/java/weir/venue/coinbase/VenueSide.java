package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.coinbase.WindowAlignment;

/** The simulated venue with two profiles, which counts in sliding seconds, and its side door. */
final class VenueSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String SECRET_A =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
    static final String PASSPHRASE_A = "pass-phrase-one";
    private static final AtomicInteger KEYS = new AtomicInteger();

    /** Of this venue only: QuickFIX/J knows sessions by their CompIDs across the whole process. */
    final String keyA = String.format("%032x", 0xa0000 + KEYS.incrementAndGet());
    final String keyB = String.format("%032x", 0xb0000 + KEYS.incrementAndGet());
    static final String SECRET_B = Base64.getEncoder()
        .encodeToString("another secret of thirty-two byte".getBytes(StandardCharsets.US_ASCII));
    static final String PASSPHRASE_B = "pass-phrase-two";

    private final CoinbaseSimulator venue;
    private final Path directory;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    VenueSide(final Path directory) throws IOException {
        this(directory, 0, 0);
    }

    VenueSide(final Path directory, final int fixPort, final int restPort) throws IOException {
        this(directory, fixPort, restPort, context -> context);
    }

    VenueSide(final Path directory, final int fixPort, final int restPort,
        final UnaryOperator<CoinbaseSimulator.Context> settings) throws IOException {
        this.directory = directory.resolve("venue");
        venue = CoinbaseSimulator.launch(settings.apply(new CoinbaseSimulator.Context()
            .fixPort(fixPort).restPort(restPort).logDir(this.directory).windowAlignment(WindowAlignment.SLIDING)
            .accounts(List.of(new VenueAccount(keyA, SECRET_A, PASSPHRASE_A, "profile-a"),
                new VenueAccount(keyB, SECRET_B, PASSPHRASE_B, "profile-b")))));
    }

    /** A venue on the ports of one that ended, once nobody else has them for a moment. */
    static VenueSide again(final Path directory, final int fixPort, final int restPort,
        final UnaryOperator<CoinbaseSimulator.Context> settings) throws IOException {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try (ServerSocket fix = new ServerSocket(fixPort, 1, InetAddress.getLoopbackAddress());
                ServerSocket rest = new ServerSocket(restPort, 1, InetAddress.getLoopbackAddress())) {
                assert fix.isBound() && rest.isBound();
                break;
            } catch (final BindException ex) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw ex;
                }
                LockSupport.parkNanos(50_000_000L);
            }
        }
        return new VenueSide(directory, fixPort, restPort, settings);
    }

    int fixPort() {
        return venue.fixPort();
    }

    int restPort() {
        return venue.restPort();
    }

    CoinbaseAccount accountA() {
        return new CoinbaseAccount(ACCOUNT_A, keyA, SECRET_A, PASSPHRASE_A, "127.0.0.1", fixPort(), restUri(), false);
    }

    /** With the second path. */
    CoinbaseAccount accountOfTwoPaths() {
        return new CoinbaseAccount(ACCOUNT_A, keyA, SECRET_A, PASSPHRASE_A, "127.0.0.1", fixPort(), restUri(), false,
            URI.create("ws://127.0.0.1:" + restPort()));
    }

    CoinbaseAccount accountB() {
        return new CoinbaseAccount(ACCOUNT_B, keyB, SECRET_B, PASSPHRASE_B, "127.0.0.1", fixPort(), restUri(), false);
    }

    URI restUri() {
        return URI.create("http://127.0.0.1:" + restPort());
    }

    JsonNode control(final String method, final String path, final String body) {
        try {
            final HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + venue.controlPort() + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
            final HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
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

    void quote(final String product, final String side, final String price, final String qty) {
        control("POST", "/quotes", "{\"product\":\"" + product + "\",\"side\":\"" + side
            + "\",\"levels\":[{\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}]}");
    }

    void take(final String product, final String side, final String price, final String qty) {
        control("POST", "/quotes", "{\"product\":\"" + product + "\",\"side\":\"" + side + "\",\"tif\":\"IOC\""
            + ",\"levels\":[{\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}]}");
    }

    /** So many trades, one after the other. */
    void takeEach(final String product, final String side, final String price, final String qty, final int count) {
        final String level = "{\"price\":\"" + price + "\",\"qty\":\"" + qty + "\"}";
        control("POST", "/quotes", "{\"product\":\"" + product + "\",\"side\":\"" + side + "\",\"tif\":\"IOC\""
            + ",\"levels\":[" + level + ("," + level).repeat(count - 1) + "]}");
    }

    JsonNode stats(final String apiKey) {
        return control("GET", "/stats", "").path("sessions").path(apiKey);
    }

    JsonNode openOrders(final String profile) {
        return control("GET", "/orders", "").path(profile);
    }

    String log() {
        try {
            return Files.readString(directory.resolve("venue.jsonl"));
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    String fixLog() {
        try {
            return Files.readString(directory.resolve("fix-in.log"), StandardCharsets.ISO_8859_1);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    @Override
    public void close() throws IOException {
        venue.close();
    }
}
