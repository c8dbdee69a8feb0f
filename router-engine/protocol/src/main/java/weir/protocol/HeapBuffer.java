package weir.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/** A byte array, read and written without a question where it is: see {@link NativeBuffer}. It is not wrapped anew. */
public final class HeapBuffer extends UnsafeBuffer {
    private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long BASE = BufferUtil.ARRAY_BASE_OFFSET;

    private final byte[] bytes;

    /**
     * A new array, zeros.
     *
     * @param capacity bytes
     */
    public HeapBuffer(final int capacity) {
        super(new byte[capacity]);
        bytes = byteArray();
    }

    @Override
    public long getLong(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getLong(index) : UnsafeApi.getLong(array(), BASE + index);
    }

    @Override
    public void putLong(final int index, final long value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putLong(index, value);
        } else {
            UnsafeApi.putLong(array(), BASE + index, value);
        }
    }

    @Override
    public long getLong(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getLong(array(), BASE + index) : super.getLong(index, order);
    }

    @Override
    public void putLong(final int index, final long value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putLong(array(), BASE + index, value);
        } else {
            super.putLong(index, value, order);
        }
    }

    @Override
    public int getInt(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getInt(index) : UnsafeApi.getInt(array(), BASE + index);
    }

    @Override
    public void putInt(final int index, final int value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putInt(index, value);
        } else {
            UnsafeApi.putInt(array(), BASE + index, value);
        }
    }

    @Override
    public int getInt(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getInt(array(), BASE + index) : super.getInt(index, order);
    }

    @Override
    public void putInt(final int index, final int value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putInt(array(), BASE + index, value);
        } else {
            super.putInt(index, value, order);
        }
    }

    @Override
    public short getShort(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getShort(index) : UnsafeApi.getShort(array(), BASE + index);
    }

    @Override
    public void putShort(final int index, final short value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putShort(index, value);
        } else {
            UnsafeApi.putShort(array(), BASE + index, value);
        }
    }

    @Override
    public short getShort(final int index, final ByteOrder order) {
        return isOwn(order) ? UnsafeApi.getShort(array(), BASE + index) : super.getShort(index, order);
    }

    @Override
    public void putShort(final int index, final short value, final ByteOrder order) {
        if (isOwn(order)) {
            UnsafeApi.putShort(array(), BASE + index, value);
        } else {
            super.putShort(index, value, order);
        }
    }

    @Override
    public byte getByte(final int index) {
        return SHOULD_BOUNDS_CHECK ? super.getByte(index) : UnsafeApi.getByte(array(), BASE + index);
    }

    @Override
    public void putByte(final int index, final byte value) {
        if (SHOULD_BOUNDS_CHECK) {
            super.putByte(index, value);
        } else {
            UnsafeApi.putByte(array(), BASE + index, value);
        }
    }

    /** Only while it is made. */
    @Override
    public void wrap(final byte[] buffer) {
        if (bytes != null) {
            throw new UnsupportedOperationException("has its place for good");
        }
        super.wrap(buffer);
    }

    @Override
    public void wrap(final byte[] buffer, final int offset, final int length) {
        throw new UnsupportedOperationException("has its place for good");
    }

    @Override
    public void wrap(final ByteBuffer buffer) {
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

    /** Known to be there: what may be null may be memory elsewhere. */
    private byte[] array() {
        return Objects.requireNonNull(bytes);
    }

    private static boolean isOwn(final ByteOrder order) {
        return !SHOULD_BOUNDS_CHECK && IS_LITTLE_ENDIAN && order == ByteOrder.LITTLE_ENDIAN;
    }
}
