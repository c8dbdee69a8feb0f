package weir.sim.binance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;

/** A refusal in the venue's words ("Error codes"): HTTP status, code, text, and what goes with some of them. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final transient ObjectNode data;
    private final long retryAtMs;

    ApiError(final int code, final String text) {
        this(400, code, text, null, 0);
    }

    ApiError(final int status, final int code, final String text, final ObjectNode data, final long retryAtMs) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
        this.retryAtMs = retryAtMs;
    }

    static ApiError missing(final String name) {
        return new ApiError(-1102, "Mandatory parameter '" + name
            + "' was not sent, was empty/null, or malformed.");
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }

    /** Epoch milliseconds until which a caller is to wait, 0 where none is said. */
    long retryAtMs() {
        return retryAtMs;
    }

    /** The body of REST, the error of the WebSocket API but for the times of a refusal for the rate. */
    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("code", code).put("msg", getMessage());
        if (data != null) {
            node.set("data", data);
        }
        return node;
    }
}
