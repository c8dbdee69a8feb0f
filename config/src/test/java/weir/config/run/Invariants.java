package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.billing.report.UsageReport;
import weir.journal.JournalVerifier;
import weir.journal.VerifyReport;
import weir.protocol.sbe.NewOrderDecoder;
import weir.sim.desk.ClientOrder;
import weir.sim.desk.DeskClient;

/**
 * J1 to J6, J8 and J9 (J7 by {@link JournalPicture}) after a run, from outside: what desks wrote down, what the venue
 * wrote down, what Stripe wrote down, held against the journal and the billing database. A breach is one line.
 */
final class Invariants {
    private static final String[] METERS = {"request", "order_sent", "order_filled"};
    /** Desks' symbols elsewhere than at Coinbase Exchange to the venue, as accounts are named, and its own symbol. */
    private static final Map<String, String> ELSEWHERE = Map.of("BTC-PERP", "kraken PF_XBTUSD",
        "ETH-PERP", "kraken PF_ETHUSD", "SOL-PERP", "kraken PF_SOLUSD", "BTC-INV", "kraken PI_XBTUSD",
        "BTC-USDT", "binance BTCUSDT", "BTC_USDC-PERPETUAL", "deribit BTC_USDC-PERPETUAL",
        "BTC-PERP-INTX", "intx BTC-PERP", "WETH-USDC", "cow WETH-USDC");

    private final TestCluster cluster;
    private final JournalPicture journal;
    private final Breaches breaches = new Breaches();
    private final DeskEvidence desks;
    private final VenueEvidence venue;
    private final Map<String, Object> compared = new LinkedHashMap<>();

    private Invariants(final TestCluster cluster) {
        this.cluster = cluster;
        this.journal = JournalPicture.read(cluster);
        this.desks = new DeskEvidence(journal, breaches);
        this.venue = new VenueEvidence(journal, breaches);
    }

    /** Checks everything after {@link TestCluster#settle()}; throws an AssertionError that lists the breaches. */
    static void check(final TestCluster cluster, final String what) throws IOException {
        final Invariants invariants = new Invariants(cluster);
        invariants.all();
        System.out.println("invariants after " + what + ": " + invariants.compared);
        invariants.breaches.fail(what + " in " + cluster.dir());
    }

    /**
     * J6 while orders rest: the venue's open orders are the desks' open orders, one for one, with the same quantities.
     */
    static void checkResting(final TestCluster cluster) throws IOException {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        List<String> differences = resting(cluster);
        while (!differences.isEmpty() && System.nanoTime() < deadlineNs) {
            try {
                Thread.sleep(100); // the house trades on; look until both sides stand still at the same moment
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", ex);
            }
            differences = resting(cluster);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("J6 " + String.join("\n", differences) + '\n' + cluster.dump());
        }
    }

    private static List<String> resting(final TestCluster cluster) throws IOException {
        final Map<String, Integer> desks = new TreeMap<>();
        final Map<String, Integer> venue = new TreeMap<>();
        for (final Map.Entry<String, DeskClient> desk : cluster.desks().entrySet()) {
            final String tenant = desk.getKey().substring(0, desk.getKey().length() - 1).toLowerCase(Locale.ROOT);
            for (final ClientOrder order : desk.getValue().ledger().openOrders()) {
                desks.merge(resting(tenant + '-'
                    + ELSEWHERE.getOrDefault(order.symbol(), "coinbase " + order.symbol()), order.orderQty(),
                    order.cumQty()) + (order.unknown() ? " UNKNOWN" : ""), 1, Integer::sum);
            }
        }
        for (final Map.Entry<String, List<JsonNode>> account : cluster.openAtVenues().entrySet()) {
            final String profile = account.getKey();
            for (final JsonNode order : TestCluster.TENANT_OF_PROFILE.containsKey(profile)
                ? account.getValue() : List.<JsonNode>of()) {
                venue.merge(resting(profile + ' ' + order.path("product").asText(),
                    new BigDecimal(order.path("qty").asText()), new BigDecimal(order.path("cumQty").asText())), 1,
                    Integer::sum);
            }
        }
        final List<String> differences = new ArrayList<>();
        final Set<String> keys = new HashSet<>(desks.keySet());
        keys.addAll(venue.keySet());
        for (final String key : keys) {
            if (!desks.getOrDefault(key, 0).equals(venue.getOrDefault(key, 0))) {
                differences.add(key + ": desks have " + desks.getOrDefault(key, 0) + " open, the venue "
                    + venue.getOrDefault(key, 0));
            }
        }
        return differences;
    }

    /** An order in words. Replaced at Binance, or at Coinbase by REST, it is at the venue as what is left of it. */
    private static String resting(final String where, final BigDecimal qty, final BigDecimal cumQty) {
        final boolean restOnly = where.contains("-binance ") || where.contains("-coinbase ");
        return where + ' ' + (restOnly ? "left " + plain(qty.subtract(cumQty)) : plain(qty) + ' ' + plain(cumQty));
    }

    private void all() throws IOException {
        final VerifyReport verified = JournalVerifier.verify(cluster.journalDir());
        breaches.expect(verified.ok() && verified.records() == journal.entries.size(), () -> "J8 verify: " + verified);
        compared.put("records", journal.entries.size());
        desks.check(cluster, compared);
        venue.check(cluster, desks, compared);
        admitted();
        money();
        openOrders();
    }

