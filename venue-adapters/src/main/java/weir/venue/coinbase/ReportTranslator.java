package weir.venue.coinbase;

import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.VenueEventProxy;
import weir.venue.VenueExecution;

/**
 * The venue's messages to events for the engine: 8, 9, j, 3, U7, U5, r. A refusal finds its request by ClOrdID(11), by
 * BusinessRejectRefID(379), by BatchID(8014) or by RefSeqNum(45), whichever the message has. What names no order of
 * ours is counted and logged. Agent's thread.
 */
final class ReportTranslator {
    private static final Logger LOG = LoggerFactory.getLogger(ReportTranslator.class);
    private static final UUID NO_ID = new UUID(0, 0);

    private final OrderRegistry registry;
    private final QueryDesk queries;
    private final VenueEventProxy engine;
    private final CoinbaseCounters counters;
    private final ExecutionReader reader;
    private final VenueExecution report = new VenueExecution();

    ReportTranslator(final OrderRegistry registry, final QueryDesk queries, final VenueEventProxy engine,
        final CoinbaseCounters counters) {
        this.registry = registry;
        this.queries = queries;
        this.engine = engine;
        this.counters = counters;
        this.reader = new ExecutionReader(new Decimals(counters));
    }

    void onReport(final AccountLink link, final String type, final FixFields fields, final long epochNs,
        final long nowNs) {
        switch (type) {
            case "8":
                onExecutionReport(link, fields, epochNs, nowNs);
                break;
            case "9":
                onCancelReject(link, fields, epochNs, nowNs);
                break;
            case "j":
            case "3":
            case "U7":
            case "U5":
                onMessageReject(link, type, fields, epochNs, nowNs);
                break;
            case "r":
                onMassCancelReport(link, fields, epochNs, nowNs);
                break;
            default:
                counters.increment(CoinbaseCounter.UNHANDLED_MESSAGES);
                LOG.warn("account {}: message of type {} is not handled", link.accountId(), type);
                break;
        }
    }

    private void onExecutionReport(final AccountLink link, final FixFields fields, final long epochNs,
        final long nowNs) {
        final UUID id = fields.getUuid(11);
        final IdRef ref = registry.ref(id);
        confirm(link, ref, nowNs);
        final LiveOrder order = orderOf(ref, fields);
        if (order == null) {
            unknown(link, "8", fields);
            return;
        }
        reader.read(fields, report);
        if (isOfBefore(order, report)) {
            counters.increment(CoinbaseCounter.REPORTS_OF_BEFORE);
            return;
        }
        report.orderId = order.orderId;
        report.cumQty += report.cumQty == Scale.NULL ? 0 : order.filledBefore;
        report.orderQty += report.orderQty == Scale.NULL ? 0 : order.filledBefore;
        if (report.execType == ExecType.ORDER_STATUS) {
            registry.bindVenueOrderId(order, report.venueOrderId);
            if (queries.onFixState(order, fields, reader, nowNs)) {
                return;
            }
        } else if (report.execType == ExecType.REJECTED) {
            if (isUnknownOrder(fields) && queries.onFixUnknown(order, nowNs)) {
                return;
            }
            link.onReported(ref);
            if (isOfRequest(ref)) {
                engine.cancelReject(link.accountId(), epochNs, order.orderId, id, ref.kind,
                    RejectReason.VENUE_REJECTED, report.text);
                return;
            }
            report.reason = RejectReason.VENUE_REJECTED;
        } else {
            if (isAnswer(report.execType)) {
                link.onReported(ref);
            }
            registry.bindVenueOrderId(order, report.venueOrderId);
        }
        final UUID requestId = id == null ? NO_ID : id;
        report.requestIdHigh = requestId.getMostSignificantBits();
        report.requestIdLow = requestId.getLeastSignificantBits();
        engine.execution(link.accountId(), epochNs, report);
        if (isFinal(report.ordStatus)) {
            registry.onFinal(order, nowNs);
        } else {
            registry.onOpen(order);
        }
    }

    /** REST has put another order into its place, with all that it filled told, or is about to: no news. */
    private static boolean isOfBefore(final LiveOrder order, final VenueExecution report) {
        if (order.job != null) {
            return report.execType == ExecType.CANCELED;
        }
        return order.moved && !report.venueOrderId.isEmpty() && !report.venueOrderId.equals(order.venueOrderIdText());
    }

    private void onCancelReject(final AccountLink link, final FixFields fields, final long epochNs, final long nowNs) {
        final UUID id = fields.getUuid(11);
        final IdRef ref = registry.ref(id);
        confirm(link, ref, nowNs);
        final LiveOrder order = orderOf(ref, fields);
        if (order == null) {
            unknown(link, "9", fields);
            return;
        }
        if (isOfRequest(ref)) {
            link.onReported(ref);
        }
        final VenueMessageKind kind = fields.getChar(434) == '2' ? VenueMessageKind.REPLACE : VenueMessageKind.CANCEL;
        engine.cancelReject(link.accountId(), epochNs, order.orderId, id == null ? NO_ID : id, kind,
            cancelReason(fields.getInt(102)), fields.getOrEmpty(58));
    }

