package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/** Token buckets with lazy refill, counted in nano-tokens so that refill is exact: rate per second times elapsed ns. */
public final class TokenBuckets {
    /** Nano-tokens in a token. */
    public static final long NANO = 1_000_000_000L;
    /** Largest capacity, tokens. */
    public static final long CAPACITY_MAX = Long.MAX_VALUE / NANO / 2;

    /** A bucket is a row, one cache line: capacity, rate, level, time of the last refill, time from empty to full. */
    private static final int ROW = 8;
    private static final int CAPACITY = 0;
    private static final int RATE = 1;
    private static final int LEVEL = 2;
    private static final int LAST_NS = 3;
    private static final int FULL_NS = 4;

    private final long[] rows;

    /**
     * Makes buckets without capacity.
     *
     * @param count buckets
     */
    public TokenBuckets(final int count) {
        rows = new long[Math.multiplyExact(count, ROW)];
    }

    /**
     * Sets the size and rate. A new bucket is full; one in use keeps what it has used.
     *
     * @param i        bucket
     * @param capacity tokens
     * @param rate     tokens per second
     * @param nowNs    now
     */
    public void configure(final int i, final long capacity, final long rate, final long nowNs) {
        final int row = refill(i, nowNs);
        final long usedNano = rows[row + CAPACITY] - rows[row + LEVEL];
        rows[row + CAPACITY] = Math.min(capacity, CAPACITY_MAX) * NANO;
        rows[row + RATE] = rate;
        rows[row + LEVEL] = Math.max(0, rows[row + CAPACITY] - usedNano);
        rows[row + LAST_NS] = nowNs;
        rows[row + FULL_NS] = rate > 0 ? rows[row + CAPACITY] / rate : Long.MAX_VALUE;
    }

    /**
     * Time until so many tokens beyond a reserve are there.
     *
     * @param i       bucket
     * @param tokens  wanted
     * @param reserve tokens that must stay
     * @param nowNs   now
     * @return 0 when they are there, else ns to wait, {@link Long#MAX_VALUE} when they never will be
     */
    public long waitNs(final int i, final long tokens, final long reserve, final long nowNs) {
        final int row = refill(i, nowNs);
        final long needed = (tokens + reserve) * NANO;
        final long missing = needed - rows[row + LEVEL];
        if (missing <= 0) {
            return 0;
        }
        final long rate = rows[row + RATE];
        if (needed > rows[row + CAPACITY] || rate <= 0) {
            return Long.MAX_VALUE;
        }
        return (missing + rate - 1) / rate;
    }

    /**
     * What is in a bucket now. Changes nothing, so that several buckets are looked at before any is written.
     *
     * @param i     bucket
     * @param nowNs now
     * @return nano-tokens
     */
    public long levelNano(final int i, final long nowNs) {
        final int row = i * ROW;
        final long elapsedNs = nowNs - rows[row + LAST_NS];
        return elapsedNs <= 0 ? rows[row + LEVEL] : levelAfter(row, elapsedNs);
    }

    /**
     * Takes one token from a bucket that has one.
     *
     * @param i     bucket
     * @param level as {@link #levelNano} found it for the same time
     * @param nowNs now
     */
    public void takeOne(final int i, final long level, final long nowNs) {
        final int row = i * ROW;
        rows[row + LEVEL] = level - NANO;
        rows[row + LAST_NS] = nowNs;
    }

    /**
     * Takes tokens that {@link #waitNs} found.
     *
     * @param i      bucket
     * @param tokens taken
     */
    public void take(final int i, final long tokens) {
        rows[i * ROW + LEVEL] -= tokens * NANO;
    }

    /**
     * Takes tokens as far as there are any: traffic that counts but is never stopped.
     *
     * @param i      bucket
     * @param tokens wanted
     * @param nowNs  now
     */
    public void takeUpTo(final int i, final long tokens, final long nowNs) {
        final int row = refill(i, nowNs);
        rows[row + LEVEL] = Math.max(0, rows[row + LEVEL] - tokens * NANO);
    }

    /**
     * Whole tokens there are.
     *
     * @param i     bucket
     * @param nowNs now
     * @return tokens
     */
    public long level(final int i, final long nowNs) {
        return rows[refill(i, nowNs) + LEVEL] / NANO;
    }

    /**
     * Lowers the level to a reading of the other side.
     *
     * @param i      bucket
     * @param tokens at most so many are there
     * @param nowNs  now
     * @return true when that changed it
     */
    public boolean lowerTo(final int i, final long tokens, final long nowNs) {
        final int row = refill(i, nowNs);
        final long nano = Math.max(0, Math.min(tokens, CAPACITY_MAX)) * NANO;
        if (nano >= rows[row + LEVEL]) {
            return false;
        }
        rows[row + LEVEL] = nano;
        return true;
    }

    /**
     * Hands over buckets, to be saved or filled again.
     *
     * @param image takes them
     * @param from  first bucket
     * @param to    end; when loading, the most that may be filled
     */
    void image(final StateImage image, final int from, final int to) {
        image.column(rows, from * ROW, to * ROW);
    }

    /** Adds what time has earned; answers the bucket's row. No division: what an empty bucket takes is known. */
    private int refill(final int i, final long nowNs) {
        final int row = i * ROW;
        final long elapsedNs = nowNs - rows[row + LAST_NS];
        if (elapsedNs > 0) {
            rows[row + LAST_NS] = nowNs;
            rows[row + LEVEL] = levelAfter(row, elapsedNs);
        }
        return row;
    }

    private long levelAfter(final int row, final long elapsedNs) {
        return elapsedNs > rows[row + FULL_NS] ? rows[row + CAPACITY]
            : Math.min(rows[row + CAPACITY], rows[row + LEVEL] + elapsedNs * rows[row + RATE]);
    }
}
