package weir.bench.core;

import java.nio.charset.StandardCharsets;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.bench.tester.OrderBytes;
import weir.engine.egress.ByteOutbox;
import weir.fix.wire.FixFrame;
import weir.fix.wire.FixWriter;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueNewOrdersDecoder;

/**
 * FIX bytes to FIX bytes through the whole core: a desk's order indexed, its checksum verified, decoded to the command,
 * admitted with every control on, journaled to the ring, and written as the venue's order. "Sent" and the fill come
 * between, outside the time that counts.
 */
final class FixPathWork implements Work {
    private static final int BATCH = 64;
    private static final int STRIDE = 512;
    private static final byte[] NEW = "35=D\001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENDER = "49=KEY\001".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TARGET = "56=Coinbase\001".getBytes(StandardCharsets.US_ASCII);
    private static final int MILLIS = 3;

    private final CoreFixture fixture;
    private final OrderBytes bytes = new OrderBytes("ALPHA1");
    private final UnsafeBuffer in = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * STRIDE, 64));
    private final UnsafeBuffer command = new UnsafeBuffer(BufferUtil.allocateDirectAligned(STRIDE, 64));
    private final FixFrame frame = new FixFrame();
    private final FixWriter out = new FixWriter("FIXT.1.1", STRIDE);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder venueHeader = new MessageHeaderDecoder();
    private final NewOrderEncoder order = new NewOrderEncoder();
    private final VenueNewOrdersDecoder venueOrders = new VenueNewOrdersDecoder();
    private final long[] orderIds = new long[BATCH];
    private final UnsafeBuffer id = new UnsafeBuffer(new byte[36]);
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
                bytes.write(number++, in, i * STRIDE);
            }
            fixture.beforeOrders(BATCH);
            final long startNs = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                orderIds[i] = through(i * STRIDE);
            }
            elapsedNs += System.nanoTime() - startNs;
            for (int i = 0; i < BATCH; i++) {
                fixture.sentAndFilled(orderIds[i]);
            }
        }
        return elapsedNs; // chunks are multiples of the batch
    }

    private long through(final int at) {
        if (!frame.wrap(in, at, bytes.length()) || !frame.isChecksumValid()) {
            throw new IllegalStateException("the frame is not accepted");
        }
        final long orderId = fixture.admit(command, decode());
        final ByteOutbox outbox = fixture.core.venueOutbox(Venues.COINBASE);
        if (outbox.isEmpty()) {
            throw new IllegalStateException("the order did not come out");
        }
        encode(outbox.buffer(), outbox.headOffset());
        outbox.release();
        return orderId;
    }

    private int decode() {
        order.wrapAndApplyHeader(command, 0, header).sessionId(CoreFixture.SESSION).strategyId(0).stopPx(Scale.NULL)
            .cashOrderQty(Scale.NULL).expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL)
            .shapeError(ShapeError.NONE).selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST)
            .receivedNs(fixture.nowNs());
        order.messageFlags().clear();
        order.execInst().clear();
        final int count = frame.count();
        for (int i = 0; i < count; i++) {
            switch (frame.tagAt(i)) {
                case 11:
                    text(i, NewOrderEncoder.clOrdIdEncodingOffset(), NewOrderEncoder.clOrdIdLength());
                    break;
                case 34:
                    order.msgSeqNum(frame.intAt(i));
                    break;
                case 38:
                    order.orderQty(frame.decimalAt(i));
                    break;
                case 40:
                    order.ordType(frame.charAt(i) == '2' ? OrdType.LIMIT : OrdType.MARKET);
                    break;
                case 44:
                    order.price(frame.decimalAt(i));
                    break;
                case 54:
                    order.side(frame.charAt(i) == '1' ? Side.BUY : Side.SELL);
                    break;
                case 55:
                    text(i, NewOrderEncoder.symbolEncodingOffset(), NewOrderEncoder.symbolLength());
                    break;
                case 59:
                    order.timeInForce(frame.charAt(i) == '1' ? TimeInForce.GTC : TimeInForce.IOC);
                    break;
                case 60:
                    frame.timestampAt(i);
                    break;
                default:
                    break;
            }
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + order.encodedLength();
    }

    private void text(final int index, final int to, final int width) {
        final int length = frame.lengthAt(index);
        final int target = order.offset() + to;
        command.putBytes(target, frame.buffer(), frame.startAt(index), length);
        command.setMemory(target + length, width - length, (byte)0);
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
        hex(line.venueClOrdIdHigh(), 0);
        hex(line.venueClOrdIdLow(), 18);
        out.begin().raw(NEW).number(34, ++venueSequence).raw(SENDER).timestamp(52, fixture.nowNs(), MILLIS).raw(TARGET)
            .bytes(11, id, 0, 36).decimal(38, line.orderQty())
            .character(40, line.ordType() == OrdType.LIMIT ? (byte)'2' : (byte)'1').decimal(44, line.price())
            .character(54, line.side() == Side.BUY ? (byte)'1' : (byte)'2').bytes(55, buffer, symbolAt, symbolLength)
            .character(59, (byte)'1').timestamp(60, fixture.nowNs(), MILLIS).character(7928, (byte)'D').finish();
    }

    /** 16 hexadecimal digits in groups, as the venue's identifiers are written. */
    private void hex(final long value, final int at) {
        int to = at;
        for (int shift = 60; shift >= 0; shift -= 4) {
            final int digit = (int)(value >>> shift) & 15;
            id.putByte(to++, (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
            if (to == 8 || to == 13 || to == 18 || to == 23) {
                id.putByte(to++, (byte)'-');
            }
        }
    }

    /** The last order as the venue gets it: for the test. */
    String last() {
        return out.buffer().getStringWithoutLengthAscii(out.offset(), out.length());
    }
}
