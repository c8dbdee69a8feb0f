package weir.venue.deribit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
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

    Decimals decimals() {
        return decimals;
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

    /** Text of a field, empty when it has none. */
    static String text(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        return value != null && value.isValueNode() && !value.isNull() ? value.asText() : "";
    }

    /** Fills of a list, in its order; those that lack what a fill must have are left out. */
    List<Fill> fills(final JsonNode list) {
        final List<Fill> fills = new ArrayList<>(list.size());
        for (final JsonNode node : list) {
            final String id = text(node, "trade_id");
            final long quantity = decimals.e8(node.get("amount"));
            final long price = decimals.e8(node.get("price"));
            if (!id.isEmpty() && quantity != Scale.NULL && quantity > 0 && price != Scale.NULL) {
                fills.add(new Fill(id, text(node, "order_id"), text(node, "label"), quantity, price,
                    decimals.e8(node.get("fee")), text(node, "fee_currency"), liquidity(text(node, "liquidity")),
                    Math.max(0, node.path("timestamp").asLong()) * NS_PER_MS));
            }
        }
        return fills;
    }

    private static Liquidity liquidity(final String word) {
        return "M".equals(word) ? Liquidity.MAKER : "T".equals(word) ? Liquidity.TAKER : Liquidity.UNKNOWN;
    }
}
