package weir.sim.intx;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.OrderBook;

/**
 * The venue's engine: price-time priority, trades at the resting price, self-trade modes, stops by the last trade.
 * Every public operation holds the monitor. Exact decimals; time is a parameter, epoch nanoseconds. Fees: maker 0,
 * taker 2 bps (the regular tier table is not published; a recorded portfolio had these).
 */
final class IntxEngine {
    static final BigDecimal TAKER_FEE = new BigDecimal("0.0002");
    static final BigDecimal MAKER_FEE = BigDecimal.ZERO;
    /** "market is converted to an aggressive limit": market_order_percent of the instruments. */
    private static final BigDecimal PROTECTION = new BigDecimal("0.0075");

    private final Map<String, IntxInstrument> instruments = new LinkedHashMap<>();
    private final Map<String, OrderBook<IntxOrder>> books = new LinkedHashMap<>();
    private final OrderTable orders = new OrderTable();
    private final OrderChecks checks = new OrderChecks(orders);
    private final Ids ids;
    private final VenueRecorder recorder;
    private final FaultPlan<IntxFault> faults;
    private final LongSupplier offsetNs;
    private final List<IntxOrder> lateFills = new ArrayList<>();
    private EngineListener listener = EngineListener.NONE;

    IntxEngine(final List<IntxInstrument> instruments, final Ids ids, final VenueRecorder recorder,
        final FaultPlan<IntxFault> faults, final LongSupplier offsetNs) {
        for (final IntxInstrument instrument : instruments) {
            this.instruments.put(instrument.symbol(), instrument);
            books.put(instrument.symbol(), new OrderBook<>(0));
        }
        this.ids = ids;
        this.recorder = recorder;
        this.faults = faults;
        this.offsetNs = offsetNs;
    }

    /** Binds who is told of events; before the first order. */
    void listen(final EngineListener newListener) {
        listener = newListener;
    }

    /** Takes a new order. @throws ApiError if it is refused. */
    synchronized IntxOrder send(final OrderRequest request, final long nowNs) {
        final IntxInstrument instrument = instruments.get(request.instrument());
        final OrderBook<IntxOrder> book = books.get(request.instrument());
        checks.check(request, instrument, book);
        final long delayNs = request.account().isHouse() ? 0
            : faults.value(IntxFault.VISIBILITY_DELAY_MS, request.account().apiKey()) * 1_000_000L;
        final IntxOrder order = new IntxOrder(ids.order(), request, instrument, nowNs, nowNs + delayNs);
        orders.add(order);
        recorder.onOrder(order, nowNs);
        tell(order, '0', null, nowNs);
        if (request.isStop()) {
            order.dormant = true;
            book.addStop(order);
            recorder.onPlaced(order, nowNs);
        } else {
            enter(book, order, nowNs);
        }
        runStops(book, nowNs);
        return order;
    }

    /**
     * Changes an open order: price, stop price and size only; null stays as it is. Priority is kept only when nothing
     * but the size changes, and downward.
     *
     * @throws ApiError if it is refused.
     */
    synchronized IntxOrder replace(final IntxAccount account, final String orderId, final String clientOrderId,
        final BigDecimal size, final BigDecimal price, final BigDecimal stopPrice, final long nowNs) {
        final IntxOrder order = found(account, orderId);
        final BigDecimal newSize = size == null ? order.size : size;
        final BigDecimal newPrice = price == null ? order.price : price;
        final OrderBook<IntxOrder> book = books.get(order.instrument.symbol());
        checks.checkReplace(order, clientOrderId, newSize, newPrice, stopPrice, book);
        orders.rename(order, clientOrderId);
        final boolean keeps = order.dormant
            || newPrice.compareTo(order.price) == 0 && newSize.compareTo(order.size) <= 0;
        if (!keeps) {
            book.remove(order, order.price);
        }
        order.size = newSize;
        order.price = newPrice;
        order.stopPrice = stopPrice == null ? order.stopPrice : stopPrice;
        event(order, "REPLACED", nowNs);
        recorder.onReplaced(order, nowNs);
        tell(order, '5', null, nowNs);
        if (!keeps) {
            match(book, order, nowNs);
            if (order.open) {
                book.add(order);
            }
        }
        runStops(book, nowNs);
        return order;
    }

