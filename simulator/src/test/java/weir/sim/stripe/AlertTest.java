package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.billing.Alert;
import com.stripe.param.EventListParams;
import com.stripe.param.billing.AlertCreateParams;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertTest {
    @TempDir
    private Path dir;
    private BillingFixture billing;
    private StripeFixture stripe;
    private String customer;

    @BeforeEach
    void setUp() throws Exception {
        billing = new BillingFixture(dir);
        stripe = billing.stripe;
        customer = stripe.customer("beta").getId();
    }

    @AfterEach
    void tearDown() {
        billing.close();
    }

    private Alert alert(final String filter, final long gte) throws StripeException {
        return stripe.client.billing().alerts().create(AlertCreateParams.builder().setTitle("at " + gte)
            .setAlertType(AlertCreateParams.AlertType.USAGE_THRESHOLD)
            .setUsageThreshold(AlertCreateParams.UsageThreshold.builder().setGte(gte).setMeter(billing.meter.getId())
                .setRecurrence(AlertCreateParams.UsageThreshold.Recurrence.ONE_TIME)
                .addFilter(AlertCreateParams.UsageThreshold.Filter.builder().setCustomer(filter)
                    .setType(AlertCreateParams.UsageThreshold.Filter.Type.CUSTOMER).build()).build()).build());
    }

    private int triggered() throws StripeException {
        return stripe.client.events().list(EventListParams.builder().setType("billing.alert.triggered").build())
            .getData().size();
    }

    @Test
    void shouldTriggerOnceByUsageSinceItsCreation() throws Exception {
        stripe.send(stripe.event("order_sent", customer, "90", "a-1"));
        alert(customer, 100);
        stripe.send(stripe.event("order_sent", customer, "99", "a-2"));
        assertEquals(0, triggered(), "usage of before does not count");
        stripe.relaunch(stripe.context());
        stripe.send(stripe.event("order_sent", customer, "1", "a-3"));
        assertEquals(1, triggered(), "usage of before the restart does");
        stripe.send(stripe.event("order_sent", customer, "100", "a-4"));
        assertEquals(1, triggered());
    }

    @Test
    void shouldRefuseMoreThan25PerMeterAndCustomerAndTestClocks() throws Exception {
        for (int i = 1; i <= 25; i++) {
            alert(customer, i);
        }
        assertThrows(InvalidRequestException.class, () -> alert(customer, 26));
        assertThrows(InvalidRequestException.class, () -> alert(billing.customer.getId(), 1));
        stripe.send(stripe.event("order_sent", customer, "10", "a-1"));
        assertEquals(10, triggered());
    }
}
