package weir.journal;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.DirectBuffer;

/**
 * Reads a whole journal and says whether every record that was appended is there, once and unchanged. May run beside
 * the writer: it then goes up to what was appended when it began. One thread.
 */
public final class JournalVerifier {
    private static final int POLL_LIMIT = 1024;
    private static final long STALL_MS = 100;
    private static final long PAUSE_NS = 100_000;
    /** Enough to measure a device by. */
    private static final long PLAIN_MAX_BYTES = 2L << 30;

    private final long[] byTemplate = new long[1 << Short.SIZE];
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
        return verify(directory, null);
    }

    /**
     * Verifies an archive and the journal that goes on from it, as one.
     *
     * @param directory journal directory
     * @param archive   archive directory, or null for none
     * @return what was found; the first error ends it
     * @throws JournalException when there is no journal to verify, or the archive is of another
     */
    public static VerifyReport verify(final Path directory, final Path archive) {
        return new JournalVerifier().run(directory, archive);
    }

    /**
     * Compares every file of an archive with the checksum beside it.
     *
     * @param archive archive directory
     * @return ARCHIVE_CORRUPT for each that differs or has none
     */
    public static List<JournalException> verifySums(final Path archive) {
        return JournalArchive.verifySums(archive);
    }

    private VerifyReport run(final Path directory, final Path archive) {
        final long startNs = System.nanoTime();
        final long startCpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        JournalException error = null;
        try (JournalReader reader = JournalReader.open(
            new JournalReader.Context().directory(directory).archive(archive).waitMs(0).stallMs(STALL_MS))) {
            final long appended = reader.appended();
            int count;
            do {
                count = reader.poll(this::onRecord, POLL_LIMIT);
                if (count == 0) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            } while (count > 0 || lastSequence < appended);
        } catch (final JournalException ex) {
            if (ex.error() == JournalError.JOURNAL_UNAVAILABLE || ex.error() == JournalError.ARCHIVE_FOREIGN) {
                throw ex;
            }
            error = ex;
        } catch (final InternalError ex) {
            error = new JournalException(JournalError.JOURNAL_CORRUPT, "after sequence " + lastSequence
                + " mapped memory faulted, was a file cut? " + ex, ex);
        }
        final long elapsedNs = System.nanoTime() - startNs;
        final long cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startCpuNs;
        return new VerifyReport(records, firstSequence, lastSequence, bytes, names(), elapsedNs, cpuNs,
            PlainRead.measure(files(archive, directory), PLAIN_MAX_BYTES), error);
    }

    /** The files just read, each with the length to its last record; what is damaged counts whole. */
    private static Map<Path, Long> files(final Path archive, final Path directory) {
        final Map<Path, Long> result = new LinkedHashMap<>();
        for (final Path place : archive == null ? List.of(directory) : List.of(archive, directory)) {
            final Path queuePath = place.resolve(JournalDirectory.QUEUE);
            if (!Files.exists(queuePath.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE))) {
                continue;
            }
            try (SingleChronicleQueue queue = ChronicleQueues.openReader(queuePath)) {
                for (final int cycle : ChronicleQueues.cycles(queue)) {
                    final Path file = queuePath.resolve(ChronicleQueues.fileName(queue, cycle));
                    result.put(file, CutFiles.usedBytes(queue, cycle));
                }
            } catch (final RuntimeException | AssertionError | InternalError ex) {
                // The verification has told what is wrong with it; this is only about speed.
                continue;
            }
        }
        return result;
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        if (records == 0) {
            firstSequence = sequence;
        }
        records++;
        bytes += length;
        lastSequence = sequence;
        byTemplate[RecordFrame.inputTemplateId(buffer, offset)]++;
    }

    private Map<String, Long> names() {
        final Map<String, Long> names = new LinkedHashMap<>();
        for (int id = 0; id < byTemplate.length; id++) {
            if (byTemplate[id] > 0) {
                names.put(RecordJson.messageName(id), byTemplate[id]);
            }
        }
        return names;
    }
}
