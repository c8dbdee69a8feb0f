package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/** Faults asked for, in the order of asking; the first that matches a request hits it. Thread-safe. */
final class FaultBook {
    private final List<Fault> faults = new ArrayList<>();

    synchronized Fault add(final JsonNode spec) {
        final Fault fault = Fault.of(spec, System.nanoTime());
        faults.add(fault);
        return fault;
    }

    synchronized Fault take(final String path) {
        for (final Fault fault : faults) {
            if (fault.kind != Fault.Kind.REFUSE_CONNECTIONS && !fault.kind.ofWebhooks()
                && fault.tryHit(path, System.nanoTime())) {
                return fault;
            }
        }
        return null;
    }

    synchronized Fault takeWebhook(final String type) {
        for (final Fault fault : faults) {
            if (fault.kind.ofWebhooks() && fault.tryHit(type, System.nanoTime())) {
                return fault;
            }
        }
        return null;
    }

    synchronized void clear() {
        faults.clear();
    }

    synchronized ArrayNode describe() {
        final ArrayNode list = StripeStore.JSON.createArrayNode();
        faults.forEach(fault -> list.add(fault.describe()));
        return list;
    }
}
