package weir.venue.deribit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.EventQueue;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/**
 * JSON-RPC of one account over HTTP, each request signed by itself: what is used while the socket is down. Never
 * blocks; what happened comes back through the event queue. Agent's thread.
 */
final class HttpWire {
    private static final long NS_PER_MS = 1_000_000L;

    private final DeribitAccount account;
    private final DeribitSigner signer;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final VenueJson json;
    private final WireRules rules;
    private final Duration timeout;

    HttpWire(final DeribitAdapter.Context context, final DeribitAccount account, final HttpClient client,
        final EventQueue events, final VenueJson json) {
        this.account = account;
        this.signer = new DeribitSigner(account.clientId(), account.clientSecret());
        this.client = client;
        this.events = events;
        this.json = json;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.timeout = Duration.ofMillis(context.requestTimeoutMs());
    }

    void send(final OutboundRequest request, final Runnable written, final Consumer<Answer> done) {
        final String text = RequestForms.text(request);
        final String path = account.httpUri().getPath() + '/' + request.method.wire;
        final long timestampMs = epochClock.nanoTime() / NS_PER_MS;
        final String nonce = UUID.randomUUID().toString();
        final WatchedBody body =
            new WatchedBody(text.getBytes(StandardCharsets.UTF_8), () -> events.put(written));
        final HttpRequest post = HttpRequest.newBuilder()
            .uri(URI.create(account.httpUri().toString() + '/' + request.method.wire)).timeout(timeout)
            .header("Authorization", signer.header(timestampMs, nonce, "POST", path, rules.signedBody(text)))
            .header("Content-Type", "application/json").header("User-Agent", "weir").POST(body).build();
        WholeAnswer.of(client, post).whenComplete((response, failure) -> {
            final long epochNs = epochClock.nanoTime();
            final long nowNs = System.nanoTime();
            if (failure != null) {
                // a body that was never asked for has not left
                final Answer.Kind kind = body.revoke() ? Answer.Kind.NOT_SENT : Answer.Kind.LOST;
                final Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause() : failure;
                final Answer none = Answer.none(kind, cause.getClass().getSimpleName(), epochNs, nowNs);
                events.put(() -> done.accept(none));
            } else {
                events.put(() -> done.accept(answer(response, epochNs, nowNs)));
            }
        });
    }

    private Answer answer(final HttpResponse<String> response, final long epochNs, final long nowNs) {
        final JsonNode root = json.parse(response.body());
        final Answer answer = root == null
            ? Answer.none(Answer.Kind.LOST, "HTTP " + response.statusCode(), epochNs, nowNs)
            : Answer.of(root, epochNs, nowNs);
        return answer.with(response.statusCode(), name -> response.headers().firstValue(name).orElse(null));
    }
}
