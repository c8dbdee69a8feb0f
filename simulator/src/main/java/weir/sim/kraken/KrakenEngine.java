package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import weir.sim.market.Json;
import weir.sim.market.OrderBook;
import weir.sim.market.UuidSource;

/**
 * The venue's engine: price-time priority, trades at the resting price, self-trade strategies, triggers. Every public
 * operation holds the monitor, so instructions are carried out in arrival order. Exact decimals. Time is a parameter,
 * epoch nanoseconds. Sources: Kraken Futures "Send order", "Edit order", "Batch order management".
 */
final class KrakenEngine {
    /** A market order is an immediate one with 1 % price protection. */
    private static final BigDecimal PROTECTION = new BigDecimal("0.01");

    private final Map<String, KrakenInstrument> instruments = new LinkedHashMap<>();
    private final Map<String, OrderBook<KrakenOrder>> books = new LinkedHashMap<>();
    private final Map<String, SelfTradeStrategy> strategies = new LinkedHashMap<>();
    private final Marks marks;
    private final OrderTable orders;
    private final Positions positions = new Positions();
    private final OrderChecks checks;
    private final UuidSource uuids;
    private final EngineListener listener;
    private final LongSupplier visibilityDelayNs;
    private final LongSupplier clockOffsetNs;

    KrakenEngine(
        final List<KrakenInstrument> instruments, final OrderTable orders, final int openOrdersMax,
        final BigDecimal collar, final UuidSource uuids, final EngineListener listener,
        final LongSupplier visibilityDelayNs, final LongSupplier clockOffsetNs) {
        for (final KrakenInstrument instrument : instruments) {
            this.instruments.put(instrument.symbol(), instrument);
            books.put(instrument.symbol(), new OrderBook<>(0));
        }
        this.orders = orders;
        this.uuids = uuids;
        this.listener = listener;
        this.visibilityDelayNs = visibilityDelayNs;
        this.clockOffsetNs = clockOffsetNs;
        this.marks = new Marks(books);
        this.checks = new OrderChecks(this.instruments, orders, positions, marks, openOrdersMax, collar);
    }

    /** Takes a send instruction. */
    synchronized Outcome send(final OrderRequest request, final long nowNs) {
        final KrakenInstrument instrument = instruments.get(request.symbol());
        final String refusal = checks.refusal(request, instrument);
        if (refusal != null) {
            listener.onRefused(request, refusal, nowNs);
            return Outcome.refused(refusal);
        }
        final long visibleNs = nowNs + (request.account().isHouse() ? 0 : visibilityDelayNs.getAsLong());
        final KrakenOrder order = new KrakenOrder(uuids.next(), request, nowNs, visibleNs);
        final OrderBook<KrakenOrder> book = books.get(request.symbol());
        final ArrayNode events = Json.array();
        orders.add(order);
        listener.onOrder(order, nowNs);
        if (request.type().isTrigger()) {
            order.dormant = true;
            order.status = "TRIGGER_PLACED";
            book.addStop(order);
            events.addObject().put("type", "PLACE").set("orderTrigger", order.toEventJson(offset()));
            listener.onPlaced(order, "new_placed_order_by_user", nowNs);
            runTriggers(nowNs);
            return new Outcome("placed", order, events);
        }
        protect(order, book);
        final String rejection = rejection(order, book);
        if (rejection != null) {
            return reject(order, rejection, events, nowNs);
        }
        enter(book, order, events, nowNs);
        runTriggers(nowNs);
        return new Outcome("placed", order, events);
    }

