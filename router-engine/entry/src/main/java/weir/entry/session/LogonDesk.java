package weir.entry.session;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.exceptions.AeronException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import weir.entry.client.EntryCounters;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.egress.ClientProxy;
import weir.entry.logon.LogonLimits;
import weir.entry.logon.LogonOutcome;
import weir.entry.logon.LogonProver;
import weir.entry.logon.LogonRequest;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ClientLogonStatus;

/**
 * Logons between their frame and their answer. The answer's publication is asked for without waiting; a proven logon
 * takes its session once that publication reaches the client, a refused one is answered with one constant code after
 * one constant time. At most one proven logon waits for a session, and a bounded number of refused ones.
 */
public final class LogonDesk implements AutoCloseable {
    private final Aeron aeron;
    private final Int2ObjectHashMap<ClientSession> sessions;
    private final LogonProver prover;
    private final LogonLimits limits;
    private final String responseOptions;
    private final ClientProxy proxy;
    private final EntryCounters counters;
    private final LogonListener listener;
    private final List<Pending> pending = new ArrayList<>();
    private int refusals;

    private static final class Pending {
        private final Image image;
        private final ClientSession session;
        private final LogonRequest request;
        private final long registrationId;
        private final long dueNs;
        private final long deadlineNs;
        private ExclusivePublication publication;

        private Pending(final Image image, final ClientSession session, final LogonRequest request,
            final long registrationId, final long dueNs, final long deadlineNs) {
            this.image = image;
            this.session = session;
            this.request = request;
            this.registrationId = registrationId;
            this.dueNs = dueNs;
            this.deadlineNs = deadlineNs;
        }
    }

    /**
     * @param aeron           client of the entry driver
     * @param sessions        by session id
     * @param prover          judges
     * @param limits          bounds
     * @param responseOptions of the channels that answers go on, as {@code term-length=64k}
     * @param proxy           to clients
     * @param counters        counted here
     * @param listener        told of every logon
     */
    public LogonDesk(final Aeron aeron, final Int2ObjectHashMap<ClientSession> sessions, final LogonProver prover,
        final LogonLimits limits, final String responseOptions, final ClientProxy proxy, final EntryCounters counters,
        final LogonListener listener) {
        this.aeron = aeron;
        this.sessions = sessions;
        this.prover = prover;
        this.limits = limits;
        this.responseOptions = responseOptions;
        this.proxy = proxy;
        this.counters = counters;
        this.listener = listener;
    }

    /**
     * A ClientLogon(8).
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @param image  it came on
     * @param bound  session that the image is bound to, null = none
     * @param nowNs  epoch ns
     */
    public void onLogon(final DirectBuffer buffer, final int offset, final int length, final Image image,
        final ClientSession bound, final long nowNs) {
        final LogonRequest request = LogonRequest.read(buffer, offset, length);
        LogonOutcome outcome = request == null ? LogonOutcome.MALFORMED
            : prover.prove(request, image.sourceIdentity(), image.sessionId(), nowNs);
        ClientSession session = null;
        if (outcome == LogonOutcome.ACCEPTED) {
            session = sessions.get(prover.client(request.keyId()).sessionId());
            if (bound != null && bound != session) {
                outcome = LogonOutcome.PUBLICATION_BOUND;
                session = null;
            }
        }
        listener.onLogon(request == null ? "" : request.keyId(), image.sourceIdentity(), outcome);
        if (session == null) {
            counters.increment(Counter.LOGONS_REFUSED);
        }
        final String channel = request == null ? null : prover.responseChannel(request, responseOptions);
        if (channel == null || session == null && refusals >= limits.maxPending()) {
            counters.increment(Counter.LOGONS_UNANSWERED);
            return;
        }
        if (session != null) {
            dropFor(session);
        } else {
            refusals++;
        }
        pending.add(new Pending(image, session, request,
            aeron.asyncAddExclusivePublication(channel, request.responseStreamId()),
            session == null ? nowNs + limits.refusalDelayNs() : nowNs, nowNs + limits.timeoutNs()));
    }

    /**
     * One turn.
     *
     * @param nowNs epoch ns
     * @return logons that were answered or given up
     */
    public int work(final long nowNs) {
        int done = 0;
        for (int i = pending.size() - 1; i >= 0; i--) {
            if (isSettled(pending.get(i), nowNs)) {
                if (pending.remove(i).session == null) {
                    refusals--;
                }
                done++;
            }
        }
        return done;
    }

    private boolean isSettled(final Pending logon, final long nowNs) {
        try {
            if (logon.publication == null) {
                logon.publication = aeron.getExclusivePublication(logon.registrationId);
            }
        } catch (final AeronException ex) {
            // Degrade: the driver refuses the channel; the client learns nothing and may try again.
            counters.increment(Counter.LOGONS_UNANSWERED);
            return true;
        }
        if (logon.image.isClosed() || nowNs > logon.deadlineNs) {
            discard(logon);
            counters.increment(Counter.LOGONS_UNANSWERED);
            return true;
        }
        if (logon.publication == null || nowNs < logon.dueNs || !logon.publication.isConnected()) {
            return false;
        }
        if (logon.session != null) {
            return logon.session.tryActivate(logon.image, logon.publication, logon.request.correlationId(),
                logon.request.nextExpectedReportSeq(), logon.request.resetSeqNum(), nowNs);
        }
        final boolean told = proxy.logonReply(logon.publication, logon.request.correlationId(), 0, 0,
            ClientLogonStatus.REFUSED, RejectReason.LOGON_REFUSED.code(), 0, 0, 0) > 0;
        if (told) {
            discard(logon);
        }
        return told;
    }

    private void dropFor(final ClientSession session) {
        for (int i = pending.size() - 1; i >= 0; i--) {
            if (pending.get(i).session == session) {
                discard(pending.remove(i));
            }
        }
    }

    private void discard(final Pending logon) {
        if (logon.publication != null) {
            logon.publication.close();
        } else {
            aeron.asyncRemovePublication(logon.registrationId);
        }
    }

    @Override
    public void close() {
        for (final Pending logon : pending) {
            CloseHelper.quietClose(logon.publication);
        }
        pending.clear();
    }
}
