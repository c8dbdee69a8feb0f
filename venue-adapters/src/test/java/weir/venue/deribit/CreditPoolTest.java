package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The guard of credits against an exact count of what the venue's pool holds, whatever the way does to requests. */
final class CreditPoolTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldAdmitTheBurstThenTheRateWithTheMarginLeft() {
        final CreditPool pool = new CreditPool(20, 5, 10, 0);
        int sent = 0;
        while (pool.admits(1, 0, 0)) {
            pool.open(1, 0);
            pool.taken(1, 0);
            sent++;
        }
        assertTrue(sent == 18, "18 of 20, not " + sent);
        assertFalse(pool.admits(1, 0, 222_000_000L));
        assertTrue(pool.admits(1, 0, 223_000_000L), "4.5 a second");
        assertFalse(pool.admits(1, 1, 300_000_000L), "the reserve is not for everyone");
        assertTrue(pool.admits(18, 0, 3_600 * SECOND_NS));
        assertFalse(pool.admits(19, 0, 3_600 * SECOND_NS), "idle hours fill no more than the pool");
    }

    @Test
    void shouldSpendNothingForWhatNeverLeftAndAllWhenTheVenueSaysSo() {
        final CreditPool pool = new CreditPool(10, 1, 0, 0);
        pool.open(10, 0);
        assertFalse(pool.admits(1, 0, 0));
        pool.withdraw(10);
        assertTrue(pool.admits(10, 0, 0));
        pool.drain(0);
        assertFalse(pool.admits(1, 0, SECOND_NS - 1));
        assertTrue(pool.admits(1, 0, SECOND_NS));
    }

    @Test
    void shouldNeverOverdrawTheVenuesPoolHoweverLongRequestsAreOnTheirWay() {
        for (long seed = 1; seed <= 20; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final int burst = 1 + random.nextInt(100);
            final int rate = 1 + random.nextInt(30);
            final CreditPool pool = new CreditPool(burst, rate, 0, 0);
            // the venue: level in nano-credits, charged at arrival; arrivals in order, at any time before the answer
            long levelNano = burst * SECOND_NS;
            long venueNs = 0;
            long nowNs = 0;
            long arrivedNs = 0;
            final ArrayDeque<Long> onTheWay = new ArrayDeque<>();
            for (int step = 0; step < 20_000; step++) {
                nowNs += random.nextInt(10) == 0 ? random.nextLong(3 * SECOND_NS) : random.nextLong(20_000_000L);
                // what arrives now, all at once after a stall
                if (random.nextInt(4) != 0) {
                    while (!onTheWay.isEmpty()) {
                        onTheWay.removeFirst();
                        arrivedNs = Math.max(arrivedNs, nowNs);
                        levelNano = Math.min(burst * SECOND_NS, levelNano + (arrivedNs - venueNs) * rate);
                        venueNs = arrivedNs;
                        assertTrue(levelNano >= SECOND_NS, "seed " + seed + " step " + step + ": overdrawn");
                        levelNano -= SECOND_NS;
                        pool.taken(1, nowNs + random.nextLong(1_000L));
                    }
                }
                while (random.nextInt(5) != 0 && pool.admits(1, 0, nowNs)) {
                    pool.open(1, nowNs);
                    onTheWay.addLast(nowNs);
                }
            }
        }
    }
}
