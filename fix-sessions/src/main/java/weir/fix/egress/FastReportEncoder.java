package weir.fix.egress;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import weir.fix.text.AsciiWords;
import weir.fix.wire.FixWriter;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.nio.charset.StandardCharsets;

/**
 * The fast lane of reports: engine frames to FIX bytes, nothing allocated, byte for byte what QuickFIX/J sends of the
 * message that {@link ReportTranslator} makes (fields of the body in the order of their tags). What is rare is left to
 * that lane: News(B), text that is not printable ASCII or very long, codes and enumerations that this version does not
 * know. Not thread safe.
 */
public final class FastReportEncoder {
    private static final int CAPACITY = 4096;
    private static final int MAX_TEXT = 1024;
    private static final int SENDING_TIME_DIGITS = 6;
    private static final int TRANSACT_TIME_DIGITS = 9;
    private static final byte EXECUTION_REPORT = '8';
    private static final byte CANCEL_REJECT = '9';
    private static final byte BUSINESS_REJECT = 'j';
    private static final byte MASS_CANCEL_REPORT = 'r';
    private static final byte[] NO_ORDER_ID = ascii("37=NONE\u0001");
    private static final byte[] UNKNOWN_STATE = ascii(RejectReason.ORDER_UNKNOWN_STATE.name());
    private static final byte[] TEXT_KEY = ascii(" text=");

    private final FixWriter out;
    private final ExecutionReportDecoder execution = new ExecutionReportDecoder();
    private final CancelRejectDecoder cancelReject = new CancelRejectDecoder();
    private final BusinessRejectDecoder businessReject = new BusinessRejectDecoder();
    private final MassCancelReportDecoder massCancel = new MassCancelReportDecoder();
    private DirectBuffer source;
    private int body;
    private long recordSequence;
    private int outputIndex;
    private int identityStart;
    private int identityLength;
    private int textStart;
    private int textLength;
    private boolean mine;

    /** The two CompIDs of a session as fields of its header. */
    public static final class Route {
        private final byte[] sender;
        private final byte[] target;

        /**
         * @param senderCompId SenderCompID(49), ours
         * @param targetCompId TargetCompID(56), the desk's
         */
        public Route(final String senderCompId, final String targetCompId) {
            sender = ascii("49=" + senderCompId + '\u0001');
            target = ascii("56=" + targetCompId + '\u0001');
        }
    }

    /**
     * @param beginString BeginString(8)
     */
    public FastReportEncoder(final String beginString) {
        out = new FixWriter(beginString, CAPACITY);
    }

