package weir.venue.coinbase;

import weir.fix.text.UtcTimestampText;
import weir.fix.wire.FixFrame;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.UuidText;
import weir.venue.VenueEventProxy;

/**
 * ExecutionReport(8) and OrderCancelReject(9), as bytes, straight to the events that {@link ReportTranslator} makes of
 * their text. It decides before it acts: a report that is out of the ordinary in any way (another form of a value, two
 * fees, an answer to a query, an order that is not known) is left to the text path, untouched. Allocates nothing.
 * Agent's thread.
 */
final class FastReportReader {
    private static final int NONE = -1;
    private static final int ID_LENGTH = 36;
    private static final int CURRENCY_LENGTH = VenueExecutionEncoder.feeCurrencyLength();

    private final OrderRegistry registry;
    private final QueryDesk queries;
    private final VenueEventProxy engine;
    private final UuidText.Reader uuid = new UuidText.Reader();
    private final ByteDecimal decimal = new ByteDecimal();
    private FixFrame frame;
    private boolean odd;
    private int avgPxAt;
    private int clOrdIdAt;
    private int cumQtyAt;
    private int execIdAt;
    private int lastPxAt;
    private int lastQtyAt;
    private int orderIdAt;
    private int orderQtyAt;
    private int ordStatusAt;
    private int origClOrdIdAt;
    private int priceAt;
    private int textAt;
    private int transactTimeAt;
    private int cxlRejReasonAt;
    private int noMiscFeesAt;
    private int execTypeAt;
    private int leavesQtyAt;
    private int responseToAt;
    private int tradeIdAt;
    private int aggressorAt;
    private long idHigh;
    private long idLow;
    private IdRef ref;
    private LiveOrder order;
    private long fee;
    private int feeCurrencyAt;

    FastReportReader(final OrderRegistry registry, final QueryDesk queries, final VenueEventProxy engine) {
        this.registry = registry;
        this.queries = queries;
        this.engine = engine;
    }

    /** Takes a report of type 8 or 9; false when nothing was done and the text path has to. */
    boolean onReport(final AccountLink link, final byte type, final FixFrame report, final long epochNs,
        final long nowNs) {
        frame = report;
        odd = false;
        index();
        final char execType = character(execTypeAt);
        if (!findOrder() || !isAscii(textAt, VenueEventProxy.MAX_TEXT)) {
            return false;
        }
        return type == '8' ? onExecution(link, execType, epochNs, nowNs) : onCancelReject(link, epochNs, nowNs);
    }

    private boolean onCancelReject(final AccountLink link, final long epochNs, final long nowNs) {
        final boolean replace = character(responseToAt) == '2';
        if (odd) {
            return false;
        }
        ReportTranslator.confirm(link, ref, nowNs);
        cancelReject(link, epochNs, replace ? VenueMessageKind.REPLACE : VenueMessageKind.CANCEL,
            ReportTranslator.cancelReason(cxlRejReasonAt < 0 ? NONE : frame.intAt(cxlRejReasonAt)));
        return true;
    }

