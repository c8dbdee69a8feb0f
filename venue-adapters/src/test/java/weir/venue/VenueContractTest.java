package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * What every adapter must do, whatever its venue: the engine's requests in, the venue's events out, each told once and
 * in order, and no verdict about an order whose answer was lost. Each venue has a subclass that gives its bench; the
 * tests run against the venue's simulator over real connections.
 */
public abstract class VenueContractTest {
    private static final Set<String> REFUSED = Set.of("REJECTED", "MESSAGE_REJECT", "NOT_SENT");
    private static final Set<String> ENDED = Set.of("CANCELED", "EXPIRED");

    @TempDir
    protected Path directory;
    private VenueBench bench;
    private EngineSide engine;
    private LogEar log;

    /** Makes the venue: simulator running, adapter not. */
    protected abstract VenueBench bench(Path files) throws Exception;

    /** The venue of the bench, as {@code Venues} numbers it. */
    protected abstract int venueId();

    @BeforeEach
    final void startBench() throws Exception {
        log = LogEar.listen();
        bench = bench(directory);
        engine = new EngineSide(directory, venueId());
        bench.startAdapter(engine);
    }

    @AfterEach
    final void stopBench() throws Exception {
        bench.stopAdapter();
        engine.close();
        bench.close();
        log.close();
        final String heard = log.heard();
        assertTrue(heard.contains("account"), "the adapter logs: " + heard.length());
        for (final String secret : bench.secrets()) {
            assertTrue(bench.names().contains(secret) || !heard.contains(secret), "a secret in a log");
        }
    }

    private UUID order(final long orderId) {
        return engine.newOrder(bench.account(), orderId, bench.symbol(), Side.BUY, bench.qty(), bench.price());
    }

    private List<EngineSide.Event> of(final long orderId) {
        return engine.events().stream().filter(e -> e.orderId() == orderId).toList();
    }

    private long count(final long orderId, final String type) {
        return of(orderId).stream().filter(e -> type.equals(e.type())).count();
    }

    /** The engine's own way with an UNKNOWN: asks until there is an answer. */
    private EngineSide.Event resolve(final long orderId, final UUID id, final String cumQty) {
        EngineSide.Event state = null;
        for (int attempt = 1; attempt <= 60; attempt++) {
            final int from = engine.size();
            engine.query(bench.account(), orderId, id, "", bench.symbol(), cumQty, attempt);
            state = engine.awaitState(from, orderId);
            if (!"STATE_NO_ANSWER".equals(state.type())) {
                return state;
            }
            engine.pollFor(250);
        }
        throw new AssertionError("no answer of the venue about " + orderId + ": " + state);
    }

    /** A path that the venue does not let up says that it is down from time to time. */
    private static boolean wasUp(final List<EngineSide.Event> events, final int until) {
        for (int i = until - 1; i >= 0; i--) {
            if ("UP".equals(events.get(i).type()) || "DOWN".equals(events.get(i).type())) {
                return "UP".equals(events.get(i).type());
            }
        }
        return false;
    }

    /** As the engine: a connection that was lost is waited for, and only then is anything asked. */
    private void settle(final int from) {
        engine.pollFor(500);
        final List<EngineSide.Event> events = engine.events();
        for (int i = from; i < events.size(); i++) {
            if ("DOWN".equals(events.get(i).type()) && wasUp(events, i)) {
                engine.awaitUp(i, bench.account());
                return;
            }
            if ("SECOND_DOWN".equals(events.get(i).type())) {
                engine.await(i, e -> "SECOND_UP".equals(e.type()), "the second path");
                return;
            }
        }
    }

