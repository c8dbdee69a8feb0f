package weir.sim.market;

import java.math.BigDecimal;

/**
 * How a {@link MarketMaker} trades at a venue.
 *
 * @param <O> the venue's orders.
 */
public interface HouseDesk<O> {
    /** The least distance of two prices of a product, or null if there is no such product. */
    BigDecimal priceStep(String product);

    /** The least quantity worth at least a value in the quote currency at a price. */
    BigDecimal qty(String product, BigDecimal quoteValue, BigDecimal price);

    /** Places a house order; an immediate one does not rest. */
    O place(String product, boolean buy, BigDecimal qty, BigDecimal price, boolean immediate, long nowNs);

    /** Whether an order still rests. */
    boolean isOpen(O order);
}
