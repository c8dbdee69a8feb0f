package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.PermissionException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.billing.MeterEvent;
import com.stripe.net.RequestOptions;
import com.stripe.param.billing.MeterEventCreateParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryAndFaultTest {
    @TempDir
    private Path dir;
    private StripeFixture stripe;
    private Customer customer;

    @BeforeEach
    void setUp() throws StripeException {
        stripe = new StripeFixture(dir);
        stripe.meter("order_sent");
        customer = stripe.customer("alpha");
    }

    @AfterEach
    void tearDown() {
        stripe.close();
    }

    private MeterEvent send(final String identifier, final String key) throws StripeException {
        return stripe.send(stripe.event("order_sent", customer.getId(), "1", identifier), key);
    }

    private long units() throws Exception {
        final JsonNode totals = stripe.totals().get("totals");
        return totals.isEmpty() ? 0 : totals.get(0).get("units").asLong();
    }

    @Test
    void shouldReplayFirstAnswerWhenKeyAndParametersAreTheSame() throws Exception {
        final MeterEvent first = send("id-1", "key-1");
        stripe.clock.advanceSeconds(60);
        final MeterEvent again = stripe.send(MeterEventCreateParams.builder()
            .setTimestamp(first.getTimestamp()).setIdentifier("id-1").putPayload("value", "1")
            .putPayload("stripe_customer_id", customer.getId()).setEventName("order_sent").build(), "key-1");
        assertEquals(first.getCreated(), again.getCreated());
        assertEquals("true", again.getLastResponse().headers().firstValue("Idempotent-Replayed").orElseThrow());
        assertEquals(first.getLastResponse().requestId(),
            again.getLastResponse().headers().firstValue("Original-Request").orElseThrow());
        assertEquals(1, units());
    }

    @Test
    void shouldRefuseWhenKeyComesWithOtherParameters() throws Exception {
        send("id-1", "key-1");
        assertThrows(IdempotencyException.class, () -> send("id-2", "key-1"));
        assertEquals(1, units());
    }

    @Test
    void shouldExecuteAgainWhenKeyIsOlderThan24Hours() throws Exception {
        send("id-1", "key-1");
        stripe.clock.advanceSeconds(24 * 3600 + 1);
        send("id-2", "key-1");
        assertEquals(2, units());
    }

    @Test
    void shouldNotKeepKeyWhenValidationFailed() throws Exception {
        assertThrows(InvalidRequestException.class, () -> send("x".repeat(101), "key-1"));
        send("id-1", "key-1");
        assertEquals(1, units());
    }

    @Test
    void shouldCountOnceWhenAnswerIsDroppedAfterCommit() throws Exception {
        stripe.fault("{'kind':'drop_after_commit','count':1}");
        final MeterEvent event = send("id-1", "key-1");
        assertEquals("id-1", event.getIdentifier());
        assertEquals(1, stripe.faultHits());
        assertEquals(1, stripe.lines("accepted").size());
        assertEquals(1, units());
    }

    @Test
    void shouldHitTheShareOfRequestsThatTheSeedPicks() throws Exception {
        final List<List<Integer>> hits = new ArrayList<>();
        for (final int seed : new int[] {7, 7, 8}) {
            final Fault fault = Fault.of(StripeFixture.JSON.readTree(
                "{\"kind\":\"drop_after_commit\",\"percent\":10,\"path\":\"*\",\"seed\":" + seed + "}"), 0);
            hits.add(new ArrayList<>());
            for (int i = 0; i < 1_000; i++) {
                if (fault.tryHit("/v1/billing/meter_events", 0)) {
                    hits.get(hits.size() - 1).add(i);
                }
            }
        }
        assertEquals(hits.get(0), hits.get(1));
        assertNotEquals(hits.get(0), hits.get(2));
        assertTrue(hits.get(0).size() > 60 && hits.get(0).size() < 140, hits.get(0).size() + " of 1000");
    }

    @Test
    void shouldCountEachOnceWhenAShareOfAnswersIsDropped() throws Exception {
        stripe.fault("{'kind':'drop_after_commit','percent':30,'seed':7}");
        for (int i = 0; i < 20; i++) {
            final RequestOptions once =
                RequestOptions.builder().setIdempotencyKey("key-" + i).setMaxNetworkRetries(0).build();
            boolean answered = false;
            for (int attempt = 0; attempt < 50 && !answered; attempt++) {
                try {
                    stripe.client.billing().meterEvents().create(
                        stripe.event("order_sent", customer.getId(), "1", "id-" + i), once);
                    answered = true;
                } catch (final ApiConnectionException e) {
                    answered = false;
                }
            }
            assertTrue(answered, "50 attempts without an answer");
        }
        assertTrue(stripe.faultHits() > 0);
        assertEquals(20, units());
    }

    @Test
    void shouldTellDuplicateWhenResentWithAnotherKeyAfterADroppedAnswer() throws Exception {
        stripe.fault("{'kind':'drop_after_commit','forMs':60000}");
        assertThrows(ApiConnectionException.class, () -> send("id-1", "key-1"));
        stripe.control("DELETE", "faults", "");
        final InvalidRequestException e = assertThrows(InvalidRequestException.class, () -> send("id-1", "key-2"));
        assertTrue(e.getMessage().contains("An event already exists with identifier id-1."));
        assertEquals(1, units());
    }

    @Test
    void shouldAnswerAPageOfSomebodyElse() throws Exception {
        stripe.fault("{'kind':'foreign','status':403}");
        final ApiException page = assertThrows(ApiException.class, () -> send("id-1", "key-1"));
        assertEquals(403, page.getStatusCode());
        assertNull(page.getStripeError());
        assertEquals(0, stripe.lines("accepted").size());
        stripe.fault("{'kind':'foreign_after_commit'}");
        assertEquals(200, assertThrows(ApiException.class, () -> send("id-1", "key-1")).getStatusCode());
        assertEquals("id-1", send("id-1", "key-1").getIdentifier());
        assertEquals(1, units());
    }

    @Test
    void shouldDenyWhatTheKeyMayNotDo() throws Exception {
        stripe.fault("{'kind':'denied_403'}");
        assertEquals("invalid_request_error",
            assertThrows(PermissionException.class, () -> send("id-1", "key-1")).getStripeError().getType());
        send("id-1", "key-1");
        assertEquals(1, units());
    }

    @Test
    void shouldCountWhenRetriedAfterCloseBeforeCommit() throws Exception {
        stripe.fault("{'kind':'close_before_commit'}");
        send("id-1", "key-1");
        assertEquals(1, units());
    }

    @Test
    void shouldReplayStoredErrorWhen500IsRetriedWithTheSameKey() throws Exception {
        stripe.fault("{'kind':'error_500'}");
        final ApiException e = assertThrows(ApiException.class, () -> send("id-1", "key-1"));
        assertEquals(500, e.getStatusCode());
        assertEquals(1, stripe.faultHits());
        assertEquals(2, stripe.lines("replayed").size());
        assertEquals(0, units());
        send("id-1", "key-2");
        assertEquals(1, units());
    }

    @Test
    void shouldTellDuplicateWhen500CameAfterCommit() throws Exception {
        stripe.fault("{'kind':'error_500_after_commit','shouldRetry':false}");
        assertThrows(ApiException.class, () -> send("id-1", "key-1"));
        assertEquals(0, stripe.lines("replayed").size());
        assertThrows(InvalidRequestException.class, () -> send("id-1", "key-2"));
        assertEquals(1, units());
    }

    @Test
    void shouldBeTriedThreeTimesWhenAnswerIs409() throws Exception {
        stripe.fault("{'kind':'conflict_409','count':3}");
        assertEquals(409, assertThrows(ApiException.class, () -> send("id-1", "key-1")).getStatusCode());
        assertEquals(3, stripe.faultHits());
        send("id-1", "key-1");
        assertEquals(1, units());
    }

    @Test
    void shouldBeTriedOnceWhenAnswerIs429() throws Exception {
        stripe.fault("{'kind':'rate_limit_429','forMs':60000}");
        final RateLimitException e = assertThrows(RateLimitException.class, () -> send("id-1", "key-1"));
        assertEquals("rate_limit", e.getCode());
        assertEquals(1, stripe.faultHits());
        assertEquals(429, stripe.lines("refused").get(0).get("status").asInt());
    }

    @Test
    void shouldBeTriedAgainWhen429SaysSo() throws Exception {
        stripe.fault("{'kind':'rate_limit_429','count':2,'shouldRetry':true}");
        send("id-1", "key-1");
        assertEquals(2, stripe.faultHits());
        assertEquals(1, units());
    }

    @Test
    void shouldComeBackWhenConnectionsWereRefused() throws Exception {
        stripe.fault("{'kind':'refuse_connections','ms':700}");
        Thread.sleep(150);
        assertThrows(ApiConnectionException.class, () -> stripe.client.billing().meterEvents().create(
            stripe.event("order_sent", customer.getId(), "1", "id-0"),
            RequestOptions.builder().setMaxNetworkRetries(0).build()));
        send("id-1", "key-1");
        assertEquals(1, units());
    }

    @Test
    void shouldCountOnceWhenClientTimesOutDuringAStall() throws Exception {
        stripe.fault("{'kind':'stall','ms':450}");
        final RequestOptions impatient =
            RequestOptions.builder().setIdempotencyKey("key-1").setReadTimeout(200).build();
        final MeterEvent event = stripe.client.billing().meterEvents().create(
            stripe.event("order_sent", customer.getId(), "1", "id-1"), impatient);
        assertEquals("id-1", event.getIdentifier());
        assertEquals(1, stripe.lines("accepted").size());
    }

    @Test
    void shouldRefuseSecondCallWhenOneOfTheSameCustomerAndMeterIsRunning() throws Exception {
        stripe.meter("order_filled");
        stripe.fault("{'kind':'stall','ms':800}");
        final CompletableFuture<MeterEvent> first = CompletableFuture.supplyAsync(() -> {
            try {
                return send("id-1", "key-1");
            } catch (final StripeException e) {
                throw new CompletionException(e);
            }
        });
        Thread.sleep(250);
        final RateLimitException e = assertThrows(RateLimitException.class, () -> send("id-2", "key-2"));
        assertEquals("lock_timeout", e.getCode());
        stripe.send(stripe.event("order_filled", customer.getId(), "1", "other-meter"), "key-3");
        stripe.control("POST", "config", "{\"oneCallPerCustomerAndMeter\":false}");
        send("id-3", "key-4");
        first.join();
    }

    @Test
    void shouldHoldSandboxTo25PerSecond() throws Exception {
        stripe.relaunch(stripe.context().mode(StripeMode.SANDBOX));
        final AtomicInteger passed = new AtomicInteger();
        final AtomicInteger limited = new AtomicInteger();
        final List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            customers.add(stripe.customer("caller-" + i));
        }
        Thread.sleep(1_100); // the calls above count as well
        final long startNs = System.nanoTime();
        // one caller each, so that slow answers do not keep the demand under the limit
        final List<CompletableFuture<Void>> runs = customers.stream().map(caller -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20 || limited.get() == 0 && System.nanoTime() - startNs < 30_000_000_000L; i++) {
                final String id = caller.getId() + '-' + i;
                try {
                    stripe.send(stripe.event("order_sent", caller.getId(), "1", id), id);
                    passed.incrementAndGet();
                } catch (final RateLimitException e) {
                    limited.incrementAndGet();
                } catch (final StripeException e) {
                    throw new CompletionException(e);
                }
            }
        }, task -> new Thread(task).start())).toList();
        runs.forEach(CompletableFuture::join);
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        assertTrue(passed.get() >= 25 && passed.get() <= 25 + Math.ceil(25 * seconds),
            passed + " passed in " + seconds + " s");
        assertTrue(limited.get() > 0, "nothing was limited in " + seconds + " s");
        long units = 0;
        for (final JsonNode total : stripe.totals().get("totals")) {
            units += total.get("units").asLong();
        }
        assertEquals(passed.get(), units);
    }

    @Test
    void shouldRefillWhenTimePasses() {
        final RateLimit limit = new RateLimit(1000, 0);
        int burst = 0;
        while (limit.tryTake(0)) {
            burst++;
        }
        assertEquals(1000, burst);
        assertTrue(!limit.tryTake(999_999));
        assertTrue(limit.tryTake(1_000_000));
        assertTrue(!limit.tryTake(1_000_000));
    }

    @Test
    void shouldNameKnownFaultsWhenKindIsUnknown() {
        final IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> stripe.fault("{'kind':'explode'}"));
        assertTrue(e.getMessage().contains("drop_after_commit"), e.getMessage());
    }
}
