package weir.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * Retention. Files go from the oldest on, never the newest that holds records, and only when every reader that matters
 * is past them. What is left is remembered, so that readers know where the journal begins now. Any one thread.
 */
public final class RolledFiles {
    private static final int COPY_BYTES = 1024 * 1024;

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
                result.add(new RolledFile(
                    directory.resolve(JournalDirectory.QUEUE).resolve(ChronicleQueues.fileName(queue, cycles.get(i))),
                    Math.max(0, search.firstSequence(cycles.get(i), 0)), next, endMs));
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
     * Moves one file to an archive directory and writes {@code <name>.sha256} beside it, in the form of sha256sum.
     *
     * @param file    the first of {@link #removable}
     * @param archive directory, made where absent
     * @return lower-case hex SHA-256 of the file
     */
    public String archive(final RolledFile file, final Path archive) {
        try {
            Files.createDirectories(archive);
            final String name = file.path().getFileName().toString();
            final Path copy = archive.resolve(name);
            final Path fresh = archive.resolve(name + ".new");
            Files.copy(file.path(), fresh, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            final String sum = sha256(file.path());
            if (!sum.equals(sha256(fresh))) {
                throw new JournalException(JournalError.JOURNAL_IO, fresh + " is not a true copy of " + file.path());
            }
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.write(archive.resolve(name + ".sha256"), sum + "  " + name + "\n");
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
        Files.delete(file.path());
        DurableFiles.syncDirectory(file.path().getParent());
        refreshListing.run();
    }

    private static String sha256(final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            final byte[] block = new byte[COPY_BYTES];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
