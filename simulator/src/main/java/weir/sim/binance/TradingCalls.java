package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;

/** Calls that place, change and end orders ("Trading endpoints"), with their part of the unfilled order count. */
final class TradingCalls {
    private static final Set<String> RESTRICTIONS = Set.of("ONLY_NEW", "ONLY_PARTIALLY_FILLED");

    private final BinanceEngine engine;
    private final OrderParser parser;
    private final VenueLimits limits;
    private final FaultPlan<BinanceFault> faults;
    private final LongSupplier offsetNs;

    TradingCalls(final BinanceEngine engine, final OrderParser parser, final VenueLimits limits,
        final FaultPlan<BinanceFault> faults, final LongSupplier offsetNs) {
        this.engine = engine;
        this.parser = parser;
        this.limits = limits;
        this.faults = faults;
        this.offsetNs = offsetNs;
    }

    /** The answer, null where the call is none of these. */
    JsonNode call(final Endpoint endpoint, final BinanceAccount account, final Params params, final String channel,
        final long nowNs) {
        switch (endpoint) {
            case ORDER:
                return place(account, parser.parse(account, params, channel), params, nowNs);
            case ORDER_TEST:
                engine.test(parser.parse(account, params, channel));
                return Json.object();
            case CANCEL:
                AccountCalls.requireOrder(params, "origClientOrderId");
                return cancel(account, params, "orderId", "origClientOrderId",
                    parser.clientId(params, "newClientOrderId"), nowNs);
            case CANCEL_REPLACE:
                return cancelReplace(account, params, channel, nowNs);
            case AMEND:
                return amend(account, params, nowNs);
            case CANCEL_ALL:
                return cancelAll(account, params, nowNs);
            default:
                return null;
        }
    }

    private ObjectNode place(final BinanceAccount account, final OrderRequest request, final Params params,
        final long nowNs) {
        limits.requireOrders(account.name(), 1, nowNs);
        return placed(account, request, params, nowNs);
    }

    private ObjectNode placed(final BinanceAccount account, final OrderRequest request, final Params params,
        final long nowNs) {
        return engine.read(() -> {
            limits.onPlaced(account.name(), 1, nowNs);
            final BinanceOrder order;
            try {
                order = engine.place(request, nowNs);
            } catch (final ApiError e) {
                limits.onPlaced(account.name(), -1, nowNs);
                throw e;
            }
            final String given = params.get("newOrderRespType");
            final String byType = "MARKET".equals(request.type()) || "LIMIT".equals(request.type()) ? "FULL" : "ACK";
            return order.placed(given == null ? byType : given, offsetNs.getAsLong());
        });
    }

