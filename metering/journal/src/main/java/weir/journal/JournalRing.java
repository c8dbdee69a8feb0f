package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import weir.protocol.JournalRingDescriptor;

/**
 * The memory-mapped file between engine and journal agent: {@link JournalRingDescriptor}. One writer, one drain.
 * <p>
 * Released space is announced at {@link #RELEASED_OFFSET} before it is zeroed, because Agrona zeroes first and moves
 * its head after: a process killed between the two would leave a ring whose head points at zeros, before live records.
 * <p>
 * After {@link #close()} the memory is gone: the writer must have stopped.
 */
public final class JournalRing implements AutoCloseable {
    /**
     * First line: where the ring file is, so that a leftover ring is found under another configuration. It is there
     * while the ring is, and a clean close takes it away first: one that names no file tells of a ring that was lost.
     */
    public static final String LOCATION_FILE = "ring.location";
    /** What an operator renames {@link #LOCATION_FILE} to, to go on without the records of a ring that was lost. */
    public static final String LOST_FILE = "ring.lost";
    /** Second line; software that left the location behind at a clean close did not write it. */
    private static final String UNTIL_CLOSED = "until closed";
    /** Offset of the position up to which records are in the journal; in the header's reserved part. */
    static final int RELEASED_OFFSET = 64;
    /** Where the header names the journal directory: length, UTF-8. */
    private static final int PATH_OFFSET = 72;
    private static final int PATH_MAX_BYTES = 3 * 1024;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int PAGE = 4096;
    private static final int FILL_BLOCK = 1024 * 1024;
    private static final long SPACE_SLACK = 16L * 1024 * 1024;

    private final Path directory;
    private final Path file;
    private final FileChannel channel;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer header;
    private final UnsafeBuffer region;
    private final OneToOneRingBuffer ringBuffer;
    private final int capacity;
    private boolean closed;

    private JournalRing(final Path directory, final Path file, final FileChannel channel,
        final MappedByteBuffer mapped, final int capacity) {
        this.directory = directory;
        this.file = file;
        this.channel = channel;
        this.mapped = mapped;
        this.capacity = capacity;
        this.header = new UnsafeBuffer(mapped, 0, JournalRingDescriptor.RING_OFFSET);
        this.region = new UnsafeBuffer(mapped, JournalRingDescriptor.RING_OFFSET,
            capacity + RingBufferDescriptor.TRAILER_LENGTH);
        this.ringBuffer = new OneToOneRingBuffer(region);
    }

