package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.UuidSource;
import weir.sim.market.VenueLog;

/**
 * The application messages of FIX order entry: D, U6, F, U4, G, q, H. Runs on the sessions' processor threads; what
 * reads and then changes an order holds the engine's monitor.
 */
final class OrderEntry {
    private static final Set<String> SUPPORTED = Set.of("D", "U6", "F", "U4", "G", "q", "H");
    private static final String NIL_ID = "00000000-0000-0000-0000-000000000000";

    private final MatchingEngine engine;
    private final VenueLog log;
    private final FaultPlan<Fault> faults;
    private final UuidSource uuids;
    private final LongSupplier clock;
    private final int batchMax;

    OrderEntry(
        final MatchingEngine engine, final VenueLog log, final FaultPlan<Fault> faults, final UuidSource uuids,
        final LongSupplier clock, final int batchMax) {
        this.engine = engine;
        this.log = log;
        this.faults = faults;
        this.uuids = uuids;
        this.clock = clock;
        this.batchMax = batchMax;
    }

    /** Carries out one request. @throws FixReject if the session layer refuses it. */
    void onRequest(final FixSession session, final FixMessage message, final boolean queueFull)
        throws FixReject, InterruptedException {
        final String type = message.msgType();
        final String apiKey = session.apiKey();
        if (faults.strikes(Fault.HALF_OPEN, apiKey)) {
            fault(session, Fault.HALF_OPEN, message);
            session.stick();
            return;
        }
        if (session.isDropCopy()) {
            session.send(FixRejectBody.business(message, 1, "drop copy session"));
            return;
        }
        if (!SUPPORTED.contains(type)) {
            session.send(FixRejectBody.business(message, 2, "unsupported message type " + type));
            return;
        }
        if (message.get(73) == null) {
            requireEachTagOnce(message);
        }
        final boolean orders = !"q".equals(type) && !"H".equals(type);
        if (orders && faults.strikes(Fault.DROP_BEFORE_RECEIVE, apiKey)) {
            fault(session, Fault.DROP_BEFORE_RECEIVE, message);
            session.drop(Fault.DROP_BEFORE_RECEIVE.key());
            return;
        }
        final long delayMs = faults.value(Fault.ENGINE_DELAY_MS, apiKey);
        if (delayMs > 0) {
            TimeUnit.MILLISECONDS.sleep(delayMs);
        }
        final boolean loseAnswer = orders && faults.strikes(Fault.DROP_AFTER_RECEIVE, apiKey);
        if (loseAnswer) {
            fault(session, Fault.DROP_AFTER_RECEIVE, message);
            session.mute();
        }
        synchronized (engine) {
            if (queueFull) {
                onQueueFull(session, message);
            } else {
                dispatch(session, message);
            }
        }
        if (loseAnswer) {
            session.drop(Fault.DROP_AFTER_RECEIVE.key());
        }
    }

    /** Orders that were turned away at the door are none of the venue's, but they were here: a line for each. */
    void onStorm(final FixSession session, final FixMessage message) throws FixReject {
        fault(session, Fault.LIMIT_STORM, message);
        final List<FixMessage> orders = "D".equals(message.msgType()) ? List.of(message)
            : "U6".equals(message.msgType()) ? message.groups(73, 11, 18, 38, 152, 40, 44, 54, 55, 59, 126, 99, 7928)
            : List.of();
        for (final FixMessage order : orders) {
            log.write(line("reject", session, clock.getAsLong()).put("clOrdId", order.get(11))
                .put("product", order.get(55)).put("side", "1".equals(order.get(54)) ? "buy" : "sell")
                .put("reason", "rate limit exceeded").put("reported", true));
        }
    }

    private static void requireEachTagOnce(final FixMessage message) throws FixReject {
        final Set<Integer> tags = new HashSet<>();
        for (final FixMessage.Field field : message.fields()) {
            if (!tags.add(field.tag())) {
                throw new FixReject(field.tag(), FixReject.TAG_TWICE, "tag appears more than once: " + field.tag());
            }
        }
    }

