package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;

/** Calls of the matching engine. Any thread; the engine orders them. */
final class TradingCalls {
    private static final List<String> TYPES = List.of("limit", "market", "market_limit", "stop_limit", "stop_market");
    private static final List<String> TIMES =
        List.of("good_til_cancelled", "good_til_day", "fill_or_kill", "immediate_or_cancel");
    private static final List<String> TRIGGERS = List.of("index_price", "mark_price", "last_price");

    private final DeribitEngine engine;
    private final FaultPlan<DeribitFault> faults;
    private final LongSupplier offsetNs;

    TradingCalls(final DeribitEngine engine, final FaultPlan<DeribitFault> faults, final LongSupplier offsetNs) {
        this.engine = engine;
        this.faults = faults;
        this.offsetNs = offsetNs;
    }

    /** The result, or null if there is no such call. @throws RpcError if it is refused. */
    JsonNode call(final RpcCall call) {
        final Params params = call.params;
        final DeribitAccount account = call.account();
        switch (call.method) {
            case "private/buy":
                return place(call, true);
            case "private/sell":
                return place(call, false);
            case "private/edit":
                return edit(call, params.required("order_id"));
            case "private/edit_by_label":
                return edit(call, byLabel(account, params.required("label")).orderId);
            case "private/cancel":
                final DeribitOrder cancelled = engine.cancel(account, params.required("order_id"), call.atNs);
                return json(cancelled);
            case "private/cancel_by_label":
                final String label = params.required("label");
                return cancelAll(call, order -> order.request.label().equals(label));
            case "private/cancel_all":
            case "private/cancel_all_by_kind_or_type":
                return cancelAll(call, order -> true);
            case "private/cancel_all_by_instrument":
                final String name = engine.instrument(params.required("instrument_name")).name();
                return cancelAll(call, order -> order.instrument().equals(name));
            case "private/cancel_all_by_currency":
                final String currency = params.required("currency");
                return cancelAll(call,
                    order -> engine.instrument(order.instrument()).settlement().equals(currency));
            default:
                return null;
        }
    }

    private JsonNode place(final RpcCall call, final boolean buy) {
        final Params params = call.params;
        final DeribitInstrument terms = engine.instrument(params.required("instrument_name"));
        final BigDecimal amount = amount(params, terms);
        if (amount == null) {
            throw RpcError.invalidParams("amount", "must be present");
        }
        checkInTime(call);
        final String type = params.oneOf("type", "limit", TYPES);
        final boolean stop = type.startsWith("stop");
        // the documents of the venue show true as the default of post_only
        final boolean postOnly = params.flag("post_only", false);
        final DeribitOrder order = engine.place(new OrderRequest(call.account(),
            call.connection == null ? 0 : call.connection.id, terms.name(), buy, type,
            params.oneOf("time_in_force", "good_til_cancelled", TIMES), amount, params.decimal("price"),
            params.text("label", ""), postOnly, params.flag("reject_post_only", false),
            params.flag("reduce_only", false), stop ? params.oneOf("trigger", null, TRIGGERS) : null,
            stop ? params.decimal("trigger_price") : null, call.channel()), call.atNs);
        return withTrades(order, 0);
    }

    private JsonNode edit(final RpcCall call, final String orderId) {
        final Params params = call.params;
        checkInTime(call);
        final int before = engine.read(() -> {
            final DeribitOrder known = engine.orders().find(call.account().name(), orderId);
            return known == null ? 0 : known.trades.size();
        });
        final DeribitOrder known = engine.read(() -> engine.orders().find(call.account().name(), orderId));
        final BigDecimal amount = known == null ? null : amount(params, engine.instrument(known.instrument()));
        final DeribitOrder order = engine.edit(call.account(), orderId, amount, params.decimal("price"),
            params.decimal("trigger_price"), params.has("post_only") ? params.flag("post_only", false) : null,
            params.flag("reject_post_only", false), call.atNs);
        return withTrades(order, before);
    }

    /** amount, or contracts; both must agree. */
    private static BigDecimal amount(final Params params, final DeribitInstrument terms) {
        final BigDecimal amount = params.decimal("amount");
        final BigDecimal contracts = params.decimal("contracts");
        if (contracts == null) {
            return amount;
        }
        final BigDecimal meant = contracts.multiply(terms.contract());
        if (amount != null && amount.compareTo(meant) != 0) {
            throw RpcError.invalidParams("contracts", "amount and contracts do not agree");
        }
        return meant;
    }

    private void checkInTime(final RpcCall call) {
        final long until = call.params.number("valid_until", Long.MAX_VALUE);
        if ((call.atNs + offsetNs.getAsLong()) / 1_000_000L > until) {
            throw new RpcError(13888, "timed_out");
        }
    }

    private DeribitOrder byLabel(final DeribitAccount account, final String label) {
        return engine.read(() -> {
            final List<DeribitOrder> found = engine.orders().open(order ->
                order.request.account().name().equals(account.name()) && order.request.label().equals(label));
            if (found.isEmpty()) {
                throw new RpcError(10004, "order_not_found");
            }
            return found.get(found.size() - 1);
        });
    }

    private JsonNode cancelAll(final RpcCall call, final Predicate<DeribitOrder> which) {
        final String name = call.account().name();
        final String type = call.params.text("type", "all");
        final boolean partial = faults.strikes(DeribitFault.PARTIAL_CANCEL, call.clientId());
        final int[] met = {0};
        final List<DeribitOrder> ended = engine.cancelAll(order -> order.request.account().name().equals(name)
            && ("all".equals(type) || type.equals(order.request.type())
            || "trigger_all".equals(type) && order.request.isTrigger()) && which.test(order)
            && (!partial || ++met[0] % 2 == 1), "user_request", call.atNs);
        if (!call.params.flag("detailed", false)) {
            return Json.object().numberNode(ended.size());
        }
        final ArrayNode list = Json.array();
        ended.forEach(order -> list.add(json(order)));
        return list;
    }

    private ObjectNode withTrades(final DeribitOrder order, final int from) {
        return engine.read(() -> {
            final ObjectNode result = Json.object();
            result.set("order", json(order));
            final ArrayNode trades = result.putArray("trades");
            final DeribitInstrument terms = engine.instrument(order.instrument());
            for (int i = from; i < order.trades.size(); i++) {
                trades.add(order.trades.get(i).toJson(terms, offsetNs.getAsLong()));
            }
            return result;
        });
    }

    private ObjectNode json(final DeribitOrder order) {
        return engine.read(() -> order.toJson(engine.instrument(order.instrument()), offsetNs.getAsLong()));
    }
}
