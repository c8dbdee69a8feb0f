package weir.venue.cow;

import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueNewOrdersEncoder;
import weir.venue.EngineSide;

/** New orders of kinds that the engine's side does not send by itself. */
final class Frames {
    private Frames() {
    }

    static UUID newOrder(final EngineSide engine, final int accountId, final long orderId, final String symbol,
        final Side side, final OrdType type, final TimeInForce timeInForce, final long qty, final long price,
        final SelfTradePrevention selfTrade) {
        final UUID id = EngineSide.id(engine.nextSequence(), 0);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final VenueNewOrdersEncoder encoder = new VenueNewOrdersEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).recordSequence(1).accountId(accountId)
            .instrumentId(1).batchIdHigh(0).batchIdLow(0).venueSymbol(symbol);
        final VenueNewOrdersEncoder.OrdersEncoder group = encoder.ordersCount(1);
        group.next().orderId(orderId).venueClOrdIdHigh(id.getMostSignificantBits())
            .venueClOrdIdLow(id.getLeastSignificantBits()).side(side).ordType(type).timeInForce(timeInForce);
        group.execInst().clear();
        group.selfTradePrevention(selfTrade).orderQty(qty).price(price).stopPx(Scale.NULL).cashOrderQty(Scale.NULL)
            .expireNs(Scale.NULL).receivedNs(0);
        final byte[] frame = new byte[MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength()];
        buffer.getBytes(0, frame);
        engine.raw(frame);
        return id;
    }
}
