package weir.fix.logon;

import org.agrona.concurrent.EpochNanoClock;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.PeerTime;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.text.FixChecksum;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Last filter before QuickFIX/J: a connection's first message must be a Logon, and it passes only when it is proven, so
 * that an unproven peer cannot move a sequence number, reset one (141=Y), or hold a session. Everything that is not
 * proven gets the same Logout(5), {@code LOGON_REFUSED}, after the same time, with MsgSeqNum(34)=0 because it is
 * outside every session. A Logon within a proven session is proven again.
 * <p>
 * Also drops garbled messages, and cuts application messages of types that FIX knows and Weir does not take to their
 * header, so that the session can sequence and answer them without knowing their fields.
 */
public final class LogonGate extends IoFilterAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LogonGate.class);
    private static final String REFUSED = "LOGON_REFUSED";
    private static final String ALREADY_LOGGED_ON = "ALREADY_LOGGED_ON";
    private static final long REPLACE_WAIT_NS = TimeUnit.SECONDS.toNanos(2);

    private final String targetCompId;
    private final LogonLimits limits;
    private final LogonProver prover;
    private final ConnectionGuard guard;
    private final GatewayCounters counters;
    private final EpochNanoClock clock;
    private final PeerTime peerTime;
    private final ExecutorService logonThread;
    private final ScheduledExecutorService timer;
    private final Predicate<String> isUnsupportedType;
    private final GateListener listener;
    private final Map<String, IoSession> live = new ConcurrentHashMap<>();

    /**
     * @param targetCompId      our CompID
     * @param desks             who may log on
     * @param limits            bounds
     * @param guard             the first filter of the chain
     * @param counters          counted here
     * @param clock             for throttles and the log
     * @param peerTime          for signatures and what we stamp
     * @param logonThread       one thread with a bounded queue
     * @param timer             for delayed answers
     * @param isUnsupportedType tells types to cut
     * @param listener          sessions behind the gate
     */
    public LogonGate(final String targetCompId, final Collection<DeskConfig> desks, final LogonLimits limits,
        final ConnectionGuard guard, final GatewayCounters counters, final EpochNanoClock clock,
        final PeerTime peerTime, final ExecutorService logonThread, final ScheduledExecutorService timer,
        final Predicate<String> isUnsupportedType, final GateListener listener) {
        this.targetCompId = targetCompId;
        this.limits = limits;
        this.prover = new LogonProver(targetCompId, desks, limits, peerTime);
        this.guard = guard;
        this.counters = counters;
        this.clock = clock;
        this.peerTime = peerTime;
        this.logonThread = logonThread;
        this.timer = timer;
        this.isUnsupportedType = isUnsupportedType;
        this.listener = listener;
    }

    @Override
    public void messageReceived(final NextFilter nextFilter, final IoSession session, final Object message) {
        final String raw = (String)message;
        final Connection connection = Connection.of(session);
        connection.undecodedBytes = 0;
        switch (connection.state) {
            case PROVEN -> onProvenMessage(nextFilter, session, connection, raw);
            case AWAITING_LOGON -> onLogon(nextFilter, session, connection, raw);
            case PROVING -> {
                LOG.warn("connection closed: message before the answer to its Logon, address={}",
                    connection.address.getHostAddress());
                end(session, connection, Counter.LOGONS_REFUSED);
            }
            default -> {
                // Closed or refused: nothing passes any more.
            }
        }
    }

    @Override
    public void sessionClosed(final NextFilter nextFilter, final IoSession session) {
        final String compId = Connection.of(session).compId;
        if (compId != null) {
            live.remove(compId, session);
        }
        nextFilter.sessionClosed(session);
    }

    private void onProvenMessage(final NextFilter nextFilter, final IoSession session, final Connection connection,
        final String raw) {
        if (!FixChecksum.isValid(raw)) {
            listener.onInbound(connection.compId, raw);
            counters.increment(Counter.GARBLED);
            return;
        }
        final String type = MessageCut.msgType(raw);
        if ("A".equals(type)) {
            onLogon(nextFilter, session, connection, raw);
            return;
        }
        listener.onInbound(connection.compId, raw);
        nextFilter.messageReceived(session,
            type != null && isUnsupportedType.test(type) ? MessageCut.toHeader(raw) : raw);
    }

    private void onLogon(final NextFilter nextFilter, final IoSession session, final Connection connection,
        final String raw) {
        final long arrivalNs = clock.nanoTime();
        final LogonRequest request = FixChecksum.isValid(raw) ? LogonRequest.parse(raw) : null;
        if (request == null || connection.compId != null && !connection.compId.equals(request.senderCompId())) {
            LOG.warn("logon refused outcome={} address={}", LogonOutcome.MALFORMED,
                connection.address.getHostAddress());
            end(session, connection, Counter.LOGONS_REFUSED);
            return;
        }
        connection.state = Connection.State.PROVING;
        session.suspendRead();
        try {
            logonThread.execute(() -> prove(nextFilter, session, connection, request, raw, arrivalNs));
        } catch (final RejectedExecutionException ex) {
            refuse(session, connection, request, LogonOutcome.BUSY, arrivalNs);
        }
    }

    private void prove(final NextFilter nextFilter, final IoSession session, final Connection connection,
        final LogonRequest request, final String raw, final long arrivalNs) {
        try {
            LogonOutcome outcome = prover.prove(request, connection.address, certificate(session), clock.nanoTime());
            final String compId = request.senderCompId();
            if (outcome == LogonOutcome.ACCEPTED && live.get(compId) != session && !makeFree(compId)) {
                outcome = LogonOutcome.ALREADY_LOGGED_ON;
            }
            if (outcome != LogonOutcome.ACCEPTED || connection.state != Connection.State.PROVING) {
                refuse(session, connection, request, outcome, arrivalNs);
                return;
            }
            if (connection.compId == null) {
                connection.compId = compId;
                guard.onSettled(connection.address);
            }
            live.put(compId, session);
            connection.state = Connection.State.PROVEN;
            counters.increment(Counter.LOGONS_ACCEPTED);
            LOG.info("logon proven compId={} address={}", compId, connection.address.getHostAddress());
            listener.onInbound(compId, raw);
            nextFilter.messageReceived(session, raw);
            session.resumeRead();
        } catch (final RuntimeException ex) {
            LOG.error("logon of {} failed", request, ex);
            end(session, connection, Counter.LOGONS_REFUSED);
        }
    }

    /** Ends the desk's earlier connection where that is the rule, and waits until its session let go of it. */
    private boolean makeFree(final String compId) {
        final IoSession earlier = live.get(compId);
        if (earlier != null && limits.replaceOnLogon()) {
            counters.increment(Counter.SESSIONS_REPLACED);
            listener.onReplacing(compId);
            earlier.closeNow();
        } else if (earlier != null && earlier.isConnected()) {
            return false;
        }
        final long deadlineNs = System.nanoTime() + REPLACE_WAIT_NS;
        while (!listener.isFree(compId)) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    private void refuse(final IoSession session, final Connection connection, final LogonRequest request,
        final LogonOutcome outcome, final long arrivalNs) {
        counters.increment(Counter.LOGONS_REFUSED);
        LOG.warn("logon refused outcome={} compId={} address={}", outcome, printable(request.senderCompId()),
            connection.address.getHostAddress());
        connection.state = Connection.State.ENDED;
        final String text = outcome == LogonOutcome.ALREADY_LOGGED_ON ? ALREADY_LOGGED_ON : REFUSED;
        final long delayNs = Math.max(0,
            TimeUnit.MILLISECONDS.toNanos(limits.refusalDelayMs()) - (clock.nanoTime() - arrivalNs));
        timer.schedule(() -> {
            session.write(MessageCut.logout(targetCompId, printable(request.senderCompId()), peerTime.wallNs(), text));
            session.closeOnFlush();
        }, delayNs, TimeUnit.NANOSECONDS);
    }

    private void end(final IoSession session, final Connection connection, final Counter counter) {
        counters.increment(counter);
        connection.state = Connection.State.ENDED;
        session.closeNow();
    }

    private static X509Certificate certificate(final IoSession session) {
        if (session.getAttribute(SslFilter.SSL_SECURED) instanceof SSLSession secured) {
            try {
                final Certificate[] chain = secured.getPeerCertificates();
                return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
            } catch (final SSLPeerUnverifiedException ex) {
                return null;
            }
        }
        return null;
    }

    private static String printable(final String compId) {
        return compId.length() <= 32 && compId.matches("[\\x21-\\x7e]+") ? compId : "?";
    }
}
