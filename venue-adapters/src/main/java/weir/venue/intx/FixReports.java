package weir.venue.intx;

import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;

/**
 * The venue's application messages to events: 8, 9, r; notices that are no word about an order of ours (AE, F8) are
 * counted. ExecID(17) of a fill is the number that REST calls {@code exec_id}: whichever says it first, it is told
 * once. Agent's thread.
 */
final class FixReports {
    private static final Logger LOG = LoggerFactory.getLogger(FixReports.class);
    private static final String PRE_FILL = "F8";

    private final FixPath path;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueEventProxy engine;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;

    FixReports(final FixPath path, final OrderRegistry registry, final OrderEvents orders,
        final VenueEventProxy engine, final IntxCounters counters, final EpochNanoClock epochClock) {
        this.path = path;
        this.registry = registry;
        this.orders = orders;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = epochClock;
    }

    void onReport(final String type, final FixFields fields, final long epochNs, final long nowNs) {
        counters.increment(IntxCounter.FIX_REPORTS);
        switch (type) {
            case "8":
                onExecution(fields, epochNs, nowNs);
                break;
            case "9":
                onCancelReject(fields, epochNs, nowNs);
                break;
            case "r":
                onMassCancel(fields, epochNs, nowNs);
                break;
            case PRE_FILL:
                // the ExecutionReport follows
                break;
            default:
                counters.increment(IntxCounter.UNKNOWN_REPORTS);
                LOG.warn("account {}: message of type {} is no word about an order of ours",
                    path.account().accountId(), type);
                break;
        }
    }

    /** The venue did not carry a request out. */
    void refused(final OutboundRequest request, final RejectReason reason, final String text) {
        if (request.line == null) {
            engine.messageReject(path.account().accountId(), epochClock.nanoTime(), 0, request.id, request.kind,
                reason, VenueWords.text(text));
        } else if (request.isNew()) {
            engine.messageReject(path.account().accountId(), epochClock.nanoTime(), request.line.order().orderId,
                request.id, VenueMessageKind.NEW, reason, VenueWords.text(text));
            registry.onFinal(request.line.order(), System.nanoTime());
        } else {
            refused(request.line, request.kind, reason, text);
        }
    }

    private void refused(final OrderLine line, final VenueMessageKind kind, final RejectReason reason,
        final String text) {
        final LiveOrder order = line.order();
        if (line == order.unsureReplace) {
            order.unsureReplace = null;
            order.unsureUntilNs = 0;
        }
        orders.requestRefused(order, line.id(), kind, reason, VenueWords.text(text));
        path.look(order);
    }

    /** Whatever the report is about: the order has, or had, the id of the replace that has no answer yet. */
    private static boolean isReplaced(final LiveOrder order, final FixFields fields) {
        if (order.unsureReplace == null) {
            return false;
        }
        final String id = order.unsureReplace.id().toString();
        return id.equals(fields.text(11)) || id.equals(fields.text(41));
    }

    private void onExecution(final FixFields fields, final long epochNs, final long nowNs) {
        final String id = fields.text(11);
        final char execType = fields.character(150);
        OutboundRequest request = path.unanswered(id);
        final LiveOrder order = request != null && request.line != null ? request.line.order() : find(fields);
        if (order == null || order.accountId != path.account().accountId()) {
            counters.increment(IntxCounter.UNKNOWN_REPORTS);
            LOG.warn("account {}: report of an order that is not known here: {} {}", path.account().accountId(),
                fields.text(37), id);
            return;
        }
        if (execType == '8') {
            if (request == null || request.isCancel()) {
                counters.increment(IntxCounter.UNKNOWN_REPORTS);
                return;
            }
            path.onAnswered(request, fields, epochNs, nowNs);
            refused(request, FixWords.ofOrder(fields.number(103), fields.text(58)), fields.text(58));
            return;
        }
        if (isReplaced(order, fields)) {
            orders.replaceTook(order);
        }
        if (request == null && execType == '4') {
            request = path.cancelOf(order);
        }
        if (request != null) {
            path.onAnswered(request, fields, epochNs, nowNs);
        }
        told(order, execType, fields, request, nowNs);
    }

