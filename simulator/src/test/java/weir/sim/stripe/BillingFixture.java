package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.Price;
import com.stripe.model.Product;
import com.stripe.model.Subscription;
import com.stripe.model.billing.Meter;
import com.stripe.model.testhelpers.TestClock;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import com.stripe.param.testhelpers.TestClockAdvanceParams;
import com.stripe.param.testhelpers.TestClockCreateParams;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A customer on a test clock from 1 January on, a meter, a product, and what tests do with them by stripe-java. */
final class BillingFixture implements AutoCloseable {
    static final long JAN_1 = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    static final long JAN_16 = Instant.parse("2026-01-16T00:00:00Z").getEpochSecond();
    static final long FEB_1 = Instant.parse("2026-02-01T00:00:00Z").getEpochSecond();
    static final long MAR_1 = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond();

    final StripeFixture stripe;
    final Meter meter;
    final Product product;
    final TestClock testClock;
    final Customer customer;
    private int eventCount;

    BillingFixture(final Path dir) throws StripeException {
        stripe = new StripeFixture(dir);
        meter = stripe.meter("order_sent");
        product = stripe.client.products().create(ProductCreateParams.builder().setName("Orders").build());
        testClock = stripe.client.testHelpers().testClocks().create(
            TestClockCreateParams.builder().setFrozenTime(JAN_1).setName("clock").build());
        customer = stripe.client.customers().create(
            CustomerCreateParams.builder().setName("alpha").setTestClock(testClock.getId()).build());
    }

    private PriceCreateParams.Builder price() {
        return PriceCreateParams.builder().setCurrency("usd").setProduct(product.getId());
    }

    private PriceCreateParams.Recurring metered() {
        return PriceCreateParams.Recurring.builder().setInterval(PriceCreateParams.Recurring.Interval.MONTH)
            .setUsageType(PriceCreateParams.Recurring.UsageType.METERED).setMeter(meter.getId()).build();
    }

    Price perUnit(final String cents) throws StripeException {
        return stripe.client.prices().create(
            price().setRecurring(metered()).setUnitAmountDecimal(new BigDecimal(cents)).build());
    }

    Price packages(final long cents, final long size) throws StripeException {
        return stripe.client.prices().create(price().setRecurring(metered()).setUnitAmount(cents)
            .setTransformQuantity(PriceCreateParams.TransformQuantity.builder().setDivideBy(size)
                .setRound(PriceCreateParams.TransformQuantity.Round.UP).build()).build());
    }

    /** The tiers of the fact sheet: 10 c to 1,000, 5 c to 10,000, then 1 c. */
    Price tiered(final PriceCreateParams.TiersMode mode) throws StripeException {
        return stripe.client.prices().create(price().setRecurring(metered())
            .setBillingScheme(PriceCreateParams.BillingScheme.TIERED).setTiersMode(mode)
            .addTier(tier("10").setUpTo(1_000L).build()).addTier(tier("5").setUpTo(10_000L).build())
            .addTier(tier("1").setUpTo(PriceCreateParams.Tier.UpTo.INF).build()).build());
    }

    Price licensed(final long cents) throws StripeException {
        return stripe.client.prices().create(price().setUnitAmount(cents).setRecurring(
            PriceCreateParams.Recurring.builder().setInterval(PriceCreateParams.Recurring.Interval.MONTH).build())
            .build());
    }

    private static PriceCreateParams.Tier.Builder tier(final String cents) {
        return PriceCreateParams.Tier.builder().setUnitAmountDecimal(new BigDecimal(cents));
    }

    Subscription subscribe(final boolean flexible, final Price... prices) throws StripeException {
        final SubscriptionCreateParams.Builder params = SubscriptionCreateParams.builder()
            .setCustomer(customer.getId()).setBillingMode(SubscriptionCreateParams.BillingMode.builder()
                .setType(flexible ? SubscriptionCreateParams.BillingMode.Type.FLEXIBLE
                    : SubscriptionCreateParams.BillingMode.Type.CLASSIC).build());
        for (final Price price : prices) {
            params.addItem(SubscriptionCreateParams.Item.builder().setPrice(price.getId()).build());
        }
        return stripe.client.subscriptions().create(params.build());
    }

    /** Takes the first item's price away and adds another in the same request. */
    Subscription switchPrice(final Subscription subscription, final Price price,
                             final SubscriptionUpdateParams.ProrationBehavior behavior) throws StripeException {
        return stripe.client.subscriptions().update(subscription.getId(), SubscriptionUpdateParams.builder()
            .addItem(SubscriptionUpdateParams.Item.builder().setId(subscription.getItems().getData().get(0).getId())
                .setDeleted(true).build())
            .addItem(SubscriptionUpdateParams.Item.builder().setPrice(price.getId()).build())
            .setProrationBehavior(behavior).build());
    }

    void use(final long units, final long seconds) throws StripeException {
        stripe.send(MeterEventCreateParams.builder().setEventName("order_sent").setIdentifier("u-" + ++eventCount)
            .putPayload("stripe_customer_id", customer.getId()).putPayload("value", Long.toString(units))
            .setTimestamp(seconds).build());
    }

    TestClock advance(final long seconds) throws StripeException {
        return stripe.client.testHelpers().testClocks().advance(testClock.getId(),
            TestClockAdvanceParams.builder().setFrozenTime(seconds).build());
    }

    /** @return the customer's invoices, newest first */
    List<Invoice> invoices() throws StripeException {
        return stripe.client.invoices().list(InvoiceListParams.builder().setCustomer(customer.getId()).build())
            .getData();
    }

    static List<Long> amounts(final Invoice invoice) {
        return invoice.getLines().getData().stream().map(InvoiceLineItem::getAmount).toList();
    }

    /** @return types of the events that Stripe tells of, oldest first */
    List<String> eventTypes() throws Exception {
        final JsonNode events = StripeFixture.JSON.readTree(stripe.http("GET", "/v1/events?limit=100", "",
            "Authorization", "Bearer sk_test_weir").body());
        final List<String> types = new ArrayList<>();
        events.get("data").forEach(event -> types.add(0, event.get("type").asText()));
        return types;
    }

    @Override
    public void close() {
        stripe.close();
    }
}
