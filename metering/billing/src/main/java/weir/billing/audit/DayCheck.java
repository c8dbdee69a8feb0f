package weir.billing.audit;

import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import weir.billing.rating.MeterKind;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** Compares the records of a day with its summary. One thread. */
final class DayCheck implements AutoCloseable {
    private final DaySummary summary;
    private final LeafIndex leaves;
    private final RecordDigest digest;
    private final boolean chained;
    private final long from;
    private final long[] units = new long[MeterKind.COUNT];
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private long next;
    private long firstBad;

    /**
     * Begins a day.
     *
     * @param summary   of the day
     * @param chainHead link before its first batch; null when it is not known
     * @param leaves    of the day; null when there are none
     * @param from      first record that is kept; above the day's first one only with leaves
     */
    DayCheck(final DaySummary summary, final byte[] chainHead, final LeafIndex leaves, final long from) {
        this.summary = summary;
        this.leaves = leaves;
        this.from = from;
        digest = new RecordDigest(summary.chainBatch());
        chained = chainHead != null && (from == summary.firstSequence() || summary.chainBatch() > 1);
        if (chained) {
            digest.chain().restore(chainHead);
        }
        for (long sequence = summary.firstSequence(); sequence < from; sequence++) {
            if (summary.chainBatch() > 1) {
                digest.addLeaf(leaves.next(), 0);
            } else {
                digest.tree().appendLeaf(leaves.next(), 0);
            }
        }
        next = from;
    }

    void add(final DirectBuffer buffer, final int offset, final int length) {
        digest.add(buffer, offset, length);
        if (leaves != null && !leaves.nextIs(digest.tree().leaf()) && firstBad == 0) {
            firstBad = next;
        }
        record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
        units[0] += record.requestUnits();
        units[1] += record.sentUnits();
        units[2] += record.filledUnits();
        units[3] += record.computeMs();
        next++;
    }

    /** Whether the day's last record was taken. */
    boolean isWhole() {
        return next > summary.lastSequence();
    }

    /** Judges what was taken; adds what is wrong. */
    boolean judge(final List<Finding> findings) {
        final int before = findings.size();
        if (firstBad != 0) {
            findings.add(new Finding(Finding.Kind.RECORD_CHANGED, firstBad, firstBad, summary.date(),
                "the hash of the record is not the one that stands in the signed tree"));
        } else if (isWhole()) {
            judgeWhole(findings);
        }
        return findings.size() == before && isWhole();
    }

    private void judgeWhole(final List<Finding> findings) {
        digest.endDay();
        final HexFormat hex = HexFormat.of();
        if (!hex.formatHex(digest.tree().root()).equals(summary.merkleRoot())) {
            findings.add(new Finding(Finding.Kind.RECORD_CHANGED, summary.firstSequence(), summary.lastSequence(),
                summary.date(), "Merkle root is " + hex.formatHex(digest.tree().root()) + ", signed was "
                + summary.merkleRoot() + "; without the day's leaves the record cannot be named"));
        } else if (chained && !hex.formatHex(digest.chain().head()).equals(summary.chainHead())) {
            findings.add(new Finding(Finding.Kind.SUMMARY_CHAIN, summary.firstSequence(), summary.lastSequence(),
                summary.date(), "chain head is " + hex.formatHex(digest.chain().head()) + ", signed was "
                + summary.chainHead() + ": what is before this day is not what it was"));
        } else if (from == summary.firstSequence() && !totals().equals(summary.totals())) {
            findings.add(new Finding(Finding.Kind.TOTALS_DIFFER, summary.firstSequence(), summary.lastSequence(),
                summary.date(), "the verdicts say " + totals() + ", signed was " + summary.totals()));
        }
    }

    private SortedMap<String, Long> totals() {
        final SortedMap<String, Long> totals = new TreeMap<>();
        for (int meter = 0; meter < units.length; meter++) {
            if (units[meter] > 0) {
                totals.put(MeterKind.of(meter).label(), units[meter]);
            }
        }
        return totals;
    }

    @Override
    public void close() {
        if (leaves != null) {
            leaves.close();
        }
    }
}
