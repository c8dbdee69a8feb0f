package weir.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The venue's own log. Immutable. */
record VenueLines(List<JsonNode> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OF_ORDERS = Set.of("order", "ack", "reject", "exec", "replace", "cancel",
        "cancelReject", "status", "massCancel", "restate", "batchReject", "sessionReject");

    static VenueLines read(final Path file) throws IOException {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return new VenueLines(List.copyOf(lines));
    }

    List<JsonNode> of(final String kind) {
        return lines.stream().filter(line -> line.path("kind").asText().equals(kind)).toList();
    }

    /** Messages of a type that the venue received. */
    List<JsonNode> received(final String msgType) {
        return of("recv").stream().filter(line -> line.path("msgType").asText().equals(msgType)).toList();
    }

    /** Everything about one of our orders, found by the OrderID(37) that the desk knows. */
    List<String> trail(final long orderId) {
        final String end = String.format("%012x", orderId);
        final List<String> venueIds = of("order").stream().filter(line -> line.path("clOrdId").asText().endsWith(end))
            .map(line -> line.path("orderId").asText()).toList();
        return lines.stream().filter(line -> OF_ORDERS.contains(line.path("kind").asText())
            && venueIds.contains(line.path("orderId").asText())).map(VenueLines::shown).toList();
    }

    /** Everything about orders, in order, as {@code order buy 21 0.01@59000}. */
    List<String> trail() {
        final List<String> trail = new ArrayList<>();
        for (final JsonNode line : lines) {
            if (OF_ORDERS.contains(line.path("kind").asText())) {
                trail.add(shown(line));
            }
        }
        return trail;
    }

    static String shown(final JsonNode line) {
        final String kind = line.path("kind").asText();
        switch (kind) {
            case "order":
                return kind + ' ' + line.path("side").asText() + ' ' + line.path("ordType").asText()
                    + line.path("tif").asText() + ' ' + at(line);
            case "exec":
                return kind + ' ' + at(line) + state(line);
            case "replace":
                return kind + ' ' + at(line) + " cum=" + line.path("cumQty").asText();
            case "cancel":
                return kind + ' ' + line.path("execType").asText() + state(line);
            case "ack":
                return kind + state(line);
            case "reject":
            case "cancelReject":
            case "sessionReject":
            case "batchReject":
                return kind + ' ' + line.path("reason").asText();
            default:
                return kind;
        }
    }

    private static String at(final JsonNode line) {
        return line.path("qty").asText() + (line.path("price").isNull() ? "" : '@' + line.path("price").asText());
    }

    private static String state(final JsonNode line) {
        return " cum=" + line.path("cumQty").asText() + " leaves=" + line.path("leavesQty").asText();
    }

    String text() {
        final StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