    /**
     * Changes an open order. Null fields stay as they are. Priority is kept only when nothing but the size changes, and
     * downward.
     *
     * @param relative whether the size is the new open size, rather than the whole.
     */
    synchronized Outcome edit(
        final KrakenAccount account, final String orderId, final String cliOrdId, final BigDecimal size,
        final boolean relative, final BigDecimal limitPrice, final BigDecimal stopPrice, final long nowNs) {
        final KrakenOrder order = orders.find(account.name(), orderId, cliOrdId);
        if (order == null || !order.open) {
            return Outcome.refused("orderForEditNotFound");
        }
        final BigDecimal whole = size == null ? order.size : relative ? order.filled.add(size) : size;
        final BigDecimal price = limitPrice == null ? order.limitPrice : limitPrice;
        final KrakenInstrument instrument = instruments.get(order.request.symbol());
        final OrderBook<KrakenOrder> book = books.get(order.request.symbol());
        final String refusal = checks.editRefusal(order, instrument, book, whole, price, stopPrice);
        if (refusal != null) {
            return new Outcome(refusal, order, Json.array());
        }
        final ArrayNode events = Json.array();
        final ObjectNode event = events.addObject().put("type", "EDIT");
        event.set("old", order.toEventJson(offset()));
        final boolean keepsPriority = order.dormant || price.compareTo(order.limitPrice) == 0
            && whole.compareTo(order.size) <= 0;
        if (!keepsPriority) {
            book.remove(order, order.limitPrice);
        }
        order.size = whole;
        order.limitPrice = price;
        order.stopPrice = stopPrice == null ? order.stopPrice : stopPrice;
        order.updatedNs = nowNs;
        order.updateReason = "EDITED_BY_USER";
        event.set("new", order.toEventJson(offset()));
        event.putNull("reducedQuantity");
        listener.onEdited(order, nowNs);
        if (!keepsPriority) {
            match(book, order, events, nowNs);
            if (order.open) {
                book.add(order);
            }
        }
        runTriggers(nowNs);
        return new Outcome("edited", order, events);
    }

    /** Cancels an order: cancelled, filled (of late) or notFound. */
    synchronized Outcome cancel(
        final KrakenAccount account, final String orderId, final String cliOrdId, final long nowNs) {
        orders.forget(nowNs);
        final KrakenOrder order = orders.find(account.name(), orderId, cliOrdId);
        if (order == null || !order.open && !"FULLY_EXECUTED".equals(order.status)) {
            return Outcome.refused("notFound");
        }
        if (!order.open) {
            return new Outcome("filled", order, Json.array());
        }
        final ArrayNode events = Json.array();
        events.add(cancelEvent(order));
        end(order, "CANCELLED", "CANCELLED_BY_USER", nowNs);
        listener.onCancelled(order, "cancelled_by_user", nowNs);
        return new Outcome("cancelled", order, events);
    }

    /** The house takes the least size of an order that rests, at its price; nothing of any other. */
    synchronized void takeALittle(
        final KrakenAccount account, final String orderId, final String cliOrdId, final long nowNs) {
        final KrakenOrder order = orders.find(account.name(), orderId, cliOrdId);
        if (order != null && order.open && !order.dormant && order.limitPrice != null) {
            final BigDecimal size = order.unfilled().min(instruments.get(order.request.symbol()).minimumSize());
            books.get(order.request.symbol()).trade(order.limitPrice, size, nowNs);
            fill(uuids.next(), order, false, size, order.limitPrice, OrderType.LMT, nowNs);
        }
    }

    /**
     * Cancels every open order that matches, oldest first.
     *
     * @param updateReason as orders/status names it; the feed spells it in lower case.
     * @param events       receives a CANCEL event each.
     */
    synchronized List<KrakenOrder> cancelAll(
        final Predicate<KrakenOrder> which, final String updateReason, final ArrayNode events, final long nowNs) {
        final List<KrakenOrder> cancelled = new ArrayList<>();
        for (final KrakenOrder order : orders.open()) {
            if (which.test(order)) {
                events.add(cancelEvent(order));
                end(order, "CANCELLED", updateReason, nowNs);
                listener.onCancelled(order, updateReason.toLowerCase(java.util.Locale.ROOT), nowNs);
                cancelled.add(order);
            }
        }
        return cancelled;
    }

    /** Runs triggers that a mark price reached, and forgets orders done long ago. */
    synchronized void onTick(final long nowNs) {
        runTriggers(nowNs);
        orders.forget(nowNs);
    }

    /** Runs a reader inside the monitor. */
    synchronized <T> T read(final Supplier<T> reader) {
        return reader.get();
    }

    synchronized void replace(final KrakenInstrument instrument) {
        instruments.put(instrument.symbol(), instrument);
    }

    /** A contract as it is now, or null. */
    synchronized KrakenInstrument instrument(final String symbol) {
        return instruments.get(symbol);
    }

