package weir.venue.intx;

import java.math.BigDecimal;
import org.agrona.DirectBuffer;
import weir.fix.text.DecimalText;
import weir.fix.wire.FixFrame;
import weir.protocol.Scale;

/**
 * Values of a message by their tags, wherever these stand: the venue keeps no order of fields, and no tag of a
 * repeating group is one of the body's. Read again per message. Agent's thread.
 */
final class FixFields {
    /** Forms remembered of what one venue sends on one line. */
    private static final int FORMS = 8;

    private final FixFrame frame = new FixFrame(FORMS);
    private final Decimals decimals;

    FixFields(final Decimals decimals) {
        this.decimals = decimals;
    }

    /** Points it to a message; false when that is no FIX. */
    boolean wrap(final DirectBuffer buffer, final int offset, final int length) {
        return frame.wrap(buffer, offset, length);
    }

    boolean isSummed() {
        return frame.isChecksumValid();
    }

    /** Text of the first field of a tag, empty when there is none. */
    String text(final int tag) {
        final int index = frame.indexOf(tag, 0);
        return index < 0 ? "" : frame.textAt(index);
    }

    /** A character, 0 when absent or longer. */
    char character(final int tag) {
        final int index = frame.indexOf(tag, 0);
        return index < 0 ? 0 : (char)(frame.charAt(index) & 0xff);
    }

    /** A number of at most nine digits, -1 when absent or no such number. */
    int number(final int tag) {
        final int index = frame.indexOf(tag, 0);
        final int value = index < 0 ? FixFrame.NO_INT : frame.intAt(index);
        return value == FixFrame.NO_INT ? -1 : value;
    }

    /** E8 mantissa, null of the protocol when absent or no number; what is finer is rounded. */
    long e8(final int tag) {
        final int index = frame.indexOf(tag, 0);
        return index < 0 ? Scale.NULL : e8At(index);
    }

    /** Sum of all fields of a tag, null of the protocol without any. */
    long sum(final int tag) {
        long sum = Scale.NULL;
        for (int i = frame.indexOf(tag, 0); i >= 0; i = frame.indexOf(tag, i + 1)) {
            final long value = e8At(i);
            if (value != Scale.NULL) {
                sum = sum == Scale.NULL ? value : Math.addExact(sum, value);
            }
        }
        return sum;
    }

    /** Epoch nanoseconds of a UTCTimestamp of any precision, 0 when absent or none. */
    long epochNs(final int tag) {
        final int index = frame.indexOf(tag, 0);
        final long value = index < 0 ? Scale.NULL : frame.timestampAt(index);
        return value == Scale.NULL ? 0 : value;
    }

    private long e8At(final int index) {
        final long value = frame.decimalAt(index);
        if (value != DecimalText.TOO_PRECISE) {
            return DecimalText.isError(value) ? Scale.NULL : value;
        }
        return decimals.e8(new BigDecimal(frame.textAt(index)));
    }
}
