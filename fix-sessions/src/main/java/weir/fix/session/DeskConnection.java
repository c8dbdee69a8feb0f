package weir.fix.session;

import org.agrona.DirectBuffer;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.logon.Connection;
import weir.fix.logon.ConnectionGuard;
import weir.fix.logon.Peer;
import weir.fix.wire.CloseCause;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixTransport;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.function.Function;

/** One accepted connection of Weir's transport: to the gate until a desk is proven, then to the desk's lanes. */
public final class DeskConnection implements FixConnectionHandler, Peer {
    private static final byte[] CHARACTERS = new byte[0];

    private final FixTransport transport;
    private final FixConnection wire;
    private final ConnectionGuard guard;
    private final Lanes lanes;
    private final Function<String, DeskLink> links;
    private final Connection connection;
    private DeskLink link;
    private byte[] text = CHARACTERS;
    private int garbageBytes;
    private boolean suspending;
    private volatile boolean ended;

    /**
     * @param transport of the connection
     * @param wire      the connection
     * @param guard     of all connections; told here
     * @param lanes     shared by all desks
     * @param links     desks by CompID
     */
    public DeskConnection(final FixTransport transport, final FixConnection wire, final ConnectionGuard guard,
        final Lanes lanes, final Function<String, DeskLink> links) {
        this.transport = transport;
        this.wire = wire;
        this.guard = guard;
        this.lanes = lanes;
        this.links = links;
        connection = guard.onOpened(this, wire.remote().getAddress(), wire.turnMs());
    }

    /**
     * Asks the guard.
     *
     * @return false when the connection is to be closed at once; it is forgotten then
     */
    public boolean isWanted() {
        if (!connection.isOpen()) {
            guard.onClosed(connection);
            return false;
        }
        return true;
    }

    @Override
    public void onConnected(final FixConnection from, final long nowNs) {
        // The time to Logon runs since it was accepted.
    }

    @Override
    public boolean onFrame(final FixConnection from, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        garbageBytes = 0;
        if (link != null) {
            return link.onFrame(this, buffer, offset, length);
        }
        toGate(buffer, offset, length);
        return true;
    }

    @Override
    public void onGarbage(final FixConnection from, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        lanes.counters().increment(Counter.GARBLED);
        garbageBytes += length;
        if (garbageBytes > guard.maxMessageBytes() && wire.isOpen()) {
            guard.onOversized(connection);
            wire.close("no message in " + garbageBytes + " bytes");
        }
    }

    @Override
    public void onClosed(final FixConnection from, final String reason, final long nowNs) {
        ended = true;
        if (from.closeCause() == CloseCause.OVERSIZED) {
            guard.onOversized(connection);
        }
        guard.onClosed(connection);
        lanes.gate().onClosed(connection);
        if (link != null) {
            link.onClosed(this, reason);
        }
    }

    @Override
    public X509Certificate certificate() {
        return wire.peerCertificate();
    }

    @Override
    public boolean isConnected() {
        return !ended;
    }

    @Override
    public void write(final String raw) {
        wire.send(raw);
    }

    @Override
    public void suspendRead() {
        // What came in one piece with the Logon is still handed on, and ends the connection.
        suspending = true;
        transport.execute(() -> {
            if (suspending) {
                wire.suspendRead();
            }
        });
    }

    @Override
    public void resumeRead() {
        suspending = false;
        if (wire.isOpen()) {
            wire.resumeRead();
        }
    }

    @Override
    public void closeNow() {
        wire.close("closed");
    }

    @Override
    public void closeOnFlush() {
        wire.closeWhenFlushed("closed");
    }

    @Override
    public void pass(final String raw) {
        if (link == null) {
            link = links.apply(connection.compId());
        }
        link.pass(this, raw);
    }

    @Override
    public void execute(final Runnable task) {
        transport.execute(task);
    }

    boolean isProven() {
        return connection.isProven();
    }

    boolean send(final DirectBuffer buffer, final int offset, final int length) {
        return wire.send(buffer, offset, length);
    }

    boolean send(final String raw) {
        return wire.send(raw);
    }

    long takenBytes() {
        return wire.takenBytes();
    }

    boolean isHalfFree() {
        return wire.isHalfFree();
    }

    CloseCause closeCause() {
        return wire.closeCause();
    }

    String remote() {
        return wire.remote().toString();
    }

    void toGate(final DirectBuffer buffer, final int offset, final int length) {
        if (text.length < length) {
            text = new byte[Math.max(length, 1024)];
        }
        buffer.getBytes(offset, text, 0, length);
        lanes.gate().onMessage(connection, new String(text, 0, length, StandardCharsets.ISO_8859_1));
    }
}
