package weir.venue.cow;

import java.util.UUID;

/** A replace under way: the old leg is cancelled first, and the new one made of what is left of the new quantity. */
final class ReplaceJob {
    final UUID id;
    final long orderQty;
    final long price;
    /** True when the old leg is surely over, and the new one is due or sent. */
    boolean cancelled;
    long sinceNs;

    ReplaceJob(final UUID id, final long orderQty, final long price) {
        this.id = id;
        this.orderQty = orderQty;
        this.price = price;
    }
}
