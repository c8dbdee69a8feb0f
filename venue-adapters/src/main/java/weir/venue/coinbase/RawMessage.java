package weir.venue.coinbase;

/** Single fields of a FIX message as text, for those who need one or two. Stateless; any thread. */
final class RawMessage {
    static final String MSG_TYPE = "\u000135=";
    static final String MSG_SEQ_NUM = "\u000134=";
    static final String RAW_DATA = "\u000196=";
    static final String POSS_DUP = "\u000143=";
    static final String NEW_SEQ_NO = "\u000136=";
    private static final char SOH = '\u0001';
    private static final String ADMIN_TYPES = "012345A";
    private static final int NUMBER_MAX = 200_000_000;

    private RawMessage() {
    }

    static boolean isApplication(final String type) {
        return type.length() != 1 || ADMIN_TYPES.indexOf(type.charAt(0)) < 0;
    }

    /** Value of a field by its tag; empty when absent. */
    static String field(final String message, final String tag) {
        return value(message, SOH + tag + "=");
    }

    /** Value of a field by {@code SOH tag =}; empty when absent. */
    static String value(final String message, final String key) {
        final int start = message.indexOf(key);
        if (start < 0) {
            return "";
        }
        final int from = start + key.length();
        final int end = message.indexOf(SOH, from);
        return message.substring(from, end < 0 ? message.length() : end);
    }

    /** Value of a text of digits, 0 for any other. */
    static int number(final String text) {
        int result = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < '0' || c > '9' || result > NUMBER_MAX) {
                return 0;
            }
            result = result * 10 + (c - '0');
        }
        return result;
    }
}
