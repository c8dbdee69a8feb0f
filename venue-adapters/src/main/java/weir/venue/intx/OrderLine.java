package weir.venue.intx;

import java.util.UUID;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * One instruction on its way to the venue: a new order, the new values of a replace, or a cancel (then only order and
 * id). Decimals are E8 mantissas or null of the protocol.
 */
record OrderLine(LiveOrder order, UUID id, Side side, OrdType ordType, TimeInForce timeInForce, boolean postOnly,
    boolean closeOnly, SelfTradePrevention selfTrade, long orderQty, long price, long stopPx, long cashOrderQty,
    long expireNs) {

    static OrderLine cancel(final LiveOrder order, final UUID id) {
        return new OrderLine(order, id, null, null, null, false, false, SelfTradePrevention.NONE, 0, 0, 0, 0, 0);
    }
}
