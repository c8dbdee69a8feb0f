package weir.sim.desk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import quickfix.Log;
import quickfix.LogFactory;
import quickfix.SessionID;

/**
 * Last events and raw messages of a session, kept for state dumps; nothing goes to disk or to the console. Logons are
 * shown without their secrets. Thread-safe, bounded.
 */
final class DeskEvents implements LogFactory, Log {
    private static final int KEPT = 120;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    @Override
    public Log create(final SessionID sessionId) {
        return this;
    }

    @Override
    public void clear() {
        // a session reset keeps the history: it is what one wants to read then
        add("-", "log cleared by a session reset");
    }

    @Override
    public void onIncoming(final String message) {
        add("<", message);
    }

    @Override
    public void onOutgoing(final String message) {
        add(">", message);
    }

    @Override
    public void onEvent(final String text) {
        add("*", text);
    }

    @Override
    public void onErrorEvent(final String text) {
        add("!", text);
    }

    List<String> recent() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }

    private void add(final String kind, final String text) {
        final boolean logon = text.contains("\u000135=A\u0001");
        final String shown = logon ? text.replaceAll("\u0001(96|553|554|925)=[^\u0001]*", "\u0001$1=***") : text;
        synchronized (lines) {
            if (lines.size() == KEPT) {
                lines.removeFirst();
            }
            lines.addLast(kind + " " + shown.replace('\u0001', '|'));
        }
    }
}
