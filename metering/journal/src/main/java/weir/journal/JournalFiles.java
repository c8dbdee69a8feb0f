package weir.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * Where the records of a journal stand for a reader: in its archive, where one is given and has files, and after that
 * in the journal directory. The two may overlap, since a file is archived before it is removed.
 */
final class JournalFiles {
    private final Path directory;
    private final Path archive;
    private boolean archived;

    /** Begins in the archive where there is one. */
    JournalFiles(final Path directory, final Path archive) {
        this.directory = directory;
        this.archive = archive;
        archived = hasArchive();
    }

    private boolean hasArchive() {
        return archive != null && Files.exists(archive.resolve(JournalDirectory.QUEUE)
            .resolve(SingleChronicleQueue.QUEUE_METADATA_FILE)) && Files.exists(archive.resolve(Retained.FILE));
    }

    void verifyId(final JournalId id) {
        if (archive != null && Files.exists(archive.resolve(JournalId.FILE))) {
            JournalArchive.verifyId(archive, id);
        }
    }

    /** Whether the reader is in the archive. */
    boolean archived() {
        return archived;
    }

    /** Where the reader is. */
    Path queuePath() {
        return (archived ? archive : directory).resolve(JournalDirectory.QUEUE);
    }

    /** First sequence where the reader is. */
    long firstHere() {
        return Retained.read(archived ? archive : directory).firstSequence();
    }

    /** First sequence anywhere. */
    long first() {
        final long live = Retained.read(directory).firstSequence();
        return hasArchive() ? Math.min(live, Retained.read(archive).firstSequence()) : live;
    }

    /** Moves to where a sequence is to be looked for first; true when that is another place than before. */
    boolean enter(final long sequence) {
        final boolean before = archived;
        archived = hasArchive() && sequence < Retained.read(directory).firstSequence();
        return archived != before;
    }
}
