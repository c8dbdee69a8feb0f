package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;

/** Public data ("Market data endpoints"), what a client library asks for to load markets among it. */
final class MarketCalls {
    private static final BigDecimal ZERO = BigDecimal.ZERO;

    private final BinanceEngine engine;
    private final VenueLimits limits;
    private final LongSupplier offsetNs;

    MarketCalls(final BinanceEngine engine, final VenueLimits limits, final LongSupplier offsetNs) {
        this.engine = engine;
        this.limits = limits;
        this.offsetNs = offsetNs;
    }

    /** The answer, null where the call is none of public data. */
    JsonNode call(final Endpoint endpoint, final Params params, final long nowNs) {
        switch (endpoint) {
            case PING:
                return Json.object();
            case TIME:
                return Json.object().put("serverTime", Numbers.ms(nowNs + offsetNs.getAsLong()));
            case EXCHANGE_INFO:
                return exchangeInfo(params, nowNs);
            case DEPTH:
                return depth(engine.symbol(params.require("symbol")).symbol(), params.limit(100, 5000));
            case TRADES:
                return trades(engine.symbol(params.require("symbol")).symbol());
            case TICKER_24H:
                return each(params, symbol -> ticker(symbol, nowNs));
            case TICKER_PRICE:
                return each(params, this::price);
            case TICKER_BOOK:
                return each(params, this::bookTicker);
            case AVG_PRICE:
                return Json.object().put("mins", 5).put("price", Numbers.text(last(params.require("symbol"))))
                    .put("closeTime", Numbers.ms(nowNs + offsetNs.getAsLong()));
            case KLINES:
                engine.symbol(params.require("symbol"));
                return Json.array();
            case MARGIN_PAIRS:
            case ISOLATED_PAIRS:
                // a client library asks; nothing is traded on margin here
                return Json.array();
            default:
                return null;
        }
    }

    /** The bookTicker message of the market streams. */
    ObjectNode bookTickerEvent(final String symbol) {
        return engine.read(() -> {
            final OrderBook<BinanceOrder> book = engine.book(symbol);
            return Json.object().put("u", book.lastTradeId() + 1).put("s", symbol)
                .put("b", Numbers.text(book.bestPrice(true))).put("B", Numbers.text(best(book, false)))
                .put("a", Numbers.text(book.bestPrice(false))).put("A", Numbers.text(best(book, true)));
        });
    }

    /** The 24hrTicker message of the market streams. */
    ObjectNode tickerEvent(final String symbol, final long nowNs) {
        final ObjectNode ticker = ticker(symbol, nowNs);
        final ObjectNode node = Json.object().put("e", "24hrTicker")
            .put("E", Numbers.ms(nowNs + offsetNs.getAsLong())).put("s", symbol);
        final String[][] names = {{"p", "priceChange"}, {"P", "priceChangePercent"}, {"w", "weightedAvgPrice"},
            {"x", "prevClosePrice"}, {"c", "lastPrice"}, {"Q", "lastQty"}, {"b", "bidPrice"}, {"B", "bidQty"},
            {"a", "askPrice"}, {"A", "askQty"}, {"o", "openPrice"}, {"h", "highPrice"}, {"l", "lowPrice"},
            {"v", "volume"}, {"q", "quoteVolume"}, {"O", "openTime"}, {"C", "closeTime"}, {"F", "firstId"},
            {"L", "lastId"}, {"n", "count"}};
        for (final String[] name : names) {
            node.set(name[0], ticker.get(name[1]));
        }
        return node;
    }

    private JsonNode exchangeInfo(final Params params, final long nowNs) {
        final ObjectNode node = Json.object().put("timezone", "UTC")
            .put("serverTime", Numbers.ms(nowNs + offsetNs.getAsLong()));
        node.set("rateLimits", limits.toJson());
        node.putArray("exchangeFilters");
        final ArrayNode list = node.putArray("symbols");
        for (final BinanceSymbol symbol : wanted(params)) {
            list.add(symbol.toJson());
        }
        return node;
    }

    private List<BinanceSymbol> wanted(final Params params) {
        final List<String> names = params.has("symbol") ? List.of(params.get("symbol")) : params.list("symbols");
        if (names == null) {
            return engine.symbols();
        }
        final List<BinanceSymbol> wanted = new ArrayList<>();
        names.forEach(name -> wanted.add(engine.symbol(name)));
        return wanted;
    }

