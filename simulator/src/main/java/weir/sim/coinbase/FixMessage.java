package weir.sim.coinbase;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One inbound FIX message: its bytes, and its fields in wire order. Values hold one byte per char (ISO 8859-1), so that
 * a signature can be checked over the very bytes. Immutable.
 */
final class FixMessage {
    private static final char SOH = '\u0001';

    private final String text;
    private final List<Field> fields;

    /** One tag=value pair. */
    record Field(int tag, String value) {
    }

    private FixMessage(final String text, final List<Field> fields) {
        this.text = text;
        this.fields = fields;
    }

    /** Splits a framed message. @throws FixReject if a field is not {@code tag=value}. */
    static FixMessage parse(final byte[] bytes) throws FixReject {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        final List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            final int end = text.indexOf(SOH, at);
            final int equals = text.indexOf('=', at);
            if (end < 0 || equals < 0 || equals > end || equals == at || equals - at > 6) {
                throw new FixReject(0, FixReject.INVALID_TAG, "field is not tag=value");
            }
            int tag = 0;
            for (int i = at; i < equals; i++) {
                final char c = text.charAt(i);
                if (c < '0' || c > '9') {
                    throw new FixReject(0, FixReject.INVALID_TAG, "tag is not a number");
                }
                tag = tag * 10 + c - '0';
            }
            fields.add(new Field(tag, text.substring(equals + 1, end)));
            at = end + 1;
        }
        return new FixMessage(text, List.copyOf(fields));
    }

    /** The first value of the tag, or null. */
    String get(final int tag) {
        for (final Field field : fields) {
            if (field.tag() == tag) {
                return field.value();
            }
        }
        return null;
    }

    /** The first value of the tag. @throws FixReject if it is absent or empty. */
    String require(final int tag) throws FixReject {
        final String value = get(tag);
        if (value == null) {
            throw new FixReject(tag, FixReject.REQUIRED_TAG_MISSING, "required tag missing: " + tag);
        }
        if (value.isEmpty()) {
            throw new FixReject(tag, FixReject.TAG_WITHOUT_VALUE, "tag without a value: " + tag);
        }
        return value;
    }

    /** MsgType(35), or an empty text when 35 is not the third field. */
    String msgType() {
        return fields.size() > 2 && fields.get(2).tag() == 35 ? fields.get(2).value() : "";
    }

    /** MsgSeqNum(34), or -1 if absent, not a number, or with a leading zero. */
    int seqNum() {
        final String value = get(34);
        if (value == null || !value.matches("[1-9]\\d{0,9}")) {
            return -1;
        }
        final long number = Long.parseLong(value);
        return number > Integer.MAX_VALUE ? -1 : (int)number;
    }

    List<Field> fields() {
        return fields;
    }

    /**
     * The entries of a repeating group, each a message of its own.
     *
     * @param countTag tag of the count, directly before the first entry.
     * @param order    the group's tags in the order the venue lists them; the first one begins an entry.
     * @throws FixReject if the count is wrong or an entry's fields are out of order.
     */
    List<FixMessage> groups(final int countTag, final int... order) throws FixReject {
        final String count = require(countTag);
        final List<List<Field>> entries = new ArrayList<>();
        boolean inside = false;
        boolean over = false;
        int position = 0;
        for (final Field field : fields) {
            final int at = indexOf(order, field.tag());
            if (field.tag() == countTag) {
                inside = true;
            } else if (inside && at < 0) {
                over = true;
            } else if (inside) {
                if (over || at > 0 && (at <= position || entries.isEmpty())) {
                    throw new FixReject(field.tag(), FixReject.GROUP_OUT_OF_ORDER, "group fields out of order");
                }
                if (at == 0) {
                    entries.add(new ArrayList<>());
                }
                entries.get(entries.size() - 1).add(field);
                position = at;
            }
        }
        if (!count.equals(Integer.toString(entries.size()))) {
            throw new FixReject(countTag, FixReject.WRONG_GROUP_COUNT, "group count is " + entries.size());
        }
        final List<FixMessage> messages = new ArrayList<>();
        for (final List<Field> entry : entries) {
            messages.add(new FixMessage("", entry));
        }
        return messages;
    }

    private static int indexOf(final int[] tags, final int tag) {
        for (int i = 0; i < tags.length; i++) {
            if (tags[i] == tag) {
                return i;
            }
        }
        return -1;
    }

    /** The bytes as text, one byte per char. */
    String text() {
        return text;
    }

    /** Whether Coinbase counts it as a request: anything that is not of the session layer. */
    boolean isRequest() {
        return switch (msgType()) {
            case "A", "0", "1", "2", "3", "4", "5" -> false;
            default -> true;
        };
    }
}
