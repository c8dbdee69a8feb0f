package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Answers by Idempotency-Key, as Stripe's "Idempotent requests" page says: the status and body of the first execution,
 * 5xx included, are given again for 24 h; the same key with other parameters is an error; nothing is kept when
 * validation failed or when the request conflicted with one in progress. Guarded by the simulator's lock.
 */
final class IdempotencyStore {
    private static final long KEEP_MS = 24L * 3600 * 1000;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> inProgress = new HashSet<>();
    private final Clock clock;

    IdempotencyStore(final Clock clock) {
        this.clock = clock;
    }

    /** @return the stored answer, or null when the request is to be executed; its key is then in progress */
    StripeAnswer begin(final StripeRequest request) {
        final String key = request.idempotencyKey();
        if (key == null) {
            return null;
        }
        if (key.length() > 255) {
            throw StripeRefusal.invalid(null, "Idempotency-Key must be at most 255 characters.");
        }
        prune();
        if (inProgress.contains(key)) {
            throw StripeRefusal.keyInUse(key);
        }
        final Entry entry = entries.get(key);
        if (entry == null) {
            inProgress.add(key);
            return null;
        }
        if (!entry.fingerprint.equals(fingerprint(request))) {
            throw new StripeRefusal(400, "idempotency_error", null, null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    + "Try using a key other than '" + key + "' if you meant to execute a different request.");
        }
        final Map<String, String> headers = new TreeMap<>(entry.answer.headers());
        headers.put("Idempotent-Replayed", "true");
        headers.put("Original-Request", entry.requestId);
        return new StripeAnswer(entry.answer.status(), entry.answer.body(), headers);
    }

    /** The request is over and nothing is kept. */
    void abandon(final StripeRequest request) {
        inProgress.remove(request.idempotencyKey());
    }

    /** The request was executed; its answer is kept and staged for the log. */
    void keep(final StripeRequest request, final StripeAnswer answer, final StripeStore store) {
        if (request.idempotencyKey() == null) {
            return;
        }
        if (request.path().startsWith("/v2/") && answer.status() >= 400) {
            abandon(request); // the v2 API executes a failed request again
            return;
        }
        final Entry entry = new Entry(clock.millis(), fingerprint(request), request.requestId(), answer);
        entries.put(request.idempotencyKey(), entry);
        inProgress.remove(request.idempotencyKey());
        final ObjectNode line = store.line("idempotency");
        line.put("key", request.idempotencyKey());
        line.put("atMs", entry.atMs);
        line.put("fingerprint", entry.fingerprint);
        line.put("requestId", entry.requestId);
        line.put("status", answer.status());
        line.put("body", answer.body());
        final ObjectNode headers = line.putObject("headers");
        answer.headers().forEach(headers::put);
    }

    void replay(final ObjectNode line) {
        final Map<String, String> headers = new HashMap<>();
        line.get("headers").properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        entries.put(line.get("key").asText(), new Entry(line.get("atMs").asLong(), line.get("fingerprint").asText(),
            line.get("requestId").asText(),
            new StripeAnswer(line.get("status").asInt(), line.get("body").asText(), headers)));
    }

    private void prune() {
        final long before = clock.millis() - KEEP_MS;
        final Iterator<Entry> iterator = entries.values().iterator();
        while (iterator.hasNext() && iterator.next().atMs < before) {
            iterator.remove();
        }
    }

    private static String fingerprint(final StripeRequest request) {
        return request.method() + " " + request.path() + " " + request.params();
    }

    private record Entry(long atMs, String fingerprint, String requestId, StripeAnswer answer) {
    }
}
