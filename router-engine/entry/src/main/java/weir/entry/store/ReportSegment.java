package weir.entry.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of a report store. An entry, little endian: length int32 of what follows the checksum, CRC-32C int32 of it,
 * reportSeq int64, recordSequence int64 and outputIndex int32 of the highest report bound so far, then the frame. One
 * {@code write} an entry, so that a killed process leaves whole entries and at most one torn one. Not thread safe.
 */
final class ReportSegment implements Closeable {
    static final int HEADER = 8;
    static final int PREFIX = 8 + 8 + 4;
    /** Longest frame kept. */
    static final int FRAME_MAX = 1_376;
    private static final int ENTRY_MAX = HEADER + PREFIX + FRAME_MAX;
    private static final int ENTRY_MIN = HEADER + PREFIX + 40;
    private static final int MARK_EVERY = 64;

    private final Path path;
    private final long firstSeq;
    private final FileChannel channel;
    private final ByteBuffer read = ByteBuffer.allocateDirect(ENTRY_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    /** Position of every 64th entry. */
    private final int[] marks;
    private int entries;
    private int end;
    private long cursorSeq;
    private int cursor;
    private long boundRecord;
    private int boundIndex;
    private long tornBytes;

    private ReportSegment(final Path path, final long firstSeq, final int capacity, final FileChannel channel) {
        this.path = path;
        this.firstSeq = firstSeq;
        this.channel = channel;
        marks = new int[capacity / ENTRY_MIN / MARK_EVERY + 2];
        cursorSeq = firstSeq;
    }

    static ReportSegment create(final Path path, final long firstSeq, final int capacity) throws IOException {
        return new ReportSegment(path, firstSeq, capacity, FileChannel.open(path, StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Reads all entries, and cuts the file behind the last whole one; {@link #tornBytes} of it were lost. */
    static ReportSegment open(final Path path, final long firstSeq, final int capacity) throws IOException {
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        final ReportSegment segment =
            new ReportSegment(path, firstSeq, (int) Math.max(capacity, Math.min(channel.size(), 1 << 30)), channel);
        segment.scan();
        return segment;
    }

    private void scan() throws IOException {
        while (load(end) && read.getLong(HEADER) == firstSeq + entries) {
            boundRecord = read.getLong(HEADER + 8);
            boundIndex = read.getInt(HEADER + 16);
            mark();
            end += HEADER + read.getInt(0);
            entries++;
        }
        tornBytes = channel.size() - end;
        if (tornBytes > 0) {
            channel.truncate(end);
        }
    }

    long tornBytes() {
        return tornBytes;
    }

    /** Is there a whole entry at a position? Leaves it in the read buffer. */
    private boolean load(final int position) throws IOException {
        read.clear();
        int at = position;
        while (read.hasRemaining()) {
            final int count = channel.read(read, at);
            if (count <= 0) {
                break;
            }
            at += count;
        }
        final int available = read.position();
        if (available < HEADER + PREFIX) {
            return false;
        }
        final int length = read.getInt(0);
        if (length < PREFIX || length > PREFIX + FRAME_MAX || available < HEADER + length) {
            return false;
        }
        crc.reset();
        crc.update(read.position(HEADER).limit(HEADER + length));
        return (int) crc.getValue() == read.getInt(4);
    }

    /** Appends one entry that its caller sealed. */
    void append(final ByteBuffer entry, final long record, final int index) throws IOException {
        final int length = entry.remaining();
        int at = end;
        while (entry.hasRemaining()) {
            at += channel.write(entry, at);
        }
        mark();
        end += length;
        entries++;
        boundRecord = record;
        boundIndex = index;
    }

    private void mark() {
        if (entries % MARK_EVERY == 0 && entries / MARK_EVERY < marks.length) {
            marks[entries / MARK_EVERY] = end;
        }
    }

    /** Finds an entry; its frame is then in {@link #frame()} from {@code HEADER + PREFIX} on. Returns its length. */
    int seek(final long reportSeq) throws IOException {
        if (reportSeq < cursorSeq || reportSeq - cursorSeq >= MARK_EVERY) {
            final int mark = (int) Math.min((reportSeq - firstSeq) / MARK_EVERY, marks.length - 1);
            cursorSeq = firstSeq + (long) mark * MARK_EVERY;
            cursor = marks[mark];
        }
        while (true) {
            if (!load(cursor) || read.getLong(HEADER) != cursorSeq) {
                throw new IOException("report " + cursorSeq + " cannot be read in " + path + " at " + cursor);
            }
            final int length = read.getInt(0);
            if (cursorSeq == reportSeq) {
                cursorSeq++;
                cursor += HEADER + length;
                return length - PREFIX;
            }
            cursorSeq++;
            cursor += HEADER + length;
        }
    }

    ByteBuffer frame() {
        return read;
    }

    long firstSeq() {
        return firstSeq;
    }

    long nextSeq() {
        return firstSeq + entries;
    }

    int sizeBytes() {
        return end;
    }

    long boundRecord() {
        return boundRecord;
    }

    int boundIndex() {
        return boundIndex;
    }

    void delete() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
