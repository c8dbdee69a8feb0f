package weir.config.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import weir.config.failure.CommandFailure;

/**
 * Frames of a WebSocket as text: one JSON object, or one a line in the order in which they are sent, as a logon and
 * what leans on it.
 *
 * @param text   as it goes over the wire
 * @param id     by which its answer is known
 * @param method what it asks for
 */
record FrameText(String text, JsonNode id, String method) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Whether a text is no HTTP request but frames. */
    static boolean isFrame(final String text) {
        return text.stripLeading().startsWith("{");
    }

    /** Reads a text. @throws CommandFailure {@code LINT_REQUEST} when it is no frame. */
    static List<FrameText> parse(final String text) {
        final List<FrameText> frames = new ArrayList<>();
        final List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        if (lines.stream().allMatch(line -> line.strip().startsWith("{") && line.strip().endsWith("}"))) {
            for (int i = 0; i < lines.size(); i++) {
                frames.add(frame(lines.get(i).strip(), i + 1));
            }
        } else {
            frames.add(frame(text.strip(), 1));
        }
        return frames;
    }

    private static FrameText frame(final String text, final int line) {
        final JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (final JsonProcessingException ex) {
            throw new CommandFailure("LINT_REQUEST", "line " + line + ": expected a JSON object, got "
                + ex.getOriginalMessage());
        }
        if (!root.path("method").isTextual() || !root.path("id").isValueNode()) {
            throw new CommandFailure("LINT_REQUEST", "line " + line + ": expected a frame with id and method");
        }
        return new FrameText(text, root.get("id"), root.path("method").asText());
    }
}