    /** Cancels an order. @throws ApiError if it is not known or over. */
    synchronized IntxOrder cancel(final IntxAccount account, final String orderId, final long nowNs) {
        final IntxOrder order = found(account, orderId);
        if (order.open && !order.dormant && faults.strikes(IntxFault.FILL_BEFORE_CANCEL, account.apiKey())) {
            fill(order, false, order.leaves().min(order.instrument.baseIncrement()), order.price, ids.next(), nowNs,
                nowNs);
        }
        if (!order.open) {
            throw ApiError.rejected("TOO_LATE_TO_CANCEL", "order is done");
        }
        end(order, "CANCELED", "client cancel", nowNs);
        recorder.onCancelled(order, nowNs);
        tell(order, '4', null, nowNs);
        if (faults.strikes(IntxFault.LATE_FILL, account.apiKey())) {
            lateFills.add(order);
        }
        return order;
    }

    /** Cancels every open order that matches, oldest first. */
    synchronized List<IntxOrder> cancelAll(final Predicate<IntxOrder> which, final String text, final long nowNs) {
        final List<IntxOrder> cancelled = new ArrayList<>();
        for (final IntxOrder order : orders.open()) {
            if (which.test(order)) {
                drop(order, text, nowNs);
                cancelled.add(order);
            }
        }
        return cancelled;
    }

    /** Ends what has expired, and trades what a late fill is owed. */
    synchronized void onTick(final long nowNs) {
        for (final IntxOrder order : orders.open()) {
            if (order.request.expireNs() != 0 && nowNs >= order.request.expireNs()) {
                end(order, "EXPIRED", "expired", nowNs);
                recorder.onCancelled(order, nowNs);
                tell(order, 'C', null, nowNs);
            }
        }
        for (final IntxOrder order : lateFills) {
            final BigDecimal rest = order.size.subtract(order.filled);
            final long laterNs = faults.value(IntxFault.LATE_FILL_MS, order.account().apiKey()) * 1_000_000L;
            fill(order, false, rest, order.price, ids.next(), order.eventNs, nowNs + laterNs);
        }
        lateFills.clear();
    }

    /** Runs a reader inside the monitor. */
    synchronized <T> T read(final Supplier<T> reader) {
        return reader.get();
    }

    synchronized void replace(final IntxInstrument instrument) {
        instruments.put(instrument.symbol(), instrument);
    }

    /** An instrument as it is now, or null. */
    synchronized IntxInstrument instrument(final String symbol) {
        return instruments.get(symbol);
    }

    /** An instrument by any of its names, or null. */
    synchronized IntxInstrument named(final String text) {
        for (final IntxInstrument instrument : instruments.values()) {
            if (instrument.isNamed(text)) {
                return instrument;
            }
        }
        return null;
    }

    synchronized List<IntxInstrument> instruments() {
        return new ArrayList<>(instruments.values());
    }

    /** To be used inside {@link #read}. */
    OrderTable orders() {
        return orders;
    }

    /** To be used inside {@link #read}. */
    OrderBook<IntxOrder> book(final String symbol) {
        return books.get(symbol);
    }

    /** A number for an execution that is no fill. */
    synchronized long nextId() {
        return ids.next();
    }

    /** The number given out last. */
    synchronized long lastId() {
        return ids.last();
    }

    /** How far the times that the venue states are ahead of those that it counts by. */
    long offset() {
        return offsetNs.getAsLong();
    }

    private IntxOrder found(final IntxAccount account, final String orderId) {
        final IntxOrder order = orders.find(account, orderId);
        if (order == null) {
            throw ApiError.notFound();
        }
        return order;
    }

    private void enter(final OrderBook<IntxOrder> book, final IntxOrder order, final long nowNs) {
        if (order.price == null) {
            final BigDecimal best = book.bestPrice(!order.isBuy());
            if (best == null) {
                drop(order, "no liquidity", nowNs);
                return;
            }
            order.price = best.multiply(order.isBuy() ? BigDecimal.ONE.add(PROTECTION)
                : BigDecimal.ONE.subtract(PROTECTION));
        }
        if ("FOK".equals(order.request.tif()) && !checks.fillsCompletely(book, order)) {
            drop(order, "fill or kill", nowNs);
            return;
        }
        match(book, order, nowNs);
        if (!order.open) {
            return;
        }
        if (order.request.isImmediate() || order.request.price() == null) {
            drop(order, "immediate or cancel", nowNs);
            return;
        }
        book.add(order);
        recorder.onPlaced(order, nowNs);
    }

