package weir.venue.coinbase;

import weir.protocol.sbe.VenueMessageKind;

/**
 * Requests that nobody holds any more, to be used again: in steady state a request allocates nothing. Who keeps a
 * reference says so: a lane or the table of sequence numbers, each id in the registry, a query. Agent's thread.
 */
final class RequestPool {
    private final Pool<OutboundRequest> single = new Pool<>(() -> new OutboundRequest(1));
    private final Pool<OutboundRequest> batches = new Pool<>(() -> new OutboundRequest(2));

    /** A request with one holder, the caller. */
    OutboundRequest take(final VenueMessageKind kind, final long idHigh, final long idLow, final String symbol) {
        return take(kind, idHigh, idLow, symbol, 1);
    }

    /** The same with room for several orders: what has grown to a batch is used for batches again. */
    OutboundRequest take(final VenueMessageKind kind, final long idHigh, final long idLow, final String symbol,
        final int orders) {
        final OutboundRequest request = (orders > 1 ? batches : single).take();
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
            (request.isBatch() ? batches : single).give(request);
        }
    }
}
