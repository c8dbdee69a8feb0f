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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Each pre-trade control where it turns: what reaches the limit passes, the smallest step beyond is refused with the
 * control's code, on a new order and on a replace. Ticks and lots are 10^-8, so that the step is one unit.
 */
class PreTradeAtLimitTest {
    private static final long PRICE = 100 * E8;
    private static final long SECOND = 1_000_000_000L;
    private static final int STRATEGY = 7;
    private CoreHarness h;

    /** A resting order R that replaces can change. */
    @BeforeEach
    void fresh() {
        h = new CoreHarness(TrafficModel.context()).ready();
        h.take(h.frames.instrument(BTC, 1, "BTC-USD", InstrumentKind.SPOT, 1, 1, 1, 0, NULL, 1_000));
        h.working("R", E8, PRICE);
    }

    private void set(final RiskLimit limit, final long value) {
        set(limit, 0, value);
    }

    private void set(final RiskLimit limit, final int target, final long value) {
        h.take(h.frames.risk(TENANT, false, limit.value(), target, value));
    }

    private int order(final Side side, final long qty, final long price) {
        return h.frames.newOrder(SESSION, ++h.seq, "N" + h.seq, "BTC-USD", side,
            price == NULL ? OrdType.MARKET : OrdType.LIMIT, price == NULL ? TimeInForce.IOC : TimeInForce.GTC, qty,
            price);
    }

    private int buy(final long qty, final long price) {
        return order(Side.BUY, qty, price);
    }

    private int replace(final long qty, final long price) {
        return replace("R", Side.BUY, qty, price);
    }

    private int replace(final String orig, final Side side, final long qty, final long price) {
        return h.frames.replace(SESSION, ++h.seq, "G" + h.seq, orig, "BTC-USD", side, OrdType.LIMIT,
            TimeInForce.GTC, qty, price);
    }

    private void admits(final int length) {
        assertEquals(RejectReason.NONE, h.refused(length));
        assertTrue(h.record.flags().admitted());
    }

    private void refuses(final RejectReason reason, final int length) {
        assertEquals(reason, h.refused(length));
        assertFalse(h.record.flags().admitted());
        assertEquals(reason.code(), h.last().reason());
    }

    private void quotes(final long bid, final long ask) {
        h.take(h.frames.price(BTC, bid, ask, NULL, h.now));
    }

    /** The venue confirms the replace that went out last. */
    private void confirmed() {
        h.take(h.frames.execution(ACCOUNT, h.lastVenue().orderId(), h.lastVenue().idLow(), ExecType.REPLACED,
            OrdStatus.NEW, NULL, NULL, 0));
    }

    @Test
    void shouldHoldMaxQuantity() {
        set(RiskLimit.MAX_ORDER_QTY, 2 * E8);
        refuses(RejectReason.MAX_QTY, buy(2 * E8 + 1, PRICE));
        admits(buy(2 * E8, PRICE));
        refuses(RejectReason.MAX_QTY, replace(2 * E8 + 1, PRICE));
        admits(replace(2 * E8, PRICE));
    }

    @Test
    void shouldHoldMaxNotional() {
        set(RiskLimit.MAX_NOTIONAL, 200 * E8);
        refuses(RejectReason.MAX_NOTIONAL, buy(2 * E8 + 1, PRICE));
        refuses(RejectReason.MAX_NOTIONAL, buy(2 * E8, PRICE + 1));
        admits(buy(2 * E8, PRICE));
        refuses(RejectReason.MAX_NOTIONAL, replace(2 * E8 + 1, PRICE));
        refuses(RejectReason.MAX_NOTIONAL, replace(2 * E8, PRICE + 1));
        admits(replace(2 * E8, PRICE));
    }

    @Test
    void shouldHoldMaxNotionalOfMarketOrdersAtTheReferencePrice() {
        set(RiskLimit.MAX_NOTIONAL, 200 * E8);
        quotes(99 * E8, PRICE);
        refuses(RejectReason.MAX_NOTIONAL, buy(2 * E8 + 1, NULL));
        admits(buy(2 * E8, NULL));
        quotes(99 * E8, PRICE + 1);
        refuses(RejectReason.MAX_NOTIONAL, buy(2 * E8, NULL));
    }