    /** J5: quota windows by journaled time, and a balance that is never below zero. */
    private void admitted() {
        final Map<Long, Long> windows = new TreeMap<>();
        final Map<Integer, Long> paid = new TreeMap<>();
        for (final JournalPicture.Entry entry : journal.entries) {
            if (entry.tenantId() == 2 && entry.templateId() == NewOrderDecoder.TEMPLATE_ID && entry.admitted()) {
                windows.merge(entry.epochNs() / TestCluster.BETA_PERIOD_NS, 1L, Long::sum);
            }
            breaches.expect(entry.balanceMicros() >= 0, () -> "J5 balance below zero: " + entry);
            if (entry.tenantId() != 0) {
                final long left = paid.merge(entry.tenantId(), entry.creditedMicros() - entry.debitMicros(), Long::sum);
                breaches.expect(left + entry.receivableMicros() >= 0, () -> "J5 spent more than granted: " + entry);
            }
        }
        windows.forEach((window, count) -> breaches.expect(count <= TestCluster.BETA_ORDERS_MAX,
            () -> "J5 beta had " + count + " orders admitted in one period"));
        compared.put("beta's orders per period", windows.values());
    }

    /** J4 and J9: desks, venue, journal, billing and Stripe count the same. */
    private void money() throws IOException {
        final UsageReport usage = UsageReport.read(BillingWiring.jdbcUrl(cluster.config()));
        breaches.expect(usage.discrepancyCount() == 0, () -> "J9 " + usage.discrepancies());
        breaches.expect(usage.position() == journal.entries.size(),
            () -> "J4 billing stands at " + usage.position() + " of "
            + journal.entries.size());
        breaches.expect(usage.undelivered() == 0 && usage.quarantined().isEmpty(), () -> "J4 not delivered: " + usage);
        final Map<String, Long> stripe = new TreeMap<>();
        final Set<String> identifiers = new HashSet<>();
        breaches.read(cluster.simulators().stripeLog(), line -> {
            if ("accepted".equals(line.path("kind").asText())) {
                breaches.expect(line.path("error").isNull() || line.path("error").isMissingNode(),
                    () -> "J4 dropped: " + line);
                breaches.expect(identifiers.add(line.path("identifier").asText()), () -> "J4 accepted twice: " + line);
                stripe.merge(line.path("customer").asText() + ' ' + line.path("event_name").asText(),
                    line.path("value").asLong(), Long::sum);
            }
        });
        final Map<String, Long> billed = new TreeMap<>();
        for (final UsageReport.Usage row : usage.usage()) {
            if (row.units() > 0) {
                billed.put(row.tenantId() + " " + row.meter().label().replace('-', '_'), stripe.getOrDefault(
                    row.customer() + " weir_" + row.meter().label().replace('-', '_'), 0L));
            }
        }
        compared.put("Stripe", billed);
        for (final int tenant : new TreeSet<>(TestCluster.TENANT_OF_SESSION.values())) {
            final long[] units = units(tenant);
            final long[] outside = {desks.requestsSent.getOrDefault(tenant, 0L),
                venue.ordersAtVenue.getOrDefault(tenant, 0L) + venue.lostOnTheWay.getOrDefault(tenant, 0L)
                    + venue.turnedAway.getOrDefault(tenant, 0L),
                venue.fillsAtVenue.getOrDefault(tenant, 0L)};
            for (int meter = 0; meter < METERS.length; meter++) {
                final String key = tenant + " " + METERS[meter];
                if (units[meter] != billed.getOrDefault(key, 0L) || units[meter] != outside[meter]) {
                    breaches.add("J4 tenant " + key + ": journal " + units[meter] + ", Stripe "
                        + billed.getOrDefault(key, 0L) + ", desks or venue " + outside[meter]);
                }
            }
        }
        final Reconciler reconciler = ReconcileAction.reconciler(cluster.config())
            .stripeLog(cluster.simulators().stripeLog()).jdbcUrl(BillingWiring.jdbcUrl(cluster.config()));
        cluster.simulators().venueLogs().forEach(reconciler::venueLog);
        final ReconcileReport report = reconciler.run();
        compared.put("differences", report.differences().size());
        report.differences().forEach(difference -> breaches.add("reconcile " + difference));
    }

    private long[] units(final int tenant) {
        final long[] units = new long[METERS.length];
        for (final JournalPicture.Entry entry : journal.entries) {
            for (int meter = 0; meter < units.length; meter++) {
                units[meter] += entry.tenantId() == tenant ? entry.units()[meter] : 0;
            }
        }
        return units;
    }

    /** J6 at the end: nothing open anywhere. */
    private void openOrders() throws IOException {
        breaches.expect(journal.core.view().openOrders() == 0,
            () -> "J6 open at Weir: " + journal.core.view().openOrders());
        cluster.openAtVenues().forEach((account, open) -> breaches.expect(
            open.isEmpty() || !TestCluster.TENANT_OF_PROFILE.containsKey(account),
            () -> "J6 open at the venue: " + account + ' ' + open));
        cluster.desks().values().forEach(desk -> desk.ledger().openOrders().forEach(order ->
            breaches.add("J6 open for " + desk.desk() + ": " + order)));
    }

    private static String plain(final BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }
}
