package weir.fix.logon;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Before everything else: refuses connections from addresses that no desk may come from, beyond the connection bounds,
 * before the gateway is open, and ends those that prove nothing in time. Any thread.
 */
public final class ConnectionGuard {
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

    /**
     * A connection was made.
     *
     * @param peer    of it
     * @param address of its other end
     * @param turnMs  time until its turn to shake hands, from which its time for a Logon runs
     * @return what is known of it; not open when it is to be closed at once
     */
    public Connection onOpened(final Peer peer, final InetAddress address, final long turnMs) {
        final Connection connection = new Connection(peer, address);
        final int total = connections.incrementAndGet();
        final int ofAddress = unproven.computeIfAbsent(address, ignore -> new AtomicInteger()).incrementAndGet();
        if (!open || total > limits.maxConnections() || ofAddress > limits.maxUnprovenPerAddress() ||
            !isAllowed(address)) {
            counters.increment(Counter.CONNECTIONS_REFUSED);
            LOG.warn("connection refused address={} connections={} unproven={}", address.getHostAddress(), total,
                ofAddress);
            connection.state = Connection.State.ENDED;
        } else {
            counters.increment(Counter.CONNECTIONS);
            connection.timeout = timer.schedule(() -> peer.execute(() -> onLogonTimeout(connection)),
                turnMs + limits.logonTimeoutMs(), TimeUnit.MILLISECONDS);
        }
        return connection;
    }

    /**
     * A connection ended.
     *
     * @param connection which
     */
    public void onClosed(final Connection connection) {
        connections.decrementAndGet();
        if (connection.compId == null) {
            onSettled(connection.address);
        }
        if (connection.timeout != null) {
            connection.timeout.cancel(false); // it would keep the connection's buffers
        }
        connection.state = Connection.State.ENDED;
    }

    /**
     * A connection is ended because its message does not end within the limit.
     *
     * @param connection which
     */
    public void onOversized(final Connection connection) {
        counters.increment(Counter.OVERSIZED);
        LOG.warn("connection closed: no whole message in {} bytes, address={} compId={}", limits.maxMessageBytes(),
            connection.address.getHostAddress(), connection.compId);
    }

    /**
     * Bytes in which a message must end.
     *
     * @return bytes
     */
    public int maxMessageBytes() {
        return limits.maxMessageBytes();
    }

    void onSettled(final InetAddress address) {
        unproven.computeIfPresent(address, (ignore, count) -> count.decrementAndGet() <= 0 ? null : count);
    }

    private void onLogonTimeout(final Connection connection) {
        if (connection.state == Connection.State.AWAITING_LOGON && connection.peer.isConnected()) {
            counters.increment(Counter.LOGON_TIMEOUTS);
            LOG.warn("connection closed: no Logon in {} ms, address={}", limits.logonTimeoutMs(),
                connection.address.getHostAddress());
            connection.peer.closeNow();
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
