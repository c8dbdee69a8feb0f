package weir.sim.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import weir.sim.market.Json;

/**
 * Named parameters of a request; from a query they all come as text, so that numbers and booleans are read from text,
 * too. A parameter that is of another kind, or lacks, is refused with -32602.
 */
final class Params {
    private final JsonNode node;

    Params(final JsonNode node) {
        this.node = node == null || !node.isObject() ? Json.object() : node;
    }

    JsonNode node() {
        return node;
    }

    boolean has(final String name) {
        return node.hasNonNull(name);
    }

    /** Text, or null. */
    String text(final String name) {
        final JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw RpcError.invalidParams(name, "wrong format");
        }
        return value.asText();
    }

    String text(final String name, final String fallback) {
        final String value = text(name);
        return value == null ? fallback : value;
    }

    String required(final String name) {
        final String value = text(name);
        if (value == null || value.isEmpty()) {
            throw RpcError.invalidParams(name, "must be present");
        }
        return value;
    }

    /** A number, or null. */
    BigDecimal decimal(final String name) {
        final String value = text(name);
        try {
            return value == null ? null : new BigDecimal(value);
        } catch (final NumberFormatException e) {
            throw RpcError.invalidParams(name, "must be a number");
        }
    }

    long number(final String name, final long fallback) {
        final BigDecimal value = decimal(name);
        try {
            return value == null ? fallback : value.longValueExact();
        } catch (final ArithmeticException e) {
            throw RpcError.invalidParams(name, "must be an integer");
        }
    }

    boolean flag(final String name, final boolean fallback) {
        final String value = text(name);
        if (value == null) {
            return fallback;
        }
        if (!"true".equals(value) && !"false".equals(value)) {
            throw RpcError.invalidParams(name, "must be a boolean");
        }
        return "true".equals(value);
    }

    /** A word out of some. */
    String oneOf(final String name, final String fallback, final List<String> words) {
        final String value = text(name, fallback);
        if (value == null || !words.contains(value)) {
            throw RpcError.invalidParams(name, "value not accepted: " + value);
        }
        return value;
    }

    /** Texts of an array, or of its JSON text, or the one text. */
    List<String> list(final String name) {
        final List<String> list = new ArrayList<>();
        final JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw RpcError.invalidParams(name, "must be present");
        }
        if (value.isArray()) {
            value.forEach(each -> list.add(each.asText()));
        } else {
            final String text = value.asText().replaceAll("[\\[\\]\"]", "");
            for (final String each : text.split(",")) {
                list.add(each.trim());
            }
        }
        return list;
    }
}
