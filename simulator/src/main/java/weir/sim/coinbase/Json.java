package weir.sim.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** The one JSON mapper: decimals stay decimals, unknown keys are errors of the caller. */
final class Json {
    private static final ObjectMapper MAPPER =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    static byte[] bytes(final JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a tree node always serialises", e);
        }
    }

    static JsonNode parse(final byte[] bytes) throws IOException {
        final JsonNode node = MAPPER.readTree(bytes);
        return node == null ? MAPPER.missingNode() : node;
    }

    static JsonNode readArray(final Path file) throws IOException {
        final JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
        if (root == null || !root.isArray()) {
            throw new IllegalArgumentException(file + ": expected a JSON array");
        }
        return root;
    }

    static void requireKeys(final JsonNode node, final Path file, final String... known) {
        final List<String> names = Arrays.asList(known);
        final Iterator<String> keys = node.fieldNames();
        while (keys.hasNext()) {
            final String key = keys.next();
            if (!names.contains(key)) {
                throw new IllegalArgumentException(file + ": unknown key '" + key + "', expected one of " + names);
            }
        }
    }

    static String text(final JsonNode node, final String key) {
        final JsonNode value = node.get(key);
        if (value == null || value.isNull() || value.isContainerNode() || value.asText().isEmpty()) {
            throw new IllegalArgumentException("'" + key + "' is missing");
        }
        return value.asText();
    }

    static String textOrNull(final JsonNode node, final String key) {
        final JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value.asText();
    }
}
