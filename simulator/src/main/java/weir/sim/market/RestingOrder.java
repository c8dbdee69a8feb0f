package weir.sim.market;

import java.math.BigDecimal;

/** What an {@link OrderBook} has to know of an order. */
public interface RestingOrder {
    /** Whether it buys. */
    boolean isBuy();

    /** The price at which it rests now. */
    BigDecimal price();
}
