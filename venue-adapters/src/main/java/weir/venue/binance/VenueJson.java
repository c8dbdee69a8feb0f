package weir.venue.binance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import weir.protocol.Scale;
import weir.protocol.sbe.Liquidity;

/** Reads the venue's JSON; what is missing or of another kind never throws. Agent's thread. */
final class VenueJson {
    private static final long NS_PER_MS = 1_000_000L;

    private final ObjectMapper mapper = new ObjectMapper()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final Decimals decimals;

    VenueJson(final Decimals decimals) {
        this.decimals = decimals;
    }

    /** The root object or list of a text, null when it is neither. */
    JsonNode parse(final String text) {
        try {
            final JsonNode root = mapper.readTree(text);
            return root != null && root.isContainerNode() ? root : null;
        } catch (final JsonProcessingException ex) {
            return null;
        }
    }

    static String text(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        return value != null && value.isValueNode() && !value.isNull() ? value.asText() : "";
    }

    /** Text of a whole number that is not negative, empty when it is none. */
    static String number(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        return value != null && value.isIntegralNumber() && value.asLong() >= 0 ? value.asText() : "";
    }

    /** A fill of {@code myTrades}, null when it lacks what a fill must have. */
    Fill ofTrades(final JsonNode node) {
        return fill(Scale.NULL, node, "id", "qty", "price", "commission", "commissionAsset", number(node, "orderId"),
            node.path("isMaker").isBoolean() ? liquidity(node.path("isMaker").asBoolean()) : Liquidity.UNKNOWN,
            node.path("time").asLong(0));
    }

    /** A fill of the answer to an order, which took: the venue names no maker there. */
    Fill ofAnswer(final JsonNode node, final String venueOrderId, final long timeMs) {
        return fill(Scale.NULL, node, "tradeId", "qty", "price", "commission", "commissionAsset", venueOrderId,
            Liquidity.TAKER, timeMs);
    }

    /** A fill of an execution report. */
    Fill ofReport(final JsonNode node) {
        final long quantity = decimals.e8(node.get("q"));
        final long remaining = quantity == Scale.NULL ? Scale.NULL
            : quantity - decimals.orZero(node.get("z")) - decimals.orZero(node.get("A"));
        return fill(remaining, node, "t", "l", "L", "n", "N", number(node, "i"), liquidity(node.path("m").asBoolean()),
            node.path("T").asLong(0));
    }

    private Fill fill(final long remaining, final JsonNode node, final String id, final String quantity,
        final String price, final String fee, final String asset, final String venueOrderId,
        final Liquidity liquidity, final long timeMs) {
        final long qty = decimals.e8(node.get(quantity));
        final long px = decimals.e8(node.get(price));
        final long tradeId = node.path(id).asLong(-1);
        return tradeId < 0 || qty == Scale.NULL || qty <= 0 || px == Scale.NULL || venueOrderId.isEmpty() ? null
            : new Fill(tradeId, venueOrderId, qty, px, decimals.e8(node.get(fee)), text(node, asset), liquidity,
                Math.max(0, timeMs) * NS_PER_MS, remaining);
    }

    private static Liquidity liquidity(final boolean maker) {
        return maker ? Liquidity.MAKER : Liquidity.TAKER;
    }
}
