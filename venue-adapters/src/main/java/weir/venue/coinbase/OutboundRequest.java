package weir.venue.coinbase;

import java.util.Arrays;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.VenueMessageKind;

/**
 * One message to the venue, from the engine's frame to the answer. Lines of a waiting batch may still be withdrawn.
 * Names its orders by id only, so that it may outlive them. Counted by those who hold it, see {@link RequestPool}.
 * Owned by the agent's thread.
 */
final class OutboundRequest {
    /** The venue's most in one message ("Order Entry Messages", NewOrderBatch). */
    private static final int BATCH_LINES = 15;

    long idHigh;
    long idLow;
    String symbol = "";
    /** Our order; 0 for a batch of news and for a mass cancel. */
    long orderId;
    long origHigh;
    long origLow;
    OrdType ordType;
    long orderQty;
    long price;
    long stopPx;
    OrderQuery query;
    long slot;
    boolean waited;
    /** When the engine's frame was taken, and when the bytes left; 0 for not yet. Monotonic. */
    long takenNs;
    long writtenNs;
    /** MsgSeqNum(34) that it left under; 0 for not yet. */
    int seq;
    /** That its bytes left was told to the engine. */
    boolean told;
    /** The venue's own report on it came. */
    boolean answered;
    /** Holders; 0 in the pool. */
    int holders;
    private VenueMessageKind kind;
    private OrderLine[] lines;
    private int lineCount;

    /** With room for one order, or for a batch. */
    OutboundRequest(final int orders) {
        lines = new OrderLine[orders > 1 ? BATCH_LINES : 1];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = new OrderLine();
        }
    }

    OutboundRequest reset(final VenueMessageKind newKind, final long newIdHigh, final long newIdLow,
        final String newSymbol) {
        kind = newKind;
        idHigh = newIdHigh;
        idLow = newIdLow;
        symbol = newSymbol;
        orderId = 0;
        origHigh = 0;
        origLow = 0;
        ordType = OrdType.NULL_VAL;
        orderQty = Scale.NULL;
        price = Scale.NULL;
        stopPx = Scale.NULL;
        query = null;
        slot = -1;
        waited = false;
        takenNs = 0;
        writtenNs = 0;
        seq = 0;
        told = false;
        answered = false;
        lineCount = 0;
        return this;
    }

    VenueMessageKind kind() {
        return kind == VenueMessageKind.NEW_BATCH && lineCount == 1 ? VenueMessageKind.NEW : kind;
    }

    void kind(final VenueMessageKind newKind) {
        kind = newKind;
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW || kind == VenueMessageKind.NEW_BATCH;
    }

    /** Whether it has room for several orders. */
    boolean isBatch() {
        return lines.length > 1;
    }

    int lineCount() {
        return lineCount;
    }

    OrderLine line(final int index) {
        return lines[index];
    }

    /** The next free line, counted in. */
    OrderLine addLine() {
        if (lineCount == lines.length) {
            lines = Arrays.copyOf(lines, lineCount * 2);
            for (int i = lineCount; i < lines.length; i++) {
                lines[i] = new OrderLine();
            }
        }
        return lines[lineCount++];
    }

    /** Takes a line out; the ones behind it move up, and its object stays as it is until the next line is added. */
    OrderLine removeLine(final int index) {
        final OrderLine removed = lines[index];
        lineCount--;
        System.arraycopy(lines, index + 1, lines, index, lineCount - index);
        lines[lineCount] = removed;
        return removed;
    }

    /** Writes the ids of its orders; answers how many. */
    int orderIds(final long[] target) {
        if (!isNew()) {
            target[0] = orderId;
            return orderId == 0 ? 0 : 1;
        }
        for (int i = 0; i < lineCount; i++) {
            target[i] = lines[i].orderId;
        }
        return lineCount;
    }
}
