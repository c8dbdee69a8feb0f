package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * What becomes of an order, told to the engine once and in an order it can use: acknowledged before its fills, ended
 * after them. Answers and notifications carry the same order and trade objects and end here, so it does not matter
 * which of them comes first or twice. An order whose fills are owed longer than a grace is asked about. Agent's thread.
 */
final class OrderEvents {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final long OWED_MAX_NS = 5_000_000_000L;

    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final DeribitCounters counters;
    private final VenueJson json;
    private final EpochNanoClock epochClock;
    private final long graceNs;
    private final VenueExecution report = new VenueExecution();
    private final Set<LiveOrder> owing = new LinkedHashSet<>();
    private Consumer<LiveOrder> ask;

    OrderEvents(final DeribitAdapter.Context context, final OrderRegistry registry, final VenueJson json,
        final VenueEventProxy engine, final DeribitCounters counters) {
        this.registry = registry;
        this.json = json;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.graceNs = context.fillsGraceMs() * 1_000_000L;
    }

    void bind(final Consumer<LiveOrder> asker) {
        ask = asker;
    }

    /** The order of an order object of the venue, null when it is none of ours. */
    LiveOrder find(final JsonNode told) {
        return registry.find(VenueJson.text(told, "order_id"), VenueJson.text(told, "label"));
    }

    /**
     * An order object and the trades beside it.
     *
     * @param recovered whether only a question brought it
     */
    void onOrder(final LiveOrder order, final JsonNode told, final JsonNode trades, final boolean recovered,
        final long nowNs) {
        final String state = VenueJson.text(told, "order_state");
        final String venueOrderId = VenueJson.text(told, "order_id");
        if ("rejected".equals(state)) {
            if (!order.acknowledged && !order.isFinal) {
                registry.bindVenueOrderId(order, venueOrderId);
                rejected(order, order.label, RejectReason.VENUE_REJECTED, VenueJson.text(told, "reject_reason"));
            }
            return;
        }
        if ("triggered".equals(state)) {
            // goes on under another id, which is told beside this one
            return;
        }
        acknowledged(order, venueOrderId, recovered);
        final long filled = json.decimals().orZero(told.get("filled_amount"));
        if (order.orderQty == Scale.NULL) {
            order.orderQty = json.decimals().e8(told.get("amount"));
        }
        final List<Fill> fills = json.fills(trades);
        fills.removeIf(fill -> !fill.venueOrderId().equals(venueOrderId));
        long later = 0;
        for (final Fill fill : fills) {
            later += fill.quantity();
        }
        for (final Fill fill : fills) {
            later -= fill.quantity();
            fill(order, fill, filled - later, recovered, false);
        }
        executed(order, filled, nowNs);
        if ("cancelled".equals(state)) {
            over(order, order.immediate && order.cancelId == null ? ExecType.EXPIRED : ExecType.CANCELED,
                VenueJson.text(told, "cancel_reason"));
        }
    }

    /** The venue has the order. */
    void acknowledged(final LiveOrder order, final String venueOrderId, final boolean recovered) {
        registry.bindVenueOrderId(order, venueOrderId);
        registry.onOpen(order);
        order.absentSinceNs = 0;
        if (!order.acknowledged) {
            order.acknowledged = true;
            begin(order, order.label, ExecType.NEW, OrdStatus.NEW, recovered);
            report.orderQty = order.orderQty;
            report.cumQty = order.ours ? 0 : Scale.NULL;
            end(order);
        }
    }

    /** The venue refused the new order. */
    void rejected(final LiveOrder order, final UUID id, final RejectReason reason, final String word) {
        begin(order, id, ExecType.REJECTED, OrdStatus.REJECTED, false);
        report.reason = reason;
        report.text = word;
        end(order);
        registry.onFinal(order, System.nanoTime());
    }

    /** The venue took the new values. */
    void replaced(final LiveOrder order, final OrderLine line) {
        order.orderQty = line.orderQty();
        begin(order, line.id(), ExecType.REPLACED,
            order.filled > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW, false);
        report.orderQty = line.orderQty();
        report.price = line.price();
        end(order);
    }

