package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import weir.protocol.sbe.VenueMessageKind;

/** One HTTP request, from the engine's frame or a question of ours to its answer. Owned by the agent's thread. */
final class OutboundRequest {
    final VenueMessageKind kind;
    final Endpoint endpoint;
    final UUID id;
    final List<OrderLine> lines = new ArrayList<>(1);
    /** Where the root of the answer goes; null for orders. It gets null when there was no answer. */
    final Consumer<JsonNode> onAnswer;
    /** Form or query as sent; made at the moment of sending for orders. */
    String data = "";
    String symbol = "";
    long waitingSinceNs;
    long sentNs;
    long sentEpochNs;
    /** What was known to be filled of the order when its edit left. */
    long filledBefore;
    int budgetEntry = -1;
    boolean waited;
    boolean sentReported;
    int attempts;

    OutboundRequest(final VenueMessageKind kind, final Endpoint endpoint, final UUID id,
        final Consumer<JsonNode> onAnswer) {
        this.kind = kind;
        this.endpoint = endpoint;
        this.id = id;
        this.onAnswer = onAnswer;
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW || kind == VenueMessageKind.NEW_BATCH;
    }

    boolean isCancel() {
        return kind == VenueMessageKind.CANCEL || kind == VenueMessageKind.CANCEL_BATCH
            || kind == VenueMessageKind.MASS_CANCEL;
    }

    /** Endpoint in force: a batch of which one line is left is a single. */
    Endpoint endpoint() {
        if (endpoint != Endpoint.BATCH || lines.size() > 1) {
            return endpoint;
        }
        return isNew() ? Endpoint.SEND : Endpoint.CANCEL;
    }

    /** Kind in force, as {@link #endpoint()}. */
    VenueMessageKind kind() {
        if (endpoint != Endpoint.BATCH || lines.size() > 1) {
            return kind;
        }
        return isNew() ? VenueMessageKind.NEW : VenueMessageKind.CANCEL;
    }

    int cost() {
        final Endpoint used = endpoint();
        if (used == Endpoint.BATCH) {
            return used.cost + lines.size();
        }
        return used == Endpoint.FILLS && !data.isEmpty() ? Endpoint.FILLS_BEFORE_COST : used.cost;
    }

    boolean conflicts() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).order().inFlight > 0) {
                return true;
            }
        }
        return false;
    }

    long[] orderIds() {
        return lines.stream().mapToLong(line -> line.order().orderId).toArray();
    }
}
