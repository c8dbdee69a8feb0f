package weir.venue.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.ClockSkewMonitor;
import weir.venue.ReconnectBackoff;
import weir.venue.VenueEventProxy;

/**
 * One account's way over REST: what waits, what is with the venue, the budget, up or down. With nonces there is one
 * request at a time, so that they arrive in order; a cancel passes one that stalls. Two requests about one order are
 * never with the venue at once. Agent's thread.
 */
final class AccountLink {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLink.class);
    private static final UUID NO_ID = new UUID(0, 0);
    private static final int ATTEMPTS_MAX = 3;
    private static final int SCAN_MAX = 32;

    private final KrakenAccount account;
    private final KrakenCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final OrderRegistry registry;
    private final RequestForms forms;
    private final VenueJson json;
    private final AnswerReader answers;
    private final AnswerLessons lessons;
    private final ClockSkewMonitor clock;
    private final KrakenHttp http;
    private final Budget budget;
    private final DeadMan deadMan;
    private final SelfTrade selfTrade;
    private final Lanes lanes;
    private final ReconnectBackoff backoff;
    private final ReconnectBackoff hold;
    private final List<OutboundRequest> inFlight = new ArrayList<>();
    private final int orderedMax;
    private final int inFlightMax;
    private final int failuresToDown;
    private final long stallNs;
    private final long newsWaitNs;
    private QueryDesk queries;
    private boolean up;
    private boolean probing;
    private boolean closing;
    private int failures;
    private long timesUp;
    private long probeAtNs;
    private boolean held;
    private long heldUntilNs;
    private String lastText = "";

    AccountLink(final KrakenAdapter.Context context, final KrakenAccount account, final KrakenHttp http,
        final Budget budget, final VenueJson json, final AnswerReader answers, final AnswerLessons lessons,
        final ClockSkewMonitor clock, final OrderRegistry registry, final VenueEventProxy engine,
        final KrakenCounters counters, final long nowNs) {
        this.account = account;
        this.http = http;
        this.budget = budget;
        this.json = json;
        this.answers = answers;
        this.lessons = lessons;
        this.clock = clock;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.forms = new RequestForms(context.triggerSignal(), context.processBeforeMs());
        this.lanes = new Lanes(context.laneCapacity());
        this.deadMan = new DeadMan(context, account, counters, nowNs);
        this.selfTrade = new SelfTrade(account, counters, nowNs);
        if (deadMan.isWanted()) {
            budget.reserveDeadMan();
        }
        this.inFlightMax = context.inFlightMax();
        this.orderedMax = context.useNonce() ? 1 : inFlightMax;
        this.failuresToDown = context.failuresToDown();
        this.stallNs = context.stallMs() * 1_000_000L;
        this.newsWaitNs = context.newsWaitMs() * 1_000_000L;
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, nowNs ^ account.accountId());
        this.hold = new ReconnectBackoff(context.holdMinMs() * 1_000_000L, context.holdMaxMs() * 1_000_000L, nowNs);
        this.probeAtNs = nowNs;
    }

    void bind(final QueryDesk desk) {
        queries = desk;
    }

    int accountId() {
        return account.accountId();
    }

    KrakenAccount account() {
        return account;
    }

    boolean isUp() {
        return up;
    }

    Lanes lanes() {
        return lanes;
    }

    SelfTrade selfTrade() {
        return selfTrade;
    }

    DeadMan deadMan() {
        return deadMan;
    }

    QueryDesk queries() {
        return queries;
    }

    /** A question of ours waits for its turn; its consumer gets null when there is no answer. */
    void ask(final OutboundRequest question) {
        question.waitingSinceNs = System.nanoTime();
        lanes.questions.addLast(question);
    }

    /** No new orders from here on; the switch is disarmed. */
    void leave(final long nowNs) {
        closing = true;
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
        deadMan.leave(nowNs);
    }

    boolean isLeft() {
        return inFlight.isEmpty() && lanes.cancels.isEmpty() && (deadMan.isLeft() || !up);
    }

    /** The adapter ends: the engine is told, once. */
    void end() {
        if (up) {
            up = false;
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter closed");
        }
    }

    int doWork(final long nowNs) {
        return expireNews(nowNs) + probe(nowNs) + dispatch(nowNs);
    }

    private int expireNews(final long nowNs) {
        if (lanes.news.isEmpty()) {
            return 0;
        }
        final List<OutboundRequest> late = lanes.takeNewsBefore(nowNs - newsWaitNs);
        late.forEach(request -> refuse(request, RejectReason.VENUE_THROTTLED));
        return late.size();
    }

    private int probe(final long nowNs) {
        if (up || probing || closing || nowNs - probeAtNs < 0 || isHeld(nowNs)
            || !budget.admits(Budget.Lane.CANCEL, Endpoint.OPEN_ORDERS.cost, nowNs)) {
            return 0;
        }
        probing = true;
        send(new OutboundRequest(VenueMessageKind.ADMIN, Endpoint.OPEN_ORDERS, NO_ID, this::onProbe), nowNs);
        return 1;
    }

    private void onProbe(final JsonNode root) {
        probing = false;
        final String result = root == null ? "" : VenueJson.text(root, "result");
        if ("success".equals(result)) {
            up = true;
            failures = 0;
            lastText = "";
            backoff.reset();
            if (timesUp == 0) {
                // a router that was killed still has the account as up: what its last run left open is to be asked for
                engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter started");
            }
            timesUp++;
            counters.increment(KrakenCounter.UPS);
            LOG.info("account {} up", accountId());
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.UP, "REST answers");
            deadMan.onUp(System.nanoTime());
            selfTrade.onUp(System.nanoTime());
        } else {
            probeAtNs = System.nanoTime() + backoff.nextDelayNs();
            if (root != null && VenueWords.isNonce(VenueJson.error(root))) {
                http.skipNonces();
            }
            tell(root == null ? "no answer" : "refused: " + VenueJson.error(root));
        }
    }

    private int dispatch(final long nowNs) {
        int sent = 0;
        while (up && !isHeld(nowNs)) {
            final OutboundRequest renewal = deadMan.due(nowNs);
            if (renewal != null && inFlight.size() < orderedMax
                && budget.admits(Budget.Lane.DEAD_MAN, renewal.cost(), nowNs)) {
                deadMan.onLeft(nowNs);
                send(renewal, nowNs);
                sent++;
                continue;
            }
            final OutboundRequest strategy = selfTrade.due(nowNs);
            if (strategy != null) {
                ask(strategy);
            }
            if (lanes.isEmpty() || !sendOneOf(lanes.cancels, Budget.Lane.CANCEL, nowNs)
                && !sendOneOf(lanes.questions, Budget.Lane.QUESTION, nowNs)
                && (!selfTrade.isSettled() || !sendOneOf(lanes.news, Budget.Lane.NEWS, nowNs))) {
                break;
            }
            sent++;
        }
        return sent;
    }

    /** Sends the first of the lane that may leave. A lane that waits for the budget does not let a later one pass. */
    private boolean sendOneOf(final ArrayDeque<OutboundRequest> lane, final Budget.Lane spender, final long nowNs) {
        if (lane.isEmpty() || !mayAdd(lane == lanes.cancels, nowNs)) {
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
            if (!budget.admits(spender, request.cost(), nowNs)) {
                onWaits(request);
                return false;
            }
            lane.remove(request);
            send(request, nowNs);
            return true;
        }
        return false;
    }

    private boolean mayAdd(final boolean cancel, final long nowNs) {
        return inFlight.size() < orderedMax
            || cancel && inFlight.size() < inFlightMax && nowNs - inFlight.get(inFlight.size() - 1).sentNs >= stallNs;
    }

    private void onWaits(final OutboundRequest request) {
        if (!request.waited) {
            request.waited = true;
            counters.increment(KrakenCounter.HELD);
        }
    }

    private void send(final OutboundRequest request, final long nowNs) {
        request.budgetEntry = budget.open(request.cost(), nowNs);
        request.sentNs = nowNs;
        request.sentEpochNs = epochClock.nanoTime();
        if (request.onAnswer == null) {
            request.data = forms.form(request, request.sentEpochNs);
        }
        if (request.endpoint == Endpoint.EDIT) {
            request.filledBefore = request.lines.get(0).order().filled;
        }
        inFlight.add(request);
        request.lines.forEach(line -> line.order().inFlight++);
        counters.increment(KrakenCounter.REQUESTS);
        counters.add(KrakenCounter.INSTRUCTIONS, request.lines.size());
        counters.max(KrakenCounter.PEAK_UNITS, budget.peak());
        if (request.endpoint() == Endpoint.BATCH) {
            counters.increment(KrakenCounter.BATCHES);
        }
        http.send(request, this::onWritten, outcome -> onOutcome(request, outcome));
    }

    private void onWritten(final OutboundRequest request) {
        if (!request.sentReported) {
            request.sentReported = true;
            if (request.onAnswer == null) {
                engine.sent(accountId(), epochClock.nanoTime(), request.kind(), request.sentEpochNs,
                    request.orderIds());
            }
        }
    }

    private void onOutcome(final OutboundRequest request, final Outcome outcome) {
        inFlight.remove(request);
        request.lines.forEach(line -> line.order().inFlight--);
        switch (outcome.kind()) {
            case NOT_SENT:
                budget.withdraw(request.budgetEntry);
                onNotSent(request, outcome);
                break;
            case LOST:
                budget.lost(request.budgetEntry, outcome.nowNs());
                onFailure(request, outcome.text(), outcome.nowNs());
                onLost(request);
                break;
            default:
                onWritten(request);
                budget.answered(request.budgetEntry, outcome.nowNs());
                onAnswer(request, outcome);
                break;
        }
    }

    private void onAnswer(final OutboundRequest request, final Outcome outcome) {
        final JsonNode root = json.parse(outcome.body());
        final String result = root == null ? "" : VenueJson.text(root, "result");
        final String error = root == null ? "" : VenueJson.error(root);
        if (root != null) {
            final long venueMs = VenueJson.epochMs(VenueJson.text(root, "serverTime"));
            if (venueMs >= 0) {
                clock.onSample(venueMs, request.sentEpochNs, outcome.epochNs());
            }
        }
        // the history has a budget of its own: what it refuses says nothing of orders
        final AnswerLessons.Bar bar = request.endpoint.isHistory() ? null : lessons.onAnswer(accountId(),
            outcome.status(), name -> outcome.headers().firstValue(name).orElse(null), root, error, outcome.epochNs());
        final boolean limited = outcome.status() == 429 || VenueWords.LIMIT.equals(error);
        if (bar != null && !limited) {
            holdBack(bar, bar.lengthNs(hold.nextDelayNs()), error, outcome);
        }
        if (request.endpoint.isHistory()) {
            request.onAnswer.accept(outcome.status() == 200 ? root : null);
        } else if (limited) {
            onLimited(request, bar, error, outcome);
        } else if (VenueWords.isNonce(error) && ++request.attempts < ATTEMPTS_MAX && up) {
            // surely not executed: once more, with a nonce well above
            http.skipNonces();
            request.waitingSinceNs = outcome.nowNs();
            (request.onAnswer != null ? lanes.questions : request.isCancel() ? lanes.cancels : lanes.news)
                .addFirst(request);
        } else if (outcome.status() == 200 && "success".equals(result)) {
            failures = 0;
            hold.reset();
            http.nonceTaken();
            onSuccess(request, root, outcome.nowNs());
        } else if (request.onAnswer != null) {
            if (outcome.status() >= 500 || root == null) {
                onFailure(request, "HTTP " + outcome.status(), outcome.nowNs());
            }
            request.onAnswer.accept(root);
        } else {
            onNoSuccess(request, root, error, outcome);
        }
    }

    private void onSuccess(final OutboundRequest request, final JsonNode root, final long nowNs) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(root);
            return;
        }
        for (final OrderLine open : answers.onSuccess(request, root, nowNs)) {
            queries.look(open.order());
        }
    }

    /** Refused for sure, or an answer that leaves it open. */
    private void onNoSuccess(final OutboundRequest request, final JsonNode root, final String error,
        final Outcome outcome) {
        final RejectReason reason = root == null ? null : VenueWords.error(error);
        if (reason != null) {
            answers.onRefused(this, request, request.isNew() && reason == RejectReason.UNKNOWN_ORDER
                ? RejectReason.VENUE_REJECTED : reason, error);
            if ("authenticationError".equals(error)) {
                down("refused: " + error, outcome.nowNs());
            }
            return;
        }
        final int status = outcome.status();
        if (root == null && status >= 400 && status < 500 && status != 408 && status != 425) {
            answers.onRefused(this, request, RejectReason.VENUE_REJECTED, "HTTP " + status);
            return;
        }
        if (root == null || error.isEmpty()) {
            counters.increment(KrakenCounter.UNREADABLE_ANSWERS);
        } else if (!VenueWords.isKnownUnsure(error)) {
            counters.increment(KrakenCounter.UNKNOWN_WORDS);
        }
        LOG.warn("account {}: HTTP {} with {} leaves {} open", accountId(), status,
            error.isEmpty() ? outcome.body().length() + " characters of no known form" : error, request.kind());
        if (status >= 500) {
            onFailure(request, "HTTP " + status, outcome.nowNs());
        }
        onLost(request);
    }

    /** No answer will come: the engine makes it UNKNOWN when its time is over; what can be found at once is told. */
    private void onLost(final OutboundRequest request) {
        counters.increment(KrakenCounter.LOST_ANSWERS);
        if (request.onAnswer != null) {
            request.onAnswer.accept(null);
            return;
        }
        request.lines.forEach(line -> queries.look(line.order()));
        if (request.lines.isEmpty()) {
            queries.catchUp();
        }
    }

    private void onNotSent(final OutboundRequest request, final Outcome outcome) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(null);
        } else {
            refuse(request, RejectReason.VENUE_DOWN);
        }
        down("cannot connect: " + outcome.text(), outcome.nowNs());
    }

    /** The venue executed nothing and wants us to wait: cancels come back first, news are reported, none is doubled. */
    private void onLimited(final OutboundRequest request, final AnswerLessons.Bar bar, final String error,
        final Outcome outcome) {
        counters.increment(KrakenCounter.LIMIT_REFUSALS);
        final long pauseNs = hold.nextDelayNs();
        holdBack(bar, bar == null ? pauseNs : bar.lengthNs(pauseNs), error, outcome);
        if (request.onAnswer != null) {
            request.onAnswer.accept(null);
        } else if (request.isCancel()) {
            lanes.cancels.addFirst(request);
        } else {
            answers.onRefused(this, request, RejectReason.VENUE_THROTTLED, VenueWords.LIMIT);
        }
    }

    /** Nothing leaves for a time; the engine's circuit opens for as long, where the contract calls it a bar. */
    private void holdBack(final AnswerLessons.Bar bar, final long delayNs, final String error,
        final Outcome outcome) {
        if (!held || outcome.nowNs() + delayNs - heldUntilNs > 0) {
            held = true;
            heldUntilNs = outcome.nowNs() + delayNs;
        }
        LOG.error("account {}: HTTP {} {} with {} of our units in the window; holding {} ms", accountId(),
            outcome.status(), error, budget.used(outcome.nowNs()), delayNs / 1_000_000L);
        if (bar != null) {
            lessons.tellBar(accountId(), bar, delayNs, outcome.epochNs(), outcome.nowNs());
        }
    }

    private boolean isHeld(final long nowNs) {
        if (held && nowNs - heldUntilNs >= 0) {
            held = false;
        }
        return held || lessons.isAddressHeld(nowNs);
    }

    private void onFailure(final OutboundRequest request, final String text, final long nowNs) {
        failures++;
        if (failures >= failuresToDown) {
            down(request.endpoint() + ": " + text, nowNs);
        }
    }

    private void down(final String text, final long nowNs) {
        if (!up) {
            tell(text);
            return;
        }
        up = false;
        probeAtNs = nowNs;
        counters.increment(KrakenCounter.DOWNS);
        LOG.warn("account {} down: {}", accountId(), text);
        lastText = text;
        refuseLane(lanes.cancels, RejectReason.VENUE_DOWN);
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
        final List<OutboundRequest> questions = new ArrayList<>(lanes.questions);
        lanes.questions.clear();
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        questions.forEach(question -> question.onAnswer.accept(null));
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

    /** The request surely never left: says so of each of its orders. */
    void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.lines.isEmpty()) {
            notSent(0, request.id, request.kind(), reason);
        }
        for (final OrderLine line : request.lines) {
            if (request.isNew()) {
                refuseNew(line, reason);
            } else {
                notSent(line.order().orderId, line.id(),
                    request.isCancel() ? VenueMessageKind.CANCEL : VenueMessageKind.REPLACE, reason);
            }
        }
    }

    /** The order surely never left: says so and forgets it. */
    void refuseNew(final OrderLine line, final RejectReason reason) {
        notSent(line.order().orderId, line.id(), VenueMessageKind.NEW, reason);
        registry.forget(line.order());
    }

    private void notSent(final long orderId, final UUID id, final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(KrakenCounter.NOT_SENT);
        engine.notSent(accountId(), epochClock.nanoTime(), orderId, id, kind, reason);
    }
}
