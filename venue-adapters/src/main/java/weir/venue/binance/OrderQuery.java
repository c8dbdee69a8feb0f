package weir.venue.binance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdStatus;

/** A question about an order, of the engine or of ours, until it is concluded. Owned by the agent's thread. */
final class OrderQuery {
    final LiveOrder order;
    /** From here on its time runs; monotonic. */
    long startedNs;
    final List<Fill> fills = new ArrayList<>(2);
    /** The venue's orders whose trades are yet to be asked for. */
    final ArrayDeque<String> tradesOf = new ArrayDeque<>(2);
    boolean byEngine;
    int attempt;
    long knownCumQty;
    long sinceEpochNs;
    boolean asked;
    boolean successorsAsked;
    /** Not before this again; 0 = not waiting. */
    long retryAtNs;
    /** How often in a row the venue gave no answer to a question that has to be answered. */
    int failures;
    /** When the order's state was asked for last; monotonic. */
    long stateAskedNs;
    OrdStatus status;
    String word = "";
    /** Filled of all. */
    long filled;
    long total = Scale.NULL;
    long price = Scale.NULL;
    long executedBefore;

    OrderQuery(final LiveOrder order, final long nowNs) {
        this.order = order;
        this.startedNs = nowNs;
    }

    boolean isOpen() {
        return status == OrdStatus.NEW || status == OrdStatus.PARTIALLY_FILLED;
    }

    long fillsSum() {
        long sum = 0;
        for (final Fill fill : fills) {
            sum += fill.quantity();
        }
        return sum;
    }

    /** Whether the venue counts more filled than was told. */
    boolean wantsFills() {
        return filled > (byEngine ? knownCumQty : order.ours ? order.filled : executedBefore);
    }
}
