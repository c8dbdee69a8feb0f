package weir.sim.coinbase;

import java.util.ArrayDeque;

/** Counts events in the second that ends now, and remembers the highest count. Single threaded, or under a monitor. */
final class MessageTimes {
    private static final long SECOND_NS = 1_000_000_000L;

    private final ArrayDeque<Long> times = new ArrayDeque<>();
    private int peak;

    /** Adds one event and returns the number in (nowNs - 1 s, nowNs]. */
    int add(final long nowNs) {
        times.addLast(nowNs);
        while (nowNs - times.peekFirst() >= SECOND_NS) {
            times.removeFirst();
        }
        peak = Math.max(peak, times.size());
        return times.size();
    }

    int peak() {
        return peak;
    }
}
