package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import weir.sim.market.FaultPlan;
import weir.sim.market.Json;
import weir.sim.market.RestQuery;

/** Calls about portfolios: what there is, fills, positions, balances, fee rates. Any thread. */
final class PortfolioCalls {
    private final IntxEngine engine;
    private final FaultPlan<IntxFault> faults;
    private final Random random;

    PortfolioCalls(final IntxEngine engine, final FaultPlan<IntxFault> faults, final long seed) {
        this.engine = engine;
        this.faults = faults;
        this.random = new Random(seed);
    }

    /** @param path below {@code portfolios}, empty or with a slash in front. @return null if there is no such call. */
    JsonNode call(final IntxAccount account, final String path, final RestQuery query, final long nowNs) {
        switch (path) {
            case "":
                return Json.array().add(portfolio(account));
            case "/fills":
                for (final String portfolio : query.all("portfolios")) {
                    OrderCalls.requirePortfolio(account, portfolio);
                }
                return fills(account, query, nowNs);
            case "/fee-rates":
                return Json.array().add(feeTier("PERPETUAL_FUTURE").put("portfolio_id", account.portfolio()))
                    .add(feeTier("SPOT").put("portfolio_id", account.portfolio()));
            default:
                return ofOne(account, path, query, nowNs);
        }
    }

    /** A fee tier as {@code GET fee-rate-tiers} shows it. */
    static ObjectNode feeTier(final String instrumentType) {
        return Json.object().put("fee_tier_type", "REGULAR").put("instrument_type", instrumentType)
            .put("fee_tier_id", "1").put("fee_tier_name", "Public Tier 1")
            .put("maker_fee_rate", IntxEngine.MAKER_FEE.toPlainString())
            .put("taker_fee_rate", IntxEngine.TAKER_FEE.toPlainString()).put("min_balance", "0").put("min_volume", "0")
            .put("require_balance_and_volume", false);
    }

    private JsonNode ofOne(final IntxAccount account, final String path, final RestQuery query, final long nowNs) {
        final int slash = path.indexOf('/', 1);
        final String portfolio = slash < 0 ? path.substring(1) : path.substring(1, slash);
        OrderCalls.requirePortfolio(account, portfolio);
        switch (slash < 0 ? "" : path.substring(slash)) {
            case "":
                return portfolio(account);
            case "/fills":
                return fills(account, query, nowNs);
            case "/positions":
                return positions(account);
            case "/balances":
                return Json.array().add(balance(account));
            case "/detail":
                final ObjectNode detail = Json.object();
                detail.set("summary", summary(account));
                detail.set("balances", Json.array().add(balance(account)));
                detail.set("positions", positions(account));
                return detail;
            case "/summary":
                return summary(account);
            default:
                return null;
        }
    }

    private JsonNode fills(final IntxAccount account, final RestQuery query, final long nowNs) {
        final long fromNs = time(query, "time_from", Long.MIN_VALUE);
        final long toNs = time(query, "ref_datetime", Long.MAX_VALUE);
        final String orderId = query.get("order_id");
        final String clientOrderId = query.get("client_order_id");
        final boolean twice = faults.isOn(IntxFault.DUPLICATE_FILL, account.apiKey());
        final boolean shuffled = faults.isOn(IntxFault.SHUFFLED_FILLS, account.apiKey());
        return engine.read(() -> {
            final long offset = engine.offset();
            final List<JsonNode> found = new ArrayList<>();
            for (final IntxFill fill : engine.orders().fills(each -> nowNs >= each.visibleNs()
                && each.order().account().portfolio().equals(account.portfolio())
                && toMillis(each.tradedNs() + offset) >= fromNs && toMillis(each.tradedNs() + offset) <= toNs
                && (orderId == null || orderId.equals(each.order().orderId))
                && (clientOrderId == null || clientOrderId.equals(each.clientOrderId())))) {
                found.add(fill.toJson(offset));
                if (twice) {
                    found.add(fill.toJson(offset));
                }
            }
            if (shuffled) {
                Collections.shuffle(found, random);
            }
            return Page.of(query, found, VenueTime.format(nowNs + offset));
        });
    }

    private ArrayNode positions(final IntxAccount account) {
        final ArrayNode array = Json.array();
        for (final IntxInstrument instrument : engine.instruments()) {
            final BigDecimal held = engine.read(() -> engine.orders().position(account, instrument.symbol()));
            if (instrument.isPerpetual() && held.signum() != 0) {
                array.addObject().put("symbol", instrument.symbol()).put("instrument_id", instrument.id())
                    .put("instrument_uuid", instrument.uuid()).put("vwap", "0").put("net_size", held.toPlainString())
                    .put("buy_order_size", "0").put("sell_order_size", "0").put("im_contribution", "0")
                    .put("unrealized_pnl", "0").put("mark_price", "0");
            }
        }
        return array;
    }

    private static ObjectNode portfolio(final IntxAccount account) {
        return Json.object().put("portfolio_id", account.portfolio()).put("portfolio_uuid", account.portfolioUuid())
            .put("name", account.name()).put("user_uuid", account.portfolioUuid())
            .put("maker_fee_rate", IntxEngine.MAKER_FEE.toPlainString())
            .put("taker_fee_rate", IntxEngine.TAKER_FEE.toPlainString()).put("trading_lock", false)
            .put("borrow_disabled", false).put("is_lsp", false).put("is_default", true)
            .put("cross_collateral_enabled", false);
    }

    private static ObjectNode summary(final IntxAccount account) {
        final String funds = balanceText(account);
        return Json.object().put("collateral", funds).put("unrealized_pnl", "0").put("position_notional", "0")
            .put("open_position_notional", "0").put("balance", funds).put("buying_power", funds)
            .put("in_liquidation", false);
    }

    private static ObjectNode balance(final IntxAccount account) {
        final String funds = balanceText(account);
        return Json.object().put("asset_id", "USDC").put("asset_uuid", IntxInstrument.asset("USDC"))
            .put("asset_name", "USDC").put("quantity", funds).put("hold", "0")
            .put("hold_available_for_collateral", "0").put("transfer_hold", "0").put("collateral_value", funds)
            .put("max_withdraw_amount", funds).put("loan", "0").put("loan_collateral_requirement", "0");
    }

    private static String balanceText(final IntxAccount account) {
        return account.balanceUsdc() == null ? "1000000000" : account.balanceUsdc().toPlainString();
    }

    /** Times of the venue have milliseconds; so have those that it compares. */
    private static long toMillis(final long epochNs) {
        return Math.floorDiv(epochNs, 1_000_000L) * 1_000_000L;
    }

    private static long time(final RestQuery query, final String name, final long otherwise) {
        final String text = query.get(name);
        return text == null || text.isEmpty() ? otherwise : VenueTime.parse(name, text);
    }
}
