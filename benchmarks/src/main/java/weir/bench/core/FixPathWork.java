package weir.bench.core;

import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.bench.tester.OrderBytes;
import weir.engine.egress.ByteOutbox;
import weir.fix.ingress.FastOrderDecoder;
import weir.fix.wire.FixFrame;
import weir.protocol.NativeBuffer;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.VenueNewOrdersDecoder;
import weir.venue.coinbase.NewOrderEncoder;
import weir.venue.coinbase.OrderLine;
import weir.venue.coinbase.SymbolTable;

/**
 * FIX bytes to FIX bytes through the whole core: a desk's order indexed, its checksum verified, decoded by the fast
 * lane to the command, admitted with every control on, journaled to the ring, and written as the venue's order. "Sent"
 * and the fill come between, outside the time that counts.
 */
final class FixPathWork implements Work {
    private static final int BATCH = FixPaths.BATCH;
    private static final int STRIDE = 512;
    private static final long MS_NS = 1_000_000L;
    private static final byte[] DESK = "ALPHA1".getBytes(StandardCharsets.US_ASCII);
    /** Numbers begin anew before their prices, a cent more each, reach the resting order of the other side. */
    private static final long NUMBERS = 2_000_000L;
    /** About what {@link OrderBytes} asks for. */
    private static final long PRICE = 40_000L * Scale.E8;

    private final CoreFixture fixture;
    private final OrderBytes bytes = new OrderBytes("ALPHA1");
    private final NativeBuffer in = new NativeBuffer(BufferUtil.allocateDirectAligned(BATCH * STRIDE, 64));
    private final FixFrame frame = new FixFrame();
    private final FastOrderDecoder decoder = new FastOrderDecoder("WEIR".getBytes(StandardCharsets.US_ASCII));
    private final NewOrderEncoder out = new NewOrderEncoder("KEY", 'D');
    private final SymbolTable symbols = new SymbolTable();
    private final OrderLine line = new OrderLine();
    private final MessageHeaderDecoder venueHeader = new MessageHeaderDecoder();
    private final VenueNewOrdersDecoder venueOrders = new VenueNewOrdersDecoder();
    private final long[] orderIds = new long[BATCH];
    /** What the core once said to the adapter, of as many orders; null = each order goes through the core. */
    private final DirectBuffer[] canned;
    private long number;
    private int venueSequence;

    FixPathWork(final CoreFixture fixture) {
        this.fixture = fixture;
        canned = null;
    }

    private FixPathWork(final CoreFixture fixture, final DirectBuffer[] canned) {
        this.fixture = fixture;
        this.canned = canned;
    }

    /** The same without a core: orders are read whole, and a batch that a core once let through is written. */
    static FixPathWork textAlone(final CoreFixture fixture) {
        final FixPathWork whole = new FixPathWork(fixture);
        final DirectBuffer[] messages = new DirectBuffer[BATCH];
        for (int i = 0; i < BATCH; i++) {
            whole.bytes.write(whole.number++, whole.in, 0);
            final int length = whole.decode(whole.in, 0, whole.bytes.length());
            final long orderId = fixture.admit(whole.decoder.buffer(), length);
            final ByteOutbox outbox = whole.outbox();
            final byte[] message = new byte[outbox.headLength()];
            outbox.buffer().getBytes(outbox.headOffset(), message);
            messages[i] = new UnsafeBuffer(message);
            outbox.release();
            fixture.sentAndFilled(orderId, PRICE);
        }
        return new FixPathWork(fixture, messages);
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
                orderIds[i] = through(in, i * STRIDE, bytes.length(), i);
            }
            elapsedNs += System.nanoTime() - startNs;
            if (canned == null) {
                for (int i = 0; i < BATCH; i++) {
                    fixture.sentAndFilled(orderIds[i], PRICE);
                }
            }
        }
        return elapsedNs; // chunks are multiples of the batch
    }

    /** One order of somebody else's through all; its id, for {@link #settle}. */
    long through(final NativeBuffer source, final int at, final int size) {
        return through(source, at, size, 0);
    }

    /** Has such an order sent and filled. */
    void settle(final long orderId) {
        fixture.sentAndFilled(orderId, PRICE);
    }

    /** Room for so many orders, none of which is under way: a session day ends when it would not suffice. */
    void makeRoom(final int orders) {
        fixture.beforeOrders(orders);
    }

    private long through(final NativeBuffer source, final int at, final int size, final int i) {
        final int length = decode(source, at, size);
        if (canned != null) {
            encode(canned[i], 0, fixture.nowNs() + venueSequence * MS_NS);
            return 0;
        }
        final long orderId = fixture.admit(decoder.buffer(), length);
        final ByteOutbox outbox = outbox();
        encode(outbox.buffer(), outbox.headOffset(), fixture.nowNs());
        outbox.release();
        return orderId;
    }

    private int decode(final NativeBuffer source, final int at, final int size) {
        if (!frame.wrap(source, at, size) || !frame.isChecksumValid()) {
            throw new IllegalStateException("the frame is not accepted");
        }
        final int length = decoder.decode(frame, DESK, CoreFixture.SESSION, fixture.nowNs());
        if (length == FastOrderDecoder.NOT_MINE) {
            throw new IllegalStateException("the fast lane does not take the order");
        }
        return length;
    }

    private ByteOutbox outbox() {
        final ByteOutbox outbox = fixture.core.venueOutbox(Venues.COINBASE);
        if (outbox.isEmpty()) {
            throw new IllegalStateException("the order did not come out");
        }
        return outbox;
    }

    private void encode(final DirectBuffer buffer, final int offset, final long nowNs) {
        venueHeader.wrap(buffer, offset);
        final VenueNewOrdersDecoder message = venueOrders.wrapAndApplyHeader(buffer, offset, venueHeader);
        final String symbol =
            symbols.of(buffer, message.offset() + VenueNewOrdersDecoder.venueSymbolEncodingOffset());
        if (!out.encode(line.read(message.orders().next()), symbol, ++venueSequence, nowNs)) {
            throw new IllegalStateException("the venue's encoder does not take the order");
        }
    }

    /** Orders that were written for the venue. */
    int written() {
        return venueSequence;
    }

    /** The last order as the venue gets it: for the test. */
    String last() {
        return out.buffer().getStringWithoutLengthAscii(out.offset(), out.length());
    }
}
