package weir.venue.coinbase;

import java.util.ArrayDeque;
import java.util.Iterator;
import weir.protocol.sbe.VenueMessageKind;

/**
 * Requests of one account that wait for the wire: cancels first, then status requests, then news and replaces in the
 * order they came. Each lane is bounded. Agent's thread.
 */
final class Lanes {
    final ArrayDeque<OutboundRequest> cancels = new ArrayDeque<>();
    final ArrayDeque<OutboundRequest> statuses = new ArrayDeque<>();
    final ArrayDeque<OutboundRequest> news = new ArrayDeque<>();
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
    ArrayDeque<OutboundRequest> next() {
        return !cancels.isEmpty() ? cancels : !statuses.isEmpty() ? statuses : news;
    }

    /** Takes the order's waiting new back, null when it does not wait. */
    OrderLine withdrawNew(final long orderId) {
        for (final OutboundRequest waiting : news) {
            for (int i = 0; i < waiting.lines.size(); i++) {
                if (waiting.lines.get(i).order().orderId == orderId) {
                    final OrderLine line = waiting.lines.remove(i);
                    if (waiting.lines.isEmpty()) {
                        news.remove(waiting);
                    }
                    return line;
                }
            }
        }
        return null;
    }

    /** Takes the order's waiting replace back, null when none waits. */
    OutboundRequest withdrawReplace(final long orderId) {
        for (final OutboundRequest waiting : news) {
            if (waiting.kind() == VenueMessageKind.REPLACE && waiting.order.orderId == orderId) {
                news.remove(waiting);
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

    private void onHeld(final ArrayDeque<OutboundRequest> lane) {
        final Iterator<OutboundRequest> newestFirst = lane.descendingIterator();
        while (newestFirst.hasNext()) {
            final OutboundRequest request = newestFirst.next();
            if (request.waited) {
                break;
            }
            request.waited = true;
            counters.increment(CoinbaseCounter.HELD);
        }
    }

    private ArrayDeque<OutboundRequest> of(final VenueMessageKind kind) {
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
