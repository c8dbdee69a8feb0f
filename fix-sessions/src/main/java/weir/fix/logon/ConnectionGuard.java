package weir.fix.logon;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * First filter: closes connections from addresses that no desk may come from, beyond the connection bounds, before the
 * gateway is open, and those that prove nothing in time. MINA's processor threads.
 */
public final class ConnectionGuard extends IoFilterAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuard.class);

    private final List<DeskConfig> desks;
    private final LogonLimits limits;
    private final GatewayCounters counters;
    private final ScheduledExecutorService timer;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<InetAddress, AtomicInteger> unproven = new ConcurrentHashMap<>();
    private volatile boolean open;

    /**
     * @param desks    whose allow-lists count
     * @param limits   bounds
     * @param counters counted here
     * @param timer    for the logon timeout
     */
    public ConnectionGuard(final Collection<DeskConfig> desks, final LogonLimits limits,
        final GatewayCounters counters, final ScheduledExecutorService timer) {
        this.desks = List.copyOf(desks);
        this.limits = limits;
        this.counters = counters;
        this.timer = timer;
    }

    /** Connections are taken from now on. */
    public void open() {
        open = true;
    }

    /** Connections are closed at once from now on. */
    public void close() {
        open = false;
    }

    @Override
    public void sessionCreated(final NextFilter nextFilter, final IoSession session) {
        // A peer that is gone already has no address; the wildcard is in nobody's allow-list of one host.
        final InetAddress address = session.getRemoteAddress() instanceof InetSocketAddress remote
            ? remote.getAddress() : new InetSocketAddress(0).getAddress();
        final Connection connection = new Connection(address);
        Connection.attach(session, connection);
        final int total = connections.incrementAndGet();
        final int ofAddress = unproven.computeIfAbsent(address, ignore -> new AtomicInteger()).incrementAndGet();
        if (!open || total > limits.maxConnections() || ofAddress > limits.maxUnprovenPerAddress() ||
            !isAllowed(address)) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            LOG.warn("connection refused address={} connections={} unproven={}", address.getHostAddress(), total,
                ofAddress);
            connection.state = Connection.State.ENDED;
            session.closeNow();
        } else {
            counters.increment(Counter.CONNECTIONS);
            timer.schedule(() -> onLogonTimeout(session, connection), limits.logonTimeoutMs(), TimeUnit.MILLISECONDS);
        }
        nextFilter.sessionCreated(session);
    }

    @Override
    public void sessionClosed(final NextFilter nextFilter, final IoSession session) {
        connections.decrementAndGet();
        final Connection connection = Connection.of(session);
        if (connection.compId == null) {
            onSettled(connection.address);
        }
        connection.state = Connection.State.ENDED;
        nextFilter.sessionClosed(session);
    }

    /** Filter between TLS and the FIX decoder: ends connections whose message does not end within the limit. */
    public final class Size extends IoFilterAdapter {
        @Override
        public void messageReceived(final NextFilter nextFilter, final IoSession session, final Object message) {
            final Connection connection = Connection.of(session);
            if (connection.state == Connection.State.ENDED) {
                return;
            }
            connection.undecodedBytes += ((IoBuffer)message).remaining();
            // The decoder runs inside this call; the gate behind it sets the count back with each whole message.
            nextFilter.messageReceived(session, message);
            if (connection.undecodedBytes > limits.maxMessageBytes()) {
                counters.increment(Counter.OVERSIZED);
                LOG.warn("connection closed: no whole message in {} bytes, address={} compId={}",
                    connection.undecodedBytes, connection.address.getHostAddress(), connection.compId);
                session.closeNow();
            }
        }
    }

    void onSettled(final InetAddress address) {
        unproven.computeIfPresent(address, (ignore, count) -> count.decrementAndGet() <= 0 ? null : count);
    }

    private void onLogonTimeout(final IoSession session, final Connection connection) {
        if (connection.state == Connection.State.AWAITING_LOGON && session.isConnected()) {
            counters.increment(Counter.LOGON_TIMEOUTS);
            LOG.warn("connection closed: no Logon in {} ms, address={}", limits.logonTimeoutMs(),
                connection.address.getHostAddress());
            session.closeNow();
        }
    }

    private boolean isAllowed(final InetAddress address) {
        for (final DeskConfig desk : desks) {
            if (desk.allows(address)) {
                return true;
            }
        }
        return false;
    }
}
