package weir.fix;

import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.apache.mina.core.filterchain.IoFilterChain;
import org.apache.mina.filter.ssl.SslFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.ConfigError;
import quickfix.DataDictionary;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SocketAcceptor;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.PeerTime;
import weir.fix.egress.EgressAgent;
import weir.fix.egress.ReportTranslator;
import weir.fix.ingress.IngressProxy;
import weir.fix.ingress.OrderTranslator;
import weir.fix.logon.ConnectionGuard;
import weir.fix.logon.GateListener;
import weir.fix.logon.LogonGate;
import weir.fix.session.AcceptorSettings;
import weir.fix.session.DeskApplication;
import weir.fix.session.DeskLogFactory;
import weir.fix.session.DeskMessageFactory;
import weir.fix.session.DeskSession;
import weir.fix.store.AppendAhead;
import weir.fix.store.RawLog;
import weir.fix.store.SessionStore;
import weir.fix.store.StoreDirectory;
import weir.protocol.Streams;
import weir.protocol.sbe.DisconnectCause;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;

/**
 * The desks' edge: a FIX acceptor in front of the engine. Launch it when the engine polls its ingress; it takes
 * connections once every regenerated report is stored. Threads: QuickFIX/J's message thread and timer, MINA's
 * processors, one logon thread, one timer, and the egress agent's.
 */
public final class FixGateway implements AutoCloseable, GateListener {
    private static final Logger LOG = LoggerFactory.getLogger(FixGateway.class);
    private static final int LOGON_QUEUE = 256;
    /**
     * QuickFIX/J's decoder prints whole messages whose framing is wrong, passwords included. It is silenced where slf4j
     * ends in java.util.logging, as in the launcher; kept here because that API holds loggers weakly. What it would say
     * is counted as garbled or oversized.
     */
    private static final java.util.logging.Logger DECODER_LOG =
        java.util.logging.Logger.getLogger("quickfix.mina.message.FIXMessageDecoder");

    private final FixGatewayContext context;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Map<SessionID, DeskSession> desks = new LinkedHashMap<>();
    private final Map<String, DeskSession> byCompId = new LinkedHashMap<>();
    private DeskApplication application;
    private SocketAcceptor acceptor;
    private ConnectionGuard guard;
    private AgentRunner egressRunner;
    private ScheduledExecutorService timer;
    private ThreadPoolExecutor logonThread;
    private InetSocketAddress address;
    private boolean closed;

    private FixGateway(final FixGatewayContext context) {
        this.context = context;
    }

    /**
     * Opens stores, sends what desks miss, and listens.
     *
     * @param context concluded here
     * @return running gateway
     * @throws IOException when a store, log or TLS store cannot be used, or the address is taken
     */
    public static FixGateway launch(final FixGatewayContext context) throws IOException {
        final FixGateway gateway = new FixGateway(context.conclude());
        try {
            gateway.start();
            return gateway;
        } catch (final IOException | RuntimeException ex) {
            gateway.close();
            throw ex;
        } catch (final ConfigError | GeneralSecurityException ex) {
            gateway.close();
            throw new IOException("FIX acceptor cannot start: " + ex.getMessage(), ex);
        }
    }

    /**
     * Where it listens.
     *
     * @return address with the port that was bound
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * What it counted.
     *
     * @return counters, live
     */
    public GatewayCounters counters() {
        return context.counters();
    }

    /**
     * Asks for a desk.
     *
     * @param compId SenderCompID(49) of the desk
     * @return true while it is logged on
     */
    public boolean isLoggedOn(final String compId) {
        final DeskSession desk = byCompId.get(compId);
        return desk != null && desk.isLoggedOn();
    }

