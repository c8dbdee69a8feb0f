package weir.journal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import weir.protocol.CrashPoint;

/**
 * Snapshots of the state at a record sequence: files {@code snapshots/<sequence, 20 digits>.snapshot} below the journal
 * directory, each a {@link SnapshotHeader} and a body that this class does not look into. A file appears whole or not
 * at all: it is written under another name, put on the device, and renamed. Bodies are not compressed: deflating at
 * level 1 shrinks such state to about a third, and inflating it again takes longer than a disk takes to read the rest.
 * <p>
 * The owner of the journal directory {@link #open opens} it and writes, on one thread; {@link #openReader readers} may
 * be of any process. A store holds no file open between calls.
 */
public final class SnapshotStore {
    /** Directory of the snapshots in the journal directory. */
    public static final String DIRECTORY = "snapshots";

    private static final String SUFFIX = ".snapshot";
    private static final String UNFINISHED = ".new";
    private static final Pattern NAME = Pattern.compile("(\\d{20})\\.snapshot");
    private static final int BLOCK_BYTES = 256 * 1024;

    private final Path directory;
    private final JournalId id;

    private SnapshotStore(final Path directory, final JournalId id) {
        this.directory = directory.resolve(DIRECTORY);
        this.id = Objects.requireNonNull(id, "id");
    }

    /** Writes a body; may be called once per {@link #write}. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes all of it. The stream is buffered and need not be closed.
         *
         * @param out where to
         * @throws IOException passed on as JOURNAL_IO, with nothing left behind
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Takes a body that has been verified. */
    @FunctionalInterface
    public interface BodyReader {
        /**
         * Reads as much as it wants.
         *
         * @param in the body, buffered, ending where the body ends
         * @throws IOException passed on as JOURNAL_IO
         */
        void readFrom(InputStream in) throws IOException;
    }

    /**
     * For the owner of the journal directory: makes the directory where absent, removes what a kill left half-written.
     *
     * @param journalDirectory journal directory, locked by this process
     * @param id               its id
     * @return the store
     */
    public static SnapshotStore open(final Path journalDirectory, final JournalId id) {
        final SnapshotStore store = new SnapshotStore(journalDirectory, id);
        try {
            Files.createDirectories(store.directory);
            for (final Path path : store.list(SUFFIX + UNFINISHED)) {
                Files.delete(path);
            }
        } catch (final IOException ex) {
            throw io(store.directory, ex);
        }
        return store;
    }

    /**
     * For anyone: reads, changes nothing.
     *
     * @param journalDirectory journal directory; may hold no snapshot
     * @param id               its id
     * @return the store
     */
    public static SnapshotStore openReader(final Path journalDirectory, final JournalId id) {
        return new SnapshotStore(journalDirectory, id);
    }