    @Test
    void shouldHoldThePriceCollarOnBothSides() {
        set(RiskLimit.PRICE_COLLAR_BPS, 100);
        quotes(PRICE, PRICE);
        refuses(RejectReason.PRICE_COLLAR, buy(E8, 101 * E8 + 1));
        refuses(RejectReason.PRICE_COLLAR, buy(E8, 99 * E8 - 1));
        admits(buy(E8, 101 * E8));
        admits(buy(E8, 99 * E8));
        refuses(RejectReason.PRICE_COLLAR, replace(E8, 101 * E8 + 1));
        refuses(RejectReason.PRICE_COLLAR, replace(E8, 99 * E8 - 1));
        admits(replace(E8, 101 * E8));
        confirmed();
        admits(replace(h.last().id(), Side.BUY, E8, 99 * E8));
    }

    @Test
    void shouldHoldTheCollarOfAPeriodAroundItsFirstPrice() {
        h.take(h.frames.risk(TENANT, false, RiskLimit.PERIOD_COLLAR_BPS.value(), 0, 100,
            RiskLimit.PERIOD_COLLAR_MS.value(), 0, 60_000));
        quotes(PRICE, PRICE);
        admits(buy(E8, PRICE));
        h.now += SECOND;
        quotes(150 * E8, 150 * E8);
        refuses(RejectReason.PERIOD_COLLAR, buy(E8, 101 * E8 + 1));
        admits(buy(E8, 101 * E8));
        refuses(RejectReason.PERIOD_COLLAR, replace(E8, 99 * E8 - 1));
        admits(replace(E8, 99 * E8));
    }

    @Test
    void shouldRefuseWithoutAPriceAndWithOneOlderThanItsMaximumAge() {
        set(RiskLimit.PRICE_COLLAR_BPS, 100);
        refuses(RejectReason.NO_REFERENCE_PRICE, buy(E8, PRICE));
        refuses(RejectReason.NO_REFERENCE_PRICE, replace(E8, PRICE));
        quotes(PRICE, PRICE);
        h.now += SECOND;
        admits(buy(E8, PRICE));
        h.now += 1;
        refuses(RejectReason.NO_REFERENCE_PRICE, buy(E8, PRICE));
        refuses(RejectReason.NO_REFERENCE_PRICE, replace(2 * E8, PRICE));
        quotes(PRICE, PRICE);
        h.now += SECOND;
        admits(replace(2 * E8, PRICE));
    }

    @Test
    void shouldHoldTheMessageRateOfASession() {
        set(RiskLimit.MESSAGE_BURST, SESSION, 2);
        admits(buy(E8, PRICE));
        admits(buy(E8, PRICE));
        refuses(RejectReason.RATE_LIMITED_SESSION, buy(E8, PRICE));
        fresh();
        set(RiskLimit.MESSAGE_BURST, SESSION, 2);
        admits(replace(2 * E8, PRICE));
        confirmed();
        admits(replace(h.last().id(), Side.BUY, E8, PRICE));
        confirmed();
        refuses(RejectReason.RATE_LIMITED_SESSION, replace(h.last().id(), Side.BUY, 2 * E8, PRICE));
    }

    @Test
    void shouldHoldTheMessageRateOfATenant() {
        set(RiskLimit.MESSAGE_BURST, 2);
        admits(buy(E8, PRICE));
        admits(buy(E8, PRICE));
        refuses(RejectReason.RATE_LIMITED_TENANT, buy(E8, PRICE));
        fresh();
        set(RiskLimit.MESSAGE_BURST, 1);
        admits(replace(2 * E8, PRICE));
        confirmed();
        refuses(RejectReason.RATE_LIMITED_TENANT, replace(h.last().id(), Side.BUY, E8, PRICE));
    }

    private int ofStrategy(final long qty) {
        final int length = buy(qty, PRICE);
        h.frames.newOrder().strategyId(STRATEGY);
        return length;
    }

    private int replaceOfStrategy(final long qty) {
        final int length = replace(qty, PRICE);
        h.frames.replaceOrder().strategyId(STRATEGY);
        return length;
    }

    private void executed(final long trade) {
        admits(ofStrategy(E8));
        h.take(h.fill(h.record.sequence(), E8, PRICE, trade));
    }

    @Test
    void shouldLockAStrategyWithItsLastExecutionUntilAPersonEnablesIt() {
        set(RiskLimit.EXECUTIONS_MAX, 2);
        executed(1);
        admits(ofStrategy(E8));
        admits(replaceOfStrategy(2 * E8));
        confirmed();
        executed(2);
        refuses(RejectReason.STRATEGY_LOCKED, ofStrategy(E8));
        final int length = replace(h.clients.stream().filter(c -> c.execType() == '5').findFirst().orElseThrow().id(),
            Side.BUY, E8, PRICE);
        h.frames.replaceOrder().strategyId(STRATEGY);
        refuses(RejectReason.STRATEGY_LOCKED, length);
        h.take(h.frames.unlock(TENANT, STRATEGY, 0));
        admits(ofStrategy(E8));
    }

