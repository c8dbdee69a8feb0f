package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.StripeClient;
import com.stripe.exception.ApiException;
import com.stripe.exception.TemporarySessionExpiredException;
import com.stripe.model.Customer;
import com.stripe.model.v2.billing.MeterEventSession;
import com.stripe.param.v2.billing.MeterEventAdjustmentCreateParams;
import com.stripe.param.v2.billing.MeterEventCreateParams;
import com.stripe.param.v2.billing.MeterEventStreamCreateParams;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterStreamTest {
    @TempDir
    private Path dir;
    private StripeFixture stripe;
    private Customer customer;

    @BeforeEach
    void setUp() throws Exception {
        stripe = new StripeFixture(dir);
        stripe.meter("order_sent");
        customer = stripe.customer("alpha");
    }

    @AfterEach
    void tearDown() {
        stripe.close();
    }

    private StripeClient session() throws Exception {
        final MeterEventSession session = stripe.client.v2().billing().meterEventSession().create();
        assertEquals(stripe.clock.instant().plusSeconds(900), session.getExpiresAt());
        return stripe.client(session.getAuthenticationToken());
    }

    private MeterEventStreamCreateParams.Event event(final String identifier, final String value,
                                                     final Instant timestamp) {
        return MeterEventStreamCreateParams.Event.builder().setEventName("order_sent").setIdentifier(identifier)
            .putPayload("stripe_customer_id", customer.getId()).putPayload("value", value).setTimestamp(timestamp)
            .build();
    }

    private JsonNode units() throws Exception {
        return stripe.totals().get("totals").path(0).path("units");
    }

    @Test
    void shouldCountStreamedEventsOnceAndReportTheRestLater() throws Exception {
        final Instant now = stripe.clock.instant();
        session().v2().billing().meterEventStream().create(MeterEventStreamCreateParams.builder()
            .addEvent(event("s-1", "27", now)).addEvent(event("s-1", "27", now)).addEvent(event("s-2", "3", now))
            .addEvent(event("s-3", "5", now.minusSeconds(36L * 86_400)))
            .addEvent(event("s-4", "5", now.plusSeconds(301))).addEvent(event("s-5", "x", now)).build());
        assertEquals(30, units().asLong());
        assertEquals(1, stripe.totals().get("duplicates").asLong());
        stripe.clock.advanceSeconds(10);
        final String id = stripe.control("GET", "events", "").get("data").get(0).get("id").asText();
        final String report = stripe.http("GET", "/v2/core/events/" + id, "", "Authorization",
            "Bearer sk_test_weir").body();
        assertTrue(report.contains("timestamp_too_far_in_past") && report.contains("timestamp_in_future")
            && report.contains("meter_event_invalid_value"), report);
    }

    @Test
    void shouldRefuseTheTokenAfterFifteenMinutes() throws Exception {
        final StripeClient streaming = session();
        final MeterEventStreamCreateParams params = MeterEventStreamCreateParams.builder()
            .addEvent(event("s-1", "1", stripe.clock.instant())).build();
        stripe.clock.advanceSeconds(899);
        streaming.v2().billing().meterEventStream().create(params);
        stripe.clock.advanceSeconds(1);
        assertThrows(TemporarySessionExpiredException.class,
            () -> streaming.v2().billing().meterEventStream().create(params));
        assertThrows(TemporarySessionExpiredException.class,
            () -> stripe.client.v2().billing().meterEventStream().create(params), "a secret key is no token");
    }

    @Test
    void shouldTakeOneHundredEventsAtMost() throws Exception {
        final StripeClient streaming = session();
        final MeterEventStreamCreateParams.Builder params = MeterEventStreamCreateParams.builder();
        for (int i = 0; i < 100; i++) {
            params.addEvent(event("s-" + i, "1", stripe.clock.instant()));
        }
        streaming.v2().billing().meterEventStream().create(params.build());
        assertEquals(100, units().asLong());
        params.addEvent(event("s-100", "1", stripe.clock.instant()));
        assertEquals(400, assertThrows(ApiException.class,
            () -> streaming.v2().billing().meterEventStream().create(params.build())).getStatusCode());
        assertEquals(100, units().asLong());
    }

    @Test
    void shouldTakeAndCancelAnEventInJson() throws Exception {
        stripe.client.v2().billing().meterEvents().create(MeterEventCreateParams.builder()
            .setEventName("order_sent").setIdentifier("j-1").putPayload("stripe_customer_id", customer.getId())
            .putPayload("value", "4").setTimestamp(stripe.clock.instant()).build());
        assertEquals(4, units().asLong());
        stripe.client.v2().billing().meterEventAdjustments().create(MeterEventAdjustmentCreateParams.builder()
            .setEventName("order_sent").setType(MeterEventAdjustmentCreateParams.Type.CANCEL)
            .setCancel(MeterEventAdjustmentCreateParams.Cancel.builder().setIdentifier("j-1").build()).build());
        assertEquals(0, units().asLong());
        assertEquals("pending", adjustmentStatus());
        stripe.relaunch(stripe.context());
        stripe.clock.advanceSeconds(10);
        assertEquals("complete", adjustmentStatus());
        assertEquals(0, units().asLong());
    }

    private String adjustmentStatus() throws Exception {
        return stripe.control("GET", "adjustments", "").get("data").get(0).get("status").asText();
    }
}
