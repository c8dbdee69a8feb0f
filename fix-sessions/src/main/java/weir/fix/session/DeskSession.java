package weir.fix.session;

import org.agrona.ErrorHandler;
import quickfix.FieldNotFound;
import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.ingress.IngressProxy;
import weir.fix.ingress.Outcome;
import weir.fix.store.RawLog;
import weir.fix.store.SessionStore;
import weir.protocol.sbe.DisconnectCause;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * One desk's session as the gateway holds it: its store and log, whether the engine was told that it is connected, and
 * the order between a Logon and the reports sent meanwhile.
 * <p>
 * Two locks. The send lock orders reports against a Logon that resets numbers; it may be held while QuickFIX/J's locks
 * are taken, so no callback that QuickFIX/J makes under its own locks takes it. The event lock orders connected and
 * disconnected events; it is a leaf.
 */
public final class DeskSession {
    private static final long LOGON_HOLD_NS = TimeUnit.SECONDS.toNanos(2);

    private final DeskConfig config;
    private final SessionID id;
    private final SessionStore store;
    private final RawLog rawLog;
    private final IngressProxy ingress;
    private final GatewayCounters counters;
    private final ErrorHandler errorHandler;
    private final Object sendLock = new Object();
    private final Object eventLock = new Object();
    private volatile boolean logonInProgress;
    private volatile long logonStartedNs;
    private volatile DisconnectCause cause;
    private volatile String probe;
    private volatile boolean storeLostUntold;
    private DeskLink link;
    private boolean connectedReported;
    private DisconnectCause pendingDisconnect;

    /**
     * @param config       of the desk
     * @param id           of the QuickFIX/J session
     * @param store        of the session
     * @param rawLog       of the session
     * @param ingress      to the engine
     * @param counters     counted here
     * @param errorHandler told of stores that cannot be written
     */
    public DeskSession(final DeskConfig config, final SessionID id, final SessionStore store, final RawLog rawLog,
        final IngressProxy ingress, final GatewayCounters counters, final ErrorHandler errorHandler) {
        this.config = config;
        this.id = id;
        this.store = store;
        this.rawLog = rawLog;
        this.ingress = ingress;
        this.counters = counters;
        this.errorHandler = errorHandler;
        storeLostUntold = store.isInPlaceOfLost();
    }

    /**
     * Configuration of the desk.
     *
     * @return concluded
     */
    public DeskConfig config() {
        return config;
    }

    /**
     * Id of the QuickFIX/J session.
     *
     * @return id
     */
    public SessionID id() {
        return id;
    }

    /**
     * Store of the session.
     *
     * @return store
     */
    public SessionStore store() {
        return store;
    }

    /**
     * Raw log of the session.
     *
     * @return log
     */
    public RawLog rawLog() {
        return rawLog;
    }

    /**
     * The lanes of the desk on Weir's own transport.
     *
     * @return null on QuickFIX/J's
     */
    public DeskLink link() {
        return link;
    }

    void link(final DeskLink value) {
        link = value;
    }

    /**
     * QuickFIX/J's session, while the acceptor runs.
     *
     * @return session or null
     */
    public Session session() {
        return link == null ? Session.lookupSession(id) : link.session();
    }

    /**
     * Asks whether the desk is logged on.
     *
     * @return true between Logon and the end of the connection
     */
    public boolean isLoggedOn() {
        final Session session = session();
        return session != null && session.isLoggedOn();
    }

    /**
     * Sends a message, or stores it for resend when the desk is not logged on. Not while a Logon is being processed: it
     * may reset the numbers, and its answer must carry the first one.
     *
     * @param message header without sequence number
     * @return false to try again later
     */
    public boolean trySend(final Message message) {
        synchronized (sendLock) {
            final Session session = session();
            if (session == null || logonInProgress && System.nanoTime() - logonStartedNs < LOGON_HOLD_NS) {
                return false;
            }
            session.send(message);
            return true;
        }
    }

    /** A proven Logon is about to be processed: reports wait. Call without any lock of QuickFIX/J. */
    void onLogonStarted() {
        synchronized (sendLock) {
            logonStartedNs = System.nanoTime();
            logonInProgress = true;
            cause = null;
            probe = null;
        }
    }

    /**
     * The Logon was answered. Tells the engine; a session the engine cannot be told of is logged out again.
     *
     * @return true when the desk is to be told that its store was lost: at each Logon up to one that resets the
     *     numbers, for a desk whose numbers go on takes nothing of the new store
     */
    boolean onLoggedOn(final Session session) {
        logonInProgress = false;
        synchronized (eventLock) {
            flushDisconnect();
            final boolean reset = store.isResetUnreported();
            final Outcome outcome = pendingDisconnect != null ? Outcome.BUSY : ingress.sessionConnected(
                config.sessionId(), config.tenantId(), session.getExpectedTargetNum() - 1, reset);
            if (outcome == Outcome.SENT) {
                connectedReported = true;
                onResetReported();
                final boolean untold = storeLostUntold;
                storeLostUntold &= !reset;
                return untold;
            }
            counters.increment(Counter.BUSY);
            session.logout("GATEWAY_BUSY engine=unreachable");
            return false;
        }
    }

    /** The connection ended. */
    void onLoggedOut() {
        logonInProgress = false;
        probe = null;
        synchronized (eventLock) {
            if (connectedReported) {
                connectedReported = false;
                pendingDisconnect = cause == null ? DisconnectCause.CONNECTION_LOST : cause;
                flushDisconnect();
            }
        }
    }

    /**
     * Names the cause of the disconnect that follows; the first one named counts.
     *
     * @param value cause
     */
    public void cause(final DisconnectCause value) {
        if (cause == null) {
            cause = value;
        }
    }

    /**
     * Tells the engine of a disconnect it could not be told of before.
     *
     * @return 1 when it was told now
     */
    public int retryDisconnect() {
        synchronized (eventLock) {
            if (pendingDisconnect == null) {
                return 0;
            }
            flushDisconnect();
            return pendingDisconnect == null ? 1 : 0;
        }
    }

    /**
     * TestReqID(112) that was sent to learn what the desk has; its Heartbeat(0) proves all before it.
     *
     * @param value {@code WEIR-generation-sequence}, or null
     */
    public void probe(final String value) {
        probe = value;
    }

    /**
     * TestReqID(112) whose answer is awaited.
     *
     * @return id or null
     */
    public String probe() {
        return probe;
    }

    /**
     * Notes that the desk has everything up to a number.
     *
     * @param sequence outbound MsgSeqNum(34)
     */
    void proveDelivered(final int sequence) {
        try {
            store.proveDelivered(sequence);
        } catch (final IOException ex) {
            onStoreFailure(ex);
        }
    }

    /** A ResendRequest(2) that QuickFIX/J is about to answer: what precedes it is there, and it may be long. */
    void onResendRequest(final Message request) throws FieldNotFound {
        proveDelivered(request.getInt(7) - 1);
        if (link != null) {
            link.onResendRequest(request);
        }
    }

    /** The store, or the log, could not be written. */
    void onStoreFailure(final IOException failure) {
        counters.increment(Counter.STORE_FAILURES);
        errorHandler.onError(failure);
    }

    private void flushDisconnect() {
        if (pendingDisconnect != null && ingress.sessionDisconnected(config.sessionId(),
            store.getNextTargetMsgSeqNum() - 1, pendingDisconnect) == Outcome.SENT) {
            pendingDisconnect = null;
        }
    }

    private void onResetReported() {
        try {
            store.onResetReported();
        } catch (final IOException ex) {
            onStoreFailure(ex);
        }
    }
}
