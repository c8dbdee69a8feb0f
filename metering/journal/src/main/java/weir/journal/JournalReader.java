package weir.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.CloseHelper;

/**
 * Reads a journal from any process, with no write access and with a position of its own, and follows its writer through
 * rolls. Every frame is verified before a handler sees it: length, CRC-32C, schema, and that its sequence is its
 * predecessor's plus one. What is torn, flipped, missing or doubled is thrown as a {@link JournalCorruptException},
 * again at every poll; nothing is skipped. With an archive it begins there and goes on in the journal directory. One
 * thread. An empty poll allocates nothing.
 */
public final class JournalReader implements AutoCloseable {
    private static final long WAIT_STEP_NS = 2_000_000;
    private static final long METADATA_MIN_BYTES = 4096;
    private static final long NONE = -1;

    private final Path directory;
    private final JournalFiles files;
    private final JournalId id;
    private final long stallNs;
    private final boolean durableOnly;
    private final ExcerptBuffer excerpt = new ExcerptBuffer();
    private JournalProgress progress;
    private SingleChronicleQueue queue;
    private ExcerptTailer tailer;
    private long excerptIndex = NONE;
    private int verifiedCycle = Integer.MIN_VALUE;
    private int offset;
    private long expected;
    private long deliverFrom;
    private boolean stalled;
    private boolean reopened;
    private long stalledSinceNs;
    private long archiveReopenedAt;
    private JournalCorruptException failure;

    private JournalReader(final Context context) {
        directory = context.directory;
        stallNs = context.stallMs * 1_000_000L;
        durableOnly = context.durableOnly;
        final long deadlineNs = System.nanoTime() + context.waitMs * 1_000_000L;
        awaitQueue(deadlineNs, context.waitMs);
        id = JournalId.read(directory);
        files = new JournalFiles(directory, context.archive);
        files.verifyId(id);
        openQueue(deadlineNs);
        boolean ready = false;
        try {
            progress = JournalProgress.openReader(directory, id);
            final long first = files.firstHere();
            expected = first;
            deliverFrom = first;
            if (first > 1) {
                position(first);
            }
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /**
     * Opens at the first record, waiting up to 10 s for a journal that is just being made.
     *
     * @param directory journal directory
     * @return the reader
     * @throws JournalException JOURNAL_UNAVAILABLE when there is no journal in time, or another code
     */
    public static JournalReader open(final Path directory) {
        return open(new Context().directory(directory));
    }

    /**
     * Opens at the first record.
     *
     * @param context settings
     * @return the reader
     * @throws JournalException JOURNAL_UNAVAILABLE when there is no journal in time, or another code
     */
    public static JournalReader open(final Context context) {
        Objects.requireNonNull(context.directory, "directory");
        return new JournalReader(context);
    }

    /**
     * Opens so that {@code fromSequence} is the next record handed over, now or when it is written; reads nothing of
     * what is before its excerpt. Finds it by halving over files and excerpts, each looked at verified.
     *
     * @param directory    journal directory
     * @param fromSequence from the first kept to the last plus one
     * @return the reader
     * @throws JournalException JOURNAL_NOT_KEPT when it is older than what is kept, JOURNAL_TRUNCATED when it is beyond
     *                          the end plus one, or another code
     */
    public static JournalReader openAt(final Path directory, final long fromSequence) {
        return openAt(new Context().directory(directory), fromSequence);
    }

    /**
     * As {@link #openAt(Path, long)}.
     *
     * @param context      settings
     * @param fromSequence from the first kept to the last plus one
     * @return the reader
     * @throws JournalException as {@link #openAt(Path, long)}
     */
    public static JournalReader openAt(final Context context, final long fromSequence) {
        final JournalReader reader = open(context);
        boolean ready = false;
        try {
            reader.seek(fromSequence);
            ready = true;
            return reader;
        } finally {
            if (!ready) {
                reader.close();
            }
        }
    }

    private void awaitQueue(final long deadlineNs, final long waitMs) {
        final Path table = directory.resolve(JournalDirectory.QUEUE)
            .resolve(SingleChronicleQueue.QUEUE_METADATA_FILE);
        while (!Files.exists(directory.resolve(JournalId.FILE))
            || !Files.exists(table) || table.toFile().length() < METADATA_MIN_BYTES) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new JournalException(JournalError.JOURNAL_UNAVAILABLE,
                    "no journal in " + directory + " after " + waitMs + " ms");
            }
            LockSupport.parkNanos(WAIT_STEP_NS);
        }
    }

