package weir.sim.deribit;

import java.math.BigDecimal;
import weir.sim.market.OrderBook;

/** What refuses an order before it has an id, in the venue's codes. Runs inside the engine's monitor. */
final class OrderChecks {
    private static final int LABEL_MAX = 64;

    private final OrderTable orders;
    private final int openOrdersMax;

    OrderChecks(final OrderTable orders, final int openOrdersMax) {
        this.orders = orders;
        this.openOrdersMax = openOrdersMax;
    }

    /** @throws RpcError if the order makes no sense for the instrument. */
    void check(final OrderRequest request, final DeribitInstrument terms, final OrderBook<DeribitOrder> book) {
        if (terms == null) {
            throw new RpcError(10020, "invalid_or_unsupported_instrument");
        }
        if (!terms.isOpen()) {
            throw new RpcError(10012, "book_closed");
        }
        if (request.label().length() > LABEL_MAX) {
            throw RpcError.invalidParams("label", "must be at most 64 characters");
        }
        final boolean needsPrice = !request.isMarket() && !"stop_market".equals(request.type());
        if (needsPrice && request.price() == null) {
            throw RpcError.invalidParams("price", "must be present");
        }
        if (request.isTrigger() && request.triggerPrice() == null) {
            throw RpcError.invalidParams("trigger_price", "must be present");
        }
        checkValues(terms, request.amount(), needsPrice ? request.price() : null, request.triggerPrice());
        if (request.postOnly() && (request.isImmediate() || request.isMarket())) {
            throw new RpcError(11055, "post_only_not_allowed");
        }
        if (!request.account().isHouse() && orders.open(each -> each.request.account().name()
            .equals(request.account().name())).size() >= openOrdersMax) {
            throw RpcError.other("max_open_orders");
        }
        if (request.isMarket() && book.bestPrice(!request.buy()) == null) {
            throw RpcError.other("no_liquidity");
        }
    }

    void checkValues(
        final DeribitInstrument terms, final BigDecimal amount, final BigDecimal price,
        final BigDecimal triggerPrice) {
        if (amount == null || amount.signum() <= 0) {
            throw new RpcError(10021, "invalid_amount");
        }
        if (amount.compareTo(terms.minAmount()) < 0) {
            throw new RpcError(10002, "qty_too_low");
        }
        if (amount.remainder(terms.contract()).signum() != 0) {
            throw new RpcError(10027, "non_integer_contract_amount");
        }
        checkPrice(terms, price);
        checkPrice(terms, triggerPrice);
    }

    /** The price at which the order enters: moved away from the other side where post-only asks for it. */
    BigDecimal priced(final OrderRequest request, final DeribitInstrument terms, final OrderBook<DeribitOrder> book) {
        if (request.isMarket() || "stop_market".equals(request.type())) {
            return null;
        }
        return request.postOnly() && !request.isTrigger()
            ? postOnly(request.buy(), request.price(), request.rejectPostOnly(), terms, book) : request.price();
    }

    static BigDecimal postOnly(
        final boolean buy, final BigDecimal price, final boolean reject, final DeribitInstrument terms,
        final OrderBook<DeribitOrder> book) {
        final DeribitOrder best = book.bestAgainst(buy);
        if (!crosses(buy, price, best)) {
            return price;
        }
        if (reject) {
            throw new RpcError(11054, "post_only_reject");
        }
        final BigDecimal tick = terms.tickAt(best.price);
        return buy ? best.price.subtract(tick) : best.price.add(tick);
    }

    static boolean crosses(final boolean buy, final BigDecimal price, final DeribitOrder maker) {
        return maker != null
            && (price == null || (buy ? price.compareTo(maker.price) >= 0 : price.compareTo(maker.price) <= 0));
    }

    static boolean fillsWhole(final DeribitOrder order, final OrderBook<DeribitOrder> book) {
        BigDecimal left = order.amount;
        for (final DeribitOrder maker : book.against(order.isBuy())) {
            if (left.signum() <= 0 || !crosses(order.isBuy(), order.price, maker)) {
                break;
            }
            left = left.subtract(maker.left());
        }
        return left.signum() <= 0;
    }

    private static void checkPrice(final DeribitInstrument terms, final BigDecimal price) {
        if (price == null) {
            return;
        }
        if (price.signum() <= 0) {
            throw new RpcError(10023, "invalid_price");
        }
        if (price.remainder(terms.tickAt(price)).signum() != 0) {
            throw new RpcError(10043, "price_wrong_tick");
        }
    }
}
