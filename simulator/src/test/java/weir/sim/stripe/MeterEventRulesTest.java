package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEvent;
import com.stripe.model.billing.MeterEventAdjustment;
import com.stripe.model.v2.Event;
import com.stripe.param.billing.MeterEventAdjustmentCreateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterEventRulesTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    private Path dir;
    private StripeFixture stripe;
    private Meter meter;
    private Customer customer;

    @BeforeEach
    void setUp() throws StripeException {
        stripe = new StripeFixture(dir);
        meter = stripe.meter("order_sent");
        customer = stripe.customer("alpha");
    }

    @AfterEach
    void tearDown() {
        stripe.close();
    }

    private InvalidRequestException refusal(final MeterEventCreateParams params) {
        return assertThrows(InvalidRequestException.class, () -> stripe.send(params));
    }

    private MeterEventCreateParams at(final long offsetSeconds) {
        return MeterEventCreateParams.builder().setEventName("order_sent")
            .putPayload("stripe_customer_id", customer.getId()).putPayload("value", "1")
            .setTimestamp(stripe.clock.instant().getEpochSecond() + offsetSeconds).build();
    }

    @Test
    void shouldCountUnitsWhenEventIsAccepted() throws Exception {
        final MeterEvent event = stripe.send(stripe.event("order_sent", customer.getId(), "27", "id-1"));
        assertEquals("id-1", event.getIdentifier());
        assertEquals("billing.meter_event", event.getObject());
        assertEquals("27", event.getPayload().get("value"));
        stripe.send(stripe.event("order_sent", customer.getId(), "-2", "id-2"));
        final JsonNode row = stripe.totals().get("totals").get(0);
        assertEquals(25, row.get("units").asLong());
        assertEquals(meter.getId(), row.get("meter").asText());
        assertEquals(customer.getId(), row.get("customer").asText());
    }

    @Test
    void shouldLogBeforeTheAnswerWhenEventIsAccepted() throws Exception {
        final MeterEvent event = stripe.send(stripe.event("order_sent", customer.getId(), "27", "id-1"));
        final JsonNode line = stripe.lines("accepted").get(0);
        assertEquals("id-1", line.get("identifier").asText());
        assertEquals("order_sent", line.get("event_name").asText());
        assertEquals(customer.getId(), line.get("customer").asText());
        assertEquals("27", line.get("value").asText());
        assertEquals(event.getTimestamp(), line.get("timestamp").asLong());
        assertEquals(event.getLastResponse().requestId(), line.get("requestId").asText());
        assertEquals(200, line.get("status").asInt());
    }

    @Test
    void shouldRefuseWithoutRetryWhenIdentifierCameWithin24Hours() throws Exception {
        stripe.send(stripe.event("order_sent", customer.getId(), "1", "id-1"));
        stripe.clock.advanceSeconds(24 * 3600 - 1);
        final InvalidRequestException e = refusal(stripe.event("order_sent", customer.getId(), "1", "id-1"));
        assertEquals(400, e.getStatusCode());
        assertTrue(e.getMessage().contains("An event already exists with identifier id-1."), e.getMessage());
        final HttpResponse<String> raw = stripe.http("POST", "/v1/billing/meter_events",
            "event_name=order_sent&identifier=id-1&payload[value]=1&payload[stripe_customer_id]=" + customer.getId(),
            "Authorization", "Bearer sk_test_weir", "Content-Type", FORM);
        assertEquals("false", raw.headers().firstValue("stripe-should-retry").orElseThrow());
        assertEquals(1, stripe.totals().get("totals").get(0).get("units").asLong());
        assertEquals(2, stripe.lines("duplicate").size());
        assertEquals(2, stripe.totals().get("duplicates").asLong());
    }

    @Test
    void shouldCountTwiceWhenIdentifierIsReusedAfter24Hours() throws Exception {
        stripe.send(stripe.event("order_sent", customer.getId(), "1", "id-1"));
        stripe.clock.advanceSeconds(24 * 3600);
        stripe.send(stripe.event("order_sent", customer.getId(), "1", "id-1"));
        assertEquals(2, stripe.totals().get("totals").get(0).get("units").asLong());
    }

    @Test
    void shouldMakeIdentifierWhenNoneIsGiven() throws Exception {
        final MeterEvent first = stripe.send(at(0));
        final MeterEvent second = stripe.send(at(0));
        assertNotNull(first.getIdentifier());
        assertTrue(!first.getIdentifier().equals(second.getIdentifier()));
    }

    @Test
    void shouldRefuseWhenIdentifierIsLongerThan100() throws Exception {
        stripe.send(stripe.event("order_sent", customer.getId(), "1", "x".repeat(100)));
        final InvalidRequestException e =
            refusal(stripe.event("order_sent", customer.getId(), "1", "x".repeat(101)));
        assertEquals("identifier", e.getParam());
        assertEquals(1, stripe.lines("refused").size());
    }

    @Test
    void shouldHoldTimestampToBothWindows() throws Exception {
        stripe.send(at(300));
        assertEquals("timestamp_in_future", refusal(at(301)).getCode());
        stripe.send(at(-35L * 86_400));
        assertEquals("timestamp_too_far_in_past", refusal(at(-35L * 86_400 - 1)).getCode());
    }

    @Test
    void shouldRefuseWhenRequiredParameterIsMissing() throws Exception {
        for (final String body : new String[] {"payload[value]=1", "event_name=order_sent"}) {
            final HttpResponse<String> response = stripe.http("POST", "/v1/billing/meter_events", body,
                "Authorization", "Bearer sk_test_weir", "Content-Type", FORM);
            assertEquals(400, response.statusCode(), response.body());
            assertTrue(response.body().contains("parameter_missing"), response.body());
        }
    }

    @Test
    void shouldRefuseWhenParameterIsUnknown() {
        final InvalidRequestException e = refusal(MeterEventCreateParams.builder().setEventName("order_sent")
            .putPayload("value", "1").putExtraParam("quantity", "3").build());
        assertEquals("parameter_unknown", e.getCode());
    }

    @Test
    void shouldReadPercentEncodedBodyAndBasicAuth() throws Exception {
        final HttpResponse<String> response = stripe.http("POST", "/v1/billing/meter_events",
            "event_name=order_sent&identifier=a%2Bb&payload%5Bvalue%5D=4&payload%5Bstripe_customer_id%5D="
                + customer.getId(), "Authorization",
            "Basic " + Base64.getEncoder().encodeToString("sk_test_weir:".getBytes("UTF-8")), "Content-Type", FORM);
        assertEquals(200, response.statusCode(), response.body());
        assertEquals("a+b", stripe.lines("accepted").get(0).get("identifier").asText());
        assertEquals(4, stripe.totals().get("totals").get(0).get("units").asLong());
    }

    @ParameterizedTest
    @CsvSource({"nope, CUSTOMER, 1, no_meter", "order_sent, cus_none, 1, meter_event_customer_not_found",
        "order_sent, CUSTOMER, 1.5, meter_event_invalid_value",
        "order_sent, CUSTOMER, many, meter_event_invalid_value"})
    void shouldAcceptThenReportWhenEventCannotCount(final String eventName, final String who, final String value,
                                                    final String code) throws Exception {
        final String id = "CUSTOMER".equals(who) ? customer.getId() : who;
        stripe.send(stripe.event(eventName, id, value, "bad-1"));
        assertEquals(0, stripe.totals().get("totals").size());
        assertEquals(0, stripe.control("GET", "events", "").get("data").size());
        stripe.clock.advanceSeconds(10);
        final JsonNode thin = stripe.control("GET", "events", "").get("data").get(0);
        assertTrue(!thin.has("data"), thin.toString());
        assertEquals("no_meter".equals(code) ? "v1.billing.meter.no_meter_found"
            : "v1.billing.meter.error_report_triggered", thin.get("type").asText());
        final Event event = stripe.client.v2().core().events().retrieve(thin.get("id").asText());
        final JsonObject reason = event.getRawJsonObject().getAsJsonObject("data").getAsJsonObject("reason");
        final JsonObject type = reason.getAsJsonArray("error_types").get(0).getAsJsonObject();
        assertEquals(code, type.get("code").getAsString());
        assertEquals("bad-1", type.getAsJsonArray("sample_errors").get(0).getAsJsonObject()
            .getAsJsonObject("request").get("identifier").getAsString());
    }

    @Test
    void shouldReportMissingPayloadKeysAndArchivedMeter() throws Exception {
        stripe.send(MeterEventCreateParams.builder().setEventName("order_sent").putPayload("value", "1").build());
        stripe.send(MeterEventCreateParams.builder().setEventName("order_sent")
            .putPayload("stripe_customer_id", customer.getId()).build());
        stripe.client.billing().meters().deactivate(meter.getId());
        stripe.send(stripe.event("order_sent", customer.getId(), "1", "late"));
        stripe.clock.advanceSeconds(10);
        final String id = stripe.control("GET", "events", "").get("data").get(0).get("id").asText();
        final String data = stripe.client.v2().core().events().retrieve(id).getRawJsonObject().toString();
        for (final String code : new String[] {"meter_event_no_customer_defined", "meter_event_value_not_found",
            "archived_meter"}) {
            assertTrue(data.contains(code), data);
        }
        assertEquals(3, stripe.totals().get("invalid").asLong());
    }

    @Test
    void shouldTakeBackUnitsWhenEventIsCancelledWithin24Hours() throws Exception {
        stripe.send(stripe.event("order_sent", customer.getId(), "5", "id-1"));
        stripe.send(stripe.event("order_sent", customer.getId(), "7", "id-2"));
        assertEquals("pending", cancel("id-1").getStatus());
        assertEquals(7, stripe.totals().get("totals").get(0).get("units").asLong());
        assertThrows(InvalidRequestException.class, () -> cancel("id-1"));
        assertThrows(InvalidRequestException.class, () -> cancel("unknown"));
        stripe.clock.advanceSeconds(24 * 3600);
        assertThrows(InvalidRequestException.class, () -> cancel("id-2"));
    }

    private MeterEventAdjustment cancel(final String identifier) throws StripeException {
        return stripe.client.billing().meterEventAdjustments().create(MeterEventAdjustmentCreateParams.builder()
            .setType(MeterEventAdjustmentCreateParams.Type.CANCEL).setEventName("order_sent")
            .setCancel(MeterEventAdjustmentCreateParams.Cancel.builder().setIdentifier(identifier).build()).build());
    }
}
