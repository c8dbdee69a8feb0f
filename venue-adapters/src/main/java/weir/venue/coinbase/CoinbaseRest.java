package weir.venue.coinbase;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.AnswerLessons;
import weir.venue.EventQueue;
import weir.venue.LazyFillBucket;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/**
 * Signed REST of one account, never blocking the agent: calls wait here until the profile's buckets admit them, are
 * signed at the moment they leave, and answer into the event queue. Both buckets are charged for fills; of the venue's
 * ("REST API Rate Limits": private 15/s burst 30, fills 10/s burst 20) nine tenths of the rate and all but five of the
 * burst are used. Cancels go first, and the last tokens are theirs. Refused for the rate: hold one second, doubled up
 * to eight, or as long as the venue says. Agent's thread.
 */
final class CoinbaseRest {
    private static final Logger LOG = LoggerFactory.getLogger(CoinbaseRest.class);
    /** In place of a status: the request surely never left. */
    static final int NEVER_LEFT = -1;
    private static final int CANCELS_IN_FLIGHT = 4;
    private static final int CANCEL_RESERVE = 5;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long HOLD_MAX_NS = 8 * SECOND_NS;
    private static final int IN_FLIGHT_MAX = 8;
    private static final int BURST_SAFETY = 5;
    private static final int RATE_PERCENT = 90;

    private final CoinbaseAccount account;
    private final CoinbaseSigner signer;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final CoinbaseCounters counters;
    private final Duration timeout;
    private final LazyFillBucket privateBucket;
    private final LazyFillBucket fillsBucket;
    private final ArrayDeque<RestCall> waiting = new ArrayDeque<>();
    private final ArrayDeque<RestCall> cancels = new ArrayDeque<>();
    private final ArrayDeque<RestCall> news = new ArrayDeque<>();
    private QueryDesk desk;
    private AnswerLessons lessons;
    /** Null where orders go by FIX alone. */
    private RestPath path;
    private int inFlight;
    private boolean held;
    private long heldUntilNs;
    private long holdNs = SECOND_NS;

    CoinbaseRest(final CoinbaseAdapter.Context context, final CoinbaseAccount account, final HttpClient client,
        final EventQueue events, final CoinbaseCounters counters) {
        this.account = account;
        this.signer = new CoinbaseSigner(account.secret());
        this.client = client;
        this.events = events;
        this.epochClock = context.epochClock();
        this.counters = counters;
        this.timeout = Duration.ofMillis(context.restTimeoutMs());
        this.privateBucket = bucket(context.restPrivatePerSecond(), context.restPrivateBurst());
        this.fillsBucket = bucket(context.restFillsPerSecond(), context.restFillsBurst());
        // a former run may have spent them a moment ago
        privateBucket.drain(System.nanoTime());
        fillsBucket.drain(System.nanoTime());
    }

    private static LazyFillBucket bucket(final int venueRate, final int venueBurst) {
        return new LazyFillBucket(Math.max(1, venueRate * RATE_PERCENT / 100), venueBurst - BURST_SAFETY);
    }

    void bind(final QueryDesk queryDesk, final AnswerLessons answerLessons) {
        desk = queryDesk;
        lessons = answerLessons;
    }

    void bind(final RestPath restPath) {
        path = restPath;
    }

    /**
     * Takes a call in; what replaces an order that is cancelled already goes before other orders, and a query that is
     * under way before those that begin: were they served in turn, of many none would end within its time.
     */
    void submit(final RestCall call) {
        if (call.job != null && call.kind() == RestCall.Kind.NEW) {
            news.addFirst(call);
        } else if (call.query() != null && call.query().underWay) {
            waiting.addFirst(call);
        } else {
            lane(call).addLast(call);
        }
    }

    /** Orders and cancels that wait. */
    int waitingOrders() {
        return cancels.size() + news.size();
    }

    /** Takes an order's waiting new back, null when none waits. */
    RestCall withdraw(final long orderId) {
        for (final Iterator<RestCall> i = news.iterator(); i.hasNext();) {
            final RestCall call = i.next();
            if (call.orderId == orderId && call.job == null) {
                i.remove();
                return call;
            }
        }
        return null;
    }

    /** Takes every waiting order back, but for those that replace one which is cancelled already. */
    void withdrawNews(final Consumer<RestCall> taken) {
        for (final Iterator<RestCall> i = news.iterator(); i.hasNext();) {
            final RestCall call = i.next();
            if (call.job == null) {
                i.remove();
                taken.accept(call);
            }
        }
    }

    /** Takes back what has waited too long for its end to hold. */
    void withdrawLate(final EpochNanoClock clock, final Consumer<RestCall> taken) {
        if (news.isEmpty()) {
            return;
        }
        final long nowEpochNs = clock.nanoTime();
        for (final RestCall call : List.copyOf(news)) {
            if (call.leaveByEpochNs != 0 && nowEpochNs > call.leaveByEpochNs) {
                news.remove(call);
                taken.accept(call);
            }
        }
    }

    /** Takes every waiting order and cancel back. */
    void withdrawAll(final Consumer<RestCall> taken) {
        final List<RestCall> all = new ArrayList<>(news); // what is taken back may bring forth others, which stay
        all.addAll(cancels);
        news.clear();
        cancels.clear();
        all.forEach(taken);
    }

    private ArrayDeque<RestCall> lane(final RestCall call) {
        return call.isCancel() ? cancels : call.kind() == RestCall.Kind.NEW ? news : waiting;
    }

