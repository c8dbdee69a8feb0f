package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import weir.sim.desk.ClientOrder;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/**
 * Coinbase Exchange and Kraken Futures at once, each a process of its own: trading, doubt at both, and a router that is
 * killed while 300 orders rest at each, a thousand by {@code -Dweir.adopt.orders=1000}. The contracts are those of the
 * deployment; orders of Coinbase outlive the line.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoVenueTest {
    private static final long SEED = 5_005L;
    private static final long DOUBT_S = 30;
    /** The contracts' unknownTimeout, and a margin for a machine that is busy. */
    private static final long RESOLVED_S = 30 + 10;
    private static final int AT_EACH = Integer.getInteger("weir.adopt.orders", 300);
    private static final String[] SPOT = {"BTC-USD 50000", "ETH-USD 2500", "SOL-USD 125"};
    private static final int CHUNK = 120;
    private static final Set<String> AGAIN = Set.of("VENUE_THROTTLED", "NOT_SENT");
    private static final String OURS = "[ck][0-9]+r*|near-[ck]";

    private TestCluster cluster;
    private JournalPicture picture;

    @BeforeAll
    void launch() throws Exception {
        cluster = TestCluster.launchAtBoth("heartbeat: 30s", "heartbeat: 1s",
            "cancelOnDisconnect: session", "cancelOnDisconnect: unset",
            "cancelOnDisconnect: on-disconnect-or-logout\n    cancelGrace: 2s", "cancelOnDisconnect: none",
            "deadline: 15s", "deadline: 120s",
            "timeout: 60s\n    every: 15s", "timeout: 600s\n    every: 15s",
            "maxOpenOrders: 1000", "maxOpenOrders: 4000",
            "instruments: [BTC-USD, BTC-PERP, ETH-PERP]",
            "instruments: [BTC-USD, ETH-USD, SOL-USD, BTC-PERP, ETH-PERP]");
    }

    @BeforeEach
    void start() throws Exception {
        cluster.ensureRunning();
        awaitPrices();
    }

    @AfterAll
    void close() throws Exception {
        cluster.close();
    }

    @Test
    @Order(1)
    void shouldAgreeWithBothVenuesWhenDesksTradeAtBoth() throws Exception {
        try (Trading trading = Trading.calm(cluster, "b", SEED, 8)) {
            Thread.sleep(4_000);
            trading.stop();
        }
        cluster.settleResting();
        Invariants.checkResting(cluster);
        cluster.settle();
        for (final String profile : new String[] {"gamma-coinbase", "gamma-kraken", "delta-kraken"}) {
            assertTrue(ordersAt(profile) > 0, "no order of " + profile);
        }
        Invariants.check(cluster, "trading at two venues");
    }

    @Test
    @Order(2)
    void shouldResolveEveryDoubtAtBothVenuesInItsTime() throws Exception {
        final Map<String, Integer> from = marks();
        try (Trading trading = Trading.calm(cluster, "u", SEED + 1, 6)) {
            Thread.sleep(1_000);
            cluster.krakenControl("POST", "/faults", "{\"wsSilent\":1,\"answerLostAfter\":2,\"answerLostBefore\":2}");
            for (int i = 0; i < 10 && doubts(from, "-USD") == 0; i++) {
                // Carried out, then the line drops before any answer; again, for it may have been a cancel.
                cluster.fault("{\"dropAfterReceive\":2}");
                Thread.sleep(1_500);
            }
            cluster.await("an order in doubt at each venue", DOUBT_S,
                () -> doubts(from, "-PERP") > 0 && doubts(from, "-USD") > 0);
            cluster.krakenControl("POST", "/faults", "{\"wsSilent\":0,\"answerLostAfter\":2}");
            cluster.control("POST", "/disconnect", "");
            trading.stop();
        }
        cluster.krakenControl("POST", "/faults", "{\"answerLostAfter\":0,\"answerLostBefore\":0}");
        cluster.settleResting();
        doubtsAreResolvedInTime(from);
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, "lost answers, a silent socket and a dropped line");
    }

    @Test
    @Order(3)
    void shouldAdoptEveryOrderAtEachVenueWhenTheRouterIsKilled() throws Exception {
        final DeskClient gamma = cluster.desks().get("GAMMA1");
        final DeskClient delta = cluster.desks().get("DELTA1");
        final long startNs = System.nanoTime();
        gamma.newOrder("near-c", "BTC-USD", '1', '2', '1', "0.001", "59999");
        gamma.newOrder("near-k", "BTC-PERP", '1', '2', '1', "0.001", "59999");
        for (int i = 1; i < AT_EACH; i++) {
            final String[] spot = SPOT[i % SPOT.length].split(" ");
            gamma.newOrder("c" + i, spot[0], '1', '2', '1', "0.02", spot[1]);
            final DeskClient desk = i % 2 == 0 ? gamma : delta;
            desk.newOrder("k" + i, "BTC-PERP", '1', '2', '1', "0.001", "50000");
            if (i % CHUNK == 0) {
                final int sent = i;
                cluster.await("orders up to " + i + " working", 90, () -> {
                    refusedOnceMore();
                    return working() >= 2L * (sent - CHUNK);
                });
            }
        }
        cluster.await("all orders working", 150, () -> {
            refusedOnceMore();
            return working() == 2L * AT_EACH;
        });
        final long placedMs = (System.nanoTime() - startNs) / 1_000_000L;
        final Map<String, JsonNode> before = ordersAtVenues();
        assertEquals(2 * AT_EACH, before.size(), "at the venues");
        final int reportsBefore = gamma.reports().size();

        cluster.killRouter();
        cluster.control("POST", "/quotes", "{\"product\":\"BTC-USD\",\"side\":\"sell\",\"tif\":\"IOC\","
            + "\"levels\":[{\"price\":\"59999\",\"qty\":\"3\"}]}");
        cluster.krakenControl("POST", "/quotes", "{\"symbol\":\"PF_XBTUSD\",\"side\":\"sell\",\"immediate\":true,"
            + "\"levels\":[{\"price\":\"59999\",\"qty\":\"3\"}]}");
        cancelAtVenue(before, gamma, "c3", true);
        cancelAtVenue(before, gamma, "k2", false);
        final Set<String> expected = new TreeSet<>(before.keySet());
        for (final String id : new String[] {"near-c", "near-k", "c3", "k2"}) {
            expected.remove(venueKey(before, gamma, id));
        }
        assertEquals(2 * AT_EACH - 4, expected.size());
        assertEquals(expected, ordersAtVenues().keySet(), "filled and cancelled while the router is away");
        final long killedNs = System.nanoTime();
        cluster.startRouter();
        cluster.awaitDesks();
        cluster.await("the fills and the cancels told", 120, () -> Set.of("near-c", "near-k", "c3", "k2").stream()
            .allMatch(id -> gamma.ledger().order(id).closed()));
        cluster.settleResting();
        final long adoptedMs = (System.nanoTime() - killedNs) / 1_000_000L;

        assertEquals(expected, ordersAtVenues().keySet(), "none doubled, none dropped");
        assertEquals(2L * AT_EACH - 4, working());
        for (final String id : new String[] {"near-c", "near-k"}) {
            assertEquals('2', gamma.ledger().order(id).ordStatus(), id);
            assertEquals(1, told(gamma, reportsBefore, id, 'F'), "fill of " + id);
        }
        for (final String id : new String[] {"c3", "k2"}) {
            assertEquals('4', gamma.ledger().order(id).ordStatus(), id);
            assertEquals(1, told(gamma, reportsBefore, id, '4'), "cancel of " + id);
        }
        Invariants.checkResting(cluster);
        cluster.settle();
        Invariants.check(cluster, "kill -9 over orders at each venue");
        System.out.printf("%d orders at each of two venues placed in %d ms, adopted %d ms after the kill%n",
            AT_EACH, placedMs, adoptedMs);
    }

    /** What the venue's budget had no room for in its time, or what surely never left, is placed again. */
    private void refusedOnceMore() {
        for (final String compId : new String[] {"GAMMA1", "DELTA1"}) {
            final DeskClient desk = cluster.desks().get(compId);
            for (final ClientOrder order : desk.ledger().orders()) {
                if (order.ordStatus() == '8' && order.clOrdId().matches(OURS)
                    && AGAIN.contains(String.valueOf(desk.ledger().codeOf(order.clOrdId())))
                    && desk.ledger().order(order.clOrdId() + "r") == null) {
                    final boolean spot = order.symbol().endsWith("-USD");
                    desk.newOrder(order.clOrdId() + 'r', order.symbol(), '1', '2', '1', spot ? "0.02" : "0.001",
                        spot ? priceOf(order.symbol()) : "50000");
                }
            }
        }
    }

    private static String priceOf(final String symbol) {
        for (final String spot : SPOT) {
            if (spot.startsWith(symbol)) {
                return spot.split(" ")[1];
            }
        }
        throw new AssertionError(symbol);
    }

    /** Reports of a kind by their ExecID(17): one that waited for the desk may first come as a repetition (43=Y). */
    private static long told(final DeskClient desk, final int from, final String clOrdId, final char execType) {
        return desk.reports().matching(report -> report.index() >= from && "8".equals(report.msgType())
            && clOrdId.equals(report.clOrdId()) && execType == report.execType()).stream()
            .map(report -> report.get(17)).distinct().count();
    }

    private void cancelAtVenue(final Map<String, JsonNode> before, final DeskClient desk, final String clOrdId,
        final boolean coinbase) throws IOException {
        final String path = "/cancel?orderId=" + venueKey(before, desk, clOrdId);
        final JsonNode answer =
            coinbase ? cluster.control("POST", path, "") : cluster.krakenControl("POST", path, "");
        assertEquals(1, answer.path("orders").asInt(), clOrdId);
    }

    /** The venue's id of a desk's order: the journal names the order behind the venue's ClOrdID(11). */
    private String venueKey(final Map<String, JsonNode> before, final DeskClient desk, final String clOrdId) {
        final int sessionId = TestCluster.SESSIONS.get(desk.desk());
        final JournalPicture picture = journal();
        for (final Map.Entry<String, JsonNode> order : before.entrySet()) {
            final JournalPicture.Intent intent = picture.intents.get(order.getValue().path("clOrdId").asText());
            final JournalPicture.Named named = intent == null ? null : picture.orders.get(intent.orderId());
            if (named != null && named.sessionId() == sessionId && named.clOrdId().equals(clOrdId)) {
                return order.getKey();
            }
        }
        throw new AssertionError(clOrdId + " is not at a venue");
    }

    private JournalPicture journal() {
        if (picture == null) {
            picture = JournalPicture.read(cluster);
        }
        return picture;
    }

    private Map<String, JsonNode> ordersAtVenues() throws IOException {
        final Map<String, JsonNode> orders = new TreeMap<>();
        cluster.openAtVenues().forEach((account, open) -> {
            if (TestCluster.TENANT_OF_PROFILE.containsKey(account)) {
                open.forEach(order -> orders.put(order.path("orderId").asText(), order));
            }
        });
        return orders;
    }

    /** Resting orders that are working, as the desks know. */
    private long working() {
        long count = 0;
        for (final String compId : new String[] {"GAMMA1", "DELTA1"}) {
            count += cluster.desks().get(compId).ledger().openOrders().stream().filter(order -> !order.unknown()
                && order.ordStatus() == '0' && order.clOrdId().matches(OURS)).count();
        }
        return count;
    }

    private long ordersAt(final String profile) throws IOException {
        long count = 0;
        for (final Path log : cluster.simulators().venueLogs()) {
            count += Files.readAllLines(log).stream().filter(line -> line.contains("\"kind\":\"order\"")
                && line.contains("\"profile\":\"" + profile + '"')).count();
        }
        return count;
    }

    /** Waits until the router has prices of Kraken's feed and its line is up: an order is taken. */
    private void awaitPrices() throws Exception {
        for (int i = 0; i < 60; i++) {
            final String id = "probe" + System.nanoTime();
            cluster.desks().get("GAMMA1").newOrder(id, "BTC-PERP", '1', '2', '3', "0.001", "50000");
            cluster.await("an answer to " + id, 20, () -> closed("GAMMA1", id));
            if (cluster.desks().get("GAMMA1").ledger().order(id).ordStatus() != '8') {
                return; // it expired at the venue
            }
            Thread.sleep(500);
        }
        throw new AssertionError("no order is taken at Kraken Futures\n" + cluster.dump());
    }

    private boolean closed(final String compId, final String id) {
        final ClientOrder order = cluster.desks().get(compId).ledger().order(id);
        return order != null && order.closed();
    }

    private Map<String, Integer> marks() {
        final Map<String, Integer> marks = new TreeMap<>();
        cluster.desks().forEach((compId, desk) -> marks.put(compId, desk.reports().size()));
        return marks;
    }

    private static boolean isDoubt(final DeskReport report) {
        return report.execType() == 'I' && report.code().equals("ORDER_UNKNOWN_STATE");
    }

    private List<DeskReport> since(final Map<String, Integer> from, final String compId) {
        final int mark = from.get(compId);
        return cluster.desks().get(compId).reports().matching(report -> report.index() >= mark);
    }

    private long doubts(final Map<String, Integer> from, final String symbols) {
        return from.keySet().stream().flatMap(compId -> since(from, compId).stream())
            .filter(report -> isDoubt(report) && String.valueOf(report.get(55)).endsWith(symbols)).count();
    }

    /** Each order in doubt is told again within the contract's time, and never as rejected unless it is not there. */
    private void doubtsAreResolvedInTime(final Map<String, Integer> from) {
        long count = 0;
        long notSent = 0;
        long longestMs = 0;
        for (final String compId : from.keySet()) {
            final Map<String, DeskReport> open = new TreeMap<>();
            for (final DeskReport report : since(from, compId)) {
                final String orderId = report.get(37);
                if (orderId == null || !"8".equals(report.msgType()) || report.possDup()) {
                    continue;
                }
                if (isDoubt(report)) {
                    open.putIfAbsent(orderId, report);
                    count++;
                } else if (open.containsKey(orderId)) {
                    final long tookMs = (report.nanoTime() - open.remove(orderId).nanoTime()) / 1_000_000L;
                    longestMs = Math.max(longestMs, tookMs);
                    assertTrue(tookMs <= RESOLVED_S * 1_000, "resolved after " + tookMs + " ms: " + report);
                    // VENUE_DOWN: the line was closed before the adapter took the order, which it says it has not sent
                    final boolean isNotSent = report.code().equals("VENUE_DOWN");
                    notSent += isNotSent ? 1 : 0;
                    assertTrue(report.ordStatus() != '8' || isNotSent || report.code().equals("NOT_AT_VENUE"),
                        "a doubt told as rejected: " + report);
                }
            }
            assertTrue(open.isEmpty(), "never resolved: " + open);
        }
        System.out.printf("%d orders in doubt at two venues, %d not sent, the longest for %d ms%n", count, notSent,
            longestMs);
    }
}
