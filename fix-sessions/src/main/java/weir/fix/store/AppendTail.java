package weir.fix.store;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What was appended to a file and is not in it yet: a ring in a file beside it, mapped, so that it survives a kill of
 * the process. The byte of position p of the file lies at p modulo the capacity. A header says up to where the file has
 * its bytes and up to where the ring has them. Layout, little endian: magic(8) capacity(4), at 64 the end of what was
 * appended(8), at 128 the end of what the file has(8), bytes from 4,096 on.
 * <p>
 * The thread that appends writes bytes and then the end; whoever holds the file's lock writes bytes to the file and
 * then what it has. Bytes that are written to the file a second time are the same at the same place.
 */
final class AppendTail {
    static final int PAGE = 4096;
    private static final long MAGIC = 0x314C_4941_5452_4957L; // "WIRTAIL1", the first byte lowest
    private static final int CAPACITY_AT = 8;
    private static final int END_AT = 64;
    private static final int TAKEN_AT = 128;
    private static final int ZEROS = 64 * 1024;
    private static final int ATTEMPTS = 1_000;
    private static final String SUFFIX = ".tail";

    private final MappedByteBuffer map;
    private final ByteBuffer bytes;
    private final ByteBuffer written;
    private final UnsafeBuffer header;
    private final UnsafeBuffer ring;
    private final int capacity;

    private AppendTail(final MappedByteBuffer map, final int capacity) {
        this.map = map;
        this.capacity = capacity;
        header = new UnsafeBuffer(map, 0, PAGE);
        ring = new UnsafeBuffer(map, PAGE, capacity);
        bytes = map.duplicate().position(PAGE).slice();
        written = map.duplicate();
    }

    /** Beside a file. */
    static Path beside(final Path file) {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }

