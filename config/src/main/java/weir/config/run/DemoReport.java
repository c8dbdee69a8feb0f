package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.cli.Output;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.sim.desk.DeskRunResult;

/** What the demo prints at its end, and whether all of it holds. */
final class DemoReport {
    private static final double US = 1_000.0;
    private static final double MICROS = 1_000_000.0;
    /** Venues whose limits belong to an address and not to an account. */
    private static final Set<Integer> PER_ADDRESS = Set.of(Venues.COW);
    /** Cost units of one instruction at Kraken Futures, and of a batch before its instructions. */
    private static final long SINGLE_COST = 10;
    private static final long BATCH_COST = 9;

    private final Output output;
    private final WeirConfig config;
    private final Path dir;
    private final SimulatorAction.Running simulators;
    private final Map<String, DeskRunResult> results;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private boolean good = true;

    DemoReport(final Output output, final WeirConfig config, final Path dir, final SimulatorAction.Running simulators,
        final Map<String, DeskRunResult> results) {
        this.output = output;
        this.config = config;
        this.dir = dir;
        this.simulators = simulators;
        this.results = new TreeMap<>(results);
    }

    boolean print() throws IOException, InterruptedException {
        outcomes();
        limits();
        latency();
        bill();
        stripe();
        reconciliation();
        output.say(good ? "all of it holds" : "NOT all of it holds");
        return good;
    }

    private void outcomes() {
        heading("orders by outcome, OrdStatus(39), as the desks saw them");
        final Map<String, String> names = Map.of("0", "new", "1", "partially filled", "2", "filled", "4", "canceled",
            "8", "rejected", "C", "expired");
        final Output.Table table = output.table("outcome", "desk", "outcome", "orders");
        for (final Map.Entry<String, DeskRunResult> desk : results.entrySet()) {
            new TreeMap<>(desk.getValue().ledger().countsByStatus()).forEach((status, count) ->
                table.row(desk.getKey(), names.getOrDefault(status, status), count));
        }
        table.end();
        heading("refusals by code");
        final Output.Table codes = output.table("refusal", "desk", "code", "messages");
        for (final Map.Entry<String, DeskRunResult> desk : results.entrySet()) {
            new TreeMap<>(desk.getValue().ledger().countsByCode()).forEach((code, count) ->
                codes.row(desk.getKey(), code, count));
            check(desk.getValue().clean(), desk.getKey() + ": " + desk.getValue().ledger().violations()
                + " unanswered " + desk.getValue().unanswered());
        }
        codes.end();
    }

    private void limits() throws IOException, InterruptedException {
        heading("venue limits, as the venues counted them (peak in any sliding window)");
        final Output.Table table =
            output.table("limit", "account", "limit", "peak", "contract", "refused", "disconnects");
        final Set<String> counted = new TreeSet<>();
        for (final SimulatorAction.Simulator venue : simulators.venues().values()) {
            for (final JsonNode use : get(venue.control(), "/limits")) {
                final long peak = use.get("peak").asLong();
                final long max = use.get("max").asLong();
                final long refused = use.get("refused").asLong();
                table.row(use.get("account").asText(), use.get("limit").asText(), peak, max, refused,
                    use.get("note").asText());
                // by the venue's own rule; a peak is counted where bytes are read, which a stalled process does at once
                check(refused == 0, "a breach of the venue's limit: " + use);
                if (peak > 0) {
                    counted.add(use.get("account").asText());
                }
            }
        }
        table.end();
        config.tenants().forEach(tenant -> tenant.accounts().forEach(account -> check(
            counted.contains(account.name()) || PER_ADDRESS.contains(Venues.id(account.venue())),
            "the venue counted nothing of " + account.name())));
        batching(get(simulators.control(Venues.KRAKEN_FUTURES), "/stats").path("accounts"));
    }

    /** What the batches of the burst cost, and what the same instructions would have cost one by one. */
    private void batching(final JsonNode kraken) {
        heading("Kraken Futures: a batch of N costs 9+N, N single instructions cost 10 N");
        final Output.Table table =
            output.table("batching", "account", "batches", "instructions in them", "cost", "singly", "saved");
        long saved = 0;
        for (final Map.Entry<String, JsonNode> account : kraken.properties()) {
            final JsonNode batches = account.getValue().path("byEndpoint").path("POST batchorder");
            final long count = batches.path("count").asLong();
            final long cost = batches.path("cost").asLong();
            final long instructions = cost - BATCH_COST * count;
            table.row(account.getKey(), count, instructions, cost, SINGLE_COST * instructions,
                SINGLE_COST * instructions - cost);
            saved += SINGLE_COST * instructions - cost;
        }
        table.end();
        check(saved > 0, "batching saved no budget at Kraken Futures: " + kraken);
    }

