package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param status  HTTP status
 * @param body    JSON text
 * @param headers further headers
 */
record StripeAnswer(int status, String body, Map<String, String> headers) {
    /** Prefix of fields that the simulator keeps on an object for itself. */
    static final String HIDDEN = "sim:";

    static StripeAnswer ok(final JsonNode body) {
        return new StripeAnswer(200, shown(body).toString(), Map.of());
    }

    /** @return the node as a client may see it: without the simulator's own fields, of a list of lines the first 10 */
    static JsonNode shown(final JsonNode node) {
        if (node.isArray()) {
            final ArrayNode array = StripeStore.JSON.createArrayNode();
            node.forEach(member -> array.add(shown(member)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        final ObjectNode object = StripeStore.JSON.createObjectNode();
        node.properties().forEach(field -> {
            if (!field.getKey().startsWith(HIDDEN)) {
                object.set(field.getKey(), shown(field.getValue()));
            }
        });
        if (Invoices.TYPE.equals(object.path("object").asText()) && object.path("lines").path("data").size() > 10) {
            final ObjectNode lines = (ObjectNode) object.get("lines");
            final ArrayNode all = (ArrayNode) lines.get("data");
            while (all.size() > 10) {
                all.remove(all.size() - 1);
            }
            lines.put("has_more", true);
        }
        return object;
    }
}
