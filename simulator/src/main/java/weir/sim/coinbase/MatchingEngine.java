package weir.sim.coinbase;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import weir.sim.market.OrderBook;
import weir.sim.market.UuidSource;

/**
 * The venue's engine: price-time priority, trades at the resting price, self-trade prevention by the taker's
 * instruction, stops by last trade. Every public operation holds the monitor, so products are served in arrival order.
 * Quantities and prices are {@link BigDecimal}: exact. Time is a parameter, epoch nanoseconds.
 * Source: Coinbase Exchange "Exchange matching engine", "Create a new order".
 */
final class MatchingEngine {
    private static final String TIME_IN_FORCE = "101:Time In Force";
    private static final String SELF_TRADE = "102:Self Trade Prevention";
    private static final String NO_LIQUIDITY = "106:Insufficient Liquidity";

    private final Map<String, OrderBook<VenueOrder>> books = new LinkedHashMap<>();
    private final Map<String, VenueProduct> products = new ConcurrentSkipListMap<>();
    private final Map<String, TradingMode> modes = new HashMap<>();
    private final Map<String, BigDecimal> volumeByKey = new HashMap<>();
    private final OrderIndex index;
    private final UuidSource uuids;
    private final EngineListener listener;
    private final LongSupplier visibilityDelayNs;
    private final OrderAdmission admission;
    private final List<VenueOrder> heldRejects = new ArrayList<>();
    private boolean holdRejects;
    private Consumer<VenueProduct> trades = product -> {
    };
    private long sequence;

    MatchingEngine(
        final List<VenueProduct> products, final List<VenueAccount> accounts, final Map<String, Long> lastTradeIds,
        final OrderIndex index, final UuidSource uuids, final EngineListener listener,
        final LongSupplier visibilityDelayNs, final int openOrdersMax) {
        for (final VenueProduct product : products) {
            this.products.put(product.id(), product);
            books.put(product.id(), new OrderBook<>(lastTradeIds.getOrDefault(product.id(), 0L)));
        }
        for (final VenueAccount account : accounts) {
            volumeByKey.put(account.apiKey(), account.volumeUsd());
        }
        this.index = index;
        this.uuids = uuids;
        this.listener = listener;
        this.visibilityDelayNs = visibilityDelayNs;
        this.admission = new OrderAdmission(index, openOrdersMax);
    }

    /** Takes an order; what became of it is told to the listener and can be read from the returned order. */
    synchronized VenueOrder submit(final OrderRequest request, final long nowNs) {
        final VenueProduct product = products.get(request.product());
        final long visibleNs = nowNs + (request.origin().isHouse() ? 0 : visibilityDelayNs.getAsLong());
        final VenueOrder order = new VenueOrder(uuids.next(), ++sequence, request, product,
            volumeByKey.getOrDefault(request.origin().apiKey(), BigDecimal.ZERO), nowNs, visibleNs);
        OrderAdmission.sizeByFunds(order);
        listener.onOrder(order, nowNs);
        if (product == null) {
            reject(order, 1, "Product not found", nowNs);
            return order;
        }
        final OrderBook<VenueOrder> book = books.get(product.id());
        setTrigger(order, book);
        final String refusal = admission.refusal(order, book, mode(product.id()), nowNs);
        if (refusal != null) {
            reject(order, 0, refusal, nowNs);
            return order;
        }
        flushHeldRejects(nowNs, false);
        index.add(order);
        emit('0', order.fixStatus(), order, order.clOrdId, null, null, null, 0, nowNs);
        if (order.isDormant()) {
            book.addStop(order);
        } else {
            enter(book, order, nowNs);
        }
        runStops(book, nowNs);
        return order;
    }

    /**
     * Takes the orders of a batch. Reports of rejected ones are held until one is accepted: if none is, they stay
     * unreported, because NewOrderBatchReject(U7) answers for all.
     *
     * @param cutAfter stops after this many orders, as a gateway that dies would; negative for no cut.
     * @return the orders that reached the engine.
     */
    synchronized List<VenueOrder> submitBatch(final List<OrderRequest> batch, final int cutAfter, final long nowNs) {
        final List<VenueOrder> orders = new ArrayList<>();
        holdRejects = true;
        for (final OrderRequest request : batch) {
            if (orders.size() == cutAfter) {
                break;
            }
            orders.add(submit(request, nowNs));
        }
        flushHeldRejects(nowNs, true);
        return orders;
    }

