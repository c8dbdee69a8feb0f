package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import weir.sim.market.Json;

/** Questions about orders, trades and the account. Any thread. */
final class AccountCalls {
    /** get_order_state_by_label answers so many of the last ones. */
    private static final int BY_LABEL_MAX = 20;
    private static final int TRADES_MAX = 1000;
    private static final BigDecimal BALANCE = new BigDecimal("1000");

    private final DeribitEngine engine;
    private final AccountBook accounts;
    private final LongSupplier offsetNs;

    AccountCalls(final DeribitEngine engine, final AccountBook accounts, final LongSupplier offsetNs) {
        this.engine = engine;
        this.accounts = accounts;
        this.offsetNs = offsetNs;
    }

    /** The result, or null if there is no such call. @throws RpcError if it does not make sense. */
    JsonNode call(final RpcCall call) {
        final Params params = call.params;
        final String name = call.account().name();
        switch (call.method) {
            case "private/get_open_orders":
                return open(call, order -> isKind(order, params.text("kind")));
            case "private/get_open_orders_by_currency":
                final String currency = params.required("currency");
                return open(call, order -> terms(order).settlement().equals(currency)
                    && isKind(order, params.text("kind")));
            case "private/get_open_orders_by_instrument":
                final String instrument = params.required("instrument_name");
                return open(call, order -> order.instrument().equals(instrument));
            case "private/get_open_orders_by_label":
                final String wanted = params.required("label");
                return open(call, order -> order.request.label().equals(wanted));
            case "private/get_order_state":
                return orderState(call, params.required("order_id"));
            case "private/get_order_state_by_label":
                params.required("currency");
                return byLabel(call, params.required("label"));
            case "private/get_order_history_by_instrument":
                final String of = params.required("instrument_name");
                return history(call, order -> order.instrument().equals(of));
            case "private/get_order_history_by_currency":
                final String by = params.required("currency");
                return history(call, order -> terms(order).settlement().equals(by));
            case "private/get_user_trades_by_order":
                final String orderId = params.required("order_id");
                return list(trades(name, trade -> trade.order().orderId.equals(orderId)));
            case "private/get_user_trades_by_instrument":
            case "private/get_user_trades_by_instrument_and_time":
                final String traded = params.required("instrument_name");
                return page(params, trades(name, trade -> trade.order().instrument().equals(traded)));
            case "private/get_user_trades_by_currency":
            case "private/get_user_trades_by_currency_and_time":
                final String in = params.required("currency");
                return page(params, trades(name, trade -> terms(trade.order()).settlement().equals(in)));
            case "private/get_account_summary":
                return summary(call, params.required("currency"));
            case "private/get_account_summaries":
                final ObjectNode all = Json.object().put("id", call.account().userId()).put("username", name)
                    .put("type", "main");
                final ArrayNode list = all.putArray("summaries");
                for (final String each : List.of("BTC", "ETH", "USDC")) {
                    list.add(summary(call, each));
                }
                return all;
            case "private/get_positions":
                return Json.array();
            case "private/set_self_trading_config":
                engine.cancelsMaker(name, "cancel_maker".equals(params.oneOf("mode", null,
                    List.of("reject_taker", "cancel_maker"))));
                params.flag("extended_to_subaccounts", false);
                return Json.object().textNode("ok");
            default:
                return null;
        }
    }

    private ArrayNode open(final RpcCall call, final Predicate<DeribitOrder> which) {
        final ArrayNode list = Json.array();
        engine.read(() -> {
            for (final DeribitOrder order : engine.orders().open(each -> each.request.account().name()
                .equals(call.account().name()) && each.visibleNs <= call.atNs && which.test(each))) {
                list.add(json(order));
            }
            return null;
        });
        return list;
    }

    private ObjectNode orderState(final RpcCall call, final String orderId) {
        return engine.read(() -> {
            final DeribitOrder order = engine.orders().find(call.account().name(), orderId);
            if (order == null || order.visibleNs > call.atNs) {
                throw new RpcError(10004, "order_not_found");
            }
            return json(order);
        });
    }

