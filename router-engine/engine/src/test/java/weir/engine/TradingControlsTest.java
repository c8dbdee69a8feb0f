package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.ACCOUNT;
import static weir.engine.CoreHarness.BTC;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;
import static weir.engine.CoreHarness.TENANT;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.RiskConfigDecoder;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Every control of RiskConfig(40): what reaches the limit passes, a step beyond is refused; on new and on replace. */
class TradingControlsTest {
    private static final long PRICE = 100 * E8;
    private static final long LOT = E8 / 1000;
    private final CoreHarness h = new CoreHarness().ready();

    TradingControlsTest() {
        h.take(h.frames.instrument(BTC, 1, "BTC-USD", InstrumentKind.SPOT, E8 / 100, LOT, LOT, 0, NULL, 0));
        h.take(h.frames.instrument(2, 1, "ETH-USD", InstrumentKind.SPOT, E8 / 100, LOT, LOT, 0, NULL, 0));
    }

    private void set(final RiskLimit limit, final long value) {
        set(limit, 0, value);
    }

    private void set(final RiskLimit limit, final int target, final long value) {
        h.take(h.frames.risk(TENANT, false, limit.value(), target, value));
    }

    private int order(final String id, final Side side, final long qty, final long price) {
        return h.frames.newOrder(SESSION, ++h.seq, id, "BTC-USD", side, price == NULL ? OrdType.MARKET : OrdType.LIMIT,
            price == NULL ? TimeInForce.IOC : TimeInForce.GTC, qty, price);
    }

    private int replace(final String id, final String orig, final Side side, final long qty, final long price) {
        return h.frames.replace(SESSION, ++h.seq, id, orig, "BTC-USD", side, OrdType.LIMIT, TimeInForce.GTC, qty,
            price);
    }

    private void admits(final int length) {
        assertEquals(RejectReason.NONE, h.refused(length));
        assertTrue(h.record.flags().admitted());
    }

    private void refuses(final RejectReason reason, final int length) {
        assertEquals(reason, h.refused(length));
        assertFalse(h.record.flags().admitted());
    }

