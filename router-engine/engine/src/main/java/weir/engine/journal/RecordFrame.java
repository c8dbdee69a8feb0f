package weir.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.NativeBuffer;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/** One sealed record frame ({@link JournalRecordDescriptor}), built in place and reused by the next call. */
public final class RecordFrame {
    /** Longest input that fits a frame, bytes. */
    public static final int MAX_INPUT = JournalRecordDescriptor.MAX_LENGTH - JournalRecordDescriptor.HEADER_OFFSET
        - MessageHeaderEncoder.ENCODED_LENGTH - JournalRecordEncoder.BLOCK_LENGTH - 2;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(JournalRecordDescriptor.MAX_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN);
    private final NativeBuffer buffer = new NativeBuffer(bytes);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final CRC32C crc = new CRC32C();
    private int length;

    /**
     * Builds and seals the frame of a call.
     *
     * @param v           verdict
     * @param templateId  of the input
     * @param outputCount outputs staged
     * @param outputsCrc  CRC-32C of them
     * @param input       buffer with the input
     * @param inputOffset of it
     * @param inputLength at most {@link #MAX_INPUT}
     */
    public void build(final Verdict v, final int templateId, final int outputCount, final long outputsCrc,
        final DirectBuffer input, final int inputOffset, final int inputLength) {
        record.wrapAndApplyHeader(buffer, JournalRecordDescriptor.HEADER_OFFSET, header)
            .sequence(v.sequence).epochNs(v.nowNs).inputTemplateId(templateId).reason(v.reason);
        buffer.putShort(record.offset() + JournalRecordEncoder.flagsEncodingOffset(), (short) v.flags,
            ByteOrder.LITTLE_ENDIAN);
        record.outputCount(outputCount).outputsCrc(outputsCrc).tenantId(v.tenantId).sessionId(v.sessionId)
            .accountId(v.accountId).instrumentId(v.instrumentId).orderId(v.orderId).planId(v.planId)
            .planVersion(v.planVersion).requestUnits(v.requestUnits).sentUnits(v.sentUnits)
            .filledUnits(v.filledUnits).computeMs(v.computeMs).debitMicros(v.debitMicros)
            .reservedMicros(v.reservedMicros).balanceMicros(v.balanceMicros).receivableMicros(v.receivableMicros)
            .creditedMicros(v.creditedMicros).putInput(input, inputOffset, inputLength);
        length = JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        buffer.putInt(JournalRecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        crc.reset();
        bytes.limit(length).position(JournalRecordDescriptor.LENGTH_OFFSET);
        crc.update(bytes);
        bytes.clear();
        buffer.putInt(JournalRecordDescriptor.CRC_OFFSET, (int) crc.getValue(), ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Bytes of the frame.
     *
     * @return buffer, frame at offset 0
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Length of the frame.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }
}
