package weir.fix.egress;

import org.agrona.MutableDirectBuffer;
import weir.protocol.Scale;

/** Micro-units of money as decimals, exactly: {@code 8500000} is {@code 8.5}. Stateless; any thread. */
final class MoneyText {
    private MoneyText() {
    }

    /** Writes what {@link #append} does; returns bytes. */
    static int put(final MutableDirectBuffer target, final int offset, final long micros) {
        int position = offset;
        if (micros < 0) {
            target.putByte(position++, (byte)'-');
        }
        // Unsigned: the magnitude of the lowest long has no signed form.
        final long magnitude = Math.abs(micros);
        position += target.putNaturalLongAscii(position, Long.divideUnsigned(magnitude, Scale.MICROS));
        long fraction = Long.remainderUnsigned(magnitude, Scale.MICROS);
        if (fraction != 0) {
            target.putByte(position++, (byte)'.');
            for (long unit = Scale.MICROS / 10; fraction != 0; unit /= 10) {
                target.putByte(position++, (byte)('0' + fraction / unit));
                fraction %= unit;
            }
        }
        return position - offset;
    }

    static void append(final StringBuilder out, final long micros) {
        if (micros < 0) {
            out.append('-');
        }
        // Unsigned: the magnitude of the lowest long has no signed form.
        final long magnitude = Math.abs(micros);
        out.append(Long.toUnsignedString(Long.divideUnsigned(magnitude, Scale.MICROS)));
        long fraction = Long.remainderUnsigned(magnitude, Scale.MICROS);
        if (fraction != 0) {
            out.append('.');
            for (long unit = Scale.MICROS / 10; fraction != 0; unit /= 10) {
                out.append((char)('0' + fraction / unit));
                fraction %= unit;
            }
        }
    }
}
