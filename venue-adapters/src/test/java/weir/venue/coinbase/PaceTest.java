package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** The pace and the guard, as the venue counted them in sliding seconds. */
@ParameterizedClass
@EnumSource(CoinbaseTransport.class)
final class PaceTest {
    private static final String BTC = "BTC-USD";

    @Parameter
    private CoinbaseTransport transport;
    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private InvokerLoop loop;

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        if (loop != null) {
            loop.end();
        }
        adapter.close();
        engine.close();
        venue.close();
    }

    private void launch(final WireRules rules, final int laneCapacity) {
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().transport(transport).aeron(engine.aeron())
            .rules(rules)
            .account(venue.accountA()).laneCapacity(laneCapacity).useInvoker(true));
        loop = new InvokerLoop(adapter);
        engine.awaitUp(VenueSide.ACCOUNT_A);
    }

    @Test
    void shouldNotBreachTheVenueLimitWhenAgentStallsAndThreeHundredOrdersWait() {
        launch(new WireRules(), 1024);
        engine.newOrder(1, 1, BTC, Side.BUY, "0.01", "50000");
        engine.awaitExecution(1, "NEW");
        loop.pause();
        for (int i = 0; i < 300; i++) {
            engine.newOrder(1, 1000 + i, i % 2 == 0 ? BTC : "ETH-USD", Side.BUY, "0.01", "500");
        }
        engine.pollFor(2000);
        loop.resume();

        for (int i = 0; i < 300; i++) {
            engine.awaitExecution(1000 + i, "NEW");
        }
        final JsonNode stats = venue.stats(venue.keyA);
        final int peak = stats.path("peak").path("requestsPerSlidingSecond").asInt();
        assertTrue(peak > 60 && peak <= 90, "peak " + stats);
        assertEquals(0, stats.path("limitRejects").asInt(), stats.toString());
        assertEquals(0, stats.path("orderRejects").asInt(), stats.toString());
        assertTrue(adapter.counter(CoinbaseCounter.HELD) > 100, "held " + adapter.counter(CoinbaseCounter.HELD));
        assertEquals(0, adapter.counter(CoinbaseCounter.GUARD_HOLDS));
    }

    @Test
    void shouldLetCancelsPassWaitingNewsAndWithdrawWhatStillWaits() {
        launch(new WireRules(), 1024);
        final UUID working = engine.newOrder(1, 1, BTC, Side.BUY, "0.01", "50000");
        final String venueOrderId = engine.awaitExecution(1, "NEW").venueOrderId();
        loop.pause();
        UUID last = null;
        for (int i = 0; i < 150; i++) {
            last = engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }
        engine.cancel(1, 1, working, venueOrderId, BTC);
        engine.cancel(1, 1149, last, "", BTC);
        loop.resume();

        final EngineSide.Event withdrawn = engine.await(e -> e.orderId() == 1149, "an answer");
        assertEquals("NOT_SENT", withdrawn.type());
        assertEquals("NEW", withdrawn.kind());
        assertEquals(last, withdrawn.requestId());
        engine.awaitExecution(1, "CANCELED");
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 1148 && "NEW".equals(e.type())),
            "the cancel did not wait for the news");
        engine.awaitExecution(1148, "NEW");
        assertEquals(1, adapter.counter(CoinbaseCounter.WITHDRAWN));
        assertTrue(!venue.log().contains(last.toString()), "the withdrawn order never reached the venue");
    }

    @Test
    void shouldWithdrawANewThatStillWaitsWhenItIsAskedFor() {
        launch(new WireRules(), 1024);
        loop.pause();
        UUID last = null;
        for (int i = 0; i < 150; i++) {
            last = engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }
        engine.query(1, 1149, last, "", BTC, "0", 1);
        loop.resume();

        final EngineSide.Event withdrawn = engine.await(e -> e.orderId() == 1149, "an answer");
        assertEquals("NOT_SENT", withdrawn.type(), "\"not found\" would be said of an order that leaves later");
        assertEquals("NEW", withdrawn.kind());
        assertEquals(last, withdrawn.requestId());
        engine.awaitExecution(1148, "NEW");
        assertEquals(1, adapter.counter(CoinbaseCounter.WITHDRAWN));
        assertTrue(!venue.log().contains(last.toString()), "the withdrawn order never reached the venue");
    }

    @Test
    void shouldWithdrawAReplaceThatStillWaitsWhenItsOrderIsAskedFor() {
        launch(new WireRules(), 1024);
        final UUID working = engine.newOrder(1, 1, BTC, Side.BUY, "0.01", "50000");
        final String venueOrderId = engine.awaitExecution(1, "NEW").venueOrderId();
        loop.pause();
        for (int i = 0; i < 150; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }
        final UUID replace = engine.replace(1, 1, working, venueOrderId, BTC, "0.02", "50001");
        engine.query(1, 1, working, venueOrderId, BTC, "0", 1);
        loop.resume();

        final EngineSide.Event state = engine.awaitState(0, 1);
        assertEquals("STATE_FOUND", state.type());
        final EngineSide.Event withdrawn = engine.await(e -> e.orderId() == 1 && "NOT_SENT".equals(e.type()),
            "that the replace never left");
        assertEquals("REPLACE", withdrawn.kind());
        assertEquals(replace, withdrawn.requestId());
        assertTrue(engine.events().indexOf(withdrawn) < engine.events().indexOf(state),
            "the state is that of the order without it");
        engine.awaitExecution(1149, "NEW");
        assertEquals(1, adapter.counter(CoinbaseCounter.WITHDRAWN));
        assertTrue(!venue.log().contains(replace.toString()), "the withdrawn replace never reached the venue");
    }

    @Test
    void shouldWithdrawWaitingNewsWhenMassCancelled() {
        launch(new WireRules(), 1024);
        loop.pause();
        for (int i = 0; i < 150; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }
        engine.massCancel(1, "");
        loop.resume();

        engine.await(e -> e.orderId() == 1149 && "NOT_SENT".equals(e.type()), "withdrawal");
        engine.await(e -> "SENT".equals(e.type()) && "MASS_CANCEL".equals(e.kind()), "mass cancel");
    }

    @Test
    void shouldAbortThePollWhenTheLaneIsFullAndLoseNothing() {
        launch(new WireRules(), 4);
        for (int i = 0; i < 60; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }

        for (int i = 0; i < 60; i++) {
            engine.awaitExecution(1000 + i, "NEW");
        }
        assertTrue(adapter.counter(CoinbaseCounter.POLL_ABORTS) > 0, "aborts");
    }

    @Test
    void shouldHoldAtTheGuardAndTellThrottledOrdersWhenThePaceIsBroken() {
        launch(new WithoutPace(), 1024);
        for (int i = 0; i < 260; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }

        engine.await(e -> "MESSAGE_REJECT".equals(e.type())
            && e.reason() == RejectReason.VENUE_THROTTLED.code(), "rate limit reject");
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "BAR");
        assertEquals("ACCOUNT 0", bar.status() + ' ' + bar.lastQty(), "the venue names no time: the engine's pause");
        assertTrue(engine.of("BAR").size() <= engine.of("MESSAGE_REJECT").size(), "at most one for each refusal");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1259, "the last one sent");
        final JsonNode stats = venue.stats(venue.keyA);
        assertTrue(stats.path("limitRejects").asInt() > 0, "planted fault seen by the venue: " + stats);
        assertTrue(adapter.counter(CoinbaseCounter.GUARD_HOLDS) > 0, "guard held");
        assertTrue(adapter.counter(CoinbaseCounter.PEAK_PER_SECOND) <= 185, "peak");
        assertEquals(0, adapter.counter(CoinbaseCounter.DISCONNECTS), stats.toString());
    }

    @Test
    void shouldDropTheConnectionItselfWhenTheHoldIsBrokenToo() {
        launch(new WithoutPace() {
            @Override
            int guardHold(final CoinbaseAdapter.Context context) {
                return 100_000;
            }
        }, 1024);
        for (int i = 0; i < 260; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }

        final EngineSide.Event down = engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        assertTrue(down.text().contains("guard"), down.text());
        assertEquals(1, adapter.counter(CoinbaseCounter.GUARD_DROPS));
        assertTrue(adapter.counter(CoinbaseCounter.PEAK_PER_SECOND) < 200, "peak");
        final JsonNode stats = venue.stats(venue.keyA);
        assertTrue(stats.path("peak").path("messagesPerSlidingSecond").asInt() < 200, stats.toString());
        final long notSent = engine.events().stream().filter(e -> "NOT_SENT".equals(e.type())).count();
        assertTrue(notSent > 0, "what never left is answered so");
    }

    @Test
    void shouldBeDisconnectedByTheVenueWhenTheGuardIsBrokenToo() {
        launch(new WithoutPace() {
            @Override
            int guardHold(final CoinbaseAdapter.Context context) {
                return 100_000;
            }

            @Override
            int guardDrop(final CoinbaseAdapter.Context context) {
                return 100_000;
            }
        }, 1024);
        for (int i = 0; i < 300; i++) {
            engine.newOrder(1, 1000 + i, BTC, Side.BUY, "0.01", "500");
        }

        engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        JsonNode stats = venue.stats(venue.keyA);
        for (int i = 0; i < 200 && stats.path("disconnects").isEmpty(); i++) { // the venue counts after it has cut
            engine.pollFor(50);
            stats = venue.stats(venue.keyA);
        }
        assertTrue(stats.path("peak").path("messagesPerSlidingSecond").asInt() > 200, stats.toString());
        assertTrue(stats.path("disconnects").size() > 0, "planted fault punished by the venue: " + stats);
    }

    /** Planted fault: no pace. */
    private static class WithoutPace extends WireRules {
        @Override
        int newsLimit(final CoinbaseAdapter.Context context) {
            return 3_000;
        }

        @Override
        int messageLimit(final CoinbaseAdapter.Context context) {
            return 3_000;
        }

        @Override
        int inFlightMax(final CoinbaseAdapter.Context context) {
            return 3_000;
        }
    }
}
