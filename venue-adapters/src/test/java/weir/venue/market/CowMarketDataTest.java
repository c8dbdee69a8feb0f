package weir.venue.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.chain.Address;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.sim.cow.CowAccount;
import weir.sim.cow.CowSimulator;
import weir.venue.cow.CowMarket;
import weir.venue.cow.CowPair;
import weir.venue.cow.CowToken;

/** A venue without a list and without a feed: terms of the configuration, prices by asking, few requests. */
final class CowMarketDataTest {
    private static final long E8 = Scale.E8;
    private static final CowPair PAIR = new CowPair("WETH-USDC",
        new CowToken("WETH", Address.parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"), 18),
        new CowToken("USDC", Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"), 6), 1_000_000, 10_000, 0);

    @TempDir
    private Path dir;

    @Test
    void shouldBeginAnewWhenTheSecondOfTwoPricesCannotBeHad() {
        final CowMarket market = new CowMarket(List.of(PAIR));
        final String first = market.pricePath("WETH-USDC");
        market.onPriceAnswer("WETH-USDC", new ObjectMapper().createObjectNode().put("price", 1.0), null);
        assertNotEquals(first, market.pricePath("WETH-USDC"));
        market.onNoPriceAnswer("WETH-USDC");
        assertEquals(first, market.pricePath("WETH-USDC"), "a price of minutes ago is not one of now");
    }

    @Test
    void shouldTellTermsOfTheConfigurationAndTheRatioOfNativePrices() throws Exception {
        final List<Throwable> errors = new ArrayList<>();
        try (CowSimulator venue = CowSimulator.launch(new CowSimulator.Context().logDir(dir.resolve("venue"))
            .accounts(List.of(new CowAccount("a", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"))));
            EngineEar engine = new EngineEar(dir);
            MarketData data = MarketData.launch(new MarketData.Context().aeron(engine.aeron())
                .clock(SystemEpochNanoClock.INSTANCE).errorHandler(errors::add)
                .venue(new MarketData.Venue(new CowMarket(List.of(PAIR)),
                    URI.create("http://127.0.0.1:" + venue.httpPort()), null, 2, 2, List.of(
                    new Listing(8, "WETH-USDC", "WETH-USDC", true, true, 2_000, InstrumentStatus.TRADING, 0, 0, 0, 0,
                        null)))))) {
            assertEquals(new EngineEar.Terms(8, "WETH-USDC", "WETH-USDC", InstrumentKind.SPOT,
                InstrumentStatus.TRADING, 1_000_000, 10_000, 10_000, 0, E8, "USDC"),
                engine.awaitTerms("the pair", t -> t.id() == 8));
            assertEquals(3_000 * E8, engine.awaitPrice("its price", p -> p.id() == 8).last());
            final HttpResponse<String> moved = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + venue.controlPort() + "/token"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"symbol\":\"WETH\",\"priceUsd\":\"2512.34\"}")).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, moved.statusCode(), moved.body());
            engine.awaitPrice("the next price", p -> p.last() == 2_512 * E8 + 34 * E8 / 100);
            assertEquals(List.of(), data.awaitLoaded(1_000));
            assertTrue(data.counters().get(MarketCounter.GARBAGE) == 0 && errors.isEmpty(), errors.toString());
        }
    }
}
