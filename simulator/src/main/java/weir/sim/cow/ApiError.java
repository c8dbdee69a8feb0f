package weir.sim.cow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;

/** A refusal as the order book answers it: an HTTP status and {@code {"errorType","description"}}. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final transient ObjectNode data;

    ApiError(final int status, final String type, final String description) {
        this(status, type, description, null);
    }

    ApiError(final int status, final String type, final String description, final ObjectNode data) {
        super(description, null, false, false);
        this.status = status;
        this.type = type;
        this.data = data;
    }

    static ApiError bad(final String type, final String description) {
        return new ApiError(400, type, description);
    }

    /** What does not have the form of a request, which the service answers in plain text. */
    static ApiError form(final String description) {
        return new ApiError(422, "", description);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    byte[] body() {
        if (type.isEmpty()) {
            return ("Failed to deserialize the JSON body into the target type: " + getMessage())
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        final ObjectNode body = Json.object().put("errorType", type).put("description", getMessage());
        if (data != null) {
            body.set("data", data);
        }
        return Json.bytes(body);
    }
}
