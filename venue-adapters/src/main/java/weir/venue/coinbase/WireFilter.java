package weir.venue.coinbase;

import java.io.IOException;
import java.util.Map;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import quickfix.Session;
import quickfix.mina.SessionConnector;

/**
 * MINA filter between QuickFIX/J and the FIX codec: every message in either direction passes here as text, the session
 * layer's own included, whichever thread sends it. Finds the account's {@link MinaWire} and lets it count and stamp.
 */
final class WireFilter extends IoFilterAdapter {
    private static final String WIRE = "weir.wire";

    private final Map<String, MinaWire> wireByApiKey;

    WireFilter(final Map<String, MinaWire> wireByApiKey) {
        this.wireByApiKey = wireByApiKey;
    }

    @Override
    public void sessionOpened(final NextFilter next, final IoSession io) throws Exception {
        final Session session = (Session)io.getAttribute(SessionConnector.QF_SESSION);
        final MinaWire wire = wireByApiKey.get(session.getSessionID().getSenderCompID());
        io.setAttribute(WIRE, wire);
        wire.onOpened(io, session);
        next.sessionOpened(io);
    }

    @Override
    public void sessionClosed(final NextFilter next, final IoSession io) throws Exception {
        final MinaWire wire = wire(io);
        if (wire != null) {
            wire.onClosed();
        }
        next.sessionClosed(io);
    }

    @Override
    public void exceptionCaught(final NextFilter next, final IoSession io, final Throwable cause) throws Exception {
        final MinaWire wire = wire(io);
        if (wire != null && cause instanceof IOException) {
            wire.reason(cause.getClass().getSimpleName());
        }
        next.exceptionCaught(io, cause);
    }

    @Override
    public void messageReceived(final NextFilter next, final IoSession io, final Object message) throws Exception {
        final MinaWire wire = wire(io);
        if (wire != null && message instanceof String) {
            wire.onReceived((String)message);
        }
        next.messageReceived(io, message);
    }

    @Override
    public void filterWrite(final NextFilter next, final IoSession io, final WriteRequest request) throws Exception {
        final MinaWire wire = wire(io);
        if (wire != null && request.getMessage() instanceof String && !wire.onWrite((String)request.getMessage())) {
            request.getFuture().setException(new IOException("refused by the guard"));
            return;
        }
        next.filterWrite(io, request);
    }

    @Override
    public void messageSent(final NextFilter next, final IoSession io, final WriteRequest request) throws Exception {
        final MinaWire wire = wire(io);
        if (wire != null && request.getOriginalMessage() instanceof String) {
            wire.onWritten((String)request.getOriginalMessage());
        }
        next.messageSent(io, request);
    }

    private static MinaWire wire(final IoSession io) {
        return (MinaWire)io.getAttribute(WIRE);
    }
}
