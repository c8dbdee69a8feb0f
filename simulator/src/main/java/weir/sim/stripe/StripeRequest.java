package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One request, parsed. Form and query parameters keep Stripe's bracket names, decoded and sorted ({@code
 * payload[value]}), because the SDKs send them in hash order and either bare or percent-encoded; equality of requests
 * is equality of these.
 *
 * @param method         HTTP method
 * @param path           path without the query
 * @param params         decoded parameters of query and form body
 * @param body           the body as it came
 * @param authorization  Authorization header, or null
 * @param idempotencyKey Idempotency-Key header, or null
 * @param apiVersion     Stripe-Version header, or this simulator's version
 * @param requestId      Request-Id of the answer
 */
record StripeRequest(String method, String path, Map<String, String> params, String body, String authorization,
                     String idempotencyKey, String apiVersion, String requestId) {
    static final String API_VERSION = "2025-06-30.basil";
    private static final int MAX_BODY_BYTES = 1 << 20;

    static StripeRequest read(final HttpExchange exchange, final String requestId) throws IOException {
        final byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        final Map<String, String> params = new TreeMap<>();
        final String body = new String(bytes, 0, Math.min(bytes.length, MAX_BODY_BYTES), StandardCharsets.UTF_8);
        final String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
        if (exchange.getRequestURI().getRawQuery() != null) {
            decode(exchange.getRequestURI().getRawQuery(), params);
        }
        if (!body.isEmpty() && (contentType == null || contentType.startsWith("application/x-www-form-urlencoded"))) {
            decode(body, params);
        } else if (contentType != null && contentType.startsWith("application/json") && !body.isEmpty()) {
            flatten("", json(body), params);
        }
        final String version = exchange.getRequestHeaders().getFirst("Stripe-Version");
        return new StripeRequest(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), params,
            bytes.length > MAX_BODY_BYTES ? null : body, exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key"), version == null ? API_VERSION : version,
            requestId);
    }

    private static JsonNode json(final String body) {
        try {
            return StripeStore.JSON.readTree(body);
        } catch (final IOException e) {
            throw StripeRefusal.invalid(null, "Invalid JSON in the body.");
        }
    }

    /** Members of a JSON body (the v2 endpoints) under the names that a form would give them. */
    private static void flatten(final String name, final JsonNode node, final Map<String, String> into) {
        if (node.isObject()) {
            node.properties().forEach(member -> flatten(name.isEmpty() ? member.getKey()
                : name + "[" + member.getKey() + "]", member.getValue(), into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + "[" + i + "]", node.get(i), into);
            }
        } else {
            into.put(name, node.isNull() ? "" : node.asText());
        }
    }

    static void decode(final String form, final Map<String, String> into) {
        final Map<String, Integer> appended = new TreeMap<>();
        for (final String pair : form.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            final int equals = pair.indexOf('=');
            String name = text(equals < 0 ? pair : pair.substring(0, equals));
            if (name.endsWith("[]")) {
                name = name.substring(0, name.length() - 2) + "[" + (appended.merge(name, 1, Integer::sum) - 1) + "]";
            }
            into.put(name, equals < 0 ? "" : text(pair.substring(equals + 1)));
        }
    }

    private static String text(final String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (final IllegalArgumentException e) {
            throw StripeRefusal.invalid(null, "Invalid percent-encoding in parameters.");
        }
    }

    /** @return a parameter, or null */
    String get(final String name) {
        return params.get(name);
    }

    /** @return a parameter that must be there and not be empty */
    String required(final String name) {
        final String value = params.get(name);
        if (value == null || value.isEmpty()) {
            throw StripeRefusal.missing(name);
        }
        return value;
    }

    /** @return an integer parameter, or the default when absent */
    long integer(final String name, final long otherwise) {
        final String value = params.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException e) {
            throw StripeRefusal.invalid("parameter_invalid_integer", name, "Invalid integer: " + value);
        }
    }

    /** @return the members of a hash parameter: {@code payload[a]=1} gives {@code a -> 1} */
    Map<String, String> hash(final String name) {
        final Map<String, String> members = new TreeMap<>();
        final String prefix = name + "[";
        params.forEach((key, value) -> {
            if (key.startsWith(prefix) && key.endsWith("]")) {
                members.put(key.substring(prefix.length(), key.length() - 1), value);
            }
        });
        return members;
    }

    /** @return the prefixes of a list parameter in index order: {@code items[0]}, {@code items[1]}, ... */
    Set<String> indexed(final String name) {
        final Set<Integer> indexes = new TreeSet<>();
        for (final String key : params.keySet()) {
            if (key.startsWith(name + "[")) {
                final String index = key.substring(name.length() + 1, key.indexOf(']', name.length() + 1));
                if (!index.matches("\\d{1,4}")) {
                    throw StripeRefusal.invalid(name, "Invalid array");
                }
                indexes.add(Integer.parseInt(index));
            }
        }
        final Set<String> prefixes = new LinkedHashSet<>();
        indexes.forEach(index -> prefixes.add(name + "[" + index + "]"));
        return prefixes;
    }

    /** Refuses parameters that the endpoint does not have; {@code expand} is always allowed. */
    void allow(final String... names) {
        final Set<String> allowed = Set.of(names);
        for (final String key : params.keySet()) {
            final int bracket = key.indexOf('[');
            final String top = bracket < 0 ? key : key.substring(0, bracket);
            if (!allowed.contains(top) && !"expand".equals(top)) {
                throw StripeRefusal.invalid("parameter_unknown", key, "Received unknown parameter: " + key);
            }
        }
    }

    /** @return a request of the members of one element of a list, as if it had come alone */
    StripeRequest element(final String prefix) {
        final Map<String, String> members = new TreeMap<>();
        params.forEach((key, value) -> {
            if (key.startsWith(prefix + "[")) {
                final int close = key.indexOf(']', prefix.length());
                members.put(key.substring(prefix.length() + 1, close) + key.substring(close + 1), value);
            }
        });
        return with(members);
    }

    /** @return the request with other parameters */
    StripeRequest with(final Map<String, String> others) {
        return new StripeRequest(method, path, others, body, authorization, idempotencyKey, apiVersion, requestId);
    }

    /** @return true when the request asks for {@code field} to be expanded */
    boolean expands(final String field) {
        return hash("expand").containsValue(field);
    }
}
