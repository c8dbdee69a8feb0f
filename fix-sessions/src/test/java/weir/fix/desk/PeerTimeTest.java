package weir.fix.desk;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A peer's time beside two clocks of ours that a step has parted. */
class PeerTimeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long TOLERANCE = 30 * SECOND;
    private final long clock = 1_800_000_000L * SECOND;
    private long wall = clock;
    private final PeerTime peer = new PeerTime(() -> clock, () -> wall);

    @Test
    void shouldBelieveATimeNearEitherClockAndNoneBesides() {
        for (final long step : new long[] {120 * SECOND, -120 * SECOND}) {
            wall = clock + step;
            assertTrue(peer.isNear(clock + TOLERANCE, TOLERANCE));
            assertTrue(peer.isNear(wall - TOLERANCE, TOLERANCE));
            assertFalse(peer.isNear(clock + step / 2, TOLERANCE), "between both, near none");
            assertFalse(peer.isNear(wall + TOLERANCE + 1, TOLERANCE));
            assertFalse(peer.isNear(clock - step, TOLERANCE));
        }
    }

    @Test
    void shouldNotAskAWallClockThatIsFarOff() {
        wall = clock - PeerTime.STEP_MAX_NS - 1;
        assertFalse(peer.isNear(wall, TOLERANCE), "a signature of then is no longer remembered");
        wall = clock - PeerTime.STEP_MAX_NS;
        assertTrue(peer.isNear(wall, TOLERANCE));
    }
}
