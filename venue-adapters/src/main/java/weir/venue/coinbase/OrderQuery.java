package weir.venue.coinbase;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import weir.protocol.sbe.VenueAnswer;
import weir.venue.VenueExecution;

/**
 * One VenueOrderQuery on its way to its one answer: first the status request over FIX, which alone can say that an
 * order is unknown, then what REST adds: the order, and its fills page by page. Owned by the agent's thread.
 */
final class OrderQuery {
    /** What FIX said. */
    enum Fix { WAITING, FOUND, UNKNOWN, SILENT }

    /** What REST is asked, or was. */
    enum Rest { IDLE, ORDER, FILLS, RETRY_FILLS }

    /** A question of the engine about an order that is being asked for. */
    record Later(UUID requestId, UUID origId, long knownCumQty, long sinceNs, int attempt) {
    }

    final AccountLink link;
    final LiveOrder order;
    final UUID requestId;
    final UUID origId;
    final VenueExecution state = new VenueExecution();
    final List<VenueExecution> fills = new ArrayList<>();
    OutboundRequest statusRequest;
    int attempt;
    /** The last question that came while this one runs, null for none. */
    Later later;
    /** When the order, or the latest that stands for it, was sent, epoch nanoseconds; 0 when that is not said. */
    long sinceNs;
    /** Whose fills are asked for: of the product, in which the order may be though it is not shown. */
    boolean byProduct;
    /** Orders of fills that nobody knows, by the venue's ids: one may be this one. */
    final Deque<String> suspects = new ArrayDeque<>();
    /** The venue's order bears the id that the engine asks by. */
    boolean byItsName;
    /** The order asked for is the one that may have replaced this one in a former run. */
    boolean successor;
    /** What to answer when there is none. */
    VenueAnswer without;
    long knownCumQty;
    Fix fix = Fix.WAITING;
    Rest rest = Rest.IDLE;
    boolean stateKnown;
    /** REST has answered once: what it is asked next goes before what other queries begin with. */
    boolean underWay;
    boolean done;
    long retryAtNs;
    private final long fixTimeoutNs;
    private final long timeoutNs;
    private long fixDeadlineNs;
    private long deadlineNs;
    private boolean started;

    OrderQuery(final AccountLink link, final LiveOrder order, final UUID requestId, final UUID origId,
        final long fixTimeoutNs, final long timeoutNs) {
        this.link = link;
        this.order = order;
        this.requestId = requestId;
        this.origId = origId;
        this.fixTimeoutNs = fixTimeoutNs;
        this.timeoutNs = timeoutNs;
    }

    /** The status request was handed to the socket, or will not be: from here the time is bounded. */
    void onSent(final long nowNs) {
        if (!started) {
            started = true;
            fixDeadlineNs = nowNs + fixTimeoutNs;
            deadlineNs = nowNs + timeoutNs;
        }
    }

    boolean isFixLate(final long nowNs) {
        return started && fix == Fix.WAITING && nowNs - fixDeadlineNs >= 0;
    }

    boolean isLate(final long nowNs) {
        return started && nowNs - deadlineNs >= 0;
    }
}
