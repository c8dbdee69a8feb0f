package weir.venue.coinbase;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.venue.VenueExecution;

/** Orders and fills of the REST API ("Get a single order", "Get all fills") to our terms. Agent's thread. */
final class RestReader {
    private final Decimals decimals;

    RestReader(final Decimals decimals) {
        this.decimals = decimals;
    }

    void readOrder(final JsonNode node, final VenueExecution target) {
        target.reset();
        target.venueOrderId = node.path("id").asText("");
        target.orderQty = decimals.exact(text(node, "size"));
        target.price = decimals.exact(text(node, "price"));
        target.cumQty = decimals.exact(text(node, "filled_size"));
        target.ordStatus = status(node, target);
        final boolean open = target.ordStatus == OrdStatus.NEW || target.ordStatus == OrdStatus.PARTIALLY_FILLED;
        target.leavesQty = !open ? 0
            : target.orderQty == Scale.NULL || target.cumQty == Scale.NULL ? Scale.NULL
            : target.orderQty - target.cumQty;
        final BigDecimal value = decimal(node, "executed_value");
        final BigDecimal filled = decimal(node, "filled_size");
        if (value != null && filled != null && filled.signum() > 0) {
            target.avgPx = Decimals.mantissa(value.divide(filled, Scale.E8_DIGITS, RoundingMode.HALF_UP));
        }
    }

    VenueExecution readFill(final JsonNode node, final long orderId, final UUID requestId) {
        final VenueExecution fill = new VenueExecution();
        fill.orderId = orderId;
        fill.requestIdHigh = requestId.getMostSignificantBits();
        fill.requestIdLow = requestId.getLeastSignificantBits();
        fill.execType = ExecType.TRADE;
        fill.ordStatus = OrdStatus.PARTIALLY_FILLED;
        fill.liquidity = liquidity(node.path("liquidity").asText(""));
        fill.lastQty = decimals.exact(text(node, "size"));
        fill.lastPx = decimals.exact(text(node, "price"));
        fill.fee = decimals.rounded(text(node, "fee"));
        final String product = node.path("product_id").asText("");
        fill.feeCurrency = product.substring(product.indexOf('-') + 1);
        fill.tradeId = ExecutionReader.tradeId(node.path("trade_id").asText(""));
        fill.transactNs = timeNs(node.path("created_at").asText(""));
        fill.venueOrderId = node.path("order_id").asText("");
        fill.recovered = true;
        return fill;
    }

    private static OrdStatus status(final JsonNode node, final VenueExecution order) {
        final boolean anyFill = order.cumQty != Scale.NULL && order.cumQty > 0;
        switch (node.path("status").asText("")) {
            case "rejected":
                return OrdStatus.REJECTED;
            case "done":
                return "filled".equals(node.path("done_reason").asText("")) || anyFill && order.cumQty == order.orderQty
                    ? OrdStatus.FILLED : OrdStatus.CANCELED;
            default:
                return anyFill ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
        }
    }

    private static Liquidity liquidity(final String value) {
        return "M".equals(value) ? Liquidity.MAKER : "T".equals(value) ? Liquidity.TAKER : Liquidity.UNKNOWN;
    }

    /** Epoch nanoseconds, 0 for what is no time. */
    static long timeNs(final String text) {
        try {
            final Instant instant = Instant.parse(text);
            return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
        } catch (final DateTimeException ex) {
            return 0;
        }
    }

    private static String text(final JsonNode node, final String name) {
        final JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value.asText();
    }

    private static BigDecimal decimal(final JsonNode node, final String name) {
        final String value = text(node, name);
        try {
            return value == null ? null : new BigDecimal(value);
        } catch (final NumberFormatException ex) {
            return null;
        }
    }
}