    private void onMessageReject(final AccountLink link, final String type, final FixFields fields, final long epochNs,
        final long nowNs) {
        final OutboundRequest request = requestOf(link, type, fields);
        if (request == null) {
            unknown(link, type, fields);
            return;
        }
        link.onAnswered(request, nowNs);
        final String text = fields.getOrEmpty(58);
        final RejectReason reason = text.toLowerCase(Locale.ROOT).contains("rate limit")
            ? RejectReason.VENUE_THROTTLED : RejectReason.VENUE_REJECTED;
        link.learn(fields.getInt(380), text, epochNs, nowNs);
        if (request.kind() == VenueMessageKind.STATUS) {
            queries.onFixRefused(request.query, nowNs);
        } else if (request.isNew()) {
            RequestPool.hold(request); // the last order that becomes final may give it up
            request.answered = !request.isBatch();
            for (int i = 0; i < request.lineCount(); i++) {
                final OrderLine line = request.line(i);
                engine.messageReject(link.accountId(), epochNs, line.orderId, line.idHigh, line.idLow, request.kind(),
                    reason, text);
                final LiveOrder order = registry.order(line.orderId);
                if (order != null) {
                    registry.onFinal(order, nowNs);
                }
            }
            registry.release(request);
        } else {
            engine.messageReject(link.accountId(), epochNs, request.orderId, request.idHigh, request.idLow,
                request.kind(), reason, text);
        }
    }

    private void onMassCancelReport(final AccountLink link, final FixFields fields, final long epochNs,
        final long nowNs) {
        final UUID id = fields.getUuid(11);
        final IdRef ref = registry.ref(id);
        confirm(link, ref, nowNs);
        if (ref == null || ref.kind != VenueMessageKind.MASS_CANCEL) {
            unknown(link, "r", fields);
        } else if (fields.getChar(531) == '0') {
            engine.cancelReject(link.accountId(), epochNs, 0, id, VenueMessageKind.MASS_CANCEL,
                RejectReason.VENUE_REJECTED, fields.getOrEmpty(58));
        }
    }

    private OutboundRequest requestOf(final AccountLink link, final String type, final FixFields fields) {
        final IdRef ref = registry.ref(fields.getUuid(type.charAt(0) == 'U' ? 8014 : 379));
        final boolean status = "H".equals(fields.get(372));
        if (ref != null && ref.request != null && !status) {
            return ref.request;
        }
        final int refSeqNum = fields.getInt(45);
        final OutboundRequest bySeq = refSeqNum < 0 ? null : link.requestOf(refSeqNum);
        if (bySeq != null || !status || ref == null || ref.order == null) {
            return bySeq;
        }
        return queries.statusRequestOf(ref.order);
    }

    private LiveOrder orderOf(final IdRef ref, final FixFields fields) {
        if (ref != null && ref.order != null) {
            return ref.order;
        }
        final IdRef orig = registry.ref(fields.getUuid(41));
        if (orig != null && orig.order != null) {
            return orig.order;
        }
        return registry.byVenueOrderId(fields.get(37));
    }

    private void unknown(final AccountLink link, final String type, final FixFields fields) {
        counters.increment(CoinbaseCounter.UNKNOWN_REPORTS);
        LOG.warn("account {}: report of no order of ours: 35={} 11={} 41={} 37={} 45={} 379={} 8014={} 150={} 58={}",
            link.accountId(), type, fields.get(11), fields.get(41), fields.get(37), fields.get(45), fields.get(379),
            fields.get(8014), fields.get(150), fields.get(58));
    }

    /** Whether a report says what became of the request it names: one that is pending may yet be refused. */
    static boolean isAnswer(final ExecType execType) {
        return execType != ExecType.ORDER_STATUS && execType != ExecType.PENDING_NEW
            && execType != ExecType.PENDING_CANCEL && execType != ExecType.PENDING_REPLACE;
    }

    /** Whether an id is a cancel's or a replace's. */
    static boolean isOfRequest(final IdRef ref) {
        return ref != null && (ref.kind == VenueMessageKind.CANCEL || ref.kind == VenueMessageKind.REPLACE);
    }

    static void confirm(final AccountLink link, final IdRef ref, final long nowNs) {
        if (ref != null && ref.request != null && ref.request.slot >= 0) {
            link.onAnswered(ref.request, nowNs);
        }
    }

    private static boolean isUnknownOrder(final FixFields fields) {
        return fields.getInt(103) == 5 || fields.getOrEmpty(58).toLowerCase(Locale.ROOT).contains("unknown order");
    }

    /** Ours for CxlRejReason(102); a number that is none of the standard's is the venue's own. */
    static RejectReason cancelReason(final int cxlRejReason) {
        switch (cxlRejReason) {
            case 0:
                return RejectReason.ORDER_FINAL;
            case 1:
                return RejectReason.UNKNOWN_ORDER;
            case 3:
                return RejectReason.CANCEL_PENDING;
            default:
                return RejectReason.VENUE_REJECTED;
        }
    }

    static boolean isFinal(final OrdStatus status) {
        return status == OrdStatus.FILLED || status == OrdStatus.CANCELED || status == OrdStatus.REJECTED
            || status == OrdStatus.EXPIRED;
    }

}
