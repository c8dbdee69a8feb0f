package weir.venue.coinbase;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.VenueMessageKind;

/**
 * One message to the venue, from the engine's frame to the answer. Lines of a waiting batch may still be withdrawn.
 * Owned by the agent's thread.
 */
final class OutboundRequest {
    final UUID id;
    final String symbol;
    final List<OrderLine> lines = new ArrayList<>(1);
    LiveOrder order;
    UUID origId;
    OrdType ordType;
    long orderQty = Scale.NULL;
    long price = Scale.NULL;
    long stopPx = Scale.NULL;
    OrderQuery query;
    long slot = -1;
    boolean waited;
    private final VenueMessageKind kind;

    OutboundRequest(final VenueMessageKind kind, final UUID id, final String symbol) {
        this.kind = kind;
        this.id = id;
        this.symbol = symbol;
    }

    VenueMessageKind kind() {
        return kind == VenueMessageKind.NEW_BATCH && lines.size() == 1 ? VenueMessageKind.NEW : kind;
    }

    boolean isNew() {
        return kind == VenueMessageKind.NEW || kind == VenueMessageKind.NEW_BATCH;
    }

    long[] orderIds() {
        if (!isNew()) {
            return order == null ? new long[0] : new long[]{order.orderId};
        }
        final long[] orderIds = new long[lines.size()];
        for (int i = 0; i < orderIds.length; i++) {
            orderIds[i] = lines.get(i).order().orderId;
        }
        return orderIds;
    }
}