    private void awaitOpen(final int wanted) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (bench.open().size() != wanted) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "open at the venue: " + bench.open() + ", not " + wanted);
            engine.pollFor(20);
        }
    }

    private static long times(final String qty, final int n) {
        return EngineSide.e8(new BigDecimal(qty).multiply(BigDecimal.valueOf(n)).toPlainString());
    }

    @Test
    void shouldTellSentAndNewOnceEach() {
        final UUID id = order(1);
        final EngineSide.Event accepted = engine.awaitExecution(1, "NEW");
        engine.await(e -> "SENT".equals(e.type()) && e.orderIds().contains(1L), "VenueSent");
        assertEquals(id, accepted.requestId());
        assertFalse(accepted.venueOrderId().isEmpty(), "the venue's id");
        assertTrue(accepted.leavesQty() == EngineSide.e8(bench.qty()) || accepted.leavesQty() == Scale.NULL,
            "leaves " + accepted.leavesQty());
        engine.pollFor(300);
        assertEquals(1, count(1, "NEW"), of(1).toString());
        assertEquals(1, engine.of("SENT").size(), "sent once");
        awaitOpen(1);
    }

    @Test
    void shouldTellEachFillOnceInOrderWithFeeLiquidityAndTradeId() {
        order(2);
        engine.awaitExecution(2, "NEW");
        bench.take(bench.price(), bench.third());
        engine.awaitExecution(2, "TRADE");
        bench.take(bench.price(), bench.third());
        bench.take(bench.price(), bench.third());
        engine.await(e -> e.orderId() == 2 && "FILLED".equals(e.status()), "the last fill");
        engine.pollFor(300);
        final List<EngineSide.Event> fills = of(2).stream().filter(e -> "TRADE".equals(e.type())).toList();
        assertEquals(3, fills.size(), of(2).toString());
        final Set<Long> trades = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            final EngineSide.Event fill = fills.get(i);
            assertEquals(EngineSide.e8(bench.third()), fill.lastQty());
            assertEquals(EngineSide.e8(bench.price()), fill.lastPx());
            assertEquals(times(bench.third(), i + 1), fill.cumQty(), "in order");
            assertEquals(i == 2 ? "FILLED" : "PARTIALLY_FILLED", fill.status());
            assertEquals("MAKER", fill.liquidity());
            assertNotEquals(Scale.NULL, fill.fee(), "a fee");
            assertFalse(fill.feeCurrency().isEmpty(), "of a currency");
            assertTrue(trades.add(fill.tradeId()) && fill.tradeId() != 0, "trade id " + fill.tradeId());
        }
        assertEquals(0, of(2).stream().filter(e -> ENDED.contains(e.type())).count());
    }

    @Test
    void shouldTellATakersFillBeforeTheEndOfAnImmediateOrder() {
        bench.offer(bench.price(), bench.third());
        engine.newOrders(bench.account(), bench.symbol(), TimeInForce.IOC, Side.BUY, bench.qty(), bench.price(), 3);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 3 && ENDED.contains(e.type()), "the end");
        assertEquals(EngineSide.e8(bench.third()), end.cumQty());
        engine.pollFor(300);
        final List<String> types = of(3).stream().map(EngineSide.Event::type)
            .filter(t -> "TRADE".equals(t) || ENDED.contains(t)).toList();
        assertEquals(List.of("TRADE", end.type()), types, "once each, the fill first");
        assertEquals("TAKER", of(3).stream().filter(e -> "TRADE".equals(e.type())).findFirst().orElseThrow()
            .liquidity());
    }

    @Test
    void shouldCancelOnceAndRefuseTheCancelOfWhatIsGone() {
        final UUID id = order(4);
        final String venueOrderId = engine.awaitExecution(4, "NEW").venueOrderId();
        engine.cancel(bench.account(), 4, id, venueOrderId, bench.symbol());
        assertEquals(0, engine.awaitExecution(4, "CANCELED").cumQty());
        awaitOpen(0);
        final UUID again = engine.cancel(bench.account(), 4, id, venueOrderId, bench.symbol());
        final EngineSide.Event refused =
            engine.await(e -> "CANCEL_REJECT".equals(e.type()) && again.equals(e.requestId()), "refusal");
        assertNotEquals(0, refused.reason());
        engine.pollFor(300);
        assertEquals(1, count(4, "CANCELED"), of(4).toString());
    }

    @Test
    void shouldReplaceWithoutEverDoubling() {
        final UUID id = order(5);
        final String venueOrderId = engine.awaitExecution(5, "NEW").venueOrderId();
        final UUID replace = engine.replace(bench.account(), 5, id, venueOrderId, bench.symbol(), bench.qty(),
            bench.lowerPrice());
        final EngineSide.Event replaced = engine.awaitExecution(5, "REPLACED");
        assertEquals(replace, replaced.requestId());
        assertEquals(EngineSide.e8(bench.lowerPrice()), replaced.price());
        engine.pollFor(300);
        awaitOpen(1);
        final String after = replaced.venueOrderId().isEmpty() ? venueOrderId : replaced.venueOrderId();
        engine.cancel(bench.account(), 5, replace, after, bench.symbol());
        engine.awaitExecution(5, "CANCELED");
        awaitOpen(0);
        engine.pollFor(200);
        assertEquals(1, count(5, "CANCELED"), "the order's own end and no other: " + of(5));
    }

    @Test
    void shouldCancelAllOfASymbol() {
        final List<UUID> ids = new ArrayList<>();
        for (long orderId = 11; orderId <= 14; orderId++) {
            ids.add(order(orderId));
        }
        for (long orderId = 11; orderId <= 14; orderId++) {
            engine.awaitExecution(orderId, "NEW");
        }
        final UUID all = engine.massCancel(bench.account(), bench.symbol());
        final EngineSide.Event first = engine.await(e -> "CANCELED".equals(e.type())
            || "NOT_SENT".equals(e.type()) && all.equals(e.requestId()), "the first cancel, or no form for it");
        for (long orderId = 11; orderId <= 14; orderId++) {
            if ("NOT_SENT".equals(first.type())) {
                // the venue has no such message: the engine goes order by order
                engine.cancel(bench.account(), orderId, ids.get((int)orderId - 11), "", bench.symbol());
            }
            engine.awaitExecution(orderId, "CANCELED");
        }
        awaitOpen(0);
    }

    @Test
    void shouldTellARefusalWithAReasonOfOurs() {
        engine.newOrder(bench.account(), 21, bench.symbol(), Side.BUY, bench.refusedQty(), bench.price());
        final EngineSide.Event refused =
            engine.await(e -> e.orderId() == 21 && REFUSED.contains(e.type()), "refusal");
        assertNotEquals(RejectReason.NONE, RejectReason.ofCode(refused.reason()), refused.toString());
        assertNotNull(RejectReason.ofCode(refused.reason()), "a code of ours: " + refused);
        engine.pollFor(200);
        assertEquals(1, of(21).stream().filter(e -> REFUSED.contains(e.type())).count(), "once");
        awaitOpen(0);
        order(22);
        engine.awaitExecution(22, "NEW");
    }

    @Test
    void shouldRefuseWhatHasNoAccount() {
        engine.newOrder(99, 23, bench.symbol(), Side.BUY, bench.qty(), bench.price());
        assertNotEquals(0, engine.await(e -> e.orderId() == 23 && "NOT_SENT".equals(e.type()), "refusal").reason());
    }

    @Test
    void shouldNeverCallAnOrderRefusedWhoseAnswerWasLost() {
        bench.loseNextAnswerAfter();
        final int before = engine.size();
        final UUID id = order(31);
        engine.await(before, e -> "SENT".equals(e.type()) && e.orderIds().contains(31L)
            || "DOWN".equals(e.type()), "VenueSent, or the connection lost");
        settle(before);
        final EngineSide.Event state = resolve(31, id, "0");
        assertEquals("STATE_FOUND", state.type());
        assertTrue(of(31).stream().noneMatch(e -> REFUSED.contains(e.type())), of(31).toString());
        assertTrue(bench.open().size() <= 1, "never sent again: " + bench.open());
        if ("NEW".equals(state.status())) {
            awaitOpen(1);
            final int from = engine.size();
            bench.take(bench.price(), bench.qty());
            assertEquals("FILLED", engine.await(from, e -> e.orderId() == 31 && "TRADE".equals(e.type()), "its fill")
                .status());
        } else {
            assertEquals("CANCELED", state.status(), "cancelled with the connection");
        }
    }

    @Test
    void shouldFindNothingOfAnOrderThatTheVenueNeverGot() {
        bench.loseNextAnswerBefore();
        final int before = engine.size();
        final UUID id = order(32);
        settle(before);
        assertEquals("STATE_NOT_FOUND", resolve(32, id, "0").type());
        assertTrue(of(32).stream().noneMatch(e -> REFUSED.contains(e.type()) || "NEW".equals(e.type())),
            "no verdict of the adapter's own: " + of(32));
        assertEquals(List.of(), bench.open());
    }

    @Test
    void shouldTellOnceWhatHappenedWhileTheConnectionsWereCut() {
        final UUID id = order(41);
        engine.awaitExecution(41, "NEW");
        bench.take(bench.price(), bench.third());
        engine.awaitExecution(41, "TRADE");
        final int from = engine.size();
        bench.cutConnections();
        bench.take(bench.price(), bench.third());
        settle(from);
        final EngineSide.Event state = resolve(41, id, new BigDecimal(bench.third()).toPlainString());
        assertEquals("STATE_FOUND", state.type());
        engine.pollFor(500);
        final Set<Long> fills = new HashSet<>();
        of(41).stream().filter(e -> "TRADE".equals(e.type())).forEach(e -> fills.add(e.tradeId()));
        final boolean ended = "CANCELED".equals(state.status());
        assertTrue(fills.size() == 2 || ended && bench.cancelsOnDisconnect() && fills.size() == 1,
            state + ", fills " + fills);
        assertEquals(state.cumQty(), times(bench.third(), fills.size()), "the state and the fills, by trade id, agree");
        if (!ended) {
            shouldFindTheEndAfterOneMoreReconnect(id);
        }
    }

    private void shouldFindTheEndAfterOneMoreReconnect(final UUID id) {
        final int from = engine.size();
        bench.cutConnections();
        bench.take(bench.price(), bench.third());
        settle(from);
        final EngineSide.Event state = resolve(41, id, new BigDecimal(bench.third()).multiply(BigDecimal.valueOf(2))
            .toPlainString());
        engine.pollFor(500);
        final long fills = of(41).stream().filter(e -> "TRADE".equals(e.type())).map(EngineSide.Event::tradeId)
            .distinct().count();
        assertEquals(state.cumQty(), times(bench.third(), (int)fills), state + ", fills " + fills);
        assertTrue("FILLED".equals(state.status()) ? fills == 3 : bench.cancelsOnDisconnect(), state.toString());
        assertEquals(List.of(), bench.open(), "here and there it is over");
    }

    @Test
    void shouldAdoptWhatAFormerRunLeftOpen() throws Exception {
        final int orders = 12;
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            ids.add(order(100 + i));
        }
        for (int i = 0; i < orders; i++) {
            engine.awaitExecution(100 + i, "NEW");
        }
        bench.stopAdapter();
        engine.pollFor(200);
        final int left = bench.open().size();
        bench.startAdapter(engine);
        int found = 0;
        for (int i = 0; i < orders; i++) {
            final EngineSide.Event state = resolve(100 + i, ids.get(i), "0");
            found += "STATE_FOUND".equals(state.type()) && "NEW".equals(state.status()) ? 1 : 0;
        }
        assertEquals(left, found, "as many as the venue had open");
        assertEquals(left, bench.open().size(), "none doubled, none dropped");
        if (left > 0) {
            final int from = engine.size();
            bench.take(bench.price(), bench.qty());
            final EngineSide.Event fill = engine.await(from, e -> "TRADE".equals(e.type()), "a fill of an adopted one");
            assertEquals("FILLED", fill.status());
        }
    }

    @Test
    void shouldAlarmWhenOurClockIsOffBeforeTheVenueRefusesIt() {
        assertEquals(List.of(), engine.of("CLOCK_SKEW"), "the clocks agree");
        engine.clock().ahead(bench.skewMs());
        order(61);
        final EngineSide.Event alarm = engine.await(e -> "CLOCK_SKEW".equals(e.type()), "the alarm");
        assertEquals("TRUE", alarm.status());
        assertEquals(venueId(), alarm.attempt());
        assertTrue(Math.abs(Math.abs(alarm.lastQty()) - bench.skewMs()) < 1_500, "skew " + alarm.lastQty());
        engine.awaitExecution(61, "NEW");
        assertTrue(of(61).stream().noneMatch(e -> REFUSED.contains(e.type())), of(61).toString());
    }

    @Test
    void shouldKeepItsConnections() {
        final int orders = 12;
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            ids.add(order(70 + i));
            engine.awaitExecution(70 + i, "NEW");
        }
        final int connections = SocketTable.peersOf(bench.ports()).size();
        assertTrue(connections > 0 && connections <= orders / 2, connections + " connections for " + orders
            + " orders one after the other");
        for (int i = 0; i < orders; i++) {
            engine.cancel(bench.account(), 70 + i, ids.get(i), "", bench.symbol());
        }
        for (int i = 0; i < orders; i++) {
            engine.awaitExecution(70 + i, "CANCELED");
        }
    }

    @Test
    void shouldShowNoSecretInWhatItTellsTheEngine() {
        order(51);
        engine.awaitExecution(51, "NEW");
        bench.cutConnections();
        engine.pollFor(300);
        final String all = engine.events().toString();
        for (final String secret : bench.secrets()) {
            assertFalse(all.contains(secret), "a secret in an event");
        }
        assertEquals(0, bench.refusedForRate());
    }
}
