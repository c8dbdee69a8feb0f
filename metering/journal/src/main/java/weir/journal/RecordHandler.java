package weir.journal;

import org.agrona.DirectBuffer;

/** Receives verified record frames in sequence, on the reader's thread. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * One frame, laid out as {@link weir.protocol.JournalRecordDescriptor} says. The buffer is the reader's and is only
     * valid during the call. When this throws, the record counts as not read and comes again with the next poll.
     *
     * @param buffer   holds the frame
     * @param offset   of the frame
     * @param length   of the frame, bytes
     * @param sequence record sequence, the last one plus one
     */
    void onRecord(DirectBuffer buffer, int offset, int length, long sequence);
}
