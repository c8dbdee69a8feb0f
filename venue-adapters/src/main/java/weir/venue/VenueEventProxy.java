package weir.venue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusEncoder;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueBarEncoder;
import weir.protocol.sbe.VenueCancelRejectEncoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueLimitReadingEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueMessageRejectEncoder;
import weir.protocol.sbe.VenueNotSentEncoder;
import weir.protocol.sbe.VenueOrderStateEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;
import weir.protocol.sbe.VenueTierReadingEncoder;

/**
 * Calls to bytes: encodes an adapter's events (messages 50 to 59, 35) into its {@link
 * VenueEventOutbox}. One thread.
 */
public final class VenueEventProxy {
    /** Most bytes of a venue's text that an event holds. */
    public static final int MAX_TEXT = 256;

    private static final int ID_LENGTH = 36;

    private final int venueId;
    private final VenueEventOutbox outbox;
    private final UnsafeBuffer textFrame = new UnsafeBuffer(0, 0);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VenueSessionStateEncoder sessionState = new VenueSessionStateEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final VenueCancelRejectEncoder cancelReject = new VenueCancelRejectEncoder();
    private final VenueOrderStateEncoder orderState = new VenueOrderStateEncoder();
    private final VenueNotSentEncoder notSent = new VenueNotSentEncoder();
    private final VenueMessageRejectEncoder messageReject = new VenueMessageRejectEncoder();
    private final SystemStatusEncoder systemStatus = new SystemStatusEncoder();
    private final VenueLimitReadingEncoder limitReading = new VenueLimitReadingEncoder();
    private final VenueTierReadingEncoder tierReading = new VenueTierReadingEncoder();
    private final VenueBarEncoder bar = new VenueBarEncoder();
    private int executionLength;

    /**
     * Binds the proxy.
     *
     * @param venueId of every event
     * @param outbox  events go to
     */
    public VenueEventProxy(final int venueId, final VenueEventOutbox outbox) {
        this.venueId = venueId;
        this.outbox = outbox;
    }

    /**
     * VenueSessionState(50).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param state      up or down
     * @param text       why
     */
    public void sessionState(final int accountId, final long receivedNs, final VenueState state, final String text) {
        sessionState(accountId, receivedNs, state, Scale.NULL, text);
    }

    /**
     * VenueSessionState(50) of a venue that bars us.
     *
     * @param accountId  whose requests are refused
     * @param receivedNs epoch nanoseconds
     * @param untilNs    epoch nanoseconds at which we may come again
     * @param text       why
     */
    public void barred(final int accountId, final long receivedNs, final long untilNs, final String text) {
        sessionState(accountId, receivedNs, VenueState.BARRED, untilNs, text);
    }

