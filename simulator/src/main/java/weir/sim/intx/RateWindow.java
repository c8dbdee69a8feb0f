package weir.sim.intx;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Calls of one key within the second that ends now; a call beyond the limit is refused and not counted. Source: "Rate
 * limits overview": 40 requests/s per key. The algorithm is not stated: a sliding log is the strictest of all windows.
 * Also the venue's judgement: the most calls offered and let through within any one second. Thread safe.
 */
final class RateWindow {
    static final long LENGTH_NS = 1_000_000_000L;

    private final int limit;
    private final Deque<Long> passed = new ArrayDeque<>();
    private final Deque<Long> offered = new ArrayDeque<>();
    private long requests;
    private long refused;
    private int peakPassed;
    private int peakOffered;

    RateWindow(final int limit) {
        this.limit = limit;
    }

    /** @param storm refuse whatever the count is. @return whether the call may go on. */
    synchronized boolean tryPass(final boolean storm, final long nowNs) {
        requests++;
        forget(offered, nowNs);
        forget(passed, nowNs);
        offered.addLast(nowNs);
        peakOffered = Math.max(peakOffered, offered.size());
        if (storm || passed.size() >= limit) {
            refused++;
            return false;
        }
        passed.addLast(nowNs);
        peakPassed = Math.max(peakPassed, passed.size());
        return true;
    }

    synchronized long requests() {
        return requests;
    }

    synchronized long refused() {
        return refused;
    }

    synchronized int peakPassed() {
        return peakPassed;
    }

    synchronized int peakOffered() {
        return peakOffered;
    }

    synchronized void reset() {
        passed.clear();
        offered.clear();
        requests = 0;
        refused = 0;
        peakPassed = 0;
        peakOffered = 0;
    }

    private static void forget(final Deque<Long> times, final long nowNs) {
        while (!times.isEmpty() && nowNs - times.peekFirst() >= LENGTH_NS) {
            times.removeFirst();
        }
    }
}
