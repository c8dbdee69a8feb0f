package weir.venue.intx;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdStatus;

/** One order that is asked about, from the question to its one answer. Owned by the agent's thread. */
final class OrderQuery {
    final LiveOrder order;
    final List<Fill> fills = new ArrayList<>();
    /** True when the engine asked and gets a VenueOrderState; false for a look of our own. */
    boolean byEngine;
    int attempt;
    /** CumQty(14) that the engine has; 0 when it was not said. */
    long knownCumQty;
    long sinceEpochNs;
    final long startedNs;
    /** What the venue says of the order, null while it has said nothing. */
    OrdStatus status;
    long total = Scale.NULL;
    long filled;
    long price = Scale.NULL;
    String word = "";
    /** Our id that the venue shows it under, null where it shows none of a form of ours. */
    UUID name;
    /** A question about it was not answered: what was not found proves nothing. */
    boolean failed;
    /** It was asked for by itself, not only looked up in a list. */
    boolean asked;
    /** It was asked for by the venue's id. */
    boolean askedById;

    OrderQuery(final LiveOrder order, final long startedNs) {
        this.order = order;
        this.startedNs = startedNs;
    }

    long fillsSum() {
        long sum = 0;
        for (final Fill fill : fills) {
            sum += fill.quantity();
        }
        return sum;
    }

    boolean wantsFills() {
        final long has = byEngine ? knownCumQty : order.filled;
        return status == null || filled > Math.max(has, fillsSum());
    }

    boolean isOpen() {
        return status == OrdStatus.NEW || status == OrdStatus.PARTIALLY_FILLED;
    }
}
