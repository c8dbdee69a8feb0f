package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.VenueLog;

/**
 * User data streams: what happened to an account's orders, to each connection subscribed to it, late, twice, in another
 * order or not at all where a fault says so. Called inside the engine's monitor, which keeps them in order.
 */
final class UserStreams {
    private final FaultPlan<BinanceFault> faults;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;
    private final VenueLog log;
    private final ScheduledExecutorService later;
    private final Map<String, ObjectNode> held = new HashMap<>();
    private Supplier<Collection<SocketConnection>> connections = List::of;

    UserStreams(final FaultPlan<BinanceFault> faults, final LongSupplier clock, final LongSupplier offsetNs,
        final VenueLog log, final ScheduledExecutorService later) {
        this.faults = faults;
        this.clock = clock;
        this.offsetNs = offsetNs;
        this.log = log;
        this.later = later;
    }

    void connections(final Supplier<Collection<SocketConnection>> supplier) {
        connections = supplier;
    }

    synchronized ObjectNode subscribe(final SocketConnection connection, final BinanceAccount account) {
        return Json.object().put("subscriptionId", connection.subscribe(account));
    }

    synchronized void onExecution(final Execution execution) {
        final BinanceAccount account = execution.order().account();
        final ObjectNode event = execution.toJson(offsetNs.getAsLong());
        final String key = account.apiKey();
        if (strikes(BinanceFault.DROP_REPORT, key)) {
            return;
        }
        if (!held.containsKey(account.name()) && strikes(BinanceFault.REORDER_REPORT, key)) {
            held.put(account.name(), event);
            return;
        }
        publish(account.name(), event);
        if (strikes(BinanceFault.DUPLICATE_REPORT, key)) {
            publish(account.name(), event);
        }
        final ObjectNode before = held.remove(account.name());
        if (before != null) {
            publish(account.name(), before);
        }
    }

    private void publish(final String account, final ObjectNode event) {
        final long lateMs = faults.value(BinanceFault.STREAM_LATE_MS, null);
        if (lateMs > 0) {
            later.schedule(() -> sendNow(account, event), lateMs, TimeUnit.MILLISECONDS);
        } else {
            sendNow(account, event);
        }
    }

    private synchronized void sendNow(final String account, final ObjectNode event) {
        for (final SocketConnection connection : connections.get()) {
            connection.subscriptions.forEach((id, subscribed) -> {
                if (!subscribed.name().equals(account)) {
                    return;
                }
                if (faults.strikes(BinanceFault.WS_DROP, null)) {
                    connection.drop();
                } else {
                    connection.send(Json.object().put("subscriptionId", id).<ObjectNode>set("event", event));
                }
            });
        }
    }

    private boolean strikes(final BinanceFault fault, final String key) {
        if (!faults.strikes(fault, key)) {
            return false;
        }
        log.write(VenueLog.line("fault", clock.getAsLong()).put("fault", fault.key()).put("session", key));
        return true;
    }
}
