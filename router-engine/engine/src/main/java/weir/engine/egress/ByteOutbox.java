package weir.engine.egress;

import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import weir.protocol.HeapBuffer;

/**
 * Bounded FIFO of byte messages, each contiguous. Room is asked for before a call; a claim without room is a bug and
 * throws. Positions only grow; index = position &amp; mask. An array, since a checksum over a part of one takes no
 * position and limit of a buffer. One thread.
 * <pre>
 *  0        4        8
 *  +--------+--------+--------------+-----+
 *  | length | unused | message      | pad |   length &lt; 0: padding to the end of the ring
 *  +--------+--------+--------------+-----+
 * </pre>
 */
public final class ByteOutbox {
    /** Longest message, bytes: one Aeron frame. */
    public static final int MAX_MESSAGE = 1376;
    private static final int HEADER = 8;
    /** What is used of a ring that is emptied again and again, bytes. */
    private static final int CACHED = 1 << 14;
    /** A bound that every claim is within, so that the compiler knows that no field's offset overflows. */
    private static final int CLAIM_MAX = Integer.MAX_VALUE >> 1;

    private final HeapBuffer buffer;
    private final int mask;
    private long head;
    private long tail;
    private long markTail;
    private int staged;
    /** Where the message committed last begins in the ring, its header included. */
    private int last;

    /**
     * Makes an empty outbox.
     *
     * @param capacity bytes, a power of two
     */
    public ByteOutbox(final int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity) || capacity < 4 * MAX_MESSAGE) {
            throw new IllegalArgumentException("outbox capacity must be a power of two of at least 8192: " + capacity);
        }
        buffer = new HeapBuffer(capacity);
        mask = capacity - 1;
    }

    /**
     * Are so many bytes of messages (headers and wrap included by the caller's estimate) free?
     *
     * @param length bytes
     * @return true when messages of that sum fit
     */
    public boolean hasRoom(final int length) {
        return mask + 1 - (tail - head) >= length + MAX_MESSAGE + 2 * HEADER;
    }

    /** Marks where the outputs of a call begin. An empty ring goes on at its beginning, which stays in the caches. */
    public void mark() {
        if (head == tail && ((int) tail & mask) >= CACHED) {
            tail = tail + mask & ~(long) mask;
            head = tail;
        }
        markTail = tail;
        staged = 0;
    }

    /**
     * Number of messages since {@link #mark()}.
     *
     * @return count
     */
    public int staged() {
        return staged;
    }

    /**
     * Begins a message.
     *
     * @param maxLength longest it can be
     * @return offset in {@link #buffer()}
     */
    public int claim(final int maxLength) {
        final int needed = HEADER + BitUtil.align(maxLength, 8);
        int index = (int) tail & mask;
        final int toEnd = mask + 1 - index;
        if (toEnd < needed) {
            buffer.putInt(index, -toEnd);
            tail += toEnd;
            index = 0;
        }
        if (tail + needed - head > mask + 1) {
            throw new IllegalStateException("outbox claim without room held");
        }
        return index + HEADER & CLAIM_MAX;
    }

    /**
     * Ends the message begun.
     *
     * @param length bytes written
     */
    public void commit(final int length) {
        last = (int) tail & mask;
        buffer.putInt(last, length);
        tail += HEADER + BitUtil.align(length, 8);
        staged++;
    }

    /**
     * Feeds the messages since {@link #mark()} to a CRC, in order.
     *
     * @param crc to update
     */
    public void updateCrc(final CRC32C crc) {
        if (staged == 1) {
            crc.update(buffer.byteArray(), last + HEADER, buffer.getInt(last));
            return;
        }
        long position = markTail;
        while (position < tail) {
            final int index = (int) position & mask;
            final int length = buffer.getInt(index);
            if (length < 0) {
                position -= length;
            } else {
                crc.update(buffer.byteArray(), index + HEADER, length);
                position += HEADER + BitUtil.align(length, 8);
            }
        }
    }

    /**
     * Is there nothing to read?
     *
     * @return true when empty
     */
    public boolean isEmpty() {
        return head == tail;
    }

    /**
     * Bytes in use.
     *
     * @return bytes
     */
    public long size() {
        return tail - head;
    }

    /**
     * Offset of the oldest message in {@link #buffer()}. Only when not empty.
     *
     * @return offset
     */
    public int headOffset() {
        skipPadding();
        return ((int) head & mask) + HEADER;
    }

    /**
     * Length of the oldest message. Only when not empty.
     *
     * @return bytes
     */
    public int headLength() {
        skipPadding();
        return buffer.getInt((int) head & mask);
    }

    /** Drops the oldest message. Only when not empty. */
    public void release() {
        skipPadding();
        head += HEADER + BitUtil.align(buffer.getInt((int) head & mask), 8);
    }

    /** Drops everything. */
    public void clear() {
        head = tail;
    }

    /**
     * The bytes.
     *
     * @return buffer over the ring
     */
    public HeapBuffer buffer() {
        return buffer;
    }

    /**
     * Offset of the message committed last in {@link #buffer()}.
     *
     * @return offset
     */
    public int lastOffset() {
        return last + HEADER;
    }

    /**
     * Where the outputs of the call begin.
     *
     * @return position
     */
    public long stagedPosition() {
        return markTail;
    }

    /**
     * Where the outputs of the call end.
     *
     * @return position
     */
    public long endPosition() {
        return tail;
    }

    /**
     * A frame of the outbox.
     *
     * @param position of it
     * @return its offset in {@link #buffer()}, -1 for padding
     */
    public int offsetAt(final long position) {
        final int index = (int) position & mask;
        return buffer.getInt(index) < 0 ? -1 : index + HEADER;
    }

    /**
     * Where the next frame begins.
     *
     * @param position of a frame or padding
     * @return position
     */
    public long after(final long position) {
        final int length = buffer.getInt((int) position & mask);
        return length < 0 ? position - length : position + HEADER + BitUtil.align(length, 8);
    }

    private void skipPadding() {
        final int length = buffer.getInt((int) head & mask);
        if (length < 0) {
            head -= length;
        }
    }
}
