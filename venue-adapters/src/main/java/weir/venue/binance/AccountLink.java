package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.VenueEventProxy;

/**
 * One account's way to the venue: the socket, REST while that is down; what waits, what is with the venue, up or down.
 * Two requests about one order are never with the venue at once. Nothing leaves that the venue's limits have no room
 * for, and nothing at all while it bars us; cancels wait then, and leave first. Agent's thread.
 */
final class AccountLink implements ApiSocket.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLink.class);
    private static final int ATTEMPTS_MAX = 3;
    private static final int SCAN_MAX = 64;
    private static final long MS = 1_000_000L;
    private static final long BAN_MS = 120_000;
    private static final long MINUTE_MS = 60_000;
    private static final long BUSY_NS = 1_000_000_000L;
    private static final long BAR_MARGIN_MS = 20;

    /** By which way requests leave. */
    private enum Path { NONE, SOCKET, REST }

    private final BinanceAccount account;
    private final BinanceCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final OrderRegistry registry;
    private final AnswerReader answers;
    private final Replacer replacer;
    private final ReportReader reports;
    private final SymbolTerms terms;
    private final VenueTime time;
    private final WireGuard guard;
    private final WireRules rules;
    private final OrderCounts counts;
    private final AnswerLessons lessons;
    private final LimitTeller limits;
    private final ApiSocket socket;
    private final RestPath rest;
    private final Lanes lanes;
    private final ReconnectBackoff backoff;
    private final List<OutboundRequest> inFlight = new ArrayList<>();
    private final boolean fallback;
    private final int inFlightMax;
    private final int failuresToDown;
    private final long newsWaitNs;
    private final long fallbackAfterNs;
    private final long switchMaxNs;
    private final long pollNs;
    private final long clockEveryNs;
    private final long termsEveryNs;
    private final long recvWindowMs;
    private final long settleNs;
    private QueryDesk queries;
    private Path path = Path.NONE;
    private boolean up;
    private boolean preparing;
    private boolean probing;
    private boolean resyncing;
    private boolean asksTime;
    private boolean closing;
    private boolean held;
    private int failures;
    private long timesUp;
    private long noPathSinceNs;
    private long liveSinceNs;
    private long probeAtNs;
    private long prepareAtNs;
    private long pollAtNs;
    private long clockAtNs;
    private long termsAtNs;
    private long busyUntilNs;
    private long heldUntilNs;
    private String lastText = "";

    AccountLink(final BinanceAdapter.Context context, final BinanceAccount account, final HttpClient client,
        final EventQueue events, final WireGuard guard, final AnswerLessons lessons, final LimitTeller limits,
        final VenueTime time, final SymbolTerms terms, final VenueJson json, final AnswerReader answers,
        final Replacer replacer, final ReportReader reports, final OrderRegistry registry,
        final VenueEventProxy engine, final BinanceCounters counters, final long nowNs) {
        this.account = account;
        this.guard = guard;
        this.time = time;
        this.terms = terms;
        this.answers = answers;
        this.replacer = replacer;
        this.reports = reports;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.counts = new OrderCounts(context);
        this.lessons = lessons;
        this.limits = limits;
        this.lanes = new Lanes(context.laneCapacity());
        this.rest = new RestPath(context, account, client, events, json);
        this.socket = new ApiSocket(context, account, json, client, events, time, guard, counters, this, nowNs);
        this.fallback = context.restFallback();
        this.inFlightMax = context.inFlightMax();
        this.failuresToDown = context.failuresToDown();
        this.newsWaitNs = context.newsWaitMs() * MS;
        this.fallbackAfterNs = context.fallbackAfterMs() * MS;
        this.switchMaxNs = context.switchMaxMs() * MS;
        this.pollNs = context.pollMs() * MS;
        this.clockEveryNs = context.clockEveryMs() * MS;
        this.termsEveryNs = context.termsEveryMs() * MS;
        this.recvWindowMs = context.recvWindowMs();
        this.settleNs = context.settleMs() * MS;
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * MS, context.reconnectMaxMs() * MS,
            nowNs ^ account.accountId());
        this.noPathSinceNs = nowNs;
        // the first socket gets its time to connect
        this.probeAtNs = nowNs + context.connectTimeoutMs() * MS;
        this.prepareAtNs = nowNs;
        this.clockAtNs = nowNs + clockEveryNs;
        this.termsAtNs = nowNs + termsEveryNs;
    }

    void bind(final QueryDesk desk) {
        queries = desk;
    }

    int accountId() {
        return account.accountId();
    }

    boolean isUp() {
        return up;
    }

    Lanes lanes() {
        return lanes;
    }

    QueryDesk queries() {
        return queries;
    }

    AnswerReader answers() {
        return answers;
    }

    /** The mode of an order: what it asks for, else the account's, else the pair's own. */
    String mode(final String symbol, final SelfTradePrevention wanted) {
        final String own = RequestForms.mode(wanted);
        final String accounts = RequestForms.mode(account.selfTrade());
        return own != null ? own : accounts != null ? accounts : terms.defaultMode(symbol);
    }

    /** A question of ours waits for its turn. */
    void ask(final OutboundRequest question) {
        question.waitingSinceNs = System.nanoTime();
        lanes.questions.addLast(question);
    }

    /**
     * A request that surely was not carried out, or the second half of one that was, leaves as the next of its lane.
     */
    void again(final OutboundRequest request) {
        request.waitingSinceNs = System.nanoTime();
        lanes.of(request).addFirst(request);
    }

    /** No new orders from here on. */
    void leave() {
        closing = true;
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
    }

    boolean isLeft() {
        return inFlight.isEmpty() && lanes.cancels.isEmpty() || !up;
    }

    /** The adapter ends: the engine is told, once. */
    void end() {
        socket.close();
        if (up) {
            up = false;
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter closed");
        }
    }

    int doWork(final long nowNs) {
        return socket.doWork(nowNs) + expireNews(nowNs) + watchPath(nowNs) + keepUp(nowNs) + dispatch(nowNs);
    }

    @Override
    public void onLive(final long nowNs) {
        path = Path.SOCKET;
        liveSinceNs = nowNs;
        failures = 0;
        onPath(nowNs);
    }

    @Override
    public void onLost(final String text, final long nowNs) {
        resyncing = false;
        if (path == Path.SOCKET) {
            path = Path.NONE;
            noPathSinceNs = nowNs;
            probeAtNs = nowNs + fallbackAfterNs;
        }
        if (!up) {
            preparing = false;
            tell(text);
        }
    }

    @Override
    public void onEvent(final JsonNode event, final long nowNs) {
        reports.onEvent(event, nowNs);
    }

    private void onPath(final long nowNs) {
        pollAtNs = nowNs + pollNs;
        if (up) {
            queries.catchUp();
        } else {
            prepareAtNs = nowNs;
        }
    }

    /** A way is there: the pairs' terms and the order count are asked for before the engine is told. */
    private void prepare() {
        preparing = true;
        if (!terms.isLoaded()) {
            askTerms();
        }
        ask(OutboundRequest.question(Method.ORDER_LIMITS, new LinkedHashMap<>(), answer -> {
            preparing = false;
            if (answer.isSuccess() && answer.body().isArray()) {
                onOrderLimits(answer);
                onPrepared();
            } else {
                prepareAtNs = answer.nowNs() + backoff.nextDelayNs();
                onRefusedKey(answer);
            }
        }));
    }

    private void onRefusedKey(final Answer answer) {
        if (answer.kind() == Answer.Kind.ANSWERED) {
            tell("refused: " + answer.message());
        }
    }

    private void onPrepared() {
        if (up || path == Path.NONE || closing) {
            return;
        }
        up = true;
        failures = 0;
        lastText = "";
        backoff.reset();
        if (timesUp == 0) {
            // a router that was killed still has the account as up: what its last run left open is to be asked for
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter started");
        }
        timesUp++;
        counters.increment(BinanceCounter.UPS);
        LOG.info("account {} up by {}", accountId(), path);
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.UP, "up by " + path);
        queries.catchUp();
    }

    private void onOrderLimits(final Answer answer) {
        final long venueMs = time.nowMs(answer.epochNs());
        for (final JsonNode item : answer.body()) {
            final Answer.Reading reading = reading(item);
            if (reading != null && "ORDERS".equals(reading.type())) {
                counts.reading(reading, venueMs);
                limits.tier(accountId(), reading);
            }
        }
    }

    private static Answer.Reading reading(final JsonNode item) {
        final String interval = VenueJson.text(item, "interval");
        final long periodMs = interval.isEmpty() ? 0
            : RestPath.periodMs(VenueJson.text(item, "intervalNum") + interval.charAt(0));
        return periodMs == 0 ? null : new Answer.Reading(VenueJson.text(item, "rateLimitType"), periodMs,
            item.path("count").asInt(0), item.path("limit").asInt(0));
    }

    private void askTerms() {
        ask(OutboundRequest.question(Method.EXCHANGE_INFO, new LinkedHashMap<>(), answer -> {
            if (!answer.isSuccess()) {
                return;
            }
            terms.load(answer.body());
            for (final JsonNode item : answer.body().path("rateLimits")) {
                final Answer.Reading limit = reading(item);
                if (limit != null && "ORDERS".equals(limit.type())) {
                    counts.limit(limit.periodMs(), limit.limit());
                } else if (limit != null) {
                    guard.limit(limit.type(), limit.periodMs(), limit.limit());
                }
                if (limit != null && !"ORDERS".equals(limit.type())) {
                    limits.tier(accountId(), limit);
                }
            }
        }));
    }

    private int expireNews(final long nowNs) {
        if (lanes.news.isEmpty()) {
            return 0;
        }
        final List<OutboundRequest> late = lanes.takeNewsBefore(nowNs - newsWaitNs);
        late.forEach(request -> refuse(request, RejectReason.VENUE_THROTTLED));
        return late.size();
    }

    /** REST while the socket is down; down where neither is there for too long. */
    private int watchPath(final long nowNs) {
        if (path == Path.NONE && up && nowNs - noPathSinceNs >= switchMaxNs) {
            down("no way to the venue", nowNs);
            return 1;
        }
        if (!fallback || path != Path.NONE || socket.isLive() || probing || closing || nowNs - probeAtNs < 0
            || nowNs - noPathSinceNs < fallbackAfterNs
            || isHeld(nowNs)
            || !guard.admits(guard.weight(Method.ORDER_LIMITS), true, true, venueMs(), nowNs)) {
            return 0;
        }
        probing = true;
        sendProbe(nowNs);
        return 1;
    }

    private void sendProbe(final long nowNs) {
        final OutboundRequest time1 = OutboundRequest.question(Method.TIME, new LinkedHashMap<>(), this::onTime);
        if (!time.isKnown()) {
            send(time1, true, nowNs);
        }
        send(OutboundRequest.question(Method.ORDER_LIMITS, new LinkedHashMap<>(), answer -> {
            probing = false;
            if (answer.isSuccess() && answer.body().isArray() && path == Path.NONE) {
                path = Path.REST;
                failures = 0;
                counters.increment(BinanceCounter.FALLBACKS);
                LOG.warn("account {}: REST until the socket is back", accountId());
                onOrderLimits(answer);
                onPath(answer.nowNs());
            } else {
                probeAtNs = answer.nowNs() + backoff.nextDelayNs();
                if (!up) {
                    onRefusedKey(answer);
                }
            }
        }), true, nowNs);
    }

    /** What is asked from time to time. */
    private int keepUp(final long nowNs) {
        if (path == Path.NONE) {
            return 0;
        }
        int work = 0;
        if (!up && !preparing && !closing && nowNs - prepareAtNs >= 0) {
            prepare();
            work++;
        }
        if (nowNs - clockAtNs >= 0 && !asksTime) {
            clockAtNs = nowNs + clockEveryNs;
            asksTime = true;
            ask(OutboundRequest.question(Method.TIME, new LinkedHashMap<>(), this::onTime));
            work++;
        }
        if (nowNs - termsAtNs >= 0) {
            termsAtNs = nowNs + termsEveryNs;
            askTerms();
            work++;
        }
        if (path == Path.REST && up && nowNs - pollAtNs >= 0 && queries.isIdle()) {
            pollAtNs = nowNs + pollNs;
            queries.catchUp();
            work++;
        }
        return work;
    }

    private void onTime(final Answer answer) {
        asksTime = false;
        resyncing = false;
    }

    private int dispatch(final long nowNs) {
        if (lanes.isEmpty() || path == Path.NONE || path == Path.SOCKET && !socket.isLive() || resyncing
            || isHeld(nowNs)) {
            return 0;
        }
        int sent = 0;
        while (inFlight.size() < inFlightMax && (sendOneOf(lanes.cancels, nowNs) || sendOneOf(lanes.questions, nowNs)
            || up && nowNs - busyUntilNs >= 0 && sendOneOf(lanes.news, nowNs))) {
            sent++;
        }
        return sent;
    }

    /** Sends the first of the lane that may leave. A lane that waits for a limit does not let a later one pass. */
    private boolean sendOneOf(final ArrayDeque<OutboundRequest> lane, final long nowNs) {
        int scanned = 0;
        for (final OutboundRequest request : lane) {
            // a cancel is not held up by those before it that wait for an answer, however many
            if (++scanned > SCAN_MAX && lane != lanes.cancels) {
                break;
            }
            if (request.conflicts()) {
                if (request.kind == VenueMessageKind.CANCEL && isOverBehindReplace(request.line.order())) {
                    lane.remove(request);
                    cancelRefused(request.line.order(), request.id, RejectReason.ORDER_FINAL);
                    return true;
                }
                continue;
            }
            if (request.kind == VenueMessageKind.REPLACE && !replacer.form(this, request)) {
                lane.remove(request);
                return true;
            }
            if (request.kind == VenueMessageKind.CANCEL) {
                request.params = RequestForms.target(request.line.order(), "");
                request.params.put("newClientOrderId", request.id.toString());
            }
            final int orders = request.kind == VenueMessageKind.REPLACE && request.method == Method.CANCEL ? 1
                : request.method.orders;
            final long venueMs = venueMs();
            if (!guard.admits(guard.weight(request), path == Path.REST, lane == lanes.cancels, venueMs, nowNs)
                || !counts.admits(orders, venueMs)) {
                onWaits(request);
                return false;
            }
            lane.remove(request);
            send(request, path == Path.REST, nowNs);
            return true;
        }
        return false;
    }

    /** What a cancel waits for will not come: the order ended while a replace of it was open. */
    private static boolean isOverBehindReplace(final LiveOrder order) {
        return order.isFinal && order.inFlight == 0;
    }

    private void cancelRefused(final LiveOrder order, final UUID id, final RejectReason reason) {
        engine.cancelReject(accountId(), epochClock.nanoTime(), order.orderId, id, VenueMessageKind.CANCEL, reason, "");
    }

    /** A cancel without an answer was surely not carried out, and can be no more: the engine sends it anew. */
    void cancelNotCarriedOut(final LiveOrder order) {
        final UUID id = order.lostCancel;
        order.lostCancel = null;
        notSent(order.orderId, id, VenueMessageKind.CANCEL, RejectReason.NOT_AT_VENUE);
    }

    /** The venue does not know the order of a cancel without an answer. */
    void cancelOfNothing(final LiveOrder order) {
        final UUID id = order.lostCancel;
        order.lostCancel = null;
        cancelRefused(order, id, RejectReason.UNKNOWN_ORDER);
    }

    private void onWaits(final OutboundRequest request) {
        if (!request.waited) {
            request.waited = true;
            counters.increment(BinanceCounter.HELD);
        }
    }

    private long venueMs() {
        return time.nowMs(epochClock.nanoTime());
    }

    private void send(final OutboundRequest request, final boolean byRest, final long nowNs) {
        request.sentNs = nowNs;
        request.sentEpochNs = epochClock.nanoTime();
        request.rest = byRest;
        final long venueMs = time.nowMs(request.sentEpochNs);
        request.openedMs = venueMs;
        guard.open(guard.weight(request), byRest, venueMs);
        counts.open(request.method.orders, venueMs);
        inFlight.add(request);
        if (request.kind == VenueMessageKind.REPLACE) {
            replacer.begin(request);
        }
        if (request.line != null) {
            request.line.order().inFlight++;
        }
        if (request.kind == VenueMessageKind.CANCEL) {
            request.line.order().lostCancel = null; // this one's outcome is the later
        }
        counters.increment(byRest ? BinanceCounter.REST_REQUESTS : BinanceCounter.SOCKET_REQUESTS);
        counters.max(BinanceCounter.PEAK_WEIGHT, guard.peakWeight());
        counters.max(BinanceCounter.PEAK_ORDERS, counts.peak());
        final Map<String, String> params = new LinkedHashMap<>(request.params);
        if (request.method.signed) {
            params.put("recvWindow", Long.toString(recvWindowMs));
            params.put("timestamp", Long.toString(rules.timestamp(venueMs)));
        }
        if (byRest) {
            rest.send(request.method, params, () -> onWritten(request), answer -> onOutcome(request, answer));
        } else {
            socket.send(request.method.name, request.method.signed, params, () -> onWritten(request),
                answer -> onOutcome(request, answer));
        }
    }

    private void onWritten(final OutboundRequest request) {
        if (!request.sentReported && request.onAnswer == null) {
            request.sentReported = true;
            engine.sent(accountId(), epochClock.nanoTime(), request.kind, request.sentEpochNs,
                request.line == null ? new long[0] : new long[] {request.line.order().orderId});
        }
    }

    private void onOutcome(final OutboundRequest request, final Answer answer) {
        inFlight.remove(request);
        if (request.line != null) {
            request.line.order().inFlight--;
        }
        final long venueMs = time.nowMs(answer.epochNs());
        if (answer.kind() == Answer.Kind.NOT_SENT) {
            guard.withdraw(guard.weight(request), request.rest, venueMs);
            counts.withdraw(request.method.orders, venueMs);
            onNotSent(request, answer);
            return;
        }
        guard.close(guard.weight(request), request.rest, request.openedMs, venueMs);
        counts.close(request.method.orders, request.openedMs, venueMs);
        if (answer.kind() == Answer.Kind.LOST) {
            onFailure(request, answer);
            onLostAnswer(request, answer);
            return;
        }
        for (final Answer.Reading reading : answer.readings()) {
            guard.reading(reading, venueMs);
            if ("ORDERS".equals(reading.type())) {
                counts.reading(reading, venueMs);
            }
        }
        counters.set(BinanceCounter.USED_WEIGHT, guard.usedWeight(venueMs));
        onWritten(request);
        onAnswer(request, answer, learn(answer));
        if (request.rest && request.line != null && path == Path.SOCKET && request.sentNs - liveSinceNs < 0) {
            // the catch-up left it out, and the stream tells nothing of before it stood
            queries.look(request.line.order());
        }
    }

    /** What the answer teaches; times in it are of the venue's clock, and of its own serverTime where it has one. */
    private AnswerLessons.Bar learn(final Answer answer) {
        final JsonNode stated = answer.whole() == null ? null : answer.whole().path("error").path("data")
            .get("serverTime");
        final boolean dated = stated != null && stated.isIntegralNumber() && stated.asLong() > 0;
        final long venueMs = dated ? stated.asLong() : time.nowMs(answer.epochNs());
        return lessons.onAnswer(accountId(), answer.status(), answer.headers(), answer.whole(), answer.message(),
            venueMs * MS);
    }

    private void onAnswer(final OutboundRequest request, final Answer answer, final AnswerLessons.Bar bar) {
        final boolean overCount = answer.isOverLimit() && answer.code() == VenueErrors.TOO_MANY_ORDERS;
        if (!overCount && (bar != null || answer.isOverLimit())) {
            hold(answer, bar);
        }
        if (request.method == Method.TIME && answer.isSuccess()) {
            time.onSample(answer.body().path("serverTime").asLong(), request.sentEpochNs, answer.epochNs());
        }
        if (overCount) {
            onOrderCount(request, answer);
        } else if (answer.isOverLimit()) {
            onBarred(request, answer);
        } else if (answer.code() == VenueErrors.TIMESTAMP) {
            onTimestamp(request, answer);
        } else if (request.onAnswer != null) {
            if (VenueErrors.isUnsure(answer)) {
                onFailure(request, answer);
            } else {
                failures = 0;
            }
            request.onAnswer.accept(answer);
        } else if (answer.isSuccess()) {
            failures = 0;
            if (!onSuccess(request, answer)) {
                counters.increment(BinanceCounter.UNREADABLE_ANSWERS);
                onLostAnswer(request, answer);
            }
        } else if (VenueErrors.isUnsure(answer)
            && (answer.body() != null || answer.status() < 400 || answer.status() >= 500)) {
            LOG.warn("account {}: {} leaves {} open", accountId(), answer.message(), request.kind);
            onFailure(request, answer);
            onLostAnswer(request, answer);
        } else {
            onRefused(request, answer);
        }
    }

    private boolean onSuccess(final OutboundRequest request, final Answer answer) {
        switch (request.kind) {
            case NEW:
                return answers.onOrder(request.line.order(), answer.body(), answer.nowNs());
            case CANCEL:
                return answers.onCancel(request.line, answer.body(), answer.nowNs());
            case REPLACE:
                return replacer.onSuccess(this, request, answer);
            default:
                return answers.onCancelAll(answer.body(), answer.nowNs());
        }
    }

    private void onRefused(final OutboundRequest request, final Answer answer) {
        final int code = answer.code();
        final String text = answer.message();
        if (code == VenueErrors.SERVER_BUSY) {
            busyUntilNs = answer.nowNs() + BUSY_NS;
        }
        if (request.isNew() && code == -2010 && text.contains("Duplicate order")) {
            // an order of this id is there already
            onLostAnswer(request, answer);
        } else if (request.kind == VenueMessageKind.REPLACE) {
            replacer.onRefused(this, request, answer);
        } else if (request.kind != VenueMessageKind.MASS_CANCEL || code != VenueErrors.CANCEL_REJECTED) {
            answers.onRefused(this, request, VenueErrors.reason(code, text), text, code);
            if (request.isCancel() && request.line != null) {
                queries.look(request.line.order());
            }
        }
        if (VenueErrors.isKey(code)) {
            down("refused: " + text, answer.nowNs());
            socket.giveUp("refused: " + text, answer.nowNs());
        } else if (code == VenueErrors.SHUTTING_DOWN) {
            socket.giveUp(text, answer.nowNs());
        }
    }

    /**
     * Nothing leaves for a while. Where the venue does not say how long: the rest of the minute, the shortest ban. A
     * bar of less than the address holds this account; the engine hears of it unless it is of the connection alone.
     */
    private void hold(final Answer answer, final AnswerLessons.Bar named) {
        counters.increment(BinanceCounter.LIMIT_REFUSALS);
        final AnswerLessons.Bar bar =
            named != null ? named : new AnswerLessons.Bar(LimitScope.IP, 0, answer.status());
        final long restMs = MINUTE_MS - Math.floorMod(time.nowMs(answer.epochNs()), MINUTE_MS);
        final long holdNs = bar.lengthNs((answer.status() == 418 ? BAN_MS : restMs) * MS) + BAR_MARGIN_MS * MS;
        if (bar.scope() == LimitScope.IP) {
            guard.bar(answer.nowNs() + holdNs);
        } else {
            heldUntilNs = held ? Math.max(heldUntilNs, answer.nowNs() + holdNs) : answer.nowNs() + holdNs;
            held = true;
        }
        LOG.error("account {}: HTTP {} {}; nothing leaves for {} ms", accountId(), answer.status(), answer.message(),
            holdNs / MS);
        lessons.tellBar(accountId(), bar, holdNs, answer.epochNs(), answer.nowNs());
    }

    @Override
    public void onBarred(final Answer answer) {
        hold(answer, learn(answer));
    }

    private boolean isHeld(final long nowNs) {
        held &= nowNs - heldUntilNs < 0;
        return held || guard.isBarred(nowNs);
    }

    /** Surely not carried out: cancels come back first, news are reported, none is doubled. */
    private void onBarred(final OutboundRequest request, final Answer answer) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
        } else if (request.isCancel() || request.continued) {
            again(request);
        } else if (request.kind == VenueMessageKind.REPLACE) {
            replacer.onRefused(this, request, answer);
        } else {
            answers.onRefused(this, request, RejectReason.VENUE_THROTTLED, answer.message(), answer.code());
        }
    }

    /** The unfilled order count is spent: orders wait for its window, cancels do not. */
    private void onOrderCount(final OutboundRequest request, final Answer answer) {
        counters.increment(BinanceCounter.ORDER_COUNT_REFUSALS);
        final boolean ofDay = answer.message().contains("DAY");
        final long venueMs = time.nowMs(answer.epochNs());
        counts.spent(ofDay, venueMs);
        limits.spent(accountId(), ofDay, counts.used(ofDay, venueMs));
        if (request.continued) {
            again(request);
        } else if (request.kind == VenueMessageKind.REPLACE) {
            replacer.onRefused(this, request, answer);
        } else {
            answers.onRefused(this, request, RejectReason.VENUE_THROTTLED, answer.message(), answer.code());
        }
    }

    /** Surely not carried out: the clocks are compared anew, and it leaves once more. */
    private void onTimestamp(final OutboundRequest request, final Answer answer) {
        counters.increment(BinanceCounter.TIMESTAMPS_REFUSED);
        if (++request.attempts >= ATTEMPTS_MAX || path == Path.NONE) {
            if (request.onAnswer != null) {
                request.onAnswer.accept(answer);
            } else {
                onRefused(request, answer);
            }
            return;
        }
        time.forget();
        if (request.kind == VenueMessageKind.REPLACE && !request.continued) {
            request.line.order().replacing = null;
        }
        again(request);
        if (!resyncing && !isHeld(answer.nowNs())) {
            resyncing = true;
            send(OutboundRequest.question(Method.TIME, new LinkedHashMap<>(), this::onTime), path == Path.REST,
                answer.nowNs());
        }
    }

    /**
     * No answer will come: the engine makes it UNKNOWN when its time is over; what can be found at once is told. What
     * became of a cancel or a replace is asked until the venue has said it.
     */
    private void onLostAnswer(final OutboundRequest request, final Answer answer) {
        counters.increment(BinanceCounter.LOST_ANSWERS);
        onWritten(request);
        if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
            return;
        }
        if (request.kind == VenueMessageKind.REPLACE) {
            replacer.onLost(request);
        } else if (request.isNew()) {
            request.line.order().settledAtNs = request.sentNs + settleNs;
        } else if (request.kind == VenueMessageKind.CANCEL) {
            request.line.order().lostCancel = request.id;
            request.line.order().cancelSettledAtNs = request.sentNs + settleNs;
        }
        if (request.line != null) {
            queries.look(request.line.order());
        } else {
            queries.catchUp();
        }
    }

    private void onNotSent(final OutboundRequest request, final Answer answer) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
        } else {
            if (request.kind == VenueMessageKind.REPLACE && !request.continued) {
                request.line.order().replacing = null;
            }
            again(request);
        }
        onFailure(request, answer);
    }

    private void onFailure(final OutboundRequest request, final Answer answer) {
        if (request.rest && path == Path.REST && ++failures >= failuresToDown) {
            path = Path.NONE;
            noPathSinceNs = answer.nowNs();
            probeAtNs = answer.nowNs() + backoff.nextDelayNs();
            LOG.warn("account {}: REST: {}", accountId(), answer.text());
        }
    }

    private void down(final String text, final long nowNs) {
        if (!up) {
            tell(text);
            return;
        }
        up = false;
        preparing = false;
        prepareAtNs = nowNs + backoff.nextDelayNs();
        counters.increment(BinanceCounter.DOWNS);
        LOG.warn("account {} down: {}", accountId(), text);
        lastText = text;
        refuseLane(lanes.cancels, RejectReason.VENUE_DOWN);
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
        final List<OutboundRequest> questions = new ArrayList<>(lanes.questions);
        lanes.questions.clear();
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        questions.forEach(question -> question.onAnswer.accept(Answer.none(Answer.Kind.NOT_SENT, text,
            epochClock.nanoTime(), nowNs)));
    }

    private void tell(final String text) {
        if (!text.equals(lastText)) {
            lastText = text;
            LOG.warn("account {}: {}", accountId(), text);
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        }
    }

    private void refuseLane(final ArrayDeque<OutboundRequest> lane, final RejectReason reason) {
        while (!lane.isEmpty()) {
            refuse(lane.removeFirst(), reason);
        }
    }

    /** The request was surely not carried out, and leaves no more: says so. */
    void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.continued) {
            replacer.abandoned(request, reason, System.nanoTime());
        } else if (request.isNew() && request.sentReported) {
            // it left once and was refused for its stamp: told as sent, which VenueNotSent cannot take back
            messageReject(request, reason, "");
            registry.forget(request.line.order());
        } else if (request.isNew()) {
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

    /** The venue refused a message before its engine. */
    void messageReject(final OutboundRequest request, final RejectReason reason, final String text) {
        engine.messageReject(accountId(), epochClock.nanoTime(),
            request.line == null ? 0 : request.line.order().orderId, request.id, request.kind, reason, text);
    }

    private void notSent(final long orderId, final UUID id, final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(BinanceCounter.NOT_SENT);
        engine.notSent(accountId(), epochClock.nanoTime(), orderId, id, kind, reason);
    }
}
