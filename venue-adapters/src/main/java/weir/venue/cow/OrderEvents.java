package weir.venue.cow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * What becomes of an order, told to the engine once and in an order it can use: acknowledged before its fills, ended
 * after them. Agent's thread.
 */
final class OrderEvents {
    private static final UUID NO_ID = new UUID(0, 0);

    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final CowCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueExecution report = new VenueExecution();

    OrderEvents(final CowAdapter.Context settings, final OrderRegistry registry, final VenueEventProxy engine,
        final CowCounters counters) {
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = settings.epochClock();
    }

    /** The venue has the order. */
    void acknowledged(final LiveOrder order, final boolean recovered) {
        order.unsureSinceNs = 0;
        if (!order.acknowledged) {
            order.acknowledged = true;
            begin(order, order.clientId, ExecType.NEW, OrdStatus.NEW, recovered);
            report.orderQty = order.orderQty;
            report.cumQty = order.ours ? 0 : Scale.NULL;
            end(order);
        }
    }

    /** The venue refused the new order. */
    void rejected(final LiveOrder order, final RejectReason reason, final String text) {
        begin(order, order.clientId, ExecType.REJECTED, OrdStatus.REJECTED, false);
        report.reason = reason;
        report.text = text;
        end(order);
        registry.onFinal(order, System.nanoTime());
    }

    /** The venue was asked too much: it surely has not looked at the order. */
    void throttled(final LiveOrder order, final String text) {
        engine.messageReject(order.accountId, epochClock.nanoTime(), order.orderId, order.clientId,
            VenueMessageKind.NEW, RejectReason.VENUE_THROTTLED, text);
        registry.onFinal(order, System.nanoTime());
    }

    /** The order surely never left. */
    void notSent(final LiveOrder order, final RejectReason reason) {
        notSent(order.accountId, order.orderId, order.clientId, VenueMessageKind.NEW, reason);
        registry.onFinal(order, System.nanoTime());
    }

    void notSent(final int accountId, final long orderId, final UUID id, final VenueMessageKind kind,
        final RejectReason reason) {
        counters.increment(CowCounter.NOT_SENT);
        engine.notSent(accountId, epochClock.nanoTime(), orderId, id, kind, reason);
    }

    /** The new leg is there, and the old one surely over. */
    void replaced(final LiveOrder order, final ReplaceJob job, final boolean recovered) {
        order.clientId = job.id;
        order.orderQty = job.orderQty;
        order.price = job.price;
        order.replacing = null;
        order.unsureSinceNs = 0;
        begin(order, job.id, ExecType.REPLACED,
            order.filled() > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW, recovered);
        report.orderQty = job.orderQty;
        report.price = job.price;
        end(order);
    }

    /** A cancel or replace did not do what was asked. */
    void refused(final LiveOrder order, final UUID id, final VenueMessageKind kind, final RejectReason reason,
        final String text) {
        engine.cancelReject(order.accountId, epochClock.nanoTime(), order.orderId, id, kind, reason, text);
    }

    /** A fill. Returns false when it is finer than our quantities and goes with the next one. */
    boolean fill(final LiveOrder order, final Leg leg, final Trade trade, final boolean fresh,
        final boolean recovered) {
        final int decimals = order.pair.base().decimals();
        final long before = order.filled();
        final BigInteger base = trade.base(leg);
        if (fresh) {
            leg.told.put(trade.tradeId(), base);
            leg.executed = leg.executed.max(leg.filled());
        }
        final long quantity = fresh ? order.filled() - before : Atoms.e8(base, decimals, RoundingMode.DOWN);
        if (quantity <= 0) {
            return false;
        }
        counters.increment(recovered ? CowCounter.RECOVERED_FILLS : CowCounter.FILLS);
        final boolean full = leg == order.leg() && leg.isFull();
        begin(order, order.clientId, ExecType.TRADE, full ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED, recovered);
        final BigDecimal price = trade.price(leg, order.pair);
        report.lastQty = quantity;
        report.lastPx = e8(price);
        report.cumQty = order.ours && fresh ? order.filled() : Scale.NULL;
        report.fee = e8(trade.fee(leg, order.pair, price));
        report.feeCurrency = order.pair.quote().symbol();
        report.liquidity = order.takes ? Liquidity.TAKER : Liquidity.MAKER;
        report.tradeId = trade.tradeId();
        report.execId = trade.execId();
        end(order);
        if (full && fresh) {
            onFull(order);
        }
        return true;
    }

    private void onFull(final LiveOrder order) {
        if (order.cancelId != null) {
            counters.increment(CowCounter.CANCELS_LOST);
            refused(order, order.cancelId, VenueMessageKind.CANCEL, RejectReason.ORDER_FINAL, "filled before it");
            order.cancelId = null;
        }
        if (order.replacing != null) {
            counters.increment(CowCounter.CANCELS_LOST);
            refused(order, order.replacing.id, VenueMessageKind.REPLACE, RejectReason.ORDER_FINAL, "filled before it");
            order.replacing = null;
        }
        registry.onFinal(order, System.nanoTime());
    }

    /** The order is over, and all of its fills were told. */
    void over(final LiveOrder order, final ExecType how, final String text) {
        if (order.isFinal) {
            return;
        }
        final UUID request = how == ExecType.CANCELED ? order.cancelId : null;
        if (how != ExecType.CANCELED && order.cancelId != null) {
            refused(order, order.cancelId, VenueMessageKind.CANCEL, RejectReason.ORDER_FINAL, text);
        }
        begin(order, request, how, how == ExecType.EXPIRED ? OrdStatus.EXPIRED : OrdStatus.CANCELED, false);
        report.cumQty = order.filled();
        report.leavesQty = 0;
        report.text = text;
        end(order);
        registry.onFinal(order, System.nanoTime());
    }

    /** Answer to a question of the engine. */
    void state(final LiveOrder order, final int attempt, final VenueAnswer answer) {
        report.reset();
        if (answer == VenueAnswer.FOUND) {
            final long filled = order.filled();
            report.ordStatus = status(order, filled);
            report.cumQty = filled;
            report.orderQty = order.orderQty;
            report.price = order.price;
            report.leavesQty = order.isFinal ? 0 : order.orderQty - filled;
            report.venueOrderId = order.venueOrderId();
        }
        engine.orderState(order.accountId, epochClock.nanoTime(), order.orderId, attempt, answer, report);
    }

    private static OrdStatus status(final LiveOrder order, final long filled) {
        if (order.leg().isFull()) {
            return OrdStatus.FILLED;
        }
        if (order.isFinal) {
            return order.ending == ExecType.EXPIRED ? OrdStatus.EXPIRED : OrdStatus.CANCELED;
        }
        return filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
    }

    private static long e8(final BigDecimal value) {
        return value.setScale(Scale.E8_DIGITS, RoundingMode.HALF_UP).unscaledValue().longValue();
    }

    private void begin(final LiveOrder order, final UUID request, final ExecType type, final OrdStatus status,
        final boolean recovered) {
        final UUID id = request == null ? NO_ID : request;
        report.reset();
        report.orderId = order.orderId;
        report.requestIdHigh = id.getMostSignificantBits();
        report.requestIdLow = id.getLeastSignificantBits();
        report.execType = type;
        report.ordStatus = status;
        report.venueOrderId = order.venueOrderId();
        report.recovered = recovered;
    }

    private void end(final LiveOrder order) {
        engine.execution(order.accountId, epochClock.nanoTime(), report);
    }
}
