package weir.fix;

import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.ConfigError;
import quickfix.DataDictionary;
import quickfix.Session;
import quickfix.SessionID;
import weir.fix.desk.CycleTime;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.PeerTime;
import weir.fix.desk.RecordSeq;
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
import weir.fix.session.DeskSession;
import weir.fix.store.WriteBehind;
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
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;

/**
 * The desks' edge: a FIX acceptor in front of the engine. Launch it when the engine polls its ingress; it takes
 * connections once every regenerated report is stored. Threads: the gateway's own, or the caller's
 * ({@link #agent()}); one logon thread, one timer, one for files and one for TLS handshakes. On QuickFIX/J's transport
 * also its message thread and timer and MINA's processors.
 */
public final class FixGateway implements AutoCloseable, GateListener {
    private static final Logger LOG = LoggerFactory.getLogger(FixGateway.class);
    /** Proofs that wait: one for every desk a gateway can have. */
    private static final int LOGON_QUEUE = 1024;
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
    private DeskAcceptor acceptor;
    private ConnectionGuard guard;
    private Agent agent;
    private AgentRunner runner;
    private ScheduledExecutorService timer;
    private ThreadPoolExecutor logonThread;
    private ThreadPoolExecutor tlsThread;
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
        return acceptor.address();
    }

    /**
     * The duty cycle, for the caller to run where {@link FixGatewayContext#invoked(boolean)} is on: messages in,
     * reports out, time, writes.
     *
     * @return agent; its onStart and onClose do nothing
     */
    public Agent agent() {
        return agent;
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
        // The transport of ours is driven to its end by this thread: the other one must be gone.
        if (context.transport() == DeskTransport.WEIR) {
            CloseHelper.quietClose(runner);
        }
        if (acceptor != null) {
            acceptor.close();
        }
        if (logonThread != null) {
            logonThread.shutdownNow();
        }
        if (timer != null) {
            timer.shutdownNow();
        }
        if (tlsThread != null) {
            tlsThread.shutdownNow();
        }
        CloseHelper.quietClose(runner);
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
        final boolean isWire = context.transport() == DeskTransport.WEIR;
        final long retryNs = TimeUnit.MICROSECONDS.toNanos(context.ingressRetryUs());
        // A command waits on Weir's transport where it is, before it is offered. Where the engine runs on the same
        // thread, waiting for it makes no room.
        final IngressProxy ingress = own(new IngressProxy(
            context.aeron().addExclusivePublication(context.ingressChannel(), Streams.CLIENT_INGRESS), context.clock(),
            isWire ? 0 : retryNs, context.invoked() ? 0 : retryNs, context.errorHandler()));
        openDesks(ingress);
        final PeerTime peerTime = new PeerTime(context.clock(), context.wallClock());
        application = new DeskApplication(desks, ingress, context.clock(), peerTime,
            TimeUnit.SECONDS.toNanos(context.maxLatencyS()), context.counters(), context.errorHandler());
        final CycleTime time = new CycleTime(context.clock(), context.wallClock());
        final EgressAgent egress = new EgressAgent(
            context.egress() != null ? context.egress()
                : context.aeron().addSubscription(context.egressChannel(), Streams.CLIENT_EGRESS), desks.values(), time,
            isWire ? context.stageTimes() : null, context.counters(), context.errorHandler(),
            TimeUnit.MILLISECONDS.toNanos(context.deliveryProbeIntervalMs()), context.resendSlice());
        // Threads are made here: made by the first task they would be bound to the processor of the gateway's thread.
        final ScheduledThreadPoolExecutor delays =
            new ScheduledThreadPoolExecutor(1, FixGatewayContext.daemon("weir-fix-timer"));
        delays.setRemoveOnCancelPolicy(true);
        delays.prestartCoreThread();
        timer = delays;
        logonThread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(LOGON_QUEUE),
            context.background().apply("weir-fix-logon"));
        logonThread.prestartCoreThread();
        guard = new ConnectionGuard(context.desks(), context.logonLimits(), context.counters(), timer);
        final LogonGate gate = new LogonGate(context.targetCompId(), context.desks(), context.logonLimits(), guard,
            context.counters(), context.clock(), peerTime, logonThread, timer, unsupportedTypes(), this);
        final GatewayParts parts = new GatewayParts(desks, application,
            new DeskLogFactory(desks, context.clock(), context.counters(), context.errorHandler()), guard, gate,
            ingress, peerTime, time);
        if (isWire) {
            // What waits is ordered by the age of its connection.
            tlsThread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(),
                context.background().apply("weir-fix-tls"));
            tlsThread.prestartCoreThread();
            final WireAcceptor wire = new WireAcceptor(context, parts, egress, tlsThread);
            acceptor = wire;
            agent = wire;
        } else {
            acceptor = new MinaAcceptor(context, parts);
            agent = new EgressCycle(egress, time);
        }
        if (context.regenerated() != null) {
            egress.deliverRegenerated(context.regenerated());
        }
        if (!context.invoked()) {
            runner = new AgentRunner(context.egressIdleStrategy(), context.errorHandler(), null, agent);
            AgentRunner.startOnThread(runner, FixGatewayContext.daemon(agent.roleName()));
        }
        guard.open();
        LOG.info("FIX acceptor listens on {} for {} desks", acceptor.address(), desks.size());
    }

    private void openDesks(final IngressProxy ingress) throws IOException {
        final StoreDirectory directory = own(new StoreDirectory(context.storeDirectory()));
        final WriteBehind behind = own(new WriteBehind(context.errorHandler()));
        final Path rawLogs = Files.createDirectories(context.rawLogDirectory());
        final long nowMs = TimeUnit.NANOSECONDS.toMillis(context.clock().nanoTime());
        for (final DeskConfig config : context.desks()) {
            final SessionStore store = own(new SessionStore(directory.path(), config.compId(), nowMs, behind,
                context.lostStores().getOrDefault(config.sessionId(), RecordSeq.NONE)));
            if (store.tornBytes() > 0) {
                LOG.warn("session store of {} had a torn tail of {} bytes", config.compId(), store.tornBytes());
            }
            final Integer journaled = context.recoveredMsgSeqNums().get(config.sessionId());
            if (journaled != null) {
                store.recoverTarget(journaled);
            }
            final RawLog rawLog = own(new RawLog(rawLogs, config.compId(), behind));
            if (rawLog.lostBytes() > 0) {
                LOG.warn("raw log of {} does not end where its tail of {} bytes begins; it is kept as .tail.bad",
                    config.compId(), rawLog.lostBytes());
            }
            final SessionID id = AcceptorSettings.sessionId(config, context.targetCompId());
            final DeskSession desk =
                new DeskSession(config, id, store, rawLog, ingress, context.counters(), context.errorHandler());
            desks.put(id, desk);
            byCompId.put(config.compId(), desk);
        }
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

    private <T extends AutoCloseable> T own(final T resource) {
        resources.add(resource);
        return resource;
    }
}
