package weir.sim.binance;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import weir.sim.market.OrderBook;

/**
 * The venue's engine: price-time priority, trades at the resting price, self-trade prevention by the taker's mode,
 * stops on the last price. Every public operation holds the monitor. Exact decimals. Time is a parameter, in epoch
 * nanoseconds.
 */
final class BinanceEngine {
    private static final int REJECTED = -2010;
    private static final BigDecimal FEE = new BigDecimal("0.001");
    private static final int AMENDS_MAX = 10;

    private final Map<String, BinanceSymbol> symbols = new LinkedHashMap<>();
    private final Map<String, OrderBook<BinanceOrder>> books = new LinkedHashMap<>();
    private final OrderTable orders = new OrderTable();
    private final Balances balances = new Balances();
    private final EngineListener listener;
    private final LongSupplier visibilityDelayNs;
    private long nextOrderId;
    private long nextExecutionId = 1;

    BinanceEngine(final List<BinanceSymbol> symbols, final Map<String, Long> lastTradeIds, final long firstOrderId,
        final EngineListener listener, final LongSupplier visibilityDelayNs) {
        for (final BinanceSymbol symbol : symbols) {
            this.symbols.put(symbol.symbol(), symbol);
            books.put(symbol.symbol(), new OrderBook<>(lastTradeIds.getOrDefault(symbol.symbol(), 0L)));
        }
        this.nextOrderId = firstOrderId;
        this.listener = listener;
        this.visibilityDelayNs = visibilityDelayNs;
    }

    /** Checks an order as far as order/test does. @throws ApiError if it is refused. */
    synchronized void test(final OrderRequest request) {
        check(request);
    }

    /** Takes an order in. @throws ApiError if it is refused. */
    synchronized BinanceOrder place(final OrderRequest request, final long nowNs) {
        try {
            check(request);
        } catch (final ApiError e) {
            listener.onRefused(request, e, nowNs);
            throw e;
        }
        final long visibleNs = nowNs + (request.account().isHouse() ? 0 : visibilityDelayNs.getAsLong());
        final BinanceOrder order = new BinanceOrder(nextOrderId++, request, nowNs, visibleNs);
        final OrderBook<BinanceOrder> book = books.get(request.symbol());
        orders.add(order);
        listener.onOrder(order, nowNs);
        order.dormant = request.isStop();
        tell(order, "NEW", null, nowNs);
        if (order.dormant) {
            book.addStop(order);
        } else {
            enter(book, order, nowNs);
        }
        runStops(nowNs);
        return order;
    }

    /** Cancels an order. @param restriction ONLY_NEW, ONLY_PARTIALLY_FILLED or null. @throws ApiError -2011. */
    synchronized BinanceOrder cancel(final BinanceAccount account, final String symbol, final Long orderId,
        final String clientId, final String restriction, final String cancelId, final long nowNs) {
        final BinanceOrder order = orders.find(account.name(), symbol, orderId, clientId);
        if (order == null || !order.open) {
            throw new ApiError(-2011, "Unknown order sent.");
        }
        if ("ONLY_NEW".equals(restriction) && order.filled.signum() > 0
            || "ONLY_PARTIALLY_FILLED".equals(restriction) && order.filled.signum() == 0) {
            throw new ApiError(-2011, "Order was not canceled due to cancel restrictions.");
        }
        end(order, "CANCELED", null, nowNs);
        tell(order, "CANCELED", cancelId, nowNs);
        return order;
    }

    /** The house takes the least quantity of an order that rests, at its price; nothing of any other. */
    synchronized void takeALittle(final BinanceAccount account, final String symbol, final Long orderId,
        final String clientId, final long nowNs) {
        final BinanceOrder order = orders.find(account.name(), symbol, orderId, clientId);
        if (order != null && order.open && !order.dormant && order.price() != null) {
            final BigDecimal qty = order.available().min(symbols.get(symbol).minQty());
            fill(books.get(symbol).trade(order.price(), qty, nowNs), order, true, qty, order.price(), nowNs);
        }
    }

