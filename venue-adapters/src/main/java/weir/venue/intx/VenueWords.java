package weir.venue.intx;

import java.util.LinkedHashMap;
import java.util.Map;
import weir.protocol.RejectReason;

/**
 * What the venue's refusals mean here. They are sentences ({@code "..Response: Order rejected (CODE - text)"}),
 * recognised by a part of them. A 4xx whose sentence is not known is a refusal all the same, but for a duplicate client
 * order id: then the order may be there.
 */
final class VenueWords {
    static final String DUPLICATE = "DUPLICATE_CLIENT_ORDER_ID";
    static final int TOO_MANY = 429;

    private static final Map<String, RejectReason> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("Invalid replace order request", RejectReason.REPLACE_NOT_ALLOWED);
        PARTS.put("market orders must be IoC", RejectReason.TIF_UNSUPPORTED);
        PARTS.put("tif is required", RejectReason.TIF_UNSUPPORTED);
        PARTS.put("TOO_LATE_TO_CANCEL", RejectReason.ORDER_FINAL);
        PARTS.put("base_increment", RejectReason.QTY_PRECISION);
        PARTS.put("quote_increment", RejectReason.PRICE_PRECISION);
        PARTS.put("min_notional", RejectReason.NOTIONAL_BELOW_MINIMUM);
        PARTS.put("PRICE_VIOLATION", RejectReason.PRICE_COLLAR);
        PARTS.put("price band", RejectReason.PRICE_COLLAR);
        PARTS.put("NOT_TRADING", RejectReason.INSTRUMENT_HALTED);
        PARTS.put("POST_ONLY", RejectReason.POST_ONLY_WOULD_TAKE);
        PARTS.put("invalid instrument", RejectReason.UNKNOWN_SYMBOL);
        PARTS.put("is a required field", RejectReason.VENUE_REJECTED);
        PARTS.put("ip not allowed", RejectReason.VENUE_REJECTED);
        PARTS.put("Unauthorized", RejectReason.VENUE_REJECTED);
        PARTS.put("Not Found", RejectReason.UNKNOWN_ORDER);
        PARTS.put("Order rejected", RejectReason.VENUE_REJECTED);
    }

    private VenueWords() {
    }

    /** Reason of a refusal, null when its words are not known. */
    static RejectReason reason(final String title) {
        for (final Map.Entry<String, RejectReason> part : PARTS.entrySet()) {
            if (title.contains(part.getKey())) {
                return part.getValue();
            }
        }
        return null;
    }

    /** What stands behind the class name of the venue's framework; short enough for a report. */
    static String text(final String title) {
        final int colon = title.startsWith("io.javalin.") ? title.indexOf(": ") : -1;
        final String text = colon < 0 ? title : title.substring(colon + 2);
        return text.length() <= 100 ? text : text.substring(0, 100);
    }

    /** Whether a status says that nothing was carried out. */
    static boolean refuses(final int status) {
        return status >= 400 && status < 500 && status != 408 && status != 425 && status != TOO_MANY;
    }
}