    /** The house takes the least quantity of an order that rests, at its price; nothing of any other. */
    synchronized void takeALittle(final VenueOrder order, final long nowNs) {
        if (order.isOpen() && !order.isDormant() && order.price != null && !order.isFunded()) {
            final BigDecimal qty = order.leaves().min(order.product.baseIncrement());
            final long tradeId = books.get(order.product.id()).trade(order.price, qty, nowNs);
            fill(order, uuids.next(), tradeId, false, qty, order.price, nowNs);
        }
    }

    /** Cancels one open order of a profile. @return false if it is not open. */
    synchronized boolean cancel(
        final VenueOrder order, final String requestClOrdId, final String text, final long nowNs) {
        if (!order.isOpen()) {
            return false;
        }
        finish(order, OrderStatus.CANCELLED, text, requestClOrdId, nowNs);
        return true;
    }

    /** Cancels every open order that matches, oldest first. */
    synchronized List<VenueOrder> cancelAll(
        final Predicate<VenueOrder> which, final String text, final long nowNs) {
        final List<VenueOrder> cancelled = new ArrayList<>();
        for (final VenueOrder order : index.open()) {
            if (which.test(order)) {
                finish(order, OrderStatus.CANCELLED, text, null, nowNs);
                cancelled.add(order);
            }
        }
        return cancelled;
    }

    /**
     * Changes quantity and prices of an open order (OrderCancelReplaceRequest(G)). Priority is kept only when nothing
     * but the quantity changes, and downward. Null prices stay as they are.
     *
     * @return why it is refused, or null when it was done.
     */
    synchronized String replace(
        final VenueOrder order, final String newClOrdId, final BigDecimal qty, final BigDecimal price,
        final BigDecimal stopPrice, final BigDecimal stopLimit, final long nowNs) {
        final OrderBook<VenueOrder> book = books.get(order.product.id());
        final String refusal = admission.replaceRefusal(order, book, mode(order.product.id()), newClOrdId,
            qty, price, stopPrice, stopLimit);
        if (refusal != null) {
            return refusal;
        }
        final boolean keepsPriority = price.compareTo(order.price) == 0 && qty.compareTo(order.qty) <= 0
            && (stopPrice == null || stopPrice.compareTo(order.stopPrice) == 0)
            && (stopLimit == null || stopLimit.compareTo(order.stopLimit) == 0);
        final String replaced = order.clOrdId;
        final BigDecimal oldPrice = order.price;
        order.replacedClOrdId = replaced;
        order.clOrdId = newClOrdId;
        index.alias(order);
        order.qty = qty;
        order.price = price;
        order.stopPrice = stopPrice == null ? order.stopPrice : stopPrice;
        order.stopLimit = stopLimit == null ? order.stopLimit : stopLimit;
        if (order.isDormant()) {
            setTrigger(order, book);
        }
        emit('5', '5', order, newClOrdId, replaced, null, null, 0, nowNs);
        if (!keepsPriority && !order.isDormant()) {
            book.remove(order, oldPrice);
            book.removeStop(order);
            enter(book, order, nowNs);
        }
        runStops(book, nowNs);
        return null;
    }

    /** Ends orders whose ExpireTime(126) has passed, and forgets those done longer than the retention. */
    synchronized void expire(final long nowNs) {
        for (final VenueOrder order : index.open()) {
            if (order.request.tif() == '6' && order.request.expireNs() <= nowNs) {
                finish(order, OrderStatus.CANCELLED, TIME_IN_FORCE, null, nowNs);
            }
        }
        index.forget(nowNs);
    }

    /** Who is told, inside the monitor, after each order that traded. */
    synchronized void onTrades(final Consumer<VenueProduct> listener) {
        trades = listener;
    }

    /** A trade between others at a price, which sets the last price and moves nothing else but stops. */
    synchronized void print(final String product, final BigDecimal price, final BigDecimal qty, final long nowNs) {
        final OrderBook<VenueOrder> book = books.get(product);
        book.trade(price, qty, nowNs);
        trades.accept(products.get(product));
        runStops(book, nowNs);
    }

