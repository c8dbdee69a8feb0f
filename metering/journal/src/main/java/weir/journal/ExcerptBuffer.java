package weir.journal;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A copy of one excerpt, outside the mapped file, and the judgement of its frames. One thread. */
final class ExcerptBuffer {
    /** Longest excerpt that a journal holds, bytes. */
    static final int MAX_LENGTH = 64 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MAX_LENGTH, 64));
    private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private final RecordFrame frame = new RecordFrame(buffer);
    private int length;

    /** False when it is longer than any excerpt can be: its header is not what was written. */
    boolean load(final DocumentContext document) {
        final Bytes<?> bytes = document.wire().bytes();
        final long remaining = bytes.readRemaining();
        if (remaining > MAX_LENGTH) {
            length = 0;
            return false;
        }
        length = (int) remaining;
        source.wrap(bytes.addressForRead(bytes.readPosition()), length);
        buffer.putBytes(0, source, 0, length);
        return true;
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int check(final int offset) {
        return frame.check(offset, length - offset);
    }

    String describe(final int verdict, final int offset) {
        return frame.describe(verdict, offset, length - offset);
    }

    int frameLength(final int offset) {
        return RecordFrame.length(buffer, offset);
    }

    long sequence(final int offset) {
        return RecordFrame.sequence(buffer, offset);
    }
}
