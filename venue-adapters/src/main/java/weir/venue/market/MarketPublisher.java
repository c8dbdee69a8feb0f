package weir.venue.market;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.util.ArrayDeque;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.ReferencePriceEncoder;

/**
 * InstrumentConfig(25) and ReferencePrice(30) to the engine by {@code tryClaim}. Changes of instruments are kept until
 * taken, in order, and go before prices; a price that is not taken stays with its slot, where a later one replaces it.
 * So back-pressure drops nothing but intermediate prices. Market agent's thread.
 */
final class MarketPublisher {
    private static final int PRICE_LENGTH =
        MessageHeaderEncoder.ENCODED_LENGTH + ReferencePriceEncoder.BLOCK_LENGTH;

    private final ExclusivePublication publication;
    private final MarketCounters counters;
    private final ArrayDeque<byte[]> changes = new ArrayDeque<>();
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final InstrumentConfigEncoder instrument = new InstrumentConfigEncoder();
    private final ReferencePriceEncoder price = new ReferencePriceEncoder();

    MarketPublisher(final ExclusivePublication publication, final MarketCounters counters) {
        this.publication = publication;
        this.counters = counters;
    }

    /** Encodes the terms in force. */
    byte[] encode(final Listing listing, final int venueId, final LoadedInstrument terms) {
        instrument.wrapAndApplyHeader(scratch, 0, header).instrumentId(listing.id()).venueId(venueId)
            .symbol(listing.symbol()).venueSymbol(listing.venueSymbol()).kind(terms.kind()).status(terms.status())
            .tickSize(terms.tickE8()).lotSize(terms.lotE8()).minQty(terms.minQtyE8())
            .minNotional(terms.minNotionalE8()).multiplier(terms.multiplierE8())
            .priceMaxAgeMs(listing.priceMaxAgeMs()).quoteCurrency(terms.quoteCurrency());
        final byte[] frame = new byte[MessageHeaderEncoder.ENCODED_LENGTH + instrument.encodedLength()];
        scratch.getBytes(0, frame);
        return frame;
    }

    /** A frame in another trading state, everything else as it is. */
    static byte[] in(final byte[] frame, final InstrumentStatus status) {
        final byte[] copy = frame.clone();
        final UnsafeBuffer buffer = new UnsafeBuffer(copy);
        new InstrumentConfigEncoder().wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH).status(status);
        return copy;
    }

    /** Trading state that a frame holds. */
    static InstrumentStatus status(final byte[] frame) {
        return new InstrumentConfigDecoder()
            .wrapAndApplyHeader(new UnsafeBuffer(frame), 0, new MessageHeaderDecoder()).status();
    }

    /** Keeps a change until it is taken. */
    void change(final byte[] frame) {
        changes.addLast(frame);
    }

    boolean hasChanges() {
        return !changes.isEmpty();
    }

    /** Offers changes again. @return how many left */
    int drain() {
        int sent = 0;
        while (!changes.isEmpty()) {
            final byte[] frame = changes.peekFirst();
            if (!claim(frame.length)) {
                break;
            }
            claim.buffer().putBytes(claim.offset(), frame);
            claim.commit();
            changes.removeFirst();
            sent++;
        }
        return sent;
    }

    /** Hands over the price of a slot. @return false when it must wait */
    boolean tryPublish(final PriceSlot slot) {
        if (!changes.isEmpty() || !claim(PRICE_LENGTH)) {
            return false;
        }
        final MutableDirectBuffer buffer = claim.buffer();
        price.wrapAndApplyHeader(buffer, claim.offset(), header).instrumentId(slot.listing().id()).bid(slot.bid())
            .ask(slot.ask()).last(slot.last()).observedNs(slot.observedNs());
        claim.commit();
        return true;
    }

    void close() {
        publication.close();
    }

    private boolean claim(final int length) {
        final long position = publication.tryClaim(length, claim);
        if (position > 0) {
            return true;
        }
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new AgentTerminationException("CONTROL_INGRESS: " + Publication.errorString(position));
        }
        counters.increment(MarketCounter.BACK_PRESSURE);
        return false;
    }
}