    private boolean onExecution(final AccountLink link, final char execTypeCode, final long epochNs,
        final long nowNs) {
        final ExecType execType = ExecutionReader.execType(execTypeCode);
        final boolean rejected = execType == ExecType.REJECTED;
        if (execType == ExecType.ORDER_STATUS || rejected && queries.isAsked(order) || order.job != null
            || order.moved) {
            return false;
        }
        final long lastQty = exact(lastQtyAt);
        final long lastPx = exact(lastPxAt);
        final long cumQty = exact(cumQtyAt);
        final long leavesQty = exact(leavesQtyAt);
        final long avgPx = rounded(avgPxAt);
        final long orderQty = exact(orderQtyAt);
        final long price = exact(priceAt);
        final OrdStatus ordStatus = ExecutionReader.ordStatus(character(ordStatusAt), cumQty);
        final char aggressor = character(aggressorAt);
        final long tradeId = tradeIdAt < 0 ? 0 : frame.longAt(tradeIdAt);
        final long transactNs = timestamp(transactTimeAt);
        fee = Scale.NULL;
        feeCurrencyAt = NONE;
        if (execType == ExecType.TRADE && noMiscFeesAt >= 0) {
            readFee();
        }
        if (odd || tradeId == Long.MIN_VALUE || !isAscii(orderIdAt, ID_LENGTH) || !isAscii(execIdAt, ID_LENGTH)
            || !isAscii(feeCurrencyAt, CURRENCY_LENGTH)) {
            return false;
        }
        ReportTranslator.confirm(link, ref, nowNs);
        if (rejected && ref != null
            && (ref.kind == VenueMessageKind.CANCEL || ref.kind == VenueMessageKind.REPLACE)) {
            cancelReject(link, epochNs, ref.kind, RejectReason.VENUE_REJECTED);
            return true;
        }
        if (!rejected && orderIdAt >= 0) {
            registry.bindVenueOrderId(order, frame.buffer(), frame.startAt(orderIdAt), frame.lengthAt(orderIdAt));
        }
        final VenueExecutionEncoder event = engine.beginExecution(link.accountId(), epochNs);
        event.orderId(order.orderId).requestIdHigh(idHigh).requestIdLow(idLow)
            .execType(execType).ordStatus(ordStatus).liquidity(ExecutionReader.liquidity(aggressor))
            .reason(rejected ? RejectReason.VENUE_REJECTED.code() : RejectReason.NONE.code())
            .lastQty(lastQty).lastPx(lastPx).cumQty(cumQty).leavesQty(leavesQty).avgPx(avgPx).orderQty(orderQty)
            .price(price).fee(fee).tradeId(tradeId).transactNs(transactNs).recovered(BooleanType.FALSE);
        put(event, VenueExecutionEncoder.feeCurrencyEncodingOffset(), CURRENCY_LENGTH, feeCurrencyAt);
        put(event, VenueExecutionEncoder.venueOrderIdEncodingOffset(), ID_LENGTH, orderIdAt);
        put(event, VenueExecutionEncoder.execIdEncodingOffset(), ID_LENGTH, execIdAt);
        event.putText(frame.buffer(), textAt < 0 ? 0 : frame.startAt(textAt), textAt < 0 ? 0 : frame.lengthAt(textAt));
        engine.commitExecution();
        if (ReportTranslator.isFinal(ordStatus)) {
            registry.onFinal(order, nowNs);
        } else {
            registry.onOpen(order);
        }
        return true;
    }

    private void cancelReject(final AccountLink link, final long epochNs, final VenueMessageKind kind,
        final RejectReason reason) {
        engine.cancelReject(link.accountId(), epochNs, order.orderId, idHigh, idLow, kind, reason, frame.buffer(),
            textAt < 0 ? 0 : frame.startAt(textAt), textAt < 0 ? 0 : frame.lengthAt(textAt));
    }

    /** By ClOrdID(11), else OrigClOrdID(41), else OrderID(37): the order of the report. */
    private boolean findOrder() {
        ref = null;
        order = null;
        if (clOrdIdAt >= 0) {
            if (!read(clOrdIdAt)) {
                return false;
            }
            ref = registry.ref(uuid.high(), uuid.low());
        }
        idHigh = clOrdIdAt < 0 ? 0 : uuid.high();
        idLow = clOrdIdAt < 0 ? 0 : uuid.low();
        if (ref != null && ref.order != null) {
            order = ref.order;
            return true;
        }
        if (origClOrdIdAt >= 0) {
            if (!read(origClOrdIdAt)) {
                return false;
            }
            final IdRef orig = registry.ref(uuid.high(), uuid.low());
            order = orig == null ? null : orig.order;
        }
        if (order == null && orderIdAt >= 0) {
            order = registry.byVenueOrderId(frame.buffer(), frame.startAt(orderIdAt), frame.lengthAt(orderIdAt));
        }
        return order != null;
    }

    private boolean read(final int index) {
        return uuid.read(frame.buffer(), frame.startAt(index), frame.lengthAt(index));
    }

