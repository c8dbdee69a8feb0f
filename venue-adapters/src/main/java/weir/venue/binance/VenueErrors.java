package weir.venue.binance;

import java.util.Map;
import java.util.Set;
import weir.protocol.RejectReason;

/**
 * The venue's error codes and what they mean here ("Error codes"). A refusal of the caller (4xx) is sure; what leaves
 * the outcome open is never taken for one.
 */
final class VenueErrors {
    static final int TOO_MANY_REQUESTS = -1003;
    static final int TOO_MANY_ORDERS = -1015;
    static final int SERVER_BUSY = -1008;
    static final int SHUTTING_DOWN = -1016;
    static final int TIMESTAMP = -1021;
    static final int CANCEL_REJECTED = -2011;
    static final int NO_SUCH_ORDER = -2013;
    static final int REPLACE_PARTIAL = -2021;
    static final int REPLACE_FAILED = -2022;

    /** The request may yet have been carried out. */
    private static final Set<Integer> UNSURE = Set.of(-1000, -1001, -1006, -1007);
    private static final Set<Integer> KEY = Set.of(-1022, -2014, -2015, -1002);

    private static final Map<Integer, RejectReason> REASONS = Map.ofEntries(
        Map.entry(TOO_MANY_REQUESTS, RejectReason.VENUE_THROTTLED),
        Map.entry(TOO_MANY_ORDERS, RejectReason.VENUE_THROTTLED),
        Map.entry(SERVER_BUSY, RejectReason.VENUE_THROTTLED),
        Map.entry(SHUTTING_DOWN, RejectReason.VENUE_DOWN),
        Map.entry(-1111, RejectReason.PRICE_PRECISION),
        Map.entry(-1115, RejectReason.TIF_UNSUPPORTED),
        Map.entry(-1116, RejectReason.ORD_TYPE_UNSUPPORTED),
        Map.entry(-1117, RejectReason.SIDE_INVALID),
        Map.entry(-1121, RejectReason.UNKNOWN_SYMBOL),
        Map.entry(-1138, RejectReason.SELF_TRADE_UNSUPPORTED),
        Map.entry(CANCEL_REJECTED, RejectReason.UNKNOWN_ORDER),
        Map.entry(NO_SUCH_ORDER, RejectReason.UNKNOWN_ORDER),
        Map.entry(-2038, RejectReason.REPLACE_NOT_ALLOWED),
        Map.entry(-2039, RejectReason.UNKNOWN_ORDER));

    /** Parts of the text of -1013 and -2010, which mean many things. */
    private static final Map<String, RejectReason> TEXTS = Map.ofEntries(
        Map.entry("PRICE_FILTER", RejectReason.PRICE_PRECISION),
        Map.entry("PERCENT_PRICE", RejectReason.PRICE_COLLAR),
        Map.entry("LOT_SIZE", RejectReason.QTY_PRECISION),
        Map.entry("NOTIONAL", RejectReason.NOTIONAL_BELOW_MINIMUM),
        Map.entry("MAX_NUM", RejectReason.VENUE_OPEN_ORDERS),
        Map.entry("self-trade prevention mode", RejectReason.SELF_TRADE_UNSUPPORTED),
        Map.entry("Market is closed", RejectReason.INSTRUMENT_HALTED),
        Map.entry("not permitted for this account", RejectReason.INSTRUMENT_NOT_PERMITTED));

    private VenueErrors() {
    }

    static boolean isUnsure(final Answer answer) {
        return answer.body() == null || UNSURE.contains(answer.code())
            || answer.status() >= 500 && answer.code() != SERVER_BUSY && answer.code() != SHUTTING_DOWN;
    }

    /** The key is refused, whatever is sent with it. */
    static boolean isKey(final int code) {
        return KEY.contains(code);
    }

    static RejectReason reason(final int code, final String text) {
        final RejectReason known = REASONS.get(code);
        if (known != null) {
            return known;
        }
        for (final Map.Entry<String, RejectReason> each : TEXTS.entrySet()) {
            if (text.contains(each.getKey())) {
                return each.getValue();
            }
        }
        return RejectReason.VENUE_REJECTED;
    }
}