    /** The metadata file exists a moment before it is filled; the library answers that with various exceptions. */
    private void openQueue(final long deadlineNs) {
        while (true) {
            try {
                final Path path = files.queuePath();
                CutFiles.verifyAll(path);
                queue = ChronicleQueues.openReader(path);
                tailer = queue.createTailer();
                return;
            } catch (final RuntimeException | AssertionError | InternalError ex) {
                CloseHelper.quietCloseAll(tailer, queue);
                if (System.nanoTime() - deadlineNs > 0) {
                    if (ex instanceof JournalException) {
                        throw ex;
                    }
                    throw new JournalException(
                        appended() > 0 ? JournalError.JOURNAL_CORRUPT : JournalError.JOURNAL_UNAVAILABLE,
                        "queue in " + directory + " cannot be opened: " + ex, ex);
                }
                LockSupport.parkNanos(WAIT_STEP_NS);
            }
        }
    }

    /**
     * Hands over the records that are there, in sequence.
     *
     * @param handler receives each; when it throws, its record comes again
     * @param limit   most records to hand over
     * @return how many were handed over
     * @throws JournalCorruptException when the next record is not what was written
     */
    public int poll(final RecordHandler handler, final int limit) {
        if (failure != null) {
            throw failure;
        }
        try {
            return deliver(handler, limit);
        } catch (final InternalError ex) {
            // A fault in mapped memory may surface anywhere after it: the file is shorter than its mapping.
            throw fail(JournalError.JOURNAL_CORRUPT, "mapped memory faulted, was the file cut? " + ex, ex);
        }
    }

    private int deliver(final RecordHandler handler, final int limit) {
        final long end = readableEnd();
        int count = 0;
        while (count < limit) {
            if (offset >= excerpt.length() && !nextExcerpt()) {
                break;
            }
            if (expected > end) {
                break;
            }
            if (!verifyFrame()) {
                continue;
            }
            final int length = excerpt.frameLength(offset);
            if (expected >= deliverFrom) {
                handler.onRecord(excerpt.buffer(), offset, length, expected);
                count++;
            }
            offset += length;
            expected++;
        }
        return count;
    }

    private long readableEnd() {
        if (!durableOnly || progress == null || !progress.groupSync()) {
            return Long.MAX_VALUE;
        }
        return progress.durable();
    }

    /** False when the record has moved to the archive meanwhile and is read there next. */
    private boolean verifyFrame() {
        final int verdict = excerpt.check(offset);
        if (verdict != RecordFrame.VALID) {
            throw fail(RecordFrame.error(verdict), excerpt.describe(verdict, offset), null);
        }
        final long found = excerpt.sequence(offset);
        if (found != expected) {
            if (found > expected && enterFilesOf(expected)) {
                return false;
            }
            if (found > expected && !files.archived() && expected < files.firstHere()) {
                throw fail(JournalError.JOURNAL_NOT_KEPT, "it was taken away while it was to be read; the journal "
                    + "begins at " + files.firstHere() + " now", null);
            }
            throw fail(found > expected ? JournalError.JOURNAL_GAP : JournalError.JOURNAL_DUPLICATE,
                "found sequence " + found, null);
        }
        return true;
    }

    /** Goes on in the archive or in the journal, wherever a record stands now; false when the reader is there. */
    private boolean enterFilesOf(final long sequence) {
        if (!files.enter(sequence)) {
            return false;
        }
        openAgain();
        position(Math.max(sequence, deliverFrom));
        return true;
    }

    private void openAgain() {
        CloseHelper.quietCloseAll(tailer, queue);
        openQueue(System.nanoTime() + stallNs);
        verifiedCycle = Integer.MIN_VALUE;
    }

