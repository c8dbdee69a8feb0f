package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;

/** Public data: instruments, currencies, prices, books, trades. Any thread. */
final class MarketCalls {
    private static final int DEPTH_MAX = 10_000;

    private final DeribitEngine engine;
    private final LongSupplier clock;
    private final LongSupplier offsetNs;

    MarketCalls(final DeribitEngine engine, final LongSupplier clock, final LongSupplier offsetNs) {
        this.engine = engine;
        this.clock = clock;
        this.offsetNs = offsetNs;
    }

    /** The result, or null if there is no such call. @throws RpcError if it does not make sense. */
    JsonNode call(final String method, final Params params) {
        switch (method) {
            case "public/get_time":
                return Json.object().numberNode(nowMs());
            case "public/test":
                return Json.object().put("version", "1.2.26");
            case "public/status":
                return Json.object().put("locked", "false");
            case "public/get_currencies":
                return currencies();
            case "public/get_instruments":
                return instruments(params);
            case "public/get_instrument":
                return engine.instrument(params.required("instrument_name")).toJson();
            case "public/ticker":
                return ticker(engine.instrument(params.required("instrument_name")));
            case "public/get_order_book":
                return orderBook(engine.instrument(params.required("instrument_name")),
                    (int)params.number("depth", DEPTH_MAX));
            case "public/get_last_trades_by_instrument":
                return trades(engine.instrument(params.required("instrument_name")), (int)params.number("count", 10));
            case "public/get_book_summary_by_currency":
                return summaries(params);
            case "public/get_index_price":
                return indexPrice(params.required("index_name"));
            case "public/get_index":
                final String currency = params.required("currency");
                return Json.object().put(currency, last(currency.toLowerCase(java.util.Locale.ROOT) + "_usd"));
            default:
                return null;
        }
    }

    ObjectNode ticker(final DeribitInstrument terms) {
        return engine.read(() -> {
            final OrderBook<DeribitOrder> book = engine.book(terms.name());
            final ObjectNode node = quote(terms).put("state", terms.state());
            final BigDecimal mark = mark(book);
            node.put("last_price", book.lastPrice()).put("mark_price", mark).put("index_price", mark)
                .put("settlement_price", mark).put("open_interest", 0).put("min_price", mark == null ? null
                    : mark.multiply(new BigDecimal("0.9"))).put("max_price", mark == null ? null
                    : mark.multiply(new BigDecimal("1.1"))).put("estimated_delivery_price", mark);
            final ObjectNode stats = node.putObject("stats");
            BigDecimal volume = BigDecimal.ZERO;
            for (final DeribitTrade trade : engine.publicTrades(terms.name())) {
                volume = volume.add(trade.amount());
            }
            stats.put("volume", volume).put("volume_usd", mark == null ? null : terms.usd(volume, mark))
                .put("low", book.lastPrice()).put("high", book.lastPrice()).put("price_change", 0);
            if ("future".equals(terms.kind())) {
                node.put("funding_8h", 0).put("current_funding", 0).put("interest_value", 0);
            }
            return node;
        });
    }

    ObjectNode quote(final DeribitInstrument terms) {
        return engine.read(() -> {
            final OrderBook<DeribitOrder> book = engine.book(terms.name());
            final ObjectNode node = Json.object().put("instrument_name", terms.name()).put("timestamp", nowMs());
            side(node, "best_bid", book, true);
            side(node, "best_ask", book, false);
            return node;
        });
    }

    private static void side(
        final ObjectNode node, final String name, final OrderBook<DeribitOrder> book, final boolean buy) {
        final BigDecimal best = book.bestPrice(buy);
        BigDecimal amount = BigDecimal.ZERO;
        if (best != null) {
            for (final DeribitOrder order : book.against(!buy)) {
                if (order.price.compareTo(best) != 0) {
                    break;
                }
                amount = amount.add(order.left());
            }
        }
        // the venue shows 0 where there is no offer
        node.put(name + "_price", best == null ? BigDecimal.ZERO : best).put(name + "_amount", amount);
    }