    /** Cancels what matches, oldest first. */
    synchronized List<BinanceOrder> cancelAll(final Predicate<BinanceOrder> which, final Supplier<String> cancelIds,
        final long nowNs) {
        final List<BinanceOrder> cancelled = orders.open(which);
        for (final BinanceOrder order : cancelled) {
            end(order, "CANCELED", null, nowNs);
            tell(order, "CANCELED", cancelIds.get(), nowNs);
        }
        return cancelled;
    }

    /** Makes an order smaller; its place in the queue stays. @throws ApiError -2038 if it cannot be. */
    synchronized BinanceOrder amend(final BinanceAccount account, final String symbol, final Long orderId,
        final String clientId, final BigDecimal newQty, final String newClientId, final long nowNs) {
        final BinanceOrder order = orders.find(account.name(), symbol, orderId, clientId);
        if (order == null || !order.open) {
            throw new ApiError(-2013, "Order does not exist.");
        }
        final BinanceSymbol terms = symbols.get(symbol);
        if (newQty.signum() <= 0 || newQty.compareTo(order.qty) >= 0
            || newQty.compareTo(order.filled.add(order.prevented)) <= 0) {
            throw new ApiError(-2038, "The requested action would change no state or is not allowed; rejecting.");
        }
        if (order.amends >= AMENDS_MAX) {
            throw new ApiError(-2038, "Filter failure: MAX_NUM_ORDER_AMENDS");
        }
        requireFilter(terms.quantityFilter(newQty, false));
        requireFilter(terms.notionalFilter(newQty.multiply(order.price())));
        order.qty = newQty;
        order.amends++;
        order.updatedNs = nowNs;
        orders.rename(order, newClientId);
        tell(order, "REPLACED", null, nowNs);
        return order;
    }

    /** Runs a reader inside the monitor. */
    synchronized <T> T read(final Supplier<T> reader) {
        return reader.get();
    }

    synchronized void replace(final BinanceSymbol symbol) {
        symbols.put(symbol.symbol(), symbol);
    }

    /** A pair as it is now. @throws ApiError -1121 if there is none. */
    synchronized BinanceSymbol symbol(final String name) {
        final BinanceSymbol symbol = symbols.get(name);
        if (symbol == null) {
            throw new ApiError(-1121, "Invalid symbol.");
        }
        return symbol;
    }

    synchronized boolean isListed(final String name) {
        return symbols.containsKey(name);
    }

    synchronized List<BinanceSymbol> symbols() {
        return new ArrayList<>(symbols.values());
    }

    /** To be used inside {@link #read}. */
    OrderTable orders() {
        return orders;
    }

    /** To be used inside {@link #read}. */
    Balances balances() {
        return balances;
    }

    /** To be used inside {@link #read}. */
    OrderBook<BinanceOrder> book(final String symbol) {
        return books.get(symbol);
    }

    private void check(final OrderRequest request) {
        final BinanceSymbol symbol = symbol(request.symbol());
        if (!symbol.isTrading() && !request.account().isHouse()) {
            throw new ApiError(REJECTED, "Market is closed.");
        }
        if (request.account().isHouse()) {
            return;
        }
        if (!symbol.stpModes().contains(request.stp().name())) {
            throw new ApiError(-1013, "This symbol does not allow the specified self-trade prevention mode.");
        }
        filters(request, symbol);
        if (orders.isOpen(request.account().name(), request.symbol(), request.clientId())) {
            throw new ApiError(REJECTED, "Duplicate order sent.");
        }
        final OrderBook<BinanceOrder> book = books.get(request.symbol());
        if ("LIMIT_MAKER".equals(request.type()) && crosses(request, book.bestAgainst(request.buy()))) {
            throw new ApiError(REJECTED, "Order would immediately match and take.");
        }
        if (request.isStop() && book.lastPrice() != null && isTriggered(request, book.lastPrice())) {
            throw new ApiError(REJECTED, "Order would trigger immediately.");
        }
        if (!balances.covers(request, symbol, orders, book)) {
            throw new ApiError(REJECTED, "Account has insufficient balance for requested action.");
        }
    }

