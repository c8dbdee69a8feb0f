package weir.bench.openloop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The least FIX a tester needs: build a message from tags, frame a stream, find a tag. Not a session layer and shared
 * with nothing. One thread.
 */
final class FixBytes {
    static final byte SOH = 1;
    private static final int HEAD_MAX = 32;

    private final byte[] body = new byte[2048];
    private int bodyLength;

    FixBytes begin(final String msgType, final String sender, final String target, final int seqNum,
        final byte[] time) {
        bodyLength = 0;
        return tag("35", msgType).tag("49", sender).tag("56", target).number("34", seqNum)
            .bytes("52", time, time.length);
    }

    FixBytes tag(final String tag, final String value) {
        ascii(tag);
        body[bodyLength++] = '=';
        ascii(value);
        body[bodyLength++] = SOH;
        return this;
    }

    FixBytes bytes(final String tag, final byte[] value, final int length) {
        ascii(tag);
        body[bodyLength++] = '=';
        System.arraycopy(value, 0, body, bodyLength, length);
        bodyLength += length;
        body[bodyLength++] = SOH;
        return this;
    }

    FixBytes number(final String tag, final long value) {
        ascii(tag);
        body[bodyLength++] = '=';
        bodyLength += digits(value, body, bodyLength);
        body[bodyLength++] = SOH;
        return this;
    }

    FixBytes cents(final String tag, final long value) {
        ascii(tag);
        body[bodyLength++] = '=';
        bodyLength += digits(value / 100, body, bodyLength);
        body[bodyLength++] = '.';
        body[bodyLength++] = (byte)('0' + value / 10 % 10);
        body[bodyLength++] = (byte)('0' + value % 10);
        body[bodyLength++] = SOH;
        return this;
    }

    /** Appends the finished message: 8, 9, what was added, 10. */
    void end(final ByteBuffer out) {
        final int start = out.position();
        out.put("8=FIXT.1.1\0019=".getBytes(StandardCharsets.US_ASCII));
        final byte[] head = new byte[HEAD_MAX];
        out.put(head, 0, digits(bodyLength, head, 0));
        out.put(SOH).put(body, 0, bodyLength);
        int sum = 0;
        for (int i = start; i < out.position(); i++) {
            sum += out.get(i);
        }
        sum &= 0xFF;
        out.put((byte)'1').put((byte)'0').put((byte)'=').put((byte)('0' + sum / 100))
            .put((byte)('0' + sum / 10 % 10)).put((byte)('0' + sum % 10)).put(SOH);
    }

    /**
     * Length of the whole message at {@code offset}.
     *
     * @return bytes, or 0 when it is not complete yet
     */
    static int frame(final ByteBuffer in, final int offset, final int limit) {
        int at = offset;
        int sohs = 0;
        int length = 0;
        while (at < limit && sohs < 2) {
            final byte b = in.get(at++);
            if (b == SOH) {
                sohs++;
            } else if (sohs == 1 && b >= '0' && b <= '9') {
                // the only digits of the second field before '=' are the tag "9": dropped when '=' is met
                length = length * 10 + b - '0';
            } else if (sohs == 1 && b == '=') {
                length = 0;
            }
        }
        if (sohs < 2) {
            return 0;
        }
        final int total = at - offset + length + 7;
        return offset + total <= limit ? total : 0;
    }

    /**
     * Position of a tag's value.
     *
     * @param tag SOH, tag, '=' as bytes
     * @return absolute index of the first byte of the value, -1 when absent
     */
    static int find(final ByteBuffer in, final int offset, final int end, final byte[] tag) {
        final int last = end - tag.length;
        for (int i = offset; i <= last; i++) {
            int j = 0;
            while (j < tag.length && in.get(i + j) == tag[j]) {
                j++;
            }
            if (j == tag.length) {
                return i + j;
            }
        }
        return -1;
    }

    static byte[] key(final int tag) {
        return ("\001" + tag + "=").getBytes(StandardCharsets.US_ASCII);
    }

    static int valueLength(final ByteBuffer in, final int from) {
        int at = from;
        while (in.get(at) != SOH) {
            at++;
        }
        return at - from;
    }

    /** A price with at most two decimals, in cents. */
    static long cents(final ByteBuffer in, final int from) {
        long value = 0;
        int decimals = -1;
        for (int at = from; in.get(at) != SOH; at++) {
            if (in.get(at) == '.') {
                decimals = 0;
            } else {
                value = value * 10 + in.get(at) - '0';
                decimals += decimals >= 0 ? 1 : 0;
            }
        }
        return decimals <= 0 ? value * 100 : decimals == 1 ? value * 10 : value;
    }

    private void ascii(final String text) {
        for (int i = 0; i < text.length(); i++) {
            body[bodyLength++] = (byte)text.charAt(i);
        }
    }

    private static int digits(final long value, final byte[] to, final int offset) {
        int count = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            count++;
        }
        long rest = value;
        for (int i = count - 1; i >= 0; i--) {
            to[offset + i] = (byte)('0' + rest % 10);
            rest /= 10;
        }
        return count;
    }
}
