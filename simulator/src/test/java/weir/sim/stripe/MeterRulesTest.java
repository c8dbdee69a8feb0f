package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.Price;
import com.stripe.model.Product;
import com.stripe.model.Subscription;
import com.stripe.model.billing.Meter;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerListParams;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.PriceRetrieveParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.billing.MeterListParams;
import com.stripe.param.billing.MeterUpdateParams;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterRulesTest {
    @TempDir
    private Path dir;
    private StripeFixture stripe;

    @BeforeEach
    void setUp() {
        stripe = new StripeFixture(dir);
    }

    @AfterEach
    void tearDown() {
        stripe.close();
    }

    @Test
    void shouldGoThroughItsLifeWhenMeterIsCreated() throws Exception {
        final Meter meter = stripe.meter("order_sent");
        assertEquals("active", meter.getStatus());
        assertEquals("stripe_customer_id", meter.getCustomerMapping().getEventPayloadKey());
        assertEquals("value", meter.getValueSettings().getEventPayloadKey());
        assertEquals("Sent", stripe.client.billing().meters().update(meter.getId(),
            MeterUpdateParams.builder().setDisplayName("Sent").build()).getDisplayName());
        assertNotNull(stripe.client.billing().meters().deactivate(meter.getId()).getStatusTransitions()
            .getDeactivatedAt());
        assertEquals("active", stripe.client.billing().meters().reactivate(meter.getId()).getStatus());
        assertEquals("Sent", stripe.client.billing().meters().retrieve(meter.getId()).getDisplayName());
    }

    @Test
    void shouldRefuseWhenEventNameIsTakenByAnActiveMeter() throws Exception {
        final Meter first = stripe.meter("order_sent");
        assertThrows(InvalidRequestException.class, () -> stripe.meter("order_sent"));
        stripe.client.billing().meters().deactivate(first.getId());
        stripe.meter("order_sent");
        assertThrows(InvalidRequestException.class, () -> stripe.client.billing().meters().reactivate(first.getId()));
    }

    @Test
    void shouldPageNewestFirstWhenListing() throws Exception {
        for (int i = 0; i < 5; i++) {
            stripe.meter("m" + i);
        }
        final var page = stripe.client.billing().meters().list(MeterListParams.builder().setLimit(2L).build());
        assertEquals("m4", page.getData().get(0).getEventName());
        assertTrue(page.getHasMore());
        int all = 0;
        for (final Meter meter : stripe.client.billing().meters()
            .list(MeterListParams.builder().setLimit(2L).build()).autoPagingIterable()) {
            all++;
            assertNotNull(meter.getId());
        }
        assertEquals(5, all);
    }

    @Test
    void shouldAnswer404WhenMeterIsUnknown() {
        final InvalidRequestException e = assertThrows(InvalidRequestException.class,
            () -> stripe.client.billing().meters().retrieve("mtr_none"));
        assertEquals(404, e.getStatusCode());
        assertEquals("resource_missing", e.getCode());
    }

    @Test
    void shouldAnswer401WhenKeyIsWrong() {
        final AuthenticationException e = assertThrows(AuthenticationException.class,
            () -> stripe.client("sk_test_wrong").billing().meters().list());
        assertEquals(401, e.getStatusCode());
        assertTrue(!e.getMessage().contains("sk_test_wrong"), e.getMessage());
    }

    @Test
    void shouldKeepMetadataWhenCustomerIsCreated() throws Exception {
        final Customer customer = stripe.customer("alpha");
        stripe.customer("beta");
        assertEquals("alpha", stripe.client.customers().retrieve(customer.getId()).getMetadata().get("tenant"));
        assertEquals("beta", stripe.client.customers().list(CustomerListParams.builder().setLimit(1L).build())
            .getData().get(0).getName());
    }

    @Test
    void shouldSubscribeWithFlexibleBillingWhenPriceIsMetered() throws Exception {
        final Meter meter = stripe.meter("order_sent");
        final Price price = stripe.client.prices().create(metered(product().getId(), meter.getId()));
        assertEquals(meter.getId(), price.getRecurring().getMeter());
        assertNull(price.getTiers());
        final Price expanded = stripe.client.prices().retrieve(price.getId(),
            PriceRetrieveParams.builder().addExpand("tiers").build());
        assertEquals(3, expanded.getTiers().size());
        assertEquals(new BigDecimal("0.25"), expanded.getTiers().get(1).getUnitAmountDecimal());
        final Subscription subscription = stripe.client.subscriptions().create(flexible(price));
        assertEquals("flexible", subscription.getBillingMode().getType());
        assertEquals("active", subscription.getStatus());
        assertEquals(price.getId(), subscription.getItems().getData().get(0).getPrice().getId());
        // 10 March + 1 month
        assertEquals(StripeFixture.START.getEpochSecond() + 31L * 86_400,
            subscription.getItems().getData().get(0).getCurrentPeriodEnd());
        assertEquals(subscription.getId(),
            stripe.client.subscriptions().retrieve(subscription.getId()).getId());
    }

    @Test
    void shouldRefuseBillingModeWhenApiVersionIsOlder() throws Exception {
        final Price price = stripe.client.prices().create(metered(product().getId(), stripe.meter("m").getId()));
        final RequestOptions old = RequestOptions.RequestOptionsBuilder.unsafeSetStripeVersionOverride(
            RequestOptions.builder(), "2025-03-31.basil").build();
        final InvalidRequestException e = assertThrows(InvalidRequestException.class,
            () -> stripe.client.subscriptions().create(flexible(price), old));
        assertEquals("parameter_unknown", e.getCode());
    }

    @Test
    void shouldRefuseMeteredPriceWhenMeterIsMissingOrUnknown() throws Exception {
        final String product = product().getId();
        assertEquals("recurring[meter]", assertThrows(InvalidRequestException.class,
            () -> stripe.client.prices().create(metered(product, null))).getParam());
        assertEquals("resource_missing", assertThrows(InvalidRequestException.class,
            () -> stripe.client.prices().create(metered(product, "mtr_none"))).getCode());
    }

    private Product product() throws StripeException {
        return stripe.client.products().create(ProductCreateParams.builder().setName("Orders").build());
    }

    private SubscriptionCreateParams flexible(final Price price) throws StripeException {
        return SubscriptionCreateParams.builder().setCustomer(stripe.customer("alpha").getId())
            .addItem(SubscriptionCreateParams.Item.builder().setPrice(price.getId()).build())
            .setBillingMode(SubscriptionCreateParams.BillingMode.builder()
                .setType(SubscriptionCreateParams.BillingMode.Type.FLEXIBLE).build()).build();
    }

    private static PriceCreateParams metered(final String product, final String meter) {
        return PriceCreateParams.builder().setCurrency("usd").setProduct(product)
            .setBillingScheme(PriceCreateParams.BillingScheme.TIERED)
            .setTiersMode(PriceCreateParams.TiersMode.GRADUATED)
            .addTier(PriceCreateParams.Tier.builder().setUpTo(1000L).setUnitAmount(10L).build())
            .addTier(PriceCreateParams.Tier.builder().setUpTo(10_000L)
                .setUnitAmountDecimal(new BigDecimal("0.25")).build())
            .addTier(PriceCreateParams.Tier.builder().setUpTo(PriceCreateParams.Tier.UpTo.INF)
                .setUnitAmount(1L).build())
            .setRecurring(PriceCreateParams.Recurring.builder()
                .setInterval(PriceCreateParams.Recurring.Interval.MONTH)
                .setUsageType(PriceCreateParams.Recurring.UsageType.METERED).setMeter(meter).build()).build();
    }
}