    /**
     * Writes one snapshot and returns when it is on the device under its name. One of the same sequence is replaced.
     *
     * @param sequence last record that is in it
     * @param epochNs  time of that record, epoch nanoseconds
     * @param body     writes the state
     * @return what was written
     * @throws JournalException JOURNAL_IO; then nothing was changed
     */
    public Snapshot write(final long sequence, final long epochNs, final Body body) {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence is negative: " + sequence);
        }
        final Path path = directory.resolve(String.format(Locale.ROOT, "%020d%s", sequence, SUFFIX));
        final Path fresh = path.resolveSibling(path.getFileName() + UNFINISHED);
        boolean written = false;
        try {
            final long bodyBytes = writeFresh(fresh, sequence, epochNs, body);
            CrashPoint.hit(CrashPoint.SNAPSHOT_BEFORE_RENAME);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncDirectory(directory);
            written = true;
            return new Snapshot(path, sequence, epochNs, bodyBytes);
        } catch (final IOException ex) {
            throw io(path, ex);
        } finally {
            if (!written) {
                deleteQuietly(fresh);
            }
        }
    }

    private long writeFresh(final Path fresh, final long sequence, final long epochNs, final Body body)
        throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.position(SnapshotHeader.LENGTH);
            final Checked checked = new Checked(Channels.newOutputStream(channel));
            final OutputStream out = new BufferedOutputStream(checked, BLOCK_BYTES);
            body.writeTo(out);
            out.flush();
            final ByteBuffer header = new SnapshotHeader(
                id, sequence, epochNs, checked.count, (int) checked.crc.getValue()).encode();
            while (header.hasRemaining()) {
                channel.write(header, header.position());
            }
            channel.force(true);
            return checked.count;
        }
    }

    /**
     * Snapshots whose header is good and whose journal is this one, the newest first. The others are
     * {@link #unusable()}.
     *
     * @return possibly empty
     */
    public List<Snapshot> newestFirst() {
        final List<Snapshot> result = new ArrayList<>();
        for (final Path path : paths()) {
            try {
                result.add(inspect(path));
            } catch (final JournalException ex) {
                if (ex.error() == JournalError.JOURNAL_IO) {
                    throw ex;
                }
                // The judgement is given by unusable(); recovery goes on with the next.
            }
        }
        return result;
    }

    /**
     * What is wrong with the files that {@link #newestFirst()} leaves out, the newest first.
     *
     * @return SNAPSHOT_CORRUPT, SNAPSHOT_VERSION or SNAPSHOT_FOREIGN each, possibly none
     */
    public List<JournalException> unusable() {
        final List<JournalException> result = new ArrayList<>();
        for (final Path path : paths()) {
            try {
                inspect(path);
            } catch (final JournalException ex) {
                result.add(ex);
            }
        }
        return result;
    }

    /**
     * Verifies the whole file, then hands the body over.
     *
     * @param snapshot of {@link #newestFirst()}
     * @param reader   receives the body once
     * @throws JournalException SNAPSHOT_CORRUPT, SNAPSHOT_VERSION or SNAPSHOT_FOREIGN, with nothing handed over
     */
    public void read(final Snapshot snapshot, final BodyReader reader) {
        verify(snapshot);
        try (InputStream file = Files.newInputStream(snapshot.path())) {
            file.skipNBytes(SnapshotHeader.LENGTH);
            reader.readFrom(new BufferedInputStream(file, BLOCK_BYTES));
        } catch (final IOException ex) {
            throw io(snapshot.path(), ex);
        }
    }

    /**
     * Verifies the whole file.
     *
     * @param snapshot of {@link #newestFirst()}
     * @throws JournalException SNAPSHOT_CORRUPT, SNAPSHOT_VERSION or SNAPSHOT_FOREIGN
     */
    public void verify(final Snapshot snapshot) {
        final SnapshotHeader header = header(snapshot.path());
        final CRC32C crc = new CRC32C();
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        try (FileChannel channel = FileChannel.open(snapshot.path(), StandardOpenOption.READ)) {
            channel.position(SnapshotHeader.LENGTH);
            while (channel.read(block) >= 0) {
                crc.update(block.flip());
                block.clear();
            }
        } catch (final IOException ex) {
            throw io(snapshot.path(), ex);
        }
        if ((int) crc.getValue() != header.bodyCrc()) {
            throw SnapshotHeader.corrupt(snapshot.path().toString(), "crc32c of its body is "
                + Long.toHexString(crc.getValue()) + ", the header says " + Integer.toHexString(header.bodyCrc()));
        }
    }

    /**
     * Whether the whole file holds what was written.
     *
     * @param snapshot of {@link #newestFirst()}
     * @return false where {@link #verify} throws
     */
    public boolean isUsable(final Snapshot snapshot) {
        try {
            verify(snapshot);
            return true;
        } catch (final JournalException ex) {
            return false;
        }
    }

    /**
     * Sequence of the oldest snapshot that verifies: recovery never needs a record at or before it. What is damaged
     * does not count, so that the records it stood for are kept.
     *
     * @return empty when none verifies
     */
    public OptionalLong oldestUsable() {
        final List<Snapshot> snapshots = newestFirst();
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            if (isUsable(snapshots.get(i))) {
                return OptionalLong.of(snapshots.get(i).sequence());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Removes what is older than the {@code keep} newest that verify, so that recovery always has as many to fall back
     * on. Files of another journal are left.
     *
     * @param keep from 1
     * @return how many were removed
     */
    public int prune(final int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep is not positive: " + keep);
        }
        int usable = 0;
        int removed = 0;
        try {
            for (final Path path : paths()) {
                if (usable < keep) {
                    usable += isWhole(path) ? 1 : 0;
                } else if (!isForeign(path)) {
                    Files.delete(path);
                    removed++;
                }
            }
            if (removed > 0) {
                DurableFiles.syncDirectory(directory);
            }
        } catch (final IOException ex) {
            throw io(directory, ex);
        }
        return removed;
    }

    private boolean isWhole(final Path path) {
        try {
            verify(inspect(path));
            return true;
        } catch (final JournalException ex) {
            return false;
        }
    }

    private boolean isForeign(final Path path) {
        try {
            inspect(path);
            return false;
        } catch (final JournalException ex) {
            return ex.error() == JournalError.SNAPSHOT_FOREIGN;
        }
    }

    private Snapshot inspect(final Path path) {
        final SnapshotHeader header = header(path);
        return new Snapshot(path, header.sequence(), header.epochNs(), header.bodyBytes());
    }

    private SnapshotHeader header(final Path path) {
        final ByteBuffer bytes = ByteBuffer.allocate(SnapshotHeader.LENGTH);
        final long length;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            length = channel.size();
            int read = 0;
            while (read >= 0 && bytes.hasRemaining()) {
                read = channel.read(bytes);
            }
        } catch (final IOException ex) {
            throw io(path, ex);
        }
        final SnapshotHeader header = SnapshotHeader.decode(bytes.flip(), path.toString());
        if (!header.id().equals(id)) {
            throw new JournalException(JournalError.SNAPSHOT_FOREIGN,
                path + " is of journal " + header.id() + ", this is " + id);
        }
        if (header.sequence() != sequenceOf(path)) {
            throw SnapshotHeader.corrupt(path.toString(), "holds sequence " + header.sequence());
        }
        if (length != SnapshotHeader.LENGTH + header.bodyBytes()) {
            throw SnapshotHeader.corrupt(path.toString(), "is " + length + " bytes long, its header says "
                + (SnapshotHeader.LENGTH + header.bodyBytes()));
        }
        return header;
    }

    private static long sequenceOf(final Path path) {
        final Matcher name = NAME.matcher(path.getFileName().toString());
        try {
            return name.matches() ? Long.parseLong(name.group(1)) : -1;
        } catch (final NumberFormatException ex) {
            return -1;
        }
    }

    /** Files named as snapshots, the newest first. */
    private List<Path> paths() {
        final List<Path> paths = new ArrayList<>();
        for (final Path path : list(SUFFIX)) {
            if (sequenceOf(path) >= 0) {
                paths.add(0, path);
            }
        }
        return paths;
    }

    private List<Path> list(final String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(path -> path.getFileName().toString().endsWith(suffix)).sorted().toList();
        } catch (final IOException ex) {
            throw io(directory, ex);
        }
    }

    private static void deleteQuietly(final Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (final IOException ex) {
            // Removed at the next open; what failed first is on its way up.
            return;
        }
    }

    private static JournalException io(final Path path, final IOException ex) {
        return new JournalException(JournalError.JOURNAL_IO, path + ": " + ex, ex);
    }

    /** Counts and sums what passes. */
    private static final class Checked extends FilterOutputStream {
        private final CRC32C crc = new CRC32C();
        private long count;

        Checked(final OutputStream out) {
            super(out);
        }

        @Override
        public void write(final int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) throws IOException {
            out.write(bytes, offset, length);
            crc.update(bytes, offset, length);
            count += length;
        }
    }
}
