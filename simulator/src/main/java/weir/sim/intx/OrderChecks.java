package weir.sim.intx;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import weir.sim.market.OrderBook;

/**
 * Why the venue refuses an instruction. Called inside the {@link IntxEngine}'s monitor. Sources: "Create order", "Order
 * entry messages" (client order ids). The words in brackets are ours but for DUPLICATE_CLIENT_ORDER_ID: the venue's are
 * not published.
 */
final class OrderChecks {
    private static final Pattern UUID_V4 =
        Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final Pattern ASCII = Pattern.compile("[ -~]{1,18}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]{1,20}");
    private static final Pattern HEX = Pattern.compile("[1-9a-f][0-9a-f]{0,30}");

    private final OrderTable orders;

    OrderChecks(final OrderTable orders) {
        this.orders = orders;
    }

    /** A UUIDv4, or up to 18 characters, 20 of letters, digits and hyphens, 31 of a hexadecimal number. */
    static boolean isClientOrderId(final String text) {
        return UUID_V4.matcher(text).matches() || ASCII.matcher(text).matches() || WORD.matcher(text).matches()
            || HEX.matcher(text).matches();
    }

    /** @throws ApiError if the order is refused. */
    void check(final OrderRequest request, final IntxInstrument instrument, final OrderBook<IntxOrder> book) {
        if (request.account().isHouse()) {
            return;
        }
        if (!instrument.isTrading()) {
            throw ApiError.rejected("INSTRUMENT_NOT_TRADING", "instrument is " + instrument.state());
        }
        if (!isClientOrderId(request.clientOrderId())) {
            throw ApiError.bad("invalid client_order_id");
        }
        if (orders.isUsed(request.account(), request.clientOrderId())) {
            throw ApiError.rejected("DUPLICATE_CLIENT_ORDER_ID", "duplicate client order id detected");
        }
        shape(request, instrument);
        final BigDecimal value = request.price() == null ? null : request.price().multiply(request.size());
        if (value != null && value.compareTo(instrument.minNotional()) < 0 && !request.closeOnly()) {
            throw ApiError.rejected("MIN_NOTIONAL", "order value is below min_notional_value");
        }
        if (request.postOnly() && crosses(request.buy(), request.price(), book.bestPrice(!request.buy()))) {
            throw ApiError.rejected("POST_ONLY", "post only order would cross the book");
        }
        if (request.price() != null) {
            checkBand(request.buy(), request.price(), instrument, book);
        }
        if (request.closeOnly() && !closes(request)) {
            throw ApiError.rejected("CLOSE_ONLY", "order would not reduce the position");
        }
        if (!request.closeOnly() && !isFunded(request, instrument, book)) {
            throw ApiError.rejected("INSUFFICIENT_MARGIN", "insufficient buying power");
        }
    }

    /** @throws ApiError if the replace is refused. */
    void checkReplace(final IntxOrder order, final String clientOrderId, final BigDecimal size, final BigDecimal price,
        final BigDecimal stopPrice, final OrderBook<IntxOrder> book) {
        if (!order.open) {
            throw ApiError.bad("Invalid replace order request (order is done)");
        }
        if (!isClientOrderId(clientOrderId)) {
            throw ApiError.bad("invalid client_order_id");
        }
        if (!clientOrderId.equals(order.clientOrderId) && orders.isUsed(order.account(), clientOrderId)) {
            throw ApiError.rejected("DUPLICATE_CLIENT_ORDER_ID", "duplicate client order id detected");
        }
        if (stopPrice != null && !order.dormant) {
            throw ApiError.bad("Invalid replace order request (no stop order)");
        }
        if (!order.instrument.isSize(size)) {
            throw ApiError.rejected("INVALID_SIZE", "size is no multiple of base_increment");
        }
        if (price != null && !order.instrument.isPrice(price)) {
            throw ApiError.rejected("INVALID_PRICE", "price is no multiple of quote_increment");
        }
        if (size.compareTo(order.filled.add(order.decremented)) <= 0) {
            throw ApiError.bad("Invalid replace order request (size is not above what is executed)");
        }
        if (price != null && order.request.postOnly()
            && crosses(order.isBuy(), price, book.bestPrice(!order.isBuy()))) {
            throw ApiError.rejected("POST_ONLY", "post only order would cross the book");
        }
        if (price != null) {
            checkBand(order.isBuy(), price, order.instrument, book);
        }
    }

    boolean fillsCompletely(final OrderBook<IntxOrder> book, final IntxOrder order) {
        BigDecimal left = order.size;
        for (final IntxOrder maker : book.against(order.isBuy())) {
            if (!crosses(order.isBuy(), order.price, maker.price) || left.signum() <= 0) {
                break;
            }
            left = left.subtract(maker.leaves());
        }
        return left.signum() <= 0;
    }

    static boolean crosses(final boolean buy, final BigDecimal price, final BigDecimal resting) {
        return resting != null && (buy ? price.compareTo(resting) >= 0 : price.compareTo(resting) <= 0);
    }

    private static void shape(final OrderRequest request, final IntxInstrument instrument) {
        if (!instrument.isSize(request.size())) {
            throw ApiError.rejected("INVALID_SIZE", "size is no multiple of base_increment");
        }
        if (request.price() != null && !instrument.isPrice(request.price())
            || request.stopPrice() != null && !instrument.isPrice(request.stopPrice())) {
            throw ApiError.rejected("INVALID_PRICE", "price is no multiple of quote_increment");
        }
    }

    /** "price violation": an order may not be worse than the last trade by more than the band. */
    private static void checkBand(final boolean buy, final BigDecimal price, final IntxInstrument instrument,
        final OrderBook<IntxOrder> book) {
        final BigDecimal last = book.lastPrice();
        if (last == null) {
            return;
        }
        final BigDecimal width = last.multiply(instrument.priceBand());
        if (buy ? price.compareTo(last.add(width)) > 0 : price.compareTo(last.subtract(width)) < 0) {
            throw ApiError.rejected("PRICE_VIOLATION", "price is outside of the price band");
        }
    }

    private boolean closes(final OrderRequest request) {
        final BigDecimal held = orders.position(request.account(), request.instrument());
        return held.signum() == (request.buy() ? -1 : 1) && held.abs().compareTo(request.size()) >= 0;
    }

    private boolean isFunded(final OrderRequest request, final IntxInstrument instrument,
        final OrderBook<IntxOrder> book) {
        final BigDecimal balance = request.account().balanceUsdc();
        if (balance == null) {
            return true;
        }
        final BigDecimal price = request.price() == null ? book.bestPrice(!request.buy()) : request.price();
        BigDecimal needed = price == null ? BigDecimal.ZERO : margin(instrument, request.size(), price);
        for (final IntxOrder order : orders.open()) {
            if (order.account().portfolio().equals(request.account().portfolio()) && order.price != null) {
                needed = needed.add(margin(order.instrument, order.leaves(), order.price));
            }
        }
        return needed.compareTo(balance) <= 0;
    }

    /** A tenth of the value of a perpetual (base_imf), all of a spot order. */
    private static BigDecimal margin(final IntxInstrument instrument, final BigDecimal size, final BigDecimal price) {
        return instrument.isPerpetual() ? size.multiply(price).movePointLeft(1) : size.multiply(price);
    }
}
