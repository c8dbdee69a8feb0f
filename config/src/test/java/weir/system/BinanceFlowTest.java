package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.system.InProcessCluster.SOON;
import static weir.system.InProcessCluster.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import weir.billing.reconcile.Difference;
import weir.billing.reconcile.ReconcileReport;
import weir.config.run.ReconcileAction;
import weir.sim.binance.BinanceAccount;
import weir.sim.binance.BinanceSimulator;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/**
 * A desk at Binance Spot through router, adapter and the deployed contract: replaces of each kind, a ban, a restart
 * with a thousand open orders, weight that others behind our address use, and in the end the books of all of it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BinanceFlowTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SYMBOL = "BTC-USDT";
    private static final String SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    private static final String CONTRACT = "venues/binance.yaml";
    private static final int OPEN = 1_000;
    private static final int CHUNK = 100;
    private static final Duration WINDOW = Duration.ofSeconds(75);
    private static final String ACCOUNT = """
        accounts:
          - id: 31
            name: alpha-binance
            venue: binance
            environment: simulator
            selfTradePrevention: cancel-newest
            apiKey: env:WEIR_DEMO_ALPHA_BINANCE_KEY
            apiSecret: env:WEIR_DEMO_ALPHA_BINANCE_SECRET
        """;

    private static InProcessCluster cluster;
    private static BinanceSimulator venue;
    private static DeskClient desk;

    @BeforeAll
    static void start() throws Exception {
        cluster = InProcessCluster.prepare(InProcessCluster.withoutBinaryClient());
        cluster.environment().putAll(Map.of("WEIR_DEMO_ALPHA_BINANCE_KEY", "key-alpha",
            "WEIR_DEMO_ALPHA_BINANCE_SECRET", SECRET));
        venue = BinanceSimulator.launch(new BinanceSimulator.Context().logDir(cluster.root().resolve("binance")).seed(7)
            .marketMaker(Map.of("BTCUSDT", new BigDecimal("60000"))).orders(3 * OPEN, 160_000)
            .accounts(List.of(BinanceAccount.hmac("key-alpha", SECRET, "alpha-binance"))));
        for (final String file : List.of(CONTRACT, "instruments/binance.yaml")) {
            Files.writeString(cluster.configDir().resolve(file),
                Files.readString(Path.of(file)).replace("127.0.0.1:16480", "127.0.0.1:" + venue.httpPort()));
        }
        cluster.change(edit(CONTRACT, "capacity: 50\n", "capacity: " + 3 * OPEN + "\n"));
        cluster.change(edit(CONTRACT, "deadline: 15s", "deadline: 4s"));
        cluster.change(edit("tenants/alpha.yaml", "cancelOnDisconnect: on-disconnect-or-logout",
            "cancelOnDisconnect: none"));
        cluster.change(edit("tenants/alpha.yaml", "    cancelGrace: 2s\n", ""));
        cluster.change(edit("tenants/alpha.yaml", "accounts:\n", ACCOUNT));
        cluster.change(edit("tenants/alpha.yaml", "instruments: [", "instruments: [" + SYMBOL + ", "));
        control("/symbol", "{\"symbol\":\"BTCUSDT\",\"maxOrders\":5000}");
        cluster.startRouter();
        desk = cluster.desk("ALPHA1");
        InProcessCluster.await("prices", () -> cluster.journal().lines().stream().anyMatch(line ->
            line.path("input").path("venueSymbol").asText().equals("BTCUSDT"))
            && !cluster.journal().of("ReferencePrice").isEmpty(), () -> cluster.journal().text());
        awaitTaken();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        venue.close();
    }

    /** Until the pair's price is there the router refuses. */
    private static void awaitTaken() {
        DeskReport first;
        int tries = 0;
        do {
            final String id = "first-" + ++tries;
            order(id, "0.001", "50000");
            first = desk.await(r -> id.equals(r.clOrdId()) && (r.ordStatus() == '0' || r.ordStatus() == '8'), SOON);
        } while (first.ordStatus() == '8' && tries < 2_000);
        assertEquals('0', first.ordStatus(), desk.dump());
        cancel(first.clOrdId());
    }

    private static void order(final String id, final String qty, final String price) {
        desk.newOrder(id, SYMBOL, '1', '2', '1', qty, price);
    }

    private static void replace(final String id, final String of, final String qty, final String price) {
        desk.replace(id, of, SYMBOL, '1', '2', '1', qty, price);
        desk.await(r -> id.equals(r.clOrdId()) && r.execType() == '5', SOON);
    }

    private static void cancel(final String of) {
        desk.cancel("x-" + of, of, SYMBOL, '1');
        desk.awaitStatus("x-" + of, '4', SOON);
    }

    private static JsonNode call(final String method, final String path, final String body) throws IOException {
        try {
            final HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + venue.controlPort() + path)).timeout(SOON)
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            return JSON.readTree(answer.body());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    private static void control(final String path, final String body) throws IOException {
        call("POST", path, body);
    }

    private static JsonNode address() throws IOException {
        return call("GET", "/stats", "").path("addresses").path("127.0.0.1");
    }

    private static JsonNode atVenue() throws IOException {
        return call("GET", "/orders", "").path("alpha-binance");
    }

    private static void take(final String price, final String qty) throws IOException {
        control("/quotes", "{\"symbol\":\"BTCUSDT\",\"side\":\"sell\",\"immediate\":true,\"levels\":[{\"price\":\""
            + price + "\",\"qty\":\"" + qty + "\"}]}");
    }

    private static Path log() {
        return cluster.root().resolve("binance/venue.jsonl");
    }

    private static List<String> lines(final String... words) throws IOException {
        return Files.readAllLines(log()).stream().filter(line -> List.of(words).stream().allMatch(line::contains))
            .toList();
    }

    private static long count(final List<String> lines, final String call) {
        return lines.stream().filter(line -> line.contains("\"call\":\"" + call + "\"")).count();
    }

    @Test
    @Order(1)
    void shouldReplaceByWhateverTheVenueOffersAndFillEachOnce() throws Exception {
        order("a", "0.004", "59998.5");
        desk.awaitStatus("a", '0', SOON);
        replace("a1", "a", "0.005", "59998.6"); // another price: another order
        replace("a2", "a1", "0.003", "59998.6"); // smaller: amended
        replace("a3", "a2", "0.006", "59998.7");
        take("59998.7", "0.002");
        desk.await(r -> "a3".equals(r.clOrdId()) && r.execType() == 'F', SOON);
        replace("a4", "a3", "0.007", "59998.8"); // part filled: cancelled, then what is left
        take("59998.8", "0.005");
        desk.awaitStatus("a4", '2', SOON);
        order("b", "0.004", "50000");
        desk.awaitStatus("b", '0', SOON);
        replace("b1", "b", "0.004", "50001");
        cancel("b1");
        assertEquals(4, lines("\"kind\":\"order\"", "\"clOrdId\":\"r").size(), "orders in place of others");
        assertEquals(1, lines("\"kind\":\"replace\"").size(), "amended");
        desk.ledger().assertClean();
    }

    /** A ban holds the address: nothing leaves before its time, and then what waits. */
    @Test
    @Order(2)
    void shouldStopTheWorldAtTheVenueUntilTheTimeOfA418() throws Exception {
        order("c0", "0.001", "50000");
        desk.awaitStatus("c0", '0', SOON);
        final long endNs = System.nanoTime() + 2_000_000_000L;
        control("/ban?ms=2000", "");
        order("c1", "0.001", "50000"); // finds out
        final DeskReport told = desk.await(r -> "c1".equals(r.clOrdId()) && r.ordStatus() == '8', SOON);
        assertEquals("VENUE_THROTTLED", told.code());
        final JsonNode bar = cluster.journalWhen("a bar", journal -> !journal.of("VenueBar").isEmpty())
            .of("VenueBar").get(0).path("input");
        assertEquals("IP", bar.path("scope").asText(), bar.toString());
        assertEquals(418, bar.path("status").asInt(bar.path("reason").asInt()), bar.toString());
        order("c2", "0.001", "50000");
        desk.cancel("x-c0", "c0", SYMBOL, '1');
        desk.awaitStatus("x-c0", '4', SOON);
        desk.awaitStatus("c2", '0', SOON);
        assertTrue(System.nanoTime() - endNs > -50_000_000L, "nothing before the ban is over");
        assertEquals(1, lines("\"kind\":\"error\"", "\"status\":418").stream().filter(line -> line.contains("\"ORDER\"")
            || line.contains("\"CANCEL\"") || line.contains("\"TIME\"")).count(), "one request met the ban");
        cancel("c2");
        desk.ledger().assertClean();
    }

    @Test
    @Order(3)
    void shouldAdoptAThousandOpenOrdersAfterARestartWithinTheContract() throws Exception {
        final long refusedBefore = address().path("refused").asLong();
        for (int i = 0; i < OPEN; i++) {
            order("d" + i, "0.001", "50000");
            if (i % CHUNK == CHUNK - 1) { // a slow machine: what waits too long in the adapter is not sent
                desk.awaitStatus("d" + i, '0', SOON);
            }
        }
        desk.awaitThat(() -> desk.ledger().openOrders().size() == OPEN && desk.reports().matching(r ->
            r.clOrdId() != null && r.clOrdId().startsWith("d") && r.execType() == '0').size() == OPEN, "all open",
            SOON);
        final Set<String> before = ids(atVenue());
        assertEquals(OPEN, before.size());
        final int logged = Files.readAllLines(log()).size();
        cluster.stopRouter();
        final long startNs = System.nanoTime();
        cluster.startRouter();
        // a look at the whole journal is dear
        InProcessCluster.await("every order asked for and found", WINDOW, () -> askedSince(logged)
            && cluster.journal().lastRun("VenueOrderState").stream().map(r -> r.path("orderId").asLong())
                .distinct().count() == OPEN, () -> "found " + cluster.journal().lastRun("VenueOrderState").size());
        final List<String> since = Files.readAllLines(log());
        final List<String> calls = since.subList(logged, since.size());
        final long weight = 4 * count(calls, "STATUS") + 6 * count(calls, "OPEN_ORDERS") + 20 * count(calls,
            "ALL_ORDERS") + 5 * count(calls, "MY_TRADES");
        System.out.printf("restart with %d open orders: found after %d ms, questions of weight %d; the venue counted a"
            + " peak of %d of 6000 a minute, %d refused%n", OPEN, (System.nanoTime() - startNs) / 1_000_000L, weight,
            address().path("peakWeight").asInt(), address().path("refused").asInt());
        assertTrue(weight < 500, "questions of weight " + weight);
        assertEquals(before, ids(atVenue()), "adopted, none doubled, none dropped");
        assertTrue(cluster.journal().lastRun("VenueOrderState").stream().allMatch(r ->
            r.path("input").path("answer").asText().equals("FOUND")));
        assertEquals(refusedBefore, address().path("refused").asLong());
        assertTrue(address().path("peakWeight").asInt() <= 6_000);
        desk = cluster.desk("ALPHA2");
    }

    private static boolean askedSince(final int line) throws IOException {
        final List<String> all = Files.readAllLines(log());
        return count(all.subList(line, all.size()), "OPEN_ORDERS") > 0;
    }

    private static Set<String> ids(final JsonNode orders) {
        final Set<String> ids = new TreeSet<>();
        orders.forEach(order -> ids.add(order.path("clOrdId").asText()));
        return ids;
    }

    /** What the venue counts for our address goes before what we count. */
    @Test
    @Order(4)
    void shouldHoldBackWhenOthersUseTheWeightOfOurAddress() throws Exception {
        final long inMinuteMs = System.currentTimeMillis() % 60_000;
        if (inMinuteMs > 48_000) { // the window has to last longer than the order's deadline
            Thread.sleep(61_000 - inMinuteMs);
        }
        final long refusedBefore = address().path("refused").asLong();
        order("e0", "0.001", "50000");
        desk.awaitStatus("e0", '0', WINDOW);
        final int used = address().path("usedWeight").asInt();
        control("/weight?add=" + (5_500 - used), "");
        order("e1", "0.001", "50000");
        desk.awaitStatus("e1", '0', SOON);
        cluster.journalWhen("the venue's count", journal -> journal.lastRun("VenueLimitReading").stream().anyMatch(r ->
            r.path("input").path("limitId").asInt() == 301 && r.path("input").path("used").asInt() > 5_400));
        final int ordersBefore = lines("\"kind\":\"order\"").size();
        order("e2", "0.001", "50000");
        final DeskReport refused = desk.awaitStatus("e2", '8', SOON);
        assertEquals("VENUE_THROTTLED", refused.code(), refused.toString());
        assertEquals(ordersBefore, lines("\"kind\":\"order\"").size(), "it never left");
        desk.cancel("x-e1", "e1", SYMBOL, '1');
        desk.awaitStatus("x-e1", '4', SOON); // from what is kept for cancels
        assertEquals(refusedBefore, address().path("refused").asLong());
    }

    private static JsonNode read(final String line) {
        try {
            return JSON.readTree(line);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    @Test
    @Order(5)
    void shouldReconcileOrdersInPlaceOfOthersAndFindWhatIsMissing() throws Exception {
        cluster.settle();
        final ReconcileReport good = reconcile(log());
        assertEquals(List.of(), good.differences(), good::toText);
        assertTrue(good.compared().get("venue orders") > OPEN, good::toText);

        final List<String> all = Files.readAllLines(log());
        final String replacement = lines("\"kind\":\"order\"", "\"clOrdId\":\"r").get(3);
        assertEquals(Set.of(Difference.Kind.REPLACE_NOT_AT_VENUE), kinds(without(all, replacement)),
            "an order that stood in place of another is missing");
        assertEquals(Set.of(Difference.Kind.REPLACE_NOT_AT_VENUE),
            kinds(without(all, lines("\"kind\":\"replace\"").get(0))), "a change is missing");
        final String id = read(replacement).path("clOrdId").asText();
        final List<String> twice = new ArrayList<>(all);
        twice.add(replacement.replace(id, id.substring(0, 12) + "AAAAAAAAAAE" + id.substring(23)));
        assertEquals(Set.of(Difference.Kind.ORDER_AT_VENUE_TWICE), kinds(twice), "one replace, two orders");
        final List<String> foreign = new ArrayList<>(all);
        foreign.add(replacement.replace(id, id.substring(0, 23) + "gAAAAAAAAAE"));
        assertEquals(Set.of(Difference.Kind.VENUE_ORDER_WITHOUT_INTENT), kinds(foreign), "nobody asked for it");
    }

    private static List<String> without(final List<String> all, final String line) {
        final List<String> rest = new ArrayList<>(all);
        assertTrue(rest.remove(line));
        return rest;
    }

    private static Set<Difference.Kind> kinds(final List<String> lines) throws IOException {
        return reconcile(Files.write(cluster.root().resolve("planted.jsonl"), lines)).differences().stream()
            .map(Difference::kind).collect(Collectors.toSet());
    }

    private static ReconcileReport reconcile(final Path venueLog) {
        return ReconcileAction.reconciler(cluster.config()).venueLog(cluster.venueLog()).venueLog(venueLog)
            .stripeLog(cluster.stripeLog()).jdbcUrl(cluster.jdbcUrl()).run();
    }
}
