package weir.sim.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEvent;
import com.stripe.net.RequestOptions;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.billing.MeterCreateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A simulator, stripe-java as it is published, and a plain HTTP client for what stripe-java would not send. */
final class StripeFixture implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant START = Instant.parse("2026-03-10T12:00:00Z");

    final TestClock clock = new TestClock();
    final Path dir;
    final HttpClient http = HttpClient.newHttpClient();
    StripeSimulator sim;
    StripeClient client;

    StripeFixture(final Path dir) {
        this.dir = dir;
        launch(context());
    }

    StripeContext context() {
        return new StripeContext().logDir(dir).clock(clock).summaryLagMs(0).validationWindowMs(10_000);
    }

    void launch(final StripeContext ctx) {
        sim = StripeSimulator.launch(ctx);
        client = client("sk_test_weir");
    }

    void relaunch(final StripeContext ctx) {
        sim.close();
        launch(ctx);
    }

    StripeClient client(final String key) {
        return StripeClient.builder().setApiKey(key).setApiBase(sim.baseUrl())
            .setMeterEventsBase(sim.baseUrl()).setConnectTimeout(2_000).setReadTimeout(4_000)
            .setMaxNetworkRetries(2).build();
    }

    Meter meter(final String eventName) throws StripeException {
        return client.billing().meters().create(MeterCreateParams.builder().setDisplayName("Meter " + eventName)
            .setEventName(eventName).setDefaultAggregation(MeterCreateParams.DefaultAggregation.builder()
                .setFormula(MeterCreateParams.DefaultAggregation.Formula.SUM).build()).build());
    }

    Customer customer(final String name) throws StripeException {
        return client.customers().create(
            CustomerCreateParams.builder().setName(name).putMetadata("tenant", name).build());
    }

    MeterEventCreateParams event(final String eventName, final String customer, final String value,
                                 final String identifier) {
        return MeterEventCreateParams.builder().setEventName(eventName).putPayload("stripe_customer_id", customer)
            .putPayload("value", value).setIdentifier(identifier).setTimestamp(clock.instant().getEpochSecond())
            .build();
    }

    MeterEvent send(final MeterEventCreateParams params) throws StripeException {
        return client.billing().meterEvents().create(params);
    }

    MeterEvent send(final MeterEventCreateParams params, final String key) throws StripeException {
        return client.billing().meterEvents().create(params,
            RequestOptions.builder().setIdempotencyKey(key).build());
    }

    JsonNode control(final String method, final String path, final String body) throws Exception {
        final HttpResponse<String> response = http(method, "/_sim/" + path, body, "Content-Type", "application/json");
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.body());
        }
        return JSON.readTree(response.body());
    }

    void fault(final String json) throws Exception {
        control("POST", "faults", json.replace('\'', '"'));
    }

    long faultHits() throws Exception {
        return control("GET", "faults", "").get("data").get(0).get("hits").asLong();
    }

    JsonNode totals() throws Exception {
        return control("GET", "totals", "");
    }

    HttpResponse<String> http(final String method, final String path, final String body, final String... headers)
        throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(sim.baseUrl() + path)).headers(headers)
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** @return lines of the simulator's log of one kind */
    List<JsonNode> lines(final String kind) throws IOException {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(sim.logFile())) {
            final JsonNode node = JSON.readTree(line);
            if (kind.equals(node.get("kind").asText())) {
                lines.add(node);
            }
        }
        return lines;
    }

    @Override
    public void close() {
        sim.close();
    }

    /** A clock that moves only by hand. */
    static final class TestClock extends Clock {
        private volatile Instant now = START;

        void advanceSeconds(final long seconds) {
            now = now.plusSeconds(seconds);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(final ZoneId zone) {
            return this;
        }
    }
}
