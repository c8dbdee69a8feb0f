package weir.billing.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import weir.billing.rating.OrderMemory;
import weir.protocol.Scale;

/**
 * Compares desks, journal and venue: messages, orders, executions. Where a venue counts finer than our quantities and
 * prices (tokens have up to 18 decimals), each figure must be less than one unit of ours off, and so must be the sum of
 * an order's fills: what was cut off one is in the next.
 */
final class TradeChecks {
    private final FixFacts fix;
    private final JournalFacts journal;
    private final VenueFacts venue;
    private final long clockToleranceNs;
    private final Consumer<Difference> out;
    /** Orders at the venue in place of others, by our order and the low half of the replace's id. */
    private final Map<String, String> replacements = new HashMap<>();
    /** Orders charged as sent that the venue, by its own answer, never got. */
    private long lostOnTheWay;

    TradeChecks(final FixFacts fix, final JournalFacts journal, final VenueFacts venue, final long clockToleranceNs,
        final Consumer<Difference> out) {
        this.fix = fix;
        this.journal = journal;
        this.venue = venue;
        this.clockToleranceNs = clockToleranceNs;
        this.out = out;
    }

    private record FillKey(long orderId, String venueId, long tradeId) {
        @Override
        public String toString() {
            return (orderId == 0 ? "venue order " + venueId : "order " + orderId) + " trade " + tradeId;
        }
    }

    void requests() {
        fix.requests.forEach((key, sent) -> {
            final int recorded = journal.requests.getOrDefault(key, 0);
            if (recorded < sent && !fix.refusedAtTheEdge(key)) {
                add(Difference.Kind.FIX_WITHOUT_RECORD, key.toString(), sent, recorded, 0);
            }
        });
        journal.requests.forEach((key, recorded) -> {
            final int sent = fix.requests.getOrDefault(key, 0);
            if (fix.sessions.contains(key.sessionId()) && sent < recorded) {
                add(Difference.Kind.RECORD_WITHOUT_FIX, key.toString(), sent, recorded,
                    journal.requestSequence.get(key));
            }
        });
    }

    void orders() {
        for (final VenueFacts.Order order : venue.twice) {
            add(Difference.Kind.VENUE_ORDER_TWICE, "venue order " + order.clOrdId(), 1, 2, sequenceOf(order.clOrdId()));
        }
        for (final VenueFacts.Fork fork : venue.forks) {
            out.accept(new Difference(Difference.Kind.ORDER_AT_VENUE_TWICE, "venue order " + fork.first(),
                fork.earlier(), fork.earlier() + " and " + fork.clOrdId(), linked(fork.first())));
        }
        final Map<Long, String> venueIdByOrder = new HashMap<>();
        final List<VenueFacts.Order> unlinked = new ArrayList<>();
        for (final VenueFacts.Order order : venue.orders.values()) {
            final ReplacementId replacement = ReplacementId.of(order.clOrdId());
            if (replacement != null && journal.orders.containsKey(replacement.orderId())) {
                replacement(order, replacement);
                continue;
            }
            final String replace = VenueOrderId.replaceOf(order.clOrdId());
            if (replace != null && sequenceOf(replace) != 0) {
                inPlaceOfAnother(order, replace);
                continue;
            }
            final long sequence = sequenceOf(order.clOrdId());
            if (sequence == 0 || sequence > journal.lastSequence) {
                out.accept(new Difference(Difference.Kind.VENUE_ORDER_WITHOUT_INTENT, "venue order " + order.clOrdId(),
                    "a record", sequence == 0 ? "an id of another origin" : "no record " + sequence, 0));
                continue;
            }
            final long intentNs = journal.epochNs.get((int)sequence);
            if (intentNs > order.epochNs() + clockToleranceNs) {
                add(Difference.Kind.INTENT_AFTER_VENUE, "venue order " + order.clOrdId(), intentNs, order.epochNs(),
                    sequence);
            }
            final long orderId = linked(order.clOrdId());
            if (orderId == 0) {
                unlinked.add(order);
                continue;
            }
            final String earlier = venueIdByOrder.putIfAbsent(orderId, order.clOrdId());
            if (earlier != null) {
                out.accept(new Difference(Difference.Kind.ORDER_AT_VENUE_TWICE, "order " + orderId, earlier,
                    earlier + " and " + order.clOrdId(), orderId));
            }
            if ((journal.charges.flags(orderId) & OrderMemory.SENT) == 0) {
                add(Difference.Kind.ORDER_SENT_NOT_CHARGED, "order " + orderId, 1, 0, orderId);
            }
        }
        chargedWithoutVenue(venueIdByOrder, unlinked);
        replaces(venueIdByOrder);
    }

