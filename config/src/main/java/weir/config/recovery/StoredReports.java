package weir.config.recovery;

import java.util.HashMap;
import java.util.Map;
import weir.engine.CoreSnapshot;
import weir.fix.desk.RecordSeq;

/**
 * What the session stores of the gateways hold, by the rule of {@link weir.fix.desk.RegeneratedReports}: a snapshot
 * may be used when a full replay would regenerate no report of the records before it. A session that is not among them
 * has nobody to send to, or its store is gone: {@link DeskStores}.
 */
public final class StoredReports implements CoreSnapshot.Deliveries {
    private final Map<Integer, RecordSeq> lastBound;
    private final RecordSeq highest;

    /**
     * Judges by the highest report bound per desk.
     *
     * @param lastBound by session id
     */
    public StoredReports(final Map<Integer, RecordSeq> lastBound) {
        this(lastBound, Map.of());
    }

    /**
     * Judges by the highest report bound per desk and per binary client. Alerts are the desks' alone to hold back: a
     * client that was never there would make every snapshot useless.
     *
     * @param lastBound of desks, by session id
     * @param clients   of binary clients, by session id
     */
    public StoredReports(final Map<Integer, RecordSeq> lastBound, final Map<Integer, RecordSeq> clients) {
        final Map<Integer, RecordSeq> all = new HashMap<>(lastBound);
        all.putAll(clients);
        this.lastBound = Map.copyOf(all);
        highest = lastBound.values().stream().max(RecordSeq::compareTo).orElse(null);
    }

    /**
     * The highest record of which any session has a report.
     *
     * @return record sequence, 0 when none has
     */
    public long highestRecord() {
        return lastBound.values().stream().mapToLong(RecordSeq::recordSequence).max().orElse(0);
    }

    @Override
    public boolean holds(final int sessionId, final long record, final int index) {
        final RecordSeq bound = lastBound.get(sessionId);
        return bound == null || bound.compareTo(new RecordSeq(record, index)) >= 0;
    }

    @Override
    public boolean holdsAlert(final long record, final int index) {
        return highest == null || highest.compareTo(new RecordSeq(record, index)) >= 0;
    }
}
