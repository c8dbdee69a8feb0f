package weir.sim.desk;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The desk's own books: the state of each ClOrdID(11), derived from reports alone, and every breach of FIX arithmetic
 * found on the way.
 *
 * <p>Checked: CumQty(14) + LeavesQty(151) = OrderQty(38) while open, LeavesQty = 0 when final, CumQty never falls and
 * equals the sum of LastQty(32) (a lost fill shows here), AvgPx(6) = sum(LastPx * LastQty) / CumQty half up at 1e-8,
 * OrdStatus(39) fits the quantities, a fill respects the limit price, Side and Symbol are echoed, one final state (a
 * fill that crosses a cancel is counted, not a breach), a report seen twice says the same both times, nothing is
 * reported for an order never sent. Thread-safe.
 */
public final class ClientLedger {
    private static final int KEPT_VIOLATIONS = 1000;
    private static final String OPEN = "A016E5";
    private static final String FINAL = "248C3";

    private final Map<String, ClientRequest> requests = new LinkedHashMap<>();
    private final Map<String, ClientOrder> orders = new HashMap<>();
    private final List<ClientOrder> ordersInSendOrder = new ArrayList<>();
    private final Map<Integer, String> clOrdIdBySeq = new HashMap<>();
    private final Map<String, String> reportByExecId = new HashMap<>();
    private final Map<String, Long> countByCode = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private long violationCount;
    private int unansweredCount;
    private long duplicateReports;
    private long duplicateRefusals;
    private long executions;

    /**
     * Takes note of an own message before it reaches the wire. Duplicates of a ClOrdID are counted on the first one.
     */
    synchronized void onSent(final String msgType, final int seq, final Map<Integer, String> fields) {
        final String clOrdId = fields.get(11);
        if (clOrdId == null) {
            return;
        }
        clOrdIdBySeq.put(seq, clOrdId);
        final ClientRequest known = requests.get(clOrdId);
        if (known != null) {
            known.sends += "H".equals(msgType) ? 0 : 1;
            return;
        }
        final ClientOrder order;
        if ("D".equals(msgType)) {
            order = new ClientOrder(clOrdId, fields.get(55), fields.get(54), decimal(fields, 38), decimal(fields, 44));
            orders.put(clOrdId, order);
            ordersInSendOrder.add(order);
        } else {
            order = orders.get(fields.get("H".equals(msgType) ? 11 : 41));
        }
        if (order != null && "G".equals(msgType)) {
            order.loosen(decimal(fields, 44));
        }
        requests.put(clOrdId, new ClientRequest(msgType, order, decimal(fields, 38)));
        unansweredCount++;
    }

    /** Applies one received message. */
    synchronized void onReport(final DeskReport report) {
        try {
            switch (report.msgType()) {
                case "8" -> onExecutionReport(report);
                case "9" -> onCancelReject(report);
                case "r" -> answer(report.clOrdId(), report);
                case "j" -> refuse(report.get(379), report);
                case "3" -> refuse(clOrdIdBySeq.get(Integer.parseInt(report.get(45))), report);
                default -> { }
            }
        } catch (final NumberFormatException e) {
            violation(report, "a number field holds no number: " + e.getMessage());
        }
    }

    private void onExecutionReport(final DeskReport report) {
        final StringBuilder said = new StringBuilder();
        for (final int tag : new int[] {11, 39, 150, 14, 151, 6, 31, 32}) {
            said.append(tag).append('=').append(report.get(tag)).append(' ');
        }
        final String content = said.toString();
        if (report.duplicate()) {
            duplicateReports++;
            if (!content.equals(reportByExecId.get(report.execId()))) {
                violation(report, "ExecID(17) came twice with different content, first " + reportByExecId.get(
                    report.execId()));
            }
            return;
        }
        reportByExecId.put(report.execId(), content);
        for (final int tag : new int[] {37, 17, 150, 39, 54, 14, 151}) {
            if (report.get(tag) == null) {
                violation(report, "required tag " + tag + " is missing");
                return;
            }
        }
        final ClientRequest request = answer(report.clOrdId(), report);
        ClientOrder order = request == null ? null : request.order;
        if (order == null) {
            order = orders.get(report.origClOrdId());
        }
        if (order == null) {
            if (request == null || !"H".equals(request.msgType) && !"q".equals(request.msgType)) {
                violation(report, "report for an order this desk never sent");
            }
            return;
        }
        if (report.execType() == '8' && request != null && request.sends > 1 && isDuplicateRefusal(report)) {
            duplicateRefusals++;
            return;
        }
        if (report.execType() == 'I') {
            onStatus(report, order);
            return;
        }
        apply(report, request, order);
    }

    /** OrdRejReason(103) = 6 is "duplicate order". */
    private static boolean isDuplicateRefusal(final DeskReport report) {
        return "6".equals(report.get(103)) || report.code().startsWith("DUPLICATE");
    }

