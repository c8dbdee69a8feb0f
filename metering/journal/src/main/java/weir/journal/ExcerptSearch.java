package weir.journal;

import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Finds the excerpt of a record sequence by halving: over the files, then over the excerpts of one file, looking at
 * each excerpt's first record. Moves its tailer about. One thread.
 */
final class ExcerptSearch {
    private static final long NONE = -1;

    private final SingleChronicleQueue queue;
    private final ExcerptTailer tailer;
    private final ExcerptBuffer excerpt = new ExcerptBuffer();
    private int verifiedCycle = Integer.MIN_VALUE;

    ExcerptSearch(final SingleChronicleQueue queue, final ExcerptTailer tailer) {
        this.queue = queue;
        this.tailer = tailer;
    }

    /** Cycles that have a file with at least one excerpt, oldest first. */
    List<Integer> cycles() {
        final List<Integer> cycles = new ArrayList<>();
        for (final int cycle : files()) {
            if (firstSequence(cycle, 0) != NONE) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    /**
     * Cycles that have a file, oldest first. Asks the directory: the queue's metadata still names a file that was
     * removed when its owner was killed right after.
     */
    List<Integer> files() {
        return ChronicleQueues.cycles(queue);
    }

    /** Sequence of the first record of one excerpt, -1 when there is no such excerpt. */
    long firstSequence(final int cycle, final long number) {
        final long index = queue.rollCycle().toIndex(cycle, number);
        try {
            if (cycle != verifiedCycle) {
                CutFiles.verify(queue, cycle);
                verifiedCycle = cycle;
            }
            if (!tailer.moveToIndex(index)) {
                return NONE;
            }
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent() || document.index() != index) {
                    return NONE;
                }
                if (!excerpt.load(document)) {
                    throw corrupt(cycle, number, "excerpt is longer than " + ExcerptBuffer.MAX_LENGTH, null);
                }
            }
        } catch (final JournalException ex) {
            throw ex;
        } catch (final RuntimeException | AssertionError | InternalError ex) {
            throw corrupt(cycle, number, "cannot be read: " + ex, ex);
        }
        final int verdict = excerpt.check(0);
        if (verdict != RecordFrame.VALID) {
            throw corrupt(cycle, number, excerpt.describe(verdict, 0), null);
        }
        return excerpt.sequence(0);
    }

    /** Index of the last excerpt whose first record is at or before {@code sequence}; -1 when there is none. */
    long locate(final long sequence) {
        final List<Integer> cycles = files();
        int low = 0;
        int high = cycles.size() - 1;
        int found = -1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            final long first = firstSequence(cycles.get(middle), 0);
            if (first == NONE) {
                cycles.remove(middle);
                high--;
            } else if (first <= sequence) {
                found = cycles.get(middle);
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return found < 0 ? NONE : queue.rollCycle().toIndex(found, locateIn(found, sequence));
    }

    private long locateIn(final int cycle, final long sequence) {
        long low = 0;
        long high = 1;
        while (isAtOrBefore(cycle, high, sequence)) {
            low = high;
            high <<= 1;
        }
        while (high - low > 1) {
            final long middle = low + high >>> 1;
            if (isAtOrBefore(cycle, middle, sequence)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isAtOrBefore(final int cycle, final long number, final long sequence) {
        final long first = firstSequence(cycle, number);
        return first != NONE && first <= sequence;
    }

    private JournalCorruptException corrupt(
        final int cycle, final long number, final String detail, final Throwable cause) {
        return new JournalCorruptException(JournalError.JOURNAL_CORRUPT, -1, ChronicleQueues.fileName(queue, cycle),
            number, 0, detail, cause);
    }
}
