package weir.venue.coinbase;

import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Log;
import quickfix.LogFactory;
import quickfix.SessionID;

/**
 * QuickFIX/J's log to slf4j, category {@code weir.venue.coinbase.fix}: messages at trace, events at info, warnings and
 * errors at theirs. RawData(96), Username(553) and Password(554) are masked in every line, whatever it holds.
 */
final class MaskedLogFactory implements LogFactory {
    private static final Logger LOG = LoggerFactory.getLogger("weir.venue.coinbase.fix");
    private static final Pattern SECRET = Pattern.compile("(^|[\u0001|,\\s])(96|553|554)=[^\u0001|\\s]*");
    private static final String DISCONNECTING = "Disconnecting: ";

    private final Map<String, ? extends Wire> wireByApiKey;

    MaskedLogFactory(final Map<String, ? extends Wire> wireByApiKey) {
        this.wireByApiKey = wireByApiKey;
    }

    @Override
    public Log create(final SessionID sessionId) {
        return new MaskedLog(wireByApiKey, sessionId.getSenderCompID());
    }

    static String masked(final String text) {
        return SECRET.matcher(text).replaceAll("$1$2=***");
    }

    private static final class MaskedLog implements Log {
        private final Map<String, ? extends Wire> wireByApiKey;
        private final String apiKey;

        private MaskedLog(final Map<String, ? extends Wire> wireByApiKey, final String apiKey) {
            this.wireByApiKey = wireByApiKey;
            this.apiKey = apiKey;
        }

        @Override
        public void clear() {
            // nothing is kept here
        }

        @Override
        public void onIncoming(final String message) {
            if (LOG.isTraceEnabled()) {
                LOG.trace("in {}", masked(message));
            }
        }

        @Override
        public void onOutgoing(final String message) {
            if (LOG.isTraceEnabled()) {
                LOG.trace("out {}", masked(message));
            }
        }

        @Override
        public void onEvent(final String text) {
            note(text);
            LOG.info("{}", masked(text));
        }

        @Override
        public void onWarnEvent(final String text) {
            LOG.warn("{}", masked(text));
        }

        @Override
        public void onErrorEvent(final String text) {
            note(text);
            LOG.error("{}", masked(text));
        }

        private void note(final String text) {
            final Wire wire = wireByApiKey.get(apiKey);
            if (wire != null && text.startsWith(DISCONNECTING)) {
                wire.reason(masked(text.substring(DISCONNECTING.length())));
            }
        }
    }
}
