package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What became of a request, the same for both ways.
 *
 * @param kind     how it ended
 * @param status   HTTP status, also of the WebSocket API; 0 where there is no answer
 * @param body     result or error object; null where the answer is not what the venue documents
 * @param retryMs  how long the venue wants us to wait, milliseconds; 0 where it does not say
 * @param readings of rate limits
 * @param text     of what went wrong underneath
 * @param epochNs  our epoch time of it
 * @param nowNs    monotonic time of it
 */
record Answer(Kind kind, int status, JsonNode body, long retryMs, List<Reading> readings, String text, long epochNs,
    long nowNs) {

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

    boolean isSuccess() {
        return kind == Kind.ANSWERED && status == 200 && body != null;
    }

    /** The venue's error code, 0 where there is none. */
    int code() {
        return body == null || status == 200 ? 0 : body.path("code").asInt(0);
    }

    String message() {
        return body == null ? "HTTP " + status : body.path("code").asText("") + ' ' + body.path("msg").asText("");
    }
}
