package weir.venue;

/**
 * Token bucket that is filled when it is asked, as Coinbase documents it ("Rate limits": lazy-fill token bucket):
 * starts full, a refused request costs nothing. Integer arithmetic, one token is 1e9 units. One owning thread.
 */
public final class LazyFillBucket {
    private static final long TOKEN = 1_000_000_000L;

    private final long ratePerSecond;
    private final long capacity;
    private final long fullAfterNs;
    private long units;
    private long updatedNs;
    private boolean started;

    /**
     * Sizes the bucket.
     *
     * @param ratePerSecond tokens per second
     * @param burst         most tokens held
     */
    public LazyFillBucket(final int ratePerSecond, final int burst) {
        if (ratePerSecond <= 0 || burst <= 0) {
            throw new IllegalArgumentException("ratePerSecond " + ratePerSecond + " burst " + burst);
        }
        this.ratePerSecond = ratePerSecond;
        this.capacity = burst * TOKEN;
        this.fullAfterNs = capacity / ratePerSecond + 1;
        this.units = capacity;
    }

    /**
     * Whether a token is there; takes none.
     *
     * @param nowNs monotonic time
     * @return true when {@link #take(long)} would succeed
     */
    public boolean has(final long nowNs) {
        fill(nowNs);
        return units >= TOKEN;
    }

    /**
     * Whether so many tokens are there; takes none.
     *
     * @param nowNs monotonic time
     * @param count tokens
     * @return true when as many could be taken now
     */
    public boolean has(final long nowNs, final int count) {
        fill(nowNs);
        return units >= count * TOKEN;
    }

    /**
     * Takes a token if there is one.
     *
     * @param nowNs monotonic time
     * @return true when taken
     */
    public boolean take(final long nowNs) {
        if (!has(nowNs)) {
            return false;
        }
        units -= TOKEN;
        return true;
    }

    /**
     * The venue said that its own bucket is empty.
     *
     * @param nowNs monotonic time
     */
    public void drain(final long nowNs) {
        fill(nowNs);
        units = 0;
    }

    private void fill(final long nowNs) {
        if (started && nowNs - updatedNs > 0) {
            final long elapsedNs = Math.min(nowNs - updatedNs, fullAfterNs);
            units = Math.min(capacity, units + elapsedNs * ratePerSecond);
        }
        if (!started || nowNs - updatedNs > 0) {
            updatedNs = nowNs;
        }
        started = true;
    }
}
