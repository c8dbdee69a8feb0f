package weir.engine.registry;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.snapshot.StateImage;

/** The last configuration frame taken per slot, so that one equal to what is in force can be told and left out. */
public final class ConfigFrames {
    private final UnsafeBuffer frames;
    private final int[] lengths;
    private final int stride;

    /**
     * Makes room for one frame per slot.
     *
     * @param capacity slots
     * @param stride   longest frame, bytes
     */
    public ConfigFrames(final int capacity, final int stride) {
        frames = new UnsafeBuffer(new byte[capacity * stride]);
        lengths = new int[capacity];
        this.stride = stride;
    }

    /**
     * Is the frame the one last stored?
     *
     * @param slot   slot
     * @param buffer with the frame
     * @param offset of the frame
     * @param length of the frame
     * @return true when all bytes are equal
     */
    public boolean same(final int slot, final DirectBuffer buffer, final int offset, final int length) {
        if (lengths[slot] != length) {
            return false;
        }
        final int base = slot * stride;
        for (int i = 0; i < length; i++) {
            if (frames.getByte(base + i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Does a frame fit?
     *
     * @param length bytes
     * @return true when it can be stored
     */
    public boolean fits(final int length) {
        return length <= stride;
    }

    /**
     * Stores the frame that is now in force.
     *
     * @param slot   slot
     * @param buffer with the frame
     * @param offset of the frame
     * @param length of the frame
     */
    public void put(final int slot, final DirectBuffer buffer, final int offset, final int length) {
        frames.putBytes(slot * stride, buffer, offset, length);
        lengths[slot] = length;
    }

    /**
     * Was nothing stored in the slot?
     *
     * @param slot slot
     * @return true when no frame is in force
     */
    public boolean isEmpty(final int slot) {
        return lengths[slot] == 0;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("config-frames", 1);
        final int rows = image.extent(lengths.length);
        image.first(lengths, rows);
        for (int slot = 0; slot < rows; slot++) {
            image.bytes(frames, slot * stride, (slot + 1) * stride);
        }
    }

    /**
     * The frame in force, as it came.
     *
     * @param slot slot
     * @return a copy; allocates
     */
    public byte[] copy(final int slot) {
        final byte[] frame = new byte[lengths[slot]];
        frames.getBytes(slot * stride, frame);
        return frame;
    }
}