    private void replacement(final VenueFacts.Order order, final ReplacementId id) {
        replacement(order, id.orderId(), id.sequence(), id.requestLow());
    }

    /** The same where the id names the replace and not the order: which one it was the journal knows. */
    private void inPlaceOfAnother(final VenueFacts.Order order, final String replace) {
        replacement(order, linked(order.clOrdId()), sequenceOf(replace),
            UUID.fromString(replace).getLeastSignificantBits());
    }

    /** An order in place of another of ours: not charged again; its replace was journaled before (J2), once (J3). */
    private void replacement(final VenueFacts.Order order, final long orderId, final long sequence,
        final long requestLow) {
        final Long intent = journal.firstReplace.get(orderId);
        if (intent == null || sequence < intent || sequence > journal.lastSequence) {
            out.accept(new Difference(Difference.Kind.VENUE_ORDER_WITHOUT_INTENT, "venue order " + order.clOrdId(),
                orderId == 0 ? "a replace" : "a replace of order " + orderId,
                intent == null ? "none" : "none by record " + sequence, 0));
            return;
        }
        final long intentNs = journal.epochNs.get((int)sequence);
        if (intentNs > order.epochNs() + clockToleranceNs) {
            add(Difference.Kind.INTENT_AFTER_VENUE, "venue order " + order.clOrdId(), intentNs, order.epochNs(),
                sequence);
        }
        if (venue.refused.contains(order.clOrdId())) {
            return; // it came, and nothing was replaced
        }
        final String earlier = replacements.putIfAbsent(orderId + "/" + requestLow, order.clOrdId());
        if (earlier != null) {
            out.accept(new Difference(Difference.Kind.ORDER_AT_VENUE_TWICE, "order " + orderId + " replace "
                + sequence, earlier, earlier + " and " + order.clOrdId(), sequence));
        }
    }

    /** Each replace that a venue took is an order of it there, or a change of the order that it has. */
    private void replaces(final Map<Long, String> venueIdByOrder) {
        final Map<Long, Integer> changes = new HashMap<>();
        venue.changes.forEach((id, count) -> {
            final long orderId = linked(id);
            changes.merge(orderId, count, Integer::sum);
        });
        for (final JournalFacts.Replaced replaced : journal.replaced) {
            final long orderId = replaced.orderId();
            if (venueIdByOrder.containsKey(orderId)
                && !replacements.containsKey(orderId + "/" + replaced.requestLow())
                && changes.merge(orderId, -1, Integer::sum) < 0) {
                add(Difference.Kind.REPLACE_NOT_AT_VENUE, "order " + orderId, 1, 0, replaced.sequence());
            }
        }
    }

    /**
     * An order that left by a later record and never got an answer has no link; it pairs off by product and side. One
     * whose bytes were written to a line that was lost, and that the venue then said it does not have, is charged
     * (its first byte left) and agreed to be absent.
     */
    private void chargedWithoutVenue(final Map<Long, String> venueIdByOrder, final List<VenueFacts.Order> unlinked) {
        for (final JournalFacts.Order order : journal.orders.values()) {
            final boolean charged = (journal.charges.flags(order.orderId()) & OrderMemory.SENT) != 0;
            if (!charged || venueIdByOrder.containsKey(order.orderId())) {
                continue;
            }
            if (journal.absent.contains(order.orderId())) {
                lostOnTheWay++;
            } else if (!unlinked.removeIf(new FirstOf(order))) {
                add(Difference.Kind.ORDER_NOT_AT_VENUE, "order " + order.orderId(), 1, 0, order.orderId());
            }
        }
        for (final VenueFacts.Order order : unlinked) {
            add(Difference.Kind.ORDER_SENT_NOT_CHARGED, "venue order " + order.clOrdId(), 1, 0,
                sequenceOf(order.clOrdId()));
        }
    }

    /** @return orders that were written to a line that was lost, and that the venue does not have */
    long lostOnTheWay() {
        return lostOnTheWay;
    }

    private static final class FirstOf implements Predicate<VenueFacts.Order> {
        private final JournalFacts.Order order;
        private boolean taken;

