package weir.bench.tester;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/**
 * A FIX message made once, of which only some digits change: sequence number, time, identifiers, price. Every changing
 * field has a fixed width, so BodyLength(9) stays, and CheckSum(10) is the sum of the fixed bytes and of what changed.
 * One thread; allocates only in {@link #build}.
 */
final class FixTemplate {
    private static final int FIELDS_MAX = 16;
    private static final byte SOH = 1;

    private final StringBuilder body = new StringBuilder(512);
    private final int[] offsets = new int[FIELDS_MAX];
    private final int[] widths = new int[FIELDS_MAX];
    private int fields;
    private byte[] bytes = new byte[0];
    private int fixedSum;

    /** Starts anew; the fields get their numbers anew, in the order in which they are added. */
    FixTemplate begin(final String msgType, final String sender, final String target) {
        body.setLength(0);
        fields = 0;
        return tag(35, msgType).tag(49, sender).tag(56, target);
    }

    FixTemplate tag(final int tag, final String value) {
        body.append(tag).append('=').append(value).append((char)SOH);
        return this;
    }

    /** A field whose value changes, {@code width} bytes. */
    FixTemplate field(final int tag, final int width) {
        body.append(tag).append('=');
        offsets[fields] = body.length();
        widths[fields++] = width;
        body.append("0".repeat(width)).append((char)SOH);
        return this;
    }

    FixTemplate build() {
        final String head = "8=FIXT.1.1" + (char)SOH + "9=" + body.length() + (char)SOH;
        bytes = (head + body + "10=000" + (char)SOH).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < fields; i++) {
            offsets[i] += head.length();
        }
        fixedSum = 0;
        for (int i = 0; i < bytes.length - 7; i++) {
            fixedSum += bytes[i];
        }
        for (int i = 0; i < fields; i++) {
            fixedSum -= widths[i] * '0';
        }
        return this;
    }

    int length() {
        return bytes.length;
    }

    int width(final int field) {
        return widths[field];
    }

    /** Copies the message; the fields are written next, then {@link #finish}. */
    void start(final MutableDirectBuffer out, final int at) {
        out.putBytes(at, bytes);
    }

    /** Writes a number with leading zeros; answers the sum of its bytes. */
    int number(final MutableDirectBuffer out, final int at, final int field, final long value) {
        return digits(out, at + offsets[field], widths[field], value);
    }

    /** Writes cents as units with two decimals; answers the sum of its bytes. */
    int cents(final MutableDirectBuffer out, final int at, final int field, final long cents) {
        final int from = at + offsets[field];
        final int units = widths[field] - 3;
        out.putByte(from + units, (byte)'.');
        return digits(out, from, units, cents / 100) + '.' + digits(out, from + units + 1, 2, cents % 100);
    }

    /** Writes bytes; answers their sum. */
    int text(final MutableDirectBuffer out, final int at, final int field, final byte[] value) {
        out.putBytes(at + offsets[field], value, 0, widths[field]);
        int sum = 0;
        for (int i = 0; i < widths[field]; i++) {
            sum += value[i];
        }
        return sum;
    }

    /** Writes the checksum. */
    void finish(final MutableDirectBuffer out, final int at, final int fieldSum) {
        digits(out, at + bytes.length - 4, 3, fixedSum + fieldSum & 0xFF);
    }

    private static int digits(final MutableDirectBuffer out, final int at, final int width, final long value) {
        long rest = value;
        int sum = 0;
        for (int i = width - 1; i >= 0; i--) {
            final long next = rest / 10;
            final int digit = (int)('0' + rest - next * 10);
            out.putByte(at + i, (byte)digit);
            sum += digit;
            rest = next;
        }
        return sum;
    }
}