    private void onStatus(final DeskReport report, final ClientOrder order) {
        order.unknown = "ORDER_UNKNOWN_STATE".equals(report.code());
        if (report.decimal(14).compareTo(order.cumQty) != 0) {
            violation(report, "status says CumQty(14) " + report.get(14) + ", reports say " + order.cumQty);
        }
    }

    private void apply(final DeskReport report, final ClientRequest request, final ClientOrder order) {
        final BigDecimal cum = report.decimal(14);
        final BigDecimal leaves = report.decimal(151);
        final char status = report.ordStatus();
        final boolean fill = report.execType() == 'F';
        if (!report.get(54).equals(order.side) || report.get(55) != null && !report.get(55).equals(order.symbol)) {
            violation(report, "Side(54) or Symbol(55) is not the order's");
        }
        if (fill) {
            onFill(report, order);
        }
        if (report.execType() == '5' && request != null) {
            order.orderQty = request.orderQty == null ? order.orderQty : request.orderQty;
            order.clOrdId = report.clOrdId();
            orders.put(order.clOrdId, order);
        }
        if (report.get(38) != null && report.execType() != 'E' && report.decimal(38).compareTo(order.orderQty) != 0) {
            violation(report, "OrderQty(38) is " + report.get(38) + ", in force is " + order.orderQty);
        }
        if (cum.compareTo(order.cumQty) < 0) {
            violation(report, "CumQty(14) went down from " + order.cumQty);
        }
        if (cum.compareTo(order.filledQty) != 0) {
            violation(report, "CumQty(14) " + cum + " is not the sum of fills " + order.filledQty);
        }
        final BigDecimal avgPx = report.get(6) == null ? BigDecimal.ZERO : report.decimal(6);
        if (avgPx.compareTo(order.expectedAvgPx()) != 0) {
            violation(report, "AvgPx(6) " + avgPx + " should be " + order.expectedAvgPx());
        }
        if (OPEN.indexOf(status) >= 0) {
            checkOpen(report, order, cum, leaves);
        } else if (FINAL.indexOf(status) >= 0) {
            checkFinal(report, order, cum, leaves, fill);
        } else {
            violation(report, "OrdStatus(39) " + status + " is not expected");
        }
        order.orderId = report.get(37);
        order.cumQty = cum;
        order.leavesQty = leaves;
        order.avgPx = avgPx;
        order.ordStatus = status;
        order.unknown = false;
    }

    private void onFill(final DeskReport report, final ClientOrder order) {
        final BigDecimal lastQty = report.decimal(32);
        final BigDecimal lastPx = report.decimal(31);
        if (lastQty == null || lastPx == null || lastQty.signum() <= 0 || lastPx.signum() <= 0) {
            violation(report, "a fill needs LastQty(32) and LastPx(31) above zero");
            return;
        }
        if (!order.withinLimit(lastPx)) {
            violation(report, "LastPx(31) is beyond the limit " + order.loosestLimit);
        }
        executions++;
        order.fills++;
        order.filledQty = order.filledQty.add(lastQty);
        order.filledNotional = order.filledNotional.add(lastQty.multiply(lastPx));
    }

    private void checkOpen(final DeskReport report, final ClientOrder order, final BigDecimal cum,
                           final BigDecimal leaves) {
        if (order.closed) {
            violation(report, "open again after a final state " + order.ordStatus);
        }
        if (cum.add(leaves).compareTo(order.orderQty) != 0) {
            violation(report, "CumQty(14) + LeavesQty(151) is not OrderQty(38) " + order.orderQty);
        }
        final boolean fits = switch (report.ordStatus()) {
            case 'A', '0' -> cum.signum() == 0;
            case '1' -> cum.signum() > 0 && leaves.signum() > 0;
            default -> true;
        };
        if (!fits) {
            violation(report, "OrdStatus(39) does not fit CumQty(14) and LeavesQty(151)");
        }
    }

    private void checkFinal(final DeskReport report, final ClientOrder order, final BigDecimal cum,
                            final BigDecimal leaves, final boolean fill) {
        if (leaves.signum() != 0) {
            violation(report, "LeavesQty(151) must be 0 in a final state");
        }
        if (report.ordStatus() == '2' && cum.compareTo(order.orderQty) != 0) {
            violation(report, "filled, but CumQty(14) is not OrderQty(38) " + order.orderQty);
        }
        if (report.ordStatus() == '8' && cum.signum() != 0) {
            violation(report, "rejected with CumQty(14) above zero");
        }
        if (order.closed) {
            if (fill && order.ordStatus != '8') {
                order.lateFills++;
            } else {
                violation(report, "a second final state after " + order.ordStatus);
            }
        }
        order.closed = true;
    }

