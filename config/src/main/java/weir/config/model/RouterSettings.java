package weir.config.model;

import java.nio.file.Path;
import weir.journal.RollEvery;

/**
 * Settings of {@code router.yaml}. Relative directories stand below {@code dataDir}.
 *
 * @param dataDir base of relative directories
 * @param aeron   media driver and channels
 * @param journal ring and journal directory
 * @param engine  sizes of the core's tables; all memory is taken at start
 * @param snapshot snapshots of the core's state
 */
public record RouterSettings(Path dataDir, Aeron aeron, Journal journal, Engine engine, Snapshots snapshot) {

    /**
     * A directory as configured, below {@link #dataDir()} when relative.
     *
     * @param path as configured
     * @return absolute, normalised
     */
    public Path resolve(final Path path) {
        return dataDir.resolve(path).toAbsolutePath().normalize();
    }

    /**
     * Aeron.
     *
     * @param dir             aeron.dir
     * @param embeddedDriver  true: the router owns the media driver; false: an external one must run on {@code dir}
     * @param channel         channel of every stream
     * @param driverTimeoutMs how long a client waits for a sign of life of the driver
     */
    public record Aeron(Path dir, boolean embeddedDriver, String channel, int driverTimeoutMs) {
    }

    /**
     * Journal.
     *
     * @param dir                  journal directory: id, lock, queue
     * @param ringDir              directory of the ring file; tmpfs, since a disk's writeback stalls the writer
     * @param ringCapacityBytes    power of two
     * @param lowSpaceReserveBytes usable bytes below which admission stops with JOURNAL_LOW_SPACE
     * @param rollEvery            how often the journal begins a new file; fixed when a journal is made
     */
    public record Journal(Path dir, Path ringDir, int ringCapacityBytes, long lowSpaceReserveBytes,
        RollEvery rollEvery) {
    }

    /**
     * Sizes of the core.
     *
     * @param maxTenants       tenants
     * @param maxSessions      desk and client sessions
     * @param maxInstruments   instruments
     * @param maxAccounts      venue accounts
     * @param maxOpenOrders    orders that are not final
     * @param clOrdIdsPerDay   ClOrdID(11)s remembered over all sessions
     * @param maxTrades        executions remembered for deduplication
     * @param idle             how the engine thread waits
     */
    public record Engine(int maxTenants, int maxSessions, int maxInstruments, int maxAccounts, int maxOpenOrders,
        int clOrdIdsPerDay, int maxTrades, Idle idle) {
    }

    /**
     * Snapshots of the core, made by a second core that follows the journal.
     *
     * @param enabled false: recovery is a full replay, and the memory of the second core is saved
     * @param every   records from one to the next
     * @param keep    how many are kept
     * @param atStop  one more at a clean stop, so that the next start has nothing to replay
     */
    public record Snapshots(boolean enabled, long every, int keep, boolean atStop) {
    }

    /** How an agent's thread waits for work. */
    public enum Idle {
        /** Spins, yields, then parks up to 100 microseconds. For shared processors. */
        BACKOFF,
        /** Never gives the processor back. For a processor of its own. */
        BUSY_SPIN,
        /** Yields between polls. */
        YIELDING
    }
}
