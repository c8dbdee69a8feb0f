package weir.fix.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows at its end. At first, and always where nobody flushes, each append is a write to the file. Once
 * {@link #stage staged}, what is appended lies in its {@link AppendTail}, whose pages are always the same, and
 * {@link WriteBehind} writes it to the file within about a second: the thread that appends makes no system call, meets
 * no fresh page and allocates nothing. Either way it survives a kill of the process.
 * <p>
 * Append is {@link #claim} a length, fill {@link #target} at {@link #offset}, {@link #commit}. Owned by the thread that
 * appends; only what touches the file is behind a lock.
 */
final class AppendFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AppendFile.class);
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
    private int mostCapacity = MAX_CAPACITY;
    private int claimed;
    private boolean isPiece;
    private volatile boolean hasWider;
    private volatile boolean isListed;
    private volatile boolean wantsWider;
    private boolean isClosed;
    private int room;
    /** Round of its next turn, 0 = none, and how many after the last; {@link WriteBehind}'s alone. */
    long turn;
    int pause;

    /**
     * @param channel open for reading and writing; owned from now on
     * @param end     first byte to be written
     */
    AppendFile(final FileChannel channel, final long end) {
        this.channel = channel;
        this.end = end;
    }

    /**
     * Puts into the file what a killed process left in its tail, and removes the tail; one that does not belong behind
     * what the file has is kept as {@code .tail.bad}.
     *
     * @param file that may have one
     * @return bytes of such a tail
     */
    static long recover(final Path file) throws IOException {
        final long lost = AppendTail.complete(file);
        final Path tail = AppendTail.beside(file);
        if (lost > 0) {
            Files.move(tail, tail.resolveSibling(tail.getFileName() + ".bad"), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(tail);
        }
        return lost;
    }

    /**
     * From now on appends go to a tail; where none can be made they go on as writes.
     *
     * @param file  path of this file
     * @param flush writes the tail to the file; null = no tail is made
     */
    void stage(final Path file, final WriteBehind flush) {
        if (flush == null) {
            return;
        }
        try {
            tail = AppendTail.create(AppendTail.beside(file), FIRST_CAPACITY, end);
            tailPath = AppendTail.beside(file);
            takenSeen = end;
            lookedAt = end;
            behind = flush;
        } catch (final IOException ex) {
            LOG.warn("{} is written without a tail: {}", file, ex.toString());
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
                behind.hurry(this);
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
     * @return bytes that were; 0 also when the file is closed
     */
    long flush() throws IOException {
        final long backlog;
        final int wanted;
        synchronized (lock) {
            if (isClosed) {
                return 0;
            }
            room = tail.capacity();
            backlog = tail.end() - tail.taken();
            tail.flush(channel);
            if (!wantsWider && backlog <= tail.capacity() / 2 || tail.capacity() >= mostCapacity || wider != null) {
                return backlog;
            }
            wanted = tail.capacity() * GROWTH;
        }
        widen(wanted);
        return backlog;
    }

    /** Not under the lock: the owner may need it meanwhile. Once it fails the tail stays as it is. */
    private void widen(final int capacity) throws IOException {
        AppendTail made = null;
        try {
            made = AppendTail.widen(tailPath, capacity);
        } catch (final NoSuchFileException ex) {
            return; // closed meanwhile
        } finally {
            synchronized (lock) {
                if (made == null || isClosed) {
                    free(made);
                    mostCapacity = tail == null ? 0 : tail.capacity();
                } else {
                    free(before);
                    before = null;
                    wider = made;
                    wantsWider = false;
                    hasWider = true;
                }
            }
        }
    }

    /** Bytes of the tail that was flushed last. {@link WriteBehind}'s thread. */
    int room() {
        return room;
    }

    boolean isListed() {
        return isListed;
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
                before = null;
                tail = null; // what is still to be appended comes to the file, which is closed
                wider = null;
                hasWider = false;
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

    private void grow() {
        synchronized (lock) {
            try {
                tail.flush(channel);
            } catch (final IOException ex) {
                return; // there may be room yet
            }
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
            } catch (final IOException ex) {
                cut(ex);
                throw ex;
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

    /** Half of a piece must not stay behind the end. */
    private void cut(final IOException cause) {
        try {
            channel.truncate(end);
        } catch (final IOException ex) {
            cause.addSuppressed(ex);
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
