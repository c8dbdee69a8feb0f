package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * The endpoints behind one door: makes them, finds the one a request names and runs it. Guarded by the simulator's
 * lock.
 */
final class StripeApi {
    static final String METER_EVENTS = "/v1/billing/meter_events";

    final StripeStore store;
    final MeterEvents events;
    final AsyncErrors errors;
    final IdempotencyStore idempotency;
    final WebhookEndpoints endpoints;
    final WebhookQueue webhooks;
    final MeterStream stream;
    final Invoices invoices;
    private final Clock clock;
    private final Expansion expansion;
    private final BillingCycle cycle;
    private final Routes routes = new Routes();

    StripeApi(final StripeContext ctx, final Clock clock, final LongSupplier lagMs) {
        final boolean livemode = ctx.apiKey().startsWith("sk_live_");
        this.clock = clock;
        store = new StripeStore(ctx.logDir(), clock);
        expansion = new Expansion(store);
        idempotency = new IdempotencyStore(clock);
        errors = new AsyncErrors(clock, ctx.validationWindowMs(), livemode);
        webhooks = new WebhookQueue(store, clock, ctx.webhookRetryMs());
        endpoints = new WebhookEndpoints(store, clock, livemode);
        final EventFeed feed = new EventFeed(store, endpoints, webhooks, livemode);
        final TestClocks clocks = new TestClocks(store, clock);
        final Meters meters = new Meters(store, clock, livemode);
        final Alerts alerts = new Alerts(store, meters, clocks, feed, livemode);
        events = new MeterEvents(store, meters, errors, alerts, clocks, clock, livemode);
        stream = new MeterStream(store, events, clock, livemode);
        final EventSummaries summaries = new EventSummaries(store, meters, events, clock, lagMs, livemode);
        final Customers customers = new Customers(store, clocks, feed, livemode);
        final Catalog catalog = new Catalog(store, livemode);
        final InvoiceLines lines = new InvoiceLines(store, summaries, livemode);
        final InvoiceItems items = new InvoiceItems(store, customers, catalog, lines, clocks, feed);
        invoices = new Invoices(store, catalog, customers, lines, items, clocks, feed, livemode);
        final SubscriptionChange change = new SubscriptionChange(store, catalog, lines);
        final SubscriptionBilling billing = new SubscriptionBilling(store, lines, items, invoices, feed);
        final Subscriptions subscriptions =
            new Subscriptions(store, catalog, customers, change, billing, clocks, feed, livemode);
        final Schedules schedules =
            new Schedules(store, catalog, customers, subscriptions, change, billing, clocks, feed, livemode);
        final Previews previews = new Previews(catalog, change, billing, clocks);
        final EventDestinations destinations = new EventDestinations(store, endpoints, clock, livemode);
        cycle = new BillingCycle(store, invoices, billing, schedules);
        routeUsage(meters, summaries, alerts);
        routeCatalog(customers, catalog);
        routeSubscriptions(subscriptions, schedules);
        routeInvoices(items, previews);
        routeEvents(feed, destinations, clocks);
        store.replay(this::replay);
    }