    synchronized List<KrakenInstrument> instruments() {
        return new ArrayList<>(instruments.values());
    }

    synchronized SelfTradeStrategy strategy(final KrakenAccount account) {
        return strategies.getOrDefault(account.name(), SelfTradeStrategy.REJECT_TAKER);
    }

    synchronized void strategy(final KrakenAccount account, final SelfTradeStrategy strategy) {
        strategies.put(account.name(), strategy);
    }

    /** To be used inside {@link #read}. */
    OrderTable orders() {
        return orders;
    }

    /** To be used inside {@link #read}. */
    Positions positions() {
        return positions;
    }

    /** To be used inside {@link #read}. */
    OrderBook<KrakenOrder> book(final String symbol) {
        return books.get(symbol);
    }

    /** To be used inside {@link #read}. */
    Marks marks() {
        return marks;
    }

    private void enter(
        final OrderBook<KrakenOrder> book, final KrakenOrder order, final ArrayNode events, final long nowNs) {
        match(book, order, events, nowNs);
        if (!order.open) {
            return;
        }
        if (order.request.type().isImmediate() || order.limitPrice == null) {
            drop(order, "IOC_WOULD_NOT_EXECUTE_REASON", "ioc_order_failed_because_it_would_not_be_executed", events,
                nowNs);
            return;
        }
        book.add(order);
        final ObjectNode event = events.addObject().put("type", "PLACE");
        event.set("order", order.toEventJson(offset()));
        event.putNull("reducedQuantity");
        listener.onPlaced(order, "new_placed_order_by_user", nowNs);
    }

    private void match(
        final OrderBook<KrakenOrder> book, final KrakenOrder taker, final ArrayNode events, final long nowNs) {
        while (taker.open) {
            final KrakenOrder maker = book.bestAgainst(taker.isBuy());
            if (!OrderChecks.crosses(taker, maker)) {
                return;
            }
            if (taker.account().group().equals(maker.account().group())) {
                if (strategy(taker.account()).cancelsMaker(taker.account(), maker.account())) {
                    drop(maker, "WOULD_EXECUTE_SELF_REASON", "would_execute_self", Json.array(), nowNs);
                } else {
                    drop(taker, "WOULD_EXECUTE_SELF_REASON", "would_execute_self", events, nowNs);
                }
                continue;
            }
            final BigDecimal wanted = checks.reducible(taker);
            if (wanted.signum() == 0) {
                drop(taker, "WOULD_NOT_REDUCE_POSITION", "would_not_reduce_position", events, nowNs);
            } else if (checks.reducible(maker).signum() == 0) {
                drop(maker, "WOULD_NOT_REDUCE_POSITION", "would_not_reduce_position", Json.array(), nowNs);
            } else {
                trade(book, taker, maker, wanted.min(checks.reducible(maker)), events, nowNs);
            }
        }
    }

    private void trade(
        final OrderBook<KrakenOrder> book, final KrakenOrder taker, final KrakenOrder maker, final BigDecimal size,
        final ArrayNode events, final long nowNs) {
        final String fillId = uuids.next();
        final BigDecimal price = maker.limitPrice;
        book.trade(price, size, nowNs);
        final ObjectNode event = events.addObject().put("type", "EXECUTION").put("executionId", fillId)
            .put("price", Numbers.plain(price)).put("amount", Numbers.plain(size)).putNull("orderPriorEdit");
        event.set("orderPriorExecution", taker.toEventJson(offset()));
        event.putNull("takerReducedQuantity");
        fill(fillId, taker, true, size, price, taker.request.type(), nowNs);
        fill(fillId, maker, false, size, price, taker.request.type(), nowNs);
    }

    private void fill(
        final String fillId, final KrakenOrder order, final boolean taker, final BigDecimal size,
        final BigDecimal price, final OrderType takerType, final long nowNs) {
        final KrakenInstrument instrument = instruments.get(order.request.symbol());
        order.filled = order.filled.add(size);
        order.updatedNs = nowNs;
        order.updateReason = "PARTIAL_FILL";
        if (order.unfilled().signum() == 0) {
            end(order, "FULLY_EXECUTED", "FULL_FILL", nowNs);
        }
        final BigDecimal fee = order.isHouse() ? BigDecimal.ZERO
            : instrument.fee(size, price, taker ? FeeSchedule.TAKER : FeeSchedule.MAKER);
        final KrakenFill fill = new KrakenFill(fillId, order, taker, size, price, fee, instrument.feeCurrency(),
            order.unfilled(), takerType, nowNs);
        if (!order.isHouse()) {
            positions.onFill(fill, instrument);
            orders.addFill(fill);
        }
        listener.onFill(fill, nowNs);
    }

