package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
import weir.venue.VenueEventProxy;

/**
 * One account's way over REST: what waits, what is with the venue, the budget, up or down. Several requests are with
 * the venue at once, two about one order never. A cancel or replace of an order whose venue id is not known here asks
 * for it first. Agent's thread.
 */
final class AccountLink {
    private static final Logger LOG = LoggerFactory.getLogger(AccountLink.class);
    private static final int UNAUTHORIZED = 401;
    private static final int SCAN_MAX = 32;
    /** So long a request may be taken: its whole second may be 5 s off ("REST authentication"), and some for clocks. */
    private static final long LIFE_NS = 6_500_000_000L;

    private final IntxAccount account;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final VenueEventProxy engine;
    private final OrderRegistry registry;
    private final RequestForms forms;
    private final VenueJson json;
    private final AnswerReader answers;
    private final OrderEvents orders;
    private final AnswerLessons lessons;
    private final ClockSkewMonitor clock;
    private final IntxHttp http;
    private final Budget budget;
    private final Lanes lanes;
    private final ReconnectBackoff backoff;
    private final ReconnectBackoff hold;
    private final List<OutboundRequest> inFlight = new ArrayList<>();
    private final int inFlightMax;
    private final int failuresToDown;
    private final long newsWaitNs;
    private final long idleProbeNs;
    private QueryDesk queries;
    /** Null where orders go by REST alone. */
    private FixPath second;
    private boolean asksPortfolios;
    private boolean up;
    private boolean probing;
    private boolean closing;
    private int failures;
    private long timesUp;
    private long probeAtNs;
    private boolean held;
    private long heldSinceNs;
    private long heldUntilNs;
    private long instructedNs;
    private long sentNs;
    private String lastText = "";

    AccountLink(final IntxAdapter.Context context, final IntxAccount account, final IntxHttp http,
        final Budget budget, final VenueJson json, final AnswerReader answers, final OrderEvents orders,
        final AnswerLessons lessons, final ClockSkewMonitor clock, final OrderRegistry registry,
        final VenueEventProxy engine, final IntxCounters counters, final long nowNs) {
        this.account = account;
        this.http = http;
        this.budget = budget;
        this.json = json;
        this.answers = answers;
        this.orders = orders;
        this.lessons = lessons;
        this.clock = clock;
        this.registry = registry;
        this.engine = engine;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.forms = new RequestForms(account.portfolio(), context.decrementWord());
        this.lanes = new Lanes(context.laneCapacity());
        this.inFlightMax = context.inFlightMax();
        this.failuresToDown = context.failuresToDown();
        this.newsWaitNs = context.newsWaitMs() * 1_000_000L;
        this.idleProbeNs = context.idleProbeMs() * 1_000_000L;
        this.backoff = new ReconnectBackoff(context.reconnectMinMs() * 1_000_000L,
            context.reconnectMaxMs() * 1_000_000L, nowNs ^ account.accountId());
        this.hold = new ReconnectBackoff(context.holdMinMs() * 1_000_000L, context.holdMaxMs() * 1_000_000L, nowNs);
        // nobody knows what a run before sent: a window of the venue's passes first
        this.probeAtNs = nowNs + context.windowMs() * 1_000_000L;
        this.instructedNs = nowNs - Long.MAX_VALUE / 2;
    }

    void bind(final QueryDesk desk) {
        queries = desk;
    }

    void bind(final FixPath path) {
        second = path;
        asksPortfolios = forms.portfolioUuid().isEmpty();
    }

    /** The second path, null where there is none. */
    FixPath second() {
        return second;
    }

    boolean isFixUp() {
        return second != null && second.isUp();
    }

    int accountId() {
        return account.accountId();
    }

    RequestForms forms() {
        return forms;
    }

    boolean isUp() {
        return up;
    }

    /** When an order, replace or cancel was last sent. */
    long instructedNs() {
        return instructedNs;
    }

    Lanes lanes() {
        return lanes;
    }

    QueryDesk queries() {
        return queries;
    }

    /** A question of ours waits for its turn; its consumer gets null when there is no answer. */
    void ask(final OutboundRequest question) {
        question.waitingSinceNs = System.nanoTime();
        lanes.questions.addLast(question);
    }

    /** The same before all that wait: fills are owed to somebody. */
    void askFirst(final OutboundRequest question) {
        question.waitingSinceNs = System.nanoTime();
        lanes.questions.addFirst(question);
    }

    /** No new orders from here on. */
    void leave() {
        closing = true;
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
    }

    boolean isLeft() {
        return inFlight.isEmpty() && (lanes.cancels.isEmpty() || !up);
    }

    /** The adapter ends: the engine is told, once. */
    void end() {
        if (up) {
            up = false;
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter closed");
        }
    }