    /**
     * Makes an empty one, all of its room taken from the disk and its pages touched.
     *
     * @param path     of the tail
     * @param capacity a power of two
     * @param end      of the file
     */
    static AppendTail create(final Path path, final int capacity, final long end) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final AppendTail tail = map(channel, capacity);
            tail.header.putLong(END_AT, end, ByteOrder.LITTLE_ENDIAN);
            tail.header.putLong(TAKEN_AT, end, ByteOrder.LITTLE_ENDIAN);
            tail.header.putInt(CAPACITY_AT, capacity, ByteOrder.LITTLE_ENDIAN);
            tail.header.putLongOrdered(0, MAGIC);
            return tail;
        }
    }

    /**
     * Maps the same tail with more room; {@link #grown} makes it the one in force, once this one is empty.
     *
     * @param path  of the tail
     * @param wider a power of two
     */
    static AppendTail widen(final Path path, final int wider) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return map(channel, wider);
        }
    }

    private static AppendTail map(final FileChannel channel, final int capacity) throws IOException {
        // Zeros by a call: a full disk is an error here, and would be a signal under a mapped hole.
        final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
        for (long at = channel.size(); at < PAGE + capacity; ) {
            zeros.clear().limit((int)Math.min(ZEROS, PAGE + capacity - at));
            at += channel.write(zeros, at);
        }
        final AppendTail tail =
            new AppendTail(channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE + capacity), capacity);
        final UnsafeBuffer all = new UnsafeBuffer(tail.map);
        for (int at = 0; at < PAGE + capacity; at += PAGE) {
            all.getAndAddInt(at, 0); // a write that changes nothing, also under one who writes
        }
        return tail;
    }

    /** Begins to be the tail; the one before it is empty. */
    void grown() {
        header.putInt(CAPACITY_AT, capacity, ByteOrder.LITTLE_ENDIAN);
    }

    int capacity() {
        return capacity;
    }

    UnsafeBuffer ring() {
        return ring;
    }

    /** For reading and for sums; its position and limit are the owner's to change. */
    ByteBuffer bytes() {
        return bytes;
    }

    void end(final long end) {
        header.putLongOrdered(END_AT, end);
    }

    long end() {
        return header.getLongVolatile(END_AT);
    }

    long taken() {
        return header.getLongVolatile(TAKEN_AT);
    }

    /** Writes to the file what it has not yet; the file's lock is held. */
    void flush(final FileChannel channel) throws IOException {
        final long end = end();
        for (long at = taken(); at < end; ) {
            final int from = (int)(at & capacity - 1);
            final int length = (int)Math.min(end - at, capacity - from);
            at += channel.write(written.limit(PAGE + from + length).position(PAGE + from), at);
            header.putLongOrdered(TAKEN_AT, at);
        }
    }

    /** What was written past the tail counts as taken; it is empty. */
    void skip(final long end) {
        header.putLongOrdered(TAKEN_AT, end); // first: a tail that ends before what is taken holds nothing
        header.putLongOrdered(END_AT, end);
    }

    void free() {
        BufferUtil.free(map);
    }

    /**
     * Puts into a file what its tail still holds: after a kill, or of a file that another process appends to. Nothing
     * is taken from the tail, and the file is opened for writing only where it lacks something.
     *
     * @param file with or without a tail beside it
     * @return bytes of the tail that were not put, since the file is not the one they belong behind
     * @throws IOException when it cannot be read or written, or changes too fast
     */
    static long complete(final Path file) throws IOException {
        try (FileChannel source = FileChannel.open(beside(file), StandardOpenOption.READ)) {
            long size;
            long left;
            do {
                size = source.size();
                left = complete(source, size, file);
            } while (source.size() != size); // it was widened meanwhile
            return left;
        } catch (final NoSuchFileException ex) {
            if (Files.exists(beside(file))) {
                throw ex;
            }
            return 0;
        }
    }

    private static long complete(final FileChannel source, final long size, final Path file) throws IOException {
        if (size <= PAGE || size > Integer.MAX_VALUE) {
            return 0;
        }
        final MappedByteBuffer map = source.map(FileChannel.MapMode.READ_ONLY, 0, size);
        try {
            return complete(map, file);
        } finally {
            BufferUtil.free(map);
        }
    }

    private static long complete(final MappedByteBuffer map, final Path file) throws IOException {
        final UnsafeBuffer header = new UnsafeBuffer(map, 0, PAGE);
        for (int i = 0; i < ATTEMPTS; i++) {
            final long taken = header.getLongVolatile(TAKEN_AT);
            final long end = header.getLongVolatile(END_AT);
            final int capacity = header.getInt(CAPACITY_AT, ByteOrder.LITTLE_ENDIAN);
            if (header.getLongVolatile(0) != MAGIC || capacity <= 0 || Integer.bitCount(capacity) != 1
                || capacity > map.capacity() - PAGE || taken < 0 || end <= taken) {
                return 0;
            }
            if (end - taken <= capacity) {
                final ByteBuffer copy = copy(map, taken, end, capacity);
                VarHandle.loadLoadFence();
                // While the file has no more than it had, nothing of that is written over.
                if (header.getLongVolatile(TAKEN_AT) == taken
                    && header.getInt(CAPACITY_AT, ByteOrder.LITTLE_ENDIAN) == capacity) {
                    return put(copy, file, taken) ? 0 : end - taken;
                }
            }
            Thread.onSpinWait();
        }
        throw new IOException("tail of " + file + " holds more than it has room for, or changes too fast");
    }

    /** Of bytes that the file has already, those must be the same. */
    private static boolean put(final ByteBuffer bytes, final Path file, final long from) throws IOException {
        long at = from;
        try (FileChannel target = FileChannel.open(file, StandardOpenOption.READ)) {
            if (target.size() < from) {
                return false;
            }
            final ByteBuffer there = ByteBuffer.allocate((int)Math.min(bytes.remaining(), target.size() - from));
            while (there.hasRemaining()) {
                if (target.read(there, from + there.position()) < 0) {
                    throw new IOException(file + " became shorter");
                }
            }
            there.flip();
            if (!bytes.slice().limit(there.limit()).equals(there)) {
                return false;
            }
            at += there.limit();
            bytes.position(there.limit());
        }
        if (bytes.hasRemaining()) {
            try (FileChannel target = FileChannel.open(file, StandardOpenOption.WRITE)) {
                while (bytes.hasRemaining()) {
                    at += target.write(bytes, at);
                }
            }
        }
        return true;
    }

    private static ByteBuffer copy(final MappedByteBuffer map, final long taken, final long end, final int capacity) {
        final ByteBuffer copy = ByteBuffer.allocate((int)(end - taken));
        while (copy.hasRemaining()) {
            final int from = (int)(taken + copy.position() & capacity - 1);
            final int length = Math.min(copy.remaining(), capacity - from);
            copy.put(map.duplicate().limit(PAGE + from + length).position(PAGE + from));
        }
        return copy.flip();
    }
}
