package weir.fix.store;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The records of one store file: append at the end, read from any record on. Not thread safe: its {@link SessionStore}
 * guards it.
 */
final class StoreFile implements Closeable {
    /** Gets each record of a file. */
    interface RecordHandler {
        /**
         * @param payload  type and body
         * @param position of the record in the file
         * @return false to stop before this record
         */
        boolean onRecord(ByteBuffer payload, long position);
    }

    private static final int READ_AHEAD = 64 * 1024;

    private final Path path;
    private final FileChannel channel;
    private final WriteBehind behind;
    private AppendFile file;
    private long tornBytes;
    private long lostBytes;

    private StoreFile(final Path path, final FileChannel channel, final WriteBehind behind) {
        this.path = path;
        this.channel = channel;
        this.behind = behind;
        file = new AppendFile(channel, 0);
    }

    /** Makes one whose appends are writes until it has its name: {@link #stage}. */
    static StoreFile create(final Path path, final WriteBehind behind) throws IOException {
        return new StoreFile(path, FileChannel.open(path, StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE), behind);
    }

    static StoreFile open(final Path path, final WriteBehind behind) throws IOException {
        final long lost = AppendFile.recover(path);
        final StoreFile store =
            new StoreFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), behind);
        store.lostBytes = lost;
        return store;
    }

    /** It has its name now. */
    void stage(final Path name) {
        file.stage(name, behind);
    }

    /** Reads all records and cuts what follows the last whole one; returns their number. */
    int scan(final RecordHandler handler) throws IOException {
        final long size = channel.size();
        final int[] records = new int[1];
        final long end = scan(0, size, (payload, position) -> {
            records[0]++;
            return handler.onRecord(payload, position);
        });
        if (records[0] == 0) {
            channel.close();
            throw new IOException("session store " + path + " holds nothing readable");
        }
        tornBytes = usedSize(end, size) - end + lostBytes;
        if (size > end) {
            channel.truncate(end);
        }
        file = new AppendFile(channel, end);
        file.stage(path, behind);
        return records[0];
    }

    /** Reads the records from one on; returns where the last whole one ends, or the one begins that stopped it. */
    long scan(final long from, final RecordHandler handler) throws IOException {
        return scan(from, file.end(), handler);
    }

    /** Appends a sealed record; returns its position. */
    long append(final ByteBuffer record) throws IOException {
        final int length = record.remaining();
        file.claim(length);
        file.target().putBytes(file.offset(), record, length);
        return file.commit();
    }

    /** Appends a record of one number. */
    void append(final byte type, final int value) throws IOException {
        file.claim(StoreRecord.HEADER + 1 + Integer.BYTES);
        final MutableDirectBuffer target = file.target();
        final int at = file.offset() + StoreRecord.HEADER;
        target.putByte(at, type);
        target.putInt(at + 1, value, ByteOrder.BIG_ENDIAN);
        seal(1 + Integer.BYTES);
    }

    /** Appends a message; returns the position of the record. */
    long append(final int sequence, final long recordSequence, final int outputIndex, final DirectBuffer source,
        final int offset, final int length) throws IOException {
        file.claim(StoreRecord.HEADER + StoreRecord.MESSAGE_PREFIX + length);
        final MutableDirectBuffer target = file.target();
        final int at = file.offset() + StoreRecord.HEADER;
        target.putByte(at, StoreRecord.MESSAGE);
        target.putInt(at + 1, sequence, ByteOrder.BIG_ENDIAN);
        target.putLong(at + 5, recordSequence, ByteOrder.BIG_ENDIAN);
        target.putInt(at + 13, outputIndex, ByteOrder.BIG_ENDIAN);
        target.putBytes(at + StoreRecord.MESSAGE_PREFIX, source, offset, length);
        return seal(StoreRecord.MESSAGE_PREFIX + length);
    }

    long end() {
        return file.end();
    }

    /** Payload of one record. */
    ByteBuffer readRecord(final long position) throws IOException {
        final ByteBuffer header = ByteBuffer.allocate(StoreRecord.HEADER);
        file.read(header, position);
        final ByteBuffer payload = ByteBuffer.allocate(header.getInt(0));
        file.read(payload, position + StoreRecord.HEADER);
        return payload.flip();
    }

    long tornBytes() {
        return tornBytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private long seal(final int payloadLength) throws IOException {
        final MutableDirectBuffer target = file.target();
        final int at = file.offset();
        target.putInt(at, payloadLength, ByteOrder.BIG_ENDIAN);
        target.putInt(at + 4, file.crc(at + StoreRecord.HEADER, payloadLength), ByteOrder.BIG_ENDIAN);
        return file.commit();
    }

    private long scan(final long from, final long limit, final RecordHandler handler) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_AHEAD).limit(0);
        long position = from;
        while (limit - position >= StoreRecord.HEADER) {
            buffer = atLeast(buffer, StoreRecord.HEADER, position, limit);
            final int length = buffer.getInt(buffer.position());
            if (length < 1 || length > StoreRecord.MAX_PAYLOAD || limit - position - StoreRecord.HEADER < length) {
                break;
            }
            buffer = atLeast(buffer, StoreRecord.HEADER + length, position, limit);
            final int payload = buffer.position() + StoreRecord.HEADER;
            if (StoreRecord.crc(buffer.array(), payload, length) != buffer.getInt(payload - 4)) {
                break;
            }
            if (!handler.onRecord(ByteBuffer.wrap(buffer.array(), payload, length).slice(), position)) {
                break;
            }
            buffer.position(payload + length);
            position += StoreRecord.HEADER + length;
        }
        return position;
    }

    /** A buffer that holds so many bytes of the file from a position on, the one given where it does. */
    private ByteBuffer atLeast(final ByteBuffer buffer, final int length, final long position, final long limit)
        throws IOException {
        if (buffer.remaining() >= length) {
            return buffer;
        }
        final ByteBuffer target = ByteBuffer.allocate((int)Math.min(limit - position, Math.max(READ_AHEAD, length)));
        file.read(target, position);
        return target.flip();
    }

    /** Where zeros begin that earlier versions kept behind the end. */
    private long usedSize(final long from, final long size) throws IOException {
        long used = from;
        final ByteBuffer buffer = ByteBuffer.allocate(READ_AHEAD);
        for (long at = from; at < size; at += buffer.capacity()) {
            buffer.clear().limit((int)Math.min(buffer.capacity(), size - at));
            file.read(buffer, at);
            for (int i = buffer.position() - 1; i >= 0; i--) {
                if (buffer.get(i) != 0) {
                    used = at + i + 1;
                    break;
                }
            }
        }
        return used;
    }
}
