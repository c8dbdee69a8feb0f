package weir.sim.kraken;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One budget of cost units over 10 s, counted in the shape that was chosen. A call that does not fit costs nothing.
 * Integers only. A clock that steps back is taken to stand still. Guarded by its own monitor.
 * Source: Kraken Futures rate limits, /derivatives.
 */
final class CostWindow {
    static final long LENGTH_NS = 10_000_000_000L;

    private final WindowShape shape;
    private final long limit;
    private final Deque<long[]> taken = new ArrayDeque<>();
    private long used;
    private long fixedStartNs = Long.MIN_VALUE;
    /** Of the bucket: units times {@link #LENGTH_NS}, so that a nanosecond refills {@code limit}. */
    private long level;
    private long lastNs = Long.MIN_VALUE;

    CostWindow(final WindowShape shape, final int limit) {
        this.shape = shape;
        this.limit = limit;
        this.level = limit * LENGTH_NS;
    }

    /** Takes a cost if it fits into what is left at a time. */
    synchronized boolean tryTake(final int cost, final long atNs) {
        advance(atNs);
        if (cost > left()) {
            return false;
        }
        switch (shape) {
            case BUCKET -> level -= cost * LENGTH_NS;
            case FIXED_10S -> used += cost;
            default -> {
                used += cost;
                taken.add(new long[] {lastNs, cost});
            }
        }
        return true;
    }

    /** Whole units left at a time. */
    synchronized long left(final long atNs) {
        advance(atNs);
        return left();
    }

    private long left() {
        return shape == WindowShape.BUCKET ? level / LENGTH_NS : limit - used;
    }

    private void advance(final long atNs) {
        final long nowNs = Math.max(lastNs, atNs);
        switch (shape) {
            case BUCKET -> {
                if (lastNs != Long.MIN_VALUE) {
                    level = Math.min(limit * LENGTH_NS, level + Math.min(nowNs - lastNs, LENGTH_NS) * limit);
                }
            }
            case FIXED_10S -> {
                final long startNs = nowNs - Math.floorMod(nowNs, LENGTH_NS);
                if (startNs != fixedStartNs) {
                    fixedStartNs = startNs;
                    used = 0;
                }
            }
            default -> {
                while (!taken.isEmpty() && taken.peekFirst()[0] <= nowNs - LENGTH_NS) {
                    used -= taken.removeFirst()[1];
                }
            }
        }
        lastNs = nowNs;
    }
}
