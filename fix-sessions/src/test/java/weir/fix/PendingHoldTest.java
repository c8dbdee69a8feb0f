package weir.fix;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingHoldTest {
    private final PendingHold hold = new PendingHold();

    @Test
    void shouldHoldForTwoCyclesWhateverElseIsPending() {
        for (int round = 0; round < 3; round++) {
            hold.onReports(1, 0, false, 1_000);
            assertTrue(hold.isHeld());
            hold.onReports(round, 0, false, 2_000);
            assertTrue(hold.isHeld());
            hold.onReports(round, 0, false, 3_000);
            assertFalse(hold.isHeld());
        }
    }

    @Test
    void shouldHoldFor5Microseconds() {
        hold.onReports(1, 0, false, 1_000);
        hold.onReports(0, 0, false, 5_999);
        assertTrue(hold.isHeld());
        hold.end();
        hold.onReports(1, 0, false, 7_000);
        hold.onReports(1, 0, false, 12_000);
        assertFalse(hold.isHeld());
    }

    @Test
    void shouldHoldNothingForNoReason() {
        hold.onReports(0, 0, false, 1_000);
        assertFalse(hold.isHeld());
        hold.onReports(2, 0, true, 2_000);
        assertFalse(hold.isHeld());
        hold.onReports(2, 1, false, 2_000);
        assertFalse(hold.isHeld());
    }

    @Test
    void shouldEndWithNewsAndWithWhatElseIsSent() {
        hold.onReports(1, 0, false, 1_000);
        hold.onReports(0, 0, true, 2_000);
        assertFalse(hold.isHeld());
        hold.onReports(1, 0, false, 3_000);
        hold.onReports(0, 1, false, 4_000);
        assertFalse(hold.isHeld());
        hold.onReports(1, 0, false, 5_000);
        hold.end();
        assertFalse(hold.isHeld());
    }
}
