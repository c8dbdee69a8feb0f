package weir.config.warmup;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One end of a FIXT.1.1 connection, no more than a made-up peer needs: messages are made field by field and leave with
 * {@link #flush()}; what came is read message by message. No checks of what the other end sends. One thread.
 */
final class FixSocket implements AutoCloseable {
    private static final int CAPACITY = 1 << 18;
    private static final int MESSAGE_MAX = 2_048;
    private static final int TAGS = 2_048;
    private static final int TRAILER_BYTES = 7;
    private static final byte SOH = 1;
    private static final byte[] BEGIN = "8=FIXT.1.1\u00019=".getBytes(StandardCharsets.US_ASCII);
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
        DateTimeFormatter.ofPattern("yyyyMMdd-HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final SocketChannel channel;
    private final byte[] in = new byte[CAPACITY];
    private final ByteBuffer inBytes = ByteBuffer.wrap(in);
    private final byte[] out = new byte[CAPACITY];
    private final ByteBuffer outBytes = ByteBuffer.wrap(out);
    private final byte[] body = new byte[MESSAGE_MAX];
    private final byte[] digits = new byte[20];
    private final int[] from = new int[TAGS];
    private final int[] to = new int[TAGS];
    private final int[] seen = new int[TAGS];
    private int message;
    private int consumed;
    private int bodyLength;
    private int sequence;
    private long timeMs;
    private byte[] time = new byte[0];

    /** Takes over an open channel. */
    FixSocket(final SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** The next message sent is number 1. */
    void resetSequence() {
        sequence = 0;
    }

    /** Room for some more messages. */
    boolean hasRoom() {
        return outBytes.remaining() > 8 * MESSAGE_MAX;
    }

    /** Reads what is there; the answer is false at the end of the connection. */
    boolean read() throws IOException {
        if (consumed > 0) {
            inBytes.flip().position(consumed);
            inBytes.compact();
            consumed = 0;
        }
        return channel.read(inBytes) >= 0;
    }

    /** First byte that waits, -1 = none. */
    int firstByte() {
        return consumed < inBytes.position() ? in[consumed] : -1;
    }

    /** Goes to the next whole message that was read. */
    boolean next() {
        final int limit = inBytes.position();
        int at = consumed + BEGIN.length;
        int length = 0;
        while (at < limit && in[at] != SOH) {
            length = 10 * length + in[at++] - '0';
        }
        final int end = at + 1 + length + TRAILER_BYTES;
        if (at >= limit || end > limit) {
            return false;
        }
        index(at + 1, end - TRAILER_BYTES);
        consumed = end;
        return true;
    }

    private void index(final int start, final int end) {
        message++;
        int at = start;
        while (at < end) {
            int tag = 0;
            while (in[at] != '=') {
                tag = 10 * tag + in[at++] - '0';
            }
            final int value = ++at;
            while (in[at] != SOH) {
                at++;
            }
            if (tag < TAGS) {
                from[tag] = value;
                to[tag] = at;
                seen[tag] = message;
            }
            at++;
        }
    }

    boolean has(final int tag) {
        return seen[tag] == message;
    }

    /** First byte of a field, 0 where it is not there. */
    byte first(final int tag) {
        return has(tag) ? in[from[tag]] : 0;
    }

    /** The digits of a field, whatever else is in it. */
    long number(final int tag) {
        long value = 0;
        for (int i = from[tag]; has(tag) && i < to[tag]; i++) {
            if (in[i] >= '0' && in[i] <= '9') {
                value = 10 * value + in[i] - '0';
            }
        }
        return value;
    }

    String text(final int tag) {
        return has(tag) ? new String(in, from[tag], to[tag] - from[tag], StandardCharsets.US_ASCII) : "";
    }

    /** Begins a message with its header. */
    FixSocket begin(final String type, final String sender, final String target) {
        bodyLength = 0;
        return put(35, type).put(49, sender).put(56, target).put(34, ++sequence).time(52);
    }

    FixSocket put(final int tag, final String value) {
        tag(tag);
        for (int i = 0; i < value.length(); i++) {
            body[bodyLength++] = (byte)value.charAt(i);
        }
        body[bodyLength++] = SOH;
        return this;
    }

    FixSocket put(final int tag, final long value) {
        tag(tag);
        bodyLength = number(body, bodyLength, value);
        body[bodyLength++] = SOH;
        return this;
    }

    /** A text that ends in a number. */
    FixSocket put(final int tag, final String prefix, final long value) {
        put(tag, prefix);
        bodyLength = number(body, bodyLength - 1, value);
        body[bodyLength++] = SOH;
        return this;
    }

    /** A field of the message that another socket is at; none where it is not there. */
    FixSocket copy(final int tag, final FixSocket source, final int sourceTag) {
        if (source.has(sourceTag)) {
            tag(tag);
            final int length = source.to[sourceTag] - source.from[sourceTag];
            System.arraycopy(source.in, source.from[sourceTag], body, bodyLength, length);
            bodyLength += length;
            body[bodyLength++] = SOH;
        }
        return this;
    }

    /** Now; every other millisecond to the microsecond, for peers use both. */
    FixSocket time(final int tag) {
        final long nowMs = System.currentTimeMillis();
        if (nowMs != timeMs) {
            timeMs = nowMs;
            time = ((nowMs & 1) == 0 ? MILLIS : MICROS).format(Instant.ofEpochMilli(nowMs))
                .getBytes(StandardCharsets.US_ASCII);
        }
        tag(tag);
        System.arraycopy(time, 0, body, bodyLength, time.length);
        bodyLength += time.length;
        body[bodyLength++] = SOH;
        return this;
    }

    /** Ends the message; it leaves with the next {@link #flush()}. */
    void end() {
        int at = outBytes.position();
        final int start = at;
        System.arraycopy(BEGIN, 0, out, at, BEGIN.length);
        at = number(out, at + BEGIN.length, bodyLength);
        out[at++] = SOH;
        System.arraycopy(body, 0, out, at, bodyLength);
        at += bodyLength;
        int sum = 0;
        for (int i = start; i < at; i++) {
            sum += out[i];
        }
        sum &= 0xFF;
        out[at++] = '1';
        out[at++] = '0';
        out[at++] = '=';
        out[at++] = (byte)('0' + sum / 100);
        out[at++] = (byte)('0' + sum / 10 % 10);
        out[at++] = (byte)('0' + sum % 10);
        out[at++] = SOH;
        outBytes.position(at);
    }

    /** Writes what the operating system takes. */
    void flush() throws IOException {
        if (outBytes.position() > 0) {
            outBytes.flip();
            channel.write(outBytes);
            outBytes.compact();
        }
    }

    private void tag(final int tag) {
        bodyLength = number(body, bodyLength, tag);
        body[bodyLength++] = '=';
    }

    private int number(final byte[] target, final int at, final long value) {
        int length = 0;
        long rest = value;
        do {
            digits[length++] = (byte)('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        int end = at;
        while (length > 0) {
            target[end++] = digits[--length];
        }
        return end;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
