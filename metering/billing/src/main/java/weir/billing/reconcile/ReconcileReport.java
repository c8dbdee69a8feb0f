package weir.billing.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Outcome of a reconciliation.
 *
 * @param differences every difference found
 * @param compared    what was compared: name to count, so that an empty run is seen to be empty
 */
public record ReconcileReport(List<Difference> differences, Map<String, Long> compared) {
    /**
     * Whether all sources agree.
     *
     * @return true without differences
     */
    public boolean agrees() {
        return differences.isEmpty();
    }

    /**
     * For people: what was compared, each difference, and as last line {@code differences: N}.
     *
     * @return text with newlines
     */
    public String toText() {
        final StringBuilder text = new StringBuilder();
        compared.forEach((name, count) -> text.append(name).append(": ").append(count).append('\n'));
        for (final Difference difference : differences) {
            text.append(difference).append('\n');
        }
        return text.append("differences: ").append(differences.size()).append('\n').toString();
    }

    /**
     * For programs.
     *
     * @return one JSON object, one line
     */
    public String toJson() {
        final ObjectMapper mapper = new ObjectMapper();
        final ObjectNode root = mapper.createObjectNode();
        final ObjectNode counts = root.putObject("compared");
        compared.forEach(counts::put);
        final ArrayNode rows = root.putArray("differences");
        for (final Difference difference : differences) {
            rows.addObject().put("kind", difference.kind().name()).put("where", difference.where())
                .put("expected", difference.expected()).put("found", difference.found())
                .put("sequence", difference.sequence());
        }
        root.put("count", differences.size());
        try {
            return mapper.writeValueAsString(root);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", ex);
        }
    }
}
