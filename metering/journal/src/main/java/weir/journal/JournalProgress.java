package weir.journal;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How far the journal has come, in a small mapped file {@value #FILE} that any process can read:
 * <pre>
 *  0       8         16     24             32         40       48        64         72        80
 *  +-------+---------+------+--------------+----------+--------+---------+----------+---------+---------+
 *  | magic | version | mode | journalIdHigh| ...IdLow | bootHi | bootLo  | appended | durable | highest |
 *  +-------+---------+------+--------------+----------+--------+---------+----------+---------+---------+
 * </pre>
 * {@code appended} is stored after each append, so that a reader which finds less has found a damaged journal and not
 * an idle one. {@code durable} is what a group sync has put on the device; it counts while {@code mode} is 1. The boot
 * id tells the death of a process (nothing may be missing) from the death of the machine (what was not synced may be).
 * {@code highest} is the highest that {@code appended} was before a launch: it remembers sequences that were given and
 * went with the machine, over starts that did not get as far as to leave them out.
 * Written by the journal's writer only; all fields are single words.
 */
final class JournalProgress implements AutoCloseable {
    static final String FILE = "progress";

    private static final long MAGIC = 0x474F525052494557L;
    private static final long VERSION = 1;
    private static final int LENGTH = 4096;
    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int MODE_OFFSET = 16;
    private static final int ID_HIGH_OFFSET = 24;
    private static final int ID_LOW_OFFSET = 32;
    private static final int BOOT_HIGH_OFFSET = 40;
    private static final int BOOT_LOW_OFFSET = 48;
    private static final int APPENDED_OFFSET = 64;
    private static final int DURABLE_OFFSET = 72;
    private static final int HIGHEST_OFFSET = 80;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;

    private JournalProgress(final MappedByteBuffer mapped) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
    }

    /** For the writer: makes the file where absent. */
    static JournalProgress openWriter(final Path directory, final JournalId id) {
        final Path file = directory.resolve(FILE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
            final boolean fresh = channel.size() == 0;
            final JournalProgress progress =
                new JournalProgress(channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH));
            if (fresh || progress.buffer.getLong(MAGIC_OFFSET) == 0) {
                progress.initialise(id);
            } else {
                progress.verify(file, id);
            }
            return progress;
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
    }

    /** For readers: null when there is none (a journal whose files were copied without it). */
    static JournalProgress openReader(final Path directory, final JournalId id) {
        final Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < LENGTH) {
                return null;
            }
            final JournalProgress progress =
                new JournalProgress(channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH));
            if (progress.buffer.getLongVolatile(MAGIC_OFFSET) == 0) {
                progress.close();
                return null;
            }
            progress.verify(file, id);
            return progress;
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
    }

    private void initialise(final JournalId id) throws IOException {
        buffer.putLong(VERSION_OFFSET, VERSION);
        buffer.putLong(ID_HIGH_OFFSET, id.high());
        buffer.putLong(ID_LOW_OFFSET, id.low());
        markBoot();
        buffer.putLongRelease(MAGIC_OFFSET, MAGIC);
    }

    private void verify(final Path file, final JournalId id) {
        if (buffer.getLong(MAGIC_OFFSET) != MAGIC || buffer.getLong(VERSION_OFFSET) != VERSION
            || buffer.getLong(ID_HIGH_OFFSET) != id.high() || buffer.getLong(ID_LOW_OFFSET) != id.low()) {
            close();
            throw new JournalException(JournalError.JOURNAL_CORRUPT, file + " is not the progress of journal " + id);
        }
    }

    /** Whether the machine has not been started again since the writer wrote here. */
    boolean sameBoot() {
        final UUID boot = bootId();
        return buffer.getLong(BOOT_HIGH_OFFSET) == boot.getMostSignificantBits()
            && buffer.getLong(BOOT_LOW_OFFSET) == boot.getLeastSignificantBits();
    }

    void markBoot() {
        final UUID boot = bootId();
        buffer.putLong(BOOT_HIGH_OFFSET, boot.getMostSignificantBits());
        buffer.putLong(BOOT_LOW_OFFSET, boot.getLeastSignificantBits());
    }

    private static UUID bootId() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (final IOException | IllegalArgumentException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, BOOT_ID + ": " + ex, ex);
        }
    }

    long appended() {
        return buffer.getLongVolatile(APPENDED_OFFSET);
    }

    void appended(final long sequence) {
        buffer.putLongRelease(APPENDED_OFFSET, sequence);
    }

    long highest() {
        return buffer.getLongVolatile(HIGHEST_OFFSET);
    }

    void highest(final long sequence) {
        buffer.putLongRelease(HIGHEST_OFFSET, sequence);
    }

    boolean groupSync() {
        return buffer.getLongVolatile(MODE_OFFSET) == 1;
    }

    void groupSync(final boolean on) {
        buffer.putLongRelease(MODE_OFFSET, on ? 1 : 0);
    }

    long durable() {
        return buffer.getLongVolatile(DURABLE_OFFSET);
    }

    void durable(final long sequence) {
        buffer.putLongRelease(DURABLE_OFFSET, sequence);
        mapped.force();
    }

    @Override
    public void close() {
        IoUtil.unmap(mapped);
    }
}
