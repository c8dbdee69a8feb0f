package weir.engine.throttle;

import weir.engine.snapshot.StateImage;

/**
 * Token buckets from which one token at a time is taken and that are refilled by the second, as the generic cell rate
 * algorithm keeps them (ITU-T I.371, virtual scheduling): of a bucket one time is known, when it is full again, the
 * theoretical arrival time TAT. A message conforms unless it comes more than a tolerance before that, and puts it off
 * by an increment. Asking is a subtraction and a comparison, taking a maximum and an addition.
 *
 * <p>Made exact: the increment of 300 tokens per second is no whole number of ns. TAT is rounded up to one, and what
 * that adds is kept beside it as a remainder of less than a ns' refill. So of a bucket that is not full
 * {@code (TAT - now) * rate - remainder} nano-tokens are used, and each decision is that of a count of nano-tokens. A
 * bucket without a rate has a TAT that never comes; there the remainder alone says what is used.
 *
 * <p>Time does not go backwards, and is not negative. Engine thread.
 */
public final class CellRates {
    private static final long NANO = 1_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    /** A bucket is a row as long as a cache line, what each order needs of it first. */
    private static final int ROW = 8;
    /** TAT: full at, and from then on. */
    private static final int FULL_AT_NS = 0;
    /** How long before TAT there is a token, were there no remainder. */
    private static final int TOLERANCE_NS = 1;
    /** What a token adds to TAT where that is all: 0 without a rate, and while a remainder is kept. */
    private static final int INCREMENT_NS = 2;
    /** In nano-tokens, as is all that is not in ns. */
    private static final int REMAINDER = 3;
    /** Refill of a token: whole ns, and what is beyond them. */
    private static final int WHOLE_NS = 4;
    private static final int BEYOND = 5;
    /** Refill of a ns. */
    private static final int RATE = 6;
    private static final int CAPACITY = 7;

    private final long[] rows;

    /**
     * Makes buckets, each to be configured before it is asked.
     *
     * @param count buckets
     */
    public CellRates(final int count) {
        rows = new long[Math.multiplyExact(count, ROW)];
    }

    /**
     * Sets the size and rate. A new bucket is full; one in use keeps what it has used.
     *
     * @param i        bucket
     * @param capacity tokens; 0 = there is never one
     * @param rate     tokens per second; 0 = what is taken does not come back
     * @param nowNs    now
     * @throws IllegalArgumentException when one is negative
     */
    public void configure(final int i, final int capacity, final int rate, final long nowNs) {
        if (capacity < 0 || rate < 0) {
            throw new IllegalArgumentException("capacity " + capacity + ", rate " + rate);
        }
        final int row = i * ROW;
        final long used = used(row, nowNs);
        final long nano = capacity * NANO;
        final long perNs = capacity == 0 ? 0 : rate;
        rows[row + CAPACITY] = nano;
        rows[row + RATE] = perNs;
        rows[row + WHOLE_NS] = perNs == 0 ? 0 : NANO / perNs;
        rows[row + BEYOND] = NANO - rows[row + WHOLE_NS] * perNs;
        rows[row + TOLERANCE_NS] = perNs == 0 ? -1 : (nano - NANO) / perNs;
        use(row, Math.min(used, nano), nowNs);
    }

    /**
     * Is a token there? Changes nothing, so that several buckets are asked before one is taken of any.
     *
     * @param i     bucket
     * @param nowNs now
     * @return true when it is
     */
    public boolean isThere(final int i, final long nowNs) {
        final int row = i * ROW;
        final long aheadNs = rows[row + FULL_AT_NS] - nowNs;
        return aheadNs <= rows[row + TOLERANCE_NS] || aheadNs <= toleranceNs(row);
    }