    private void dispatch(final FixSession session, final FixMessage message) throws FixReject {
        switch (message.msgType()) {
            case "D" -> engine.submit(OrderParser.order(message, session.origin(), session.terms().selfTrade(), null),
                clock.getAsLong());
            case "U6" -> onBatch(session, message);
            case "F" -> onCancel(session, message);
            case "U4" -> onCancelBatch(session, message);
            case "G" -> onReplace(session, message);
            case "q" -> onMassCancel(session, message);
            default -> onStatus(session, message);
        }
    }

    private void onQueueFull(final FixSession session, final FixMessage message) throws FixReject {
        final String text = "too many queued requests for the product";
        switch (message.msgType()) {
            case "D" -> {
                final String clOrdId = OrderParser.uuid(message, 11);
                final long nowNs = clock.getAsLong();
                log.write(line("reject", session, nowNs).put("clOrdId", clOrdId).put("product", message.get(55))
                    .put("reasonCode", 0).put("reason", text).put("reported", true));
                session.send(new FixBody("8").add(11, clOrdId).add(14, "0").add(17, uuids.next())
                    .add(37, uuids.next()).add(39, "8").add(54, message.get(54)).add(55, message.get(55))
                    .add(58, text).add(60, FixTime.format(nowNs, 6)).add(103, 0).add(150, "8").add(151, "0"));
            }
            case "U6" -> rejectBatch(session, message, "U7", text);
            case "U4" -> rejectBatch(session, message, "U5", text);
            case "F" -> cancelReject(session, message, message.get(37), 2, '1', text);
            case "G" -> cancelReject(session, message, message.get(37), 2, '2', text);
            default -> session.send(FixRejectBody.business(message, 1, text));
        }
    }

    private void onBatch(final FixSession session, final FixMessage message) throws FixReject {
        final String batchId = OrderParser.uuid(message, 8014);
        final List<FixMessage> entries =
            message.groups(73, 11, 18, 38, 152, 40, 44, 54, 55, 59, 126, 99, 7928);
        if (entries.isEmpty()) {
            throw new FixReject(73, FixReject.VALUE_INCORRECT, "a batch needs an order");
        }
        if (entries.size() > batchMax) {
            rejectBatch(session, message, "U7", "too many orders in batch");
            return;
        }
        final List<OrderRequest> orders = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        final Set<String> products = new HashSet<>();
        for (final FixMessage entry : entries) {
            final OrderRequest order =
                OrderParser.order(entry, session.origin(), session.terms().selfTrade(), batchId);
            orders.add(order);
            products.add(order.product());
            if (!ids.add(order.clOrdId())) {
                rejectBatch(session, message, "U7", "duplicate ClOrdID in batch");
                return;
            }
            if (order.type() == 'O') {
                rejectBatch(session, message, "U7", "TPSL orders are not allowed in a batch");
                return;
            }
        }
        if (products.size() > 1) {
            rejectBatch(session, message, "U7", "all orders of a batch must have the same symbol");
            return;
        }
        if (faults.value(Fault.BATCH_BACKWARDS, session.apiKey()) != 0) {
            Collections.reverse(orders);
        }
        final boolean cut = faults.strikes(Fault.DISCONNECT_MID_BATCH, session.apiKey());
        if (cut) {
            fault(session, Fault.DISCONNECT_MID_BATCH, message);
            session.mute();
        }
        final int cutAfter = cut ? (int)faults.value(Fault.BATCH_CUT_AFTER, session.apiKey()) : -1;
        final List<VenueOrder> results = engine.submitBatch(orders, cutAfter, clock.getAsLong());
        if (cut) {
            session.drop(Fault.DISCONNECT_MID_BATCH.key());
        } else if (results.stream().allMatch(order -> order.status == OrderStatus.REJECTED)) {
            rejectBatch(session, message, "U7", results.get(0).text);
        }
    }

    private void onCancel(final FixSession session, final FixMessage message) throws FixReject {
        final Cancel cancel = parseCancel(message);
        final String refusal = tryCancel(session, cancel);
        if (refusal != null) {
            cancelReject(session, message, cancel.orderId(), 1, '1', refusal);
        }
    }