    private void ack(final long orderId) {
        h.take(h.frames.execution(ACCOUNT, orderId, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
    }

    private void bid(final long bid, final long ask) {
        h.take(h.frames.price(BTC, bid, ask, NULL, h.now));
    }

    @Test
    void shouldAdmitOpenNotionalAtTheLimitAndRefuseBeyond() {
        set(RiskLimit.MAX_UNEXECUTED, 300 * E8);
        final long first = h.working("A", 2 * E8, PRICE);
        refuses(RejectReason.UNEXECUTED_NOTIONAL, order("B", Side.SELL, E8 + LOT, PRICE));
        assertEquals(300 * E8, h.last().a());
        assertEquals(300 * E8 + E8 / 10, h.last().b());
        admits(order("C", Side.SELL, E8, PRICE));
        refuses(RejectReason.UNEXECUTED_NOTIONAL, order("D", Side.BUY, LOT, PRICE));
        h.take(h.fill(first, LOT, PRICE, 1));
        admits(order("E", Side.BUY, LOT, PRICE));
        assertEquals(300 * E8, h.view.unexecuted(TENANT));
    }

    @Test
    void shouldAdmitReplaceAtTheOpenNotionalAndRefuseBeyond() {
        set(RiskLimit.MAX_UNEXECUTED, 300 * E8);
        final long order = h.working("A", 2 * E8, PRICE);
        refuses(RejectReason.UNEXECUTED_NOTIONAL, replace("B", "A", Side.BUY, 3 * E8 + LOT, PRICE));
        admits(replace("C", "A", Side.BUY, 3 * E8, PRICE));
        assertEquals(300 * E8, h.view.unexecuted(TENANT), "counted while the venue may have either");
        h.take(h.frames.cancelReject(ACCOUNT, order, h.lastVenue().idLow(),
            weir.protocol.sbe.VenueMessageKind.REPLACE, 805));
        assertEquals(200 * E8, h.view.unexecuted(TENANT));
    }

    @Test
    void shouldReleaseOpenNotionalOnCancelAndOnReject() {
        final long a = h.working("A", E8, PRICE);
        final long b = h.order("B", E8, PRICE);
        assertEquals(200 * E8, h.view.unexecuted(TENANT));
        h.take(h.frames.execution(ACCOUNT, a, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL, 0));
        assertEquals(100 * E8, h.view.unexecuted(TENANT));
        h.take(h.frames.execution(ACCOUNT, b, 0, ExecType.REJECTED, OrdStatus.REJECTED, NULL, NULL, 0));
        assertEquals(0, h.view.unexecuted(TENANT));
    }

    @Test
    void shouldHoldPositionLimitOfTheInstrumentOnBothSides() {
        set(RiskLimit.MAX_POSITION, BTC, 2 * E8);
        h.working("A", E8, PRICE);
        refuses(RejectReason.EXPOSURE, order("B", Side.BUY, E8 + LOT, PRICE));
        admits(order("C", Side.BUY, E8, PRICE));
        refuses(RejectReason.EXPOSURE, order("D", Side.SELL, 2 * E8 + LOT, PRICE));
        admits(order("E", Side.SELL, 2 * E8, PRICE));
        refuses(RejectReason.EXPOSURE, replace("F", "A", Side.BUY, E8 + LOT, PRICE));
    }

    @Test
    void shouldAdmitReplaceAtThePositionLimit() {
        set(RiskLimit.MAX_POSITION, 3 * E8);
        h.working("A", E8, PRICE);
        refuses(RejectReason.EXPOSURE, replace("B", "A", Side.BUY, 3 * E8 + LOT, PRICE));
        admits(replace("C", "A", Side.BUY, 3 * E8, PRICE));
    }

    @Test
    void shouldHoldNetAndGrossExposureOverInstruments() {
        set(RiskLimit.MAX_NET_EXPOSURE, 150 * E8);
        set(RiskLimit.MAX_GROSS_EXPOSURE, 350 * E8);
        admits(order("A", Side.BUY, E8, PRICE));
        refuses(RejectReason.EXPOSURE, order("B", Side.BUY, E8 / 2 + LOT, PRICE));
        admits(order("C", Side.BUY, E8 / 2, PRICE));
        refuses(RejectReason.EXPOSURE, h.frames.newOrder(SESSION, ++h.seq, "D", "ETH-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, LOT, PRICE));
        admits(h.frames.newOrder(SESSION, ++h.seq, "E", "ETH-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC,
            3 * E8 / 2, PRICE));
        assertEquals(300 * E8, h.view.grossExposure(TENANT));
        set(RiskLimit.MAX_NET_EXPOSURE, 0);
        refuses(RejectReason.EXPOSURE, order("F", Side.BUY, E8 / 2 + LOT, PRICE));
        admits(order("G", Side.BUY, E8 / 2, PRICE));
        assertEquals(350 * E8, h.view.grossExposure(TENANT));
    }

    @Test
    void shouldHoldNetAndGrossExposureOnReplace() {
        h.working("A", E8, PRICE);
        set(RiskLimit.MAX_NET_EXPOSURE, 150 * E8);
        refuses(RejectReason.EXPOSURE, replace("B", "A", Side.BUY, E8, 151 * E8));
        set(RiskLimit.MAX_NET_EXPOSURE, 0);
        set(RiskLimit.MAX_GROSS_EXPOSURE, 150 * E8);
        refuses(RejectReason.EXPOSURE, replace("C", "A", Side.BUY, E8, 151 * E8));
        admits(replace("D", "A", Side.BUY, E8, 150 * E8));
    }

    @Test
    void shouldLetAPositionBeClosedWhenTheLimitWasLoweredBelowIt() {
        final long a = h.working("A", 2 * E8, PRICE);
        h.take(h.fill(a, 2 * E8, PRICE, 1));
        bid(PRICE, PRICE);
        h.take(h.frames.risk(TENANT, false, 4, 0, 50 * E8, 5, 0, 50 * E8, 7, 0, E8));
        refuses(RejectReason.EXPOSURE, order("B", Side.BUY, LOT, PRICE));
        admits(order("C", Side.SELL, 2 * E8, PRICE));
    }

    @Test
    void shouldValueMarketOrderAtWhatItMeetsAndRefuseWithoutAPrice() {
        set(RiskLimit.MAX_UNEXECUTED, 101 * E8);
        refuses(RejectReason.NO_REFERENCE_PRICE, order("A", Side.BUY, E8, NULL));
        bid(99 * E8, 101 * E8);
        refuses(RejectReason.UNEXECUTED_NOTIONAL, order("B", Side.BUY, E8 + LOT, NULL));
        admits(order("C", Side.BUY, E8, NULL));
    }

    @Test
    void shouldRevalueAPositionWhenThePriceMovesAndTakeOneSetByAPerson() {
        final long a = h.working("A", E8, PRICE);
        h.take(h.fill(a, E8, PRICE, 1));
        assertEquals(100 * E8, h.view.netExposure(TENANT));
        bid(200 * E8, 202 * E8);
        assertEquals(201 * E8, h.view.netExposure(TENANT));
        set(RiskLimit.POSITION, BTC, -3 * E8);
        assertEquals(603 * E8, h.view.netExposure(TENANT));
        assertEquals(603 * E8, h.view.grossExposure(TENANT));
        assertEquals(-3 * E8, h.view.position(TENANT, BTC));
    }

    @Test
    void shouldCountLateFillsAndUnknownOrders() {
        final long a = h.order("A", E8, PRICE);
        h.after(6_000);
        assertTrue(h.last().unknown(), "unknown");
        assertEquals(100 * E8, h.view.unexecuted(TENANT));
        h.take(h.frames.execution(ACCOUNT, a, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL, 0));
        assertEquals(0, h.view.unexecuted(TENANT));
        h.take(h.fill(a, E8 / 2, PRICE, 9));
        assertEquals(E8 / 2, h.view.position(TENANT, BTC));
        assertEquals(0, h.view.unexecuted(TENANT));
    }

    @Test
    void shouldRefuseTheSameOrderWithinTheWindowAndTakeItAtItsEnd() {
        set(RiskLimit.DUPLICATE_WINDOW_MS, 50);
        admits(order("A", Side.BUY, E8, PRICE));
        h.now += 49_999_999;
        refuses(RejectReason.DUPLICATE_ORDER, order("B", Side.BUY, E8, PRICE));
        admits(order("C", Side.BUY, E8, PRICE + E8));
        admits(order("D", Side.SELL, E8, PRICE));
        admits(order("E", Side.BUY, 2 * E8, PRICE));
        h.now += 1;
        admits(order("F", Side.BUY, E8, PRICE));
    }

    @Test
    void shouldRefuseTheSameReplaceWithinTheWindow() {
        set(RiskLimit.DUPLICATE_WINDOW_MS, 50);
        final long order = h.working("A", E8, PRICE);
        admits(replace("B", "A", Side.BUY, 2 * E8, PRICE));
        h.take(h.frames.execution(ACCOUNT, order, h.lastVenue().idLow(), ExecType.REPLACED, OrdStatus.NEW, NULL, NULL,
            0));
        h.now += 49_999_999;
        refuses(RejectReason.DUPLICATE_ORDER, replace("C", "B", Side.BUY, 2 * E8, PRICE));
        h.now += 1;
        admits(replace("D", "B", Side.BUY, 2 * E8, PRICE));
    }

    @Test
    void shouldCountMessagesOfSessionAndTenantCancelsIncluded() {
        set(RiskLimit.MESSAGE_BURST, SESSION, 3);
        final long order = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "B", "A"));
        h.take(h.frames.execution(ACCOUNT, order, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL, 0));
        admits(order("C", Side.BUY, E8, PRICE));
        refuses(RejectReason.RATE_LIMITED_SESSION, order("D", Side.BUY, E8, PRICE));
        refuses(RejectReason.RATE_LIMITED_SESSION, replace("E", "C", Side.BUY, 2 * E8, PRICE));
        set(RiskLimit.MESSAGE_BURST, SESSION, 4);
        admits(order("F", Side.BUY, E8, PRICE));
        h.take(h.frames.risk(TENANT, false, 12, SESSION, 0, 12, 0, 1));
        admits(order("G", Side.BUY, E8, PRICE));
        refuses(RejectReason.RATE_LIMITED_TENANT, order("H", Side.BUY, E8, PRICE));
        h.take(h.frames.cancel(SESSION, ++h.seq, "I", "G"));
        assertEquals(0, h.record.reason(), "a cancel is never gated");
    }

    private long executed(final String id, final long trade) {
        final int length = order(id, Side.BUY, E8, PRICE);
        h.frames.newOrder().strategyId(7);
        admits(length);
        final long orderId = h.record.sequence();
        ack(orderId);
        h.take(h.fill(orderId, E8, PRICE, trade));
        return orderId;
    }

    private int ofStrategy(final int strategyId, final int length) {
        h.frames.newOrder().strategyId(strategyId);
        return length;
    }

    @Test
    void shouldLockStrategyAfterItsExecutionsUntilAPersonEnablesIt() {
        set(RiskLimit.EXECUTIONS_MAX, 2);
        executed("A", 1);
        executed("B", 2);
        assertTrue(h.clients.stream().anyMatch(c -> c.template() == 84
            && c.reason() == AlertKind.STRATEGY_LOCKED.value() && c.text().equals("strategy 7")));
        refuses(RejectReason.STRATEGY_LOCKED, ofStrategy(7, order("C", Side.BUY, E8, PRICE)));
        admits(ofStrategy(8, order("D", Side.BUY, E8, PRICE)));
        admits(ofStrategy(0, order("E", Side.BUY, E8, PRICE)));
        h.after(86_400_000);
        refuses(RejectReason.STRATEGY_LOCKED, ofStrategy(7, order("F", Side.BUY, E8, PRICE)));
        h.take(h.frames.unlock(TENANT, 7, 0));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.unlock(TENANT, 7, 0)));
        executed("G", 3);
        admits(ofStrategy(7, order("H", Side.BUY, E8, PRICE)));
    }

