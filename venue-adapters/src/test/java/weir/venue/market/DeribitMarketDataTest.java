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
import weir.sim.deribit.DeribitAccount;
import weir.sim.deribit.DeribitSimulator;
import weir.venue.deribit.DeribitMarket;

/** Instruments and prices of Deribit over HTTP, WebSocket and Aeron, against its simulator. */
class DeribitMarketDataTest {
    private static final long E8 = Scale.E8;

    @TempDir
    private Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> errors = new ArrayList<>();
    private DeribitSimulator venue;
    private EngineEar engine;
    private MarketData data;

    @BeforeEach
    void start() throws IOException {
        venue = DeribitSimulator.launch(new DeribitSimulator.Context().logDir(dir.resolve("venue")).seed(5)
            .accounts(List.of(new DeribitAccount("key", "secret", "account")))
            .marketMaker(Map.of("BTC-PERPETUAL", new BigDecimal("60000"), "BTC_USDC-PERPETUAL",
                new BigDecimal("60000"), "BTC_USDC", new BigDecimal("60000"))));
        engine = new EngineEar(dir);
        data = launch(2_500, 9, 13, List.of(listing(4, "BTC-PERP", "BTC-PERPETUAL"),
            listing(7, "BTC-LIN", "BTC_USDC-PERPETUAL"), listing(8, "BTC-SPOT", "BTC_USDC")));
    }

