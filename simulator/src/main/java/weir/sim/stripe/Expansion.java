package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/**
 * {@code expand[]}: replaces ids in an answer by the objects they name, along a path such as {@code latest_invoice} or
 * {@code data.customer}. Tiers of prices are the catalogue's own affair. Guarded by the simulator's lock.
 */
final class Expansion {
    private static final Map<String, String> TYPES = Map.of("cus", Customers.TYPE, "in", Invoices.TYPE, "sub",
        Subscriptions.TYPE, "prod", Catalog.PRODUCT, "price", Catalog.PRICE, "mtr", Meters.TYPE, "sub_sched",
        Schedules.TYPE, "clock", TestClocks.TYPE);

    private final StripeStore store;

    Expansion(final StripeStore store) {
        this.store = store;
    }

    StripeAnswer expand(final StripeRequest request, final StripeAnswer answer) {
        final Map<String, String> paths = request.hash("expand");
        if (paths.isEmpty() || answer.status() != 200) {
            return answer;
        }
        try {
            final JsonNode body = StripeStore.JSON.readTree(answer.body());
            paths.values().forEach(path -> walk(body, path.split("\\."), 0));
            return new StripeAnswer(200, body.toString(), answer.headers());
        } catch (final IOException e) {
            throw new IllegalStateException("an answer that is not JSON: " + answer.body(), e);
        }
    }

    private void walk(final JsonNode node, final String[] path, final int depth) {
        if (node.isArray()) {
            node.forEach(member -> walk(member, path, depth));
        } else if (node.isObject() && depth < path.length && node.has(path[depth])) {
            final JsonNode value = node.get(path[depth]);
            if (value.isTextual()) {
                final String id = value.asText();
                final String type = TYPES.get(id.substring(0, Math.max(0, id.lastIndexOf('_'))));
                final ObjectNode object = type == null ? null : store.get(type, id);
                if (object != null) {
                    ((ObjectNode) node).set(path[depth], StripeAnswer.shown(
                        Catalog.PRICE.equals(type) ? Catalog.shown(object, false) : object));
                }
            }
            walk(node.get(path[depth]), path, depth + 1);
        }
    }
}
