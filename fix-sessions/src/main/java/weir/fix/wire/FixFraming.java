package weir.fix.wire;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Finds messages in a stream of bytes by BodyLength(9), and goes on after bytes that are none, at the same places where
 * QuickFIX/J's decoder does: the byte after a BodyLength that is no number, the byte after where CheckSum(10) should
 * have been. The sum itself is not verified. Not thread safe.
 */
final class FixFraming {
    /** Result: not enough bytes to tell. */
    static final int NEED_MORE = 0;
    /** Bytes without a BeginString(8) after which a stream is no FIX stream. */
    static final int MAX_GARBAGE = 4096;

    private static final int TRAILER_LENGTH = 7;
    private static final int LONGEST_BODY = 1 << 26;
    private static final int HEADER_MIN = 10;
    /** {@code 8=FIXT.1}. */
    private static final long FIXT = 0x312E_5458_4946_3D38L;
    /** {@code .1 SOH 9=} after it. */
    private static final long FIXT_REST = 0x3D_3901_312EL;
    private static final long FIXT_REST_MASK = 0xFF_FFFF_FFFFL;
    private static final int FIXT_REST_AT = 8;
    private static final int FIXT_HEADER = 13;
    /** {@code 10=}, three bytes of any kind, SOH. */
    private static final long TRAILER = 0x01_0000_003D_3031L;
    private static final long TRAILER_MASK = 0xFF_0000_00FF_FFFFL;
    private static final byte[] LOGON = {1, '3', '5', '=', 'A', 1};

    private boolean logonBroken;

    /**
     * Looks at the bytes of a stream.
     *
     * @param buffer of the bytes
     * @param from   first byte not consumed
     * @param limit  after the last byte
     * @return length of the message that begins at {@code from}, {@link #NEED_MORE}, or minus the bytes to drop
     */
    int scan(final DirectBuffer buffer, final int from, final int limit) {
        logonBroken = false;
        final int header = headerLength(buffer, from, limit);
        if (header <= 0) {
            return header == 0 ? seek(buffer, from, limit) : NEED_MORE;
        }
        int position = from + header;
        int bodyLength = 0;
        while (true) {
            if (position == limit) {
                return NEED_MORE;
            }
            final byte c = buffer.getByte(position++);
            if (c < '0' || c > '9' || bodyLength > LONGEST_BODY) {
                if (bodyLength == 0) {
                    // Only the first byte is dropped: a message may begin within.
                    return -1;
                }
                if (c == FixFrame.SOH) {
                    break;
                }
                return from - position;
            }
            bodyLength = bodyLength * 10 + (c - '0');
        }
        final int trailer = position + bodyLength;
        if (trailer > limit - TRAILER_LENGTH) {
            return NEED_MORE;
        }
        // The header before it has more than the one byte that is shifted out.
        final long last = buffer.getLong(trailer - 1, ByteOrder.LITTLE_ENDIAN);
        if ((last >>> Byte.SIZE & TRAILER_MASK) != TRAILER) {
            return broken(buffer, from, trailer + 1);
        }
        if ((byte)last != FixFrame.SOH) {
            return broken(buffer, from, trailer);
        }
        return trailer + TRAILER_LENGTH - from;
    }

    /**
     * What was dropped may have been a Logon(A): the connection cannot go on.
     *
     * @return true after a {@link #scan} that dropped such bytes
     */
    boolean isLogonBroken() {
        return logonBroken;
    }

    /** Bytes of {@code 8=FIX[T].d.d SOH 9=} at a place, 0 when it is not there, -1 when it may be. */
    private static int headerLength(final DirectBuffer buffer, final int from, final int limit) {
        if (limit - from >= 2 * Long.BYTES && buffer.getLong(from, ByteOrder.LITTLE_ENDIAN) == FIXT
            && (buffer.getLong(from + FIXT_REST_AT, ByteOrder.LITTLE_ENDIAN) & FIXT_REST_MASK) == FIXT_REST) {
            return FIXT_HEADER;
        }
        int position = from;
        for (int i = 0; i < 5; i++) {
            if (position == limit) {
                return -1;
            }
            if (buffer.getByte(position++) != "8=FIX".charAt(i)) {
                return 0;
            }
        }
        if (position < limit && buffer.getByte(position) == 'T') {
            position++;
        }
        for (int i = 0; i < 7; i++) {
            if (position == limit) {
                return -1;
            }
            final char expected = ".?.?\u00019=".charAt(i);
            if (buffer.getByte(position++) != expected && expected != '?') {
                return 0;
            }
        }
        return position - from;
    }

    /** Bytes before the next place where a message may begin. */
    private static int seek(final DirectBuffer buffer, final int from, final int limit) {
        for (int position = from + 1; position < limit; position++) {
            if (buffer.getByte(position) == '8' && headerLength(buffer, position, limit) != 0) {
                return from - position;
            }
        }
        return from - limit;
    }

    private int broken(final DirectBuffer buffer, final int from, final int recovery) {
        for (int position = from + HEADER_MIN; position + LOGON.length <= recovery; position++) {
            int i = 0;
            while (i < LOGON.length && buffer.getByte(position + i) == LOGON[i]) {
                i++;
            }
            logonBroken |= i == LOGON.length;
        }
        return from - recovery;
    }
}
