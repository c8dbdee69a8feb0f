package weir.billing.intake;

import org.agrona.DirectBuffer;

/** Takes one record frame; the buffer is valid during the call only. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * One record.
     *
     * @param buffer   holds the frame
     * @param offset   of the frame's checksum field
     * @param length   of the whole frame, bytes
     * @param sequence of the record
     */
    void onRecord(DirectBuffer buffer, int offset, int length, long sequence);
}
