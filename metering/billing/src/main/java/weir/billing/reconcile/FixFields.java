package weir.billing.reconcile;

import java.util.Arrays;

/**
 * Tags and values of one raw FIX message, found by scanning for SOH; independent of any FIX library. A tag that stands
 * twice keeps its first value; group members are not told apart.
 */
final class FixFields {
    private static final char SOH = '\u0001';

    private int[] tags = new int[64];
    private String[] values = new String[64];
    private int count;

    /** @return null when the text is no FIX message */
    static FixFields scan(final String text) {
        if (!text.startsWith("8=FIX")) {
            return null;
        }
        final FixFields fields = new FixFields();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(SOH, start);
            if (end < 0) {
                end = text.length();
            }
            final int equals = text.indexOf('=', start);
            if (equals > start && equals < end) {
                fields.add(text, start, equals, end);
            }
            start = end + 1;
        }
        return fields.get(35) == null ? null : fields;
    }

    private void add(final String text, final int start, final int equals, final int end) {
        int tag = 0;
        for (int i = start; i < equals; i++) {
            final char digit = text.charAt(i);
            if (digit < '0' || digit > '9' || tag > 1_000_000) {
                return;
            }
            tag = tag * 10 + digit - '0';
        }
        if (count == tags.length) {
            tags = Arrays.copyOf(tags, count * 2);
            values = Arrays.copyOf(values, count * 2);
        }
        tags[count] = tag;
        values[count++] = text.substring(equals + 1, end);
    }

    String get(final int tag) {
        for (int i = 0; i < count; i++) {
            if (tags[i] == tag) {
                return values[i];
            }
        }
        return null;
    }

    String getOr(final int tag, final String absent) {
        final String value = get(tag);
        return value == null ? absent : value;
    }

    boolean isYes(final int tag) {
        return "Y".equals(get(tag));
    }
}
