package weir.billing.intake;

import java.nio.file.Path;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.JournalReader;

/**
 * The journal of a router, read beside it. Every frame is verified by the reader; with group sync on, only records that
 * are on the device are handed on, so that what is billed survives a power failure. One thread.
 */
public final class JournalRecordSource implements RecordSource {
    private final JournalReader reader;

    private JournalRecordSource(final JournalReader reader) {
        this.reader = reader;
    }

    /**
     * Opens a journal at its first record.
     *
     * @param directory journal directory
     * @param waitMs    how long to wait for it to be made
     * @return source
     * @throws BillingException CONFIGURATION when there is none in time, JOURNAL_CORRUPT
     */
    public static JournalRecordSource open(final Path directory, final long waitMs) {
        try {
            return new JournalRecordSource(JournalReader.open(
                new JournalReader.Context().directory(directory).waitMs(waitMs).durableOnly(true)));
        } catch (final JournalException ex) {
            throw coded(ex);
        }
    }

    @Override
    public int poll(final RecordHandler handler, final int limit) {
        try {
            return reader.poll(handler::onRecord, limit);
        } catch (final JournalException ex) {
            throw coded(ex);
        }
    }

    @Override
    public void seek(final long sequence) {
        try {
            reader.seek(sequence);
        } catch (final JournalException ex) {
            throw ex.error() == JournalError.JOURNAL_TRUNCATED
                ? new BillingException(BillingError.JOURNAL_BEHIND, ex.getMessage(), ex) : coded(ex);
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

    private static BillingException coded(final JournalException ex) {
        final BillingError error = switch (ex.error()) {
            case JOURNAL_GAP, JOURNAL_DUPLICATE -> BillingError.JOURNAL_GAP;
            case JOURNAL_UNAVAILABLE, JOURNAL_NOT_KEPT -> BillingError.CONFIGURATION;
            default -> BillingError.JOURNAL_CORRUPT;
        };
        return new BillingException(error, ex.getMessage(), ex);
    }
}
