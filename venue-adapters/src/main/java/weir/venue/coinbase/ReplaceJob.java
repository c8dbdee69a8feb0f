package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import weir.protocol.Scale;
import weir.venue.VenueExecution;

/**
 * One replace on its way through {@link Replacer}: what was asked for, and how far it came. Agent's thread.
 */
final class ReplaceJob {
    /** What is with the venue, or comes next. */
    enum Stage {
        /** DELETE of the order as it was. */
        CANCEL,
        /** Its fills, page by page. */
        FILLS,
        /** The order itself, which says how much the venue counts filled. */
        COUNT,
        /** POST of what is left. */
        PLACE,
        /** The POST has no answer: the new order is looked for. */
        LOOK
    }

    final long orderId;
    final String symbol;
    /** Terms of the new order; its quantity is the whole order's, what was filled before included. */
    final OrderLine terms;
    final UUID id;
    /** Client id of the new order at the venue. */
    final UUID newId;
    /** Of the order as it was. */
    final String oldVenueId;
    final char selfTrade;
    final List<VenueExecution> fills = new ArrayList<>();
    Stage stage = Stage.CANCEL;
    /** A DELETE of this job has no answer, so that "gone" may be its doing. */
    boolean unsure;
    /** All of the account is being cancelled: nothing is placed any more. */
    boolean stopped;
    boolean ended;
    int rounds;
    /** Until the new order is looked for again; doubles. */
    long pauseNs;
    /** What the order as it was filled at the venue, by the user channel's count, else null. */
    long toldFilled = Scale.NULL;
    /** Filled for sure, over all orders that stand for this one. */
    long filled;
    /** The user channel's end of the order as it was, kept back; null when it has not come. */
    JsonNode end;

    ReplaceJob(final long orderId, final String symbol, final OrderLine terms, final UUID id, final UUID newId,
        final String oldVenueId, final char selfTrade) {
        this.orderId = orderId;
        this.symbol = symbol;
        this.terms = terms;
        this.id = id;
        this.newId = newId;
        this.oldVenueId = oldVenueId;
        this.selfTrade = selfTrade;
    }

    /** Sum of the fills that the venue listed. */
    long listedFilled() {
        long sum = 0;
        for (final VenueExecution fill : fills) {
            sum += fill.lastQty;
        }
        return sum;
    }
}
