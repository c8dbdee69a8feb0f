package weir.venue.intx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Requests of one account that wait for the wire: cancels first, then news and replaces in the order they came, then
 * questions. Cancels and news are bounded. Agent's thread.
 */
final class Lanes {
    final ArrayDeque<OutboundRequest> cancels = new ArrayDeque<>();
    final ArrayDeque<OutboundRequest> questions = new ArrayDeque<>();
    final ArrayDeque<OutboundRequest> news = new ArrayDeque<>();
    private final int capacity;

    Lanes(final int capacity) {
        this.capacity = capacity;
    }

    boolean hasRoomForNews(final int count) {
        return news.size() + count <= capacity;
    }

    boolean hasRoomForCancels(final int count) {
        return cancels.size() + count <= capacity;
    }

    boolean isEmpty() {
        return cancels.isEmpty() && questions.isEmpty() && news.isEmpty();
    }

    /** Takes the order's waiting new or replace back, null when none waits. */
    OutboundRequest withdraw(final long orderId, final boolean isNew) {
        for (final OutboundRequest waiting : news) {
            if (waiting.isNew() == isNew && waiting.line.order().orderId == orderId) {
                news.remove(waiting);
                return waiting;
            }
        }
        return null;
    }

    /** Takes out what has waited since before a time. */
    List<OutboundRequest> takeNewsBefore(final long sinceNs) {
        final List<OutboundRequest> late = new ArrayList<>();
        final Iterator<OutboundRequest> oldestFirst = news.iterator();
        while (oldestFirst.hasNext()) {
            final OutboundRequest request = oldestFirst.next();
            if (request.waitingSinceNs - sinceNs > 0) {
                break;
            }
            late.add(request);
            oldestFirst.remove();
        }
        return late;
    }
}
