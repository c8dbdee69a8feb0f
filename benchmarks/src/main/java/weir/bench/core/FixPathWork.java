package weir.bench.core;

import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import weir.bench.tester.OrderBytes;
import weir.engine.egress.ByteOutbox;
import weir.fix.ingress.FastOrderDecoder;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixWriter;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.venue.UuidText;

/**
 * FIX bytes to FIX bytes through the whole core: a desk's order indexed, its checksum verified, decoded by the fast
 * lane to the command, admitted with every control on, journaled to the ring, and written as the venue's order. "Sent"
 * and the fill come between, outside the time that counts.
 */
final class FixPathWork implements Work {
    private static final int BATCH = FixPaths.BATCH;
    private static final int STRIDE = 512;
    private static final byte[] DESK = "ALPHA1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW = "35=D\001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENDER = "49=KEY\001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TARGET = "56=Coinbase\001".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLIS = 3;
    /** Numbers begin anew before their prices, a cent more each, reach the resting order of the other side. */
    private static final long NUMBERS = 2_000_000L;
    /** About what {@link OrderBytes} asks for. */
    private static final long PRICE = 40_000L * Scale.E8;

    private final CoreFixture fixture;
    private final OrderBytes bytes = new OrderBytes("ALPHA1");
    private final NativeBuffer in = new NativeBuffer(BufferUtil.allocateDirectAligned(BATCH * STRIDE, 64));
    private final FixFrame frame = new FixFrame();
    private final FastOrderDecoder decoder = new FastOrderDecoder("WEIR".getBytes(StandardCharsets.US_ASCII));
    private final FixWriter out = new FixWriter("FIXT.1.1", STRIDE);
    private final MessageHeaderDecoder venueHeader = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder venueOrders = new VenueNewOrdersDecoder();
    private final long[] orderIds = new long[BATCH];
    private long number;
    private int venueSequence;

    FixPathWork(final CoreFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    public long run(final int times) {
        long elapsedNs = 0;
        for (int done = 0; done < times; done += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                bytes.write(number++ % NUMBERS, in, i * STRIDE);
            }
            fixture.beforeOrders(BATCH);
            final long startNs = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                orderIds[i] = through(i * STRIDE);
            }
            elapsedNs += System.nanoTime() - startNs;
            for (int i = 0; i < BATCH; i++) {
                fixture.sentAndFilled(orderIds[i], PRICE);
            }
        }
        return elapsedNs; // chunks are multiples of the batch
    }

    private long through(final int at) {
        if (!frame.wrap(in, at, bytes.length()) || !frame.isChecksumValid()) {
            throw new IllegalStateException("the frame is not accepted");
        }
        final int length = decoder.decode(frame, DESK, CoreFixture.SESSION, fixture.nowNs());
        if (length == FastOrderDecoder.NOT_MINE) {
            throw new IllegalStateException("the fast lane does not take the order");
        }
        final long orderId = fixture.admit(decoder.buffer(), length);
        final ByteOutbox outbox = fixture.core.venueOutbox(Venues.COINBASE);
        if (outbox.isEmpty()) {
            throw new IllegalStateException("the order did not come out");
        }
        encode(outbox.buffer(), outbox.headOffset());
        outbox.release();
        return orderId;
    }

    private void encode(final DirectBuffer buffer, final int offset) {
        venueHeader.wrap(buffer, offset);
        final VenueNewOrdersDecoder message = venueOrders.wrapAndApplyHeader(buffer, offset, venueHeader);
        final int symbolAt = message.offset() + VenueNewOrdersDecoder.venueSymbolEncodingOffset();
        final int symbolMax = VenueNewOrdersDecoder.venueSymbolLength();
        int symbolLength = 0;
        while (symbolLength < symbolMax && buffer.getByte(symbolAt + symbolLength) != 0) {
            symbolLength++;
        }
        final VenueNewOrdersDecoder.OrdersDecoder line = message.orders().next();
        out.begin().raw(NEW).number(34, ++venueSequence).raw(SENDER).timestamp(52, fixture.nowNs(), MILLIS).raw(TARGET)
            .tag(11)
            .written(UuidText.put(out.target(), out.position(), line.venueClOrdIdHigh(), line.venueClOrdIdLow()))
            .decimal(38, line.orderQty())
            .character(40, line.ordType() == OrdType.LIMIT ? (byte)'2' : (byte)'1').decimal(44, line.price())
            .character(54, line.side() == Side.BUY ? (byte)'1' : (byte)'2').bytes(55, buffer, symbolAt, symbolLength)
            .character(59, (byte)'1').timestamp(60, fixture.nowNs(), MILLIS).character(7928, (byte)'D').finish();
    }

    /** The last order as the venue gets it: for the test. */
    String last() {
        return out.buffer().getStringWithoutLengthAscii(out.offset(), out.length());
    }
}