    private void told(final LiveOrder order, final char execType, final FixFields fields,
        final OutboundRequest request, final long nowNs) {
        final String venueOrderId = fields.text(37);
        final UUID cancel = request != null && request.isCancel() ? request.id : null;
        switch (execType) {
            case '0':
            case 'L':
                orders.acknowledged(order, venueOrderId, false);
                break;
            case '1':
            case '2':
                onFill(order, fields, nowNs);
                break;
            case '4':
                orders.acknowledged(order, venueOrderId, false);
                orders.over(order, order.immediate && cancel == null ? ExecType.EXPIRED : ExecType.CANCELED, cancel,
                    fields.e8(14), fields.text(58), nowNs);
                break;
            case 'C':
                orders.acknowledged(order, venueOrderId, false);
                orders.over(order, ExecType.EXPIRED, null, fields.e8(14), fields.text(58), nowNs);
                break;
            case '5':
                // told above, by the id; of a replace by REST its answer, or a question, says what became of it
                break;
            default:
                counters.increment(IntxCounter.UNKNOWN_WORDS);
                path.look(order);
                break;
        }
    }

    private void onFill(final LiveOrder order, final FixFields fields, final long nowNs) {
        final String execId = fields.text(17);
        final long quantity = fields.e8(32);
        final long price = fields.e8(31);
        if (execId.isEmpty() || quantity == Scale.NULL || quantity <= 0 || price == Scale.NULL) {
            counters.increment(IntxCounter.UNREADABLE_ANSWERS);
            path.look(order);
            return;
        }
        final char made = fields.character(851);
        orders.fill(order, new Fill(execId, VenueJson.execId(execId, execId), fields.text(37), fields.text(11),
            quantity, price, fields.e8(38), fields.e8(14), fields.sum(137), fields.text(138), fields.epochNs(60),
            made == '1' ? Liquidity.MAKER : made == '2' ? Liquidity.TAKER : Liquidity.UNKNOWN), false, false);
        if (fields.e8(14) != Scale.NULL) {
            orders.executed(order, fields.e8(14), nowNs);
        }
    }

    private void onCancelReject(final FixFields fields, final long epochNs, final long nowNs) {
        final OutboundRequest request = path.unanswered(fields.text(11));
        final boolean ofReplace = fields.character(434) == '2';
        final RejectReason reason = ofReplace ? FixWords.ofReplace(fields.number(102), fields.text(58))
            : FixWords.ofCancel(fields.number(102));
        if (request != null) {
            path.onAnswered(request, fields, epochNs, nowNs);
            refused(request, reason, fields.text(58));
            return;
        }
        final LiveOrder order = registry.find("", fields.text(11));
        final OrderLine late = order == null ? null : order.unsureReplace;
        if (ofReplace && late != null && late.id().toString().equals(fields.text(11))) {
            // nobody waited for it any more
            refused(late, VenueMessageKind.REPLACE, reason, fields.text(58));
        } else {
            counters.increment(IntxCounter.UNKNOWN_REPORTS);
        }
    }

    private void onMassCancel(final FixFields fields, final long epochNs, final long nowNs) {
        final OutboundRequest request = path.unanswered(fields.text(11));
        if (request == null) {
            counters.increment(IntxCounter.UNKNOWN_REPORTS);
            return;
        }
        path.onAnswered(request, fields, epochNs, nowNs);
        if (fields.character(531) == '0') {
            refused(request, RejectReason.VENUE_REJECTED, fields.text(58));
        }
    }

    private LiveOrder find(final FixFields fields) {
        final LiveOrder order = registry.find(fields.text(37), fields.text(41));
        return order != null ? order : registry.find("", fields.text(11));
    }
}
