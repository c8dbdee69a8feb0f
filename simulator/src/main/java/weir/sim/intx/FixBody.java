package weir.sim.intx;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** The body of an outbound message, in the order in which fields are added, and the frame around it. */
final class FixBody {
    private static final char SOH = '\u0001';

    private final String msgType;
    private final StringBuilder fields = new StringBuilder(256);

    FixBody(final String msgType) {
        this.msgType = msgType;
    }

    /** Adds a field; null adds nothing. */
    FixBody add(final int tag, final String value) {
        if (value != null && !value.isEmpty()) {
            fields.append(tag).append('=').append(value).append(SOH);
        }
        return this;
    }

    FixBody add(final int tag, final long value) {
        return add(tag, Long.toString(value));
    }

    FixBody add(final int tag, final char value) {
        return add(tag, String.valueOf(value));
    }

    FixBody add(final int tag, final BigDecimal value) {
        return add(tag, value == null ? null : value.toPlainString());
    }

    String msgType() {
        return msgType;
    }

    /** The whole message: 35, 49, 56, 34, 52, 369, the body. */
    byte[] encode(final String sender, final String target, final int seqNum, final String sendingTime,
        final int lastProcessed) {
        final StringBuilder body = new StringBuilder(fields.length() + 128).append("35=").append(msgType).append(SOH)
            .append("49=").append(sender).append(SOH).append("56=").append(target).append(SOH).append("34=")
            .append(seqNum).append(SOH).append("52=").append(sendingTime).append(SOH);
        if (lastProcessed > 0) {
            body.append("369=").append(lastProcessed).append(SOH);
        }
        body.append(fields);
        final String unsummed = "8=FIXT.1.1" + SOH + "9=" + body.length() + SOH + body;
        int sum = 0;
        for (final byte b : unsummed.getBytes(StandardCharsets.ISO_8859_1)) {
            sum += b;
        }
        return (unsummed + "10=" + Integer.toString(1000 + (sum & 0xff)).substring(1) + SOH)
            .getBytes(StandardCharsets.ISO_8859_1);
    }
}
