package weir.venue.coinbase;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.protocol.RejectReason;

/**
 * The venue's messages and what they mean here. The status of one message has changed over the years, so that the words
 * count ("Requests": 400, 401, 403, 404, 429, 500). What is no message of the venue's refuses nothing.
 */
final class RestWords {
    private static final List<Map.Entry<String, RejectReason>> REASONS = List.of(
        Map.entry("rate limit exceeded", RejectReason.VENUE_THROTTLED),
        Map.entry("order already done", RejectReason.ORDER_FINAL),
        Map.entry("order not found", RejectReason.UNKNOWN_ORDER),
        Map.entry("invalid order id", RejectReason.UNKNOWN_ORDER),
        Map.entry("product not found", RejectReason.UNKNOWN_SYMBOL),
        Map.entry("trading pair not available", RejectReason.INSTRUMENT_HALTED),
        Map.entry("notfound", RejectReason.UNKNOWN_ORDER),
        Map.entry("cancel only", RejectReason.INSTRUMENT_HALTED),
        Map.entry("under maintenance", RejectReason.INSTRUMENT_HALTED),
        Map.entry("trading disabled", RejectReason.INSTRUMENT_HALTED),
        Map.entry("price is too accurate", RejectReason.PRICE_PRECISION),
        Map.entry("price too precise", RejectReason.PRICE_PRECISION),
        Map.entry("price too small", RejectReason.PRICE_PRECISION),
        Map.entry("size is too accurate", RejectReason.QTY_PRECISION),
        Map.entry("size too precise", RejectReason.QTY_PRECISION),
        Map.entry("open orders", RejectReason.VENUE_OPEN_ORDERS));
    private static final List<String> SIGNATURE = List.of("invalid api key", "invalid passphrase", "invalid signature",
        "timestamp expired", "invalid timestamp", "unauthorized", "forbidden");

    private RestWords() {
    }

    /** Whether a status with the venue's own message refuses a request for sure; anything else may have been done. */
    static boolean refuses(final int status, final String message) {
        return message != null && status >= 400 && status < 500 && status != 408 && status != 409
            && !message.toLowerCase(Locale.ROOT).contains("client_oid");
    }

    static RejectReason reason(final String message) {
        final String words = message.toLowerCase(Locale.ROOT);
        for (final Map.Entry<String, RejectReason> entry : REASONS) {
            if (words.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return RejectReason.VENUE_REJECTED;
    }

    /** Whether the venue does not take what this account signs: nothing by this path will pass. */
    static boolean isOfSignature(final String message) {
        final String words = message.toLowerCase(Locale.ROOT);
        return SIGNATURE.stream().anyMatch(words::contains);
    }
}
