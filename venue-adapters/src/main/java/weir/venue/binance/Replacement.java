package weir.venue.binance;

/** A replace that is not over: what it is to become, and how far it has come. Owned by the agent's thread. */
final class Replacement {
    final OutboundRequest request;
    final OrderLine line;
    /** Client id of the order that takes the place of the old one; empty where the old one is made smaller. */
    final String clientId;
    /** Filled by all orders before the new one. */
    long carried;
    /** Whether the old order is over at the venue, and with what filled (E8). */
    boolean oldOver;
    long oldFilled;
    /** Whether the answer never came, so that the venue has to be asked. */
    boolean lost;
    /** Before this the venue may yet take the request in; monotonic. */
    long settledAtNs;

    Replacement(final OutboundRequest request, final OrderLine line, final String clientId, final long carried) {
        this.request = request;
        this.line = line;
        this.clientId = clientId;
        this.carried = carried;
    }
}