        FirstOf(final JournalFacts.Order order) {
            this.order = order;
        }

        @Override
        public boolean test(final VenueFacts.Order candidate) {
            if (taken || !candidate.product().equals(order.product()) || !candidate.side().equals(order.side())) {
                return false;
            }
            taken = true;
            return true;
        }
    }

    void fills() {
        final Map<FillKey, VenueFacts.Execution> atVenue = new LinkedHashMap<>();
        for (final VenueFacts.Execution execution : venue.executions) {
            final long orderId = linked(execution.clOrdId());
            final FillKey key = new FillKey(orderId, orderId == 0 ? execution.clOrdId() : null, execution.tradeId());
            if (atVenue.putIfAbsent(key, execution) != null) {
                add(Difference.Kind.FILL_TWICE_AT_VENUE, key.toString(), 1, 2, orderId);
            }
        }
        final Map<FillKey, JournalFacts.Fill> inJournal = new LinkedHashMap<>();
        for (final JournalFacts.Fill fill : journal.fills) {
            final FillKey key = new FillKey(fill.orderId(), null, fill.tradeId());
            if (inJournal.putIfAbsent(key, fill) != null) {
                add(Difference.Kind.FILL_TWICE_IN_JOURNAL, key.toString(), 1, 2, fill.sequence());
            }
        }
        atVenue.forEach((key, execution) -> {
            final JournalFacts.Fill fill = inJournal.get(key);
            if (fill == null && key.orderId() != 0 && isLessThanAUnit(execution.qty())) {
                return; // it is in the order's next fill: the sum says so
            }
            if (fill == null) {
                out.accept(new Difference(Difference.Kind.FILL_NOT_IN_JOURNAL, key.toString(),
                    execution.qty() + " at " + execution.price(), "none", key.orderId()));
            } else {
                compare(Difference.Kind.FILL_QTY, key.toString(), execution.qty(), fill.qty(), fill.sequence());
                compare(Difference.Kind.FILL_PRICE, key.toString(), execution.price(), fill.price(), fill.sequence());
            }
        });
        inJournal.forEach((key, fill) -> {
            if (!atVenue.containsKey(key)) {
                out.accept(new Difference(Difference.Kind.FILL_NOT_AT_VENUE, key.toString(), "none",
                    decimal(fill.qty()) + " at " + decimal(fill.price()), fill.sequence()));
            }
        });
        sums(atVenue);
    }

    private static boolean isLessThanAUnit(final String qty) {
        final BigDecimal units = units(qty);
        return units != null && units.signum() > 0 && units.compareTo(BigDecimal.ONE) < 0;
    }

    /** Orders that were filled in finer amounts than ours: what was told of them in all. */
    private void sums(final Map<FillKey, VenueFacts.Execution> atVenue) {
        final Map<Long, BigDecimal> exact = new LinkedHashMap<>();
        final Set<Long> finer = new HashSet<>();
        atVenue.forEach((key, execution) -> {
            final BigDecimal units = units(execution.qty());
            if (key.orderId() != 0 && units != null) {
                exact.merge(key.orderId(), units, BigDecimal::add);
                if (isFiner(units)) {
                    finer.add(key.orderId());
                }
            }
        });
        final Map<Long, Long> told = new HashMap<>();
        journal.fills.forEach(fill -> told.merge(fill.orderId(), fill.qty(), Math::addExact));
        finer.forEach(orderId -> compare(Difference.Kind.FILL_QTY, "order " + orderId + " in all",
            exact.get(orderId).movePointLeft(Scale.E8_DIGITS).toPlainString(), told.getOrDefault(orderId, 0L),
            orderId));
    }

