package weir.fix.session;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import quickfix.Log;
import quickfix.LogFactory;
import quickfix.SessionID;
import weir.fix.desk.GatewayCounters;

import java.util.Map;

/** Makes the log of each desk's session. */
public final class DeskLogFactory implements LogFactory {
    private final Map<SessionID, DeskSession> desks;
    private final EpochNanoClock clock;
    private final GatewayCounters counters;
    private final ErrorHandler errorHandler;

    /**
     * @param desks        by session
     * @param clock        stamps outbound messages
     * @param counters     counted in the logs
     * @param errorHandler told of logs that cannot be written
     */
    public DeskLogFactory(final Map<SessionID, DeskSession> desks, final EpochNanoClock clock,
        final GatewayCounters counters, final ErrorHandler errorHandler) {
        this.desks = desks;
        this.clock = clock;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    @Override
    public Log create(final SessionID sessionId) {
        final DeskSession desk = desks.get(sessionId);
        return new DeskLog(desk.config().compId(), desk.rawLog(), clock, counters, errorHandler);
    }
}
