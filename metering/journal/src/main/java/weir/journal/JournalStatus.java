package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a journal directory stands, for an operator's tools: read from any process, beside its owner or without one, with
 * nothing changed.
 *
 * @param id             name of the journal
 * @param owner          process that has it now; empty when none has
 * @param firstSequence  first record that is kept in the directory
 * @param appended       last record that was appended, 0 when there is none or it is not said
 * @param durable        last record on the device, 0 without group sync
 * @param usableBytes    bytes that this user may still write on the directory's device
 * @param snapshots      usable by their headers, the newest first
 * @param unusable       codes and sentences of the other snapshot files
 * @param consumers      how far each is
 */
public record JournalStatus(
    JournalId id,
    Optional<JournalDirectory.Owner> owner,
    long firstSequence,
    long appended,
    long durable,
    long usableBytes,
    List<Snapshot> snapshots,
    List<JournalException> unusable,
    List<ConsumerPosition.Consumer> consumers) {

    /** Copies the lists. */
    public JournalStatus {
        snapshots = List.copyOf(snapshots);
        unusable = List.copyOf(unusable);
        consumers = List.copyOf(consumers);
    }

    /**
     * Reads it.
     *
     * @param directory journal directory
     * @return the status now
     * @throws JournalException JOURNAL_ID_INVALID where no journal is, or what cannot be read
     */
    public static JournalStatus read(final Path directory) {
        final JournalId id = JournalId.read(directory);
        long appended = 0;
        long durable = 0;
        try (JournalProgress progress = JournalProgress.openReader(directory, id)) {
            if (progress != null) {
                appended = progress.appended();
                durable = progress.groupSync() ? progress.durable() : 0;
            }
        }
        final SnapshotStore store = SnapshotStore.openReader(directory, id);
        try {
            return new JournalStatus(id, JournalDirectory.owner(directory),
                Retained.read(directory).firstSequence(), appended, durable,
                Files.getFileStore(directory).getUsableSpace(), store.newestFirst(), store.unusable(),
                ConsumerPosition.readAll(directory, id));
        } catch (final IOException ex) {
            throw new JournalException(JournalError.JOURNAL_IO, directory + ": " + ex, ex);
        }
    }

    /**
     * Records that a consumer has still to take.
     *
     * @param consumer one of {@link #consumers()}
     * @return 0 when it is at the end
     */
    public long lag(final ConsumerPosition.Consumer consumer) {
        return Math.max(0, appended - consumer.sequence());
    }

    /**
     * Age of the newest snapshot.
     *
     * @param nowNs epoch nanoseconds
     * @return nanoseconds since the last record in it; empty when there is none
     */
    public Optional<Long> snapshotAgeNs(final long nowNs) {
        return snapshots.isEmpty() ? Optional.empty() : Optional.of(Math.max(0, nowNs - snapshots.get(0).epochNs()));
    }
}
