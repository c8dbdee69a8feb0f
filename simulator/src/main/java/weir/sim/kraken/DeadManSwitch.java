package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.sim.market.Json;

/** Cancels every order of an account when its timer runs out. Thread safe. Source: "Dead man's switch". */
final class DeadManSwitch {
    private final KrakenEngine engine;
    private final DeadManListener listener;
    private final Map<String, Long> triggerNs = new ConcurrentHashMap<>();

    /** Told when a timer ran out, after its orders were cancelled. */
    @FunctionalInterface
    interface DeadManListener {
        void onFired(String account, int cancelled, long nowNs);
    }

    DeadManSwitch(final KrakenEngine engine, final DeadManListener listener) {
        this.engine = engine;
        this.listener = listener;
    }

    /** Starts or restarts the timer of an account; 0 seconds stops it. @return when it will run out. */
    long arm(final KrakenAccount account, final long seconds, final long nowNs) {
        final long atNs = nowNs + seconds * 1_000_000_000L;
        if (seconds == 0) {
            triggerNs.remove(account.name());
        } else {
            triggerNs.put(account.name(), atNs);
        }
        return atNs;
    }

    /** Fires what is due. */
    void onTick(final long nowNs) {
        final Iterator<Map.Entry<String, Long>> timers = triggerNs.entrySet().iterator();
        while (timers.hasNext()) {
            final Map.Entry<String, Long> timer = timers.next();
            final String account = timer.getKey();
            if (timer.getValue() <= nowNs && triggerNs.remove(account, timer.getValue())) {
                final int cancelled = engine.cancelAll(order -> order.account().name().equals(account),
                    "DEAD_MAN_SWITCH", Json.array(), nowNs).size();
                listener.onFired(account, cancelled, nowNs);
            }
        }
    }

    void reset() {
        triggerNs.clear();
    }

    /** Seconds left by account, for the tester. */
    ObjectNode toJson(final long nowNs) {
        final ObjectNode node = Json.object();
        triggerNs.forEach((account, atNs) -> node.put(account, (atNs - nowNs) / 1_000_000_000.0));
        return node;
    }
}