    /** Lists a product, or changes its steps for the orders that come from now on. */
    synchronized void list(final VenueProduct product) {
        books.computeIfAbsent(product.id(), id -> new OrderBook<>(0));
        products.put(product.id(), product);
    }

    /** Takes a product off the list; its resting orders stay. */
    synchronized void delist(final String product) {
        products.remove(product);
    }

    /** Runs a reader inside the monitor. */
    synchronized <T> T read(final Function<OrderIndex, T> reader) {
        return reader.apply(index);
    }

    synchronized void setMode(final String product, final TradingMode mode) {
        modes.put(product, mode);
    }

    synchronized TradingMode mode(final String product) {
        return modes.getOrDefault(product, TradingMode.ONLINE);
    }

    /** Not a copy: call inside {@link #read}, or for ids alone. */
    Map<String, VenueProduct> products() {
        return products;
    }

    OrderBook<VenueOrder> book(final String product) {
        return books.get(product);
    }

    private static void setTrigger(final VenueOrder order, final OrderBook<VenueOrder> book) {
        if (order.stopPrice == null) {
            return;
        }
        if (order.request.type() == 'O') {
            order.trigger = order.isBuy() ? 'U' : 'D';
        } else if (order.request.trigger() == 0) {
            final BigDecimal market = book.lastPrice();
            final boolean up = market == null ? order.isBuy() : order.stopPrice.compareTo(market) > 0;
            order.trigger = up ? 'U' : 'D';
        }
    }

    private void enter(final OrderBook<VenueOrder> book, final VenueOrder order, final long nowNs) {
        final long lastTradeId = book.lastTradeId();
        match(book, order, nowNs);
        if (book.lastTradeId() != lastTradeId) {
            trades.accept(order.product);
        }
        if (!order.isOpen()) {
            return;
        }
        if (order.isMarket()) {
            finish(order, OrderStatus.CANCELLED, NO_LIQUIDITY, null, nowNs);
        } else if (order.request.tif() == '3' || order.request.tif() == '4') {
            finish(order, OrderStatus.EXPIRED, TIME_IN_FORCE, null, nowNs);
        } else {
            book.add(order);
            listener.onOpen(order, nowNs);
            if (order.request.type() == 'O' && !order.triggered) {
                book.addStop(order);
            }
        }
    }

    private void match(final OrderBook<VenueOrder> book, final VenueOrder taker, final long nowNs) {
        while (taker.isOpen()) {
            final VenueOrder maker = book.bestAgainst(taker.isBuy());
            if (!OrderAdmission.crosses(taker, maker)) {
                return;
            }
            final BigDecimal available = taker.availableAt(maker.price);
            if (available.signum() <= 0) {
                return;
            }
            if (taker.request.origin().profileId().equals(maker.request.origin().profileId())) {
                preventSelfTrade(book, taker, maker, available, nowNs);
            } else {
                trade(book, taker, maker, available.min(maker.leaves()), nowNs);
            }
        }
    }

    private void trade(
        final OrderBook<VenueOrder> book, final VenueOrder taker, final VenueOrder maker, final BigDecimal qty,
        final long nowNs) {
        final BigDecimal price = maker.price;
        final long tradeId = book.trade(price, qty, nowNs);
        fill(taker, maker.orderId, tradeId, true, qty, price, nowNs);
        fill(maker, taker.orderId, tradeId, false, qty, price, nowNs);
    }

    private void fill(
        final VenueOrder order, final String other, final long tradeId, final boolean taker, final BigDecimal qty,
        final BigDecimal price, final long nowNs) {
        final BigDecimal notional = qty.multiply(price);
        final BigDecimal fee = order.isHouse() ? BigDecimal.ZERO
            : notional.multiply(taker ? order.takerRate : order.makerRate);
        order.cumQty = order.cumQty.add(qty);
        order.cumNotional = order.cumNotional.add(notional);
        order.fees = order.fees.add(fee);
        if (order.isFunded()) {
            order.fundsLeft = order.fundsLeft.subtract(notional);
        }
        if (order.availableAt(price).signum() <= 0) {
            end(order, OrderStatus.FILLED, null, nowNs);
        }
        final ExecutionEvent.Fill fill = new ExecutionEvent.Fill(tradeId, order.orderId, other,
            order.request.origin().apiKey(), order.request.origin().profileId(), order.product, order.isBuy(), taker,
            qty, price, fee, nowNs);
        index.addFill(fill);
        emit('F', order.fixStatus(), order, order.clOrdId, null, null, fill, 0, nowNs);
    }

