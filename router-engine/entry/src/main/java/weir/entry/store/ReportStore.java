package weir.entry.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reports of one session, numbered densely from 1 for the life of the store, in files {@code SESSION.FIRST.reports}.
 * The oldest file goes when all together take more than their bound. Each entry says up to which (record, output)
 * reports are bound, so that after a restart those of the journal's replay that are above it are appended, no other.
 * <p>
 * What is written survives the death of the process. At open the last file is cut behind its last whole entry; damage
 * further up cuts there, and the journal's replay makes the rest again. Not thread safe.
 */
public final class ReportStore implements Closeable {
    private static final String SUFFIX = ".reports";

    private final Path directory;
    private final int sessionId;
    private final int segmentBytes;
    private final long keepBytes;
    private final Deque<ReportSegment> older = new ArrayDeque<>();
    private final ByteBuffer entry = ByteBuffer
        .allocateDirect(ReportSegment.HEADER + ReportSegment.PREFIX + ReportSegment.FRAME_MAX)
        .order(ByteOrder.LITTLE_ENDIAN);
    private final UnsafeBuffer entryView = new UnsafeBuffer(entry);
    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private final CRC32C crc = new CRC32C();
    private ReportSegment current;
    private long olderBytes;
    private long nextSeq = 1;
    private long boundRecord;
    private int boundIndex = -1;
    private long tornBytes;
    private boolean failed;

    /**
     * Opens the store of a session; it may be empty.
     *
     * @param directory    of all stores, exists
     * @param sessionId    of the session
     * @param segmentBytes length of a file
     * @param keepBytes    most bytes of all files of the session
     * @throws IOException when a file cannot be read or written
     */
    public ReportStore(final Path directory, final int sessionId, final int segmentBytes, final long keepBytes)
        throws IOException {
        this.directory = directory;
        this.sessionId = sessionId;
        this.segmentBytes = segmentBytes;
        this.keepBytes = keepBytes;
        open();
    }

    private void open() throws IOException {
        boolean cut = false;
        for (final long first : firstNumbers()) {
            if (cut || current != null && current.nextSeq() != first) {
                cut = true;
                tornBytes += Files.size(path(first));
                Files.delete(path(first));
                continue;
            }
            if (current != null) {
                older.addLast(current);
                olderBytes += current.sizeBytes();
            }
            current = ReportSegment.open(path(first), first, segmentBytes);
            tornBytes += current.tornBytes();
            nextSeq = current.nextSeq();
            if (nextSeq > first) {
                boundRecord = current.boundRecord();
                boundIndex = current.boundIndex();
            }
        }
    }

