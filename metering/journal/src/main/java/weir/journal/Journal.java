package weir.journal;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.JournalRingDescriptor;

/**
 * The writing side of a journal: owned directory, recovered store, empty ring, and the agent to run.
 * <pre>
 * try (Journal journal = Journal.launch(new Journal.Context().directory(path))) {
 *     // replay JournalReader.open(path) up to journal.lastSequence(), then
 *     // engine writes to journal.ringBuffer(); run journal.agent(); stop the engine, then the agent's runner
 * }
 * </pre>
 * Launched and closed on any one thread; close after the agent's runner and the ring's writer have stopped.
 */
public final class Journal implements AutoCloseable {
    private final JournalDirectory directory;
    private final JournalStore store;
    private final JournalRing ring;
    private final JournalAgent agent;
    private final RecoveryReport recovery;
    private boolean closed;

    private Journal(final JournalDirectory directory, final JournalStore store, final JournalRing ring,
        final JournalAgent agent, final RecoveryReport recovery) {
        this.directory = directory;
        this.store = store;
        this.ring = ring;
        this.agent = agent;
        this.recovery = recovery;
    }

    /**
     * Takes the directory, opens the queue, finds the last sequence, drains a ring that an earlier run left (skipping
     * what the queue has), and resets it. When it returns, everything committed before is in the queue.
     *
     * @param context settings; concluded here
     * @return the journal, with no thread started
     * @throws JournalException with the code of what stands in the way
     */
    public static Journal launch(final Context context) {
        context.conclude();
        final long startNs = System.nanoTime();
        JournalDirectory directory = null;
        JournalStore store = null;
        JournalRing ring = null;
        boolean launched = false;
        try {
            directory = JournalDirectory.open(context.directory());
            store = new JournalStore(directory, context);
            ring = JournalRing.open(directory, context.ringFile(), context.ringCapacity());
            RingDrain drain = new RingDrain(ring, store);
            drain.recover();
            if (ring.capacity() != context.ringCapacity()) {
                ring.closeAndDelete();
                final long skipped = drain.skipped();
                ring = JournalRing.open(directory, context.ringFile(), context.ringCapacity());
                drain = new RingDrain(ring, store);
                drain.skippedBefore(skipped);
            }
            store.sync();
            store.handOver();
            final RecoveryReport report = new RecoveryReport(store.lastSequence(), store.highestSequence(),
                store.records(), drain.skipped(), store.lostToPowerFailure(), store.ringLost(),
                System.nanoTime() - startNs);
            final JournalAgent agent =
                new JournalAgent(store, ring, drain, new SpaceWatch(context), context.syncIntervalMs());
            final Journal journal = new Journal(directory, store, ring, agent, report);
            launched = true;
            return journal;
        } finally {
            if (!launched) {
                CloseHelper.quietCloseAll(ring, store, directory);
            }
        }
    }

    /**
     * Where the engine writes its records.
     *
     * @return the ring
     */
    public JournalRing ring() {
        return ring;
    }

    /**
     * What drains the ring. To be run by the caller, on one thread.
     *
     * @return always the same
     */
    public JournalAgent agent() {
        return agent;
    }

    /**
     * What the launch found and did.
     *
     * @return the report
     */
    public RecoveryReport recovery() {
        return recovery;
    }

    /**
     * Name of this journal.
     *
     * @return the id
     */
    public JournalId id() {
        return directory.id();
    }

    /**
     * The journal directory.
     *
     * @return real path
     */
    public Path directory() {
        return directory.path();
    }

    /**
     * Files that are no longer written.
     *
     * @return retention of this journal
     */
    public RolledFiles rolledFiles() {
        return new RolledFiles(directory.path(), store::refreshListing);
    }

    /**
     * What moves rolled files to an archive, by itself when run as an agent on a thread of its own.
     *
     * @param context archive, retention and consumers; the directory is set here
     * @return an archivist of this journal
     */
    public Archivist archivist(final Archivist.Context context) {
        return Archivist.of(context.directory(directory.path()).refreshListing(store::refreshListing));
    }

    /**
     * Gives everything up. The ring file is removed when all of it is in the queue, else it stays for the next start.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ring.closeAndDelete();
        } finally {
            CloseHelper.quietCloseAll(store, directory);
        }
    }

    /** Settings of a journal. Mutable until {@link #conclude()}. */
    public static final class Context {
        /** Usable bytes below which orders stop. */
        public static final long RESERVE_BYTES_DEFAULT = 256L * 1024 * 1024;
        /** Usable bytes from which orders go on. */
        public static final long RESUME_BYTES_DEFAULT = 512L * 1024 * 1024;
        /** Usable bytes below which nothing is appended. */
        public static final long FLOOR_BYTES_DEFAULT = 16L * 1024 * 1024;
        /**
         * Bytes that Chronicle Queue maps at once. Small, as the first touch of a block makes the kernel read ahead: it
         * zeroes the whole block before the append goes on (35 ms for 64 MiB where it may read far ahead).
         */
        public static final long BLOCK_SIZE_DEFAULT = 2L * 1024 * 1024;

        static final long BLOCK_SIZE_MIN = 1024 * 1024;

        private Path directory;
        private Path ringFile;
        private int ringCapacity = JournalRingDescriptor.CAPACITY_DEFAULT;
        private RollEvery rollEvery = RollEvery.HOUR;
        private long blockSize = BLOCK_SIZE_DEFAULT;
        private int excerptBytes = ExcerptBuffer.MAX_LENGTH;
        private long syncIntervalMs;
        private long spaceCheckIntervalMs = 1000;
        private long reserveBytes = RESERVE_BYTES_DEFAULT;
        private long resumeBytes = RESUME_BYTES_DEFAULT;
        private long floorBytes = FLOOR_BYTES_DEFAULT;
        private LongSupplier usableBytes;
        private boolean concluded;