    private ObjectNode orderBook(final DeribitInstrument terms, final int depth) {
        final ObjectNode node = ticker(terms);
        return engine.read(() -> {
            final OrderBook<DeribitOrder> book = engine.book(terms.name());
            node.put("change_id", book.lastTradeId());
            node.set("bids", levels(book, true, depth));
            node.set("asks", levels(book, false, depth));
            return node;
        });
    }

    private static ArrayNode levels(final OrderBook<DeribitOrder> book, final boolean buy, final int depth) {
        final Map<BigDecimal, BigDecimal> levels = new LinkedHashMap<>();
        for (final DeribitOrder order : book.against(!buy)) {
            if (levels.size() >= depth && !levels.containsKey(order.price)) {
                break;
            }
            levels.merge(order.price, order.left(), BigDecimal::add);
        }
        final ArrayNode list = Json.array();
        levels.forEach((price, amount) -> list.addArray().add(price).add(amount));
        return list;
    }

    private ObjectNode trades(final DeribitInstrument terms, final int count) {
        return engine.read(() -> {
            final List<DeribitTrade> all = engine.publicTrades(terms.name());
            final ObjectNode node = Json.object();
            final ArrayNode list = node.putArray("trades");
            for (int i = all.size() - 1; i >= Math.max(0, all.size() - count); i--) {
                list.add(all.get(i).toPublicJson(terms, offsetNs.getAsLong()));
            }
            node.put("has_more", all.size() > count);
            return node;
        });
    }

    private ArrayNode instruments(final Params params) {
        final String currency = params.text("currency", "any");
        final String kind = params.text("kind");
        if (params.flag("expired", false)) {
            return Json.array();
        }
        final ArrayNode list = Json.array();
        for (final DeribitInstrument each : engine.instruments()) {
            if (("any".equals(currency) || currency.equals(each.settlement())
                || "spot".equals(each.kind()) && currency.equals(each.base()))
                && (kind == null || kind.equals(each.kind()))) {
                list.add(each.toJson());
            }
        }
        return list;
    }

    private ArrayNode summaries(final Params params) {
        final ArrayNode list = Json.array();
        for (final JsonNode each : instruments(params)) {
            final DeribitInstrument terms = engine.instrument(each.path("instrument_name").asText());
            final ObjectNode ticker = ticker(terms);
            list.addObject().put("instrument_name", terms.name()).put("base_currency", terms.base())
                .put("quote_currency", terms.quote()).put("creation_timestamp", nowMs())
                .<ObjectNode>setAll(Map.of("bid_price", ticker.path("best_bid_price"), "ask_price",
                    ticker.path("best_ask_price"), "last", ticker.path("last_price"), "mark_price",
                    ticker.path("mark_price"), "volume", ticker.path("stats").path("volume")));
        }
        return list;
    }

    private ArrayNode currencies() {
        final Set<String> names = new LinkedHashSet<>();
        engine.instruments().forEach(each -> {
            names.add(each.base());
            names.add(each.settlement());
        });
        final ArrayNode list = Json.array();
        for (final String name : names) {
            list.addObject().put("currency", name).put("currency_long", name).put("coin_type", name)
                .put("fee_precision", 4).put("min_confirmations", 1).put("min_withdrawal_fee", 0)
                .put("withdrawal_fee", 0).putArray("withdrawal_priorities");
        }
        return list;
    }

    private ObjectNode indexPrice(final String name) {
        final BigDecimal price = last(name);
        return Json.object().put("index_price", price).put("estimated_delivery_price", price);
    }

    private BigDecimal last(final String index) {
        final String base = index.split("_")[0].toUpperCase(java.util.Locale.ROOT);
        return engine.read(() -> {
            for (final DeribitInstrument each : engine.instruments()) {
                final BigDecimal mark = mark(engine.book(each.name()));
                if (each.base().equals(base) && mark != null) {
                    return mark;
                }
            }
            return null;
        });
    }

    /** The middle of the best prices, else the last trade, else null. */
    private static BigDecimal mark(final OrderBook<DeribitOrder> book) {
        final BigDecimal bid = book.bestPrice(true);
        final BigDecimal ask = book.bestPrice(false);
        return bid != null && ask != null ? bid.add(ask).divide(BigDecimal.valueOf(2)) : book.lastPrice();
    }

    private long nowMs() {
        return (clock.getAsLong() + offsetNs.getAsLong()) / 1_000_000L;
    }
}
