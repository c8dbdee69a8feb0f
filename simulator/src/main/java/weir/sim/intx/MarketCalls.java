package weir.sim.intx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;

/** What anybody may read: assets, instruments, quotes, fee tiers. Any thread. */
final class MarketCalls {
    private final IntxEngine engine;

    MarketCalls(final IntxEngine engine) {
        this.engine = engine;
    }

    /** @param path below {@code /api/v1/}. @return null if there is no such call. @throws ApiError if unknown. */
    JsonNode call(final String path, final long nowNs) {
        if ("instruments".equals(path)) {
            final ArrayNode array = Json.array();
            engine.instruments().forEach(each -> array.add(each.toJson(quote(each, nowNs))));
            return array;
        }
        if ("assets".equals(path)) {
            return assets();
        }
        if ("fee-rate-tiers".equals(path)) {
            return Json.array().add(PortfolioCalls.feeTier("PERPETUAL_FUTURE")).add(PortfolioCalls.feeTier("SPOT"));
        }
        if (!path.startsWith("instruments/")) {
            return null;
        }
        final String rest = path.substring("instruments/".length());
        final int slash = rest.indexOf('/');
        final IntxInstrument instrument = engine.named(slash < 0 ? rest : rest.substring(0, slash));
        if (instrument == null) {
            throw ApiError.notFound();
        }
        if (slash < 0) {
            return instrument.toJson(quote(instrument, nowNs));
        }
        return "/quote".equals(rest.substring(slash)) ? quote(instrument, nowNs) : null;
    }

    /** Best prices and the last trade; what there is not is left out. */
    ObjectNode quote(final IntxInstrument instrument, final long nowNs) {
        return engine.read(() -> {
            final OrderBook<IntxOrder> book = engine.book(instrument.symbol());
            final ObjectNode node = Json.object();
            for (final boolean buy : new boolean[] {true, false}) {
                final BigDecimal best = book.bestPrice(buy);
                if (best != null) {
                    final String side = buy ? "best_bid" : "best_ask";
                    node.put(side + "_price", best.toPlainString())
                        .put(side + "_size", depth(book, buy).toPlainString());
                }
            }
            final BigDecimal last = book.lastPrice();
            if (last != null) {
                final BigDecimal width = last.multiply(instrument.priceBand());
                node.put("trade_price", last.toPlainString()).put("trade_qty", book.lastQty().toPlainString())
                    .put("index_price", last.toPlainString()).put("mark_price", last.toPlainString())
                    .put("settlement_price", last.toPlainString())
                    .put("limit_up", last.add(width).stripTrailingZeros().toPlainString())
                    .put("limit_down", last.subtract(width).stripTrailingZeros().toPlainString());
            }
            return node.put("predicted_funding", "0").put("timestamp", VenueTime.format(nowNs + engine.offset()));
        });
    }

    static BigDecimal depth(final OrderBook<IntxOrder> book, final boolean buy) {
        BigDecimal size = BigDecimal.ZERO;
        for (final IntxOrder order : book.against(!buy)) {
            if (order.price.compareTo(book.bestPrice(buy)) != 0) {
                break;
            }
            size = size.add(order.leaves());
        }
        return size;
    }

    private JsonNode assets() {
        final Set<String> names = new LinkedHashSet<>();
        engine.instruments().forEach(each -> {
            names.add(each.base());
            names.add(each.quote());
        });
        final ArrayNode array = Json.array();
        names.forEach(name -> array.addObject().put("asset_id", name)
            .put("asset_uuid", IntxInstrument.asset(name)).put("asset_name", name).put("status", "ACTIVE")
            .put("collateral_weight", "USDC".equals(name) ? 1 : 0).put("supported_networks_enabled", true));
        return array;
    }
}
