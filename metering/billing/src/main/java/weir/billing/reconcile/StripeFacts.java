package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Stripe's log says ({@code stripe.jsonl}): lines of kind {@code accepted} with identifier, event_name, customer,
 * value and, when it was dropped later, error; of kind {@code adjustment} with the identifier that was cancelled.
 * Duplicates that Stripe refused are other kinds and count nothing.
 */
final class StripeFacts {
    final Map<String, Event> events = new LinkedHashMap<>();
    final Set<String> cancelled = new LinkedHashSet<>();
    final List<Event> twice = new ArrayList<>();
    int tornLines;

    record Event(String identifier, String eventName, String customer, String value, String error) {
        long units() {
            return Long.parseLong(value);
        }
    }

    void read(final Path file) {
        tornLines = JsonLines.read(file, this::onLine);
    }

    private void onLine(final JsonNode line) {
        if ("accepted".equals(line.path("kind").asText())) {
            final JsonNode error = line.path("error");
            final Event event = new Event(line.path("identifier").asText(), line.path("event_name").asText(),
                line.path("customer").asText(), line.path("value").asText(),
                error.isMissingNode() || error.isNull() ? null : error.asText());
            if (events.putIfAbsent(event.identifier(), event) != null) {
                twice.add(event);
            }
        } else if ("adjustment".equals(line.path("kind").asText())) {
            cancelled.add(line.path("identifier").asText());
        }
    }
}
