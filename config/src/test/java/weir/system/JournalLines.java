package weir.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.journal.JournalDump;

/** The records of a journal as {@code weir journal dump} shows them. Immutable. */
record JournalLines(List<JsonNode> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JournalLines read(final Path directory) throws IOException {
        final StringBuilder text = new StringBuilder();
        new JournalDump().dump(directory, 1, Long.MAX_VALUE, text);
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : text.toString().split("\n")) {
            if (!line.isEmpty()) {
                lines.add(JSON.readTree(line));
            }
        }
        return new JournalLines(List.copyOf(lines));
    }

    /** Records of an input. */
    List<JsonNode> of(final String message) {
        return lines.stream().filter(line -> input(line).equals(message)).toList();
    }

    /** Records of an input since the last start of a router. */
    List<JsonNode> lastRun(final String message) {
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            if ("RouterStarted".equals(input(lines.get(i)))) {
                start = i;
            }
        }
        return lines.subList(start, lines.size()).stream().filter(line -> input(line).equals(message)).toList();
    }

    /** The record of a desk's command with a ClOrdID. */
    JsonNode command(final String clOrdId) {
        final List<JsonNode> found =
            lines.stream().filter(line -> line.path("input").path("clOrdId").asText().equals(clOrdId)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " records with ClOrdID " + clOrdId + " in\n" + text());
        }
        return found.get(0);
    }

    /**
     * What an order did, a line to each record that names it: the input, refusal, and what was metered and debited, as
     * {@code NewOrder request=1 debit=100 reserved=22000}.
     */
    List<String> trail(final long orderId) {
        final List<String> trail = new ArrayList<>();
        for (final JsonNode line : lines) {
            if (line.path("orderId").asLong() == orderId) {
                trail.add(shown(line));
            }
        }
        return trail;
    }

    static String shown(final JsonNode line) {
        final StringBuilder text = new StringBuilder(input(line));
        if (line.path("reason").asInt() != 0) {
            text.append(' ').append(line.path("reasonCode").asText());
        }
        amount(text, "request", line.path("requestUnits").asLong());
        amount(text, "sent", line.path("sentUnits").asLong());
        amount(text, "filled", line.path("filledUnits").asLong());
        amount(text, "debit", line.path("debitMicros").asLong());
        amount(text, "reserved", line.path("reservedMicros").asLong());
        return text.toString();
    }

    static String input(final JsonNode line) {
        return line.path("input").path("message").asText();
    }

    /** Are all records of an order there, up to the one that ends it? */
    boolean isFinal(final long orderId) {
        return lines.stream().anyMatch(line -> line.path("orderId").asLong() == orderId
            && line.path("flags").toString().contains("finalState"));
    }

    /** Sum of a field over all records. */
    long sum(final String field, final int tenantId) {
        return lines.stream().filter(line -> line.path("tenantId").asInt() == tenantId)
            .mapToLong(line -> line.path(field).asLong()).sum();
    }

    String text() {
        final StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static void amount(final StringBuilder text, final String name, final long value) {
        if (value != 0) {
            text.append(' ').append(name).append('=').append(value);
        }
    }
}
