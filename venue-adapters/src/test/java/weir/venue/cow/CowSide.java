package weir.venue.cow;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import weir.chain.Address;
import weir.chain.SecretKeySigner;
import weir.sim.cow.CowSimulator;

/** The venue: a simulator with two owners, whose solvers rest unless the test lets them, and a hand on the house. */
final class CowSide implements AutoCloseable {
    static final int ACCOUNT_A = 1;
    static final int ACCOUNT_B = 2;
    static final String KEY_A = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    static final String KEY_B = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    static final CowToken WETH =
        new CowToken("WETH", Address.parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"), 18);
    static final CowToken USDC =
        new CowToken("USDC", Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"), 6);
    /** A token of few decimals, in which little fits. */
    static final CowToken EURX =
        new CowToken("EURX", Address.parse("0x00000000000000000000000000000000000000e4"), 4);
    static final CowPair WETH_USDC = new CowPair("WETH-USDC", WETH, USDC, 1_000_000, 10_000, 10_000);
    static final CowPair WETH_EURX = new CowPair("WETH-EURX", WETH, EURX, 1_000_000, 1_000_000, 1_000_000);

    private final CowSimulator venue;
    private final Path log;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final List<SecretKeySigner> signers = new ArrayList<>();

    CowSide(final Path directory) throws IOException {
        this(directory, context -> context);
    }

    CowSide(final Path directory, final UnaryOperator<CowSimulator.Context> settings) throws IOException {
        log = directory.resolve("cow-venue");
        final List<weir.sim.cow.CowToken> tokens = new ArrayList<>(weir.sim.cow.CowToken.defaults());
        tokens.add(new weir.sim.cow.CowToken("EURX", EURX.address().lower(), 4, BigDecimal.ONE));
        venue = CowSimulator.launch(settings.apply(new CowSimulator.Context().logDir(log).seed(42).tokens(tokens)
            .auctionNs(100_000_000L).feeUsd(BigDecimal.ZERO).spreadBps(0).requestsPerSecond(1_000).openOrdersMax(50)
            .validityMinS(0).accounts(List.of(owner("a", KEY_A), owner("b", KEY_B)))));
        fault("{\"solversDown\":1}");
    }

    static weir.sim.cow.CowAccount owner(final String name, final String key) {
        return owner(name, key, Map.of());
    }

    static weir.sim.cow.CowAccount owner(final String name, final String key,
        final Map<String, BigDecimal> allowances) {
        try (SecretKeySigner signer = SecretKeySigner.of(() -> key)) {
            return new weir.sim.cow.CowAccount(name, signer.address().toString(), Map.of(), allowances);
        }
    }

    CowAccount accountA() {
        return account(ACCOUNT_A, KEY_A);
    }

    CowAccount accountB() {
        return account(ACCOUNT_B, KEY_B);
    }

    private CowAccount account(final int accountId, final String key) {
        final SecretKeySigner signer = SecretKeySigner.of(() -> key);
        signers.add(signer);
        return new CowAccount(accountId, signer, rest());
    }

    URI rest() {
        return URI.create("http://127.0.0.1:" + venue.httpPort());
    }

    /** Settings under which a test does not wait for minutes. */
    CowAdapter.Context settings() {
        return new CowAdapter.Context().account(accountA()).pair(WETH_USDC).pair(WETH_EURX).requestsPerSecond(200)
            .graceMs(200).pollMs(100).cancelGraceMs(300).expiryGraceMs(300).lostGraceMs(1_000).validityMinS(1)
            .immediateValidityS(2).requestTimeoutMs(5_000).queryTimeoutMs(15_000).reconnectMinMs(100)
            .reconnectMaxMs(500).barMinMs(500);
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

    void fault(final String faults) {
        control("POST", "/faults", faults);
    }

    /** The house gives so much base for the quote, and settles at once. */
    void take(final CowPair pair, final String price, final String qty) {
        house(pair, price, qty);
        control("POST", "/settle", "{}");
    }

    /** The house would give so much base for the quote, whenever an auction is. */
    void house(final CowPair pair, final String price, final String qty) {
        control("POST", "/token", "{\"symbol\":\"" + pair.base().symbol() + "\",\"priceUsd\":\"" + price + "\"}");
        control("POST", "/token", "{\"symbol\":\"" + pair.quote().symbol() + "\",\"liquidity\":\""
            + new BigDecimal(price).multiply(new BigDecimal(qty)).toPlainString() + "\"}");
    }

    List<JsonNode> open() {
        final List<JsonNode> open = new ArrayList<>();
        control("GET", "/orders", "").path("open").forEach(open::add);
        return open;
    }

    JsonNode stats() {
        return control("GET", "/stats", "");
    }

    /** Lines of the venue's log of a kind. */
    List<JsonNode> facts(final String kind) throws IOException {
        final List<JsonNode> facts = new ArrayList<>();
        for (final String line : Files.readAllLines(log.resolve("venue.jsonl"))) {
            final JsonNode node = json.readTree(line);
            if (kind.equals(node.path("kind").asText())) {
                facts.add(node);
            }
        }
        return facts;
    }

    @Override
    public void close() throws IOException {
        signers.forEach(SecretKeySigner::close);
        venue.close();
    }
}
