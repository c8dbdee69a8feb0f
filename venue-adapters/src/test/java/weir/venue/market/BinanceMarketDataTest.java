package weir.venue.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.sim.binance.BinanceAccount;
import weir.sim.binance.BinanceSimulator;
import weir.venue.binance.BinanceMarket;

/** Instruments and prices of Binance Spot over HTTP, WebSocket and Aeron, against its simulator. */
class BinanceMarketDataTest {
    private static final long E8 = Scale.E8;

    @TempDir
    private Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> errors = new ArrayList<>();
    private BinanceSimulator venue;
    private EngineEar engine;
    private MarketData data;

    @BeforeEach
    void start() throws IOException {
        venue = BinanceSimulator.launch(new BinanceSimulator.Context().logDir(dir.resolve("venue")).seed(5)
            .accounts(List.of(BinanceAccount.hmac("key", "secret", "account")))
            .marketMaker(Map.of("BTCUSDT", new BigDecimal("60000"))).houseTakerIntervalNs(100_000_000L));
        engine = new EngineEar(dir);
        data = MarketData.launch(new MarketData.Context().aeron(engine.aeron()).clock(SystemEpochNanoClock.INSTANCE)
            .errorHandler(errors::add).refreshMs(60_000).silenceMs(2_500).reconnectMs(500, 1_000)
            .venue(new MarketData.Venue(new BinanceMarket(), URI.create("http://127.0.0.1:" + venue.httpPort()),
                URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws"), 9, 13, List.of(
                    listing(4, "BTC-USDT", "BTCUSDT"), listing(7, "ETH-USDT", "ETHUSDT")))));
    }

    @AfterEach
    void stop() throws IOException {
        data.close();
        engine.close();
        venue.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldLoadTermsAndPrices() throws Exception {
        assertEquals(new EngineEar.Terms(4, "BTC-USDT", "BTCUSDT", InstrumentKind.SPOT, InstrumentStatus.TRADING,
            E8 / 100, E8 / 100_000, E8 / 100_000, 5 * E8, E8, "USDT"), engine.awaitTerms("BTC", t -> t.id() == 4));
        final EngineEar.Price price = engine.awaitPrice("BTC", p -> p.id() == 4);
        assertTrue(price.bid() > 59_000 * E8 && price.ask() > price.bid(), price.toString());
        assertEquals(List.of(), data.awaitLoaded(10_000));
    }

    @Test
    void shouldTakePricesFromTheStreamsAndReconnectAfterSilence() throws Exception {
        engine.awaitPrice("BTC", p -> p.id() == 4);
        feedUp();
        quote("60001");
        engine.awaitPrice("the better bid", p -> p.id() == 4 && p.bid() == 60_001 * E8);
        control("/faults", "{\"wsSilent\":true}");
        engine.await("silence", () -> data.counters().get(MarketCounter.SILENCES) >= 1,
            () -> data.counters().toString());
        control("/faults", "{\"wsSilent\":false}");
        engine.await("a new connection", () -> data.counters().get(MarketCounter.CONNECTS) >= 2,
            () -> data.counters().toString());
        feedUp();
        quote("60002");
        engine.awaitPrice("the next bid", p -> p.id() == 4 && p.bid() == 60_002 * E8);
    }

    private void feedUp() throws InterruptedException {
        final long before = data.counters().get(MarketCounter.MESSAGES);
        engine.await("messages of the feed", () -> data.counters().get(MarketCounter.MESSAGES) > before + 2,
            () -> data.counters().toString());
    }

    private void quote(final String price) throws Exception {
        control("/quotes", "{\"symbol\":\"BTCUSDT\",\"side\":\"buy\",\"levels\":[{\"price\":\"" + price
            + "\",\"qty\":\"0.01\"}]}");
    }

    private static Listing listing(final int id, final String symbol, final String venueSymbol) {
        return new Listing(id, symbol, venueSymbol, true, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null);
    }

    private void control(final String path, final String body) throws Exception {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + path))
            .method("POST", HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }
}
