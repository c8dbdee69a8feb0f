package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Subscription;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionCreateParams.BillingCycleAnchorConfig;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorConfigTest {
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

    private SubscriptionCreateParams.Builder monthly(final BillingCycleAnchorConfig config) throws StripeException {
        return SubscriptionCreateParams.builder().setCustomer(billing.customer.getId())
            .addItem(SubscriptionCreateParams.Item.builder().setPrice(billing.perUnit("2").getId()).build())
            .setBillingCycleAnchorConfig(config);
    }

    private static long seconds(final String time) {
        return Instant.parse(time).getEpochSecond();
    }

    private long periodEnd(final String id) throws StripeException {
        return billing.stripe.client.subscriptions().retrieve(id).getItems().getData().get(0).getCurrentPeriodEnd();
    }

    @Test
    void shouldEndEachMonthOnItsLastDayWhenCreatedInFebruaryForThe31st() throws Exception {
        billing.advance(seconds("2026-02-10T08:00:00Z"));
        final Subscription created = billing.stripe.client.subscriptions().create(monthly(BillingCycleAnchorConfig
            .builder().setDayOfMonth(31L).setHour(15L).setMinute(0L).setSecond(0L).build()).build());
        assertEquals(seconds("2026-03-31T15:00:00Z"), created.getBillingCycleAnchor());
        assertEquals(31, created.getBillingCycleAnchorConfig().getDayOfMonth());
        assertEquals(seconds("2026-02-28T15:00:00Z"), periodEnd(created.getId()));
        billing.advance(seconds("2026-03-01T00:00:00Z"));
        assertEquals(seconds("2026-03-31T15:00:00Z"), periodEnd(created.getId()));
        billing.advance(seconds("2026-04-01T00:00:00Z"));
        assertEquals(seconds("2026-04-30T15:00:00Z"), periodEnd(created.getId()));
    }

    @Test
    void shouldTakeTheTimeOfCreationForWhatIsNotGiven() throws Exception {
        billing.advance(seconds("2026-01-10T08:30:05Z"));
        final Subscription created = billing.stripe.client.subscriptions().create(monthly(BillingCycleAnchorConfig
            .builder().setDayOfMonth(9L).build()).build());
        assertEquals(seconds("2026-02-09T08:30:05Z"), created.getBillingCycleAnchor());
    }

    @Test
    void shouldRefuseTwoAnchorsAndADayThatNoMonthHas() {
        final BillingCycleAnchorConfig day = BillingCycleAnchorConfig.builder().setDayOfMonth(9L).build();
        assertThrows(InvalidRequestException.class, () -> billing.stripe.client.subscriptions().create(monthly(day)
            .setBillingCycleAnchor(BillingFixture.FEB_1).build()));
        assertThrows(InvalidRequestException.class, () -> billing.stripe.client.subscriptions().create(monthly(
            BillingCycleAnchorConfig.builder().setDayOfMonth(32L).build()).build()));
    }
}
