package weir.fix.session;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Log;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.store.RawLog;
import weir.fix.text.SecretMask;

import java.io.IOException;

/**
 * QuickFIX/J's log of a session: outbound messages to the raw log (inbound ones are written by the gate, as received),
 * events to slf4j, secrets masked. Any thread.
 */
public final class DeskLog implements Log {
    private static final Logger LOG = LoggerFactory.getLogger(DeskLog.class);

    private final String compId;
    private final RawLog rawLog;
    private final EpochNanoClock clock;
    private final GatewayCounters counters;
    private final ErrorHandler errorHandler;

    DeskLog(final String compId, final RawLog rawLog, final EpochNanoClock clock, final GatewayCounters counters,
        final ErrorHandler errorHandler) {
        this.compId = compId;
        this.rawLog = rawLog;
        this.clock = clock;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    @Override
    public void clear() {
        // The raw log is the record of what happened: nothing clears it.
    }

    @Override
    public void onIncoming(final String message) {
        // Written by the gate, before QuickFIX/J sees it.
    }

    @Override
    public void onOutgoing(final String message) {
        try {
            rawLog.out(clock.nanoTime(), message);
        } catch (final IOException ex) {
            errorHandler.onError(ex);
        }
    }

    @Override
    public void onEvent(final String text) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {}", compId, SecretMask.mask(text));
        }
    }

    @Override
    public void onErrorEvent(final String text) {
        if (text.startsWith("Invalid message") || text.startsWith("Skipping invalid message")) {
            counters.increment(Counter.GARBLED);
        } else if (text.contains("Slow consumer")) {
            counters.increment(Counter.SLOW_CONSUMERS);
        } else if (text.startsWith("Reject sent for message number")) {
            counters.increment(Counter.SESSION_REJECTS);
        }
        if (LOG.isWarnEnabled()) {
            LOG.warn("{}: {}", compId, SecretMask.mask(text));
        }
    }
}
