package weir.fix.ingress;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.SessionDisconnectedEncoder;

/**
 * Puts frames into the engine's client ingress stream. One publication, used under this object's lock, because session
 * events come from several threads of QuickFIX/J. Never waits longer than the bounded retry.
 */
public final class IngressProxy implements AutoCloseable {
    private static final int MAX_COMMAND = 1024;

    private final ExclusivePublication publication;
    private final EpochNanoClock clock;
    private final long retryNs;
    private final long eventRetryNs;
    private final ErrorHandler errorHandler;
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionConnectedEncoder connected = new SessionConnectedEncoder();
    private final SessionDisconnectedEncoder disconnected = new SessionDisconnectedEncoder();
    private boolean closedReported;

    /**
     * @param publication  of the client ingress stream; owned from now on
     * @param clock        stamps session events
     * @param retryNs      bound of the retry of commands
     * @param eventRetryNs bound of the retry of session events
     * @param errorHandler told once when the publication is closed under us
     */
    public IngressProxy(final ExclusivePublication publication, final EpochNanoClock clock, final long retryNs,
        final long eventRetryNs, final ErrorHandler errorHandler) {
        this.publication = publication;
        this.clock = clock;
        this.retryNs = retryNs;
        this.eventRetryNs = eventRetryNs;
        this.errorHandler = errorHandler;
    }

    /**
     * Sends one frame.
     *
     * @param source holds header and message
     * @param offset of the header
     * @param length of the frame, at most the publication's payload
     * @return what became of it
     */
    public synchronized Outcome offer(final DirectBuffer source, final int offset, final int length) {
        return offer(source, offset, length, retryNs);
    }

    private Outcome offer(final DirectBuffer source, final int offset, final int length, final long maxNs) {
        long deadlineNs = 0;
        while (true) {
            final long result = publication.tryClaim(length, claim);
            if (result > 0) {
                final MutableDirectBuffer target = claim.buffer();
                target.putBytes(claim.offset(), source, offset, length);
                claim.commit();
                return Outcome.SENT;
            }
            if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
                onClosed(result);
                return Outcome.CLOSED;
            }
            final long nowNs = System.nanoTime();
            if (deadlineNs == 0) {
                deadlineNs = nowNs + maxNs;
            } else if (nowNs - deadlineNs >= 0) {
                return Outcome.BUSY;
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /**
     * Asks for room without waiting.
     *
     * @return false when a command would be refused now
     */
    public boolean hasRoom() {
        final long window = publication.availableWindow();
        return window == Publication.CLOSED || window >= MAX_COMMAND;
    }

    /**
     * Claims room for a frame, without waiting; {@link #commit} must follow where it is sent. For the one thread of a
     * gateway that has no other.
     *
     * @param length of the frame
     * @return {@link Outcome#SENT} when it was claimed
     */
    public Outcome claim(final int length) {
        long result = publication.tryClaim(length, claim);
        if (result == Publication.ADMIN_ACTION) {
            result = publication.tryClaim(length, claim);
        }
        if (result > 0) {
            return Outcome.SENT;
        }
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            onClosed(result);
            return Outcome.CLOSED;
        }
        return Outcome.BUSY;
    }

    /**
     * Sends the frame that was claimed.
     *
     * @param source holds header and message at 0
     * @param length that was claimed
     */
    public void commit(final DirectBuffer source, final int length) {
        claim.buffer().putBytes(claim.offset(), source, 0, length);
        claim.commit();
    }

    /**
     * A desk is logged on.
     *
     * @param sessionId of the desk
     * @param tenantId  of the desk
     * @param msgSeqNum MsgSeqNum(34) of the last message processed without a gap, its Logon included
     * @param reset     the numbers were reset since the engine was last told of a connection
     * @return what became of it
     */
    public synchronized Outcome sessionConnected(final int sessionId, final int tenantId, final int msgSeqNum,
        final boolean reset) {
        connected.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(msgSeqNum)
            .receivedNs(clock.nanoTime()).tenantId(tenantId)
            .resetSeqNum(reset ? BooleanType.TRUE : BooleanType.FALSE).messageFlags().clear();
        return offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + connected.encodedLength(), eventRetryNs);
    }

    /**
     * A desk's connection ended.
     *
     * @param sessionId of the desk
     * @param msgSeqNum MsgSeqNum(34) of the last message processed
     * @param cause     why
     * @return what became of it
     */
    public synchronized Outcome sessionDisconnected(final int sessionId, final int msgSeqNum,
        final DisconnectCause cause) {
        disconnected.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(msgSeqNum)
            .receivedNs(clock.nanoTime()).cause(cause).messageFlags().clear();
        return offer(buffer, 0, MessageHeaderEncoder.ENCODED_LENGTH + disconnected.encodedLength(), eventRetryNs);
    }

    @Override
    public synchronized void close() {
        publication.close();
    }

    private void onClosed(final long result) {
        if (!closedReported) {
            closedReported = true;
            errorHandler.onError(new IllegalStateException(
                "client ingress stream is gone: " + Publication.errorString(result)));
        }
    }
}
