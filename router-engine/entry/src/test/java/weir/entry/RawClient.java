package weir.entry;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.entry.client.ClientKey;
import weir.protocol.ClientLogonText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.Streams;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.ClientLogonEncoder;
import weir.protocol.sbe.ClientLogonReplyDecoder;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SequencedReportDecoder;
import weir.protocol.sbe.SessionEndDecoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** A client that sends the bytes it is told to, right or wrong. */
final class RawClient implements AutoCloseable {
    final List<String> heard = new ArrayList<>();
    final ExclusivePublication publication;
    final int streamId;
    String responseChannel = "aeron:ipc";
    private final EntrySystem system;
    private final Subscription subscription;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder decoder = new MessageHeaderDecoder();

    RawClient(final EntrySystem system, final int streamId) {
        this.system = system;
        this.streamId = streamId;
        subscription = system.aeron().addSubscription("aeron:ipc", streamId);
        publication = system.aeron().addExclusivePublication("aeron:ipc", Streams.CLIENT_ENTRY);
        system.await(publication::isConnected, "raw client connected", () -> "");
    }

    /** Encodes a logon; returns its length. */
    int logon(final String keyId, final String secret, final long timestampMs, final long correlationId) {
        final byte[] signature = ClientKey.ofSecret(secret.toCharArray()).sign(ClientLogonText.of(keyId, timestampMs,
            correlationId, 1, false, streamId, responseChannel, publication.sessionId()));
        final ClientLogonEncoder e = new ClientLogonEncoder().wrapAndApplyHeader(buffer, 0, header)
            .correlationId(correlationId).timestampMs(timestampMs).nextExpectedReportSeq(1)
            .resetSeqNum(BooleanType.FALSE).keyId(keyId).responseStreamId(streamId)
            .putSignature(signature, 0, signature.length).responseChannel(responseChannel);
        return MessageHeaderEncoder.ENCODED_LENGTH + e.encodedLength();
    }

    RawClient logOn(final int sessionId) {
        send(logon("bot-" + sessionId, EntrySystem.SECRET + sessionId, System.currentTimeMillis(), 7));
        await("logon ACCEPTED NONE");
        return this;
    }

    int order(final int sessionId, final int number, final String clOrdId, final boolean possDup) {
        final NewOrderEncoder e = new NewOrderEncoder().wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId)
            .msgSeqNum(number).receivedNs(0).clOrdId(clOrdId).symbol("BTC-USD").side(Side.BUY)
            .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC).selfTradePrevention(SelfTradePrevention.NONE)
            .shapeError(ShapeError.NONE).orderQty(Scale.E8).price(100 * Scale.E8).stopPx(Scale.NULL)
            .cashOrderQty(Scale.NULL).expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL).strategyId(0);
        e.messageFlags().clear().possDup(possDup);
        e.execInst().clear();
        return MessageHeaderEncoder.ENCODED_LENGTH + NewOrderEncoder.BLOCK_LENGTH;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    void send(final int length) {
        system.await(() -> publication.offer(buffer, 0, length) > 0, "raw send", () -> "");
    }

    int poll() {
        return subscription.poll((frame, offset, length, ignored) -> note(frame, offset), 100);
    }

    void await(final String what) {
        system.await(() -> {
            poll();
            return heard.contains(what);
        }, what, heard::toString);
    }

    private void note(final DirectBuffer frame, final int offset) {
        decoder.wrap(frame, offset);
        switch (decoder.templateId()) {
            case ClientLogonReplyDecoder.TEMPLATE_ID -> {
                final ClientLogonReplyDecoder d = new ClientLogonReplyDecoder()
                    .wrapAndApplyHeader(frame, offset, decoder);
                heard.add("logon " + d.status() + ' ' + RejectReason.ofCode(d.reason()));
            }
            case SessionEndDecoder.TEMPLATE_ID -> {
                final SessionEndDecoder d = new SessionEndDecoder().wrapAndApplyHeader(frame, offset, decoder);
                heard.add("end " + d.cause() + ' ' + RejectReason.ofCode(d.reason()) + ' ' + d.detailA() + ' '
                    + d.detailB());
            }
            case BusinessRejectDecoder.TEMPLATE_ID -> heard.add(reject(frame, offset));
            case SequencedReportDecoder.TEMPLATE_ID -> {
                final SequencedReportDecoder d =
                    new SequencedReportDecoder().wrapAndApplyHeader(frame, offset, decoder);
                final int at = d.limit() + SequencedReportDecoder.reportHeaderLength();
                final long seq = d.reportSeq();
                if (EntrySystem.template(frame, at) == ExecutionReportDecoder.TEMPLATE_ID) {
                    final ExecutionReportDecoder r =
                        new ExecutionReportDecoder().wrapAndApplyHeader(frame, at, decoder);
                    heard.add(seq + " " + r.clOrdId() + ' ' + (char) r.execType().value() + ' '
                        + RejectReason.ofCode(r.reason()));
                } else if (EntrySystem.template(frame, at) == BusinessRejectDecoder.TEMPLATE_ID) {
                    heard.add(seq + " " + reject(frame, at));
                }
            }
            default -> {
                // Heartbeats.
            }
        }
    }

    private String reject(final DirectBuffer frame, final int offset) {
        final BusinessRejectDecoder d = new BusinessRejectDecoder().wrapAndApplyHeader(frame, offset, decoder);
        return "reject " + RejectReason.ofCode(d.reason()) + ' ' + d.refMsgSeqNum();
    }

    @Override
    public void close() {
        publication.close();
        subscription.close();
    }
}