    private void onCancelBatch(final FixSession session, final FixMessage message) throws FixReject {
        OrderParser.uuid(message, 8014);
        final List<FixMessage> entries = message.groups(73, 11, 37, 41, 55);
        if (entries.isEmpty()) {
            throw new FixReject(73, FixReject.VALUE_INCORRECT, "a batch needs an order");
        }
        if (entries.size() > batchMax) {
            rejectBatch(session, message, "U5", "too many orders in batch");
            return;
        }
        final List<Cancel> cancels = new ArrayList<>();
        final Set<String> products = new HashSet<>();
        for (final FixMessage entry : entries) {
            final Cancel cancel = parseCancel(entry);
            cancels.add(cancel);
            products.add(cancel.product());
        }
        if (products.size() > 1) {
            rejectBatch(session, message, "U5", "all orders of a batch must have the same symbol");
            return;
        }
        final List<String> refusals = new ArrayList<>();
        for (final Cancel cancel : cancels) {
            refusals.add(tryCancel(session, cancel));
        }
        if (!refusals.contains(null)) {
            rejectBatch(session, message, "U5", refusals.get(0));
            return;
        }
        for (int i = 0; i < cancels.size(); i++) {
            if (refusals.get(i) != null) {
                cancelReject(session, entries.get(i), cancels.get(i).orderId(), 1, '1', refusals.get(i));
            }
        }
    }

    /** One cancel, alone or out of a batch. */
    private record Cancel(String clOrdId, String orderId, String origClOrdId, String product) {
    }

    private static Cancel parseCancel(final FixMessage fields) throws FixReject {
        final String clOrdId = OrderParser.uuid(fields, 11);
        final String product = fields.require(55);
        if (fields.get(37) == null && fields.get(41) == null) {
            throw new FixReject(41, FixReject.REQUIRED_TAG_MISSING, "OrderID(37) or OrigClOrdID(41) is required");
        }
        return new Cancel(clOrdId, fields.get(37), fields.get(41), product);
    }

    private String tryCancel(final FixSession session, final Cancel cancel) {
        final String profile = session.origin().profileId();
        final VenueOrder order = find(profile, cancel.orderId(), cancel.origClOrdId());
        if (order == null || !order.request.product().equals(cancel.product())) {
            return "Unknown order";
        }
        if (faults.strikes(Fault.FILL_BEFORE_CANCEL, session.apiKey())) {
            engine.takeALittle(order, clock.getAsLong());
        }
        return engine.cancel(order, cancel.clOrdId(), "107:Broker", clock.getAsLong()) ? null : "Order already done";
    }

    private VenueOrder find(final String profile, final String orderId, final String clOrdId) {
        final VenueOrder byId = orderId == null ? null : engine.read(index -> index.byOrderId(profile, orderId));
        final VenueOrder byClient = clOrdId == null ? null : engine.read(index -> index.byClient(profile, clOrdId));
        if (orderId == null) {
            return byClient;
        }
        return clOrdId == null || byId != null && byId.clientIds.contains(clOrdId) ? byId : null;
    }

    private void onReplace(final FixSession session, final FixMessage message) throws FixReject {
        final String clOrdId = OrderParser.uuid(message, 11);
        final String orderId = message.require(37);
        final String origClOrdId = message.require(41);
        final String product = message.require(55);
        final char type = OrderParser.oneOf(message, 40, "24O");
        final var qty = OrderParser.requiredDecimal(message, 38);
        final var price = OrderParser.requiredDecimal(message, 44);
        final var stopPrice = type == '2' ? null : OrderParser.requiredDecimal(message, 99);
        final var stopLimit = type == 'O' ? OrderParser.requiredDecimal(message, 3040) : null;
        final VenueOrder order = find(session.origin().profileId(), orderId, origClOrdId);
        if (order == null || !origClOrdId.equals(order.clOrdId) || !order.request.product().equals(product)) {
            cancelReject(session, message, orderId, 1, '2', "Unknown order");
            return;
        }
        if (order.request.origin().connectionId() != session.id()) {
            cancelReject(session, message, orderId, 2, '2', "replace must use the connection that placed the order");
            return;
        }
        if (order.request.type() != type) {
            cancelReject(session, message, orderId, 2, '2', "order type cannot change");
            return;
        }
        final String refusal =
            engine.replace(order, clOrdId, qty, price, stopPrice, stopLimit, clock.getAsLong());
        if (refusal != null) {
            cancelReject(session, message, orderId, order.isOpen() ? 2 : 1, '2', refusal);
        }
    }

