package weir.billing.intake;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** Flyweight over one journal record and the input inside it. Reused; fields are valid until the next wrap. */
public final class RecordView {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderDecoder inputHeader = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private final UnsafeBuffer input = new UnsafeBuffer(0, 0);
    private DirectBuffer frame;
    private int frameOffset;
    private int frameLength;

    /**
     * Looks at a frame.
     *
     * @param buffer holds the frame
     * @param offset of the frame
     * @param length of the frame, bytes
     * @return this
     * @throws BillingException JOURNAL_CORRUPT when the frame is no record of our schema
     */
    public RecordView wrap(final DirectBuffer buffer, final int offset, final int length) {
        if (length < JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH
            + JournalRecordDecoder.BLOCK_LENGTH) {
            throw new BillingException(BillingError.JOURNAL_CORRUPT, "frame of " + length + " bytes");
        }
        header.wrap(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET);
        if (header.schemaId() != JournalRecordDecoder.SCHEMA_ID
            || header.templateId() != JournalRecordDecoder.TEMPLATE_ID) {
            throw new BillingException(BillingError.JOURNAL_CORRUPT,
                "schema " + header.schemaId() + " template " + header.templateId() + " is no journal record");
        }
        record.wrap(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH,
            header.blockLength(), header.version());
        record.wrapInput(input);
        if (input.capacity() < MessageHeaderDecoder.ENCODED_LENGTH) {
            throw new BillingException(BillingError.JOURNAL_CORRUPT, "record " + record.sequence() + " has no input");
        }
        inputHeader.wrap(input, 0);
        frame = buffer;
        frameOffset = offset;
        frameLength = length;
        return this;
    }

    /**
     * Schema version by whose rules the engine decided.
     *
     * @return of the record
     */
    public int version() {
        return header.version();
    }

    /**
     * What the frame stands in, as it is stored.
     *
     * @return buffer; the frame is at {@link #frameOffset()}
     */
    public DirectBuffer frame() {
        return frame;
    }

    /**
     * Where the frame stands.
     *
     * @return offset of its checksum field
     */
    public int frameOffset() {
        return frameOffset;
    }

    /**
     * Length of the frame.
     *
     * @return bytes
     */
    public int frameLength() {
        return frameLength;
    }

    /**
     * The verdict.
     *
     * @return decoder of the record's block; its var data is consumed
     */
    public JournalRecordDecoder record() {
        return record;
    }

    /**
     * Sequence of the record.
     *
     * @return from 1
     */
    public long sequence() {
        return record.sequence();
    }

    /**
     * Template of the input.
     *
     * @return SBE template id
     */
    public int templateId() {
        return inputHeader.templateId();
    }

    /**
     * The input with its SBE header.
     *
     * @return buffer that starts at the header
     */
    public DirectBuffer input() {
        return input;
    }

    /**
     * Header of the input.
     *
     * @return decoder at the input's start
     */
    public MessageHeaderDecoder inputHeader() {
        return inputHeader;
    }
}