    int doWork(final long nowNs) {
        return expireNews(nowNs) + probe(nowNs) + probeIdle(nowNs) + dispatch(nowNs);
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
        if (up || probing || closing || nowNs - probeAtNs < 0 || held && nowNs - heldUntilNs < 0
            || !budget.admits(Budget.Lane.CANCEL, nowNs)) {
            return 0;
        }
        probing = true;
        send(forms.portfolio().isEmpty() || asksPortfolios
            ? OutboundRequest.question(Endpoint.PORTFOLIOS, "/portfolios", "", this::onPortfolios)
            : OutboundRequest.question(Endpoint.OPEN_ORDERS, "/orders", forms.portfolioQuery() + "&result_limit=1",
            this::onProbe), Budget.Lane.CANCEL, nowNs);
        return 1;
    }

    /** Where nothing else is sent: whether the venue is there, what its clock says, a connection that stays warm. */
    private int probeIdle(final long nowNs) {
        if (!up || closing || nowNs - sentNs < idleProbeNs || !lanes.isEmpty() || !inFlight.isEmpty()) {
            return 0;
        }
        ask(OutboundRequest.question(Endpoint.OPEN_ORDERS, "/orders", forms.portfolioQuery() + "&result_limit=1",
            (status, root) -> { }));
        return 1;
    }

    /** The account's portfolio, else the key's only or its default one. FIX wants its UUID. */
    private void onPortfolios(final int status, final JsonNode root) {
        if (status != 200 || root == null || !root.isArray()) {
            onProbe(status, root);
            return;
        }
        probing = false;
        final String named = forms.portfolio();
        for (final JsonNode portfolio : root) {
            final String id = VenueJson.text(portfolio, "portfolio_id");
            if (named.isEmpty() ? root.size() == 1 || portfolio.path("is_default").asBoolean() : named.equals(id)) {
                forms.portfolio(id, VenueJson.text(portfolio, "portfolio_uuid"));
                asksPortfolios = false;
                LOG.info("account {} trades portfolio {}", accountId(), id);
                return;
            }
        }
        if (!named.isEmpty()) {
            // REST takes the name as it is, and says so if it is wrong; FIX has none to send
            asksPortfolios = false;
            LOG.warn("account {}: portfolio {} is not among the key's, no second path", accountId(), named);
            return;
        }
        probeAtNs = System.nanoTime() + backoff.nextDelayNs();
        tell(root.size() + " portfolios, none of them the default; name one");
    }

