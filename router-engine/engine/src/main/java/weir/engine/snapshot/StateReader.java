package weir.engine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.collections.Long2LongHashMap;

/** Fills a state from what {@link StateWriter} wrote. Every length is checked before it is used. */
public final class StateReader extends StateImage {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_NAME = 64;

    private final InputStream in;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private String section = "";

    /**
     * Reads from a stream, ahead of what it has handed out.
     *
     * @param in stream
     */
    public StateReader(final InputStream in) {
        this.in = in;
        buffer.limit(0);
    }

    @Override
    public void section(final String name, final int version) {
        final int length = value(0);
        if (length <= 0 || length > LONGEST_NAME) {
            throw damaged("no section where " + name + " is expected");
        }
        need(length);
        final byte[] bytes = new byte[length];
        buffer.get(bytes);
        final String found = new String(bytes, StandardCharsets.US_ASCII);
        final int foundVersion = value(0);
        if (!found.equals(name)) {
            throw damaged("section " + found + " where " + name + " is expected");
        }
        if (foundVersion != version) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_VERSION,
                "section " + name + " has version " + foundVersion + ", this core reads " + version);
        }
        section = name;
    }

    @Override
    public boolean loading() {
        return true;
    }

    @Override
    public long value(final long current) {
        need(Long.BYTES);
        return buffer.getLong();
    }

    @Override
    void column(final Column column, final int from, final int to, final long blank) {
        final int length = value(0);
        if (length < 0 || length > to - from || to > column.length()) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_CAPACITY,
                section + " has a column of " + length + " elements, room is for "
                    + (Math.min(to, column.length()) - from));
        }
        final int end = from + length;
        int at = from;
        while (at < end) {
            final int blanks = number();
            final int others = number();
            if (blanks > end - at || others > end - at - blanks || blanks + others == 0) {
                throw damaged("a run is longer than its column");
            }
            for (int i = at; i < at + blanks; i++) {
                column.set(i, blank);
            }
            at += blanks;
            take(column, at, at + others);
            at += others;
        }
    }

    @Override
    public void map(final Long2LongHashMap map) {
        final int size = value(0);
        if (size < 0) {
            throw damaged("a map of " + size + " entries");
        }
        map.clear();
        for (int i = 0; i < size; i++) {
            final long key = value(0L);
            map.put(key, value(0L));
        }
    }

    /** Checks that the state ends here. */
    public void end() {
        section("end", 1);
    }

    @Override
    String where() {
        return section;
    }

    private void take(final Column column, final int from, final int to) {
        for (int i = from; i < to; i++) {
            need(column.width());
            switch (column.width()) {
                case Long.BYTES -> column.set(i, buffer.getLong());
                case Integer.BYTES -> column.set(i, buffer.getInt());
                case Short.BYTES -> column.set(i, buffer.getShort());
                default -> column.set(i, buffer.get());
            }
        }
    }

    private int number() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            need(1);
            final byte b = buffer.get();
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                if (value < 0) {
                    break;
                }
                return value;
            }
        }
        throw damaged("a run has no length");
    }

    private void need(final int length) {
        if (buffer.remaining() >= length) {
            return;
        }
        buffer.compact();
        try {
            while (buffer.position() < length) {
                final int count = in.read(buffer.array(), buffer.position(), buffer.remaining());
                if (count < 0) {
                    throw damaged("ends too early");
                }
                buffer.position(buffer.position() + count);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        buffer.flip();
    }

    private SnapshotUnusableException damaged(final String what) {
        return new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_DAMAGED,
            what + " (after " + (section.isEmpty() ? "the beginning" : section) + ")");
    }
}
