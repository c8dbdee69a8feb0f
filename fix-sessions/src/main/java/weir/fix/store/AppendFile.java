package weir.fix.store;

import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * A file that grows at its end, through a window of it mapped to memory: what is appended is in the page cache and
 * survives a kill of the process, like what was written by a call. Behind the end are zeros until the file is closed.
 * Windows grow with use; {@link AppendAhead} prepares them on a thread of its own.
 * <p>
 * Append is {@link #claim} a length, fill {@link #target} at {@link #offset}, {@link #commit}. Owned by the thread that
 * appends; only the making of windows is behind a lock.
 */
final class AppendFile implements Closeable {
    private static final int PAGE = 4096;
    private static final int FIRST_WINDOW = 4 * PAGE;
    private static final int MAX_WINDOW = 4 << 20;
    private static final int GROWTH = 4;
    private static final int ZEROS = 64 * 1024;

    private final FileChannel channel;
    private final AppendAhead ahead;
    private final Object lock = new Object();
    private final CRC32C crc = new CRC32C();
    private Window window;
    private Window next;
    private Window used;
    private ByteBuffer split;
    private UnsafeBuffer splitBytes;
    private long end;
    private int largest = FIRST_WINDOW;
    private int claimed;
    private boolean isSplit;
    private boolean asked;
    private boolean closed;

    private record Window(long start, int length, MappedByteBuffer map, UnsafeBuffer bytes) {
        long limit() {
            return start + length;
        }
    }

    /**
     * @param channel open for reading and writing; owned from now on
     * @param end     first byte to be written
     * @param ahead   prepares windows; null = this file does itself
     */
    AppendFile(final FileChannel channel, final long end, final AppendAhead ahead) {
        this.channel = channel;
        this.end = end;
        this.ahead = ahead;
    }

    /** First byte not written yet. */
    long end() {
        return end;
    }

    /** Makes room for so many bytes at the end; nothing is appended until {@link #commit}. */
    void claim(final int length) throws IOException {
        claimed = length;
        isSplit = window == null || end + length > window.limit();
        if (isSplit) {
            onWindowEnd(length);
        } else if (!asked && ahead != null && end - window.start() > window.length() / 2) {
            asked = true;
            ahead.request(this);
        }
    }

    /** Where the claimed bytes are written. */
    MutableDirectBuffer target() {
        return isSplit ? splitBytes : window.bytes();
    }

    /** First claimed byte in {@link #target}. */
    int offset() {
        return isSplit ? 0 : (int)(end - window.start());
    }

    /** CRC-32C of bytes of {@link #target}. */
    int crc(final int from, final int length) {
        final ByteBuffer bytes = isSplit ? split : window.map();
        crc.reset();
        crc.update(bytes.limit(from + length).position(from));
        bytes.clear();
        return (int)crc.getValue();
    }

    /** Appends what was claimed; returns its position. */
    long commit() {
        final long position = end;
        if (isSplit) {
            final int first = (int)Math.min(claimed, window.limit() - end);
            if (first < claimed) {
                next.bytes().putBytes(0, splitBytes, first, claimed - first);
            }
            window.bytes().putBytes((int)(end - window.start()), splitBytes, 0, first);
        }
        end += claimed;
        if (end >= window.limit()) {
            roll();
        }
        return position;
    }

    /** Reads anywhere before the end. */
    void read(final ByteBuffer target, final long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            final int count = channel.read(target, at);
            if (count < 0) {
                throw new IOException("file ends at " + at);
            }
            at += count;
        }
    }

    /** Makes the window after this one, where there is none yet. */
    void prepareNext() throws IOException {
        synchronized (lock) {
            if (!closed && window != null && next == null) {
                free(used);
                used = null;
                next = make(window.limit(), Math.min(MAX_WINDOW, window.length() * GROWTH));
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            free(used);
            free(window);
            free(next);
            window = null;
            next = null;
            if (channel.size() > end) {
                channel.truncate(end);
            }
            channel.close();
        }
    }

    private void onWindowEnd(final int length) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IOException("file is closed");
            }
            if (window == null) {
                final long start = end / PAGE * PAGE;
                window = make(start, Math.max(largest, align(end - start + length)));
                isSplit = false;
                return;
            }
            if (next == null || next.length() < length) {
                free(next);
                next = null;
                next = make(window.limit(), Math.max(align(length), Math.min(MAX_WINDOW, window.length() * GROWTH)));
            }
        }
        if (split == null || split.capacity() < length) {
            split = BufferUtil.allocateDirectAligned(align(length), PAGE);
            splitBytes = new UnsafeBuffer(split);
        }
    }

    private void roll() {
        synchronized (lock) {
            if (next != null) {
                free(used);
                used = window;
                window = next;
                next = null;
                asked = false;
            } else {
                free(window);
                window = null;
                asked = false;
            }
        }
    }

    private Window make(final long start, final int length) throws IOException {
        final long size = channel.size();
        final ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(ZEROS, length));
        for (long at = Math.max(size, start); at < start + length; ) {
            zeros.clear().limit((int)Math.min(zeros.capacity(), start + length - at));
            at += channel.write(zeros, at);
        }
        final MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, start, length);
        final UnsafeBuffer bytes = new UnsafeBuffer(map);
        // What is behind the end belongs to this window alone until it is handed over.
        for (int at = align(Math.max(0, end - start)); at < length; at += PAGE) {
            bytes.putByte(at, (byte)0);
        }
        largest = Math.max(largest, Math.min(length, MAX_WINDOW));
        return new Window(start, length, map, bytes);
    }

    private static void free(final Window window) {
        if (window != null) {
            BufferUtil.free(window.map());
        }
    }

    private static int align(final long length) {
        return (int)((length + PAGE - 1) / PAGE * PAGE);
    }
}
