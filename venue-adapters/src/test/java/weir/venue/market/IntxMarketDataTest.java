package weir.venue.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.sim.intx.IntxAccount;
import weir.sim.intx.IntxSimulator;
import weir.venue.intx.IntxMarket;

/** Instruments and prices of Coinbase International Exchange over HTTP and Aeron, against its simulator. */
class IntxMarketDataTest {
    private static final long E8 = Scale.E8;

    @TempDir
    private Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldLoadTermsAndFollowPricesAndStatesWithoutAFeed() throws Exception {
        try (IntxSimulator venue = IntxSimulator.launch(new IntxSimulator.Context().logDir(dir.resolve("venue")).seed(5)
                .accounts(List.of(new IntxAccount("key", "AAECAwQFBgcICQoLDA0ODw==", "pass", "a", "1ap32qsc-1-0")))
                .marketMaker(Map.of("BTC-PERP", new BigDecimal("60000"))));
            EngineEar engine = new EngineEar(dir);
            MarketData data = MarketData.launch(new MarketData.Context().aeron(engine.aeron())
                .clock(SystemEpochNanoClock.INSTANCE).errorHandler(errors::add).refreshMs(60_000).silenceMs(2_500)
                .reconnectMs(50, 500).venue(new MarketData.Venue(new IntxMarket(),
                    URI.create("http://127.0.0.1:" + venue.httpPort() + "/api/v1"), null, 9, 13, List.of(
                        listing(4, "BTC-PERP", "BTC-PERP"), listing(7, "BTC-USDC", "BTC-USDC")))))) {
            assertEquals(new EngineEar.Terms(4, "BTC-PERP", "BTC-PERP", InstrumentKind.LINEAR,
                InstrumentStatus.TRADING, E8 / 10, E8 / 10_000, E8 / 10_000, 10 * E8, E8, "USDC"),
                engine.awaitTerms("the perpetual", t -> t.id() == 4));
            assertEquals(InstrumentKind.SPOT, engine.awaitTerms("the spot one", t -> t.id() == 7).kind());
            assertEquals(List.of(), data.awaitLoaded(10_000));
            final EngineEar.Price price = engine.awaitPrice("the perpetual", p -> p.id() == 4);
            assertTrue(price.bid() > 59_000 * E8 && price.ask() > price.bid(), price.toString());
            control(venue, "/quotes", "{\"symbol\":\"BTC-PERP\",\"side\":\"buy\",\"levels\":[{\"price\":\"60001\","
                + "\"qty\":\"0.01\"}]}");
            engine.awaitPrice("the better bid", p -> p.id() == 4 && p.bid() == 60_001 * E8);
            control(venue, "/instrument", "{\"symbol\":\"BTC-PERP\",\"state\":\"PAUSED\"}");
            engine.awaitTerms("the pause", t -> t.id() == 4 && t.status() == InstrumentStatus.CANCEL_ONLY);
        }
        assertEquals(List.of(), errors);
    }

    private static Listing listing(final int id, final String symbol, final String venueSymbol) {
        return new Listing(id, symbol, venueSymbol, true, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null);
    }

    private void control(final IntxSimulator venue, final String path, final String body) throws Exception {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + venue.controlPort() + path))
            .method("POST", HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
    }
}
