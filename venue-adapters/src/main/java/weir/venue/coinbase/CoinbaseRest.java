package weir.venue.coinbase;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.AnswerLessons;
import weir.venue.EventQueue;
import weir.venue.LazyFillBucket;

/**
 * Signed REST of one account, never blocking the agent: calls wait here until the profile's buckets admit them, are
 * signed at the moment they leave, and answer into the event queue. Both buckets are charged for fills; of the venue's
 * ("REST API Rate Limits": private 15/s burst 30, fills 10/s burst 20) nine tenths of the rate and all but five of the
 * burst are used. Refused for the rate: hold one second, doubled up to eight, or as long as the venue says. Agent's
 * thread.
 */
final class CoinbaseRest {
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
    private QueryDesk desk;
    private AnswerLessons lessons;
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
    }

    private static LazyFillBucket bucket(final int venueRate, final int venueBurst) {
        return new LazyFillBucket(Math.max(1, venueRate * RATE_PERCENT / 100), venueBurst - BURST_SAFETY);
    }

    void bind(final QueryDesk queryDesk, final AnswerLessons answerLessons) {
        desk = queryDesk;
        lessons = answerLessons;
    }

    void submit(final RestCall call) {
        waiting.addLast(call);
    }

    int doWork(final long nowNs) {
        int issued = 0;
        while (!waiting.isEmpty() && inFlight < IN_FLIGHT_MAX) {
            final RestCall call = waiting.peekFirst();
            if (call.query().done) {
                waiting.removeFirst();
                continue;
            }
            if (held && nowNs - heldUntilNs < 0 || !admit(call, nowNs)) {
                break;
            }
            held = false;
            waiting.removeFirst();
            send(call);
            issued++;
        }
        return issued;
    }

    private boolean admit(final RestCall call, final long nowNs) {
        if (call.kind() != RestCall.Kind.FILLS) {
            return privateBucket.take(nowNs);
        }
        return privateBucket.has(nowNs) && fillsBucket.take(nowNs) && privateBucket.take(nowNs);
    }

    private void send(final RestCall call) {
        inFlight++;
        counters.increment(CoinbaseCounter.REST_REQUESTS);
        final String timestamp = Long.toString(epochClock.nanoTime() / SECOND_NS);
        final HttpRequest request = HttpRequest.newBuilder(account.restUri().resolve(call.path()))
            .timeout(timeout)
            .header("CB-ACCESS-KEY", account.apiKey())
            .header("CB-ACCESS-SIGN", signer.signRest(timestamp, "GET", call.path(), ""))
            .header("CB-ACCESS-TIMESTAMP", timestamp)
            .header("CB-ACCESS-PASSPHRASE", account.passphrase())
            .header("Content-Type", "application/json")
            .header("User-Agent", "weir")
            .GET().build();
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((response, failure) -> {
            final int status = failure == null ? response.statusCode() : 0;
            final String body = failure == null ? response.body() : "";
            final UnaryOperator<String> headers = failure == null
                ? name -> response.headers().firstValue(name).orElse(null) : AnswerLessons.NO_HEADERS;
            events.put(() -> onAnswer(call, status, body, headers));
        });
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
            heldUntilNs = nowNs + (bar == null ? holdNs : bar.lengthNs(holdNs));
            holdNs = Math.min(HOLD_MAX_NS, holdNs * 2);
            waiting.addFirst(call);
            return;
        }
        if (status == 200) {
            holdNs = SECOND_NS;
        }
        final String cursor = headers.apply("CB-AFTER");
        desk.onRest(call, status, body, cursor == null ? "" : cursor, nowNs);
    }
}
