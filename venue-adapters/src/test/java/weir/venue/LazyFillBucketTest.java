package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LazyFillBucketTest {
    private static final long MS = 1_000_000L;

    @Test
    void shouldGiveTheVenuesDocumentedSequence() {
        final LazyFillBucket bucket = new LazyFillBucket(1, 3);
        final long[] timesMs = {500, 800, 900, 1000, 1400, 1800, 5000};
        final boolean[] expected = {true, true, true, false, false, true, true};

        for (int i = 0; i < timesMs.length; i++) {
            assertEquals(expected[i], bucket.take(timesMs[i] * MS), "at " + timesMs[i]);
        }
    }

    @Test
    void shouldAdmitBurstAndRateInTheFirstSecond() {
        final LazyFillBucket bucket = new LazyFillBucket(15, 30);
        int admitted = 0;
        for (int ms = 0; ms < 1000; ms++) {
            admitted += bucket.take(ms * MS) ? 1 : 0;
        }

        assertEquals(44, admitted);
    }

    @Test
    void shouldStartFromNothingWhenDrained() {
        final LazyFillBucket bucket = new LazyFillBucket(10, 20);
        bucket.drain(0);

        assertEquals(false, bucket.take(99 * MS));
        assertEquals(true, bucket.take(100 * MS));
    }

    @Test
    void shouldNotOverflowAfterAVeryLongPause() {
        final LazyFillBucket bucket = new LazyFillBucket(1000, 1000);
        bucket.drain(0);

        assertEquals(true, bucket.take(Long.MAX_VALUE / 2));
    }
}
