package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One fault on demand, for the next requests that match, or for a share of them that a seed decides. A fault of
 * webhooks matches the type of the event instead of a path. Guarded by its {@link FaultBook}.
 */
final class Fault {
    /** What goes wrong. */
    enum Kind {
        /** The request is executed and logged; the connection closes without an answer. */
        DROP_AFTER_COMMIT,
        /** The connection closes before anything is done. */
        CLOSE_BEFORE_COMMIT,
        /** 500; nothing is done; the 500 is stored under the Idempotency-Key and replayed. */
        ERROR_500,
        /** 500 although the request was executed; stored and replayed likewise. */
        ERROR_500_AFTER_COMMIT,
        /** 409 idempotency_key_in_use; nothing is done or stored. */
        CONFLICT_409,
        /** 429 rate_limit; nothing is done or stored. */
        RATE_LIMIT_429,
        /** 429 lock_timeout; nothing is done or stored. */
        LOCK_TIMEOUT_429,
        /** 403: the key may not make this call; nothing is done or stored. */
        DENIED_403,
        /** A page that is not Stripe's, with HTTP status {@code status} (200); nothing is done. */
        FOREIGN,
        /** The request is executed and logged; the answer is such a page. */
        FOREIGN_AFTER_COMMIT,
        /** Waits {@code ms}, then goes on as usual. */
        STALL,
        /** Executes, waits {@code ms}, then answers. */
        STALL_AFTER_COMMIT,
        /** Stops listening for {@code ms}: connections are refused. */
        REFUSE_CONNECTIONS,
        /** A webhook is delivered twice. */
        WEBHOOK_DUPLICATE,
        /** A webhook waits until a later one to the same endpoint has gone, or for {@code ms} (5000). */
        WEBHOOK_REORDER,
        /** A webhook is changed after it was signed. */
        WEBHOOK_TAMPER,
        /** A webhook goes {@code ms} later. */
        WEBHOOK_DELAY,
        /** An attempt to deliver a webhook gets lost on its way; the next one comes after the back-off. */
        WEBHOOK_DROP,
        /** A webhook is never delivered; only {@code GET /v1/events} knows of it. */
        WEBHOOK_LOSE;

        boolean ofWebhooks() {
            return name().startsWith("WEBHOOK_");
        }
    }

    final Kind kind;
    final String path;
    final long ms;
    final int status;
    final Boolean shouldRetry;
    private final long untilNs;
    private final int percent;
    private final SplittableRandom chance;
    private long skip;
    private long count;
    private long hits;

    private Fault(final Kind kind, final JsonNode spec, final long nowNs) {
        this.kind = kind;
        this.path = spec.path("path").asText(kind.ofWebhooks() ? "*" : "/v1/billing/meter_events");
        this.ms = spec.path("ms").asLong(0);
        this.status = spec.path("status").asInt(200);
        if (status < 200 || status > 599) {
            throw StripeRefusal.invalid("status", "status must be 200 to 599.");
        }
        this.skip = spec.path("skip").asLong(0);
        this.shouldRetry = spec.has("shouldRetry") ? spec.get("shouldRetry").asBoolean() : null;
        final long forMs = spec.path("forMs").asLong(0);
        this.untilNs = forMs == 0 ? Long.MAX_VALUE : nowNs + forMs * 1_000_000L;
        this.percent = spec.path("percent").asInt(100);
        if (percent < 1 || percent > 100) {
            throw StripeRefusal.invalid("percent", "percent must be 1 to 100.");
        }
        this.chance = new SplittableRandom(spec.path("seed").asLong(1));
        this.count = spec.path("count").asLong(forMs == 0 && !spec.has("percent") ? 1 : Long.MAX_VALUE);
    }

    static Fault of(final JsonNode spec, final long nowNs) {
        final String kind = spec.path("kind").asText("");
        final Kind known;
        try {
            known = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
        } catch (final IllegalArgumentException e) {
            final StringBuilder kinds = new StringBuilder();
            for (final Kind each : Kind.values()) {
                kinds.append(' ').append(each.name().toLowerCase(Locale.ROOT));
            }
            throw StripeRefusal.invalid("kind", "Unknown fault '" + kind + "'; known:" + kinds);
        }
        return new Fault(known, spec, nowNs);
    }

    /** @return true when this fault hits a request; uses it up by one */
    boolean tryHit(final String requestPath, final long nowNs) {
        if (count <= 0 || nowNs > untilNs || !requestPath.equals(path) && !"*".equals(path)) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        if (percent < 100 && chance.nextInt(100) >= percent) {
            return false;
        }
        count--;
        hits++;
        return true;
    }

    ObjectNode describe() {
        final ObjectNode node = StripeStore.JSON.createObjectNode();
        node.put("kind", kind.name().toLowerCase(Locale.ROOT));
        node.put("path", path);
        node.put("ms", ms);
        node.put("percent", percent);
        node.put("skip", skip);
        node.put("left", count == Long.MAX_VALUE ? -1 : count);
        node.put("hits", hits);
        return node;
    }
}
