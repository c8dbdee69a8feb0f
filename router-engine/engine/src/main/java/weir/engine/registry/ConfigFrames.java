package weir.engine.registry;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.snapshot.StateImage;
import weir.protocol.sbe.MessageHeaderDecoder;

/** The last configuration frame taken per slot, so that one equal to what is in force can be told and left out. */
public final class ConfigFrames {
    /** Digest of nothing. */
    public static final long DIGEST_START = 0xCBF2_9CE4_8422_2325L;
    private static final long DIGEST_PRIME = 0x100_0000_01B3L;

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
     * Has the frame stored the same content, whatever its header says of the schema's version?
     *
     * @param slot   slot
     * @param buffer with the frame
     * @param offset of the frame
     * @param length of the frame
     * @return true when all bytes after the header are equal
     */
    public boolean sameContent(final int slot, final DirectBuffer buffer, final int offset, final int length) {
        if (lengths[slot] != length) {
            return false;
        }
        final int base = slot * stride;
        for (int i = MessageHeaderDecoder.ENCODED_LENGTH; i < length; i++) {
            if (frames.getByte(base + i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Digest of the content stored: FNV-1a, 64 bits, of the bytes after the header.
     *
     * @param slot slot
     * @param from digest of what goes before, {@link #DIGEST_START} for nothing
     * @return digest
     */
    public long digest(final int slot, final long from) {
        return digest(frames, slot * stride, lengths[slot], from);
    }

    /**
     * Digest of a frame's content, as {@link #digest(int, long)}.
     *
     * @param buffer with the frame
     * @param offset of the frame
     * @param length of the frame
     * @param from   digest of what goes before
     * @return digest
     */
    public static long digest(final DirectBuffer buffer, final int offset, final int length, final long from) {
        long digest = from;
        for (int i = MessageHeaderDecoder.ENCODED_LENGTH; i < length; i++) {
            digest = (digest ^ buffer.getByte(offset + i) & 0xFF) * DIGEST_PRIME;
        }
        return digest;
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
