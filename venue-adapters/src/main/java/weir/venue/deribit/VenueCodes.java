package weir.venue.deribit;

import java.util.Map;
import java.util.Set;
import weir.protocol.RejectReason;

/**
 * The venue's error codes and what they mean here. A code that is not known is never taken for a refusal: the order's
 * state is asked.
 */
final class VenueCodes {
    static final int TOO_MANY_REQUESTS = 10028;
    static final int ORDER_NOT_FOUND = 10004;
    static final int UNAUTHORIZED = 13009;

    /** Codes after which the request may yet have been executed, and those that name no reason. */
    private static final Set<Integer> UNSURE = Set.of(10001, 11094, 13028, 13888, -32000);
    /** The connection's token is no good, or the key is not. */
    private static final Set<Integer> CREDENTIALS = Set.of(9999, 10000, 13004, UNAUTHORIZED);

    private static final Map<Integer, RejectReason> REFUSALS = Map.ofEntries(
        Map.entry(9999, RejectReason.VENUE_REJECTED),
        Map.entry(10000, RejectReason.VENUE_REJECTED),
        Map.entry(10002, RejectReason.QTY_BELOW_MINIMUM),
        Map.entry(10003, RejectReason.SELF_TRADE),
        Map.entry(ORDER_NOT_FOUND, RejectReason.UNKNOWN_ORDER),
        Map.entry(10005, RejectReason.PRICE_COLLAR),
        Map.entry(10006, RejectReason.PRICE_COLLAR),
        Map.entry(10007, RejectReason.PRICE_COLLAR),
        Map.entry(10008, RejectReason.PRICE_COLLAR),
        Map.entry(10009, RejectReason.VENUE_REJECTED),
        Map.entry(10010, RejectReason.ORDER_FINAL),
        Map.entry(10011, RejectReason.PRICE_NOT_ALLOWED),
        Map.entry(10012, RejectReason.INSTRUMENT_HALTED),
        Map.entry(10013, RejectReason.VENUE_REJECTED),
        Map.entry(10014, RejectReason.VENUE_REJECTED),
        Map.entry(10015, RejectReason.VENUE_REJECTED),
        Map.entry(10016, RejectReason.VENUE_REJECTED),
        Map.entry(10017, RejectReason.VENUE_REJECTED),
        Map.entry(10018, RejectReason.VENUE_REJECTED),
        Map.entry(10019, RejectReason.ACCOUNT_HALTED),
        Map.entry(10020, RejectReason.UNKNOWN_SYMBOL),
        Map.entry(10021, RejectReason.QTY_PRECISION),
        Map.entry(10023, RejectReason.PRICE_PRECISION),
        Map.entry(10025, RejectReason.UNKNOWN_ORDER),
        Map.entry(10026, RejectReason.PRICE_PRECISION),
        Map.entry(10027, RejectReason.QTY_PRECISION),
        Map.entry(TOO_MANY_REQUESTS, RejectReason.VENUE_THROTTLED),
        Map.entry(10029, RejectReason.UNKNOWN_ORDER),
        Map.entry(10030, RejectReason.VENUE_REJECTED),
        Map.entry(10031, RejectReason.VENUE_REJECTED),
        Map.entry(10040, RejectReason.VENUE_THROTTLED),
        Map.entry(10041, RejectReason.INSTRUMENT_HALTED),
        Map.entry(10043, RejectReason.PRICE_PRECISION),
        Map.entry(10045, RejectReason.VENUE_REJECTED),
        Map.entry(10046, RejectReason.VENUE_REJECTED),
        Map.entry(10047, RejectReason.VENUE_THROTTLED),
        Map.entry(10048, RejectReason.VENUE_REJECTED),
        Map.entry(10066, RejectReason.VENUE_THROTTLED),
        Map.entry(11008, RejectReason.ORDER_FINAL),
        Map.entry(11029, RejectReason.VENUE_REJECTED),
        Map.entry(11030, RejectReason.VENUE_REJECTED),
        Map.entry(11042, RejectReason.PERMISSION_DENIED),
        Map.entry(11044, RejectReason.ORDER_FINAL),
        Map.entry(11050, RejectReason.VENUE_REJECTED),
        Map.entry(11051, RejectReason.VENUE_DOWN),
        Map.entry(11054, RejectReason.POST_ONLY_WOULD_TAKE),
        Map.entry(11055, RejectReason.EXEC_INST_UNSUPPORTED),
        Map.entry(11059, RejectReason.VENUE_REJECTED),
        Map.entry(11060, RejectReason.VENUE_REJECTED),
        Map.entry(13004, RejectReason.VENUE_REJECTED),
        Map.entry(UNAUTHORIZED, RejectReason.VENUE_REJECTED),
        Map.entry(13020, RejectReason.UNKNOWN_ORDER),
        Map.entry(13021, RejectReason.PERMISSION_DENIED),
        Map.entry(13922, RejectReason.VENUE_REJECTED),
        Map.entry(-32601, RejectReason.VENUE_REJECTED),
        Map.entry(-32602, RejectReason.VENUE_REJECTED),
        Map.entry(-32600, RejectReason.VENUE_REJECTED),
        Map.entry(-32700, RejectReason.VENUE_REJECTED));

    private VenueCodes() {
    }

    /** Reason of a code that surely refuses; null when it is unsure or unknown. */
    static RejectReason refusal(final int code) {
        return REFUSALS.get(code);
    }

    static boolean isKnownUnsure(final int code) {
        return UNSURE.contains(code);
    }

    static boolean isCredentials(final int code) {
        return CREDENTIALS.contains(code);
    }
}
