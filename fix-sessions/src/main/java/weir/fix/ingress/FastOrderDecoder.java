package weir.fix.ingress;

import org.agrona.DirectBuffer;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixLayout;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.ExecInstEncoder;
import weir.protocol.sbe.MassCancelEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageFlagsEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestEncoder;
import weir.protocol.sbe.ReplaceOrderEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

import java.util.Arrays;

/**
 * The fast lane of D, F, G, H and q: bytes to the SBE command that {@link OrderTranslator} makes of the same message,
 * nothing allocated. It takes only what nobody would question: every field known to the desk dictionary for that type
 * ({@link FixTags}) and there once, header before body, every required one there, every value in its form and carried
 * whole by the command. Anything else is {@link #NOT_MINE} and goes to QuickFIX/J, which answers it. Of a D whose form
 * the frame knows, only the fields that differ from those of the one before are decoded ({@link KnownOrder}). Sequence,
 * checksum and time are the caller's to judge. Not thread safe.
 */
public final class FastOrderDecoder {
    /** Result: another lane takes the message. */
    public static final int NOT_MINE = 0;

    private static final byte[] BEGIN_STRING = {'F', 'I', 'X', 'T', '.', '1', '.', '1'};
    private static final long NANOS_PER_MS = 1_000_000L;
    private static final int MAX_DECIMAL_LENGTH = 18;
    private static final int MAX_FRAME = 512;
    private static final int ABSENT = -1;

    private final byte[] ourCompId;
    private final int[] at = new int[FixTags.SLOTS];
    private final NativeBuffer command = new NativeBuffer(MAX_FRAME);
    private final KnownOrder[] known = new KnownOrder[FixFrame.MAX_FORMS];
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final ReplaceOrderEncoder replace = new ReplaceOrderEncoder();
    private final CancelOrderEncoder cancel = new CancelOrderEncoder();
    private final OrderStatusRequestEncoder status = new OrderStatusRequestEncoder();
    private final MassCancelEncoder massCancel = new MassCancelEncoder();
    private NativeBuffer buffer = command;
    private FixFrame frame;
    private int sessionId;
    private long receivedNs;
    private long seen;
    private int msgSeqNum;
    private long sendingNs;
    private int lastProcessed;
    private boolean mine;

    /**
     * @param ourCompId TargetCompID(56) of every desk's message, ASCII
     */
    public FastOrderDecoder(final byte[] ourCompId) {
        this.ourCompId = ourCompId.clone();
        Arrays.setAll(known, i -> new KnownOrder(MessageHeaderEncoder.ENCODED_LENGTH + NewOrderEncoder.BLOCK_LENGTH));
    }

    /**
     * Decodes a message into {@link #buffer()}.
     *
     * @param message     indexed whole message
     * @param deskCompId  SenderCompID(49) of the desk, ASCII; for a desk always the same array, which does not change
     * @param ofSession   session id of the desk
     * @param arrivedNs   arrival, epoch nanoseconds
     * @return length of the command, or {@link #NOT_MINE}
     */
    public int decode(final FixFrame message, final byte[] deskCompId, final int ofSession, final long arrivedNs) {
        frame = message;
        sessionId = ofSession;
        receivedNs = arrivedNs;
        mine = true;
        final FixLayout form = message.form();
        if (form == null) {
            return decodeWhole(deskCompId);
        }
        final KnownOrder before = known[form.place()];
        if (before.precedes(form, deskCompId) && decodeChanged(before, deskCompId)) {
            return before.length;
        }
        final int length = decodeWhole(deskCompId);
        if (length == NOT_MINE || message.charAt(2) != 'D') {
            before.forget();
        } else if (before.noteDesk(deskCompId)) {
            before.take(message, seen);
            before.command.putBytes(0, command, 0, length);
            before.length = length;
            keep(before);
        }
        return length;
    }

    private int decodeWhole(final byte[] deskCompId) {
        buffer = command;
        mine = true;
        final byte type = frame.count() > FixTags.FIRST_FIELD ? frame.charAt(2) : 0;
        final long allowed = FixTags.allowed(type);
        if (allowed == 0 || !index(allowed) || (seen & FixTags.required(type)) != FixTags.required(type)
            || !isHeaderGood(deskCompId)) {
            return NOT_MINE;
        }
        final int length = switch (type) {
            case 'D' -> newOrder();
            case 'G' -> replace();
            case 'F' -> cancel();
            case 'H' -> status();
            default -> massCancel();
        };
        return mine ? MessageHeaderEncoder.ENCODED_LENGTH + length : NOT_MINE;
    }

