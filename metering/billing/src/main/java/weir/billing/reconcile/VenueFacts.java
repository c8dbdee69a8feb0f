package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the venue's own log says ({@code venue.jsonl}): lines of kind {@code order} (clOrdId, orderId, product, side;
 * replaces: the id of an order of ours that it goes on with), {@code reject} (the same), {@code replace}, {@code exec}
 * (tradeId, qty, price, orderId) and {@code reorg} (tradeId: a settlement that its chain took back). This class
 * alone knows those names.
 */
final class VenueFacts {
    /** Orders by the id that we gave them, in order of arrival. */
    final Map<String, Order> orders = new LinkedHashMap<>();
    /** Ids that arrived again. */
    final List<Order> twice = new ArrayList<>();
    /** Second ids in the place of one order. */
    final List<Fork> forks = new ArrayList<>();
    final List<Execution> executions = new ArrayList<>();
    /** Changes of an order that stayed the same order, by the id that we gave it. */
    final Map<String, Integer> changes = new HashMap<>();
    /** Orders in place of others that the venue refused and did not take later; they are among the orders too. */
    final Set<String> refused = new HashSet<>();
    int tornLines;

    private final OrderChains chains = new OrderChains();
    private final Map<String, String> clOrdIdByOrderId = new HashMap<>();
    private final Settlements settlements = new Settlements();

    record Order(String clOrdId, String venueId, String product, String side, long epochNs) {
    }

    record Fork(String first, String earlier, String clOrdId) {
    }

    record Execution(String clOrdId, long tradeId, String qty, String price, long epochNs) {
        private String name() {
            return clOrdId + '/' + tradeId;
        }
    }

    void read(final Path file) {
        tornLines = JsonLines.read(file, this::onLine);
        // what a chain took back and did not settle again is no execution
        final Set<String> gone = settlements.gone();
        executions.removeIf(execution -> gone.contains(execution.name()));
    }

    private void onLine(final JsonNode line) {
        final String venueOrderId = line.path("orderId").asText("");
        final String named = line.path("clOrdId").asText("");
        final String clOrdId = named.isEmpty() ? venueOrderId : named;
        switch (line.path("kind").asText()) {
            case "order" -> {
                clOrdIdByOrderId.putIfAbsent(venueOrderId, clOrdId);
                final Order order = order(line, clOrdId);
                final String first = chains.first(line);
                final String inItsPlace = chains.add(line, clOrdId);
                if (first != null) {
                    onRest(order, first, inItsPlace);
                    return;
                }
                if (refused.remove(clOrdId)) {
                    orders.put(clOrdId, order);
                } else if (orders.putIfAbsent(clOrdId, order) != null) {
                    twice.add(order);
                }
            }
            // a request that the venue's door refused has no order line; the second half of a replace may come again
            case "reject" -> {
                if (chains.first(line) != null) {
                    return; // what it was to go on with is there
                }
                if (orders.putIfAbsent(clOrdId, order(line, clOrdId)) == null
                    && (ReplacementId.of(clOrdId) != null || VenueOrderId.replaceOf(clOrdId) != null)) {
                    refused.add(clOrdId);
                }
            }
            case "exec" -> onExecution(execution(line, clOrdIdByOrderId.getOrDefault(venueOrderId, clOrdId)));
            case "replace" -> changes.merge(clOrdIdByOrderId.getOrDefault(venueOrderId, clOrdId), 1, Integer::sum);
            case "reorg" -> settlements.takeBack(
                execution(line, clOrdIdByOrderId.getOrDefault(venueOrderId, clOrdId)).name());
            default -> {
                // acks, cancels and faults say nothing about money
            }
        }
    }

    /** The rest of an order, under another id. */
    private void onRest(final Order order, final String first, final String inItsPlace) {
        if (order.clOrdId().equals(inItsPlace)) {
            twice.add(order);
        } else if (inItsPlace != null) {
            forks.add(new Fork(first, inItsPlace, order.clOrdId()));
        }
    }

    /** A settlement that stands for one that was taken back is the same fill, under the name it was first told by. */
    private void onExecution(final Execution execution) {
        if (settlements.add(execution.name(), execution.clOrdId() + ' ' + execution.qty())) {
            executions.add(execution);
        }
    }

    private static Execution execution(final JsonNode line, final String clOrdId) {
        return new Execution(clOrdId, line.path("tradeId").asLong(), line.path("qty").asText(),
            line.path("price").asText(), line.path("ts").asLong());
    }

    private static Order order(final JsonNode line, final String clOrdId) {
        return new Order(clOrdId, line.path("orderId").asText(""), line.path("product").asText(),
            line.path("side").asText("").toLowerCase(Locale.ROOT), line.path("ts").asLong());
    }
}
