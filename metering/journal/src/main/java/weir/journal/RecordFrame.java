package weir.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * Judges one record frame in a buffer that has a {@link ByteBuffer} beneath it, without allocation. One thread.
 * Offsets are those of {@link JournalRecordDescriptor}.
 */
final class RecordFrame {
    static final int BLOCK_OFFSET = JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH;
    /** Offset of the record sequence in the frame. */
    static final int SEQUENCE_OFFSET = BLOCK_OFFSET + JournalRecordDecoder.sequenceEncodingOffset();
    /** Offset of the input's template id in the frame. */
    static final int INPUT_TEMPLATE_OFFSET = BLOCK_OFFSET + JournalRecordDecoder.inputTemplateIdEncodingOffset();
    /** Shortest frame: every field of the block up to the sequence, and an empty input. */
    static final int MIN_LENGTH = INPUT_TEMPLATE_OFFSET + Short.BYTES + Short.BYTES;

    static final int VALID = 0;
    static final int TORN = 1;
    static final int BAD_LENGTH = 2;
    static final int BAD_CRC = 3;
    static final int BAD_HEADER = 4;
    static final int BAD_INPUT_LENGTH = 5;
    static final int LATER_VERSION = 6;

    private final CRC32C crc = new CRC32C();
    private final DirectBuffer buffer;
    private final ByteBuffer bytes;
    private final int bytesOffset;

    RecordFrame(final DirectBuffer buffer) {
        this.buffer = buffer;
        this.bytes = buffer.byteBuffer().duplicate();
        this.bytesOffset = buffer.wrapAdjustment();
        bytes.clear();
    }

    /** Verdict on the frame at {@code offset}, of which at most {@code available} bytes are there. */
    int check(final int offset, final int available) {
        if (available < JournalRecordDescriptor.HEADER_OFFSET) {
            return TORN;
        }
        final int length = length(buffer, offset);
        if (length < MIN_LENGTH || length > JournalRecordDescriptor.MAX_LENGTH) {
            return BAD_LENGTH;
        }
        if (length > available) {
            return TORN;
        }
        if (storedCrc(offset) != crcOf(offset, length)) {
            return BAD_CRC;
        }
        return checkHeader(offset, length);
    }

    private int checkHeader(final int offset, final int length) {
        final int header = offset + JournalRecordDescriptor.HEADER_OFFSET;
        final int schemaId = unsignedShort(header + MessageHeaderDecoder.schemaIdEncodingOffset());
        final int templateId = unsignedShort(header + MessageHeaderDecoder.templateIdEncodingOffset());
        if (schemaId != JournalRecordDecoder.SCHEMA_ID || templateId != JournalRecordDecoder.TEMPLATE_ID) {
            return BAD_HEADER;
        }
        final int version = unsignedShort(header + MessageHeaderDecoder.versionEncodingOffset());
        if (version > JournalRecordDecoder.SCHEMA_VERSION) {
            return LATER_VERSION;
        }
        final int blockLength = unsignedShort(header + MessageHeaderDecoder.blockLengthEncodingOffset());
        final int inputLengthOffset = BLOCK_OFFSET + blockLength;
        if (inputLengthOffset + Short.BYTES > length) {
            return BAD_INPUT_LENGTH;
        }
        final int inputLength = unsignedShort(offset + inputLengthOffset);
        return inputLengthOffset + Short.BYTES + inputLength == length ? VALID : BAD_INPUT_LENGTH;
    }

    int storedCrc(final int offset) {
        return buffer.getInt(offset + JournalRecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    int crcOf(final int offset, final int length) {
        final int from = bytesOffset + offset;
        bytes.limit(from + length).position(from + JournalRecordDescriptor.LENGTH_OFFSET);
        crc.reset();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private int unsignedShort(final int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    static int length(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + JournalRecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static long sequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static int inputTemplateId(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + INPUT_TEMPLATE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** Words for a verdict; cold. */
    String describe(final int verdict, final int offset, final int available) {
        switch (verdict) {
            case TORN:
                return "torn frame: " + available + " bytes are there"
                    + (available < JournalRecordDescriptor.HEADER_OFFSET ? "" : ", length says "
                    + length(buffer, offset));
            case BAD_LENGTH:
                return "length " + length(buffer, offset) + " is not within " + MIN_LENGTH + ".."
                    + JournalRecordDescriptor.MAX_LENGTH;
            case BAD_CRC:
                return "crc32c is " + Integer.toHexString(crcOf(offset, length(buffer, offset)))
                    + ", the frame says " + Integer.toHexString(storedCrc(offset));
            case BAD_HEADER:
                return "not a JournalRecord";
            case BAD_INPUT_LENGTH:
                return "block and input do not add up to the frame's length " + length(buffer, offset);
            case LATER_VERSION:
                return "schema version is later than " + JournalRecordDecoder.SCHEMA_VERSION;
            default:
                return "valid";
        }
    }

    static JournalError error(final int verdict) {
        return verdict == LATER_VERSION ? JournalError.JOURNAL_VERSION : JournalError.JOURNAL_CORRUPT;
    }
}
