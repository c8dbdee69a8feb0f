package weir.chain;

/** Bytes as the chain's {@code 0x} text, lower case. */
public final class Hex {
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private Hex() {
    }

    /**
     * Text of bytes.
     *
     * @param bytes any number
     * @return {@code 0x} and two digits a byte
     */
    public static String of(final byte[] bytes) {
        final char[] text = new char[2 + 2 * bytes.length];
        text[0] = '0';
        text[1] = 'x';
        for (int i = 0; i < bytes.length; i++) {
            text[2 + 2 * i] = DIGITS[bytes[i] >> 4 & 0xf];
            text[3 + 2 * i] = DIGITS[bytes[i] & 0xf];
        }
        return new String(text);
    }

    /**
     * Bytes of a text.
     *
     * @param text hexadecimal of either case, with or without {@code 0x}, an even number of digits
     * @return the bytes
     * @throws IllegalArgumentException for anything else; the text is not repeated, as it may be a key
     */
    public static byte[] bytes(final String text) {
        final int start = text.startsWith("0x") || text.startsWith("0X") ? 2 : 0;
        final int digits = text.length() - start;
        if (digits % 2 != 0) {
            throw new IllegalArgumentException("hexadecimal text has an odd number of digits: " + digits);
        }
        final byte[] bytes = new byte[digits / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte)(digit(text, start + 2 * i) << 4 | digit(text, start + 2 * i + 1));
        }
        return bytes;
    }

    private static int digit(final String text, final int index) {
        final char c = text.charAt(index);
        final int value = c < 128 ? Character.digit(c, 16) : -1;
        if (value < 0) {
            throw new IllegalArgumentException("no hexadecimal digit at " + index);
        }
        return value;
    }
}
