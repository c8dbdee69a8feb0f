package weir.sim.desk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A FIX message as bytes and as its ordered fields. Building it computes BodyLength(9) and CheckSum(10), or takes
 * wrong ones on purpose; in text, {@code |} stands for SOH.
 */
public final class RawFixMessage {
    private static final char SOH = '\u0001';

    private final byte[] bytes;
    private final List<Map.Entry<Integer, String>> fields = new ArrayList<>();

    /** @param bytes one message from {@code 8=} to the SOH after CheckSum(10), or any bytes */
    public RawFixMessage(final byte[] bytes) {
        this.bytes = bytes.clone();
        for (final String field : text(bytes).split(String.valueOf(SOH))) {
            final int equals = field.indexOf('=');
            if (equals > 0 && field.substring(0, equals).chars().allMatch(Character::isDigit) && equals < 10) {
                fields.add(Map.entry(Integer.parseInt(field.substring(0, equals)), field.substring(equals + 1)));
            }
        }
    }

    /**
     * @param body from MsgType(35) on, such as {@code 35=0|34=2|49=A|52=...|56=B|}
     * @return the message with correct BodyLength(9) and CheckSum(10)
     */
    public static RawFixMessage of(final String body) {
        final int length = bytes(body).length;
        return withCheckSum(body, length, null);
    }

    /** As {@link #of} with BodyLength(9) off by {@code delta}; CheckSum(10) is right for the bytes sent. */
    public static RawFixMessage withBodyLengthOff(final String body, final int delta) {
        return withCheckSum(body, bytes(body).length + delta, null);
    }

    /** As {@link #of} with the given text in CheckSum(10). */
    public static RawFixMessage withCheckSum(final String body, final String checkSum) {
        return withCheckSum(body, bytes(body).length, checkSum);
    }

    private static RawFixMessage withCheckSum(final String body, final int bodyLength, final String checkSum) {
        final byte[] head = bytes("8=FIXT.1.1|9=" + bodyLength + "|" + body);
        final String sum = checkSum == null ? String.format("%03d", sum(head, head.length)) : checkSum;
        final byte[] tail = bytes("10=" + sum + "|");
        final byte[] all = new byte[head.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return new RawFixMessage(all);
    }

    /** @return a copy of the bytes */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** @return the first value of a tag, or null */
    public String get(final int tag) {
        for (final Map.Entry<Integer, String> field : fields) {
            if (field.getKey() == tag) {
                return field.getValue();
            }
        }
        return null;
    }

    /** @return MsgType(35), or null */
    public String msgType() {
        return get(35);
    }

    /** @return all fields in wire order; tags may repeat */
    public List<Map.Entry<Integer, String>> fields() {
        return List.copyOf(fields);
    }

    /** @return true when CheckSum(10) and BodyLength(9) are those of the bytes */
    public boolean wellFramed() {
        final String text = text(bytes);
        final int checkSumAt = text.lastIndexOf(SOH + "10=") + 1;
        final int bodyAt = text.indexOf(SOH, text.indexOf(SOH) + 1) + 1;
        return checkSumAt > bodyAt && bodyAt > 0
            && Integer.toString(checkSumAt - bodyAt).equals(get(9))
            && String.format("%03d", sum(bytes, checkSumAt)).equals(get(10));
    }

    /** @return the text with {@code |} for SOH */
    @Override
    public String toString() {
        return text(bytes).replace(SOH, '|');
    }

    private static int sum(final byte[] bytes, final int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += bytes[i] & 0xFF;
        }
        return sum & 0xFF;
    }

    private static byte[] bytes(final String text) {
        return text.replace('|', SOH).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
