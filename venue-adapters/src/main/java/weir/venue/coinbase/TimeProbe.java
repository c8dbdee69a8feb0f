package weir.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.venue.ClockSkewMonitor;
import weir.venue.EventQueue;

/**
 * Asks the venue for its time ({@code GET /time}, unsigned, public bucket) and feeds the {@link ClockSkewMonitor}. A
 * body that is not as documented is no sample. A thread of its own asks and reads the answer, since the client
 * allocates on the thread that asks and the agent's carries orders; samples come to the agent by the event queue.
 */
final class TimeProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeProbe.class);

    private final HttpClient client;
    private final HttpRequest request;
    private final EventQueue events;
    private final EpochNanoClock epochClock;
    private final ClockSkewMonitor monitor;
    private final ObjectMapper json = new ObjectMapper();
    private final long intervalMs;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "coinbase-time");
        thread.setDaemon(true);
        return thread;
    });

    TimeProbe(final CoinbaseAdapter.Context context, final HttpClient client, final EventQueue events,
        final ClockSkewMonitor monitor) {
        this.client = client;
        this.request = HttpRequest.newBuilder(context.accounts().get(0).restUri().resolve("/time"))
            .timeout(Duration.ofMillis(context.restTimeoutMs())).header("User-Agent", "weir").GET().build();
        this.events = events;
        this.epochClock = context.epochClock();
        this.monitor = monitor;
        this.intervalMs = context.clockIntervalMs();
    }

    /** Begins to ask. */
    void start() {
        asking.scheduleWithFixedDelay(this::ask, 0, intervalMs, TimeUnit.MILLISECONDS);
    }

    /** Asks no more. */
    @Override
    public void close() {
        asking.shutdownNow();
    }

    private void ask() {
        try {
            final long askedNs = epochClock.nanoTime();
            final HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            final long answeredNs = epochClock.nanoTime();
            if (response.statusCode() != 200) {
                return;
            }
            final Long venueMs = epochMs(response.body());
            if (venueMs == null) {
                LOG.warn("GET /time gave no time");
                return;
            }
            final long sampleMs = venueMs;
            events.put(() -> monitor.onSample(sampleMs, askedNs, answeredNs));
        } catch (final IOException | RuntimeException ex) {
            LOG.debug("GET /time failed: {}", ex.toString()); // no sample; the next one is asked for in its time
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
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
