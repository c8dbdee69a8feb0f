package weir.venue.coinbase;

import java.util.ArrayDeque;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Message;
import quickfix.Session;
import weir.protocol.RejectReason;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.SendGuard;
import weir.venue.SlidingWindowLog;
import weir.venue.VenueEventProxy;

/**
 * One account's FIX session as the agent sees it: three lanes of waiting requests (cancels first, then status requests,
 * then news and replaces), the pace, which request has which outbound MsgSeqNum(34), up or down. Owned by the agent's
 * thread, but for {@link #tryLogon(long)} and the getters of fixed values.
 */
final class AccountLink {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLink.class);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long LOGON_GAP_NS = SECOND_NS + 50_000_000L;
    private static final long STABLE_NS = 5 * SECOND_NS;
    private static final long ORPHAN_NS = SECOND_NS;
    private static final int IN_FLIGHT_RESERVE = 5;
    private static final int PACE_CAPACITY = 4096;
    private static final int SEQUENCES_KEPT = 8192;

    private final CoinbaseAccount account;
    private final CoinbaseSigner signer;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final RequestEncoder encoder;
    private final OrderRegistry registry;
    private final SlidingWindowLog pace;
    private final ReconnectBackoff backoff;
    private final Wire wire;
    private final Lanes lanes;
    private final int newsLimit;
    private final int messageLimit;
    private final int guardHold;
    private final int inFlightMax;
    private final Int2ObjectHashMap<OutboundRequest> bySeq = new Int2ObjectHashMap<>();
    private final FixFields fields = new FixFields();
    private ReportTranslator reports;
    private Consumer<AccountLink> onDown;
    private boolean connected;
    private boolean up;
    private boolean everUp;
    private boolean guardHeld;
    private long upSinceNs;
    private long orphanSinceNs;
    private long nextAttemptNs;
    private boolean attemptDue;
    private String endText = "";
    private String lastRefusal = "";
    private long lastLogonNs = System.nanoTime() - LOGON_GAP_NS;

    AccountLink(final CoinbaseAdapter.Context context, final CoinbaseAccount account, final CoinbaseCounters counters,
        final VenueEventProxy engine, final OrderRegistry registry, final EventQueue events) {
        this.account = account;
        this.signer = new CoinbaseSigner(account.secret());
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.engine = engine;
        this.registry = registry;
        this.encoder = new RequestEncoder(context.rules(), context.defaultSelfTrade());
        this.pace = new SlidingWindowLog(PACE_CAPACITY, SECOND_NS, context.answerGraceMs() * 1_000_000L);
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, System.nanoTime() ^ account.accountId());
        this.wire = new Wire(this, events, epochClock, new SendGuard(context.rules().guardDrop(context)), counters);
        this.lanes = new Lanes(context.laneCapacity(), counters);
        this.newsLimit = context.rules().newsLimit(context);
        this.messageLimit = context.rules().messageLimit(context);
        this.guardHold = context.rules().guardHold(context);
        this.inFlightMax = context.rules().inFlightMax(context);
    }

    void bind(final ReportTranslator translator, final Consumer<AccountLink> downListener) {
        reports = translator;
        onDown = downListener;
    }

    CoinbaseAccount account() {
        return account;
    }

    CoinbaseSigner signer() {
        return signer;
    }

    int accountId() {
        return account.accountId();
    }

    Wire wire() {
        return wire;
    }

    boolean isUp() {
        return up;
    }

    RequestEncoder encoder() {
        return encoder;
    }

    SlidingWindowLog pace() {
        return pace;
    }

    /** At most one logon per second and key; QuickFIX/J's timer thread. */
    synchronized boolean tryLogon(final long nowNs) {
        if (nowNs - lastLogonNs < LOGON_GAP_NS) {
            return false;
        }
        lastLogonNs = nowNs;
        return true;
    }

    Lanes lanes() {
        return lanes;
    }

    /** Takes all waiting news back: their account is being mass-cancelled. */
    void withdrawAllNews() {
        refuse(lanes.news, RejectReason.NOT_SENT);
    }

    int doWork(final long nowNs) {
        return dispatch(nowNs) + connect(nowNs);
    }

    void onOpened() {
        connected = true;
        endText = "";
        orphanSinceNs = 0;
    }

    void onReceived(final String message, final long epochNs, final long nowNs) {
        fields.wrap(message);
        final String type = fields.getOrEmpty(35);
        switch (type) {
            case "A":
                onLogon(epochNs, nowNs);
                break;
            case "5":
                onLogout(epochNs);
                break;
            case "3":
                onReject(epochNs, nowNs);
                break;
            default:
                reports.onReport(this, type, fields, epochNs, nowNs);
                break;
        }
    }

    void onWritten(final int seq, final long epochNs, final long nowNs) {
        final OutboundRequest request = bySeq.get(seq);
        if (request != null) {
            pace.written(nowNs);
            counters.increment(CoinbaseCounter.MESSAGES_SENT);
            engine.sent(accountId(), epochClock.nanoTime(), request.kind(), epochNs, request.orderIds());
        }
    }

    void onClosed(final String reason, final long epochNs, final long nowNs) {
        if (!connected) {
            return;
        }
        connected = false;
        pace.writtenAll(nowNs);
        bySeq.clear();
        final boolean wasUp = up;
        up = false;
        refuse(lanes.cancels, RejectReason.VENUE_DOWN);
        refuse(lanes.news, RejectReason.VENUE_DOWN);
        lanes.statuses.clear();
        final String text = !endText.isEmpty() ? endText : reason.isEmpty() ? "connection closed by the venue" : reason;
        if (wasUp) {
            counters.increment(CoinbaseCounter.DISCONNECTS);
            LOG.info("account {} down: {}", accountId(), text);
            engine.sessionState(accountId(), epochNs, VenueState.DOWN, text);
            lastRefusal = text;
            if (nowNs - upSinceNs >= STABLE_NS) {
                backoff.reset();
            }
        } else {
            counters.increment(CoinbaseCounter.LOGON_REFUSALS);
            refused("logon refused: " + text, epochNs);
        }
        onDown.accept(this);
        scheduleAttempt(nowNs);
    }

    void onConnectFailed(final long nowNs) {
        counters.increment(CoinbaseCounter.CONNECT_FAILURES);
        refused("cannot connect", epochClock.nanoTime());
        final Session session = wire.session();
        if (session != null) {
            session.logout();
            scheduleAttempt(nowNs);
        }
    }

    /** The request of an outbound MsgSeqNum(34) of this connection, null when there is none. */
    OutboundRequest requestOf(final int seq) {
        return bySeq.get(seq);
    }

    private void onLogon(final long epochNs, final long nowNs) {
        if (up) {
            return;
        }
        up = true;
        upSinceNs = nowNs;
        lastRefusal = "";
        counters.increment(CoinbaseCounter.LOGONS);
        if (everUp) {
            counters.increment(CoinbaseCounter.RECONNECTS);
        }
        everUp = true;
        LOG.info("account {} up", accountId());
        engine.sessionState(accountId(), epochNs, VenueState.UP, "logged on");
    }

    private void onLogout(final long epochNs) {
        final String text = fields.getOrEmpty(58);
        final String announced = ExpectedLogouts.reason(epochNs);
        if (announced != null && up) {
            counters.increment(CoinbaseCounter.EXPECTED_LOGOUTS);
        }
        if (endText.isEmpty()) {
            endText = (announced == null ? "logout by the venue: " : announced + ", logout by the venue: ") + text;
        }
    }

    private void onReject(final long epochNs, final long nowNs) {
        if (!up || "A".equals(fields.get(372))) {
            endText = "reject: " + fields.getOrEmpty(58);
            return;
        }
        reports.onReport(this, "3", fields, epochNs, nowNs);
    }

    private int dispatch(final long nowNs) {
        final Session session = wire.session();
        if (!up || session == null || lanes.isEmpty() || !session.isLoggedOn()) {
            return 0;
        }
        int sent = 0;
        while (up) {
            final int count = pace.count(nowNs);
            final ArrayDeque<OutboundRequest> lane = lanes.next();
            if (lane.isEmpty() || pace.isFull()) {
                break;
            }
            final boolean cancel = lane == lanes.cancels;
            if (count >= (cancel ? messageLimit : newsLimit) || isGuardHeld(nowNs)
                || pace.unanswered() >= (cancel ? inFlightMax : inFlightMax - IN_FLIGHT_RESERVE)) {
                lanes.onHeld();
                break;
            }
            send(session, lane.removeFirst());
            sent++;
        }
        return sent;
    }

    private void send(final Session session, final OutboundRequest request) {
        final Message message = encoder.encode(request, epochClock.nanoTime());
        wire.beginSend();
        session.send(message);
        final int seq = wire.handedSeq();
        if (seq == 0) {
            refuse(request, RejectReason.NOT_SENT);
            return;
        }
        request.slot = pace.record();
        bySeq.put(seq, request);
        bySeq.remove(seq - SEQUENCES_KEPT);
        if (request.query != null) {
            request.query.onSent(System.nanoTime());
        }
    }

    private boolean isGuardHeld(final long nowNs) {
        final boolean held = wire.guard().count(nowNs) >= guardHold;
        if (held && !guardHeld) {
            counters.increment(CoinbaseCounter.GUARD_HOLDS);
        }
        guardHeld = held;
        return held;
    }

    private int connect(final long nowNs) {
        final Session session = wire.session();
        if (session == null) {
            return 0;
        }
        if (!connected && attemptDue && nowNs - nextAttemptNs >= 0) {
            attemptDue = false;
            session.logon();
            return 1;
        }
        if (connected && !session.hasResponder()) {
            if (orphanSinceNs == 0) {
                orphanSinceNs = nowNs;
            } else if (nowNs - orphanSinceNs > ORPHAN_NS) {
                orphanSinceNs = nowNs;
                wire.closeNow();
                return 1;
            }
        }
        return 0;
    }

    private void scheduleAttempt(final long nowNs) {
        nextAttemptNs = nowNs + backoff.nextDelayNs();
        attemptDue = true;
    }

    private void refused(final String text, final long epochNs) {
        if (!text.equals(lastRefusal)) {
            LOG.warn("account {}: {}", accountId(), text);
            lastRefusal = text;
            engine.sessionState(accountId(), epochNs, VenueState.DOWN, text);
        }
    }

    private void refuse(final ArrayDeque<OutboundRequest> lane, final RejectReason reason) {
        while (!lane.isEmpty()) {
            refuse(lane.removeFirst(), reason);
        }
    }

    private void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.kind() == VenueMessageKind.STATUS) {
            return;
        }
        if (request.isNew()) {
            for (final OrderLine line : request.lines) {
                refuseNew(line, reason);
            }
            return;
        }
        refuse(request.order == null ? 0 : request.order.orderId, request.id, request.kind(), reason);
    }

    /** The order surely never left: says so and forgets it. */
    void refuseNew(final OrderLine line, final RejectReason reason) {
        refuse(line.order().orderId, line.id(), VenueMessageKind.NEW, reason);
        registry.forget(line.order());
    }

    /** The request surely never left: says so. */
    void refuse(final long orderId, final UUID id, final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(accountId(), epochClock.nanoTime(), orderId, id, kind, reason);
    }
}
