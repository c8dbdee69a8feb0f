package weir.journal;

import java.util.concurrent.atomic.AtomicLong;
import org.agrona.LangUtil;
import org.agrona.concurrent.Agent;

/**
 * Duty cycle that drains the ring into the journal, watches the device's space and synchronises. Runs on one thread
 * (any runner or invoker); conditions and counters may be read from any.
 * <p>
 * Any {@link Throwable} halts it: {@link #failed()} is set, the throwable is thrown once to the runner, and nothing is
 * appended any more; what is in the ring stays there for the next start. A caller must stop admitting orders then, and
 * while {@link #lowSpace()}.
 */
public final class JournalAgent implements Agent {
    private static final int MAX_EXCERPTS_PER_CYCLE = 8;

    private final JournalStore store;
    private final JournalRing ring;
    private final RingDrain drain;
    private final SpaceWatch space;
    private final long syncIntervalNs;
    private final AtomicLong ringHighWater = new AtomicLong();
    private final AtomicLong ringOccupancy = new AtomicLong();
    private long nextSyncNs = System.nanoTime();
    private volatile Throwable failure;

    JournalAgent(final JournalStore store, final JournalRing ring, final RingDrain drain, final SpaceWatch space,
        final long syncIntervalMs) {
        this.store = store;
        this.ring = ring;
        this.drain = drain;
        this.space = space;
        this.syncIntervalNs = syncIntervalMs * 1_000_000L;
    }

    @Override
    public void onStart() {
        space.poll(System.nanoTime(), store.bytes());
    }

    @Override
    public int doWork() {
        if (failure != null) {
            return 0;
        }
        try {
            final long nowNs = System.nanoTime();
            return appendExcerpts(nowNs) + syncWhenDue(nowNs);
        } catch (final Throwable ex) {
            return fail(ex);
        }
    }

    private int appendExcerpts(final long nowNs) {
        int records = 0;
        for (int i = 0; i < MAX_EXCERPTS_PER_CYCLE; i++) {
            space.poll(nowNs, store.bytes());
            if (space.stalled()) {
                break;
            }
            final int drained = drain.drain();
            if (drained == 0) {
                break;
            }
            records += drained;
        }
        ringHighWater.lazySet(drain.highWater());
        ringOccupancy.lazySet(ring.occupancy());
        return records;
    }

    private int syncWhenDue(final long nowNs) {
        if (syncIntervalNs == 0 || nowNs - nextSyncNs < 0) {
            return 0;
        }
        nextSyncNs = nowNs + syncIntervalNs;
        store.sync();
        return 0;
    }

    private int fail(final Throwable ex) {
        failure = ex;
        LangUtil.rethrowUnchecked(ex);
        return 0;
    }

    /** Appends what is still in the ring, synchronises and gives the appender up. */
    @Override
    public void onClose() {
        try {
            if (failure == null) {
                while (appendExcerpts(System.nanoTime()) > 0) {
                    Thread.onSpinWait();
                }
                store.sync();
            }
            store.handOver();
        } catch (final Throwable ex) {
            fail(ex);
        }
    }

    @Override
    public String roleName() {
        return "journal";
    }

    /**
     * Condition JOURNAL_LOW_SPACE: from the reserve mark down until the resume mark is reached again.
     *
     * @return whether new orders must be refused
     */
    public boolean lowSpace() {
        return space.low();
    }

    /**
     * Below the floor: nothing is appended until there is space again, and the ring fills up. Nothing is lost.
     *
     * @return whether appending is paused
     */
    public boolean stalled() {
        return space.stalled();
    }

    /**
     * Usable bytes of the journal's device at the last look.
     *
     * @return bytes
     */
    public long usableBytes() {
        return space.usable();
    }

    /**
     * Condition JOURNAL_FAILED.
     *
     * @return whether the journal has halted for good
     */
    public boolean failed() {
        return failure != null;
    }

    /**
     * Why it has halted.
     *
     * @return null while it runs
     */
    public Throwable failure() {
        return failure;
    }

    /**
     * Sequence of the last record in Chronicle Queue.
     *
     * @return 0 when there is none
     */
    public long lastSequence() {
        return store.lastSequence();
    }

    /**
     * Sequence up to which the device has everything; only with group sync.
     *
     * @return 0 without group sync
     */
    public long durableSequence() {
        return store.durableSequence();
    }

    /**
     * Records appended in this run.
     *
     * @return a count
     */
    public long records() {
        return store.records();
    }

    /**
     * Excerpts appended in this run.
     *
     * @return a count
     */
    public long excerpts() {
        return store.excerpts();
    }

    /**
     * Bytes of frames appended in this run.
     *
     * @return bytes
     */
    public long bytes() {
        return store.bytes();
    }

    /**
     * Most bytes that the ring held when the drain looked.
     *
     * @return bytes, at most the ring's capacity
     */
    public long ringHighWater() {
        return ringHighWater.get();
    }

    /**
     * Bytes in the ring after the last duty cycle.
     *
     * @return bytes
     */
    public long ringOccupancy() {
        return ringOccupancy.get();
    }
}
