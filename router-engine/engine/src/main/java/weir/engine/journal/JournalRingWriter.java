package weir.engine.journal;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import weir.protocol.JournalRecordDescriptor;

/**
 * Writes record frames to the journal ring. One producer: the engine thread. The consumer is the journal agent, which
 * may live on another thread or come after a crash: a frame is visible when {@link #append} returned true.
 */
public final class JournalRingWriter {
    /** Ring space for one frame of the longest kind wherever the ring wraps, bytes. */
    public static final int WORST_CASE = 2 * BitUtil.align(
        JournalRecordDescriptor.MAX_LENGTH + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);

    private static final int LINE = 64;
    /** Of an order's first record and the lines behind it. */
    private static final int AHEAD = 16 * LINE;

    private final OneToOneRingBuffer ring;
    private long knownFree;
    private long ahead = -1;

    /**
     * Writes to a ring that is mapped and owned elsewhere.
     *
     * @param ring at least {@code 8 * MAX_LENGTH} long
     */
    public JournalRingWriter(final OneToOneRingBuffer ring) {
        if (ring.maxMsgLength() < JournalRecordDescriptor.MAX_LENGTH) {
            throw new IllegalArgumentException("journal ring too small: " + ring.capacity() + " bytes, at least "
                + 8 * JournalRecordDescriptor.MAX_LENGTH + " needed");
        }
        this.ring = ring;
    }

    /**
     * Is there room for one frame of any length, with so much left over?
     *
     * @param leftOver bytes that must stay free beside the frame
     * @return true when {@link #append} will succeed
     */
    public boolean hasRoom(final long leftOver) {
        final long needed = WORST_CASE + leftOver;
        if (knownFree >= needed) {
            return true;
        }
        knownFree = ring.capacity() - ring.size();
        return knownFree >= needed;
    }

    /**
     * Appends a sealed frame.
     *
     * @param frame  buffer with the frame
     * @param offset of the frame
     * @param length of the frame
     * @return false when the ring has no room; nothing is written then
     */
    public boolean append(final DirectBuffer frame, final int offset, final int length) {
        if (!ring.write(JournalRecordDescriptor.RING_MESSAGE_TYPE, frame, offset, length)) {
            knownFree = 0;
            return false;
        }
        knownFree -= WORST_CASE;
        return true;
    }

    /**
     * Takes the memory of the next frame into this processor's caches, once after each frame: the consumer had it last,
     * and a frame that waits for it holds up what is written after it. For a turn in which there is nothing to do.
     */
    public void fetchAhead() {
        final long tail = ring.producerPosition();
        if (tail == ahead || !hasRoom(AHEAD)) {
            return;
        }
        ahead = tail;
        final AtomicBuffer buffer = ring.buffer();
        final int mask = ring.capacity() - 1;
        for (int at = 0; at < AHEAD; at += LINE) {
            buffer.putLong((int)tail + at & mask, 0); // free space is zero
        }
    }

    /**
     * Capacity of the ring.
     *
     * @return bytes
     */
    public int capacity() {
        return ring.capacity();
    }
}
