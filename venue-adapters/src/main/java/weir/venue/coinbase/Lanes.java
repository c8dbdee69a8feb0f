package weir.venue.coinbase;

import weir.protocol.sbe.VenueMessageKind;

/**
 * Requests of one account that wait for the wire: cancels first, then status requests, then news and replaces in the
 * order they came. Each lane is bounded. Agent's thread.
 */
final class Lanes {
    final RequestLane cancels = new RequestLane();
    final RequestLane statuses = new RequestLane();
    final RequestLane news = new RequestLane();
    private final int capacity;
    private final CoinbaseCounters counters;

    Lanes(final int capacity, final CoinbaseCounters counters) {
        this.capacity = capacity;
        this.counters = counters;
    }

    boolean isEmpty() {
        return cancels.isEmpty() && statuses.isEmpty() && news.isEmpty();
    }

    boolean hasRoom(final VenueMessageKind kind) {
        return of(kind).size() < capacity;
    }

    void add(final OutboundRequest request) {
        of(request.kind()).addLast(request);
    }

    /** The lane that goes next; empty when all are. */
    RequestLane next() {
        return !cancels.isEmpty() ? cancels : !statuses.isEmpty() ? statuses : news;
    }

    /** Place among the news of the request that holds the order's waiting new, -1 when it does not wait. */
    int indexOfNew(final long orderId) {
        for (int i = 0; i < news.size(); i++) {
            if (lineOf(news.get(i), orderId) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Place of an order's line in a request, -1 when it has none. */
    static int lineOf(final OutboundRequest request, final long orderId) {
        for (int i = 0; i < request.lineCount(); i++) {
            if (request.line(i).orderId == orderId) {
                return i;
            }
        }
        return -1;
    }

    /** Takes the order's waiting replace back, null when none waits. */
    OutboundRequest withdrawReplace(final long orderId) {
        for (int i = 0; i < news.size(); i++) {
            final OutboundRequest waiting = news.get(i);
            if (waiting.kind() == VenueMessageKind.REPLACE && waiting.orderId == orderId) {
                news.remove(i);
                return waiting;
            }
        }
        return null;
    }

    /** The pace is spent: counts each request that waits for it, once. */
    void onHeld() {
        onHeld(cancels);
        onHeld(statuses);
        onHeld(news);
    }

    private void onHeld(final RequestLane lane) {
        for (int i = lane.size() - 1; i >= 0 && !lane.get(i).waited; i--) {
            lane.get(i).waited = true;
            counters.increment(CoinbaseCounter.HELD);
        }
    }

    private RequestLane of(final VenueMessageKind kind) {
        switch (kind) {
            case CANCEL:
            case MASS_CANCEL:
                return cancels;
            case STATUS:
                return statuses;
            default:
                return news;
        }
    }
}
