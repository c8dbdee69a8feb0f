package weir.engine;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.egress.ByteOutbox;
import weir.engine.registry.VenueBook;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * Rebuilds a core from its journal: feeds each record's input at its time and holds the verdict and the outputs against
 * the record, byte for byte. Of a record of an earlier schema version the verdict, the units and the money must be the
 * same; its outputs are not compared, since fields that were appended change their bytes. One thread, which owns the
 * core.
 */
public final class CoreReplay {
    private static final int SHORTEST = JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH
        + JournalRecordDecoder.BLOCK_LENGTH + 2;

    /** Gets the outputs that replaying makes again. */
    public interface Listener {
        /**
         * An output to clients.
         *
         * @param sequence of its record
         * @param buffer   with the frame, valid during the call
         * @param offset   of it
         * @param length   of it
         */
        void onClientOutput(long sequence, DirectBuffer buffer, int offset, int length);

        /**
         * An output to a venue. It must not be sent: it was, or it counts as lost.
         *
         * @param sequence of its record
         * @param venueId  venue
         * @param buffer   with the frame, valid during the call
         * @param offset   of it
         * @param length   of it
         */
        default void onVenueOutput(final long sequence, final int venueId, final DirectBuffer buffer,
            final int offset, final int length) {
        }
    }

    private final RouterCore core;
    private final Listener listener;
    private final JournalRecordDecoder recorded = new JournalRecordDecoder();
    private final JournalRecordDecoder replayed = new JournalRecordDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[JournalRecordDescriptor.MAX_LENGTH]);
    private final CRC32C crc = new CRC32C();
    private long records;
    private long lastFrameCrc = CoreSnapshot.NO_CRC;

    /**
     * Replays into a core.
     *
     * @param core     empty, or at the state of a snapshot
     * @param listener gets outputs
     */
    public CoreReplay(final RouterCore core, final Listener listener) {
        this.core = core;
        this.listener = listener;
    }

    /**
     * Replays the next record.
     *
     * @param buffer with the frame
     * @param offset of it
     * @param length of it
     * @throws JournalDivergedException when the frame is damaged, out of sequence, or does not come out the same
     */
    public void onRecord(final DirectBuffer buffer, final int offset, final int length) {
        final long expected = core.nextSequence();
        if (length < SHORTEST || length > JournalRecordDescriptor.MAX_LENGTH) {
            throw new JournalDivergedException(expected, "length", length, SHORTEST);
        }
        buffer.getBytes(offset, frame, 0, length);
        final int inside = frame.getInt(JournalRecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        check(expected, "length", inside, length);
        crc.reset();
        crc.update(frame.byteArray(), JournalRecordDescriptor.LENGTH_OFFSET,
            length - JournalRecordDescriptor.LENGTH_OFFSET);
        final long found = frame.getInt(JournalRecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        check(expected, "crc", found, crc.getValue());
        header.wrap(frame, JournalRecordDescriptor.HEADER_OFFSET);
        check(expected, "schemaId", header.schemaId(), MessageHeaderDecoder.SCHEMA_ID);
        check(expected, "templateId", header.templateId(), JournalRecordDecoder.TEMPLATE_ID);
        recorded.wrap(frame, JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH,
            header.blockLength(), header.version());
        check(expected, "sequence", recorded.sequence(), expected);
        final int inputAt = recorded.offset() + header.blockLength() + 2;
        final int inputLength = frame.getShort(inputAt - 2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        check(expected, "input", inputAt + inputLength, length);
        core.rulesVersion(header.version());
        final int result = core.onCommand(recorded.epochNs(), frame, inputAt, inputLength);
        core.rulesVersion(MessageHeaderDecoder.SCHEMA_VERSION);
        check(expected, "result", RouterCore.TAKEN, result);
        compare(expected);
        drain(expected);
        lastFrameCrc = found;
        records++;
    }

    /**
     * Records replayed.
     *
     * @return count
     */
    public long records() {
        return records;
    }

    /**
     * CRC of the last record's frame.
     *
     * @return CRC-32C, {@link CoreSnapshot#NO_CRC} before the first
     */
    public long lastFrameCrc() {
        return lastFrameCrc;
    }

    private void compare(final long sequence) {
        replayed.wrap(core.record().buffer(),
            JournalRecordDescriptor.HEADER_OFFSET + MessageHeaderDecoder.ENCODED_LENGTH,
            JournalRecordDecoder.BLOCK_LENGTH, JournalRecordDecoder.SCHEMA_VERSION);
        check(sequence, "epochNs", recorded.epochNs(), replayed.epochNs());
        check(sequence, "inputTemplateId", recorded.inputTemplateId(), replayed.inputTemplateId());
        check(sequence, "reason", recorded.reason(), replayed.reason());
        check(sequence, "flags", flags(recorded), flags(replayed));
        if (header.version() == JournalRecordDecoder.SCHEMA_VERSION) {
            check(sequence, "outputCount", recorded.outputCount(), replayed.outputCount());
            check(sequence, "outputsCrc", recorded.outputsCrc(), replayed.outputsCrc());
        }
        check(sequence, "tenantId", recorded.tenantId(), replayed.tenantId());
        check(sequence, "sessionId", recorded.sessionId(), replayed.sessionId());
        check(sequence, "accountId", recorded.accountId(), replayed.accountId());
        check(sequence, "instrumentId", recorded.instrumentId(), replayed.instrumentId());
        check(sequence, "orderId", recorded.orderId(), replayed.orderId());
        check(sequence, "planId", recorded.planId(), replayed.planId());
        check(sequence, "planVersion", recorded.planVersion(), replayed.planVersion());
        check(sequence, "requestUnits", recorded.requestUnits(), replayed.requestUnits());
        check(sequence, "sentUnits", recorded.sentUnits(), replayed.sentUnits());
        check(sequence, "filledUnits", recorded.filledUnits(), replayed.filledUnits());
        check(sequence, "computeMs", recorded.computeMs(), replayed.computeMs());
        check(sequence, "debitMicros", recorded.debitMicros(), replayed.debitMicros());
        check(sequence, "reservedMicros", recorded.reservedMicros(), replayed.reservedMicros());
        check(sequence, "balanceMicros", recorded.balanceMicros(), replayed.balanceMicros());
        check(sequence, "receivableMicros", recorded.receivableMicros(), replayed.receivableMicros());
        check(sequence, "creditedMicros", recorded.creditedMicros(), replayed.creditedMicros());
    }

    private void drain(final long sequence) {
        for (int venueId = 0; venueId < VenueBook.CAPACITY; venueId++) {
            final ByteOutbox outbox = core.venueOutbox(venueId);
            while (outbox != null && !outbox.isEmpty()) {
                listener.onVenueOutput(sequence, venueId, outbox.buffer(), outbox.headOffset(), outbox.headLength());
                outbox.release();
            }
        }
        final ByteOutbox clients = core.clientOutbox();
        while (!clients.isEmpty()) {
            listener.onClientOutput(sequence, clients.buffer(), clients.headOffset(), clients.headLength());
            clients.release();
        }
    }

    private static long flags(final JournalRecordDecoder record) {
        return record.buffer().getShort(record.offset() + JournalRecordDecoder.flagsEncodingOffset(),
            ByteOrder.LITTLE_ENDIAN);
    }

    private static void check(final long sequence, final String field, final long recordedValue,
        final long replayedValue) {
        if (recordedValue != replayedValue) {
            throw new JournalDivergedException(sequence, field, recordedValue, replayedValue);
        }
    }
}
