package weir.fix.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Frame of a store file: length int32, CRC-32C int32 of what follows, type int8, body. Big endian. Length counts type
 * and body. A frame that does not fit the file or its checksum ends the file: it was being written when power failed.
 */
final class StoreRecord {
    /**
     * createdMs int64, nextSender int32, nextTarget int32, boundRecord int64, boundIndex int32, resetUnreported int8.
     */
    static final byte GENERATION = 1;
    /** seq int32, record int64, index int32 (0 and -1 when it carries no report), raw message. */
    static final byte MESSAGE = 2;
    /** next int32. */
    static final byte NEXT_SENDER = 3;
    /** next int32. */
    static final byte NEXT_TARGET = 4;
    /** seq int32: everything up to it was proven delivered. */
    static final byte PROVEN = 5;
    /** record int64, index int32, raw message: not proven delivered when the numbers were reset. */
    static final byte CARRIED = 6;
    /** The engine was told of the reset. */
    static final byte RESET_REPORTED = 7;
    /** seq int32: an inbound message that was answered busy and never reached the engine. */
    static final byte REFUSED = 8;

    static final int HEADER = 8;
    static final int MAX_PAYLOAD = 1 << 20;
    /** Bytes of MESSAGE before the raw message, type included. */
    static final int MESSAGE_PREFIX = 1 + 4 + 8 + 4;
    /** Bytes of CARRIED before the raw message, type included. */
    static final int CARRIED_PREFIX = 1 + 8 + 4;

    private StoreRecord() {
    }

    static ByteBuffer allocate(final byte type, final int bodyLength) {
        return ByteBuffer.allocate(HEADER + 1 + bodyLength).position(HEADER).put(type);
    }

    static ByteBuffer seal(final ByteBuffer record) {
        final int length = record.position() - HEADER;
        return record.putInt(0, length).putInt(4, crc(record.array(), HEADER, length)).flip();
    }

    static int crc(final byte[] bytes, final int offset, final int length) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int)crc.getValue();
    }

    static byte[] encode(final String message) {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String decode(final ByteBuffer rest) {
        final byte[] bytes = new byte[rest.remaining()];
        rest.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
