package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/**
 * Token buckets with lazy refill, counted in parts of a token as fine as the refill period has nanoseconds, so that
 * refill is exact: tokens per period times elapsed ns. The period is a second unless the venue counts by another.
 */
public final class TokenBuckets {
    /** Nano-tokens in a token. */
    public static final long NANO = 1_000_000_000L;
    /** Largest capacity, tokens. */
    public static final long CAPACITY_MAX = Long.MAX_VALUE / NANO / 2;

    /**
     * A bucket is a row, one cache line: capacity, rate, level, time of the last refill, time from empty to full, parts
     * of a token, capacity in tokens.
     */
    private static final int ROW = 8;
    private static final int CAPACITY = 0;
    private static final int RATE = 1;
    private static final int LEVEL = 2;
    private static final int LAST_NS = 3;
    private static final int FULL_NS = 4;
    private static final int SCALE = 5;
    private static final int TOKENS = 6;

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
     * @param capacity tokens; with more than {@link #capacityMax} it has that
     * @param refill   tokens per period
     * @param periodNs period, at least 1
     * @param nowNs    now
     */
    public void configure(final int i, final long capacity, final long refill, final long periodNs, final long nowNs) {
        final int row = refill(i, nowNs);
        long used = rows[row + CAPACITY] - rows[row + LEVEL];
        final long scale = scale(row);
        if (scale != periodNs) {
            final long tokens = used / scale + (used % scale == 0 ? 0 : 1);
            used = Math.min(tokens, capacityMax(periodNs)) * periodNs;
        }
        rows[row + TOKENS] = Math.min(capacity, capacityMax(periodNs));
        rows[row + CAPACITY] = rows[row + TOKENS] * periodNs;
        rows[row + RATE] = refill;
        rows[row + LEVEL] = Math.max(0, rows[row + CAPACITY] - used);
        rows[row + LAST_NS] = nowNs;
        rows[row + FULL_NS] = refill > 0 ? rows[row + CAPACITY] / refill : Long.MAX_VALUE;
        rows[row + SCALE] = periodNs;
    }

    /**
     * Largest capacity of a bucket.
     *
     * @param periodNs refill period, ns
     * @return tokens
     */
    public static long capacityMax(final long periodNs) {
        return Long.MAX_VALUE / periodNs / 2;
    }

    /**
     * Reads a bucket: see {@code LookAhead}.
     *
     * @param i bucket
     * @return of no meaning
     */
    public long touch(final int i) {
        return rows[i * ROW];
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
        if (tokens + reserve > rows[row + TOKENS]) {
            return Long.MAX_VALUE;
        }
        final long missing = (tokens + reserve) * rows[row + SCALE] - rows[row + LEVEL];
        if (missing <= 0) {
            return 0;
        }
        final long rate = rows[row + RATE];
        return rate <= 0 ? Long.MAX_VALUE : (missing - 1) / rate + 1;
    }

    /**
     * Takes tokens that {@link #waitNs} found.
     *
     * @param i      bucket
     * @param tokens taken
     */
    public void take(final int i, final long tokens) {
        rows[i * ROW + LEVEL] -= tokens * rows[i * ROW + SCALE];
    }

    /**
     * Whole tokens there are.
     *
     * @param i     bucket
     * @param nowNs now
     * @return tokens
     */
    public long level(final int i, final long nowNs) {
        final int row = refill(i, nowNs);
        return rows[row + LEVEL] / scale(row);
    }

    /**
     * Whole tokens there are; changes nothing.
     *
     * @param i     bucket
     * @param nowNs now
     * @return tokens
     */
    public long levelAt(final int i, final long nowNs) {
        return levelParts(i * ROW, nowNs) / scale(i * ROW);
    }

    /**
     * Would {@link #lowerTo} change anything?
     *
     * @param i      bucket
     * @param tokens at most so many are there
     * @param nowNs  now
     * @return true when more are there
     */
    public boolean isAbove(final int i, final long tokens, final long nowNs) {
        return parts(i * ROW, tokens) < levelParts(i * ROW, nowNs);
    }

    /**
     * What a period adds.
     *
     * @param i bucket
     * @return tokens per period
     */
    public long rate(final int i) {
        return rows[i * ROW + RATE];
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
        final long nano = parts(row, tokens);
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

    private long parts(final int row, final long tokens) {
        return Math.max(0, Math.min(tokens, rows[row + TOKENS])) * rows[row + SCALE];
    }

    /** A row never configured is one of seconds. */
    private long scale(final int row) {
        return rows[row + SCALE] == 0 ? NANO : rows[row + SCALE];
    }

    private long levelParts(final int row, final long nowNs) {
        final long elapsedNs = nowNs - rows[row + LAST_NS];
        return elapsedNs <= 0 ? rows[row + LEVEL] : levelAfter(row, elapsedNs);
    }

    private long levelAfter(final int row, final long elapsedNs) {
        return elapsedNs > rows[row + FULL_NS] ? rows[row + CAPACITY]
            : Math.min(rows[row + CAPACITY], rows[row + LEVEL] + elapsedNs * rows[row + RATE]);
    }
}
