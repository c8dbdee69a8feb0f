package weir.fix.logon;

import java.net.InetAddress;
import java.util.concurrent.Future;

/** What guard and gate know of one connection. Fields are volatile: two threads pass it on. */
public final class Connection {
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

    final Peer peer;
    final InetAddress address;
    volatile State state = State.AWAITING_LOGON;
    volatile String compId;
    volatile int undecodedBytes;
    volatile Future<?> timeout;

    Connection(final Peer peer, final InetAddress address) {
        this.peer = peer;
        this.address = address;
    }

    /**
     * Asks whether it may go on.
     *
     * @return false when it was refused, or ended
     */
    public boolean isOpen() {
        return state != State.ENDED;
    }

    /**
     * Asks whether messages pass.
     *
     * @return false before its Logon is proven, and while another one is
     */
    public boolean isProven() {
        return state == State.PROVEN;
    }

    /**
     * Who it is.
     *
     * @return CompID of the desk, null before it is proven
     */
    public String compId() {
        return compId;
    }
}
