package weir.venue.binance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import weir.protocol.sbe.VenueMessageKind;

/** One request, from the engine's frame or a question of ours to its answer. Owned by the agent's thread. */
final class OutboundRequest {
    /** Weight of {@code openOrders.status} of one pair. */
    static final int OPEN_OF_SYMBOL = 6;

    final VenueMessageKind kind;
    final UUID id;
    /** The order it is about; null for what is about several, or none. */
    final OrderLine line;
    /** Where the answer of a question goes; null for orders. A question that was never sent is answered NOT_SENT. */
    final Consumer<Answer> onAnswer;
    Method method;
    Map<String, String> params = new LinkedHashMap<>();
    long waitingSinceNs;
    long sentNs;
    long sentEpochNs;
    /** The same by the venue's clock, milliseconds. */
    long openedMs;
    boolean waited;
    boolean sentReported;
    /** Which way it left. */
    boolean rest;
    int attempts;
    /** The second half of a replace, whose first has cancelled. */
    boolean continued;
    /** A replace that has to cancel first, because the order was filled meanwhile. */
    boolean cancelFirst;

    OutboundRequest(final VenueMessageKind kind, final Method method, final UUID id, final OrderLine line,
        final Consumer<Answer> onAnswer) {
        this.kind = kind;
        this.method = method;
        this.id = id;
        this.line = line;
        this.onAnswer = onAnswer;
    }

    static OutboundRequest question(final Method method, final Map<String, String> params,
        final Consumer<Answer> onAnswer) {
        final OutboundRequest request =
            new OutboundRequest(VenueMessageKind.STATUS, method, new UUID(0, 0), null, onAnswer);
        request.params = params;
        return request;
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW;
    }

    boolean isCancel() {
        return kind == VenueMessageKind.CANCEL || kind == VenueMessageKind.MASS_CANCEL;
    }

    /** What it costs is looked up by this name. */
    boolean isOfOneSymbol() {
        return method == Method.OPEN_ORDERS && params.containsKey("symbol");
    }

    /** Whether another request about the same order is with the venue, or its outcome is not known. */
    boolean conflicts() {
        return line != null && (line.order().inFlight > 0
            || line.order().replacing != null && line.order().replacing.request != this && !continued);
    }
}
