package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.sim.coinbase.MessageWindow.Verdict;

/** The limiters by arithmetic alone: FIX windows against a naive count, REST buckets against the documented vector. */
class MessageWindowTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @ParameterizedTest
    @EnumSource(WindowAlignment.class)
    void shouldPassHundredRejectNextHundredThenDisconnect(final WindowAlignment alignment) {
        final MessageWindow window = new MessageWindow(alignment, 100, 200);
        final long startNs = 1_000 * SECOND_NS;
        for (int i = 1; i <= 201; i++) {
            final Verdict expected = i <= 100 ? Verdict.PASS : i <= 200 ? Verdict.REJECT : Verdict.DISCONNECT;
            assertEquals(expected, window.onMessage(startNs + i, true), "message " + i);
        }
    }

    @Test
    void shouldCountSessionMessagesTowardsDisconnectOnly() {
        final MessageWindow window = new MessageWindow(WindowAlignment.EPOCH_SECOND, 100, 200);
        for (int i = 1; i <= 200; i++) {
            assertEquals(Verdict.PASS, window.onMessage(SECOND_NS + i, false));
        }
        assertEquals(Verdict.DISCONNECT, window.onMessage(SECOND_NS + 201, false));
        assertEquals(0, window.peakRequests());
    }

    @Test
    void shouldAdmitTwiceTheLimitAcrossAFixedBoundaryAndMeasureIt() {
        final MessageWindow window = new MessageWindow(WindowAlignment.EPOCH_SECOND, 100, 200);
        for (int i = 0; i < 100; i++) {
            assertEquals(Verdict.PASS, window.onMessage(2 * SECOND_NS - 1_000 + i, true));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(Verdict.PASS, window.onMessage(2 * SECOND_NS + i, true));
        }
        assertEquals(100, window.peakRequests());
        assertEquals(200, window.peakSlidingRequests());
    }

    @Test
    void shouldRejectAcrossTheBoundaryWhenSliding() {
        final MessageWindow window = new MessageWindow(WindowAlignment.SLIDING, 100, 200);
        for (int i = 0; i < 100; i++) {
            window.onMessage(2 * SECOND_NS - 1_000 + i, true);
        }
        assertEquals(Verdict.REJECT, window.onMessage(2 * SECOND_NS, true));
        assertEquals(Verdict.PASS, window.onMessage(4 * SECOND_NS, true));
    }

    @Test
    void shouldAlignWindowsToTheFirstMessage() {
        final MessageWindow window = new MessageWindow(WindowAlignment.SESSION_START, 100, 200);
        final long startNs = 10 * SECOND_NS + 600_000_000L;
        for (int i = 0; i < 100; i++) {
            window.onMessage(startNs + i, true);
        }
        assertEquals(Verdict.REJECT, window.onMessage(startNs + SECOND_NS - 1, true));
        assertEquals(Verdict.PASS, window.onMessage(startNs + SECOND_NS, true));
    }

    @Test
    void shouldAgreeWithNaiveCountOnRandomArrivals() {
        for (long seed = 0; seed < 20; seed++) {
            final Random random = new Random(seed);
            final MessageWindow window = new MessageWindow(WindowAlignment.EPOCH_SECOND, 100, 200);
            final List<Long> times = new ArrayList<>();
            long nowNs = SECOND_NS;
            int naivePeak = 0;
            for (int i = 0; i < 2_000; i++) {
                nowNs += random.nextInt(20_000_000);
                times.add(nowNs);
                window.onMessage(nowNs, true);
                final long at = nowNs;
                final int fixed = (int)times.stream().filter(t -> t / SECOND_NS == at / SECOND_NS).count();
                final int sliding = (int)times.stream().filter(t -> t > at - SECOND_NS).count();
                naivePeak = Math.max(naivePeak, sliding);
                assertEquals(fixed, window.requests(), "seed " + seed);
                assertEquals(sliding, window.slidingRequests(), "seed " + seed);
            }
            assertEquals(naivePeak, window.peakSlidingRequests(), "seed " + seed);
        }
    }

    @Test
    void shouldFollowTheDocumentedBucketVector() {
        final LazyFillBucket bucket = new LazyFillBucket(1, 3);
        final long[] timesMs = {500, 800, 900, 1_000, 1_400, 1_800, 5_000};
        final boolean[] admitted = {true, true, true, false, false, true, true};
        final long[] tokensTenths = {20, 13, 4, 5, 9, 3, 20};
        for (int i = 0; i < timesMs.length; i++) {
            assertEquals(admitted[i], bucket.tryTake(timesMs[i] * 1_000_000L), "at " + timesMs[i]);
            assertEquals(tokensTenths[i] * 100_000_000L, bucket.nanoTokens(), "at " + timesMs[i]);
        }
    }

    @Test
    void shouldAdmitBurstAndRateOfTheDocumentedBuckets() {
        assertEquals(44, admittedInFirstSecond(15, 30));
        assertEquals(24, admittedInFirstSecond(10, 15));
        assertEquals(29, admittedInFirstSecond(10, 20));
    }

    @Test
    void shouldStayFullAfterALongPause() {
        final LazyFillBucket bucket = new LazyFillBucket(15, 30);
        assertTrue(bucket.tryTake(0));
        assertTrue(bucket.tryTake(Long.MAX_VALUE / 2));
        assertEquals(29L * SECOND_NS, bucket.nanoTokens());
        for (int i = 0; i < 29; i++) {
            assertTrue(bucket.tryTake(Long.MAX_VALUE / 2));
        }
        assertFalse(bucket.tryTake(Long.MAX_VALUE / 2));
    }

    private static int admittedInFirstSecond(final int rate, final int burst) {
        final LazyFillBucket bucket = new LazyFillBucket(rate, burst);
        int admitted = 0;
        for (long ms = 0; ms < 1_000; ms++) {
            admitted += bucket.tryTake(ms * 1_000_000L) ? 1 : 0;
        }
        return admitted;
    }
}
