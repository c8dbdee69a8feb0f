package weir.billing.audit;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import weir.billing.hash.Sha256;
import weir.journal.JournalCorruptException;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.JournalReader;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/**
 * Says whether a journal is the one that the summaries were signed over, from the files alone: no database, no secrets,
 * no network. Names the first bad record. Constant memory, one thread.
 * <p>
 * What it cannot know: whether the newest summaries were taken away together with the records they cover. Whoever got
 * {@code summary.daily} gives its hash with {@link #expect}.
 */
public final class AuditVerifier {
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;
    private static final int POLL_LIMIT = 4_096;
    private static final long STALL_MS = 200;
    private static final long PAUSE_NS = 100_000;

    private final Path journal;
    private final Path archive;
    private final Path directory;
    private final List<AuditKey> keys;
    private final List<String> expected = new ArrayList<>();
    private boolean complete;

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final JournalRecordDecoder record = new JournalRecordDecoder();
    private List<SignedSummary> summaries;
    private int index;
    private DayCheck day;
    private int whole;
    private long records;
    private long unsigned;
    private long tailDay;
    private long tailFirst;

    /**
     * A verification.
     *
     * @param journal   journal directory; null with an archive alone
     * @param archive   where its older files are; null for none
     * @param summaries audit directory: summaries, signatures and, where there are any, leaves
     * @param keys      public keys that are trusted
     */
    public AuditVerifier(final Path journal, final Path archive, final Path summaries, final List<AuditKey> keys) {
        this.journal = journal == null ? archive : journal;
        this.archive = archive;
        this.directory = summaries;
        this.keys = List.copyOf(keys);
    }

    /**
     * Days that are no longer kept count as missing.
     *
     * @param value true to want every record that was signed
     * @return this
     */
    public AuditVerifier complete(final boolean value) {
        complete = value;
        return this;
    }

    /**
     * A summary must be there.
     *
     * @param sha256 its hash, as {@code summary.daily} had it
     * @return this
     */
    public AuditVerifier expect(final String sha256) {
        expected.add(sha256);
        return this;
    }

    /**
     * Verifies, once.
     *
     * @return what was found
     * @throws JournalException                        when there is no journal
     * @throws weir.billing.fault.BillingException AUDIT_FILES when the summaries cannot be read
     */
    public AuditReport verify() {
        summaries = SignedSummary.readAll(directory, findings);
        final SummaryChecks checks = new SummaryChecks(keys, findings);
        checks.run(summaries);
        for (final String hash : expected) {
            if (summaries.stream().noneMatch(one -> one.sha256().equals(hash))) {
                findings.add(new Finding(Finding.Kind.SUMMARY_MISSING, 0, 0, null,
                    "no summary has the hash " + hash));
            }
        }
        if (!summaries.isEmpty() && summaries.get(0).summary().previousSha256().equals(DaySummary.ZEROS)
            && summaries.get(0).summary().firstSequence() > 1) {
            notes.add("the audit began at record " + summaries.get(0).summary().firstSequence());
        }
        if (summaries.isEmpty()) {
            notes.add("there are no summaries: nothing is signed");
        }
        try (JournalReader reader = JournalReader.open(new JournalReader.Context().directory(journal)
            .archive(archive).waitMs(0).stallMs(STALL_MS))) {
            read(reader);
        } finally {
            if (day != null) {
                day.close();
            }
        }
        return new AuditReport(findings, notes, summaries.size(), checks.signed(), whole, records, unsigned);
    }