    @Test
    void shouldCountExecutionsOfAWindowOnly() {
        h.take(h.frames.risk(TENANT, false, 14, 0, 2, 15, 0, 1_000));
        executed("A", 1);
        h.now += 1_000_000_000L;
        executed("B", 2);
        h.now += 999_999_999L;
        executed("C", 3);
        refuses(RejectReason.STRATEGY_LOCKED, ofStrategy(7, order("D", Side.BUY, E8, PRICE)));
    }

    @Test
    void shouldLockSessionAfterEqualRejectsOfOrdersAndReplaces() {
        set(RiskLimit.LOOP_REJECTS_MAX, 3);
        set(RiskLimit.MAX_ORDER_QTY, E8);
        h.working("A", E8, PRICE);
        refuses(RejectReason.MAX_QTY, order("B", Side.BUY, 2 * E8, PRICE));
        refuses(RejectReason.MAX_QTY, order("C", Side.BUY, 2 * E8, PRICE));
        refuses(RejectReason.PRICE_PRECISION, order("D", Side.BUY, E8, PRICE + 1));
        refuses(RejectReason.MAX_QTY, order("E", Side.BUY, 2 * E8, PRICE));
        refuses(RejectReason.MAX_QTY, replace("F", "A", Side.BUY, 2 * E8, PRICE));
        admits(order("G", Side.BUY, E8, PRICE));
        refuses(RejectReason.MAX_QTY, replace("H", "A", Side.BUY, 2 * E8, PRICE));
        refuses(RejectReason.STRATEGY_LOCKED, order("I", Side.BUY, E8, PRICE));
        refuses(RejectReason.STRATEGY_LOCKED, replace("J", "A", Side.BUY, E8, PRICE));
        h.take(h.frames.cancel(SESSION, ++h.seq, "K", "A"));
        assertEquals(0, h.record.reason(), "a cancel passes");
        h.take(h.frames.unlock(TENANT, 0, SESSION));
        admits(order("L", Side.BUY, E8, PRICE));
    }

