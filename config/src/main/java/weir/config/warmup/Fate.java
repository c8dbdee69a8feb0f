package weir.config.warmup;

/**
 * What becomes of a made-up order. The desk says it in OrderQty(38), so that the venue needs no memory. All that
 * traffic has is among them: a branch never taken would be compiled away, and met again at its first order.
 */
enum Fate {
    /** Filled at once. */
    FILLED("0.01", 1),
    /** Filled in two parts. */
    PARTS("0.02", 2),
    /** Rests, is cancelled. */
    CANCELED("0.03", 3),
    /** The venue refuses it. */
    VENUE_REFUSES("0.04", 4),
    /** Rests, is replaced, is filled. */
    REPLACED("0.05", 5),
    /** A market order, filled at once. */
    MARKET("0.01", 1),
    /** A limit order that must not take, filled. */
    POST_ONLY("0.01", 1),
    /** The router refuses it: no such instrument. */
    ROUTER_REFUSES("0.01", 1),
    /** No order at all: a cancel of one that is not there. */
    CANCEL_REFUSED("0.01", 1);

    /** OrderQty(38) of what is refused at no end and filled. */
    static final String PART = "0.01";

    private static final Fate[] CYCLE = {FILLED, CANCELED, FILLED, PARTS, FILLED, REPLACED, MARKET, CANCELED, FILLED,
        VENUE_REFUSES, FILLED, PARTS, CANCELED, POST_ONLY, ROUTER_REFUSES, CANCEL_REFUSED};

    private final String quantity;
    private final int hundredths;

    Fate(final String quantity, final int hundredths) {
        this.quantity = quantity;
        this.hundredths = hundredths;
    }

    /** Fate of an order. */
    static Fate of(final long number) {
        return CYCLE[(int)(number % CYCLE.length)];
    }

    /** OrderQty(38). */
    String quantity() {
        return quantity;
    }

    /** OrderQty(38) times 100. */
    int hundredths() {
        return hundredths;
    }
}
