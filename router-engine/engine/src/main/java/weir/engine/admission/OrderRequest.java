package weir.engine.admission;

import org.agrona.DirectBuffer;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;

/** A NewOrderSingle(D) or OrderCancelReplaceRequest(G) as it came. Flyweight: valid until the next wrap. */
public final class OrderRequest {
    /** ExecInst: post only. */
    public static final int POST_ONLY = 1;

    /** Buffer of the texts. */
    public DirectBuffer buffer;
    /** Session id. */
    public int sessionId;
    /** MsgSeqNum(34). */
    public int msgSeqNum;
    /** PossDupFlag(43) or PossResend(97). */
    public boolean possible;
    /** When the gateway received it, epoch ns. */
    public long receivedNs;
    /** Offset of ClOrdID(11). */
    public int clOrdId;
    /** Offset of OrigClOrdID(41), 0 for a new order. */
    public int origClOrdId;
    /** Offset of Symbol(55). */
    public int symbol;
    /** OrderID(37) of a replace; 0 = not given. */
    public long orderId;
    /** Side(54), raw. */
    public int side;
    /** OrdType(40), raw. */
    public int ordType;
    /** TimeInForce(59), raw. */
    public int timeInForce;
    /** ExecInst bits. */
    public int execInst;
    /** SelfTradePrevention, raw. */
    public int selfTradePrevention;
    /** ShapeError, raw. */
    public int shapeError;
    /** OrderQty(38), E8 or null. */
    public long orderQty;
    /** Price(44), E8 or null. */
    public long price;
    /** StopPx(99), E8 or null. */
    public long stopPx;
    /** CashOrderQty(152), E8 or null. */
    public long cashQty;
    /** ExpireTime(126), epoch ns or null. */
    public long expireNs;
    /** The order's own end of waiting, epoch ns or null. */
    public long queueDeadlineNs;
    /** Strategy id. */
    public int strategyId;
    /** Reference price as {@link RiskChecks} found it where a check asks for one, E8; 0 = none. */
    public long middle;
    /** Price at which {@link RiskChecks} valued the quantity, E8; -1 = it did not. */
    public long valuedAt;
    /** What it came to, rounded up, at most {@link weir.engine.risk.Notional#HUGE}. */
    public long value;
    /** Where {@link weir.engine.risk.RecentOrders} has its like. */
    int recentBucket;
    /** Price that an order without one would meet, E8, as {@link TradingChecks} found it; 0 = none. */
    public long met;

    /**
     * Reads a new order.
     *
     * @param d wrapped decoder
     */
    public void wrap(final NewOrderDecoder d) {
        buffer = d.buffer();
        final int base = d.offset();
        sessionId = d.sessionId();
        msgSeqNum = d.msgSeqNum();
        possible = buffer.getByte(base + NewOrderDecoder.messageFlagsEncodingOffset()) != 0;
        receivedNs = d.receivedNs();
        clOrdId = base + NewOrderDecoder.clOrdIdEncodingOffset();
        origClOrdId = 0;
        symbol = base + NewOrderDecoder.symbolEncodingOffset();
        orderId = 0;
        side = d.sideRaw();
        ordType = d.ordTypeRaw();
        timeInForce = d.timeInForceRaw();
        execInst = buffer.getByte(base + NewOrderDecoder.execInstEncodingOffset()) & 0xFF;
        selfTradePrevention = d.selfTradePreventionRaw();
        shapeError = d.shapeErrorRaw();
        orderQty = d.orderQty();
        price = d.price();
        stopPx = d.stopPx();
        cashQty = d.cashOrderQty();
        expireNs = d.expireNs();
        queueDeadlineNs = d.queueDeadlineNs();
        strategyId = d.strategyId();
    }

    /**
     * Reads a replace.
     *
     * @param d wrapped decoder
     */
    public void wrap(final ReplaceOrderDecoder d) {
        buffer = d.buffer();
        final int base = d.offset();
        sessionId = d.sessionId();
        msgSeqNum = d.msgSeqNum();
        possible = buffer.getByte(base + ReplaceOrderDecoder.messageFlagsEncodingOffset()) != 0;
        receivedNs = d.receivedNs();
        clOrdId = base + ReplaceOrderDecoder.clOrdIdEncodingOffset();
        origClOrdId = base + ReplaceOrderDecoder.origClOrdIdEncodingOffset();
        symbol = base + ReplaceOrderDecoder.symbolEncodingOffset();
        orderId = d.orderId();
        side = d.sideRaw();
        ordType = d.ordTypeRaw();
        timeInForce = d.timeInForceRaw();
        execInst = buffer.getByte(base + ReplaceOrderDecoder.execInstEncodingOffset()) & 0xFF;
        selfTradePrevention = d.selfTradePreventionRaw();
        shapeError = d.shapeErrorRaw();
        orderQty = d.orderQty();
        price = d.price();
        stopPx = d.stopPx();
        cashQty = d.cashOrderQty();
        expireNs = d.expireNs();
        queueDeadlineNs = d.queueDeadlineNs();
        strategyId = d.strategyId();
    }
}
