package weir.journal;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import weir.protocol.CrashPoint;
import weir.protocol.JournalRecordDescriptor;

/**
 * Moves frames from the ring to the store, an excerpt at a time: read and verify, append, and only then release the
 * ring. (Agrona's own {@code read} releases what it has read even when the handler throws.) One thread.
 */
final class RingDrain {
    private static final int LONGEST_CLAIM =
        BitUtil.align(JournalRecordDescriptor.MAX_LENGTH + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);

    private final JournalRing ring;
    private final UnsafeBuffer region;
    private final int mask;
    private final JournalStore store;
    private final RecordFrame frame;
    private long position;
    private long skipped;
    private long highWater;

    RingDrain(final JournalRing ring, final JournalStore store) {
        this.ring = ring;
        this.region = ring.region();
        this.mask = ring.capacity() - 1;
        this.store = store;
        this.frame = new RecordFrame(region);
        this.position = ring.head();
    }

    /** Everything that a dead process left. Records the store has are skipped; the ring is empty afterwards. */
    void recover() {
        ring.verifyPositions();
        while (drain(true) > 0) {
            Thread.onSpinWait();
        }
        final long left = ring.tail() - position;
        // The writer moves the tail before it commits: it died with at most one record and its padding claimed.
        if (left > 2L * LONGEST_CLAIM) {
            throw new JournalException(JournalError.JOURNAL_RING_TORN,
                ring.file() + ": " + left + " bytes behind position " + position + " cannot be read");
        }
        ring.reset();
        position = ring.head();
    }

    /** One excerpt at most. Returns the ring's records passed, 0 when there is nothing. */
    int drain() {
        return drain(false);
    }

    private int drain(final boolean skipKnown) {
        final long occupied = ring.tail() - position;
        highWater = Math.max(highWater, occupied);
        long at = position;
        int records = 0;
        while (at - position <= mask) {
            final int index = (int) at & mask;
            final int length = region.getIntVolatile(RecordDescriptor.lengthOffset(index));
            if (length <= 0) {
                break;
            }
            final int type = region.getInt(RecordDescriptor.typeOffset(index));
            final int frameOffset = RecordDescriptor.encodedMsgOffset(index);
            final int frameLength = length - RecordDescriptor.HEADER_LENGTH;
            if (type != RingBuffer.PADDING_MSG_TYPE_ID) {
                if (index + (long) length > mask + 1L) {
                    return fail(records, at, "ring record of " + length + " bytes leaves the ring");
                }
                if (!store.hasRoom(frameLength)) {
                    break;
                }
                final String fault = stage(type, frameOffset, frameLength, skipKnown);
                if (fault != null) {
                    return fail(records, at, fault);
                }
                records++;
            }
            at += BitUtil.align(length, RecordDescriptor.ALIGNMENT);
        }
        return finish(at, records);
    }

    /** Null when staged or rightly skipped. */
    private String stage(final int type, final int offset, final int length, final boolean skipKnown) {
        if (type != JournalRecordDescriptor.RING_MESSAGE_TYPE) {
            return "ring record of unknown type " + type;
        }
        final int verdict = frame.check(offset, length);
        if (verdict != RecordFrame.VALID) {
            return frame.describe(verdict, offset, length);
        }
        if (RecordFrame.length(region, offset) != length) {
            return "frame of " + RecordFrame.length(region, offset) + " bytes in a ring record of " + length;
        }
        final long sequence = RecordFrame.sequence(region, offset);
        final long expected = store.nextSequence();
        if (sequence == expected) {
            store.stage(region, offset, length, sequence);
            return null;
        }
        if (skipKnown && sequence < expected) {
            skipped++;
            return null;
        }
        return "";
    }

    /** What is good before a bad record is kept; the next call then meets the bad one first and throws. */
    private int fail(final int records, final long at, final String fault) {
        if (records > 0) {
            return finish(at, records);
        }
        final int offset = RecordDescriptor.encodedMsgOffset((int) at & mask);
        final long expected = store.nextSequence();
        if (fault.isEmpty()) {
            final long found = RecordFrame.sequence(region, offset);
            throw new JournalCorruptException(
                found > expected ? JournalError.JOURNAL_GAP : JournalError.JOURNAL_DUPLICATE,
                expected, ring.file().toString(), -1, offset, "found sequence " + found, null);
        }
        throw new JournalCorruptException(JournalError.JOURNAL_CORRUPT, expected, ring.file().toString(), -1, offset,
            fault, null);
    }

    private int finish(final long at, final int records) {
        if (at == position) {
            return 0;
        }
        if (store.hasStaged()) {
            CrashPoint.hit(CrashPoint.BEFORE_CHRONICLE);
            store.append();
            CrashPoint.hit(CrashPoint.AFTER_CHRONICLE);
        }
        ring.release(at);
        position = at;
        return Math.max(records, 1);
    }

    void skippedBefore(final long count) {
        skipped += count;
    }

    long skipped() {
        return skipped;
    }

    long highWater() {
        return highWater;
    }
}
