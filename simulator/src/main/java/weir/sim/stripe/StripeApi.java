package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The endpoints behind one door: finds the one a request names and runs it. Guarded by the simulator's lock.
 */
final class StripeApi {
    static final String METER_EVENTS = "/v1/billing/meter_events";

    final StripeStore store;
    final MeterEvents events;
    final AsyncErrors errors;
    final IdempotencyStore idempotency;
    private final Meters meters;
    private final EventSummaries summaries;
    private final Customers customers;
    private final Catalog catalog;
    private final Subscriptions subscriptions;

    StripeApi(final StripeContext ctx, final Clock clock, final LongSupplier lagMs) {
        final boolean livemode = ctx.apiKey().startsWith("sk_live_");
        store = new StripeStore(ctx.logDir(), clock);
        idempotency = new IdempotencyStore(clock);
        errors = new AsyncErrors(clock, ctx.validationWindowMs(), livemode);
        meters = new Meters(store, clock, livemode);
        events = new MeterEvents(store, meters, errors, clock, livemode);
        summaries = new EventSummaries(store, meters, events, clock, lagMs, livemode);
        customers = new Customers(store, livemode);
        catalog = new Catalog(store, livemode);
        subscriptions = new Subscriptions(store, catalog, clock, livemode);
        store.replay(this::replay);
    }

    private void replay(final ObjectNode line) {
        if ("idempotency".equals(line.get("kind").asText())) {
            idempotency.replay(line);
        } else {
            events.replay(line);
        }
    }

    /** What Stripe refuses before it looks at any state, and without keeping the answer under the Idempotency-Key. */
    void validate(final StripeRequest request) {
        if (request.body() == null) {
            throw new StripeRefusal(413, "invalid_request_error", null, null, "The request body is too large.");
        }
        if ("POST".equals(request.method()) && METER_EVENTS.equals(request.path())) {
            events.validate(request);
        }
    }

    StripeAnswer execute(final StripeRequest request) {
        final String[] path = request.path().split("/", -1);
        if (request.path().startsWith("/v2/core/events")) {
            return thinEvents(request, path);
        }
        if (path.length < 3 || !"v1".equals(path[1])) {
            throw unrecognized(request);
        }
        final List<String> rest = List.of(path).subList(2, path.length);
        return switch (request.method()) {
            case "POST" -> post(request, rest);
            case "GET" -> get(request, rest);
            default -> throw unrecognized(request);
        };
    }

    private StripeAnswer post(final StripeRequest request, final List<String> path) {
        return switch (String.join("/", path)) {
            case "billing/meter_events" -> events.create(request);
            case "billing/meter_event_adjustments" -> events.adjust(request);
            case "billing/meters" -> meters.create(request);
            case "customers" -> customers.create(request);
            case "products" -> catalog.createProduct(request);
            case "prices" -> catalog.createPrice(request);
            case "subscriptions" -> subscriptions.create(request);
            default -> postToMeter(request, path);
        };
    }

    private StripeAnswer postToMeter(final StripeRequest request, final List<String> path) {
        if (path.size() == 3 && path.get(1).equals("meters")) {
            return meters.update(request, path.get(2));
        }
        if (path.size() == 4 && path.get(1).equals("meters")) {
            switch (path.get(3)) {
                case "deactivate":
                    return meters.deactivate(request, path.get(2));
                case "reactivate":
                    return meters.reactivate(request, path.get(2));
                default:
                    throw unrecognized(request);
            }
        }
        throw unrecognized(request);
    }

    private StripeAnswer get(final StripeRequest request, final List<String> path) {
        if (path.get(0).equals("billing") && path.size() > 1 && path.get(1).equals("meters")) {
            return switch (path.size()) {
                case 2 -> meters.list(request);
                case 3 -> meters.get(request, path.get(2));
                case 4 -> {
                    if (!"event_summaries".equals(path.get(3))) {
                        throw unrecognized(request);
                    }
                    yield summaries.list(request, path.get(2));
                }
                default -> throw unrecognized(request);
            };
        }
        if (path.size() == 1 && path.get(0).equals("customers")) {
            return customers.list(request);
        }
        if (path.size() != 2) {
            throw unrecognized(request);
        }
        return switch (path.get(0)) {
            case "customers" -> customers.get(request, path.get(1));
            case "products" -> catalog.getProduct(request, path.get(1));
            case "prices" -> catalog.getPrice(request, path.get(1));
            case "subscriptions" -> subscriptions.get(request, path.get(1));
            default -> throw unrecognized(request);
        };
    }

    private StripeAnswer thinEvents(final StripeRequest request, final String[] path) {
        if (!"GET".equals(request.method())) {
            throw unrecognized(request);
        }
        return switch (path.length) {
            case 4 -> errors.list(request);
            case 5 -> errors.get(path[4]);
            default -> throw unrecognized(request);
        };
    }

    private static StripeRefusal unrecognized(final StripeRequest request) {
        return new StripeRefusal(404, "invalid_request_error", null, null, "Unrecognized request URL ("
            + request.method() + ": " + request.path() + "). Please see https://stripe.com/docs.");
    }
}