    private void read(final JournalReader reader) {
        skipWhatIsNotKept(reader.firstSequence());
        try {
            long end = reader.appended();
            while (true) {
                final int count = reader.poll(this::onRecord, POLL_LIMIT);
                if (count == 0) {
                    end = Math.max(end, reader.appended());
                    if (reader.nextSequence() > end) {
                        break;
                    }
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
        } catch (final JournalException ex) {
            damaged(reader.nextSequence(), ex);
            return;
        }
        missing(reader.nextSequence());
        if (unsigned > 0) {
            notes.add("records " + tailFirst + " to " + (reader.nextSequence() - 1)
                + " are behind the last summary: their day has not ended");
        }
    }

    private void skipWhatIsNotKept(final long first) {
        while (index < summaries.size() && summaries.get(index).summary().lastSequence() < first) {
            notKept(summaries.get(index).summary(), first);
            index++;
        }
        if (index < summaries.size()) {
            final DaySummary summary = summaries.get(index).summary();
            if (summary.firstSequence() < first) {
                notKept(summary, first);
                final LeafIndex leaves = leaves(index);
                if (leaves == null) {
                    notes.add("what is left of " + summary.date() + " cannot be proved without its leaves");
                    index++;
                } else {
                    day = new DayCheck(summary, headBefore(summary), leaves, first);
                }
            }
        }
    }

    private void notKept(final DaySummary summary, final long first) {
        final long last = Math.min(summary.lastSequence(), first - 1);
        if (complete) {
            findings.add(new Finding(Finding.Kind.RECORDS_MISSING, summary.firstSequence(), last, summary.date(),
                "the journal begins at " + first));
        } else {
            notes.add("records " + summary.firstSequence() + " to " + last + " of " + summary.date()
                + " are not kept here: give the archive that has them");
        }
    }

    private LeafIndex leaves(final int of) {
        final SignedSummary one = summaries.get(of);
        return LeafIndex.open(SummaryFiles.leaves(directory, one.name()), one.summary());
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        records++;
        if (day == null) {
            beginDay(sequence);
        }
        if (day != null) {
            day.add(buffer, offset, length);
            if (day.isWhole()) {
                endDay();
            }
        } else if (index >= summaries.size()) {
            tail(buffer, offset, sequence);
        }
    }

    private void beginDay(final long sequence) {
        while (index < summaries.size() && summaries.get(index).summary().lastSequence() < sequence) {
            index++;
        }
        if (index < summaries.size() && summaries.get(index).summary().firstSequence() == sequence) {
            final DaySummary summary = summaries.get(index).summary();
            day = new DayCheck(summary, headBefore(summary), leaves(index), sequence);
        }
    }

    private byte[] headBefore(final DaySummary summary) {
        if (summary.previousSha256().equals(DaySummary.ZEROS)) {
            return new byte[Sha256.LENGTH];
        }
        final boolean known = index > 0 && summaries.get(index - 1).sha256().equals(summary.previousSha256());
        return known ? HexFormat.of().parseHex(summaries.get(index - 1).summary().chainHead()) : null;
    }

    private void endDay() {
        if (day.judge(findings)) {
            whole++;
        }
        day.close();
        day = null;
        index++;
    }

    private void tail(final DirectBuffer buffer, final int offset, final long sequence) {
        record.wrapAndApplyHeader(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET, header);
        final long of = Math.floorDiv(record.epochNs(), NS_PER_DAY);
        if (unsigned == 0) {
            tailDay = of;
            tailFirst = sequence;
        } else if (of > tailDay) {
            findings.add(new Finding(Finding.Kind.SUMMARY_MISSING, tailFirst, sequence - 1,
                LocalDate.ofEpochDay(tailDay), "the day has ended and has no summary"));
            tailDay = of;
            tailFirst = sequence;
        }
        unsigned++;
    }

    private void damaged(final long sequence, final JournalException ex) {
        if (day != null) {
            day.judge(findings);
        }
        final boolean cut = ex.error() == JournalError.JOURNAL_TRUNCATED;
        final long bad = ex instanceof JournalCorruptException corrupt && corrupt.expectedSequence() > 0
            ? corrupt.expectedSequence() : sequence;
        findings.add(new Finding(cut ? Finding.Kind.RECORDS_MISSING : Finding.Kind.JOURNAL_DAMAGED, bad, bad,
            dayOf(bad), ex.getMessage()));
        notes.add("what is behind record " + bad + " was not read");
    }

    private LocalDate dayOf(final long sequence) {
        for (final SignedSummary one : summaries) {
            if (sequence >= one.summary().firstSequence() && sequence <= one.summary().lastSequence()) {
                return one.summary().date();
            }
        }
        return null;
    }

    private void missing(final long next) {
        if (day != null) {
            day.judge(findings);
        }
        for (int i = index; i < summaries.size(); i++) {
            final DaySummary summary = summaries.get(i).summary();
            if (summary.lastSequence() >= next) {
                findings.add(new Finding(Finding.Kind.RECORDS_MISSING, Math.max(next, summary.firstSequence()),
                    summary.lastSequence(), summary.date(), "they were signed and are not there"));
            }
        }
    }
}
