package weir.engine.snapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Saves a state. A column is written as runs: how many blank elements, how many others, and those, little-endian in
 * the width of their type. A large and mostly empty core makes a small stream.
 */
public final class StateWriter extends StateImage {
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_RUN = 1 << 12;
    /** As many blank elements end a run of others; fewer are cheaper written out. */
    private static final int GAP = 8;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private String section = "";

    /**
     * Writes to a stream, which is flushed by {@link #end()} and not closed.
     *
     * @param out stream
     */
    public StateWriter(final OutputStream out) {
        this.out = out;
    }

    @Override
    public void section(final String name, final int version) {
        section = name;
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        value(bytes.length);
        room(bytes.length);
        buffer.put(bytes);
        value(version);
    }

    @Override
    public boolean loading() {
        return false;
    }

    @Override
    public long value(final long current) {
        room(Long.BYTES);
        buffer.putLong(current);
        return current;
    }

    @Override
    void column(final Column column, final int from, final int to, final long blank) {
        value(to - from);
        int at = from;
        while (at < to) {
            final int start = at;
            while (at < to && column.get(at) == blank) {
                at++;
            }
            final int first = at;
            int last = at;
            while (at < to && at - last < GAP && at - first < LONGEST_RUN) {
                if (column.get(at++) != blank) {
                    last = at;
                }
            }
            at = last;
            number(first - start);
            number(last - first);
            put(column, first, last);
        }
    }

    @Override
    public void map(final Long2LongHashMap map) {
        final long[] keys = new long[map.size()];
        final int[] count = {0};
        map.forEachLong((key, mapped) -> keys[count[0]++] = key);
        Arrays.sort(keys);
        value(keys.length);
        for (final long key : keys) {
            value(key);
            value(map.get(key));
        }
    }

    /** Writes what is buffered. */
    public void end() {
        section("end", 1);
        drain();
        try {
            out.flush();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    String where() {
        return section;
    }

    private void put(final Column column, final int from, final int to) {
        room((to - from) * column.width());
        for (int i = from; i < to; i++) {
            final long v = column.get(i);
            switch (column.width()) {
                case Long.BYTES -> buffer.putLong(v);
                case Integer.BYTES -> buffer.putInt((int) v);
                case Short.BYTES -> buffer.putShort((short) v);
                default -> buffer.put((byte) v);
            }
        }
    }

    private void number(final int value) {
        room(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            buffer.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    private void room(final int length) {
        if (buffer.remaining() < length) {
            drain();
        }
    }

    private void drain() {
        try {
            out.write(buffer.array(), 0, buffer.position());
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        buffer.clear();
    }
}
