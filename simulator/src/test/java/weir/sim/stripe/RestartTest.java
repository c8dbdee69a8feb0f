package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Customer;
import com.stripe.model.Subscription;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEvent;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.billing.MeterCreateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    @TempDir
    private Path dir;

    @Test
    void shouldRememberEverythingWhenRelaunchedOnItsLog() throws Exception {
        try (StripeFixture stripe = new StripeFixture(dir)) {
            final Meter meter = stripe.meter("order_sent");
            final Customer customer = stripe.customer("alpha");
            final MeterEvent first = stripe.send(stripe.event("order_sent", customer.getId(), "3", "id-1"), "key-1");
            stripe.send(stripe.event("nope", customer.getId(), "3", "bad-1"));
            stripe.client.billing().meters().deactivate(meter.getId());
            stripe.client.billing().meters().reactivate(meter.getId());
            final String totals = stripe.totals().toString();
            stripe.relaunch(stripe.context());
            assertEquals(totals, stripe.totals().toString());
            assertEquals("active", stripe.client.billing().meters().retrieve(meter.getId()).getStatus());
            assertEquals("alpha", stripe.client.customers().retrieve(customer.getId()).getName());
            assertThrows(InvalidRequestException.class,
                () -> stripe.send(stripe.event("order_sent", customer.getId(), "3", "id-1"), "key-2"));
            final MeterEvent replayed =
                stripe.send(stripe.event("order_sent", customer.getId(), "3", "id-1"), "key-1");
            assertEquals(first.getLastResponse().requestId(),
                replayed.getLastResponse().headers().firstValue("Original-Request").orElseThrow());
            stripe.clock.advanceSeconds(10);
            assertEquals(1, stripe.control("GET", "events", "").get("data").size());
        }
    }

    @Test
    void shouldGoOnBillingWhenRelaunchedInMidCycle() throws Exception {
        try (BillingFixture billing = new BillingFixture(dir)) {
            final Subscription subscription = billing.subscribe(true, billing.perUnit("7"));
            billing.use(100, BillingFixture.JAN_1);
            billing.advance(BillingFixture.JAN_16);
            billing.switchPrice(subscription, billing.perUnit("3"),
                SubscriptionUpdateParams.ProrationBehavior.CREATE_PRORATIONS);
            billing.use(10, BillingFixture.JAN_16);
            billing.stripe.relaunch(billing.stripe.context());
            billing.advance(BillingFixture.FEB_1);
            billing.stripe.relaunch(billing.stripe.context());
            assertEquals("draft", billing.invoices().get(0).getStatus());
            billing.use(1, BillingFixture.JAN_16);
            final List<String> types = billing.eventTypes();
            billing.stripe.relaunch(billing.stripe.context());
            assertEquals(types, billing.eventTypes());
            billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
            assertEquals(List.of(33L, 700L), BillingFixture.amounts(billing.invoices().get(0)));
            billing.stripe.client.testHelpers().testClocks().delete(billing.testClock.getId());
            billing.stripe.relaunch(billing.stripe.context());
            assertThrows(InvalidRequestException.class,
                () -> billing.stripe.client.subscriptions().retrieve(subscription.getId()));
        }
    }

    @Test
    void shouldCutTornLastLineAndRefuseDamagedOnes() throws Exception {
        try (StripeFixture stripe = new StripeFixture(dir)) {
            stripe.meter("order_sent");
            stripe.sim.close();
            final Path log = stripe.sim.logFile();
            Files.writeString(log, "{\"kind\":\"accep", StandardOpenOption.APPEND);
            stripe.launch(stripe.context());
            stripe.meter("order_filled");
            stripe.relaunch(stripe.context());
            assertEquals(2, stripe.client.billing().meters().list().getData().size());
            stripe.sim.close();
            Files.writeString(log, "not json\n", StandardOpenOption.APPEND);
            final IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> stripe.launch(stripe.context()));
            assertTrue(e.getMessage().contains("line"), e.getMessage());
        }
    }

    @Test
    void shouldKeepEveryAnsweredEventWhenProcessIsKilled() throws Exception {
        Process process = start(0);
        try {
            final int port = awaitReady(process);
            final StripeClient client = StripeClient.builder().setApiKey("sk_test_weir")
                .setApiBase("http://127.0.0.1:" + port).setMaxNetworkRetries(0).build();
            final Customer customer = client.customers().create(
                CustomerCreateParams.builder().setName("alpha").build());
            client.billing().meters().create(MeterCreateParams.builder()
                .setDisplayName("m").setEventName("order_sent").setDefaultAggregation(
                    MeterCreateParams.DefaultAggregation.builder().setFormula(
                        MeterCreateParams.DefaultAggregation.Formula.SUM).build()).build());
            final Process victim = process;
            final CountDownLatch first = new CountDownLatch(1);
            final Thread killer = new Thread(() -> {
                try {
                    first.await();
                    Thread.sleep(400);
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                victim.destroyForcibly();
            });
            killer.start();
            int answered = 0;
            try {
                while (answered < 100_000) {
                    client.billing().meterEvents().create(event(customer.getId(), answered));
                    answered++;
                    first.countDown();
                }
            } catch (final ApiConnectionException | NullPointerException e) { // the latter of a body that was cut
                assertTrue(answered > 0, "killed before the first answer");
            }
            assertTrue(process.waitFor(5, TimeUnit.SECONDS));
            process = start(port);
            assertEquals(port, awaitReady(process));
            // the one in flight may have been committed without an answer; every answered one must be there
            assertThrows(InvalidRequestException.class,
                () -> client.billing().meterEvents().create(event(customer.getId(), 0)));
            final int last = answered - 1;
            assertThrows(InvalidRequestException.class,
                () -> client.billing().meterEvents().create(event(customer.getId(), last)));
            final long accepted = Files.readAllLines(dir.resolve("stripe.jsonl")).stream()
                .filter(line -> line.contains("\"kind\":\"accepted\"")).count();
            assertTrue(accepted == answered || accepted == answered + 1, accepted + " accepted, " + answered
                + " answered");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldExitWith2WhenUsageIsWrong() throws Exception {
        final Process process = java("--mode", "moon", "--log-dir", dir.toString());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
    }

    private static MeterEventCreateParams event(final String customer, final int i) {
        return MeterEventCreateParams.builder().setEventName("order_sent").setIdentifier("id-" + i)
            .putPayload("stripe_customer_id", customer).putPayload("value", "1").build();
    }

    private Process start(final int port) throws Exception {
        return java("--port", Integer.toString(port), "--log-dir", dir.toString(), "--mode", "live");
    }

    private static Process java(final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
            System.getProperty("java.class.path"), StripeSimulatorMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static int awaitReady(final Process process) throws Exception {
        final BufferedReader out =
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final String line = out.readLine();
        assertTrue(line != null && line.startsWith("READY stripe="), String.valueOf(line));
        return Integer.parseInt(line.substring("READY stripe=".length()));
    }
}
