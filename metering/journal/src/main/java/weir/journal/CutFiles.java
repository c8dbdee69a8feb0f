package weir.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * Finds journal files that were cut, by their length and before their memory is touched: a read behind the end of a
 * mapped file is a fault, which the JVM reports as an InternalError at some later and unrelated place.
 */
final class CutFiles {
    /** No journal file is shorter: the least block size. */
    private static final long LENGTH_MIN = Journal.Context.BLOCK_SIZE_MIN;
    private static final String EMPTY_SUFFIX = ".empty";

    private CutFiles() {
    }

    /** Looks at every file in a queue's directory. */
    static void verifyAll(final Path queuePath) {
        for (final File file : files(queuePath)) {
            if (file.length() < LENGTH_MIN) {
                throw new JournalException(JournalError.JOURNAL_TRUNCATED,
                    file + " was cut: it is " + file.length() + " bytes long");
            }
        }
    }

    /**
     * Sets empty files aside, which a kill between making and filling a file leaves behind. If it was a cut instead,
     * the records are missed by their sequences. Only for the holder of the directory's lock.
     */
    static void setEmptyAside(final Path queuePath) {
        for (final File file : files(queuePath)) {
            if (file.length() == 0) {
                try {
                    Files.move(file.toPath(), Path.of(file + EMPTY_SUFFIX));
                } catch (final IOException ex) {
                    throw new JournalException(JournalError.JOURNAL_IO, file + ": " + ex, ex);
                }
            }
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
                throw new JournalCorruptException(JournalError.JOURNAL_TRUNCATED, -1, name, -1, 0,
                    "was cut: it is " + length + " bytes long, its last excerpt begins at " + lastExcerpt, null);
            }
        } finally {
            queue.closeStore(store);
        }
    }

    private static File[] files(final Path queuePath) {
        final File[] files =
            queuePath.toFile().listFiles((parent, name) -> name.endsWith(SingleChronicleQueue.SUFFIX));
        return files == null ? new File[0] : files;
    }
}