    private ArrayNode byLabel(final RpcCall call, final String label) {
        return engine.read(() -> {
            final List<DeribitOrder> found = engine.orders().all(call.account().name(),
                order -> order.request.label().equals(label) && order.visibleNs <= call.atNs);
            Collections.reverse(found);
            final ArrayNode list = Json.array();
            found.stream().limit(BY_LABEL_MAX).forEach(order -> list.add(json(order)));
            return list;
        });
    }

    private ArrayNode history(final RpcCall call, final Predicate<DeribitOrder> which) {
        return engine.read(() -> {
            final List<DeribitOrder> found = engine.orders().all(call.account().name(),
                order -> !order.isOpen() && which.test(order));
            Collections.reverse(found);
            final ArrayNode list = Json.array();
            found.stream().skip(call.params.number("offset", 0)).limit(call.params.number("count", 20))
                .forEach(order -> list.add(json(order)));
            return list;
        });
    }

    private List<DeribitTrade> trades(final String account, final Predicate<DeribitTrade> which) {
        return engine.read(() -> {
            final List<DeribitTrade> found = new ArrayList<>();
            for (final DeribitTrade trade : engine.orders().trades(account)) {
                if (which.test(trade)) {
                    found.add(trade);
                }
            }
            return found;
        });
    }

    private ArrayNode list(final List<DeribitTrade> trades) {
        final ArrayNode list = Json.array();
        trades.forEach(trade -> list.add(trade.toJson(terms(trade.order()), offsetNs.getAsLong())));
        return list;
    }

    /** Newest first unless asked otherwise, between two times, so many at most. */
    private ObjectNode page(final Params params, final List<DeribitTrade> found) {
        final long from = params.number("start_timestamp", Long.MIN_VALUE);
        final long to = params.number("end_timestamp", Long.MAX_VALUE);
        final List<DeribitTrade> trades = new ArrayList<>(found);
        trades.removeIf(trade -> {
            final long ms = (trade.atNs() + offsetNs.getAsLong()) / 1_000_000L;
            return ms < from || ms > to;
        });
        if (!"asc".equals(params.text("sorting"))) {
            Collections.reverse(trades);
        }
        final int count = (int)Math.min(TRADES_MAX, params.number("count", 10));
        final ObjectNode node = Json.object();
        node.set("trades", list(trades.subList(0, Math.min(count, trades.size()))));
        return node.put("has_more", trades.size() > count);
    }

    private ObjectNode summary(final RpcCall call, final String currency) {
        final String name = call.account().name();
        final ObjectNode node = Json.object().put("currency", currency).put("balance", BALANCE)
            .put("equity", BALANCE).put("available_funds", BALANCE).put("available_withdrawal_funds", BALANCE)
            .put("margin_balance", BALANCE).put("initial_margin", 0).put("maintenance_margin", 0)
            .put("delta_total", 0).put("session_upl", 0).put("session_rpl", 0).put("total_pl", 0)
            .put("portfolio_margining_enabled", false);
        node.set("limits", accounts.limits(name));
        if (call.params.flag("extended", false)) {
            node.put("id", call.account().userId()).put("username", name).put("system_name", name)
                .put("type", "main").put("self_trading_reject_mode",
                    engine.cancelsMaker(name) ? "cancel_maker" : "reject_taker")
                .put("self_trading_extended_to_subaccounts", false);
        }
        return node;
    }

    private boolean isKind(final DeribitOrder order, final String kind) {
        return kind == null || "any".equals(kind) || terms(order).kind().equals(kind);
    }

    private DeribitInstrument terms(final DeribitOrder order) {
        return engine.instrument(order.instrument());
    }

    private ObjectNode json(final DeribitOrder order) {
        return order.toJson(terms(order), offsetNs.getAsLong());
    }
}
