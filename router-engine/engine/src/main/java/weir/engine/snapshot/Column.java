package weir.engine.snapshot;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** A column of a table seen as longs, whatever it holds. Booleans are 0 and 1. */
abstract class Column {
    /** Elements. */
    abstract int length();

    /** Bytes of an element in a stream: 1, 2, 4 or 8. */
    abstract int width();

    abstract long get(int index);

    abstract void set(int index, long value);

    static Column of(final long[] values) {
        return new Column() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            int width() {
                return Long.BYTES;
            }

            @Override
            long get(final int index) {
                return values[index];
            }

            @Override
            void set(final int index, final long value) {
                values[index] = value;
            }
        };
    }

    static Column of(final int[] values) {
        return new Column() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            int width() {
                return Integer.BYTES;
            }

            @Override
            long get(final int index) {
                return values[index];
            }

            @Override
            void set(final int index, final long value) {
                values[index] = (int) value;
            }
        };
    }

    static Column of(final short[] values) {
        return new Column() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            int width() {
                return Short.BYTES;
            }

            @Override
            long get(final int index) {
                return values[index];
            }

            @Override
            void set(final int index, final long value) {
                values[index] = (short) value;
            }
        };
    }

    static Column of(final byte[] values) {
        return new Column() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            int width() {
                return Byte.BYTES;
            }

            @Override
            long get(final int index) {
                return values[index];
            }

            @Override
            void set(final int index, final long value) {
                values[index] = (byte) value;
            }
        };
    }

    static Column of(final boolean[] values) {
        return new Column() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            int width() {
                return Byte.BYTES;
            }

            @Override
            long get(final int index) {
                return values[index] ? 1 : 0;
            }

            @Override
            void set(final int index, final long value) {
                values[index] = value != 0;
            }
        };
    }

    /** Bytes in words of four; a length that is no multiple of four is a bug of the table. */
    static Column of(final UnsafeBuffer bytes) {
        if (bytes.capacity() % Integer.BYTES != 0) {
            throw new IllegalArgumentException("length must be a multiple of 4: " + bytes.capacity());
        }
        return new Column() {
            @Override
            int length() {
                return bytes.capacity() / Integer.BYTES;
            }

            @Override
            int width() {
                return Integer.BYTES;
            }

            @Override
            long get(final int index) {
                return bytes.getInt(index * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
            }

            @Override
            void set(final int index, final long value) {
                bytes.putInt(index * Integer.BYTES, (int) value, ByteOrder.LITTLE_ENDIAN);
            }
        };
    }
}