    /** Logs all desks out, tells the engine, and releases everything. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (guard != null) {
            guard.close();
        }
        if (application != null) {
            application.onClosing();
        }
        if (acceptor != null) {
            acceptor.stop();
        }
        if (logonThread != null) {
            logonThread.shutdownNow();
        }
        if (timer != null) {
            timer.shutdownNow();
        }
        CloseHelper.quietClose(egressRunner);
        for (int i = resources.size() - 1; i >= 0; i--) {
            CloseHelper.quietClose(resources.get(i));
        }
    }

    @Override
    public void onInbound(final String compId, final String message) {
        try {
            byCompId.get(compId).rawLog().in(context.clock().nanoTime(), message);
        } catch (final IOException ex) {
            context.errorHandler().onError(ex);
        }
    }

    @Override
    public boolean isFree(final String compId) {
        final Session session = byCompId.get(compId).session();
        return session != null && !session.hasResponder();
    }

    @Override
    public void onReplacing(final String compId) {
        byCompId.get(compId).cause(DisconnectCause.REPLACED);
    }

    private void start() throws IOException, ConfigError, GeneralSecurityException {
        DECODER_LOG.setLevel(Level.OFF);
        final IngressProxy ingress = own(new IngressProxy(
            context.aeron().addExclusivePublication(context.ingressChannel(), Streams.CLIENT_INGRESS), context.clock(),
            TimeUnit.MICROSECONDS.toNanos(context.ingressRetryUs()), context.errorHandler()));
        openDesks(ingress);
        application = new DeskApplication(desks, ingress, context.clock(), peerTime(),
            TimeUnit.SECONDS.toNanos(context.maxLatencyS()), context.counters(), context.errorHandler());
        final EgressAgent egress = new EgressAgent(
            context.egress() != null ? context.egress()
                : context.aeron().addSubscription(context.egressChannel(), Streams.CLIENT_EGRESS), desks.values(),
            context.counters(), context.errorHandler(),
            TimeUnit.MILLISECONDS.toNanos(context.deliveryProbeIntervalMs()));
        egressRunner = new AgentRunner(context.egressIdleStrategy(), context.errorHandler(), null, egress);
        final ThreadFactory threads = daemon("weir-fix-logon");
        timer = Executors.newSingleThreadScheduledExecutor(daemon("weir-fix-timer"));
        logonThread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(LOGON_QUEUE), threads);
        guard = new ConnectionGuard(context.desks(), context.logonLimits(), context.counters(), timer);
        startAcceptor();
        egress.deliverRegenerated(context.regenerated());
        AgentRunner.startOnThread(egressRunner, daemon("weir-fix-egress"));
        guard.open();
        LOG.info("FIX acceptor listens on {} for {} desks", address, desks.size());
    }

    private void openDesks(final IngressProxy ingress) throws IOException {
        final StoreDirectory directory = own(new StoreDirectory(context.storeDirectory()));
        final AppendAhead ahead = own(new AppendAhead(context.errorHandler()));
        final Path rawLogs = Files.createDirectories(context.rawLogDirectory());
        final long nowMs = TimeUnit.NANOSECONDS.toMillis(context.clock().nanoTime());
        for (final DeskConfig config : context.desks()) {
            final SessionStore store = own(new SessionStore(directory.path(), config.compId(), nowMs, ahead));
            if (store.tornBytes() > 0) {
                LOG.warn("session store of {} had a torn tail of {} bytes", config.compId(), store.tornBytes());
            }
            final Integer journaled = context.recoveredMsgSeqNums().get(config.sessionId());
            if (journaled != null) {
                store.recoverTarget(journaled);
            }
            final RawLog rawLog = own(new RawLog(rawLogs, config.compId(), ahead));
            final SessionID id = AcceptorSettings.sessionId(config, context.targetCompId());
            final DeskSession desk =
                new DeskSession(config, id, store, rawLog, ingress, context.counters(), context.errorHandler());
            desks.put(id, desk);
            byCompId.put(config.compId(), desk);
        }
    }

    private void startAcceptor() throws IOException, ConfigError, GeneralSecurityException {
        final SslFilter tls = context.tls() == null ? null : context.tls().filter();
        final LogonGate gate = new LogonGate(context.targetCompId(), context.desks(), context.logonLimits(), guard,
            context.counters(), context.clock(), peerTime(), logonThread, timer, unsupportedTypes(), this);
        acceptor = SocketAcceptor.newBuilder()
            .withApplication(application)
            .withMessageStoreFactory(id -> desks.get(id).store())
            .withSettings(AcceptorSettings.of(context.desks(), context.targetCompId(), context.bindAddress(),
                context.maxScheduledWrites()))
            .withLogFactory(new DeskLogFactory(desks, context.clock(), context.counters(), context.errorHandler()))
            .withMessageFactory(new DeskMessageFactory())
            .withQueueWatermarks(context.inboundQueueLimit() / 2, context.inboundQueueLimit())
            .build();
        // QuickFIX/J's codec is in the chain already when this is called.
        acceptor.setIoFilterChainBuilder((IoFilterChain chain) -> {
            chain.addFirst("weir-size", guard.new Size());
            if (tls != null) {
                chain.addFirst("weir-tls", tls);
            }
            chain.addFirst("weir-guard", guard);
            chain.addLast("weir-gate", gate);
        });
        try {
            acceptor.start();
        } catch (final quickfix.RuntimeError ex) {
            throw new IOException("FIX_PORT_UNAVAILABLE cannot listen on " + context.bindAddress() + ": "
                + ex.getMessage(), ex);
        }
        address = (InetSocketAddress)acceptor.getEndpoints().iterator().next().getLocalAddress();
    }

    /**
     * Application types that the dictionary only names. Those that it describes are validated whole: what desks send,
     * and what they get, which a desk may send back by mistake; its own j is read and never answered.
     */
    private static Predicate<String> unsupportedTypes() throws ConfigError {
        final DataDictionary application = new DataDictionary(AcceptorSettings.APPLICATION_DICTIONARY);
        return msgType -> !OrderTranslator.isSupported(msgType) && !ReportTranslator.isReport(msgType) &&
            application.isMsgType(msgType);
    }

    private PeerTime peerTime() {
        return new PeerTime(context.clock(), context.wallClock());
    }

    private <T extends AutoCloseable> T own(final T resource) {
        resources.add(resource);
        return resource;
    }

    private static ThreadFactory daemon(final String name) {
        return task -> {
            final Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
