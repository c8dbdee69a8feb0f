package weir.journal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.collections.MutableLong;

/**
 * Reads a whole journal and says whether every record that was appended is there, once and unchanged. May run beside
 * the writer: it then goes up to what was appended when it began. One thread.
 */
public final class JournalVerifier {
    private static final int POLL_LIMIT = 1024;
    private static final long STALL_MS = 100;
    private static final long PAUSE_NS = 100_000;

    private final Map<Integer, MutableLong> byTemplate = new TreeMap<>();
    private long records;
    private long bytes;
    private long firstSequence;
    private long lastSequence;

    private JournalVerifier() {
    }

    /**
     * Verifies.
     *
     * @param directory journal directory
     * @return what was found; the first error ends it
     * @throws JournalException when there is no journal to verify
     */
    public static VerifyReport verify(final Path directory) {
        return new JournalVerifier().run(directory);
    }

    private VerifyReport run(final Path directory) {
        final long startNs = System.nanoTime();
        JournalException error = null;
        try (JournalReader reader = JournalReader.open(
            new JournalReader.Context().directory(directory).waitMs(0).stallMs(STALL_MS))) {
            final long appended = reader.appended();
            int count;
            do {
                count = reader.poll(this::onRecord, POLL_LIMIT);
                if (count == 0) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            } while (count > 0 || lastSequence < appended);
        } catch (final JournalException ex) {
            if (ex.error() == JournalError.JOURNAL_UNAVAILABLE) {
                throw ex;
            }
            error = ex;
        } catch (final InternalError ex) {
            error = new JournalException(JournalError.JOURNAL_CORRUPT, "after sequence " + lastSequence
                + " mapped memory faulted, was a file cut? " + ex, ex);
        }
        return new VerifyReport(records, firstSequence, lastSequence, bytes, names(), System.nanoTime() - startNs,
            error);
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        if (records == 0) {
            firstSequence = sequence;
        }
        records++;
        bytes += length;
        lastSequence = sequence;
        byTemplate.computeIfAbsent(RecordFrame.inputTemplateId(buffer, offset), key -> new MutableLong()).increment();
    }

    private Map<String, Long> names() {
        final Map<String, Long> names = new LinkedHashMap<>();
        byTemplate.forEach((id, count) -> names.put(RecordJson.messageName(id), count.get()));
        return names;
    }
}
