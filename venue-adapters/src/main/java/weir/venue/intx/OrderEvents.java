package weir.venue.intx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * What becomes of an order, told to the engine once and in an order it can use: acknowledged before its fills, ended
 * after them. Answers, the list of fills and questions all end here, so it does not matter which of them comes first or
 * twice. An order whose fills are owed longer than a grace is asked about. Agent's thread.
 */
final class OrderEvents {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final long OWED_MAX_NS = 5_000_000_000L;

    private final OrderRegistry registry;
    private final VenueEventProxy engine;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final long graceNs;
    private final VenueExecution report = new VenueExecution();
    private final Set<LiveOrder> owing = new LinkedHashSet<>();
    private Consumer<LiveOrder> ask;
    private Consumer<LiveOrder> hurry;

    OrderEvents(final IntxAdapter.Context context, final OrderRegistry registry, final VenueEventProxy engine,
        final IntxCounters counters) {
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.graceNs = context.fillsGraceMs() * 1_000_000L;
    }

    /**
     * Binds what looks for fills that are owed.
     *
     * @param asker asks about the order
     * @param quick looks at the list of fills
     */
    void bind(final Consumer<LiveOrder> asker, final Consumer<LiveOrder> quick) {
        ask = asker;
        hurry = quick;
    }

    /** The venue has the order. */
    void acknowledged(final LiveOrder order, final String venueOrderId, final boolean recovered) {
        registry.bindVenueOrderId(order, venueOrderId);
        registry.onOpen(order);
        order.absentSinceNs = 0;
        if (!order.acknowledged) {
            order.acknowledged = true;
            begin(order, order.clientId, ExecType.NEW, OrdStatus.NEW, recovered);
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

    /** The venue has the order under the id of the replace that had no answer: told, unless the order is over. */
    void replaceTook(final LiveOrder order) {
        final OrderLine line = order.unsureReplace;
        order.unsureReplace = null;
        order.unsureUntilNs = 0;
        // how much it takes before it rests again nobody says but FIX, fill by fill
        order.unsureTo = Long.MAX_VALUE;
        registry.rename(order, line.id(), "");
        if (!order.isFinal) {
            replaced(order, line);
        }
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
            hurry.accept(order);
        }
    }

    /**
     * A fill. Returns true when it was new here.
     *
     * @param again tell the engine even if it was told before
     */
    boolean fill(final LiveOrder order, final Fill fill, final boolean recovered, final boolean again) {
        final boolean fresh = order.trades.add(fill.execId());
        if (!fresh) {
            counters.increment(IntxCounter.DOUBLED_FILLS);
            if (!again) {
                return false;
            }
        } else {
            acknowledged(order, fill.venueOrderId(), recovered);
            order.filled += fill.quantity();
            order.executed = Math.max(order.executed, order.filled);
            if (recovered) {
                counters.increment(IntxCounter.RECOVERED_FILLS);
            }
        }
        final boolean full = order.ours && order.orderQty != Scale.NULL && order.filled >= order.orderQty
            || fill.total() != Scale.NULL && fill.total() == fill.orderQty();
        begin(order, order.clientId, ExecType.TRADE, full ? OrdStatus.FILLED : OrdStatus.PARTIALLY_FILLED, recovered);
        report.lastQty = fill.quantity();
        report.lastPx = fill.price();
        report.cumQty = order.ours && fresh ? order.filled : Scale.NULL;
        report.fee = fill.fee();
        report.feeCurrency = fill.feeCurrency();
        report.liquidity = liquidity(order, fill);
        report.tradeId = fill.execId();
        report.execId = fill.fillId();
        report.transactNs = fill.epochNs();
        end(order);
        if (full) {
            registry.onFinal(order, System.nanoTime());
        }
        settle(order, false);
        return fresh;
    }

    /**
     * FIX says who made the market, the venue's list of fills does not. What an order executes before it rests it
     * takes, what comes later it makes; where its answer was lost, or a replace may have crossed, it is not known.
     */
    private static Liquidity liquidity(final LiveOrder order, final Fill fill) {
        if (fill.liquidity() != Liquidity.UNKNOWN) {
            return fill.liquidity();
        }
        if (order.immediate) {
            return Liquidity.TAKER;
        }
        if (order.postOnly) {
            return Liquidity.MAKER;
        }
        if (!order.ours || order.stop || order.takenTo == Scale.NULL || fill.total() == Scale.NULL) {
            return Liquidity.UNKNOWN;
        }
        if (fill.total() <= order.takenTo) {
            return Liquidity.TAKER;
        }
        return order.unsureReplace != null || fill.total() <= order.unsureTo ? Liquidity.UNKNOWN : Liquidity.MAKER;
    }

    /**
     * The order is over; told once all fills that the venue counted are here.
     *
     * @param how     CANCELED or EXPIRED
     * @param request the cancel that did it, null when none of ours did
     * @param filled  filled quantity at its end, null of the protocol when it was not said
     */
    void over(final LiveOrder order, final ExecType how, final UUID request, final long filled, final String text,
        final long nowNs) {
        if (order.isFinal) {
            return;
        }
        if (order.closing == null || request != null) {
            order.closing = how;
            order.closingRequest = request == null ? order.closingRequest : request;
            order.closingText = text;
        }
        if (filled != Scale.NULL) {
            executed(order, filled, nowNs);
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
        begin(order, order.closingRequest, order.closing,
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

    /** Orders of an account that are not over and of which nothing is with the venue, for a catch-up. */
    List<LiveOrder> live(final int accountId) {
        final List<LiveOrder> live = new ArrayList<>();
        for (final LiveOrder order : registry.all()) {
            if (order.accountId == accountId && order.inFlight == 0 && isLive(order)) {
                live.add(order);
            }
        }
        return live;
    }

    /** Whether an account has an order that may trade. */
    boolean hasLive(final int accountId) {
        for (final LiveOrder order : registry.all()) {
            if (order.accountId == accountId && isLive(order)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLive(final LiveOrder order) {
        return (!order.isFinal || order.owesFills()) && (order.acknowledged || order.sent);
    }
}