    private List<Long> firstNumbers() throws IOException {
        final List<Long> numbers = new ArrayList<>();
        final String prefix = sessionId + ".";
        try (var files = Files.list(directory)) {
            for (final Path file : files.toList()) {
                final String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(SUFFIX)) {
                    numbers.add(Long.parseLong(name.substring(prefix.length(), name.length() - SUFFIX.length())));
                }
            }
        }
        Collections.sort(numbers);
        return numbers;
    }

    private Path path(final long firstSeq) {
        return directory.resolve(sessionId + "." + firstSeq + SUFFIX);
    }

    /**
     * Numbers and keeps a report.
     *
     * @param record journal record that made it
     * @param index  its place among that record's outputs
     * @param buffer holds the frame, header included
     * @param offset of it
     * @param length of it
     * @return its number
     * @throws IOException when it cannot be written; the store then takes nothing more, so that nothing is missing
     *                     between what it holds
     */
    public long append(final long record, final int index, final DirectBuffer buffer, final int offset,
        final int length) throws IOException {
        if (!isNew(record, index)) {
            throw new IllegalArgumentException("report " + record + '-' + index + " is bound already");
        }
        return write(record, index, buffer, offset, length);
    }

    /**
     * Numbers and keeps an answer of the gateway's own, which no record made.
     *
     * @param buffer holds the frame, header included
     * @param length of it
     * @return its number
     * @throws IOException as {@link #append}
     */
    public long appendOwn(final DirectBuffer buffer, final int length) throws IOException {
        return write(boundRecord, boundIndex, buffer, 0, length);
    }

    private long write(final long record, final int index, final DirectBuffer buffer, final int offset,
        final int length) throws IOException {
        if (failed) {
            throw new IOException("report store of session " + sessionId + " failed before");
        }
        if (length > ReportSegment.FRAME_MAX) {
            throw new IllegalArgumentException("report of " + length + " bytes");
        }
        failed = true;
        final int bytes = ReportSegment.HEADER + ReportSegment.PREFIX + length;
        if (current == null || current.sizeBytes() > 0 && current.sizeBytes() + bytes > segmentBytes) {
            roll();
        }
        entry.clear().limit(bytes);
        entry.putInt(0, ReportSegment.PREFIX + length).putLong(8, nextSeq).putLong(16, record).putInt(24, index);
        entryView.putBytes(ReportSegment.HEADER + ReportSegment.PREFIX, buffer, offset, length);
        crc.reset();
        crc.update(entry.position(ReportSegment.HEADER));
        entry.putInt(4, (int) crc.getValue()).position(0);
        current.append(entry, record, index);
        boundRecord = record;
        boundIndex = index;
        failed = false;
        return nextSeq++;
    }

    private void roll() throws IOException {
        if (current != null) {
            older.addLast(current);
            olderBytes += current.sizeBytes();
        }
        current = ReportSegment.create(path(nextSeq), nextSeq, segmentBytes);
        while (!older.isEmpty() && olderBytes + segmentBytes > keepBytes) {
            final ReportSegment gone = older.removeFirst();
            olderBytes -= gone.sizeBytes();
            gone.delete();
        }
    }

    /**
     * Reads a report again.
     *
     * @param reportSeq between {@link #firstSeq()} and {@link #nextSeq()}, the latter excluded
     * @return view of the frame, good until the next call; header included
     * @throws IOException when it cannot be read
     */
    public DirectBuffer read(final long reportSeq) throws IOException {
        ReportSegment segment = current;
        if (segment == null || reportSeq < segment.firstSeq()) {
            segment = null;
            for (final ReportSegment candidate : older) {
                if (reportSeq >= candidate.firstSeq() && reportSeq < candidate.nextSeq()) {
                    segment = candidate;
                }
            }
        }
        if (segment == null || reportSeq >= segment.nextSeq()) {
            throw new IOException("report " + reportSeq + " of session " + sessionId + " is not kept");
        }
        final int length = segment.seek(reportSeq);
        frame.wrap(segment.frame(), ReportSegment.HEADER + ReportSegment.PREFIX, length);
        return frame;
    }

    /**
     * Is a report of the engine above what is bound?
     *
     * @param record journal record that made it
     * @param index  its place among that record's outputs
     * @return false when the store has, or had, it
     */
    public boolean isNew(final long record, final int index) {
        return record > boundRecord || record == boundRecord && index > boundIndex;
    }

    /**
     * Number of the oldest report kept.
     *
     * @return number; {@link #nextSeq()} when there is none
     */
    public long firstSeq() {
        if (!older.isEmpty()) {
            return older.peekFirst().firstSeq();
        }
        return current == null ? nextSeq : current.firstSeq();
    }

    /**
     * Number that the next report gets.
     *
     * @return from 1
     */
    public long nextSeq() {
        return nextSeq;
    }

    /**
     * Record of the highest report bound.
     *
     * @return record sequence, 0 before the first
     */
    public long boundRecord() {
        return boundRecord;
    }

    /**
     * Place of the highest report bound among its record's outputs.
     *
     * @return index, -1 before the first
     */
    public int boundIndex() {
        return boundIndex;
    }

    /**
     * What was cut off at open.
     *
     * @return bytes
     */
    public long tornBytes() {
        return tornBytes;
    }

    /**
     * Did a write fail? Then what is missing comes with the next start, from the journal.
     *
     * @return true from the first failure on
     */
    public boolean failed() {
        return failed;
    }

    @Override
    public void close() throws IOException {
        for (final ReportSegment segment : older) {
            segment.close();
        }
        older.clear();
        if (current != null) {
            current.close();
        }
    }
}