    private void match(final OrderBook<IntxOrder> book, final IntxOrder taker, final long nowNs) {
        while (taker.open) {
            final IntxOrder maker = book.bestAgainst(taker.isBuy());
            if (maker == null || !OrderChecks.crosses(taker.isBuy(), taker.price, maker.price)) {
                return;
            }
            final boolean self = !taker.isHouse() && taker.account().portfolio().equals(maker.account().portfolio());
            if (self && !"NONE".equals(taker.request.stpMode())) {
                preventSelfTrade(taker, maker, nowNs);
            } else {
                final BigDecimal qty = taker.leaves().min(maker.leaves());
                book.trade(maker.price, qty, nowNs);
                final long matchId = ids.next();
                fill(maker, false, qty, maker.price, matchId, nowNs, nowNs);
                fill(taker, true, qty, maker.price, matchId, nowNs, nowNs);
            }
        }
    }

    private void preventSelfTrade(final IntxOrder taker, final IntxOrder maker, final long nowNs) {
        final String mode = taker.request.stpMode();
        if (mode.startsWith("DECREMENT")) {
            final BigDecimal least = taker.leaves().min(maker.leaves());
            for (final IntxOrder order : List.of(taker, maker)) {
                order.decremented = order.decremented.add(least);
                if (order.leaves().signum() == 0) {
                    drop(order, "self trade prevention", nowNs);
                }
            }
            return;
        }
        if ("RESTING".equals(mode) || "BOTH".equals(mode)) {
            drop(maker, "self trade prevention", nowNs);
        }
        if ("AGGRESSING".equals(mode) || "BOTH".equals(mode)) {
            drop(taker, "self trade prevention", nowNs);
        }
    }

    private void fill(final IntxOrder order, final boolean taker, final BigDecimal qty, final BigDecimal price,
        final long matchId, final long nowNs, final long listedNs) {
        order.filled = order.filled.add(qty);
        order.value = order.value.add(qty.multiply(price));
        final BigDecimal fee = order.isHouse() ? BigDecimal.ZERO : plain(qty.multiply(price)
            .multiply(taker ? TAKER_FEE : MAKER_FEE).setScale(8, RoundingMode.HALF_UP));
        order.fees = order.fees.add(fee);
        if (order.open) {
            if (order.leaves().signum() == 0) {
                end(order, "TRADE", "", nowNs);
            } else {
                event(order, "TRADE", nowNs);
            }
        }
        if (order.isHouse()) {
            return;
        }
        final long execId = ids.next();
        final long delayNs = faults.value(IntxFault.FILL_DELAY_MS, order.account().apiKey()) * 1_000_000L;
        final IntxFill fill = new IntxFill(ids.fill(), execId, matchId, order, order.clientOrderId, taker, qty, price,
            fee, order.filled, !order.open, nowNs, listedNs + delayNs);
        orders.addFill(fill);
        recorder.onFill(fill, nowNs);
        tell(order, fill.done() ? '2' : '1', fill, nowNs);
    }

    /** Ends what is left of an order though nobody asked. */
    private void drop(final IntxOrder order, final String text, final long nowNs) {
        end(order, "CANCELED", text, nowNs);
        recorder.onCancelled(order, nowNs);
        tell(order, '4', null, nowNs);
    }

    private void tell(final IntxOrder order, final char execType, final IntxFill fill, final long nowNs) {
        if (!order.isHouse()) {
            listener.onEvent(order, execType, fill, nowNs);
        }
    }

    private void end(final IntxOrder order, final String event, final String text, final long nowNs) {
        final OrderBook<IntxOrder> book = books.get(order.instrument.symbol());
        book.remove(order, order.price);
        book.removeStop(order);
        order.open = false;
        order.dormant = false;
        order.text = text;
        event(order, event, nowNs);
        orders.close(order);
    }

    private static void event(final IntxOrder order, final String event, final long nowNs) {
        order.event = event;
        order.eventNs = nowNs;
    }

    private void runStops(final OrderBook<IntxOrder> book, final long nowNs) {
        while (true) {
            final IntxOrder order = book.nextStop(stop -> stop.isTriggeredAt(book.lastPrice()));
            if (order == null) {
                return;
            }
            book.removeStop(order);
            order.dormant = false;
            event(order, "STOP_TRIGGERED", nowNs);
            tell(order, 'L', null, nowNs);
            enter(book, order, nowNs);
        }
    }

    private static BigDecimal plain(final BigDecimal value) {
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }
}
