package weir.fix.logon;

import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.GatewayCounters;
import weir.fix.desk.PeerTime;
import weir.fix.desk.GatewayCounters.Counter;
import weir.fix.text.FixChecksum;

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

/**
 * Last step before the session: a connection's first message must be a Logon, and it passes only when it is proven, so
 * that an unproven peer cannot move a sequence number, reset one (141=Y), or hold a session. Everything that is not
 * proven gets the same Logout(5), {@code LOGON_REFUSED}, after the same time, with MsgSeqNum(34)=0 because it is
 * outside every session. A Logon within a proven session is proven again.
 * <p>
 * Also drops garbled messages, and cuts application messages of types that FIX knows and Weir does not take to their
 * header, so that the session can sequence and answer them without knowing their fields.
 */
public final class LogonGate {
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
    private final Map<String, Connection> live = new ConcurrentHashMap<>();

    /**
     * @param targetCompId      our CompID
     * @param desks             who may log on
     * @param limits            bounds
     * @param guard             in front of it
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

    /**
     * A message arrived.
     *
     * @param connection where
     * @param raw        one character per byte, whole by its BodyLength(9)
     */
    public void onMessage(final Connection connection, final String raw) {
        connection.undecodedBytes = 0;
        switch (connection.state) {
            case PROVEN -> onProvenMessage(connection, raw);
            case AWAITING_LOGON -> onLogon(connection, raw);
            case PROVING -> {
                LOG.warn("connection closed: message before the answer to its Logon, address={}",
                    connection.address.getHostAddress());
                end(connection, Counter.LOGONS_REFUSED);
            }
            default -> {
                // Closed or refused: nothing passes any more.
            }
        }
    }

    /**
     * A connection ended.
     *
     * @param connection which
     */
    public void onClosed(final Connection connection) {
        final String compId = connection.compId;
        if (compId != null) {
            live.remove(compId, connection);
        }
    }

    private void onProvenMessage(final Connection connection, final String raw) {
        if (!FixChecksum.isValid(raw)) {
            listener.onInbound(connection.compId, raw);
            counters.increment(Counter.GARBLED);
            return;
        }
        final String type = MessageCut.msgType(raw);
        if ("A".equals(type)) {
            onLogon(connection, raw);
            return;
        }
        listener.onInbound(connection.compId, raw);
        connection.peer.pass(type != null && isUnsupportedType.test(type) ? MessageCut.toHeader(raw) : raw);
    }

    private void onLogon(final Connection connection, final String raw) {
        final long arrivalNs = clock.nanoTime();
        final LogonRequest request = FixChecksum.isValid(raw) ? LogonRequest.parse(raw) : null;
        if (request == null || connection.compId != null && !connection.compId.equals(request.senderCompId())) {
            LOG.warn("logon refused outcome={} address={}", LogonOutcome.MALFORMED,
                connection.address.getHostAddress());
            end(connection, Counter.LOGONS_REFUSED);
            return;
        }
        connection.state = Connection.State.PROVING;
        connection.peer.suspendRead();
        final X509Certificate certificate = connection.peer.certificate();
        try {
            logonThread.execute(() -> prove(connection, request, raw, certificate, arrivalNs));
        } catch (final RejectedExecutionException ex) {
            refuse(connection, request, LogonOutcome.BUSY, arrivalNs);
        }
    }

    /** On the logon thread; what follows is on the connection's. */
    private void prove(final Connection connection, final LogonRequest request, final String raw,
        final X509Certificate certificate, final long arrivalNs) {
        try {
            final String compId = request.senderCompId();
            final LogonOutcome outcome = prover.prove(request, connection.address, certificate, clock.nanoTime());
            final LogonOutcome settled =
                outcome == LogonOutcome.ACCEPTED && live.get(compId) != connection && !makeFree(compId)
                ? LogonOutcome.ALREADY_LOGGED_ON : outcome;
            connection.peer.execute(() -> onProof(connection, request, raw, settled, arrivalNs));
        } catch (final RuntimeException ex) {
            LOG.error("logon of {} failed", request, ex);
            connection.peer.execute(() -> end(connection, Counter.LOGONS_REFUSED));
        }
    }

    private void onProof(final Connection connection, final LogonRequest request, final String raw,
        final LogonOutcome outcome, final long arrivalNs) {
        try {
            final String compId = request.senderCompId();
            // Between two proofs of one desk the first may not have reached its session yet.
            final boolean isLate = outcome == LogonOutcome.ACCEPTED && live.get(compId) != connection
                && !listener.isFree(compId);
            if (outcome != LogonOutcome.ACCEPTED || isLate || connection.state != Connection.State.PROVING) {
                refuse(connection, request, isLate ? LogonOutcome.ALREADY_LOGGED_ON : outcome, arrivalNs);
                return;
            }
            if (connection.compId == null) {
                connection.compId = compId;
                guard.onSettled(connection.address);
            }
            live.put(compId, connection);
            connection.state = Connection.State.PROVEN;
            counters.increment(Counter.LOGONS_ACCEPTED);
            LOG.info("logon proven compId={} address={}", compId, connection.address.getHostAddress());
            listener.onInbound(compId, raw);
            connection.peer.pass(raw);
            connection.peer.resumeRead();
        } catch (final RuntimeException ex) {
            LOG.error("logon of {} failed", request, ex);
            end(connection, Counter.LOGONS_REFUSED);
        }
    }

    /** Ends the desk's earlier connection where that is the rule, and waits until its session let go of it. */
    private boolean makeFree(final String compId) {
        final Connection earlier = live.get(compId);
        if (earlier != null && limits.replaceOnLogon()) {
            counters.increment(Counter.SESSIONS_REPLACED);
            listener.onReplacing(compId);
            earlier.peer.execute(earlier.peer::closeNow);
        } else if (earlier != null && earlier.peer.isConnected()) {
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

    private void refuse(final Connection connection, final LogonRequest request, final LogonOutcome outcome,
        final long arrivalNs) {
        counters.increment(Counter.LOGONS_REFUSED);
        LOG.warn("logon refused outcome={} compId={} address={}", outcome, printable(request.senderCompId()),
            connection.address.getHostAddress());
        connection.state = Connection.State.ENDED;
        final String text = outcome == LogonOutcome.ALREADY_LOGGED_ON ? ALREADY_LOGGED_ON : REFUSED;
        final long delayNs = Math.max(0,
            TimeUnit.MILLISECONDS.toNanos(limits.refusalDelayMs()) - (clock.nanoTime() - arrivalNs));
        timer.schedule(() -> connection.peer.execute(() -> {
            connection.peer.write(
                MessageCut.logout(targetCompId, printable(request.senderCompId()), peerTime.wallNs(), text));
            connection.peer.closeOnFlush();
        }), delayNs, TimeUnit.NANOSECONDS);
    }

    private void end(final Connection connection, final Counter counter) {
        counters.increment(counter);
        connection.state = Connection.State.ENDED;
        connection.peer.closeNow();
    }

    private static String printable(final String compId) {
        return compId.length() <= 32 && compId.matches("[\\x21-\\x7e]+") ? compId : "?";
    }
}
