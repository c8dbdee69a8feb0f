package weir.sim.kraken;

import java.math.BigDecimal;
import java.util.Map;
import weir.sim.market.OrderBook;

/**
 * Why the venue refuses an instruction, as a status value. Called inside the {@link KrakenEngine}'s monitor.
 * Source: Kraken Futures "Send order", sendStatus.
 */
final class OrderChecks {
    private static final int CLIENT_ID_LENGTH_MAX = 100;

    private final Map<String, KrakenInstrument> instruments;
    private final OrderTable orders;
    private final Positions positions;
    private final Marks marks;
    private final int openOrdersMax;
    private final BigDecimal collar;

    /** @param collar part of the mark price by which a limit may be worse than it. */
    OrderChecks(
        final Map<String, KrakenInstrument> instruments, final OrderTable orders, final Positions positions,
        final Marks marks, final int openOrdersMax, final BigDecimal collar) {
        this.instruments = instruments;
        this.orders = orders;
        this.positions = positions;
        this.marks = marks;
        this.openOrdersMax = openOrdersMax;
        this.collar = collar;
    }

    /** Why a new order is refused, or null. */
    String refusal(final OrderRequest request, final KrakenInstrument instrument) {
        if (instrument == null) {
            return "notFound";
        }
        if (request.account().isHouse()) {
            return null;
        }
        final String market = market(request, instrument);
        if (market != null) {
            return market;
        }
        final String cliOrdId = request.cliOrdId();
        if (cliOrdId != null && cliOrdId.length() > CLIENT_ID_LENGTH_MAX) {
            return request.orderTag() == null ? "clientOrderIdTooBig" : "clientOrderIdTooLong";
        }
        final String shape = shape(request, instrument);
        if (shape != null) {
            return shape;
        }
        final String account = request.account().name();
        if (cliOrdId != null && orders.isClientIdUsed(account, cliOrdId)) {
            return "clientOrderIdAlreadyExist";
        }
        if (orders.openCount(account, request.symbol()) >= openOrdersMax) {
            return "tooManyOrders";
        }
        if (request.reduceOnly() && !reduces(request.account(), request.symbol(), request.buy())) {
            return "wouldNotReducePosition";
        }
        if (isOutsideCollar(request)) {
            return "outsidePriceCollar";
        }
        return isFunded(request) ? null : "insufficientAvailableFunds";
    }

    /** Why an edit is refused, or null. */
    String editRefusal(
        final KrakenOrder order, final KrakenInstrument instrument, final OrderBook<KrakenOrder> book,
        final BigDecimal size, final BigDecimal limitPrice, final BigDecimal stopPrice) {
        if (instrument.suspended() || !instrument.tradeable()) {
            return instrument.tradeable() ? "marketSuspended" : "marketInactive";
        }
        if (stopPrice != null && !order.dormant) {
            return "orderForEditNotAStop";
        }
        if (limitPrice != null && !instrument.isTick(limitPrice) || stopPrice != null
            && !instrument.isTick(stopPrice)) {
            return "invalidPrice";
        }
        if (!instrument.isSize(size) || size.compareTo(order.filled) <= 0) {
            return "invalidSize";
        }
        final KrakenOrder best = book.bestAgainst(order.isBuy());
        if (order.request.type() == OrderType.POST && best != null
            && crosses(order.isBuy(), limitPrice, best.limitPrice)) {
            return "postWouldExecute";
        }
        return null;
    }

    /** How much of an order may trade now: a reduce-only order no more than the position it reduces. */
    BigDecimal reducible(final KrakenOrder order) {
        if (!order.request.reduceOnly()) {
            return order.unfilled();
        }
        final BigDecimal held = positions.size(order.account().name(), order.request.symbol());
        return reduces(order.account(), order.request.symbol(), order.isBuy()) ? order.unfilled().min(held.abs())
            : BigDecimal.ZERO;
    }

    boolean fillsCompletely(final OrderBook<KrakenOrder> book, final KrakenOrder order) {
        BigDecimal left = order.size;
        for (final KrakenOrder maker : book.against(order.isBuy())) {
            if (!crosses(order, maker) || left.signum() <= 0) {
                break;
            }
            left = left.subtract(maker.unfilled());
        }
        return left.signum() <= 0;
    }

    /** Whether an order would trade with a resting one; false if there is none. */
    static boolean crosses(final KrakenOrder order, final KrakenOrder resting) {
        return resting != null
            && (order.limitPrice == null || crosses(order.isBuy(), order.limitPrice, resting.limitPrice));
    }

    private static boolean crosses(final boolean buy, final BigDecimal price, final BigDecimal resting) {
        final int compared = price.compareTo(resting);
        return buy ? compared >= 0 : compared <= 0;
    }

    private static String market(final OrderRequest request, final KrakenInstrument instrument) {
        if (!instrument.tradeable()) {
            return "marketInactive";
        }
        if (instrument.suspended()) {
            return "marketSuspended";
        }
        return instrument.postOnly() && request.type() != OrderType.POST ? "marketIsPostOnly" : null;
    }

    private static String shape(final OrderRequest request, final KrakenInstrument instrument) {
        if (!instrument.isSize(request.size())) {
            return "invalidSize";
        }
        final boolean badLimit = request.limitPrice() != null && !instrument.isTick(request.limitPrice());
        final boolean badStop = request.stopPrice() != null && !instrument.isTick(request.stopPrice());
        return badLimit || badStop ? "invalidPrice" : null;
    }

    private boolean reduces(final KrakenAccount account, final String symbol, final boolean buy) {
        return positions.size(account.name(), symbol).signum() == (buy ? -1 : 1);
    }

    private boolean isOutsideCollar(final OrderRequest request) {
        final BigDecimal mark = marks.mark(request.symbol());
        if (mark == null || request.limitPrice() == null) {
            return false;
        }
        final BigDecimal width = mark.multiply(collar);
        return request.buy() ? request.limitPrice().compareTo(mark.add(width)) > 0
            : request.limitPrice().compareTo(mark.subtract(width)) < 0;
    }

    private boolean isFunded(final OrderRequest request) {
        final BigDecimal balance = request.account().balanceUsd();
        if (balance == null || request.reduceOnly()) {
            return true;
        }
        BigDecimal needed = margin(request.symbol(), request.size(), request.limitPrice());
        for (final KrakenOrder order : orders.open()) {
            if (order.account().name().equals(request.account().name()) && !order.request.reduceOnly()) {
                needed = needed.add(margin(order.request.symbol(), order.unfilled(), order.limitPrice));
            }
        }
        for (final Map.Entry<String, Positions.Position> held : positions.of(request.account().name()).entrySet()) {
            needed = needed.add(margin(held.getKey(), held.getValue().size().abs(), held.getValue().price()));
        }
        return needed.compareTo(balance) <= 0;
    }

    private BigDecimal margin(final String symbol, final BigDecimal size, final BigDecimal price) {
        final KrakenInstrument instrument = instruments.get(symbol);
        final BigDecimal at = price == null ? marks.mark(symbol) : price;
        return at == null ? BigDecimal.ZERO : instrument.notionalUsd(size, at).multiply(instrument.initialMargin());
    }
}
