package weir.venue.kraken;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import weir.protocol.RejectReason;

/**
 * The venue's words and what they mean here ("Send order", "Batch order management", Futures REST errors). A word that
 * is not known is never taken for a refusal: the order's state is asked.
 */
final class VenueWords {

    static final Set<String> ACCEPTED = Set.of("placed", "partiallyFilled", "filled");
    static final String LIMIT = "apiLimitExceeded";
    static final String ALREADY_THERE = "clientOrderIdAlreadyExist";

    private static final Map<String, RejectReason> REFUSALS = Map.ofEntries(
        Map.entry("marketSuspended", RejectReason.INSTRUMENT_HALTED),
        Map.entry("marketInactive", RejectReason.INSTRUMENT_HALTED),
        Map.entry("invalidPrice", RejectReason.PRICE_PRECISION),
        Map.entry("invalidSize", RejectReason.QTY_PRECISION),
        Map.entry("tooManySmallOrders", RejectReason.VENUE_OPEN_ORDERS),
        Map.entry("tooManyOrders", RejectReason.VENUE_OPEN_ORDERS),
        Map.entry("insufficientAvailableFunds", RejectReason.VENUE_REJECTED),
        Map.entry("wouldCauseLiquidation", RejectReason.VENUE_REJECTED),
        Map.entry("clientOrderIdTooBig", RejectReason.VENUE_REJECTED),
        Map.entry("clientOrderIdTooLong", RejectReason.VENUE_REJECTED),
        Map.entry("clientOrderIdInvalid", RejectReason.VENUE_REJECTED),
        Map.entry("maxPositionViolation", RejectReason.VENUE_REJECTED),
        Map.entry("outsidePriceCollar", RejectReason.PRICE_COLLAR),
        Map.entry("wouldIncreasePriceDislocation", RejectReason.PRICE_COLLAR),
        Map.entry("notFound", RejectReason.UNKNOWN_ORDER),
        Map.entry("orderForEditNotFound", RejectReason.UNKNOWN_ORDER),
        Map.entry("orderForEditNotAStop", RejectReason.REPLACE_NOT_ALLOWED),
        Map.entry("cannotEditTriggerPriceOfTrailingStop", RejectReason.REPLACE_NOT_ALLOWED),
        Map.entry("cannotEditLimitPriceOfTrailingStop", RejectReason.REPLACE_NOT_ALLOWED),
        Map.entry("postWouldExecute", RejectReason.VENUE_REJECTED),
        Map.entry("iocWouldNotExecute", RejectReason.VENUE_REJECTED),
        Map.entry("selfFill", RejectReason.SELF_TRADE),
        Map.entry("wouldNotReducePosition", RejectReason.VENUE_REJECTED),
        Map.entry("marketIsPostOnly", RejectReason.VENUE_REJECTED),
        Map.entry("fixedLeverageTooHigh", RejectReason.VENUE_REJECTED),
        Map.entry("wouldProcessAfterSpecifiedTime", RejectReason.VENUE_REJECTED),
        Map.entry("invalidOrderType", RejectReason.ORD_TYPE_UNSUPPORTED),
        Map.entry("invalidSide", RejectReason.SIDE_INVALID));

    private static final Map<String, RejectReason> ERRORS = Map.ofEntries(
        Map.entry("accountInactive", RejectReason.ACCOUNT_HALTED),
        Map.entry(LIMIT, RejectReason.VENUE_THROTTLED),
        Map.entry("authenticationError", RejectReason.VENUE_REJECTED),
        Map.entry("insufficientFunds", RejectReason.VENUE_REJECTED),
        Map.entry("insufficientPrivileges", RejectReason.VENUE_REJECTED),
        Map.entry("invalidAccount", RejectReason.VENUE_REJECTED),
        Map.entry("invalidAmount", RejectReason.VENUE_REJECTED),
        Map.entry("invalidArgument", RejectReason.VENUE_REJECTED),
        Map.entry("invalidUnit", RejectReason.VENUE_REJECTED),
        Map.entry("Json Parse Error", RejectReason.VENUE_REJECTED),
        Map.entry("marketUnavailable", RejectReason.INSTRUMENT_HALTED),
        Map.entry("nonceBelowThreshold", RejectReason.VENUE_REJECTED),
        Map.entry("nonceDuplicate", RejectReason.VENUE_REJECTED),
        Map.entry("notFound", RejectReason.UNKNOWN_ORDER),
        Map.entry("requiredArgumentMissing", RejectReason.VENUE_REJECTED));

    /** Root errors after which the request may yet have been executed. */
    private static final Set<String> UNSURE_ERRORS = Set.of("Server Error", "Unavailable", "unknownError");

    private VenueWords() {
    }

    /** Reason of a refusing sendStatus, editStatus, cancelStatus or batchStatus word; null when it refuses nothing. */
    static RejectReason refusal(final String status) {
        return REFUSALS.get(status);
    }

    /** Reason of a root error that surely refuses; null when it is unsure or unknown. */
    static RejectReason error(final String error) {
        for (final Map.Entry<String, RejectReason> entry : ERRORS.entrySet()) {
            if (entry.getKey().equals(error) || error.startsWith(entry.getKey() + ":")) {
                return entry.getValue();
            }
        }
        return null;
    }

    static boolean isKnownUnsure(final String error) {
        return UNSURE_ERRORS.contains(error);
    }

    static boolean isNonce(final String error) {
        return "nonceBelowThreshold".equals(error) || "nonceDuplicate".equals(error);
    }

    /** Whether a word that ended an order says that its time or its one chance was over. */
    static boolean isExpiry(final String reason) {
        final String word = reason.toLowerCase(Locale.ROOT);
        return word.contains("ioc") || word.contains("expired");
    }
}
