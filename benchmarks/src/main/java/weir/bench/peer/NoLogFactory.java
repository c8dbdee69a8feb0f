package weir.bench.peer;

import quickfix.Log;
import quickfix.LogFactory;
import quickfix.SessionID;

/** Messages are logged nowhere, which is the fastest; errors go to standard error: no run fails silently. */
final class NoLogFactory implements LogFactory {
    @Override
    public Log create(final SessionID session) {
        return new Log() {
            @Override
            public void clear() {
                // nothing is kept
            }

            @Override
            public void onIncoming(final String message) {
                // not logged
            }

            @Override
            public void onOutgoing(final String message) {
                // not logged
            }

            @Override
            public void onEvent(final String text) {
                // not logged
            }

            @Override
            public void onErrorEvent(final String text) {
                System.err.println(session + ": " + text);
            }
        };
    }
}
