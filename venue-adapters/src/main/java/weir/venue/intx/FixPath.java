package weir.venue.intx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.ClockSkewMonitor;
import weir.venue.ReconnectBackoff;
import weir.venue.SlidingWindowLog;
import weir.venue.VenueEventProxy;
import weir.venue.WireLimits;

/**
 * The second path of an account: orders, replaces and cancels by FIX while REST cannot carry them; the engine decides
 * what goes by it. What waits, the pace, which request has which MsgSeqNum(34), up, down or barred. Reports go to the
 * same {@link OrderEvents} as what REST says, which tells each thing once. What FIX leaves open is asked for over REST:
 * FIX has no status request here. Agent's thread.
 */
final class FixPath {
    private static final Logger LOG = LoggerFactory.getLogger(FixPath.class);
    private static final int SCAN_MAX = 32;
    private static final int ATTEMPTS_MAX = 3;
    private static final int PACE_CAPACITY = 4096;
    private static final long PACE_NS = 1_000_000_000L;
    private static final long STABLE_NS = 10_000_000_000L;
    /** A message that is older is refused by the venue (SendingTime(52), 1 s), our clock being off included. */
    private static final long LIFE_NS = 2_500_000_000L;
    private static final long NS_PER_MS = 1_000_000L;

    private final IntxAccount account;
    private final RequestForms forms;
    private final FixTerms terms;
    private final FixEncoder encoder;
    private final FixReports reports;
    private final OrderRegistry registry;
    private final AnswerLessons lessons;
    private final ClockSkewMonitor clock;
    private final VenueEventProxy engine;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final Lanes lanes;
    private final SlidingWindowLog pace;
    private final ReconnectBackoff backoff;
    private final WireLimits.Line line;
    private final ReconnectBackoff hold;
    private final int newsLimit;
    private final int messageLimit;
    private final int guardHold;
    private final long newsWaitNs;
    private final long answerNs;
    private final Map<Integer, OutboundRequest> bySeq = new LinkedHashMap<>();
    private final Map<String, OutboundRequest> byId = new HashMap<>();
    private FixWire wire;
    private QueryDesk queries;
    private boolean up;
    private boolean leaving;
    private long upSinceNs;
    private long attemptAtNs;
    private long logonAtEpochNs;
    private boolean attempting;
    private boolean held;
    private long heldUntilNs;
    private String endText = "";
    private String lastRefusal = "";

    FixPath(final IntxAdapter.Context context, final IntxAccount account, final RequestForms forms,
        final OrderRegistry registry, final OrderEvents orders, final AnswerLessons lessons,
        final ClockSkewMonitor clock, final VenueEventProxy engine, final IntxCounters counters, final long nowNs) {
        this.account = account;
        this.forms = forms;
        this.terms = context.fixTerms();
        this.encoder = new FixEncoder(account, terms, forms);
        this.registry = registry;
        this.lessons = lessons;
        this.clock = clock;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.lanes = new Lanes(context.laneCapacity());
        this.messageLimit = context.rules().fixMessages(terms);
        this.newsLimit = Math.min(terms.newsPerSecond(), messageLimit);
        this.guardHold = context.rules().fixGuardHold(terms);
        this.pace = new SlidingWindowLog(SlidingWindowLog.capacityFor(PACE_CAPACITY, messageLimit), PACE_NS,
            context.graceMs() * NS_PER_MS);
        this.newsWaitNs = context.newsWaitMs() * NS_PER_MS;
        this.answerNs = context.requestTimeoutMs() * NS_PER_MS;
        this.backoff = new ReconnectBackoff(terms.reconnectMinMs() * NS_PER_MS, terms.reconnectMaxMs() * NS_PER_MS,
            nowNs ^ (long)account.accountId() << 32);
        this.line = context.wireLimits().fixLine(account.accountId());
        this.hold = new ReconnectBackoff(context.holdMinMs() * NS_PER_MS, context.holdMaxMs() * NS_PER_MS, nowNs);
        this.reports = new FixReports(this, registry, orders, engine, counters, context.epochClock());
        this.attemptAtNs = nowNs;
    }

    void bind(final FixWire newWire) {
        wire = newWire;
    }

    void bind(final QueryDesk desk) {
        queries = desk;
    }

    IntxAccount account() {
        return account;
    }

    FixEncoder encoder() {
        return encoder;
    }

    /** Logged on; a bar does not change that. */
    boolean isUp() {
        return up;
    }