    /**
     * Maps the ring that a run before left, wherever it is; else makes one of this capacity.
     *
     * @param directory owned journal directory
     * @param wanted    ring file to make, or null for {@code /dev/shm/weir-ring-<id>} where there is room, else
     *                  {@code ring} in the directory
     * @param capacity  bytes, a power of two; of a new ring
     * @return the ring, which may hold records ({@link #isDrained()}) and may have another capacity than asked
     * @throws JournalException JOURNAL_RING_FOREIGN, JOURNAL_RING_VERSION, JOURNAL_RING_TORN, JOURNAL_IO
     */
    public static JournalRing open(final JournalDirectory directory, final Path wanted, final int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("ring capacity is not a power of two: " + capacity);
        }
        try {
            final Path target = target(directory, wanted, capacity);
            final List<String> location = location(directory.path());
            final Path remembered = location.isEmpty() ? target : Path.of(location.get(0));
            final Path present = Files.exists(remembered) ? remembered : target;
            if (!Files.exists(present)) {
                create(directory, target, capacity);
            }
            return locate(map(present, directory));
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, "ring: " + ex, ex);
        }
    }

    private static Path target(final JournalDirectory directory, final Path wanted, final int capacity)
        throws IOException {
        return wanted != null ? wanted.toAbsolutePath() : defaultFile(directory, capacity);
    }

    private static Path defaultFile(final JournalDirectory directory, final int capacity) throws IOException {
        final String name = "weir-ring-" + directory.id();
        if (Files.isWritable(SHARED_MEMORY)
            && (Files.exists(SHARED_MEMORY.resolve(name))
            || Files.getFileStore(SHARED_MEMORY).getUsableSpace() > capacity + SPACE_SLACK)) {
            return SHARED_MEMORY.resolve(name);
        }
        return directory.path().resolve("ring");
    }

    private static List<String> location(final Path directory) throws IOException {
        final Path location = directory.resolve(LOCATION_FILE);
        return Files.exists(location) ? Files.readString(location).strip().lines().toList() : List.of();
    }

    /** Before the first record: from here on the ring may not go unnoticed. */
    private static JournalRing locate(final JournalRing ring) throws IOException {
        boolean located = false;
        try {
            DurableFiles.write(ring.directory.resolve(LOCATION_FILE), ring.file + "\n" + UNTIL_CLOSED + "\n");
            located = true;
            return ring;
        } finally {
            if (!located) {
                ring.close();
            }
        }
    }

    /**
     * Where a run that did not close cleanly had its ring, when the ring is no longer there: what it held is lost.
     * Software before {@link #UNTIL_CLOSED} left the same behind at a clean close, so its word is no sign of a loss.
     *
     * @param directory owned journal directory
     * @param wanted    as for {@link #open}: a directory may have been moved together with its ring
     * @param capacity  as for {@link #open}
     * @return the ring file that is missing; null when none is
     */
    static Path missing(final JournalDirectory directory, final Path wanted, final int capacity)
        throws IOException {
        final List<String> location = location(directory.path());
        if (location.size() < 2 || !UNTIL_CLOSED.equals(location.get(1))) {
            return null;
        }
        final Path held = Path.of(location.get(0));
        return Files.exists(held) || Files.exists(target(directory, wanted, capacity)) ? null : held;
    }

    /** Whether an operator has said that a lost ring is to be done without. */
    static boolean isAccepted(final Path directory) {
        return Files.exists(directory.resolve(LOST_FILE));
    }

    /** That word counts once. */
    static boolean takeAccepted(final Path directory) throws IOException {
        return remove(directory, LOST_FILE);
    }

    /** The ring is done with, whether it is in the journal or lost. */
    static boolean forget(final Path directory) throws IOException {
        return remove(directory, LOCATION_FILE);
    }

    private static boolean remove(final Path directory, final String name) throws IOException {
        final boolean removed = Files.deleteIfExists(directory.resolve(name));
        if (removed) {
            DurableFiles.syncDirectory(directory);
        }
        return removed;
    }

    private static void create(final JournalDirectory directory, final Path target, final int capacity)
        throws IOException {
        final Path fresh = target.resolveSibling(target.getFileName() + ".new");
        final long length = JournalRingDescriptor.RING_OFFSET + (long) capacity + RingBufferDescriptor.TRAILER_LENGTH;
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            // Written, not only sized: a full device must fail here and not as a fault in mapped memory.
            final ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BLOCK);
            for (long position = 0; position < length; position += zeros.position()) {
                zeros.clear().limit((int) Math.min(FILL_BLOCK, length - position));
                channel.write(zeros, position);
            }
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            final UnsafeBuffer header = new UnsafeBuffer(mapped);
            header.putLong(JournalRingDescriptor.VERSION_OFFSET, JournalRingDescriptor.VERSION);
            header.putLong(JournalRingDescriptor.JOURNAL_ID_HIGH_OFFSET, directory.id().high());
            header.putLong(JournalRingDescriptor.JOURNAL_ID_LOW_OFFSET, directory.id().low());
            header.putLong(JournalRingDescriptor.CAPACITY_OFFSET, capacity);
            header.putLongRelease(JournalRingDescriptor.MAGIC_OFFSET, JournalRingDescriptor.MAGIC);
            IoUtil.unmap(mapped);
            channel.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncDirectory(target.toAbsolutePath().getParent());
    }

    private static JournalRing map(final Path file, final JournalDirectory directory) throws IOException {
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean mapped = false;
        try {
            final long length = channel.size();
            final int capacity = verify(file, channel, length, directory.id());
            bind(file, channel, directory);
            final JournalRing ring = new JournalRing(directory.path(), file, channel,
                channel.map(FileChannel.MapMode.READ_WRITE, 0, length), capacity);
            ring.touchPages();
            mapped = true;
            return ring;
        } finally {
            if (!mapped) {
                channel.close();
            }
        }
    }

    /**
     * The ring is one directory's, also when that directory was copied: a copy has the id, and would drain records that
     * the original has promised to keep. The kernel's lock, held until the ring is closed, tells a live original (also
     * one in another container); the path that the ring names tells one that was killed.
     */
    private static void bind(final Path file, final FileChannel channel, final JournalDirectory directory)
        throws IOException {
        if (!isLockedNow(channel)) {
            throw new JournalException(JournalError.JOURNAL_RING_FOREIGN, file + " is in use by another process: "
                + directory.path() + " is a copy of a journal that runs on this machine");
        }
        final ByteBuffer named = ByteBuffer.allocate(RELEASED_OFFSET + Long.BYTES + Integer.BYTES + PATH_MAX_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
        channel.read(named, 0);
        final int length = named.getInt(PATH_OFFSET);
        if (length > 0 && length <= PATH_MAX_BYTES) {
            final Path owner = Path.of(new String(named.array(), PATH_OFFSET + Integer.BYTES, length,
                StandardCharsets.UTF_8));
            final Path theirs = owner.resolve(JournalId.FILE);
            if (Files.exists(theirs) && !Files.isSameFile(theirs, directory.path().resolve(JournalId.FILE))
                && JournalId.read(owner).equals(directory.id())) {
                throw new JournalException(JournalError.JOURNAL_RING_FOREIGN, file + " holds records of " + owner
                    + ", of which " + directory.path() + " is a copy; start that one, or remove what is not wanted");
            }
        }
        final byte[] path = directory.path().toString().getBytes(StandardCharsets.UTF_8);
        if (path.length <= PATH_MAX_BYTES) {
            final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + path.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(path.length).put(path).flip();
            channel.write(bytes, PATH_OFFSET);
        }
    }

    private static boolean isLockedNow(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException ex) {
            return false; // by another part of this process
        }
    }

    private static int verify(final Path file, final FileChannel channel, final long length, final JournalId id)
        throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(PAGE);
        channel.read(bytes, 0);
        final UnsafeBuffer header = new UnsafeBuffer(bytes);
        if (length < JournalRingDescriptor.RING_OFFSET
            || header.getLong(JournalRingDescriptor.MAGIC_OFFSET) != JournalRingDescriptor.MAGIC) {
            throw new JournalException(JournalError.JOURNAL_RING_TORN,
                file + " has no ring header; move it away if nothing in it is wanted");
        }
        final long version = header.getLong(JournalRingDescriptor.VERSION_OFFSET);
        if (version != JournalRingDescriptor.VERSION) {
            throw new JournalException(JournalError.JOURNAL_RING_VERSION,
                file + " has version " + version + ", expected " + JournalRingDescriptor.VERSION);
        }
        final JournalId owner = new JournalId(header.getLong(JournalRingDescriptor.JOURNAL_ID_HIGH_OFFSET),
            header.getLong(JournalRingDescriptor.JOURNAL_ID_LOW_OFFSET));
        if (!owner.equals(id)) {
            throw new JournalException(JournalError.JOURNAL_RING_FOREIGN,
                file + " belongs to journal " + owner + ", this is " + id);
        }
        final long capacity = header.getLong(JournalRingDescriptor.CAPACITY_OFFSET);
        if (!BitUtil.isPowerOfTwo(capacity) || capacity > 1 << 30
            || length != JournalRingDescriptor.RING_OFFSET + capacity + RingBufferDescriptor.TRAILER_LENGTH) {
            throw new JournalException(JournalError.JOURNAL_RING_TORN,
                file + " is " + length + " bytes long, its header says capacity " + capacity);
        }
        return (int) capacity;
    }

    private void touchPages() {
        for (int i = 0; i < region.capacity(); i += PAGE) {
            region.compareAndSetLong(i, 0, 0);
        }
    }

    /**
     * What the engine writes to: {@code write} or {@code tryClaim} of frames with type
     * {@link weir.protocol.JournalRecordDescriptor#RING_MESSAGE_TYPE}. Not to be read from; the agent drains it.
     *
     * @return always the same
     */
    public OneToOneRingBuffer ringBuffer() {
        return ringBuffer;
    }

    /**
     * The mapped file.
     *
     * @return absolute path
     */
    public Path file() {
        return file;
    }

    /**
     * Bytes of the ring.
     *
     * @return a power of two
     */
    public int capacity() {
        return capacity;
    }

    /**
     * Bytes between drain and writer.
     *
     * @return 0 when drained
     */
    public long occupancy() {
        return tail() - head();
    }

    /**
     * Whether every record is in the journal.
     *
     * @return true when the drain has met the writer
     */
    public boolean isDrained() {
        return head() == tail();
    }

    UnsafeBuffer region() {
        return region;
    }

    /** Position of the first record that is not known to be in the journal. */
    long head() {
        return Math.max(region.getLongVolatile(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET),
            header.getLongVolatile(RELEASED_OFFSET));
    }

    long tail() {
        return region.getLongVolatile(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET);
    }

    /** Gives the space up to {@code position} back to the writer; its records are in the journal. */
    void release(final long position) {
        final long head = head();
        header.putLongRelease(RELEASED_OFFSET, position);
        final int from = (int) head & capacity - 1;
        final int length = (int) (position - head);
        final int first = Math.min(length, capacity - from);
        region.setMemory(from, first, (byte) 0);
        region.setMemory(0, length - first, (byte) 0);
        region.putLongRelease(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET, position);
    }

    /** Empties the ring after a recovery: nothing uncommitted and no stale byte remains. No writer may be active. */
    void reset() {
        final long tail = BitUtil.align(tail(), Long.BYTES);
        header.putLongRelease(RELEASED_OFFSET, tail);
        region.setMemory(0, capacity, (byte) 0);
        region.putLongRelease(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, tail);
        region.putLongRelease(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, tail);
        region.putLongRelease(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET, tail);
    }

    /** Throws when the positions cannot be those of a ring. */
    void verifyPositions() {
        final long head = head();
        final long tail = tail();
        if (head < 0 || tail < head || tail - head > capacity || (head & Long.BYTES - 1) != 0) {
            throw new JournalException(JournalError.JOURNAL_RING_TORN,
                file + " has head " + head + " and tail " + tail + " at capacity " + capacity);
        }
    }

    /** Unmaps the file and leaves it where it is. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            IoUtil.unmap(mapped);
            CloseHelper.quietClose(channel);
        }
    }

    /**
     * Unmaps the file and removes it, when all of it is in the journal; else leaves it for the next start.
     *
     * @return whether it was removed
     */
    public boolean closeAndDelete() {
        if (closed) {
            return false;
        }
        final boolean drained = isDrained();
        close();
        if (!drained) {
            return false;
        }
        try {
            forget(directory);
            return Files.deleteIfExists(file);
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
    }
}