    @Test
    void shouldCountRejectsOfTheVenueAsALoopAndForgetThemWhenAnOrderWorks() {
        set(RiskLimit.LOOP_REJECTS_MAX, 2);
        for (int i = 0; i < 3; i++) {
            final long rejected = h.order("R" + i, E8, PRICE);
            h.take(h.frames.execution(ACCOUNT, rejected, 0, ExecType.REJECTED, OrdStatus.REJECTED, NULL, NULL, 0));
            h.working("W" + i, E8, PRICE);
        }
        for (int i = 3; i < 5; i++) {
            final long rejected = h.order("R" + i, E8, PRICE);
            h.take(h.frames.execution(ACCOUNT, rejected, 0, ExecType.REJECTED, OrdStatus.REJECTED, NULL, NULL, 0));
        }
        refuses(RejectReason.STRATEGY_LOCKED, order("X", Side.BUY, E8, PRICE));
    }

    @Test
    void shouldCancelAnOrderAtTheEndOfItsTimeToLiveAndNotBefore() {
        set(RiskLimit.ORDER_TTL_MS, 1_000);
        final long order = h.working("A", E8, PRICE);
        h.clear();
        h.now += 999_999_999L;
        h.settle();
        assertTrue(h.venues.isEmpty(), "not yet");
        h.now += 1;
        h.settle();
        assertEquals(71, h.lastVenue().template());
        h.take(h.frames.execution(ACCOUNT, order, h.lastVenue().idLow(), ExecType.CANCELED, OrdStatus.CANCELED, NULL,
            NULL, 0));
        assertEquals(RejectReason.ORDER_STALE.code(), h.last().reason());
        assertEquals('4', h.last().status());
    }

