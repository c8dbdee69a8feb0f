package weir.sim.coinbase;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The body of an outbound message and the framing around it. A repeating group is one chunk, so that fields can be
 * shuffled without tearing it. Built by one thread, then only read.
 */
final class FixBody {
    private static final char SOH = '\u0001';

    private final String msgType;
    private final List<String> chunks = new ArrayList<>();

    FixBody(final String msgType) {
        this.msgType = msgType;
    }

    /** Adds a field; a null value adds nothing. */
    FixBody add(final int tag, final String value) {
        if (value != null) {
            chunks.add(tag + "=" + value + SOH);
        }
        return this;
    }

    FixBody add(final int tag, final long value) {
        return add(tag, Long.toString(value));
    }

    /** Adds a group that is already encoded, its last SOH included. */
    FixBody addGroup(final String chunk) {
        chunks.add(chunk);
        return this;
    }

    FixBody shuffle(final Random random) {
        final FixBody copy = new FixBody(msgType);
        copy.chunks.addAll(chunks);
        Collections.shuffle(copy.chunks, random);
        return copy;
    }

    String msgType() {
        return msgType;
    }

    /**
     * The whole message.
     *
     * @param headerExtra encoded header fields between 56 and the body, such as {@code 43=Y}; empty for none.
     */
    byte[] encode(
        final String target, final int seqNum, final String sendingTime, final String headerExtra) {
        final StringBuilder body = new StringBuilder(256);
        body.append("35=").append(msgType).append(SOH).append("34=").append(seqNum).append(SOH)
            .append("49=Coinbase").append(SOH).append(headerExtra).append("52=").append(sendingTime).append(SOH)
            .append("56=").append(target).append(SOH);
        for (final String chunk : chunks) {
            body.append(chunk);
        }
        final String head = "8=FIXT.1.1" + SOH + "9=" + body.length() + SOH;
        final byte[] unsummed = (head + body).getBytes(StandardCharsets.ISO_8859_1);
        int sum = 0;
        for (final byte b : unsummed) {
            sum += b;
        }
        final String checksum = Integer.toString(1000 + (sum & 0xff)).substring(1);
        return (head + body + "10=" + checksum + SOH).getBytes(StandardCharsets.ISO_8859_1);
    }
}