    /**
     * Encodes the frame that a translator holds.
     *
     * @param frame     wrapped
     * @param route     of the session
     * @param msgSeqNum MsgSeqNum(34)
     * @param sendingNs SendingTime(52), epoch nanoseconds
     * @return false when the other lane takes it
     */
    public boolean encode(final ReportTranslator frame, final Route route, final int msgSeqNum, final long sendingNs) {
        source = frame.buffer();
        body = frame.body();
        recordSequence = frame.recordSequence();
        outputIndex = frame.outputIndex();
        identityLength = 0;
        textLength = 0;
        mine = true;
        final MessageHeaderDecoder header = frame.header();
        switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID -> executionReport(
                execution.wrap(source, body, header.blockLength(), header.version()), route, msgSeqNum, sendingNs);
            case CancelRejectDecoder.TEMPLATE_ID -> cancelReject(
                cancelReject.wrap(source, body, header.blockLength(), header.version()), route, msgSeqNum, sendingNs);
            case BusinessRejectDecoder.TEMPLATE_ID -> businessReject(
                businessReject.wrap(source, body, header.blockLength(), header.version()), route, msgSeqNum, sendingNs);
            case MassCancelReportDecoder.TEMPLATE_ID -> massCancelReport(
                massCancel.wrap(source, body, header.blockLength(), header.version()), route, msgSeqNum, sendingNs);
            default -> mine = false;
        }
        if (mine) {
            out.finish();
        }
        return mine;
    }

    /**
     * Where the last message lies, until the next one.
     *
     * @return buffer
     */
    public DirectBuffer buffer() {
        return out.buffer();
    }

    /**
     * First byte of the last message.
     *
     * @return offset in {@link #buffer()}
     */
    public int offset() {
        return out.offset();
    }

    /**
     * Size of the last message.
     *
     * @return bytes
     */
    public int length() {
        return out.length();
    }

    private void executionReport(final ExecutionReportDecoder r, final Route route, final int msgSeqNum,
        final long sendingNs) {
        final ExecType execType = r.execType();
        final OrdStatus status = r.ordStatus();
        final boolean isTrade = execType == ExecType.TRADE;
        final boolean hasFee = isTrade && r.fee() != Scale.NULL;
        final int reasonCode = r.reason();
        final RejectReason reason = RejectReason.ofCode(reasonCode);
        final Side side = r.side();
        venueText(r.limit());
        if (execType == ExecType.NULL_VAL || execType == ExecType.SBE_UNKNOWN
            || status == OrdStatus.NULL_VAL || status == OrdStatus.SBE_UNKNOWN || reason == null
            || r.transactNs() < 0) {
            mine = false;
            return;
        }
        begin(EXECUTION_REPORT, route, msgSeqNum, sendingNs);
        out.decimal(6, orZero(r.avgPx()));
        identifier(11, ExecutionReportDecoder.clOrdIdEncodingOffset(), ExecutionReportDecoder.clOrdIdLength());
        if (hasFee) {
            out.decimal(12, r.fee()).character(13, (byte)'3');
        }
        out.decimal(14, orZero(r.cumQty()));
        recordSeq(17);
        if (isTrade) {
            decimal(31, r.lastPx());
            decimal(32, r.lastQty());
        }
        orderId(r.orderId());
        decimal(38, r.orderQty());
        out.character(39, status.value());
        final OrdType ordType = r.ordType();
        if (ordType != OrdType.NULL_VAL && ordType != OrdType.SBE_UNKNOWN) {
            digit(40, ordType.value());
        }
        identifier(41, ExecutionReportDecoder.origClOrdIdEncodingOffset(),
            ExecutionReportDecoder.origClOrdIdLength());
        decimal(44, r.price());
        // A refused order may have had no valid side; the tag is required and FIX has a value for that.
        digit(54, side == Side.BUY || side == Side.SELL ? side.value() : 7);
        identifier(55, ExecutionReportDecoder.symbolEncodingOffset(), ExecutionReportDecoder.symbolLength());
        executionText(r, reason);
        final TimeInForce timeInForce = r.timeInForce();
        if (timeInForce != TimeInForce.NULL_VAL && timeInForce != TimeInForce.SBE_UNKNOWN) {
            digit(59, timeInForce.value());
        }
        out.timestamp(60, r.transactNs(), TRANSACT_TIME_DIGITS);
        decimal(99, r.stopPx());
        if (execType == ExecType.REJECTED) {
            out.number(103, reason.ordRejReason());
        }
        out.character(150, execType.value()).decimal(151, orZero(r.leavesQty()));
        if (hasFee) {
            identifier(479, ExecutionReportDecoder.feeCurrencyEncodingOffset(),
                ExecutionReportDecoder.feeCurrencyLength());
        }
        final Liquidity liquidity = r.liquidity();
        if (isTrade && (liquidity == Liquidity.MAKER || liquidity == Liquidity.TAKER)) {
            digit(851, liquidity.value());
        }
        if (isTrade && r.tradeId() != 0) {
            out.number(880, r.tradeId());
        }
        recordSeq(20001);
    }

    private void executionText(final ExecutionReportDecoder r, final RejectReason reason) {
        if (r.unknownState() == BooleanType.TRUE && reason != RejectReason.ORDER_UNKNOWN_STATE) {
            out.tag(58).room(UNKNOWN_STATE.length + TEXT_KEY.length + textLength);
            final int start = out.position();
            out.target().putBytes(start, UNKNOWN_STATE);
            out.written(UNKNOWN_STATE.length + putText(start + UNKNOWN_STATE.length));
        } else if (reason != RejectReason.NONE) {
            reasonText(reason, r.detailA(), r.detailB());
        } else if (textLength > 0) {
            out.bytes(58, source, textStart, textLength);
        }
    }

    private void cancelReject(final CancelRejectDecoder r, final Route route, final int msgSeqNum,
        final long sendingNs) {
        final RejectReason reason = RejectReason.ofCode(r.reason());
        venueText(r.limit());
        if (reason == null || r.transactNs() < 0) {
            mine = false;
            return;
        }
        begin(CANCEL_REJECT, route, msgSeqNum, sendingNs);
        identifier(11, CancelRejectDecoder.clOrdIdEncodingOffset(), CancelRejectDecoder.clOrdIdLength());
        orderId(r.orderId());
        final OrdStatus status = r.ordStatus();
        // 39 is required; FIX answers an unknown order with 39=8.
        out.character(39, status == OrdStatus.NULL_VAL || status == OrdStatus.SBE_UNKNOWN ? (byte)'8' : status.value());
        identifier(41, CancelRejectDecoder.origClOrdIdEncodingOffset(), CancelRejectDecoder.origClOrdIdLength());
        reasonText(reason, r.detailA(), r.detailB());
        final int responseTo = r.responseTo();
        out.timestamp(60, r.transactNs(), TRANSACT_TIME_DIGITS).number(102, reason.cxlRejReason())
            .character(434, (byte)(responseTo == 2 || responseTo == '2' ? '2' : '1'));
        recordSeq(20001);
    }

    private void businessReject(final BusinessRejectDecoder r, final Route route, final int msgSeqNum,
        final long sendingNs) {
        final RejectReason reason = RejectReason.ofCode(r.reason());
        if (reason == null) {
            mine = false;
            return;
        }
        begin(BUSINESS_REJECT, route, msgSeqNum, sendingNs);
        if (r.refMsgSeqNum() > 0) {
            out.number(45, r.refMsgSeqNum());
        }
        reasonText(reason, r.detailA(), r.detailB());
        final byte type = r.refMsgType();
        mine &= type <= '~';
        out.character(372, type > ' ' ? type : (byte)'0');
        identifier(379, BusinessRejectDecoder.refIdEncodingOffset(), BusinessRejectDecoder.refIdLength());
        out.number(380, reason.businessRejectReason());
        recordSeq(20001);
    }

    private void massCancelReport(final MassCancelReportDecoder r, final Route route, final int msgSeqNum,
        final long sendingNs) {
        final MassCancelScope scope = r.scope();
        final RejectReason reason = RejectReason.ofCode(r.reason());
        if (scope == MassCancelScope.NULL_VAL || scope == MassCancelScope.SBE_UNKNOWN || reason == null
            || r.transactNs() < 0 || ReportTranslator.isAction(r)) {
            mine = false;
            return;
        }
        final boolean accepted = r.accepted() == BooleanType.TRUE;
        begin(MASS_CANCEL_REPORT, route, msgSeqNum, sendingNs);
        identifier(11, MassCancelReportDecoder.clOrdIdEncodingOffset(), MassCancelReportDecoder.clOrdIdLength());
        recordSeq(37);
        identifier(55, MassCancelReportDecoder.symbolEncodingOffset(), MassCancelReportDecoder.symbolLength());
        if (reason != RejectReason.NONE) {
            reasonText(reason, r.detailA(), r.detailB());
        }
        out.timestamp(60, r.transactNs(), TRANSACT_TIME_DIGITS).number(530, scope.value())
            .number(531, accepted ? scope.value() : 0);
        if (!accepted) {
            out.number(532, 99);
        }
        out.number(533, r.affectedOrders());
        recordSeq(1369);
        recordSeq(20001);
    }

    private void begin(final byte msgType, final Route route, final int msgSeqNum, final long sendingNs) {
        out.begin().character(35, msgType).number(34, msgSeqNum).raw(route.sender)
            .timestamp(52, sendingNs, SENDING_TIME_DIGITS).raw(route.target);
    }

    /** What names the report stands in several fields: the later ones are copies of the first. */
    private void recordSeq(final int tag) {
        out.tag(tag);
        final MutableDirectBuffer target = out.target();
        final int start = out.position();
        if (identityLength == 0) {
            int at = start + AsciiWords.putLong(target, start, recordSequence);
            target.putByte(at++, (byte)'-');
            at += AsciiWords.putLong(target, at, outputIndex);
            identityStart = start;
            identityLength = at - start;
        } else {
            // By words: what they put behind the value is overwritten.
            for (int i = 0; i < identityLength; i += Long.BYTES) {
                target.putLong(start + i, target.getLong(identityStart + i, ByteOrder.LITTLE_ENDIAN),
                    ByteOrder.LITTLE_ENDIAN);
            }
        }
        out.written(identityLength);
    }

    /** A number of 0 to 9. */
    private void digit(final int tag, final int value) {
        out.character(tag, (byte)('0' + value));
    }

    private void orderId(final long orderId) {
        if (orderId > 0) {
            out.number(37, orderId);
        } else {
            out.raw(NO_ORDER_ID);
        }
    }

    private void decimal(final int tag, final long mantissa) {
        if (mantissa != Scale.NULL) {
            out.decimal(tag, mantissa);
        }
    }

    private void reasonText(final RejectReason reason, final long detailA, final long detailB) {
        out.tag(58).room(ReasonText.MAX_LENGTH + TEXT_KEY.length + textLength);
        final int start = out.position();
        final int length = ReasonText.put(out.target(), start, reason, detailA, detailB);
        out.written(length + putText(start + length));
    }

    /** Appends what the venue wrote; returns bytes. */
    private int putText(final int at) {
        if (textLength == 0) {
            return 0;
        }
        out.target().putBytes(at, TEXT_KEY);
        out.target().putBytes(at + TEXT_KEY.length, source, textStart, textLength);
        return TEXT_KEY.length + textLength;
    }

    /** Finds the text that follows the block, trimmed. */
    private void venueText(final int limit) {
        final int length = source.getShort(limit) & 0xFFFF;
        if (length > MAX_TEXT) {
            mine = false;
        } else {
            trim(limit + Short.BYTES, length);
        }
    }

    /**
     * A field of characters that ends with the first zero; left out when it is empty. Its width is a multiple of 4 and
     * within what the writer spares for a value. It is copied by the words that are checked.
     */
    private void identifier(final int tag, final int fieldOffset, final int width) {
        final int start = body + fieldOffset;
        final byte first = source.getByte(start);
        if (first == 0) {
            return;
        }
        if (first == ' ') {
            trimmed(tag, start, width);
            return;
        }
        out.tag(tag);
        final MutableDirectBuffer target = out.target();
        final int at = out.position();
        int length = 0;
        int filled = Long.BYTES;
        for (int i = 0; i < width && filled == Long.BYTES; i += Long.BYTES) {
            final long word = width - i >= Long.BYTES ? source.getLong(start + i, ByteOrder.LITTLE_ENDIAN)
                : source.getInt(start + i, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            target.putLong(at + i, word, ByteOrder.LITTLE_ENDIAN);
            filled = Long.numberOfTrailingZeros(AsciiWords.matches(word, 0)) >>> 3;
            mine &= AsciiWords.arePrintable(AsciiWords.first(word, filled));
            length += filled;
        }
        while (target.getByte(at + length - 1) == ' ') {
            length--;
        }
        out.written(length);
    }

    /** An identifier that begins with a blank. */
    private void trimmed(final int tag, final int start, final int width) {
        int length = 1;
        while (length < width && source.getByte(start + length) != 0) {
            length++;
        }
        final int keptStart = textStart;
        final int keptLength = textLength;
        trim(start, length);
        if (textLength > 0) {
            out.bytes(tag, source, textStart, textLength);
        }
        textStart = keptStart;
        textLength = keptLength;
    }

    private void trim(final int from, final int length) {
        for (int i = from; i < from + length; i++) {
            final byte c = source.getByte(i);
            mine &= c >= ' ' && c <= '~';
        }
        int start = from;
        int end = from + length;
        while (start < end && source.getByte(start) == ' ') {
            start++;
        }
        while (end > start && source.getByte(end - 1) == ' ') {
            end--;
        }
        textStart = start;
        textLength = end - start;
    }

    private static long orZero(final long mantissa) {
        return mantissa == Scale.NULL ? 0 : mantissa;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
