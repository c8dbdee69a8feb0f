package weir.config.recovery;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.journal.ConsumerPosition;
import weir.journal.Journal;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.SnapshotStore;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.TickEncoder;

/**
 * Record sequences that a run before gave and that the journal no longer has: the machine died before they were on the
 * device, or their ring is gone. Others remember them: session stores would take a new report under such a number for
 * one that they have sent, billing a new record for one that it has rated. So no number is given twice: ticks that let
 * nothing happen take them, before the first record of the run, in the journal like any other input.
 */
public final class LostNumbers {
    /** More is no loss of power, but a store beside the wrong journal. */
    static final long MOST = 10_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(LostNumbers.class);

    private final long last;
    private final long highest;

    private LostNumbers(final long last, final long highest) {
        this.last = last;
        this.highest = highest;
    }

    /**
     * Asks all who remember record sequences, and says it when records are lost. Before snapshots are dropped.
     *
     * @param journal   launched
     * @param snapshots of it
     * @param stored    what sessions hold
     * @return the numbers to leave out
     * @throws JournalException JOURNAL_TRUNCATED when they are more than a loss of power can have taken
     */
    public static LostNumbers find(final Journal journal, final SnapshotStore snapshots, final StoredReports stored) {
        final Map<String, Long> known = new TreeMap<>();
        known.put("appended", journal.recovery().highestSequence());
        known.put("reports", stored.highestRecord());
        known.put("snapshot", snapshots.newestFirst().stream().mapToLong(one -> one.sequence()).max().orElse(0));
        ConsumerPosition.readAll(journal.directory(), journal.id(),
                ex -> LOG.warn("position of a consumer passed over: {}", ex.getMessage()))
            .forEach(one -> known.put("consumer " + one.name(), one.sequence()));
        final LostNumbers lost =
            new LostNumbers(journal.recovery().lastSequence(), Collections.max(known.values()));
        if (lost.count() > MOST) {
            throw new JournalException(JournalError.JOURNAL_TRUNCATED, journal.directory() + " ends at sequence "
                + lost.last + ", but others know of more: " + known + "; bring the journal back that they belong to, "
                + "or move what is not of this one away");
        }
        if (lost.count() > 0) {
            LOG.error("ALARM journal {}: up to {} records are lost: it ends at record {}, and others may know of {}; "
                + "their numbers are not given again", journal.id(), lost.count(), lost.last, known);
        }
        return lost;
    }

    /**
     * How many there are.
     *
     * @return 0 when nothing is lost
     */
    public long count() {
        return Math.max(0, highest - last);
    }

    /**
     * What takes the numbers: each becomes a record and does nothing.
     *
     * @return commands for the start of the engine, before all others
     */
    public List<DirectBuffer> commands() {
        final UnsafeBuffer tick =
            new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH]);
        new TickEncoder().wrapAndApplyHeader(tick, 0, new MessageHeaderEncoder()).slice(0);
        return Collections.nCopies((int) count(), tick);
    }
}
