package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;

/** The venue's public JSON about products and their prices, for REST and for the WebSocket feed alike. Any thread. */
final class PublicData {
    private static final int LEVELS_MAX = 1_000;
    private final MatchingEngine engine;

    PublicData(final MatchingEngine engine) {
        this.engine = engine;
    }

    /** {@code GET /products} and the status channel. */
    ArrayNode products() {
        final ArrayNode list = Json.array();
        engine.products().values().forEach(product -> list.add(product(product)));
        return list;
    }

    /** {@code GET /products/{id}}. */
    ObjectNode product(final VenueProduct product) {
        final TradingMode mode = engine.mode(product.id());
        return Json.object().put("id", product.id()).put("base_currency", product.base())
            .put("quote_currency", product.quote())
            .put("quote_increment", product.quoteIncrement().toPlainString())
            .put("base_increment", product.baseIncrement().toPlainString())
            .put("display_name", product.id().replace('-', '/'))
            .put("min_market_funds", product.minMarketFunds().toPlainString())
            .put("status", mode == TradingMode.DISABLED ? "offline" : "online").put("status_message", "")
            .put("post_only", mode == TradingMode.POST_ONLY).put("limit_only", mode == TradingMode.LIMIT_ONLY)
            .put("cancel_only", mode == TradingMode.CANCEL_ONLY)
            .put("trading_disabled", mode == TradingMode.DISABLED).put("auction_mode", mode == TradingMode.AUCTION)
            .put("fx_stablecoin", false).put("high_bid_limit_percentage", "");
    }

    /** {@code GET /products/{id}/ticker}; prices that do not exist are null. */
    ObjectNode ticker(final VenueProduct product, final long nowNs) {
        return engine.read(index -> {
            final OrderBook<VenueOrder> book = engine.book(product.id());
            return Json.object().put("trade_id", book.lastTradeId())
                .put("price", ExecutionReportEncoder.plain(book.lastPrice()))
                .put("size", ExecutionReportEncoder.plain(book.lastQty()))
                .put("bid", ExecutionReportEncoder.plain(book.bestPrice(true)))
                .put("ask", ExecutionReportEncoder.plain(book.bestPrice(false)))
                .put("time", FixTime.iso(book.lastTradeNs() == 0 ? nowNs : book.lastTradeNs()));
        });
    }

    /** {@code GET /currencies}. */
    ArrayNode currencies() {
        final TreeSet<String> names = new TreeSet<>();
        engine.products().values().forEach(product -> names.addAll(List.of(product.base(), product.quote())));
        final ArrayNode list = Json.array();
        names.forEach(name -> list.addObject().put("id", name).put("name", name).put("min_size", "0.00000001")
            .put("status", "online").put("message", "").put("max_precision", "0.00000001"));
        return list;
    }

    /** {@code GET /products/{id}/book}: the best price of each side at level 1, every price at level 2. */
    ObjectNode book(final VenueProduct product, final int level, final long nowNs) {
        return engine.read(index -> {
            final ObjectNode node = Json.object().put("sequence", engine.book(product.id()).lastTradeId())
                .put("auction_mode", engine.mode(product.id()) == TradingMode.AUCTION).put("time", FixTime.iso(nowNs));
            levels(node.putArray("bids"), product, true, level == 1 ? 1 : LEVELS_MAX);
            levels(node.putArray("asks"), product, false, level == 1 ? 1 : LEVELS_MAX);
            return node;
        });
    }

    private void levels(final ArrayNode side, final VenueProduct product, final boolean buy, final int max) {
        BigDecimal price = null;
        BigDecimal size = BigDecimal.ZERO;
        int orders = 0;
        for (final VenueOrder order : engine.book(product.id()).against(!buy)) {
            if (price != null && order.price.compareTo(price) != 0) {
                level(side, price, size, orders);
                if (side.size() == max) {
                    return;
                }
                size = BigDecimal.ZERO;
                orders = 0;
            }
            price = order.price;
            size = size.add(order.leaves());
            orders++;
        }
        if (price != null) {
            level(side, price, size, orders);
        }
    }

    private static void level(final ArrayNode side, final BigDecimal price, final BigDecimal size, final int orders) {
        side.addArray().add(ExecutionReportEncoder.plain(price)).add(ExecutionReportEncoder.plain(size)).add(orders);
    }

    /** A message of the ticker or ticker_batch channel; call inside the engine's monitor. */
    ObjectNode tickerMessage(final VenueProduct product, final long sequence, final long nowNs) {
        final OrderBook<VenueOrder> book = engine.book(product.id());
        return Json.object().put("type", "ticker").put("sequence", sequence).put("product_id", product.id())
            .put("price", ExecutionReportEncoder.plain(book.lastPrice()))
            .put("best_bid", text(book, true)).put("best_ask", text(book, false))
            .put("side", "buy").put("time", FixTime.iso(book.lastTradeNs() == 0 ? nowNs : book.lastTradeNs()))
            .put("trade_id", book.lastTradeId()).put("last_size", ExecutionReportEncoder.plain(book.lastQty()));
    }

    private static String text(final OrderBook<VenueOrder> book, final boolean buy) {
        return book.bestPrice(buy) == null ? "0" : ExecutionReportEncoder.plain(book.bestPrice(buy));
    }
}
