package weir.venue.coinbase;

import java.util.UUID;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** One new order on its way to the wire; decimals are E8 mantissas or null of the protocol. */
record OrderLine(LiveOrder order, UUID id, Side side, OrdType ordType, TimeInForce timeInForce, boolean postOnly,
    boolean reduceOrCloseOnly, SelfTradePrevention selfTradePrevention, long orderQty, long price, long stopPx,
    long cashOrderQty, long expireNs) {
}
