package weir.billing.statement;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML whose text is escaped always: nothing reaches the page unescaped except the tags and attributes that the
 * calls name. One thread.
 */
final class HtmlWriter {
    private final StringBuilder out = new StringBuilder(16_384);
    private final Deque<String> open = new ArrayDeque<>();

    HtmlWriter doctype() {
        out.append("<!doctype html>\n");
        return this;
    }

    /** Opens an element; attributes are names and values in turn. */
    HtmlWriter open(final String tag, final String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Closes the element opened last. */
    HtmlWriter close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    HtmlWriter text(final String text) {
        escape(text);
        return this;
    }

    /** An element with text alone. */
    HtmlWriter element(final String tag, final String text, final String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** An element without content, which HTML does not close. */
    HtmlWriter empty(final String tag, final String... attributes) {
        open(tag, attributes);
        open.pop();
        out.append('\n');
        return this;
    }

    /** Our own style sheet: the content of style is no text that browsers unescape. */
    HtmlWriter style(final String css) {
        out.append("<style>\n").append(css).append("</style>\n");
        return this;
    }

    private void escape(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("open: " + open);
        }
        return out.toString();
    }
}
