package weir.sim.desk;

/** What one step of a {@link DeskScenario} does, and what a router should make of it. */
public enum StepKind {
    /** Limit order away from the market, good till cancelled: rests. */
    REST(30),
    /** Limit order through the market: fills where there is liquidity. */
    CROSS(14),
    /** Large limit order through the market: fills in part, the rest rests. */
    PARTIAL(4),
    /** Immediate or cancel (59=3) through the market. */
    IOC(8),
    /** Fill or kill (59=4) through the market. */
    FOK(4),
    /** Market order (40=1). */
    MARKET(6),
    /** Post only (18=6), away from the market: rests. */
    POST_ONLY(6),
    /** Replace of an earlier resting order: new quantity and price. */
    REPLACE(10),
    /** Cancel of an earlier resting order. */
    CANCEL(12),
    /** The ClOrdID(11) and body of an earlier order again: must not make a second order. */
    DUPLICATE(1),
    /** Order in a symbol that does not exist. */
    UNKNOWN_SYMBOL(1),
    /** Quantity with more decimals than any instrument has. */
    TOO_PRECISE(1),
    /** Quantity whose notional is beyond any limit. */
    OVERSIZE(1),
    /** Cancel of an order that was never sent. */
    CANCEL_UNKNOWN(1),
    /** Resting order that belongs to a burst; not drawn from the mix. */
    BURST(0);

    final int weight;

    StepKind(final int weight) {
        this.weight = weight;
    }

    /** @return true for kinds that send a NewOrderSingle(D) */
    public boolean isNewOrder() {
        return this != REPLACE && this != CANCEL && this != CANCEL_UNKNOWN;
    }
}
