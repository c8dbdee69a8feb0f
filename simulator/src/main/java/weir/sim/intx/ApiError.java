package weir.sim.intx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;

/** A call that is refused: an HTTP status and a body {@code {"title":"..","status":..}}; nothing is carried out. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "io.javalin.http.";

    private final int status;

    ApiError(final int status, final String title) {
        super(title, null, false, false);
        this.status = status;
    }

    /** 400 as the venue words it. */
    static ApiError bad(final String text) {
        return new ApiError(400, PREFIX + "BadRequestResponse: " + text);
    }

    /** 400 for an order the matching engine turns away. */
    static ApiError rejected(final String code, final String text) {
        return bad("Order rejected (" + code + " - " + text + ")");
    }

    static ApiError unauthorized(final String detail) {
        return new ApiError(401, PREFIX + "UnauthorizedResponse: Unauthorized" + (detail.isEmpty() ? ""
            : " (" + detail + ")"));
    }

    static ApiError notFound() {
        return new ApiError(404, PREFIX + "NotFoundResponse: Not Found");
    }

    static ApiError missing(final String field) {
        return bad(field + " is a required field");
    }

    int status() {
        return status;
    }

    ObjectNode toJson() {
        return Json.object().put("title", getMessage()).put("status", status);
    }
}
