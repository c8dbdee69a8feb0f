package weir.journal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.chronicle.threads.BusyTimedPauser;

/**
 * How this module opens Chronicle Queue: every option that has a time, a size or a safety meaning is set here, and
 * telemetry, banners and the library's own disk monitor are off before its classes load.
 */
final class ChronicleQueues {
    /** The lock is ours alone, so that a wait for it can only mean a dead owner that {@link #unlock} did not see. */
    private static final long LOCK_TIMEOUT_MS = 500;
    private static final long LISTING_REFRESH_MS = 1000;

    static {
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
        SingleChronicleQueueBuilder.addAliases();
    }

    private ChronicleQueues() {
    }

    static SingleChronicleQueue openWriter(
        final Path path, final RollEvery roll, final long blockSize, final RollClock clock) {
        final SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(path)
            .rollCycle(roll.cycle())
            .blockSize(blockSize)
            .timeoutMS(LOCK_TIMEOUT_MS)
            .checkInterrupts(false)
            .doubleBuffer(false)
            .syncMode(SyncMode.NONE)
            .timeProvider(clock)
            .forceDirectoryListingRefreshIntervalMs(LISTING_REFRESH_MS)
            .build();
        if (queue.rollCycle() != roll.cycle()) {
            final RollCycle found = queue.rollCycle();
            queue.close();
            throw new JournalException(JournalError.JOURNAL_ROLL_CYCLE,
                path + " was made with " + found + ", configured is " + roll + " (" + roll.cycle() + ")");
        }
        // A run before may have been killed between removing a file and saying so.
        queue.refreshDirectoryListing();
        final int lastCycle = queue.lastCycle();
        if (lastCycle >= 0) {
            clock.notBefore(cycleStartMs(queue, lastCycle));
        }
        return queue;
    }

    static SingleChronicleQueue openReader(final Path path) {
        return SingleChronicleQueueBuilder.binary(path)
            .readOnly(true)
            .rollCycle(rollOf(path).cycle())
            .timeoutMS(LOCK_TIMEOUT_MS)
            .checkInterrupts(false)
            .forceDirectoryListingRefreshIntervalMs(LISTING_REFRESH_MS)
            .build();
    }

    /** The metadata has the last word; a right guess keeps the library from warning of its own default. */
    private static RollEvery rollOf(final Path path) {
        final String[] names = path.toFile().list((parent, name) -> name.endsWith(SingleChronicleQueue.SUFFIX));
        if (names != null && names.length > 0) {
            for (final RollEvery roll : RollEvery.values()) {
                if (names[0].length() == fileName(roll.cycle(), 0).length()) {
                    return roll;
                }
            }
        }
        return RollEvery.HOUR;
    }

    /** Makes the metadata say which files there are. Only for the directory's one writer; makes it where absent. */
    static void refreshListing(final Path path) {
        openWriter(path, rollOf(path), Journal.Context.BLOCK_SIZE_MIN, new RollClock()).close();
    }

    /** Clears the write locks that a dead writer left. Only for the holder of the directory's lock. */
    static void unlock(final Path path) {
        final File table = path.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE).toFile();
        if (!Files.exists(table.toPath()) || table.length() == 0) {
            return;
        }
        final TableStore<?> store = SingleTableBuilder.binary(table, Metadata.NoMeta.INSTANCE).readOnly(false).build();
        try {
            final TableStoreWriteLock append =
                new TableStoreWriteLock(store, BusyTimedPauser::new, 0L, TableStoreWriteLock.APPEND_LOCK_KEY);
            append.forceUnlock();
            append.close();
            final TableStoreWriteLock write = new TableStoreWriteLock(store, BusyTimedPauser::new, 0L);
            write.forceUnlock();
            write.close();
        } finally {
            store.close();
        }
    }

    static long cycleStartMs(final SingleChronicleQueue queue, final int cycle) {
        return queue.epoch() + (long) cycle * queue.rollCycle().lengthInMillis();
    }

    /** Cycles that have a file now, oldest first. */
    static List<Integer> cycles(final SingleChronicleQueue queue) {
        final RollCycle roll = queue.rollCycle();
        final DateTimeFormatter name = new DateTimeFormatterBuilder()
            .appendPattern(roll.format()).appendLiteral(SingleChronicleQueue.SUFFIX)
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ROOT).withZone(ZoneOffset.UTC);
        final String[] files = queue.file().list((parent, file) -> file.endsWith(SingleChronicleQueue.SUFFIX));
        final List<Integer> cycles = new ArrayList<>();
        for (final String file : files == null ? new String[0] : files) {
            try {
                cycles.add(Math.toIntExact(Instant.from(name.parse(file)).toEpochMilli() / roll.lengthInMillis()));
            } catch (final DateTimeParseException ex) {
                throw new JournalException(JournalError.JOURNAL_CORRUPT,
                    queue.file() + " holds " + file + ", which is no name of a file of " + roll, ex);
            }
        }
        Collections.sort(cycles);
        return cycles;
    }

    static String fileName(final SingleChronicleQueue queue, final int cycle) {
        return fileName(queue.rollCycle(), cycle);
    }

    private static String fileName(final RollCycle rollCycle, final int cycle) {
        return DateTimeFormatter.ofPattern(rollCycle.format()).withZone(ZoneOffset.UTC)
            .format(Instant.ofEpochMilli((long) cycle * rollCycle.lengthInMillis())) + SingleChronicleQueue.SUFFIX;
    }

    /**
     * Wall clock that never steps back, also not before the last file: Chronicle would append behind an end mark.
     */
    static final class RollClock implements TimeProvider {
        private long lastMs;

        void notBefore(final long epochMs) {
            lastMs = Math.max(lastMs, epochMs);
        }

        @Override
        public long currentTimeMillis() {
            lastMs = Math.max(lastMs, System.currentTimeMillis());
            return lastMs;
        }
    }
}
