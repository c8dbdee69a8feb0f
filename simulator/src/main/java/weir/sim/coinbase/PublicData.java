package weir.sim.coinbase;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;

/** The venue's public JSON about products and their prices, for REST and for the WebSocket feed alike. Any thread. */
final class PublicData {
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
