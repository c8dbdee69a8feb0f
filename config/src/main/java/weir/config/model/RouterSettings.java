package weir.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import weir.journal.RollEvery;

/**
 * Settings of {@code router.yaml}. Relative directories stand below {@code dataDir}.
 *
 * @param dataDir base of relative directories
 * @param aeron   media driver and channels
 * @param journal ring and journal directory
 * @param engine  sizes of the core's tables; all memory is taken at start
 * @param snapshot snapshots of the core's state
 * @param clock   watch over the host's clock
 * @param entry   binary order entry; it runs when a client is configured
 * @param market  instruments and public prices
 * @param threads which duty cycles share a thread, and where the threads run
 * @param warmUp  what a start does before its doors open
 * @param stageTimes where the time of an order goes
 * @param control what stops the router, and its own rate class
 */
public record RouterSettings(Path dataDir, Aeron aeron, Journal journal, Engine engine, Snapshots snapshot,
    Clock clock, Entry entry, Market market, Threads threads, WarmUp warmUp, StageTimes stageTimes,
    Control control) {

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
     * @param driver          the driver itself, embedded or run by {@code weir driver}
     */
    public record Aeron(Path dir, boolean embeddedDriver, String channel, int driverTimeoutMs, Driver driver) {
    }

    /**
     * The media driver. Clients and driver must agree on nothing here, but a foreign driver should be set the same.
     *
     * @param threading       threads of the driver
     * @param idle            how they wait for work
     * @param clientTimeoutMs after this silence a client is given up: a pause beyond it costs the client its connection
     * @param unblockMs       a claim that a dead client left open blocks its stream so long; above clientTimeoutMs
     * @param preTouch        true: terms are written once when they are made, so that no page fault and no lack of
     *                        memory is met later
     * @param waitMs          how long the router waits for a driver, at start and after a loss, before it ends
     */
    public record Driver(Threading threading, Idle idle, int clientTimeoutMs, int unblockMs, boolean preTouch,
        int waitMs) {
    }

    /** Threads of the media driver. */
    public enum Threading {
        /** One thread. Data over IPC does not touch it. */
        SHARED,
        /** Two threads: conductor; sender and receiver. */
        SHARED_NETWORK,
        /** Three threads. */
        DEDICATED
    }

    /**
     * Journal.
     *
     * @param dir                  journal directory: id, lock, queue
     * @param ringDir              directory of the ring file; tmpfs, since a disk's writeback stalls the writer
     * @param ringCapacityBytes    power of two
     * @param lowSpaceReserveBytes usable bytes below which admission stops with JOURNAL_LOW_SPACE
     * @param rollEvery            how often the journal begins a new file; fixed when a journal is made
     * @param syncIntervalMs       group sync: how often what was appended is put on the device, 0 = left to the kernel;
     *                             when on, billing takes only what is on the device
     * @param archive              where rolled files go; empty = they stay
     */
    public record Journal(Path dir, Path ringDir, int ringCapacityBytes, long lowSpaceReserveBytes,
        RollEvery rollEvery, int syncIntervalMs, Optional<Archive> archive) {
    }

    /**
     * Where rolled journal files go, and when.
     *
     * @param dir            of this journal alone
     * @param retentionMs    least age of a file, from the end of its hour or day on
     * @param bytesPerSecond at which files are copied
     * @param consumers      whose position in {@code consumers/} is waited for
     */
    public record Archive(Path dir, long retentionMs, long bytesPerSecond, List<String> consumers) {
        /** Copies the list. */
        public Archive {
            consumers = List.copyOf(consumers);
        }
    }

    /**
     * Sizes of the core.
     *
     * @param maxTenants       tenants
     * @param maxSessions      desk and client sessions
     * @param maxInstruments   instruments
     * @param maxAccounts      venue accounts
     * @param maxOpenOrders    orders that are not final
     * @param clOrdIdsPerDay   ClOrdID(11)s remembered over all; up to half is kept for the first 4,096 of each session,
     *                         or a 64th of all where that is less
     * @param maxTrades        executions remembered for deduplication
     * @param maxGrants        grant ids remembered; when as many are, a further grant is refused
     * @param idle             how the engine thread waits
     */
    public record Engine(int maxTenants, int maxSessions, int maxInstruments, int maxAccounts, int maxOpenOrders,
        int clOrdIdsPerDay, int maxTrades, int maxGrants, Idle idle) {
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

    /**
     * Watch over the host's clock.
     *
     * @param alarmMs a step of wall time of this size, or more, raises CLOCK_SKEW
     */
    public record Clock(int alarmMs) {
    }

    /**
     * Binary order entry.
     *
     * @param aeronDir           directory of its media driver, apart from the engine's: whoever may use the engine's
     *                           driver may write to the engine without a logon
     * @param embeddedDriver     true: the router owns that driver; false: an external one must run on {@code aeronDir}
     * @param channels           channels on which clients come
     * @param storeDir           directory of the report stores
     * @param segmentBytes       length of a store file
     * @param keepBytes          reports kept of each session
     * @param busyAfterMs        how long a command may wait for the engine before GATEWAY_BUSY
     * @param slowConsumerMs     time without room in its stream after which a client is cut off
     * @param responseTermBytes  term length of each client's response stream, a power of two
     * @param logonToleranceMs   distance of a logon's time from our clock
     * @param logonFailures      failures in a row that lock a key out, for the place they came from; 0 = never
     * @param logonLockoutMs     how long
     * @param logonAnswerDelayMs a refusal takes this long, whatever was wrong
     */
    public record Entry(Path aeronDir, boolean embeddedDriver, List<String> channels, Path storeDir, int segmentBytes,
        long keepBytes, int busyAfterMs, int slowConsumerMs, int responseTermBytes, int logonToleranceMs,
        int logonFailures, int logonLockoutMs, int logonAnswerDelayMs) {

        /** Copies the list. */
        public Entry {
            channels = List.copyOf(channels);
        }
    }

    /**
     * Instruments and public prices.
     *
     * @param conflateMs least time between two prices of an instrument; each is a journal record
     * @param refreshMs  time between two loads of the venue's instruments
     * @param waitMs     how long a start waits for the instruments before desks may log on without them
     * @param silenceMs  a feed on which nothing is heard for so long is connected anew
     */
    public record Market(int conflateMs, int refreshMs, int waitMs, int silenceMs) {
    }

    /** Which duty cycles share a thread. */
    public enum Shape {
        /** Gateway, engine, adapters and the like have a thread each. */
        PER_AGENT,
        /** All that an order passes is one duty cycle on one thread; journal and sources have their own. */
        ONE_THREAD
    }

    /**
     * Threads.
     *
     * @param shape      which duty cycles share one
     * @param engineCpu  processor of the engine's thread, and so of all of {@link Shape#ONE_THREAD}; -1 = any
     * @param gatewayCpu of the FIX gateway's
     * @param venueCpu   of the adapters'
     * @param entryCpu   of binary order entry's
     * @param journalCpu of the journal agent's
     * @param background of handshakes and proofs of Logons
     */
    public record Threads(Shape shape, int engineCpu, int gatewayCpu, int venueCpu, int entryCpu, int journalCpu,
        Background background) {
    }

    /** What threads get that may wait while orders do not. */
    public enum Background {
        /** What others leave of the processors: the system's idle class. */
        IDLE,
        /** What any thread gets. */
        NORMAL
    }

    /**
     * Warm-up: a second router, with everything of its own, trades with a made-up desk and venue before the doors open,
     * so that the order path is compiled by then. It leaves nothing.
     *
     * @param orders  how many, and at most as many again until the compilers are done; 0 = none
     * @param limitMs it ends after so long, traded or not
     */
    public record WarmUp(int orders, int limitMs) {
        /** None. */
        public static final WarmUp NONE = new WarmUp(0, 0);
    }

    /**
     * Where the time of an order goes, on Weir's own transports.
     *
     * @param everyMs how often histograms are written; 0 = nothing is measured
     * @param orders  so many orders, the first of a run, are written down one by one; 0 = none
     * @param dir     of the files
     */
    public record StageTimes(int everyMs, int orders, Path dir) {
        /**
         * Is anything measured?
         *
         * @return false: no clock is read for it
         */
        public boolean isOn() {
            return everyMs > 0;
        }
    }

    /**
     * What stops the router, and its own rate class.
     *
     * @param killFile file that stops what it names, or everything when it is empty
     * @param pollMs   how often it is looked for
     * @param deadMan  timer of the whole router
     * @param gateway  rate class of the whole gateway
     */
    public record Control(Optional<Path> killFile, int pollMs, Optional<TenantControls.DeadMan> deadMan,
        RateClass gateway) {
        /** The gateway's class where none is configured. */
        public static final RateClass GATEWAY = new RateClass(5_000, 10_000);
        /** Nothing stops, nothing is bounded. */
        public static final Control NONE = new Control(Optional.empty(), 200, Optional.empty(), RateClass.NONE);
    }

    /** How an agent's thread waits for work. */
    public enum Idle {
        /** Spins, yields, then parks up to 100 microseconds. For shared processors. */
        BACKOFF,
        /** Never gives the processor back. For a processor of its own. */
        BUSY_SPIN,
        /** Yields between polls. */
        YIELDING,
        /** Sleeps one millisecond. For the media driver where data goes over IPC alone; not for the engine. */
        SLEEPING
    }
}