    void reports() {
        final Set<String> explained = new HashSet<>();
        final Map<Long, List<FixFacts.Fill>> bySequence = new HashMap<>();
        fix.fills.forEach((key, fills) -> {
            final FixFacts.Fill first = fills.get(0);
            if (fills.stream().filter(fill -> !fill.repeated()).count() > 1) {
                add(Difference.Kind.REPORT_TWICE, "session " + first.sessionId() + " ExecID " + first.execId(), 1,
                    fills.size(), sequence(first.execId()));
            }
            bySequence.computeIfAbsent(sequence(first.execId()), sequence -> new ArrayList<>()).add(first);
        });
        for (final JournalFacts.Fill fill : journal.fills) {
            final int sessionId = journal.orders.get(fill.orderId()).sessionId();
            if (!fix.sessions.contains(sessionId)) {
                continue;
            }
            final List<FixFacts.Fill> reports = bySequence.getOrDefault(fill.sequence(), List.of()).stream()
                .filter(report -> report.sessionId() == sessionId).toList();
            final String where = "session " + sessionId + " order " + fill.orderId() + " trade " + fill.tradeId();
            if (reports.isEmpty()) {
                add(Difference.Kind.FILL_NOT_REPORTED, where, 1, 0, fill.sequence());
                continue;
            }
            if (reports.size() > 1) {
                add(Difference.Kind.REPORT_TWICE, where, 1, reports.size(), fill.sequence());
            }
            for (final FixFacts.Fill report : reports) {
                explained.add(sessionId + "/" + report.execId());
                compare(Difference.Kind.REPORT_QTY, where, report.lastQty(), fill.qty(), fill.sequence());
                compare(Difference.Kind.REPORT_PRICE, where, report.lastPx(), fill.price(), fill.sequence());
            }
        }
        fix.fills.forEach((key, fills) -> {
            if (!explained.contains(key)) {
                add(Difference.Kind.REPORT_WITHOUT_FILL, "session " + key, 0, 1, sequence(fills.get(0).execId()));
            }
        });
    }

    private long sequenceOf(final String venueId) {
        return VenueOrderId.sequence(venueId, journal.journalId);
    }

    /**
     * Finds the order of an id at a venue.
     *
     * @return as an execution named it, else the NewOrder whose record made the id; of what stands in the place of
     * another the order of its replace; else 0
     */
    private long linked(final String venueId) {
        final ReplacementId replacement = ReplacementId.of(venueId);
        if (replacement != null && journal.orders.containsKey(replacement.orderId())) {
            return replacement.orderId();
        }
        final Long named = journal.orderByVenueId.get(venueId);
        if (named != null) {
            return named;
        }
        final String replace = VenueOrderId.replaceOf(venueId);
        if (replace != null) {
            return ofReplace(venueId, replace);
        }
        final long sequence = sequenceOf(venueId);
        return journal.orders.containsKey(sequence) ? sequence : 0;
    }

    /** By an answer to the replace, by the record that it left with, else by the venue's own id of the new order. */
    private long ofReplace(final String venueId, final String replace) {
        final long sequence = sequenceOf(replace);
        final VenueFacts.Order order = venue.orders.get(venueId);
        final Long[] named = {journal.orderByVenueId.get(replace), journal.orderByRecord.get(sequence),
            order == null ? null : journal.orderByVenueId.get(order.venueId())};
        for (final Long orderId : named) {
            if (orderId != null && journal.firstReplace.getOrDefault(orderId, Long.MAX_VALUE) <= sequence) {
                return orderId;
            }
        }
        return 0;
    }

    /** @return record sequence of an ExecID(17) {@code <sequence>-<index>}; 0 when it has another shape */
    private static long sequence(final String execId) {
        final int dash = execId.indexOf('-');
        try {
            return dash < 1 ? 0 : Long.parseLong(execId.substring(0, dash));
        } catch (final NumberFormatException ex) {
            return 0;
        }
    }

    private void compare(final Difference.Kind kind, final String where, final String expected, final long found,
        final long sequence) {
        final BigDecimal exact = units(expected);
        final BigDecimal off = exact == null ? null : exact.subtract(BigDecimal.valueOf(found)).abs();
        final boolean equal = off != null && (off.signum() == 0 || isFiner(exact) && off.compareTo(BigDecimal.ONE) < 0);
        if (!equal) {
            out.accept(new Difference(kind, where, expected, decimal(found), sequence));
        }
    }

    /** @return units of 1e-8, null when it is no number */
    private static BigDecimal units(final String text) {
        try {
            return new BigDecimal(text).movePointRight(Scale.E8_DIGITS);
        } catch (final NumberFormatException ex) {
            return null;
        }
    }

    private static boolean isFiner(final BigDecimal units) {
        return units.stripTrailingZeros().scale() > 0;
    }

    private static String decimal(final long mantissa) {
        return BigDecimal.valueOf(mantissa, Scale.E8_DIGITS).stripTrailingZeros().toPlainString();
    }

    private void add(final Difference.Kind kind, final String where, final long expected, final long found,
        final long sequence) {
        out.accept(new Difference(kind, where, Long.toString(expected), Long.toString(found), sequence));
    }
}
