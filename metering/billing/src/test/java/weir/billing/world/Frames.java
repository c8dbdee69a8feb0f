package weir.billing.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import weir.billing.intake.RecordHandler;
import weir.billing.intake.RecordSource;
import weir.protocol.JournalRecordDescriptor;

/** Record frames in memory; can be read as a journal. */
public final class Frames {
    private final String journalId;
    private final List<byte[]> frames = Collections.synchronizedList(new ArrayList<>());

    public Frames(final String journalId) {
        this.journalId = journalId;
    }

    void add(final byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        buffer.putInt(JournalRecordDescriptor.LENGTH_OFFSET, frame.length);
        final CRC32C crc = new CRC32C();
        crc.update(frame, JournalRecordDescriptor.LENGTH_OFFSET, frame.length - JournalRecordDescriptor.LENGTH_OFFSET);
        buffer.putInt(JournalRecordDescriptor.CRC_OFFSET, (int)crc.getValue());
        frames.add(frame);
    }

    public int size() {
        return frames.size();
    }

    public byte[] frame(final long sequence) {
        return frames.get((int)sequence - 1);
    }

    public String journalId() {
        return journalId;
    }

    /** Reads these frames, also those that are added later. */
    public RecordSource source() {
        return new RecordSource() {
            private int next;

            @Override
            public int poll(final RecordHandler handler, final int limit) {
                int count = 0;
                while (next < frames.size() && count < limit) {
                    final byte[] frame = frames.get(next);
                    handler.onRecord(new UnsafeBuffer(frame), 0, frame.length, next + 1L);
                    next++;
                    count++;
                }
                return count;
            }

            @Override
            public void seek(final long sequence) {
                next = (int)sequence - 1;
            }

            @Override
            public String journalId() {
                return journalId;
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
