package weir.sim.coinbase;

import java.math.BigDecimal;
import java.math.RoundingMode;
import weir.sim.market.OrderBook;

/**
 * What the venue refuses in view of the book and of the profile's other orders: duplicates, too many open orders,
 * post-only that would take, fill-or-kill that would not fill. Called inside the {@link MatchingEngine}'s monitor.
 */
final class OrderAdmission {
    private final OrderIndex index;
    private final int openOrdersMax;

    OrderAdmission(final OrderIndex index, final int openOrdersMax) {
        this.index = index;
        this.openOrdersMax = openOrdersMax;
    }

    /** Works out what CashOrderQty(152) buys: quantity for a limit order, open funds for a market order. */
    static void sizeByFunds(final VenueOrder order) {
        final OrderRequest request = order.request;
        if (request.funds() == null || order.product == null || request.funds().signum() <= 0) {
            return;
        }
        if (request.type() != '1') {
            if (request.qty() == null && request.price() != null && request.price().signum() > 0) {
                final BigDecimal step = order.product.baseIncrement();
                order.qty = request.funds().divide(request.price().multiply(step), 0, RoundingMode.DOWN).multiply(step);
            }
            return;
        }
        // A buyer's funds pay the fee as well; a seller's funds are what is to be raised.
        final BigDecimal gross = order.isBuy() ? BigDecimal.ONE.add(order.takerRate) : BigDecimal.ONE;
        final BigDecimal step = order.product.quoteIncrement();
        order.fundsLeft = request.funds().divide(gross.multiply(step), 0, RoundingMode.DOWN).multiply(step);
    }

    /** Why a new order is refused, or null. */
    String refusal(
        final VenueOrder order, final OrderBook<VenueOrder> book, final TradingMode tradingMode, final long nowNs) {
        final OrderRequest request = order.request;
        final String mode = tradingMode.refusal(request);
        if (mode != null && !order.isHouse()) {
            return mode;
        }
        if (index.isOpenClient(request.origin().profileId(), request.clOrdId())) {
            return "Duplicate ClOrdID";
        }
        final String rules = OrderRules.refusal(request, order.product, nowNs);
        if (rules != null) {
            return rules;
        }
        if (order.qty != null && order.qty.signum() <= 0) {
            return "funds is too small";
        }
        if (!order.isHouse()
            && index.openCount(request.origin().profileId(), order.product.id()) >= openOrdersMax) {
            return "Maximum open orders exceeded: " + openOrdersMax;
        }
        if (order.isDormant()) {
            return null;
        }
        if (request.postOnly() && crosses(order, book.bestAgainst(order.isBuy()))) {
            return "post only";
        }
        return request.tif() == '4' && !fillsCompletely(book, order) ? "FOK order could not be filled in full" : null;
    }

    /** Why a replacement is refused, or null. */
    String replaceRefusal(
        final VenueOrder order, final OrderBook<VenueOrder> book, final TradingMode mode, final String newClOrdId,
        final BigDecimal qty, final BigDecimal price, final BigDecimal stopPrice, final BigDecimal stopLimit) {
        if (!order.isOpen()) {
            return "Order already done";
        }
        if (order.triggered) {
            return "triggered stop order cannot be modified";
        }
        if (mode == TradingMode.CANCEL_ONLY || mode == TradingMode.DISABLED) {
            return mode.refusal(order.request);
        }
        if (index.isOpenClient(order.request.origin().profileId(), newClOrdId)) {
            return "Duplicate ClOrdID";
        }
        for (final BigDecimal each : new BigDecimal[] {price, stopPrice, stopLimit}) {
            final String text = OrderRules.price(each, order.product);
            if (text != null) {
                return text;
            }
        }
        final String text = OrderRules.qty(qty, order.product);
        if (text != null) {
            return text;
        }
        if (qty.compareTo(order.cumQty) <= 0) {
            return "size is not above the filled quantity";
        }
        if (order.request.postOnly() && !order.isDormant()) {
            final VenueOrder best = book.bestAgainst(order.isBuy());
            if (best != null && crosses(order.isBuy(), price, best.price)) {
                return "post only";
            }
        }
        return null;
    }

    private static boolean fillsCompletely(final OrderBook<VenueOrder> book, final VenueOrder order) {
        BigDecimal left = order.isFunded() ? order.fundsLeft : order.qty;
        for (final VenueOrder maker : book.against(order.isBuy())) {
            if (!crosses(order, maker) || left.signum() <= 0) {
                break;
            }
            left = left.subtract(order.isFunded() ? maker.leaves().multiply(maker.price) : maker.leaves());
        }
        return left.signum() <= 0;
    }

    /** Whether an incoming order would trade with a resting one; false if there is none. */
    static boolean crosses(final VenueOrder order, final VenueOrder resting) {
        return resting != null && (order.isMarket() || crosses(order.isBuy(), order.price, resting.price));
    }

    static boolean crosses(final boolean buy, final BigDecimal price, final BigDecimal resting) {
        final int compared = price.compareTo(resting);
        return buy ? compared >= 0 : compared <= 0;
    }
}