    private void filters(final OrderRequest request, final BinanceSymbol symbol) {
        final OrderBook<BinanceOrder> book = books.get(request.symbol());
        if (request.price() != null) {
            requireFilter(symbol.priceFilter(request.price()));
        }
        if (request.stopPrice() != null) {
            requireFilter(symbol.priceFilter(request.stopPrice()));
        }
        if (request.qty() != null) {
            requireFilter(symbol.quantityFilter(request.qty(), request.isMarket()));
            final BigDecimal price = request.price() != null ? request.price()
                : request.stopPrice() != null ? request.stopPrice() : book.lastPrice();
            requireFilter(price == null ? null : symbol.notionalFilter(request.qty().multiply(price)));
        } else {
            requireFilter(symbol.notionalFilter(request.quoteQty()));
        }
        final String name = request.account().name();
        if (orders.open(order -> order.account().name().equals(name)
            && order.request.symbol().equals(request.symbol())).size() >= symbol.maxOrders()) {
            requireFilter("MAX_NUM_ORDERS");
        }
    }

    private static void requireFilter(final String failed) {
        if (failed != null) {
            throw new ApiError(-1013, "Filter failure: " + failed);
        }
    }

    private void enter(final OrderBook<BinanceOrder> book, final BinanceOrder order, final long nowNs) {
        order.workingNs = nowNs;
        if ("FOK".equals(order.request.tif()) && !fillsWholly(book, order)) {
            expire(order, "UNFILLED_FOK_ORDER_EXPIRED", nowNs);
            return;
        }
        match(book, order, nowNs);
        if (!order.open) {
            return;
        }
        if (order.request.isImmediate()) {
            final boolean quoted = order.qty == null;
            if (quoted) {
                order.qty = order.filled;
            }
            if (quoted && order.filled.signum() > 0) {
                end(order, "FILLED", null, nowNs);
            } else {
                expire(order, order.request.isMarket() ? "INSUFFICIENT_LIQUIDITY"
                    : "UNFILLED_IOC_QUANTITY_EXPIRED", nowNs);
            }
            return;
        }
        book.add(order);
    }

    private void match(final OrderBook<BinanceOrder> book, final BinanceOrder taker, final long nowNs) {
        while (taker.open) {
            final BinanceOrder maker = book.bestAgainst(taker.isBuy());
            if (!crosses(taker.request, maker)) {
                return;
            }
            final BigDecimal wanted = wanted(taker, maker.price());
            if (wanted.signum() <= 0) {
                return;
            }
            if (!taker.isHouse() && taker.account().isSelf(maker.account())
                && taker.request.stp() != SelfTradeMode.NONE) {
                prevent(taker, maker, wanted.min(maker.available()), nowNs);
            } else {
                trade(book, taker, maker, wanted.min(maker.available()), nowNs);
            }
        }
    }

    /** What a taker still takes at a price: what is left of it, or what the rest of its quote quantity buys. */
    private BigDecimal wanted(final BinanceOrder taker, final BigDecimal price) {
        if (taker.qty != null) {
            return taker.available();
        }
        final BigDecimal lot = symbols.get(taker.request.symbol()).lot();
        return taker.request.quoteQty().subtract(taker.quote).divide(price.multiply(lot), 0, RoundingMode.DOWN)
            .multiply(lot);
    }

    private void prevent(final BinanceOrder taker, final BinanceOrder maker, final BigDecimal qty, final long nowNs) {
        final SelfTradeMode mode = taker.request.stp();
        if (mode == SelfTradeMode.DECREMENT || mode == SelfTradeMode.TRANSFER) {
            decrement(taker, maker, qty, nowNs);
            decrement(maker, taker, qty, nowNs);
            return;
        }
        if (mode != SelfTradeMode.EXPIRE_TAKER) {
            endPrevented(maker, taker, qty, nowNs);
        }
        if (mode != SelfTradeMode.EXPIRE_MAKER) {
            endPrevented(taker, maker, qty, nowNs);
        }
    }

    private void decrement(final BinanceOrder order, final BinanceOrder counter, final BigDecimal qty,
        final long nowNs) {
        order.prevented = order.prevented.add(qty);
        order.updatedNs = nowNs;
        if (order.available().signum() <= 0) {
            end(order, "EXPIRED_IN_MATCH", null, nowNs);
        }
        prevented(order, counter, qty, nowNs);
    }

    private void endPrevented(final BinanceOrder order, final BinanceOrder counter, final BigDecimal qty,
        final long nowNs) {
        order.prevented = order.prevented.add(order.qty == null ? BigDecimal.ZERO : order.available());
        end(order, "EXPIRED_IN_MATCH", null, nowNs);
        prevented(order, counter, qty, nowNs);
    }

