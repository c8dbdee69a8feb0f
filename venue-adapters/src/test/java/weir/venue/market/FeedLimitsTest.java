package weir.venue.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.deribit.DeribitAccount;
import weir.sim.deribit.DeribitInstrument;
import weir.sim.deribit.DeribitSimulator;
import weir.venue.WireLimits;
import weir.venue.coinbase.CoinbaseMarket;
import weir.venue.deribit.DeribitMarket;

/** Public data keeps to what the contract grants a feed, as the venue counts it. */
final class FeedLimitsTest {
    @TempDir
    private Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final List<Throwable> errors = new ArrayList<>();

    /** The contract's 500; and few, of which the one beyond is priced before a minute is over. */
    @ParameterizedTest
    @CsvSource({"500, 505, false", "3, 4, true"})
    void shouldAskForNoMoreChannelsThanTheContractGrantsAndPriceTheRestByAsking(final int channels,
        final int instruments, final boolean priced) throws Exception {
        final List<DeribitInstrument> listed = new ArrayList<>();
        final List<Listing> listings = new ArrayList<>();
        for (int i = 0; i < instruments; i++) {
            listed.add(new DeribitInstrument("C" + i + "_USDC", "spot", false, "C" + i, "USDC", BigDecimal.ONE,
                List.of(), new BigDecimal("0.0001"), new BigDecimal("0.0001"), "open"));
            listings.add(listing(i + 1, "C" + i, "C" + i + "_USDC"));
        }
        final WireLimits limits = new WireLimits("deribit", List.of(new WireLimits.Limit("channels",
            LimitScope.CONNECTION, LimitShape.CONCURRENT, channels, 0, 0,
            Map.of("public/subscribe", new WireLimits.Cost(0, 1)))));
        final String last = listed.get(instruments - 1).name();
        try (DeribitSimulator venue = DeribitSimulator.launch(new DeribitSimulator.Context()
                .logDir(dir.resolve("venue")).seed(5).instruments(listed)
                .accounts(List.of(new DeribitAccount("key", "secret", "account")))
                .marketMaker(Map.of(last, new BigDecimal("60000"))));
            EngineEar engine = new EngineEar(dir);
            MarketData data = MarketData.launch(context(engine).venue(new MarketData.Venue(new DeribitMarket(),
                URI.create("http://127.0.0.1:" + venue.httpPort() + "/api/v2"),
                URI.create("ws://127.0.0.1:" + venue.httpPort() + "/ws/api/v2"), 9, 13, listings, limits)))) {
            engine.await("the subscription", () -> most(venue) == channels, () -> most(venue) + " channels");
            if (priced) {
                engine.awaitPrice("the one beyond the channels", p -> p.id() == instruments);
            }
            assertEquals(channels, limits.peak("channels"));
            assertEquals(0, data.counters().get(MarketCounter.VENUE_ERRORS), () -> data.counters().toString());
            assertEquals(0, data.counters().get(MarketCounter.DISCONNECTS), () -> data.counters().toString());
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldConnectNoFasterThanTheVenueGrantsWhenEveryConnectionIsCut() throws Exception {
        final WireLimits limits = new WireLimits("coinbase", List.of(new WireLimits.Limit("ws-connects",
            LimitScope.IP, LimitShape.TOKEN_BUCKET, 18, 0, 7, Map.of(WireLimits.CONNECT, new WireLimits.Cost(1, 0)))));
        try (CoinbaseSimulator venue = CoinbaseSimulator.launch(new CoinbaseSimulator.Context()
                .logDir(dir.resolve("venue")).seed(5)
                .accounts(List.of(new VenueAccount("key", "AAECAwQFBgcICQoLDA0ODw==", "pass", "profile")))
                .marketMaker(Map.of("BTC-USD", new BigDecimal("60000.00"))));
            EngineEar engine = new EngineEar(dir);
            MarketData data = MarketData.launch(context(engine).reconnectMs(1, 1).venue(new MarketData.Venue(
                new CoinbaseMarket(), URI.create("http://127.0.0.1:" + venue.restPort()),
                URI.create("ws://127.0.0.1:" + venue.wsPort()), 9, 13, List.of(listing(1, "BTC", "BTC-USD")),
                limits)))) {
            engine.await("a storm that the limit holds", () -> {
                post(venue.controlPort(), "/feed/disconnect");
                return limits.holds() >= 5;
            }, () -> limits.holds() + " holds, " + data.counters());
            final JsonNode connects = get(venue.controlPort(), "/stats").findValue("connects");
            assertTrue(connects.path("admitted").asInt() > 18, connects::toString);
            assertEquals(0, connects.path("refused").asInt(), connects::toString);
            assertTrue(data.counters().get(MarketCounter.LIMIT_HOLDS) >= 5);
        }
        assertEquals(List.of(), errors);
    }

    private int most(final DeribitSimulator venue) {
        return get(venue.controlPort(), "/stats").path("webSocket").path("channelsMost").asInt();
    }

    private MarketData.Context context(final EngineEar engine) {
        return new MarketData.Context().aeron(engine.aeron()).clock(SystemEpochNanoClock.INSTANCE)
            .errorHandler(errors::add).refreshMs(60_000).silenceMs(10_000).reconnectMs(50, 500);
    }

    private static Listing listing(final int id, final String symbol, final String venueSymbol) {
        return new Listing(id, symbol, venueSymbol, true, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null);
    }

    private JsonNode get(final int port, final String path) {
        return call(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build());
    }

    private void post(final int port, final String path) {
        call(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private JsonNode call(final HttpRequest request) {
        try {
            return json.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError(ex);
        }
    }
}
