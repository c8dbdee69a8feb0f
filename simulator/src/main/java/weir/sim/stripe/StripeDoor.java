package weir.sim.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of one API request: parse, authenticate, fault, validate, rate limit, one call per customer and meter,
 * idempotency, execute, log, answer. Runs on the server's threads; state is touched under the one lock only, and no
 * wait happens under it.
 */
final class StripeDoor implements HttpHandler {
    private static final String FOREIGN = "<html><body>sign in</body></html>";

    private final StripeApi api;
    private final StripeContext ctx;
    private final FaultBook faults;
    private final Object lock;
    private final RateLimit meterEventLimit;
    private final RateLimit requestLimit;
    private final RateLimit streamLimit;
    private final Set<String> customersInCall = new HashSet<>();
    private final AtomicLong requestCount = new AtomicLong(System.currentTimeMillis() << 20);
    private volatile boolean oneCallPerCustomerAndMeter;

    StripeDoor(final StripeApi api, final StripeContext ctx, final FaultBook faults, final Object lock) {
        this.api = api;
        this.ctx = ctx;
        this.faults = faults;
        this.lock = lock;
        this.oneCallPerCustomerAndMeter = ctx.oneCallPerCustomerAndMeter();
        final long nowNs = System.nanoTime();
        requestLimit = new RateLimit(ctx.mode().requestsPerSecond, nowNs);
        // the sandbox has one limit for everything
        meterEventLimit = ctx.mode() == StripeMode.SANDBOX ? requestLimit
            : new RateLimit(ctx.mode().meterEventsPerSecond, nowNs);
        streamLimit = ctx.mode() == StripeMode.SANDBOX ? requestLimit
            : new RateLimit(ctx.mode().streamEventsPerSecond, nowNs);
    }

    void oneCallPerCustomerAndMeter(final boolean value) {
        oneCallPerCustomerAndMeter = value;
    }

    @Override
    public void handle(final HttpExchange exchange) throws IOException {
        final String requestId = "req_" + Long.toString(requestCount.incrementAndGet(), 36);
        try (exchange) {
            StripeRequest request = null;
            Fault fault = null;
            StripeAnswer answer;
            try {
                request = StripeRequest.read(exchange, requestId);
                authenticate(request);
                fault = faults.take(request.path());
                if (fault != null && fault.kind == Fault.Kind.CLOSE_BEFORE_COMMIT) {
                    return;
                }
                answer = fault != null && fault.kind == Fault.Kind.FOREIGN ? foreign(fault) : serve(request, fault);
                if (fault != null && fault.kind == Fault.Kind.FOREIGN_AFTER_COMMIT) {
                    answer = foreign(fault);
                }
            } catch (final StripeRefusal refusal) {
                answer = refusal.answer();
                refused(request, refusal);
            }
            if (fault != null && fault.kind == Fault.Kind.STALL_AFTER_COMMIT) {
                pause(fault.ms);
            }
            if (fault == null || fault.kind != Fault.Kind.DROP_AFTER_COMMIT) {
                send(exchange, answer, request, requestId);
            }
        }
    }

    private static StripeAnswer foreign(final Fault fault) {
        return new StripeAnswer(fault.status, FOREIGN, Map.of("Content-Type", "text/html"));
    }

    private StripeAnswer serve(final StripeRequest request, final Fault fault) {
        synchronized (lock) {
            api.validate(request);
        }
        final boolean event = isMeterEvent(request);
        if (MeterStream.STREAM.equals(request.path())) {
            if (!streamLimit.tryTake(System.nanoTime(),
                streamLimit == requestLimit ? 1 : request.indexed("events").size())) {
                throw StripeRefusal.rateLimited("rate_limit", "endpoint-rate");
            }
        } else if (!(event ? meterEventLimit : requestLimit).tryTake(System.nanoTime())) {
            throw StripeRefusal.rateLimited("rate_limit", event ? "endpoint-rate" : "global-rate");
        }
        if (fault != null) {
            refuseByFault(fault, request);
        }
        final String customerKey = event ? enter(request) : null;
        try {
            final StripeAnswer stored;
            synchronized (lock) {
                stored = begin(request, event);
            }
            return stored != null ? stored : run(request, fault);
        } finally {
            if (customerKey != null) {
                synchronized (customersInCall) {
                    customersInCall.remove(customerKey);
                }
            }
        }
    }

    private StripeAnswer begin(final StripeRequest request, final boolean event) {
        if (!"POST".equals(request.method())) {
            return null;
        }
        final StripeAnswer stored = api.idempotency.begin(request);
        if (stored != null && event) {
            api.events.log("replayed", request, stored.status(), "stored answer");
            api.store.commit();
        }
        return stored;
    }

