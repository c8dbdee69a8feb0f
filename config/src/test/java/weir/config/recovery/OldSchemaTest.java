package weir.config.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.intake.RecordView;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MapOrderMemory;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.engine.RouterCore;
import weir.journal.JournalReader;
import weir.journal.JournalVerifier;
import weir.journal.VerifyReport;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** A journal that a router of schema version 1 left is verified, replayed, rated and continued. */
class OldSchemaTest {
    @TempDir
    private Path root;

    @Test
    void shouldVerifyReplayAndRateJournalOfSchemaOne() throws Exception {
        final Path journal = JournalZip.schema1(root);
        final VerifyReport report = JournalVerifier.verify(journal);
        assertNull(report.error());
        assertEquals(JournalZip.SCHEMA_1_RECORDS, report.records());
        final RouterCore core = new RouterCore(JournalMaker.sizes());
        assertEquals(JournalZip.SCHEMA_1_RECORDS,
            JournalMaker.replay(journal, core, JournalZip.SCHEMA_1_RECORDS));
        assertEquals(1, core.runNumber());
        assertEquals(Set.of(1), rate(journal, JournalZip.SCHEMA_1_RECORDS));
    }

    @Test
    void shouldContinueJournalOfSchemaOneWithRecordsOfTheCurrentVersion() throws Exception {
        final Path journal = JournalZip.schema1(root);
        final RouterCore core = new RouterCore(JournalMaker.sizes());
        JournalMaker.replay(journal, core, JournalZip.SCHEMA_1_RECORDS);
        final long last;
        try (JournalMaker maker = new JournalMaker(journal, core)) {
            maker.started();
            maker.configure();
            maker.connect();
            maker.trade(JournalZip.SCHEMA_1_RECORDS + 2_000);
            maker.flush();
            last = maker.last();
        }
        assertEquals(2, core.runNumber());
        assertTrue(JournalVerifier.verify(journal).ok());
        assertEquals(last, JournalMaker.replay(journal, new RouterCore(JournalMaker.sizes()), last));
        assertEquals(Set.of(1, JournalRecordDecoder.SCHEMA_VERSION), rate(journal, last));
    }

    /** Rates every record beside the engine's debit; answers the schema versions seen. */
    private static Set<Integer> rate(final Path journal, final long last) {
        final List<Discrepancy> differences = new ArrayList<>();
        final Rater rater = new Rater(new RatingState(), new MapOrderMemory(), differences::add);
        final Rating rating = new Rating();
        final RecordView view = new RecordView();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        final Set<Integer> versions = new TreeSet<>();
        final long[] totals = new long[2];
        try (JournalReader reader = JournalReader.openAt(journal, 1)) {
            while (totals[0] < last) {
                reader.poll((buffer, offset, length, sequence) -> {
                    final byte[] copy = new byte[length];
                    buffer.getBytes(offset, copy);
                    header.wrap(new UnsafeBuffer(copy), JournalRecordDescriptor.HEADER_OFFSET);
                    versions.add(header.version());
                    view.wrap(new UnsafeBuffer(copy), 0, length);
                    rater.rate(view, rating);
                    totals[0]++;
                    totals[1] += view.record().debitMicros();
                }, 1_000);
            }
        }
        assertEquals(List.of(), differences);
        assertTrue(totals[1] > 0, "nothing was charged");
        return versions;
    }
}
