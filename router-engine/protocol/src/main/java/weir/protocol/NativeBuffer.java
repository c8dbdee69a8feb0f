package weir.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Direct memory of a fixed place, read and written without a question where it is. {@link UnsafeBuffer} has an array or
 * else an address; in a JVM with both kinds the compiler knows of no access which it is, moves none past
 * another, and forgets in between what it had read: an eighth of an order through the core (docs/decisions/0040). With
 * Agrona's bounds checks on it is an {@link UnsafeBuffer} like any other. It is not wrapped anew.
 */
public final class NativeBuffer extends UnsafeBuffer {
    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private final ByteBuffer memory;
    private final long address;

    /**
     * The memory of a buffer, which it keeps.
     *
     * @param memory direct
     */
    public NativeBuffer(final ByteBuffer memory) {
        super(memory);
        if (!memory.isDirect()) {
            throw new IllegalArgumentException("not direct memory");
        }
        this.memory = memory;
        address = addressOffset();
    }

    /**
     * New memory, zeros.
     *
     * @param capacity bytes
     */
    public NativeBuffer(final int capacity) {
        this(ByteBuffer.allocateDirect(capacity));
    }

    @Override
    public long getLong(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getLong(index) : UnsafeApi.getLong(address + index);
    }

    @Override
    public void putLong(final int index, final long value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putLong(index, value);
        } else {
            UnsafeApi.putLong(address + index, value);
        }
    }

    @Override
    public long getLong(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getLong(address + index) : super.getLong(index, order);
    }

    @Override
    public void putLong(final int index, final long value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putLong(address + index, value);
        } else {
            super.putLong(index, value, order);
        }
    }

    /**
     * One of the words that lie behind each other, for a loop over them: the place is worked out once.
     *
     * @param index  of the first one
     * @param number of the word, from 0 on
     * @return eight bytes, the first of them lowest
     */
    public long getWord(final int index, final int number) {
        return isOwn(ByteOrder.LITTLE_ENDIAN) ? UnsafeApi.getLong(address + index + 8L * number)
            : super.getLong(index + 8 * number, ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int getInt(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getInt(index) : UnsafeApi.getInt(address + index);
    }

    @Override
    public void putInt(final int index, final int value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putInt(index, value);
        } else {
            UnsafeApi.putInt(address + index, value);
        }
    }

    @Override
    public int getInt(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getInt(address + index) : super.getInt(index, order);
    }

    @Override
    public void putInt(final int index, final int value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putInt(address + index, value);
        } else {
            super.putInt(index, value, order);
        }
    }

    @Override
    public short getShort(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getShort(index) : UnsafeApi.getShort(address + index);
    }

    @Override
    public void putShort(final int index, final short value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putShort(index, value);
        } else {
            UnsafeApi.putShort(address + index, value);
        }
    }

    @Override
    public short getShort(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getShort(address + index) : super.getShort(index, order);
    }

    @Override
    public void putShort(final int index, final short value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putShort(address + index, value);
        } else {
            super.putShort(index, value, order);
        }
    }

    @Override
    public byte getByte(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getByte(index) : UnsafeApi.getByte(address + index);
    }

    @Override
    public void putByte(final int index, final byte value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putByte(index, value);
        } else {
            UnsafeApi.putByte(address + index, value);
        }
    }

    /** Only while it is made. */
    @Override
    public void wrap(final ByteBuffer buffer) {
        if (memory != null) {
            throw new UnsupportedOperationException("has its place for good");
        }
        super.wrap(buffer);
    }

    @Override
    public void wrap(final byte[] buffer) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final byte[] buffer, final int offset, final int length) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final ByteBuffer buffer, final int offset, final int length) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final DirectBuffer buffer) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final DirectBuffer buffer, final int offset, final int length) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final long place, final int length) {
        throw new UnsupportedOperationException("has its place for good");
    }

    private static boolean isOwn(final ByteOrder order) {
        return !SHOULD_BOUNDS_CHECK && IS_LITTLE_ENDIAN && order == ByteOrder.LITTLE_ENDIAN;
    }
}
