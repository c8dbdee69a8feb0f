package weir.engine.journal;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import weir.protocol.HeapBuffer;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordEncoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * One sealed record frame ({@link JournalRecordDescriptor}), built in place and reused by the next call. Fields are
 * written where SBE has them in the one place that the frame has.
 */
public final class RecordFrame {
    /** Longest input that fits a frame, bytes. */
    public static final int MAX_INPUT = JournalRecordDescriptor.MAX_LENGTH - JournalRecordDescriptor.HEADER_OFFSET
        - MessageHeaderEncoder.ENCODED_LENGTH - JournalRecordEncoder.BLOCK_LENGTH - 2;

    private static final int BODY = JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int INPUT_LENGTH = BODY + JournalRecordEncoder.BLOCK_LENGTH;
    private static final int INPUT = INPUT_LENGTH + Short.BYTES;

    private final HeapBuffer buffer = new HeapBuffer(JournalRecordDescriptor.MAX_LENGTH);
    private final CRC32C crc = new CRC32C();
    private int length;

    /** Makes a frame, whose SBE header is that of every record. */
    public RecordFrame() {
        new JournalRecordEncoder().wrapAndApplyHeader(buffer, JournalRecordDescriptor.HEADER_OFFSET,
            new MessageHeaderEncoder());
    }

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
        putLong(JournalRecordEncoder.sequenceEncodingOffset(), v.sequence);
        putLong(JournalRecordEncoder.epochNsEncodingOffset(), v.nowNs);
        putShort(JournalRecordEncoder.inputTemplateIdEncodingOffset(), templateId);
        putShort(JournalRecordEncoder.reasonEncodingOffset(), v.reason);
        putShort(JournalRecordEncoder.flagsEncodingOffset(), v.flags);
        putShort(JournalRecordEncoder.outputCountEncodingOffset(), outputCount);
        putInt(JournalRecordEncoder.outputsCrcEncodingOffset(), (int) outputsCrc);
        putInt(JournalRecordEncoder.tenantIdEncodingOffset(), v.tenantId);
        putInt(JournalRecordEncoder.sessionIdEncodingOffset(), v.sessionId);
        putInt(JournalRecordEncoder.accountIdEncodingOffset(), v.accountId);
        putInt(JournalRecordEncoder.instrumentIdEncodingOffset(), v.instrumentId);
        putLong(JournalRecordEncoder.orderIdEncodingOffset(), v.orderId);
        putInt(JournalRecordEncoder.planIdEncodingOffset(), v.planId);
        putInt(JournalRecordEncoder.planVersionEncodingOffset(), v.planVersion);
        putInt(JournalRecordEncoder.requestUnitsEncodingOffset(), v.requestUnits);
        putInt(JournalRecordEncoder.sentUnitsEncodingOffset(), v.sentUnits);
        putInt(JournalRecordEncoder.filledUnitsEncodingOffset(), v.filledUnits);
        putLong(JournalRecordEncoder.computeMsEncodingOffset(), v.computeMs);
        putLong(JournalRecordEncoder.debitMicrosEncodingOffset(), v.debitMicros);
        putLong(JournalRecordEncoder.reservedMicrosEncodingOffset(), v.reservedMicros);
        putLong(JournalRecordEncoder.balanceMicrosEncodingOffset(), v.balanceMicros);
        putLong(JournalRecordEncoder.receivableMicrosEncodingOffset(), v.receivableMicros);
        putLong(JournalRecordEncoder.creditedMicrosEncodingOffset(), v.creditedMicros);
        buffer.putShort(INPUT_LENGTH, (short) inputLength, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(INPUT, input, inputOffset, inputLength);
        length = INPUT + inputLength;
        buffer.putInt(JournalRecordDescriptor.LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        crc.reset();
        crc.update(buffer.byteArray(), JournalRecordDescriptor.LENGTH_OFFSET,
            length - JournalRecordDescriptor.LENGTH_OFFSET);
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

    private void putLong(final int field, final long value) {
        buffer.putLong(BODY + field, value, ByteOrder.LITTLE_ENDIAN);
    }

    private void putInt(final int field, final int value) {
        buffer.putInt(BODY + field, value, ByteOrder.LITTLE_ENDIAN);
    }

    private void putShort(final int field, final int value) {
        buffer.putShort(BODY + field, (short) value, ByteOrder.LITTLE_ENDIAN);
    }
}
