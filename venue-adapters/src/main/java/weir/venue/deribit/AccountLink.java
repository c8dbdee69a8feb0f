package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.ClockSkewMonitor;
import weir.venue.ReconnectBackoff;
import weir.venue.VenueEventProxy;

/**
 * One account's way to the venue: over its socket while that is live, else over HTTP, else none. What waits, what is
 * with the venue, the credits, up or down. Two requests about one order are never with the venue at once. Agent's
 * thread.
 */
final class AccountLink {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLink.class);
    private static final int ATTEMPTS_MAX = 3;
    private static final int SCAN_MAX = 32;
    private static final long NS_PER_MS = 1_000_000L;

    /** Where requests go. */
    private enum Route { NONE, SOCKET, HTTP }

    private final DeribitAccount account;
    private final DeribitCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final RequestForms forms;
    private final AnswerReader answers;
    private final AnswerLessons lessons;
    private final ClockSkewMonitor clock;
    private final HttpWire http;
    private final Credits credits;
    private final AccountTerms terms;
    private final Lanes lanes;
    private final ArrayDeque<OutboundRequest> control = new ArrayDeque<>();
    private final ReconnectBackoff probeBackoff;
    private final ReconnectBackoff hold;
    private final Long2ObjectHashMap<OutboundRequest> inFlight = new Long2ObjectHashMap<>();
    private final int inFlightMax;
    private final int httpInFlightMax;
    private final boolean fallsBack;
    private final long requestTimeoutNs;
    private final long newsWaitNs;
    private final long pollNs;
    private final long limitsEveryNs;
    private SocketWire socket;
    private QueryDesk queries;
    private Route route = Route.NONE;
    private boolean probing;
    private boolean socketFailed;
    private boolean closing;
    private boolean held;
    private int httpInFlight;
    private int httpFailures;
    private long timesUp;
    private long nextRpcId;
    private long probeAtNs;
    private long heldSinceNs;
    private long heldUntilNs;
    private Method.Pool refusedPool;
    private long pollAtNs;
    private long limitsAtNs;
    private long expireAtNs;
    private String lastText = "";

    AccountLink(final DeribitAdapter.Context context, final DeribitAccount account, final HttpWire http,
        final OrderEvents orders, final AnswerReader answers, final AnswerLessons lessons,
        final ClockSkewMonitor clock, final OrderRegistry registry, final VenueEventProxy engine,
        final DeribitCounters counters, final long nowNs) {
        this.account = account;
        this.http = http;
        this.orders = orders;
        this.answers = answers;
        this.lessons = lessons;
        this.clock = clock;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.forms = new RequestForms(context.trigger());
        this.lanes = new Lanes(context.laneCapacity());
        this.credits = new Credits(context, nowNs);
        this.terms = new AccountTerms(account, credits, lessons, counters);
        this.inFlightMax = context.inFlightMax();
        this.httpInFlightMax = context.httpInFlightMax();
        this.fallsBack = context.httpFallback();
        this.requestTimeoutNs = context.requestTimeoutMs() * NS_PER_MS;
        this.newsWaitNs = context.newsWaitMs() * NS_PER_MS;
        this.pollNs = context.pollMs() * NS_PER_MS;
        this.limitsEveryNs = context.limitsEveryMs() * NS_PER_MS;
        this.probeBackoff = new ReconnectBackoff(context.reconnectMinMs() * NS_PER_MS,
            context.reconnectMaxMs() * NS_PER_MS, nowNs ^ account.accountId());
        this.hold = new ReconnectBackoff(context.holdMinMs() * NS_PER_MS, context.holdMaxMs() * NS_PER_MS, nowNs);
        this.probeAtNs = nowNs;
        this.limitsAtNs = nowNs + limitsEveryNs;
    }

    void bind(final SocketWire wire, final QueryDesk desk) {
        socket = wire;
        queries = desk;
    }

    int accountId() {
        return account.accountId();
    }

    DeribitAccount account() {
        return account;
    }

    boolean isUp() {
        return route != Route.NONE;
    }

    Lanes lanes() {
        return lanes;
    }

    QueryDesk queries() {
        return queries;
    }

    /** Whether an order may leave that asks for a self-trade mode; what it does not ask for is the account's. */
    boolean allowsSelfTrade(final SelfTradePrevention flag) {
        return terms.allows(flag);
    }

    /** The venue wants us to stay away. */
    boolean isHeld(final long nowNs) {
        return held && nowNs - heldUntilNs < 0 || lessons.isAddressHeld(nowNs);
    }

    /** A question of ours waits for its turn. */
    void ask(final OutboundRequest question) {
        question.waitingSinceNs = System.nanoTime();
        lanes.questions.addLast(question);
    }

    /** What a connection needs waits for credits, and for nothing else. */
    void control(final OutboundRequest request, final boolean overHttp) {
        request.overHttp = overHttp;
        control.addLast(request);
    }

    void controlFirst(final OutboundRequest request) {
        control.addFirst(request);
    }

    /** Reads limits and self-trade mode, sets the latter where it is another; then gets what is wrong, or nothing. */
    void readSummary(final boolean overHttp, final Consumer<String> then) {
        terms.read(request -> control(request, overHttp), then);
    }

    /** No new orders from here on. */
    void leave() {
        closing = true;
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
    }

    boolean isLeft() {
        return inFlight.isEmpty() && lanes.cancels.isEmpty() || !isUp();
    }

    /** The adapter ends: the engine is told, once. */
    void end() {
        if (isUp()) {
            route = Route.NONE;
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter closed");
        }
    }

    int doWork(final long nowNs) {
        int work = expireNews(nowNs) + expireAnswers(nowNs) + probe(nowNs) + dispatch(nowNs);
        if (route == Route.HTTP && nowNs - pollAtNs >= 0 && queries.isIdle()) {
            pollAtNs = nowNs + pollNs;
            queries.catchUp();
            work++;
        }
        if (isUp() && nowNs - limitsAtNs >= 0) {
            // tiers are recalculated every hour
            limitsAtNs = nowNs + limitsEveryNs;
            readSummary(route == Route.HTTP, wrong -> {
                if (!wrong.isEmpty()) {
                    LOG.warn("account {}: limits: {}", accountId(), wrong);
                }
            });
            work++;
        }
        return work;
    }

    void onSocketLive() {
        final boolean wasUp = isUp();
        route = Route.SOCKET;
        socketFailed = false;
        if (wasUp) {
            queries.catchUp();
        } else {
            up("socket is live");
        }
    }

    /** What was over the socket has no answer; the engine hears of it before anything else goes on. */
    void onSocketLost(final String text, final long nowNs) {
        socketFailed = true;
        final List<OutboundRequest> open = new ArrayList<>();
        inFlight.values().forEach(request -> {
            if (!request.overHttp) {
                open.add(request);
            }
        });
        final List<OutboundRequest> waiting = new ArrayList<>();
        control.removeIf(request -> {
            if (!request.overHttp) {
                waiting.add(request);
            }
            return !request.overHttp;
        });
        if (route == Route.SOCKET) {
            down(text, nowNs);
        } else if (route == Route.NONE) {
            tell(text);
        }
        final long epochNs = epochClock.nanoTime();
        open.forEach(request -> {
            inFlight.remove(request.rpcId);
            outcome(request, Answer.none(Answer.Kind.LOST, text, epochNs, nowNs));
        });
        waiting.forEach(request ->
            request.onAnswer.accept(Answer.none(Answer.Kind.NOT_SENT, text, epochNs, nowNs)));
    }

    /** An answer over the socket. */
    void onAnswer(final long rpcId, final Answer answer) {
        final OutboundRequest request = inFlight.remove(rpcId);
        if (request != null) {
            outcome(request, answer);
        } else {
            counters.increment(DeribitCounter.LATE_ANSWERS);
            answers.onLate(answer.result(), answer.nowNs());
        }
    }

    /** A notification: orders, with the trades that changed them. */
    void onChanges(final JsonNode data, final long nowNs) {
        final JsonNode trades = data.path("trades");
        for (final JsonNode told : data.path("orders")) {
            final LiveOrder order = orders.find(told);
            if (order == null) {
                unknown("order", told);
            } else {
                orders.onOrder(order, told, trades, false, nowNs);
            }
        }
    }

    private void unknown(final String what, final JsonNode told) {
        counters.increment(DeribitCounter.UNKNOWN_REPORTS);
        LOG.info("{} {} is none that is known here", what, VenueJson.text(told, "order_id"));
    }

    private int expireNews(final long nowNs) {
        if (lanes.news.isEmpty()) {
            return 0;
        }
        final List<OutboundRequest> late = lanes.takeNewsBefore(nowNs - newsWaitNs);
        late.forEach(request -> refuse(request, RejectReason.VENUE_THROTTLED));
        return late.size();
    }

    private int expireAnswers(final long nowNs) {
        if (inFlight.isEmpty() || nowNs - expireAtNs < 0) {
            return 0;
        }
        expireAtNs = nowNs + requestTimeoutNs / 64;
        final List<OutboundRequest> late = new ArrayList<>();
        inFlight.values().forEach(request -> {
            // over HTTP the client keeps the time
            if (!request.overHttp && nowNs - request.sentNs >= requestTimeoutNs) {
                late.add(request);
            }
        });
        final long epochNs = epochClock.nanoTime();
        late.forEach(request -> {
            // one that ends the session ends the others with it
            if (inFlight.remove(request.rpcId) != null) {
                outcome(request, Answer.none(Answer.Kind.LOST, "no answer", epochNs, nowNs));
            }
        });
        return late.size();
    }

    private int probe(final long nowNs) {
        if (!fallsBack || isUp() || probing || closing || !socketFailed || nowNs - probeAtNs < 0 || isHeld(nowNs)) {
            return 0;
        }
        probing = true;
        readSummary(true, wrong -> {
            probing = false;
            if (isUp()) {
                return;
            }
            if (wrong.isEmpty()) {
                route = Route.HTTP;
                probeBackoff.reset();
                httpFailures = 0;
                pollAtNs = System.nanoTime() + pollNs;
                counters.increment(DeribitCounter.HTTP_UPS);
                up("HTTP answers");
            } else {
                probeAtNs = System.nanoTime() + probeBackoff.nextDelayNs();
                tell(wrong);
            }
        });
        return 1;
    }

    private void up(final String text) {
        lastText = "";
        if (timesUp == 0) {
            // a router that was killed still has the account as up: what its last run left open is to be asked for
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter started");
        }
        timesUp++;
        counters.increment(DeribitCounter.UPS);
        LOG.info("account {} up: {}", accountId(), text);
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.UP, text);
        queries.catchUp();
    }

    private int dispatch(final long nowNs) {
        int sent = 0;
        while (sendControl(nowNs) || isUp() && !isHeld(nowNs) && !lanes.isEmpty()
            && (sendOneOf(lanes.cancels, Credits.Spender.CANCEL, nowNs)
            || sendOneOf(lanes.questions, Credits.Spender.OTHER, nowNs)
            || sendOneOf(lanes.news, Credits.Spender.OTHER, nowNs))) {
            sent++;
        }
        return sent;
    }

    private boolean sendControl(final long nowNs) {
        for (final OutboundRequest request : control) {
            if ((request.overHttp || socket.isFree())
                && credits.admits(request.method, Credits.Spender.CONNECTION, nowNs)) {
                control.remove(request);
                send(request, nowNs);
                return true;
            }
        }
        return false;
    }

    /** Sends the first of the lane that may leave. A lane that waits for credits does not let a later one pass. */
    private boolean sendOneOf(final ArrayDeque<OutboundRequest> lane, final Credits.Spender spender,
        final long nowNs) {
        if (lane.isEmpty() || !isFree()) {
            return false;
        }
        int scanned = 0;
        for (final OutboundRequest request : lane) {
            if (++scanned > SCAN_MAX) {
                break;
            }
            if (request.conflicts()) {
                continue;
            }
            if (!credits.admits(request.method, spender, nowNs)) {
                if (!request.waited) {
                    request.waited = true;
                    counters.increment(DeribitCounter.HELD);
                }
                return false;
            }
            lane.remove(request);
            request.overHttp = route == Route.HTTP;
            send(request, nowNs);
            return true;
        }
        return false;
    }

    private boolean isFree() {
        return route == Route.SOCKET ? socket.isFree() && inFlight.size() < inFlightMax
            : httpInFlight < httpInFlightMax;
    }

    private void send(final OutboundRequest request, final long nowNs) {
        request.rpcId = ++nextRpcId;
        request.sentNs = nowNs;
        request.sentEpochNs = epochClock.nanoTime();
        if (request.onAnswer == null) {
            forms.form(request);
        }
        credits.open(request.method, nowNs);
        inFlight.put(request.rpcId, request);
        if (request.line != null) {
            request.line.order().inFlight++;
            if (request.isCancel()) {
                request.line.order().cancelId = request.id;
            }
        }
        counters.increment(DeribitCounter.REQUESTS);
        counters.max(DeribitCounter.PEAK_ENGINE_CREDITS, credits.peakHundredths());
        if (request.overHttp) {
            httpInFlight++;
            counters.increment(DeribitCounter.HTTP_REQUESTS);
            http.send(request, () -> onWritten(request), answer -> {
                httpInFlight--;
                inFlight.remove(request.rpcId);
                outcome(request, answer);
            });
        } else {
            socket.send(RequestForms.text(request), () -> onWritten(request));
        }
    }

    private void onWritten(final OutboundRequest request) {
        if (!request.sentReported) {
            request.sentReported = true;
            if (request.onAnswer == null) {
                engine.sent(accountId(), epochClock.nanoTime(), request.kind, request.sentEpochNs,
                    request.orderIds());
            }
        }
    }

    private void outcome(final OutboundRequest request, final Answer answer) {
        if (request.line != null) {
            request.line.order().inFlight--;
        }
        if (answer.kind() == Answer.Kind.NOT_SENT) {
            credits.withdraw(request.method);
            if (request.onAnswer != null) {
                request.onAnswer.accept(answer);
            } else {
                refuse(request, RejectReason.VENUE_DOWN);
            }
            httpFailed(request, answer);
            return;
        }
        credits.taken(request.method, answer.nowNs());
        if (answer.usIn() > 0) {
            clock.onSample((answer.usIn() + answer.usOut()) / 2_000L, request.sentEpochNs, answer.epochNs());
        }
        learn(request, answer);
        if (answer.kind() == Answer.Kind.LOST) {
            onLost(request, answer);
            httpFailed(request, answer);
            return;
        }
        httpFailures = request.overHttp ? 0 : httpFailures;
        onWritten(request);
        if (answer.code() == VenueCodes.TOO_MANY_REQUESTS) {
            onLimited(request, answer);
        } else if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
        } else if (answer.isResult()) {
            look(answers.onResult(request, answer.result(), answer.nowNs()));
            if (request.kind == VenueMessageKind.MASS_CANCEL && request.overHttp) {
                // nobody tells what it ended
                queries.catchUp();
            }
        } else {
            onError(request, answer);
        }
    }

    /**
     * What the answer teaches, whatever becomes of the request: the summary is read by {@link AccountTerms}. Whoever is
     * refused for the rate, or told to stay away, holds; the pause of ours doubles until the same pool takes a request.
     */
    private void learn(final OutboundRequest request, final Answer answer) {
        final boolean limited = answer.code() == VenueCodes.TOO_MANY_REQUESTS;
        final AnswerLessons.Bar bar = lessons.onAnswer(accountId(), answer.code() != 0 ? answer.code()
            : answer.status(), answer.headers(), request.method == Method.SUMMARY ? null : answer.result(),
            answer.kind() == Answer.Kind.ERROR ? answer.text() : "", answer.epochNs());
        if (answer.isResult() && request.method.pool == refusedPool) {
            refusedPool = null;
            hold.reset();
        }
        if (!limited && bar == null) {
            return;
        }
        refusedPool = request.method.pool;
        // what left before we were told to wait is of the same offence
        if (held && request.sentNs - heldSinceNs <= 0 && (bar == null || bar.lengthNs() == 0)) {
            return;
        }
        final long pauseNs = hold.nextDelayNs();
        final long delayNs = bar == null ? pauseNs : bar.lengthNs(pauseNs);
        heldSinceNs = answer.nowNs();
        if (!held || heldSinceNs + delayNs - heldUntilNs > 0) {
            held = true;
            heldUntilNs = heldSinceNs + delayNs;
        }
        LOG.error("account {}: {} for {}; holding {} ms", accountId(), answer.text(), request.method.wire,
            delayNs / NS_PER_MS);
        if (bar != null) {
            lessons.tellBar(accountId(), bar, delayNs, answer.epochNs(), answer.nowNs());
        }
    }

    /** Refused for sure, or an answer that leaves it open. */
    private void onError(final OutboundRequest request, final Answer answer) {
        final int code = answer.code();
        final RejectReason reason = VenueCodes.refusal(code);
        if (reason == null) {
            if (!VenueCodes.isKnownUnsure(code)) {
                counters.increment(DeribitCounter.UNKNOWN_WORDS);
            }
            LOG.warn("account {}: {} {} leaves {} open", accountId(), code, answer.text(), request.kind);
            onLost(request, answer);
            return;
        }
        if (request.isCancel() && (reason == RejectReason.VENUE_THROTTLED || reason == RejectReason.INSTRUMENT_HALTED)
            && isUp() && ++request.attempts < ATTEMPTS_MAX) {
            // surely not executed: a cancel is not given up for a venue that is busy
            lanes.cancels.addLast(request);
            return;
        }
        look(answers.onRefused(accountId(), request, request.isNew() && reason == RejectReason.UNKNOWN_ORDER
            ? RejectReason.VENUE_REJECTED : reason, code + " " + answer.text()));
        if (VenueCodes.isCredentials(code) && !request.overHttp) {
            socket.lost("refused: " + answer.text(), answer.nowNs());
        }
    }

    /** No answer will come: the engine makes it UNKNOWN when its time is over; what can be found at once is told. */
    private void onLost(final OutboundRequest request, final Answer answer) {
        counters.increment(DeribitCounter.LOST_ANSWERS);
        if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
        } else if (request.line != null) {
            queries.look(request.line.order());
        } else {
            queries.catchUp();
        }
    }

    private void look(final LiveOrder order) {
        if (order != null) {
            queries.look(order);
        }
    }

    private void httpFailed(final OutboundRequest request, final Answer answer) {
        if (request.overHttp && route == Route.HTTP && (answer.kind() == Answer.Kind.NOT_SENT
            || ++httpFailures >= ATTEMPTS_MAX)) {
            down("HTTP: " + answer.text(), answer.nowNs());
        }
    }

    /** The venue executed nothing, its pool is empty, and it ends the session: cancels come back first. */
    private void onLimited(final OutboundRequest request, final Answer answer) {
        counters.increment(DeribitCounter.LIMIT_REFUSALS);
        credits.drain(request.method, answer.nowNs());
        if (request.onAnswer != null) {
            request.onAnswer.accept(answer);
        } else if (request.isCancel() && isUp()) {
            lanes.cancels.addFirst(request);
        } else {
            answers.onRefused(accountId(), request, RejectReason.VENUE_THROTTLED,
                VenueCodes.TOO_MANY_REQUESTS + " " + answer.text());
        }
    }

    private void down(final String text, final long nowNs) {
        route = Route.NONE;
        probeAtNs = nowNs;
        counters.increment(DeribitCounter.DOWNS);
        LOG.warn("account {} down: {}", accountId(), text);
        lastText = text;
        refuseLane(lanes.cancels, RejectReason.VENUE_DOWN);
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
        final List<OutboundRequest> questions = new ArrayList<>(lanes.questions);
        lanes.questions.clear();
        final long epochNs = epochClock.nanoTime();
        engine.sessionState(accountId(), epochNs, VenueState.DOWN, text);
        questions.forEach(question ->
            question.onAnswer.accept(Answer.none(Answer.Kind.NOT_SENT, text, epochNs, nowNs)));
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

    /** The request surely never left: says so, and forgets an order that is not there. */
    void refuse(final OutboundRequest request, final RejectReason reason) {
        final OrderLine line = request.line;
        final UUID id = line == null ? request.id : line.id();
        counters.increment(DeribitCounter.NOT_SENT);
        if (request.kind == VenueMessageKind.CANCEL) {
            line.order().cancelId = null;
        }
        engine.notSent(accountId(), epochClock.nanoTime(), line == null ? 0 : line.order().orderId, id, request.kind,
            reason);
        if (request.isNew()) {
            registry.forget(line.order());
        }
    }
}
