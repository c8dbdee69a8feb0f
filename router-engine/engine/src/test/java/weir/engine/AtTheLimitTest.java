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

import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Orders in cash, linear contracts and full tables: what reaches a limit passes, one unit more is refused, on a new
 * order and on a replace.
 */
class AtTheLimitTest {
    private static final long PRICE = 100 * E8;
    /** Quote currency of one contract is a hundredth of its price. */
    private static final long MULTIPLIER = E8 / 100;
    private static final int LINEAR = 5;
    private CoreHarness h = new CoreHarness().ready();

    private void set(final RiskLimit limit, final int target, final long value) {
        h.take(h.frames.risk(TENANT, false, limit.value(), target, value));
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

    /** A market order that spends or brings an amount of quote currency. */
    private int cash(final Side side, final long amount) {
        final int length = h.frames.newOrder(SESSION, ++h.seq, "C" + h.seq, "BTC-USD", side, OrdType.MARKET,
            TimeInForce.IOC, NULL, NULL);
        h.frames.newOrder().cashOrderQty(amount);
        return length;
    }

    private void prices(final long bid, final long ask) {
        h.take(h.frames.price(BTC, bid, ask, NULL, ++h.now));
    }

    private void fresh() {
        h = new CoreHarness().ready();
        prices(99 * E8, PRICE);
    }

    @Test
    void shouldHoldCashOrdersToEachLimitByTheAmountAndWhatItBuys() {
        final Object[][] cases = {
            {RiskLimit.MAX_NOTIONAL, 0, 50 * E8, RejectReason.MAX_NOTIONAL, 50 * E8, 50 * E8 + 1},
            // at the ask of 100, half a coin
            {RiskLimit.MAX_ORDER_QTY, 0, E8 / 2, RejectReason.MAX_QTY, 50 * E8, 50 * E8 + 1},
            {RiskLimit.MAX_POSITION, BTC, E8 / 2, RejectReason.EXPOSURE, 50 * E8, 50 * E8 + 1},
            {RiskLimit.MAX_UNEXECUTED, 0, 50 * E8, RejectReason.UNEXECUTED_NOTIONAL, 50 * E8, 50 * E8 + 1},
            {RiskLimit.MAX_NET_EXPOSURE, 0, 50 * E8, RejectReason.EXPOSURE, 50 * E8, 50 * E8 + 1},
            {RiskLimit.MAX_GROSS_EXPOSURE, 0, 50 * E8, RejectReason.EXPOSURE, 50 * E8, 50 * E8 + 1},
            // a thousandth of it
            {RiskLimit.MAX_FEE, 0, E8 / 20, RejectReason.MAX_FEE, 50 * E8, 50 * E8 + 1},
        };
        for (final Object[] c : cases) {
            fresh();
            set(RiskLimit.TAKER_FEE_PPM, 0, 1_000);
            set((RiskLimit) c[0], (int) c[1], (long) c[2]);
            refuses((RejectReason) c[3], cash(Side.BUY, (long) c[5]));
            assertEquals(c[2], h.last().a(), "the limit is named: " + c[0]);
            admits(cash(Side.BUY, (long) c[4]));
        }
    }

    @Test
    void shouldValueTheQuantityOfACashSaleAtTheBid() {
        fresh();
        set(RiskLimit.MAX_ORDER_QTY, 0, E8);
        refuses(RejectReason.MAX_QTY, cash(Side.SELL, 99 * E8 + 1));
        admits(cash(Side.SELL, 99 * E8));
    }

    @Test
    void shouldHoldCashOrdersToTheMinimumOfTheInstrument() {
        fresh();
        refuses(RejectReason.NOTIONAL_BELOW_MINIMUM, cash(Side.BUY, E8 - 1));
        admits(cash(Side.BUY, E8));
    }

    @Test
    void shouldRefuseCashOrderWithoutAPriceWhereItsQuantityIsBounded() {
        admits(cash(Side.BUY, 50 * E8));
        set(RiskLimit.MAX_ORDER_QTY, 0, 1_000 * E8);
        refuses(RejectReason.NO_REFERENCE_PRICE, cash(Side.BUY, 50 * E8));
        prices(99 * E8, PRICE);
        admits(cash(Side.BUY, 50 * E8));
    }

    @Test
    void shouldLetRecordsOfEarlierVersionsSpendCashWhateverItBuys() {
        fresh();
        set(RiskLimit.MAX_ORDER_QTY, 0, E8 / 2);
        h.core.rulesVersion(2);
        admits(cash(Side.BUY, 5_000 * E8));
        h.core.rulesVersion(3);
        refuses(RejectReason.MAX_QTY, cash(Side.BUY, 5_000 * E8));
    }

    @Test
    void shouldTakeNoReplaceInCash() {
        h.working("A", E8, PRICE);
        final int length = h.frames.replace(SESSION, ++h.seq, "B", "A", "BTC-USD", Side.BUY, OrdType.MARKET,
            TimeInForce.IOC, NULL, NULL);
        h.frames.replaceOrder().cashOrderQty(50 * E8);
        refuses(RejectReason.CASH_QTY_UNSUPPORTED, length);
    }

    private int linear(final String id, final long qty, final long price) {
        return h.frames.newOrder(SESSION, ++h.seq, id, "LIN", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, qty, price);
    }

    private int linearReplace(final String id, final String orig, final long qty, final long price) {
        return h.frames.replace(SESSION, ++h.seq, id, orig, "LIN", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, qty,
            price);
    }

    private void linearContract() {
        h = new CoreHarness().ready();
        h.take(h.frames.instrument(LINEAR, 1, "LIN", InstrumentKind.LINEAR, 1, 1, 1, 0, MULTIPLIER, 0));
        set(RiskLimit.TAKER_FEE_PPM, 0, 1_000);
    }

    @Test
    void shouldHoldLinearContractsToEachLimitOnNewAndOnReplace() {
        final Object[][] cases = {
            {RiskLimit.MAX_ORDER_QTY, 0, 50 * E8, RejectReason.MAX_QTY},
            {RiskLimit.MAX_POSITION, LINEAR, 50 * E8, RejectReason.EXPOSURE},
            // 50 contracts at 100 are worth 50
            {RiskLimit.MAX_NOTIONAL, 0, 50 * E8, RejectReason.MAX_NOTIONAL},
            {RiskLimit.MAX_UNEXECUTED, 0, 50 * E8, RejectReason.UNEXECUTED_NOTIONAL},
            {RiskLimit.MAX_NET_EXPOSURE, 0, 50 * E8, RejectReason.EXPOSURE},
            {RiskLimit.MAX_GROSS_EXPOSURE, 0, 50 * E8, RejectReason.EXPOSURE},
            {RiskLimit.MAX_FEE, 0, E8 / 20, RejectReason.MAX_FEE},
        };
        for (final Object[] c : cases) {
            linearContract();
            set((RiskLimit) c[0], (int) c[1], (long) c[2]);
            refuses((RejectReason) c[3], linear("N1", 50 * E8 + 1, PRICE));
            admits(linear("N2", 50 * E8, PRICE));

            linearContract();
            admits(linear("R0", 10 * E8, PRICE));
            final long order = h.record.sequence();
            h.take(h.frames.execution(ACCOUNT, order, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
            set((RiskLimit) c[0], (int) c[1], (long) c[2]);
            refuses((RejectReason) c[3], linearReplace("R1", "R0", 50 * E8 + 1, PRICE));
            if (c[0] != RiskLimit.MAX_ORDER_QTY && c[0] != RiskLimit.MAX_POSITION) {
                refuses((RejectReason) c[3], linearReplace("R2", "R0", 50 * E8, PRICE + 1));
            }
            admits(linearReplace("R3", "R0", 50 * E8, PRICE));
        }
    }

    private long lock(final int strategy) {
        final String id = "S" + strategy;
        admits(h.frames.strategyOrder(SESSION, ++h.seq, id, E8, PRICE, strategy));
        final long order = h.record.sequence();
        h.take(h.frames.execution(ACCOUNT, order, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        h.take(h.fill(order, E8, PRICE, strategy));
        return order;
    }

    @Test
    void shouldWatchThirtyTwoStrategiesAndRefuseTheNextOnNewAndOnReplace() {
        h.working("A", E8, PRICE);
        set(RiskLimit.EXECUTIONS_MAX, 0, 1);
        for (int strategy = 1; strategy <= 31; strategy++) {
            lock(strategy);
        }
        admits(h.frames.replace(SESSION, ++h.seq, "B", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            2 * E8, PRICE));
        h.take(h.frames.execution(ACCOUNT, h.lastVenue().orderId(), h.lastVenue().idLow(), ExecType.REPLACED,
            OrdStatus.NEW, NULL, NULL, 0));
        lock(32); // the session's row goes for it: idle longest and not locked
        refuses(RejectReason.TOO_MANY_STRATEGIES, h.frames.strategyOrder(SESSION, ++h.seq, "C", E8, PRICE, 33));
        assertEquals(32, h.last().a());
        assertEquals(33, h.last().b());
        refuses(RejectReason.TOO_MANY_STRATEGIES, h.frames.replace(SESSION, ++h.seq, "D", "B", "BTC-USD", Side.BUY,
            OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
        h.take(h.frames.cancel(SESSION, ++h.seq, "E", "B"));
        assertEquals(0, h.record.reason(), "a cancel passes");
        h.take(h.frames.unlock(TENANT, 7, 0));
        admits(h.frames.strategyOrder(SESSION, ++h.seq, "F", E8, PRICE, 33));
    }

    @Test
    void shouldRefuseAnotherInstrumentWhenTheTableOfPositionsIsFullAndStillTakeReplaces() {
        h = new CoreHarness(new RouterCore.Context().positionCapacity(2)).ready();
        h.take(h.frames.instrument(3, 1, "SOL-USD", InstrumentKind.SPOT, E8 / 100, E8 / 1000, E8 / 1000, 0, NULL, 0));
        h.working("A", E8, PRICE);
        admits(of("B", "ETH-USD"));
        refuses(RejectReason.POSITION_TABLE_FULL, of("C", "SOL-USD"));
        admits(of("D", "ETH-USD"));
        admits(h.frames.replace(SESSION, ++h.seq, "E", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            2 * E8, PRICE));
        assertEquals(RouterCore.MALFORMED,
            h.apply(h.frames.risk(TENANT, false, RiskLimit.MAX_POSITION.value(), 3, E8)));
        assertEquals(RejectReason.POSITION_TABLE_FULL, RejectReason.ofCode(h.core.lastReason()));
    }

    private int of(final String id, final String symbol) {
        return h.frames.newOrder(SESSION, ++h.seq, id, symbol, Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE);
    }
}