    private StripeAnswer run(final StripeRequest request, final Fault fault) {
        final Fault.Kind kind = fault == null ? null : fault.kind;
        if (kind == Fault.Kind.STALL) {
            pause(fault.ms);
        }
        synchronized (lock) {
            boolean done = false;
            try {
                api.advance();
                StripeAnswer answer =
                    kind == Fault.Kind.ERROR_500 ? internalError(fault) : api.execute(request);
                if (kind == Fault.Kind.ERROR_500_AFTER_COMMIT) {
                    answer = internalError(fault);
                }
                if ("POST".equals(request.method())) {
                    if (kind == Fault.Kind.ERROR_500 && isMeterEvent(request)) {
                        api.events.log("refused", request, 500, "fault");
                    }
                    api.idempotency.keep(request, answer, api.store);
                }
                done = true;
                api.store.commit();
                return answer;
            } finally {
                if (!done) {
                    api.store.rollback();
                    if ("POST".equals(request.method())) {
                        api.idempotency.abandon(request);
                    }
                }
            }
        }
    }

    private void refused(final StripeRequest request, final StripeRefusal refusal) {
        if (request == null || !isMeterEvent(request)) {
            return;
        }
        final boolean duplicate = refusal.getMessage().startsWith("An event already exists");
        synchronized (lock) {
            api.events.log(duplicate ? "duplicate" : "refused", request, refusal.status, refusal.getMessage());
            api.store.commit();
        }
    }

    private static void refuseByFault(final Fault fault, final StripeRequest request) {
        final StripeRefusal refusal = switch (fault.kind) {
            case CONFLICT_409 -> StripeRefusal.keyInUse(String.valueOf(request.idempotencyKey()));
            case RATE_LIMIT_429 -> StripeRefusal.rateLimited("rate_limit", "global-rate");
            case DENIED_403 -> new StripeRefusal(403, "invalid_request_error", null, null,
                "The provided key does not have the required permissions for this endpoint.");
            case LOCK_TIMEOUT_429 -> StripeRefusal.rateLimited("lock_timeout", "resource-specific");
            default -> null;
        };
        if (refusal != null) {
            if (fault.shouldRetry != null) {
                refusal.headers.put("Stripe-Should-Retry", fault.shouldRetry.toString());
            }
            throw refusal;
        }
    }

    private String enter(final StripeRequest request) {
        if (!oneCallPerCustomerAndMeter) {
            return null;
        }
        final String key;
        synchronized (lock) {
            key = request.get("event_name") + " " + api.events.customerOf(request);
        }
        synchronized (customersInCall) {
            if (!customersInCall.add(key)) {
                throw StripeRefusal.rateLimited("lock_timeout", "resource-specific");
            }
        }
        return key;
    }

    private static StripeAnswer internalError(final Fault fault) {
        final StripeRefusal error = new StripeRefusal(500, "api_error", null, null, "An unknown error occurred.");
        if (fault.shouldRetry != null) {
            error.headers.put("Stripe-Should-Retry", fault.shouldRetry.toString());
        }
        return error.answer();
    }

    private void authenticate(final StripeRequest request) {
        final String authorization = request.authorization();
        if (MeterStream.STREAM.equals(request.path())) {
            synchronized (lock) {
                api.stream.authenticate(authorization);
            }
            return;
        }
        String key = "";
        if (authorization != null && authorization.startsWith("Bearer ")) {
            key = authorization.substring(7).trim();
        } else if (authorization != null && authorization.startsWith("Basic ")) {
            key = basicUser(authorization.substring(6).trim());
        }
        if (key.isEmpty()) {
            throw new StripeRefusal(401, "invalid_request_error", null, null, "You did not provide an API key.");
        }
        if (!MessageDigest.isEqual(key.getBytes(StandardCharsets.UTF_8),
            ctx.apiKey().getBytes(StandardCharsets.UTF_8))) {
            throw new StripeRefusal(401, "invalid_request_error", "api_key_invalid", null,
                "Invalid API Key provided: " + key.substring(0, Math.min(8, key.length())) + "***");
        }
    }

    private static String basicUser(final String encoded) {
        try {
            final String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            final int colon = pair.indexOf(':');
            return colon < 0 ? pair : pair.substring(0, colon);
        } catch (final IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isMeterEvent(final StripeRequest request) {
        return "POST".equals(request.method()) && (StripeApi.METER_EVENTS.equals(request.path())
            || MeterStream.METER_EVENTS.equals(request.path()));
    }

    private static void pause(final long ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void send(final HttpExchange exchange, final StripeAnswer answer, final StripeRequest request,
                     final String requestId) throws IOException {
        final byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Request-Id", requestId);
        if (request != null) {
            exchange.getResponseHeaders().set("Stripe-Version", request.apiVersion());
            if (request.idempotencyKey() != null) {
                exchange.getResponseHeaders().set("Idempotency-Key", request.idempotencyKey());
            }
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
