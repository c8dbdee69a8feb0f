package weir.venue.coinbase;

import weir.protocol.sbe.VenueMessageKind;

/**
 * What an id on the wire stands for. Used again by {@link OrderRegistry}: not to be kept. The first id of an order is
 * the order itself. Agent's thread.
 */
class IdRef {
    VenueMessageKind kind;
    /** Null for a batch or a mass cancel. */
    LiveOrder order;
    /** Null when a former run sent it; of an order's first id also once it was reported on and the order is final. */
    OutboundRequest request;
    /** Its key in an {@link IdTable}, and who is behind it there. */
    long high;
    long low;
    IdRef next;
}
