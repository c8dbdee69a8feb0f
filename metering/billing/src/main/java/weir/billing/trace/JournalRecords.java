package weir.billing.trace;

import java.nio.file.Path;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.intake.RecordHandler;
import weir.billing.intake.RecordSource;
import weir.journal.JournalException;
import weir.journal.JournalReader;

/** A journal with its archive for one reading: nothing is written beside it. One thread. */
public final class JournalRecords implements RecordSource {
    private final JournalReader reader;

    private JournalRecords(final JournalReader reader) {
        this.reader = reader;
    }

    /**
     * Opens at the first record that is kept.
     *
     * @param directory journal directory
     * @param archive   where its older files went, null = nowhere
     * @return source
     * @throws BillingException CONFIGURATION when there is no journal, JOURNAL_CORRUPT
     */
    public static JournalRecords open(final Path directory, final Path archive) {
        try {
            return new JournalRecords(JournalReader.open(new JournalReader.Context().directory(directory)
                .archive(archive).waitMs(0)));
        } catch (final JournalException ex) {
            throw new BillingException(BillingError.CONFIGURATION, ex.getMessage(), ex);
        }
    }

    @Override
    public int poll(final RecordHandler handler, final int limit) {
        try {
            return reader.poll(handler::onRecord, limit);
        } catch (final JournalException ex) {
            throw new BillingException(BillingError.JOURNAL_CORRUPT, ex.getMessage(), ex);
        }
    }

    @Override
    public void seek(final long sequence) {
        try {
            reader.seek(sequence);
        } catch (final JournalException ex) {
            throw new BillingException(BillingError.JOURNAL_BEHIND, ex.getMessage(), ex);
        }
    }

    @Override
    public String journalId() {
        return String.format("%016x%016x", reader.id().high(), reader.id().low());
    }

    @Override
    public void close() {
        reader.close();
    }
}
