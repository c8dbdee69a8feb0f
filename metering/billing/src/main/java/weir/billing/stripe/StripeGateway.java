package weir.billing.stripe;

import com.stripe.Stripe;
import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEvent;
import com.stripe.model.billing.MeterEventSummary;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.billing.MeterCreateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import com.stripe.param.billing.MeterEventSummaryListParams;
import com.stripe.param.billing.MeterListParams;
import java.math.BigDecimal;
import weir.billing.batch.Batch;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * The calls we make, through stripe-java, without its own retries and telemetry: {@link Delivery} decides what is sent
 * again. Thread safe.
 */
public final class StripeGateway {
    /** Key of a meter event's payload that names the customer: Stripe's default. */
    public static final String CUSTOMER_KEY = "stripe_customer_id";
    /** Key of a meter event's payload that holds the units: Stripe's default. */
    public static final String VALUE_KEY = "value";
    /** Metadata key that ties a customer to a tenant. */
    public static final String TENANT_KEY = "weir_tenant";

    static {
        // the JDK's HTTP client would repeat a POST on its own when a connection closes without an answer
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long PAGE = 100;
    private static final long RETRY_AFTER_MS_MAX = 3_600_000L;

    private final StripeClient client;
    private final StripeClock clock;

    /**
     * A client of one account.
     *
     * @param apiBase          {@code https://api.stripe.com} or a simulator
     * @param apiKey           secret key
     * @param connectTimeoutMs limit for connecting
     * @param readTimeoutMs    limit for an answer
     * @param clock            is told of each answer's Date
     */
    public StripeGateway(final String apiBase, final String apiKey, final int connectTimeoutMs,
        final int readTimeoutMs, final StripeClock clock) {
        this.clock = clock;
        Stripe.enableTelemetry = false;
        client = StripeClient.builder().setApiKey(apiKey).setApiBase(apiBase).setMeterEventsBase(apiBase)
            .setMaxNetworkRetries(0).setConnectTimeout(connectTimeoutMs).setReadTimeout(readTimeoutMs).build();
    }

    /**
     * Checks that the library speaks the version we were built for.
     *
     * @param expected such as {@code 2025-06-30.basil}
     * @throws BillingException STRIPE_API_VERSION
     */
    public static void checkApiVersion(final String expected) {
        if (!Stripe.API_VERSION.equals(expected)) {
            throw new BillingException(BillingError.STRIPE_API_VERSION,
                "stripe-java speaks " + Stripe.API_VERSION + ", expected " + expected);
        }
    }

    /**
     * Finds the active meter of an event name, or creates it.
     *
     * @param eventName  unique among active meters
     * @param requestKey idempotency key of the creation
     * @return Stripe's id
     * @throws StripeException  when the call fails
     * @throws BillingException STRIPE_METER_MISMATCH when it exists with another shape
     */
    public String ensureMeter(final String eventName, final String requestKey) throws StripeException {
        final MeterListParams list = MeterListParams.builder().setStatus(MeterListParams.Status.ACTIVE).setLimit(PAGE)
            .build();
        for (final Meter meter : client.billing().meters().list(list).autoPagingIterable()) {
            if (eventName.equals(meter.getEventName())) {
                return checked(meter);
            }
        }
        final MeterCreateParams create = MeterCreateParams.builder().setDisplayName("Weir " + eventName)
            .setEventName(eventName)
            .setDefaultAggregation(MeterCreateParams.DefaultAggregation.builder()
                .setFormula(MeterCreateParams.DefaultAggregation.Formula.SUM).build())
            .setCustomerMapping(MeterCreateParams.CustomerMapping.builder().setEventPayloadKey(CUSTOMER_KEY)
                .setType(MeterCreateParams.CustomerMapping.Type.BY_ID).build())
            .setValueSettings(MeterCreateParams.ValueSettings.builder().setEventPayloadKey(VALUE_KEY).build())
            .build();
        return checked(client.billing().meters().create(create, key(requestKey)));
    }

    private static String checked(final Meter meter) {
        final String formula = meter.getDefaultAggregation() == null ? "none"
            : meter.getDefaultAggregation().getFormula();
        final String customerKey = meter.getCustomerMapping() == null ? CUSTOMER_KEY
            : meter.getCustomerMapping().getEventPayloadKey();
        final String valueKey = meter.getValueSettings() == null ? VALUE_KEY
            : meter.getValueSettings().getEventPayloadKey();
        if (!"sum".equals(formula) || !CUSTOMER_KEY.equals(customerKey) || !VALUE_KEY.equals(valueKey)) {
            throw new BillingException(BillingError.STRIPE_METER_MISMATCH, "meter " + meter.getId() + " of event "
                + meter.getEventName() + " has formula=" + formula + " customer=" + customerKey + " value=" + valueKey
                + ", expected sum, " + CUSTOMER_KEY + ", " + VALUE_KEY);
        }
        return meter.getId();
    }

    /**
     * Finds the customer of a tenant by its metadata, or creates it.
     *
     * @param tenantName value of {@value #TENANT_KEY}
     * @param requestKey idempotency key of the creation
     * @return Stripe's id
     * @throws StripeException when the call fails
     */
    public String ensureCustomer(final String tenantName, final String requestKey) throws StripeException {
        final CustomerListParams list = CustomerListParams.builder().setLimit(PAGE).build();
        for (final Customer customer : client.customers().list(list).autoPagingIterable()) {
            if (customer.getMetadata() != null && tenantName.equals(customer.getMetadata().get(TENANT_KEY))) {
                return customer.getId();
            }
        }
        return client.customers().create(CustomerCreateParams.builder().setName(tenantName)
            .putMetadata(TENANT_KEY, tenantName).build(), key(requestKey)).getId();
    }

    /**
     * Sends one meter event. The identifier is the batch's on every attempt; the idempotency key is the attempt's, so
     * that a stored 500 is not replayed.
     *
     * @param batch      what to send
     * @param eventName  of its meter
     * @param customerId who pays
     * @param attempt    from 1
     * @return outcome; never throws for an answer of Stripe
     */
    public StripeAnswer send(final Batch batch, final String eventName, final String customerId, final int attempt) {
        try {
            final MeterEvent event = client.billing().meterEvents().create(MeterEventCreateParams.builder()
                .setEventName(eventName).setIdentifier(batch.identifier()).setTimestamp(batch.eventNs() / NS_PER_SECOND)
                .putPayload(CUSTOMER_KEY, customerId).putPayload(VALUE_KEY, Long.toString(batch.units()))
                .build(), key(batch.identifier() + '-' + attempt));
            if (!batch.identifier().equals(event.getIdentifier())) {
                return new StripeAnswer(StripeAnswer.Outcome.UNKNOWN, "not_this_event", "answered with "
                    + event.getIdentifier());
            }
            if (event.getLastResponse() != null) {
                clock.onDate(event.getLastResponse().headers().firstValue("Date").orElse(null));
            }
            return new StripeAnswer(StripeAnswer.Outcome.ACCEPTED, "200", null);
        } catch (final StripeException ex) {
            return classify(ex);
        }
    }

    /**
     * Units that Stripe counted for a customer in a span.
     *
     * @param meterId    meter
     * @param customerId customer
     * @param fromSec    epoch seconds, minute-aligned, inclusive
     * @param untilSec   epoch seconds, minute-aligned, exclusive
     * @return sum
     * @throws StripeException when the call fails
     */
    public BigDecimal summary(final String meterId, final String customerId, final long fromSec, final long untilSec)
        throws StripeException {
        final MeterEventSummaryListParams params = MeterEventSummaryListParams.builder().setCustomer(customerId)
            .setStartTime(fromSec).setEndTime(untilSec).setLimit(PAGE).build();
        BigDecimal sum = BigDecimal.ZERO;
        for (final MeterEventSummary row : client.billing().meters().eventSummaries().list(meterId, params)
            .autoPagingIterable()) {
            sum = sum.add(row.getAggregatedValue());
        }
        return sum;
    }

    /**
     * Class of a failure. Only what Stripe itself states is a refusal for good: a page of something between us and
     * Stripe may stand in the place of any answer, that of a call that was taken too.
     *
     * @param ex what stripe-java threw
     * @return outcome and code
     */
    public static StripeAnswer classify(final StripeException ex) {
        final int status = ex.getStatusCode() == null ? 0 : ex.getStatusCode();
        final String message = ex.getMessage();
        if (status == 400 && isStated(ex) && message != null && message.contains("already exists with identifier")) {
            return new StripeAnswer(StripeAnswer.Outcome.DUPLICATE, "duplicate", message);
        }
        return new StripeAnswer(outcome(ex, status), ex.getCode() != null ? ex.getCode()
            : ex.getClass().getSimpleName(), message, retryAfterMs(ex), status);
    }

    private static StripeAnswer.Outcome outcome(final StripeException ex, final int status) {
        if (status == 401) {
            return StripeAnswer.Outcome.KEY_REFUSED;
        }
        if (status == 429 || status == 409 || ex instanceof RateLimitException) {
            return StripeAnswer.Outcome.BUSY;
        }
        if (status < 400 || status == 408 || status == 425 || status >= 500 || !isStated(ex)
            || ex instanceof ApiConnectionException || ex instanceof IdempotencyException) {
            return StripeAnswer.Outcome.UNKNOWN;
        }
        return status == 403 ? StripeAnswer.Outcome.DENIED : StripeAnswer.Outcome.REFUSED;
    }

    /** Whether the body is an error of Stripe: each has a type. */
    private static boolean isStated(final StripeException ex) {
        return ex.getStripeError() != null && ex.getStripeError().getType() != null;
    }

    /**
     * An answer that stripe-java or we cannot read: the call may have been taken.
     *
     * @param ex what was thrown
     * @return UNKNOWN
     */
    static StripeAnswer unreadable(final RuntimeException ex) {
        return new StripeAnswer(StripeAnswer.Outcome.UNKNOWN, ex.getClass().getSimpleName(), ex.getMessage());
    }

    /** Retry-After in seconds, at most an hour; Stripe sends no dates. */
    private static long retryAfterMs(final StripeException ex) {
        if (ex.getStripeError() == null || ex.getStripeError().getLastResponse() == null) {
            return 0;
        }
        final String value = ex.getStripeError().getLastResponse().headers().firstValue("Retry-After").orElse("");
        return value.matches("[0-9]{1,9}") ? Math.min(RETRY_AFTER_MS_MAX, Long.parseLong(value) * 1_000L) : 0;
    }

    /**
     * The client, for the calls about products, prices, subscriptions and adjustments.
     *
     * @return thread safe
     */
    StripeClient client() {
        return client;
    }

    static RequestOptions key(final String idempotencyKey) {
        return RequestOptions.builder().setIdempotencyKey(idempotencyKey).build();
    }
}
