package weir.sim.deribit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import weir.sim.market.VenueLog;

/**
 * Writes what the engine tells into the venue log, counts it, then passes changes on to the channels. Runs inside the
 * engine's monitor, which is what makes the log come before every answer and notification.
 */
final class VenueRecorder implements EngineListener {
    private final VenueLog log;
    private final AccountBook accounts;
    private ChannelHub channels;

    VenueRecorder(final VenueLog log, final AccountBook accounts) {
        this.log = log;
        this.accounts = accounts;
    }

    void channels(final ChannelHub hub) {
        channels = hub;
    }

    @Override
    public void onPlaced(final DeribitOrder order, final long nowNs) {
        accounts.changes(order.request.account().name(), 1);
        log.write(describe(head("order", order.request, order.orderId, nowNs), order.request));
        log.write(state(head("ack", order.request, order.orderId, nowNs), order).put("visibleNs", order.visibleNs)
            .put("dormant", order.request.isTrigger()));
    }

    @Override
    public void onRefused(final OrderRequest request, final RpcError why, final long nowNs) {
        log.write(describe(head("reject", request, null, nowNs), request).put("reason", why.getMessage())
            .put("code", why.code()));
    }

    @Override
    public void onTrade(final DeribitTrade trade, final long nowNs) {
        final DeribitOrder order = trade.order();
        accounts.traded(order.request.account().name(), trade, nowNs);
        log.write(state(head("exec", order.request, order.orderId, nowNs).put("fillId", trade.tradeId())
            .put("tradeId", number(trade.tradeId())).put("side", order.isBuy() ? "buy" : "sell")
            .put("qty", plain(trade.amount()))
            .put("price", plain(trade.price())).put("fee", plain(trade.fee()))
            .put("feeCurrency", trade.feeCurrency()).put("liquidity", trade.taker() ? "T" : "M"), order));
    }

    @Override
    public void onEdited(final DeribitOrder order, final BigDecimal amount, final BigDecimal price, final long nowNs) {
        accounts.changes(order.request.account().name(), 1);
        log.write(state(head("replace", order.request, order.orderId, nowNs), order).put("qty", plain(amount))
            .put("price", plain(price)));
    }

    @Override
    public void onCancelled(final DeribitOrder order, final long nowNs) {
        // "cancelled IOC and FOK count 2", the order itself being one (API Usage Policy)
        accounts.changes(order.request.account().name(), 1);
        log.write(state(head("cancel", order.request, order.orderId, nowNs), order)
            .put("reason", order.cancelReason));
    }

    @Override
    public void onChanges(
        final String account, final DeribitInstrument terms, final List<DeribitOrder> orders,
        final List<DeribitTrade> trades) {
        channels.onChanges(account, terms, orders, trades);
    }

    @Override
    public void onBook(final DeribitInstrument terms, final List<DeribitTrade> takers) {
        channels.onBook(terms, takers);
    }

    private static ObjectNode head(
        final String kind, final OrderRequest request, final String orderId, final long nowNs) {
        return VenueLog.line(kind, nowNs).put("session", request.account().clientId())
            .put("profile", request.account().name()).put("channel", request.channel())
            .put("clOrdId", request.label()).put("orderId", orderId).put("product", request.instrument());
    }

    private static ObjectNode describe(final ObjectNode line, final OrderRequest request) {
        return line.put("side", request.buy() ? "buy" : "sell").put("ordType", request.type())
            .put("tif", request.timeInForce()).put("qty", plain(request.amount())).put("price", plain(request.price()))
            .put("stopPrice", plain(request.triggerPrice())).put("reduceOnly", request.reduceOnly())
            .put("postOnly", request.postOnly());
    }

    private static ObjectNode state(final ObjectNode line, final DeribitOrder order) {
        return line.put("cumQty", plain(order.filled))
            .put("leavesQty", plain(order.isOpen() ? order.left() : BigDecimal.ZERO));
    }

    /** The venue's text of a trade as a number: FNV-1a of 64 bits, sign bit cleared, at least 1. */
    static long number(final String tradeId) {
        long hash = -3_750_763_034_362_895_579L;
        for (final char c : tradeId.toCharArray()) {
            hash = (hash ^ c) * 1_099_511_628_211L;
        }
        return Math.max(1, hash & Long.MAX_VALUE);
    }

    private static String plain(final BigDecimal value) {
        return value == null ? null : value.stripTrailingZeros().toPlainString();
    }
}
