package weir.bench.tester;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * Finds one tag in messages of one kind. Where it stood in the last message is tried first, because it mostly stands
 * there again; otherwise the message is searched. One thread.
 */
public final class TagFinder {
    static final byte SOH = 1;
    private final byte[] key;
    private int hint;

    /**
     * A finder that has seen no message yet.
     *
     * @param tag its number
     */
    public TagFinder(final int tag) {
        key = ((char)SOH + Integer.toString(tag) + '=').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Position of the value.
     *
     * @param in   holds the message
     * @param from its first byte
     * @param to   behind its last
     * @return absolute index of its first byte, -1 when the tag is absent
     */
    public int find(final DirectBuffer in, final int from, final int to) {
        final int last = to - key.length;
        if (from + hint <= last && matches(in, from + hint)) {
            return from + hint + key.length;
        }
        for (int i = from; i <= last; i++) {
            if (in.getByte(i) == SOH && matches(in, i)) {
                hint = i - from;
                return i + key.length;
            }
        }
        return -1;
    }

    /** First byte of the value, 0 when the tag is absent. */
    byte first(final DirectBuffer in, final int from, final int to) {
        final int at = find(in, from, to);
        return at < 0 ? 0 : in.getByte(at);
    }

    private boolean matches(final DirectBuffer in, final int at) {
        for (int j = 0; j < key.length; j++) {
            if (in.getByte(at + j) != key[j]) {
                return false;
            }
        }
        return true;
    }

    static int length(final DirectBuffer in, final int from) {
        int at = from;
        while (in.getByte(at) != SOH) {
            at++;
        }
        return at - from;
    }

    /**
     * A price with any number of decimals, in cents; what is below a cent must be zero and is dropped.
     *
     * @param in   holds the message
     * @param from first byte of the value
     * @return cents
     */
    public static long cents(final DirectBuffer in, final int from) {
        long value = 0;
        int decimals = -1;
        for (int at = from;; at++) {
            final byte b = in.getByte(at);
            if (b == SOH) {
                break;
            }
            if (b == '.') {
                decimals = 0;
            } else if (decimals < 2) {
                value = value * 10 + b - '0';
                decimals += decimals >= 0 ? 1 : 0;
            }
        }
        return decimals <= 0 ? value * 100 : decimals == 1 ? value * 10 : value;
    }

    /**
     * Length of the whole message at {@code offset}.
     *
     * @param in     holds it
     * @param offset its first byte
     * @param limit  behind what was read
     * @return bytes, 0 when it is not complete yet, -1 when no FIXT.1.1 message begins there
     */
    public static int frame(final DirectBuffer in, final int offset, final int limit) {
        if (limit - offset < 20) {
            return 0;
        }
        if (in.getByte(offset) != '8' || in.getByte(offset + 10) != SOH || in.getByte(offset + 11) != '9') {
            return -1;
        }
        int length = 0;
        int at = offset + 13;
        for (byte b = in.getByte(at); b != SOH; b = in.getByte(at)) {
            if (b < '0' || b > '9' || at - offset > 19) {
                return -1;
            }
            length = length * 10 + b - '0';
            at++;
        }
        final int total = at + 1 - offset + length + 7;
        return offset + total <= limit ? total : 0;
    }
}
