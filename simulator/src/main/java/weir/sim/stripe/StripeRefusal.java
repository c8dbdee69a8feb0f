package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** A request that Stripe would refuse, with the status, the error object and the headers of the answer. */
final class StripeRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final String type;
    final String code;
    final String param;
    final transient Map<String, String> headers = new TreeMap<>();

    StripeRefusal(final int status, final String type, final String code, final String param, final String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
    }

    static StripeRefusal invalid(final String param, final String message) {
        return new StripeRefusal(400, "invalid_request_error", null, param, message);
    }

    static StripeRefusal invalid(final String code, final String param, final String message) {
        return new StripeRefusal(400, "invalid_request_error", code, param, message);
    }

    static StripeRefusal missing(final String param) {
        return invalid("parameter_missing", param, "Missing required param: " + param + ".");
    }

    /** An id in a path is answered 404, an id in a parameter 400. */
    static StripeRefusal noSuch(final int status, final String what, final String id, final String param) {
        return new StripeRefusal(status, "invalid_request_error", "resource_missing", param,
            "No such " + what + ": '" + id + "'");
    }

    static StripeRefusal rateLimited(final String code, final String reason) {
        final StripeRefusal refusal = new StripeRefusal(429, "invalid_request_error", code, null,
            "lock_timeout".equals(code)
                ? "This object cannot be accessed right now because another API request or Stripe process is currently "
                    + "accessing it."
                : "Request rate limit exceeded. Learn more about rate limits at https://stripe.com/docs/rate-limits.");
        refusal.headers.put("Stripe-Rate-Limited-Reason", reason);
        return refusal;
    }

    static StripeRefusal keyInUse(final String key) {
        return new StripeRefusal(409, "invalid_request_error", "idempotency_key_in_use", null,
            "There is currently another in-progress request using this Idempotent Key (" + key + ").");
    }

    StripeAnswer answer() {
        final ObjectNode error = JsonNodeFactory.instance.objectNode();
        if (code != null) {
            error.put("code", code);
        }
        error.put("message", getMessage());
        if (param != null) {
            error.put("param", param);
        }
        error.put("type", type);
        final ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("error", error);
        return new StripeAnswer(status, body.toString(), headers);
    }
}
