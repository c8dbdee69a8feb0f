package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/** Calls that send, edit and cancel orders one at a time, and the dead man's switch. Any thread. */
final class TradingCalls {
    private static final long TIMEOUT_SECONDS_MAX = 0xffffffffL;

    private final KrakenEngine engine;
    private final DeadManSwitch deadMan;
    private final FaultPlan<KrakenFault> faults;
    private final LongSupplier offsetNs;

    TradingCalls(final KrakenEngine engine, final DeadManSwitch deadMan, final FaultPlan<KrakenFault> faults,
        final LongSupplier offsetNs) {
        this.engine = engine;
        this.faults = faults;
        this.deadMan = deadMan;
        this.offsetNs = offsetNs;
    }

    /**
     * Carries a call out.
     *
     * @return the answer without result and serverTime; null if there is no such call.
     * @throws ApiError if the request as a whole makes no sense.
     */
    ObjectNode call(final KrakenAccount account, final String call, final RestQuery query, final long nowNs) {
        final Fields fields = Fields.of(query);
        return switch (call) {
            case "POST sendorder" -> sendOrder(account, fields, nowNs);
            case "POST editorder" -> editOrder(account, fields, nowNs);
            case "POST cancelorder" -> cancelOrder(account, fields, nowNs);
            case "POST cancelallorders" -> cancelAllOrders(account, fields, nowNs);
            case "POST cancelallordersafter" -> cancelAllOrdersAfter(account, fields, nowNs);
            default -> null;
        };
    }

    /** Whether processBefore has passed, by the venue's own clock. @throws ApiError if it is no time. */
    boolean isLate(final String processBefore, final long nowNs) {
        if (processBefore == null) {
            return false;
        }
        try {
            return nowNs + offsetNs.getAsLong() > IsoTime.parse(processBefore);
        } catch (final IllegalArgumentException e) {
            throw ApiError.invalid("processBefore");
        }
    }

    private ObjectNode sendOrder(final KrakenAccount account, final Fields fields, final long nowNs) {
        final OrderRequest request = fields.order(account, null, "rest");
        final Outcome outcome = isLate(fields.text("processBefore"), nowNs)
            ? Outcome.refused("wouldProcessAfterSpecifiedTime") : send(request, nowNs);
        final ObjectNode status = Json.object();
        if (outcome.order() != null) {
            status.put("order_id", outcome.order().orderId);
        }
        status.put("status", outcome.status()).put("receivedTime", time(nowNs));
        if (request.cliOrdId() != null) {
            status.put("cliOrdId", request.cliOrdId());
        }
        status.set("orderEvents", outcome.events());
        return wrap("sendStatus", status);
    }

    private Outcome send(final OrderRequest request, final long nowNs) {
        if (engine.instrument(request.symbol()) == null) {
            throw ApiError.invalid("symbol");
        }
        return engine.send(request, nowNs);
    }

    private ObjectNode editOrder(final KrakenAccount account, final Fields fields, final long nowNs) {
        final String orderId = fields.orderId();
        final String cliOrdId = fields.text("cliOrdId");
        final Outcome outcome = isLate(fields.text("processBefore"), nowNs)
            ? Outcome.refused("wouldProcessAfterSpecifiedTime") : edit(account, fields, nowNs);
        final ObjectNode status = Json.object().put("status", outcome.status())
            .put("orderId", outcome.order() == null ? orderId : outcome.order().orderId)
            .put("receivedTime", time(nowNs));
        if (cliOrdId != null) {
            status.put("cliOrdId", cliOrdId);
        }
        status.set("orderEvents", outcome.events());
        return wrap("editStatus", status);
    }

    /** Carries an edit instruction out, of its own call or of a batch. */
    Outcome edit(final KrakenAccount account, final Fields fields, final long nowNs) {
        requireOrder(fields);
        final String mode = fields.text("qtyMode") == null ? "RELATIVE" : fields.text("qtyMode");
        if (!"RELATIVE".equals(mode) && !"ABSOLUTE".equals(mode)) {
            throw ApiError.invalid("qtyMode");
        }
        return engine.edit(account, fields.orderId(), fields.text("cliOrdId"), fields.decimal("size"),
            "RELATIVE".equals(mode), fields.decimal("limitPrice"), fields.decimal("stopPrice"), nowNs);
    }

    private ObjectNode cancelOrder(final KrakenAccount account, final Fields fields, final long nowNs) {
        requireOrder(fields);
        final Outcome outcome = isLate(fields.text("processBefore"), nowNs)
            ? Outcome.refused("wouldProcessAfterSpecifiedTime")
            : cancel(account, fields, nowNs);
        final ObjectNode status = Json.object().put("status", outcome.status()).put("receivedTime", time(nowNs));
        if (outcome.order() != null) {
            status.put("order_id", outcome.order().orderId).put("cliOrdId", outcome.order().request.cliOrdId());
            status.set("orderEvents", outcome.events());
        }
        return wrap("cancelStatus", status);
    }

    /** Cancels one order, by a call of its own or out of a batch. */
    Outcome cancel(final KrakenAccount account, final Fields fields, final long nowNs) {
        if (faults.strikes(KrakenFault.FILL_BEFORE_CANCEL, account.apiKey())) {
            engine.takeALittle(account, fields.orderId(), fields.text("cliOrdId"), nowNs);
        }
        return engine.cancel(account, fields.orderId(), fields.text("cliOrdId"), nowNs);
    }

    private ObjectNode cancelAllOrders(final KrakenAccount account, final Fields fields, final long nowNs) {
        final String symbol = fields.text("symbol");
        final ArrayNode events = Json.array();
        final boolean partial = faults.strikes(KrakenFault.PARTIAL_CANCEL, account.apiKey());
        final int[] met = {0};
        final List<KrakenOrder> cancelled = engine.cancelAll(order -> order.account().name().equals(account.name())
            && (symbol == null || symbol.equalsIgnoreCase(order.request.symbol()))
            && (!partial || ++met[0] % 2 == 1), "CANCELLED_BY_USER", events, nowNs);
        final ObjectNode status = Json.object().put("receivedTime", time(nowNs))
            .put("cancelOnly", symbol == null ? "all" : symbol)
            .put("status", cancelled.isEmpty() ? "noOrdersToCancel" : "cancelled");
        final ArrayNode ids = status.putArray("cancelledOrders");
        cancelled.forEach(order -> ids.addObject().put("order_id", order.orderId)
            .put("cliOrdId", order.request.cliOrdId()));
        status.set("orderEvents", events);
        return wrap("cancelStatus", status);
    }

    private ObjectNode cancelAllOrdersAfter(final KrakenAccount account, final Fields fields, final long nowNs) {
        final String text = fields.required("timeout");
        if (!text.matches("\\d{1,10}") || Long.parseLong(text) > TIMEOUT_SECONDS_MAX) {
            throw ApiError.invalid("timeout");
        }
        final long seconds = Long.parseLong(text);
        final long triggerNs = deadMan.arm(account, seconds, nowNs);
        final ObjectNode status = Json.object().put("currentTime", time(nowNs))
            .put("triggerTime", seconds == 0 ? "0" : time(triggerNs));
        return wrap("status", status);
    }

    private static void requireOrder(final Fields fields) {
        if (fields.orderId() == null && fields.text("cliOrdId") == null) {
            throw ApiError.missing("order_id or cliOrdId");
        }
    }

    private String time(final long epochNs) {
        return IsoTime.format(epochNs + offsetNs.getAsLong());
    }

    private static ObjectNode wrap(final String name, final ObjectNode status) {
        final ObjectNode body = Json.object();
        body.set(name, status);
        return body;
    }
}
