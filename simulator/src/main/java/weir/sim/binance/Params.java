package weir.sim.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Parameters of a request, by name. The query goes before the body where both have one ("General information"). */
final class Params {
    private static final BigDecimal RECV_WINDOW_MAX = new BigDecimal("60000");
    private final Map<String, String> values = new LinkedHashMap<>();

    private Params() {
    }

    static Params ofText(final String query, final String body) {
        final Params params = new Params();
        params.read(query);
        params.read(body);
        return params;
    }

    static Params ofJson(final JsonNode node) {
        final Params params = new Params();
        node.properties().forEach(each -> params.values.put(each.getKey(),
            each.getValue().isValueNode() ? each.getValue().asText() : each.getValue().toString()));
        return params;
    }

    /** A view of this for the second half of a cancelReplace and the like. */
    Params with(final String name, final String value) {
        final Params copy = new Params();
        copy.values.putAll(values);
        copy.values.put(name, value);
        return copy;
    }

    /** All but the signature, sorted by name: what the WebSocket API signs. */
    String sortedPayload() {
        return payload(new TreeMap<>(values), UnaryOperator.identity());
    }

    /** Payloads that are signed by mistake in place of that, by what is wrong with them. */
    Map<String, String> mistakes() {
        final Map<String, String> keyless = new TreeMap<>(values);
        keyless.remove("apiKey");
        return Map.of("the parameters were not sorted by name", payload(values, UnaryOperator.identity()),
            "apiKey was not signed", payload(keyless, UnaryOperator.identity()),
            "the values were percent-encoded before they were signed", payload(new TreeMap<>(values),
                value -> URLEncoder.encode(value, StandardCharsets.UTF_8)));
    }

    private static String payload(final Map<String, String> parameters, final UnaryOperator<String> form) {
        final StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!"signature".equals(name)) {
                text.append(text.length() == 0 ? "" : "&").append(name).append('=').append(form.apply(value));
            }
        });
        return text.toString();
    }

    String get(final String name) {
        return values.get(name);
    }

    boolean has(final String name) {
        return values.containsKey(name);
    }

    /** @throws ApiError -1102 if it is missing or empty. */
    String require(final String name) {
        final String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw ApiError.missing(name);
        }
        return value;
    }

    /** A positive decimal, null if absent. @throws ApiError if it is none, or too precise. */
    BigDecimal decimal(final String name) {
        final String value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!value.matches("[0-9]{1,20}(\\.[0-9]{1,20})?")) {
            throw new ApiError(-1100, "Illegal characters found in parameter '" + name
                + "'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.");
        }
        final BigDecimal decimal = new BigDecimal(value);
        if (decimal.signum() != 0 && decimal.stripTrailingZeros().scale() > Numbers.DIGITS) {
            throw new ApiError(-1111, "Parameter '" + name + "' has too much precision.");
        }
        return decimal;
    }

    BigDecimal requireDecimal(final String name) {
        require(name);
        return decimal(name);
    }

    /** A whole number, null if absent. @throws ApiError if it is none. */
    Long number(final String name) {
        final String value = values.get(name);
        if (value == null) {
            return null;
        }
        if (!value.matches("-?\\d{1,18}")) {
            throw new ApiError(-1100, "Illegal characters found in parameter '" + name
                + "'; legal range is '^[0-9]{1,20}$'.");
        }
        return Long.parseLong(value);
    }

    int limit(final int fallback, final int max) {
        final Long limit = number("limit");
        return limit == null ? fallback : (int)Math.max(1, Math.min(max, limit));
    }

    /** recvWindow in microseconds, 5000 ms unless given. @throws ApiError above 60000 ms. */
    long recvWindowUs() {
        final String text = values.get("recvWindow");
        if (text == null) {
            return 5_000_000L;
        }
        if (!text.matches("\\d{1,5}(\\.\\d{1,3})?") || new BigDecimal(text).compareTo(RECV_WINDOW_MAX) > 0) {
            throw new ApiError(-1131, "recvWindow must be less than 60000.");
        }
        return new BigDecimal(text).movePointRight(3).longValue();
    }

    /** Names of a JSON list such as symbols=["A","B"], null if absent. */
    List<String> list(final String name) {
        final String text = values.get(name);
        if (text == null) {
            return null;
        }
        final List<String> names = new ArrayList<>();
        for (final String each : text.replaceAll("[\\[\\]\"\\s]", "").split(",")) {
            if (!each.isEmpty()) {
                names.add(each);
            }
        }
        return names;
    }

    private void read(final String raw) {
        if (raw == null || raw.isEmpty()) {
            return;
        }
        for (final String pair : raw.split("&")) {
            final int equals = pair.indexOf('=');
            if (equals > 0) {
                values.putIfAbsent(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(final String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