    /** The venue refused a cancel or replace. */
    void requestRefused(final LiveOrder order, final UUID id, final VenueMessageKind kind, final RejectReason reason,
        final String word) {
        engine.cancelReject(order.accountId, epochClock.nanoTime(), order.orderId, id, kind, reason, word);
    }

    /** The venue counts so much filled: the fills themselves are on their way, or are asked for. */
    void executed(final LiveOrder order, final long quantity, final long nowNs) {
        order.executed = Math.max(order.executed, quantity);
        if (order.ours && order.owesFills() && owing.add(order)) {
            order.owedSinceNs = nowNs;
            order.askAtNs = nowNs + graceNs;
        }
    }

    /**
     * A fill, wherever it comes from. Returns true when it was new here.
     *
     * @param cumQty filled of the order after it, as the venue counts; null of the protocol when it is not said
     * @param again  tell the engine even if it was told before
     */
    boolean fill(final LiveOrder order, final Fill fill, final long cumQty, final boolean recovered,
        final boolean again) {
        final boolean fresh = order.trades.add(fill.id());
        if (!fresh) {
            counters.increment(DeribitCounter.DOUBLED_FILLS);
            if (!again) {
                return false;
            }
        } else {
            acknowledged(order, fill.venueOrderId(), recovered);
            order.filled += fill.quantity();
            order.executed = Math.max(order.executed, order.filled);
            if (recovered) {
                counters.increment(DeribitCounter.RECOVERED_FILLS);
            }
        }
        final long cum = !fresh ? Scale.NULL : order.ours ? order.filled : cumQty;
        final boolean full = cum != Scale.NULL && order.orderQty != Scale.NULL && cum >= order.orderQty;
        begin(order, order.label, ExecType.TRADE, full ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED, recovered);
        report.lastQty = fill.quantity();
        report.lastPx = fill.price();
        report.cumQty = cum;
        report.leavesQty = cum != Scale.NULL && order.orderQty != Scale.NULL
            ? Math.max(0, order.orderQty - cum) : Scale.NULL;
        report.fee = fill.fee();
        report.feeCurrency = fill.feeCurrency();
        report.liquidity = fill.liquidity();
        report.tradeId = fill.id();
        report.execId = fill.tradeId();
        report.transactNs = fill.epochNs();
        end(order);
        if (full) {
            registry.onFinal(order, System.nanoTime());
        }
        settle(order, false);
        return fresh;
    }

    /** The order is over; told once all fills that the venue counted are here. */
    void over(final LiveOrder order, final ExecType how, final String text) {
        if (order.isFinal) {
            return;
        }
        if (order.closing == null) {
            order.closing = how;
            order.closingText = text;
        }
        settle(order, false);
    }

    int doWork(final long nowNs) {
        if (owing.isEmpty()) {
            return 0;
        }
        int work = 0;
        for (final LiveOrder order : List.copyOf(owing)) {
            final long owedNs = nowNs - order.owedSinceNs;
            if (!order.owesFills()) {
                owing.remove(order);
            } else if (nowNs - order.askAtNs >= 0) {
                order.askAtNs = nowNs + Math.max(graceNs, owedNs / 2);
                ask.accept(order);
                work++;
            } else if (owedNs >= OWED_MAX_NS && order.closing != null) {
                settle(order, true);
                work++;
            }
        }
        return work;
    }

    private void settle(final LiveOrder order, final boolean late) {
        if (order.closing == null || order.isFinal || order.ours && order.owesFills() && !late) {
            return;
        }
        begin(order, order.cancelId, order.closing,
            order.closing == ExecType.EXPIRED ? OrdStatus.EXPIRED : OrdStatus.CANCELED, false);
        report.cumQty = order.ours || order.executed > 0 ? Math.max(order.filled, order.executed) : Scale.NULL;
        report.leavesQty = 0;
        report.text = order.closingText;
        end(order);
        registry.onFinal(order, System.nanoTime());
        owing.remove(order);
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
        report.venueOrderId = order.venueOrderId;
        report.recovered = recovered;
    }

    private void end(final LiveOrder order) {
        engine.execution(order.accountId, epochClock.nanoTime(), report);
    }
}