        /**
         * Validates, sets defaults and freezes.
         *
         * @return this
         * @throws IllegalArgumentException naming the first setting that is wrong
         */
        public Context conclude() {
            if (concluded) {
                throw new IllegalStateException("context is concluded");
            }
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(rollEvery, "rollEvery");
            require(BitUtil.isPowerOfTwo(ringCapacity) && ringCapacity >= 8 * 2 * JournalRecordDescriptor.MAX_LENGTH,
                "ringCapacity must be a power of two from 32768: " + ringCapacity);
            require(blockSize >= BLOCK_SIZE_MIN && BitUtil.isPowerOfTwo(blockSize),
                "blockSize must be a power of two from 1 MiB: " + blockSize);
            require(excerptBytes >= JournalRecordDescriptor.MAX_LENGTH && excerptBytes <= ExcerptBuffer.MAX_LENGTH,
                "excerptBytes must be within 2048..65536: " + excerptBytes);
            require(syncIntervalMs >= 0, "syncIntervalMs is negative: " + syncIntervalMs);
            require(spaceCheckIntervalMs > 0, "spaceCheckIntervalMs is not positive: " + spaceCheckIntervalMs);
            require(0 < floorBytes && floorBytes <= reserveBytes && reserveBytes <= resumeBytes,
                "0 < floorBytes <= reserveBytes <= resumeBytes does not hold: "
                    + floorBytes + ", " + reserveBytes + ", " + resumeBytes);
            if (usableBytes == null) {
                usableBytes = SpaceWatch.usableBytesOf(directory);
            }
            concluded = true;
            return this;
        }

        private static void require(final boolean holds, final String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }

        private void set() {
            if (concluded) {
                throw new IllegalStateException("context is concluded");
            }
        }

        /**
         * Journal directory; made where absent.
         *
         * @param value a path
         * @return this
         */
        public Context directory(final Path value) {
            set();
            directory = value;
            return this;
        }

        /** Journal directory: a path. */
        public Path directory() {
            return directory;
        }

        /**
         * Ring file to make; null (the default) for shared memory where there is room, else the directory.
         *
         * @param value a path or null
         * @return this
         */
        public Context ringFile(final Path value) {
            set();
            ringFile = value;
            return this;
        }

        /** Ring file to make: a path or null. */
        public Path ringFile() {
            return ringFile;
        }

        /**
         * Bytes of the ring: at least 50 ms of peak traffic.
         *
         * @param value a power of two
         * @return this
         */
        public Context ringCapacity(final int value) {
            set();
            ringCapacity = value;
            return this;
        }

        /** Bytes of the ring: a power of two. */
        public int ringCapacity() {
            return ringCapacity;
        }

        /**
         * How often a new file begins.
         *
         * @param value the cycle
         * @return this
         */
        public Context rollEvery(final RollEvery value) {
            set();
            rollEvery = value;
            return this;
        }

        /** How often a new file begins: the cycle. */
        public RollEvery rollEvery() {
            return rollEvery;
        }

        /**
         * Bytes that Chronicle Queue maps at once; a file is at least this long (sparse).
         *
         * @param value a power of two, at least 1 MiB
         * @return this
         */
        public Context blockSize(final long value) {
            set();
            blockSize = value;
            return this;
        }

        /** Bytes that Chronicle Queue maps at once: bytes. */
        public long blockSize() {
            return blockSize;
        }

        /**
         * Most bytes of records in one excerpt.
         *
         * @param value 2048..65536
         * @return this
         */
        public Context excerptBytes(final int value) {
            set();
            excerptBytes = value;
            return this;
        }

        /** Most bytes of records in one excerpt: bytes. */
        public int excerptBytes() {
            return excerptBytes;
        }

        /**
         * Group sync: how often what was appended is put on the device and published as durable. 0 (default) is off.
         *
         * @param value milliseconds
         * @return this
         */
        public Context syncIntervalMs(final long value) {
            set();
            syncIntervalMs = value;
            return this;
        }

        /** Interval of group sync: milliseconds, 0 for off. */
        public long syncIntervalMs() {
            return syncIntervalMs;
        }

        /**
         * How often usable space is looked at, at least.
         *
         * @param value milliseconds
         * @return this
         */
        public Context spaceCheckIntervalMs(final long value) {
            set();
            spaceCheckIntervalMs = value;
            return this;
        }

        /** How often usable space is looked at: milliseconds. */
        public long spaceCheckIntervalMs() {
            return spaceCheckIntervalMs;
        }

        /**
         * Marks of usable space.
         *
         * @param floor   below it nothing is appended
         * @param reserve below it {@link JournalAgent#lowSpace()} is raised
         * @param resume  from it on, it is lowered
         * @return this
         */
        public Context spaceMarks(final long floor, final long reserve, final long resume) {
            set();
            floorBytes = floor;
            reserveBytes = reserve;
            resumeBytes = resume;
            return this;
        }

        /** Mark below which nothing is appended: bytes. */
        public long floorBytes() {
            return floorBytes;
        }

        /** Mark below which orders stop: bytes. */
        public long reserveBytes() {
            return reserveBytes;
        }

        /** Mark from which orders go on: bytes. */
        public long resumeBytes() {
            return resumeBytes;
        }

        /**
         * Where usable space is asked; the directory's file store by default.
         *
         * @param value bytes usable by this process
         * @return this
         */
        public Context usableBytes(final LongSupplier value) {
            set();
            usableBytes = value;
            return this;
        }

        /** Where usable space is asked: the supplier. */
        public LongSupplier usableBytes() {
            return usableBytes;
        }
    }
}
