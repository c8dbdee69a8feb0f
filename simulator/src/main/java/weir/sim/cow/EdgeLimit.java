package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;
import weir.sim.market.LimitUse;

/**
 * What the edge lets through: the rate that the official SDK keeps to (sdk-order-book: 5 requests a second), counted as
 * a bucket that is full at first; past it nothing passes for a penalty, as users report. Monitor: itself.
 */
final class EdgeLimit {
    private static final double SECOND_NS = 1e9;

    private int perSecond;
    private final long penaltyNs;
    private double tokens;
    private double lowest;
    private long atNs = Long.MIN_VALUE;
    private long barredUntilNs = Long.MIN_VALUE;
    private long taken;
    private long refused;
    private long breaches;

    EdgeLimit(final int perSecond, final long penaltyNs) {
        this.perSecond = perSecond;
        this.penaltyNs = penaltyNs;
        tokens = perSecond;
        lowest = perSecond;
    }

    synchronized boolean tryTake(final long nowNs) {
        if (nowNs < barredUntilNs) {
            refused++;
            return false;
        }
        if (atNs != Long.MIN_VALUE) {
            tokens = Math.min(perSecond, tokens + (nowNs - atNs) / SECOND_NS * perSecond);
        }
        atNs = nowNs;
        if (tokens < 1) {
            breaches++;
            refused++;
            barredUntilNs = nowNs + penaltyNs;
            return false;
        }
        tokens--;
        lowest = Math.min(lowest, tokens);
        taken++;
        return true;
    }

    /** Another rate, as a partner may agree on one with the service; the bucket is full. */
    synchronized void rate(final int newPerSecond) {
        perSecond = newPerSecond;
        tokens = newPerSecond;
        lowest = newPerSecond;
    }

    synchronized void reset() {
        tokens = perSecond;
        lowest = perSecond;
        atNs = Long.MIN_VALUE;
        barredUntilNs = Long.MIN_VALUE;
        taken = 0;
        refused = 0;
        breaches = 0;
    }

    /** The bucket in the form of {@code GET /limits}: how much of it was ever taken out at once. */
    synchronized LimitUse use() {
        return new LimitUse("address", "requests/s (bucket)", (long)Math.ceil(perSecond - lowest), perSecond, refused,
            "");
    }

    synchronized ObjectNode toJson() {
        return Json.object().put("requests", taken).put("refused", refused).put("breaches", breaches);
    }
}
