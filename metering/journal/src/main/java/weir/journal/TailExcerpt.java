package weir.journal;

import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/** Finds where a queue ends, by verifying its last excerpt. */
final class TailExcerpt {
    private TailExcerpt() {
    }

    /** Last record sequence, or {@code whenEmpty} when the queue holds no excerpt. */
    static long lastSequence(final SingleChronicleQueue queue, final long whenEmpty) {
        if (queue.lastCycle() < 0) {
            return whenEmpty;
        }
        final ExcerptBuffer excerpt = new ExcerptBuffer();
        long index = -1;
        try (ExcerptTailer tailer = queue.createTailer()) {
            CutFiles.verify(queue, queue.lastCycle());
            index = queue.lastIndex();
            if (index < 0) {
                return whenEmpty;
            }
            if (!tailer.moveToIndex(index)) {
                throw corrupt(queue, index, 0, "the last excerpt cannot be reached", null);
            }
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent() || !excerpt.load(document)) {
                    throw corrupt(queue, index, 0, "the last excerpt cannot be read", null);
                }
            }
        } catch (final JournalException ex) {
            throw ex;
        } catch (final RuntimeException | AssertionError | InternalError ex) {
            throw corrupt(queue, index, 0, "the end of the queue cannot be read: " + ex, ex);
        }
        return lastOf(queue, index, excerpt);
    }

    private static long lastOf(final SingleChronicleQueue queue, final long index, final ExcerptBuffer excerpt) {
        long sequence = -1;
        int offset = 0;
        while (offset < excerpt.length()) {
            final int verdict = excerpt.check(offset);
            if (verdict != RecordFrame.VALID) {
                throw corrupt(queue, index, offset, excerpt.describe(verdict, offset), null);
            }
            final long next = excerpt.sequence(offset);
            if (sequence >= 0 && next != sequence + 1) {
                throw corrupt(queue, index, offset, "sequence " + next + " follows " + sequence, null);
            }
            sequence = next;
            offset += excerpt.frameLength(offset);
        }
        return sequence;
    }

    private static JournalCorruptException corrupt(
        final SingleChronicleQueue queue, final long index, final int offset, final String detail,
        final Throwable cause) {
        final int cycle = index < 0 ? queue.lastCycle() : queue.rollCycle().toCycle(index);
        return new JournalCorruptException(JournalError.JOURNAL_CORRUPT, -1, ChronicleQueues.fileName(queue, cycle),
            index < 0 ? -1 : queue.rollCycle().toSequenceNumber(index), offset, detail, cause);
    }
}