    private void onProbe(final int status, final JsonNode root) {
        probing = false;
        if (status == 200 && root != null && root.path("results").isArray()) {
            up = true;
            failures = 0;
            lastText = "";
            backoff.reset();
            if (timesUp == 0) {
                // a router that was killed still has the account as up: what its last run left open is to be asked for
                engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter started");
            }
            timesUp++;
            counters.increment(IntxCounter.UPS);
            LOG.info("account {} up", accountId());
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.UP, "REST answers");
        } else {
            probeAtNs = System.nanoTime() + backoff.nextDelayNs();
            tell(status == AnswerConsumer.NONE ? "no answer"
                : "HTTP " + status + (root == null ? "" : ": " + VenueWords.text(VenueJson.error(root))));
        }
    }

    private int dispatch(final long nowNs) {
        int sent = 0;
        while (up && (!held || nowNs - heldUntilNs >= 0) && !lanes.isEmpty()
            && (sendOneOf(lanes.cancels, Budget.Lane.CANCEL, nowNs) || sendOneOf(lanes.news, Budget.Lane.NEWS, nowNs)
            || sendOneOf(lanes.questions, Budget.Lane.QUESTION, nowNs))) {
            sent++;
        }
        return sent;
    }

    /** Sends the first of the lane that may leave. A lane that waits for the budget does not let a later one pass. */
    private boolean sendOneOf(final ArrayDeque<OutboundRequest> lane, final Budget.Lane spender, final long nowNs) {
        if (lane.isEmpty() || inFlight.size() >= inFlightMax) {
            return false;
        }
        int scanned = 0;
        for (final OutboundRequest request : lane) {
            if (++scanned > SCAN_MAX) {
                break;
            }
            if (request.conflicts() || request.resolving) {
                continue;
            }
            if (!budget.admits(spender, nowNs)) {
                onWaits(request);
                return false;
            }
            if (request.wantsVenueId()) {
                resolve(request, spender, nowNs);
                return true;
            }
            lane.remove(request);
            send(request, spender, nowNs);
            return true;
        }
        return false;
    }

    /** Asks for the venue's id of an order, on the budget of what wants it. */
    private void resolve(final OutboundRequest request, final Budget.Lane spender, final long nowNs) {
        request.resolving = true;
        send(OutboundRequest.question(Endpoint.OPEN_ORDERS, "/orders", forms.portfolioQuery() + "&client_order_id="
            + request.line.order().clientId, (status, root) -> onResolved(request, status, root)), spender, nowNs);
    }

    private void onResolved(final OutboundRequest request, final int status, final JsonNode root) {
        request.resolving = false;
        if (status != 200 || root == null || !root.path("results").isArray()) {
            return;
        }
        final JsonNode found = root.path("results").path(0);
        if (VenueJson.isOrder(found)) {
            orders.acknowledged(request.line.order(), VenueJson.text(found, "order_id"), true);
        } else if (lanes.cancels.remove(request) || lanes.news.remove(request)) {
            orders.requestRefused(request.line.order(), request.line.id(), request.kind, RejectReason.UNKNOWN_ORDER,
                "not open at the venue");
            queries.look(request.line.order());
        }
    }

    private void onWaits(final OutboundRequest request) {
        if (!request.waited) {
            request.waited = true;
            counters.increment(IntxCounter.HELD);
        }
    }

    private void send(final OutboundRequest request, final Budget.Lane lane, final long nowNs) {
        request.budgetEntry = budget.open(lane, nowNs);
        request.sentNs = nowNs;
        sentNs = nowNs;
        request.sentEpochNs = epochClock.nanoTime();
        if (request.onAnswer == null) {
            forms.form(request);
            counters.increment(IntxCounter.INSTRUCTIONS);
            instructedNs = nowNs;
        }
        inFlight.add(request);
        if (request.line != null) {
            request.line.order().inFlight++;
            request.line.order().sent = true;
        }
        counters.increment(IntxCounter.REQUESTS);
        counters.max(IntxCounter.PEAK_REQUESTS, budget.peak());
        http.send(request, this::onWritten, outcome -> onOutcome(request, outcome));
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

    private void onOutcome(final OutboundRequest request, final Outcome outcome) {
        inFlight.remove(request);
        if (request.line != null) {
            request.line.order().inFlight--;
        }
        switch (outcome.kind()) {
            case NOT_SENT:
                budget.withdraw(request.budgetEntry);
                onNotSent(request, outcome);
                break;
            case LOST:
                if (request.body.isEmpty()) {
                    // nothing tells how far a request without a body came: it may have left
                    onWritten(request);
                }
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
        if (outcome.dateMs() >= 0) {
            clock.onSample(outcome.dateMs(), request.sentEpochNs, outcome.epochNs());
        }
        final int status = outcome.status();
        final JsonNode root = json.parse(outcome.body());
        if (status == VenueWords.TOO_MANY) {
            onLimited(request, root, outcome);
        } else if (status >= 200 && status < 300 && root != null) {
            failures = 0;
            hold.reset();
            onSuccess(request, status, root, outcome.nowNs());
        } else {
            onNoSuccess(request, status, root, outcome);
        }
    }

    private void onSuccess(final OutboundRequest request, final int status, final JsonNode root, final long nowNs) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(status, root);
        } else if (!answers.onSuccess(request, root, nowNs)) {
            onOpen(request);
        }
    }

    /** Refused for sure, or an answer that leaves it open. */
    private void onNoSuccess(final OutboundRequest request, final int status, final JsonNode root,
        final Outcome outcome) {
        final String title = root == null ? "" : VenueJson.error(root);
        final boolean refused = VenueWords.refuses(status) && !title.contains(VenueWords.DUPLICATE);
        if (status == UNAUTHORIZED) {
            LOG.error("account {}: {} {}: {}", accountId(), request.endpoint, request.path, title);
        }
        if (request.onAnswer != null) {
            if (!refused) {
                onFailure(request, "HTTP " + status, outcome.nowNs());
            }
            request.onAnswer.accept(refused ? status : AnswerConsumer.NONE, root);
        } else if (refused) {
            answers.onRefused(accountId(), request, reason(request, title), VenueWords.text(title));
            if (request.line != null && !request.isNew()) {
                queries.look(request.line.order());
            }
        } else {
            counters.increment(root == null || title.isEmpty() ? IntxCounter.UNREADABLE_ANSWERS
                : IntxCounter.UNKNOWN_WORDS);
            LOG.warn("account {}: HTTP {} with {} leaves {} open", accountId(), status,
                title.isEmpty() ? outcome.body().length() + " characters of no known form" : title, request.kind);
            if (status >= 500) {
                onFailure(request, "HTTP " + status, outcome.nowNs());
            }
            onLost(request);
        }
        if (status == UNAUTHORIZED && up) {
            down("refused: " + VenueWords.text(title), outcome.nowNs());
        }
    }

    private RejectReason reason(final OutboundRequest request, final String title) {
        final RejectReason reason = VenueWords.reason(title);
        if (reason == null) {
            counters.increment(IntxCounter.UNKNOWN_WORDS);
        }
        return reason == null || request.isNew() && reason == RejectReason.UNKNOWN_ORDER
            ? RejectReason.VENUE_REJECTED : reason;
    }

    /** No answer, or one that leaves it open: it may lie on its way and be taken yet. The order is looked at. */
    private void onOpen(final OutboundRequest request) {
        if (request.line == null) {
            queries.catchUp();
            return;
        }
        final LiveOrder order = request.line.order();
        if (!request.isCancel()) {
            order.unsureUntilNs = Math.max(1, request.sentNs + LIFE_NS);
        }
        if (request.kind == VenueMessageKind.REPLACE) {
            order.unsureReplace = request.line;
            // which quantity it has is not known: a fill says by itself whether it was the last
            order.orderQty = Scale.NULL;
        }
        queries.look(order);
    }

    /** No answer will come: the engine makes it UNKNOWN when its time is over; what can be found at once is told. */
    private void onLost(final OutboundRequest request) {
        counters.increment(IntxCounter.LOST_ANSWERS);
        if (request.onAnswer != null) {
            request.onAnswer.accept(AnswerConsumer.NONE, null);
        } else {
            onOpen(request);
        }
    }

    private void onNotSent(final OutboundRequest request, final Outcome outcome) {
        if (request.onAnswer != null) {
            request.onAnswer.accept(AnswerConsumer.NONE, null);
        } else {
            refuse(request, RejectReason.VENUE_DOWN);
        }
        down("cannot connect: " + outcome.text(), outcome.nowNs());
    }

    /** The venue executed nothing and wants us to wait: cancels come back first, news are reported, none is doubled. */
    private void onLimited(final OutboundRequest request, final JsonNode root, final Outcome outcome) {
        final long nowNs = outcome.nowNs();
        final AnswerLessons.Bar bar = lessons.onAnswer(accountId(), outcome.status(), AnswerLessons.NO_HEADERS, root,
            root == null ? "" : VenueJson.error(root), outcome.epochNs());
        counters.increment(IntxCounter.LIMIT_REFUSALS);
        // what left before we were told to wait is of the same offence
        if (!held || request.sentNs - heldSinceNs > 0) {
            final long delayNs = hold.nextDelayNs();
            held = true;
            heldSinceNs = nowNs;
            heldUntilNs = nowNs + delayNs;
            LOG.error("account {}: 429 with {} of our requests in the window; holding {} ms", accountId(),
                budget.used(nowNs), delayNs / 1_000_000L);
            if (bar != null && !isFixUp()) {
                lessons.tellBar(accountId(), bar, delayNs, outcome.epochNs(), nowNs);
            }
        }
        if (request.onAnswer != null) {
            request.onAnswer.accept(AnswerConsumer.NONE, null);
        } else if (request.isCancel()) {
            lanes.cancels.addFirst(request);
        } else {
            answers.onRefused(accountId(), request, RejectReason.VENUE_THROTTLED, "HTTP 429");
        }
        if (up && isFixUp()) {
            // a bar belongs to a path: what REST may not carry goes by FIX, until REST may be asked again
            down("HTTP 429, held for a time", nowNs);
            probeAtNs = heldUntilNs;
        }
    }

    private void onFailure(final OutboundRequest request, final String text, final long nowNs) {
        failures++;
        if (failures >= failuresToDown) {
            down(request.endpoint + ": " + text, nowNs);
        }
    }

    private void down(final String text, final long nowNs) {
        if (!up) {
            tell(text);
            return;
        }
        up = false;
        probeAtNs = nowNs;
        counters.increment(IntxCounter.DOWNS);
        LOG.warn("account {} down: {}", accountId(), text);
        lastText = text;
        refuseLane(lanes.cancels, RejectReason.VENUE_DOWN);
        refuseLane(lanes.news, RejectReason.VENUE_DOWN);
        final List<OutboundRequest> questions = new ArrayList<>(lanes.questions);
        lanes.questions.clear();
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        questions.forEach(question -> question.onAnswer.accept(AnswerConsumer.NONE, null));
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

    /** The request surely never left: says so; a new order is forgotten. */
    void refuse(final OutboundRequest request, final RejectReason reason) {
        if (request.line == null) {
            notSent(0, request.id, request.kind, reason);
        } else if (request.isNew()) {
            refuseNew(request.line, reason);
        } else {
            notSent(request.line.order().orderId, request.line.id(), request.kind, reason);
        }
    }

    /** The order surely never left: says so and forgets it. */
    void refuseNew(final OrderLine line, final RejectReason reason) {
        notSent(line.order().orderId, line.id(), VenueMessageKind.NEW, reason);
        registry.forget(line.order());
    }

    private void notSent(final long orderId, final UUID id, final VenueMessageKind kind, final RejectReason reason) {
        counters.increment(IntxCounter.NOT_SENT);
        engine.notSent(accountId(), epochClock.nanoTime(), orderId, id, kind, reason);
    }
}
