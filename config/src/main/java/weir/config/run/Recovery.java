package weir.config.run;

import org.agrona.DirectBuffer;
import weir.engine.CoreReplay;
import weir.engine.RouterCore;
import weir.fix.desk.RegeneratedReports;
import weir.journal.JournalReader;

/**
 * Rebuilds the core from the journal, and keeps those reports to desks that no session store holds yet. One thread,
 * before any agent starts.
 */
final class Recovery implements CoreReplay.Listener {
    private static final int BATCH = 1_000;

    private final RouterCore core;
    private final CoreReplay replay;
    private final RegeneratedReports reports;
    private final EntryWiring entry;
    private long outputs;

    /** For a look at a journal, without stores of sessions. */
    Recovery(final RouterCore core) {
        this(core, null, null);
    }

    Recovery(final RouterCore core, final RegeneratedReports reports, final EntryWiring entry) {
        this.core = core;
        this.replay = new CoreReplay(core, this);
        this.reports = reports;
        this.entry = entry;
    }

    /**
     * Replays the records after one, up to another.
     *
     * @param journal journal directory and, where files were archived, the archive: without a snapshot that can be used
     *                all records are needed
     * @param after   last record that the core knows
     * @param last    last record to replay
     */
    void replay(final JournalReader.Context journal, final long after, final long last) {
        if (after >= last) {
            return;
        }
        try (JournalReader reader = JournalReader.openAt(journal, after + 1)) {
            while (core.nextSequence() <= last) {
                if (reader.poll(this::onRecord, (int) Math.min(BATCH, last + 1 - core.nextSequence())) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        replay.onRecord(buffer, offset, length);
    }

    @Override
    public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset, final int length) {
        outputs++;
        if (reports != null) {
            reports.add(buffer, offset, length);
        }
        if (entry != null) {
            entry.onRegenerated(buffer, offset, length);
        }
    }

    @Override
    public void onVenueOutput(final long sequence, final int venueId, final DirectBuffer buffer, final int offset,
        final int length) {
        outputs++;
    }

    long records() {
        return replay.records();
    }

    RouterCore core() {
        return core;
    }

    long outputs() {
        return outputs;
    }
}
