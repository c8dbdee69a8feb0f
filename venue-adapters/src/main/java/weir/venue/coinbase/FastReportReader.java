package weir.venue.coinbase;

import static weir.venue.coinbase.ReportIndex.AGGRESSOR;
import static weir.venue.coinbase.ReportIndex.AVG_PX;
import static weir.venue.coinbase.ReportIndex.CL_ORD_ID;
import static weir.venue.coinbase.ReportIndex.CUM_QTY;
import static weir.venue.coinbase.ReportIndex.CXL_REJ_REASON;
import static weir.venue.coinbase.ReportIndex.CXL_REJ_RESPONSE_TO;
import static weir.venue.coinbase.ReportIndex.EXEC_ID;
import static weir.venue.coinbase.ReportIndex.EXEC_TYPE;
import static weir.venue.coinbase.ReportIndex.LAST_PX;
import static weir.venue.coinbase.ReportIndex.LAST_QTY;
import static weir.venue.coinbase.ReportIndex.LEAVES_QTY;
import static weir.venue.coinbase.ReportIndex.NO_MISC_FEES;
import static weir.venue.coinbase.ReportIndex.ORDER_ID;
import static weir.venue.coinbase.ReportIndex.ORDER_QTY;
import static weir.venue.coinbase.ReportIndex.ORD_STATUS;
import static weir.venue.coinbase.ReportIndex.ORIG_CL_ORD_ID;
import static weir.venue.coinbase.ReportIndex.PRICE;
import static weir.venue.coinbase.ReportIndex.TEXT;
import static weir.venue.coinbase.ReportIndex.TRADE_ID;
import static weir.venue.coinbase.ReportIndex.TRANSACT_TIME;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.text.UtcTimestampText;
import weir.fix.wire.FixFrame;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
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
    /** Where the last eight bytes of an id lie, half of them in the word before. */
    private static final int ID_LAST_WORD = ID_LENGTH - Long.BYTES;
    private static final int CURRENCY_LENGTH = VenueExecutionEncoder.feeCurrencyLength();

    private final OrderRegistry registry;
    private final QueryDesk queries;
    private final VenueEventProxy engine;
    private final UuidText.Reader uuid = new UuidText.Reader();
    private final ByteDecimal decimal = new ByteDecimal();
    private FixFrame frame;
    private ReportIndex fields;
    private boolean odd;
    private long idHigh;
    private long idLow;
    private IdRef ref;
    private LiveOrder order;
    private ReportValues values;
    private long changed;
    private int feeCurrencyAt;

    FastReportReader(final OrderRegistry registry, final QueryDesk queries, final VenueEventProxy engine) {
        this.registry = registry;
        this.queries = queries;
        this.engine = engine;
    }

    /** Takes a report of type 8 or 9 and its index; false when nothing was done and the text path has to. */
    boolean onReport(final AccountLink link, final byte type, final FixFrame report, final ReportIndex index,
        final long epochNs, final long nowNs) {
        frame = report;
        fields = index;
        odd = false;
        final char execType = character(at(EXEC_TYPE));
        if (!findOrder() || !isAscii(at(TEXT), VenueEventProxy.MAX_TEXT)) {
            return false;
        }
        return type == '8' ? onExecution(link, execType, epochNs, nowNs) : onCancelReject(link, epochNs, nowNs);
    }

    private boolean onCancelReject(final AccountLink link, final long epochNs, final long nowNs) {
        final int reasonAt = at(CXL_REJ_REASON);
        final boolean replace = character(at(CXL_REJ_RESPONSE_TO)) == '2';
        if (odd) {
            return false;
        }
        ReportTranslator.confirm(link, ref, nowNs);
        if (ReportTranslator.isOfRequest(ref)) {
            link.onReported(ref);
        }
        cancelReject(link, epochNs, replace ? VenueMessageKind.REPLACE : VenueMessageKind.CANCEL,
            ReportTranslator.cancelReason(reasonAt < 0 ? NONE : frame.intAt(reasonAt)));
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
        readValues();
        final OrdStatus ordStatus = ExecutionReader.ordStatus(character(at(ORD_STATUS)), values.cumQty);
        final char aggressor = character(at(AGGRESSOR));
        feeCurrencyAt = NONE;
        final boolean hasFees = at(NO_MISC_FEES) >= 0;
        if (hasFees && execType == ExecType.TRADE) {
            readFee();
        } else {
            values.fee = Scale.NULL;
        }
        final int orderIdAt = at(ORDER_ID);
        if (odd || values.tradeId == Long.MIN_VALUE || !isAscii(orderIdAt, ID_LENGTH)
            || !isAscii(at(EXEC_ID), ID_LENGTH) || !isAscii(feeCurrencyAt, CURRENCY_LENGTH)) {
            return false;
        }
        if (!hasFees || execType == ExecType.TRADE) {
            fields.markRead();
        }
        ReportTranslator.confirm(link, ref, nowNs);
        if (ReportTranslator.isAnswer(execType)) {
            link.onReported(ref);
        }
        if (rejected && ReportTranslator.isOfRequest(ref)) {
            cancelReject(link, epochNs, ref.kind, RejectReason.VENUE_REJECTED);
            return true;
        }
        if (!rejected && orderIdAt >= 0) {
            registry.bindVenueOrderId(order, frame.buffer(), frame.startAt(orderIdAt), frame.lengthAt(orderIdAt));
        }
        tell(link.accountId(), epochNs, execType, ordStatus, ExecutionReader.liquidity(aggressor));
        if (ReportTranslator.isFinal(ordStatus)) {
            registry.onFinal(order, nowNs);
        } else {
            registry.onOpen(order);
        }
        return true;
    }

    /**
     * What differs from the last message of the same form is read. Apart from its caller, as the event is: what is
     * compiled as one is small enough to have its calls within it.
     */
    private void readValues() {
        final ReportValues v = fields.values();
        values = v;
        changed = fields.changed();
        v.lastQty = exact(LAST_QTY, v.lastQty);
        v.lastPx = exact(LAST_PX, v.lastPx);
        v.cumQty = exact(CUM_QTY, v.cumQty);
        v.leavesQty = exact(LEAVES_QTY, v.leavesQty);
        v.avgPx = rounded(at(AVG_PX), v.avgPx);
        v.orderQty = exact(ORDER_QTY, v.orderQty);
        v.price = exact(PRICE, v.price);
        final int tradeIdAt = at(TRADE_ID);
        if (isChanged(tradeIdAt)) {
            v.tradeId = tradeIdAt < 0 ? 0 : frame.longAt(tradeIdAt);
        }
        final int transactTimeAt = at(TRANSACT_TIME);
        if (isChanged(transactTimeAt)) {
            v.transactNs = timestamp(transactTimeAt);
        }
    }

    /** Of a field that is not there: true where the form's last message is not known. */
    private boolean isChanged(final int index) {
        return (changed >>> index & 1) != 0; // of a shift below 0 the highest bit, which is set when nothing is known
    }

    private void tell(final int accountId, final long epochNs, final ExecType execType, final OrdStatus ordStatus,
        final Liquidity liquidity) {
        final int textAt = at(TEXT);
        final int textLength = textAt < 0 ? 0 : frame.lengthAt(textAt);
        final VenueExecutionEncoder event = engine.beginExecution(accountId, epochNs, textLength);
        event.orderId(order.orderId).requestIdHigh(idHigh).requestIdLow(idLow)
            .execType(execType).ordStatus(ordStatus).liquidity(liquidity)
            .reason(execType == ExecType.REJECTED ? RejectReason.VENUE_REJECTED.code() : RejectReason.NONE.code())
            .lastQty(values.lastQty).lastPx(values.lastPx).cumQty(values.cumQty).leavesQty(values.leavesQty)
            .avgPx(values.avgPx).orderQty(values.orderQty).price(values.price).fee(values.fee)
            .tradeId(values.tradeId).transactNs(values.transactNs).recovered(BooleanType.FALSE);
        put(event, VenueExecutionEncoder.feeCurrencyEncodingOffset(), CURRENCY_LENGTH, feeCurrencyAt);
        put(event, VenueExecutionEncoder.venueOrderIdEncodingOffset(), ID_LENGTH, at(ORDER_ID));
        put(event, VenueExecutionEncoder.execIdEncodingOffset(), ID_LENGTH, at(EXEC_ID));
        event.putText(frame.buffer(), textAt < 0 ? 0 : frame.startAt(textAt), textLength);
        engine.commitExecution();
    }

    private void cancelReject(final AccountLink link, final long epochNs, final VenueMessageKind kind,
        final RejectReason reason) {
        final int textAt = at(TEXT);
        engine.cancelReject(link.accountId(), epochNs, order.orderId, idHigh, idLow, kind, reason, frame.buffer(),
            textAt < 0 ? 0 : frame.startAt(textAt), textAt < 0 ? 0 : frame.lengthAt(textAt));
    }

    /** By ClOrdID(11), else OrigClOrdID(41), else OrderID(37): the order of the report. */
    private boolean findOrder() {
        final int clOrdIdAt = at(CL_ORD_ID);
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
        final int origClOrdIdAt = at(ORIG_CL_ORD_ID);
        if (origClOrdIdAt >= 0) {
            if (!read(origClOrdIdAt)) {
                return false;
            }
            final IdRef orig = registry.ref(uuid.high(), uuid.low());
            order = orig == null ? null : orig.order;
        }
        final int orderIdAt = at(ORDER_ID);
        if (order == null && orderIdAt >= 0) {
            order = registry.byVenueOrderId(frame.buffer(), frame.startAt(orderIdAt), frame.lengthAt(orderIdAt));
        }
        return order != null;
    }

    private int at(final int kind) {
        return fields.at(kind);
    }

    private boolean read(final int index) {
        return uuid.read(frame.buffer(), frame.startAt(index), frame.lengthAt(index));
    }

    /** One fee, of an amount, is understood: NoMiscFees(136), MiscFeeAmt(137), MiscFeeCurr(138), 139, 891. */
    private void readFee() {
        final int countAt = at(NO_MISC_FEES);
        int amountAt = NONE;
        int currencyAt = NONE;
        for (int i = countAt + 1; i < frame.count(); i++) {
            final int tag = frame.tagAt(i);
            if (tag == 137 && amountAt < 0 && i == countAt + 1) {
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
        values.fee = rounded(amountAt, values.fee);
        feeCurrencyAt = currencyAt;
    }

    private long exact(final int kind, final long before) {
        final int index = at(kind);
        if (!isChanged(index)) {
            return before;
        }
        final long plain = index < 0 ? Scale.NULL : frame.plainDecimalAt(index);
        if (index < 0 || plain != Scale.NULL) {
            return plain;
        }
        final long mantissa = parsed(index);
        odd |= decimal.wasRounded();
        return mantissa;
    }

    private long rounded(final int index, final long before) {
        if (!isChanged(index)) {
            return before;
        }
        final long plain = index < 0 ? Scale.NULL : frame.plainDecimalAt(index);
        return index < 0 || plain != Scale.NULL ? plain : parsed(index);
    }

    private long parsed(final int index) {
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
        final int length = frame.lengthAt(index);
        if (length == ID_LENGTH && lengthMax >= ID_LENGTH) {
            final DirectBuffer source = frame.buffer();
            final int at = frame.startAt(index);
            final long bits = source.getLong(at) | source.getLong(at + 8) | source.getLong(at + 16)
                | source.getLong(at + 24) | source.getLong(at + ID_LAST_WORD);
            return (bits & AsciiWords.HIGHS) == 0;
        }
        return length <= lengthMax && frame.isAsciiAt(index);
    }

    private void put(final VenueExecutionEncoder event, final int fieldOffset, final int fieldLength,
        final int index) {
        final MutableDirectBuffer target = event.buffer();
        final int to = event.offset() + fieldOffset;
        if (fieldLength == ID_LENGTH && index >= 0 && frame.lengthAt(index) == ID_LENGTH) {
            target.putBytes(to, frame.buffer(), frame.startAt(index), ID_LENGTH);
            return;
        }
        frame.copyAt(index, target, to, fieldLength);
    }
}
