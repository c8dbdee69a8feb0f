package weir.sim.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.sim.binance.BinanceAccount;
import weir.sim.binance.BinanceSimulator;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.deribit.DeribitAccount;
import weir.sim.deribit.DeribitSimulator;
import weir.sim.intx.IntxAccount;
import weir.sim.intx.IntxSimulator;
import weir.sim.kraken.KrakenAccount;
import weir.sim.kraken.KrakenSimulator;

/**
 * ccxt of npm, as published, with another base address: loads the markets, quotes, rests an order, cancels it, trades
 * with the house, and is refused with a wrong secret. Needs Node and {@code npm install} in {@code src/test/clients}.
 */
final class CcxtTest {
    private static final Path CLIENTS = Path.of("src/test/clients").toAbsolutePath();
    private static final String SECRET = base64("the secret of a client that knows nothing of us, 64 bytes long.");
    private static final String WRONG = base64("another secret of a client that knows nothing of us, 64 long...");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeAll
    static void needNodeAndCcxt() throws Exception {
        assumeTrue(Files.isDirectory(CLIENTS.resolve("node_modules/ccxt")), "npm install in " + CLIENTS);
        boolean node;
        try {
            node = new ProcessBuilder("node", "--version").redirectErrorStream(true).start().waitFor() == 0;
        } catch (final IOException e) {
            node = false;
        }
        assumeTrue(node, "node");
    }

    private static String base64(final String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private JsonNode trade(final ObjectNode want) throws Exception {
        final Path out = directory.resolve("seen.json");
        final Process process = new ProcessBuilder("node", "trade.mjs", JSON.writeValueAsString(want))
            .directory(CLIENTS.toFile()).redirectOutput(out.toFile())
            .redirectError(directory.resolve("err").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "node did not end");
        final String seen = Files.readString(out);
        assertEquals(0, process.exitValue(), seen + Files.readString(directory.resolve("err")));
        return JSON.readTree(seen);
    }

    private static ObjectNode want(final String id, final String symbol, final Map<String, String> urls) {
        final ObjectNode want = JSON.createObjectNode().put("id", id).put("apiKey", "0123456789abcdef0123456789abcdef")
            .put("secret", SECRET).put("wrongSecret", WRONG).put("symbol", symbol).put("amount", 0.01)
            .put("rest", 50_000).put("cross", 60_100);
        urls.forEach(want.putObject("urls")::put);
        return want;
    }

    private static void judge(final JsonNode seen, final String wrongSecret) {
        judge(seen, wrongSecret, "taker");
    }

    /** @param liquidity what ccxt makes of the venue's list of fills, empty where that does not say. */
    private static void judge(final JsonNode seen, final String wrongSecret, final String liquidity) {
        final String all = seen.toString();
        assertTrue(seen.path("book").path("bid").asDouble() > 59_000 && seen.path("book").path("ask").asDouble()
            > seen.path("book").path("bid").asDouble(), all);
        assertEquals(1, seen.path("resting").path("open").size(), all);
        assertEquals(seen.path("resting").path("id"), seen.path("resting").path("open").get(0), all);
        assertEquals(0.01, seen.path("resting").path("remaining").asDouble(), 1e-12, all);
        assertEquals(0, seen.path("cancelled").path("open").asInt(-1), all);
        double amount = 0;
        for (final JsonNode trade : seen.path("trades")) {
            amount += trade.path("amount").asDouble();
            assertTrue(trade.path("price").asDouble() <= 60_100 && trade.path("fee").asDouble() > 0, all);
            assertEquals(liquidity, trade.path("takerOrMaker").asText(), all);
        }
        assertEquals(0.01, amount, 1e-9, all);
        assertEquals(wrongSecret, seen.path("wrongSecret").asText(), all);
    }

    @Test
    void shouldTradeAtCoinbaseExchange() throws Exception {
        try (CoinbaseSimulator venue = CoinbaseSimulator.launch(new CoinbaseSimulator.Context().logDir(directory)
            .marketMaker(Map.of("BTC-USD", new BigDecimal("60000.00")))
            .accounts(List.of(new VenueAccount("0123456789abcdef0123456789abcdef", SECRET, "words", "profile"))))) {
            final String base = "http://127.0.0.1:" + venue.restPort();
            judge(trade(want("coinbaseexchange", "BTC/USD", Map.of("public", base, "private", base))
                .put("password", "words")), "AuthenticationError");
        }
    }

    @Test
    void shouldTradeAtDeribit() throws Exception {
        try (DeribitSimulator venue = DeribitSimulator.launch(new DeribitSimulator.Context().logDir(directory)
            .marketMaker(Map.of("BTC_USDC-PERPETUAL", new BigDecimal("60000")))
            .accounts(List.of(new DeribitAccount("0123456789abcdef0123456789abcdef", SECRET, "account"))))) {
            judge(trade(want("deribit", "BTC/USDC:USDC", Map.of("rest", "http://127.0.0.1:" + venue.httpPort()))),
                "AuthenticationError");
        }
    }

    @Test
    void shouldTradeAtCoinbaseInternationalExchange() throws Exception {
        try (IntxSimulator venue = IntxSimulator.launch(new IntxSimulator.Context().logDir(directory)
            .marketMaker(Map.of("BTC-PERP", new BigDecimal("60000"))).accounts(List.of(new IntxAccount(
                "0123456789abcdef0123456789abcdef", SECRET, "words", "portfolio", "1ap32qsc-1-0"))))) {
            // ccxt names the instrument of open orders by its own symbol, which the venue does not know
            judge(trade(want("coinbaseinternational", "BTC/USDC:USDC", Map.of("rest", "http://127.0.0.1:"
                + venue.httpPort() + "/api")).put("password", "words").put("openOfAll", true)), "PermissionDenied", "");
        }
    }

    @Test
    void shouldTradeAtKrakenFutures() throws Exception {
        try (KrakenSimulator venue = KrakenSimulator.launch(new KrakenSimulator.Context().logDir(directory)
            .marketMaker(Map.of("PF_XBTUSD", new BigDecimal("60000")))
            .accounts(List.of(new KrakenAccount("0123456789abcdef0123456789abcdef", SECRET, "account"))))) {
            final String base = "http://127.0.0.1:" + venue.httpPort();
            judge(trade(want("krakenfutures", "BTC/USD:USD", Map.of("public", base + "/derivatives/api/", "private",
                base + "/derivatives/api/", "history", base + "/api/history/", "charts", base + "/api/charts/"))),
                "AuthenticationError");
        }
    }

    @Test
    void shouldTradeAtBinanceSpot() throws Exception {
        try (BinanceSimulator venue = BinanceSimulator.launch(new BinanceSimulator.Context().logDir(directory)
            .marketMaker(Map.of("BTCUSDT", new BigDecimal("60000")))
            .accounts(List.of(BinanceAccount.hmac("0123456789abcdef0123456789abcdef", SECRET, "account"))))) {
            final String base = "http://127.0.0.1:" + venue.httpPort();
            final ObjectNode want = want("binance", "BTC/USDT", Map.of("public", base + "/api/v3", "private",
                base + "/api/v3", "sapi", base + "/sapi/v1"));
            want.putObject("options").putArray("fetchMarkets").add("spot");
            judge(trade(want), "AuthenticationError");
        }
    }
}
