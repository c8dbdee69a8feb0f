package weir.fix.egress;

import org.agrona.DirectBuffer;
import quickfix.Group;
import quickfix.Message;
import weir.fix.desk.RecordSeq;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.protocol.BudgetAlertId;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AlertDecoder;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.nio.charset.StandardCharsets;

/**
 * Client outputs of the engine (templates 80 to 84) to ExecutionReport(8), OrderCancelReject(9),
 * BusinessMessageReject(j), OrderMassCancelReport(r), OrderMassActionReport(BZ) and News(B). Prices and quantities are
 * printed from their mantissas. {@link #wrap} first, then the accessors; the frame must stay in place until then. Not
 * thread safe.
 */
public final class ReportTranslator {
    private static final int RECORD_SEQ = 20001;
    /** NewsID(1472): the webhook of the same threshold carries it as webhook-id. */
    private static final int NEWS_ID = 1472;
    private static final String UNKNOWN_STATE = RejectReason.ORDER_UNKNOWN_STATE.name();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ExecutionReportDecoder execution = new ExecutionReportDecoder();
    private final CancelRejectDecoder cancelReject = new CancelRejectDecoder();
    private final BusinessRejectDecoder businessReject = new BusinessRejectDecoder();
    private final MassCancelReportDecoder massCancel = new MassCancelReportDecoder();
    private final AlertDecoder alert = new AlertDecoder();
    private DirectBuffer buffer;
    private int body;
    private int frameEnd;

    /**
     * Asks for a type.
     *
     * @param msgType MsgType(35)
     * @return true when {@link #message()} makes it
     */
    public static boolean isReport(final String msgType) {
        return msgType.length() == 1 && "89jrB".indexOf(msgType.charAt(0)) >= 0 || "BZ".equals(msgType);
    }

