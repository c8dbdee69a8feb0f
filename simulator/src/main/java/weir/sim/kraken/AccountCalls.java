package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/** Calls that read an account's orders, fills, positions and preferences. Any thread. */
final class AccountCalls {
    private static final int FILLS_PER_PAGE = 100;

    private final KrakenEngine engine;
    private final LongSupplier offsetNs;

    AccountCalls(final KrakenEngine engine, final LongSupplier offsetNs) {
        this.engine = engine;
        this.offsetNs = offsetNs;
    }

    /** The answer without result and serverTime; null if there is no such call. @throws ApiError as a root error. */
    ObjectNode call(final KrakenAccount account, final String call, final RestQuery query, final long nowNs) {
        return switch (call) {
            case "GET openorders" -> engine.read(() -> openOrders(account, nowNs));
            case "POST orders/status" -> engine.read(() -> orderStatus(account, query, nowNs));
            case "GET fills" -> engine.read(() -> fills(account, query));
            case "GET openpositions" -> engine.read(() -> positions(account));
            case "GET accounts" -> engine.read(() -> accounts(account));
            case "GET self-trade-strategy" -> Json.object().put("strategy", engine.strategy(account).name());
            case "PUT self-trade-strategy" -> strategy(account, query);
            case "GET unwindqueue" -> list("queue");
            case "GET leveragepreferences" -> list("leveragePreferences");
            case "GET pnlpreferences" -> list("preferences");
            case "PUT leveragepreferences", "PUT pnlpreferences" -> Json.object();
            case "POST transfer", "POST transfer/subaccount", "POST withdrawaltospotwallet" ->
                throw new ApiError("insufficientPrivileges", call);
            default -> null;
        };
    }

    private ObjectNode openOrders(final KrakenAccount account, final long nowNs) {
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("openOrders");
        for (final KrakenOrder order : engine.orders().open()) {
            if (order.account().name().equals(account.name()) && order.visibleNs <= nowNs) {
                list.add(order.toOpenJson(offsetNs.getAsLong()));
            }
        }
        return body;
    }

    private ObjectNode orderStatus(final KrakenAccount account, final RestQuery query, final long nowNs) {
        final Set<KrakenOrder> found = new LinkedHashSet<>();
        final List<String> orderIds = ids(query, "orderIds");
        final List<String> cliOrdIds = ids(query, "cliOrdIds");
        if (orderIds.isEmpty() && cliOrdIds.isEmpty()) {
            throw ApiError.missing("orderIds or cliOrdIds");
        }
        engine.orders().forget(nowNs);
        orderIds.forEach(id -> found.add(engine.orders().find(account.name(), id, null)));
        cliOrdIds.forEach(id -> found.add(engine.orders().find(account.name(), null, id)));
        found.remove(null);
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("orders");
        for (final KrakenOrder order : found) {
            if (order.visibleNs <= nowNs) {
                final ObjectNode entry = list.addObject();
                final ObjectNode shown = order.toEventJson(offsetNs.getAsLong());
                shown.put("type", order.dormant ? "TRIGGER_ORDER" : "ORDER");
                entry.set("order", shown);
                entry.put("status", order.status).put("updateReason", order.updateReason).putNull("error");
            }
        }
        return body;
    }

    /** Ids given once or many times, with or without brackets, or as a JSON-like list. */
    private static List<String> ids(final RestQuery query, final String name) {
        final List<String> ids = new ArrayList<>();
        for (final String key : new String[] {name, name + "[]"}) {
            for (final String value : query.all(key)) {
                for (final String id : value.replaceAll("[\\[\\]\" ]", "").split(",")) {
                    if (!id.isEmpty()) {
                        ids.add(id);
                    }
                }
            }
        }
        return ids;
    }

    private ObjectNode fills(final KrakenAccount account, final RestQuery query) {
        final String last = query.get("lastFillTime");
        long beforeNs = Long.MAX_VALUE;
        if (last != null) {
            try {
                beforeNs = IsoTime.parse(last) - offsetNs.getAsLong();
            } catch (final IllegalArgumentException e) {
                throw ApiError.invalid("lastFillTime");
            }
        }
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("fills");
        for (final KrakenFill fill : engine.orders().fills(account.name(), beforeNs, FILLS_PER_PAGE)) {
            final ObjectNode node = list.addObject().put("fill_id", fill.fillId())
                .put("symbol", fill.order().request.symbol()).put("side", fill.order().side())
                .put("order_id", fill.order().orderId);
            if (fill.order().request.cliOrdId() != null) {
                node.put("cliOrdId", fill.order().request.cliOrdId());
            }
            node.put("size", Numbers.plain(fill.size())).put("price", Numbers.plain(fill.price()))
                .put("fillTime", time(fill.tradedNs())).put("fillType", fill.taker() ? "taker" : "maker");
        }
        return body;
    }

    private ObjectNode positions(final KrakenAccount account) {
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("openPositions");
        for (final Map.Entry<String, Positions.Position> held : engine.positions().of(account.name()).entrySet()) {
            final Positions.Position position = held.getValue();
            list.addObject().put("side", position.size().signum() > 0 ? "long" : "short")
                .put("symbol", held.getKey()).put("price", Numbers.plain(position.price()))
                .put("fillTime", time(position.updatedNs())).put("size", Numbers.plain(position.size().abs()))
                .put("unrealizedFunding", BigDecimal.ZERO);
        }
        return body;
    }

    private ObjectNode accounts(final KrakenAccount account) {
        final BigDecimal balance = account.balanceUsd() == null ? BigDecimal.ZERO : account.balanceUsd();
        BigDecimal margin = BigDecimal.ZERO;
        for (final Map.Entry<String, Positions.Position> held : engine.positions().of(account.name()).entrySet()) {
            final KrakenInstrument instrument = engine.instrument(held.getKey());
            margin = margin.add(instrument.notionalUsd(held.getValue().size().abs(), held.getValue().price())
                .multiply(instrument.initialMargin()));
        }
        final ObjectNode body = Json.object();
        final ObjectNode accounts = body.putObject("accounts");
        accounts.putObject("cash").put("type", "cashAccount").putObject("balances");
        final ObjectNode flex = accounts.putObject("flex").put("type", "multiCollateralMarginAccount");
        flex.putObject("currencies").putObject("USD").put("quantity", Numbers.plain(balance))
            .put("value", Numbers.plain(balance)).put("collateral", Numbers.plain(balance))
            .put("available", Numbers.plain(balance.subtract(margin)));
        flex.put("initialMargin", Numbers.plain(margin)).put("balanceValue", Numbers.plain(balance))
            .put("portfolioValue", Numbers.plain(balance)).put("collateralValue", Numbers.plain(balance))
            .put("availableMargin", Numbers.plain(balance.subtract(margin)))
            .put("marginEquity", Numbers.plain(balance)).put("pnl", 0).put("unrealizedFunding", 0);
        return body;
    }

    private ObjectNode strategy(final KrakenAccount account, final RestQuery query) {
        final String name = Fields.of(query).required("strategy");
        for (final SelfTradeStrategy strategy : SelfTradeStrategy.values()) {
            if (strategy.name().equals(name)) {
                engine.strategy(account, strategy);
                return Json.object().put("strategy", name);
            }
        }
        throw ApiError.invalid("strategy");
    }

    private static ObjectNode list(final String name) {
        final ObjectNode body = Json.object();
        body.putArray(name);
        return body;
    }

    private String time(final long epochNs) {
        return IsoTime.format(epochNs + offsetNs.getAsLong());
    }
}
