package weir.billing.stripe;

import java.util.random.RandomGenerator;

/**
 * When to call again. Delays double from base to cap, times a jitter of 75 to 100 %.
 *
 * @param baseMs        first delay
 * @param capMs         longest delay
 * @param keyRefusedMs  delay after 401
 * @param resendLimitMs age of a first call from which Stripe is asked (event summaries) before the event is sent
 *                      again: below the 24 h for which Stripe surely remembers identifiers
 */
public record RetryPolicy(long baseMs, long capMs, long keyRefusedMs, long resendLimitMs) {
    /** 0.5 s to 60 s; 60 s after a refused key; 23 h. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(500, 60_000, 60_000, 23 * 3_600_000L);

    /**
     * Delay after some failures in a row.
     *
     * @param failures from 1
     * @param random   source of jitter
     * @return milliseconds
     */
    public long delayMs(final int failures, final RandomGenerator random) {
        final int doublings = Math.min(failures - 1, 30);
        final long full = Math.min(capMs, baseMs << doublings < 0 ? capMs : baseMs << doublings);
        return Math.max(1, full * 3 / 4 + random.nextLong(Math.max(1, full / 4 + 1)));
    }
}
