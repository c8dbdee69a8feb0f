package weir.venue.intx;

import java.util.UUID;
import weir.protocol.sbe.VenueMessageKind;

/** One HTTP request, from the engine's frame or a question of ours to its answer. Owned by the agent's thread. */
final class OutboundRequest {
    final VenueMessageKind kind;
    final Endpoint endpoint;
    final UUID id;
    /** The instruction; null for a mass cancel and for questions. */
    final OrderLine line;
    /** Where the answer goes; null for instructions. */
    final AnswerConsumer onAnswer;
    /** Path below the base and query as sent; made at the moment of sending for instructions. */
    String path = "";
    String query = "";
    String body = "";
    String symbol = "";
    long waitingSinceNs;
    long sentNs;
    long sentEpochNs;
    int budgetEntry = -1;
    boolean waited;
    /** MsgSeqNum(34) and slot of the pace, where it goes by FIX; how often it was sent again. */
    int fixSeq;
    long paceSlot;
    int attempts;
    boolean sentReported;
    /** A question about the venue's id of the order is out, without which this cannot leave. */
    boolean resolving;

    private OutboundRequest(final VenueMessageKind kind, final Endpoint endpoint, final UUID id, final OrderLine line,
        final AnswerConsumer onAnswer) {
        this.kind = kind;
        this.endpoint = endpoint;
        this.id = id;
        this.line = line;
        this.onAnswer = onAnswer;
    }

    static OutboundRequest instruction(final VenueMessageKind kind, final Endpoint endpoint, final OrderLine line) {
        return new OutboundRequest(kind, endpoint, line.id(), line, null);
    }

    static OutboundRequest massCancel(final UUID id, final String symbol) {
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.MASS_CANCEL, Endpoint.CANCEL_ALL, id, null, null);
        request.symbol = symbol;
        return request;
    }

    static OutboundRequest question(final Endpoint endpoint, final String path, final String query,
        final AnswerConsumer onAnswer) {
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.STATUS, endpoint, new UUID(0, 0), null, onAnswer);
        request.path = path;
        request.query = query;
        return request;
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW;
    }

    boolean isCancel() {
        return kind == VenueMessageKind.CANCEL || kind == VenueMessageKind.MASS_CANCEL;
    }

    /** Cannot leave before the venue's id of its order is known. */
    boolean wantsVenueId() {
        return line != null && !isNew() && line.order().venueOrderId.isEmpty();
    }

    boolean conflicts() {
        return line != null && line.order().inFlight > 0;
    }

    long[] orderIds() {
        return line == null ? new long[0] : new long[] {line.order().orderId};
    }
}
