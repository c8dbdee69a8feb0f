package weir.fix.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of one store file: append at the end, read anywhere. Not thread safe: its {@link SessionStore} guards it.
 */
final class StoreFile implements Closeable {
    /** Gets each record of a file. */
    interface RecordHandler {
        /**
         * @param payload  type and body
         * @param position of the payload in the file
         */
        void onRecord(ByteBuffer payload, long position);
    }

    private final Path path;
    private final FileChannel channel;
    private long end;
    private long tornBytes;

    private StoreFile(final Path path, final FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static StoreFile create(final Path path) throws IOException {
        return new StoreFile(path, FileChannel.open(path, StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static StoreFile open(final Path path) throws IOException {
        return new StoreFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Reads all records and cuts what follows the last whole one; returns their number. */
    int scan(final RecordHandler handler) throws IOException {
        final long size = channel.size();
        final ByteBuffer header = ByteBuffer.allocate(StoreRecord.HEADER);
        int records = 0;
        while (size - end >= StoreRecord.HEADER) {
            readFully(header.clear(), end);
            final int length = header.getInt(0);
            if (length < 1 || length > StoreRecord.MAX_PAYLOAD || size - end - StoreRecord.HEADER < length) {
                break;
            }
            final byte[] payload = read(end + StoreRecord.HEADER, length);
            if (StoreRecord.crc(payload, 0, length) != header.getInt(4)) {
                break;
            }
            handler.onRecord(ByteBuffer.wrap(payload), end + StoreRecord.HEADER);
            end += StoreRecord.HEADER + length;
            records++;
        }
        if (records == 0) {
            channel.close();
            throw new IOException("session store " + path + " holds nothing readable");
        }
        tornBytes = size - end;
        if (tornBytes > 0) {
            channel.truncate(end);
        }
        return records;
    }

    /** Appends a sealed record; returns its position. */
    long append(final ByteBuffer record) throws IOException {
        final long position = end;
        final int length = record.remaining();
        long at = position;
        while (record.hasRemaining()) {
            at += channel.write(record, at);
        }
        end = position + length;
        return position;
    }

    byte[] read(final long position, final int length) throws IOException {
        final byte[] bytes = new byte[length];
        readFully(ByteBuffer.wrap(bytes), position);
        return bytes;
    }

    long tornBytes() {
        return tornBytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void readFully(final ByteBuffer target, final long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            final int count = channel.read(target, at);
            if (count < 0) {
                throw new IOException("session store " + path + " ends at " + at);
            }
            at += count;
        }
    }
}
