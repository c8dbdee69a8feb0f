package weir.sim.intx;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One inbound FIX message: its fields in wire order. Values hold one byte per char (ISO 8859-1), so that a signature is
 * checked over the very bytes. Immutable.
 */
final class FixMessage {
    private static final char SOH = '\u0001';
    private static final int TAG_DIGITS_MAX = 6;

    private final List<Field> fields;

    /** One tag=value pair. */
    record Field(int tag, String value) {
    }

    private FixMessage(final List<Field> fields) {
        this.fields = fields;
    }

    /** Splits a framed message; null when a field is not {@code tag=value}. */
    static FixMessage parse(final byte[] bytes) {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        final List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            final int end = text.indexOf(SOH, at);
            final int equals = text.indexOf('=', at);
            if (end < 0 || equals < 0 || equals > end || equals == at || equals - at > TAG_DIGITS_MAX) {
                return null;
            }
            int tag = 0;
            for (int i = at; i < equals; i++) {
                final char c = text.charAt(i);
                if (c < '0' || c > '9') {
                    return null;
                }
                tag = tag * 10 + c - '0';
            }
            fields.add(new Field(tag, text.substring(equals + 1, end)));
            at = end + 1;
        }
        return new FixMessage(List.copyOf(fields));
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
            throw new FixReject(tag, FixReject.REQUIRED_TAG_MISSING, "Required tag missing: " + tag);
        }
        if (value.isEmpty()) {
            throw new FixReject(tag, FixReject.TAG_WITHOUT_VALUE, "Tag specified without a value: " + tag);
        }
        return value;
    }

    /** One of some characters. @throws FixReject if it is another. */
    char oneOf(final int tag, final String known, final char otherwise) throws FixReject {
        final String value = get(tag);
        if (value == null && otherwise != 0) {
            return otherwise;
        }
        final String present = require(tag);
        if (present.length() != 1 || known.indexOf(present.charAt(0)) < 0) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT, "Value is incorrect: " + tag);
        }
        return present.charAt(0);
    }

    /** A decimal, null when absent. @throws FixReject if it is none. */
    BigDecimal decimal(final int tag) throws FixReject {
        final String value = get(tag);
        if (value == null) {
            return null;
        }
        if (!value.matches("-?\\d+(\\.\\d*)?")) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT, "Value is incorrect: " + tag);
        }
        return new BigDecimal(value);
    }

    /** MsgType(35), empty when it is not the third field. */
    String msgType() {
        return fields.size() > 2 && fields.get(2).tag() == 35 ? fields.get(2).value() : "";
    }

    /** MsgSeqNum(34), -1 when absent, no number, or with a leading zero. */
    int seqNum() {
        final String value = get(34);
        return value == null || !value.matches("[1-9]\\d{0,8}") ? -1 : Integer.parseInt(value);
    }

    /** Whether it is not of the session layer. */
    boolean isApplication() {
        return switch (msgType()) {
            case "A", "0", "1", "2", "3", "4", "5" -> false;
            default -> true;
        };
    }
}
