package weir.sim.deribit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import weir.sim.market.OrderBook;

/**
 * The venue's engine: price-time priority, trades at the resting price, self-trade modes, triggers by last price. Every
 * public operation holds the monitor and tells all that it changed at its end, in one piece per account. Decimals are
 * exact. Time is a parameter, epoch nanoseconds. Source: pages of private/buy, edit, cancel, set_self_trading_config.
 */
final class DeribitEngine {
    private final Map<String, DeribitInstrument> instruments = new LinkedHashMap<>();
    private final Map<String, OrderBook<DeribitOrder>> books = new LinkedHashMap<>();
    private final Map<String, List<DeribitTrade>> publicTrades = new LinkedHashMap<>();
    private final Map<String, Boolean> cancelsMaker = new LinkedHashMap<>();
    private final OrderTable orders;
    private final OrderChecks checks;
    private final EngineListener listener;
    private final LongSupplier visibilityDelayNs;
    private final Set<DeribitOrder> changed = new LinkedHashSet<>();
    private final List<DeribitTrade> traded = new ArrayList<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private long nextId;

    DeribitEngine(
        final List<DeribitInstrument> instruments, final OrderTable orders, final int openOrdersMax, final long firstId,
        final EngineListener listener, final LongSupplier visibilityDelayNs) {
        for (final DeribitInstrument instrument : instruments) {
            this.instruments.put(instrument.name(), instrument);
            books.put(instrument.name(), new OrderBook<>(0));
            publicTrades.put(instrument.name(), new ArrayList<>());
        }
        this.orders = orders;
        this.nextId = firstId;
        this.listener = listener;
        this.visibilityDelayNs = visibilityDelayNs;
        this.checks = new OrderChecks(orders, openOrdersMax);
    }

    /** Takes an order. @throws RpcError if it is refused. */
    synchronized DeribitOrder place(final OrderRequest request, final long nowNs) {
        final DeribitInstrument terms = instruments.get(request.instrument());
        final OrderBook<DeribitOrder> book = books.get(request.instrument());
        final BigDecimal price;
        try {
            checks.check(request, terms, book);
            price = checks.priced(request, terms, book);
            checkSelfTrade(request, price, book);
        } catch (final RpcError e) {
            if (!request.account().isHouse()) {
                listener.onRefused(request, e, nowNs);
                e.logged = true;
            }
            throw e;
        }
        final DeribitOrder order = create(request, terms, nowNs);
        order.price = price;
        if (request.isTrigger()) {
            order.state = "untriggered";
            book.addStop(order);
        } else {
            enter(order, terms, book, nowNs);
        }
        runTriggers(nowNs);
        flush();
        return order;
    }

    /** Changes an open order; null keeps a value. Priority stays only when nothing but the amount changes, downward. */
    synchronized DeribitOrder edit(
        final DeribitAccount account, final String orderId, final BigDecimal amount, final BigDecimal price,
        final BigDecimal triggerPrice, final Boolean postOnly, final boolean rejectPostOnly, final long nowNs) {
        final DeribitOrder order = known(account, orderId);
        if (!order.isOpen()) {
            throw new RpcError("filled".equals(order.state) ? 11008 : 11044,
                "filled".equals(order.state) ? "already_filled" : "not_open_order");
        }
        final DeribitInstrument terms = instruments.get(order.instrument());
        final OrderBook<DeribitOrder> book = books.get(order.instrument());
        final BigDecimal newAmount = amount == null ? order.amount : amount;
        BigDecimal newPrice = price == null ? order.price : price;
        final boolean newPostOnly = postOnly == null ? order.postOnly : postOnly;
        checks.checkValues(terms, newAmount, newPrice, triggerPrice);
        if (newAmount.compareTo(order.filled) <= 0) {
            throw new RpcError(10021, "invalid_amount");
        }
        if (newPostOnly && !order.request.isTrigger()) {
            newPrice = OrderChecks.postOnly(order.isBuy(), newPrice, rejectPostOnly, terms, book);
        }
        final boolean keeps = order.request.isTrigger() || newPrice == null
            || newPrice.compareTo(order.price) == 0 && newAmount.compareTo(order.amount) <= 0;
        if (!keeps) {
            book.remove(order, order.price);
        }
        order.amount = newAmount;
        order.price = newPrice;
        order.postOnly = newPostOnly;
        order.replaced = true;
        order.updatedNs = nowNs;
        changed.add(order);
        touched.add(order.instrument());
        listener.onEdited(order, newAmount, newPrice, nowNs);
        if (!keeps) {
            match(order, terms, book, nowNs);
            if (order.isOpen()) {
                book.add(order);
            }
        }
        runTriggers(nowNs);
        flush();
        return order;
    }

    /** Cancels one order. @throws RpcError if it is not there or not open. */
    synchronized DeribitOrder cancel(final DeribitAccount account, final String orderId, final long nowNs) {
        final DeribitOrder order = known(account, orderId);
        if (!order.isOpen()) {
            throw new RpcError(11044, "not_open_order");
        }
        end(order, "user_request", nowNs);
        flush();
        return order;
    }