    private void prevented(final BinanceOrder order, final BinanceOrder counter, final BigDecimal qty,
        final long nowNs) {
        listener.onExecution(new Execution(order, "TRADE_PREVENTION", null, null, "NONE", qty, counter.orderId,
            nextExecutionId++, nowNs));
    }

    private void trade(final OrderBook<BinanceOrder> book, final BinanceOrder taker, final BinanceOrder maker,
        final BigDecimal qty, final long nowNs) {
        final BigDecimal price = maker.price();
        final long tradeId = book.trade(price, qty, nowNs);
        fill(tradeId, taker, false, qty, price, nowNs);
        fill(tradeId, maker, true, qty, price, nowNs);
    }

    private void fill(final long tradeId, final BinanceOrder order, final boolean maker, final BigDecimal qty,
        final BigDecimal price, final long nowNs) {
        final BinanceSymbol symbol = symbols.get(order.request.symbol());
        order.filled = order.filled.add(qty);
        order.quote = order.quote.add(qty.multiply(price));
        order.updatedNs = nowNs;
        order.status = "PARTIALLY_FILLED";
        if (order.qty != null && order.available().signum() <= 0) {
            end(order, "FILLED", null, nowNs);
        }
        final BigDecimal received = order.isBuy() ? qty : qty.multiply(price);
        final BigDecimal commission = order.isHouse() ? BigDecimal.ZERO
            : received.multiply(FEE).setScale(Numbers.DIGITS, RoundingMode.DOWN);
        final BinanceFill fill = new BinanceFill(tradeId, order, maker, qty, price, commission,
            order.isBuy() ? symbol.base() : symbol.quote(), nowNs);
        order.fills.add(fill);
        if (!order.isHouse()) {
            orders.addFill(fill);
            balances.onFill(fill, symbol);
        }
        listener.onExecution(
            new Execution(order, "TRADE", fill, null, "NONE", null, 0, nextExecutionId++, nowNs));
    }

    private boolean fillsWholly(final OrderBook<BinanceOrder> book, final BinanceOrder order) {
        BigDecimal left = order.available();
        for (final BinanceOrder maker : book.against(order.isBuy())) {
            if (!crosses(order.request, maker)) {
                break;
            }
            left = order.account().isSelf(maker.account()) ? left : left.subtract(maker.available());
        }
        return left.signum() <= 0;
    }

    private void expire(final BinanceOrder order, final String reason, final long nowNs) {
        end(order, "EXPIRED", reason, nowNs);
        tell(order, "EXPIRED", null, nowNs);
    }

    private void end(final BinanceOrder order, final String status, final String reason, final long nowNs) {
        final OrderBook<BinanceOrder> book = books.get(order.request.symbol());
        book.remove(order, order.price());
        book.removeStop(order);
        order.open = false;
        order.status = status;
        order.expiryReason = reason;
        order.updatedNs = nowNs;
        orders.close(order);
    }

    private void tell(final BinanceOrder order, final String type, final String cancelId, final long nowNs) {
        listener.onExecution(
            new Execution(order, type, null, cancelId, "NONE", null, 0, nextExecutionId++, nowNs));
    }

    private void runStops(final long nowNs) {
        for (final OrderBook<BinanceOrder> book : books.values()) {
            while (book.lastPrice() != null) {
                final BinanceOrder order = book.nextStop(stop -> isTriggered(stop.request, book.lastPrice()));
                if (order == null) {
                    break;
                }
                book.removeStop(order);
                order.dormant = false;
                enter(book, order, nowNs);
            }
        }
    }

    private static boolean isTriggered(final OrderRequest request, final BigDecimal last) {
        final boolean above = request.type().startsWith("STOP_LOSS") == request.buy();
        return above ? last.compareTo(request.stopPrice()) >= 0 : last.compareTo(request.stopPrice()) <= 0;
    }

    private static boolean crosses(final OrderRequest taker, final BinanceOrder maker) {
        if (maker == null) {
            return false;
        }
        return taker.price() == null || (taker.buy() ? taker.price().compareTo(maker.price()) >= 0
            : taker.price().compareTo(maker.price()) <= 0);
    }
}
