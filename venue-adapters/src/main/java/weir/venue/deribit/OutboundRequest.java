package weir.venue.deribit;

import java.util.UUID;
import java.util.function.Consumer;
import weir.protocol.sbe.VenueMessageKind;

/** One request, from the engine's frame or a question of ours to its answer. Owned by the agent's thread. */
final class OutboundRequest {
    private static final UUID NO_ID = new UUID(0, 0);

    final VenueMessageKind kind;
    final UUID id;
    /** The order it is about, null for questions and for what concerns many. */
    final OrderLine line;
    /** Where the answer of a question goes, null for the engine's requests; called once, whatever becomes of it. */
    final Consumer<Answer> onAnswer;
    Method method;
    /** JSON object of parameters; made at the moment of sending for orders. */
    String params = "{}";
    String symbol = "";
    long rpcId;
    long waitingSinceNs;
    long sentNs;
    long sentEpochNs;
    boolean overHttp;
    boolean waited;
    boolean sentReported;
    int attempts;

    OutboundRequest(final VenueMessageKind kind, final Method method, final UUID id, final OrderLine line) {
        this.kind = kind;
        this.method = method;
        this.id = id;
        this.line = line;
        this.onAnswer = null;
    }

    private OutboundRequest(final VenueMessageKind kind, final Method method, final String params,
        final Consumer<Answer> onAnswer) {
        this.kind = kind;
        this.method = method;
        this.id = NO_ID;
        this.line = null;
        this.params = params;
        this.onAnswer = onAnswer;
    }

    /** A question about orders. */
    static OutboundRequest question(final Method method, final String params, final Consumer<Answer> onAnswer) {
        return new OutboundRequest(VenueMessageKind.STATUS, method, params, onAnswer);
    }

    /** What a connection needs. */
    static OutboundRequest admin(final Method method, final String params, final Consumer<Answer> onAnswer) {
        return new OutboundRequest(VenueMessageKind.ADMIN, method, params, onAnswer);
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW;
    }

    boolean isCancel() {
        return kind == VenueMessageKind.CANCEL || kind == VenueMessageKind.MASS_CANCEL;
    }

    boolean conflicts() {
        return line != null && line.order().inFlight > 0;
    }

    long[] orderIds() {
        return line == null ? new long[0] : new long[]{line.order().orderId};
    }
}
