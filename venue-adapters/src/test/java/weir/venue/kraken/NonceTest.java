package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** Nonces that the venue finds too low: nothing was executed, and the same is sent again with a higher one. */
final class NonceTest extends VenueTest {
    private static final String PLACED = "{\"result\":\"success\",\"sendStatus\":"
        + "{\"order_id\":\"179f9af8-e45e-469d-b3e9-2fd4675cb7d0\",\"status\":\"placed\"}}";

    private ScriptedVenue scripted(final int refusals, final String word) throws Exception {
        final ScriptedVenue scripted = new ScriptedVenue();
        final AtomicInteger left = new AtomicInteger(refusals);
        scripted.script((path, data) -> !path.endsWith("/sendorder") ? null : ScriptedVenue.Answer.ok(
            left.getAndDecrement() > 0 ? "{\"result\":\"error\",\"error\":\"" + word + "\"}" : PLACED));
        adapter = KrakenAdapter.launch(new KrakenAdapter.Context().aeron(engine.aeron()).account(scripted.account())
            .newsWaitMs(60_000).pollMs(60_000));
        engine.awaitUp(ScriptedVenue.ACCOUNT);
        return scripted;
    }

    @Test
    void shouldSendAnOrderOnceMoreWhenItsNonceWasRefused() throws Exception {
        try (ScriptedVenue scripted = scripted(2, "nonceBelowThreshold")) {
            engine.newOrder(ScriptedVenue.ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
            engine.awaitExecution(1, "NEW");
            assertEquals(3, scripted.requests("/api/v3/sendorder").size());
            assertEquals(1, scripted.requests("/api/v3/sendorder").stream().distinct().count(), "the same order");
            assertEquals(1, engine.of("SENT").size(), "sent is said once");
            assertTrue(engine.of("MESSAGE_REJECT").isEmpty());
        }
    }

    @Test
    void shouldCallAnOrderRefusedWhenItsNonceIsRefusedAgainAndAgain() throws Exception {
        try (ScriptedVenue scripted = scripted(100, "nonceDuplicate")) {
            engine.newOrder(ScriptedVenue.ACCOUNT, 1, XBT, Side.BUY, "0.001", "50000");
            final EngineSide.Event refused =
                engine.await(e -> e.orderId() == 1 && "MESSAGE_REJECT".equals(e.type()), "reject");
            assertEquals("nonceDuplicate", refused.text());
            assertEquals(3, scripted.requests("/api/v3/sendorder").size());
        }
    }

    @Test
    void shouldComeUpAfterAClockThatWasSetBackBetweenTwoRuns() {
        launch(context -> context.epochClock(() -> new SystemEpochNanoClock().nanoTime() + 60_000_000_000L)
            .clockAlarmMs(600_000));
        engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        adapter.close();

        launch();
        engine.newOrder(A, 2, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(2, "NEW");
        assertEquals(2, venue.openOrders("a").size());
    }
}
