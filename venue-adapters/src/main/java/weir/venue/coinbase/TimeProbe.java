package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.ClockSkewMonitor;
import weir.venue.EventQueue;

/**
 * Asks the venue for its time ({@code GET /time}, unsigned, public bucket) and feeds the {@link ClockSkewMonitor}. A
 * body that is not as documented is no sample. Agent's thread; answers come by the event queue.
 */
final class TimeProbe {
    private static final Logger LOG = LoggerFactory.getLogger(TimeProbe.class);

    private final HttpClient client;
    private final URI timeUri;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final ClockSkewMonitor monitor;
    private final ObjectMapper json = new ObjectMapper();
    private final long intervalNs;
    private final Duration timeout;
    private long nextNs;

    TimeProbe(final CoinbaseAdapter.Context context, final HttpClient client, final EventQueue events,
        final ClockSkewMonitor monitor, final long nowNs) {
        this.client = client;
        this.timeUri = context.accounts().get(0).restUri().resolve("/time");
        this.events = events;
        this.epochClock = context.epochClock();
        this.monitor = monitor;
        this.intervalNs = context.clockIntervalMs() * 1_000_000L;
        this.timeout = Duration.ofMillis(context.restTimeoutMs());
        this.nextNs = nowNs;
    }

    int doWork(final long nowNs) {
        if (nowNs - nextNs < 0) {
            return 0;
        }
        nextNs = nowNs + intervalNs;
        final long askedNs = epochClock.nanoTime();
        final HttpRequest request =
            HttpRequest.newBuilder(timeUri).timeout(timeout).header("User-Agent", "weir").GET().build();
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).whenComplete((response, failure) -> {
            if (failure == null && response.statusCode() == 200) {
                final long answeredNs = epochClock.nanoTime();
                events.put(() -> onTime(response.body(), askedNs, answeredNs));
            }
        });
        return 1;
    }

    private void onTime(final String body, final long askedNs, final long answeredNs) {
        final Long venueMs = epochMs(body);
        if (venueMs == null) {
            LOG.warn("GET /time gave no time");
            return;
        }
        monitor.onSample(venueMs, askedNs, answeredNs);
    }

    private Long epochMs(final String body) {
        try {
            final JsonNode epoch = json.readTree(body).get("epoch");
            if (epoch == null || !epoch.isNumber() && !epoch.isTextual()) {
                return null;
            }
            return new BigDecimal(epoch.asText()).movePointRight(3).longValue();
        } catch (final JsonProcessingException | NumberFormatException ex) {
            return null;
        }
    }
}
