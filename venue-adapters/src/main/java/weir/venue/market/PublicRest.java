package weir.venue.market;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import weir.venue.LazyFillBucket;
import weir.venue.WholeAnswer;

/**
 * Public REST of one venue within its budget; never blocks. Answers wait until the agent takes them. Refused for the
 * rate (429), or banned (418): nothing leaves for as long as {@code Retry-After} says, else for a second, doubled up to
 * eight. Agent's thread.
 */
final class PublicRest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int TOO_MANY = 429;
    private static final int BANNED = 418;
    /** The longest documented ban of a venue; a wrong figure may be longer. */
    private static final long LONGEST_S = 3L * 86_400;

    private final HttpClient client;
    private final String base;
    private final Duration timeout;
    private final LazyFillBucket bucket;
    private final ObjectReader json;
    private final MarketCounters counters;
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private long heldUntilNs = Long.MIN_VALUE;
    private long holdNs = SECOND_NS;

    PublicRest(final HttpClient client, final URI base, final Duration timeout, final LazyFillBucket bucket,
        final ObjectReader json, final MarketCounters counters) {
        this.client = client;
        final String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.timeout = timeout;
        this.bucket = bucket;
        this.json = json;
        this.counters = counters;
    }

    /**
     * Asks, if the budget admits it now.
     *
     * @param path   below the base
     * @param nowNs  monotonic time
     * @param answer gets the JSON, or null when there is no good answer; on the agent's thread
     * @return false when the budget is spent
     */
    boolean tryGet(final String path, final long nowNs, final Consumer<JsonNode> answer) {
        if (nowNs < heldUntilNs || !bucket.take(nowNs)) {
            return false;
        }
        counters.increment(MarketCounter.REST_CALLS);
        final HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout)
            .header("User-Agent", "weir").header("Accept", "application/json").GET().build();
        WholeAnswer.of(client, request).whenComplete((response, failure) -> {
            final int status = failure == null ? response.statusCode() : 0;
            final String body = failure == null ? response.body() : "";
            final long retryS = failure == null ? retryS(response.headers()) : 0;
            answers.add(() -> answer.accept(read(status, body, retryS)));
        });
        return true;
    }

    /** Hands over answers that came. @return how many */
    int poll() {
        int count = 0;
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
            count++;
        }
        return count;
    }

    private static long retryS(final HttpHeaders headers) {
        final String text = headers.firstValue("Retry-After").orElse("");
        return text.matches("\\d{1,9}") ? Math.min(LONGEST_S, Long.parseLong(text)) : 0;
    }

    private JsonNode read(final int status, final String body, final long retryS) {
        if (status == TOO_MANY || status == BANNED) {
            final long nowNs = System.nanoTime();
            bucket.drain(nowNs);
            heldUntilNs = nowNs + Math.max(holdNs, retryS * SECOND_NS);
            holdNs = Math.min(8 * SECOND_NS, holdNs * 2);
        }
        if (status != 200) {
            counters.increment(MarketCounter.REST_FAILURES);
            return null;
        }
        holdNs = SECOND_NS;
        try {
            return json.readTree(body);
        } catch (final JsonProcessingException ex) {
            counters.increment(MarketCounter.GARBAGE); // a degraded venue: what was known stays in force
            return null;
        }
    }
}
