package weir.venue.intx;

import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Log;

/**
 * QuickFIX/J's log to slf4j, category {@code weir.venue.intx.fix}: messages at trace, events at info, errors at theirs.
 * Username(553), Password(554), and Text(58) of a Logon, which holds the signature, are masked. Why a session was ended
 * is handed on.
 */
final class FixLog implements Log {
    private static final Logger LOG = LoggerFactory.getLogger("weir.venue.intx.fix");
    private static final Pattern SECRET = Pattern.compile("(^|[\u0001|,\\s])(553|554)=[^\u0001|\\s]*");
    private static final Pattern SIGNATURE = Pattern.compile("(35=A[\u0001|](?:[^\u0001|]*[\u0001|])*?58=)[^\u0001|]*");
    private static final String DISCONNECTING = "Disconnecting: ";

    private final Consumer<String> reason;

    FixLog(final Consumer<String> reason) {
        this.reason = reason;
    }

    static String masked(final String text) {
        return SIGNATURE.matcher(SECRET.matcher(text).replaceAll("$1$2=***")).replaceAll("$1***");
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
        if (text.startsWith(DISCONNECTING)) {
            reason.accept(masked(text.substring(DISCONNECTING.length())));
        }
    }
}
