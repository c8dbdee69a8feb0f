package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages that arrived within the second that ends now, whatever became of them, and what was done about it. Source:
 * "Rate limits overview", FIX; its algorithm is not stated: a sliding log is the strictest of all windows. Thread safe.
 */
final class FixMeter {
    private static final long LENGTH_NS = 1_000_000_000L;

    private final Deque<Long> times = new ArrayDeque<>();
    private long messages;
    private int peak;
    private long throttled;
    private long cut;
    private long logons;
    private long refusedLogons;
    private long rejects;

    /** Counts a message. @return how many there are in the second that ends now. */
    synchronized int add(final long nowNs) {
        while (!times.isEmpty() && nowNs - times.peekFirst() >= LENGTH_NS) {
            times.removeFirst();
        }
        times.addLast(nowNs);
        messages++;
        peak = Math.max(peak, times.size());
        return times.size();
    }

    synchronized void onThrottled(final boolean ended) {
        throttled++;
        cut += ended ? 1 : 0;
    }

    synchronized void onLogon(final boolean accepted) {
        logons += accepted ? 1 : 0;
        refusedLogons += accepted ? 0 : 1;
    }

    synchronized void onReject() {
        rejects++;
    }

    synchronized int peak() {
        return peak;
    }

    synchronized long throttled() {
        return throttled;
    }

    synchronized void reset() {
        times.clear();
        messages = 0;
        peak = 0;
        throttled = 0;
        cut = 0;
        logons = 0;
        refusedLogons = 0;
        rejects = 0;
    }

    /** Adds what was counted to a portfolio's figures. */
    synchronized void addTo(final ObjectNode node) {
        node.put("messages", node.path("messages").asLong() + messages)
            .put("peakPerSecond", Math.max(node.path("peakPerSecond").asInt(), peak))
            .put("throttled", node.path("throttled").asLong() + throttled)
            .put("cut", node.path("cut").asLong() + cut)
            .put("logons", node.path("logons").asLong() + logons)
            .put("refusedLogons", node.path("refusedLogons").asLong() + refusedLogons)
            .put("rejects", node.path("rejects").asLong() + rejects);
    }
}