    Lanes lanes() {
        return lanes;
    }

    /** Looks at an order over REST. */
    void look(final LiveOrder order) {
        queries.look(order);
    }

    /** Takes a request of the engine in, for which its lane has room. */
    void add(final OutboundRequest request) {
        request.waitingSinceNs = System.nanoTime();
        (request.isCancel() ? lanes.cancels : lanes.news).addLast(request);
    }

    /** Nothing new from here on. */
    void leave() {
        leaving = true;
        refuse(lanes.news, RejectReason.VENUE_DOWN);
    }

    /** Nothing is with the venue, and no cancel waits. */
    boolean isLeft() {
        return bySeq.isEmpty() && (lanes.cancels.isEmpty() || !up);
    }

    int doWork(final long nowNs) {
        return connect(nowNs) + expireNews(nowNs) + expireAnswers(nowNs) + dispatch(nowNs);
    }

    /** The connection stands, and the venue has counted it. */
    void onConnected(final long nowNs) {
        line.opened(nowNs);
    }

    void onLoggedOn(final long nowNs) {
        attempting = false;
        up = true;
        upSinceNs = nowNs;
        endText = "";
        lastRefusal = "";
        held = false;
        counters.increment(IntxCounter.FIX_UPS);
        LOG.info("account {} second path up: FIX logged on", account.accountId());
        engine.secondPath(account.accountId(), epochClock.nanoTime(), VenueState.UP, Scale.NULL, "FIX logged on");
    }

    /** A Logon leaves now. */
    void onLogonLeaves(final long epochNs) {
        logonAtEpochNs = epochNs;
    }

    /** A message of the venue whose sum is right. */
    void onReceived(final String type, final FixFields fields, final long epochNs, final long nowNs) {
        switch (type) {
            case "A":
                sample(fields, logonAtEpochNs, epochNs);
                break;
            case "5":
                endText = endText.isEmpty() ? "logout by the venue: " + fields.text(58) : endText;
                break;
            case "3":
                onReject(fields, epochNs, nowNs);
                break;
            case "j":
                onRefused(fields, epochNs, nowNs);
                break;
            case "0":
            case "1":
            case "2":
            case "4":
                break;
            default:
                reports.onReport(type, fields, epochNs, nowNs);
                break;
        }
    }

    /** A request's last byte is with the operating system. */
    void onWritten(final int seq, final long nowNs) {
        pace.written(nowNs);
        final OutboundRequest request = bySeq.get(seq);
        if (request != null) {
            request.sentReported = true;
            engine.sent(account.accountId(), epochClock.nanoTime(), request.kind, request.sentEpochNs,
                request.orderIds());
        }
    }

    /** The connection ended, or none came to be. */
    void onClosed(final String reason, final long nowNs) {
        line.closed(nowNs);
        pace.writtenAll(nowNs);
        attempting = false;
        final String text = !endText.isEmpty() ? endText : reason;
        endText = "";
        final List<OutboundRequest> open = new ArrayList<>(bySeq.values());
        open.forEach(request -> onLost(request, nowNs));
        refuse(lanes.cancels, RejectReason.VENUE_DOWN);
        refuse(lanes.news, RejectReason.VENUE_DOWN);
        if (up) {
            up = false;
            counters.increment(IntxCounter.FIX_DOWNS);
            LOG.warn("account {} second path down: {}", account.accountId(), text);
            if (nowNs - upSinceNs >= STABLE_NS) {
                backoff.reset();
            }
            lastRefusal = text;
            engine.secondPath(account.accountId(), epochClock.nanoTime(), VenueState.DOWN, Scale.NULL, text);
            // the venue may have cancelled what FIX placed
            queries.catchUp();
        } else if (!text.equals(lastRefusal)) {
            lastRefusal = text;
            counters.increment(IntxCounter.FIX_REFUSALS);
            LOG.warn("account {} second path: {}", account.accountId(), text);
            engine.secondPath(account.accountId(), epochClock.nanoTime(), VenueState.DOWN, Scale.NULL, text);
        }
        attemptAtNs = nowNs + backoff.nextDelayNs();
    }

    /** The request with a ClOrdID(11) that has no answer yet, or null. */
    OutboundRequest unanswered(final String clientId) {
        return byId.get(clientId);
    }

    /** The cancel of an order that has no answer yet, or null. */
    OutboundRequest cancelOf(final LiveOrder order) {
        for (final OutboundRequest request : bySeq.values()) {
            if (request.isCancel() && request.line != null && request.line.order() == order) {
                return request;
            }
        }
        return null;
    }

