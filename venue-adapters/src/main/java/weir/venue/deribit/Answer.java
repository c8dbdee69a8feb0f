package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.function.UnaryOperator;
import weir.venue.AnswerLessons;

/**
 * What became of a request.
 *
 * @param kind    how it ended
 * @param result  of a {@link Kind#RESULT}, else missing
 * @param code    of an {@link Kind#ERROR}, else 0
 * @param text    the venue's message with its reason, or why there is none
 * @param usIn    venue's time of arrival in epoch microseconds, 0 when not said
 * @param usOut   venue's time of the answer in epoch microseconds, 0 when not said
 * @param epochNs our time at which it was there
 * @param nowNs   the same, monotonic
 * @param status  of HTTP, 0 over the socket and where there was no answer
 * @param headers of HTTP, none over the socket
 */
record Answer(Kind kind, JsonNode result, int code, String text, long usIn, long usOut, long epochNs, long nowNs,
    int status, UnaryOperator<String> headers) {

    /** How a request ends. */
    enum Kind { RESULT, ERROR, LOST, NOT_SENT }

    static Answer none(final Kind kind, final String text, final long epochNs, final long nowNs) {
        return of(kind, MissingNode.getInstance(), 0, text, 0, 0, epochNs, nowNs);
    }

    private static Answer of(final Kind kind, final JsonNode result, final int code, final String text,
        final long usIn, final long usOut, final long epochNs, final long nowNs) {
        return new Answer(kind, result, code, text, usIn, usOut, epochNs, nowNs, 0, AnswerLessons.NO_HEADERS);
    }

    /** Of an answer's root; LOST when it is neither result nor error. */
    static Answer of(final JsonNode root, final long epochNs, final long nowNs) {
        final long usIn = root.path("usIn").asLong();
        final long usOut = root.path("usOut").asLong();
        final JsonNode error = root.path("error");
        if (error.isObject() && error.path("code").isInt()) {
            final JsonNode data = error.path("data");
            final String reason = data.isObject() ? VenueJson.text(data, "reason") : "";
            final String param = data.isObject() ? VenueJson.text(data, "param") : "";
            final String message = VenueJson.text(error, "message");
            return of(Kind.ERROR, MissingNode.getInstance(), error.path("code").asInt(), message
                + (param.isEmpty() ? "" : ' ' + param)
                + (reason.isEmpty() || message.contains(reason) ? "" : ": " + reason), usIn, usOut, epochNs, nowNs);
        }
        return root.has("result") ? of(Kind.RESULT, root.get("result"), 0, "", usIn, usOut, epochNs, nowNs)
            : none(Kind.LOST, "neither result nor error", epochNs, nowNs);
    }

    /** The same as HTTP brought it. */
    Answer with(final int httpStatus, final UnaryOperator<String> httpHeaders) {
        return new Answer(kind, result, code, text, usIn, usOut, epochNs, nowNs, httpStatus, httpHeaders);
    }

    boolean isResult() {
        return kind == Kind.RESULT;
    }
}
