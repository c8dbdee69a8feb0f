package weir.fix.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file that grows at its end. At first, and always where nobody flushes, each append is a write to the file. Once
 * {@link #stage staged}, what is appended lies in its {@link AppendTail}, whose pages are always the same, and
 * {@link WriteBehind} writes it to the file within milliseconds: the thread that appends makes no system call, meets no
 * fresh page and allocates nothing. Either way it survives a kill of the process.
 * <p>
 * Append is {@link #claim} a length, fill {@link #target} at {@link #offset}, {@link #commit}. Owned by the thread that
 * appends; only what touches the file is behind a lock.
 */
final class AppendFile implements Closeable {
    private static final int FIRST_CAPACITY = 16 * 1024;
    private static final int MAX_CAPACITY = 1 << 20;
    private static final int GROWTH = 4;

    private final FileChannel channel;
    private final Object lock = new Object();
    private final CRC32C crc = new CRC32C();
    private WriteBehind behind;
    private Path tailPath;
    private AppendTail tail;
    private AppendTail wider;
    private AppendTail before;
    private ByteBuffer piece;
    private UnsafeBuffer pieceBytes;
    private long end;
    private long takenSeen;
    private long lookedAt;
    private int claimed;
    private boolean isPiece;
    private volatile boolean hasWider;
    private volatile boolean isListed;
    private volatile boolean wantsWider;
    private boolean isClosed;

    /**
     * @param channel open for reading and writing; owned from now on
     * @param end     first byte to be written
     */
    AppendFile(final FileChannel channel, final long end) {
        this.channel = channel;
        this.end = end;
    }

    /**
     * Puts into the file what a killed process left in its tail, and removes the tail.
     *
     * @param file that may have one
     * @return bytes that are lost, since the file has lost what goes before them
     */
    static long recover(final Path file) throws IOException {
        final long lost = AppendTail.complete(file);
        Files.deleteIfExists(AppendTail.beside(file));
        return lost;
    }

    /**
     * From now on appends go to a tail.
     *
     * @param file  path of this file
     * @param flush writes it to the file; null = no tail is made
     */
    void stage(final Path file, final WriteBehind flush) throws IOException {
        if (flush != null) {
            tailPath = AppendTail.beside(file);
            tail = AppendTail.create(tailPath, FIRST_CAPACITY, end);
            takenSeen = end;
            lookedAt = end;
            behind = flush;
        }
    }

    /** First byte not written yet. */
    long end() {
        return end;
    }

    /** Makes room for so many bytes at the end; nothing is appended until {@link #commit}. */
    void claim(final int length) throws IOException {
        claimed = length;
        if (tail == null) {
            piece(length);
            return;
        }
        if (hasWider) {
            grow();
        }
        if (end + length - takenSeen > tail.capacity()) {
            takenSeen = tail.taken();
            if (end + length - takenSeen > tail.capacity()) {
                flushed();
                wantsWider = true;
            }
        }
        isPiece = offsetOf(end) + length > tail.capacity();
        if (isPiece) {
            piece(length);
        }
    }

    /** Where the claimed bytes are written. */
    MutableDirectBuffer target() {
        return isPiece ? pieceBytes : tail.ring();
    }

    /** First claimed byte in {@link #target}. */
    int offset() {
        return isPiece ? 0 : offsetOf(end);
    }

    /** CRC-32C of bytes of {@link #target}. */
    int crc(final int from, final int length) {
        final ByteBuffer bytes = isPiece ? piece : tail.bytes();
        crc.reset();
        crc.update(bytes.limit(from + length).position(from));
        bytes.clear();
        return (int)crc.getValue();
    }

    /** Appends what was claimed; returns its position. */
    long commit() throws IOException {
        final long position = end;
        if (isPiece && (tail == null || claimed > tail.capacity())) {
            writePiece();
            return position;
        }
        if (isPiece) {
            final int first = tail.capacity() - offsetOf(end);
            tail.ring().putBytes(offsetOf(end), pieceBytes, 0, first);
            tail.ring().putBytes(0, pieceBytes, first, claimed - first);
        }
        end += claimed;
        tail.end(end);
        if (!isListed) {
            isListed = true;
            behind.list(this);
        }
        if (end - lookedAt > tail.capacity() / 2) {
            lookedAt = end;
            takenSeen = tail.taken();
            if (end - takenSeen > tail.capacity() / 2) {
                behind.hurry();
            }
        }
        return position;
    }

    /** Reads anywhere before the end. */
    void read(final ByteBuffer target, final long position) throws IOException {
        if (tail != null && position + target.remaining() > tail.taken()) {
            flushed();
        }
        long at = position;
        while (target.hasRemaining()) {
            final int count = channel.read(target, at);
            if (count < 0) {
                throw new IOException("file ends at " + at);
            }
            at += count;
        }
    }

    /**
     * Writes to the file what is in the tail, and makes a wider one where it was more than half. {@link WriteBehind}'s
     * thread.
     *
     * @return false when nothing was, or the file is closed
     */
    boolean flush() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                return false;
            }
            final long backlog = tail.end() - tail.taken();
            tail.flush(channel);
            if ((wantsWider || backlog > tail.capacity() / 2) && tail.capacity() < MAX_CAPACITY && wider == null) {
                wantsWider = false;
                free(before);
                before = null;
                wider = AppendTail.widen(tailPath, tail.capacity() * GROWTH);
                hasWider = true;
            }
            return backlog > 0;
        }
    }

    /** What is appended next has to be told of anew. {@link WriteBehind}'s thread. */
    void unlist() {
        isListed = false;
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                return;
            }
            try {
                if (tail != null) {
                    tail.flush(channel);
                }
            } finally {
                isClosed = true;
                free(before);
                free(tail);
                free(wider);
                channel.close();
            }
            if (tailPath != null) {
                Files.deleteIfExists(tailPath);
            }
        }
    }

    /** The owner's own flush. */
    private void flushed() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                throw new IOException("file is closed");
            }
            tail.flush(channel);
        }
        takenSeen = end;
    }

    private void grow() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                throw new IOException("file is closed");
            }
            tail.flush(channel);
            wider.grown();
            before = tail;
            tail = wider;
            wider = null;
            hasWider = false;
            takenSeen = end;
            lookedAt = end;
        }
    }

    private void piece(final int length) {
        isPiece = true;
        if (piece == null || piece.capacity() < length) {
            piece = BufferUtil.allocateDirectAligned(align(length), AppendTail.PAGE);
            pieceBytes = new UnsafeBuffer(piece);
        }
    }

    /** What no tail holds goes to the file at once, after what a tail has. */
    private void writePiece() throws IOException {
        synchronized (lock) {
            if (isClosed) {
                throw new IOException("file is closed");
            }
            piece.limit(claimed);
            try {
                for (long at = end; piece.hasRemaining(); ) {
                    at += channel.write(piece, at);
                }
            } finally {
                piece.clear();
            }
            end += claimed;
            if (tail != null) {
                tail.skip(end);
                takenSeen = end;
                lookedAt = end;
            }
        }
    }

    private int offsetOf(final long position) {
        return (int)(position & tail.capacity() - 1);
    }

    private static void free(final AppendTail tail) {
        if (tail != null) {
            tail.free();
        }
    }

    private static int align(final int length) {
        return (length + AppendTail.PAGE - 1) / AppendTail.PAGE * AppendTail.PAGE;
    }
}
