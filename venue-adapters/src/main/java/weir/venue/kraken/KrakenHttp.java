package weir.venue.kraken;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.EventQueue;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/**
 * Signs and sends requests of one account, never blocking: what happened comes back through the event queue. Signing
 * and handing over happen in one call on the agent's thread, so that nonces leave in order.
 */
final class KrakenHttp {
    private static final long SKIP_MIN_MS = 1_000;
    private static final long SKIP_MAX_MS = 600_000;
    private static final String DERIVATIVES = "/derivatives";
    private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);
    private static final String FORM = "application/x-www-form-urlencoded";

    private final KrakenAccount account;
    private final KrakenSigner signer;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final Duration timeout;
    private final boolean useNonce;
    private long nonce;
    private long skipMs = SKIP_MIN_MS;

    KrakenHttp(final KrakenAdapter.Context context, final KrakenAccount account, final HttpClient client,
        final EventQueue events) {
        this.account = account;
        this.signer = new KrakenSigner(account.secret());
        this.client = client;
        this.events = events;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.timeout = Duration.ofMillis(context.requestTimeoutMs());
        this.useNonce = context.useNonce();
    }

    /** The venue has seen higher nonces, as after a clock that was set back: further above each time. */
    void skipNonces() {
        nonce += skipMs;
        skipMs = Math.min(2 * skipMs, SKIP_MAX_MS);
    }

    /** The venue took a nonce. */
    void nonceTaken() {
        skipMs = SKIP_MIN_MS;
    }

    void send(final OutboundRequest request, final Consumer<OutboundRequest> written,
        final Consumer<Outcome> done) {
        final Endpoint endpoint = request.endpoint();
        final boolean post = "POST".equals(endpoint.method);
        final String data = request.data;
        final HttpRequest.Builder builder = HttpRequest.newBuilder()
            .uri(URI.create(base(endpoint) + endpoint.path + (post || data.isEmpty() ? "" : '?' + data)))
            .timeout(timeout).header("APIKey", account.apiKey()).header("User-Agent", "weir");
        String nonceText = "";
        if (useNonce) {
            nonce = Math.max(nonce + 1, epochClock.nanoTime() / 1_000_000L);
            nonceText = Long.toString(nonce);
            builder.header("Nonce", nonceText);
        }
        builder.header("Authent", signer.authent(rules.signedData(data), nonceText, endpoint.path));
        final WatchedBody body = post && !data.isEmpty()
            ? new WatchedBody(data.getBytes(StandardCharsets.UTF_8), () -> events.put(() -> written.accept(request)))
            : null;
        if ("PUT".equals(endpoint.method)) {
            builder.PUT(HttpRequest.BodyPublishers.noBody());
        } else if (!post) {
            builder.GET();
        } else if (body == null) {
            builder.header("Content-Type", FORM).POST(HttpRequest.BodyPublishers.noBody());
        } else {
            builder.header("Content-Type", FORM).POST(body);
        }
        WholeAnswer.of(client, builder.build()).whenComplete((response, failure) -> {
            final Outcome outcome = failure == null
                ? new Outcome(Outcome.Kind.ANSWERED, response.statusCode(), response.body(),
                    response.headers(), "",
                    epochClock.nanoTime(), System.nanoTime())
                : new Outcome(neverLeft(body, cause(failure)) ? Outcome.Kind.NOT_SENT : Outcome.Kind.LOST, 0, "",
                    NO_HEADERS,
                    cause(failure).getClass().getSimpleName(), epochClock.nanoTime(), System.nanoTime());
            events.put(() -> done.accept(outcome));
        });
    }

    /** The history stands beside {@code /derivatives}. */
    private String base(final Endpoint endpoint) {
        final String rest = account.restUri().toString();
        return endpoint.isHistory() && rest.endsWith(DERIVATIVES)
            ? rest.substring(0, rest.length() - DERIVATIVES.length()) : rest;
    }

    /** A body that was never asked for has not left; without a body only a connection that never stood is proof. */
    private static boolean neverLeft(final WatchedBody body, final Throwable failure) {
        if (body != null) {
            return body.revoke();
        }
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
            || failure instanceof UnresolvedAddressException || failure instanceof SSLHandshakeException;
    }

    private static Throwable cause(final Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