    private void replay(final ObjectNode line) {
        switch (line.get("kind").asText()) {
            case "idempotency" -> idempotency.replay(line);
            case "webhook" -> webhooks.replay(line);
            case "announced" -> errors.replayAnnounced(line);
            default -> events.replay(line);
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

    /** Does what the clock has made due. */
    void advance() {
        cycle.advance(clock.instant().getEpochSecond());
        errors.announce(store, endpoints, webhooks);
        store.commit();
    }

    StripeAnswer execute(final StripeRequest request) {
        return expansion.expand(request, routes.serve(request));
    }

    /** @return the body that carries an event to an endpoint: a snapshot, or a thin event */
    String eventBody(final String id) {
        final ObjectNode event = store.get(EventFeed.TYPE, id);
        return event != null ? event.toString() : String.valueOf(errors.thin(id));
    }

    private void routeUsage(final Meters meters, final EventSummaries summaries, final Alerts alerts) {
        routes.add("POST", METER_EVENTS, (request, id) -> events.create(request))
            .add("POST", MeterStream.STREAM, (request, id) -> stream.accept(request))
            .add("POST", "/v2/billing/meter_event_session", (request, id) -> stream.session())
            .add("POST", MeterStream.METER_EVENTS, (request, id) -> stream.create(request))
            .add("POST", "/v2/billing/meter_event_adjustments", (request, id) -> stream.adjust(request))
            .add("POST", "/v1/billing/meter_event_adjustments", (request, id) -> events.adjust(request))
            .add("POST", "/v1/billing/meters", (request, id) -> meters.create(request))
            .add("GET", "/v1/billing/meters", (request, id) -> meters.list(request))
            .add("GET", "/v1/billing/meters/{}", meters::get)
            .add("POST", "/v1/billing/meters/{}", meters::update)
            .add("POST", "/v1/billing/meters/{}/deactivate", meters::deactivate)
            .add("POST", "/v1/billing/meters/{}/reactivate", meters::reactivate)
            .add("GET", "/v1/billing/meters/{}/event_summaries", summaries::list)
            .add("POST", "/v1/billing/alerts", (request, id) -> alerts.create(request))
            .add("GET", "/v1/billing/alerts", (request, id) -> alerts.list(request))
            .add("GET", "/v1/billing/alerts/{}", alerts::get)
            .add("POST", "/v1/billing/alerts/{}/activate", (request, id) -> alerts.status(request, id, "active"))
            .add("POST", "/v1/billing/alerts/{}/deactivate", (request, id) -> alerts.status(request, id, "inactive"))
            .add("POST", "/v1/billing/alerts/{}/archive", (request, id) -> alerts.status(request, id, "archived"));
    }

    private void routeCatalog(final Customers customers, final Catalog catalog) {
        routes.add("POST", "/v1/customers", (request, id) -> customers.create(request))
            .add("GET", "/v1/customers", (request, id) -> customers.list(request))
            .add("GET", "/v1/customers/{}", customers::get)
            .add("POST", "/v1/customers/{}", customers::update)
            .add("DELETE", "/v1/customers/{}", customers::delete)
            .add("POST", "/v1/products", (request, id) -> catalog.createProduct(request))
            .add("GET", "/v1/products", (request, id) -> catalog.listProducts(request))
            .add("GET", "/v1/products/{}", catalog::getProduct)
            .add("POST", "/v1/products/{}", catalog::updateProduct)
            .add("POST", "/v1/prices", (request, id) -> catalog.createPrice(request))
            .add("GET", "/v1/prices", (request, id) -> catalog.listPrices(request))
            .add("GET", "/v1/prices/{}", catalog::getPrice)
            .add("POST", "/v1/prices/{}", catalog::updatePrice);
    }

    private void routeSubscriptions(final Subscriptions subscriptions, final Schedules schedules) {
        routes.add("POST", "/v1/subscriptions", (request, id) -> subscriptions.create(request))
            .add("GET", "/v1/subscriptions", (request, id) -> subscriptions.list(request))
            .add("GET", "/v1/subscription_items", (request, id) -> subscriptions.items(request))
            .add("GET", "/v1/subscriptions/{}", subscriptions::get)
            .add("POST", "/v1/subscriptions/{}", subscriptions::update)
            .add("DELETE", "/v1/subscriptions/{}", subscriptions::cancel)
            .add("POST", "/v1/subscriptions/{}/migrate", subscriptions::migrate)
            .add("POST", "/v1/subscription_schedules", (request, id) -> schedules.create(request))
            .add("GET", "/v1/subscription_schedules", (request, id) -> schedules.list(request))
            .add("GET", "/v1/subscription_schedules/{}", schedules::get)
            .add("POST", "/v1/subscription_schedules/{}", schedules::update)
            .add("POST", "/v1/subscription_schedules/{}/release", schedules::release)
            .add("POST", "/v1/subscription_schedules/{}/cancel", schedules::cancel);
    }

    private void routeInvoices(final InvoiceItems items, final Previews previews) {
        routes.add("POST", "/v1/invoices/create_preview", (request, id) -> previews.create(request))
            .add("POST", "/v1/invoices", (request, id) -> invoices.create(request))
            .add("GET", "/v1/invoices", (request, id) -> invoices.list(request))
            .add("GET", "/v1/invoices/{}", invoices::get)
            .add("GET", "/v1/invoices/{}/lines", (request, id) -> id.startsWith("upcoming_")
                ? previews.lines(request, id) : invoices.lines(request, id))
            .add("POST", "/v1/invoices/{}/finalize", invoices::finalizeInvoice)
            .add("POST", "/v1/invoices/{}/pay", invoices::pay)
            .add("POST", "/v1/invoices/{}/void", invoices::voidInvoice)
            .add("POST", "/v1/invoiceitems", (request, id) -> invoices.createItem(request))
            .add("GET", "/v1/invoiceitems", (request, id) -> items.list(request))
            .add("GET", "/v1/invoiceitems/{}", items::get)
            .add("POST", "/v1/invoiceitems/{}", invoices::updateItem)
            .add("DELETE", "/v1/invoiceitems/{}", items::delete);
    }

    private void routeEvents(final EventFeed feed, final EventDestinations destinations, final TestClocks clocks) {
        final String destination = "/v2/core/event_destinations";
        routes.add("GET", "/v1/events", (request, id) -> feed.list(request))
            .add("GET", "/v1/events/{}", feed::get)
            .add("GET", "/v2/core/events", (request, id) -> errors.list(request))
            .add("GET", "/v2/core/events/{}", (request, id) -> errors.get(id))
            .add("POST", "/v1/webhook_endpoints", (request, id) -> endpoints.create(request))
            .add("GET", "/v1/webhook_endpoints", (request, id) -> endpoints.list(request))
            .add("GET", "/v1/webhook_endpoints/{}", endpoints::get)
            .add("POST", "/v1/webhook_endpoints/{}", endpoints::update)
            .add("DELETE", "/v1/webhook_endpoints/{}", endpoints::delete)
            .add("POST", destination, (request, id) -> destinations.create(request))
            .add("GET", destination, (request, id) -> destinations.list(request))
            .add("GET", destination + "/{}", destinations::get)
            .add("POST", destination + "/{}", destinations::update)
            .add("DELETE", destination + "/{}", destinations::delete)
            .add("POST", destination + "/{}/enable", (request, id) -> destinations.status(request, id, "enabled"))
            .add("POST", destination + "/{}/disable", (request, id) -> destinations.status(request, id, "disabled"))
            .add("POST", "/v1/test_helpers/test_clocks", (request, id) -> clocks.create(request))
            .add("GET", "/v1/test_helpers/test_clocks", (request, id) -> clocks.list(request))
            .add("GET", "/v1/test_helpers/test_clocks/{}", clocks::get)
            .add("DELETE", "/v1/test_helpers/test_clocks/{}", clocks::delete)
            .add("POST", "/v1/test_helpers/test_clocks/{}/advance",
                (request, id) -> clocks.advance(request, id, cycle, feed));
    }
}
