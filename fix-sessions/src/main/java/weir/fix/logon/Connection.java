package weir.fix.logon;

import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;

import java.net.InetAddress;

/**
 * What the gate knows of one connection; an attribute of its MINA session. Fields are volatile: two threads pass it on.
 */
final class Connection {
    /** Where a connection stands. */
    enum State {
        /** Nothing arrived. */
        AWAITING_LOGON,
        /** A proof is being computed; nothing else may arrive. */
        PROVING,
        /** Messages pass. */
        PROVEN,
        /** Refused or closed; nothing passes. */
        ENDED
    }

    private static final AttributeKey KEY = new AttributeKey(Connection.class, "connection");

    final InetAddress address;
    volatile State state = State.AWAITING_LOGON;
    volatile String compId;
    volatile int undecodedBytes;

    Connection(final InetAddress address) {
        this.address = address;
    }

    static Connection of(final IoSession session) {
        return (Connection)session.getAttribute(KEY);
    }

    static void attach(final IoSession session, final Connection connection) {
        session.setAttribute(KEY, connection);
    }
}