    private JsonNode each(final Params params, final java.util.function.Function<String, ObjectNode> reader) {
        if (params.has("symbol")) {
            return reader.apply(engine.symbol(params.get("symbol")).symbol());
        }
        final ArrayNode list = Json.array();
        wanted(params).forEach(symbol -> list.add(reader.apply(symbol.symbol())));
        return list;
    }

    private JsonNode depth(final String symbol, final int limit) {
        return engine.read(() -> {
            final OrderBook<BinanceOrder> book = engine.book(symbol);
            final ObjectNode node = Json.object().put("lastUpdateId", book.lastTradeId() + 1);
            node.set("bids", levels(book.against(false), limit));
            node.set("asks", levels(book.against(true), limit));
            return node;
        });
    }

    private static ArrayNode levels(final List<BinanceOrder> orders, final int limit) {
        final Map<BigDecimal, BigDecimal> levels = new LinkedHashMap<>();
        orders.forEach(order -> levels.merge(order.price(), order.available(), BigDecimal::add));
        final ArrayNode list = Json.array();
        levels.entrySet().stream().limit(limit).forEach(level -> list.addArray().add(Numbers.text(level.getKey()))
            .add(Numbers.text(level.getValue())));
        return list;
    }

    private JsonNode trades(final String symbol) {
        return engine.read(() -> {
            final OrderBook<BinanceOrder> book = engine.book(symbol);
            final ArrayNode list = Json.array();
            if (book.lastPrice() != null) {
                list.addObject().put("id", book.lastTradeId()).put("price", Numbers.text(book.lastPrice()))
                    .put("qty", Numbers.text(book.lastQty()))
                    .put("quoteQty", Numbers.text(book.lastPrice().multiply(book.lastQty())))
                    .put("time", Numbers.ms(book.lastTradeNs())).put("isBuyerMaker", false).put("isBestMatch", true);
            }
            return list;
        });
    }

    private ObjectNode price(final String symbol) {
        return Json.object().put("symbol", symbol).put("price", Numbers.text(last(symbol)));
    }

    private ObjectNode bookTicker(final String symbol) {
        return engine.read(() -> {
            final OrderBook<BinanceOrder> book = engine.book(symbol);
            return Json.object().put("symbol", symbol).put("bidPrice", Numbers.text(book.bestPrice(true)))
                .put("bidQty", Numbers.text(best(book, false))).put("askPrice", Numbers.text(book.bestPrice(false)))
                .put("askQty", Numbers.text(best(book, true)));
        });
    }

    private ObjectNode ticker(final String symbol, final long nowNs) {
        return engine.read(() -> {
            final OrderBook<BinanceOrder> book = engine.book(symbol);
            final String last = Numbers.text(book.lastPrice());
            final long nowMs = Numbers.ms(nowNs + offsetNs.getAsLong());
            final ObjectNode node = Json.object().put("symbol", symbol).put("priceChange", Numbers.text(ZERO))
                .put("priceChangePercent", "0.000").put("weightedAvgPrice", last).put("prevClosePrice", last)
                .put("lastPrice", last).put("lastQty", Numbers.text(book.lastQty()));
            node.setAll(bookTicker(symbol));
            return node.put("openPrice", last).put("highPrice", last).put("lowPrice", last)
                .put("volume", Numbers.text(ZERO)).put("quoteVolume", Numbers.text(ZERO))
                .put("openTime", nowMs - 86_400_000L).put("closeTime", nowMs).put("firstId", 0)
                .put("lastId", book.lastTradeId()).put("count", book.lastTradeId());
        });
    }

    private BigDecimal last(final String symbol) {
        engine.symbol(symbol);
        return engine.read(() -> engine.book(symbol).lastPrice());
    }

    /** What rests at the best price that an order of the given side would take. */
    private static BigDecimal best(final OrderBook<BinanceOrder> book, final boolean takerBuys) {
        final BigDecimal price = book.bestPrice(!takerBuys);
        BigDecimal sum = ZERO;
        for (final BinanceOrder order : book.against(takerBuys)) {
            if (!order.price().equals(price)) {
                break;
            }
            sum = sum.add(order.available());
        }
        return sum;
    }
}
