package weir.cli;

import java.util.List;
import java.util.Map;

/** Writes one JSON object on one line (RFC 8259). */
public final class JsonLine {
    private JsonLine() {
    }

    /**
     * An object.
     *
     * @param fields in order; values are null, text, numbers, booleans, lists or maps of these
     * @return without a line end
     */
    public static String of(final Map<String, ?> fields) {
        final StringBuilder out = new StringBuilder(128);
        value(out, fields);
        return out.toString();
    }

    private static void value(final StringBuilder out, final Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (final Map.Entry<?, ?> entry : map.entrySet()) {
                text(out.append(separator), String.valueOf(entry.getKey()));
                value(out.append(':'), entry.getValue());
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char separator = '[';
            for (final Object item : list) {
                value(out.append(separator), item);
                separator = ',';
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            text(out, value.toString());
        }
    }

    private static void text(final StringBuilder out, final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 127) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
