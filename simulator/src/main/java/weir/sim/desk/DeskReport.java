package weir.sim.desk;

import java.math.BigDecimal;
import java.util.Map;

/**
 * One message a desk received: an application message (8, 9, r, j, B) or a session message of interest (3, 5).
 * Immutable.
 *
 * @param index       position in the client's log of reports, from 0, in order of arrival
 * @param epochNs     arrival, nanoseconds since the epoch by the client's clock
 * @param nanoTime    arrival by {@link System#nanoTime()}, for durations
 * @param msgType     MsgType(35)
 * @param msgSeqNum   MsgSeqNum(34)
 * @param possDup     PossDupFlag(43) = Y
 * @param possResend  PossResend(97) = Y
 * @param duplicate   an ExecutionReport whose ExecID(17) was already received
 * @param fields      tag to value of the standard header and the body, in wire order of QuickFIX/J; no repeating groups
 * @param raw         the message text, SOH shown as {@code |}
 */
public record DeskReport(int index, long epochNs, long nanoTime, String msgType, int msgSeqNum, boolean possDup,
                         boolean possResend, boolean duplicate, Map<Integer, String> fields, String raw) {

    /** @return the value of a tag, or null when absent */
    public String get(final int tag) {
        return fields.get(tag);
    }

    /**
     * @return the value of a decimal tag, or null when absent; throws NumberFormatException on text that is no decimal
     */
    public BigDecimal decimal(final int tag) {
        final String text = fields.get(tag);
        return text == null ? null : new BigDecimal(text);
    }

    /** @return ClOrdID(11), or null */
    public String clOrdId() {
        return get(11);
    }

    /** @return OrigClOrdID(41), or null */
    public String origClOrdId() {
        return get(41);
    }

    /** @return ExecID(17), or null */
    public String execId() {
        return get(17);
    }

    /** @return ExecType(150), or 0 when absent */
    public char execType() {
        return first(150);
    }

    /** @return OrdStatus(39), or 0 when absent */
    public char ordStatus() {
        return first(39);
    }

    /** @return Text(58), empty when absent */
    public String text() {
        final String text = get(58);
        return text == null ? "" : text;
    }

    /**
     * @return the code that leads Text(58) = {@code CODE key=value ...}; empty when the text does not start with one
     */
    public String code() {
        final String text = text();
        int end = 0;
        while (end < text.length() && isCodeChar(text.charAt(end))) {
            end++;
        }
        final boolean ends = end == text.length() || text.charAt(end) == ' ';
        return end >= 2 && ends && Character.isUpperCase(text.charAt(0)) ? text.substring(0, end) : "";
    }

    private char first(final int tag) {
        final String value = fields.get(tag);
        return value == null || value.isEmpty() ? 0 : value.charAt(0);
    }

    private static boolean isCodeChar(final char c) {
        return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
