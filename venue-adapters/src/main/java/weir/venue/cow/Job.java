package weir.venue.cow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import weir.protocol.sbe.VenueMessageKind;

/** One HTTP request, from the engine's frame or a question of ours to its answer. Agent's thread. */
final class Job {
    final String method;
    final String path;
    final Consumer<Answer> onAnswer;
    /** Kind of the engine's message that it carries out; null for questions. */
    final VenueMessageKind kind;
    /** Orders that it is about; none of them has another request with the venue meanwhile. */
    final List<LiveOrder> orders = new ArrayList<>(1);
    /** JSON; null for GET, and while it is being signed. */
    String body;
    long waitingSinceNs;
    long sentNs;
    long sentEpochNs;
    int paceEntry = -1;
    boolean left;
    boolean withdrawn;
    boolean sentReported;

    Job(final VenueMessageKind kind, final String method, final String path, final String body,
        final Consumer<Answer> onAnswer) {
        this.kind = kind;
        this.method = method;
        this.path = path;
        this.body = body;
        this.onAnswer = onAnswer;
    }

    boolean conflicts() {
        for (final LiveOrder order : orders) {
            if (order.busy) {
                return true;
            }
        }
        return false;
    }

    /** A question for a price: nothing of the order is in it. */
    boolean isQuote() {
        return path.endsWith("/quote");
    }

    long[] orderIds() {
        return orders.stream().mapToLong(order -> order.orderId).toArray();
    }
}