    @Test
    void shouldLockAStrategyWithTheLastOfItsEqualRejects() {
        set(RiskLimit.LOOP_REJECTS_MAX, 2);
        set(RiskLimit.MAX_ORDER_QTY, E8);
        refuses(RejectReason.MAX_QTY, ofStrategy(2 * E8));
        admits(ofStrategy(E8));
        assertEquals(RejectReason.MAX_QTY, h.refused(replaceOfStrategy(2 * E8)), "and an alert tells of the lock");
        refuses(RejectReason.STRATEGY_LOCKED, ofStrategy(E8));
        refuses(RejectReason.STRATEGY_LOCKED, replaceOfStrategy(E8));
    }

    @Test
    void shouldTakeAClOrdIdOnce() {
        admits(h.limit("ONCE", E8, PRICE));
        refuses(RejectReason.DUPLICATE_CLORDID, h.limit("ONCE", E8, PRICE));
        refuses(RejectReason.DUPLICATE_CLORDID, h.frames.replace(SESSION, ++h.seq, "ONCE", "R", "BTC-USD", Side.BUY,
            OrdType.LIMIT, TimeInForce.GTC, 2 * E8, PRICE));
        admits(h.frames.replace(SESSION, ++h.seq, "TWICE", "R", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            2 * E8, PRICE));
    }

    @Test
    void shouldTakeTheSameContentOnceInAWindow() {
        set(RiskLimit.DUPLICATE_WINDOW_MS, 50);
        admits(buy(3 * E8, PRICE));
        admits(replace(2 * E8, PRICE));
        confirmed();
        h.now += 50_000_000 - 1;
        refuses(RejectReason.DUPLICATE_ORDER, buy(3 * E8, PRICE));
        refuses(RejectReason.DUPLICATE_ORDER, replace(h.clients.stream().filter(c -> c.execType() == '5').findFirst()
            .orElseThrow().id(), Side.BUY, 2 * E8, PRICE));
        admits(buy(3 * E8 + 1, PRICE));
        h.now += 1;
        admits(buy(3 * E8, PRICE));
        admits(replace(h.clients.stream().filter(c -> c.execType() == '5').findFirst().orElseThrow().id(), Side.BUY,
            2 * E8, PRICE));
    }

    @Test
    void shouldHoldExposureAndOpenNotional() {
        final Object[][] cases = {
            {RiskLimit.MAX_GROSS_EXPOSURE, 0, 300 * E8, RejectReason.EXPOSURE},
            {RiskLimit.MAX_NET_EXPOSURE, 0, 300 * E8, RejectReason.EXPOSURE},
            {RiskLimit.MAX_UNEXECUTED, 0, 300 * E8, RejectReason.UNEXECUTED_NOTIONAL},
            {RiskLimit.MAX_POSITION, 0, 3 * E8, RejectReason.EXPOSURE},
            {RiskLimit.MAX_POSITION, BTC, 3 * E8, RejectReason.EXPOSURE},
        };
        for (final Object[] c : cases) {
            fresh();
            set((RiskLimit) c[0], (int) c[1], (long) c[2]);
            refuses((RejectReason) c[3], buy(2 * E8 + 1, PRICE));
            assertEquals(c[2], h.last().a(), "the limit is named: " + c[0]);
            admits(buy(2 * E8, PRICE));
            refuses((RejectReason) c[3], buy(1, PRICE));
            fresh();
            set((RiskLimit) c[0], (int) c[1], (long) c[2]);
            refuses((RejectReason) c[3], replace(3 * E8 + 1, PRICE));
            admits(replace(3 * E8, PRICE));
        }
    }

    @Test
    void shouldCountOpenOrdersAndNotReplaces() {
        set(RiskLimit.MAX_OPEN_ORDERS, 2);
        admits(buy(E8, PRICE));
        refuses(RejectReason.MAX_OPEN_ORDERS, buy(E8, PRICE));
        admits(replace(2 * E8, PRICE));
    }

