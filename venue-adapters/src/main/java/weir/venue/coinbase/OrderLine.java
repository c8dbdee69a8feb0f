package weir.venue.coinbase;

import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * One new order on its way to the wire; decimals are E8 mantissas or null of the protocol. Reused with the request that
 * holds it. Owned by the agent's thread.
 */
final class OrderLine {
    long orderId;
    long idHigh;
    long idLow;
    Side side;
    OrdType ordType;
    TimeInForce timeInForce;
    boolean postOnly;
    boolean reduceOrCloseOnly;
    SelfTradePrevention selfTradePrevention;
    long orderQty;
    long price;
    long stopPx;
    long cashOrderQty;
    long expireNs;
}
