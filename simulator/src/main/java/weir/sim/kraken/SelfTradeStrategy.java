package weir.sim.kraken;

/** What happens when an order would trade with one of the same family. Source: "Update self trade strategy". */
enum SelfTradeStrategy {
    /** The taker goes, whichever account of the family made the other order. */
    REJECT_TAKER,
    /** The maker goes if it is of the same account; else the taker. */
    CANCEL_MAKER_SELF,
    /** A master account also cancels its sub-accounts' makers; else the taker goes. */
    CANCEL_MAKER_CHILD,
    /** The maker goes, whichever account of the family made it. */
    CANCEL_MAKER_ANY;

    boolean cancelsMaker(final KrakenAccount taker, final KrakenAccount maker) {
        final boolean same = taker.name().equals(maker.name());
        return switch (this) {
            case REJECT_TAKER -> false;
            case CANCEL_MAKER_SELF -> same;
            case CANCEL_MAKER_CHILD -> same || taker.name().equals(maker.parent());
            case CANCEL_MAKER_ANY -> true;
        };
    }
}
