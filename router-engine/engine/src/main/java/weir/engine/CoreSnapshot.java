package weir.engine;

import java.io.InputStream;
import java.io.OutputStream;
import weir.engine.egress.LastOutputs;
import weir.engine.registry.Sessions;
import weir.engine.snapshot.SnapshotUnusableException;
import weir.engine.snapshot.StateImage;
import weir.engine.snapshot.StateReader;
import weir.engine.snapshot.StateWriter;

/**
 * The state of a core after a record, as a stream: a head that says what it stands for, then every table. The stream
 * has no checksum of its own; whoever stores it has one. The core must be between two calls, its outboxes drained.
 */
public final class CoreSnapshot {
    /** The frame of the last record is not known. */
    public static final long NO_CRC = -1;

    private static final long MAGIC = 0x4552_4F43_5249_4557L;
    private static final int SESSIONS_MAX = 1 << 20;

    /** What the stores of sessions hold. */
    public interface Deliveries {
        /**
         * Is this output, and all before it, stored by the session's store?
         *
         * @param sessionId session
         * @param record    record sequence of the output
         * @param index     its index in the record
         * @return true when it is, or when the session has no store that could miss it
         */
        boolean holds(int sessionId, long record, int index);

        /**
         * Is this alert, and all before it, delivered?
         *
         * @param record record sequence of the alert
         * @param index  its index in the record
         * @return true when it is
         */
        boolean holdsAlert(long record, int index);
    }

    private final StateReader image;
    private final RouterCore.Context sizes = new RouterCore.Context();
    private long sequence;
    private long epochNs;
    private long lastFrameCrc;
    private long alertRecord;
    private int alertIndex;
    private int[] sessionIds = {};
    private long[] records = {};
    private int[] indexes = {};

    private CoreSnapshot(final StateReader image) {
        this.image = image;
    }

    /**
     * Saves a core.
     *
     * @param core         core
     * @param lastFrameCrc CRC of the frame of the last record it acted on, {@link #NO_CRC} = not known
     * @param out          stream, flushed and not closed
     * @throws java.io.UncheckedIOException when the stream fails
     */
    public static void save(final RouterCore core, final long lastFrameCrc, final OutputStream out) {
        final StateWriter image = new StateWriter(out);
        final LastOutputs last = core.lastOutputs();
        final Sessions sessions = core.registry().sessions;
        image.value(MAGIC);
        image.section("snapshot", 2);
        image.value(core.nextSequence() - 1);
        image.value(core.lastNs());
        image.value(lastFrameCrc);
        core.sizes().image(image);
        image.value(last.alertRecord());
        image.value(last.alertIndex());
        image.value(sessions.index.size());
        for (int s = 0; s < sessions.index.size(); s++) {
            image.value(sessions.index.idOf(s));
            image.value(sessions.lastOutputRecord[s]);
            image.value(sessions.lastOutputIndex[s]);
        }
        core.image(image);
        image.end();
    }

    /**
     * Reads the head of a snapshot.
     *
     * @param in stream, read further by {@link #loadInto}
     * @return snapshot
     * @throws SnapshotUnusableException when it is none, or of a version that is not read
     */
    public static CoreSnapshot open(final InputStream in) {
        final StateReader image = new StateReader(in);
        if (image.value(0L) != MAGIC) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_DAMAGED,
                "does not begin as a snapshot");
        }
        image.section("snapshot", 2);
        final CoreSnapshot snapshot = new CoreSnapshot(image);
        snapshot.head(image);
        return snapshot;
    }

    /**
     * Last record that the state contains.
     *
     * @return sequence, 0 = none
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Time of that record.
     *
     * @return epoch ns
     */
    public long epochNs() {
        return epochNs;
    }

    /**
     * CRC of that record's frame in the journal: the snapshot belongs to a journal only where this is the same.
     *
     * @return CRC-32C, {@link #NO_CRC} = not known
     */
    public long lastFrameCrc() {
        return lastFrameCrc;
    }

    /**
     * Sizes of the core that was saved.
     *
     * @return context, not concluded
     */
    public RouterCore.Context sizes() {
        return sizes;
    }

    /**
     * Do the stores hold all outputs of the records that the snapshot stands for?
     *
     * @param deliveries what the stores hold
     * @return false when replay has to make some of them again
     */
    public boolean isDelivered(final Deliveries deliveries) {
        if (alertRecord > 0 && !deliveries.holdsAlert(alertRecord, alertIndex)) {
            return false;
        }
        for (int i = 0; i < sessionIds.length; i++) {
            if (records[i] > 0 && !deliveries.holds(sessionIds[i], records[i], indexes[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fills a new core. Once.
     *
     * @param core fresh from its constructor; to be dropped when this throws
     * @throws SnapshotUnusableException when the snapshot does not fit the core
     */
    public void loadInto(final RouterCore core) {
        if (core.nextSequence() != 1) {
            throw new IllegalStateException("the core has acted on records already");
        }
        core.image(image);
        image.end();
        if (core.nextSequence() != sequence + 1) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_DAMAGED,
                "head says " + sequence + ", state says " + (core.nextSequence() - 1));
        }
    }

    private void head(final StateImage head) {
        sequence = head.value(0L);
        epochNs = head.value(0L);
        lastFrameCrc = head.value(0L);
        sizes.image(head);
        alertRecord = head.value(0L);
        alertIndex = head.value(0);
        final int sessions = head.value(0);
        if (sessions < 0 || sessions > SESSIONS_MAX) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_DAMAGED,
                sessions + " sessions");
        }
        sessionIds = new int[sessions];
        records = new long[sessions];
        indexes = new int[sessions];
        for (int i = 0; i < sessions; i++) {
            sessionIds[i] = head.value(0);
            records[i] = head.value(0L);
            indexes[i] = head.value(0);
        }
    }
}
