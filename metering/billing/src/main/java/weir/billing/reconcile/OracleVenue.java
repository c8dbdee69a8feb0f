package weir.billing.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.protocol.Scale;

/**
 * The orders and executions of each account, from one venue's own log alone. All venues write one form; an execution is
 * named by its {@code tradeId} or {@code fillId}, an account by {@code profile}, or by the {@code session} that traded
 * for it in another line. An order that the venue's door refused has reached the venue; one that goes on with another
 * ({@code replaces}) is that order still. A settlement that its chain took back ({@code reorg}) and made again is one;
 * a fill that completes no 1e-8 of its order is none (docs/decisions/0033).
 */
final class OracleVenue {
    private static final int UUID_CHARS = 36;
    private static final int SEQUENCE_CHARS = 12;

    final List<Order> orders = new ArrayList<>();
    final List<Execution> executions = new ArrayList<>();

    private final Map<String, String> accountOfSession = new HashMap<>();
    private final Map<String, JsonNode> orderLines = new LinkedHashMap<>();
    private final Map<String, JsonNode> executionLines = new LinkedHashMap<>();
    private final Map<String, String> orderOfVenueId = new HashMap<>();
    private final Map<String, String> idOfSequence = new HashMap<>();
    private final Map<String, BigDecimal> filledUnits = new HashMap<>();
    private final OrderChains chains = new OrderChains();
    private final Settlements settlements = new Settlements();

    record Order(String account, String id, long epochNs) {
    }

    record Execution(String account, String orderId, long epochNs) {
    }

    void read(final Path file) {
        JsonLines.read(file, this::onLine);
        executionLines.keySet().removeAll(settlements.gone());
        orderLines.forEach((id, line) -> orders.add(new Order(account(line), id, line.path("ts").asLong())));
        orderOfVenueId.replaceAll((venueId, id) -> original(id));
        executionLines.forEach((key, line) -> {
            // a replace gives an order another clOrdId; the venue's own id stays
            final String venueId = line.path("product").asText() + ' ' + line.path("orderId").asText();
            final String id = orderOfVenueId.getOrDefault(venueId, line.path("clOrdId").asText());
            if (isDust(id, line.path("qty").asText())) {
                return;
            }
            final String own = account(line);
            executions.add(new Execution(own.isEmpty() ? account(orderLines.getOrDefault(id, line)) : own, id,
                line.path("ts").asLong()));
        });
    }

    /**
     * Whether a fill is below our unit and does not complete one with those of its order before it: it is told with a
     * later fill or never, so no desk sees it and none owes for it.
     */
    private boolean isDust(final String orderId, final String qty) {
        final BigDecimal units;
        try {
            units = new BigDecimal(qty).movePointRight(Scale.E8_DIGITS);
        } catch (final NumberFormatException ex) {
            return false;
        }
        final BigDecimal after = filledUnits.merge(orderId, units, BigDecimal::add);
        return units.signum() > 0 && units.compareTo(BigDecimal.ONE) < 0
            && after.toBigInteger().equals(after.subtract(units).toBigInteger());
    }

    private void onLine(final JsonNode line) {
        final String account = line.path("profile").asText("");
        if (!account.isEmpty() && line.hasNonNull("session")) {
            accountOfSession.put(line.path("session").asText(), account);
        }
        final String venueId = line.path("orderId").asText("");
        final String named = line.path("clOrdId").asText("");
        final String id = named.isEmpty() ? venueId : named;
        switch (line.path("kind").asText()) {
            case "order" -> {
                final String known = chains.first(line);
                final String first = known == null ? id : known;
                chains.add(line, id);
                orderOfVenueId.putIfAbsent(line.path("product").asText() + ' ' + venueId, first);
                onOrder(first, line);
            }
            case "reject" -> {
                if (chains.first(line) == null) {
                    onOrder(id, line);
                }
            }
            case "exec" -> {
                if (settlements.add(key(line, venueId), same(line, venueId))) {
                    executionLines.putIfAbsent(settlements.first(key(line, venueId)), line);
                }
            }
            case "reorg" -> settlements.takeBack(key(line, venueId));
            default -> {
                // acks, cancels, replaces and faults are free
            }
        }
    }

    /** An order in place of another is not sent anew. */
    private void onOrder(final String id, final JsonNode line) {
        if (ReplacementId.of(id) == null) {
            orderLines.putIfAbsent(id, line);
            if (id.length() == UUID_CHARS) {
                idOfSequence.putIfAbsent(id.substring(UUID_CHARS - SEQUENCE_CHARS), id);
            }
        }
    }

    /** The order that one replaces, where its id is made of the record that our id names; else one name for all. */
    private String original(final String id) {
        final ReplacementId replacement = ReplacementId.of(id);
        return replacement == null ? id : idOfSequence.getOrDefault(String.format("%012x", replacement.orderId()),
            "order " + replacement.orderId());
    }

    private static String key(final JsonNode line, final String venueId) {
        return line.path("product").asText() + ' ' + venueId + ' '
            + line.path("tradeId").asText(line.path("fillId").asText());
    }

    private static String same(final JsonNode line, final String venueId) {
        return line.path("product").asText() + ' ' + venueId + ' ' + line.path("qty").asText();
    }

    private String account(final JsonNode line) {
        final String account = line.path("profile").asText("");
        return account.isEmpty() ? accountOfSession.getOrDefault(line.path("session").asText(), "") : account;
    }
}
