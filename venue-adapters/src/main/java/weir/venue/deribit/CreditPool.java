package weir.venue.deribit;

/**
 * Least credits that the venue's pool can hold. The venue takes a request's cost when it arrives, which we do not see:
 * until its answer the cost counts as outstanding, at the answer it is taken, as late as it can have been. A stall on
 * the way can therefore not squeeze requests together beyond what the pool bears. Times are monotonic nanoseconds;
 * integer arithmetic, a credit is 1e11 units. Agent's thread.
 */
final class CreditPool {
    private static final long CREDIT = 100_000_000_000L;
    private static final int WHOLE_PERCENT = 100;

    private final int keptPercent;
    private long capacityUnits;
    private long unitsPerNs;
    private long levelUnits;
    private long outstandingUnits;
    private long atNs;
    private long peakUnits;

    /**
     * A full pool.
     *
     * @param capacity      credits at the venue
     * @param perSecond     credits it refills
     * @param marginPercent of both, never used
     * @param nowNs         current time
     */
    CreditPool(final long capacity, final long perSecond, final int marginPercent, final long nowNs) {
        keptPercent = WHOLE_PERCENT - marginPercent;
        atNs = nowNs;
        size(capacity, perSecond);
        levelUnits = capacityUnits;
    }

    /** Other sizes at the venue; what was spent stays spent. */
    void resize(final long capacity, final long perSecond, final long nowNs) {
        refill(nowNs);
        final long before = capacityUnits;
        size(capacity, perSecond);
        levelUnits = Math.max(0, Math.min(capacityUnits, levelUnits + capacityUnits - before));
    }

    /** Whether a cost can leave with so many credits left after it. */
    boolean admits(final int cost, final int reserve, final long nowNs) {
        refill(nowNs);
        return levelUnits - outstandingUnits - cost * CREDIT >= reserve * CREDIT;
    }

    /** A request of the cost leaves. */
    void open(final int cost, final long nowNs) {
        refill(nowNs);
        outstandingUnits += cost * CREDIT;
        peakUnits = Math.max(peakUnits, capacityUnits - levelUnits + outstandingUnits);
    }

    /** It was answered, or nothing of it can arrive any more: the venue has taken its cost by now. */
    void taken(final int cost, final long nowNs) {
        refill(nowNs);
        outstandingUnits -= cost * CREDIT;
        levelUnits -= cost * CREDIT;
    }

    /** It surely never left. */
    void withdraw(final int cost) {
        outstandingUnits -= cost * CREDIT;
    }

    /** The venue says that its pool is empty. */
    void drain(final long nowNs) {
        refill(nowNs);
        levelUnits = Math.min(levelUnits, 0);
    }

    /** Most that was ever spent at once, in hundredths of a credit. */
    long peakHundredths() {
        return peakUnits / (CREDIT / WHOLE_PERCENT);
    }

    private void size(final long capacity, final long perSecond) {
        capacityUnits = capacity * (CREDIT / WHOLE_PERCENT) * keptPercent;
        unitsPerNs = Math.max(1, perSecond * keptPercent);
    }

    private void refill(final long nowNs) {
        final long elapsedNs = nowNs - atNs;
        if (elapsedNs > 0) {
            final long missing = capacityUnits - levelUnits;
            levelUnits = elapsedNs > missing / unitsPerNs ? capacityUnits : levelUnits + elapsedNs * unitsPerNs;
            atNs = nowNs;
        }
    }
}