    /** One fee, of an amount, is understood: NoMiscFees(136), MiscFeeAmt(137), MiscFeeCurr(138), 139, 891. */
    private void readFee() {
        int amountAt = NONE;
        int currencyAt = NONE;
        for (int i = noMiscFeesAt + 1; i < frame.count(); i++) {
            final int tag = frame.tagAt(i);
            if (tag == 137 && amountAt < 0 && i == noMiscFeesAt + 1) {
                amountAt = i;
            } else if (tag == 138 && amountAt >= 0) {
                currencyAt = i;
            } else if (tag == 891) {
                odd |= frame.lengthAt(i) == 1 && frame.charAt(i) == '2';
            } else if (tag != 139) {
                odd |= tag == 137 || tag == 138;
                break;
            }
        }
        if (amountAt < 0) {
            odd = true;
            return;
        }
        fee = rounded(amountAt);
        feeCurrencyAt = currencyAt;
    }

    private long exact(final int index) {
        final long plain = index < 0 ? Scale.NULL : frame.plainDecimalAt(index);
        if (index < 0 || plain != Scale.NULL) {
            return plain;
        }
        final long mantissa = rounded(index);
        odd |= decimal.wasRounded();
        return mantissa;
    }

    private long rounded(final int index) {
        if (index < 0) {
            return Scale.NULL;
        }
        final long mantissa = decimal.parse(frame.buffer(), frame.startAt(index), frame.lengthAt(index));
        odd |= mantissa == ByteDecimal.ODD;
        return mantissa;
    }

    private char character(final int index) {
        if (index < 0) {
            return 0;
        }
        odd |= frame.lengthAt(index) != 1;
        return (char)(frame.charAt(index) & 0xFF);
    }

    private long timestamp(final int index) {
        if (index < 0) {
            return 0;
        }
        final long epochNs = frame.timestampAt(index);
        // a leap second has a meaning of its own on the text path
        odd |= epochNs == UtcTimestampText.INVALID || frame.buffer().getByte(frame.startAt(index) + 15) == '6';
        return epochNs;
    }

    private boolean isAscii(final int index, final int lengthMax) {
        if (index < 0) {
            return true;
        }
        return frame.lengthAt(index) <= lengthMax && frame.isAsciiAt(index);
    }

    private void put(final VenueExecutionEncoder event, final int fieldOffset, final int fieldLength,
        final int index) {
        frame.copyAt(index, event.buffer(), event.offset() + fieldOffset, fieldLength);
    }

    /** Where the first field of each tag lies. */
    private void index() {
        avgPxAt = NONE;
        clOrdIdAt = NONE;
        cumQtyAt = NONE;
        execIdAt = NONE;
        lastPxAt = NONE;
        lastQtyAt = NONE;
        orderIdAt = NONE;
        orderQtyAt = NONE;
        ordStatusAt = NONE;
        origClOrdIdAt = NONE;
        priceAt = NONE;
        textAt = NONE;
        transactTimeAt = NONE;
        cxlRejReasonAt = NONE;
        noMiscFeesAt = NONE;
        execTypeAt = NONE;
        leavesQtyAt = NONE;
        responseToAt = NONE;
        tradeIdAt = NONE;
        aggressorAt = NONE;
        for (int i = frame.count() - 1; i >= 0; i--) {
            switch (frame.tagAt(i)) {
                case 6 -> avgPxAt = i;
                case 11 -> clOrdIdAt = i;
                case 14 -> cumQtyAt = i;
                case 17 -> execIdAt = i;
                case 31 -> lastPxAt = i;
                case 32 -> lastQtyAt = i;
                case 37 -> orderIdAt = i;
                case 38 -> orderQtyAt = i;
                case 39 -> ordStatusAt = i;
                case 41 -> origClOrdIdAt = i;
                case 44 -> priceAt = i;
                case 58 -> textAt = i;
                case 60 -> transactTimeAt = i;
                case 102 -> cxlRejReasonAt = i;
                case 136 -> noMiscFeesAt = i;
                case 150 -> execTypeAt = i;
                case 151 -> leavesQtyAt = i;
                case 434 -> responseToAt = i;
                case 1003 -> tradeIdAt = i;
                case 1057 -> aggressorAt = i;
                default -> { }
            }
        }
    }
}
