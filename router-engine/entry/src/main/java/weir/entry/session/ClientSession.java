package weir.entry.session;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.entry.client.ClientConfig;
import weir.entry.client.EntryCounters;
import weir.entry.client.EntryCounters.Counter;
import weir.entry.egress.ClientProxy;
import weir.entry.egress.ReportPrefix;
import weir.entry.ingress.CommandCheck;
import weir.entry.store.ReportStore;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ClientHeartbeatDecoder;
import weir.protocol.sbe.ClientLogonStatus;
import weir.protocol.sbe.ClientLogoutDecoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ReplayRequestDecoder;

/**
 * One binary client's session. It is bound to the Aeron image on which its key was proven; its commands must carry its
 * session id and a dense MsgSeqNum(34); its reports are numbered and stored first, then sent as far as the client takes
 * them. Nothing here waits: what a client's stream has no room for is read from the store in a later cycle.
 */
public final class ClientSession {
    private static final int NONE = 0;

    private final ClientConfig config;
    private final ReportStore store;
    private final SessionParts parts;
    private final EntryCounters counters;
    private final ClientProxy proxy;
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[256]);
    private final long heartbeatNs;
    private final long timeoutNs;
    private Image image;
    private ExclusivePublication publication;
    private DisconnectCause pendingDisconnect;
    private long correlationId;
    private boolean replyPending;
    private boolean isGone;
    private long goneAsked;
    private int lastMsgSeqNum;
    private int journaledMsgSeqNum;
    private long nextToSend;
    private long liveFrom;
    private long lastHeardNs;
    private long nextHeartbeatNs;
    private long blockedSinceNs;
    private int badFrames;
    private boolean lost;

    /**
     * @param config        of the client
     * @param store         of its reports
     * @param parts         shared
     * @param lastMsgSeqNum last command that the journal holds
     */
    public ClientSession(final ClientConfig config, final ReportStore store, final SessionParts parts,
        final int lastMsgSeqNum) {
        this.config = config;
        this.store = store;
        this.parts = parts;
        this.counters = parts.counters();
        this.proxy = parts.proxy();
        this.lastMsgSeqNum = lastMsgSeqNum;
        this.journaledMsgSeqNum = lastMsgSeqNum;
        heartbeatNs = TimeUnit.MILLISECONDS.toNanos(config.heartbeatMs());
        timeoutNs = TimeUnit.MILLISECONDS.toNanos(config.heartbeatTimeoutMs());
    }

    /**
     * Configuration.
     *
     * @return of the client
     */
    public ClientConfig config() {
        return config;
    }

    /**
     * Image that the session is bound to.
     *
     * @return image, null while nobody is logged on
     */
    public Image image() {
        return image;
    }

    /**
     * Is a client logged on?
     *
     * @return true from a proven logon to the end
     */
    public boolean isOnline() {
        return image != null;
    }

    /**
     * Last command taken.
     *
     * @return MsgSeqNum(34)
     */
    public int lastMsgSeqNum() {
        return lastMsgSeqNum;
    }

    /**
     * Binds the session to a proven logon. Who was logged on before is told REPLACED and is out.
     *
     * @param from         image of the logon
     * @param to           publication of the answers, connected; owned from now on when this answers true
     * @param correlation  of the ClientLogon
     * @param nextExpected first report that the client lacks, 0 = only what comes from now on
     * @param reset        it starts its numbers again
     * @param nowNs        epoch ns
     * @return false when the engine could not be told yet; call again
     */
    public boolean tryActivate(final Image from, final ExclusivePublication to, final long correlation,
        final long nextExpected, final boolean reset, final long nowNs) {
        if (isOnline()) {
            counters.increment(Counter.REPLACED);
            end(DisconnectCause.REPLACED, RejectReason.NONE, 0, 0, nowNs);
        }
        flushDisconnect(nowNs);
        final int number = reset ? 0 : lastMsgSeqNum;
        if (pendingDisconnect != null
            || !parts.engine().connected(config.sessionId(), config.tenantId(), number, reset, nowNs)) {
            return false;
        }
        if (reset) {
            lastMsgSeqNum = 0;
            journaledMsgSeqNum = 0;
        }
        image = from;
        publication = to;
        correlationId = correlation;
        replyPending = true;
        lastHeardNs = nowNs;
        nextHeartbeatNs = nowNs + heartbeatNs;
        blockedSinceNs = 0;
        badFrames = 0;
        lost = false;
        replayFrom(nextExpected);
        counters.increment(Counter.LOGONS);
        serve(nowNs);
        return true;
    }

    private void replayFrom(final long asked) {
        liveFrom = store.nextSeq();
        nextToSend = asked == 0 ? liveFrom : Math.min(Math.max(asked, store.firstSeq()), liveFrom);
        isGone = asked != 0 && nextToSend != asked;
        goneAsked = asked;
    }

    /**
     * Ends the session, whoever began to: tells the client as far as its stream takes it, and the engine now or later.
     *
     * @param cause   why
     * @param reason  code for the client
     * @param detailA its first number
     * @param detailB its second number
     * @param nowNs   epoch ns
     */
    public void end(final DisconnectCause cause, final RejectReason reason, final long detailA, final long detailB,
        final long nowNs) {
        if (!isOnline()) {
            return;
        }
        proxy.end(publication, config.sessionId(), cause, reason.code(), detailA, detailB);
        publication.close();
        publication = null;
        image = null;
        replyPending = false;
        pendingDisconnect = cause;
        flushDisconnect(nowNs);
    }

    private void flushDisconnect(final long nowNs) {
        if (pendingDisconnect != null
            && parts.engine().disconnected(config.sessionId(), lastMsgSeqNum, pendingDisconnect, nowNs)) {
            pendingDisconnect = null;
        }
    }

    /**
     * Is there an end that the engine has not been told of?
     *
     * @param nowNs epoch ns; tries again
     * @return true while there is
     */
    public boolean hasPendingDisconnect(final long nowNs) {
        flushDisconnect(nowNs);
        return pendingDisconnect != null;
    }

    /**
     * One turn: ends a session that is silent, gone or slow, sends what it lacks, and a heartbeat when it is time.
     *
     * @param nowNs epoch ns
     * @return work done
     */
    public int serve(final long nowNs) {
        if (pendingDisconnect != null) {
            flushDisconnect(nowNs);
        }
        if (!isOnline()) {
            return 0;
        }
        int sent = 0;
        if (trySendAnswers(nowNs)) {
            sent = sendStored(nowNs);
            if (isOnline() && nowNs >= nextHeartbeatNs && taken(proxy.heartbeat(publication, config.sessionId(),
                store.nextSeq(), journaledMsgSeqNum, nowNs), nowNs)) {
                nextHeartbeatNs = nowNs + heartbeatNs;
                sent++;
            }
        }
        judge(nowNs);
        return sent;
    }

    private void judge(final long nowNs) {
        if (!isOnline()) {
            return;
        }
        if (lost || image.isClosed()) {
            counters.increment(Counter.CONNECTIONS_LOST);
            end(DisconnectCause.CONNECTION_LOST, RejectReason.NONE, 0, 0, nowNs);
        } else if (nowNs - lastHeardNs > timeoutNs) {
            counters.increment(Counter.HEARTBEAT_TIMEOUTS);
            end(DisconnectCause.HEARTBEAT_TIMEOUT, RejectReason.HEARTBEAT_TIMEOUT, config.heartbeatTimeoutMs(), 0,
                nowNs);
        } else if (blockedSinceNs != 0 && nowNs - blockedSinceNs > parts.limits().slowNs()
            || store.nextSeq() - Math.max(nextToSend, liveFrom) > parts.limits().behindMax()) {
            counters.increment(Counter.SLOW_CONSUMERS);
            end(DisconnectCause.SLOW_CONSUMER, RejectReason.SLOW_CONSUMER, nextToSend, store.nextSeq(), nowNs);
        } else if (store.failed()) {
            end(DisconnectCause.CONNECTION_LOST, RejectReason.GATEWAY_BUSY, 0, 0, nowNs);
        }
    }

    private boolean trySendAnswers(final long nowNs) {
        if (replyPending) {
            if (!taken(proxy.logonReply(publication, correlationId, config.sessionId(), config.tenantId(),
                ClientLogonStatus.ACCEPTED, isGone ? RejectReason.REPORTS_GONE.code() : NONE, liveFrom,
                lastMsgSeqNum, config.heartbeatMs()), nowNs)) {
                return false;
            }
            replyPending = false;
        }
        if (isGone) {
            final int length = encodeReject(nowNs, 0, RejectReason.REPORTS_GONE, goneAsked, nextToSend, null, 0);
            if (!taken(proxy.unnumbered(publication, answer, length), nowNs)) {
                return false;
            }
            isGone = false;
        }
        return true;
    }

    private int sendStored(final long nowNs) {
        int sent = 0;
        final int limit = parts.limits().sendLimit();
        if (nextToSend < store.firstSeq()) {
            // So slow that what it has not taken is no longer kept.
            counters.increment(Counter.SLOW_CONSUMERS);
            end(DisconnectCause.SLOW_CONSUMER, RejectReason.SLOW_CONSUMER, nextToSend, store.nextSeq(), nowNs);
            return 0;
        }
        try {
            while (sent < limit && nextToSend < store.nextSeq()) {
                final DirectBuffer report = store.read(nextToSend);
                if (!trySend(report, 0, report.capacity(), nowNs)) {
                    break;
                }
                counters.increment(Counter.REPORTS_REPLAYED);
                sent++;
            }
        } catch (final IOException ex) {
            counters.increment(Counter.STORE_FAILURES);
            parts.errorHandler().onError(ex);
            end(DisconnectCause.CONNECTION_LOST, RejectReason.REPORTS_GONE, nextToSend, store.nextSeq(), nowNs);
        }
        return sent;
    }

    private boolean trySend(final DirectBuffer report, final int offset, final int length, final long nowNs) {
        if (taken(proxy.report(publication, config.sessionId(), nextToSend, nextToSend < liveFrom, report, offset,
            length), nowNs)) {
            nextToSend++;
            return true;
        }
        return false;
    }

    private boolean taken(final long result, final long nowNs) {
        if (result > 0) {
            blockedSinceNs = 0;
            return true;
        }
        if (result == Publication.NOT_CONNECTED || result == Publication.CLOSED
            || result == Publication.MAX_POSITION_EXCEEDED) {
            lost = true;
        } else if (blockedSinceNs == 0) {
            blockedSinceNs = nowNs;
        }
        return false;
    }

    /**
     * A report of the engine for this session: numbered, stored, then sent if nothing is before it.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @param nowNs  epoch ns
     */
    public void onReport(final DirectBuffer buffer, final int offset, final int length, final long nowNs) {
        final long record = ReportPrefix.recordSequence(buffer, offset);
        final int index = ReportPrefix.outputIndex(buffer, offset);
        if (store.failed()) {
            return;
        }
        if (!store.isNew(record, index)) {
            counters.increment(Counter.REPORTS_DUPLICATE);
            return;
        }
        final int answered = ReportPrefix.refMsgSeqNum(buffer, offset);
        if (answered > journaledMsgSeqNum && answered <= lastMsgSeqNum) {
            journaledMsgSeqNum = answered;
        }
        try {
            final long reportSeq = store.append(record, index, buffer, offset, length);
            counters.increment(Counter.REPORTS);
            sendLive(reportSeq, buffer, offset, length, nowNs);
        } catch (final IOException ex) {
            onStoreFailure(ex, nowNs);
        }
    }

    private void sendLive(final long reportSeq, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        if (isOnline() && !replyPending && !isGone && nextToSend == reportSeq) {
            trySend(buffer, offset, length, nowNs);
        }
    }

    /** Degrade: the session is out until the next start, when the journal makes again what the store lacks. */
    private void onStoreFailure(final IOException ex, final long nowNs) {
        counters.increment(Counter.STORE_FAILURES);
        parts.errorHandler().onError(ex);
        end(DisconnectCause.CONNECTION_LOST, RejectReason.GATEWAY_BUSY, 0, 0, nowNs);
    }

    /**
     * A frame on the image that the session is bound to, anything but a ClientLogon.
     *
     * @param template as {@link CommandCheck#templateId} found it
     * @param buffer   holds the frame
     * @param offset   of the header
     * @param length   of the frame
     * @param nowNs    epoch ns
     * @return false to leave it in the stream: the engine has no room
     */
    public boolean onFrame(final int template, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs) {
        lastHeardNs = nowNs;
        if (!CommandCheck.isCommand(template) || length < CommandCheck.PREFIX_LENGTH) {
            onBadFrame(Counter.MALFORMED, 0, template < 0 ? RejectReason.MALFORMED : RejectReason.UNSUPPORTED_MESSAGE,
                template, nowNs);
            return true;
        }
        final int named = buffer.getInt(offset + CommandCheck.SESSION_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        final int number = buffer.getInt(offset + CommandCheck.MSG_SEQ_NUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (named != config.sessionId()) {
            onBadFrame(Counter.NOT_YOURS, number, RejectReason.SESSION_NOT_YOURS, named, nowNs);
            return true;
        }
        final boolean isWhole = CommandCheck.isWhole(template, buffer, offset, length);
        if (!isWhole && (number != lastMsgSeqNum + 1 || isHousekeeping(template))) {
            onBadFrame(Counter.MALFORMED, number, RejectReason.MALFORMED, template, nowNs);
            return true;
        }
        if (isHousekeeping(template)) {
            onHousekeeping(template, buffer, offset, number, nowNs);
            return true;
        }
        if (isWhole) {
            return onCommand(template, buffer, offset, length, number, nowNs);
        }
        counters.increment(Counter.MALFORMED);
        lastMsgSeqNum = number;
        refuseNumbered(number, RejectReason.MALFORMED, null, 0, nowNs);
        if (++badFrames > parts.limits().badFramesMax()) {
            end(DisconnectCause.PROTOCOL_ERROR, RejectReason.MALFORMED, badFrames, 0, nowNs);
        }
        return true;
    }

    private static boolean isHousekeeping(final int template) {
        return template == ClientLogoutDecoder.TEMPLATE_ID || template == ClientHeartbeatDecoder.TEMPLATE_ID
            || template == ReplayRequestDecoder.TEMPLATE_ID;
    }

    /** Logout, heartbeat and replay request carry the number of the last command sent and use none up. */
    private void onHousekeeping(final int template, final DirectBuffer buffer, final int offset, final int number,
        final long nowNs) {
        if (number > lastMsgSeqNum) {
            counters.increment(Counter.SEQUENCE_GAPS);
            end(DisconnectCause.PROTOCOL_ERROR, RejectReason.SEQUENCE_GAP, lastMsgSeqNum + 1L, number, nowNs);
        } else if (template == ClientLogoutDecoder.TEMPLATE_ID) {
            end(DisconnectCause.LOGOUT, RejectReason.NONE, 0, 0, nowNs);
        } else if (template == ReplayRequestDecoder.TEMPLATE_ID) {
            final long asked = buffer.getLong(offset + CommandCheck.PREFIX_LENGTH, ByteOrder.LITTLE_ENDIAN);
            replayFrom(Math.max(1, asked));
        }
    }

    private boolean onCommand(final int template, final DirectBuffer buffer, final int offset, final int length,
        final int number, final long nowNs) {
        final int expected = lastMsgSeqNum + 1;
        if (number > expected) {
            counters.increment(Counter.SEQUENCE_GAPS);
            end(DisconnectCause.PROTOCOL_ERROR, RejectReason.SEQUENCE_GAP, expected, number, nowNs);
            return true;
        }
        if (number != expected && buffer.getByte(offset + CommandCheck.FLAGS_OFFSET) == 0) {
            counters.increment(Counter.SEQUENCE_TOO_LOW);
            end(DisconnectCause.PROTOCOL_ERROR, RejectReason.SEQUENCE_TOO_LOW, expected, number, nowNs);
            return true;
        }
        if (parts.engine().forward(buffer, offset, length, nowNs)) {
            parts.pressure().onTaken();
            counters.increment(Counter.COMMANDS);
            lastMsgSeqNum = Math.max(lastMsgSeqNum, number);
            return true;
        }
        if (parts.pressure().mayWait(nowNs)) {
            counters.increment(Counter.ABORTED);
            return false;
        }
        counters.increment(Counter.BUSY);
        lastMsgSeqNum = Math.max(lastMsgSeqNum, number);
        refuseNumbered(number, RejectReason.GATEWAY_BUSY, CommandCheck.hasClOrdId(template) ? buffer : null,
            offset + CommandCheck.CL_ORD_ID_OFFSET, nowNs);
        return true;
    }

    /** An answer to a command that used its number: as sure to arrive as a report of the engine. */
    private void refuseNumbered(final int number, final RejectReason reason, final DirectBuffer clOrdId,
        final int clOrdIdAt, final long nowNs) {
        final int length = encodeReject(nowNs, number, reason, 0, 0, clOrdId, clOrdIdAt);
        try {
            sendLive(store.appendOwn(answer, length), answer, 0, length, nowNs);
        } catch (final IOException ex) {
            onStoreFailure(ex, nowNs);
        }
    }

    /** A frame outside the numbering: answered once, as far as the client's stream takes it. */
    private void onBadFrame(final Counter counter, final int number, final RejectReason reason, final long detail,
        final long nowNs) {
        counters.increment(counter);
        if (!replyPending) {
            proxy.unnumbered(publication, answer, encodeReject(nowNs, number, reason, detail, 0, null, 0));
        }
        if (++badFrames > parts.limits().badFramesMax()) {
            end(DisconnectCause.PROTOCOL_ERROR, reason, badFrames, 0, nowNs);
        }
    }

    private int encodeReject(final long nowNs, final int number, final RejectReason reason, final long detailA,
        final long detailB, final DirectBuffer clOrdId, final int clOrdIdAt) {
        return proxy.encodeReject(answer, config.sessionId(), config.tenantId(), nowNs, number, reason.code(),
            detailA, detailB, clOrdId, clOrdIdAt);
    }

    /** Lets go of the client's stream without a word. */
    public void release() {
        CloseHelper.quietClose(publication);
        publication = null;
        image = null;
    }

    @Override
    public String toString() {
        return "session " + config.sessionId() + (isOnline() ? " online" : " offline") + " lastMsgSeqNum="
            + lastMsgSeqNum + " journaled=" + journaledMsgSeqNum + " nextToSend=" + nextToSend + " nextReportSeq="
            + store.nextSeq();
    }
}
