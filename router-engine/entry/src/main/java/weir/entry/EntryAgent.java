package weir.entry;

import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import weir.entry.client.ClientConfig;
import weir.entry.client.EntryCounters;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.egress.ClientProxy;
import weir.entry.egress.ReportPrefix;
import weir.entry.ingress.CommandCheck;
import weir.entry.ingress.EngineProxy;
import weir.entry.ingress.Pressure;
import weir.entry.logon.LogonProver;
import weir.entry.session.ClientSession;
import weir.entry.session.LogonDesk;
import weir.entry.session.SessionParts;
import weir.protocol.RejectReason;
import weir.protocol.Streams;
import weir.protocol.sbe.ClientLogonDecoder;
import weir.protocol.sbe.DisconnectCause;

/**
 * The binary gateway: one agent that makes only non-blocking calls after {@link #onStart()}. The reports of the engine
 * are always taken, whatever a client does: each goes to its session's store first.
 */
public final class EntryAgent implements Agent {
    private static final int ALL_TENANTS = 0;
    private static final int STOP_TRIES = 200;
    private static final long STOP_PAUSE_MS = 1;

    private final EntryContext context;
    private final EntryCounters counters;
    private final ControlledFragmentHandler onClientFrame = this::onClientFrame;
    private final FragmentHandler onReport = this::onReport;
    private final Int2ObjectHashMap<ClientSession> sessionById = new Int2ObjectHashMap<>();
    private ClientSession[] sessions;
    private Subscription[] entries;
    private Subscription reports;
    private EngineProxy engine;
    private LogonDesk logons;
    private ClientSession lastBound;
    private long nowNs;

    /**
     * Makes an agent; Aeron is touched in {@link #onStart()}.
     *
     * @param context concluded here
     */
    public EntryAgent(final EntryContext context) {
        this.context = context.conclude();
        counters = context.counters();
    }

    @Override
    public void onStart() {
        engine = new EngineProxy(
            context.engineAeron().addExclusivePublication(context.engineChannel(), Streams.CLIENT_INGRESS));
        final ClientProxy proxy = new ClientProxy();
        final SessionParts parts = new SessionParts(engine, proxy, new Pressure(context.busyAfterNs()),
            context.sessionLimits(), counters, context.errorHandler());
        sessions = new ClientSession[context.clients().size()];
        for (int i = 0; i < sessions.length; i++) {
            final ClientConfig client = context.clients().get(i);
            sessions[i] = new ClientSession(client, context.stores().of(client.sessionId()), parts,
                context.recoveredMsgSeqNum(client.sessionId()));
            sessionById.put(client.sessionId(), sessions[i]);
        }
        logons = new LogonDesk(context.clientAeron(), sessionById,
            new LogonProver(context.clients(), context.logonLimits(), context.wallClock()), context.logonLimits(),
            "term-length=" + context.responseTermLength(), proxy, counters, context.logonListener());
        reports = context.reports() != null ? context.reports()
            : context.engineAeron().addSubscription(context.engineChannel(), Streams.CLIENT_EGRESS);
        entries = new Subscription[context.entryChannels().size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = context.clientAeron().addSubscription(context.entryChannels().get(i), Streams.CLIENT_ENTRY);
        }
    }

    @Override
    public int doWork() {
        nowNs = context.clock().nanoTime();
        return reports.poll(onReport, context.reportLimit())
            + pollClients()
            + logons.work(nowNs)
            + serve();
    }

    private int pollClients() {
        int work = 0;
        for (final Subscription entry : entries) {
            work += entry.controlledPoll(onClientFrame, context.fragmentLimit());
        }
        return work;
    }

    private int serve() {
        int work = 0;
        for (final ClientSession session : sessions) {
            work += session.serve(nowNs);
        }
        return work;
    }

    private Action onClientFrame(final DirectBuffer buffer, final int offset, final int length,
        final Header header) {
        try {
            return take(buffer, offset, length, (Image) header.context()) ? Action.CONTINUE : Action.ABORT;
        } catch (final RuntimeException ex) {
            // A bug of ours: one frame must not hold up its stream for ever.
            counters.increment(Counter.FAULTS);
            context.errorHandler().onError(ex);
            return Action.CONTINUE;
        }
    }

    private boolean take(final DirectBuffer buffer, final int offset, final int length, final Image image) {
        final int template = CommandCheck.templateId(buffer, offset, length);
        final ClientSession bound = boundTo(image);
        if (template == ClientLogonDecoder.TEMPLATE_ID) {
            logons.onLogon(buffer, offset, length, image, bound, nowNs);
            return true;
        }
        if (bound == null) {
            counters.increment(template < 0 ? Counter.MALFORMED : Counter.UNBOUND);
            return true;
        }
        return bound.onFrame(template, buffer, offset, length, nowNs);
    }

    /** By identity of the image: an image that comes again has to prove its key again. */
    private ClientSession boundTo(final Image image) {
        if (lastBound != null && lastBound.image() == image) {
            return lastBound;
        }
        for (final ClientSession session : sessions) {
            if (session.image() == image) {
                lastBound = session;
                return session;
            }
        }
        return null;
    }

    private void onReport(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        if (!ReportPrefix.isReport(buffer, offset, length)) {
            counters.increment(Counter.REPORTS_MALFORMED);
            return;
        }
        try {
            if (ReportPrefix.isAlert(buffer, offset)) {
                final int tenantId = ReportPrefix.tenantId(buffer, offset);
                for (final ClientSession session : sessions) {
                    if (session.isOnline() && (tenantId == ALL_TENANTS || session.config().tenantId() == tenantId)) {
                        session.onReport(buffer, offset, length, nowNs);
                    }
                }
                return;
            }
            final ClientSession session = sessionById.get(ReportPrefix.sessionId(buffer, offset));
            if (session != null) {
                session.onReport(buffer, offset, length, nowNs);
            }
        } catch (final RuntimeException ex) {
            // A bug of ours: the next start makes the report again.
            counters.increment(Counter.FAULTS);
            context.errorHandler().onError(ex);
        }
    }

    /** Ends all sessions, tells the engine within a bounded time, releases everything. */
    @Override
    public void onClose() {
        if (logons != null) {
            final long closingNs = context.clock().nanoTime();
            for (final ClientSession session : sessions) {
                session.end(DisconnectCause.ROUTER_STOPPED, RejectReason.NONE, 0, 0, closingNs);
            }
            for (int i = 0; i < STOP_TRIES && hasPendingDisconnect(closingNs); i++) {
                pause();
            }
        }
        abandon();
    }

    /** Releases everything without a word to anybody, as a dead process does. For tests of recovery. */
    void abandon() {
        CloseHelper.quietCloseAll(logons, reports, engine);
        CloseHelper.quietCloseAll(entries);
        if (sessions != null) {
            for (final ClientSession session : sessions) {
                session.release();
            }
        }
        CloseHelper.quietClose(context.stores());
    }

    private boolean hasPendingDisconnect(final long closingNs) {
        boolean any = false;
        for (final ClientSession session : sessions) {
            any |= session.hasPendingDisconnect(closingNs);
        }
        return any;
    }

    private static void pause() {
        try {
            Thread.sleep(STOP_PAUSE_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What the gateway counted.
     *
     * @return counters, live
     */
    public EntryCounters counters() {
        return counters;
    }

    /**
     * A session, to look at from the agent's thread.
     *
     * @param sessionId of a client
     * @return session, null when there is none
     */
    public ClientSession session(final int sessionId) {
        return sessionById.get(sessionId);
    }

    @Override
    public String roleName() {
        return "weir-entry";
    }
}
