package weir.venue.cow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.RejectReason;
import weir.protocol.sbe.VenueState;
import weir.venue.AnswerLessons;
import weir.venue.ClockSkewMonitor;
import weir.venue.EventQueue;
import weir.venue.ReconnectBackoff;
import weir.venue.VenueEventProxy;

/**
 * Requests of one owner: lanes (cancels, questions, news), pace, up and down. There is no connection to speak of: up
 * means that the order book answers. Agent's thread; signing goes to its own.
 */
final class OwnerLink {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerLink.class);
    private static final int SCAN_MAX = 64;
    private static final int TOO_MANY = 429;

    private final CowAccount account;
    private final OrderSigner signer;
    private final CowHttp http;
    private final Pace pace;
    private final EventQueue events;
    private final Executor signing;
    private final AnswerLessons lessons;
    private final boolean readsBodies;
    private final ClockSkewMonitor clock;
    private final VenueEventProxy engine;
    private final CowCounters counters;
    private final EpochNanoClock epochClock;
    private final ReconnectBackoff backoff;
    private final int laneCapacity;
    private final int inFlightMax;
    private final int failuresToDown;
    private final ArrayDeque<Job> cancels = new ArrayDeque<>();
    private final ArrayDeque<Job> questions = new ArrayDeque<>();
    private final ArrayDeque<Job> news = new ArrayDeque<>();
    private OrderDesk orders;
    private StateDesk states;
    private int inFlight;
    private int signingNow;
    private int failures;
    private boolean up;
    private boolean wasUp;
    private boolean probing;
    private boolean closing;
    private long probeAtNs;
    private String lastText = "";

    OwnerLink(final CowAdapter.Context settings, final CowAccount account, final CowHttp http, final Pace pace,
        final EventQueue events, final Executor signing, final AnswerLessons lessons, final ClockSkewMonitor clock,
        final VenueEventProxy engine, final CowCounters counters, final long nowNs) {
        this.account = account;
        this.http = http;
        this.pace = pace;
        this.events = events;
        this.signing = signing;
        this.lessons = lessons;
        readsBodies = lessons.readsBodies();
        this.clock = clock;
        this.engine = engine;
        this.counters = counters;
        signer = new OrderSigner(account.signer(), settings.chainId(), settings.settlementContract());
        epochClock = settings.epochClock();
        backoff = new ReconnectBackoff(settings.reconnectMinMs() * 1_000_000L, settings.reconnectMaxMs() * 1_000_000L,
            nowNs + account.accountId());
        laneCapacity = settings.laneCapacity();
        inFlightMax = settings.inFlightMax();
        failuresToDown = settings.failuresToDown();
        probeAtNs = nowNs;
    }

    void bind(final OrderDesk orderDesk, final StateDesk stateDesk) {
        orders = orderDesk;
        states = stateDesk;
    }

    int accountId() {
        return account.accountId();
    }

    String owner() {
        return account.signer().address().lower();
    }

    boolean isUp() {
        return up && !closing;
    }

    OrderDesk orders() {
        return orders;
    }

    StateDesk states() {
        return states;
    }

    boolean hasRoom() {
        return news.size() + signingNow < laneCapacity && cancels.size() < laneCapacity;
    }

    /** Signs on the thread for it; the result comes back on the agent's. Null when the key does not sign any more. */
    <T> void sign(final Function<OrderSigner, T> what, final Consumer<T> signed) {
        signingNow++;
        signing.execute(() -> {
            T result = null;
            try {
                result = what.apply(signer);
                counters.increment(CowCounter.SIGNATURES);
            } catch (final RuntimeException ex) {
                LOG.error("account {}: cannot sign: {}", account.accountId(), ex.getMessage());
            }
            final T done = result;
            events.put(() -> {
                signingNow--;
                signed.accept(done);
            });
        });
    }

    void cancel(final Job job, final boolean first) {
        add(cancels, job, first);
    }

    void news(final Job job) {
        if (closing && orders.refuse(job, RejectReason.VENUE_DOWN)) {
            return; // signed too late
        }
        add(news, job, false);
    }

    /** A question of ours waits for its turn. */
    void ask(final Job job) {
        add(questions, job, false);
    }

    private static void add(final ArrayDeque<Job> lane, final Job job, final boolean first) {
        job.waitingSinceNs = System.nanoTime();
        if (first) {
            lane.addFirst(job);
        } else {
            lane.addLast(job);
        }
    }

    /** Takes a request back that has not left; false when it has. */
    boolean withdraw(final Job job) {
        if (job == null || job.left && !job.isQuote()) {
            return false;
        }
        job.withdrawn = true;
        questions.remove(job);
        news.remove(job);
        cancels.remove(job);
        return true;
    }

    /** No new orders from here on. */
    void leave() {
        closing = true;
        refuse(news, RejectReason.VENUE_DOWN);
    }

    boolean isLeft() {
        return inFlight == 0 && signingNow == 0 && (cancels.isEmpty() || !up);
    }

    /** The adapter ends: the engine is told, once. */
    void end() {
        if (up) {
            up = false;
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter closed");
        }
    }

    int doWork(final long nowNs) {
        return expire(nowNs) + probe(nowNs) + dispatch(nowNs);
    }

    private int expire(final long nowNs) {
        int expired = 0;
        for (final Iterator<Job> oldest = news.iterator(); oldest.hasNext();) {
            final Job job = oldest.next();
            if (orders.isLate(job, nowNs)) {
                oldest.remove();
                job.withdrawn = true;
                orders.refuse(job, RejectReason.VENUE_THROTTLED);
                expired++;
            }
        }
        return expired;
    }

    /** The open orders of the owner: that they are told is the sign of life. */
    private int probe(final long nowNs) {
        if (up || probing || closing || nowNs - probeAtNs < 0 || !pace.admits(true, nowNs)) {
            return 0;
        }
        probing = true;
        send(new Job(null, "GET", "/api/v1/account/" + owner() + "/orders?offset=0&limit=1000", null,
            this::onProbe), nowNs);
        return 1;
    }

    private void onProbe(final Answer answer) {
        probing = false;
        final var root = answer.isOk() ? answer.json() : null;
        if (root == null || !root.isArray()) {
            probeAtNs = System.nanoTime() + backoff.nextDelayNs();
            tell(answer.isOk() ? "no list of orders" : answer.describe());
            return;
        }
        up = true;
        failures = 0;
        lastText = "";
        backoff.reset();
        if (!wasUp) {
            // a router that was killed still has the account as up: what its last run left open is to be asked for
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, "adapter started");
        }
        wasUp = true;
        int open = 0;
        for (final var order : root) {
            open += "open".equals(order.path("status").asText()) ? 1 : 0;
        }
        counters.set(CowCounter.OPEN_AT_START, open);
        counters.increment(CowCounter.UPS);
        LOG.info("account {} up: owner {}, {} open orders", accountId(), owner(), open);
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.UP, "order book answers");
    }

    private int dispatch(final long nowNs) {
        int sent = 0;
        while (up && inFlight < inFlightMax && (sendOneOf(cancels, true, nowNs) || sendOneOf(questions, false, nowNs)
            || !closing && sendOneOf(news, false, nowNs))) {
            sent++;
        }
        return sent;
    }

    private boolean sendOneOf(final ArrayDeque<Job> lane, final boolean cancel, final long nowNs) {
        if (lane.isEmpty() || !pace.admits(cancel, nowNs)) {
            return false;
        }
        int scanned = 0;
        for (final Job job : lane) {
            if (++scanned > SCAN_MAX) {
                break;
            }
            if (!job.conflicts()) {
                lane.remove(job);
                send(job, nowNs);
                return true;
            }
        }
        return false;
    }

    private void send(final Job job, final long nowNs) {
        job.paceEntry = pace.open(nowNs);
        job.left = true;
        job.sentNs = nowNs;
        job.sentEpochNs = epochClock.nanoTime();
        job.orders.forEach(order -> order.busy = true);
        inFlight++;
        counters.increment(CowCounter.REQUESTS);
        http.send(job, this::onWritten, answer -> onAnswer(job, answer));
    }

    private void onWritten(final Job job) {
        if (!job.sentReported && job.kind != null) {
            engine.sent(accountId(), epochClock.nanoTime(), job.kind, job.sentEpochNs, job.orderIds());
        }
        job.sentReported = true;
    }

    private void onAnswer(final Job job, final Answer answer) {
        final long nowNs = System.nanoTime();
        inFlight--;
        job.orders.forEach(order -> order.busy = false);
        pace.end(job.paceEntry, answer.kind(), nowNs);
        if (answer.kind() == Answer.Kind.ANSWERED) {
            onWritten(job);
            onStatus(job, answer, nowNs);
        } else if (answer.kind() == Answer.Kind.LOST) {
            counters.increment(CowCounter.LOST_ANSWERS);
            failed(answer.text(), nowNs);
        }
        job.onAnswer.accept(answer);
        if (answer.kind() == Answer.Kind.NOT_SENT) {
            down("cannot connect: " + answer.text(), nowNs);
        }
    }

    private void onStatus(final Job job, final Answer answer, final long nowNs) {
        if (answer.venueMs() > 0) {
            clock.onSample(answer.venueMs(), job.sentEpochNs, answer.epochNs());
        }
        final AnswerLessons.Bar bar = lessons.onAnswer(accountId(), answer.status(), answer.headers(),
            readsBodies ? answer.json() : null, answer.isOk() ? "" : answer.describe(), answer.epochNs());
        if (answer.status() == TOO_MANY || bar != null) {
            counters.increment(CowCounter.LIMIT_REFUSALS);
            final long forNs = pace.bar(bar == null ? 0 : bar.lengthNs(), nowNs);
            LOG.error("account {}: HTTP {}; nothing is sent for {} ms", accountId(), answer.status(),
                forNs / 1_000_000L);
            if (bar != null) {
                lessons.tellBar(accountId(), bar, forNs, answer.epochNs(), nowNs);
            }
        } else if (answer.status() >= 500) {
            failed("HTTP " + answer.status(), nowNs);
        } else {
            failures = 0;
            pace.passed();
        }
    }

    private void failed(final String text, final long nowNs) {
        failures++;
        if (failures >= failuresToDown) {
            down(text, nowNs);
        }
    }

    private void down(final String text, final long nowNs) {
        if (!up) {
            tell(text);
            return;
        }
        up = false;
        failures = 0;
        probeAtNs = nowNs;
        counters.increment(CowCounter.DOWNS);
        LOG.warn("account {} down: {}", accountId(), text);
        lastText = text;
        refuse(cancels, RejectReason.VENUE_DOWN);
        refuse(news, RejectReason.VENUE_DOWN);
        engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        final List<Job> asked = new ArrayList<>(questions);
        questions.clear();
        final Answer none = Answer.none(Answer.Kind.NOT_SENT, text, epochClock.nanoTime());
        asked.forEach(job -> job.onAnswer.accept(none));
    }

    private void refuse(final ArrayDeque<Job> lane, final RejectReason reason) {
        for (final Job job : new ArrayList<>(lane)) {
            if (orders.refuse(job, reason)) {
                lane.remove(job);
            }
        }
    }

    private void tell(final String text) {
        if (!text.equals(lastText)) {
            lastText = text;
            LOG.warn("account {}: {}", accountId(), text);
            engine.sessionState(accountId(), epochClock.nanoTime(), VenueState.DOWN, text);
        }
    }
}