    @Test
    void shouldTimeOpenOrdersByATimeToLiveSetLaterAndBeginAnewWithAReplace() {
        final long order = h.working("A", E8, PRICE);
        h.after(500);
        set(RiskLimit.ORDER_TTL_MS, 1_000);
        admits(replace("B", "A", Side.BUY, 2 * E8, PRICE));
        h.take(h.frames.execution(ACCOUNT, order, h.lastVenue().idLow(), ExecType.REPLACED, OrdStatus.NEW, NULL, NULL,
            0));
        h.clear();
        h.after(999);
        assertTrue(h.venues.isEmpty(), "not yet");
        h.after(1);
        assertEquals(71, h.lastVenue().template());
    }

    @Test
    void shouldHoldTheCollarAroundTheFirstPriceOfThePeriod() {
        h.take(h.frames.risk(TENANT, false, 18, 0, 1_000, 19, 0, 60_000));
        refuses(RejectReason.NO_REFERENCE_PRICE, order("A", Side.BUY, E8, PRICE));
        bid(PRICE, PRICE);
        final int at = order("B", Side.BUY, E8, 110 * E8);
        admits(at);
        ack(h.record.sequence());
        h.now += 1;
        bid(150 * E8, 150 * E8);
        refuses(RejectReason.PERIOD_COLLAR, order("C", Side.BUY, E8, 110 * E8 + E8 / 100));
        refuses(RejectReason.PERIOD_COLLAR, order("D", Side.BUY, E8, NULL));
        admits(order("E", Side.BUY, E8, 90 * E8));
        refuses(RejectReason.PERIOD_COLLAR, replace("F", "B", Side.BUY, E8, 90 * E8 - E8 / 100));
        admits(replace("G", "B", Side.BUY, E8, 90 * E8));
        h.now += 60_000_000_000L;
        admits(order("H", Side.BUY, E8, 165 * E8));
        refuses(RejectReason.PERIOD_COLLAR, order("I", Side.BUY, E8, 110 * E8));
    }

    @Test
    void shouldRefuseInstrumentAndVenueOfTheRestrictedListAndStillCancel() {
        h.working("A", E8, PRICE);
        set(RiskLimit.RESTRICTED_INSTRUMENT, BTC, 1);
        refuses(RejectReason.INSTRUMENT_RESTRICTED, order("B", Side.BUY, E8, PRICE));
        refuses(RejectReason.INSTRUMENT_RESTRICTED, replace("C", "A", Side.BUY, 2 * E8, PRICE));
        admits(h.frames.newOrder(SESSION, ++h.seq, "D", "ETH-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE));
        h.take(h.frames.risk(TENANT, false, 20, BTC, 0, 21, 1, 1));
        refuses(RejectReason.VENUE_RESTRICTED, order("E", Side.BUY, E8, PRICE));
        refuses(RejectReason.VENUE_RESTRICTED, replace("F", "A", Side.BUY, 2 * E8, PRICE));
        h.take(h.frames.cancel(SESSION, ++h.seq, "G", "A"));
        assertEquals(0, h.record.reason());
        set(RiskLimit.RESTRICTED_VENUE, 1, 0);
        admits(order("H", Side.BUY, E8, PRICE));
    }

    private int postOnly(final int length) {
        h.frames.newOrder().execInst().postOnly(true);
        return length;
    }

    @Test
    void shouldRefusePostOnlyThatWouldTakeAtTheReferencePrice() {
        set(RiskLimit.POST_ONLY_MUST_REST, 1);
        refuses(RejectReason.NO_REFERENCE_PRICE, postOnly(order("A", Side.BUY, E8, PRICE)));
        bid(99 * E8, 101 * E8);
        refuses(RejectReason.POST_ONLY_WOULD_TAKE, postOnly(order("B", Side.BUY, E8, 101 * E8)));
        admits(postOnly(order("C", Side.BUY, E8, 101 * E8 - E8 / 100)));
        refuses(RejectReason.POST_ONLY_WOULD_TAKE, postOnly(order("D", Side.SELL, E8, 99 * E8)));
        admits(postOnly(order("E", Side.SELL, E8, 99 * E8 + E8 / 100)));
        admits(order("F", Side.BUY, E8, 101 * E8));
    }

    @Test
    void shouldHoldTheEstimatedFeeByMakerAndTakerBand() {
        h.take(h.frames.risk(TENANT, false, 23, 0, E8, 24, 0, 1_000, 25, 0, 5_000));
        admits(order("A", Side.BUY, 2 * E8, PRICE));
        ack(h.record.sequence());
        refuses(RejectReason.MAX_FEE, order("B", Side.BUY, 2 * E8 + LOT, PRICE));
        refuses(RejectReason.MAX_FEE, replace("C", "A", Side.BUY, 2 * E8 + LOT, PRICE));
        admits(postOnly(order("D", Side.BUY, 10 * E8, PRICE)));
        refuses(RejectReason.MAX_FEE, postOnly(order("E", Side.BUY, 10 * E8 + LOT, PRICE)));
        admits(replace("F", "A", Side.BUY, 2 * E8, PRICE - E8));
    }

    @Test
    void shouldActWithTheNextInputAndJournalWhoWhyOldAndNew() {
        set(RiskLimit.MAX_NOTIONAL, 200 * E8);
        admits(order("A", Side.BUY, 2 * E8, PRICE));
        h.take(h.frames.risk(TENANT, false, 1, 0, 100 * E8, 20, BTC, 1));
        final byte[] record = h.records.get(h.records.size() - 1);
        final byte[] input = new byte[h.record.inputLength()];
        h.record.getInput(input, 0, input.length);
        final RiskConfigDecoder d = new RiskConfigDecoder();
        d.wrapAndApplyHeader(new UnsafeBuffer(input), 0, new weir.protocol.sbe.MessageHeaderDecoder());
        assertTrue(record.length > input.length);
        assertEquals("risk desk", d.actor());
        final RiskConfigDecoder.LimitsDecoder entries = d.limits().next();
        assertEquals(200 * E8, entries.oldValue());
        assertEquals(100 * E8, entries.newValue());
        assertEquals(0, entries.next().oldValue());
        assertEquals("test", d.why());
        assertEquals(AlertKind.RISK_LIMIT_CHANGED.value(), h.last().reason());
        set(RiskLimit.RESTRICTED_INSTRUMENT, BTC, 0);
        refuses(RejectReason.MAX_NOTIONAL, order("B", Side.BUY, E8 + LOT, PRICE));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.risk(TENANT, false, 1, 0, 100 * E8)), "nothing changes");
    }

