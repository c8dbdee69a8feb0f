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
 *
 * <p>What was placed in the place of one that was cancelled for it ({@link VenueOrderId#replaceOf}) is that order too,
 * and the log does not say which: of the account's that were cancelled on the same side with nothing in their place yet
 * the latest with as much left, or else the latest.
 */
final class OracleVenue {
    private static final int UUID_CHARS = 36;
    private static final int SEQUENCE_CHARS = 12;

    final List<Order> orders = new ArrayList<>();
    final List<Execution> executions = new ArrayList<>();

    private final Map<String, String> accountOfSession = new HashMap<>();
    private final Map<String, JsonNode> orderLines = new LinkedHashMap<>();
    private final Map<String, JsonNode> executionLines = new LinkedHashMap<>();
    private final Map<String, JsonNode> lineOfVenueId = new HashMap<>();
    private final Map<String, BigDecimal> qtyOfVenueId = new HashMap<>();
    private final Map<String, String> orderOfVenueId = new HashMap<>();
    private final Map<String, String> idOfSequence = new HashMap<>();
    private final Map<String, BigDecimal> filledUnits = new HashMap<>();
    private final Map<String, List<Cancelled>> cancelled = new HashMap<>();
    private final OrderChains chains = new OrderChains();
    private final Settlements settlements = new Settlements();

    record Order(String account, String id, long epochNs) {
    }

    private record Cancelled(String id, BigDecimal left) {
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
        final BigDecimal units = decimal(qty).movePointRight(Scale.E8_DIGITS);
        final BigDecimal after = filledUnits.merge(orderId, units, BigDecimal::add);
        return units.signum() > 0 && units.compareTo(BigDecimal.ONE) < 0
            && after.toBigInteger().equals(after.subtract(units).toBigInteger());
    }

    private static BigDecimal decimal(final JsonNode line, final String field) {
        return decimal(line.path(field).asText());
    }

    /** Zero where there is none. */
    private static BigDecimal decimal(final String text) {
        try {
            return new BigDecimal(text);
        } catch (final NumberFormatException ex) {
            return BigDecimal.ZERO;
        }
    }

    private void onLine(final JsonNode line) {
        final String account = line.path("profile").asText("");
        if (!account.isEmpty() && line.hasNonNull("session")) {
            accountOfSession.put(line.path("session").asText(), account);
        }
        final String venueId = line.path("orderId").asText("");
        final String named = line.path("clOrdId").asText("");
        final String id = named.isEmpty() ? venueId : named;
        final String venueKey = line.path("product").asText() + ' ' + venueId;
        switch (line.path("kind").asText()) {
            case "order" -> {
                final String known = isInPlaceOfAnother(id) ? inPlaceOf(line, id) : chains.first(line);
                final String first = known == null ? id : known;
                chains.add(line, id);
                orderOfVenueId.putIfAbsent(venueKey, first);
                lineOfVenueId.putIfAbsent(venueKey, line);
                qtyOfVenueId.put(venueKey, decimal(line, "qty"));
                if (!isInPlaceOfAnother(id)) {
                    onOrder(first, line);
                }
            }
            case "reject" -> {
                if (chains.first(line) == null && !isInPlaceOfAnother(id)) {
                    onOrder(id, line);
                }
            }
            case "replace" -> qtyOfVenueId.put(venueKey, decimal(line, "qty"));
            case "cancel" -> onCancel(line, venueKey);
            case "exec" -> {
                if (settlements.add(key(line, venueId), same(line, venueId))) {
                    executionLines.putIfAbsent(settlements.first(key(line, venueId)), line);
                }
            }
            case "reorg" -> settlements.takeBack(key(line, venueId));
            default -> {
                // acks and faults are free
            }
        }
    }

    private static boolean isInPlaceOfAnother(final String id) {
        return VenueOrderId.replaceOf(id) != null;
    }

    private void onCancel(final JsonNode line, final String venueKey) {
        final JsonNode order = lineOfVenueId.get(venueKey);
        if (order != null) {
            cancelled.computeIfAbsent(where(order), key -> new ArrayList<>()).add(new Cancelled(
                orderOfVenueId.get(venueKey), qtyOfVenueId.get(venueKey).subtract(decimal(line, "cumQty"))));
        }
    }

    private String inPlaceOf(final JsonNode line, final String id) {
        final List<Cancelled> before = cancelled.getOrDefault(where(line), List.of());
        final BigDecimal qty = decimal(line, "qty");
        int at = before.size() - 1;
        while (at >= 0 && before.get(at).left().compareTo(qty) != 0) {
            at--;
        }
        return before.isEmpty() ? id : before.remove(at < 0 ? before.size() - 1 : at).id();
    }

    private String where(final JsonNode line) {
        return account(line) + ' ' + line.path("product").asText() + ' ' + line.path("side").asText();
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