    /** Decodes what an order has changed; false when it has to be decoded whole. */
    private boolean decodeChanged(final KnownOrder before, final byte[] deskCompId) {
        buffer = before.command;
        msgSeqNum = before.msgSeqNum;
        sendingNs = before.sendingNs;
        lastProcessed = before.lastProcessed;
        newOrder.wrap(buffer, MessageHeaderEncoder.ENCODED_LENGTH);
        for (long left = before.changed(); left != 0; left &= left - 1) {
            final int index = Long.numberOfTrailingZeros(left);
            decodeField(before.slotAt(index), index, deskCompId);
        }
        if (!mine) {
            return false;
        }
        newOrder.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs);
        before.next();
        keep(before);
        return true;
    }

    private void keep(final KnownOrder order) {
        order.msgSeqNum = msgSeqNum;
        order.sendingNs = sendingNs;
        order.lastProcessed = lastProcessed;
    }

    private void decodeField(final int slot, final int index, final byte[] deskCompId) {
        switch (slot) {
            case FixTags.MSG_SEQ_NUM -> {
                msgSeqNum = frame.intAt(index);
                mine &= msgSeqNum != FixFrame.NO_INT;
            }
            case FixTags.SENDER -> mine &= frame.equalsAt(index, deskCompId);
            case FixTags.SENDING_TIME -> {
                sendingNs = timestamp(index);
                mine &= sendingNs != UtcTimestampText.INVALID;
            }
            case FixTags.TARGET -> mine &= frame.equalsAt(index, ourCompId);
            case FixTags.LAST_PROCESSED -> {
                lastProcessed = frame.intAt(index);
                mine &= lastProcessed != FixFrame.NO_INT;
            }
            case FixTags.CL_ORD_ID -> clOrdId(index);
            case FixTags.SYMBOL -> symbol(index);
            case FixTags.SIDE -> newOrder.side(side(index));
            case FixTags.ORD_TYPE -> newOrder.ordType(ordType(index));
            case FixTags.ORDER_QTY -> newOrder.orderQty(decimal(index));
            case FixTags.PRICE -> newOrder.price(decimal(index));
            case FixTags.TIME_IN_FORCE -> newOrder.timeInForce(timeInForce(index));
            case FixTags.TRANSACT_TIME -> mine &= timestamp(index) != UtcTimestampText.INVALID;
            case FixTags.STRATEGY_ID -> newOrder.strategyId(integer(index));
            default -> mine = false; // seldom, or of a sense with others: decoded whole
        }
    }

    /**
     * Where the command lies.
     *
     * @return buffer, until the next message is decoded; the command starts at 0
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * MsgSeqNum(34) of the last message taken.
     *
     * @return number
     */
    public int msgSeqNum() {
        return msgSeqNum;
    }

    /**
     * SendingTime(52) of the last message taken.
     *
     * @return epoch nanoseconds
     */
    public long sendingNs() {
        return sendingNs;
    }

    /**
     * LastMsgSeqNumProcessed(369) of the last message taken.
     *
     * @return number, 0 when absent
     */
    public int lastProcessed() {
        return lastProcessed;
    }

    /** Was the last message taken decoded from the one before it? */
    boolean isKnown() {
        return buffer != command;
    }

    /** Notes where each field is; false for one that is unknown, doubled, or of the header among those of the body. */
    private boolean index(final long allowed) {
        final int last = frame.count() - 1;
        if (frame.tagAt(0) != 8 || frame.tagAt(1) != 9 || frame.tagAt(2) != 35 || frame.tagAt(last) != 10
            || !frame.equalsAt(0, BEGIN_STRING) || frame.intAt(1) == FixFrame.NO_INT) {
            return false;
        }
        long found = 0;
        long left = allowed;
        for (int i = FixTags.FIRST_FIELD; i < last; i++) {
            final int slot = FixTags.slot(frame.tagAt(i));
            // Of an unknown tag the highest bit, which no type allows.
            final long bit = 1L << slot;
            if ((bit & left) == 0) {
                return false;
            }
            found |= bit;
            at[slot] = i;
            // Neither the field again, nor one of the header behind one of the body.
            left &= (bit & FixTags.HEADER) != 0 ? ~bit : ~(bit | FixTags.HEADER);
        }
        seen = found;
        return true;
    }

    private boolean isHeaderGood(final byte[] deskCompId) {
        msgSeqNum = frame.intAt(at[FixTags.MSG_SEQ_NUM]);
        sendingNs = timestamp(at[FixTags.SENDING_TIME]);
        lastProcessed = 0;
        final int processed = find(FixTags.LAST_PROCESSED);
        if (processed != ABSENT) {
            lastProcessed = frame.intAt(processed);
        }
        final int version = find(FixTags.APPL_VER_ID);
        final int transactTime = find(FixTags.TRANSACT_TIME);
        return msgSeqNum != FixFrame.NO_INT && sendingNs != UtcTimestampText.INVALID
            && lastProcessed != FixFrame.NO_INT && frame.equalsAt(at[FixTags.SENDER], deskCompId)
            && frame.equalsAt(at[FixTags.TARGET], ourCompId) && (version == ABSENT || frame.charAt(version) == '9')
            && (transactTime == ABSENT || timestamp(transactTime) != UtcTimestampText.INVALID);
    }

    private int newOrder() {
        newOrder.wrapAndApplyHeader(buffer, 0, header);
        flags(newOrder.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs).messageFlags());
        clOrdId(find(FixTags.CL_ORD_ID));
        symbol(find(FixTags.SYMBOL));
        newOrder.side(side(find(FixTags.SIDE))).ordType(ordType(find(FixTags.ORD_TYPE)))
            .timeInForce(timeInForce(find(FixTags.TIME_IN_FORCE))).selfTradePrevention(selfTrade());
        execInst(newOrder.execInst());
        newOrder.orderQty(decimalOf(FixTags.ORDER_QTY)).price(decimalOf(FixTags.PRICE))
            .stopPx(decimalOf(FixTags.STOP_PX)).cashOrderQty(decimalOf(FixTags.CASH_ORDER_QTY)).expireNs(expireNs())
            .queueDeadlineNs(queueDeadlineNs()).strategyId(integerOf(FixTags.STRATEGY_ID)).shapeError(ShapeError.NONE);
        return newOrder.encodedLength();
    }

    private void clOrdId(final int index) {
        identifier(index, newOrder.offset() + NewOrderEncoder.clOrdIdEncodingOffset(), NewOrderEncoder.clOrdIdLength());
    }

    private void symbol(final int index) {
        identifier(index, newOrder.offset() + NewOrderEncoder.symbolEncodingOffset(), NewOrderEncoder.symbolLength());
    }

    private int replace() {
        replace.wrapAndApplyHeader(buffer, 0, header);
        flags(replace.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs).messageFlags());
        final int body = replace.offset();
        identifierOf(FixTags.CL_ORD_ID, body + ReplaceOrderEncoder.clOrdIdEncodingOffset(),
            ReplaceOrderEncoder.clOrdIdLength());
        identifierOf(FixTags.ORIG_CL_ORD_ID, body + ReplaceOrderEncoder.origClOrdIdEncodingOffset(),
            ReplaceOrderEncoder.origClOrdIdLength());
        identifierOf(FixTags.SYMBOL, body + ReplaceOrderEncoder.symbolEncodingOffset(),
            ReplaceOrderEncoder.symbolLength());
        replace.orderId(orderId()).side(side(find(FixTags.SIDE))).ordType(ordType(find(FixTags.ORD_TYPE)))
            .timeInForce(timeInForce(find(FixTags.TIME_IN_FORCE)))
            .selfTradePrevention(selfTrade());
        execInst(replace.execInst());
        replace.orderQty(decimalOf(FixTags.ORDER_QTY)).price(decimalOf(FixTags.PRICE))
            .stopPx(decimalOf(FixTags.STOP_PX)).cashOrderQty(decimalOf(FixTags.CASH_ORDER_QTY)).expireNs(expireNs())
            .queueDeadlineNs(queueDeadlineNs()).strategyId(integerOf(FixTags.STRATEGY_ID)).shapeError(ShapeError.NONE);
        return replace.encodedLength();
    }

    private int cancel() {
        // OrderQty(38) of a cancel is read for its form and not used.
        decimalOf(FixTags.ORDER_QTY);
        cancel.wrapAndApplyHeader(buffer, 0, header);
        flags(cancel.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs).messageFlags());
        final int body = cancel.offset();
        identifierOf(FixTags.CL_ORD_ID, body + CancelOrderEncoder.clOrdIdEncodingOffset(),
            CancelOrderEncoder.clOrdIdLength());
        identifierOf(FixTags.ORIG_CL_ORD_ID, body + CancelOrderEncoder.origClOrdIdEncodingOffset(),
            CancelOrderEncoder.origClOrdIdLength());
        identifierOf(FixTags.SYMBOL, body + CancelOrderEncoder.symbolEncodingOffset(),
            CancelOrderEncoder.symbolLength());
        cancel.orderId(orderId()).side(side(find(FixTags.SIDE)));
        return cancel.encodedLength();
    }

    private int status() {
        status.wrapAndApplyHeader(buffer, 0, header);
        flags(status.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs).messageFlags());
        final int body = status.offset();
        identifierOf(FixTags.CL_ORD_ID, body + OrderStatusRequestEncoder.clOrdIdEncodingOffset(),
            OrderStatusRequestEncoder.clOrdIdLength());
        identifierOf(FixTags.SYMBOL, body + OrderStatusRequestEncoder.symbolEncodingOffset(),
            OrderStatusRequestEncoder.symbolLength());
        status.orderId(orderId()).side(side(find(FixTags.SIDE)));
        return status.encodedLength();
    }

    private int massCancel() {
        massCancel.wrapAndApplyHeader(buffer, 0, header);
        flags(massCancel.sessionId(sessionId).msgSeqNum(msgSeqNum).receivedNs(receivedNs).messageFlags());
        final int body = massCancel.offset();
        identifierOf(FixTags.CL_ORD_ID, body + MassCancelEncoder.clOrdIdEncodingOffset(),
            MassCancelEncoder.clOrdIdLength());
        identifierOf(FixTags.SYMBOL, body + MassCancelEncoder.symbolEncodingOffset(),
            MassCancelEncoder.symbolLength());
        massCancel.scope(scope());
        return massCancel.encodedLength();
    }

    private void flags(final MessageFlagsEncoder flags) {
        flags.clear();
        final int possResend = find(FixTags.POSS_RESEND);
        if (possResend != ABSENT) {
            final byte value = frame.charAt(possResend);
            mine &= value == 'Y' || value == 'N';
            flags.possResend(value == 'Y');
        }
    }

    private void execInst(final ExecInstEncoder flags) {
        flags.clear();
        final int instructions = find(FixTags.EXEC_INST);
        if (instructions != ABSENT) {
            final int start = frame.startAt(instructions);
            final int length = frame.lengthAt(instructions);
            mine &= (length & 1) == 1;
            for (int i = 0; i < length; i++) {
                final byte c = frame.buffer().getByte(start + i);
                mine &= (i & 1) == 0 ? c == '6' || c == 'E' : c == ' ';
                if (c == '6') {
                    flags.postOnly(true);
                } else if (c == 'E') {
                    flags.reduceOnly(true);
                }
            }
        }
        final int handling = find(FixTags.HANDL_INST);
        mine &= handling == ABSENT || frame.charAt(handling) == '1';
        final int effect = find(FixTags.POSITION_EFFECT);
        if (effect != ABSENT) {
            final byte value = frame.charAt(effect);
            mine &= value == 'C' || value == 'O';
            if (value == 'C') {
                flags.closeOnly(true);
            }
        }
    }

    private Side side(final int index) {
        return switch (frame.charAt(index)) {
            case '1' -> Side.BUY;
            case '2' -> Side.SELL;
            default -> {
                mine = false;
                yield Side.NULL_VAL;
            }
        };
    }

    private OrdType ordType(final int index) {
        return switch (frame.charAt(index)) {
            case '1' -> OrdType.MARKET;
            case '2' -> OrdType.LIMIT;
            case '3' -> OrdType.STOP;
            case '4' -> OrdType.STOP_LIMIT;
            default -> {
                mine = false;
                yield OrdType.NULL_VAL;
            }
        };
    }

    private TimeInForce timeInForce(final int index) {
        return switch (index == ABSENT ? '0' : frame.charAt(index)) {
            case '0' -> TimeInForce.DAY;
            case '1' -> TimeInForce.GTC;
            case '3' -> TimeInForce.IOC;
            case '4' -> TimeInForce.FOK;
            case '6' -> TimeInForce.GTD;
            default -> {
                mine = false;
                yield TimeInForce.NULL_VAL;
            }
        };
    }

    private SelfTradePrevention selfTrade() {
        final int index = find(FixTags.SELF_TRADE_TYPE);
        if (index == ABSENT) {
            return SelfTradePrevention.NONE;
        }
        return switch (frame.charAt(index)) {
            case 'N' -> SelfTradePrevention.CANCEL_NEWEST;
            case 'O' -> SelfTradePrevention.CANCEL_OLDEST;
            case 'B' -> SelfTradePrevention.CANCEL_BOTH;
            case 'D' -> SelfTradePrevention.DECREMENT;
            default -> {
                mine = false;
                yield SelfTradePrevention.NULL_VAL;
            }
        };
    }

    private MassCancelScope scope() {
        switch (frame.charAt(at[FixTags.MASS_CANCEL_TYPE])) {
            case '1':
                mine &= find(FixTags.SYMBOL) != ABSENT;
                return MassCancelScope.SESSION_SYMBOL;
            case '7':
                return MassCancelScope.SESSION;
            case '9':
                return MassCancelScope.TENANT;
            default:
                mine = false;
                return MassCancelScope.NULL_VAL;
        }
    }

    private long decimalOf(final int slot) {
        return decimal(find(slot));
    }

    private long decimal(final int index) {
        if (index == ABSENT) {
            return Scale.NULL;
        }
        final long plain = frame.plainDecimalAt(index);
        if (plain != Scale.NULL) {
            return plain;
        }
        final long mantissa =
            frame.lengthAt(index) > MAX_DECIMAL_LENGTH ? DecimalText.OVERFLOW
                : DecimalText.parse(frame.buffer(), frame.startAt(index), frame.lengthAt(index));
        mine &= !DecimalText.isError(mantissa);
        return mantissa;
    }

    private int integerOf(final int slot) {
        return integer(find(slot));
    }

    private int integer(final int index) {
        if (index == ABSENT) {
            return 0;
        }
        final int value = frame.intAt(index);
        mine &= value != FixFrame.NO_INT;
        return value;
    }

    private long expireNs() {
        final int index = find(FixTags.EXPIRE_TIME);
        if (index == ABSENT) {
            return Scale.NULL;
        }
        final long ns = timestamp(index);
        mine &= ns != UtcTimestampText.INVALID;
        return ns;
    }

    private long queueDeadlineNs() {
        if (find(FixTags.MAX_QUEUE_MS) == ABSENT) {
            return Scale.NULL;
        }
        final int ms = integerOf(FixTags.MAX_QUEUE_MS);
        return ms == 0 ? 0 : receivedNs + ms * NANOS_PER_MS;
    }

    private long orderId() {
        final int index = find(FixTags.ORDER_ID);
        if (index == ABSENT) {
            return 0;
        }
        final long value = frame.longAt(index);
        return value > 0 && frame.buffer().getByte(frame.startAt(index)) != '0' ? value
            : OrderTranslator.FOREIGN_ORDER_ID;
    }

    private void identifierOf(final int slot, final int target, final int width) {
        identifier(find(slot), target, width);
    }

    /** Copies at most so many printable ASCII characters, the rest zeros. */
    private void identifier(final int index, final int target, final int width) {
        if (index == ABSENT) {
            frame.copyAt(index, buffer, target, width);
        } else {
            mine &= frame.copyPrintableAt(index, buffer, target, width);
        }
    }

    /** A timestamp in one of the forms that FIX has: seconds, or 3, 6 or 9 digits of a second. */
    private long timestamp(final int index) {
        final int length = frame.lengthAt(index);
        return length == 17 || length == 21 || length == 24 || length == 27 ? frame.timestampAt(index)
            : UtcTimestampText.INVALID;
    }

    private int find(final int slot) {
        return (seen >>> slot & 1) == 0 ? ABSENT : at[slot];
    }
}
