package weir.sim.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import weir.sim.market.Json;

/**
 * An HTTP answer.
 *
 * @param before CB-BEFORE cursor, null for none.
 * @param after  CB-AFTER cursor, null for none.
 */
record RestReply(int status, JsonNode body, String before, String after) {
    static RestReply ok(final JsonNode body) {
        return new RestReply(200, body, null, null);
    }

    /** The venue's error body: {@code {"message":"..."}}. */
    static RestReply error(final int status, final String message) {
        return new RestReply(status, Json.object().put("message", message), null, null);
    }

    String message() {
        return status == 200 ? null : body.path("message").asText();
    }
}
