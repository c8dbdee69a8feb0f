package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import weir.protocol.CrashPoint;

/**
 * Retention. Files go from the oldest on, never the newest that holds records, and only when every reader that matters
 * is past them. What is left is remembered, so that readers know where the journal begins now. Any one thread.
 */
public final class RolledFiles {
    private final Path directory;
    private final Runnable refreshListing;

    RolledFiles(final Path directory, final Runnable refreshListing) {
        this.directory = directory;
        this.refreshListing = refreshListing;
    }

    /**
     * Files that may be archived or deleted, oldest first.
     *
     * @param belowSequence     every record in them is below this: the least position of billing, audit and snapshot
     * @param olderThanEpochMs  their cycle ended before this
     * @return possibly empty; only a prefix of the journal
     */
    public List<RolledFile> removable(final long belowSequence, final long olderThanEpochMs) {
        final List<RolledFile> result = new ArrayList<>();
        try (SingleChronicleQueue queue = ChronicleQueues.openReader(directory.resolve(JournalDirectory.QUEUE));
            ExcerptTailer tailer = queue.createTailer()) {
            final ExcerptSearch search = new ExcerptSearch(queue, tailer);
            final List<Integer> cycles = search.files();
            for (int i = 0; i < cycles.size(); i++) {
                final long next = firstAfter(search, cycles, i);
                final long endMs = ChronicleQueues.cycleStartMs(queue, cycles.get(i) + 1);
                if (next < 0 || next > belowSequence || endMs >= olderThanEpochMs) {
                    break;
                }
                final Path path = directory.resolve(JournalDirectory.QUEUE)
                    .resolve(ChronicleQueues.fileName(queue, cycles.get(i)));
                result.add(new RolledFile(path, Math.max(0, search.firstSequence(cycles.get(i), 0)), next, endMs,
                    path.toFile().length()));
            }
        }
        return result;
    }

    private static long firstAfter(final ExcerptSearch search, final List<Integer> cycles, final int position) {
        for (int i = position + 1; i < cycles.size(); i++) {
            final long first = search.firstSequence(cycles.get(i), 0);
            if (first > 0) {
                return first;
            }
        }
        return -1;
    }

    /**
     * Moves one file to an archive directory: copied, on the device, read back and its records verified before it
     * leaves; see {@link JournalArchive}.
     *
     * @param file    the first of {@link #removable}
     * @param archive directory, made where absent
     * @return lower-case hex SHA-256 of the file
     */
    public String archive(final RolledFile file, final Path archive) {
        return archive(file, JournalArchive.open(archive, JournalId.read(directory), 0));
    }

    String archive(final RolledFile file, final JournalArchive archive) {
        try {
            final String sum = archive.add(file);
            remove(file);
            return sum;
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file.path() + ": " + ex, ex);
        }
    }

    /**
     * Deletes one file.
     *
     * @param file the first of {@link #removable}
     */
    public void delete(final RolledFile file) {
        try {
            remove(file);
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, file.path() + ": " + ex, ex);
        }
    }

    private void remove(final RolledFile file) throws IOException {
        final List<RolledFile> now = removable(file.nextSequence(), Long.MAX_VALUE);
        if (now.isEmpty() || !now.get(0).path().equals(file.path())) {
            throw new IllegalArgumentException(file.path() + " is not the oldest file, or is still needed");
        }
        // First what readers go by, then the file: died in between, an older file too many does no harm.
        new Retained(file.nextSequence()).write(directory);
        CrashPoint.hit(CrashPoint.ARCHIVE_RETAINED);
        Files.delete(file.path());
        DurableFiles.syncDirectory(file.path().getParent());
        CrashPoint.hit(CrashPoint.ARCHIVE_REMOVED);
        refreshListing.run();
    }
}
