package weir.journal;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How far a consumer of the journal has come, in a small mapped file {@code consumers/<name>} of the journal directory:
 * what the owner of the journal keeps files for, without sharing the consumer's database.
 * <pre>
 *  0       8         16             24            32         40
 *  +-------+---------+--------------+-------------+----------+---------+
 *  | magic | version | journalIdHigh| journalIdLow| sequence | epochNs |
 *  +-------+---------+--------------+-------------+----------+---------+
 * </pre>
 * A consumer stores its position after it has committed what it did with the records, so that the file never claims
 * more than the consumer would remember. All fields are single words; a kill leaves the last one stored. One writer,
 * one thread; readers in any process.
 */
public final class ConsumerPosition implements AutoCloseable {
    /** Directory in the journal directory. */
    public static final String DIRECTORY = "consumers";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final String UNFINISHED = ".new";
    private static final long MAGIC = 0x504E4F4352494557L; // "WEIRCONP"
    private static final long VERSION = 1;
    private static final int LENGTH = 4096;
    private static final int VERSION_OFFSET = 8;
    private static final int ID_HIGH_OFFSET = 16;
    private static final int ID_LOW_OFFSET = 24;
    private static final int SEQUENCE_OFFSET = 32;
    private static final int EPOCH_OFFSET = 40;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private boolean closed;

    private ConsumerPosition(final MappedByteBuffer mapped) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
    }

    /**
     * A consumer as others see it.
     *
     * @param name     name of its file
     * @param sequence last record whose effects it has committed, 0 = none
     * @param epochNs  time of that record, epoch nanoseconds
     */
    public record Consumer(String name, long sequence, long epochNs) {
    }

    /**
     * For the consumer: makes its file where absent, at sequence 0. One that is damaged or of another journal is
     * replaced: its position says nothing.
     *
     * @param journalDirectory journal directory
     * @param id               its id
     * @param name             lower-case letters, digits and hyphens
     * @return its position, to be stored after each commit
     * @throws JournalException JOURNAL_IO, also when this user may not write there
     */
    public static ConsumerPosition open(final Path journalDirectory, final JournalId id, final String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a consumer");
        }
        final Path file = journalDirectory.resolve(DIRECTORY).resolve(name);
        try {
            Files.createDirectories(file.getParent());
            ConsumerPosition position = Files.exists(file) ? map(file, FileChannel.MapMode.READ_WRITE) : null;
            if (position == null || !position.isOf(id)) {
                if (position != null) {
                    position.close();
                }
                make(file, id);
                position = map(file, FileChannel.MapMode.READ_WRITE);
            }
            return position;
        } catch (final IOException ex) {
            throw io(file, ex);
        }
    }

    /**
     * All consumers that have said where they are.
     *
     * @param journalDirectory journal directory
     * @param id               its id
     * @return by name
     * @throws JournalException JOURNAL_CORRUPT when a file does not say, so that nothing is taken away on its word
     */
    public static List<Consumer> readAll(final Path journalDirectory, final JournalId id) {
        return readAll(journalDirectory, id, ex -> {
            throw ex;
        });
    }

    /**
     * All consumers that have said where they are, as far as they can be read.
     *
     * @param journalDirectory journal directory
     * @param id               its id
     * @param onDamaged        told of a file that does not say
     * @return by name
     */
    public static List<Consumer> readAll(final Path journalDirectory, final JournalId id,
        final java.util.function.Consumer<JournalException> onDamaged) {
        final Path directory = journalDirectory.resolve(DIRECTORY);
        final List<Consumer> result = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return result;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.filter(path -> !path.toString().endsWith(UNFINISHED)).sorted().toList()) {
                try {
                    result.add(read(file, id));
                } catch (final JournalException ex) {
                    onDamaged.accept(ex);
                }
            }
        } catch (final IOException ex) {
            throw io(directory, ex);
        }
        return result;
    }

    private static Consumer read(final Path file, final JournalId id) throws IOException {
        final ConsumerPosition position = map(file, FileChannel.MapMode.READ_ONLY);
        if (position == null || !position.isOf(id)) {
            if (position != null) {
                position.close();
            }
            throw new JournalException(JournalError.JOURNAL_CORRUPT,
                file + " is not the position of a consumer of journal " + id);
        }
        try (position) {
            return new Consumer(file.getFileName().toString(), position.sequence(), position.epochNs());
        }
    }

    private static ConsumerPosition map(final Path file, final FileChannel.MapMode mode) throws IOException {
        final boolean writes = mode == FileChannel.MapMode.READ_WRITE;
        try (FileChannel channel = writes
            ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size() < LENGTH ? null : new ConsumerPosition(channel.map(mode, 0, LENGTH));
        }
    }

    /** Under another name first: a file that readers see is whole. */
    private static void make(final Path file, final JournalId id) throws IOException {
        final Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            final UnsafeBuffer buffer = new UnsafeBuffer(mapped);
            buffer.putLong(0, MAGIC);
            buffer.putLong(VERSION_OFFSET, VERSION);
            buffer.putLong(ID_HIGH_OFFSET, id.high());
            buffer.putLong(ID_LOW_OFFSET, id.low());
            mapped.force();
            IoUtil.unmap(mapped);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncDirectory(file.getParent());
    }

    private boolean isOf(final JournalId id) {
        return buffer.getLong(0) == MAGIC && buffer.getLong(VERSION_OFFSET) == VERSION
            && buffer.getLong(ID_HIGH_OFFSET) == id.high() && buffer.getLong(ID_LOW_OFFSET) == id.low();
    }

    /**
     * Says that everything up to a record is committed.
     *
     * @param sequence of the record
     * @param epochNs  its time
     */
    public void store(final long sequence, final long epochNs) {
        buffer.putLongRelease(EPOCH_OFFSET, epochNs);
        buffer.putLongRelease(SEQUENCE_OFFSET, sequence);
    }

    /**
     * What was stored last.
     *
     * @return 0 when nothing was
     */
    public long sequence() {
        return buffer.getLongVolatile(SEQUENCE_OFFSET);
    }

    /**
     * Time of the record stored last.
     *
     * @return epoch nanoseconds, 0 when nothing was
     */
    public long epochNs() {
        return buffer.getLongVolatile(EPOCH_OFFSET);
    }

    private static JournalException io(final Path file, final IOException ex) {
        return new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            IoUtil.unmap(mapped);
        }
    }
}
