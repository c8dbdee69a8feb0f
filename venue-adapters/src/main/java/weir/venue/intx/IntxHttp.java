package weir.venue.intx;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.EventQueue;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/**
 * Signs and sends requests of one account, never blocking: what happened comes back through the event queue. A request
 * is signed when it is handed to the client: the venue takes whole seconds that are at most 5 s off. Agent's thread.
 */
final class IntxHttp {
    private static final long NO_DATE = -1;

    private final IntxAccount account;
    private final IntxSigner signer;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final WireRules rules;
    private final Duration timeout;

    IntxHttp(final IntxAdapter.Context context, final IntxAccount account, final HttpClient client,
        final EventQueue events) {
        this.account = account;
        this.signer = new IntxSigner(account.secret());
        this.client = client;
        this.events = events;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.timeout = Duration.ofMillis(context.requestTimeoutMs());
    }

    void send(final OutboundRequest request, final Consumer<OutboundRequest> written, final Consumer<Outcome> done) {
        final URI uri = URI.create(account.restUri() + request.path
            + (request.query.isEmpty() ? "" : '?' + request.query));
        final String method = request.endpoint.method;
        final String timestamp = rules.timestamp(epochClock.nanoTime());
        final HttpRequest.Builder builder = HttpRequest.newBuilder().uri(uri).timeout(timeout)
            .header("CB-ACCESS-KEY", account.apiKey()).header("CB-ACCESS-PASSPHRASE", account.passphrase())
            .header("CB-ACCESS-TIMESTAMP", timestamp)
            .header("CB-ACCESS-SIGN", signer.signRest(timestamp, method,
                rules.signedPath(uri.getRawPath(), request.query), request.body))
            .header("Accept", "application/json").header("User-Agent", "weir");
        final WatchedBody body = request.body.isEmpty() ? null
            : new WatchedBody(request.body.getBytes(StandardCharsets.UTF_8),
                () -> events.put(() -> written.accept(request)));
        if (body == null) {
            builder.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            builder.header("Content-Type", "application/json").method(method, body);
        }
        WholeAnswer.of(client, builder.build()).whenComplete((response, failure) -> {
            final Outcome outcome = failure == null
                ? new Outcome(Outcome.Kind.ANSWERED, response.statusCode(), response.body(), dateMs(response), "",
                    epochClock.nanoTime(), System.nanoTime())
                : new Outcome(neverLeft(body, cause(failure)) ? Outcome.Kind.NOT_SENT : Outcome.Kind.LOST, 0, "",
                    NO_DATE, cause(failure).getClass().getSimpleName(), epochClock.nanoTime(), System.nanoTime());
            events.put(() -> done.accept(outcome));
        });
    }

    /** Epoch milliseconds of the header Date in the middle of its second, -1 without one. */
    private static long dateMs(final HttpResponse<String> response) {
        final String text = response.headers().firstValue("Date").orElse("");
        try {
            return text.isEmpty() ? NO_DATE
                : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond() * 1_000L + 500L;
        } catch (final DateTimeParseException ex) {
            return NO_DATE;
        }
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