    /** The house takes the least amount of an order that rests, at its price; nothing of any other. */
    synchronized void takeALittle(final DeribitOrder order, final long nowNs) {
        if (order.isOpen() && !order.request.isTrigger() && order.price != null) {
            final DeribitInstrument terms = instrument(order.instrument());
            final BigDecimal amount = order.left().min(terms.minAmount());
            final long seq = books.get(terms.name()).trade(order.price, amount, nowNs);
            fill(terms.idPrefix() + ++nextId, seq, order, false, amount, order.price, terms, nowNs);
            flush();
        }
    }

    /** Cancels every open order that fits, oldest first. */
    synchronized List<DeribitOrder> cancelAll(
        final Predicate<DeribitOrder> which, final String reason, final long nowNs) {
        final List<DeribitOrder> ended = orders.open(which);
        ended.forEach(order -> end(order, reason, nowNs));
        flush();
        return ended;
    }

    /** Forgets orders done long ago. */
    synchronized void onTick(final long nowNs) {
        orders.forget(nowNs);
    }

    /** Runs a reader inside the monitor. */
    synchronized <T> T read(final Supplier<T> reader) {
        return reader.get();
    }

    synchronized void replace(final DeribitInstrument instrument) {
        instruments.put(instrument.name(), instrument);
        touched.add(instrument.name());
        flush();
    }

    /** An instrument as it is now. @throws RpcError if there is none. */
    synchronized DeribitInstrument instrument(final String name) {
        final DeribitInstrument instrument = instruments.get(name);
        if (instrument == null) {
            throw new RpcError(10020, "invalid_or_unsupported_instrument");
        }
        return instrument;
    }

    synchronized boolean has(final String name) {
        return instruments.containsKey(name);
    }

    synchronized List<DeribitInstrument> instruments() {
        return new ArrayList<>(instruments.values());
    }

    synchronized boolean cancelsMaker(final String account) {
        return cancelsMaker.getOrDefault(account, false);
    }

    synchronized void cancelsMaker(final String account, final boolean on) {
        cancelsMaker.put(account, on);
    }

    /** To be used inside {@link #read}. */
    OrderTable orders() {
        return orders;
    }

    /** To be used inside {@link #read}. */
    OrderBook<DeribitOrder> book(final String name) {
        return books.get(name);
    }

    /** Trades of an instrument by their takers' sides, oldest first; to be used inside {@link #read}. */
    List<DeribitTrade> publicTrades(final String name) {
        return publicTrades.get(name);
    }

    private DeribitOrder known(final DeribitAccount account, final String orderId) {
        final DeribitOrder order = orders.find(account.name(), orderId);
        if (order == null) {
            throw new RpcError(10004, "order_not_found");
        }
        return order;
    }

    private DeribitOrder create(final OrderRequest request, final DeribitInstrument terms, final long nowNs) {
        final String id = request.isTrigger() ? terms.settlement() + "-SLTS-" + ++nextId : terms.idPrefix() + ++nextId;
        final DeribitOrder order = new DeribitOrder(id, request, nowNs,
            nowNs + (request.account().isHouse() ? 0 : visibilityDelayNs.getAsLong()));
        orders.add(order);
        changed.add(order);
        touched.add(request.instrument());
        if (!order.isHouse()) {
            listener.onPlaced(order, nowNs);
        }
        return order;
    }

    private void enter(
        final DeribitOrder order, final DeribitInstrument terms, final OrderBook<DeribitOrder> book, final long nowNs) {
        if (!order.request.isFillOrKill() || OrderChecks.fillsWhole(order, book)) {
            match(order, terms, book, nowNs);
        }
        if (!order.isOpen()) {
            return;
        }
        if (order.request.isImmediate()) {
            end(order, "user_request", nowNs);
        } else if (order.price == null) {
            // market_limit: what is left rests at the last price it traded at
            if (book.lastPrice() == null || order.filled.signum() == 0) {
                end(order, "user_request", nowNs);
            } else {
                order.price = book.lastPrice();
                book.add(order);
            }
        } else {
            book.add(order);
        }
    }

    private void match(
        final DeribitOrder taker, final DeribitInstrument terms, final OrderBook<DeribitOrder> book, final long nowNs) {
        while (taker.isOpen()) {
            final DeribitOrder maker = book.bestAgainst(taker.isBuy());
            if (!OrderChecks.crosses(taker.isBuy(), taker.price, maker)) {
                return;
            }
            if (!taker.isHouse() && taker.request.account().name().equals(maker.request.account().name())) {
                // taker and maker of one sub-account: refused before it got here, unless the maker is to go
                end(cancelsMaker(taker.request.account().name()) ? maker : taker, "risk_mitigation", nowNs);
                continue;
            }
            if (taker.isHouse() && maker.isHouse()) {
                end(maker, "user_request", nowNs);
                continue;
            }
            trade(taker, maker, terms, book, nowNs);
        }
    }

