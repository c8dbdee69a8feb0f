package weir.fix.logon;

import weir.fix.text.FixChecksum;
import weir.fix.text.UtcTimestampText;

/** Raw messages that the gate makes itself. Stateless; any thread. */
final class MessageCut {
    private static final char SOH = '\u0001';
    private static final int[] HEADER_TAGS = {49, 56, 34, 52, 43, 97, 122};

    private MessageCut() {
    }

    /** Value of MsgType(35), the third field; null when it is not there. */
    static String msgType(final String raw) {
        final int second = raw.indexOf(SOH, raw.indexOf(SOH) + 1);
        if (second < 0 || !raw.startsWith("35=", second + 1)) {
            return null;
        }
        final int stop = raw.indexOf(SOH, second + 1);
        return stop < 0 ? null : raw.substring(second + 4, stop);
    }

    /** The same message without its body. */
    static String toHeader(final String raw) {
        final StringBuilder body = new StringBuilder("35=").append(msgType(raw)).append(SOH);
        for (final int tag : HEADER_TAGS) {
            final String key = SOH + Integer.toString(tag) + '=';
            final int at = raw.indexOf(key);
            if (at >= 0) {
                body.append(raw, at + 1, raw.indexOf(SOH, at + 1) + 1);
            }
        }
        return complete(body);
    }

    /** A Logout(5) outside of any session. */
    static String logout(final String sender, final String target, final long nowNs, final String text) {
        final String sendingTime = UtcTimestampText.format(nowNs).substring(0, 21);
        return complete(new StringBuilder("35=5").append(SOH).append("34=0").append(SOH).append("49=").append(sender)
            .append(SOH).append("52=").append(sendingTime).append(SOH).append("56=").append(target).append(SOH)
            .append("58=").append(text).append(SOH));
    }

    private static String complete(final StringBuilder body) {
        final StringBuilder message = new StringBuilder("8=FIXT.1.1").append(SOH).append("9=").append(body.length())
            .append(SOH).append(body);
        return FixChecksum.append(message).toString();
    }
}