    /**
     * The archive shows nothing more: goes to its next file, which one without an end mark does not lead to, or on to
     * the journal. Files may have been archived since the archive was opened: it is looked at once more.
     */
    private boolean leaveArchive() {
        if (nextArchivedFile()) {
            return nextExcerpt();
        }
        final long live = Retained.read(directory).firstSequence();
        if (expected >= live) {
            enterFilesOf(expected);
        } else if (archiveReopenedAt != expected) {
            archiveReopenedAt = expected;
            openAgain();
            position(Math.max(expected, deliverFrom));
        } else {
            throw fail(JournalError.JOURNAL_GAP, "the archive ends before it and the journal begins at " + live, null);
        }
        return excerpt.length() > 0 || nextExcerpt();
    }

    private boolean nextArchivedFile() {
        final int current = excerptIndex == NONE ? Integer.MIN_VALUE : queue.rollCycle().toCycle(excerptIndex);
        final ExcerptSearch search = new ExcerptSearch(queue, tailer);
        for (final int cycle : search.files()) {
            if (cycle > current && search.firstSequence(cycle, 0) > 0) {
                return tailer.moveToIndex(queue.rollCycle().toIndex(cycle, 0));
            }
        }
        return false;
    }

    private boolean nextExcerpt() {
        // Read before looking: what was appended by then must be visible.
        final long appended = appended();
        try (DocumentContext document = tailer.readingDocument()) {
            if (document.isPresent()) {
                excerptIndex = document.index();
                offset = 0;
                verifyCycle();
                if (!excerpt.load(document)) {
                    throw fail(JournalError.JOURNAL_CORRUPT,
                        "excerpt is longer than " + ExcerptBuffer.MAX_LENGTH, null);
                }
                if (excerpt.length() == 0) {
                    throw fail(JournalError.JOURNAL_CORRUPT, "excerpt is empty", null);
                }
                stalled = false;
                reopened = false;
                return true;
            }
        } catch (final JournalException ex) {
            throw ex;
        } catch (final RuntimeException | AssertionError ex) {
            throw fail(JournalError.JOURNAL_CORRUPT, "excerpt cannot be read: " + ex, ex);
        }
        if (files.archived()) {
            return leaveArchive();
        }
        if (appended >= expected) {
            onMissing(appended);
        } else {
            stalled = false;
        }
        return false;
    }

    private void verifyCycle() {
        final int cycle = queue.rollCycle().toCycle(excerptIndex);
        if (cycle != verifiedCycle) {
            try {
                CutFiles.verify(queue, cycle);
            } catch (final JournalCorruptException ex) {
                throw fail(ex.error(), ex.detail(), ex);
            }
            verifiedCycle = cycle;
        }
    }

    /** The writer has appended and the queue shows nothing: a roll is visible late, or the journal is damaged. */
    private void onMissing(final long appended) {
        final long nowNs = System.nanoTime();
        if (!stalled) {
            stalled = true;
            stalledSinceNs = nowNs;
        } else if (nowNs - stalledSinceNs > stallNs) {
            if (reopened) {
                throw fail(JournalError.JOURNAL_TRUNCATED,
                    "the queue shows nothing more, but " + appended + " was appended", null);
            }
            reopened = true;
            stalledSinceNs = nowNs;
            reopen();
        }
    }

