package weir.fix;

import org.agrona.concurrent.Agent;
import quickfix.ConfigError;
import quickfix.DefaultSessionFactory;
import quickfix.SessionSettings;
import weir.fix.egress.EgressAgent;
import weir.fix.session.AcceptorSettings;
import weir.fix.session.DeskConnection;
import weir.fix.session.DeskLink;
import weir.fix.session.DeskMessageFactory;
import weir.fix.session.DeskSession;
import weir.fix.session.DeskTimers;
import weir.fix.session.Lanes;
import weir.fix.wire.FixConnection;
import weir.fix.wire.FixConnectionHandler;
import weir.fix.wire.FixTransport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * Weir's own transport and everything a gateway does, as one duty cycle: reports to desks and one write for each who
 * got some, up to two cycles later when they say only that something is on its way; then messages in and commands to
 * the engine, then time, then a write for whom these answered. Launch, agent and close may be of different threads, one
 * after another.
 */
final class WireAcceptor implements DeskAcceptor, Agent {
    private static final int BYTES_PER_WRITE = 512;
    private static final int MAX_OUT_BYTES = 64 << 20;
    private static final int MIN_OUT_BYTES = 128 << 10;
    private static final long LOGOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final GatewayParts parts;
    private final EgressAgent egress;
    private final FixTransport transport;
    private final Lanes lanes;
    private final DeskTimers timers;
    private final Map<String, DeskLink> links = new HashMap<>();
    private final PendingHold hold = new PendingHold();
    private final InetSocketAddress address;

    /**
     * Makes the sessions and listens.
     *
     * @param context  concluded
     * @param parts    shared
     * @param egress   reports; run by this agent
     * @param tlsTasks for the slow parts of handshakes
     * @throws IOException              when the address is taken
     * @throws ConfigError              when the settings or dictionaries are wrong
     * @throws GeneralSecurityException when a TLS store holds nothing usable
     */
    WireAcceptor(final FixGatewayContext context, final GatewayParts parts, final EgressAgent egress,
        final ExecutorService tlsTasks) throws IOException, ConfigError, GeneralSecurityException {
        this.parts = parts;
        this.egress = egress;
        lanes = new Lanes(context.targetCompId(), parts.gate(), parts.ingress(), parts.time(), parts.peerTime(),
            TimeUnit.SECONDS.toNanos(context.maxLatencyS()), TimeUnit.MICROSECONDS.toNanos(context.ingressRetryUs()),
            context.counters(), context.errorHandler(), context.stageTimes(), context.resendSlice());
        transport = new FixTransport(new FixTransport.Context()
            .maxFrameBytes(context.logonLimits().maxMessageBytes())
            .maxOutBytes((int)Math.max(MIN_OUT_BYTES,
                Math.min(MAX_OUT_BYTES, (long)context.maxScheduledWrites() * BYTES_PER_WRITE)))
            .connectTimeoutMs(context.logonLimits().logonTimeoutMs())
            .handshakesPerSecond(context.tls() == null ? 0 : context.tls().handshakesPerSecond())
            .tlsExecutor(tlsTasks).errorHandler(context.errorHandler()));
        final Supplier<SSLEngine> tls = context.tls() == null ? null : context.tls().engines();
        try {
            address = transport.listen(context.bindAddress(), tls, this::onAccept);
        } catch (final BindException ex) {
            transport.close();
            throw new IOException("FIX_PORT_UNAVAILABLE cannot listen on " + context.bindAddress() + ": "
                + ex.getMessage(), ex);
        }
        try {
            makeLinks(context);
        } catch (final ConfigError | RuntimeException ex) {
            transport.close();
            throw ex;
        }
        timers = new DeskTimers(links.values(), System.nanoTime());
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int doWork() {
        final long nowNs = System.nanoTime();
        parts.time().begin(nowNs);
        // What goes out comes first: a report does not wait for a look at the desks' sockets.
        final int reports = egress.doWork();
        final int resent = lanes.resends().poll();
        hold.onReports(reports, resent, egress.hasNews(), nowNs);
        int work = reports + resent;
        work += flush();
        final long sends = transport.sends();
        final long pollNs = work == 0 ? nowNs : System.nanoTime();
        if (work > 0) {
            parts.time().begin(pollNs); // an order is received when it is read
        }
        work += transport.poll(pollNs);
        work += timers.poll(pollNs);
        if (transport.sends() != sends) {
            hold.end(); // an answer does not wait
        }
        return work + flush();
    }

    /** What waits is work: who has the thread must not sleep over it. */
    private int flush() {
        if (hold.isHeld()) {
            return 1;
        }
        final int written = transport.flush();
        if (lanes.stages() != null && lanes.stages().hasReports()) {
            lanes.stages().onWritten(System.nanoTime());
        }
        return written;
    }

    @Override
    public String roleName() {
        return "weir-fix";
    }

    @Override
    public void close() {
        transport.stopListening();
        timers.logout();
        runWhile(LOGOUT_NS, timers::isAnyLoggedOn);
        timers.end();
        runWhile(CLOSE_NS, () -> transport.connectionCount() > 0);
        transport.close();
        egress.onClose();
        links.values().forEach(link -> {
            try {
                link.session().close();
            } catch (final IOException ex) {
                lanes.errorHandler().onError(ex);
            }
        });
    }

    private void makeLinks(final FixGatewayContext context) throws ConfigError {
        final SessionSettings settings = AcceptorSettings.of(context.desks(), context.targetCompId(),
            context.bindAddress(), context.maxScheduledWrites());
        final DefaultSessionFactory sessions = new DefaultSessionFactory(parts.application(),
            id -> parts.desks().get(id).store(), parts.logs(), new DeskMessageFactory());
        final long nowNs = System.nanoTime();
        for (final DeskSession desk : parts.desks().values()) {
            // Timers of a second are spread over it.
            final long offsetNs = TimeUnit.SECONDS.toNanos(1) * links.size() / parts.desks().size();
            links.put(desk.config().compId(),
                new DeskLink(desk, sessions.create(desk.id(), settings), lanes, nowNs + offsetNs));
        }
    }

    private FixConnectionHandler onAccept(final FixConnection wire) {
        final DeskConnection connection = new DeskConnection(transport, wire, parts.guard(), lanes, links::get);
        return connection.isWanted() ? connection : null;
    }

    private void runWhile(final long maxNs, final java.util.function.BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (condition.getAsBoolean() && System.nanoTime() - startNs < maxNs) {
            if (doWork() == 0) {
                Thread.yield();
            }
        }
    }
}