    private ObjectNode cancel(final BinanceAccount account, final Params params, final String idName,
        final String clientName, final String cancelId, final long nowNs) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        final String restriction = params.get("cancelRestrictions");
        if (restriction != null && !RESTRICTIONS.contains(restriction)) {
            throw new ApiError(-1145, "Invalid cancelRestrictions.");
        }
        return engine.read(() -> {
            if (faults.strikes(BinanceFault.FILL_BEFORE_CANCEL, account.apiKey())) {
                engine.takeALittle(account, symbol, params.number(idName), params.get(clientName), nowNs);
            }
            return engine.cancel(account, symbol, params.number(idName), params.get(clientName), restriction,
                cancelId, nowNs).cancelled(cancelId, offsetNs.getAsLong());
        });
    }

    private JsonNode cancelReplace(final BinanceAccount account, final Params params, final String channel,
        final long nowNs) {
        final String mode = params.require("cancelReplaceMode");
        if (!"STOP_ON_FAILURE".equals(mode) && !"ALLOW_FAILURE".equals(mode)) {
            throw new ApiError(-1100, "Illegal characters found in parameter 'cancelReplaceMode'.");
        }
        if (!params.has("cancelOrderId") && !params.has("cancelOrigClientOrderId")) {
            throw new ApiError(-1102,
                "Param 'cancelOrigClientOrderId' or 'cancelOrderId' must be sent, but both were empty/null!");
        }
        // filters and the count are looked at before anything is cancelled
        final OrderRequest request = parser.parse(account, params, channel);
        ApiError count = null;
        try {
            limits.requireOrders(account.name(), 1, nowNs);
        } catch (final ApiError e) {
            if (!"CANCEL_ONLY".equals(params.get("orderRateLimitExceededMode"))) {
                throw e;
            }
            count = e;
        }
        return exchange(account, params, request, mode, count, nowNs);
    }

    private JsonNode exchange(final BinanceAccount account, final Params params, final OrderRequest request,
        final String mode, final ApiError count, final long nowNs) {
        final ObjectNode data = Json.object();
        final boolean cancelled = put(data, "cancelResult", "cancelResponse", () -> cancel(account, params,
            "cancelOrderId", "cancelOrigClientOrderId", parser.clientId(params, "cancelNewClientOrderId"), nowNs));
        boolean placed = false;
        if (!cancelled && "STOP_ON_FAILURE".equals(mode)) {
            limits.onPlaced(account.name(), 1, nowNs);
            data.put("newOrderResult", "NOT_ATTEMPTED").putNull("newOrderResponse");
        } else {
            placed = put(data, "newOrderResult", "newOrderResponse", () -> {
                if (count != null) {
                    throw count;
                }
                if (faults.strikes(BinanceFault.PARTIAL_CANCEL_REPLACE, account.apiKey())) {
                    throw new ApiError(-2010, "Account has insufficient balance for requested action.");
                }
                return placed(account, request, params, nowNs);
            });
        }
        if (cancelled && placed) {
            return data;
        }
        final boolean partial = cancelled || placed;
        throw new ApiError(count != null && cancelled && "STOP_ON_FAILURE".equals(mode) ? 429 : partial ? 409 : 400,
            partial ? -2021 : -2022,
            partial ? "Order cancel-replace partially failed." : "Order cancel-replace failed.", data, 0);
    }

    private static boolean put(final ObjectNode data, final String result, final String response,
        final java.util.function.Supplier<ObjectNode> call) {
        try {
            data.set(response, call.get());
            data.put(result, "SUCCESS");
            return true;
        } catch (final ApiError e) {
            data.put(result, "FAILURE").set(response, e.toJson());
            return false;
        }
    }

    private JsonNode amend(final BinanceAccount account, final Params params, final long nowNs) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        AccountCalls.requireOrder(params, "origClientOrderId");
        final String newId = parser.clientId(params, "newClientOrderId");
        return engine.read(() -> {
            final BinanceOrder order = engine.amend(account, symbol, params.number("orderId"),
                params.get("origClientOrderId"), params.requireDecimal("newQty"), newId, nowNs);
            final ObjectNode node = Json.object().put("transactTime", Numbers.ms(nowNs + offsetNs.getAsLong()))
                .put("executionId", nowNs / 1000);
            node.putObject("amendedOrder").put("symbol", symbol).put("orderId", order.orderId).put("orderListId", -1)
                .put("origClientOrderId", params.get("origClientOrderId")).put("clientOrderId", order.clientId)
                .put("price", Numbers.text(order.price())).put("qty", Numbers.text(order.qty))
                .put("executedQty", Numbers.text(order.filled)).put("preventedQty", Numbers.text(order.prevented))
                .put("quoteOrderQty", Numbers.text(null)).put("cumulativeQuoteQty", Numbers.text(order.quote))
                .put("status", order.status).put("timeInForce", order.request.tif())
                .put("type", order.request.type()).put("side", order.request.side())
                .put("workingTime", Numbers.ms(order.workingNs + offsetNs.getAsLong()))
                .put("selfTradePreventionMode", order.request.stp().name());
            return node;
        });
    }

    private JsonNode cancelAll(final BinanceAccount account, final Params params, final long nowNs) {
        final String symbol = engine.symbol(params.require("symbol")).symbol();
        return engine.read(() -> {
            final java.util.Map<Long, String> ids = new java.util.HashMap<>();
            final List<BinanceOrder> open = engine.orders().open(order ->
                order.account().name().equals(account.name()) && order.request.symbol().equals(symbol));
            if (open.isEmpty()) {
                throw new ApiError(-2011, "Unknown order sent.");
            }
            final ArrayNode list = Json.array();
            final java.util.Deque<String> used = new java.util.ArrayDeque<>();
            engine.cancelAll(open::contains, () -> {
                used.add(parser.clientId(Params.ofText("", ""), "none"));
                return used.peekLast();
            }, nowNs).forEach(order -> ids.put(order.orderId, used.pollFirst()));
            open.forEach(order -> list.add(order.cancelled(ids.get(order.orderId), offsetNs.getAsLong())));
            return list;
        });
    }
}
