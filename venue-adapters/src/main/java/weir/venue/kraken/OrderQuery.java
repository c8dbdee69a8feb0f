package weir.venue.kraken;

import java.util.ArrayList;
import java.util.List;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdStatus;

/** One order that is asked about, from the question to its one answer. Owned by the agent's thread. */
final class OrderQuery {
    final LiveOrder order;
    final List<Fill> fills = new ArrayList<>();
    ReadBack read = new ReadBack();
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
    /** Until then no older fills are read for it. */
    long deeperAtNs;
    boolean historyAsked;
    /** The venue's history was to say whether the order ever was, and has not. */
    boolean historyOpen;
    /** The venue's history names the order. */
    boolean placed;

    OrderQuery(final LiveOrder order, final long startedNs) {
        this.order = order;
        this.startedNs = startedNs;
        this.deeperAtNs = startedNs;
        this.sinceEpochNs = order.sinceEpochNs;
    }

    /** Goes on where the last question about the order stopped reading. */
    void resume() {
        final OrderQuery before = order.unfinished;
        if (before != null) {
            order.unfinished = null;
            read = before.read;
            fills.addAll(before.fills);
        }
    }

    /** The state is asked once more: an end stays, that it was open may be over. */
    void askAnew() {
        status = isOpen() ? null : status;
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

    /** Whether fills of the order may be among those that were not read yet. */
    boolean wantsOlderFills() {
        return wantsFills() && !read.covers((sinceEpochNs - QueryDesk.OVERLAP_NS) / 1_000_000L);
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
