package weir.client;

import io.aeron.ExclusivePublication;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.ClientHeartbeatEncoder;
import weir.protocol.sbe.ClientLogonReplyDecoder;
import weir.protocol.sbe.ClientLogonStatus;
import weir.protocol.sbe.ClientLogoutEncoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.MassActionEncoder;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestEncoder;
import weir.protocol.sbe.ReplaceOrderEncoder;
import weir.protocol.sbe.ReplayRequestEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SequencedReportDecoder;
import weir.protocol.sbe.SessionEndDecoder;
import weir.protocol.sbe.SessionHeartbeatDecoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * A session with Weir's binary gateway. Poll-driven: call {@link #poll} often from one thread, and everything else from
 * the same thread. It logs on, keeps the session alive, asks for reports that it missed, and after a loss of gateway,
 * router or media driver logs on again and sends what the router does not have.
 * <p>
 * Sending allocates nothing and never waits, unless a command log is asked for. {@code tryX} answers the command's
 * MsgSeqNum(34), or one of the negative codes below; with a negative code nothing was sent. Prices and quantities are
 * mantissas with exponent -8 ({@link Scale#E8} is 1).
 */
public final class WeirClient implements AutoCloseable {
    /** Not logged on, or still sending again what the router lacked. */
    public static final long NOT_LOGGED_ON = -1;
    /** The gateway does not take frames as fast; try again. */
    public static final long BACK_PRESSURED = -2;
    /** As many commands as the window holds are not yet known to be journaled; poll and try again. */
    public static final long WINDOW_FULL = -3;

    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int SILENT_HEARTBEATS = 3;
    private static final CharSequence NO_TEXT = "";

    private final WeirClientContext context;
    private final ClientListener listener;
    private final ClientLink link;
    private final LogonSigner signer;
    private final CommandWindow window;
    private final Backoff backoff;
    private final ReportFrames reports;
    private final CommandLog log;
    private final FragmentHandler onFrame = this::onFrame;
    private final BufferClaim claim = new BufferClaim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final ReplaceOrderEncoder replaceOrder = new ReplaceOrderEncoder();
    private final CancelOrderEncoder cancelOrder = new CancelOrderEncoder();
    private final OrderStatusRequestEncoder statusRequest = new OrderStatusRequestEncoder();
    private final MassActionEncoder massAction = new MassActionEncoder();
    private final MassCancelEncoder massCancel = new MassCancelEncoder();
    private final ClientHeartbeatEncoder heartbeat = new ClientHeartbeatEncoder();
    private final ClientLogoutEncoder logout = new ClientLogoutEncoder();
    private final ReplayRequestEncoder replayRequest = new ReplayRequestEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ClientLogonReplyDecoder logonReply = new ClientLogonReplyDecoder();
    private final SequencedReportDecoder sequenced = new SequencedReportDecoder();
    private final SessionHeartbeatDecoder sessionHeartbeat = new SessionHeartbeatDecoder();
    private final SessionEndDecoder sessionEnd = new SessionEndDecoder();
    private ClientState state = ClientState.CONNECTING;
    private long deadlineNs;
    private long correlationId = new SecureRandom().nextLong();
    private int gatewaySession;
    private int sessionId;
    private int tenantId;
    private long heartbeatNs;
    private long lastHeardNs;
    private long lastSentNs;
    private long nextExpectedReportSeq;
    private long replayAskedNs;
    private boolean resetPending;
    private boolean numbered;
    private int resendNext;
    private int preparedLength;
    private long nowNs;

    private WeirClient(final WeirClientContext context) {
        this.context = context;
        listener = context.listener();
        link = new ClientLink(context);
        signer = new LogonSigner(context);
        window = new CommandWindow(context.windowCapacity());
        backoff = new Backoff(context.backoffMinNs(), context.backoffMaxNs());
        reports = new ReportFrames(listener);
        log = CommandLog.open(context);
        nextExpectedReportSeq = context.nextExpectedReportSeq();
        resetPending = context.resetSeqNum();
        nowNs = context.nanoClock().nanoTime();
        deadlineNs = nowNs + context.replyTimeoutNs();
    }

    /**
     * Makes a client; {@link #poll} then connects it.
     *
     * @param context concluded here; its secret is wiped
     * @return client
     */
    public static WeirClient launch(final WeirClientContext context) {
        return new WeirClient(context.conclude());
    }

    /**
     * One turn: connects, logs on, hears, keeps alive. Makes no call that waits, but for the moments in which Aeron
     * opens its files after a driver came (up).
     *
     * @param fragmentLimit most frames to hear
     * @return work done
     */
    public int poll(final int fragmentLimit) {
        nowNs = context.nanoClock().nanoTime();
        switch (state) {
            case WAITING:
                if (nowNs - deadlineNs >= 0) {
                    connect();
                }
                return 0;
            case CONNECTING:
                return connecting();
            case ENDED:
            case CLOSED:
                return 0;
            default:
                return session(fragmentLimit);
        }
    }

    private int connecting() {
        if (link.isConnected()) {
            return logOn();
        }
        if (nowNs - deadlineNs >= 0) {
            retry(backoff.next());
        }
        return 0;
    }

    private void connect() {
        state = ClientState.CONNECTING;
        deadlineNs = nowNs + context.replyTimeoutNs();
    }

    private void retry(final long waitNs) {
        state = ClientState.WAITING;
        deadlineNs = nowNs + waitNs;
        link.renewPublication();
    }

    private int logOn() {
        final ExclusivePublication publication = link.publication();
        correlationId++;
        final int length =
            signer.encode(correlationId, nextExpectedReportSeq, resetPending, publication.sessionId());
        if (publication.tryClaim(length, claim) <= 0) {
            return 0;
        }
        claim.buffer().putBytes(claim.offset(), signer.buffer(), 0, length);
        claim.commit();
        state = ClientState.LOGGING_ON;
        deadlineNs = nowNs + context.replyTimeoutNs();
        return 1;
    }

    private int session(final int fragmentLimit) {
        if (!link.isOpen()) {
            disconnected(DisconnectCause.CONNECTION_LOST, RejectReason.NONE, backoff.next());
            return 0;
        }
        int work = link.subscription().poll(onFrame, fragmentLimit);
        if (state == ClientState.RESENDING) {
            work += resend();
        }
        if (state == ClientState.LOGGING_ON && nowNs - deadlineNs >= 0) {
            retry(backoff.next());
        } else if (isLoggedOn() || state == ClientState.RESENDING) {
            work += keepAlive();
        }
        return work;
    }

    private int keepAlive() {
        if (nowNs - lastHeardNs > SILENT_HEARTBEATS * heartbeatNs) {
            disconnected(DisconnectCause.HEARTBEAT_TIMEOUT, RejectReason.NONE, backoff.next());
        } else if (!link.publication().isConnected()) {
            disconnected(DisconnectCause.CONNECTION_LOST, RejectReason.NONE, backoff.next());
        } else if (nowNs - lastSentNs >= heartbeatNs
            && link.publication().tryClaim(HEADER + ClientHeartbeatEncoder.BLOCK_LENGTH, claim) > 0) {
            heartbeat.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
                .msgSeqNum(lastNumberSent()).receivedNs(0).lastReportSeq(nextExpectedReportSeq - 1)
                .messageFlags().clear();
            claim.commit();
            lastSentNs = nowNs;
            return 1;
        }
        return 0;
    }

    private int lastNumberSent() {
        return (state == ClientState.RESENDING ? resendNext : window.next()) - 1;
    }

    private int resend() {
        int sent = 0;
        while (resendNext < window.next()) {
            final int length = window.length(resendNext);
            if (!offer(window.offset(resendNext), length)) {
                return sent;
            }
            resendNext++;
            sent++;
        }
        state = ClientState.LOGGED_ON;
        return sent;
    }

    private boolean offer(final int offset, final int length) {
        if (link.publication().tryClaim(length, claim) <= 0) {
            return false;
        }
        claim.buffer().putBytes(claim.offset(), window.buffer(), offset, length);
        claim.commit();
        lastSentNs = nowNs;
        if (log != null) {
            log.onCommand(window.buffer(), offset);
        }
        return true;
    }

    private void disconnected(final DisconnectCause cause, final RejectReason reason, final long waitNs) {
        retry(waitNs);
        listener.onDisconnected(cause, reason);
    }

    private void onFrame(final DirectBuffer buffer, final int offset, final int length, final Header frameHeader) {
        if (length < HEADER) {
            return;
        }
        headerDecoder.wrap(buffer, offset);
        if (headerDecoder.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            return;
        }
        if (headerDecoder.templateId() == ClientLogonReplyDecoder.TEMPLATE_ID) {
            onLogonReply(buffer, offset, frameHeader.sessionId());
        } else if (frameHeader.sessionId() == gatewaySession
            && (state == ClientState.LOGGED_ON || state == ClientState.RESENDING)) {
            lastHeardNs = nowNs;
            onSessionFrame(headerDecoder.templateId(), buffer, offset);
        }
    }

    private void onSessionFrame(final int template, final DirectBuffer buffer, final int offset) {
        switch (template) {
            case SequencedReportDecoder.TEMPLATE_ID:
                onReport(buffer, offset);
                break;
            case SessionHeartbeatDecoder.TEMPLATE_ID:
                sessionHeartbeat.wrapAndApplyHeader(buffer, offset, headerDecoder);
                window.acknowledge(sessionHeartbeat.lastMsgSeqNum());
                break;
            case SessionEndDecoder.TEMPLATE_ID:
                onSessionEnd(buffer, offset);
                break;
            case BusinessRejectDecoder.TEMPLATE_ID:
                onUnnumbered(buffer, offset);
                break;
            default:
                // Younger than this library.
                break;
        }
    }

    private void onLogonReply(final DirectBuffer buffer, final int offset, final int from) {
        logonReply.wrapAndApplyHeader(buffer, offset, headerDecoder);
        if (state != ClientState.LOGGING_ON || logonReply.correlationId() != correlationId) {
            return;
        }
        if (logonReply.status() != ClientLogonStatus.ACCEPTED) {
            retry(backoff.longest());
            listener.onLogonRefused();
            return;
        }
        gatewaySession = from;
        sessionId = logonReply.sessionId();
        tenantId = logonReply.tenantId();
        heartbeatNs = TimeUnit.MILLISECONDS.toNanos(logonReply.heartbeatMs());
        lastHeardNs = nowNs;
        lastSentNs = nowNs;
        replayAskedNs = 0;
        backoff.reset();
        if (nextExpectedReportSeq == 0) {
            nextExpectedReportSeq = logonReply.nextReportSeq();
        }
        final int last = logonReply.lastMsgSeqNum();
        final long nextReportSeq = logonReply.nextReportSeq();
        if (resetPending || !numbered) {
            window.restart(last + 1);
        }
        resetPending = false;
        numbered = true;
        resendNext = window.rebase(last, (before, now) -> listener.onResent(before, now));
        state = ClientState.RESENDING;
        listener.onLoggedOn(sessionId, nextReportSeq, last);
    }

    private void onReport(final DirectBuffer buffer, final int offset) {
        sequenced.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final long reportSeq = sequenced.reportSeq();
        if (reportSeq > nextExpectedReportSeq) {
            askForReplay();
        }
        if (reportSeq != nextExpectedReportSeq) {
            return;
        }
        replayAskedNs = 0;
        final boolean replayed = sequenced.replayed() == BooleanType.TRUE;
        final int report = sequenced.limit() + SequencedReportDecoder.reportHeaderLength();
        final int answered = ReportFrames.refMsgSeqNum(buffer, report);
        if (ReportFrames.isGatewaysOwn(buffer, report)) {
            window.refuse(answered);
        } else if (!replayed && answered > 0) {
            window.acknowledge(answered);
        }
        nextExpectedReportSeq++;
        logged(buffer, report);
        try {
            reports.dispatch(reportSeq, replayed, buffer, report);
        } catch (final RuntimeException ex) {
            context.errorHandler().onError(ex);
        }
    }

    /** A log that cannot be written is told, and keeps no report from the listener. */
    private void logged(final DirectBuffer buffer, final int offset) {
        if (log != null) {
            try {
                log.onReport(buffer, offset);
            } catch (final RuntimeException ex) {
                context.errorHandler().onError(ex);
            }
        }
    }

    private void askForReplay() {
        if (replayAskedNs != 0 && nowNs - replayAskedNs < context.replyTimeoutNs()) {
            return;
        }
        if (link.publication().tryClaim(HEADER + ReplayRequestEncoder.BLOCK_LENGTH, claim) > 0) {
            replayRequest.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
                .msgSeqNum(lastNumberSent()).receivedNs(0).fromReportSeq(nextExpectedReportSeq).messageFlags().clear();
            claim.commit();
            replayAskedNs = nowNs;
        }
    }

    private void onUnnumbered(final DirectBuffer buffer, final int offset) {
        final BusinessRejectDecoder reject = reports.businessReject(buffer, offset);
        if (reject.reason() == RejectReason.REPORTS_GONE.code()) {
            final long asked = reject.detailA();
            nextExpectedReportSeq = reject.detailB();
            listener.onReportsGone(asked, nextExpectedReportSeq);
        } else {
            logged(buffer, offset);
            listener.onBusinessReject(0, false, reject);
        }
    }

    private void onSessionEnd(final DirectBuffer buffer, final int offset) {
        sessionEnd.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final DisconnectCause cause = sessionEnd.cause();
        final RejectReason reason = RejectReason.ofCode(sessionEnd.reason());
        disconnected(cause, reason == null ? RejectReason.NONE : reason, backoff.next());
        if (cause == DisconnectCause.REPLACED || cause == DisconnectCause.LOGOUT) {
            state = ClientState.ENDED;
        }
    }

    /**
     * NewOrderSingle(D), the common fields.
     *
     * @param clOrdId     ClOrdID(11), at most 36 characters
     * @param symbol      Symbol(55)
     * @param side        Side(54)
     * @param ordType     OrdType(40)
     * @param timeInForce TimeInForce(59)
     * @param orderQty    OrderQty(38), E8
     * @param price       Price(44), E8; {@link Scale#NULL} for a market order
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryNewOrder(final CharSequence clOrdId, final CharSequence symbol, final Side side,
        final OrdType ordType, final TimeInForce timeInForce, final long orderQty, final long price) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        newOrder().clOrdId(clOrdId).symbol(symbol).side(side).ordType(ordType).timeInForce(timeInForce)
            .orderQty(orderQty).price(price);
        return trySend();
    }

    /**
     * NewOrderSingle(D), every field: an encoder with all optional fields unset, to fill and then {@link #trySend()},
     * which sets session and number. There is one command in the making: whichever was begun last.
     *
     * @return encoder of the next command
     */
    public NewOrderEncoder newOrder() {
        newOrder.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(NO_TEXT)
            .symbol(NO_TEXT).side(Side.NULL_VAL).ordType(OrdType.NULL_VAL).timeInForce(TimeInForce.NULL_VAL)
            .selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE).orderQty(Scale.NULL)
            .price(Scale.NULL).stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL)
            .queueDeadlineNs(Scale.NULL).strategyId(0);
        newOrder.messageFlags().clear();
        newOrder.execInst().clear();
        preparedLength = HEADER + NewOrderEncoder.BLOCK_LENGTH;
        return newOrder;
    }

    /**
     * OrderCancelReplaceRequest(G), the common fields.
     *
     * @param clOrdId     ClOrdID(11) of this request
     * @param origClOrdId OrigClOrdID(41)
     * @param symbol      Symbol(55)
     * @param side        Side(54), of the order
     * @param ordType     OrdType(40), of the order
     * @param timeInForce TimeInForce(59)
     * @param orderQty    new OrderQty(38), E8
     * @param price       new Price(44), E8
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryReplace(final CharSequence clOrdId, final CharSequence origClOrdId, final CharSequence symbol,
        final Side side, final OrdType ordType, final TimeInForce timeInForce, final long orderQty,
        final long price) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        replaceOrder().clOrdId(clOrdId).origClOrdId(origClOrdId).symbol(symbol).side(side).ordType(ordType)
            .timeInForce(timeInForce).orderQty(orderQty).price(price);
        return trySend();
    }

    /**
     * OrderCancelReplaceRequest(G), every field, as {@link #newOrder()}.
     *
     * @return encoder of the next command
     */
    public ReplaceOrderEncoder replaceOrder() {
        replaceOrder.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(NO_TEXT)
            .origClOrdId(NO_TEXT).symbol(NO_TEXT).orderId(0).side(Side.NULL_VAL).ordType(OrdType.NULL_VAL)
            .timeInForce(TimeInForce.NULL_VAL).selfTradePrevention(SelfTradePrevention.NONE)
            .shapeError(ShapeError.NONE).orderQty(Scale.NULL).price(Scale.NULL).stopPx(Scale.NULL)
            .cashOrderQty(Scale.NULL).expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL).strategyId(0);
        replaceOrder.messageFlags().clear();
        replaceOrder.execInst().clear();
        preparedLength = HEADER + ReplaceOrderEncoder.BLOCK_LENGTH;
        return replaceOrder;
    }

    /**
     * Sends the command whose encoder was filled last.
     *
     * @return MsgSeqNum(34), or a negative code; then fill an encoder again
     */
    public long trySend() {
        final int length = preparedLength;
        if (length == 0) {
            throw new IllegalStateException("no command was prepared");
        }
        preparedLength = 0;
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        final int number = window.next();
        window.stamp(sessionId);
        if (!offer(window.draft(), length)) {
            return BACK_PRESSURED;
        }
        window.onSent(length);
        return number;
    }

    /**
     * OrderCancelRequest(F).
     *
     * @param clOrdId     ClOrdID(11) of this request
     * @param origClOrdId OrigClOrdID(41)
     * @param symbol      Symbol(55)
     * @param side        Side(54)
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryCancel(final CharSequence clOrdId, final CharSequence origClOrdId, final CharSequence symbol,
        final Side side) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        cancelOrder.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(clOrdId)
            .origClOrdId(origClOrdId).symbol(symbol).orderId(0).side(side).messageFlags().clear();
        preparedLength = HEADER + CancelOrderEncoder.BLOCK_LENGTH;
        return trySend();
    }

    /**
     * OrderStatusRequest(H).
     *
     * @param clOrdId ClOrdID(11) of the order
     * @param symbol  Symbol(55)
     * @param side    Side(54)
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryStatus(final CharSequence clOrdId, final CharSequence symbol, final Side side) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        statusRequest.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(clOrdId)
            .symbol(symbol).orderId(0).side(side).messageFlags().clear();
        preparedLength = HEADER + OrderStatusRequestEncoder.BLOCK_LENGTH;
        return trySend();
    }

    /**
     * OrderMassCancelRequest(q).
     *
     * @param clOrdId ClOrdID(11) of this request
     * @param scope   what to cancel
     * @param symbol  Symbol(55), for {@link MassCancelScope#SESSION_SYMBOL} only, else empty
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryMassCancel(final CharSequence clOrdId, final MassCancelScope scope, final CharSequence symbol) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        massCancel.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(clOrdId)
            .symbol(symbol).scope(scope).messageFlags().clear();
        preparedLength = HEADER + MassCancelEncoder.BLOCK_LENGTH;
        return trySend();
    }

    /**
     * OrderMassActionRequest(CA): suspends new orders, releases them, or suspends them and cancels what is open.
     * Answered by {@link ClientListener#onMassCancelReport} with its action.
     *
     * @param clOrdId    ClOrdID(11) of this request
     * @param action     MassActionType(1373)
     * @param scope      of what; {@link MassCancelScope#SESSION_SYMBOL} can only be cancelled
     * @param symbol     Symbol(55), for {@link MassCancelScope#SESSION_SYMBOL} only, else empty
     * @param strategyId for {@link MassCancelScope#STRATEGY} only, else 0
     * @return MsgSeqNum(34), or a negative code
     */
    public long tryMassAction(final CharSequence clOrdId, final MassActionType action, final MassCancelScope scope,
        final CharSequence symbol, final int strategyId) {
        final long code = sendCode();
        if (code < 0) {
            return code;
        }
        massAction.wrapAndApplyHeader(window.buffer(), window.draft(), header).receivedNs(0).clOrdId(clOrdId)
            .symbol(symbol).action(action).scope(scope).strategyId(strategyId).messageFlags().clear();
        preparedLength = HEADER + MassActionEncoder.BLOCK_LENGTH;
        return trySend();
    }

    private long sendCode() {
        if (state != ClientState.LOGGED_ON) {
            return NOT_LOGGED_ON;
        }
        return window.isFull() ? WINDOW_FULL : 0;
    }

    /**
     * Logs out: the session ends with the cause LOGOUT, and the client stays out until {@link #logOnAgain()}.
     *
     * @return false when the frame could not be sent now
     */
    public boolean tryLogout() {
        if (state != ClientState.LOGGED_ON
            || link.publication().tryClaim(HEADER + ClientLogoutEncoder.BLOCK_LENGTH, claim) <= 0) {
            return false;
        }
        logout.wrapAndApplyHeader(claim.buffer(), claim.offset(), header).sessionId(sessionId)
            .msgSeqNum(lastNumberSent()).receivedNs(0).messageFlags().clear();
        claim.commit();
        return true;
    }

    /** Logs on again after {@link ClientState#ENDED}. */
    public void logOnAgain() {
        if (state == ClientState.ENDED) {
            nowNs = context.nanoClock().nanoTime();
            link.renewPublication();
            connect();
        }
    }

    /**
     * Where the client stands.
     *
     * @return state
     */
    public ClientState state() {
        return state;
    }

    /**
     * May commands be sent?
     *
     * @return true when logged on and nothing has to be sent again first
     */
    public boolean isLoggedOn() {
        return state == ClientState.LOGGED_ON;
    }

    /**
     * First report that the application lacks: keep it, to go on after a restart of the application.
     *
     * @return number
     */
    public long nextExpectedReportSeq() {
        return nextExpectedReportSeq;
    }

    /**
     * Commands that the router is not yet known to have journaled.
     *
     * @return count
     */
    public int unacknowledged() {
        return window.next() - window.first();
    }

    /**
     * Session that the key stands for.
     *
     * @return session id, 0 before the first logon
     */
    public int sessionId() {
        return sessionId;
    }

    /**
     * Tenant of the session.
     *
     * @return tenant id, 0 before the first logon
     */
    public int tenantId() {
        return tenantId;
    }

    /** Logs out as far as the stream takes it, and releases everything. Idempotent. */
    @Override
    public void close() {
        if (state != ClientState.CLOSED) {
            if (link.isOpen()) {
                tryLogout();
            }
            state = ClientState.CLOSED;
            link.close();
            CloseHelper.quietClose(log);
        }
    }
}