    private void onCancelReject(final DeskReport report) {
        final ClientRequest request = answer(report.clOrdId(), report);
        if (request == null) {
            violation(report, "cancel reject for a request this desk never sent");
            return;
        }
        final ClientOrder order = request.order;
        if (order != null && order.ordStatus != 0 && report.get(39) != null && !"NONE".equals(report.get(37))
            && OPEN.indexOf(report.ordStatus()) >= 0 == order.closed) {
            violation(report, "cancel reject says OrdStatus(39) " + report.ordStatus() + ", reports say "
                + order.ordStatus);
        } else if (order != null && order.ordStatus != 0 && !order.closed() && report.get(39) != null) {
            order.ordStatus = report.ordStatus(); // pending no more
            order.unknown &= !"NOT_AT_VENUE".equals(report.code()); // what was in doubt was this request
        }
    }

    private void refuse(final String clOrdId, final DeskReport report) {
        final ClientRequest request = answer(clOrdId, report);
        if (request != null && "D".equals(request.msgType) && request.order.ordStatus == 0) {
            request.order.closed = true;
            request.order.ordStatus = '8';
        }
    }

    private ClientRequest answer(final String clOrdId, final DeskReport report) {
        final String code = report.code();
        if (!code.isEmpty()) {
            countByCode.merge(code, 1L, Long::sum);
        }
        final ClientRequest request = requests.get(clOrdId);
        if (request != null) {
            unansweredCount -= request.answers == 0 ? 1 : 0;
            request.answers++;
            request.lastCode = code;
        }
        return request;
    }

    private void violation(final DeskReport report, final String what) {
        violationCount++;
        if (violations.size() < KEPT_VIOLATIONS) {
            violations.add(what + " in " + report.raw());
        }
    }

    private static BigDecimal decimal(final Map<Integer, String> fields, final int tag) {
        final String text = fields.get(tag);
        try {
            return text == null ? null : new BigDecimal(text);
        } catch (final NumberFormatException e) {
            return null; // a desk may send nonsense on purpose; the router has to refuse it
        }
    }

    /** @return breaches found so far, at most the first 1000 */
    public synchronized List<String> violations() {
        return new ArrayList<>(violations);
    }

    /** @return number of breaches found */
    public synchronized long violationCount() {
        return violationCount;
    }

    /** @throws IllegalStateException listing the breaches, when there is one */
    public synchronized void assertClean() {
        if (violationCount > 0) {
            throw new IllegalStateException(violationCount + " breaches:\n" + String.join("\n", violations));
        }
    }

    /** @return the order that a ClOrdID (first, replaced or in force) names, or null */
    public synchronized ClientOrder order(final String clOrdId) {
        return orders.get(clOrdId);
    }

    /** @return all orders in the order of sending */
    public synchronized List<ClientOrder> orders() {
        return new ArrayList<>(ordersInSendOrder);
    }

    /** @return orders without a final state, in the order of sending; includes those never answered */
    public synchronized List<ClientOrder> openOrders() {
        final List<ClientOrder> open = orders();
        open.removeIf(order -> order.closed);
        return open;
    }

    /** @return ClOrdIDs of own messages that nothing has answered yet */
    public synchronized List<String> unanswered() {
        final List<String> ids = new ArrayList<>();
        requests.forEach((clOrdId, request) -> {
            if (request.answers == 0) {
                ids.add(clOrdId);
            }
        });
        return ids;
    }

    /** @return number of ClOrdIDs that nothing has answered yet */
    public synchronized int unansweredCount() {
        return unansweredCount;
    }

    /** @return number of messages carrying each code at the head of Text(58) */
    public synchronized Map<String, Long> countsByCode() {
        return new TreeMap<>(countByCode);
    }

    /** @return number of orders by OrdStatus(39) last reported; {@code -} where nothing was reported */
    public synchronized Map<String, Long> countsByStatus() {
        final Map<String, Long> counts = new TreeMap<>();
        for (final ClientOrder order : ordersInSendOrder) {
            counts.merge(order.ordStatus == 0 ? "-" : String.valueOf(order.ordStatus), 1L, Long::sum);
        }
        return counts;
    }

    /** @return the code that the last answer to a request carried, empty without one, null for an unknown ClOrdID */
    public synchronized String codeOf(final String clOrdId) {
        final ClientRequest request = requests.get(clOrdId);
        return request == null ? null : request.lastCode;
    }

    /** @return executions received, each once */
    public synchronized long executions() {
        return executions;
    }

    /** @return ExecutionReports received again with an ExecID(17) already known */
    public synchronized long duplicateReports() {
        return duplicateReports;
    }

    /** @return refusals of a NewOrderSingle whose ClOrdID(11) had been sent before */
    public synchronized long duplicateRefusals() {
        return duplicateRefusals;
    }

    /** One ClOrdID the desk used: an order, or a request about one. */
    private static final class ClientRequest {
        final String msgType;
        final ClientOrder order;
        final BigDecimal orderQty;
        int sends = 1;
        int answers;
        String lastCode = "";

        ClientRequest(final String msgType, final ClientOrder order, final BigDecimal orderQty) {
            this.msgType = msgType;
            this.order = order;
            this.orderQty = orderQty;
        }
    }
}
