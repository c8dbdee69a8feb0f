package weir.sim.kraken;

import java.util.TreeSet;

/**
 * The nonces of one API key: they rise, but may be late by a tolerance, and none comes twice. Thread safe.
 * Source: Kraken Futures REST guide; the width of the tolerance is not documented.
 */
final class NonceWindow {
    private final long tolerance;
    private final TreeSet<Long> recent = new TreeSet<>();

    /** @param tolerance how far below the highest nonce one may be, in units of the nonce. */
    NonceWindow(final long tolerance) {
        this.tolerance = tolerance;
    }

    /** Accepts a nonce. @return nonceBelowThreshold, nonceDuplicate, or null if it is new. */
    synchronized String refusal(final long nonce) {
        if (!recent.isEmpty() && nonce < recent.last() - tolerance) {
            return "nonceBelowThreshold";
        }
        if (!recent.add(nonce)) {
            return "nonceDuplicate";
        }
        while (recent.first() < recent.last() - tolerance) {
            recent.pollFirst();
        }
        return null;
    }
}