    int doWork(final long nowNs) {
        if (waiting.isEmpty() && cancels.isEmpty() && news.isEmpty() || held && nowNs - heldUntilNs < 0) {
            return 0;
        }
        return send(cancels, IN_FLIGHT_MAX + CANCELS_IN_FLIGHT, 0, nowNs)
            + send(waiting, IN_FLIGHT_MAX, CANCEL_RESERVE, nowNs)
            + send(news, IN_FLIGHT_MAX, CANCEL_RESERVE, nowNs);
    }

    /** What of a lane may leave, in its order; an order that has a request with the venue holds up no other. */
    private int send(final ArrayDeque<RestCall> lane, final int most, final int reserve, final long nowNs) {
        int issued = 0;
        for (final Iterator<RestCall> i = lane.iterator(); i.hasNext() && inFlight < most;) {
            final RestCall call = i.next();
            if (call.query() != null && call.query().done) {
                i.remove();
                continue;
            }
            if (call.query() == null && !path.mayLeave(call, nowNs)) {
                continue;
            }
            if (!admit(call, reserve, nowNs)) {
                break;
            }
            held = false;
            i.remove();
            send(call, nowNs);
            issued++;
        }
        return issued;
    }

    private boolean admit(final RestCall call, final int reserve, final long nowNs) {
        if (!privateBucket.has(nowNs, 1 + reserve)) {
            return false;
        }
        return (call.kind() != RestCall.Kind.FILLS || fillsBucket.take(nowNs)) && privateBucket.take(nowNs);
    }

    private void send(final RestCall call, final long nowNs) {
        inFlight++;
        call.attempts++;
        counters.increment(CoinbaseCounter.REST_REQUESTS);
        if (call.query() == null) {
            path.onLeaves(call, nowNs);
        }
        final WatchedBody body = call.body().isEmpty() ? null : new WatchedBody(
            call.body().getBytes(StandardCharsets.UTF_8), () -> events.put(() -> path.onWritten(call)));
        final HttpRequest request;
        try {
            request = request(call, body);
        } catch (final IllegalArgumentException ex) {
            LOG.error("account {} order {}: {} has no form", account.accountId(), call.orderId, call.kind());
            events.put(() -> onAnswer(call, NEVER_LEFT, "", AnswerLessons.NO_HEADERS));
            return;
        }
        WholeAnswer.of(client, request).whenComplete((response, failure) -> {
            final int status = failure == null ? response.statusCode()
                : neverLeft(body, cause(failure)) ? NEVER_LEFT : 0;
            final String text = failure == null ? response.body() : "";
            final UnaryOperator<String> headers = failure == null
                ? name -> response.headers().firstValue(name).orElse(null) : AnswerLessons.NO_HEADERS;
            events.put(() -> onAnswer(call, status, text, headers));
        });
    }

    private HttpRequest request(final RestCall call, final WatchedBody body) {
        final String timestamp = Long.toString(epochClock.nanoTime() / SECOND_NS);
        return HttpRequest.newBuilder(account.restUri().resolve(call.path()))
            .timeout(timeout)
            .header("CB-ACCESS-KEY", account.apiKey())
            .header("CB-ACCESS-SIGN", signer.signRest(timestamp, call.method(), call.path(), call.body()))
            .header("CB-ACCESS-TIMESTAMP", timestamp)
            .header("CB-ACCESS-PASSPHRASE", account.passphrase())
            .header("Content-Type", "application/json")
            .header("User-Agent", "weir")
            .method(call.method(), body == null ? HttpRequest.BodyPublishers.noBody() : body)
            .build();
    }

    /** A body that was never asked for has not left; without a body only a connection that never stood is proof. */
    private static boolean neverLeft(final WatchedBody body, final Throwable failure) {
        return body != null ? body.revoke()
            : failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
            || failure instanceof UnresolvedAddressException || failure instanceof SSLHandshakeException;
    }

    private static Throwable cause(final Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void onAnswer(final RestCall call, final int status, final String body,
        final UnaryOperator<String> headers) {
        inFlight--;
        final long nowNs = System.nanoTime();
        final long epochNs = epochClock.nanoTime();
        // without the words: those of the contract are the session's, and this is another budget
        final AnswerLessons.Bar bar = lessons.onAnswer(account.accountId(), status, headers, null, "", epochNs);
        if (bar != null) {
            lessons.tellBar(account.accountId(), bar, bar.lengthNs(), epochNs, nowNs);
            held = true;
            heldUntilNs = nowNs + bar.lengthNs(holdNs);
        }
        if (status == 429 || status >= 400 && body.toLowerCase(Locale.ROOT).contains("rate limit exceeded")) {
            counters.increment(CoinbaseCounter.REST_RATE_LIMITED);
            privateBucket.drain(nowNs);
            fillsBucket.drain(nowNs);
            held = true;
            final long barNs = bar == null ? holdNs : bar.lengthNs(holdNs);
            heldUntilNs = nowNs + barNs;
            if (path != null) {
                path.onBarred(call, epochNs + barNs);
            }
            holdNs = Math.min(HOLD_MAX_NS, holdNs * 2);
            if (call.kind() != RestCall.Kind.NEW || call.job != null) {
                lane(call).addFirst(call);
            }
            return;
        }
        if (status == 200) {
            holdNs = SECOND_NS;
        }
        final String after = headers.apply("CB-AFTER");
        final String cursor = after == null ? "" : after;
        if (call.query() == null) {
            path.onAnswer(call, status, body, cursor, nowNs);
        } else {
            desk.onRest(call, Math.max(0, status), body, cursor, nowNs);
        }
    }
}