    /**
     * Takes a token.
     *
     * @param i     bucket, of which {@link #isThere} said that it has one
     * @param nowNs the same time
     */
    public void take(final int i, final long nowNs) {
        final int row = i * ROW;
        final long incrementNs = rows[row + INCREMENT_NS];
        if (incrementNs != 0) {
            rows[row + FULL_AT_NS] = Math.max(rows[row + FULL_AT_NS], nowNs) + incrementNs;
        } else {
            takeExactly(row, nowNs);
        }
    }

    /**
     * Takes a token or what there is of one: traffic that counts but is never stopped.
     *
     * @param i     bucket
     * @param nowNs now
     */
    public void takeUpToOne(final int i, final long nowNs) {
        if (isThere(i, nowNs)) {
            take(i, nowNs);
        } else {
            use(i * ROW, rows[i * ROW + CAPACITY], nowNs);
        }
    }

    /**
     * Time until a token is there; changes nothing.
     *
     * @param i     bucket
     * @param nowNs now
     * @return 0 when it is, else ns to wait, {@link Long#MAX_VALUE} when it never will be
     */
    public long waitNs(final int i, final long nowNs) {
        final int row = i * ROW;
        if (isThere(i, nowNs)) {
            return 0;
        }
        return rows[row + RATE] == 0 ? Long.MAX_VALUE : rows[row + FULL_AT_NS] - nowNs - toleranceNs(row);
    }

    /**
     * Whole tokens there are; changes nothing.
     *
     * @param i     bucket
     * @param nowNs now
     * @return tokens
     */
    public long level(final int i, final long nowNs) {
        return (rows[i * ROW + CAPACITY] - used(i * ROW, nowNs)) / NANO;
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

    /** As {@link #TOLERANCE_NS}, remainder included: room for tokens and remainder, in ns' refill, rounded down. */
    private long toleranceNs(final int row) {
        final long rate = rows[row + RATE];
        final long room = rows[row + CAPACITY] - NANO + rows[row + REMAINDER];
        if (rate == 0) {
            return room >= 0 ? NEVER : -1;
        }
        final long wholeNs = rows[row + TOLERANCE_NS];
        return room - wholeNs * rate >= rate ? wholeNs + 1 : wholeNs;
    }

    /** No branch for the borrow: which token has it is as good as random. */
    private void takeExactly(final int row, final long nowNs) {
        final long rate = rows[row + RATE];
        if (rate == 0) {
            rows[row + REMAINDER] -= NANO;
            return;
        }
        final long fullAtNs = rows[row + FULL_AT_NS];
        final long beyond = rows[row + BEYOND];
        final long left = (fullAtNs <= nowNs ? 0 : rows[row + REMAINDER]) - beyond;
        final long borrow = left >> Long.SIZE - 1;
        rows[row + FULL_AT_NS] = Math.max(fullAtNs, nowNs) + rows[row + WHOLE_NS] - borrow;
        rows[row + REMAINDER] = left + (rate & borrow);
        if ((beyond | left) == 0) {
            rows[row + INCREMENT_NS] = rows[row + WHOLE_NS];
        }
    }

    /** Nano-tokens. */
    private long used(final int row, final long nowNs) {
        final long aheadNs = rows[row + FULL_AT_NS] - nowNs;
        return aheadNs <= 0 ? 0 : aheadNs * rows[row + RATE] - rows[row + REMAINDER];
    }

    private void use(final int row, final long used, final long nowNs) {
        final long rate = rows[row + RATE];
        if (rate == 0) {
            rows[row + FULL_AT_NS] = NEVER;
            rows[row + REMAINDER] = -used;
        } else {
            final long aheadNs = used / rate + (used % rate == 0 ? 0 : 1);
            rows[row + FULL_AT_NS] = nowNs + aheadNs;
            rows[row + REMAINDER] = aheadNs * rate - used;
        }
        rows[row + INCREMENT_NS] = (rows[row + BEYOND] | rows[row + REMAINDER]) == 0 ? rows[row + WHOLE_NS] : 0;
    }
}
