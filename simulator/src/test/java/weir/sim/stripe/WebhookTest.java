package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.model.Customer;
import com.stripe.model.Event;
import com.stripe.model.ThinEvent;
import com.stripe.model.WebhookEndpoint;
import com.stripe.model.v2.EventDestination;
import com.stripe.net.Webhook;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointUpdateParams;
import com.stripe.param.v2.core.EventDestinationCreateParams;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTest {
    @TempDir
    private Path dir;
    private StripeFixture stripe;
    private WebhookReceiver receiver;

    @BeforeEach
    void setUp() throws Exception {
        stripe = new StripeFixture(dir);
        receiver = new WebhookReceiver();
    }

    @AfterEach
    void tearDown() {
        receiver.close();
        stripe.close();
    }

    private WebhookEndpoint endpoint() throws Exception {
        return stripe.client.webhookEndpoints().create(WebhookEndpointCreateParams.builder().setUrl(receiver.url())
            .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.ALL).build());
    }

    /** Waits until the simulator knows how the attempt ended: its clock may be moved then. */
    private void awaitAttempts(final int attempts) throws Exception {
        String pending = "";
        for (int i = 0; i < 500; i++) {
            pending = stripe.control("GET", "webhooks", "").get("data").toString();
            if (pending.contains("\"attempts\":" + attempts)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("not " + attempts + " attempts within 5 s: " + pending);
    }

    private Event verified(final WebhookReceiver.Received webhook, final String secret) throws Exception {
        return Webhook.constructEvent(webhook.body(), webhook.signature(), secret, 300, stripe.clock);
    }

    @Test
    void shouldSignAsThePublishedVectorSays() {
        assertEquals("t=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd",
            WebhookSignature.header(1_700_000_000L, "{\"id\":\"evt_1\",\"object\":\"event\"}",
                List.of("whsec_test_secret")));
    }

    @Test
    void shouldDeliverWhatStripeJavaVerifiesAndReads() throws Exception {
        final WebhookEndpoint endpoint = endpoint();
        assertNull(stripe.client.webhookEndpoints().retrieve(endpoint.getId()).getSecret(), "shown once");
        final Customer customer = stripe.customer("alpha");
        final WebhookReceiver.Received webhook = receiver.await();
        final Event event = verified(webhook, endpoint.getSecret());
        assertEquals("customer.created", event.getType());
        assertEquals(customer.getId(),
            ((Customer) event.getDataObjectDeserializer().getObject().orElseThrow()).getId());
        assertEquals(event.getId(), stripe.client.events().retrieve(event.getId()).getId());
        assertThrows(SignatureVerificationException.class, () -> verified(webhook, endpoint.getSecret() + "x"));
        stripe.clock.advanceSeconds(301);
        assertThrows(SignatureVerificationException.class, () -> verified(webhook, endpoint.getSecret()));
    }

    @Test
    void shouldSignWithBothSecretsUntilTheOldOneExpires() throws Exception {
        final WebhookEndpoint endpoint = endpoint();
        final String secret = stripe.control("POST", "webhook_endpoints/" + endpoint.getId() + "/roll",
            "{\"expiresInSeconds\":3600}").get("secret").asText();
        assertNotEquals(endpoint.getSecret(), secret);
        stripe.customer("alpha");
        final WebhookReceiver.Received both = receiver.await();
        verified(both, endpoint.getSecret());
        verified(both, secret);
        stripe.clock.advanceSeconds(3_600);
        stripe.customer("beta");
        final WebhookReceiver.Received one = receiver.await();
        verified(one, secret);
        assertThrows(SignatureVerificationException.class, () -> verified(one, endpoint.getSecret()));
        assertThrows(IllegalStateException.class, () -> stripe.control("POST",
            "webhook_endpoints/" + endpoint.getId() + "/roll", "{\"expiresInSeconds\":86401}"));
    }

    @Test
    void shouldTryAgainLaterWhenTheReceiverFails() throws Exception {
        endpoint();
        receiver.nextStatus.addAll(List.of(500, 503));
        stripe.customer("alpha");
        final String id = receiver.await().text("id");
        awaitAttempts(1);
        stripe.clock.advanceSeconds(7);
        assertTrue(receiver.silent(), "before the back-off is over");
        stripe.clock.advanceSeconds(3);
        assertEquals(id, receiver.await().text("id"));
        awaitAttempts(2);
        stripe.clock.advanceSeconds(14);
        assertTrue(receiver.silent(), "the back-off doubles");
        stripe.clock.advanceSeconds(6);
        assertEquals(id, receiver.await().text("id"));
        stripe.clock.advanceSeconds(86_400);
        assertTrue(receiver.silent(), "delivered");
    }

    @Test
    void shouldDeliverAfterARestartWhatWasStillToBeDelivered() throws Exception {
        endpoint();
        receiver.nextStatus.add(500);
        stripe.customer("alpha");
        final String id = receiver.await().text("id");
        awaitAttempts(1);
        stripe.relaunch(stripe.context());
        stripe.clock.advanceSeconds(20);
        assertEquals(id, receiver.await().text("id"));
    }

    @Test
    void shouldDeliverTwiceLateChangedOrNotAtAllWhenToldTo() throws Exception {
        final WebhookEndpoint endpoint = endpoint();
        stripe.fault("{'kind':'webhook_duplicate'}");
        stripe.customer("twice");
        assertEquals(receiver.await().text("id"), receiver.await().text("id"));
        stripe.fault("{'kind':'webhook_reorder','path':'customer.created','ms':60000}");
        final Customer first = stripe.customer("first");
        stripe.client.customers().delete(first.getId());
        assertEquals("customer.deleted", receiver.await().type());
        assertEquals("customer.created", receiver.await().type());
        stripe.fault("{'kind':'webhook_tamper'}");
        stripe.customer("changed");
        final WebhookReceiver.Received changed = receiver.await();
        assertThrows(SignatureVerificationException.class, () -> verified(changed, endpoint.getSecret()));
        stripe.fault("{'kind':'webhook_delay','ms':5000}");
        stripe.customer("late");
        assertTrue(receiver.silent());
        stripe.clock.advanceSeconds(5);
        receiver.await();
        stripe.fault("{'kind':'webhook_drop'}");
        stripe.customer("dropped");
        assertTrue(receiver.silent());
        stripe.clock.advanceSeconds(10);
        receiver.await();
        stripe.fault("{'kind':'webhook_lose'}");
        stripe.customer("lost");
        stripe.clock.advanceSeconds(86_400);
        assertTrue(receiver.silent());
        assertEquals("customer.created", stripe.client.events().list().getData().get(0).getType());
    }

    @Test
    void shouldSendOnlyWhatAnEnabledEndpointWants() throws Exception {
        final WebhookEndpoint endpoint = stripe.client.webhookEndpoints().create(
            WebhookEndpointCreateParams.builder().setUrl(receiver.url())
                .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.CUSTOMER__DELETED).build());
        final Customer customer = stripe.customer("alpha");
        stripe.client.customers().delete(customer.getId());
        assertEquals("customer.deleted", receiver.await().type());
        stripe.client.webhookEndpoints().update(endpoint.getId(),
            WebhookEndpointUpdateParams.builder().setDisabled(true).build());
        stripe.client.customers().delete(stripe.customer("beta").getId());
        assertTrue(receiver.silent());
        assertTrue(stripe.client.webhookEndpoints().delete(endpoint.getId()).getDeleted());
    }

    @Test
    void shouldCallLoopbackOnly() {
        assertThrows(InvalidRequestException.class, () -> stripe.client.webhookEndpoints().create(
            WebhookEndpointCreateParams.builder().setUrl("https://example.com/hook")
                .addEnabledEvent(WebhookEndpointCreateParams.EnabledEvent.ALL).build()));
    }

    @Test
    void shouldTellOfMeterErrorsByThinEvent() throws Exception {
        final EventDestination destination = stripe.client.v2().core().eventDestinations().create(
            EventDestinationCreateParams.builder().setName("errors")
                .setType(EventDestinationCreateParams.Type.WEBHOOK_ENDPOINT)
                .setEventPayload(EventDestinationCreateParams.EventPayload.THIN)
                .addEnabledEvent("v1.billing.meter.error_report_triggered")
                .addEnabledEvent("v1.billing.meter.no_meter_found")
                .addInclude(EventDestinationCreateParams.Include.WEBHOOK_ENDPOINT__SIGNING_SECRET)
                .setWebhookEndpoint(EventDestinationCreateParams.WebhookEndpoint.builder().setUrl(receiver.url())
                    .build()).build());
        stripe.meter("order_sent");
        stripe.send(stripe.event("order_sent", "cus_unknown", "3", "bad-1"));
        stripe.send(stripe.event("nope", "cus_unknown", "3", "bad-2"));
        stripe.clock.advanceSeconds(10);
        final WebhookReceiver.Received first = receiver.await();
        final WebhookReceiver.Received second = receiver.await();
        assertNotEquals(first.type(), second.type());
        // stripe-java has no clock for thin events: the tolerance is the distance of the two clocks
        final ThinEvent thin = stripe.client.parseThinEvent(first.body(), first.signature(),
            destination.getWebhookEndpoint().getSigningSecret(), Long.MAX_VALUE / 2);
        assertFalse(first.body().contains("\"data\""), first.body());
        assertEquals("v2.core.event", first.text("object"));
        final String full = stripe.http("GET", "/v2/core/events/" + thin.getId(), "", "Authorization",
            "Bearer sk_test_weir").body();
        assertTrue(full.contains("error_types"), full);
        assertTrue(receiver.silent(), "told once");
    }
}