    private void trade(
        final DeribitOrder taker, final DeribitOrder maker, final DeribitInstrument terms,
        final OrderBook<DeribitOrder> book, final long nowNs) {
        final BigDecimal amount = taker.left().min(maker.left());
        final BigDecimal price = maker.price;
        final long seq = book.trade(price, amount, nowNs);
        final String tradeId = terms.idPrefix() + ++nextId;
        final DeribitTrade takes = fill(tradeId, seq, taker, true, amount, price, terms, nowNs);
        fill(tradeId, seq, maker, false, amount, price, terms, nowNs);
        publicTrades.get(terms.name()).add(takes);
    }

    private DeribitTrade fill(
        final String tradeId, final long seq, final DeribitOrder order, final boolean taker, final BigDecimal amount,
        final BigDecimal price, final DeribitInstrument terms, final long nowNs) {
        order.filled = order.filled.add(amount);
        order.value = order.value.add(amount.multiply(price));
        order.updatedNs = nowNs;
        changed.add(order);
        if (order.left().signum() == 0) {
            order.state = "filled";
            close(order, nowNs);
        }
        final DeribitTrade trade = new DeribitTrade(tradeId, seq, order, taker, amount, price,
            order.isHouse() ? BigDecimal.ZERO : terms.fee(amount, price, taker), terms.settlement(), order.state,
            nowNs);
        order.trades.add(trade);
        traded.add(trade);
        if (!order.isHouse()) {
            orders.addTrade(trade);
            listener.onTrade(trade, nowNs);
        }
        return trade;
    }

    private void end(final DeribitOrder order, final String reason, final long nowNs) {
        order.state = "cancelled";
        order.cancelReason = reason;
        order.updatedNs = nowNs;
        changed.add(order);
        touched.add(order.instrument());
        close(order, nowNs);
        if (!order.isHouse()) {
            listener.onCancelled(order, nowNs);
        }
    }

    private void close(final DeribitOrder order, final long nowNs) {
        final OrderBook<DeribitOrder> book = books.get(order.instrument());
        book.remove(order, order.price);
        book.removeStop(order);
        order.doneNs = nowNs;
        orders.close(order);
    }

    /** With mode reject_taker an order is refused whole when it would reach an order of its own sub-account. */
    private void checkSelfTrade(
        final OrderRequest request, final BigDecimal price, final OrderBook<DeribitOrder> book) {
        if (request.account().isHouse() || request.isTrigger() || cancelsMaker(request.account().name())) {
            return;
        }
        BigDecimal left = request.amount();
        for (final DeribitOrder maker : book.against(request.buy())) {
            if (left.signum() <= 0 || !OrderChecks.crosses(request.buy(), price, maker)) {
                return;
            }
            if (maker.request.account().name().equals(request.account().name())) {
                throw new RpcError(10003, "order_overlap");
            }
            left = left.subtract(maker.left());
        }
    }

    private void runTriggers(final long nowNs) {
        for (final Map.Entry<String, OrderBook<DeribitOrder>> entry : books.entrySet()) {
            final OrderBook<DeribitOrder> book = entry.getValue();
            DeribitOrder stop = next(book);
            while (stop != null) {
                final DeribitInstrument terms = instruments.get(entry.getKey());
                stop.state = "triggered";
                stop.updatedNs = nowNs;
                changed.add(stop);
                close(stop, nowNs);
                final DeribitOrder order = create(stop.request.triggered(), terms, nowNs);
                order.triggerOrderId = stop.orderId;
                order.amount = stop.amount;
                order.price = stop.price;
                enter(order, terms, book, nowNs);
                stop = next(book);
            }
        }
    }

    private static DeribitOrder next(final OrderBook<DeribitOrder> book) {
        final BigDecimal last = book.lastPrice();
        return last == null ? null : book.nextStop(stop -> stop.isBuy()
            ? last.compareTo(stop.request.triggerPrice()) >= 0 : last.compareTo(stop.request.triggerPrice()) <= 0);
    }

    private void flush() {
        final Map<String, List<DeribitOrder>> byOwner = new LinkedHashMap<>();
        for (final DeribitOrder order : changed) {
            if (!order.isHouse()) {
                byOwner.computeIfAbsent(order.request.account().name() + '\n' + order.instrument(),
                    key -> new ArrayList<>()).add(order);
            }
        }
        byOwner.forEach((owner, list) -> {
            final String account = list.get(0).request.account().name();
            final String instrument = list.get(0).instrument();
            listener.onChanges(account, instruments.get(instrument), list, traded.stream()
                .filter(trade -> trade.order().request.account().name().equals(account)
                    && trade.order().instrument().equals(instrument)).toList());
        });
        for (final String name : touched) {
            listener.onBook(instruments.get(name), traded.stream()
                .filter(trade -> trade.taker() && trade.order().instrument().equals(name)).toList());
        }
        changed.clear();
        traded.clear();
        touched.clear();
    }
}
