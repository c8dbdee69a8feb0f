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
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.venue.coinbase.CoinbaseMarket;

/** Instruments and prices of Coinbase Exchange over HTTP, WebSocket and Aeron, against its simulator. */
class CoinbaseMarketDataTest {
    private static final long E8 = Scale.E8;

    @TempDir
    private Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> errors = new ArrayList<>();
    private CoinbaseSimulator venue;
    private EngineEar engine;
    private MarketData data;

    @BeforeEach
    void start() throws IOException {
        venue = CoinbaseSimulator.launch(new CoinbaseSimulator.Context().logDir(dir.resolve("venue")).seed(5)
            .heartbeatIntervalNs(100_000_000L).statusIntervalNs(500_000_000L)
            .accounts(List.of(new VenueAccount("key", "AAECAwQFBgcICQoLDA0ODw==", "pass", "profile")))
            .marketMaker(Map.of("BTC-USD", new BigDecimal("60000.00"), "ETH-USD", new BigDecimal("3000.00"))));
        engine = new EngineEar(dir);
    }

    @AfterEach
    void stop() throws IOException {
        if (data != null) {
            data.close();
        }
        engine.close();
        venue.close();
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldLoadTermsAndPriceBeforeAnythingTrades() throws Exception {
        launch(2_000, 100);
        final EngineEar.Terms btc = engine.awaitTerms("BTC-USD", t -> t.id() == 1);
        assertEquals(new EngineEar.Terms(1, "BTC", "BTC-USD", InstrumentKind.SPOT, InstrumentStatus.TRADING, E8 / 100,
            1, 1, E8, E8, "USD"), btc);
        final EngineEar.Price price = engine.awaitPrice("BTC-USD", p -> p.id() == 1);
        assertTrue(price.bid() > 59_000 * E8 && price.ask() > price.bid(), price.toString());
        assertEquals(List.of(), data.awaitLoaded(10_000));
    }

    @Test
    void shouldFollowTickAndStateWhileRunning() throws Exception {
        launch(60_000, 100); // only the feed's status, never the refresh, tells in time
        engine.awaitTerms("BTC-USD", t -> t.id() == 1 && t.status() == InstrumentStatus.TRADING);
        feedUp();
        control("/products", "{\"id\":\"BTC-USD\",\"baseIncrement\":\"0.00000001\",\"quoteIncrement\":\"0.05\","
            + "\"minMarketFunds\":\"1\"}");
        engine.awaitTerms("the new tick", t -> t.id() == 1 && t.tick() == 5 * E8 / 100);
        control("/mode?product=BTC-USD&mode=DISABLED", "");
        engine.awaitTerms("the halt", t -> t.id() == 1 && t.status() == InstrumentStatus.HALTED);
        control("/mode?product=BTC-USD&mode=CANCEL_ONLY", "");
        engine.awaitTerms("cancel only", t -> t.id() == 1 && t.status() == InstrumentStatus.CANCEL_ONLY);
        control("/mode?product=BTC-USD&mode=POST_ONLY", "");
        assertEquals(5 * E8 / 100, engine.awaitTerms("trading again", t -> t.id() == 1
            && t.status() == InstrumentStatus.TRADING && t.tick() != E8 / 100).tick());
        assertEquals(1, engine.terms.stream().filter(t -> t.id() == 2).count(), "what did not change is not repeated");
    }

    @Test
    void shouldHaltWhatDisappearsAndTakeItBack() throws Exception {
        launch(300, 100);
        engine.awaitTerms("ETH-USD", t -> t.id() == 2);
        control("/products?delist=ETH-USD", "");
        assertEquals(E8 / 100, engine.awaitTerms("the halt", t -> t.id() == 2
            && t.status() == InstrumentStatus.HALTED).tick(), "its terms stay");
        assertEquals(1, data.counters().get(MarketCounter.DISAPPEARED));
        control("/feed/disconnect", "");
        waitFor(MarketCounter.CONNECTS, 2);
        feedUp(); // its name among the others would have the whole subscription refused
        assertEquals(0, data.counters().get(MarketCounter.VENUE_ERRORS), () -> data.counters().toString());
        control("/products", "{\"id\":\"ETH-USD\",\"baseIncrement\":\"0.001\",\"quoteIncrement\":\"0.01\","
            + "\"minMarketFunds\":\"1\"}");
        engine.awaitTerms("its return", t -> t.id() == 2 && t.status() == InstrumentStatus.TRADING
            && t.lot() == E8 / 1_000);
        waitFor(MarketCounter.CONNECTS, 3); // to subscribe it again
        feedUp();
        engine.prices.clear();
        control("/prints", "{\"product\":\"ETH-USD\",\"price\":\"3123.00\"}");
        engine.awaitPrice("its print by the feed", p -> p.id() == 2 && p.last() == 3_123 * E8);
    }

    @Test
    void shouldConflateAThousandPricesASecondToTenAndDeliverTheLast() throws Exception {
        launch(60_000, 100);
        engine.awaitPrice("BTC-USD", p -> p.id() == 1);
        feedUp();
        final long startNs = System.nanoTime();
        final Thread prints = new Thread(() -> {
            try {
                control("/prints", "{\"product\":\"BTC-USD\",\"price\":\"60000.00\",\"step\":\"0.01\",\"count\":3000,"
                    + "\"perSecond\":1000}");
            } catch (final Exception ex) {
                errors.add(ex);
            }
        });
        prints.start();
        final long lastE8 = 60_000 * E8 + 2_999 * (E8 / 100);
        final EngineEar.Price last = engine.awaitPrice("the last print", p -> p.last() == lastE8);
        prints.join();
        engine.listen(300);
        final List<EngineEar.Price> taken =
            engine.prices.stream().filter(p -> p.id() == 1 && p.last() > 0 && p.last() <= lastE8).toList();
        final long ms = (last.takenNs() - startNs) / 1_000_000L;
        assertTrue(taken.size() <= ms / 100 + 3, taken.size() + " prices in " + ms + " ms");
        assertTrue(taken.size() >= 5, taken.size() + " prices in " + ms + " ms");
        assertEquals(lastE8, taken.get(taken.size() - 1).last());
        assertTrue(data.counters().get(MarketCounter.PRICES) >= 3_000, () -> data.counters().toString());
        assertTrue(data.counters().get(MarketCounter.CONFLATED) > 2_000, () -> data.counters().toString());
    }

    @Test
    void shouldLoseNothingButIntermediatePricesUnderBackPressure() throws Exception {
        launch(300, 1);
        engine.awaitTerms("ETH-USD", t -> t.id() == 2);
        feedUp();
        control("/prints", "{\"product\":\"BTC-USD\",\"price\":\"50000.00\",\"step\":\"0.01\",\"count\":6000,"
            + "\"perSecond\":3000}"); // nobody polls: one term of 64 KiB fills
        control("/mode?product=ETH-USD&mode=CANCEL_ONLY", "");
        Thread.sleep(700);
        control("/mode?product=ETH-USD&mode=ONLINE", "");
        Thread.sleep(700);
        assertTrue(data.counters().get(MarketCounter.BACK_PRESSURE) > 0, () -> data.counters().toString());
        engine.awaitPrice("the last print", p -> p.last() == 50_000 * E8 + 5_999 * (E8 / 100));
        engine.awaitTerms("cancel only, though over by then", t -> t.id() == 2
            && t.status() == InstrumentStatus.CANCEL_ONLY);
        engine.awaitTerms("trading again", t -> t.id() == 2 && t.status() == InstrumentStatus.TRADING);
        assertEquals(InstrumentStatus.TRADING, engine.terms.get(engine.terms.size() - 1).status());
    }

    @Test
    void shouldRefreshQuietPriceAtHalfItsAgeAndNotMoreOften() throws Exception {
        launch(60_000, 10);
        engine.awaitPrice("ETH-USD", p -> p.id() == 2);
        engine.listen(3_000);
        final List<EngineEar.Price> prices = engine.prices.stream().filter(p -> p.id() == 2).toList();
        for (int i = 1; i < prices.size(); i++) {
            final long apartMs = (prices.get(i).observedNs() - prices.get(i - 1).observedNs()) / 1_000_000L;
            assertTrue(apartMs >= 499, prices.toString());
        }
        assertTrue(prices.size() >= 3, prices.toString());
    }

    @Test
    void shouldReconnectAfterSilenceDropAndDisconnectAndTakeASnapshot() throws Exception {
        launch(60_000, 100);
        engine.awaitPrice("BTC-USD", p -> p.id() == 1);
        feedUp();
        control("/faults", "{\"feedSilent\":true}");
        waitFor(MarketCounter.SILENCES, 1);
        control("/faults", "{\"feedSilent\":false}");
        waitFor(MarketCounter.CONNECTS, 2);
        feedUp();
        control("/feed/disconnect", "");
        waitFor(MarketCounter.CONNECTS, 3);
        feedUp();
        control("/faults", "{\"feedDrop\":1}");
        print("61000.00");
        engine.awaitPrice("the print whose message was lost, by REST", p -> p.last() == 61_000 * E8);
        waitFor(MarketCounter.CONNECTS, 4);
        feedUp();
        print("62000.00");
        engine.awaitPrice("a print on the new connection", p -> p.last() == 62_000 * E8);
        final String stats = control("GET", "/stats", "");
        assertTrue(stats.contains("\"notSubscribed\":0"), stats);
    }

    @Test
    void shouldCountGapAndAskForThePrice() throws Exception {
        launch(60_000, 100);
        engine.awaitPrice("BTC-USD", p -> p.id() == 1);
        feedUp();
        print("60000.00");
        engine.awaitPrice("a print", p -> p.last() == 60_000 * E8);
        control("/faults", "{\"feedGap\":1}");
        print("60500.00");
        engine.awaitPrice("the print that the feed left out", p -> p.last() == 60_500 * E8);
        waitFor(MarketCounter.GAPS, 1);
    }

    @Test
    void shouldCountGarbageAndGoOn() throws Exception {
        control("/faults", "{\"restGarbage\":2}");
        launch(60_000, 100);
        engine.awaitTerms("BTC-USD after garbage", t -> t.id() == 1);
        feedUp();
        control("/faults", "{\"feedGarbage\":1}");
        print("60100.00");
        print("60200.00");
        engine.awaitPrice("a print after garbage", p -> p.last() == 60_200 * E8);
        assertTrue(data.counters().get(MarketCounter.GARBAGE) >= 3, () -> data.counters().toString());
    }

    @Test
    void shouldDatePriceByHowLateItCame() throws Exception {
        launch(60_000, 100);
        engine.awaitPrice("BTC-USD", p -> p.id() == 1);
        feedUp();
        print("60000.00");
        engine.awaitPrice("a print in time", p -> p.last() == 60_000 * E8);
        control("/faults", "{\"feedDelayMs\":400}");
        final long printedNs = SystemEpochNanoClock.INSTANCE.nanoTime();
        print("60001.00");
        final EngineEar.Price late = engine.awaitPrice("a late print", p -> p.last() == 60_001 * E8);
        assertTrue(late.observedNs() - printedNs < 300_000_000L, "dated "
            + (late.observedNs() - printedNs) / 1_000_000L + " ms after the trade");
    }

    @Test
    void shouldStayWithinThePublicBudget() throws Exception {
        launch(50, 10);
        engine.listen(3_000);
        final String stats = control("GET", "/stats", "");
        assertTrue(stats.contains("\"public\":{") && stats.contains("\"refused\":0"), stats);
        assertEquals(0, data.counters().get(MarketCounter.REST_FAILURES), stats);
    }

    @Test
    void shouldNameWhatTheVenueDoesNotList() throws Exception {
        final MarketData.Context context = context(60_000, 100);
        context.venue(new MarketData.Venue(new CoinbaseMarket(), rest(), socket(), 9, 13,
            List.of(listing(1, "BTC", "BTC-USD"), listing(9, "NOPE", "NOPE-USD"))));
        data = MarketData.launch(context);
        assertEquals(List.of("NOPE (NOPE-USD at coinbase)"), data.awaitLoaded(10_000));
    }

    @Test
    void shouldNameAllWhenTheVenueDoesNotAnswerAndLoadWhenItDoes() throws Exception {
        control("/faults", "{\"restGarbage\":-1}");
        launch(60_000, 100);
        assertEquals(2, data.awaitLoaded(600).size());
        control("/faults", "{\"restGarbage\":0}");
        engine.awaitTerms("BTC-USD", t -> t.id() == 1);
        assertEquals(List.of(), data.awaitLoaded(10_000));
    }

    private void launch(final int refreshMs, final int conflateMs) {
        data = MarketData.launch(context(refreshMs, conflateMs).venue(new MarketData.Venue(new CoinbaseMarket(),
            rest(), socket(), 9, 13, List.of(listing(1, "BTC", "BTC-USD"), listing(2, "ETH", "ETH-USD")))));
    }

    private MarketData.Context context(final int refreshMs, final int conflateMs) {
        return new MarketData.Context().aeron(engine.aeron()).clock(SystemEpochNanoClock.INSTANCE)
            .errorHandler(errors::add).refreshMs(refreshMs).conflateMs(conflateMs).silenceMs(1_500)
            .reconnectMs(50, 500);
    }

    private static Listing listing(final int id, final String symbol, final String venueSymbol) {
        return new Listing(id, symbol, venueSymbol, true, true, 1_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null);
    }

    private URI rest() {
        return URI.create("http://127.0.0.1:" + venue.restPort());
    }

    private URI socket() {
        return URI.create("ws://127.0.0.1:" + venue.wsPort());
    }

    /** Waits until the connection said something: the subscription is in force. */
    private void feedUp() throws InterruptedException {
        final long before = data.counters().get(MarketCounter.MESSAGES);
        engine.await("a message of the feed", () -> data.counters().get(MarketCounter.MESSAGES) > before + 2,
            () -> data.counters().toString());
    }

    private void waitFor(final MarketCounter counter, final long count) throws InterruptedException {
        engine.await(count + " " + counter, () -> data.counters().get(counter) >= count,
            () -> data.counters().toString());
    }

    private void print(final String price) throws Exception {
        control("/prints", "{\"product\":\"BTC-USD\",\"price\":\"" + price + "\"}");
    }

    private void control(final String path, final String body) throws Exception {
        control("POST", path, body);
    }

    private String control(final String method, final String path, final String body) throws Exception {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }
}
