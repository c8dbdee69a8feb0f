package weir.billing.batch;

import java.util.ArrayList;
import java.util.List;

/** Units of one tenant and meter that are not sealed yet. */
public final class Window {
    final int tenantId;
    final int meter;
    final long openedNs;
    final long firstSequence;
    long lastSequence;
    long lastNs;
    int records;
    boolean dirty = true;
    final List<RatedLine> lines = new ArrayList<>(4);

    Window(final int tenantId, final int meter, final long firstSequence, final long openedNs) {
        this.tenantId = tenantId;
        this.meter = meter;
        this.firstSequence = firstSequence;
        this.openedNs = openedNs;
    }

    void add(final int planId, final int planVersion, final long priceMicros, final long units, final long sequence) {
        RatedLine line = null;
        for (int i = lines.size() - 1; i >= 0 && line == null; i--) {
            final RatedLine candidate = lines.get(i);
            if (candidate.planId == planId && candidate.planVersion == planVersion
                && candidate.priceMicros == priceMicros) {
                line = candidate;
            }
        }
        if (line == null) {
            line = new RatedLine(planId, planVersion, priceMicros);
            line.firstSequence = sequence;
            lines.add(line);
        }
        line.units = Math.addExact(line.units, units);
        line.lastSequence = sequence;
    }

    /**
     * Restores a stored line.
     *
     * @param line as stored
     */
    public void restoreLine(final RatedLine line) {
        lines.add(line);
        dirty = false;
    }

    /**
     * Who pays.
     *
     * @return tenant
     */
    public int tenantId() {
        return tenantId;
    }

    /**
     * Meter.
     *
     * @return index
     */
    public int meter() {
        return meter;
    }

    /**
     * First record.
     *
     * @return sequence
     */
    public long firstSequence() {
        return firstSequence;
    }

    /**
     * Last record.
     *
     * @return sequence
     */
    public long lastSequence() {
        return lastSequence;
    }

    /**
     * Journaled time of the first record.
     *
     * @return epoch nanoseconds
     */
    public long openedNs() {
        return openedNs;
    }

    /**
     * Journaled time of the last record.
     *
     * @return epoch nanoseconds
     */
    public long lastNs() {
        return lastNs;
    }

    /**
     * Records that charged it.
     *
     * @return count
     */
    public int records() {
        return records;
    }

    /**
     * Lines, one per price.
     *
     * @return live list
     */
    public List<RatedLine> lines() {
        return lines;
    }

    /**
     * Whether it changed since it was stored; asking clears it.
     *
     * @return true when it is to be stored
     */
    public boolean takeDirty() {
        final boolean was = dirty;
        dirty = false;
        return was;
    }

    boolean isOfPlan(final int planId, final int planVersion) {
        if (lines.isEmpty()) {
            return true;
        }
        final RatedLine last = lines.get(lines.size() - 1);
        return last.planId() == planId && last.planVersion() == planVersion;
    }

    /** @param beforeNs of which the time of the batch is, exclusive */
    Batch seal(final String journalId, final String meterLabel, final long beforeNs) {
        long units = 0;
        long amount = 0;
        for (final RatedLine line : lines) {
            units = Math.addExact(units, line.units);
            amount = Math.addExact(amount, line.amountMicros());
        }
        return new Batch(BatchIdentifier.of(journalId, tenantId, meterLabel, firstSequence, lastSequence), tenantId,
            meter, firstSequence, lastSequence, units, amount, Math.min(lastNs, beforeNs - 1));
    }
}
