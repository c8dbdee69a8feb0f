package weir.venue.intx;

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

    /** The root object or array of a text, null when it is none. */
    JsonNode parse(final String text) {
        try {
            final JsonNode root = mapper.readTree(text);
            return root != null && root.isContainerNode() ? root : null;
        } catch (final JsonProcessingException ex) {
            return null;
        }
    }

    /** Text of a field, empty when it has none; ids are texts or numbers. */
    static String text(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        return value != null && value.isValueNode() && !value.isNull() ? value.asText() : "";
    }

    /** {@code title} of a refusal, some have {@code error} or {@code message} in its place; empty when none. */
    static String error(final JsonNode root) {
        for (final String name : new String[] {"title", "error", "message"}) {
            final String text = text(root, name);
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    /** An order of the venue is one that has its id and a state. */
    static boolean isOrder(final JsonNode node) {
        return node != null && !text(node, "order_id").isEmpty() && !text(node, "order_status").isEmpty();
    }

    /** E8 of a field, null of the protocol when absent or no number. */
    long e8(final JsonNode node, final String name) {
        return decimals.e8(node.get(name));
    }

    /** As {@link #e8(JsonNode, String)}, zero when absent. */
    long orZero(final JsonNode node, final String name) {
        return decimals.orZero(node.get(name));
    }

    /** Epoch milliseconds of an ISO 8601 text, -1 when it is none. */
    static long epochMs(final String text) {
        try {
            return text.isEmpty() ? -1 : Instant.parse(text).toEpochMilli();
        } catch (final DateTimeParseException ex) {
            return -1;
        }
    }

    /** A fill, null when it lacks what a fill must have. */
    Fill fill(final JsonNode node) {
        final String fillId = text(node, "fill_id");
        final long quantity = e8(node, "fill_qty");
        final long price = e8(node, "fill_price");
        if (fillId.isEmpty() || quantity == Scale.NULL || quantity <= 0 || price == Scale.NULL) {
            return null;
        }
        return new Fill(fillId, execId(text(node, "exec_id"), fillId), text(node, "order_id"),
            text(node, "client_order_id"), quantity, price, e8(node, "order_qty"), e8(node, "total_filled"),
            e8(node, "fee"), text(node, "fee_asset"), Math.max(0, epochMs(text(node, "event_time"))) * 1_000_000L,
            Liquidity.UNKNOWN);
    }

    /** The number, else a hash (FNV-1a) of the other id: positive, never 0. */
    static long execId(final String execId, final String fillId) {
        if (execId.matches("[1-9]\\d{0,17}")) {
            return Long.parseLong(execId);
        }
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < fillId.length(); i++) {
            hash = (hash ^ fillId.charAt(i)) * 0x100000001b3L;
        }
        return Math.max(1, hash & Long.MAX_VALUE);
    }
}
