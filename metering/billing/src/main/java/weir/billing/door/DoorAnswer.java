package weir.billing.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with. Immutable.
 *
 * @param status      HTTP status
 * @param contentType null without a body
 * @param body        bytes, length 0 without a body
 * @param headers     further headers
 */
public record DoorAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NONE = new byte[0];

    /** Headers are copied. */
    public DoorAnswer {
        headers = Map.copyOf(headers);
    }

    /**
     * A JSON answer.
     *
     * @param status HTTP status
     * @param body   document
     * @return answer
     */
    public static DoorAnswer json(final int status, final JsonNode body) {
        return new DoorAnswer(status, "application/json", bytes(body), Map.of());
    }

    /**
     * An answer without a body.
     *
     * @param status HTTP status
     * @return answer
     */
    public static DoorAnswer empty(final int status) {
        return new DoorAnswer(status, null, NONE, Map.of());
    }

    /**
     * A problem (RFC 9457).
     *
     * @param status HTTP status, 400 to 599
     * @param code   stable; {@code type} is {@code urn:weir:problem:CODE}
     * @param detail for people; null = none
     * @return answer
     */
    public static DoorAnswer problem(final int status, final String code, final String detail) {
        final Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "urn:weir:problem:" + code);
        problem.put("title", code.replace('_', ' '));
        problem.put("status", status);
        if (detail != null) {
            problem.put("detail", detail);
        }
        problem.put("code", code);
        return new DoorAnswer(status, "application/problem+json", bytes(JSON.valueToTree(problem)), Map.of());
    }

    /**
     * The same answer with a further header.
     *
     * @param name  header
     * @param value its value
     * @return answer
     */
    public DoorAnswer with(final String name, final String value) {
        final Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new DoorAnswer(status, contentType, body, more);
    }

    private static byte[] bytes(final JsonNode node) {
        try {
            return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("a tree of JSON nodes always has a text", ex);
        }
    }
}