    @Test
    void shouldHoldPermissionBySymbol() {
        h.tenant.instruments = new int[] {2};
        h.take(h.frames.tenant(TENANT, h.tenant));
        refuses(RejectReason.INSTRUMENT_NOT_PERMITTED, buy(E8, PRICE));
        refuses(RejectReason.INSTRUMENT_NOT_PERMITTED, replace(2 * E8, PRICE));
        h.tenant.instruments = new int[] {2, BTC};
        h.take(h.frames.tenant(TENANT, h.tenant));
        admits(buy(E8, PRICE));
        admits(replace(2 * E8, PRICE));
    }

    @Test
    void shouldHoldTheRestrictedListOfInstrumentsAndVenues() {
        final Object[][] cases = {
            {RiskLimit.RESTRICTED_INSTRUMENT, BTC, RejectReason.INSTRUMENT_RESTRICTED},
            {RiskLimit.RESTRICTED_VENUE, 1, RejectReason.VENUE_RESTRICTED},
        };
        for (final Object[] c : cases) {
            fresh();
            set((RiskLimit) c[0], (int) c[1], 1);
            refuses((RejectReason) c[2], buy(E8, PRICE));
            refuses((RejectReason) c[2], replace(2 * E8, PRICE));
            set((RiskLimit) c[0], (int) c[1], 0);
            admits(buy(E8, PRICE));
            admits(replace(2 * E8, PRICE));
        }
    }

    @Test
    void shouldCancelAnOrderWhenItsTimeToLiveIsOverAndBeginAnewWithAReplace() {
        set(RiskLimit.ORDER_TTL_MS, 1_000);
        h.clear();
        h.now += SECOND - 1;
        h.settle();
        assertTrue(h.venues.isEmpty(), "a nanosecond before its time");
        admits(replace(2 * E8, PRICE));
        confirmed();
        h.clear();
        h.now += SECOND - 1;
        h.settle();
        assertTrue(h.venues.isEmpty(), "a replace begins it anew");
        h.now += 1;
        h.settle();
        assertEquals(71, h.lastVenue().template());
    }

    @Test
    void shouldHoldTheFeeCapByTakerAndByMakerBand() {
        h.take(h.frames.risk(TENANT, false, RiskLimit.MAX_FEE.value(), 0, E8, RiskLimit.MAKER_FEE_PPM.value(), 0,
            1_000, RiskLimit.TAKER_FEE_PPM.value(), 0, 5_000));
        refuses(RejectReason.MAX_FEE, buy(2 * E8 + 1, PRICE));
        admits(buy(2 * E8, PRICE));
        refuses(RejectReason.MAX_FEE, postOnly(buy(10 * E8 + 1, PRICE)));
        admits(postOnly(buy(10 * E8, PRICE)));
        refuses(RejectReason.MAX_FEE, replace(2 * E8 + 1, PRICE));
        refuses(RejectReason.MAX_FEE, postOnlyReplace(replace(10 * E8 + 1, PRICE)));
        admits(postOnlyReplace(replace(10 * E8, PRICE)));
    }

    @Test
    void shouldRefusePostOnlyThatWouldTake() {
        set(RiskLimit.POST_ONLY_MUST_REST, 1);
        quotes(99 * E8, 101 * E8);
        refuses(RejectReason.POST_ONLY_WOULD_TAKE, postOnly(buy(E8, 101 * E8)));
        admits(postOnly(buy(E8, 101 * E8 - 1)));
        refuses(RejectReason.POST_ONLY_WOULD_TAKE, postOnlyReplace(replace(E8, 101 * E8)));
        admits(postOnlyReplace(replace(E8, 101 * E8 - 1)));
    }

    private int postOnly(final int length) {
        h.frames.newOrder().execInst().postOnly(true);
        return length;
    }

    private int postOnlyReplace(final int length) {
        h.frames.replaceOrder().execInst().postOnly(true);
        return length;
    }

    @Test
    void shouldRefuseAnOrderThatWouldMeetAnOwnOneAtItsPrice() {
        set(RiskLimit.SELF_TRADE_PREVENTION, SelfTradePrevention.CANCEL_NEWEST.value());
        refuses(RejectReason.SELF_TRADE, order(Side.SELL, E8, PRICE));
        admits(order(Side.SELL, E8, PRICE + 1));
        final String resting = h.last().id();
        h.take(h.frames.execution(ACCOUNT, h.record.sequence(), 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        refuses(RejectReason.SELF_TRADE, replace(resting, Side.SELL, E8, PRICE));
        refuses(RejectReason.SELF_TRADE, replace(E8, PRICE + 1));
        admits(replace(2 * E8, PRICE));
    }
}
