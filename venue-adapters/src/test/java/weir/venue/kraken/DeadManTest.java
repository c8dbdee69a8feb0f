package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** The dead man's switch: armed, renewed, disarmed in order, and what it does when we die. */
final class DeadManTest extends VenueTest {

    private int calls() {
        return venue.stats("a").path("byEndpoint").path("POST cancelallordersafter").path("count").asInt();
    }

    @Test
    void shouldRenewAndDisarmWhenItLeavesInOrder() {
        launch(context -> context.deadManTimeoutS(2).deadManEveryMs(1_000));
        engine.newOrder(A, 1, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(1, "NEW");
        awaitCounter(KrakenCounter.DEAD_MAN_ARMED, 3);
        adapter.close();
        engine.await(e -> "DOWN".equals(e.type()), "DOWN");
        engine.pollFor(2_500);
        assertEquals(1, venue.openOrders("a").size(), "disarmed: the order stays");
        assertTrue(calls() >= 4, "calls " + calls());
    }

    @Test
    void shouldReportOrdersThatTheSwitchCancelled() {
        launch(context -> context.deadManTimeoutS(2).deadManEveryMs(1_000));
        engine.newOrder(A, 2, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(2, "NEW");
        awaitCounter(KrakenCounter.DEAD_MAN_ARMED, 1);
        venue.fault("{\"serverErrorBefore\":-1}");
        final EngineSide.Event end = engine.awaitExecution(2, "CANCELED");
        assertTrue(end.text().contains("dead_man"), end.text());
        assertTrue(venue.openOrders("a").isEmpty());
    }

    @Test
    void shouldNeverArmOnAnAccountThatTenantsShare() {
        final KrakenAccount a = venue.accountA();
        adapter = KrakenAdapter.launch(new KrakenAdapter.Context().aeron(engine.aeron())
            .account(new KrakenAccount(a.accountId(), a.apiKey(), a.secret(), a.restUri(), a.socketUri(), true))
            .deadManTimeoutS(4).deadManEveryMs(1_000));
        engine.awaitUp(A);
        engine.newOrder(A, 3, XBT, Side.BUY, "0.001", "50000");
        engine.awaitExecution(3, "NEW");
        engine.pollFor(1_500);
        assertEquals(0, calls());
    }
}
