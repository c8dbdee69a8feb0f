package weir.entry.egress;

import io.aeron.ExclusivePublication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectEncoder;
import weir.protocol.sbe.ClientLogonReplyEncoder;
import weir.protocol.sbe.ClientLogonStatus;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.SequencedReportEncoder;
import weir.protocol.sbe.SessionEndEncoder;
import weir.protocol.sbe.SessionHeartbeatEncoder;

/**
 * Frames to clients: 85, 87, 88, 89, and a BusinessReject(82) of the gateway's own. Each is one {@code tryClaim} on the
 * publication that is passed; the result is Aeron's: a position, or a negative code. Never waits, allocates nothing.
 * One thread.
 */
public final class ClientProxy {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    /** Header and block of SequencedReport, and the length of its data. */
    private static final int REPORT_OVERHEAD = HEADER + SequencedReportEncoder.BLOCK_LENGTH + 2;

    private final BufferClaim claim = new BufferClaim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ClientLogonReplyEncoder logonReply = new ClientLogonReplyEncoder();
    private final SequencedReportEncoder sequenced = new SequencedReportEncoder();
    private final SessionHeartbeatEncoder heartbeat = new SessionHeartbeatEncoder();
    private final SessionEndEncoder end = new SessionEndEncoder();
    private final BusinessRejectEncoder reject = new BusinessRejectEncoder();

    /** Makes a proxy. */
    public ClientProxy() {
        // Flyweights only.
    }

    /**
     * Longest report that fits a frame.
     *
     * @param publication to the client
     * @return bytes
     */
    public static int maxReportLength(final ExclusivePublication publication) {
        return publication.maxPayloadLength() - REPORT_OVERHEAD;
    }

    /**
     * ClientLogonReply(85).
     *
     * @param publication   to the client
     * @param correlationId of the ClientLogon
     * @param sessionId     of the session, 0 when refused
     * @param tenantId      of the session, 0 when refused
     * @param status        accepted or refused
     * @param reason        RejectReason code
     * @param nextReportSeq number of the next report that comes to be
     * @param lastMsgSeqNum last command taken
     * @param heartbeatMs   how often each side says that it is alive
     * @return Aeron's result
     */
    public long logonReply(final ExclusivePublication publication, final long correlationId, final int sessionId,
        final int tenantId, final ClientLogonStatus status, final int reason, final long nextReportSeq,
        final int lastMsgSeqNum, final int heartbeatMs) {
        final long result = publication.tryClaim(HEADER + ClientLogonReplyEncoder.BLOCK_LENGTH, claim);
        if (result > 0) {
            logonReply.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).correlationId(correlationId)
                .sessionId(sessionId).tenantId(tenantId).status(status).reason(reason).nextReportSeq(nextReportSeq)
                .lastMsgSeqNum(lastMsgSeqNum).heartbeatMs(heartbeatMs);
            claim.commit();
        }
        return result;
    }

    /**
     * SequencedReport(87).
     *
     * @param publication to the client
     * @param sessionId   of the session
     * @param reportSeq   its number
     * @param replayed    sent again, or made while the client was away
     * @param report      holds the report, header included
     * @param offset      of it
     * @param length      of it, at most {@link #maxReportLength}
     * @return Aeron's result
     */
    public long report(final ExclusivePublication publication, final int sessionId, final long reportSeq,
        final boolean replayed, final DirectBuffer report, final int offset, final int length) {
        final long result = publication.tryClaim(REPORT_OVERHEAD + length, claim);
        if (result > 0) {
            sequenced.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
                .reportSeq(reportSeq).replayed(replayed ? BooleanType.TRUE : BooleanType.FALSE)
                .putReport(report, offset, length);
            claim.commit();
        }
        return result;
    }

    /**
     * SessionHeartbeat(88).
     *
     * @param publication   to the client
     * @param sessionId     of the session
     * @param nextReportSeq number of the next report that comes to be
     * @param lastMsgSeqNum last command that is known to be journaled
     * @param nowNs         epoch ns
     * @return Aeron's result
     */
    public long heartbeat(final ExclusivePublication publication, final int sessionId, final long nextReportSeq,
        final int lastMsgSeqNum, final long nowNs) {
        final long result = publication.tryClaim(HEADER + SessionHeartbeatEncoder.BLOCK_LENGTH, claim);
        if (result > 0) {
            heartbeat.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
                .nextReportSeq(nextReportSeq).lastMsgSeqNum(lastMsgSeqNum).sentNs(nowNs);
            claim.commit();
        }
        return result;
    }

    /**
     * SessionEnd(89).
     *
     * @param publication to the client
     * @param sessionId   of the session
     * @param cause       why it is over
     * @param reason      RejectReason code, 0 for none
     * @param detailA     its first number
     * @param detailB     its second number
     * @return Aeron's result
     */
    public long end(final ExclusivePublication publication, final int sessionId, final DisconnectCause cause,
        final int reason, final long detailA, final long detailB) {
        final long result = publication.tryClaim(HEADER + SessionEndEncoder.BLOCK_LENGTH, claim);
        if (result > 0) {
            end.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId).cause(cause)
                .reason(reason).detailA(detailA).detailB(detailB);
            claim.commit();
        }
        return result;
    }

    /**
     * A BusinessReject(82) outside the numbering.
     *
     * @param publication to the client
     * @param frame       as {@link #encodeReject} made it
     * @param length      of the frame
     * @return Aeron's result
     */
    public long unnumbered(final ExclusivePublication publication, final DirectBuffer frame, final int length) {
        final long result = publication.tryClaim(length, claim);
        if (result > 0) {
            claim.buffer().putBytes(claim.offset(), frame, 0, length);
            claim.commit();
        }
        return result;
    }

    /**
     * Encodes a BusinessReject(82) of the gateway's own: recordSequence 0, no record made it.
     *
     * @param target       at least 128 bytes
     * @param sessionId    of the session
     * @param tenantId     of the session
     * @param nowNs        epoch ns
     * @param refMsgSeqNum command answered, 0 = none
     * @param reason       RejectReason code
     * @param detailA      its first number
     * @param detailB      its second number
     * @param clOrdId      holds the ClOrdID(11) of the command, null = none
     * @param clOrdIdAt    its place
     * @return length of the frame
     */
    public int encodeReject(final UnsafeBuffer target, final int sessionId, final int tenantId, final long nowNs,
        final int refMsgSeqNum, final int reason, final long detailA, final long detailB, final DirectBuffer clOrdId,
        final int clOrdIdAt) {
        reject.wrapAndApplyHeader(target, 0, header).recordSequence(0).outputIndex(-1).sessionId(sessionId)
            .tenantId(tenantId).transactNs(nowNs).refMsgSeqNum(refMsgSeqNum).reason(reason).detailA(detailA)
            .detailB(detailB).refMsgType((byte) 0);
        final int at = HEADER + BusinessRejectEncoder.refIdEncodingOffset();
        if (clOrdId == null) {
            target.setMemory(at, BusinessRejectEncoder.refIdLength(), (byte) 0);
        } else {
            target.putBytes(at, clOrdId, clOrdIdAt, BusinessRejectEncoder.refIdLength());
        }
        return HEADER + BusinessRejectEncoder.BLOCK_LENGTH;
    }
}
