package weir.venue.kraken;

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
    /** No fill from before is wanted. */
    long sinceEpochNs;
    final long startedNs;
    /** What the venue says of the order, null while it has said nothing. */
    OrdStatus status;
    long total = Scale.NULL;
    long filled;
    long price = Scale.NULL;
    String word = "";
    /** Whether the venue's history was to be asked and has not said anything of use. */
    boolean historyOpen;
    /** The venue's history names the order. */
    boolean placed;

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
        return status == null || filled > (byEngine ? Math.max(knownCumQty, fillsSum()) : order.filled + freshSum());
    }

    /** Of the fills found, what this run had not seen. */
    private long freshSum() {
        long sum = 0;
        for (final Fill fill : fills) {
            sum += order.trades.contains(fill.tradeId()) ? 0 : fill.quantity();
        }
        return sum;
    }

    boolean isOpen() {
        return status == OrdStatus.NEW || status == OrdStatus.PARTIALLY_FILLED;
    }
}
