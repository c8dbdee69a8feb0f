package weir.sim.coinbase;

/**
 * The REST limiter as the venue documents it ("REST rate limits": lazy-fill token bucket): a request refills by the
 * time since the previous request, then takes one token or is refused; a refused request costs nothing but its refill
 * still counts. Starts full. Integers only: one token is 1e9 units. Guarded by its own monitor.
 */
final class LazyFillBucket {
    private static final long UNITS_PER_TOKEN = 1_000_000_000L;

    private final long ratePerSecond;
    private final long capacity;
    private final long fillNs;
    private final MessageTimes lastSecond = new MessageTimes();
    private long units;
    private long previousNs;
    private boolean started;
    private long lowestUnits;
    private long admitted;
    private long refused;

    LazyFillBucket(final int ratePerSecond, final int burst) {
        this.ratePerSecond = ratePerSecond;
        this.capacity = burst * UNITS_PER_TOKEN;
        this.fillNs = capacity / ratePerSecond + 1;
        this.units = capacity;
        this.lowestUnits = capacity;
    }

    /** Whether a request arriving at {@code nowNs} is admitted. */
    synchronized boolean tryTake(final long nowNs) {
        if (started) {
            final long elapsedNs = Math.min(Math.max(0, nowNs - previousNs), fillNs);
            units = Math.min(capacity, units + elapsedNs * ratePerSecond);
        }
        started = true;
        previousNs = nowNs;
        lastSecond.add(nowNs);
        if (units < UNITS_PER_TOKEN) {
            refused++;
            return false;
        }
        units -= UNITS_PER_TOKEN;
        lowestUnits = Math.min(lowestUnits, units);
        admitted++;
        return true;
    }

    /** Gives back the token of a request that another bucket refused. */
    synchronized void giveBack() {
        units = Math.min(capacity, units + UNITS_PER_TOKEN);
        admitted--;
    }

    /** Tokens left, in billionths of a token. */
    synchronized long nanoTokens() {
        return units;
    }

    synchronized long lowestNanoTokens() {
        return lowestUnits;
    }

    synchronized long admitted() {
        return admitted;
    }

    synchronized long refused() {
        return refused;
    }

    synchronized int peakPerSlidingSecond() {
        return lastSecond.peak();
    }
}
