package weir.venue.coinbase;

import java.util.ArrayList;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Requests that nobody holds any more, to be used again: in steady state a request allocates nothing. Who keeps a
 * reference says so: a lane or the table of sequence numbers, each id in the registry, a query. Agent's thread.
 */
final class RequestPool {
    private final ArrayList<OutboundRequest> free = new ArrayList<>();

    /** A request with one holder, the caller. */
    OutboundRequest take(final VenueMessageKind kind, final long idHigh, final long idLow, final String symbol) {
        final OutboundRequest request =
            free.isEmpty() ? new OutboundRequest() : free.remove(free.size() - 1);
        request.holders = 1;
        return request.reset(kind, idHigh, idLow, symbol);
    }

    static void hold(final OutboundRequest request) {
        if (request != null) {
            request.holders++;
        }
    }

    void release(final OutboundRequest request) {
        if (request == null) {
            return;
        }
        if (request.holders <= 0) {
            throw new IllegalStateException("request released more often than held");
        }
        if (--request.holders == 0) {
            request.query = null;
            free.add(request);
        }
    }

    int freeCount() {
        return free.size();
    }
}
