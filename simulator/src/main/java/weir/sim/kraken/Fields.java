package weir.sim.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import weir.sim.market.RestQuery;

/** Reads the fields of an instruction, whether they came as a form or as a batch item. */
interface Fields {
    /** The text of a field, or null. */
    String text(String name);

    static Fields of(final RestQuery query) {
        return query::get;
    }

    static Fields of(final JsonNode item) {
        return name -> item.hasNonNull(name) ? item.get(name).asText() : null;
    }

    /** @throws ApiError if it is missing or empty. */
    default String required(final String name) {
        final String value = text(name);
        if (value == null || value.isEmpty()) {
            throw ApiError.missing(name);
        }
        return value;
    }

    /** A number, or null if it is missing. @throws ApiError if it is none. */
    default BigDecimal decimal(final String name) {
        final String value = text(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        try {
            return new BigDecimal(value);
        } catch (final NumberFormatException e) {
            throw ApiError.invalid(name);
        }
    }

    /** @throws ApiError if it is missing or no number. */
    default BigDecimal requiredDecimal(final String name) {
        required(name);
        return decimal(name);
    }

    /** Whether it is true; false if missing. @throws ApiError if it is neither true nor false. */
    default boolean flag(final String name) {
        final String value = text(name);
        if (value == null || "false".equals(value)) {
            return false;
        }
        if ("true".equals(value)) {
            return true;
        }
        throw ApiError.invalid(name);
    }

    /** The first that is present of an order's id fields, or null. */
    default String orderId() {
        final String snake = text("order_id");
        return snake == null ? text("orderId") : snake;
    }

    /** Reads a send instruction. @throws ApiError if a field is missing or makes no sense. */
    default OrderRequest order(final KrakenAccount account, final String tag, final String channel) {
        final OrderType type = OrderType.of(required("orderType"));
        if (type == null) {
            throw ApiError.invalid("orderType");
        }
        final String symbol = required("symbol");
        final String side = required("side");
        if (!"buy".equals(side) && !"sell".equals(side)) {
            throw ApiError.invalid("side");
        }
        final BigDecimal size = requiredDecimal("size");
        final BigDecimal limitPrice = type.needsLimitPrice() ? requiredDecimal("limitPrice") : decimal("limitPrice");
        final BigDecimal stopPrice = type.isTrigger() ? requiredDecimal("stopPrice") : null;
        final String signal = text("triggerSignal") == null ? "mark" : text("triggerSignal");
        if (!"mark".equals(signal) && !"index".equals(signal) && !"last".equals(signal)) {
            throw ApiError.invalid("triggerSignal");
        }
        final String cliOrdId = text("cliOrdId");
        return new OrderRequest(account, type, symbol, "buy".equals(side), size,
            type == OrderType.MKT ? null : limitPrice, stopPrice, signal, flag("reduceOnly"),
            cliOrdId == null || cliOrdId.isEmpty() ? null : cliOrdId, tag, channel);
    }
}
