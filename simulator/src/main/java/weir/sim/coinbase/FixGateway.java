package weir.sim.coinbase;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import weir.sim.market.FaultPlan;
import weir.sim.market.VenueLog;

/** Accepts FIX connections on loopback and does what outlives one of them, cancel on disconnect foremost. */
final class FixGateway implements Closeable {
    private final ServerSocket server;
    private final LongSupplier clock;
    private final LongSupplier peerClock;
    private final VenueLimits limits;
    private final VenueLog log;
    private final FixInLog fixIn;
    private final FaultPlan<Fault> faults;
    private final SessionDirectory sessions;
    private final LogonCheck logonCheck;
    private final MatchingEngine engine;
    private final OrderEntry orderEntry;
    private final Map<Long, FixSession> connections = new ConcurrentHashMap<>();
    private final AtomicLong nextId;
    private volatile boolean closed;

    FixGateway(
        final int port, final LongSupplier clock, final LongSupplier peerClock, final VenueLimits limits,
        final VenueLog log, final FixInLog fixIn, final FaultPlan<Fault> faults, final SessionDirectory sessions,
        final LogonCheck logonCheck, final MatchingEngine engine, final OrderEntry orderEntry) throws IOException {
        this.clock = clock;
        this.peerClock = peerClock;
        this.limits = limits;
        this.log = log;
        this.fixIn = fixIn;
        this.faults = faults;
        this.sessions = sessions;
        this.logonCheck = logonCheck;
        this.engine = engine;
        this.orderEntry = orderEntry;
        // Connection ids differ between runs, because the log goes on.
        this.nextId = new AtomicLong(clock.getAsLong() / 1_000_000L);
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    }

    void start() {
        thread("acceptor", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    long nowNs() {
        return clock.getAsLong();
    }

    /** By which the times that clients state are judged. */
    long peerNs() {
        return peerClock.getAsLong();
    }

    VenueLimits limits() {
        return limits;
    }

    VenueLog log() {
        return log;
    }

    FixInLog fixIn() {
        return fixIn;
    }

    FaultPlan<Fault> faults() {
        return faults;
    }

    SessionDirectory sessions() {
        return sessions;
    }

    LogonCheck logonCheck() {
        return logonCheck;
    }

    OrderEntry orderEntry() {
        return orderEntry;
    }

    Thread thread(final String name, final Runnable task) {
        final Thread thread = new Thread(task, "coinbase-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    List<FixSession> connections() {
        return List.copyOf(connections.values());
    }

    void onTick(final long nowNs) {
        for (final FixSession session : connections.values()) {
            session.onTick(nowNs);
        }
    }

    /** A session ended: its orders are cancelled if its Logon asked for it, or kept. */
    void onEnd(final FixSession session, final String reason) {
        connections.remove(session.id());
        final long nowNs = nowNs();
        log.write(session.line("logoff", nowNs).put("session", session.apiKey()).put("reason", reason));
        final LogonCheck.Terms terms = session.terms();
        if (terms == null || terms.cancelOn() == 'N' || closed) {
            return;
        }
        final String profile = terms.key().account().profileId();
        final boolean spareInFlight = faults.isOn(Fault.CANCEL_MISSES_IN_FLIGHT, session.apiKey());
        engine.cancelAll(order -> order.request.origin().profileId().equals(profile)
            && (terms.cancelOn() == 'Y' || order.request.origin().connectionId() == session.id())
            && !(spareInFlight && session.isInFlight(order)), "cancel on disconnect", nowNs);
    }

    void onError(final FixSession session, final RuntimeException error) {
        System.err.println("coinbase simulator: connection " + session.id() + ": " + error);
        log.write(session.line("error", nowNs()).put("session", session.apiKey()).put("reason", error.toString()));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (final FixSession session : connections.values()) {
            session.drop("venue closed");
        }
    }

    private void accept() {
        while (!closed) {
            try {
                final Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                final FixSession session = new FixSession(this, socket, nextId.incrementAndGet());
                connections.put(session.id(), session);
                session.start();
            } catch (final IOException e) {
                if (!closed) {
                    System.err.println("coinbase simulator: accept: " + e);
                }
            }
        }
    }
}
