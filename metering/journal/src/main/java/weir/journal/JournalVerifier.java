package weir.journal;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.DirectBuffer;

/**
 * Reads a whole journal and says whether every record that was appended is there, once and unchanged. May run beside
 * the writer: it then goes up to what was appended when it began. A large one is read by a thread for each processor.
 */
public final class JournalVerifier {
    private static final int POLL_LIMIT = 1024;
    private static final long STALL_MS = 100;
    private static final long PAUSE_NS = 100_000;
    /** Enough to measure a device by. */
    private static final long PLAIN_MAX_BYTES = 2L << 30;

    /** A range that is worth a thread. */
    private static final long RANGE_MIN_RECORDS = 200_000;

    private final Path directory;
    private final Path archive;

    private JournalVerifier(final Path directory, final Path archive) {
        this.directory = directory;
        this.archive = archive;
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
        final JournalVerifier verifier = new JournalVerifier(directory, archive);
        return verifier.run(verifier.threads());
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

    static VerifyReport verify(final Path directory, final int threads) {
        return new JournalVerifier(directory, null).run(threads);
    }

    private VerifyReport run(final int threads) {
        final long startNs = System.nanoTime();
        List<Range> ranges = List.of();
        if (threads > 1) {
            ranges = inParallel(threads);
        }
        if (ranges.isEmpty()) {
            ranges = List.of(new Range(0, Long.MAX_VALUE).call());
        }
        final long elapsedNs = System.nanoTime() - startNs;
        final Range first = ranges.get(0);
        final Range last = ranges.get(ranges.size() - 1);
        return new VerifyReport(sum(ranges, range -> range.records), first.firstSequence, last.lastSequence,
            sum(ranges, range -> range.bytes), names(ranges), elapsedNs, sum(ranges, range -> range.cpuNs),
            PlainRead.measure(files(archive, directory), PLAIN_MAX_BYTES), last.error);
    }

    /** As many as there are processors and ranges worth one. */
    private int threads() {
        try (JournalReader reader = JournalReader.open(context())) {
            return (int)Math.min(Runtime.getRuntime().availableProcessors(),
                (reader.appended() - reader.firstSequence()) / RANGE_MIN_RECORDS);
        } catch (final JournalException ex) {
            return 1;
        }
    }

    /**
     * Verifies ranges side by side. Each begins at the record after the end of the one before, so together they are
     * the journal. Empty when one finds an error: which is the first is told by reading from the beginning.
     */
    private List<Range> inParallel(final int threads) {
        final ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (JournalReader reader = JournalReader.open(context())) {
            final long first = reader.firstSequence();
            final long each = (reader.appended() - first + 1) / threads;
            final List<Future<Range>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(new Range(first + i * each,
                    i == threads - 1 ? Long.MAX_VALUE : first + (i + 1) * each - 1)));
            }
            final List<Range> ranges = new ArrayList<>();
            for (final Future<Range> future : futures) {
                ranges.add(future.get());
            }
            return ranges.stream().allMatch(range -> range.error == null) ? ranges : List.of();
        } catch (final JournalException | ExecutionException ex) {
            return List.of();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            pool.shutdownNow();
        }
    }

    private JournalReader.Context context() {
        return new JournalReader.Context().directory(directory).archive(archive).waitMs(0).stallMs(STALL_MS);
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

    private static long sum(final List<Range> ranges, final ToLongFunction<Range> value) {
        return ranges.stream().mapToLong(value).sum();
    }

    private static Map<String, Long> names(final List<Range> ranges) {
        final Map<String, Long> names = new LinkedHashMap<>();
        for (int id = 0; id < 1 << Short.SIZE; id++) {
            final int template = id;
            final long count = sum(ranges, range -> range.byTemplate[template]);
            if (count > 0) {
                names.put(RecordJson.messageName(id), count);
            }
        }
        return names;
    }

    /** Records from one sequence to another, read and judged by one thread. */
    private final class Range implements Callable<Range> {
        private final long from;
        private final long to;
        private final long[] byTemplate = new long[1 << Short.SIZE];
        private long records;
        private long bytes;
        private long firstSequence;
        private long lastSequence;
        private long cpuNs;
        private JournalException error;

        /** From 0 on means from whatever comes first; to the largest number means to what was appended by then. */
        Range(final long from, final long to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public Range call() {
            final long startNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            try (JournalReader reader = from == 0 ? JournalReader.open(context())
                : JournalReader.openAt(context(), from)) {
                final long end = Math.min(to, reader.appended());
                int count;
                do {
                    final long left = to - Math.max(lastSequence, from - 1);
                    count = reader.poll(this::onRecord, (int)Math.min(POLL_LIMIT, left));
                    if (count == 0 && left > 0) {
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                } while (count > 0 || lastSequence < end);
            } catch (final JournalException ex) {
                if (ex.error() == JournalError.JOURNAL_UNAVAILABLE || ex.error() == JournalError.ARCHIVE_FOREIGN) {
                    throw ex;
                }
                error = ex;
            } catch (final InternalError ex) {
                error = new JournalException(JournalError.JOURNAL_CORRUPT, "after sequence " + lastSequence
                    + " mapped memory faulted, was a file cut? " + ex, ex);
            }
            cpuNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startNs;
            return this;
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
    }
}