    /**
     * SystemStatus(35) of condition CLOCK_SKEW.
     *
     * @param active     true while the skew is beyond the alarm
     * @param skewMs     venue's clock minus ours, milliseconds
     */
    public void clockSkew(final boolean active, final long skewMs) {
        systemStatus.wrapAndApplyHeader(buffer(), 0, header)
            .condition(SystemCondition.CLOCK_SKEW).active(active ? BooleanType.TRUE : BooleanType.FALSE)
            .value(skewMs).venueId(venueId);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + systemStatus.encodedLength());
    }

    /**
     * VenueLimitReading(57).
     *
     * @param accountId  whose budget
     * @param receivedNs epoch nanoseconds
     * @param limitId    of our contract
     * @param used       units in use at the venue
     */
    public void limitReading(final int accountId, final long receivedNs, final int limitId, final long used) {
        limitReading.wrapAndApplyHeader(buffer(), 0, header).accountId(accountId).venueId(venueId)
            .receivedNs(receivedNs).limitId(limitId).used(used).barredUntilNs(Scale.NULL);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + limitReading.encodedLength());
    }

    /**
     * VenueTierReading(58).
     *
     * @param accountId  whose limit
     * @param receivedNs epoch nanoseconds
     * @param limitId    of our contract
     * @param capacity   as the venue states it, without our margin
     * @param refill     per refill period; 0 for shapes without one
     */
    public void tierReading(final int accountId, final long receivedNs, final int limitId, final long capacity,
        final long refill) {
        tierReading.wrapAndApplyHeader(buffer(), 0, header).accountId(accountId).venueId(venueId)
            .receivedNs(receivedNs).limitId(limitId).capacity(capacity).refillPerSecond(refill);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + tierReading.encodedLength());
    }

    /**
     * VenueBar(59).
     *
     * @param accountId  whose message was refused
     * @param receivedNs epoch nanoseconds
     * @param scope      IP for every account of the address, else the account
     * @param status     HTTP status or error code
     * @param untilNs    epoch nanoseconds by the clock of {@code receivedNs}, or {@link Scale#NULL}: not said
     */
    public void bar(final int accountId, final long receivedNs, final LimitScope scope, final int status,
        final long untilNs) {
        bar.wrapAndApplyHeader(buffer(), 0, header).accountId(accountId).venueId(venueId).receivedNs(receivedNs)
            .scope(scope).status(status).barredUntilNs(untilNs);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + bar.encodedLength());
    }

    /**
     * VenueSessionState(50) of the second path of an account.
     *
     * @param accountId  whose
     * @param receivedNs epoch nanoseconds
     * @param state      up, down, or barred
     * @param untilNs    end of the bar, epoch nanoseconds, else {@link Scale#NULL}
     * @param text       why
     */
    public void secondPath(final int accountId, final long receivedNs, final VenueState state, final long untilNs,
        final String text) {
        pathState(accountId, receivedNs, state, untilNs, VenuePath.SECOND, text);
    }

    private void sessionState(final int accountId, final long receivedNs, final VenueState state, final long untilNs,
        final String text) {
        pathState(accountId, receivedNs, state, untilNs, VenuePath.FIRST, text);
    }

    private void pathState(final int accountId, final long receivedNs, final VenueState state, final long untilNs,
        final VenuePath path, final String text) {
        sessionState.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).state(state).barredUntilNs(untilNs)
            .path(path);
        final byte[] bytes = textBytes(text);
        sessionState.putText(bytes, 0, bytes.length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + sessionState.encodedLength());
    }

    /**
     * VenueSent(51).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds at which this was noticed
     * @param kind       of the message
     * @param sentNs     epoch nanoseconds of the write
     * @param orderIds   orders in the message
     */
    public void sent(final int accountId, final long receivedNs, final VenueMessageKind kind, final long sentNs,
        final long[] orderIds) {
        sent(accountId, receivedNs, kind, sentNs, orderIds, orderIds.length);
    }

    /**
     * VenueSent(51).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds at which this was noticed
     * @param kind       of the message
     * @param sentNs     epoch nanoseconds of the write
     * @param orderIds   orders in the message
     * @param count      of them
     */
    public void sent(final int accountId, final long receivedNs, final VenueMessageKind kind, final long sentNs,
        final long[] orderIds, final int count) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + VenueSentEncoder.BLOCK_LENGTH
            + VenueSentEncoder.OrdersEncoder.sbeHeaderSize() + count * VenueSentEncoder.OrdersEncoder.sbeBlockLength();
        final int offset = outbox.begin(length);
        sent.wrapAndApplyHeader(outbox.begun(), offset, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).kind(kind).sentNs(sentNs);
        final VenueSentEncoder.OrdersEncoder group = sent.ordersCount(count);
        for (int i = 0; i < count; i++) {
            group.next().orderId(orderIds[i]);
        }
        outbox.end(length);
    }

    /**
     * VenueExecution(52).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param report     what the venue said
     */
    public void execution(final int accountId, final long receivedNs, final VenueExecution report) {
        execution.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).orderId(report.orderId)
            .requestIdHigh(report.requestIdHigh).requestIdLow(report.requestIdLow)
            .execType(report.execType).ordStatus(report.ordStatus).liquidity(report.liquidity)
            .reason(report.reason.code())
            .lastQty(report.lastQty).lastPx(report.lastPx).cumQty(report.cumQty).leavesQty(report.leavesQty)
            .avgPx(report.avgPx).orderQty(report.orderQty).price(report.price).fee(report.fee)
            .feeCurrency(cut(report.feeCurrency, 8))
            .tradeId(report.tradeId).transactNs(report.transactNs)
            .venueOrderId(cut(report.venueOrderId, ID_LENGTH)).execId(cut(report.execId, ID_LENGTH))
            .recovered(report.recovered ? BooleanType.TRUE : BooleanType.FALSE);
        final byte[] bytes = textBytes(report.text);
        execution.putText(bytes, 0, bytes.length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + execution.encodedLength());
    }

    /**
     * VenueCancelReject(53).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param orderId    our order
     * @param requestId  of the refused request
     * @param kind       CANCEL, REPLACE or MASS_CANCEL
     * @param reason     ours
     * @param text       the venue's
     */
    public void cancelReject(final int accountId, final long receivedNs, final long orderId, final UUID requestId,
        final VenueMessageKind kind, final RejectReason reason, final String text) {
        cancelReject(accountId, receivedNs, orderId, requestId.getMostSignificantBits(),
            requestId.getLeastSignificantBits(), kind, reason, text);
    }

    /**
     * VenueCancelReject(53).
     *
     * @param accountId     whose connection
     * @param receivedNs    epoch nanoseconds
     * @param orderId       our order
     * @param requestIdHigh of the refused request
     * @param requestIdLow  of the refused request
     * @param kind          CANCEL, REPLACE or MASS_CANCEL
     * @param reason        ours
     * @param text          the venue's
     */
    public void cancelReject(final int accountId, final long receivedNs, final long orderId, final long requestIdHigh,
        final long requestIdLow, final VenueMessageKind kind, final RejectReason reason, final String text) {
        final byte[] bytes = textBytes(text);
        textFrame.wrap(bytes);
        cancelReject(accountId, receivedNs, orderId, requestIdHigh, requestIdLow, kind, reason, textFrame, 0,
            bytes.length);
    }

    /**
     * VenueCancelReject(53) with the text as bytes; allocates nothing.
     *
     * @param accountId     whose connection
     * @param receivedNs    epoch nanoseconds
     * @param orderId       our order
     * @param requestIdHigh of the refused request
     * @param requestIdLow  of the refused request
     * @param kind          CANCEL, REPLACE or MASS_CANCEL
     * @param reason        ours
     * @param text          the venue's lies here
     * @param textOffset    of its first byte
     * @param textLength    of it, at most {@link #MAX_TEXT}
     */
    public void cancelReject(final int accountId, final long receivedNs, final long orderId, final long requestIdHigh,
        final long requestIdLow, final VenueMessageKind kind, final RejectReason reason, final DirectBuffer text,
        final int textOffset, final int textLength) {
        cancelReject.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).orderId(orderId)
            .requestIdHigh(requestIdHigh).requestIdLow(requestIdLow)
            .kind(kind).reason(reason.code());
        cancelReject.putText(text, textOffset, textLength);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + cancelReject.encodedLength());
    }

    /**
     * Begins a VenueExecution(52) of which the caller sets each field, and its text, with nothing in between that may
     * fail; {@link #commitExecution()} sends it. Allocates nothing.
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param textLength bytes of its text, at most {@link #MAX_TEXT}
     * @return encoder, its text not yet put
     */
    public VenueExecutionEncoder beginExecution(final int accountId, final long receivedNs, final int textLength) {
        executionLength = MessageHeaderEncoder.ENCODED_LENGTH + VenueExecutionEncoder.BLOCK_LENGTH
            + VenueExecutionEncoder.textHeaderLength() + textLength;
        final int offset = outbox.begin(executionLength);
        return execution.wrapAndApplyHeader(outbox.begun(), offset, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs);
    }

    /** Sends the VenueExecution(52) begun last. */
    public void commitExecution() {
        outbox.end(executionLength);
    }

    /**
     * VenueOrderState(54).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param orderId    our order
     * @param attempt    of the query answered
     * @param answer     found, not found or no answer
     * @param state      quantities and ids where found, empty otherwise
     */
    public void orderState(final int accountId, final long receivedNs, final long orderId, final int attempt,
        final VenueAnswer answer, final VenueExecution state) {
        orderState.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).orderId(orderId).answer(answer)
            .ordStatus(answer == VenueAnswer.FOUND ? state.ordStatus : OrdStatus.NULL_VAL)
            .cumQty(state.cumQty).leavesQty(state.leavesQty).avgPx(state.avgPx).orderQty(state.orderQty)
            .price(state.price).venueOrderId(cut(state.venueOrderId, ID_LENGTH)).attempt(attempt);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + orderState.encodedLength());
    }

    /**
     * VenueNotSent(55).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param orderId    our order
     * @param requestId  of the request that never left
     * @param kind       of the request
     * @param reason     why
     */
    public void notSent(final int accountId, final long receivedNs, final long orderId, final UUID requestId,
        final VenueMessageKind kind, final RejectReason reason) {
        notSent(accountId, receivedNs, orderId, requestId.getMostSignificantBits(),
            requestId.getLeastSignificantBits(), kind, reason);
    }

    /**
     * VenueNotSent(55).
     *
     * @param accountId     whose connection
     * @param receivedNs    epoch nanoseconds
     * @param orderId       our order
     * @param requestIdHigh of the request that never left
     * @param requestIdLow  of the request that never left
     * @param kind          of the request
     * @param reason        why
     */
    public void notSent(final int accountId, final long receivedNs, final long orderId, final long requestIdHigh,
        final long requestIdLow, final VenueMessageKind kind, final RejectReason reason) {
        notSent.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).orderId(orderId)
            .requestIdHigh(requestIdHigh).requestIdLow(requestIdLow)
            .kind(kind).reason(reason.code());
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + notSent.encodedLength());
    }

    /**
     * VenueMessageReject(56).
     *
     * @param accountId  whose connection
     * @param receivedNs epoch nanoseconds
     * @param orderId    our order
     * @param requestId  of the refused request
     * @param kind       of the request
     * @param reason     ours
     * @param text       the venue's
     */
    public void messageReject(final int accountId, final long receivedNs, final long orderId, final UUID requestId,
        final VenueMessageKind kind, final RejectReason reason, final String text) {
        messageReject(accountId, receivedNs, orderId, requestId.getMostSignificantBits(),
            requestId.getLeastSignificantBits(), kind, reason, text);
    }

    /**
     * VenueMessageReject(56).
     *
     * @param accountId     whose connection
     * @param receivedNs    epoch nanoseconds
     * @param orderId       our order
     * @param requestIdHigh of the refused request
     * @param requestIdLow  of the refused request
     * @param kind          of the request
     * @param reason        ours
     * @param text          the venue's
     */
    public void messageReject(final int accountId, final long receivedNs, final long orderId, final long requestIdHigh,
        final long requestIdLow, final VenueMessageKind kind, final RejectReason reason, final String text) {
        messageReject.wrapAndApplyHeader(buffer(), 0, header)
            .accountId(accountId).venueId(venueId).receivedNs(receivedNs).orderId(orderId)
            .requestIdHigh(requestIdHigh).requestIdLow(requestIdLow)
            .kind(kind).reason(reason.code());
        final byte[] bytes = textBytes(text);
        messageReject.putText(bytes, 0, bytes.length);
        outbox.commit(MessageHeaderEncoder.ENCODED_LENGTH + messageReject.encodedLength());
    }

    private MutableDirectBuffer buffer() {
        return outbox.scratch();
    }

    private static String cut(final String value, final int length) {
        return value.length() <= length ? value : value.substring(0, length);
    }

    private static byte[] textBytes(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT ? bytes : Arrays.copyOf(bytes, MAX_TEXT);
    }
}