    /**
     * Takes a frame and checks its form.
     *
     * @param source of the frame
     * @param offset of the header
     * @param length of the frame
     * @return false when schema, template or length are wrong
     */
    public boolean wrap(final DirectBuffer source, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return false;
        }
        header.wrap(source, offset);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID ||
            length < MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength()) {
            return false;
        }
        buffer = source;
        body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        frameEnd = offset + length;
        return switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID -> hasText(ExecutionReportDecoder.BLOCK_LENGTH);
            case CancelRejectDecoder.TEMPLATE_ID -> hasText(CancelRejectDecoder.BLOCK_LENGTH);
            case AlertDecoder.TEMPLATE_ID -> hasText(AlertDecoder.BLOCK_LENGTH);
            case BusinessRejectDecoder.TEMPLATE_ID -> header.blockLength() >= BusinessRejectDecoder.BLOCK_LENGTH;
            case MassCancelReportDecoder.TEMPLATE_ID ->
                header.blockLength() >= MassCancelReportDecoder.actionEncodingOffset();
            default -> false;
        };
    }

    /**
     * Identity of the report.
     *
     * @return record and index
     */
    public RecordSeq recordSeq() {
        // All five blocks begin with recordSequence int64, outputIndex int32, sessionId int32, tenantId int32.
        return new RecordSeq(buffer.getLong(body), buffer.getInt(body + 8));
    }

    /**
     * Session that the report is for; without meaning for an alert.
     *
     * @return session id
     */
    public int sessionId() {
        return buffer.getInt(body + 12);
    }

    /**
     * Tenant of the session, or that the alert is for.
     *
     * @return tenant id
     */
    public int tenantId() {
        return buffer.getInt(body + 16);
    }

    /**
     * Asks for the kind.
     *
     * @return true for News(B) to every session of the tenant
     */
    public boolean isAlert() {
        return header.templateId() == AlertDecoder.TEMPLATE_ID;
    }

    /**
     * Asks whether a report says no more than that something is on its way: ExecType(150) A, 6 or E.
     *
     * @return true for Pending New, Pending Cancel and Pending Replace
     */
    public boolean isPending() {
        if (header.templateId() != ExecutionReportDecoder.TEMPLATE_ID) {
            return false;
        }
        final byte execType = buffer.getByte(body + ExecutionReportDecoder.execTypeEncodingOffset());
        return execType == 'A' || execType == '6' || execType == 'E';
    }

    /**
     * Journal record of the report; {@link #recordSeq()} without an object.
     *
     * @return record sequence
     */
    public long recordSequence() {
        return buffer.getLong(body);
    }

    /**
     * Place among the outputs of its record.
     *
     * @return index from 0
     */
    public int outputIndex() {
        return buffer.getInt(body + 8);
    }

    DirectBuffer buffer() {
        return buffer;
    }

    /** Where the block begins. */
    int body() {
        return body;
    }

    MessageHeaderDecoder header() {
        return header;
    }

    /**
     * Makes a new FIX message of the frame.
     *
     * @return message with MsgType(35) and body, or null when an enumeration holds a value that FIX has no form for
     */
    public Message message() {
        return switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID -> executionReport();
            case CancelRejectDecoder.TEMPLATE_ID -> orderCancelReject();
            case BusinessRejectDecoder.TEMPLATE_ID -> businessMessageReject();
            case MassCancelReportDecoder.TEMPLATE_ID -> orderMassCancelReport();
            default -> news();
        };
    }

    private Message executionReport() {
        final ExecutionReportDecoder r = execution.wrap(buffer, body, header.blockLength(), header.version());
        final ExecType execType = r.execType();
        if (!isFix(execType) || !isFix(r.ordStatus())) {
            return null;
        }
        final Message m = message("8");
        m.setString(37, orderId(r.orderId()));
        m.setString(17, recordSeq().toString());
        text(m, 11, r.clOrdId());
        text(m, 41, r.origClOrdId());
        m.setChar(150, (char)execType.value());
        m.setChar(39, (char)r.ordStatus().value());
        text(m, 55, r.symbol());
        // A refused order may have had no valid side; the tag is required and FIX has a value for that.
        m.setString(54, isFix(r.side()) ? Integer.toString(r.side().value()) : "7");
        if (isFix(r.ordType())) {
            m.setInt(40, r.ordType().value());
        }
        if (isFix(r.timeInForce())) {
            m.setInt(59, r.timeInForce().value());
        }
        decimal(m, 38, r.orderQty());
        decimal(m, 44, r.price());
        decimal(m, 99, r.stopPx());
        if (execType == ExecType.TRADE) {
            decimal(m, 32, r.lastQty());
            decimal(m, 31, r.lastPx());
            if (r.tradeId() != 0) {
                m.setString(880, Long.toString(r.tradeId()));
            }
            if (r.liquidity() == Liquidity.MAKER || r.liquidity() == Liquidity.TAKER) {
                m.setInt(851, r.liquidity().value());
            }
            if (r.fee() != Scale.NULL) {
                m.setString(12, DecimalText.format(r.fee()));
                m.setChar(13, '3');
                text(m, 479, r.feeCurrency());
            }
        }
        decimalOrZero(m, 14, r.cumQty());
        decimalOrZero(m, 151, r.leavesQty());
        decimalOrZero(m, 6, r.avgPx());
        m.setString(60, UtcTimestampText.format(r.transactNs()));
        final RejectReason reason = RejectReason.ofCode(r.reason());
        if (execType == ExecType.REJECTED) {
            m.setInt(103, reason == null ? 99 : reason.ordRejReason());
        }
        final String venueText = printable(r.text());
        if (r.unknownState() == BooleanType.TRUE && reason != RejectReason.ORDER_UNKNOWN_STATE) {
            m.setString(58, venueText.isEmpty() ? UNKNOWN_STATE : UNKNOWN_STATE + " text=" + venueText);
        } else if (r.reason() != RejectReason.NONE.code()) {
            m.setString(58, reasonText(r.reason(), r.detailA(), r.detailB(), venueText));
        } else if (!venueText.isEmpty()) {
            m.setString(58, venueText);
        }
        return m;
    }

    private Message orderCancelReject() {
        final CancelRejectDecoder r = cancelReject.wrap(buffer, body, header.blockLength(), header.version());
        final Message m = message("9");
        m.setString(37, orderId(r.orderId()));
        text(m, 11, r.clOrdId());
        text(m, 41, r.origClOrdId());
        // 39 is required; FIX answers an unknown order with 39=8.
        m.setChar(39, isFix(r.ordStatus()) ? (char)r.ordStatus().value() : '8');
        final int responseTo = r.responseTo();
        m.setChar(434, responseTo == 2 || responseTo == '2' ? '2' : '1');
        final RejectReason reason = RejectReason.ofCode(r.reason());
        m.setInt(102, reason == null ? 99 : reason.cxlRejReason());
        m.setString(60, UtcTimestampText.format(r.transactNs()));
        m.setString(58, reasonText(r.reason(), r.detailA(), r.detailB(), printable(r.text())));
        return m;
    }

    private Message businessMessageReject() {
        final BusinessRejectDecoder r = businessReject.wrap(buffer, body, header.blockLength(), header.version());
        final Message m = message("j");
        if (r.refMsgSeqNum() > 0) {
            m.setInt(45, r.refMsgSeqNum());
        }
        final byte type = r.refMsgType();
        m.setString(372, type > ' ' ? Character.toString((char)type) : "0");
        text(m, 379, r.refId());
        final RejectReason reason = RejectReason.ofCode(r.reason());
        m.setInt(380, reason == null ? 0 : reason.businessRejectReason());
        m.setString(58, reasonText(r.reason(), r.detailA(), r.detailB(), ""));
        return m;
    }

    private Message orderMassCancelReport() {
        final MassCancelReportDecoder r = massCancel.wrap(buffer, body, header.blockLength(), header.version());
        if (r.scope() == MassCancelScope.NULL_VAL || r.scope() == MassCancelScope.SBE_UNKNOWN) {
            return null;
        }
        final boolean accepted = r.accepted() == BooleanType.TRUE;
        if (isAction(r)) {
            return orderMassActionReport(r, accepted);
        }
        final Message m = message("r");
        m.setString(37, recordSeq().toString());
        m.setString(1369, recordSeq().toString());
        text(m, 11, r.clOrdId());
        text(m, 55, r.symbol());
        m.setInt(530, r.scope().value());
        m.setInt(531, accepted ? r.scope().value() : 0);
        m.setInt(533, r.affectedOrders());
        m.setString(60, UtcTimestampText.format(r.transactNs()));
        if (!accepted) {
            m.setInt(532, 99);
        }
        if (r.reason() != RejectReason.NONE.code()) {
            m.setString(58, reasonText(r.reason(), r.detailA(), r.detailB(), ""));
        }
        return m;
    }

    /** Does the report answer an OrderMassActionRequest(CA)? */
    static boolean isAction(final MassCancelReportDecoder r) {
        final int action = r.actionRaw();
        return action >= MassActionType.SUSPEND.value() && action <= MassActionType.CANCEL.value();
    }

    private Message orderMassActionReport(final MassCancelReportDecoder r, final boolean accepted) {
        final Message m = message("BZ");
        m.setString(1369, recordSeq().toString());
        text(m, 11, r.clOrdId());
        text(m, 55, r.symbol());
        m.setInt(1373, r.action().value());
        // All orders(7), narrowed by the StrategyID that the request had.
        m.setInt(1374, (r.scope() == MassCancelScope.STRATEGY ? MassCancelScope.SESSION : r.scope()).value());
        // Accepted(1): a cancel goes on in slices. Dictionaries of desks may not know completed(2) yet.
        m.setInt(1375, accepted ? 1 : 0);
        if (!accepted) {
            m.setInt(1376, 99);
        }
        m.setInt(533, r.affectedOrders());
        m.setString(60, UtcTimestampText.format(r.transactNs()));
        if (r.reason() != RejectReason.NONE.code()) {
            m.setString(58, reasonText(r.reason(), r.detailA(), r.detailB(), ""));
        }
        return m;
    }

    private Message news() {
        final AlertDecoder a = alert.wrap(buffer, body, header.blockLength(), header.version());
        final AlertKind kind = a.kind();
        if (kind == AlertKind.NULL_VAL || kind == AlertKind.SBE_UNKNOWN) {
            return null;
        }
        final boolean ends = kind == AlertKind.RESUMED || kind == AlertKind.VENUE_UP
            || kind == AlertKind.CLOCK_OK || kind == AlertKind.RELEASED;
        final Message m = message("B");
        m.setString(42, UtcTimestampText.format(a.transactNs()));
        m.setChar(61, ends ? '0' : '1');
        final boolean threshold = kind == AlertKind.BUDGET_THRESHOLD || kind == AlertKind.QUOTA_THRESHOLD;
        m.setString(148, threshold ? kind + " percent=" + a.percent() : kind.name());
        if (kind == AlertKind.BUDGET_THRESHOLD) {
            m.setString(NEWS_ID, BudgetAlertId.of(a.tenantId(), a.periodStartNs(), a.percent(),
                a.recordSequence()));
        }
        final StringBuilder line = new StringBuilder(kind.name());
        if (threshold) {
            final boolean money = kind == AlertKind.BUDGET_THRESHOLD;
            line.append(" percent=").append(a.percent());
            amount(line.append(" used="), a.usedAmount(), money);
            amount(line.append(" limit="), a.limitAmount(), money);
            if (a.periodStartNs() > 0) {
                line.append(" periodStart=").append(UtcTimestampText.format(a.periodStartNs()));
            }
        }
        addLine(m, line.toString());
        final String text = printable(a.text());
        if (!text.isEmpty()) {
            addLine(m, text);
        }
        return m;
    }

    private Message message(final String msgType) {
        final Message message = new Message();
        message.getHeader().setString(35, msgType);
        message.setString(RECORD_SEQ, recordSeq().toString());
        return message;
    }

    private boolean hasText(final int blockLength) {
        final int at = body + header.blockLength();
        return header.blockLength() >= blockLength && at + Short.BYTES <= frameEnd &&
            at + Short.BYTES + (buffer.getShort(at) & 0xFFFF) <= frameEnd;
    }

    private static String reasonText(final int code, final long detailA, final long detailB, final String text) {
        final RejectReason reason = RejectReason.ofCode(code);
        return reason == null ? ReasonText.renderUnknown(code, detailA, detailB, text)
            : ReasonText.render(reason, detailA, detailB, text);
    }

    private static void amount(final StringBuilder line, final long value, final boolean money) {
        if (money) {
            MoneyText.append(line, value);
        } else {
            line.append(value);
        }
    }

    private static void addLine(final Message message, final String text) {
        final Group line = new Group(33, 58);
        line.setString(58, text);
        message.addGroup(line);
    }

    private static String orderId(final long orderId) {
        return orderId > 0 ? Long.toString(orderId) : "NONE";
    }

    private static void text(final Message message, final int tag, final String value) {
        final String text = printable(value);
        if (!text.isEmpty()) {
            message.setString(tag, text);
        }
    }

    private static void decimal(final Message message, final int tag, final long mantissa) {
        if (mantissa != Scale.NULL) {
            message.setString(tag, DecimalText.format(mantissa));
        }
    }

    private static void decimalOrZero(final Message message, final int tag, final long mantissa) {
        message.setString(tag, mantissa == Scale.NULL ? "0" : DecimalText.format(mantissa));
    }

    /** What a venue wrote goes to a desk as one line of ASCII: no field separator can get in. */
    private static String printable(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return new String(text.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                    .replaceAll("[^ -~]", "?").trim();
            }
        }
        return text.trim();
    }

    private static boolean isFix(final ExecType value) {
        return value != ExecType.NULL_VAL && value != ExecType.SBE_UNKNOWN;
    }

    private static boolean isFix(final OrdStatus value) {
        return value != OrdStatus.NULL_VAL && value != OrdStatus.SBE_UNKNOWN;
    }

    private static boolean isFix(final Side value) {
        return value == Side.BUY || value == Side.SELL;
    }

    private static boolean isFix(final OrdType value) {
        return value != OrdType.NULL_VAL && value != OrdType.SBE_UNKNOWN;
    }

    private static boolean isFix(final TimeInForce value) {
        return value != TimeInForce.NULL_VAL && value != TimeInForce.SBE_UNKNOWN;
    }
}
