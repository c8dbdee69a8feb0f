package weir.sim.market;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** The one JSON mapper: decimals stay decimals, unknown keys are errors of the caller. */
public final class Json {
    private static final ObjectMapper MAPPER =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    private Json() {
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A new empty array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The tree as UTF-8 text. */
    public static byte[] bytes(final JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a tree node always serialises", e);
        }
    }

    /** The tree of a text; a missing node if it is empty. @throws IOException if it is not JSON. */
    public static JsonNode parse(final byte[] bytes) throws IOException {
        final JsonNode node = MAPPER.readTree(bytes);
        return node == null ? MAPPER.missingNode() : node;
    }

    /** Reads a file that must hold an array. @throws IOException if it cannot be read as JSON. */
    public static JsonNode readArray(final Path file) throws IOException {
        final JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
        if (root == null || !root.isArray()) {
            throw new IllegalArgumentException(file + ": expected a JSON array");
        }
        return root;
    }

    /** Refuses keys that are not known. @throws IllegalArgumentException naming the first such key. */
    public static void requireKeys(final JsonNode node, final Path file, final String... known) {
        final List<String> names = Arrays.asList(known);
        final Iterator<String> keys = node.fieldNames();
        while (keys.hasNext()) {
            final String key = keys.next();
            if (!names.contains(key)) {
                throw new IllegalArgumentException(file + ": unknown key '" + key + "', expected one of " + names);
            }
        }
    }

    /** A value that must be there. @throws IllegalArgumentException if it is missing or empty. */
    public static String text(final JsonNode node, final String key) {
        final JsonNode value = node.get(key);
        if (value == null || value.isNull() || value.isContainerNode() || value.asText().isEmpty()) {
            throw new IllegalArgumentException("'" + key + "' is missing");
        }
        return value.asText();
    }

    /** A value, or null if it is missing or null. */
    public static String textOrNull(final JsonNode node, final String key) {
        final JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value.asText();
    }
}
