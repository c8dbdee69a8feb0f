package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Dead man's switch of one account ("Dead man's switch", cancelallordersafter): while we live it is set again and
 * again, each time for longer than the pause; when we die the venue cancels all orders of the account. Disarmed when we
 * leave in order. It is never armed on an account that tenants share, unless configured so: it acts on all of them.
 * Agent's thread.
 */
final class DeadMan {
    private static final UUID NO_ID = new UUID(0, 0);
    private static final long RETRY_NS = 1_000_000_000L;

    private final boolean wanted;
    private final int timeoutS;
    private final long everyNs;
    private final KrakenCounters counters;
    private long dueNs;
    private boolean asking;
    private boolean armed;
    private boolean leaving;

    DeadMan(final KrakenAdapter.Context context, final KrakenAccount account, final KrakenCounters counters,
        final long nowNs) {
        this.wanted = context.deadManTimeoutS() > 0 && (!account.shared() || context.deadManOnShared());
        this.timeoutS = context.deadManTimeoutS();
        this.everyNs = context.deadManEveryMs() * 1_000_000L;
        this.counters = counters;
        this.dueNs = nowNs;
    }

    boolean isWanted() {
        return wanted;
    }

    boolean isArmed() {
        return armed;
    }

    /** The connection is up again: arm at once. */
    void onUp(final long nowNs) {
        dueNs = nowNs;
    }

    /** From now on it is to be disarmed. */
    void leave(final long nowNs) {
        leaving = true;
        dueNs = nowNs;
    }

    boolean isLeft() {
        return !armed && !asking;
    }

    /** The request that is due, null when none is. */
    OutboundRequest due(final long nowNs) {
        if (!wanted || asking || nowNs - dueNs < 0 || leaving && !armed) {
            return null;
        }
        final boolean disarm = leaving;
        final OutboundRequest request = new OutboundRequest(VenueMessageKind.ADMIN, Endpoint.DEAD_MAN, NO_ID,
            root -> onAnswer(root, disarm));
        request.data = "timeout=" + (disarm ? 0 : timeoutS);
        return request;
    }

    /** The request that was due has left. */
    void onLeft(final long nowNs) {
        asking = true;
        armed = true;
        dueNs = nowNs + everyNs;
    }

    private void onAnswer(final JsonNode root, final boolean disarm) {
        asking = false;
        if (root == null || !"success".equals(VenueJson.text(root, "result"))) {
            counters.increment(KrakenCounter.DEAD_MAN_FAILED);
            dueNs = System.nanoTime() + RETRY_NS;
        } else if (disarm) {
            armed = false;
        } else {
            counters.increment(KrakenCounter.DEAD_MAN_ARMED);
        }
    }
}
