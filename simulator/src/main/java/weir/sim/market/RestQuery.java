package weir.sim.market;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a request's query or form. */
public final class RestQuery {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** @param raw the query as sent, null for none. */
    public RestQuery(final String raw) {
        if (raw == null || raw.isEmpty()) {
            return;
        }
        for (final String pair : raw.split("&")) {
            final int equals = pair.indexOf('=');
            final String name = equals < 0 ? pair : pair.substring(0, equals);
            final String value = equals < 0 ? "" : pair.substring(equals + 1);
            values.computeIfAbsent(decode(name), key -> new ArrayList<>()).add(decode(value));
        }
    }

    /** The first value, or null. */
    public String get(final String name) {
        final List<String> all = values.get(name);
        return all == null ? null : all.get(0);
    }

    /** Every value, in the order sent. */
    public List<String> all(final String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A cursor, or the fallback. @throws IllegalArgumentException if it is not a number. */
    public long cursor(final String name, final long fallback) {
        final String text = get(name);
        if (text == null) {
            return fallback;
        }
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("invalid " + name);
        }
        return Long.parseLong(text);
    }

    /** The page size: 1 to 1000, 1000 unless given. */
    public int limit() {
        final long limit = cursor("limit", 1000);
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("invalid limit");
        }
        return (int)limit;
    }

    private static String decode(final String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
