package weir.venue.deribit;

import java.util.UUID;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * What one request says of an order: a new one, the new values of a replace, or a cancel (then only order and id).
 * Decimals are E8 mantissas or null of the protocol.
 */
record OrderLine(LiveOrder order, UUID id, Side side, OrdType ordType, TimeInForce timeInForce, boolean postOnly,
    boolean reduceOnly, long orderQty, long price, long stopPx, long cashOrderQty) {

    static OrderLine cancel(final LiveOrder order, final UUID id) {
        return new OrderLine(order, id, null, null, null, false, false, 0, 0, 0, 0);
    }
}