    private void reopen() {
        if (enterFilesOf(expected)) {
            return;
        }
        final long index = excerptIndex;
        CloseHelper.quietCloseAll(tailer, queue);
        openQueue(System.nanoTime() + stallNs);
        if (index == NONE) {
            tailer.toStart();
            return;
        }
        if (!tailer.moveToIndex(index)) {
            throw fail(JournalError.JOURNAL_TRUNCATED, "the excerpt read last cannot be found again", null);
        }
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                throw fail(JournalError.JOURNAL_TRUNCATED, "the excerpt read last cannot be read again", null);
            }
        }
    }

    /**
     * Makes {@code sequence} the next record handed over, now or when it is written. Takes milliseconds at millions of
     * records; records before it in its excerpt are verified and not handed over.
     *
     * @param sequence from the first retained to the last plus one
     * @throws JournalException JOURNAL_NOT_KEPT when it is older than what is retained, JOURNAL_TRUNCATED when it is
     *                          beyond the journal's end plus one
     */
    public void seek(final long sequence) {
        final long first = files.first();
        if (sequence < first) {
            throw new JournalException(JournalError.JOURNAL_NOT_KEPT,
                "sequence " + sequence + " is no longer in " + directory + ", which begins at " + first);
        }
        final long appended = appended();
        if (progress != null && sequence > appended + 1) {
            throw new JournalException(JournalError.JOURNAL_TRUNCATED,
                "position " + sequence + " is beyond the end of " + directory + ", which is " + appended);
        }
        if (files.enter(sequence)) {
            openAgain();
        }
        position(sequence);
    }

    private void position(final long sequence) {
        failure = null;
        final long index = new ExcerptSearch(queue, tailer).locate(sequence);
        stalled = false;
        reopened = false;
        excerpt.clear();
        offset = 0;
        excerptIndex = NONE;
        deliverFrom = sequence;
        if (index == NONE) {
            expected = files.firstHere();
            tailer.toStart();
            return;
        }
        if (!tailer.moveToIndex(index)) {
            expected = sequence;
            throw fail(JournalError.JOURNAL_CORRUPT, "excerpt was found and is gone", null);
        }
        try (DocumentContext document = tailer.readingDocument()) {
            excerptIndex = document.index();
            excerpt.load(document);
        }
        expected = excerpt.sequence(0);
    }

    /**
     * Sequence of the record that the next poll verifies first.
     *
     * @return from 1; at most the one given to {@link #seek}
     */
    public long nextSequence() {
        return Math.max(expected, deliverFrom);
    }

    /**
     * First sequence that is kept: in the archive when one was given, else in the journal directory. From 2 on the
     * journal's beginning is gone from where this reader looks.
     *
     * @return from 1
     */
    public long firstSequence() {
        return files.first();
    }

    /**
     * Last sequence that the writer says it has appended.
     *
     * @return 0 when the journal is empty or does not say
     */
    public long appended() {
        if (progress == null) {
            progress = JournalProgress.openReader(directory, id);
        }
        return progress == null ? 0 : progress.appended();
    }

    /**
     * Last sequence that is on the device; only with group sync.
     *
     * @return 0 without group sync
     */
    public long durable() {
        return progress == null || !progress.groupSync() ? 0 : progress.durable();
    }

    /**
     * Name of this journal.
     *
     * @return the id
     */
    public JournalId id() {
        return id;
    }

    /** File that the last excerpt stands in; for messages. */
    String currentFile() {
        final int cycle = excerptIndex == NONE ? queue.firstCycle() : queue.rollCycle().toCycle(excerptIndex);
        return cycle < 0 || cycle == Integer.MAX_VALUE ? "none" : ChronicleQueues.fileName(queue, cycle);
    }

    private JournalCorruptException fail(final JournalError error, final String detail, final Throwable cause) {
        failure = new JournalCorruptException(error, expected, currentFile(),
            excerptIndex == NONE ? NONE : queue.rollCycle().toSequenceNumber(excerptIndex), offset, detail, cause);
        return failure;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(tailer, queue, progress);
        progress = null;
    }

    /** Settings of a reader. */
    public static final class Context {
        private static final long WAIT_MS_DEFAULT = 10_000;
        private static final long STALL_MS_DEFAULT = 1_000;

        private Path directory;
        private Path archive;
        private long waitMs = WAIT_MS_DEFAULT;
        private long stallMs = STALL_MS_DEFAULT;
        private boolean durableOnly;

        /**
         * Journal directory.
         *
         * @param value a path
         * @return this
         */
        public Context directory(final Path value) {
            directory = value;
            return this;
        }

        /**
         * Archive whose files are read before those of the journal directory; null (the default) for none. One that
         * has no files yet is no error.
         *
         * @param value a path or null
         * @return this
         */
        public Context archive(final Path value) {
            archive = value;
            return this;
        }

        /**
         * How long to wait for a journal to appear.
         *
         * @param value milliseconds
         * @return this
         */
        public Context waitMs(final long value) {
            waitMs = value;
            return this;
        }

        /**
         * How long records that were appended may stay invisible before the queue is opened anew, and then again before
         * the journal counts as damaged.
         *
         * @param value milliseconds
         * @return this
         */
        public Context stallMs(final long value) {
            stallMs = value;
            return this;
        }

        /**
         * Stop at the durable sequence while the writer runs with group sync.
         *
         * @param value true for what must survive a power failure
         * @return this
         */
        public Context durableOnly(final boolean value) {
            durableOnly = value;
            return this;
        }
    }
}
