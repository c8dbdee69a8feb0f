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

/**
 * Asks the venue for its time ({@code GET /time}, unsigned, public bucket) and raises an alarm long before the 30 s at
 * which it would refuse our signatures. A sample whose round trip took longer than the timeout, or whose body is not as
 * documented, is no sample. Agent's thread; answers come by the event queue.
 */
final class ClockSkewMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(ClockSkewMonitor.class);

    private final HttpClient client;
    private final URI timeUri;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final CoinbaseCounters counters;
    private final ObjectMapper json = new ObjectMapper();
    private final long intervalNs;
    private final long alarmMs;
    private final Duration timeout;
    private long nextNs;

    ClockSkewMonitor(final CoinbaseAdapter.Context context, final HttpClient client, final EventQueue events,
        final CoinbaseCounters counters, final long nowNs) {
        this.client = client;
        this.timeUri = context.accounts().get(0).restUri().resolve("/time");
        this.events = events;
        this.epochClock = context.epochClock();
        this.counters = counters;
        this.intervalNs = context.clockIntervalMs() * 1_000_000L;
        this.alarmMs = context.clockAlarmMs();
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
        final long oursMs = (askedNs + (answeredNs - askedNs) / 2) / 1_000_000L;
        final long offsetMs = venueMs - oursMs;
        counters.set(CoinbaseCounter.CLOCK_OFFSET_MS, offsetMs);
        if (Math.abs(offsetMs) >= alarmMs) {
            counters.increment(CoinbaseCounter.CLOCK_ALARMS);
            LOG.error("clock is {} ms off the venue's; at 30000 it refuses our signatures", offsetMs);
        }
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
