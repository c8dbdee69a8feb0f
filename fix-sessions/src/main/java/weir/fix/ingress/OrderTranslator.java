package weir.fix.ingress;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import quickfix.FieldMap;
import quickfix.FieldNotFound;
import quickfix.IncorrectTagValue;
import quickfix.Message;
import weir.fix.text.DecimalText;
import weir.fix.text.UtcTimestampText;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.ExecInstEncoder;
import weir.protocol.sbe.MassActionEncoder;
import weir.protocol.sbe.MassActionType;
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

/**
 * NewOrderSingle(D), OrderCancelReplaceRequest(G), OrderCancelRequest(F), OrderStatusRequest(H),
 * OrderMassCancelRequest(q) and OrderMassActionRequest(CA) to SBE. What a field could say and the engine's frame cannot
 * carry becomes null and the first such becomes the command's {@link ShapeError}, for the engine to answer with its
 * code. Identifiers that do not fit their width cannot be answered by the engine (it would have to quote them): they
 * are refused here, as a value that is incorrect for its tag (Reject(3), 373=5). Not thread safe: QuickFIX/J's message
 * thread owns it.
 */
public final class OrderTranslator {
    /** Order id for OrderID(37) text that is no id of ours: no order has it. */
    public static final long FOREIGN_ORDER_ID = -1;
    private static final long NANOS_PER_MS = 1_000_000L;
    private static final int MAX_FRAME = 1024;
    private static final String MASS_ACTION = "CA";

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MAX_FRAME]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final ReplaceOrderEncoder replace = new ReplaceOrderEncoder();
    private final CancelOrderEncoder cancel = new CancelOrderEncoder();
    private final OrderStatusRequestEncoder status = new OrderStatusRequestEncoder();
    private final MassCancelEncoder massCancel = new MassCancelEncoder();
    private final MassActionEncoder massAction = new MassActionEncoder();
    private ShapeError shapeError = ShapeError.NONE;

    /**
     * Where a translated frame lies.
     *
     * @return buffer; the frame starts at 0
     */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Asks for a type.
     *
     * @param msgType MsgType(35)
     * @return true when {@link #translate} takes it
     */
    public static boolean isSupported(final String msgType) {
        return msgType.length() == 1 && isSupported(msgType.charAt(0)) || MASS_ACTION.equals(msgType);
    }

    /**
     * Asks for a type of one letter.
     *
     * @param msgType MsgType(35)
     * @return true when {@link #translate} takes it
     */
    public static boolean isSupported(final char msgType) {
        return "DFGHq".indexOf(msgType) >= 0;
    }

    /**
     * Translates one message into {@link #buffer()}.
     *
     * @param message    validated against the desk dictionary
     * @param sessionId  of the desk
     * @param receivedNs arrival, epoch nanoseconds
     * @return length of the frame
     * @throws FieldNotFound     when a required tag is missing
     * @throws IncorrectTagValue when an identifier does not fit
     */
    public int translate(final Message message, final int sessionId, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        final FieldMap head = message.getHeader();
        final int seq = head.getInt(34);
        shapeError = ShapeError.NONE;
        final int length = switch (head.getString(35)) {
            case "D" -> encodeNewOrder(message, sessionId, seq, receivedNs);
            case "G" -> encodeReplace(message, sessionId, seq, receivedNs);
            case "F" -> encodeCancel(message, sessionId, seq, receivedNs);
            case "H" -> encodeStatus(message, sessionId, seq, receivedNs);
            case "q" -> encodeMassCancel(message, sessionId, seq, receivedNs);
            case MASS_ACTION -> encodeMassAction(message, sessionId, seq, receivedNs);
            default -> throw new IllegalArgumentException("not a desk message: " + head.getString(35));
        };
        return MessageHeaderEncoder.ENCODED_LENGTH + length;
    }

    private int encodeNewOrder(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        newOrder.wrapAndApplyHeader(buffer, 0, header);
        flags(newOrder.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        newOrder.clOrdId(identifier(m, 11, NewOrderEncoder.clOrdIdLength()))
            .symbol(identifier(m, 55, NewOrderEncoder.symbolLength()))
            .side(side(m.getString(54))).ordType(ordType(m.getString(40))).timeInForce(timeInForce(text(m, 59)))
            .selfTradePrevention(selfTrade(text(m, 7928)));
        execInst(newOrder.execInst(), m);
        newOrder.orderQty(decimal(m, 38, ShapeError.QTY_INVALID, ShapeError.QTY_PRECISION))
            .price(decimal(m, 44, ShapeError.PRICE_INVALID, ShapeError.PRICE_PRECISION))
            .stopPx(decimal(m, 99, ShapeError.STOP_PRICE_PRECISION, ShapeError.STOP_PRICE_PRECISION))
            .cashOrderQty(decimal(m, 152, ShapeError.CASH_QTY, ShapeError.CASH_QTY))
            .expireNs(expireNs(m)).queueDeadlineNs(queueDeadlineNs(m, receivedNs)).strategyId(integer(m, 20004))
            .shapeError(shapeError);
        return newOrder.encodedLength();
    }

    private int encodeReplace(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        replace.wrapAndApplyHeader(buffer, 0, header);
        flags(replace.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        replace.clOrdId(identifier(m, 11, ReplaceOrderEncoder.clOrdIdLength()))
            .origClOrdId(identifier(m, 41, ReplaceOrderEncoder.origClOrdIdLength()))
            .symbol(identifier(m, 55, ReplaceOrderEncoder.symbolLength())).orderId(orderId(m))
            .side(side(m.getString(54))).ordType(ordType(m.getString(40))).timeInForce(timeInForce(text(m, 59)))
            .selfTradePrevention(selfTrade(text(m, 7928)));
        execInst(replace.execInst(), m);
        replace.orderQty(decimal(m, 38, ShapeError.QTY_INVALID, ShapeError.QTY_PRECISION))
            .price(decimal(m, 44, ShapeError.PRICE_INVALID, ShapeError.PRICE_PRECISION))
            .stopPx(decimal(m, 99, ShapeError.STOP_PRICE_PRECISION, ShapeError.STOP_PRICE_PRECISION))
            .cashOrderQty(decimal(m, 152, ShapeError.CASH_QTY, ShapeError.CASH_QTY))
            .expireNs(expireNs(m)).queueDeadlineNs(queueDeadlineNs(m, receivedNs)).strategyId(integer(m, 20004))
            .shapeError(shapeError);
        return replace.encodedLength();
    }

    private int encodeCancel(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        cancel.wrapAndApplyHeader(buffer, 0, header);
        flags(cancel.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        cancel.clOrdId(identifier(m, 11, CancelOrderEncoder.clOrdIdLength()))
            .origClOrdId(identifier(m, 41, CancelOrderEncoder.origClOrdIdLength()))
            .symbol(identifier(m, 55, CancelOrderEncoder.symbolLength())).orderId(orderId(m))
            .side(side(m.getString(54)));
        return cancel.encodedLength();
    }

    private int encodeStatus(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        status.wrapAndApplyHeader(buffer, 0, header);
        flags(status.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        status.clOrdId(identifier(m, 11, OrderStatusRequestEncoder.clOrdIdLength()))
            .symbol(identifier(m, 55, OrderStatusRequestEncoder.symbolLength())).orderId(orderId(m))
            .side(side(m.getString(54)));
        return status.encodedLength();
    }

    private int encodeMassCancel(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        final MassCancelScope scope = switch (m.getString(530)) {
            case "1" -> MassCancelScope.SESSION_SYMBOL;
            case "7" -> MassCancelScope.SESSION;
            case "9" -> MassCancelScope.TENANT;
            default -> throw new IncorrectTagValue(530, m.getString(530), "MassCancelRequestType is not 1, 7 or 9");
        };
        massCancel.wrapAndApplyHeader(buffer, 0, header);
        flags(massCancel.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        if (scope == MassCancelScope.SESSION_SYMBOL && !m.isSetField(55)) {
            throw new FieldNotFound(55);
        }
        massCancel.clOrdId(identifier(m, 11, MassCancelEncoder.clOrdIdLength()))
            .symbol(identifier(m, 55, MassCancelEncoder.symbolLength())).scope(scope);
        return massCancel.encodedLength();
    }

    private int encodeMassAction(final Message m, final int sessionId, final int seq, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        final MassActionType action = switch (m.getString(1373)) {
            case "1" -> MassActionType.SUSPEND;
            case "2" -> MassActionType.RELEASE;
            case "3" -> MassActionType.CANCEL;
            default -> throw new IncorrectTagValue(1373, m.getString(1373), "MassActionType is not 1, 2 or 3");
        };
        final MassCancelScope scope = switch (m.getString(1374)) {
            case "1" -> MassCancelScope.SESSION_SYMBOL;
            case "7" -> m.isSetField(20004) ? MassCancelScope.STRATEGY : MassCancelScope.SESSION;
            case "9" -> MassCancelScope.TENANT;
            default -> throw new IncorrectTagValue(1374, m.getString(1374), "MassActionScope is not 1, 7 or 9");
        };
        massAction.wrapAndApplyHeader(buffer, 0, header);
        flags(massAction.sessionId(sessionId).msgSeqNum(seq).receivedNs(receivedNs).messageFlags(), m);
        if (scope == MassCancelScope.SESSION_SYMBOL && !m.isSetField(55)) {
            throw new FieldNotFound(55);
        }
        massAction.clOrdId(identifier(m, 11, MassActionEncoder.clOrdIdLength()))
            .symbol(identifier(m, 55, MassActionEncoder.symbolLength())).action(action).scope(scope)
            .strategyId(integer(m, 20004));
        return massAction.encodedLength();
    }

    private static void flags(final MessageFlagsEncoder flags, final Message message) throws FieldNotFound {
        flags.clear();
        flags.possDup("Y".equals(text(message.getHeader(), 43)));
        flags.possResend("Y".equals(text(message.getHeader(), 97)));
    }

    private void execInst(final ExecInstEncoder flags, final Message message) throws FieldNotFound {
        flags.clear();
        final String instructions = text(message, 18);
        for (int i = 0; instructions != null && i < instructions.length(); i += 2) {
            switch (instructions.charAt(i)) {
                case '6' -> flags.postOnly(true);
                case 'E' -> flags.reduceOnly(true);
                default -> fail(ShapeError.EXEC_INST);
            }
        }
        if ("C".equals(text(message, 77))) {
            flags.closeOnly(true);
        }
    }

    private Side side(final String text) {
        switch (text) {
            case "1":
                return Side.BUY;
            case "2":
                return Side.SELL;
            default:
                fail(ShapeError.SIDE);
                return Side.NULL_VAL;
        }
    }

    private OrdType ordType(final String text) {
        switch (text) {
            case "1":
                return OrdType.MARKET;
            case "2":
                return OrdType.LIMIT;
            case "3":
                return OrdType.STOP;
            case "4":
                return OrdType.STOP_LIMIT;
            default:
                fail(ShapeError.ORD_TYPE);
                return OrdType.NULL_VAL;
        }
    }

    private TimeInForce timeInForce(final String text) {
        if (text == null) {
            return TimeInForce.DAY;
        }
        switch (text) {
            case "0":
                return TimeInForce.DAY;
            case "1":
                return TimeInForce.GTC;
            case "3":
                return TimeInForce.IOC;
            case "4":
                return TimeInForce.FOK;
            case "6":
                return TimeInForce.GTD;
            default:
                fail(ShapeError.TIF);
                return TimeInForce.NULL_VAL;
        }
    }

    private static SelfTradePrevention selfTrade(final String text) {
        if (text == null) {
            return SelfTradePrevention.NONE;
        }
        return switch (text) {
            case "N" -> SelfTradePrevention.CANCEL_NEWEST;
            case "O" -> SelfTradePrevention.CANCEL_OLDEST;
            case "B" -> SelfTradePrevention.CANCEL_BOTH;
            case "D" -> SelfTradePrevention.DECREMENT;
            default -> SelfTradePrevention.NULL_VAL;
        };
    }

    private long decimal(final Message message, final int tag, final ShapeError invalid, final ShapeError tooPrecise)
        throws FieldNotFound {
        final String text = text(message, tag);
        if (text == null) {
            return Scale.NULL;
        }
        final long mantissa = DecimalText.parse(text);
        if (!DecimalText.isError(mantissa)) {
            return mantissa;
        }
        fail(mantissa == DecimalText.TOO_PRECISE ? tooPrecise : invalid);
        return Scale.NULL;
    }

    private long expireNs(final Message message) throws FieldNotFound {
        final String text = text(message, 126);
        if (text == null) {
            return Scale.NULL;
        }
        final long ns = UtcTimestampText.parse(text);
        if (ns == UtcTimestampText.INVALID) {
            fail(ShapeError.EXPIRE_TIME);
        }
        return ns;
    }

    private static long queueDeadlineNs(final Message message, final long receivedNs)
        throws FieldNotFound, IncorrectTagValue {
        if (!message.isSetField(20003)) {
            return Scale.NULL;
        }
        final int ms = integer(message, 20003);
        if (ms < 0) {
            throw new IncorrectTagValue(20003, message.getString(20003), "MaxQueueMs is negative");
        }
        // The engine's clock may be a moment behind the arrival: an order that may not wait has a deadline long past.
        return ms == 0 ? 0 : receivedNs + ms * NANOS_PER_MS;
    }

    private static int integer(final Message message, final int tag) throws FieldNotFound {
        return message.isSetField(tag) ? message.getInt(tag) : 0;
    }

    private static long orderId(final Message message) throws FieldNotFound {
        final String text = text(message, 37);
        if (text == null) {
            return 0;
        }
        return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : FOREIGN_ORDER_ID;
    }

    private static String identifier(final Message message, final int tag, final int maxLength)
        throws FieldNotFound, IncorrectTagValue {
        final String text = text(message, tag);
        if (text == null) {
            return "";
        }
        boolean printable = text.length() <= maxLength;
        for (int i = 0; i < text.length() && printable; i++) {
            printable = text.charAt(i) >= ' ' && text.charAt(i) <= '~';
        }
        if (!printable) {
            throw new IncorrectTagValue(tag, text,
                "not at most " + maxLength + " printable ASCII characters");
        }
        return text;
    }

    private static String text(final FieldMap fields, final int tag) throws FieldNotFound {
        return fields.isSetField(tag) ? fields.getString(tag) : null;
    }

    private void fail(final ShapeError error) {
        if (shapeError == ShapeError.NONE) {
            shapeError = error;
        }
    }
}
