package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Invoice;
import com.stripe.model.Price;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionSchedule;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.SubscriptionCancelParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionMigrateParams;
import com.stripe.param.SubscriptionScheduleCreateParams;
import com.stripe.param.SubscriptionScheduleUpdateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.SubscriptionUpdateParams.ProrationBehavior;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceChangeTest {
    @TempDir
    private Path dir;
    private BillingFixture billing;

    @BeforeEach
    void setUp() throws Exception {
        billing = new BillingFixture(dir);
    }

    @AfterEach
    void tearDown() {
        billing.close();
    }

    /** 100 units before 16 January at 7 c, the switch, 10 units after it at 3 c; the invoice of February. */
    private Invoice switched(final boolean flexible, final ProrationBehavior behavior) throws Exception {
        final Subscription subscription = billing.subscribe(flexible, billing.perUnit("7"));
        billing.use(100, BillingFixture.JAN_1);
        billing.advance(BillingFixture.JAN_16);
        final Subscription changed = billing.switchPrice(subscription, billing.perUnit("3"), behavior);
        assertEquals(1, changed.getItems().getData().size());
        assertEquals(BillingFixture.FEB_1, changed.getItems().getData().get(0).getCurrentPeriodEnd());
        billing.use(10, BillingFixture.JAN_16);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        return billing.invoices().get(0);
    }

    @Test
    void shouldBillUsageUntilTheSwitchAtTheOldPriceInFlexibleMode() throws Exception {
        assertEquals(List.of(30L, 700L), BillingFixture.amounts(switched(true, ProrationBehavior.CREATE_PRORATIONS)));
    }

    @Test
    void shouldBillTheOldPriceAtOnceWhenAskedTo() throws Exception {
        assertEquals(List.of(30L), BillingFixture.amounts(switched(true, ProrationBehavior.ALWAYS_INVOICE)));
        final Invoice atOnce = billing.invoices().get(1);
        assertEquals(List.of(700L), BillingFixture.amounts(atOnce));
        assertEquals("subscription_update", atOnce.getBillingReason());
        assertEquals("paid", atOnce.getStatus());
        assertEquals(BillingFixture.JAN_16, atOnce.getCreated());
    }

    @Test
    void shouldNotBillTheOldPriceWhenProrationIsNone() throws Exception {
        assertEquals(List.of(30L), BillingFixture.amounts(switched(true, ProrationBehavior.NONE)));
    }

    @Test
    void shouldNeverBillUsageBeforeTheSwitchInClassicMode() throws Exception {
        assertEquals(List.of(30L), BillingFixture.amounts(switched(false, ProrationBehavior.CREATE_PRORATIONS)));
    }

    @Test
    void shouldBillUsageThatComesAfterTheSwitchOnlyWhenToldTo() throws Exception {
        for (final boolean late : new boolean[] {false, true}) {
            billing.stripe.control("POST", "config", "{\"lateUsageAfterSwitch\":" + late + "}");
            final Subscription subscription = billing.subscribe(true, billing.perUnit("7"));
            final long now = billing.stripe.client.testHelpers().testClocks().retrieve(billing.testClock.getId())
                .getFrozenTime();
            billing.use(100, now);
            billing.advance(now + 86_400);
            billing.switchPrice(subscription, billing.perUnit("3"), ProrationBehavior.CREATE_PRORATIONS);
            billing.use(1, now);
            billing.stripe.client.subscriptions().update(subscription.getId(), SubscriptionUpdateParams.builder()
                .setBillingCycleAnchor(SubscriptionUpdateParams.BillingCycleAnchor.NOW).build());
            assertEquals(late ? 707 : 700, billing.invoices().get(0).getTotal());
            billing.stripe.client.subscriptions().cancel(subscription.getId());
            billing.advance(now + 2 * 86_400);
        }
    }

    @Test
    void shouldStartTiersAnewForEachPriceOfAPeriod() throws Exception {
        final Subscription subscription =
            billing.subscribe(true, billing.tiered(PriceCreateParams.TiersMode.GRADUATED));
        billing.use(1_001, BillingFixture.JAN_1);
        billing.advance(BillingFixture.JAN_16);
        final Price next = billing.tiered(PriceCreateParams.TiersMode.GRADUATED);
        billing.stripe.client.subscriptions().update(subscription.getId(), SubscriptionUpdateParams.builder()
            .addItem(SubscriptionUpdateParams.Item.builder().setId(subscription.getItems().getData().get(0).getId())
                .setPrice(next.getId()).build()).build());
        billing.use(1_001, BillingFixture.JAN_16);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals(List.of(10_000L, 5L, 10_000L, 5L), BillingFixture.amounts(billing.invoices().get(0)));
    }

    @Test
    void shouldCreditAndDebitLicensedPricesByTheSecond() throws Exception {
        final Subscription subscription = billing.subscribe(true, billing.licensed(3_100));
        billing.advance(BillingFixture.JAN_16);
        billing.stripe.client.subscriptions().update(subscription.getId(), SubscriptionUpdateParams.builder()
            .addItem(SubscriptionUpdateParams.Item.builder().setId(subscription.getItems().getData().get(0).getId())
                .setPrice(billing.licensed(6_200).getId()).build()).build());
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals(List.of(6_200L, -1_600L, 3_200L), BillingFixture.amounts(billing.invoices().get(0)));
    }

    @Test
    void shouldMigrateOnceFromClassicToFlexible() throws Exception {
        final Subscription classic = billing.subscribe(false, billing.perUnit("7"));
        final SubscriptionMigrateParams migrate = SubscriptionMigrateParams.builder().setBillingMode(
            SubscriptionMigrateParams.BillingMode.builder()
                .setType(SubscriptionMigrateParams.BillingMode.Type.FLEXIBLE).build()).build();
        assertEquals("flexible",
            billing.stripe.client.subscriptions().migrate(classic.getId(), migrate).getBillingMode().getType());
        assertThrows(InvalidRequestException.class,
            () -> billing.stripe.client.subscriptions().migrate(classic.getId(), migrate));
    }

    @Test
    void shouldRefuseBillingModeFromAnOlderVersionAndChooseFlexibleForANewerOne() throws Exception {
        final Price price = billing.perUnit("7");
        final String form = "customer=" + billing.customer.getId() + "&items[0][price]=" + price.getId();
        final String old = post(form + "&billing_mode[type]=flexible", "2025-03-31.basil");
        assertEquals("parameter_unknown", StripeFixture.JSON.readTree(old).get("error").get("code").asText());
        assertEquals("classic", mode(post(form, "2025-06-30.basil")));
        assertEquals("flexible", mode(post(form, "2025-09-30.clover")));
    }

    private String post(final String form, final String version) throws Exception {
        return billing.stripe.http("POST", "/v1/subscriptions", form, "Authorization", "Bearer sk_test_weir",
            "Content-Type", "application/x-www-form-urlencoded", "Stripe-Version", version).body();
    }

    private static String mode(final String subscription) throws Exception {
        return StripeFixture.JSON.readTree(subscription).get("billing_mode").get("type").asText();
    }

    @Test
    void shouldBillTheLastUsageWhenCanceledAtPeriodEnd() throws Exception {
        final Subscription subscription = billing.subscribe(true, billing.perUnit("7"));
        billing.use(5, BillingFixture.JAN_1);
        billing.stripe.client.subscriptions().update(subscription.getId(),
            SubscriptionUpdateParams.builder().setCancelAtPeriodEnd(true).build());
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals("canceled", billing.stripe.client.subscriptions().retrieve(subscription.getId()).getStatus());
        assertEquals(List.of(35L), BillingFixture.amounts(billing.invoices().get(0)));
        assertEquals(0, billing.stripe.client.subscriptions().list().getData().size());
        assertEquals(1, billing.stripe.client.subscriptions().list(SubscriptionListParams.builder()
            .setStatus(SubscriptionListParams.Status.ALL).build()).getData().size());
    }

    @Test
    void shouldBillUsageAtCancellationOnlyWhenAskedTo() throws Exception {
        final Subscription first = billing.subscribe(true, billing.perUnit("7"));
        billing.use(5, BillingFixture.JAN_1);
        billing.advance(BillingFixture.JAN_16);
        billing.stripe.client.subscriptions().cancel(first.getId());
        assertEquals(0, billing.invoices().size());
        final Subscription second = billing.subscribe(true, billing.perUnit("7"));
        billing.use(3, BillingFixture.JAN_16);
        billing.advance(BillingFixture.JAN_16 + 60);
        billing.stripe.client.subscriptions().cancel(second.getId(),
            SubscriptionCancelParams.builder().setInvoiceNow(true).build());
        assertEquals(List.of(21L), BillingFixture.amounts(billing.invoices().get(0)));
    }

    @Test
    void shouldBillAStubUntilTheAnchor() throws Exception {
        final Price licensed = billing.licensed(3_100);
        final Subscription subscription = billing.stripe.client.subscriptions().create(
            SubscriptionCreateParams.builder().setCustomer(billing.customer.getId())
                .setBillingCycleAnchor(BillingFixture.JAN_16)
                .addItem(SubscriptionCreateParams.Item.builder().setPrice(licensed.getId()).build()).build());
        assertEquals(BillingFixture.JAN_16, subscription.getItems().getData().get(0).getCurrentPeriodEnd());
        assertEquals(List.of(1_500L), BillingFixture.amounts(billing.invoices().get(0)));
        assertThrows(InvalidRequestException.class, () -> billing.stripe.client.subscriptions().create(
            SubscriptionCreateParams.builder().setCustomer(billing.customer.getId())
                .setBillingCycleAnchor(BillingFixture.MAR_1)
                .addItem(SubscriptionCreateParams.Item.builder().setPrice(licensed.getId()).build()).build()));
    }

    @Test
    void shouldChangePriceWhenThePhaseOfAScheduleBegins() throws Exception {
        final Price first = billing.perUnit("7");
        final Price second = billing.perUnit("3");
        final Subscription subscription = billing.subscribe(true, first);
        final SubscriptionSchedule schedule = billing.stripe.client.subscriptionSchedules().create(
            SubscriptionScheduleCreateParams.builder().setFromSubscription(subscription.getId()).build());
        assertEquals("active", schedule.getStatus());
        billing.stripe.client.subscriptionSchedules().update(schedule.getId(),
            SubscriptionScheduleUpdateParams.builder()
                .addPhase(SubscriptionScheduleUpdateParams.Phase.builder().setStartDate(BillingFixture.JAN_1)
                    .setEndDate(BillingFixture.JAN_16).addItem(SubscriptionScheduleUpdateParams.Phase.Item.builder()
                        .setPrice(first.getId()).build()).build())
                .addPhase(SubscriptionScheduleUpdateParams.Phase.builder().setIterations(1L)
                    .addItem(SubscriptionScheduleUpdateParams.Phase.Item.builder().setPrice(second.getId()).build())
                    .build()).build());
        billing.use(100, BillingFixture.JAN_1);
        billing.advance(BillingFixture.JAN_16 + 1);
        billing.use(10, BillingFixture.JAN_16);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals(List.of(30L, 700L), BillingFixture.amounts(billing.invoices().get(0)));
        billing.advance(BillingFixture.MAR_1);
        assertEquals("released",
            billing.stripe.client.subscriptionSchedules().retrieve(schedule.getId()).getStatus());
        assertNull(billing.stripe.client.subscriptions().retrieve(subscription.getId()).getSchedule());
    }

    @Test
    void shouldMakeAndEndTheSubscriptionOfASchedule() throws Exception {
        final Price price = billing.perUnit("7");
        final SubscriptionSchedule schedule = billing.stripe.client.subscriptionSchedules().create(
            SubscriptionScheduleCreateParams.builder().setCustomer(billing.customer.getId())
                .setStartDate(BillingFixture.JAN_16)
                .setEndBehavior(SubscriptionScheduleCreateParams.EndBehavior.CANCEL)
                .addPhase(SubscriptionScheduleCreateParams.Phase.builder().setIterations(1L)
                    .addItem(SubscriptionScheduleCreateParams.Phase.Item.builder().setPrice(price.getId()).build())
                    .build()).build());
        assertEquals("not_started", schedule.getStatus());
        billing.advance(BillingFixture.JAN_16 + 60);
        final String subscription =
            billing.stripe.client.subscriptionSchedules().retrieve(schedule.getId()).getSubscription();
        billing.use(4, BillingFixture.JAN_16);
        billing.advance(BillingFixture.JAN_16 + 31 * 86_400 + Invoices.DRAFT_SECONDS);
        assertEquals("completed",
            billing.stripe.client.subscriptionSchedules().retrieve(schedule.getId()).getStatus());
        assertEquals("canceled", billing.stripe.client.subscriptions().retrieve(subscription).getStatus());
        assertEquals(28, billing.invoices().get(0).getTotal());
    }
}
