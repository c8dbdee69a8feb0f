package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.reconcile.Difference;
import weir.billing.reconcile.ReconcileReport;
import weir.billing.reconcile.Reconciler;
import weir.protocol.Venues;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/**
 * Deribit and CoW Protocol behind one router process, by the contracts of the deployment: fills whole and in part, more
 * demand than the venues take, a router that is killed while orders rest at both, and books that agree in the end.
 * {@code -Dweir.overload.seconds=60} and {@code -Dweir.restart.orders=1000} are the long forms.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeribitAndCowTest {
    private static final Duration WAIT = Duration.ofSeconds(40);
    private static final int OVERLOAD_S = Integer.getInteger("weir.overload.seconds", 5);
    private static final int AT_EACH = Integer.getInteger("weir.restart.orders", 40);
    /** Deribit's lowest tier and the rate of the order book's own SDK, as the contracts have them. */
    private static final int DERIBIT_BURST = 20;
    private static final int DERIBIT_PER_S = 5;
    private static final int COW_PER_S = 5;
    /** Above what the house bids. */
    private static final String BEST = "59998";
    private static final int CHUNK = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path dir;
    private RouteCluster cluster;
    private DeskClient deribit;
    private DeskClient cow;

    @BeforeAll
    void start() throws Exception {
        cluster = RouteCluster.start(dir, Map.of(Venues.COW, List.of("--auction-ms", "400", "--open-orders-max",
            "2000"), Venues.DERIBIT, List.of("--open-orders-max", "2000")),
            // orders outlive the line; more may rest than ten; a cancel need not be sure for a minute
            "venues/deribit.yaml", "cancelOnDisconnect: connection", "cancelOnDisconnect: none",
            "venues/cow.yaml", "capacity: 10\n", "capacity: 2000\n",
            "venues/cow.yaml", "cancelGrace: 60s", "cancelGrace: 1s",
            "venues/cow.yaml", "poll: 2s", "poll: 1s",
            "venues/cow.yaml", "deadline: 15s", "deadline: 3s",
            "tenants/epsilon.yaml", "stripeCustomer: cus_epsilon\n", "",
            "tenants/zeta.yaml", "stripeCustomer: cus_zeta\n", "",
            "tenants/epsilon.yaml", "maxOpenOrders: 1000", "maxOpenOrders: 4000",
            "tenants/zeta.yaml", "maxOpenOrders: 1000", "maxOpenOrders: 4000");
        deribit = cluster.desk("EPSILON1");
        cow = cluster.desk("ZETA1");
        cluster.awaitTaken(deribit, "BTC-PERPETUAL", "10", "50000");
        cluster.awaitTaken(cow, "WETH-USDC", "0.01", "2000");
    }

    @AfterAll
    void stop() throws Exception {
        cluster.close();
    }

    private static Set<String> open(final DeskClient desk) {
        final Set<String> open = new TreeSet<>();
        desk.ledger().openOrders().forEach(order -> open.add(order.clOrdId()));
        return open;
    }

    private List<JsonNode> lines(final int venueId, final String kind) throws IOException {
        final List<JsonNode> found = new ArrayList<>();
        for (final String line : Files.readAllLines(cluster.venueLog(venueId))) {
            final JsonNode node = JSON.readTree(line);
            if (kind.equals(node.path("kind").asText())) {
                found.add(node);
            }
        }
        return found;
    }

    private static DeskReport filled(final DeskClient desk, final String clOrdId, final char status) {
        return desk.await(report -> clOrdId.equals(report.clOrdId()) && report.execType() == 'F'
            && report.ordStatus() == status, WAIT);
    }

    private static void ended(final DeskClient desk, final String clOrdId) {
        desk.awaitThat(() -> desk.ledger().order(clOrdId) != null && desk.ledger().order(clOrdId).closed(),
            "the end of " + clOrdId, WAIT);
    }

    @Test
    @Order(1)
    void shouldBringFillsWholeAndInPartNetOfTheFee() throws Exception {
        cow.newOrder("whole", "WETH-USDC", '2', '2', '1', "0.5", "2900");
        assertEquals("0.5", filled(cow, "whole", '2').get(32), "the fee is in what was sold");
        final JsonNode whole = lines(Venues.COW, "exec").get(0);
        assertEquals("WETH", whole.path("feeCurrency").asText());
        assertTrue(new BigDecimal(whole.path("fee").asText()).signum() > 0, whole.toString());
        cluster.control(Venues.COW, "POST", "/token", "{\"symbol\":\"USDC\",\"liquidity\":\"77.777777\"}");
        cow.newOrder("part", "WETH-USDC", '1', '2', '1', "0.1", "3100");
        filled(cow, "part", '1');
        cow.replace("rest", "part", "WETH-USDC", '1', '2', '1', "0.1", "3050");
        cow.await(report -> "rest".equals(report.clOrdId()) && report.execType() == '5', WAIT);
        cluster.control(Venues.COW, "POST", "/token", "{\"symbol\":\"USDC\",\"liquidity\":null}");
        filled(cow, "rest", '2');
        assertTrue(lines(Venues.COW, "exec").stream().anyMatch(line -> line.path("qty").asText().length() > 12),
            "an amount finer than ours");
        deribit.newOrder("d1", "BTC-PERPETUAL", '1', '2', '1', "300", BEST);
        deribit.awaitStatus("d1", '0', WAIT);
        cluster.deribitTakes(BEST, "100");
        filled(deribit, "d1", '1');
        cluster.deribitTakes(BEST, "1000");
        filled(deribit, "d1", '2');
    }

    @Test
    @Order(2)
    void shouldBreachNothingWhenDemandIsAFifthMoreThanTheVenuesTake() throws Exception {
        final int fromDeribit = lines(Venues.DERIBIT, "order").size();
        final int fromCow = lines(Venues.COW, "rest").size();
        final long startNs = System.nanoTime();
        final long endNs = startNs + OVERLOAD_S * 1_000_000_000L;
        int sent = 0;
        while (System.nanoTime() - endNs < 0) {
            // the burst at once, then 120 % of what comes back
            final double elapsedS = (System.nanoTime() - startNs) / 1e9;
            final int due = (int)(1.2 * (DERIBIT_BURST + DERIBIT_PER_S * elapsedS));
            for (; sent < due; sent++) {
                deribit.newOrder("od" + sent, "BTC-PERPETUAL", '1', '2', '1', "10", "50000");
                cow.newOrder("oc" + sent, "WETH-USDC", '1', '2', '1', "0.01", "2000");
            }
            Thread.sleep(20);
        }
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.awaitThat(() -> desk.ledger().unansweredCount() == 0 && desk.ledger().openOrders().stream()
                .allMatch(order -> order.ordStatus() == '0' && !order.unknown()), "an answer to each order", WAIT);
        }
        final List<JsonNode> taken = lines(Venues.DERIBIT, "order").subList(fromDeribit, lines(Venues.DERIBIT, "order")
            .size());
        final double took = (taken.get(taken.size() - 1).path("ts").asLong() - taken.get(0).path("ts").asLong()) / 1e9;
        final double most = DERIBIT_BURST + DERIBIT_PER_S * took;
        final JsonNode stats = cluster.control(Venues.DERIBIT, "GET", "/stats", "").path("accounts")
            .path("epsilon-deribit");
        assertEquals(0, stats.path("refused").asInt(), stats.toString());
        // the margin is a tenth, four of twenty are for cancels
        assertTrue(taken.size() >= 0.6 * most, taken.size() + " of " + most + " that Deribit would have taken");
        final List<JsonNode> calls = lines(Venues.COW, "rest");
        final double seconds = (calls.get(calls.size() - 1).path("ts").asLong()
            - calls.get(fromCow).path("ts").asLong()) / 1e9;
        final JsonNode edge = cluster.control(Venues.COW, "GET", "/stats", "");
        assertEquals(0, edge.path("breaches").asInt() + edge.path("refused").asInt(), edge.toString());
        assertTrue(calls.size() - fromCow >= 0.4 * COW_PER_S * seconds,
            calls.size() - fromCow + " calls in " + seconds);
        System.out.printf("overload: Deribit took %d of the %.0f it would have in %.1f s; CoW %d calls in %.1f s%n",
            taken.size(), most, took, calls.size() - fromCow, seconds);
    }

    @Test
    @Order(3)
    void shouldUseALargerTierThatTheVenueStates() throws Exception {
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.massCancel("after-overload", '7', null);
        }
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "nothing open", Duration.ofSeconds(90));
        }
        cluster.stopRouter();
        cluster.control(Venues.DERIBIT, "POST", "/tier?account=epsilon-deribit&tier=TIER_1", "");
        // a partner's rate, by the contract and at the edge
        cluster.control(Venues.COW, "POST", "/rate", "{\"perSecond\":500}");
        cluster.configure("venues/cow.yaml", "capacity: 5\n    refill: 5/s", "capacity: 500\n    refill: 500/s");
        cluster.startRouter();
        cluster.awaitTaken(deribit, "BTC-PERPETUAL", "10", "50000");
        cluster.awaitTaken(cow, "WETH-USDC", "0.01", "2000");
        final int burst = 4 * DERIBIT_BURST;
        for (int i = 0; i < burst; i++) {
            deribit.newOrder("t" + i, "BTC-PERPETUAL", '1', '2', '1', "10", "50000");
        }
        for (int i = 0; i < burst; i++) {
            deribit.awaitStatus("t" + i, '0', WAIT);
        }
        final JsonNode limits = cluster.control(Venues.DERIBIT, "GET", "/limits", "");
        for (final JsonNode limit : limits) {
            if (limit.path("limit").asText().startsWith("matching_engine")) {
                assertTrue(limit.path("peak").asInt() > DERIBIT_BURST, "by the tier that was read: " + limits);
                assertEquals(0, limit.path("refused").asInt(), limits.toString());
            }
        }
    }

    @Test
    @Order(4)
    void shouldAdoptWhatRestsAtBothWhenTheRouterIsKilled() throws Exception {
        final Set<String> wanted = new TreeSet<>();
        for (int i = 0; i < AT_EACH; i++) {
            deribit.newOrder("k" + i, "BTC-PERPETUAL", '1', '2', '1', "10", i == 0 ? BEST : "50000");
            cow.newOrder("k" + i, "WETH-USDC", '1', '2', '1', "0.01", i == 0 ? "2500" : "2000");
            wanted.add("k" + i);
            if (i % CHUNK == CHUNK - 1) {
                awaitWorking(i);
            }
        }
        awaitWorking(AT_EACH);
        final Set<String> deribitBefore = cluster.openAtDeribit();
        final Set<String> cowBefore = cluster.openAtCow();
        assertEquals(open(deribit).size(), deribitBefore.size());
        assertEquals(open(cow).size(), cowBefore.size());
        assertTrue(open(deribit).containsAll(wanted) && open(cow).containsAll(wanted));
        cluster.killRouter();
        cluster.deribitTakes(BEST, "1000");
        cluster.control(Venues.COW, "POST", "/token", "{\"symbol\":\"WETH\",\"priceUsd\":\"2400\"}");
        final long settleUntilNs = System.nanoTime() + WAIT.toNanos();
        do { // a batch that is under way may have been made before the price
            cluster.control(Venues.COW, "POST", "/settle", "{}");
            Thread.sleep(100);
        } while (cluster.openAtCow().size() >= cowBefore.size() && System.nanoTime() - settleUntilNs < 0);
        cluster.control(Venues.COW, "POST", "/token", "{\"symbol\":\"WETH\",\"priceUsd\":\"3000\"}");
        final Set<String> deribitLeft = cluster.openAtDeribit();
        final Set<String> cowLeft = cluster.openAtCow();
        assertEquals(deribitBefore.size() - 1, deribitLeft.size(), "filled while the router is away");
        assertEquals(cowBefore.size() - 1, cowLeft.size(), "filled while the router is away");
        final long killedNs = System.nanoTime();
        cluster.startRouter();
        ended(deribit, "k0");
        ended(cow, "k0");
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.awaitThat(() -> desk.ledger().openOrders().stream().allMatch(order ->
                order.ordStatus() == '0' && !order.unknown()), "every order working", Duration.ofSeconds(90));
            assertEquals('2', desk.ledger().order("k0").ordStatus());
            assertEquals(1, desk.reports().matching(report -> "k0".equals(report.clOrdId())
                && report.execType() == 'F').stream().map(report -> report.get(17)).distinct().count(), "told once");
        }
        System.out.printf("%d orders at each adopted %d ms after the kill%n", AT_EACH,
            (System.nanoTime() - killedNs) / 1_000_000L);
        assertEquals(deribitLeft, cluster.openAtDeribit(), "none doubled, none dropped");
        assertEquals(cowLeft, cluster.openAtCow(), "none doubled, none dropped");
        assertEquals(deribitLeft.size(), open(deribit).size());
        assertEquals(cowLeft.size(), open(cow).size());
    }

    private void awaitWorking(final int count) {
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.awaitThat(() -> desk.ledger().openOrders().stream().filter(order -> order.clOrdId().startsWith("k")
                && order.ordStatus() == '0').count() >= count || refused(desk) > 0, count + " working",
                Duration.ofSeconds(120));
            assertEquals(0, refused(desk), desk.dump());
        }
    }

    private static long refused(final DeskClient desk) {
        return desk.ledger().orders().stream().filter(order -> order.clOrdId().startsWith("k")
            && order.ordStatus() == '8').count();
    }

    @Test
    @Order(5)
    void shouldReconcileWithBothVenuesToNothingAndFindWhatIsPlanted() throws Exception {
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.massCancel("all", '7', null);
        }
        for (final DeskClient desk : List.of(deribit, cow)) {
            desk.awaitThat(() -> desk.ledger().openOrders().isEmpty(), "nothing open", Duration.ofSeconds(120));
            assertEquals(List.of(), desk.ledger().violations());
        }
        cluster.stopRouter();
        cluster.drainBilling();
        final JavaProcess command = cluster.reconcile();
        assertEquals(0, command.exitCode(), command.tail());
        assertTrue(command.tail().contains("\"differences\":0"), command.tail());
        final ReconcileReport good = report(lines -> lines);
        assertEquals(List.of(), good.differences(), good::toText);
        assertEquals(lines(Venues.COW, "exec").size() + lines(Venues.DERIBIT, "exec").size(),
            good.compared().get("venue executions"), good::toText);
        final Set<Difference.Kind> missing = kinds(report(text -> {
            final int at = text.indexOf("\"kind\":\"exec\"");
            return text.substring(0, text.lastIndexOf('\n', at) + 1) + text.substring(text.indexOf('\n', at) + 1);
        }));
        assertTrue(missing.containsAll(Set.of(Difference.Kind.FILL_NOT_AT_VENUE, Difference.Kind.ORACLE_UNITS)),
            "a fill that the venue's log lacks: " + missing);
        assertEquals(Set.of(Difference.Kind.FILL_QTY), kinds(report(text ->
            text.replaceFirst("(\"kind\":\"exec\".*?\"qty\":\")0\\.5\"", "$10.50000001\""))), "a quantity");
        assertEquals(Set.of(Difference.Kind.FILL_PRICE), kinds(report(text ->
            text.replaceFirst("(\"kind\":\"exec\".*?\"price\":\")\\d", "$19"))), "a price, as by a fee left in it");
        assertFalse(cluster.routerSaid().contains(RouteCluster.COW_KEY.substring(2)), "a key in the log");
    }

    private static Set<Difference.Kind> kinds(final ReconcileReport report) {
        final Set<Difference.Kind> kinds = new TreeSet<>();
        report.differences().forEach(difference -> kinds.add(difference.kind()));
        return kinds;
    }

    /** Reconciles with the log of the order book as a change leaves it. */
    private ReconcileReport report(final UnaryOperator<String> change) throws IOException {
        final Reconciler reconciler = ReconcileAction.reconciler(cluster.config()).stripeLog(cluster.stripeLog())
            .jdbcUrl(BillingWiring.jdbcUrl(cluster.config()));
        for (final Path log : cluster.venueLogs()) {
            if (log.equals(cluster.venueLog(Venues.COW))) {
                reconciler.venueLog(Files.writeString(dir.resolve("changed.jsonl"),
                    change.apply(Files.readString(log))));
            } else {
                reconciler.venueLog(log);
            }
        }
        return reconciler.run();
    }
}
