package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenuePath;
import weir.venue.EngineSide;

/** Orders by REST with the user channel while FIX is down, and one life of an order over both paths. */
final class SecondPathTest {
    private static final String BTC = "BTC-USD";
    private static final int A = VenueSide.ACCOUNT_A;
    private static final String PROFILE = "profile-a";

    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;
    private HttpServer deaf;

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        adapter.close();
        engine.close();
        venue.close();
        if (deaf != null) {
            deaf.stop(0);
        }
    }

    private void launch(final UnaryOperator<CoinbaseAdapter.Context> settings) {
        launch(venue.accountOfTwoPaths(), settings);
    }

    private void launch(final CoinbaseAccount account, final UnaryOperator<CoinbaseAdapter.Context> settings) {
        start(account, settings);
        engine.awaitUp(A);
    }

    /** While FIX stays down. */
    private void launchAgain() {
        start(venue.accountOfTwoPaths(), context -> context);
    }

    private void start(final CoinbaseAccount account, final UnaryOperator<CoinbaseAdapter.Context> settings) {
        final int from = engine.size();
        adapter = CoinbaseAdapter.launch(settings.apply(new CoinbaseAdapter.Context().aeron(engine.aeron())
            .account(account).products(List.of(BTC)).reconnectMinMs(1_000).reconnectMaxMs(1_000)
            .fixAnswerTimeoutMs(1_000).queryTimeoutMs(5_000)));
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "the second path");
    }

    private void fixDown() {
        final int from = engine.size();
        venue.fault("{\"refuseLogon\":1000}");
        venue.control("POST", "/disconnect?session=" + venue.keyA, "");
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        engine.path(VenuePath.SECOND);
    }

    private void fixUp() {
        final int from = engine.size();
        venue.fault("{\"refuseLogon\":0}");
        engine.awaitUp(from, A);
        engine.path(VenuePath.FIRST);
    }

    private long trades(final long orderId) {
        return engine.of("TRADE").stream().filter(e -> e.orderId() == orderId).map(EngineSide.Event::tradeId)
            .distinct().count();
    }

    private JsonNode privateBucket() {
        return venue.control("GET", "/stats", "").path("rest").path("private").path("owners").path(PROFILE);
    }

    @Test
    void shouldFillByRestWhileFixIsDownAndCancelByFixWhenItIsBack() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1, "VenueSent");
        final EngineSide.Event placed = engine.awaitExecution(1, "NEW");
        assertEquals(id, placed.requestId());
        venue.take(BTC, "sell", "50000", "0.1");
        final EngineSide.Event trade = engine.awaitExecution(1, "TRADE");
        assertEquals(EngineSide.e8("0.1"), trade.lastQty());
        assertEquals(EngineSide.e8("50000"), trade.lastPx());
        assertEquals("MAKER", trade.liquidity());
        assertEquals("USD", trade.feeCurrency());
        assertTrue(trade.fee() > 0 && trade.tradeId() > 0, trade.toString());
        fixUp();
        venue.take(BTC, "sell", "50000", "0.05");
        engine.await(e -> e.orderId() == 1 && e.lastQty() == EngineSide.e8("0.05"), "a fill that FIX does not report");
        final UUID cancel = engine.cancel(A, 1, id, placed.venueOrderId(), BTC);
        final EngineSide.Event canceled = engine.awaitExecution(1, "CANCELED");
        assertNotEquals(null, cancel);
        assertEquals(EngineSide.e8("0.15"), canceled.cumQty());
        assertEquals(0, venue.openOrders(PROFILE).size());
        assertEquals(2, trades(1));
        assertEquals(0, adapter.counter(CoinbaseCounter.REST_RATE_LIMITED));
        assertTrue(venue.fixLog().contains("35=F"), "the cancel went by FIX");
        // the fee is what the venue's own list of fills says
        final int from = engine.size();
        engine.query(A, 1, id, placed.venueOrderId(), BTC, "0", 1);
        final EngineSide.Event listed = engine.await(from, e -> e.tradeId() == trade.tradeId(), "the fill by REST");
        assertEquals(listed.fee(), trade.fee());
        assertEquals(listed.liquidity(), trade.liquidity());
    }

    @Test
    void shouldTellAndCancelWhatFixPlacedWhileFixIsDown() {
        launch(context -> context.cancelOnDisconnect('N'));
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String venueId = engine.awaitExecution(1, "NEW").venueOrderId();
        fixDown();
        if (venue.openOrders(PROFILE).size() == 1) {
            venue.take(BTC, "sell", "50000", "0.1");
            engine.awaitExecution(1, "TRADE");
            engine.cancel(A, 1, id, venueId, BTC);
        }
        final EngineSide.Event canceled = engine.awaitExecution(1, "CANCELED");
        assertEquals(EngineSide.e8("0.1"), canceled.cumQty());
        assertEquals(0, venue.openOrders(PROFILE).size());
        fixUp();
        engine.pollFor(300);
        assertEquals(1, trades(1));
    }

    @Test
    void shouldTellWhatTheVenueCancelledBecauseFixWasLost() {
        launch(context -> context);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(1, "NEW");
        fixDown();
        final int from = engine.size();
        engine.query(A, 1, EngineSide.id(engine.nextSequence() - 1, 0), "", BTC, "0", 1);
        engine.await(0, e -> e.orderId() == 1 && ("CANCELED".equals(e.type()) || "STATE_NOT_FOUND".equals(e.type())),
            "the end of the order, from " + from);
    }

    @Test
    void shouldKnowAnOrderWhoseAnswerWasLost() {
        launch(context -> context);
        fixDown();
        venue.fault("{\"restDropAnswer\":1,\"userGap\":2}");
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1, "VenueSent");
        engine.pollFor(500);
        assertTrue(engine.events().stream().noneMatch(e -> e.orderId() == 1 && !"SENT".equals(e.type())),
            "no verdict: " + engine.events());
        assertEquals(1, adapter.counter(CoinbaseCounter.REST_UNSURE));
        final int from = engine.size();
        engine.query(A, 1, id, "", BTC, "0", 1);
        final EngineSide.Event state = engine.awaitState(from, 1);
        assertEquals("STATE_FOUND", state.type());
        assertEquals("NEW", state.status());
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        assertEquals(1, venue.openOrders(PROFILE).size(), "it is there once");
    }

    @Test
    void shouldCallAnOrderAbsentOnlyWhenItsSignatureCanBeAcceptedNoMore() throws Exception {
        final AtomicInteger posts = new AtomicInteger();
        deaf = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        deaf.createContext("/", exchange -> {
            if ("POST".equals(exchange.getRequestMethod())) {
                posts.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                exchange.close();
                return;
            }
            final byte[] body = "{\"message\":\"NotFound\"}".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        deaf.start();
        final CoinbaseAccount a = venue.accountOfTwoPaths();
        launch(new CoinbaseAccount(A, a.apiKey(), a.secret(), a.passphrase(), a.fixHost(), a.fixPort(),
            URI.create("http://127.0.0.1:" + deaf.getAddress().getPort()), false, a.wsUri()),
            context -> context.signatureLifeMs(2_000));
        fixDown();
        final long sentNs = System.nanoTime();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1, "VenueSent");
        EngineSide.Event state = null;
        for (int attempt = 1; attempt < 40 && (state == null || "STATE_NO_ANSWER".equals(state.type())); attempt++) {
            final int from = engine.size();
            engine.query(A, 1, id, "", BTC, "0", attempt);
            state = engine.awaitState(from, 1);
            engine.pollFor(200);
        }
        assertEquals("STATE_NOT_FOUND", state.type());
        assertTrue(System.nanoTime() - sentNs >= 2_000_000_000L);
        assertEquals(1, posts.get(), "never sent again");
    }

    @Test
    void shouldSayThatAnOrderNeverLeftWhereRestCannotBeReached() throws Exception {
        final Socket nobody = new Socket(); // holds a port on which nobody listens
        nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final int port = nobody.getLocalPort();
        final CoinbaseAccount a = venue.accountOfTwoPaths();
        launch(new CoinbaseAccount(A, a.apiKey(), a.secret(), a.passphrase(), a.fixHost(), a.fixPort(),
            URI.create("http://127.0.0.1:" + port), false, a.wsUri()), context -> context);
        fixDown();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final EngineSide.Event refused = engine.await(e -> "NOT_SENT".equals(e.type()) && e.orderId() == 1, "NOT_SENT");
        assertEquals(RejectReason.VENUE_DOWN.code(), refused.reason());
        engine.await(e -> "SECOND_DOWN".equals(e.type()), "the second path is down");
        nobody.close();
    }

    @Test
    void shouldKeepToTheBudgetAtMoreThanItsDemand() {
        launch(context -> context);
        fixDown();
        final int orders = 45; // more than the venue's burst of 30
        final long startNs = System.nanoTime();
        final UUID[] ids = new UUID[orders];
        for (int i = 0; i < orders; i++) {
            ids[i] = engine.newOrder(A, 1 + i, BTC, Side.BUY, "0.01", Integer.toString(40_000 + i));
        }
        for (int i = 0; i < orders; i++) {
            engine.awaitExecution(1 + i, "NEW");
        }
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        assertEquals(0, privateBucket().path("refused").asInt(), privateBucket().toString());
        assertEquals(0, adapter.counter(CoinbaseCounter.REST_RATE_LIMITED));
        assertTrue(privateBucket().path("admitted").asInt() >= orders, privateBucket().toString());
        assertTrue(seconds < 3 * orders / 13.0 + 5, "the budget is used: " + seconds);
        // and the reserve: a cancel passes in front of what waits
        for (int i = 0; i < 25; i++) {
            engine.newOrder(A, 1_000 + i, BTC, Side.BUY, "0.01", Integer.toString(41_000 + i));
        }
        engine.cancel(A, 1, ids[0], "", BTC);
        engine.awaitExecution(1, "CANCELED");
        assertTrue(engine.of("NEW").size() < orders + 25, "before the orders in front of it");
        for (int i = 0; i < 25; i++) {
            engine.awaitExecution(1_000 + i, "NEW");
        }
        assertEquals(orders + 25, engine.of("NEW").size(), "each is told once");
        assertEquals(0, privateBucket().path("refused").asInt());
    }

    @Test
    void shouldWithdrawWhatWaitsAndRefuseWhatHasNoForm() {
        launch(context -> context);
        fixDown();
        engine.newOrders(A, BTC, TimeInForce.GTD, Side.BUY, "0.1", "50000", 1);
        final EngineSide.Event refused = engine.await(e -> e.orderId() == 1, "the answer");
        assertEquals("NOT_SENT", refused.type());
        engine.newOrders(A, BTC, TimeInForce.IOC, Side.BUY, "0.1", "50000", 2);
        engine.awaitExecution(2, "EXPIRED");
        engine.newOrder(A, 3, BTC, Side.BUY, "0.1", "50000.123");
        final EngineSide.Event precise = engine.await(e -> e.orderId() == 3 && "MESSAGE_REJECT".equals(e.type()),
            "the refusal");
        assertEquals(RejectReason.PRICE_PRECISION.code(), precise.reason());
        assertEquals(0, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldWithdrawAnOrderThatStillWaitsForRestWhenItIsAskedFor() {
        launch(context -> context.restPrivatePerSecond(3).restPrivateBurst(11)); // two a second
        fixDown();
        for (int i = 0; i < 30; i++) {
            engine.newOrder(A, 10 + i, BTC, Side.BUY, "0.01", Integer.toString(40_000 + i));
        }
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.1", "50000");
        engine.query(A, 1, id, "", BTC, "0", 1);
        final EngineSide.Event withdrawn = engine.await(e -> e.orderId() == 1, "an answer");
        assertEquals("NOT_SENT", withdrawn.type());
        assertEquals("NEW", withdrawn.kind());
        assertEquals(id, withdrawn.requestId());
        engine.awaitExecution(39, "NEW");
        assertEquals(30, venue.openOrders(PROFILE).size());
        assertEquals(1, adapter.counter(CoinbaseCounter.WITHDRAWN));
    }

    private void list(final String product) {
        venue.control("POST", "/products", "{\"id\":\"" + product + "\",\"baseIncrement\":\"0.01\","
            + "\"quoteIncrement\":\"0.01\",\"minMarketFunds\":\"1\"}");
    }

    private void expireIn(final long seconds) {
        engine.expire(System.currentTimeMillis() * 1_000_000L + seconds * 1_000_000_000L);
    }

    @Test
    void shouldLeaveTheEndOfAnOrderToTheVenueAndRefuseWhatItWouldEndTooLate() {
        launch(context -> context);
        fixDown();
        expireIn(115);
        engine.newOrders(A, BTC, TimeInForce.GTD, Side.BUY, "0.1", "50000", 1);
        engine.awaitExecution(1, "NEW");
        final long[] refused = {5, 600, 6 * 3_600, 7 * 86_400};
        for (int i = 0; i < refused.length; i++) {
            final int order = 2 + i;
            expireIn(refused[i]);
            engine.newOrders(A, BTC, TimeInForce.GTD, Side.BUY, "0.1", "50000", order);
            assertEquals(RejectReason.TIF_UNSUPPORTED.code(),
                engine.await(e -> e.orderId() == order, "the refusal of " + refused[i] + " s").reason());
        }
        assertEquals(1, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldNotSendAnOrderThatWaitedTooLongForItsEndToHold() {
        launch(context -> context.restPrivatePerSecond(3).restPrivateBurst(11)); // two a second
        fixDown();
        for (int i = 0; i < 6; i++) {
            engine.newOrder(A, 10 + i, BTC, Side.BUY, "0.01", Integer.toString(40_000 + i));
        }
        expireIn(107); // two seconds to leave in
        engine.newOrders(A, BTC, TimeInForce.GTD, Side.BUY, "0.1", "50000", 1);
        assertEquals(RejectReason.TIF_UNSUPPORTED.code(),
            engine.await(e -> e.orderId() == 1 && "NOT_SENT".equals(e.type()), "that it waited too long").reason());
        for (int i = 0; i < 6; i++) {
            engine.awaitExecution(10 + i, "NEW");
        }
        engine.pollFor(200);
        assertEquals(6, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldReplaceByRestWithExactlyWhatIsLeft() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        final UUID replace = engine.replace(A, 1, id, before, BTC, "0.5", "49000");
        final EngineSide.Event replaced = engine.awaitExecution(1, "REPLACED");
        assertEquals(replace, replaced.requestId());
        assertNotEquals(before, replaced.venueOrderId());
        assertEquals(1, venue.openOrders(PROFILE).size());
        venue.take(BTC, "sell", "49000", "0.15");
        engine.await(e -> e.orderId() == 1 && e.lastQty() == EngineSide.e8("0.15"), "a fill of the new order");
        final UUID again = engine.replace(A, 1, replace, replaced.venueOrderId(), BTC, "0.4", "49000");
        final String last = engine.await(e -> "REPLACED".equals(e.type()) && again.equals(e.requestId()),
            "the second replace").venueOrderId();
        final int from = engine.size();
        engine.query(A, 1, again, last, BTC, "0.25", 1);
        assertEquals(EngineSide.e8("0.25"), engine.awaitState(from, 1).cumQty(), "of all three orders");
        fixUp();
        engine.cancel(A, 1, again, last, BTC);
        assertEquals(EngineSide.e8("0.25"), engine.awaitExecution(1, "CANCELED").cumQty());
        venue.take(BTC, "sell", "49000", "5");
        engine.pollFor(200);
        assertEquals(2, trades(1), "nothing was left of any of them: " + engine.events());
    }

    private CoinbaseAccount by(final SlowRoad road) {
        deaf = road.server();
        final CoinbaseAccount a = venue.accountOfTwoPaths();
        return new CoinbaseAccount(A, a.apiKey(), a.secret(), a.passphrase(), a.fixHost(), a.fixPort(), road.uri(),
            false, a.wsUri());
    }

    private void awaitHeld(final SlowRoad road, final int requests) {
        for (int i = 0; i < 500 && road.held() < requests; i++) {
            engine.pollFor(10);
        }
        assertEquals(requests, road.held());
    }

    @Test
    void shouldNotCloseAReplacedOrderByAQuestionThatWasUnderWay() throws Exception {
        final AtomicBoolean slow = new AtomicBoolean();
        final SlowRoad road = new SlowRoad(venue.restUri(),
            (method, path) -> "GET".equals(method) && path.startsWith("/orders/") && slow.getAndSet(false));
        launch(by(road), context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE"); // the venue still shows such an order when it is cancelled
        slow.set(true);
        final int from = engine.size();
        engine.query(A, 1, id, before, BTC, "0.1", 1);
        awaitHeld(road, 1);
        final UUID replace = engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        final String after = engine.awaitExecution(1, "REPLACED").venueOrderId();
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 1).type(), "told when the replace began");
        road.open();
        engine.pollFor(500);
        assertEquals(1, engine.events().stream().filter(e -> e.type().startsWith("STATE_")).count(),
            "what it says of the order as it was is not told: " + engine.events());
        assertEquals(0, engine.of("CANCELED").size());
        final int asked = engine.size();
        engine.query(A, 1, replace, "", BTC, "0.1", 1);
        final EngineSide.Event state = engine.awaitState(asked, 1);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(after, state.venueOrderId(), "the venue's id is that of the new order");
        venue.take(BTC, "sell", "49000", "0.05");
        engine.await(e -> e.orderId() == 1 && e.lastQty() == EngineSide.e8("0.05"), "a fill of the new order");
    }

    @Test
    void shouldReplaceOnceThoughNeitherCancelNorOrderIsAnswered() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        venue.fault("{\"restDropAnswer\":2,\"userGap\":20}");
        engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        final int from = engine.size();
        engine.query(A, 1, id, before, BTC, "0.1", 1);
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 1).type(), "while it is under way nobody knows");
        engine.awaitExecution(1, "REPLACED");
        assertEquals(1, venue.openOrders(PROFILE).size());
        venue.fault("{\"userGap\":0}");
        venue.take(BTC, "sell", "49000", "5");
        engine.await(e -> e.orderId() == 1 && e.lastQty() == EngineSide.e8("0.2"), "what was left, and no more");
        assertEquals(2, trades(1));
        assertTrue(adapter.counter(CoinbaseCounter.REST_UNSURE) >= 2, "both answers were lost");
    }

    @Test
    void shouldLeaveAReplaceThatNobodyKnowsOfToTheEnginesQuestions() throws Exception {
        final SlowRoad road = new SlowRoad(venue.restUri(), (method, path) -> false);
        launch(by(road), context -> context.signatureLifeMs(1_000));
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        road.breaks((method, path) -> "POST".equals(method) || path.contains("client:"));
        venue.fault("{\"userGap\":50}");
        final UUID replace = engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        awaitBroken(road, 1); // it is placed, and no answer came
        EngineSide.Event state = null;
        int lost = road.broken();
        for (int attempt = 1; attempt < 30; attempt++) {
            lost = road.broken();
            final int from = engine.size();
            engine.query(A, 1, replace, before, BTC, "0.1", attempt);
            state = engine.awaitState(from, 1);
            assertEquals("STATE_NO_ANSWER", state.type());
            engine.pollFor(300);
        }
        assertTrue(road.broken() > lost, "the question itself asks now: the replace has let go");
        assertEquals(0, engine.of("CANCELED").size() + engine.of("CANCEL_REJECT").size(), "and nothing was said");
        road.breaks((method, path) -> false);
        venue.fault("{\"userGap\":0}");
        final int from = engine.size();
        engine.query(A, 1, replace, before, BTC, "0.1", 31);
        state = engine.awaitState(from, 1);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(EngineSide.e8("0.1"), state.cumQty());
        assertEquals(replace, engine.awaitExecution(1, "REPLACED").requestId());
        assertEquals(1, venue.openOrders(PROFILE).size());
        venue.take(BTC, "sell", "49000", "5");
        engine.await(e -> e.orderId() == 1 && e.lastQty() == EngineSide.e8("0.2"), "what was left, and no more");
    }

    private void awaitBroken(final SlowRoad road, final int answers) {
        for (int i = 0; i < 500 && road.broken() < answers; i++) {
            engine.pollFor(10);
        }
        assertTrue(road.broken() >= answers, "lost: " + road.broken());
    }

    @Test
    void shouldKeepTheNewOrdersIdThoughTheEngineStillNamesTheOldOne() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        final String after = engine.awaitExecution(1, "REPLACED").venueOrderId();
        final int from = engine.size();
        engine.query(A, 1, id, before, BTC, "0", 1);
        assertEquals("STATE_NO_ANSWER", engine.awaitState(from, 1).type(), "asked before the replace was heard of");
        engine.cancel(A, 1, id, before, BTC);
        assertEquals(after, engine.awaitExecution(1, "CANCELED").venueOrderId());
        assertEquals(0, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldCancelWhatReachesTheVenueAfterAMassCancel() throws Exception {
        final SlowRoad road = new SlowRoad(venue.restUri(), (method, path) -> "POST".equals(method));
        launch(by(road), context -> context);
        fixDown();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        awaitHeld(road, 1);
        massCancelGoesThrough();
        road.open();
        engine.awaitExecution(1, "CANCELED");
        assertEquals(0, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldCancelWhatReplacesAnOrderAfterAMassCancel() throws Exception {
        final AtomicBoolean slow = new AtomicBoolean();
        final SlowRoad road = new SlowRoad(venue.restUri(), (method, path) -> "POST".equals(method) && slow.get());
        launch(by(road), context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        slow.set(true);
        engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        awaitHeld(road, 1);
        massCancelGoesThrough();
        road.open();
        engine.awaitExecution(1, "REPLACED");
        engine.awaitExecution(1, "CANCELED");
        assertEquals(0, venue.openOrders(PROFILE).size());
    }

    private void massCancelGoesThrough() {
        final int from = engine.size();
        engine.massCancel(A, "");
        engine.await(from, e -> "SENT".equals(e.type()), "that the mass cancel has its answer");
        engine.pollFor(100);
    }

    @Test
    void shouldGoOnReplacingWhenTheSecondPathIsLostBeforeTheCancelHasAnAnswer() throws Exception {
        final SlowRoad road = new SlowRoad(venue.restUri(), (method, path) -> false);
        launch(by(road), context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        road.breaks((method, path) -> "DELETE".equals(method));
        engine.replace(A, 1, id, before, BTC, "0.3", "49000");
        awaitBroken(road, 1);
        final int from = engine.size();
        venue.control("POST", "/feed/disconnect", "");
        engine.await(from, e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        road.breaks((method, path) -> false);
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "SECOND_UP");
        engine.awaitExecution(1, "REPLACED");
        assertEquals(1, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldEndTheOrderWhenWhatReplacesItIsRefused() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        final UUID replace = engine.replace(A, 1, id, before, BTC, "0.3", "49000.123");
        final EngineSide.Event refused = engine.await(e -> "CANCEL_REJECT".equals(e.type()), "the refusal");
        assertEquals(replace, refused.requestId());
        assertEquals("REPLACE", refused.kind());
        assertEquals(RejectReason.PRICE_PRECISION.code(), refused.reason());
        assertEquals(0, engine.awaitExecution(1, "CANCELED").cumQty());
        assertEquals(0, venue.openOrders(PROFILE).size());
        engine.pollFor(200);
        assertEquals(1, engine.of("CANCELED").size());
    }

    @Test
    void shouldFindWhatAFormerRunWasAboutToPutIntoAnOrdersPlace() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        final UUID replace = engine.replace(A, 1, id, before, BTC, "0.2", "49000");
        final String after = engine.awaitExecution(1, "REPLACED").venueOrderId();
        adapter.close();
        engine.forget(); // the run ended before it could tell
        launchAgain();
        engine.since(System.currentTimeMillis() * 1_000_000L);
        final int from = engine.size();
        engine.query(A, 1, replace, before, BTC, "0", 1);
        final EngineSide.Event state = engine.awaitState(from, 1);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(after, state.venueOrderId());
        assertEquals(1, engine.of("REPLACED").size(), "and told: " + engine.events());
        assertEquals(1, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldFindAnOrderThatArrivesLongAfterTheRunThatSentItEnded() throws Exception {
        final SlowRoad road = new SlowRoad(venue.restUri());
        deaf = road.server();
        final CoinbaseAccount a = venue.accountOfTwoPaths();
        final CoinbaseAccount byRoad = new CoinbaseAccount(A, a.apiKey(), a.secret(), a.passphrase(), a.fixHost(),
            a.fixPort(), road.uri(), false, a.wsUri());
        launch(byRoad, context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.await(e -> "SENT".equals(e.type()) && e.orderId() == 1, "VenueSent");
        engine.since(System.currentTimeMillis() * 1_000_000L);
        adapter.close();
        engine.forget();
        venue.fault("{\"refuseLogon\":0}");
        start(byRoad, context -> context.queryTimeoutMs(4_000));
        engine.awaitUp(0, A);
        final int asked = engine.size();
        engine.query(A, 1, id, "", BTC, "0", 1);
        assertEquals("STATE_NOT_FOUND", engine.awaitState(asked, 1).type(),
            "which the engine, who knows that it went by REST, counts when the request is dead");
        road.open();
        EngineSide.Event state = null;
        for (int attempt = 2; attempt < 40 && (state == null || !"STATE_FOUND".equals(state.type())); attempt++) {
            final int from = engine.size();
            engine.query(A, 1, id, "", BTC, "0", attempt);
            state = engine.awaitState(from, 1);
            engine.pollFor(100);
        }
        assertEquals("STATE_FOUND", state.type());
        assertEquals(1, venue.openOrders(PROFILE).size(), "once");
        assertEquals(1, road.posts(), "never sent again");
    }

    @Test
    void shouldAskWhatIsOpenWhenAMassCancelHasNoAnswer() {
        launch(context -> context);
        fixDown();
        for (int i = 1; i <= 3; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.1", Integer.toString(50_000 - i));
            engine.awaitExecution(i, "NEW");
        }
        venue.fault("{\"restDropAnswer\":1}");
        engine.massCancel(A, "");
        for (int i = 1; i <= 3; i++) {
            engine.awaitExecution(i, "CANCELED");
        }
        for (int i = 0; i < 500 && !venue.log().contains("status=open"); i++) {
            engine.pollFor(20);
        }
        assertTrue(venue.log().contains("status=open"), "what is open was asked for");
        engine.pollFor(200);
        assertEquals(0, engine.of("CANCEL_REJECT").size());
        assertEquals(0, adapter.counter(CoinbaseCounter.MASS_CANCELS_UNSURE));
    }

    @Test
    void shouldSaySoWhenNobodyKnowsWhatAMassCancelLeft() throws Exception {
        deaf = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        deaf.createContext("/", exchange -> {
            final boolean listed = "GET".equals(exchange.getRequestMethod());
            final byte[] body = (listed ? "[{\"id\":\"x\"}]" : "upstream").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(listed ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        deaf.start();
        final CoinbaseAccount a = venue.accountOfTwoPaths();
        launch(new CoinbaseAccount(A, a.apiKey(), a.secret(), a.passphrase(), a.fixHost(), a.fixPort(),
            URI.create("http://127.0.0.1:" + deaf.getAddress().getPort()), false, a.wsUri()), context -> context);
        fixDown();
        final UUID id = engine.massCancel(A, "");
        final EngineSide.Event told = engine.await(e -> "CANCEL_REJECT".equals(e.type()), "that it is not known");
        assertEquals(id, told.requestId());
        assertEquals("MASS_CANCEL", told.kind());
        assertEquals(RejectReason.ORDER_UNKNOWN_STATE.code(), told.reason());
        assertEquals(1, adapter.counter(CoinbaseCounter.MASS_CANCELS_UNSURE));
    }

    @Test
    void shouldCancelAllByRest() {
        launch(context -> context);
        fixDown();
        for (int i = 1; i <= 3; i++) {
            engine.newOrder(A, i, BTC, Side.BUY, "0.1", Integer.toString(50_000 - i));
            engine.awaitExecution(i, "NEW");
        }
        engine.massCancel(A, "");
        for (int i = 1; i <= 3; i++) {
            engine.awaitExecution(i, "CANCELED");
        }
        assertEquals(0, venue.openOrders(PROFILE).size());
    }

    @Test
    void shouldComeBackWhenTheUserChannelWasLost() {
        launch(context -> context);
        fixDown();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(1, "NEW");
        final int from = engine.size();
        venue.control("POST", "/feed/disconnect", "");
        engine.await(from, e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "SECOND_UP");
        venue.fault("{\"userMatchTwice\":1}");
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        engine.pollFor(200);
        assertEquals(1, trades(1), "the same id both times, by which the engine tells it once");
    }

    @Test
    void shouldBeUpForTheOtherProductsWhenTheVenueListsOneNoMore() {
        launch(context -> context.products(List.of("GONE-USD", BTC, "LOST-USD")));
        fixDown();
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(1, "NEW");
        venue.take(BTC, "sell", "50000", "0.1");
        engine.awaitExecution(1, "TRADE");
        // what waits for a product that nobody tells of has its end when it is asked for
        final UUID id = engine.newOrder(A, 2, "GONE-USD", Side.BUY, "0.3", "50000");
        engine.query(A, 2, id, "", "GONE-USD", "0", 1);
        assertEquals("NOT_SENT", engine.await(e -> e.orderId() == 2, "an answer").type());
        // listed again, it is told of from the next connection on
        list("GONE-USD");
        final int from = engine.size();
        venue.control("POST", "/feed/disconnect", "");
        engine.await(from, e -> "SECOND_DOWN".equals(e.type()), "SECOND_DOWN");
        engine.await(from, e -> "SECOND_UP".equals(e.type()), "SECOND_UP");
        engine.newOrder(A, 3, "GONE-USD", Side.BUY, "0.3", "50000");
        engine.awaitExecution(3, "NEW");
        assertEquals(1, adapter.counter(CoinbaseCounter.REST_PATH_DOWNS));
    }

    @Test
    void shouldNotLoseTheSecondPathToAnOrderInAProductThatTheVenueDoesNotList() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 2, "GONE-USD", Side.BUY, "0.3", "50000");
        engine.newOrder(A, 1, "ETH-USD", Side.BUY, "0.3", "500");
        engine.awaitExecution(1, "NEW");
        engine.query(A, 2, id, "", "GONE-USD", "0", 1);
        assertEquals("NOT_SENT", engine.await(e -> e.orderId() == 2, "an answer").type());
        list("GONE-USD");
        engine.pollFor(6_000);
        engine.newOrder(A, 3, "GONE-USD", Side.BUY, "0.3", "50000");
        engine.awaitExecution(3, "NEW");
        assertEquals(0, adapter.counter(CoinbaseCounter.REST_PATH_DOWNS));
    }

    @Test
    void shouldKeepTheSecondPathThroughALogoutOfTheVenueAndShowNoSecret() {
        launch(context -> context);
        final int from = engine.size();
        venue.fault("{\"refuseLogon\":1}");
        venue.control("POST", "/maintenance", "");
        engine.await(from, e -> "DOWN".equals(e.type()), "DOWN");
        engine.path(VenuePath.SECOND);
        engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        engine.awaitExecution(1, "NEW");
        engine.awaitUp(from, A);
        final Set<String> types = new HashSet<>();
        engine.events().forEach(e -> types.add(e.type()));
        assertFalse(types.contains("SECOND_DOWN"), types.toString());
        assertTrue(engine.events().stream().noneMatch(e -> e.text().contains(VenueSide.PASSPHRASE_A)
            || e.text().contains(VenueSide.SECRET_A)));
    }

    @Test
    void shouldReplaceByThePathThatTheEngineChargedAndByNoOther() {
        launch(context -> context);
        fixDown();
        final UUID id = engine.newOrder(A, 1, BTC, Side.BUY, "0.3", "50000");
        final String before = engine.awaitExecution(1, "NEW").venueOrderId();
        engine.path(VenuePath.FIRST);
        final UUID byFix = engine.replace(A, 1, id, before, BTC, "0.2", "49000");
        final EngineSide.Event notSent = engine.await(e -> "NOT_SENT".equals(e.type()), "FIX is down");
        assertEquals(byFix, notSent.requestId());
        assertEquals("REPLACE", notSent.kind());
        assertEquals(RejectReason.VENUE_DOWN.code(), notSent.reason());
        assertTrue(venue.openOrders(PROFILE).toString().contains(before), "and nothing went by REST");
        fixUp();
        engine.path(VenuePath.SECOND);
        final UUID byRest = engine.replace(A, 1, id, before, BTC, "0.2", "49000");
        assertEquals(byRest, engine.awaitExecution(1, "REPLACED").requestId());
        assertEquals(1, venue.openOrders(PROFILE).size());
        assertFalse(venue.fixLog().contains("\u000135=G\u0001"), "though FIX was up");
        engine.pollFor(200);
        assertEquals(0, engine.of("CANCELED").size(), "one order to the engine");
    }
}
