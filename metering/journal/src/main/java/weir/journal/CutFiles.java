package weir.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds journal files that were cut, by their length and before their memory is touched: a read behind the end of a
 * mapped file is a fault, which the JVM reports as an InternalError at some later and unrelated place.
 */
final class CutFiles {
    /** No journal file is shorter: the least block size. */
    private static final long LENGTH_MIN = Journal.Context.BLOCK_SIZE_MIN;
    /** Holds a whole excerpt and more. */
    private static final long TAIL_BYTES = 1 << 20;
    private static final String EMPTY_SUFFIX = ".empty";

    private CutFiles() {
    }

    /** Looks at every file in a queue's directory. */
    static void verifyAll(final Path queuePath) {
        for (final File file : files(queuePath)) {
            if (file.length() < LENGTH_MIN) {
                throw new JournalCorruptException(JournalError.JOURNAL_TRUNCATED, firstMissing(file), file.getName(),
                    -1, 0, "was cut: it is " + file.length() + " bytes long", null);
            }
        }
    }

    /**
     * Sets files aside that were never begun, which a kill between making a file and finishing its header leaves
     * behind: empty ones, and such whose first header is zero or still marked as being written. No excerpt follows
     * such a header; if it was damage instead, the records are missed by their sequences. Only for the holder of the
     * lock.
     */
    static void setEmptyAside(final Path queuePath) {
        for (final File file : files(queuePath)) {
            if (!isBegun(file)) {
                try {
                    Files.move(file.toPath(), Path.of(file + EMPTY_SUFFIX));
                } catch (final IOException ex) {
                    throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
                }
            }
        }
    }

    private static boolean isBegun(final File file) {
        final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
            return channel.read(header, 0) == Integer.BYTES && header.getInt(0) > 0; // bit 31: not complete
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
    }

    /** Compares one file's length with the position of its last excerpt, which the file itself knows. */
    static void verify(final SingleChronicleQueue queue, final int cycle) {
        final String name = ChronicleQueues.fileName(queue, cycle);
        final SingleChronicleQueueStore store = queue.storeForCycle(cycle, queue.epoch(), false, null);
        if (store == null) {
            return;
        }
        try {
            final long lastExcerpt = store.writePosition();
            final long length = new File(queue.file(), name).length();
            if (length < lastExcerpt + ExcerptBuffer.MAX_LENGTH) {
                throw new JournalCorruptException(JournalError.JOURNAL_TRUNCATED,
                    firstMissing(new File(queue.file(), name)), name, -1, 0,
                    "was cut: it is " + length + " bytes long, its last excerpt begins at " + lastExcerpt, null);
            }
        } finally {
            queue.closeStore(store);
        }
    }

    /** Bytes of one file up to behind its last excerpt; the rest is reserved space. */
    static long usedBytes(final SingleChronicleQueue queue, final int cycle) {
        final long length = new File(queue.file(), ChronicleQueues.fileName(queue, cycle)).length();
        final SingleChronicleQueueStore store = queue.storeForCycle(cycle, queue.epoch(), false, null);
        if (store == null) {
            return length;
        }
        try {
            return Math.min(length, store.writePosition() + ExcerptBuffer.MAX_LENGTH);
        } finally {
            queue.closeStore(store);
        }
    }

    /** The sequence after the last whole record of a cut file, read and not mapped; -1 when its end holds none. */
    private static long firstMissing(final File file) {
        final ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL_BYTES, file.length()));
        try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
            long position = channel.size() - tail.capacity();
            int read = 0;
            while (read >= 0 && tail.hasRemaining()) {
                read = channel.read(tail, position);
                position += Math.max(0, read);
            }
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
        }
        final UnsafeBuffer bytes = new UnsafeBuffer(tail);
        final RecordFrame frame = new RecordFrame(bytes);
        long last = -2;
        int offset = 0;
        while (offset < bytes.capacity()) {
            if (frame.check(offset, bytes.capacity() - offset) == RecordFrame.VALID) {
                last = Math.max(last, RecordFrame.sequence(bytes, offset));
                offset += RecordFrame.length(bytes, offset);
            } else {
                offset++;
            }
        }
        return last + 1;
    }

    private static File[] files(final Path queuePath) {
        final File[] files =
            queuePath.toFile().listFiles((parent, name) -> name.endsWith(SingleChronicleQueue.SUFFIX));
        return files == null ? new File[0] : files;
    }
}
