package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;

/** A refusal by its code and message, with {@code data.reason} and {@code data.param} where the venue says more. */
final class RpcError extends RuntimeException {
    static final int TOO_MANY_REQUESTS = 10028;
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String param;
    private final String reason;
    /** Whether the venue's log has it already. */
    boolean logged;

    RpcError(final int code, final String message) {
        this(code, message, null, null);
    }

    private RpcError(final int code, final String message, final String param, final String reason) {
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.reason = reason;
    }

    /** A parameter that is missing or makes no sense. */
    static RpcError invalidParams(final String param, final String reason) {
        return new RpcError(-32602, "Invalid params", param, reason);
    }

    /** other_reject, with its reason in the message. */
    static RpcError other(final String reason) {
        return new RpcError(11030, "other_reject " + reason, null, reason);
    }

    static RpcError tooManyRequests() {
        return new RpcError(TOO_MANY_REQUESTS, "too_many_requests");
    }

    int code() {
        return code;
    }

    /** HTTP status of an answer with this error. */
    int httpStatus() {
        return switch (code) {
            case TOO_MANY_REQUESTS -> 429;
            case 13009, 13004, 10000 -> 401;
            case 13021, 11042 -> 403;
            case 11094 -> 500;
            case 11051, 13028 -> 503;
            default -> 400;
        };
    }

    ObjectNode toJson() {
        final ObjectNode node = Json.object().put("code", code).put("message", getMessage());
        if (reason == null && param == null) {
            node.putNull("data");
        } else {
            final ObjectNode data = node.putObject("data");
            if (reason != null) {
                data.put("reason", reason);
            }
            if (param != null) {
                data.put("param", param);
            }
        }
        return node;
    }
}