    /** The venue answered a request. */
    void onAnswered(final OutboundRequest request, final FixFields fields, final long epochNs, final long nowNs) {
        release(request);
        pace.confirm(request.paceSlot, nowNs);
        sample(fields, request.sentEpochNs, epochNs);
        hold.reset();
        noLongerUnsure(request);
    }

    private static void noLongerUnsure(final OutboundRequest request) {
        if (!request.isCancel()) {
            request.line.order().unsureUntilNs = 0;
        }
    }

    private void release(final OutboundRequest request) {
        bySeq.remove(request.fixSeq);
        byId.remove(request.id.toString());
        if (request.line != null) {
            request.line.order().inFlight--;
            request.line.order().fixInFlight--;
        }
    }

    /** No answer will come: the engine makes it UNKNOWN; what REST can tell is looked for. */
    private void onLost(final OutboundRequest request, final long nowNs) {
        release(request);
        counters.increment(IntxCounter.LOST_ANSWERS);
        if (request.line != null) {
            if (request.kind == VenueMessageKind.REPLACE) {
                // which quantity it has is not known: a fill says by itself whether it was the last
                request.line.order().orderQty = Scale.NULL;
            }
            queries.look(request.line.order());
        }
    }

    private void sample(final FixFields fields, final long sentEpochNs, final long epochNs) {
        final long venueNs = fields.epochNs(52);
        if (venueNs > 0 && sentEpochNs > 0) {
            clock.onSample(venueNs / NS_PER_MS, sentEpochNs, epochNs);
        }
    }

    /** Reject(3): of the logon, else of a request, which was not carried out. */
    private void onReject(final FixFields fields, final long epochNs, final long nowNs) {
        if (!up) {
            endText = "logon refused: " + fields.text(58);
            return;
        }
        final OutboundRequest request = bySeq.get(fields.number(45));
        if (request == null) {
            counters.increment(IntxCounter.UNKNOWN_REPORTS);
            LOG.warn("account {}: Reject of message {}: {}", account.accountId(), fields.number(45), fields.text(58));
            return;
        }
        onAnswered(request, fields, epochNs, nowNs);
        if (request.isCancel() && fields.number(373) == FixWords.SENDING_TIME && request.attempts++ < ATTEMPTS_MAX) {
            // it was too long on its way; the next one is stamped anew
            lanes.cancels.addFirst(request);
            return;
        }
        reports.refused(request, RejectReason.VENUE_REJECTED, fields.text(58));
    }

    /** BusinessMessageReject(j): not carried out; for the rate, the path is held. */
    private void onRefused(final FixFields fields, final long epochNs, final long nowNs) {
        OutboundRequest request = bySeq.get(fields.number(45));
        request = request == null ? byId.get(fields.text(379)) : request;
        final int reason = fields.number(380);
        final AnswerLessons.Bar bar = lessons.onAnswer(account.accountId(), Math.max(0, reason),
            AnswerLessons.NO_HEADERS, null, fields.text(58), epochNs);
        if (bar != null) {
            onLimited(reason, fields.text(58), epochNs, nowNs);
        }
        if (request == null) {
            counters.increment(IntxCounter.UNKNOWN_REPORTS);
            return;
        }
        release(request);
        pace.confirm(request.paceSlot, nowNs);
        if (bar != null && request.isCancel()) {
            lanes.cancels.addFirst(request);
            return;
        }
        noLongerUnsure(request);
        reports.refused(request, bar != null ? RejectReason.VENUE_THROTTLED : FixWords.ofBusiness(reason),
            fields.text(58));
    }

    /** A bar belongs to a path: REST goes on. Cancels wait and go first, news do not: they would come late. */
    private void onLimited(final int reason, final String text, final long epochNs, final long nowNs) {
        counters.increment(IntxCounter.FIX_LIMIT_REFUSALS);
        if (held && nowNs - heldUntilNs < 0) {
            return;
        }
        final long delayNs = hold.nextDelayNs();
        held = true;
        heldUntilNs = nowNs + delayNs;
        LOG.error("account {}: FIX refuses for the rate ({}), holding {} ms", account.accountId(), reason,
            delayNs / NS_PER_MS);
        engine.secondPath(account.accountId(), epochNs, VenueState.BARRED, epochNs + delayNs, text);
        refuse(lanes.news, RejectReason.VENUE_THROTTLED);
    }

