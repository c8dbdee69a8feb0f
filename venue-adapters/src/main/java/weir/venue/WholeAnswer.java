package weir.venue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends a request so that it ends in the time it has, whatever comes back. The timeout of {@link HttpRequest} ends with
 * the headers (JDK 17): an answer that stops after them would never be over. Any thread; never blocks.
 */
public final class WholeAnswer {
    /** The client's own timeout goes first where both are due: it knows whether a connection ever stood. */
    private static final long GRACE_MS = 100;

    private WholeAnswer() {
    }

    /**
     * Sends.
     *
     * @param client  any
     * @param request with a timeout
     * @return the whole answer; or fails, {@link TimeoutException} when its body was not complete in time
     */
    public static CompletableFuture<HttpResponse<String>> of(final HttpClient client, final HttpRequest request) {
        final Duration timeout = request.timeout().orElseThrow();
        final CompletableFuture<HttpResponse<String>> call =
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        return call.copy().orTimeout(timeout.toMillis() + GRACE_MS, TimeUnit.MILLISECONDS)
            .whenComplete((response, failure) -> {
                if (failure instanceof TimeoutException) {
                    call.cancel(true);
                }
            });
    }
}
