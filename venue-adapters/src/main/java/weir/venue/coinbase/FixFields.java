package weir.venue.coinbase;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.UUID;

/**
 * Tag scanner over one received FIX message: fields in the order received, whatever that order is. The venue sends body
 * fields out of tag order and tags that no dictionary knows. Reused; one thread.
 */
final class FixFields {
    private static final char SOH = '\u0001';

    private String text = "";
    private int[] tags = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;

    FixFields wrap(final String message) {
        text = message;
        count = 0;
        int index = 0;
        while (index < message.length()) {
            int tag = 0;
            while (index < message.length() && message.charAt(index) != '=' && message.charAt(index) != SOH) {
                final char c = message.charAt(index++);
                tag = c >= '0' && c <= '9' ? tag * 10 + (c - '0') : -1;
            }
            if (index < message.length() && message.charAt(index) == '=') {
                final int start = ++index;
                final int soh = message.indexOf(SOH, start);
                index = soh < 0 ? message.length() : soh;
                add(tag, start, index);
            }
            index++;
        }
        return this;
    }

    int count() {
        return count;
    }

    int tagAt(final int index) {
        return tags[index];
    }

    String valueAt(final int index) {
        return text.substring(starts[index], ends[index]);
    }

    int indexOf(final int tag) {
        for (int i = 0; i < count; i++) {
            if (tags[i] == tag) {
                return i;
            }
        }
        return -1;
    }

    /** First value of the tag, null when absent. */
    String get(final int tag) {
        final int index = indexOf(tag);
        return index < 0 ? null : valueAt(index);
    }

    /** First value of the tag, empty when absent. */
    String getOrEmpty(final int tag) {
        final String value = get(tag);
        return value == null ? "" : value;
    }

    /** First character of the tag's value, 0 when absent. */
    char getChar(final int tag) {
        final int index = indexOf(tag);
        return index < 0 || starts[index] == ends[index] ? 0 : text.charAt(starts[index]);
    }

    /** Value as a non-negative int, -1 when absent or no number. */
    int getInt(final int tag) {
        final String value = get(tag);
        if (value == null || value.isEmpty() || value.length() > 9) {
            return -1;
        }
        int result = 0;
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            result = result * 10 + (c - '0');
        }
        return result;
    }

    /** Value as a UUID, null when absent or none. */
    UUID getUuid(final int tag) {
        final String value = get(tag);
        if (value == null || value.length() != 36) {
            return null;
        }
        try {
            return UUID.fromString(value);
        } catch (final IllegalArgumentException ex) {
            return null;
        }
    }

    /** UTCTimestamp with 0 to 9 decimals as epoch nanoseconds, 0 when absent or malformed. */
    long getTimestampNs(final int tag) {
        final String value = get(tag);
        if (value == null || value.length() < 17) {
            return 0;
        }
        try {
            final LocalDateTime time = LocalDateTime.of(
                Integer.parseInt(value, 0, 4, 10), Integer.parseInt(value, 4, 6, 10), Integer.parseInt(value, 6, 8, 10),
                Integer.parseInt(value, 9, 11, 10), Integer.parseInt(value, 12, 14, 10),
                Math.min(59, Integer.parseInt(value, 15, 17, 10)));
            long nanos = 0;
            for (int i = 18; i < 27; i++) {
                nanos = nanos * 10 + (i < value.length() ? value.charAt(i) - '0' : 0);
            }
            return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000_000L + nanos;
        } catch (final RuntimeException ex) {
            return 0;
        }
    }

    private void add(final int tag, final int start, final int end) {
        if (count == tags.length) {
            tags = Arrays.copyOf(tags, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        tags[count] = tag;
        starts[count] = start;
        ends[count++] = end;
    }
}
