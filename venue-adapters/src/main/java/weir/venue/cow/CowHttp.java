package weir.venue.cow;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.EventQueue;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/** Sends requests of one account, never blocking: what happened comes back through the event queue. */
final class CowHttp {
    /** A date of HTTP is cut to the second: on average half of one ago. */
    private static final long HALF_SECOND_MS = 500;

    private final URI base;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final Duration timeout;

    CowHttp(final CowAdapter.Context settings, final URI base, final HttpClient client, final EventQueue events) {
        this.base = base;
        this.client = client;
        this.events = events;
        this.epochClock = settings.epochClock();
        this.timeout = Duration.ofMillis(settings.requestTimeoutMs());
    }

    void send(final Job job, final Consumer<Job> written, final Consumer<Answer> done) {
        final HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + job.path)).timeout(timeout)
            .header("User-Agent", "weir").header("Accept", "application/json");
        final WatchedBody body = job.body == null ? null
            : new WatchedBody(job.body.getBytes(StandardCharsets.UTF_8), () -> events.put(() -> written.accept(job)));
        if (body == null) {
            builder.method(job.method, HttpRequest.BodyPublishers.noBody());
        } else {
            builder.header("Content-Type", "application/json").method(job.method, body);
        }
        WholeAnswer.of(client, builder.build()).whenComplete((response, failure) -> {
            final Answer answer = failure == null
                ? new Answer(Answer.Kind.ANSWERED, response.statusCode(), response.body(),
                    name -> response.headers().firstValue(name).orElse(null), venueMs(response), "",
                    epochClock.nanoTime())
                : Answer.none(neverLeft(body, cause(failure)) ? Answer.Kind.NOT_SENT : Answer.Kind.LOST,
                    cause(failure).getClass().getSimpleName(), epochClock.nanoTime());
            events.put(() -> done.accept(answer));
        });
    }

    private static long venueMs(final HttpResponse<String> response) {
        final long ms = dateMs(response.headers().firstValue("Date").orElse(""));
        return ms == 0 ? 0 : ms + HALF_SECOND_MS;
    }

    private static long dateMs(final String text) {
        try {
            return text.isEmpty() ? 0
                : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli();
        } catch (final DateTimeException ex) {
            return 0;
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
