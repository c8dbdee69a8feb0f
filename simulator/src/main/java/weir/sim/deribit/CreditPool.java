package weir.sim.deribit;

/**
 * A pool of credits that refills all the time, counted in millionths of a credit per microsecond of the clock. What
 * finds too few is refused and costs nothing. Not thread safe.
 */
final class CreditPool {
    private static final long MICRO = 1_000_000L;

    private long capacityMicros;
    private long perSecond;
    private long creditMicros;
    private long atUs;
    private long peakMicros;
    private long refused;

    /** A full pool. */
    CreditPool(final long capacity, final long perSecond, final long nowNs) {
        this.capacityMicros = capacity * MICRO;
        this.perSecond = perSecond;
        this.creditMicros = capacityMicros;
        this.atUs = nowNs / 1000;
    }

    /** Other sizes, as after a change of tier; what is spent stays spent. */
    void resize(final long capacity, final long newPerSecond, final long nowNs) {
        refill(nowNs);
        creditMicros = Math.max(0, creditMicros + capacity * MICRO - capacityMicros);
        capacityMicros = capacity * MICRO;
        perSecond = newPerSecond;
    }

    /** @return whether there was enough; then it is taken. */
    boolean tryTake(final long cost, final long nowNs) {
        refill(nowNs);
        peakMicros = Math.max(peakMicros, capacityMicros - creditMicros + cost * MICRO);
        if (creditMicros < cost * MICRO) {
            refused++;
            return false;
        }
        creditMicros -= cost * MICRO;
        return true;
    }

    /** Credits left, rounded down. */
    long left(final long nowNs) {
        refill(nowNs);
        return creditMicros / MICRO;
    }

    long capacity() {
        return capacityMicros / MICRO;
    }

    long perSecond() {
        return perSecond;
    }

    /** The most that was ever wanted at once, spent credits included. */
    long peak() {
        return peakMicros / MICRO;
    }

    /** Requests that found too few. */
    long refused() {
        return refused;
    }

    private void refill(final long nowNs) {
        final long nowUs = nowNs / 1000;
        if (nowUs > atUs) {
            final long missing = capacityMicros - creditMicros;
            final long elapsedUs = nowUs - atUs;
            creditMicros = elapsedUs > missing / Math.max(1, perSecond) ? capacityMicros
                : creditMicros + elapsedUs * perSecond;
            atUs = nowUs;
        }
    }
}
