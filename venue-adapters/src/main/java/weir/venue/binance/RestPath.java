package weir.venue.binance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.agrona.concurrent.EpochNanoClock;
import weir.venue.EventQueue;
import weir.venue.WatchedBody;
import weir.venue.WholeAnswer;

/**
 * Signs and sends requests of one account over REST, never blocking: what happened comes back through the event queue.
 * What places, changes or ends an order has its parameters in a body, so that one knows whether it left. Agent's
 * thread.
 */
final class RestPath {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String WEIGHT = "x-mbx-used-weight-";
    private static final String COUNT = "x-mbx-order-count-";

    private final BinanceAccount account;
    private final BinanceSigner signer;
    private final HttpClient client;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final VenueJson json;
    private final WireRules rules;
    private final Duration timeout;

    RestPath(final BinanceAdapter.Context context, final BinanceAccount account, final HttpClient client,
        final EventQueue events, final VenueJson json) {
        this.account = account;
        this.signer = new BinanceSigner(account.secret());
        this.client = client;
        this.events = events;
        this.json = json;
        this.epochClock = context.epochClock();
        this.rules = context.rules();
        this.timeout = Duration.ofMillis(context.requestTimeoutMs());
    }

    /** @param params timestamp among them where the method is signed */
    void send(final Method method, final Map<String, String> params, final Runnable written,
        final Consumer<Answer> done) {
        final String data = data(method, params);
        final HttpRequest.Builder builder = HttpRequest.newBuilder()
            .uri(URI.create(account.restUri() + method.path + (method.hasBody() || data.isEmpty() ? "" : '?' + data)))
            .timeout(timeout).header("User-Agent", "weir");
        if (method.signed) {
            builder.header("X-MBX-APIKEY", account.apiKey());
        }
        final WatchedBody body = method.hasBody()
            ? new WatchedBody(data.getBytes(StandardCharsets.UTF_8), () -> events.put(written)) : null;
        if (body == null) {
            builder.GET();
        } else {
            builder.header("Content-Type", FORM).method(method.http, body);
        }
        WholeAnswer.of(client, builder.build()).whenComplete((response, failure) ->
            events.put(() -> done.accept(failure == null ? answer(response) : failed(body, cause(failure)))));
    }

    private String data(final Method method, final Map<String, String> params) {
        final StringBuilder data = new StringBuilder(256);
        params.forEach((name, value) ->
            data.append(data.length() == 0 ? "" : "&").append(name).append('=').append(encoded(value)));
        if (method.signed) {
            final String signature = signer.sign(rules.signedPayload(data.toString()));
            data.append("&signature=").append(encoded(signature));
        }
        return data.toString();
    }

    static String encoded(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Answer answer(final HttpResponse<String> response) {
        final JsonNode body = json.parse(response.body());
        return new Answer(Answer.Kind.ANSWERED, response.statusCode(), body, body,
            name -> response.headers().firstValue(name).orElse(null), readings(response.headers()), "",
            epochClock.nanoTime(), System.nanoTime());
    }

    private Answer failed(final WatchedBody body, final Throwable failure) {
        return Answer.none(neverLeft(body, failure) ? Answer.Kind.NOT_SENT : Answer.Kind.LOST,
            failure.getClass().getSimpleName(), epochClock.nanoTime(), System.nanoTime());
    }

    private static List<Answer.Reading> readings(final HttpHeaders headers) {
        final List<Answer.Reading> readings = new ArrayList<>();
        headers.map().forEach((name, values) -> {
            final boolean weight = name.startsWith(WEIGHT);
            if (weight || name.startsWith(COUNT)) {
                final long periodMs = periodMs(name.substring(weight ? WEIGHT.length() : COUNT.length()));
                if (periodMs > 0 && values.get(0).matches("\\d{1,9}")) {
                    readings.add(new Answer.Reading(weight ? "REQUEST_WEIGHT" : "ORDERS", periodMs,
                        Integer.parseInt(values.get(0)), 0));
                }
            }
        });
        return readings;
    }

    /** Milliseconds of an interval such as 1m, 10s, 1d; 0 where it is none. */
    static long periodMs(final String interval) {
        if (!interval.matches("\\d{1,4}[smhdSMHD]")) {
            return 0;
        }
        final long number = Long.parseLong(interval.substring(0, interval.length() - 1));
        switch (Character.toUpperCase(interval.charAt(interval.length() - 1))) {
            case 'S':
                return number * 1_000;
            case 'M':
                return number * 60_000;
            case 'H':
                return number * 3_600_000;
            default:
                return number * 86_400_000;
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
