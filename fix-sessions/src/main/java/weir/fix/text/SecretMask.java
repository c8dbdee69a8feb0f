package weir.fix.text;

/**
 * Blanks the secrets of a raw FIX message before it is logged: Password(554), RawData(96), NewPassword(925),
 * Signature(89). The length stays the same, so that positions and BodyLength(9) still fit; CheckSum(10) does not.
 * Stateless; any thread.
 */
public final class SecretMask {
    private static final String[] TAGS = {"554=", "96=", "925=", "89="};

    private SecretMask() {
    }

    /**
     * Masks.
     *
     * @param message raw FIX, or text that quotes it
     * @return the same object when there is nothing to mask
     */
    public static String mask(final String message) {
        StringBuilder masked = null;
        for (final String tag : TAGS) {
            int at = message.indexOf(tag);
            while (at >= 0) {
                final int start = at + tag.length();
                int end = start;
                if (at == 0 || isDelimiter(message.charAt(at - 1))) {
                    masked = masked == null ? new StringBuilder(message) : masked;
                    while (end < message.length() && message.charAt(end) != '\u0001') {
                        masked.setCharAt(end++, '*');
                    }
                }
                at = message.indexOf(tag, end);
            }
        }
        return masked == null ? message : masked.toString();
    }

    private static boolean isDelimiter(final char c) {
        return c < '0' || c > '9';
    }
}
