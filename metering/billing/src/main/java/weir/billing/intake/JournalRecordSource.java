package weir.billing.intake;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.journal.ConsumerPosition;
import weir.journal.JournalError;
import weir.journal.JournalException;
import weir.journal.JournalId;
import weir.journal.JournalReader;

/**
 * The journal of a router, read beside it. Every frame is verified by the reader; with group sync on, only records that
 * are on the device are handed on, so that what is billed survives a power failure. One thread.
 */
public final class JournalRecordSource implements RecordSource {
    /** Name under which billing says in the journal directory how far it is. */
    public static final String CONSUMER = "billing";

    private static final Logger LOG = LoggerFactory.getLogger(JournalRecordSource.class);

    private final JournalReader reader;
    private final ConsumerPosition position;
    private RecordHandler polled;
    private weir.journal.RecordHandler adapted;

    private JournalRecordSource(final JournalReader reader, final ConsumerPosition position) {
        this.reader = reader;
        this.position = position;
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
        return open(directory, null, waitMs);
    }

    /**
     * Opens a journal at the first record that is kept, in its archive or in the journal directory.
     *
     * @param directory journal directory
     * @param archive   where its rolled files go, null = nowhere
     * @param waitMs    how long to wait for it to be made
     * @return source
     * @throws BillingException CONFIGURATION when there is none in time, JOURNAL_CORRUPT
     */
    public static JournalRecordSource open(final Path directory, final Path archive, final long waitMs) {
        try {
            final JournalReader reader = JournalReader.open(new JournalReader.Context()
                .directory(directory).archive(archive).waitMs(waitMs).durableOnly(true));
            return new JournalRecordSource(reader, position(directory, reader.id()));
        } catch (final JournalException ex) {
            throw coded(ex);
        }
    }

    /** Without it billing still bills; then the router keeps every file. */
    private static ConsumerPosition position(final Path directory, final JournalId id) {
        try {
            return ConsumerPosition.open(directory, id, CONSUMER);
        } catch (final JournalException ex) {
            LOG.warn("billing cannot say how far it is, so the journal keeps all its files: {}", ex.getMessage());
            return null;
        }
    }

    @Override
    public void committed(final long sequence, final long epochNs) {
        if (position != null) {
            position.store(sequence, epochNs);
        }
    }

    @Override
    public int poll(final RecordHandler handler, final int limit) {
        try {
            if (handler != polled) {
                polled = handler;
                adapted = handler::onRecord;
            }
            return reader.poll(adapted, limit);
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
        if (position != null) {
            position.close();
        }
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
