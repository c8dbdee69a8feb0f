package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import weir.venue.AnswerLessons;

/**
 * What became of a request, the same for both ways.
 *
 * @param kind     how it ended
 * @param status   HTTP status, also of the WebSocket API; 0 where there is no answer
 * @param body     result or error object; null where the answer is not what the venue documents
 * @param whole    all of the answer: the frame of the WebSocket API, the body of REST; null where there is none
 * @param headers  of REST; of the WebSocket API what its rateLimits say, under the names of REST's headers
 * @param readings of rate limits
 * @param text     of what went wrong underneath
 * @param epochNs  our epoch time of it
 * @param nowNs    monotonic time of it
 */
record Answer(Kind kind, int status, JsonNode body, JsonNode whole, UnaryOperator<String> headers,
    List<Reading> readings, String text, long epochNs, long nowNs) {
    private static final String WEIGHT = "X-MBX-USED-WEIGHT-";
    private static final String COUNT = "X-MBX-ORDER-COUNT-";

    /** How a request ended. */
    enum Kind { ANSWERED, LOST, NOT_SENT }

    /**
     * A rate limit as the venue counts it.
     *
     * @param type     REQUEST_WEIGHT, ORDERS or RAW_REQUESTS
     * @param periodMs of its window
     * @param count    used
     * @param limit    granted, 0 where it is not said
     */
    record Reading(String type, long periodMs, int count, int limit) {
    }

    /** No answer came, or nothing was sent. */
    static Answer none(final Kind kind, final String text, final long epochNs, final long nowNs) {
        return new Answer(kind, 0, null, null, AnswerLessons.NO_HEADERS, List.of(), text, epochNs, nowNs);
    }

    boolean isSuccess() {
        return kind == Kind.ANSWERED && status == 200 && body != null;
    }

    /** The venue takes nothing for a while: 429, or 418 when it went on. */
    boolean isOverLimit() {
        return status == 429 || status == 418;
    }

    /** The venue's error code, 0 where there is none. */
    int code() {
        return body == null || status == 200 ? 0 : body.path("code").asInt(0);
    }

    String message() {
        return body == null ? "HTTP " + status : body.path("code").asText("") + ' ' + body.path("msg").asText("");
    }

    /** What rateLimits say, under the names that REST's headers have: X-MBX-USED-WEIGHT-1M, X-MBX-ORDER-COUNT-10S. */
    static UnaryOperator<String> headers(final JsonNode rateLimits) {
        return name -> {
            final String wanted = name.toUpperCase(Locale.ROOT);
            for (final JsonNode limit : rateLimits) {
                final String prefix = "ORDERS".equals(VenueJson.text(limit, "rateLimitType")) ? COUNT
                    : "REQUEST_WEIGHT".equals(VenueJson.text(limit, "rateLimitType")) ? WEIGHT : null;
                final String interval = VenueJson.text(limit, "interval");
                if (prefix != null && !interval.isEmpty() && limit.has("count")
                    && wanted.equals(prefix + limit.path("intervalNum").asText() + interval.charAt(0))) {
                    return limit.path("count").asText();
                }
            }
            return null;
        };
    }
}
