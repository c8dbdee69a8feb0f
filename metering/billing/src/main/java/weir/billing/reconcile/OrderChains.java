package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * Orders that stood at a venue under several ids, one after the other: a line of one names in {@code replaces} the id
 * that it goes on with. Each id is replaced once; another one that says it replaces the same is no part of the chain.
 */
final class OrderChains {
    private final Map<String, String> firstOf = new HashMap<>();
    private final Map<String, String> nextOf = new HashMap<>();

    /**
     * Reads whether a line goes on with an order that came before.
     *
     * @param line of an order, or of one that was refused
     * @return id that the order came by first; null when the line names none, or one that is not known
     */
    String first(final JsonNode line) {
        return line.hasNonNull("replaces") ? firstOf.get(line.path("replaces").asText()) : null;
    }

    /**
     * Adds an order that the venue took. An empty id is none.
     *
     * @param line of it
     * @param id   that we gave it
     * @return id that stands in its place already: its own when it came again, another's when two replace one order;
     *         null when it has its place now, or replaces nothing that is known
     */
    String add(final JsonNode line, final String id) {
        final String first = first(line);
        if (id.isEmpty()) {
            return null;
        }
        if (first == null) {
            firstOf.putIfAbsent(id, id);
            return null;
        }
        firstOf.putIfAbsent(id, first);
        return nextOf.putIfAbsent(line.path("replaces").asText(), id);
    }
}
