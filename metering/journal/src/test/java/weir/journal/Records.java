package weir.journal;

import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TickEncoder;
import weir.protocol.sbe.TimeInForce;

/** Makes record frames as the engine does: odd sequences hold a NewOrder, even ones a Tick. One thread. */
final class Records {
    private static final int INPUT_MAX = 512;

    private final byte[] bytes = new byte[JournalRecordDescriptor.MAX_LENGTH];
    private final UnsafeBuffer frame = new UnsafeBuffer(bytes);
    private final byte[] inputBytes = new byte[INPUT_MAX];
    private final UnsafeBuffer input = new UnsafeBuffer(inputBytes);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final NewOrderEncoder order = new NewOrderEncoder();
    private final TickEncoder tick = new TickEncoder();
    private final CRC32C crc = new CRC32C();

    UnsafeBuffer frame() {
        return frame;
    }

    /** Encodes the frame of one sequence into {@link #frame()} and returns its length. */
    int encode(final long sequence) {
        final boolean isOrder = (sequence & 1) == 1;
        final int inputLength = isOrder ? newOrder(sequence) : tick(sequence);
        record.wrapAndApplyHeader(frame, JournalRecordDescriptor.HEADER_OFFSET, header)
            .sequence(sequence)
            .epochNs(1_000_000_000L + sequence)
            .inputTemplateId(isOrder ? NewOrderEncoder.TEMPLATE_ID : TickEncoder.TEMPLATE_ID)
            .reason(isOrder && sequence % 5 == 0 ? 105 : 0)
            .outputCount((int) (sequence % 3))
            .outputsCrc(sequence & 0xFFFFFFFFL)
            .tenantId(1)
            .sessionId(2)
            .accountId(3)
            .instrumentId(4)
            .orderId(sequence)
            .planId(1)
            .planVersion(1)
            .requestUnits(isOrder ? 1 : 0)
            .sentUnits(0)
            .filledUnits(0)
            .computeMs(0)
            .debitMicros(isOrder ? 10 : 0)
            .reservedMicros(0)
            .balanceMicros(1_000_000 - sequence)
            .receivableMicros(0)
            .creditedMicros(0);
        record.flags().clear().admitted(isOrder);
        record.putInput(inputBytes, 0, inputLength);
        final int length = record.limit();
        frame.putInt(JournalRecordDescriptor.LENGTH_OFFSET, length);
        sign(length);
        return length;
    }

    /** Makes the stored checksum right again after a change of the frame. */
    void sign(final int length) {
        crc.reset();
        crc.update(bytes, JournalRecordDescriptor.LENGTH_OFFSET, length - JournalRecordDescriptor.LENGTH_OFFSET);
        frame.putInt(JournalRecordDescriptor.CRC_OFFSET, (int) crc.getValue());
    }

    private int newOrder(final long sequence) {
        order.wrapAndApplyHeader(input, 0, header)
            .sessionId(2)
            .msgSeqNum((int) sequence)
            .receivedNs(1_000_000_000L + sequence)
            .clOrdId("ord-" + sequence)
            .symbol("BTC-USD")
            .side(Side.BUY)
            .ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC)
            .orderQty(100_000_000L)
            .price(5_000_000_000_000L)
            .stopPx(NewOrderEncoder.stopPxNullValue())
            .cashOrderQty(NewOrderEncoder.cashOrderQtyNullValue())
            .expireNs(NewOrderEncoder.expireNsNullValue())
            .queueDeadlineNs(NewOrderEncoder.queueDeadlineNsNullValue())
            .strategyId(0);
        order.messageFlags().clear();
        order.execInst().clear().postOnly(true);
        return MessageHeaderEncoder.ENCODED_LENGTH + order.encodedLength();
    }

    private int tick(final long sequence) {
        tick.wrapAndApplyHeader(input, 0, header).slice((int) sequence);
        return MessageHeaderEncoder.ENCODED_LENGTH + tick.encodedLength();
    }

    /** Commits one record to the ring; false when the ring is full. */
    boolean offer(final OneToOneRingBuffer ring, final long sequence) {
        final int length = encode(sequence);
        return ring.write(JournalRecordDescriptor.RING_MESSAGE_TYPE, frame, 0, length);
    }
}