    private void onMassCancel(final FixSession session, final FixMessage message) throws FixReject {
        final String clOrdId = OrderParser.uuid(message, 11);
        final String type = message.require(530);
        message.require(60);
        final boolean known = "6".equals(type);
        final long nowNs = clock.getAsLong();
        log.write(line("massCancel", session, nowNs).put("clOrdId", clOrdId).put("accepted", known));
        session.send(new FixBody("r").add(11, clOrdId).add(58, known ? null : "only 6 is supported").add(530, type)
            .add(531, known ? type : "0"));
        if (known) {
            engine.cancelAll(order -> order.request.origin().connectionId() == session.id(), "mass cancel", nowNs);
        }
    }

    private void onStatus(final FixSession session, final FixMessage message) throws FixReject {
        final String product = message.require(55);
        final String orderId = message.get(37);
        final String clOrdId = message.get(11);
        if (orderId == null && clOrdId == null) {
            throw new FixReject(11, FixReject.REQUIRED_TAG_MISSING, "ClOrdID(11) or OrderID(37) is required");
        }
        final long nowNs = clock.getAsLong();
        final VenueOrder order = find(session.origin().profileId(), orderId, clOrdId);
        final boolean found = order != null && order.visibleNs <= nowNs && order.request.product().equals(product);
        final int digits = (int)faults.value(Fault.TIMESTAMP_DIGITS, session.apiKey());
        log.write(line("status", session, nowNs).put("clOrdId", clOrdId).put("orderId", orderId).put("found", found)
            .put("ordStatus", found ? String.valueOf(order.fixStatus()) : null));
        session.send(found
            ? ExecutionReportEncoder.encode(new ExecutionEvent(nowNs, uuids.next(), 'I', order.fixStatus(), order,
                order.clOrdId, order.replacedClOrdId, order.text, null, 0, false), digits)
            : ExecutionReportEncoder.unknown(clOrdId, orderId, product, uuids.next(), nowNs, digits));
    }

    private void cancelReject(
        final FixSession session, final FixMessage fields, final String orderId, final int reason,
        final char responseTo, final String text) {
        final String orig = fields.get(41) == null ? NIL_ID : fields.get(41);
        log.write(line("cancelReject", session, clock.getAsLong()).put("clOrdId", fields.get(11))
            .put("origClOrdId", orig).put("orderId", orderId)
            .put("responseTo", responseTo == '1' ? "cancel" : "replace")
            .put("reasonCode", reason).put("reason", text));
        session.send(new FixBody("9").add(11, fields.get(11)).add(37, orderId).add(39, "8").add(41, orig)
            .add(58, text).add(102, reason).add(434, String.valueOf(responseTo)));
    }

    private void rejectBatch(
        final FixSession session, final FixMessage message, final String msgType, final String text) {
        log.write(line("batchReject", session, clock.getAsLong()).put("msgType", msgType)
            .put("batchId", message.get(8014)).put("orders", message.get(73)).put("reason", text));
        session.send(new FixBody(msgType).add(58, text).add(8014, message.get(8014)));
    }

    private void fault(final FixSession session, final Fault fault, final FixMessage message) {
        log.write(line("fault", session, clock.getAsLong()).put("fault", fault.key())
            .put("msgType", message.msgType()).put("clOrdId", message.get(11)).put("batchId", message.get(8014)));
    }

    private static ObjectNode line(final String kind, final FixSession session, final long nowNs) {
        return session.line(kind, nowNs).put("session", session.apiKey())
            .put("profile", session.origin().profileId());
    }
}