    @Test
    void shouldTakeAllOfACommandOrNothing() {
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.risk(TENANT, false, 1, 0, E8, 9, 0, 5)));
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.risk(TENANT, false, 1, 0, E8, 20, 99, 1)));
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.risk(77, false, 1, 0, E8)));
        admits(order("A", Side.BUY, 2 * E8, PRICE));
    }

    @Test
    void shouldKeepWhatAPersonSetUntilTheFileChanges() {
        h.take(h.frames.risk(TENANT, true, 6, 0, 200 * E8, 10, 0, 7));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.risk(TENANT, true, 6, 0, 200 * E8, 10, 0, 7)));
        set(RiskLimit.MAX_UNEXECUTED, 100 * E8);
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.risk(TENANT, true, 6, 0, 200 * E8, 10, 0, 7)), "restart");
        refuses(RejectReason.UNEXECUTED_NOTIONAL, order("A", Side.BUY, E8 + LOT, PRICE));
        h.take(h.frames.risk(TENANT, true, 10, 0, 7));
        admits(order("B", Side.BUY, 10 * E8, PRICE));
    }

    @Test
    void shouldValueInverseContractsByTheirSize() {
        h.take(h.frames.instrument(3, 1, "INV", InstrumentKind.INVERSE, E8 / 100, E8, E8, 0, 10 * E8, 0));
        set(RiskLimit.MAX_UNEXECUTED, 100 * E8);
        refuses(RejectReason.UNEXECUTED_NOTIONAL, h.frames.newOrder(SESSION, ++h.seq, "A", "INV", Side.BUY,
            OrdType.LIMIT, TimeInForce.GTC, 11 * E8, PRICE));
        admits(h.frames.newOrder(SESSION, ++h.seq, "B", "INV", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 10 * E8,
            PRICE));
    }

    @Test
    void shouldReplayToTheSameOutputs() {
        shouldLockSessionAfterEqualRejectsOfOrdersAndReplaces();
        bid(PRICE, PRICE);
        final RouterCore again = new RouterCore(h.core.sizes());
        final CoreReplay replay = new CoreReplay(again, (sequence, buffer, offset, length) ->
            assertTrue(length > 0));
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(h.core.nextSequence(), again.nextSequence());
        assertEquals(java.util.List.of(), CoreWalk.differences(h.core, again, "RouterCore.malformed"));
    }
}
