package weir.billing.audit;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of RFC 8785 that summaries need: objects with sorted names, arrays, strings, integers within 2^53, no
 * blanks. Anything else is refused.
 */
final class CanonicalJson {
    private static final long INTEGER_MAX = 1L << 53;

    private CanonicalJson() {
    }

    static String write(final Map<String, ?> object) {
        final StringBuilder out = new StringBuilder(512);
        value(object, out);
        return out.toString();
    }

    private static void value(final Object value, final StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            object(map, out);
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                out.append(i == 0 ? "" : ",");
                value(list.get(i), out);
            }
            out.append(']');
        } else if (value instanceof Long || value instanceof Integer) {
            final long number = ((Number)value).longValue();
            if (Math.abs(number) > INTEGER_MAX) {
                throw new IllegalArgumentException(number + " is no integer that every reader of JSON can hold");
            }
            out.append(number);
        } else if (value instanceof String text) {
            string(text, out);
        } else {
            throw new IllegalArgumentException("no JSON of ours: " + value);
        }
    }

    private static void object(final Map<?, ?> map, final StringBuilder out) {
        final SortedMap<String, Object> sorted = new TreeMap<>();
        map.forEach((name, value) -> sorted.put((String)name, value));
        out.append('{');
        boolean first = true;
        for (final Map.Entry<String, Object> entry : sorted.entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            string(entry.getKey(), out);
            out.append(':');
            value(entry.getValue(), out);
        }
        out.append('}');
    }

    private static void string(final String text, final StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int)c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
