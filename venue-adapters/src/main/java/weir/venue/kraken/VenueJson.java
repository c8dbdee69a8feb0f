package weir.venue.kraken;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import weir.protocol.Scale;
import weir.protocol.sbe.Liquidity;

/** Reads the venue's JSON; what is missing or of another kind never throws. Agent's thread. */
final class VenueJson {
    private final ObjectMapper mapper = new ObjectMapper()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final Decimals decimals;

    VenueJson(final Decimals decimals) {
        this.decimals = decimals;
    }

    /** The root object of a text, null when it is none. */
    JsonNode parse(final String text) {
        try {
            final JsonNode root = mapper.readTree(text);
            return root != null && root.isObject() ? root : null;
        } catch (final JsonProcessingException ex) {
            return null;
        }
    }

    /** Text of a field by the first of the names that it has, empty when none. */
    static String text(final JsonNode node, final String... names) {
        for (final String name : names) {
            final JsonNode value = node.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return value.asText();
            }
        }
        return "";
    }

    /** {@code error} or the first of {@code errors}, empty when neither is there. */
    static String error(final JsonNode root) {
        final String error = text(root, "error");
        if (!error.isEmpty()) {
            return error;
        }
        final JsonNode first = root.path("errors").path(0);
        return first.isObject() ? text(first, "message", "code") : first.asText("");
    }

    /** Epoch milliseconds of an ISO 8601 text, -1 when it is none. */
    static long epochMs(final String text) {
        try {
            return text.isEmpty() ? -1 : Instant.parse(text).toEpochMilli();
        } catch (final DateTimeParseException ex) {
            return -1;
        }
    }

    /** A fill of the feed or of REST, null when it lacks what a fill must have. */
    Fill fill(final JsonNode node) {
        final String id = text(node, "fill_id");
        final long quantity = decimals.e8(node.has("qty") ? node.get("qty") : node.get("size"));
        final long price = decimals.e8(node.get("price"));
        if (id.isEmpty() || quantity == Scale.NULL || quantity <= 0 || price == Scale.NULL) {
            return null;
        }
        final JsonNode time = node.get("time");
        final long timeMs = time != null && time.isNumber() ? time.asLong() : epochMs(text(node, "fillTime", "time"));
        return new Fill(id, text(node, "order_id", "orderId"), text(node, "cli_ord_id", "cliOrdId"), quantity, price,
            decimals.e8(node.get("remaining_order_qty")), decimals.e8(node.get("fee_paid")),
            text(node, "fee_currency"), liquidity(text(node, "fill_type", "fillType")),
            Math.max(0, timeMs) * 1_000_000L);
    }

    private static Liquidity liquidity(final String word) {
        if (word.startsWith("maker")) {
            return Liquidity.MAKER;
        }
        return word.startsWith("taker") ? Liquidity.TAKER : Liquidity.UNKNOWN;
    }
}
