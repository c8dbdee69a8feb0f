package weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Three marks on the journal device's usable space, with hysteresis. Below the reserve mark orders must stop (cancels
 * go on, into the reserve) until the resume mark. Below the floor nothing is appended at all: on a full device a mapped
 * store faults after it seemed to succeed, so the journal stops before and the ring keeps what is not yet appended.
 * Asked by one thread; the conditions may be read from any.
 */
final class SpaceWatch {
    private final LongSupplier usableBytes;
    private final long floorBytes;
    private final long reserveBytes;
    private final long resumeBytes;
    private final long intervalNs;
    private long nextCheckNs;
    private long appendedAtCheck;
    private boolean checked;
    private volatile boolean low;
    private volatile boolean stalled;
    private volatile long usable;

    SpaceWatch(final Journal.Context context) {
        usableBytes = context.usableBytes();
        floorBytes = context.floorBytes();
        reserveBytes = context.reserveBytes();
        resumeBytes = context.resumeBytes();
        intervalNs = context.spaceCheckIntervalMs() * 1_000_000L;
    }

    /** Asks the file store that a directory stands on. */
    static LongSupplier usableBytesOf(final Path directory) {
        return () -> {
            try {
                return Files.getFileStore(directory).getUsableSpace();
            } catch (final IOException ex) {
                throw new JournalException(JournalError.JOURNAL_IO, directory + ": " + ex, ex);
            }
        };
    }

    /** Looks when the interval has passed, or when what was appended since could have used up half of the floor. */
    void poll(final long nowNs, final long appendedBytes) {
        if (!checked || nowNs - nextCheckNs >= 0 || appendedBytes - appendedAtCheck >= floorBytes / 2) {
            checked = true;
            nextCheckNs = nowNs + intervalNs;
            appendedAtCheck = appendedBytes;
            judge(usableBytes.getAsLong());
        }
    }

    private void judge(final long bytes) {
        usable = bytes;
        stalled = stalled ? bytes < floorBytes + floorBytes / 2 : bytes < floorBytes;
        low = low ? bytes < resumeBytes : bytes < reserveBytes;
    }

    boolean low() {
        return low;
    }

    boolean stalled() {
        return stalled;
    }

    long usable() {
        return usable;
    }
}
