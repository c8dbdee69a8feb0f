package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import weir.billing.reconcile.ReconcileReport;
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
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;
    private static final long CLOCK_TOLERANCE_NS = 100_000_000L;
    private static final int LISTED = 40;
    private static final Set<String> CHARGED_TYPES = Set.of("D", "G", "H", "q");
    private static final Set<String> NO_MONEY = Set.of("CREDIT_EXHAUSTED", "BUDGET_EXHAUSTED", "NO_PLAN");
    private static final Map<Integer, Integer> TENANT_OF_SESSION = Map.of(101, 1, 102, 1, 201, 2);
    private static final Map<String, Integer> TENANT_OF_PROFILE = Map.of("alpha-coinbase", 1, "beta-coinbase", 2);
    private static final String[] METERS = {"request", "order_sent", "order_filled"};

    private final TestCluster cluster;
    private final JournalPicture journal;
    private final List<String> breaches = new ArrayList<>();
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Object> compared = new LinkedHashMap<>();
    private final Map<Integer, Long> requestsSent = new TreeMap<>();
    private final Map<Integer, Long> ordersAtVenue = new TreeMap<>();
    private final Map<Integer, Long> fillsAtVenue = new TreeMap<>();
    private final Set<Long> toldAbsent = new HashSet<>();
    private final Set<Long> acknowledged = new HashSet<>();

    private Invariants(final TestCluster cluster) {
        this.cluster = cluster;
        this.journal = JournalPicture.read(cluster);
    }

    /** Checks everything after {@link TestCluster#settle()}; throws an AssertionError that lists the breaches. */
    static void check(final TestCluster cluster, final String what) throws IOException {
        final Invariants invariants = new Invariants(cluster);
        invariants.all();
        System.out.println("invariants after " + what + ": " + invariants.compared);
        invariants.fail(what);
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
            final String profile = desk.getKey().startsWith("ALPHA") ? "alpha-coinbase" : "beta-coinbase";
            for (final ClientOrder order : desk.getValue().ledger().openOrders()) {
                desks.merge(profile + ' ' + order.symbol() + ' ' + plain(order.orderQty()) + ' '
                    + plain(order.cumQty()) + (order.unknown() ? " UNKNOWN" : ""), 1, Integer::sum);
            }
        }
        final JsonNode open = cluster.control("GET", "/orders", "");
        for (final String profile : TENANT_OF_PROFILE.keySet()) {
            for (final JsonNode order : open.path(profile)) {
                venue.merge(profile + ' ' + order.path("product").asText() + ' ' + plain(order.path("qty").asText())
                    + ' ' + plain(order.path("cumQty").asText()), 1, Integer::sum);
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

    private void all() throws IOException {
        final VerifyReport verified = JournalVerifier.verify(cluster.journalDir());
        expect(verified.ok() && verified.records() == journal.entries.size(), () -> "J8 verify: " + verified);
        compared.put("records", journal.entries.size());
        desks();
        venue();
        admitted();
        money();
        openOrders();
    }

    /** J1, and its other half: whatever the journal says to a desk, the desk has. Also: each message was answered. */
    private void desks() throws IOException {
        final Set<String> got = new HashSet<>();
        final Map<Integer, Set<String>> accepted = new HashMap<>();
        for (final Map.Entry<String, DeskClient> entry : cluster.desks().entrySet()) {
            final int sessionId = TestCluster.SESSIONS.get(entry.getKey());
            final DeskClient desk = entry.getValue();
            desk.ledger().violations().forEach(violation -> breaches.add("FIX " + entry.getKey() + ": " + violation));
            desk.rejectsSent().forEach(reject -> breaches.add("desk refused " + reject));
            desk.ledger().unanswered().forEach(id -> breaches.add("unanswered " + entry.getKey() + ' ' + id));
            final Map<Integer, String> charged = new HashMap<>();
            final Set<Integer> free = new HashSet<>();
            lines(desk.journalFile(), line -> {
                final JsonNode fields = line.path("fields");
                final String type = line.path("type").asText();
                if (!"in".equals(line.path("dir").asText())) {
                    if (CHARGED_TYPES.contains(type)) {
                        charged.putIfAbsent(line.path("seq").asInt(), fields.path("11").asText());
                    }
                    return;
                }
                onReport(sessionId, type, fields, got);
                if (fields.path("150").asText().equals("A")) {
                    accepted.computeIfAbsent(sessionId, id -> new HashSet<>()).add(fields.path("11").asText());
                }
                if (fields.path("58").asText().startsWith("NOT_AT_VENUE") && "8".equals(type)
                    && fields.path("151").asText().equals("0")) {
                    toldAbsent.add(fields.path("37").asLong());
                }
                free(type, fields, charged, free);
            });
            requestsSent.merge(TENANT_OF_SESSION.get(sessionId), (long)charged.size() - free.size(), Long::sum);
        }
        journal.reports.forEach((key, report) -> {
            if (TENANT_OF_SESSION.containsKey(report.sessionId()) && !got.contains(key)) {
                breaches.add("J1 journaled and never received: " + report);
            }
        });
        journal.orders.forEach((orderId, order) -> expect(
            accepted.getOrDefault(order.sessionId(), Set.of()).contains(order.clOrdId()),
            () -> "J1 admitted and never acknowledged: " + orderId + ' ' + order));
        compared.put("reports", got.size());
    }

    /** Messages that the session layer answered, or that money did not cover, are not charged. */
    private static void free(final String type, final JsonNode fields, final Map<Integer, String> charged,
        final Set<Integer> free) {
        final String text = fields.path("58").asText();
        final String code = text.contains(" ") ? text.substring(0, text.indexOf(' ')) : text;
        if ("3".equals(type) || "j".equals(type) && !fields.has("20001")) {
            if (charged.containsKey(fields.path("45").asInt())) {
                free.add(fields.path("45").asInt());
            }
        } else if (NO_MONEY.contains(code)) {
            charged.forEach((seq, id) -> {
                if (id.equals(fields.path("11").asText())) {
                    free.add(seq);
                }
            });
        }
    }

    private void onReport(final int sessionId, final String type, final JsonNode fields, final Set<String> got) {
        final String recordSeq = fields.path("20001").asText();
        if (!Set.of("8", "9", "r").contains(type)) {
            return;
        }
        final JournalPicture.Report report = journal.reports.get(sessionId + "/" + recordSeq);
        if (report == null) {
            breaches.add("J1 received and not journaled: " + fields);
            return;
        }
        final boolean repeated = "Y".equals(fields.path("43").asText()) || "Y".equals(fields.path("97").asText());
        expect(got.add(sessionId + "/" + recordSeq) || repeated, () -> "reported twice as new: " + fields);
        boolean same = report.clOrdId().equals(fields.path("11").asText());
        if ("8".equals(type)) {
            same &= fields.path("17").asText().equals(recordSeq)
                && fields.path("150").asText().equals(String.valueOf(report.execType()))
                && fields.path("39").asText().equals(String.valueOf(report.ordStatus()))
                && equal(fields.path("14").asText("0"), report.cumQty())
                && equal(fields.path("151").asText("0"), report.leavesQty());
        }
        if (!same) {
            breaches.add("J1 journal says " + report + ", the desk got " + fields);
        }
    }

    /** J2, J3, and the venue's limits. */
    private void venue() throws IOException {
        final Map<Long, String> venueIdByOrder = new HashMap<>();
        final Map<String, Integer> received = new HashMap<>();
        final Map<String, String> clOrdIdByVenueOrder = new HashMap<>();
        final Set<String> trades = new HashSet<>();
        lines(cluster.simulators().venueLog(), line -> {
            final String id = line.path("clOrdId").asText("");
            switch (line.path("kind").asText()) {
                case "recv" -> {
                    final String type = line.path("msgType").asText();
                    if (Set.of("D", "F", "G").contains(type)) {
                        intent(line, id, type);
                        expect(received.merge(type + id, 1, Integer::sum) == 1, () -> "J3 received twice: " + line);
                    }
                }
                case "order" -> {
                    final JournalPicture.Intent intent = intent(line, id, "D");
                    if (intent != null) {
                        atVenue(line, id, intent, venueIdByOrder);
                        clOrdIdByVenueOrder.put(line.path("orderId").asText(), id);
                    }
                }
                case "ack" -> {
                    final JournalPicture.Intent intent = journal.intents.get(id);
                    if (intent != null && intent.kind() == 'D') {
                        acknowledged.add(intent.orderId());
                    }
                }
                case "exec" -> {
                    expect(trades.add(line.path("orderId").asText() + '/' + line.path("tradeId").asText()),
                        () -> "the venue logged a trade twice: " + line);
                    fillsAtVenue.merge(TENANT_OF_PROFILE.get(line.path("profile").asText()), 1L, Long::sum);
                }
                case "limit", "error", "sessionReject" -> breaches.add("the venue objects: " + line);
                case "logon" -> expect(line.path("accepted").asBoolean(), () -> "logon at the venue: " + line);
                default -> { }
            }
        });
        toldAbsent.forEach(orderId -> expect(!acknowledged.contains(orderId),
            () -> "J6 told to be absent, and the venue has taken it: order " + orderId));
        compared.put("venue orders", ordersAtVenue);
        compared.put("lost on the way", lostOnTheWay());
        compared.put("venue fills", fillsAtVenue);
    }

    /**
     * Orders per tenant whose bytes were written to a line that was lost, that never arrived, and of which the desk was
     * told so: they were sent, as the bill defines it.
     */
    private Map<Integer, Long> lostOnTheWay() {
        final Map<Integer, Long> lost = new TreeMap<>();
        for (final long orderId : toldAbsent) {
            if (journal.written.contains(orderId)) {
                lost.merge(TENANT_OF_SESSION.get(journal.orders.get(orderId).sessionId()), 1L, Long::sum);
            }
        }
        return lost;
    }

    private void atVenue(final JsonNode line, final String id, final JournalPicture.Intent intent,
        final Map<Long, String> venueIdByOrder) {
        final String earlier = venueIdByOrder.putIfAbsent(intent.orderId(), id);
        expect(earlier == null, () -> "J3 order " + intent.orderId() + ' ' + journal.orders.get(intent.orderId())
            + " at the venue twice: " + earlier + " and " + id);
        expect(journal.orders.containsKey(intent.orderId()), () -> "J2 no admitted order behind " + intent);
        expect(line.path("side").asText().equals(intent.side()) && equal(line.path("qty").asText("0"), intent.qty())
            && (intent.price() == null || equal(line.path("price").asText("0"), intent.price())),
            () -> "J2 the journal says " + intent + ", the venue got " + line);
        ordersAtVenue.merge(TENANT_OF_PROFILE.get(line.path("profile").asText()), 1L, Long::sum);
    }

    private JournalPicture.Intent intent(final JsonNode line, final String id, final String type) {
        final JournalPicture.Intent intent = journal.intents.get(id);
        if (intent == null || intent.kind() != type.charAt(0)) {
            breaches.add("J2 at the venue without a journaled intent: " + line + " found " + intent);
            return null;
        }
        final long sequence = UUID.fromString(id).getLeastSignificantBits() & SEQUENCE_MASK;
        final JournalPicture.Entry entry = journal.entry(sequence);
        expect(entry != null && intent.sequence() == sequence
            && entry.epochNs() <= line.path("ts").asLong() + CLOCK_TOLERANCE_NS,
            () -> "J2 intent " + intent + " of record " + entry + " is not before " + line);
        return intent;
    }

    /** J5: quota windows by journaled time, and a balance that is never below zero. */
    private void admitted() {
        final Map<Long, Long> windows = new TreeMap<>();
        final Map<Integer, Long> paid = new TreeMap<>();
        for (final JournalPicture.Entry entry : journal.entries) {
            if (entry.tenantId() == 2 && entry.templateId() == NewOrderDecoder.TEMPLATE_ID && entry.admitted()) {
                windows.merge(entry.epochNs() / TestCluster.BETA_PERIOD_NS, 1L, Long::sum);
            }
            expect(entry.balanceMicros() >= 0, () -> "J5 balance below zero: " + entry);
            if (entry.tenantId() != 0) {
                final long left = paid.merge(entry.tenantId(), entry.creditedMicros() - entry.debitMicros(), Long::sum);
                expect(left + entry.receivableMicros() >= 0, () -> "J5 spent more than granted: " + entry);
            }
        }
        windows.forEach((window, count) -> expect(count <= TestCluster.BETA_ORDERS_MAX,
            () -> "J5 beta had " + count + " orders admitted in one period"));
        compared.put("beta's orders per period", windows.values());
    }

    /** J4 and J9: desks, venue, journal, billing and Stripe count the same. */
    private void money() throws IOException {
        final UsageReport usage = UsageReport.read(BillingWiring.jdbcUrl(cluster.config()));
        expect(usage.discrepancyCount() == 0, () -> "J9 " + usage.discrepancies());
        expect(usage.position() == journal.entries.size(), () -> "J4 billing stands at " + usage.position() + " of "
            + journal.entries.size());
        expect(usage.undelivered() == 0 && usage.quarantined().isEmpty(), () -> "J4 not delivered: " + usage);
        final Map<String, Long> stripe = new TreeMap<>();
        final Set<String> identifiers = new HashSet<>();
        lines(cluster.simulators().stripeLog(), line -> {
            if ("accepted".equals(line.path("kind").asText())) {
                expect(line.path("error").isNull() || line.path("error").isMissingNode(), () -> "J4 dropped: " + line);
                expect(identifiers.add(line.path("identifier").asText()), () -> "J4 accepted twice: " + line);
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
        for (int tenant = 1; tenant <= 2; tenant++) {
            final long[] units = units(tenant);
            final long[] outside = {requestsSent.getOrDefault(tenant, 0L),
                ordersAtVenue.getOrDefault(tenant, 0L) + lostOnTheWay().getOrDefault(tenant, 0L),
                fillsAtVenue.getOrDefault(tenant, 0L)};
            for (int meter = 0; meter < METERS.length; meter++) {
                final String key = tenant + " " + METERS[meter];
                if (units[meter] != billed.getOrDefault(key, 0L) || units[meter] != outside[meter]) {
                    breaches.add("J4 tenant " + key + ": journal " + units[meter] + ", Stripe "
                        + billed.getOrDefault(key, 0L) + ", desks or venue " + outside[meter]);
                }
            }
        }
        final ReconcileReport report = ReconcileAction.reconciler(cluster.config())
            .venueLog(cluster.simulators().venueLog()).stripeLog(cluster.simulators().stripeLog())
            .jdbcUrl(BillingWiring.jdbcUrl(cluster.config())).run();
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
        expect(journal.core.view().openOrders() == 0,
            () -> "J6 open at Weir: " + journal.core.view().openOrders());
        final JsonNode open = cluster.control("GET", "/orders", "");
        for (final String profile : TENANT_OF_PROFILE.keySet()) {
            expect(open.path(profile).isEmpty(), () -> "J6 open at the venue: " + open.path(profile));
        }
        cluster.desks().values().forEach(desk -> desk.ledger().openOrders().forEach(order ->
            breaches.add("J6 open for " + desk.desk() + ": " + order)));
    }

    private void expect(final boolean holds, final Supplier<String> breach) {
        if (!holds) {
            breaches.add(breach.get());
        }
    }

    private void fail(final String what) {
        if (!breaches.isEmpty()) {
            throw new AssertionError(breaches.size() + " breaches after " + what + " in " + cluster.dir() + ":\n"
                + String.join("\n", breaches.subList(0, Math.min(LISTED, breaches.size()))));
        }
    }

    private void lines(final Path file, final Consumer<JsonNode> consumer) throws IOException {
        for (final String line : Files.readAllLines(file)) {
            consumer.accept(mapper.readTree(line));
        }
    }

    private static boolean equal(final String text, final BigDecimal value) {
        return new BigDecimal(text).compareTo(value == null ? BigDecimal.ZERO : value) == 0;
    }

    private static String plain(final String text) {
        return plain(new BigDecimal(text));
    }

    private static String plain(final BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }
}
