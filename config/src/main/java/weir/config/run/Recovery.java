package weir.config.run;

import org.agrona.DirectBuffer;
import weir.engine.CoreReplay;
import weir.engine.RouterCore;
import weir.fix.desk.RegeneratedReports;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.RouterStartedDecoder;

/**
 * Rebuilds the core from the journal, and keeps those reports to desks that no session store holds yet. One thread,
 * before any agent starts.
 */
final class Recovery implements CoreReplay.Listener {
    private final CoreReplay replay;
    private final RegeneratedReports reports;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private long outputs;
    private long runs;

    /** For a look at a journal, without stores of sessions. */
    Recovery(final RouterCore core) {
        this(core, null);
    }

    Recovery(final RouterCore core, final RegeneratedReports reports) {
        this.replay = new CoreReplay(core, this);
        this.reports = reports;
    }

    void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        replay.onRecord(buffer, offset, length);
        record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
        if (record.inputTemplateId() == RouterStartedDecoder.TEMPLATE_ID) {
            runs++;
        }
    }

    @Override
    public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset, final int length) {
        outputs++;
        if (reports != null) {
            reports.add(buffer, offset, length);
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

    /** Runs of a router that the journal holds. */
    long runs() {
        return runs;
    }

    long outputs() {
        return outputs;
    }
}
