package weir.venue.cow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.sim.cow.CowSimulator;
import weir.venue.EngineSide;

/** What is particular to orders that are signed, settled in batches and cancelled by wish; against the simulator. */
final class OrderFlowTest {
    private static final int A = CowSide.ACCOUNT_A;
    private static final String WETH = CowSide.WETH_USDC.venueSymbol();

    @TempDir
    Path directory;
    private CowSide venue;
    private EngineSide engine;
    private CowAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new CowSide(directory);
        engine = new EngineSide(directory, Venues.COW);
    }

    @AfterEach
    void stop() throws Exception {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    private void launch() {
        launch(settings -> settings);
    }

    private void launch(final UnaryOperator<CowAdapter.Context> settings) {
        final int from = engine.size();
        adapter = CowAdapter.launch(settings.apply(venue.settings().aeron(engine.aeron())));
        engine.awaitUp(from, A);
    }

    private void anotherVenue(final UnaryOperator<CowSimulator.Context> settings) throws Exception {
        venue.close();
        venue = new CowSide(directory.resolve("other"), settings);
    }

    private void await(final CowCounter counter, final long value) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (adapter.counter(counter) < value) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(counter + " is " + adapter.counter(counter) + ", not " + value + "; "
                    + engine.events());
            }
            engine.pollFor(5);
        }
    }

    private EngineSide.Event awaitOf(final long orderId, final String type) {
        return engine.await(e -> e.orderId() == orderId && type.equals(e.type()), type + " of " + orderId);
    }

    private UUID market(final long orderId, final Side side, final String qty) {
        return orderOf(orderId, side, OrdType.MARKET, TimeInForce.GTC, qty, null, SelfTradePrevention.NONE);
    }

    private UUID orderOf(final long orderId, final Side side, final OrdType type, final TimeInForce timeInForce,
        final String qty, final String price, final SelfTradePrevention selfTrade) {
        return Frames.newOrder(engine, A, orderId, WETH, side, type, timeInForce, EngineSide.e8(qty),
            price == null ? Scale.NULL : EngineSide.e8(price), selfTrade);
    }

    @Test
    void shouldSendNothingOfWhatHasNoFormOrDoesNotFitTheTokens() throws Exception {
        launch();
        // 0.0001 x 2500.001 has seven decimals, the quote's atoms six
        engine.newOrder(A, 1, WETH, Side.BUY, "0.0001", "2500.001");
        assertEquals(RejectReason.PRICE_PRECISION.code(), awaitOf(1, "NOT_SENT").reason());
        engine.newOrder(A, 2, CowSide.WETH_EURX.venueSymbol(), Side.SELL, "0.001", "2500.01");
        assertEquals(RejectReason.PRICE_PRECISION.code(), awaitOf(2, "NOT_SENT").reason());
        engine.newOrder(A, 3, "WETH-NONE", Side.SELL, "0.01", "2500");
        assertEquals(RejectReason.NO_ROUTE.code(), awaitOf(3, "NOT_SENT").reason());
        orderOf(4, Side.BUY, OrdType.STOP_LIMIT, TimeInForce.GTC, "0.01", "2500", SelfTradePrevention.NONE);
        assertEquals(RejectReason.ORD_TYPE_UNSUPPORTED.code(), awaitOf(4, "NOT_SENT").reason());
        orderOf(5, Side.BUY, OrdType.LIMIT, TimeInForce.GTC, "0.01", "2500", SelfTradePrevention.CANCEL_NEWEST);
        assertEquals(RejectReason.SELF_TRADE_UNSUPPORTED.code(), awaitOf(5, "NOT_SENT").reason());
        orderOf(6, Side.BUY, OrdType.LIMIT, TimeInForce.GTD, "0.01", "2500", SelfTradePrevention.NONE);
        assertEquals(RejectReason.EXPIRE_TIME_INVALID.code(), awaitOf(6, "NOT_SENT").reason());
        assertEquals(2, adapter.counter(CowCounter.INEXACT_ORDERS));
        assertEquals(0, adapter.counter(CowCounter.SIGNATURES));
        assertEquals(List.of(), venue.facts("order"));
    }

    @Test
    void shouldKnowTheUidBeforeItIsSentAndPlaceExactAmounts() throws Exception {
        launch();
        final UUID id = engine.newOrder(A, 11, WETH, Side.SELL, "1.2345", "2500.01");
        final EngineSide.Event accepted = awaitOf(11, "NEW");
        final JsonNode order = venue.open().get(0);
        assertTrue(order.path("uid").asText().startsWith(accepted.venueOrderId()));
        assertEquals("1234500000000000000", order.path("sellAmount").asText());
        assertEquals("3086262345", order.path("buyAmount").asText());
        assertTrue(order.path("appData").asText().contains(id.toString()));
        assertEquals(0, adapter.counter(CowCounter.UID_MISMATCHES));
    }

    @Test
    void shouldTellFillsNetOfFeesWithTheFeeInTheQuote() throws Exception {
        anotherVenue(context -> context.feeUsd(new BigDecimal("0.50")));
        launch();
        engine.newOrder(A, 21, WETH, Side.SELL, "1", "2500");
        awaitOf(21, "NEW");
        venue.control("POST", "/token", "{\"symbol\":\"WETH\",\"priceUsd\":\"2600\"}");
        venue.control("POST", "/settle", "{}");
        final EngineSide.Event fill = awaitOf(21, "TRADE");
        assertEquals("FILLED", fill.status());
        assertEquals("USDC", fill.feeCurrency());
        final long received = new BigDecimal(venue.facts("exec").get(0).path("buy").asText()).movePointRight(8)
            .longValueExact();
        assertTrue(Math.abs(fill.lastPx() - fill.fee() - received) <= 2, fill + ", received " + received);
        assertTrue(Math.abs(fill.fee() - EngineSide.e8("0.5")) < EngineSide.e8("0.0001"), fill.toString());
        assertTrue(fill.lastPx() > EngineSide.e8("2599.9") && fill.tradeId() != 0);
    }

    @Test
    void shouldTakeMarketOrdersAtAQuoteLessTheSlippageAllowed() throws Exception {
        launch(settings -> settings.slippageBps(100));
        market(31, Side.SELL, "0.5");
        awaitOf(31, "NEW");
        market(32, Side.BUY, "0.5");
        awaitOf(32, "NEW");
        final List<JsonNode> open = venue.open();
        assertEquals("1485000000", open.get(0).path("buyAmount").asText(), "1500 less a hundredth");
        assertEquals("500000000000000000", open.get(1).path("buyAmount").asText());
        assertTrue(Math.abs(open.get(1).path("sellAmount").asLong() - 1_515_000_000L) <= 2, open.toString());
        venue.control("POST", "/settle", "{}");
        assertEquals("TAKER", awaitOf(31, "TRADE").liquidity());
        assertEquals("FILLED", awaitOf(32, "TRADE").status());
        venue.fault("{\"unverifiedQuotes\":1}");
        market(33, Side.SELL, "0.5");
        assertEquals(RejectReason.NO_REFERENCE_PRICE.code(), awaitOf(33, "NOT_SENT").reason());
    }

    @Test
    void shouldTellTheVenuesRefusalsInOurCodes() throws Exception {
        anotherVenue(context -> context.openOrdersMax(1).accounts(List.of(
            CowSide.owner("a", CowSide.KEY_A, Map.of("WETH", BigDecimal.ZERO)))));
        launch();
        engine.newOrder(A, 41, WETH, Side.SELL, "1", "2500");
        final EngineSide.Event refused = awaitOf(41, "REJECTED");
        assertEquals(RejectReason.VENUE_REJECTED.code(), refused.reason());
        assertTrue(refused.text().contains("InsufficientAllowance"), refused.text());
        engine.newOrder(A, 42, WETH, Side.BUY, "1", "2500");
        awaitOf(42, "NEW");
        engine.newOrder(A, 43, WETH, Side.BUY, "1", "2500");
        assertEquals(RejectReason.VENUE_OPEN_ORDERS.code(), awaitOf(43, "REJECTED").reason());
    }

    @Test
    void shouldBeRefusedWhenItSignsForAnotherChain() {
        launch(settings -> settings.chainId(100));
        engine.newOrder(A, 44, WETH, Side.SELL, "1", "2500");
        assertTrue(awaitOf(44, "REJECTED").text().contains("WrongOwner"));
    }

    @Test
    void shouldLoseACancelAgainstASettlementUnderWay() throws Exception {
        anotherVenue(context -> context.auctionNs(3_000_000_000L));
        launch(settings -> settings.cancelGraceMs(5_000));
        final UUID id = engine.newOrder(A, 51, WETH, Side.SELL, "1", "2500");
        final String venueOrderId = awaitOf(51, "NEW").venueOrderId();
        venue.control("POST", "/token", "{\"symbol\":\"WETH\",\"priceUsd\":\"2600\"}");
        venue.fault("{\"solversDown\":0}");
        engine.pollFor(1_700); // solved by now, its transaction is to come
        final UUID cancel = engine.cancel(A, 51, id, venueOrderId, WETH);
        final EngineSide.Event end = engine.await(e -> e.orderId() == 51
            && ("TRADE".equals(e.type()) || "CANCELED".equals(e.type())), "the end");
        assertEquals("FILLED", end.status());
        final EngineSide.Event refused =
            engine.await(e -> "CANCEL_REJECT".equals(e.type()) && cancel.equals(e.requestId()), "refusal");
        assertEquals(RejectReason.ORDER_FINAL.code(), refused.reason());
        assertEquals(0, engine.of("CANCELED").size());
    }

    @Test
    void shouldReplaceByWhatIsLeftAndOnlyWhenTheOldOrderIsSurelyOver() throws Exception {
        launch();
        final UUID id = engine.newOrder(A, 61, WETH, Side.BUY, "0.03", "2500");
        final String venueOrderId = awaitOf(61, "NEW").venueOrderId();
        venue.take(CowSide.WETH_USDC, "2500", "0.01");
        awaitOf(61, "TRADE");
        final UUID replace = engine.replace(A, 61, id, venueOrderId, WETH, "0.05", "2000");
        final EngineSide.Event replaced = awaitOf(61, "REPLACED");
        assertEquals(EngineSide.e8("0.05"), replaced.orderQty());
        assertNotEquals(venueOrderId, replaced.venueOrderId());
        final List<JsonNode> open = venue.open();
        assertEquals(1, open.size());
        assertEquals("40000000000000000", open.get(0).path("buyAmount").asText(), "0.05 less what was filled");
        final List<JsonNode> orders = venue.facts("order");
        assertTrue(orders.get(1).path("ts").asLong() - venue.facts("cancel").get(0).path("ts").asLong()
            >= 300_000_000L, "the new one after the grace");
        venue.take(CowSide.WETH_USDC, "2000", "0.04");
        final EngineSide.Event last = engine.await(e -> e.orderId() == 61 && "FILLED".equals(e.status()), "last fill");
        assertEquals(EngineSide.e8("0.05"), last.cumQty());
        assertEquals(replace, last.requestId());
    }

    @Test
    void shouldAdoptAReplacedOrderWithAllThatItsOrdersFilled() throws Exception {
        launch();
        final UUID id = engine.newOrder(A, 62, WETH, Side.BUY, "0.03", "2500");
        awaitOf(62, "NEW");
        venue.take(CowSide.WETH_USDC, "2500", "0.01");
        awaitOf(62, "TRADE");
        final UUID replace = engine.replace(A, 62, id, "", WETH, "0.05", "2000");
        awaitOf(62, "REPLACED");
        adapter.close();
        venue.take(CowSide.WETH_USDC, "2000", "0.01");
        launch();
        final int from = engine.size();
        engine.query(A, 62, replace, "", WETH, "0.01", 1);
        final EngineSide.Event state = engine.awaitState(from, 62);
        assertEquals("STATE_FOUND", state.type());
        assertEquals(EngineSide.e8("0.02"), state.cumQty());
        assertEquals(EngineSide.e8("0.05"), state.orderQty());
        assertEquals(2, engine.of("TRADE").stream().map(EngineSide.Event::tradeId).distinct().count());
        final UUID cancel = engine.cancel(A, 62, replace, "", WETH);
        final EngineSide.Event end = awaitOf(62, "CANCELED");
        assertEquals(cancel, end.requestId());
        assertEquals(EngineSide.e8("0.02"), end.cumQty());
    }

    @Test
    void shouldCancelInsteadOfReplacingWhenACancelComesMeanwhile() {
        launch(settings -> settings.cancelGraceMs(1_000));
        final UUID id = engine.newOrder(A, 63, WETH, Side.BUY, "0.03", "2500");
        awaitOf(63, "NEW");
        final UUID replace = engine.replace(A, 63, id, "", WETH, "0.05", "2000");
        engine.await(e -> "SENT".equals(e.type()) && "REPLACE".equals(e.kind()), "the replace sent");
        final UUID cancel = engine.cancel(A, 63, id, "", WETH);
        assertEquals(cancel, awaitOf(63, "CANCELED").requestId());
        assertEquals(replace, awaitOf(63, "CANCEL_REJECT").requestId());
        assertEquals(List.of(), venue.open());
    }

    @Test
    void shouldCancelSeveralWithOneSignatureAndOneByOneWhenOneStandsInTheWay() {
        launch();
        final List<UUID> ids = engine.newOrders(A, WETH, TimeInForce.GTC, Side.BUY, "0.01", "2500", 71, 72, 73);
        for (long orderId = 71; orderId <= 73; orderId++) {
            awaitOf(orderId, "NEW");
        }
        venue.fault("{\"answerLostAfter\":1}"); // the first cancel arrives, its answer does not
        engine.cancels(A, WETH, new long[] {71, 72}, ids.subList(0, 2), List.of("", ""));
        assertEquals(0, awaitOf(71, "CANCELED").cumQty());
        awaitOf(72, "CANCELED");
        final UUID last = engine.cancel(A, 73, ids.get(2), "", WETH);
        assertEquals(last, awaitOf(73, "CANCELED").requestId());
        assertEquals(0, engine.of("CANCEL_REJECT").size(), engine.events().toString());
        assertEquals(List.of(), venue.open());
    }

    @Test
    void shouldHoldEverythingAfterA429AndLetNoCancelWaitForANew() throws Exception {
        launch();
        final UUID id = engine.newOrder(A, 81, WETH, Side.BUY, "0.01", "2500");
        awaitOf(81, "NEW");
        venue.fault("{\"limitStorm\":1}");
        await(CowCounter.LIMIT_REFUSALS, 1);
        final EngineSide.Event bar = engine.await(e -> "BAR".equals(e.type()), "VenueBar");
        assertEquals("IP 429", bar.status() + ' ' + bar.reason());
        assertTrue(bar.lastQty() >= 400, "as long as the adapter holds: " + bar.lastQty());
        engine.cancel(A, 81, id, "", WETH);
        engine.newOrder(A, 82, WETH, Side.BUY, "0.01", "2500");
        awaitOf(82, "NEW");
        awaitOf(81, "CANCELED");
        final long cancelled = venue.facts("cancel").get(0).path("ts").asLong();
        // both leave within one turn, by a connection each: which arrives first is the machine's business
        final long ordered = venue.facts("order").get(1).path("ts").asLong();
        assertTrue(cancelled < ordered + 250_000_000L, "the cancel came " + (cancelled - ordered) + " ns later");
        final long barred = venue.facts("rest").stream().filter(line -> line.path("status").asInt() == 429)
            .findFirst().orElseThrow().path("ts").asLong();
        assertTrue(cancelled - barred >= 400_000_000L, "held " + (cancelled - barred));
    }

    @Test
    void shouldHoldForAsLongAsTheEdgeSays() throws Exception {
        launch();
        venue.fault("{\"limitStorm\":1,\"retryAfterS\":2}");
        engine.newOrder(A, 83, WETH, Side.BUY, "0.01", "2500");
        assertEquals(RejectReason.VENUE_THROTTLED.code(), awaitOf(83, "MESSAGE_REJECT").reason());
        engine.newOrder(A, 84, WETH, Side.BUY, "0.01", "2500");
        awaitOf(84, "NEW");
        assertEquals(List.of(2_000L), engine.of("BAR").stream().map(EngineSide.Event::lastQty).toList());
        assertTrue(heldNs() >= 1_900_000_000L, "came back after " + heldNs());
        assertEquals(List.of("adapter started"), engine.of("DOWN").stream().map(EngineSide.Event::text).toList());
    }

    /** From the first 429 to the venue's next call. */
    private long heldNs() throws Exception {
        final List<JsonNode> calls = venue.facts("rest");
        final long barred = calls.stream().filter(line -> line.path("status").asInt() == 429)
            .mapToLong(line -> line.path("ts").asLong()).min().orElseThrow();
        return calls.stream().mapToLong(line -> line.path("ts").asLong()).filter(ts -> ts > barred).min()
            .orElseThrow() - barred;
    }

    @Test
    void shouldHoldItselfAndTellNoBarWhenTheContractTeachesNone() throws Exception {
        launch(settings -> settings.lessons(List.of()));
        venue.fault("{\"limitStorm\":1}");
        engine.newOrder(A, 87, WETH, Side.BUY, "0.01", "2500");
        awaitOf(87, "MESSAGE_REJECT");
        engine.newOrder(A, 88, WETH, Side.BUY, "0.01", "2500");
        awaitOf(88, "NEW");
        assertTrue(heldNs() >= 400_000_000L, "held all the same: " + heldNs());
        assertEquals(List.of(), engine.of("BAR"));
    }

    @Test
    void shouldPassNoLimitAtThePaceThatItKeepsByItself() throws Exception {
        anotherVenue(context -> context.requestsPerSecond(5).penaltyNs(60_000_000_000L));
        launch(settings -> settings.requestsPerSecond(3).cancelReserve(1).graceMs(1_000).pollMs(2_000));
        for (long orderId = 101; orderId <= 104; orderId++) {
            engine.newOrder(A, orderId, WETH, Side.BUY, "0.01", "2500");
        }
        for (long orderId = 101; orderId <= 104; orderId++) {
            awaitOf(orderId, "NEW");
        }
        assertEquals(0, venue.stats().path("refused").asInt(), venue.stats().toString());
        assertTrue(adapter.counter(CowCounter.PEAK_RATE) <= 3);
    }

    @Test
    void shouldTellASettlementOnceThatTheChainTookBackAndSettledAgain() {
        launch();
        engine.newOrder(A, 91, WETH, Side.BUY, "0.03", "2500");
        awaitOf(91, "NEW");
        venue.take(CowSide.WETH_USDC, "2500", "0.01");
        awaitOf(91, "TRADE");
        venue.control("POST", "/reorg", "{}");
        final long polls = adapter.counter(CowCounter.POLLS);
        await(CowCounter.POLLS, polls + 3); // seen to be gone
        venue.take(CowSide.WETH_USDC, "2500", "0.01");
        await(CowCounter.REORGS, 1);
        venue.take(CowSide.WETH_USDC, "2500", "0.02");
        final EngineSide.Event last = engine.await(e -> "FILLED".equals(e.status()), "the last fill");
        assertEquals(EngineSide.e8("0.03"), last.cumQty());
        assertEquals(EngineSide.e8("0.03"),
            engine.of("TRADE").stream().mapToLong(EngineSide.Event::lastQty).sum(), "told once");
    }

    @Test
    void shouldTellDoubledTradesOnceAndWaitForThoseThatAreListedLate() {
        launch();
        engine.newOrder(A, 92, WETH, Side.BUY, "0.03", "2500");
        awaitOf(92, "NEW");
        venue.fault("{\"duplicateTrades\":1,\"tradeDelayMs\":1200}");
        venue.house(CowSide.WETH_USDC, "2500", "0.03");
        venue.fault("{\"solversDown\":0}");
        assertEquals("FILLED", awaitOf(92, "TRADE").status());
        engine.pollFor(300);
        assertEquals(1, engine.of("TRADE").size());
    }

    @Test
    void shouldNotBelieveAPageThatIsNotTheVenues() {
        launch();
        for (final String fault : new String[] {"wrongContent", "truncatedAnswer", "serverErrorAfter"}) {
            final long orderId = 200 + fault.length();
            venue.fault("{\"" + fault + "\":1}");
            final UUID id = engine.newOrder(A, orderId, WETH, Side.BUY, "0.01", "2500");
            assertTrue(awaitOf(orderId, "NEW").recovered(), fault);
            venue.fault("{\"" + fault + "\":1}");
            engine.cancel(A, orderId, id, "", WETH);
            awaitOf(orderId, "CANCELED");
        }
        assertEquals(List.of(), venue.open());
        assertEquals(0, engine.of("REJECTED").size() + engine.of("CANCEL_REJECT").size());
    }

    @Test
    void shouldAdoptAThousandOrdersOfAFormerRunInAFewRequests() throws Exception {
        anotherVenue(context -> context.openOrdersMax(2_000));
        launch(settings -> settings.newsWaitMs(60_000).laneCapacity(2_000).pollMs(60_000));
        final List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i += 10) {
            final long[] orderIds = new long[10];
            for (int k = 0; k < 10; k++) {
                orderIds[k] = 10_000 + i + k;
            }
            ids.addAll(engine.newOrders(A, WETH, TimeInForce.GTC, Side.BUY, "0.01", "2500", orderIds));
        }
        for (int i = 0; i < 1_000; i++) {
            awaitOf(10_000 + i, "NEW");
        }
        adapter.close();
        venue.take(CowSide.WETH_USDC, "2500", "1.2");
        engine.forget();
        launch();
        final long before = adapter.counter(CowCounter.REQUESTS);
        final int from = engine.size();
        for (int i = 0; i < 1_000; i++) {
            engine.query(A, 10_000 + i, ids.get(i), "", WETH, "0", 1);
        }
        for (int i = 0; i < 1_000; i++) {
            assertEquals("STATE_FOUND", engine.awaitState(from, 10_000 + i).type());
        }
        assertEquals(120, engine.of("TRADE").stream().map(EngineSide.Event::tradeId).distinct().count());
        assertEquals(120, engine.of("TRADE").size());
        assertEquals(880, venue.open().size(), "none doubled, none dropped");
        final long requests = adapter.counter(CowCounter.REQUESTS) - before;
        assertTrue(requests < 30, requests + " requests for 1,000 orders");
        System.out.printf("1,000 orders and 120 fills adopted with %d requests%n", requests);
    }

    @Test
    void shouldAlarmWhenTheClocksDiffer() {
        launch();
        assertTrue(Math.abs(adapter.counter(CowCounter.CLOCK_OFFSET_MS)) < 2_000);
        venue.fault("{\"clockOffsetMs\":20000}");
        engine.newOrder(A, 95, WETH, Side.BUY, "0.01", "2500");
        await(CowCounter.CLOCK_ALARMS, 1);
        assertTrue(adapter.counter(CowCounter.CLOCK_OFFSET_MS) > 15_000);
    }

    @Test
    void shouldRefuseWrongSettingsAllAtOnce() {
        final String message = org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class,
            () -> CowAdapter.launch(venue.settings().account(venue.accountA()).chainId(0).slippageBps(-1).pair(
                new CowPair("X", CowSide.WETH, CowSide.USDC, 1, 1, 1)))).getMessage();
        for (final String part : new String[] {"aeron", "given twice", "chainId", "slippageBps",
            "finer than the atoms"}) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(message.contains(CowSide.KEY_A.substring(2)));
        assertFalse(venue.accountB().toString().contains(CowSide.KEY_B.substring(2)));
    }
}
