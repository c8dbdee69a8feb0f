package weir.config.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.engine.CoreSnapshot;
import weir.engine.RouterCore;
import weir.engine.snapshot.SnapshotUnusableException;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.JournalReader;
import weir.journal.Snapshot;
import weir.journal.SnapshotStore;
import weir.protocol.JournalRecordDescriptor;

/**
 * Finds the newest snapshot that a replay may begin with: whole, of this journal's history, of tables that fit, and
 * with no output that a session's store still misses. Whatever is wrong with one, the next older is tried, and at last
 * the journal from its beginning. One thread.
 */
public final class CoreRestore {
    /** Every output counts as delivered: for a replay that delivers nothing. */
    public static final CoreSnapshot.Deliveries NOTHING_MISSING = new CoreSnapshot.Deliveries() {
        @Override
        public boolean holds(final int sessionId, final long record, final int index) {
            return true;
        }

        @Override
        public boolean holdsAlert(final long record, final int index) {
            return true;
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(CoreRestore.class);
    private static final long WAIT_NS = 10_000_000_000L;

    /**
     * Where a replay begins.
     *
     * @param core       at the state after {@code sequence}
     * @param sequence   last record that is in it, 0 = none: it is new
     * @param bytes      length of the snapshot, 0 = none
     * @param durationNs time it took
     * @param passedOver newer snapshots that could not be used
     */
    public record Start(RouterCore core, long sequence, long bytes, long durationNs, int passedOver) {
    }

    private CoreRestore() {
    }

    /**
     * Finds the start of a replay.
     *
     * @param journal      journal directory
     * @param store        its snapshots
     * @param fresh        makes a core; asked again when a snapshot turned out not to fit
     * @param lastSequence last record of the journal; newer snapshots are not used
     * @param deliveries   what the stores of sessions hold
     * @return start
     */
    public static Start begin(final Path journal, final SnapshotStore store, final Supplier<RouterCore> fresh,
        final long lastSequence, final CoreSnapshot.Deliveries deliveries) {
        final long startNs = System.nanoTime();
        store.unusable().forEach(ex -> LOG.warn("snapshot passed over: {}", ex.getMessage()));
        int passedOver = store.unusable().size();
        for (final Snapshot snapshot : store.newestFirst()) {
            if (snapshot.sequence() > lastSequence) {
                LOG.warn("snapshot {} passed over: the journal ends at {}", snapshot.sequence(), lastSequence);
            } else {
                final RouterCore core = load(journal, store, snapshot, fresh, deliveries);
                if (core != null) {
                    return new Start(core, snapshot.sequence(), snapshot.bodyBytes(), System.nanoTime() - startNs,
                        passedOver);
                }
            }
            passedOver++;
        }
        return new Start(fresh.get(), 0, 0, System.nanoTime() - startNs, passedOver);
    }

    /**
     * Removes snapshots of records that a loss of power took from the journal: other records get their sequences.
     *
     * @param store        snapshots, of the owner of the journal
     * @param lastSequence last record of the journal
     * @return how many were removed
     */
    public static int dropBeyond(final SnapshotStore store, final long lastSequence) {
        int removed = 0;
        for (final Snapshot snapshot : store.newestFirst()) {
            if (snapshot.sequence() > lastSequence) {
                try {
                    Files.deleteIfExists(snapshot.path());
                } catch (final IOException ex) {
                    throw new UncheckedIOException(ex);
                }
                LOG.warn("snapshot {} removed: the journal ends at {}", snapshot.sequence(), lastSequence);
                removed++;
            }
        }
        return removed;
    }

    private static RouterCore load(final Path journal, final SnapshotStore store, final Snapshot snapshot,
        final Supplier<RouterCore> fresh, final CoreSnapshot.Deliveries deliveries) {
        final RouterCore[] loaded = new RouterCore[1];
        try {
            store.read(snapshot, in -> {
                final CoreSnapshot state = CoreSnapshot.open(in);
                if (state.sequence() != snapshot.sequence()) {
                    LOG.warn("snapshot {} passed over: its state is of {}", snapshot.sequence(), state.sequence());
                } else if (!state.isDelivered(deliveries)) {
                    LOG.info("snapshot {} passed over: reports before it are not all in the stores of their sessions",
                        snapshot.sequence());
                } else if (!isOfJournal(journal, state)) {
                    LOG.warn("snapshot {} passed over: the journal holds another record there", snapshot.sequence());
                } else {
                    final RouterCore core = fresh.get();
                    state.loadInto(core);
                    loaded[0] = core;
                }
            });
        } catch (final JournalException | SnapshotUnusableException ex) {
            LOG.warn("snapshot {} passed over: {}", snapshot.sequence(), ex.getMessage());
            return null;
        }
        return loaded[0];
    }

    /** Holds the last record of the state against the journal, unless retention took that record away. */
    private static boolean isOfJournal(final Path journal, final CoreSnapshot state) {
        if (state.sequence() == 0 || state.lastFrameCrc() == CoreSnapshot.NO_CRC) {
            return true;
        }
        try (JournalReader reader = JournalReader.openAt(journal, state.sequence())) {
            final long[] found = {CoreSnapshot.NO_CRC};
            final long deadlineNs = System.nanoTime() + WAIT_NS;
            while (reader.poll((buffer, offset, length, sequence) -> found[0] =
                buffer.getInt(offset + JournalRecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL,
                1) == 0 && System.nanoTime() < deadlineNs) {
                Thread.onSpinWait();
            }
            return found[0] == state.lastFrameCrc();
        } catch (final JournalException ex) {
            if (ex.error() == JournalError.JOURNAL_NOT_KEPT) {
                return true;
            }
            throw ex;
        }
    }
}
