package weir.venue.deribit;

import java.util.ArrayList;
import java.util.List;
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
    /** More fills may name the order than were read: its absence proves nothing. */
    boolean cutShort;
    /** When it is to be asked again, 0 while a question is with the venue. */
    long retryAtNs;

    OrderQuery(final LiveOrder order, final long startedNs) {
        this.order = order;
        this.startedNs = startedNs;
        this.sinceEpochNs = order.sinceEpochNs;
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
        return status != null && filled > Math.max(has, fillsSum());
    }

    boolean isOpen() {
        return status == OrdStatus.NEW || status == OrdStatus.PARTIALLY_FILLED;
    }

    void add(final List<Fill> more) {
        for (final Fill fill : more) {
            if (fills.stream().noneMatch(known -> known.id() == fill.id())) {
                fills.add(fill);
            }
        }
    }
}
