package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/** Token buckets with lazy refill, counted in nano-tokens so that refill is exact: rate per second times elapsed ns. */
public final class TokenBuckets {
    /** Nano-tokens in a token. */
    public static final long NANO = 1_000_000_000L;
    /** Largest capacity, tokens. */
    public static final long CAPACITY_MAX = Long.MAX_VALUE / NANO / 2;

    private final long[] capacityNano;
    private final long[] perSecond;
    private final long[] levelNano;
    private final long[] lastNs;

    /**
     * Makes buckets without capacity.
     *
     * @param count buckets
     */
    public TokenBuckets(final int count) {
        capacityNano = new long[count];
        perSecond = new long[count];
        levelNano = new long[count];
        lastNs = new long[count];
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
        refill(i, nowNs);
        final long usedNano = capacityNano[i] - levelNano[i];
        capacityNano[i] = Math.min(capacity, CAPACITY_MAX) * NANO;
        perSecond[i] = rate;
        levelNano[i] = Math.max(0, capacityNano[i] - usedNano);
        lastNs[i] = nowNs;
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
        refill(i, nowNs);
        final long needed = (tokens + reserve) * NANO;
        if (levelNano[i] >= needed) {
            return 0;
        }
        if (needed > capacityNano[i] || perSecond[i] <= 0) {
            return Long.MAX_VALUE;
        }
        return (needed - levelNano[i] + perSecond[i] - 1) / perSecond[i];
    }

    /**
     * Takes tokens that {@link #waitNs} found.
     *
     * @param i      bucket
     * @param tokens taken
     */
    public void take(final int i, final long tokens) {
        levelNano[i] -= tokens * NANO;
    }

    /**
     * Takes tokens as far as there are any: traffic that counts but is never stopped.
     *
     * @param i      bucket
     * @param tokens wanted
     * @param nowNs  now
     */
    public void takeUpTo(final int i, final long tokens, final long nowNs) {
        refill(i, nowNs);
        levelNano[i] = Math.max(0, levelNano[i] - tokens * NANO);
    }

    /**
     * Whole tokens there are.
     *
     * @param i     bucket
     * @param nowNs now
     * @return tokens
     */
    public long level(final int i, final long nowNs) {
        refill(i, nowNs);
        return levelNano[i] / NANO;
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
        refill(i, nowNs);
        final long nano = Math.max(0, Math.min(tokens, CAPACITY_MAX)) * NANO;
        if (nano >= levelNano[i]) {
            return false;
        }
        levelNano[i] = nano;
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
        image.column(capacityNano, from, to);
        image.column(perSecond, from, to);
        image.column(levelNano, from, to);
        image.column(lastNs, from, to);
    }

    private void refill(final int i, final long nowNs) {
        final long elapsedNs = nowNs - lastNs[i];
        if (elapsedNs <= 0) {
            return;
        }
        final long missing = capacityNano[i] - levelNano[i];
        if (perSecond[i] > 0 && elapsedNs > missing / perSecond[i]) {
            levelNano[i] = capacityNano[i];
        } else {
            levelNano[i] += elapsedNs * perSecond[i];
        }
        lastNs[i] = nowNs;
    }
}
