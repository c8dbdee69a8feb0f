package weir.venue.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.Side;
import weir.venue.EngineSide;

/** A venue that counts by address: two accounts spend one budget, and the venue never has to say so. */
final class AddressBudgetTest extends VenueTest {
    private static final int B = VenueSide.ACCOUNT_B;
    private static final int EACH = 40;
    /** Less than the venue's window, and long enough for a busy machine to send what fits it. */
    private static final int WAIT_MS = 6_000;

    @Override
    VenueSide venue() throws Exception {
        return new VenueSide(directory, context -> context.limitPerAddress(true));
    }

    private void burst() {
        for (int i = 0; i < EACH; i++) {
            engine.newOrder(A, 1_000 + i, XBT, Side.BUY, "0.001", "50000");
            engine.newOrder(B, 2_000 + i, XBT, Side.BUY, "0.001", "50000");
        }
        for (int i = 0; i < 2 * EACH; i++) {
            final long orderId = (i % 2 == 0 ? 1_000 : 2_000) + i / 2;
            engine.await(e -> e.orderId() == orderId && !"SENT".equals(e.type()), "an answer for " + orderId);
        }
    }

    private long placed(final int account) {
        return engine.of("NEW").stream().filter(e -> e.accountId() == account).count();
    }

    @Test
    void shouldSpendOneBudgetForBothAccountsOfAnAddress() {
        launch(context -> context.account(venue.accountB()).budgetPerAddress(true).newsWaitMs(WAIT_MS));
        engine.awaitUp(B);
        burst();
        assertEquals(0, venue.stats("a").path("refused").asInt() + venue.stats("b").path("refused").asInt());
        assertTrue(10 * (placed(A) + placed(B)) <= 450, placed(A) + " and " + placed(B));
        assertTrue(placed(A) > 0 && placed(B) > 0, "neither starves: " + placed(A) + " and " + placed(B));
        assertTrue(placed(A) + placed(B) >= 35, "the budget is used: " + placed(A) + " and " + placed(B));
        for (final EngineSide.Event event : engine.of("NOT_SENT")) {
            assertEquals(RejectReason.VENUE_THROTTLED.code(), event.reason());
        }
    }

    @Test
    void shouldBeRefusedByTheVenueWhenEachAccountSpendsABudgetOfItsOwn() {
        launch(context -> context.account(venue.accountB()).budgetPerAddress(false).newsWaitMs(WAIT_MS));
        engine.awaitUp(B);
        burst();
        assertTrue(venue.stats("a").path("refused").asInt() + venue.stats("b").path("refused").asInt() > 0,
            "the planted fault is punished, so that the test above can fail");
    }
}
