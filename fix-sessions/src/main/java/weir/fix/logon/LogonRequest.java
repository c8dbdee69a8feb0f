package weir.fix.logon;

import weir.fix.text.UtcTimestampText;

import java.util.HashMap;
import java.util.Map;

/**
 * The fields of a Logon(A) that the proof needs, read strictly: no tag twice, no routing fields, RawDataLength(95)
 * equal to the length of RawData(96). What is read here is what QuickFIX/J will read: it takes the first of doubled
 * tags and looks sessions up by sub and location ids, so a Logon that has either is malformed.
 *
 * @param senderCompId  SenderCompID(49)
 * @param targetCompId  TargetCompID(56)
 * @param msgSeqNum     MsgSeqNum(34) as sent
 * @param sendingTime   SendingTime(52) as sent
 * @param sendingTimeNs SendingTime(52), epoch nanoseconds
 * @param username      Username(553), or null
 * @param password      Password(554), or null
 * @param rawData       RawData(96), or null
 */
record LogonRequest(String senderCompId, String targetCompId, String msgSeqNum, String sendingTime, long sendingTimeNs,
    String username, String password, String rawData) {

    private static final char SOH = '\u0001';
    private static final int[] ROUTING_TAGS = {50, 57, 115, 116, 128, 129, 142, 143, 144, 145};

    /**
     * Reads a raw message.
     *
     * @param message raw FIX with a valid checksum
     * @return the request, or null when it is no well-formed Logon of FIXT.1.1
     */
    static LogonRequest parse(final String message) {
        final Map<Integer, String> fields = fields(message);
        if (fields == null || !"FIXT.1.1".equals(fields.get(8)) || !"A".equals(fields.get(35))) {
            return null;
        }
        for (final int tag : ROUTING_TAGS) {
            if (fields.containsKey(tag)) {
                return null;
            }
        }
        final String msgSeqNum = fields.get(34);
        final String sendingTime = fields.get(52);
        final long sendingTimeNs = UtcTimestampText.parse(sendingTime);
        if (fields.get(49) == null || fields.get(56) == null || msgSeqNum == null || !msgSeqNum.matches("\\d{1,9}") ||
            sendingTimeNs == UtcTimestampText.INVALID || fields.get(108) == null) {
            return null;
        }
        final String rawData = fields.get(96);
        if (rawData != null && !Integer.toString(rawData.length()).equals(fields.get(95))) {
            return null;
        }
        return new LogonRequest(fields.get(49), fields.get(56), msgSeqNum, sendingTime, sendingTimeNs,
            fields.get(553), fields.get(554), rawData);
    }

    private static Map<Integer, String> fields(final String message) {
        final Map<Integer, String> fields = new HashMap<>();
        int at = 0;
        while (at < message.length()) {
            final int equals = message.indexOf('=', at);
            final int stop = message.indexOf(SOH, at);
            if (equals < 0 || stop < equals || equals - at > 6) {
                return null;
            }
            int tag = 0;
            for (int i = at; i < equals; i++) {
                final char c = message.charAt(i);
                if (c < '0' || c > '9') {
                    return null;
                }
                tag = tag * 10 + (c - '0');
            }
            if (equals + 1 == stop || fields.put(tag, message.substring(equals + 1, stop)) != null) {
                return null;
            }
            at = stop + 1;
        }
        return fields;
    }

    @Override
    public String toString() {
        return senderCompId + " to " + targetCompId;
    }
}
