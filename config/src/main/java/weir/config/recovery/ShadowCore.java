package weir.config.recovery;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.RouterSettings;
import weir.engine.CoreReplay;
import weir.engine.CoreSnapshot;
import weir.engine.JournalDivergedException;
import weir.engine.RouterCore;
import weir.journal.JournalException;
import weir.journal.JournalId;
import weir.journal.JournalReader;
import weir.journal.Snapshot;
import weir.journal.SnapshotStore;

/**
 * A second core that follows the journal and saves its state every so many records. The engine does nothing for a
 * snapshot: no copy, no pause, no lock. Following is a replay, so that J7 is watched as long as the router runs; a
 * divergence raises an alarm and ends the shadow, never the router, and no snapshot is made of a state in doubt.
 * <p>
 * One thread of its own and of low priority, in slices, resting as long as it worked while it is behind. {@link #close}
 * after the journal agent: the last records are followed and saved.
 */
public final class ShadowCore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowCore.class);
    private static final int SLICE = 256;
    private static final long IDLE_NS = 10_000_000L;
    private static final long REST_MIN_NS = 50_000L;
    private static final long REST_MAX_NS = 2_000_000L;
    private static final long STOP_TIMEOUT_MS = 60_000;
    private static final long NS_PER_MS = 1_000_000L;

    private final Path journal;
    private final Path archive;
    private final SnapshotStore store;
    private final RouterSettings.Snapshots settings;
    private final Supplier<RouterCore> fresh;
    private final Consumer<Throwable> alarm;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile long sequence;
    private volatile long savedSequence;
    private volatile long snapshots;
    private volatile Throwable failure;
    private RouterCore core;
    private CoreReplay replay;
    private JournalReader reader;

    private ShadowCore(final Path journal, final Path archive, final JournalId id,
        final RouterSettings.Snapshots settings, final Supplier<RouterCore> fresh, final Consumer<Throwable> alarm) {
        this.journal = journal;
        this.archive = archive;
        this.settings = settings;
        this.fresh = fresh;
        this.alarm = alarm;
        store = SnapshotStore.open(journal, id);
        thread = new Thread(this::run, "weir-shadow");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /**
     * As {@link #launch(Path, Path, JournalId, RouterSettings.Snapshots, Supplier, Consumer)}, of a journal that is not
     * archived.
     *
     * @param journal  journal directory
     * @param id       its id
     * @param settings how often, how many
     * @param fresh    makes a core of the sizes of the engine's
     * @param alarm    hears why the shadow ended
     * @return the running shadow
     */
    public static ShadowCore launch(final Path journal, final JournalId id, final RouterSettings.Snapshots settings,
        final Supplier<RouterCore> fresh, final Consumer<Throwable> alarm) {
        return launch(journal, null, id, settings, fresh, alarm);
    }

    /**
     * Starts to follow a journal that this process owns, from its newest snapshot.
     *
     * @param journal  journal directory
     * @param archive  where its rolled files go, read when no snapshot can be used; null = nowhere
     * @param id       its id
     * @param settings how often, how many
     * @param fresh    makes a core of the sizes of the engine's
     * @param alarm    hears why the shadow ended when it did not end by {@link #close}; on the shadow's thread
     * @return the running shadow
     */
    public static ShadowCore launch(final Path journal, final Path archive, final JournalId id,
        final RouterSettings.Snapshots settings, final Supplier<RouterCore> fresh, final Consumer<Throwable> alarm) {
        final ShadowCore shadow = new ShadowCore(journal, archive, id, settings, fresh, alarm);
        shadow.thread.start();
        return shadow;
    }

    /**
     * Last record followed.
     *
     * @return sequence
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Last record of the newest snapshot.
     *
     * @return sequence, 0 = none
     */
    public long savedSequence() {
        return savedSequence;
    }

    /**
     * Snapshots written by this shadow.
     *
     * @return count
     */
    public long snapshots() {
        return snapshots;
    }

    /**
     * Why it ended before it was closed.
     *
     * @return null while it follows
     */
    public Throwable failure() {
        return failure;
    }

    /** Follows what is appended, saves it when so configured, and ends; at most 60 s. */
    @Override
    public void close() {
        running = false;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_TIMEOUT_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the shadow did not end within {} ms, it is at record {}", STOP_TIMEOUT_MS, sequence);
        }
    }

    private void run() {
        try {
            begin();
            while (running) {
                final long startNs = System.nanoTime();
                final int work = follow(SLICE);
                final long tookNs = System.nanoTime() - startNs;
                LockSupport.parkNanos(work == 0 ? IDLE_NS : Math.max(REST_MIN_NS, Math.min(REST_MAX_NS, tookNs)));
            }
            while (follow(SLICE) > 0) {
                Thread.onSpinWait();
            }
            if (settings.atStop() && sequence > savedSequence) {
                save();
            }
        } catch (final JournalDivergedException ex) {
            fail(ex, "the journal does not come out the same when it is replayed (J7); no more snapshots");
        } catch (final Throwable ex) {
            // Whatever ends the shadow must not end the router: recovery has older snapshots and the journal.
            fail(ex, "the shadow ended; no more snapshots");
        } finally {
            if (reader != null) {
                reader.close();
            }
        }
    }

    private void begin() {
        final CoreRestore.Start start =
            CoreRestore.begin(journal, store, fresh, Long.MAX_VALUE, CoreRestore.NOTHING_MISSING);
        core = start.core();
        replay = new CoreReplay(core, (record, buffer, offset, length) -> { });
        reader = JournalReader.openAt(new JournalReader.Context().directory(journal).archive(archive),
            start.sequence() + 1);
        sequence = start.sequence();
        savedSequence = start.sequence();
        LOG.info("shadow follows the journal from record {}", start.sequence() + 1);
    }

    private int follow(final int most) {
        final int count = reader.poll(this::onRecord, most);
        if (count > 0) {
            sequence = core.nextSequence() - 1;
        }
        return count;
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long record) {
        replay.onRecord(buffer, offset, length);
        if (record - savedSequence >= settings.every()) {
            sequence = record;
            save();
        }
    }

    private void save() {
        final long startNs = System.nanoTime();
        try {
            final Snapshot written = store.write(sequence, core.lastNs(),
                out -> CoreSnapshot.save(core, replay.lastFrameCrc(), out));
            final int removed = store.prune(settings.keep());
            snapshots++;
            LOG.info("snapshot sequence={} bytes={} ms={} removed={}", sequence, written.bodyBytes(),
                (System.nanoTime() - startNs) / NS_PER_MS, removed);
        } catch (final JournalException | java.io.UncheckedIOException ex) {
            // A full disk: the next one is tried when it is due.
            LOG.warn("snapshot {} could not be written: {}", sequence, ex.getMessage());
        }
        savedSequence = sequence;
    }

    private void fail(final Throwable ex, final String words) {
        failure = ex;
        LOG.error(words, ex);
        alarm.accept(ex);
    }
}
