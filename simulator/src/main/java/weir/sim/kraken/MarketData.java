package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;
import weir.sim.market.RestQuery;

/** What anybody may read: contracts, tickers, books, fees. Any thread. */
final class MarketData {
    private final KrakenEngine engine;
    private final LongSupplier offsetNs;

    MarketData(final KrakenEngine engine, final LongSupplier offsetNs) {
        this.engine = engine;
        this.offsetNs = offsetNs;
    }

    /** The answer without result and serverTime; null if there is no such call. @throws ApiError as a root error. */
    ObjectNode call(final String endpoint, final RestQuery query, final long nowNs) {
        return switch (endpoint) {
            case "instruments" -> instruments();
            case "tickers" -> tickers(nowNs);
            case "orderbook" -> orderBook(Fields.of(query).required("symbol"));
            case "feeschedules" -> FeeSchedule.toJson();
            case "instruments/status" -> statuses();
            default -> {
                if (endpoint.startsWith("tickers/")) {
                    final ObjectNode body = Json.object();
                    body.set("ticker", ticker(known(endpoint.substring("tickers/".length())), nowNs));
                    yield body;
                }
                yield null;
            }
        };
    }

    /** One contract's ticker as the {@code ticker} feed shows it. */
    ObjectNode feedTicker(final KrakenInstrument instrument, final long nowNs) {
        return engine.read(() -> {
            final OrderBook<KrakenOrder> book = engine.book(instrument.symbol());
            final BigDecimal mark = engine.marks().mark(instrument.symbol());
            return Json.object().put("feed", "ticker").put("time", (nowNs + offsetNs.getAsLong()) / 1_000_000)
                .put("product_id", instrument.symbol()).put("funding_rate", BigDecimal.ZERO.setScale(1))
                .put("funding_rate_prediction", BigDecimal.ZERO.setScale(1))
                .put("relative_funding_rate", BigDecimal.ZERO.setScale(1))
                .put("next_funding_rate_time", (nowNs / 3_600_000_000_000L + 1) * 3_600_000L)
                .put("bid", Numbers.real(book.bestPrice(true))).put("ask", Numbers.real(book.bestPrice(false)))
                .put("bid_size", Numbers.real(depth(book, true))).put("ask_size", Numbers.real(depth(book, false)))
                .put("volume", BigDecimal.ZERO.setScale(1)).put("dtm", 0).put("leverage", "50x")
                .put("index", Numbers.real(mark)).put("premium", BigDecimal.ZERO.setScale(1))
                .put("last", Numbers.real(book.lastPrice())).put("change", BigDecimal.ZERO.setScale(1))
                .put("suspended", instrument.suspended()).put("tag", "perpetual").put("pair", instrument.pair())
                .put("openInterest", BigDecimal.ZERO.setScale(1)).put("markPrice", Numbers.real(mark))
                .put("maturityTime", 0).put("post_only", instrument.postOnly())
                .put("volumeQuote", BigDecimal.ZERO.setScale(1));
        });
    }

    /** One contract's ticker as the {@code ticker_lite} feed shows it: no time, no last, no mark. */
    ObjectNode feedTickerLite(final KrakenInstrument instrument) {
        return engine.read(() -> {
            final OrderBook<KrakenOrder> book = engine.book(instrument.symbol());
            return Json.object().put("feed", "ticker_lite").put("product_id", instrument.symbol())
                .put("bid", Numbers.real(book.bestPrice(true))).put("ask", Numbers.real(book.bestPrice(false)))
                .put("change", BigDecimal.ZERO.setScale(1)).put("premium", BigDecimal.ZERO.setScale(1))
                .put("volume", BigDecimal.ZERO.setScale(1)).put("tag", "perpetual").put("pair", instrument.pair())
                .put("dtm", 0).put("maturityTime", 0).put("volumeQuote", BigDecimal.ZERO.setScale(1));
        });
    }

    private ObjectNode instruments() {
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("instruments");
        engine.instruments().forEach(instrument -> list.add(instrument.toJson()));
        return body;
    }

    private ObjectNode statuses() {
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("instrumentStatus");
        engine.instruments().forEach(instrument -> list.addObject().put("tradeable", instrument.symbol())
            .put("experiencingDislocation", false).putNull("priceDislocationDirection")
            .put("experiencingExtremeVolatility", false).put("extremeVolatilityInitialMarginMultiplier", 1));
        return body;
    }

    private ObjectNode tickers(final long nowNs) {
        final ObjectNode body = Json.object();
        final ArrayNode list = body.putArray("tickers");
        engine.instruments().forEach(instrument -> list.add(ticker(instrument, nowNs)));
        return body;
    }

    private ObjectNode ticker(final KrakenInstrument instrument, final long nowNs) {
        return engine.read(() -> {
            final OrderBook<KrakenOrder> book = engine.book(instrument.symbol());
            final BigDecimal mark = engine.marks().mark(instrument.symbol());
            final ObjectNode node = Json.object().put("tag", "perpetual").put("pair", instrument.pair())
                .put("symbol", instrument.symbol()).put("markPrice", Numbers.plain(mark))
                .put("indexPrice", Numbers.plain(mark)).put("vol24h", 0).put("volumeQuote", 0)
                .put("openInterest", 0).put("suspended", instrument.suspended())
                .put("postOnly", instrument.postOnly()).put("fundingRate", 0).put("fundingRatePrediction", 0);
            if (book.bestPrice(true) != null) {
                node.put("bid", Numbers.plain(book.bestPrice(true))).put("bidSize", Numbers.plain(depth(book, true)));
            }
            if (book.bestPrice(false) != null) {
                node.put("ask", Numbers.plain(book.bestPrice(false)))
                    .put("askSize", Numbers.plain(depth(book, false)));
            }
            if (book.lastPrice() != null) {
                node.put("last", Numbers.plain(book.lastPrice())).put("lastSize", Numbers.plain(book.lastQty()))
                    .put("lastTime", IsoTime.format(book.lastTradeNs() + offsetNs.getAsLong()));
            }
            return node;
        });
    }

    private ObjectNode orderBook(final String symbol) {
        final KrakenInstrument instrument = known(symbol);
        return engine.read(() -> {
            final ObjectNode body = Json.object();
            final ObjectNode node = body.putObject("orderBook");
            for (final boolean buy : new boolean[] {true, false}) {
                final Map<BigDecimal, BigDecimal> levels = new LinkedHashMap<>();
                engine.book(instrument.symbol()).against(!buy)
                    .forEach(order -> levels.merge(order.limitPrice, order.unfilled(), BigDecimal::add));
                final ArrayNode side = node.putArray(buy ? "bids" : "asks");
                levels.forEach((price, size) -> side.addArray().add(Numbers.plain(price)).add(Numbers.plain(size)));
            }
            return body;
        });
    }

    private KrakenInstrument known(final String symbol) {
        for (final KrakenInstrument instrument : engine.instruments()) {
            if (instrument.symbol().equalsIgnoreCase(symbol)) {
                return instrument;
            }
        }
        throw ApiError.invalid("symbol");
    }

    private static BigDecimal depth(final OrderBook<KrakenOrder> book, final boolean buy) {
        BigDecimal size = BigDecimal.ZERO;
        for (final KrakenOrder order : book.against(!buy)) {
            if (order.limitPrice.compareTo(book.bestPrice(buy)) != 0) {
                break;
            }
            size = size.add(order.unfilled());
        }
        return size;
    }
}