    private void preventSelfTrade(
        final OrderBook<VenueOrder> book, final VenueOrder taker, final VenueOrder maker, final BigDecimal available,
        final long nowNs) {
        switch (taker.request.selfTrade()) {
            case 'N' -> finish(taker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
            case 'O' -> finish(maker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
            case 'B' -> {
                finish(maker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
                finish(taker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
            }
            default -> {
                final int compared = available.compareTo(maker.leaves());
                if (compared > 0) {
                    decrement(taker, maker.leaves(), maker.price, nowNs);
                    finish(maker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
                } else if (compared < 0) {
                    decrement(maker, available, maker.price, nowNs);
                    finish(taker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
                } else {
                    finish(maker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
                    finish(taker, OrderStatus.CANCELLED, SELF_TRADE, null, nowNs);
                }
            }
        }
    }

    private void decrement(
        final VenueOrder order, final BigDecimal by, final BigDecimal price, final long nowNs) {
        if (order.isFunded()) {
            order.fundsLeft = order.fundsLeft.subtract(by.multiply(price));
        } else {
            order.qty = order.qty.subtract(by);
        }
        order.decrement = by;
        emit('D', order.fixStatus(), order, order.clOrdId, null, SELF_TRADE, null, 5, nowNs);
    }

    private void runStops(final OrderBook<VenueOrder> book, final long nowNs) {
        while (true) {
            final VenueOrder stop = book.nextStop(order -> order.isTriggeredAt(book.lastPrice()));
            if (stop == null) {
                return;
            }
            book.removeStop(stop);
            stop.triggered = true;
            if (stop.request.type() == 'O') {
                book.remove(stop, stop.price);
                stop.price = stop.stopLimit;
                emit('D', stop.fixStatus(), stop, stop.clOrdId, null, "stop loss triggered", null, 3, nowNs);
            } else if (stop.request.postOnly() && OrderAdmission.crosses(stop, book.bestAgainst(stop.isBuy()))) {
                finish(stop, OrderStatus.CANCELLED, "post only", null, nowNs);
                continue;
            }
            enter(book, stop, nowNs);
        }
    }

    private void reject(final VenueOrder order, final int reason, final String text, final long nowNs) {
        order.status = OrderStatus.REJECTED;
        order.rejectReason = reason;
        order.text = text;
        order.doneNs = nowNs;
        index.addRejected(order);
        if (holdRejects) {
            heldRejects.add(order);
        } else {
            emit('8', '8', order, order.clOrdId, null, text, null, 0, nowNs);
        }
    }

    private void flushHeldRejects(final long nowNs, final boolean silent) {
        holdRejects = false;
        for (final VenueOrder order : heldRejects) {
            listener.onExecution(new ExecutionEvent(nowNs, uuids.next(), '8', '8', order, order.clOrdId, null,
                order.text, null, 0, silent));
        }
        heldRejects.clear();
    }

    private void finish(
        final VenueOrder order, final OrderStatus status, final String text, final String requestClOrdId,
        final long nowNs) {
        end(order, status, text, nowNs);
        final boolean asked = requestClOrdId != null;
        emit(status.fix(), status.fix(), order, asked ? requestClOrdId : order.clOrdId,
            asked ? order.clOrdId : null, text, null, 0, nowNs);
    }

    private void end(final VenueOrder order, final OrderStatus status, final String text, final long nowNs) {
        final OrderBook<VenueOrder> book = books.get(order.product.id());
        book.remove(order, order.price);
        book.removeStop(order);
        order.status = status;
        order.text = text;
        order.doneNs = nowNs;
        index.close(order);
    }

    private void emit(
        final char execType, final char ordStatus, final VenueOrder order, final String clOrdId,
        final String origClOrdId, final String text, final ExecutionEvent.Fill fill, final int restatement,
        final long nowNs) {
        listener.onExecution(new ExecutionEvent(nowNs, uuids.next(), execType, ordStatus, order, clOrdId, origClOrdId,
            text, fill, restatement, false));
    }
}
