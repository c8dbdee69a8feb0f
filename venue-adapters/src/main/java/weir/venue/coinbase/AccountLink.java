package weir.venue.coinbase;

import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.ReconnectBackoff;
import weir.venue.SlidingWindowLog;
import weir.venue.VenueEventProxy;
import weir.venue.WireLimits;

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
    private static final long GREET_NS = 20_000_000L;
    private static final int IN_FLIGHT_RESERVE = 5;
    private static final int PACE_CAPACITY = 4096;
    private static final int BATCH_MAX = 256;

    private final CoinbaseAccount account;
    private final CoinbaseSigner signer;
    private final CoinbaseCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final AnswerLessons lessons;
    private final RequestEncoder encoder;
    private final OrderRegistry registry;
    private final SlidingWindowLog pace;
    private final ReconnectBackoff backoff;
    private final WireLimits.Line line;
    private final RequestPool requests;
    private Wire wire;
    /** Null where orders go by FIX alone. */
    private RestPath second;
    private final Lanes lanes;
    private final int newsLimit;
    private final int messageLimit;
    private final int guardHold;
    private final int inFlightMax;
    /** Null where nobody asked for them. */
    private final StageTimes stageTimes;
    private final SequenceTable bySeq;
    private final long[] orderIds = new long[BATCH_MAX];
    private final FixFields fields = new FixFields();
    private ReportTranslator reports;
    private Consumer<AccountLink> onDown;
    private boolean connected;
    private boolean up;
    private boolean everUp;
    private boolean guardHeld;
    private long upSinceNs;
    private long orphanSinceNs;
    private long greetedNs = System.nanoTime() - GREET_NS;
    private long nextAttemptNs;
    private boolean attemptDue;
    private boolean stopped;
    private String endText = "";
    private String lastRefusal = "";
    private long lastLogonNs = System.nanoTime() - LOGON_GAP_NS;

    AccountLink(final CoinbaseAdapter.Context context, final CoinbaseAccount account, final CoinbaseCounters counters,
        final VenueEventProxy engine, final OrderRegistry registry, final RequestPool requests,
        final EpochNanoClock epochClock) {
        this.account = account;
        this.signer = new CoinbaseSigner(account.secret());
        this.counters = counters;
        this.epochClock = epochClock;
        this.engine = engine;
        this.lessons = new AnswerLessons(context.lessons(), engine);
        this.registry = registry;
        this.requests = requests;
        this.bySeq = new SequenceTable(requests);
        this.encoder = new RequestEncoder(context.rules(), context.defaultSelfTrade());
        this.pace = new SlidingWindowLog(SlidingWindowLog.capacityFor(PACE_CAPACITY, context.messagesPerSecond()),
            context.pacePeriodNs(), context.answerGraceMs() * 1_000_000L);
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, System.nanoTime() ^ account.accountId());
        this.line = context.wireLimits().fixLine(account.accountId());
        this.lanes = new Lanes(context.laneCapacity(), counters);
        this.newsLimit = context.rules().newsLimit(context);
        this.messageLimit = context.rules().messageLimit(context);
        this.guardHold = context.rules().guardHold(context);
        this.stageTimes = context.stageTimes();
        this.inFlightMax = context.rules().inFlightMax(context);
    }

    /** The connection, before the first duty cycle; {@code attemptNow} where this link says when it is tried. */
    void bind(final Wire newWire, final boolean attemptNow) {
        wire = newWire;
        attemptDue = attemptNow;
        nextAttemptNs = System.nanoTime();
    }

    void bind(final ReportTranslator translator, final Consumer<AccountLink> downListener) {
        reports = translator;
        onDown = downListener;
    }

    void bind(final RestPath path) {
        second = path;
    }

    /** The second path, null where there is none. */
    RestPath second() {
        return second;
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

    AnswerLessons lessons() {
        return lessons;
    }

    /** A refusal of the session: where the contract says that its words or its code mean a bar, the engine hears it. */
    void learn(final int code, final String text, final long epochNs, final long nowNs) {
        final AnswerLessons.Bar bar =
            lessons.onAnswer(accountId(), Math.max(0, code), AnswerLessons.NO_HEADERS, null, text, epochNs);
        if (bar != null) {
            lessons.tellBar(accountId(), bar, bar.lengthNs(), epochNs, nowNs);
        }
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

    /** At most one logon per second and key, and what the contract allows; QuickFIX/J's timer thread. */
    synchronized boolean tryLogon(final long nowNs) {
        if (nowNs - lastLogonNs < LOGON_GAP_NS || !line.trySend(WireLimits.LOGON, 1, nowNs)) {
            return false;
        }
        lastLogonNs = nowNs;
        return true;
    }

    Lanes lanes() {
        return lanes;
    }

    /** Takes a request of the engine in, for which its lane has room. */
    void add(final OutboundRequest request) {
        if (stageTimes != null) {
            request.takenNs = System.nanoTime();
        }
        lanes.add(request);
    }

    /** The venue answered a request that may have been answered before. */
    void onAnswered(final OutboundRequest request, final long nowNs) {
        pace.confirm(request.slot, nowNs);
        if (request.writtenNs != 0) {
            stageTimes.onAnswered(nowNs - request.writtenNs);
            request.writtenNs = 0;
        }
    }

    /** The venue took or refused a request: what comes of it now names its id, no more its MsgSeqNum(34). */
    void onReported(final IdRef ref) {
        final OutboundRequest request = ref == null || ref.order == null ? null : ref.request;
        if (request != null && request.seq != 0 && !request.isBatch()) {
            request.answered = true;
            if (request.told) {
                bySeq.remove(request); // its ref holds it
            }
        }
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
        line.opened(System.nanoTime());
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

    void onWritten(final int seq, final long epochNs, final long noticedNs, final long nowNs) {
        final OutboundRequest request = bySeq.get(seq);
        if (request != null) {
            pace.written(nowNs);
            request.told = true;
            counters.incrementOwn(CoinbaseCounter.MESSAGES_SENT);
            if (request.takenNs != 0) {
                stageTimes.onWritten(request, nowNs);
                request.writtenNs = nowNs;
            }
            engine.sent(accountId(), noticedNs, request.kind(), epochNs, orderIds, request.orderIds(orderIds));
        }
    }

    void onClosed(final String reason, final long epochNs, final long nowNs) {
        if (!connected) {
            return;
        }
        connected = false;
        line.closed(nowNs);
        pace.writtenAll(nowNs);
        bySeq.clear();
        final boolean wasUp = up;
        up = false;
        refuse(lanes.cancels, RejectReason.VENUE_DOWN);
        refuse(lanes.news, RejectReason.VENUE_DOWN);
        while (!lanes.statuses.isEmpty()) {
            requests.release(lanes.statuses.removeFirst());
        }
        final String text = !endText.isEmpty() ? endText : reason.isEmpty() ? "connection closed by the venue" : reason;
        learn(0, text, epochNs, nowNs);
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
        line.closed(nowNs);
        refused("cannot connect", epochClock.nanoTime());
        wire.rest();
        scheduleAttempt(nowNs);
    }

    /** The request of an outbound MsgSeqNum(34) of this connection, null when there is none without a report. */
    OutboundRequest requestOf(final int seq) {
        final OutboundRequest request = bySeq.get(seq);
        return request == null || request.answered ? null : request;
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
        if (!up || lanes.isEmpty() || !wire.isReady()) {
            return 0;
        }
        int sent = 0;
        while (up) {
            final int count = pace.count(nowNs);
            final RequestLane lane = lanes.next();
            if (lane.isEmpty() || pace.isFull() || !wire.isReady()) {
                break;
            }
            final boolean cancel = lane == lanes.cancels;
            if (count >= (cancel ? messageLimit : newsLimit) || isGuardHeld(nowNs)
                || pace.unanswered() >= (cancel ? inFlightMax : inFlightMax - IN_FLIGHT_RESERVE)) {
                lanes.onHeld();
                break;
            }
            send(lane.removeFirst());
            sent++;
        }
        return sent;
    }

    private void send(final OutboundRequest request) {
        final LiveOrder order = request.orderId == 0 ? null : registry.order(request.orderId);
        if (request.kind() == VenueMessageKind.REPLACE && (order == null || !order.hasVenueOrderId())) {
            // forgotten while it waited: a replace has no form without the venue's id
            refuse(request, RejectReason.REPLACE_NOT_ALLOWED);
            requests.release(request);
            return;
        }
        final int seq = wire.send(request, order);
        if (seq == 0) {
            refuse(request, RejectReason.NOT_SENT);
            requests.release(request);
            return;
        }
        request.slot = pace.record();
        request.seq = seq;
        bySeq.put(seq, request);
        if (request.query != null) {
            request.query.onSent(System.nanoTime());
        }
    }

    private boolean isGuardHeld(final long nowNs) {
        final boolean held = wire.guardCount(nowNs) >= guardHold;
        if (held && !guardHeld) {
            counters.increment(CoinbaseCounter.GUARD_HOLDS);
        }
        guardHeld = held;
        return held;
    }

    private int connect(final long nowNs) {
        if (!connected && attemptDue && nowNs - nextAttemptNs >= 0 && line.tryConnect(nowNs)) {
            attemptDue = false;
            wire.logon();
            return 1;
        }
        if (connected && !up && nowNs - greetedNs > GREET_NS) {
            greetedNs = nowNs;
            wire.greet();
        }
        if (connected && wire.isOrphan()) {
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

    /** The adapter ends: no further attempt to log on. */
    void stop() {
        stopped = true;
        attemptDue = false;
    }

    private void scheduleAttempt(final long nowNs) {
        if (stopped) {
            return;
        }
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

    private void refuse(final RequestLane lane, final RejectReason reason) {
        while (!lane.isEmpty()) {
            final OutboundRequest request = lane.removeFirst();
            refuse(request, reason);
            requests.release(request);
        }
    }

    private void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.kind() == VenueMessageKind.STATUS) {
            return;
        }
        if (request.isNew()) {
            for (int i = 0; i < request.lineCount(); i++) {
                refuseNew(request.line(i), reason);
            }
            return;
        }
        refuse(request.orderId, request.idHigh, request.idLow, request.kind(), reason);
    }

    /** Takes the order's waiting new back and says so; false when it does not wait. */
    boolean withdrawNew(final long orderId) {
        final int index = lanes.indexOfNew(orderId);
        if (index < 0) {
            return false;
        }
        final OutboundRequest request = lanes.news.get(index);
        refuseNew(request.removeLine(Lanes.lineOf(request, orderId)), RejectReason.NOT_SENT);
        if (request.lineCount() == 0) {
            lanes.news.remove(index);
            requests.release(request);
        }
        return true;
    }

    /** The order surely never left: says so and forgets it. */
    void refuseNew(final OrderLine line, final RejectReason reason) {
        refuse(line.orderId, line.idHigh, line.idLow, VenueMessageKind.NEW, reason);
        final LiveOrder order = registry.order(line.orderId);
        if (order != null) {
            registry.forget(order);
        }
    }

    /** The request surely never left: says so. */
    void refuse(final long orderId, final long idHigh, final long idLow, final VenueMessageKind kind,
        final RejectReason reason) {
        counters.increment(CoinbaseCounter.NOT_SENT);
        engine.notSent(accountId(), epochClock.nanoTime(), orderId, idHigh, idLow, kind, reason);
    }
}
