package weir.venue.cow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.function.UnaryOperator;
import weir.venue.AnswerLessons;

/**
 * What became of a request.
 *
 * @param kind        whether it was answered, surely never left, or neither
 * @param status      HTTP status, 0 without answer
 * @param body        text, empty without answer
 * @param headers     of the answer
 * @param venueMs     the venue's clock, 0 where it does not say
 * @param text        why there is none
 * @param epochNs     when it came
 */
record Answer(Kind kind, int status, String body, UnaryOperator<String> headers, long venueMs, String text,
    long epochNs) {
    private static final ObjectReader READER =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();

    /** How sure it is. */
    enum Kind {
        ANSWERED, NOT_SENT, LOST
    }

    /** There is no answer. */
    static Answer none(final Kind kind, final String text, final long epochNs) {
        return new Answer(kind, 0, "", AnswerLessons.NO_HEADERS, 0, text, epochNs);
    }

    boolean isOk() {
        return kind == Kind.ANSWERED && (status == 200 || status == 201);
    }

    /** The JSON, null when there is none that can be read. */
    JsonNode json() {
        try {
            final JsonNode root = body.isEmpty() ? null : READER.readTree(body);
            return root == null || root.isMissingNode() ? null : root;
        } catch (final JsonProcessingException ex) {
            return null;
        }
    }

    /** {@code errorType}, empty when there is none. */
    String errorType() {
        final JsonNode root = json();
        return root == null ? "" : root.path("errorType").asText("");
    }

    /** For people: no more than the venue said, and no address. */
    String describe() {
        if (kind != Kind.ANSWERED) {
            return text;
        }
        final JsonNode root = json();
        final String words = root == null ? "" : root.path("description").asText("");
        return "HTTP " + status + ' ' + errorType() + (words.isEmpty() ? "" : ": " + words);
    }
}
