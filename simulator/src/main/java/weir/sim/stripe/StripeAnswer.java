package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param status  HTTP status
 * @param body    JSON text
 * @param headers further headers
 */
record StripeAnswer(int status, String body, Map<String, String> headers) {
    static StripeAnswer ok(final JsonNode body) {
        return new StripeAnswer(200, body.toString(), Map.of());
    }
}