    private void latency() {
        heading("latency, microseconds");
        final JournalLatency journal = new JournalLatency()
            .read(config.router().resolve(config.router().journal().dir()));
        final Output.Table table = output.table("latency", "what", "count", "p50", "p90", "p99", "p99.9", "max");
        row(table, "desk-in to venue-out, alone", journal.single());
        row(table, "desk-in to venue-out, paced, in " + journal.batches() + " batches", journal.batched());
        row(table, "desk-in to venue's answer", journal.answered());
        final Histogram roundTrip = new Histogram(1, 60_000_000_000L, 3);
        results.values().forEach(result -> roundTrip.add(result.roundTrip()));
        row(table, "desk round trip, send to first report", roundTrip);
        table.end();
        check(journal.batches() > 0, "the burst over the venue's budget was not batched");
    }

    private static void row(final Output.Table table, final String what, final Histogram histogram) {
        table.row(what, histogram.getTotalCount(), us(histogram, 50), us(histogram, 90), us(histogram, 99),
            us(histogram, 99.9), us(histogram, 100));
    }

    private static double us(final Histogram histogram, final double percentile) {
        return Math.round(histogram.getValueAtPercentile(percentile) / US * 10) / 10.0;
    }

    private void bill() {
        heading("the bill");
        final UsageReport report = UsageReport.read(BillingWiring.jdbcUrl(config));
        final Output.Table table =
            output.table("bill", "tenant", "meter", "units", "amount USD", "delivered units", "meter events");
        for (final UsageReport.Usage usage : report.usage()) {
            table.row(usage.tenant(), usage.meter().label(), usage.units(),
                String.format("%.6f", usage.amountMicros() / MICROS), usage.unitsAcked(), usage.batchesAcked());
            check(usage.units() == usage.unitsAcked(), "not delivered: " + usage);
        }
        table.end();
        check(report.discrepancyCount() == 0, "engine and billing differ: " + report.discrepancies());
        check(report.quarantined().isEmpty(), "refused by Stripe: " + report.quarantined());
    }

    private void stripe() throws IOException, InterruptedException {
        heading("what Stripe received");
        final JsonNode totals = get(simulators.ports().stripe(), "/_sim/totals");
        final Output.Table table = output.table("stripe", "customer", "event", "units", "meter events");
        for (final JsonNode row : totals.path("totals")) {
            table.row(row.path("customer").asText(), row.path("event_name").asText(), row.path("units").asLong(),
                row.path("events").asLong());
        }
        table.end();
    }

    private void reconciliation() {
        heading("reconciliation: bill = journal = FIX log = venue log = Stripe");
        final Reconciler reconciler = ReconcileAction.reconciler(config)
            .stripeLog(simulators.stripeLog()).jdbcUrl(BillingWiring.jdbcUrl(config));
        simulators.venueLogs().forEach(reconciler::venueLog);
        final ReconcileReport report = reconciler.run();
        output.result("compared", new LinkedHashMap<>(report.compared()));
        report.differences().forEach(difference -> output.result("difference", Map.of("code",
            difference.kind().name(), "where", difference.where(), "expected", difference.expected(), "found",
            difference.found(), "record", difference.sequence())));
        report.differences().forEach(difference -> output.say("  " + difference));
        output.result("reconciliation", Map.of("differences", report.differences().size()));
        output.say("differences: " + report.differences().size());
        check(report.agrees(), "the records differ");
    }

    private JsonNode get(final int port, final String path) throws IOException, InterruptedException {
        final HttpResponse<String> response = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path)).build(), HttpResponse.BodyHandlers.ofString());
        return mapper.readTree(response.body());
    }

    private void heading(final String text) {
        output.say("");
        output.say(text);
    }

    private void check(final boolean holds, final String what) {
        if (!holds) {
            good = false;
            output.error("DEMO_CHECK_FAILED", what);
        }
    }
}
