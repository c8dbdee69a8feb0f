package weir.journal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * Moves rolled files of a journal into its archive, the oldest first, when nothing needs them any more: every record is
 * at or below the position of each required and each known {@link ConsumerPosition consumer} and the sequence of the
 * oldest usable {@link Snapshot}, and the file's cycle ended longer ago than the retention. As an {@link Agent} it
 * looks once per interval. One thread, of the process that owns the journal directory; {@link #plan()} may run
 * anywhere.
 */
public final class Archivist implements Agent {
    private final Context context;
    private final RolledFiles files;
    private final JournalId id;
    private long nextPassMs = Long.MIN_VALUE;
    private volatile Report last;

    private Archivist(final Context context) {
        this.context = context;
        Objects.requireNonNull(context.directory, "directory");
        if (context.retentionMs < 0 || context.intervalMs <= 0 || context.bytesPerSecond < 0) {
            throw new IllegalArgumentException("retentionMs, intervalMs or bytesPerSecond is out of range");
        }
        id = JournalId.read(context.directory);
        files = new RolledFiles(context.directory, context.refreshListing);
    }

    /**
     * With settings.
     *
     * @param context settings
     * @return the archivist
     */
    public static Archivist of(final Context context) {
        return new Archivist(context);
    }

    /**
     * What would be done now.
     *
     * @param due           files that may leave, oldest first
     * @param keepsFrom     first sequence that something needs
     * @param keptBy        what needs it: {@code snapshot}, the name of a consumer, or {@code nothing} when only age or
     *                      the newest file bounds it
     * @param firstSequence first sequence that the journal directory holds
     */
    public record Plan(List<RolledFile> due, long keepsFrom, String keptBy, long firstSequence) {
    }

    /**
     * What a pass did.
     *
     * @param plan     what it set out to do
     * @param archived names of files that left, oldest first
     * @param bytes    their lengths together
     */
    public record Report(Plan plan, List<String> archived, long bytes) {
    }

    /**
     * Looks and changes nothing.
     *
     * @return what is due
     * @throws JournalException when positions or files cannot be read
     */
    public Plan plan() {
        long keepsFrom = Long.MAX_VALUE;
        String keptBy = "nothing";
        final List<String> missing = new ArrayList<>(context.consumers);
        for (final ConsumerPosition.Consumer consumer : ConsumerPosition.readAll(context.directory, id)) {
            missing.remove(consumer.name());
            if (consumer.sequence() + 1 < keepsFrom) {
                keepsFrom = consumer.sequence() + 1;
                keptBy = consumer.name();
            }
        }
        if (!missing.isEmpty()) {
            keepsFrom = 1;
            keptBy = missing.get(0);
        }
        final long first = Retained.read(context.directory).firstSequence();
        if (keepsFrom <= first) {
            return new Plan(List.of(), keepsFrom, keptBy, first);
        }
        // Snapshots are verified last: only when something could leave is it worth reading them.
        final long olderThanMs = context.clock.time() - context.retentionMs;
        if (files.removable(keepsFrom, olderThanMs).isEmpty()) {
            return new Plan(List.of(), keepsFrom, keptBy, first);
        }
        final OptionalLong snapshot = SnapshotStore.openReader(context.directory, id).oldestUsable();
        if (snapshot.orElse(0) + 1 < keepsFrom) {
            keepsFrom = snapshot.orElse(0) + 1;
            keptBy = "snapshot";
        }
        return new Plan(files.removable(keepsFrom, olderThanMs), keepsFrom, keptBy, first);
    }

    /**
     * Does what is due. A kill at any point loses nothing: the next pass goes on where this one stopped.
     *
     * @return what was done
     * @throws JournalException ARCHIVE_FOREIGN, ARCHIVE_CORRUPT or JOURNAL_IO; what has left by then is whole
     */
    public Report run() {
        final Plan plan = plan();
        final List<String> archived = new ArrayList<>();
        long bytes = 0;
        if (!plan.due().isEmpty()) {
            final JournalArchive archive =
                JournalArchive.open(context.archive, id, context.bytesPerSecond);
            for (final RolledFile file : plan.due()) {
                files.archive(file, archive);
                archived.add(file.path().getFileName().toString());
                bytes += file.bytes();
            }
        }
        last = new Report(plan, archived, bytes);
        return last;
    }

    /**
     * One pass over a journal that no router runs on; holds its lock meanwhile.
     *
     * @param context settings with a directory
     * @return what was done
     * @throws JournalLockedException when a router has it: that one archives by itself
     * @throws JournalException       as {@link #run()}
     */
    public static Report runAlone(final Context context) {
        JournalId.read(context.directory); // before anything is made where no journal is
        try (JournalDirectory owned = JournalDirectory.open(context.directory)) {
            return of(context.refreshListing(() -> ChronicleQueues.refreshListing(owned.queuePath()))).run();
        }
    }

    @Override
    public int doWork() {
        final long nowMs = context.clock.time();
        if (nowMs < nextPassMs && nextPassMs - nowMs <= context.intervalMs) {
            return 0;
        }
        nextPassMs = nowMs + context.intervalMs;
        return run().archived().size();
    }

    @Override
    public String roleName() {
        return "archivist";
    }

    /**
     * What the last pass did. Any thread.
     *
     * @return null before the first
     */
    public Report last() {
        return last;
    }

    /** Settings of an archivist. */
    public static final class Context {
        /** How often an agent looks, milliseconds. */
        public static final long INTERVAL_MS_DEFAULT = 60_000;
        /** Copies are held to this, so that the journal has the device. */
        public static final long BYTES_PER_SECOND_DEFAULT = 100_000_000;

        private Path directory;
        private Path archive;
        private long retentionMs;
        private long intervalMs = INTERVAL_MS_DEFAULT;
        private long bytesPerSecond = BYTES_PER_SECOND_DEFAULT;
        private List<String> consumers = List.of();
        private EpochClock clock = SystemEpochClock.INSTANCE;
        private Runnable refreshListing = () -> { };

        /**
         * Journal directory.
         *
         * @param value a path
         * @return this
         */
        public Context directory(final Path value) {
            directory = value;
            return this;
        }

        /**
         * Archive directory, of this journal alone; made where absent.
         *
         * @param value a path
         * @return this
         */
        public Context archive(final Path value) {
            archive = value;
            return this;
        }

        /**
         * How long after the end of its cycle a file stays at least.
         *
         * @param value milliseconds
         * @return this
         */
        public Context retentionMs(final long value) {
            retentionMs = value;
            return this;
        }

        /**
         * How often the agent looks.
         *
         * @param value milliseconds
         * @return this
         */
        public Context intervalMs(final long value) {
            intervalMs = value;
            return this;
        }

        /**
         * Speed at which files are copied.
         *
         * @param value bytes per second, 0 = as fast as it goes
         * @return this
         */
        public Context bytesPerSecond(final long value) {
            bytesPerSecond = value;
            return this;
        }

        /**
         * Consumers without whose position nothing leaves. Others that have a position count as well.
         *
         * @param value names of {@link ConsumerPosition} files
         * @return this
         */
        public Context consumers(final List<String> value) {
            consumers = List.copyOf(value);
            return this;
        }

        /**
         * Wall clock.
         *
         * @param value milliseconds
         * @return this
         */
        public Context clock(final EpochClock value) {
            clock = value;
            return this;
        }

        Context refreshListing(final Runnable value) {
            refreshListing = value;
            return this;
        }
    }
}
