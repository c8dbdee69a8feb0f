package weir.sim.coinbase;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the requests that wait for the engine, per product: the venue's gateway holds at most 50 and refuses more
 * (Coinbase Exchange "Systems and operations"). Reader thread enters, processor thread leaves.
 */
final class GatewayQueue {
    private final Map<String, Integer> depths = new ConcurrentHashMap<>();
    private final int depthMax;
    private volatile int peak;

    /** @param depthMax most requests waiting, 0 for no bound. */
    GatewayQueue(final int depthMax) {
        this.depthMax = depthMax;
    }

    /** Adds a waiting request. @return false if the queue was full; it must be left all the same. */
    boolean tryEnter(final String product) {
        final int depth = depths.merge(product == null ? "" : product, 1, Integer::sum);
        if (depth > peak) {
            peak = depth;
        }
        return depthMax == 0 || depth <= depthMax;
    }

    void leave(final String product) {
        depths.merge(product == null ? "" : product, -1, Integer::sum);
    }

    int peak() {
        return peak;
    }
}
