package weir.entry.ingress;

import io.aeron.ExclusivePublication;
import io.aeron.logbuffer.BufferClaim;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.SessionDisconnectedEncoder;

/**
 * Frames to the engine, one {@code tryClaim} each: a command as the client sent it but for {@code receivedNs}, and
 * the two session events. Never waits, allocates nothing. One thread.
 */
public final class EngineProxy implements AutoCloseable {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private final ExclusivePublication publication;
    private final BufferClaim claim = new BufferClaim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SessionConnectedEncoder connected = new SessionConnectedEncoder();
    private final SessionDisconnectedEncoder disconnected = new SessionDisconnectedEncoder();

    /**
     * @param publication of the client ingress stream; owned from now on
     */
    public EngineProxy(final ExclusivePublication publication) {
        this.publication = publication;
    }

    /**
     * Forwards a command.
     *
     * @param buffer     holds the frame
     * @param offset     of the header
     * @param length     of the frame
     * @param receivedNs epoch ns of its arrival, by our clock
     * @return false when the stream is full, or nobody listens
     */
    public boolean forward(final DirectBuffer buffer, final int offset, final int length, final long receivedNs) {
        if (publication.tryClaim(length, claim) <= 0) {
            return false;
        }
        claim.buffer().putBytes(claim.offset(), buffer, offset, length);
        claim.buffer().putLong(claim.offset() + CommandCheck.RECEIVED_NS_OFFSET, receivedNs, ByteOrder.LITTLE_ENDIAN);
        claim.commit();
        return true;
    }

    /**
     * SessionConnected(6).
     *
     * @param sessionId of the client
     * @param tenantId  of the client
     * @param msgSeqNum last command taken
     * @param reset     the client starts its numbers again
     * @param nowNs     epoch ns
     * @return false when the stream is full, or nobody listens
     */
    public boolean connected(final int sessionId, final int tenantId, final int msgSeqNum, final boolean reset,
        final long nowNs) {
        if (publication.tryClaim(HEADER + SessionConnectedEncoder.BLOCK_LENGTH, claim) <= 0) {
            return false;
        }
        connected.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
            .msgSeqNum(msgSeqNum).receivedNs(nowNs).tenantId(tenantId)
            .resetSeqNum(reset ? BooleanType.TRUE : BooleanType.FALSE).messageFlags().clear();
        claim.commit();
        return true;
    }

    /**
     * SessionDisconnected(7).
     *
     * @param sessionId of the client
     * @param msgSeqNum last command taken
     * @param cause     why
     * @param nowNs     epoch ns
     * @return false when the stream is full, or nobody listens
     */
    public boolean disconnected(final int sessionId, final int msgSeqNum, final DisconnectCause cause,
        final long nowNs) {
        if (publication.tryClaim(HEADER + SessionDisconnectedEncoder.BLOCK_LENGTH, claim) <= 0) {
            return false;
        }
        disconnected.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
            .msgSeqNum(msgSeqNum).receivedNs(nowNs).cause(cause).messageFlags().clear();
        claim.commit();
        return true;
    }

    @Override
    public void close() {
        publication.close();
    }
}
