package weir.fix.text;

/** CheckSum(10): the sum of all bytes before the tag, modulo 256, as three digits. Stateless; any thread. */
public final class FixChecksum {
    private static final int TRAILER_LENGTH = 7;

    private FixChecksum() {
    }

    /**
     * Checks a whole message.
     *
     * @param message raw FIX, one character per byte, ending with {@code 10=nnn SOH}
     * @return true when the sum is right
     */
    public static boolean isValid(final String message) {
        final int trailer = message.length() - TRAILER_LENGTH;
        if (trailer <= 0 || !message.startsWith("10=", trailer) || message.charAt(trailer - 1) != '\u0001') {
            return false;
        }
        return format(sum(message, trailer)).regionMatches(0, message, trailer + 3, 3);
    }

    /**
     * Appends the trailer.
     *
     * @param message raw FIX up to and including the last SOH before CheckSum(10)
     * @return the same builder
     */
    public static StringBuilder append(final StringBuilder message) {
        final int sum = sum(message, message.length());
        return message.append("10=").append(format(sum)).append('\u0001');
    }

    private static int sum(final CharSequence message, final int end) {
        int sum = 0;
        for (int i = 0; i < end; i++) {
            sum += message.charAt(i);
        }
        return sum & 0xFF;
    }

    private static String format(final int sum) {
        return new String(new char[]{(char)('0' + sum / 100), (char)('0' + sum / 10 % 10), (char)('0' + sum % 10)});
    }
}