    private int connect(final long nowNs) {
        if (up || attempting || leaving || nowNs - attemptAtNs < 0 || forms.portfolioUuid().isEmpty()
            || !wire.isClosed() || !line.tryConnect(nowNs)) {
            return 0;
        }
        attempting = true;
        counters.increment(IntxCounter.FIX_ATTEMPTS);
        wire.logon();
        return 1;
    }

    private int expireNews(final long nowNs) {
        if (lanes.news.isEmpty()) {
            return 0;
        }
        final List<OutboundRequest> late = lanes.takeNewsBefore(nowNs - newsWaitNs);
        late.forEach(request -> refuse(request, RejectReason.VENUE_THROTTLED));
        return late.size();
    }

    /** A report that does not come on a connection that stands: the order is asked for. */
    private int expireAnswers(final long nowNs) {
        int count = 0;
        final Iterator<OutboundRequest> oldestFirst = bySeq.values().iterator();
        final List<OutboundRequest> late = new ArrayList<>(0);
        while (oldestFirst.hasNext()) {
            final OutboundRequest request = oldestFirst.next();
            if (nowNs - request.sentNs < answerNs) {
                break;
            }
            late.add(request);
        }
        for (final OutboundRequest request : late) {
            onLost(request, nowNs);
            count++;
        }
        return count;
    }

    private int dispatch(final long nowNs) {
        if (!up || lanes.isEmpty() || held && nowNs - heldUntilNs < 0) {
            return 0;
        }
        int sent = 0;
        while (up && wire.isReady() && (sendOneOf(lanes.cancels, messageLimit, terms.inFlightMax(), nowNs)
            || sendOneOf(lanes.news, newsLimit, terms.inFlightMax() * 9 / 10, nowNs))) {
            sent++;
        }
        return sent;
    }

    private boolean sendOneOf(final ArrayDeque<OutboundRequest> lane, final int limit, final int openMax,
        final long nowNs) {
        int scanned = 0;
        for (final OutboundRequest request : lane) {
            if (++scanned > SCAN_MAX) {
                break;
            }
            final LiveOrder order = request.line == null ? null : request.line.order();
            if (order != null && order.inFlight > order.fixInFlight) {
                // REST has a request about it: two connections keep no order between them
                continue;
            }
            if (pace.count(nowNs) >= limit || pace.isFull() || bySeq.size() >= openMax
                || wire.guard().count(nowNs) >= guardHold) {
                if (!request.waited) {
                    request.waited = true;
                    counters.increment(IntxCounter.HELD);
                }
                return false;
            }
            lane.remove(request);
            send(request, nowNs);
            return true;
        }
        return false;
    }

    private void send(final OutboundRequest request, final long nowNs) {
        request.sentNs = nowNs;
        request.sentEpochNs = epochClock.nanoTime();
        final int seq = wire.send(request);
        if (seq == 0) {
            refuse(request, RejectReason.NOT_SENT);
            return;
        }
        request.fixSeq = seq;
        request.paceSlot = pace.record();
        bySeq.put(seq, request);
        byId.put(request.id.toString(), request);
        counters.increment(IntxCounter.FIX_REQUESTS);
        if (request.line != null) {
            final LiveOrder order = request.line.order();
            order.inFlight++;
            order.fixInFlight++;
            order.sent = true;
            order.byFix |= request.isNew();
            if (!request.isCancel()) {
                order.unsureReplace = request.isNew() ? null : request.line;
                order.unsureUntilNs = Math.max(1, nowNs + LIFE_NS);
            }
        }
    }

    private void refuse(final ArrayDeque<OutboundRequest> lane, final RejectReason reason) {
        while (!lane.isEmpty()) {
            refuse(lane.removeFirst(), reason);
        }
    }

    /** The request surely never left: says so; a new order is forgotten. */
    void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.isNew()) {
            refuseNew(request.line, reason);
        } else {
            notSent(request.line == null ? 0 : request.line.order().orderId, request.id, request.kind, reason);
        }
    }

    /** The order surely never left: says so and forgets it. */
    void refuseNew(final OrderLine line, final RejectReason reason) {
        notSent(line.order().orderId, line.id(), VenueMessageKind.NEW, reason);
        registry.forget(line.order());
    }

    private void notSent(final long orderId, final UUID id, final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(IntxCounter.NOT_SENT);
        engine.notSent(account.accountId(), epochClock.nanoTime(), orderId, id, kind, reason);
    }
}