    private MarketData launch(final int silenceMs, final int perSecond, final int burst,
        final List<Listing> listings) {
        return MarketData.launch(new MarketData.Context().aeron(engine.aeron()).clock(SystemEpochNanoClock.INSTANCE)
            .errorHandler(errors::add).refreshMs(60_000).silenceMs(silenceMs).reconnectMs(500, 1_000)
            .venue(new MarketData.Venue(new DeribitMarket(),
                URI.create("http://127.0.0.1:" + venue.httpPort() + "/api/v2"),
                URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws/api/v2"), perSecond, burst, listings)));
    }

    @AfterEach
    void stop() throws IOException {
        data.close();
        engine.close();
        venue.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldLoadInverseLinearAndSpotTermsAndPrices() throws Exception {
        assertEquals(new EngineEar.Terms(4, "BTC-PERP", "BTC-PERPETUAL", InstrumentKind.INVERSE,
            InstrumentStatus.TRADING, E8 / 2, 10 * E8, 10 * E8, 0, E8, "USD"),
            engine.awaitTerms("the inverse one", t -> t.id() == 4));
        assertEquals(new EngineEar.Terms(7, "BTC-LIN", "BTC_USDC-PERPETUAL", InstrumentKind.LINEAR,
            InstrumentStatus.TRADING, E8 / 2, E8 / 10_000, E8 / 10_000, 0, E8, "USDC"),
            engine.awaitTerms("the linear one", t -> t.id() == 7));
        assertEquals(new EngineEar.Terms(8, "BTC-SPOT", "BTC_USDC", InstrumentKind.SPOT,
            InstrumentStatus.TRADING, E8, E8 / 10_000, E8 / 10_000, 0, E8, "USDC"),
            engine.awaitTerms("the spot pair", t -> t.id() == 8));
        final EngineEar.Price price = engine.awaitPrice("the inverse one", p -> p.id() == 4);
        assertTrue(price.bid() > 59_000 * E8 && price.ask() > price.bid(), price.toString());
        assertEquals(List.of(), data.awaitLoaded(10_000));
    }

    @Test
    void shouldLoadTheWholeListThoughPricesOfEmptyBooksAreAskedFor() throws Exception {
        data.close();
        final long startNs = System.nanoTime();
        data = launch(60_000, 2, 2, List.of(listing(9, "ETH-LIN", "ETH_USDC-PERPETUAL"),
            listing(4, "BTC-PERP", "BTC-PERPETUAL"), listing(8, "BTC-SPOT", "BTC_USDC")));
        assertEquals(List.of(), data.awaitLoaded(10_000));
        engine.awaitPrice("the spot pair, the last in line", p -> p.id() == 8);
        Thread.sleep(Math.max(0, 8_000 - (System.nanoTime() - startNs) / 1_000_000L));
        // the list, again when the feed stands, two prices, and the empty book after pauses of 1, 2 and 4 s
        final long calls = data.counters().get(MarketCounter.REST_CALLS);
        assertTrue(calls <= 12, calls + " calls in 8 s: the budget of 18 is not spent on nothing");
    }

    @Test
    void shouldAskSeldomForAPriceThatCannotBeHadAndNotAtAllForWhatIsNotListed() throws Exception {
        data.close();
        data = launch(60_000, 9, 13, List.of(
            new Listing(9, "OLD", "BTC-1JAN20", false, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null),
            listing(10, "GONE", "BTC-2JAN20"), listing(4, "BTC-PERP", "BTC-PERPETUAL")));
        assertEquals(1, data.awaitLoaded(10_000).size(), "the one that is to be loaded");
        Thread.sleep(10_000);
        // the first after 0, 1, 3 and 7 s; the other at most before the list was there
        final long failures = data.counters().get(MarketCounter.REST_FAILURES);
        assertTrue(failures >= 2 && failures <= 6, () -> data.counters().toString());
        engine.awaitPrice("the one that lives", p -> p.id() == 4);
    }

    @Test
    void shouldNotTakeAQuietMarketForADeadLine() throws Exception {
        data.close();
        data = launch(4_000, 9, 13, List.of(listing(4, "BTC-PERP", "BTC-PERPETUAL")));
        engine.await("four answers to questions", () -> data.counters().get(MarketCounter.MESSAGES) >= 6,
            () -> data.counters().toString());
        assertEquals(0, data.counters().get(MarketCounter.SILENCES), () -> data.counters().toString());
        assertEquals(1, data.counters().get(MarketCounter.CONNECTS), () -> data.counters().toString());
    }

    @Test
    void shouldFollowTheFeedStateAndPricesAndReconnectAfterSilence() throws Exception {
        engine.awaitPrice("the inverse one", p -> p.id() == 4);
        engine.await("the subscription", () -> data.counters().get(MarketCounter.MESSAGES) >= 3,
            () -> data.counters().toString());
        quote("60001");
        engine.awaitPrice("the better bid", p -> p.id() == 4 && p.bid() == 60_001 * E8);
        control("/instrument", "{\"instrument_name\":\"BTC-PERPETUAL\",\"state\":\"locked\"}");
        engine.awaitTerms("the lock", t -> t.id() == 4 && t.status() == InstrumentStatus.HALTED);
        control("/instrument", "{\"instrument_name\":\"BTC-PERPETUAL\",\"state\":\"open\"}");
        engine.awaitTerms("trading again", t -> t.id() == 4 && t.status() == InstrumentStatus.TRADING);
        control("/faults", "{\"wsSilent\":true}");
        engine.await("silence", () -> data.counters().get(MarketCounter.SILENCES) >= 1,
            () -> data.counters().toString());
        final long before = data.counters().get(MarketCounter.MESSAGES);
        control("/faults", "{\"wsSilent\":false}");
        engine.await("a new connection and what it subscribed to",
            () -> data.counters().get(MarketCounter.CONNECTS) >= 2
                && data.counters().get(MarketCounter.MESSAGES) > before + 2, () -> data.counters().toString());
        quote("60002");
        engine.awaitPrice("the next bid", p -> p.id() == 4 && p.bid() == 60_002 * E8);
    }

    private void quote(final String price) throws Exception {
        control("/quotes", "{\"symbol\":\"BTC-PERPETUAL\",\"side\":\"buy\",\"levels\":[{\"price\":\"" + price
            + "\",\"qty\":\"10\"}]}");
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
