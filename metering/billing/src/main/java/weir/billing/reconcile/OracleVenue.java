package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The orders and executions of each account, from one venue's own log alone. All venues write one form; an execution is
 * named by its {@code tradeId} or {@code fillId}, an account by {@code profile}, or by the {@code session} that traded
 * for it in another line. An order that the venue's door refused has reached the venue.
 */
final class OracleVenue {
    final List<Order> orders = new ArrayList<>();
    final List<Execution> executions = new ArrayList<>();

    private final Map<String, String> accountOfSession = new HashMap<>();
    private final Map<String, JsonNode> orderLines = new LinkedHashMap<>();
    private final Map<String, JsonNode> executionLines = new LinkedHashMap<>();
    private final Map<String, String> orderOfVenueId = new HashMap<>();

    record Order(String account, String id, long epochNs) {
    }

    record Execution(String account, String orderId, long epochNs) {
    }

    void read(final Path file) {
        JsonLines.read(file, this::onLine);
        orderLines.forEach((id, line) -> orders.add(new Order(account(line), id, line.path("ts").asLong())));
        final Set<String> seen = new HashSet<>();
        executionLines.forEach((key, line) -> {
            final String venueId = line.path("orderId").asText();
            final String id = orderOfVenueId.getOrDefault(venueId, line.path("clOrdId").asText());
            if (seen.add(key)) {
                executions.add(new Execution(account(orderLines.getOrDefault(id, line)), id,
                    line.path("ts").asLong()));
            }
        });
    }

    private void onLine(final JsonNode line) {
        final String account = line.path("profile").asText("");
        if (!account.isEmpty() && line.hasNonNull("session")) {
            accountOfSession.put(line.path("session").asText(), account);
        }
        final String venueId = line.path("orderId").asText("");
        final String id = line.path("clOrdId").asText(venueId);
        switch (line.path("kind").asText()) {
            case "order" -> {
                orderOfVenueId.putIfAbsent(venueId, id);
                orderLines.putIfAbsent(id, line);
            }
            case "reject" -> orderLines.putIfAbsent(id, line);
            case "exec" -> executionLines.putIfAbsent(venueId + ' '
                + line.path("tradeId").asText(line.path("fillId").asText()), line);
            default -> {
                // acks, cancels, replaces and faults are free
            }
        }
    }

    private String account(final JsonNode line) {
        final String account = line.path("profile").asText("");
        return account.isEmpty() ? accountOfSession.getOrDefault(line.path("session").asText(), "") : account;
    }
}