    private static void protect(final KrakenOrder order, final OrderBook<KrakenOrder> book) {
        if (order.request.type() == OrderType.MKT) {
            final BigDecimal best = book.bestPrice(!order.isBuy());
            if (best != null) {
                order.limitPrice = best.multiply(order.isBuy() ? BigDecimal.ONE.add(PROTECTION)
                    : BigDecimal.ONE.subtract(PROTECTION));
            }
        }
    }

    /** Why an order that has an id is turned away, or null. */
    private String rejection(final KrakenOrder order, final OrderBook<KrakenOrder> book) {
        final OrderType type = order.request.type();
        final KrakenOrder best = book.bestAgainst(order.isBuy());
        final boolean crosses = OrderChecks.crosses(order, best);
        if (type == OrderType.POST && crosses) {
            return "postWouldExecute";
        }
        if (type.isImmediate() && !crosses || type == OrderType.FOK && !checks.fillsCompletely(book, order)) {
            return "iocWouldNotExecute";
        }
        final boolean self = crosses && best.account().group().equals(order.account().group())
            && !strategy(order.account()).cancelsMaker(order.account(), best.account());
        return self ? "selfFill" : null;
    }

    private Outcome reject(final KrakenOrder order, final String status, final ArrayNode events, final long nowNs) {
        final String reason = switch (status) {
            case "postWouldExecute" -> "POST_WOULD_EXECUTE";
            case "iocWouldNotExecute" -> "IOC_WOULD_NOT_EXECUTE";
            default -> "WOULD_EXECUTE_SELF";
        };
        events.addObject().put("type", "REJECT").put("uid", order.orderId).put("reason", reason)
            .set("order", order.toEventJson(offset()));
        end(order, "REJECTED", reason + "_REASON", nowNs);
        orders.release(order);
        listener.onRejected(order, status, nowNs);
        return new Outcome(status, order, events);
    }

    /** Ends an order, or what is left of it, though nobody asked. */
    private void drop(
        final KrakenOrder order, final String updateReason, final String feedReason, final ArrayNode events,
        final long nowNs) {
        events.add(cancelEvent(order));
        end(order, "CANCELLED", updateReason, nowNs);
        listener.onCancelled(order, feedReason, nowNs);
    }

    private void end(final KrakenOrder order, final String status, final String updateReason, final long nowNs) {
        final OrderBook<KrakenOrder> book = books.get(order.request.symbol());
        book.remove(order, order.limitPrice);
        book.removeStop(order);
        order.open = false;
        order.status = status;
        order.updateReason = updateReason;
        order.updatedNs = nowNs;
        order.doneNs = nowNs;
        orders.close(order);
    }

    private void runTriggers(final long nowNs) {
        for (final Map.Entry<String, OrderBook<KrakenOrder>> entry : books.entrySet()) {
            final OrderBook<KrakenOrder> book = entry.getValue();
            while (true) {
                final KrakenOrder order = book.nextStop(stop -> stop.isTriggeredAt(
                    "last".equals(stop.request.triggerSignal()) ? book.lastPrice() : marks.mark(entry.getKey())));
                if (order == null) {
                    break;
                }
                book.removeStop(order);
                order.dormant = false;
                order.status = "ENTERED_BOOK";
                order.updatedNs = nowNs;
                enter(book, order, Json.array(), nowNs);
            }
        }
    }

    private ObjectNode cancelEvent(final KrakenOrder order) {
        final ObjectNode event = Json.object().put("type", "CANCEL").put("uid", order.orderId);
        event.set(order.dormant ? "orderTrigger" : "order", order.toEventJson(offset()));
        return event;
    }

    private long offset() {
        return clockOffsetNs.getAsLong();
    }
}
