package weir.venue.coinbase;

import weir.protocol.sbe.ExecInstDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueNewOrdersDecoder;

/**
 * One new order on its way to the wire; decimals are E8 mantissas or null of the protocol. Reused with the request that
 * holds it. Owned by the agent's thread.
 */
public final class OrderLine {
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

    /** Makes one without an order. */
    public OrderLine() {
        // read() fills it
    }

    /**
     * Takes an order of the engine's frame.
     *
     * @param order in its group
     * @return this
     */
    public OrderLine read(final VenueNewOrdersDecoder.OrdersDecoder order) {
        orderId = order.orderId();
        idHigh = order.venueClOrdIdHigh();
        idLow = order.venueClOrdIdLow();
        side = order.side();
        ordType = order.ordType();
        timeInForce = order.timeInForce();
        final ExecInstDecoder instructions = order.execInst();
        postOnly = instructions.postOnly();
        reduceOrCloseOnly = instructions.reduceOnly() || instructions.closeOnly();
        selfTradePrevention = order.selfTradePrevention();
        orderQty = order.orderQty();
        price = order.price();
        stopPx = order.stopPx();
        cashOrderQty = order.cashOrderQty();
        expireNs = order.expireNs();
        return this;
    }
}
