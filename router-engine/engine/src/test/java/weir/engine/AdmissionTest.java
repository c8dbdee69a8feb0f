package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueState;

/** Every check of a new order, one behaviour each. */
class AdmissionTest {
    private static final long PRICE = 40_000 * E8;
    private final CoreHarness h = new CoreHarness().ready();

    private int order(final OrdType type, final TimeInForce tif, final long qty, final long price) {
        return h.frames.newOrder(SESSION, ++h.seq, "X" + h.seq, "BTC-USD", Side.BUY, type, tif, qty, price);
    }

    private int plain() {
        return order(OrdType.LIMIT, TimeInForce.GTC, E8, PRICE);
    }

    private void expect(final RejectReason reason, final int length) {
        assertEquals(reason, h.refused(length));
        assertEquals('8', h.last().execType());
        assertEquals('8', h.last().status());
        assertEquals(reason.code(), h.last().reason());
        assertFalse(h.record.flags().admitted());
        assertTrue(h.venues.isEmpty(), "nothing reaches the venue");
    }

    @Test
    void shouldAdmitPlainOrder() {
        h.take(plain());
        assertEquals('A', h.last().execType());
        assertEquals(70, h.lastVenue().template());
        assertTrue(h.record.flags().admitted());
        assertEquals(1, h.record.requestUnits());
    }

    @Test
    void shouldRefuseEmptyClOrdId() {
        expect(RejectReason.CLORDID_INVALID,
            h.frames.newOrder(SESSION, ++h.seq, "", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
    }

    @Test
    void shouldRefuseSideThatIsNeitherBuyNorSell() {
        expect(RejectReason.SIDE_INVALID, h.frames.newOrder(SESSION, ++h.seq, "S", "BTC-USD", Side.NULL_VAL,
            OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
    }

    @Test
    void shouldRefuseUnknownOrdType() {
        expect(RejectReason.ORD_TYPE_UNSUPPORTED, order(OrdType.NULL_VAL, TimeInForce.GTC, E8, PRICE));
    }

    @Test
    void shouldRefuseUnknownTimeInForce() {
        expect(RejectReason.TIF_UNSUPPORTED, order(OrdType.LIMIT, TimeInForce.NULL_VAL, E8, PRICE));
    }

    @Test
    void shouldRefuseQtyThatIsNotPositive() {
        expect(RejectReason.QTY_NOT_POSITIVE, order(OrdType.LIMIT, TimeInForce.GTC, 0, PRICE));
        expect(RejectReason.QTY_NOT_POSITIVE, order(OrdType.LIMIT, TimeInForce.GTC, -E8, PRICE));
        expect(RejectReason.QTY_NOT_POSITIVE, order(OrdType.LIMIT, TimeInForce.GTC, NULL, PRICE));
    }

    @Test
    void shouldRefuseLimitOrderWithoutPrice() {
        expect(RejectReason.PRICE_MISSING, order(OrdType.LIMIT, TimeInForce.GTC, E8, NULL));
    }

    @Test
    void shouldRefusePriceThatIsNotPositive() {
        expect(RejectReason.PRICE_NOT_POSITIVE, order(OrdType.LIMIT, TimeInForce.GTC, E8, -1));
    }

    @Test
    void shouldRefuseMarketOrderWithPrice() {
        expect(RejectReason.PRICE_NOT_ALLOWED, order(OrdType.MARKET, TimeInForce.IOC, E8, PRICE));
    }

    @Test
    void shouldRefuseStopOrderWithoutStopPrice() {
        expect(RejectReason.STOP_PRICE_INVALID, order(OrdType.STOP, TimeInForce.GTC, E8, NULL));
    }

    @Test
    void shouldRefuseGoodTillDateInThePast() {
        final int length = order(OrdType.LIMIT, TimeInForce.GTD, E8, PRICE);
        h.frames.newOrder().expireNs(h.now);
        expect(RejectReason.EXPIRE_TIME_INVALID, length);
    }

    @Test
    void shouldRefusePostOnlyWithImmediateOrCancel() {
        final int length = order(OrdType.LIMIT, TimeInForce.IOC, E8, PRICE);
        h.frames.newOrder().execInst().postOnly(true);
        expect(RejectReason.EXEC_INST_UNSUPPORTED, length);
    }

    @Test
    void shouldRefuseCashQtyBesideOrderQty() {
        final int length = order(OrdType.MARKET, TimeInForce.IOC, E8, NULL);
        h.frames.newOrder().cashOrderQty(E8);
        expect(RejectReason.CASH_QTY_UNSUPPORTED, length);
    }

    @Test
    void shouldAnswerWhatTheEdgeFound() {
        final RejectReason[] expected = {null, RejectReason.QTY_PRECISION, RejectReason.PRICE_PRECISION,
            RejectReason.STOP_PRICE_INVALID, RejectReason.QTY_NOT_POSITIVE, RejectReason.PRICE_NOT_POSITIVE,
            RejectReason.ORD_TYPE_UNSUPPORTED, RejectReason.TIF_UNSUPPORTED, RejectReason.SIDE_INVALID,
            RejectReason.EXPIRE_TIME_INVALID, RejectReason.EXEC_INST_UNSUPPORTED, RejectReason.CASH_QTY_UNSUPPORTED};
        for (int i = 1; i < expected.length; i++) {
            final int length = plain();
            h.frames.newOrder().shapeError(ShapeError.get((short) i));
            expect(expected[i], length);
        }
    }

    @Test
    void shouldNotUseUpClOrdIdWhenShapeIsBad() {
        h.refused(h.frames.newOrder(SESSION, ++h.seq, "SAME", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 0,
            PRICE));
        h.order("SAME", E8, PRICE);
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldUseUpClOrdIdWhenRefusedAfterShape() {
        expect(RejectReason.UNKNOWN_SYMBOL, h.frames.newOrder(SESSION, ++h.seq, "SAME", "NONE", Side.BUY,
            OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
        expect(RejectReason.DUPLICATE_CLORDID, h.limit("SAME", E8, PRICE));
    }

    @Test
    void shouldRefuseUnknownSessionWithoutCharge() {
        expect(RejectReason.SESSION_UNKNOWN, h.frames.newOrder(99, 1, "X", "BTC-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE));
        assertEquals(0, h.record.requestUnits());
    }

    @Test
    void shouldRefuseDisconnectedSessionWithoutCharge() {
        h.take(h.frames.disconnected(SESSION, ++h.seq, DisconnectCause.LOGOUT));
        expect(RejectReason.SESSION_NOT_CONNECTED, plain());
        assertEquals(0, h.record.requestUnits());
    }

    @Test
    void shouldRefuseByKillSwitchOfEachScope() {
        final Object[][] cases = {
            {KillScope.SESSION, SESSION, RejectReason.SESSION_CANCEL_ONLY, RejectReason.SESSION_HALTED},
            {KillScope.TENANT, 1, RejectReason.TENANT_CANCEL_ONLY, RejectReason.TENANT_HALTED},
            {KillScope.VENUE, 1, RejectReason.VENUE_CANCEL_ONLY, RejectReason.VENUE_HALTED},
            {KillScope.GLOBAL, 0, RejectReason.ROUTER_CANCEL_ONLY, RejectReason.ROUTER_HALTED},
            {KillScope.ACCOUNT, 1, RejectReason.ACCOUNT_HALTED, RejectReason.ACCOUNT_HALTED},
            {KillScope.STRATEGY, 0, RejectReason.STRATEGY_CANCEL_ONLY, RejectReason.STRATEGY_HALTED}};
        for (final Object[] c : cases) {
            h.take(h.frames.kill((KillScope) c[0], (Integer) c[1], TradingState.CANCEL_ONLY, false));
            expect((RejectReason) c[2], plain());
            h.take(h.frames.kill((KillScope) c[0], (Integer) c[1], TradingState.HALTED, false));
            expect((RejectReason) c[3], plain());
            h.take(h.frames.kill((KillScope) c[0], (Integer) c[1], TradingState.ACTIVE, false));
        }
        h.take(plain());
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldRefuseWhenJournalSpaceIsLow() {
        h.take(h.frames.condition(SystemCondition.JOURNAL_LOW_SPACE, true));
        expect(RejectReason.JOURNAL_LOW_SPACE, plain());
    }

    @Test
    void shouldRefuseDuplicateClOrdIdAndChargeTheRequest() {
        h.order("A", E8, PRICE);
        h.clear();
        expect(RejectReason.DUPLICATE_CLORDID, h.limit("A", E8, PRICE));
        assertEquals(1, h.record.requestUnits());
        assertTrue(h.record.flags().duplicate());
    }

    @Test
    void shouldAnswerStateWithoutChargeWhenPossDupIsKnown() {
        h.working("A", E8, PRICE);
        h.clear();
        final int length = h.limit("A", E8, PRICE);
        h.frames.newOrder().messageFlags().possDup(true);
        h.take(length);
        assertEquals('I', h.last().execType());
        assertEquals('0', h.last().status());
        assertEquals(0, h.record.requestUnits());
        assertTrue(h.venues.isEmpty());
    }

    @Test
    void shouldTakePossResendOfUnknownOrderAsNew() {
        final int length = h.limit("NEVER-SEEN", E8, PRICE);
        h.frames.newOrder().messageFlags().possResend(true);
        h.take(length);
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldRefuseWithoutPermission() {
        h.tenant.mayMarket = false;
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.PERMISSION_DENIED, order(OrdType.MARKET, TimeInForce.IOC, E8, NULL));
        h.tenant.mayNew = false;
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.PERMISSION_DENIED, plain());
    }

    @Test
    void shouldRefuseInstrumentThatTenantMayNotTrade() {
        h.tenant.instruments = new int[] {2};
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.INSTRUMENT_NOT_PERMITTED, plain());
    }

    @Test
    void shouldRefuseQtyOffLotAndBelowMinimum() {
        expect(RejectReason.QTY_PRECISION, order(OrdType.LIMIT, TimeInForce.GTC, E8 + 1, PRICE));
        h.take(h.frames.instrument(3, 1, "MIN", InstrumentKind.SPOT, 1, 1, E8, 1, NULL, 0));
        expect(RejectReason.QTY_BELOW_MINIMUM, h.frames.newOrder(SESSION, ++h.seq, "M", "MIN", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8 - 1, PRICE));
        assertEquals(List.of(E8, E8 - 1), List.of(h.last().a(), h.last().b()));
    }

    @Test
    void shouldRefusePriceOffTick() {
        expect(RejectReason.PRICE_PRECISION, order(OrdType.LIMIT, TimeInForce.GTC, E8, PRICE + 1));
    }

    @Test
    void shouldRefuseNotionalBelowMinimum() {
        expect(RejectReason.NOTIONAL_BELOW_MINIMUM, order(OrdType.LIMIT, TimeInForce.GTC, E8 / 1000, E8));
    }

    @Test
    void shouldRefuseOverMaxQtyAndMaxNotionalByOneUnit() {
        h.tenant.maxQty = 2 * E8;
        h.tenant.maxNotional = 60_000 * E8;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(order(OrdType.LIMIT, TimeInForce.GTC, 3 * E8 / 2, PRICE));
        assertEquals('A', h.last().execType());
        h.clear();
        expect(RejectReason.MAX_QTY, order(OrdType.LIMIT, TimeInForce.GTC, 2 * E8 + E8 / 1000, PRICE));
        expect(RejectReason.MAX_NOTIONAL, order(OrdType.LIMIT, TimeInForce.GTC, 3 * E8 / 2, PRICE + E8 / 100));
    }

    @Test
    void shouldValueInverseContractBySizeAlone() {
        h.take(h.frames.instrument(4, 1, "INV", InstrumentKind.INVERSE, 1, 1, 1, 1, 100 * E8, 0));
        h.tenant.maxNotional = 1_000 * E8;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(h.frames.newOrder(SESSION, ++h.seq, "I1", "INV", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 10 * E8,
            PRICE));
        assertEquals('A', h.last().execType());
        h.clear();
        expect(RejectReason.MAX_NOTIONAL, h.frames.newOrder(SESSION, ++h.seq, "I2", "INV", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, 11 * E8, PRICE));
    }

    @Test
    void shouldRefuseProductThatDoesNotFit() {
        expect(RejectReason.VALUE_OVERFLOW, order(OrdType.LIMIT, TimeInForce.GTC,
            Long.MAX_VALUE / E8 * E8, Long.MAX_VALUE / E8 * E8));
    }

    @Test
    void shouldNeedFreshReferencePriceForMarketOrderUnderMaxNotional() {
        h.take(h.frames.instrument(5, 1, "AGE", InstrumentKind.SPOT, 1, 1, 1, 1, NULL, 1_000));
        h.tenant.maxNotional = 60_000 * E8;
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.NO_REFERENCE_PRICE, market("AGE", E8));
        h.take(h.frames.price(5, PRICE, PRICE + 2, NULL, h.now));
        h.take(market("AGE", E8));
        assertEquals('A', h.last().execType());
        h.clear();
        expect(RejectReason.MAX_NOTIONAL, market("AGE", 2 * E8));
        h.after(1_001);
        expect(RejectReason.NO_REFERENCE_PRICE, market("AGE", E8));
        assertEquals(List.of(5L, 1_001L), List.of(h.last().a(), h.last().b()));
    }

    private int market(final String symbol, final long qty) {
        return h.frames.newOrder(SESSION, ++h.seq, "K" + h.seq, symbol, Side.BUY, OrdType.MARKET, TimeInForce.IOC, qty,
            NULL);
    }

    @Test
    void shouldRefusePriceOutsideCollarAndQuoteReferenceAndBound() {
        h.tenant.collarBps = 100;
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.NO_REFERENCE_PRICE, plain());
        h.take(h.frames.price(1, PRICE, PRICE, NULL, h.now));
        h.take(order(OrdType.LIMIT, TimeInForce.GTC, E8, PRICE + 400 * E8));
        assertEquals('A', h.last().execType());
        h.clear();
        expect(RejectReason.PRICE_COLLAR, order(OrdType.LIMIT, TimeInForce.GTC, E8, PRICE + 400 * E8 + E8 / 100));
        assertEquals(List.of(PRICE, PRICE + 400 * E8), List.of(h.last().a(), h.last().b()));
        expect(RejectReason.PRICE_COLLAR, order(OrdType.LIMIT, TimeInForce.GTC, E8, PRICE - 401 * E8));
    }

    @Test
    void shouldRefuseOneOpenOrderTooMany() {
        h.tenant.maxOpen = 2;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(plain());
        h.take(plain());
        h.clear();
        expect(RejectReason.MAX_OPEN_ORDERS, plain());
    }

    @Test
    void shouldRefuseByRateOfSessionTenantAndGateway() {
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 1, 1));
        h.take(plain());
        h.clear();
        expect(RejectReason.RATE_LIMITED_SESSION, plain());
        assertEquals(List.of(1L, 1_000L), List.of(h.last().a(), h.last().b()));
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 0, 0));
        h.tenant.rateCapacity = 1;
        h.tenant.ratePerSecond = 2;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(plain());
        h.clear();
        expect(RejectReason.RATE_LIMITED_TENANT, plain());
        h.after(500);
        h.take(plain());
        assertEquals('A', h.last().execType());
        final CoreHarness g = new CoreHarness(new RouterCore.Context().gatewayRateCapacity(1)
            .gatewayRatePerSecond(1)).ready();
        g.order("A", E8, PRICE);
        assertEquals(RejectReason.RATE_LIMITED_GATEWAY, g.refused(g.limit("B", E8, PRICE)));
    }

    @Test
    void shouldCountCancelAgainstRateWithoutStoppingIt() {
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 2, 1));
        h.order("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertEquals('6', h.last().execType());
        h.clear();
        expect(RejectReason.RATE_LIMITED_SESSION, plain());
    }

    @Test
    void shouldAdmitExactlyTheQuotaAndBeginAgainWithThePeriod() {
        h.tenant.quotas = new long[] {1, 1, 0, 60_000_000_000L, 3};
        h.take(h.frames.tenant(1, h.tenant));
        for (int i = 0; i < 3; i++) {
            h.take(plain());
            assertEquals('A', h.clients.get(0).execType());
            h.clear();
        }
        expect(RejectReason.QUOTA_EXHAUSTED, plain());
        h.now = (h.now / 60_000_000_000L + 1) * 60_000_000_000L;
        h.take(plain());
        assertEquals('A', h.clients.get(h.clients.size() - 1).execType());
    }

    @Test
    void shouldRefuseWhenTenantHasNoAccount() {
        h.take(h.frames.account(2, 1, 7));
        h.tenant.accountId = 2;
        h.take(h.frames.tenant(1, h.tenant));
        expect(RejectReason.NO_ROUTE, plain());
    }

    @Test
    void shouldRefuseWhenVenueIsDownOrBars() {
        h.take(h.frames.venueState(1, VenueState.BARRED, h.now + 2_000_000_000L));
        expect(RejectReason.VENUE_BARRED, plain());
        assertEquals(2_000, h.last().b());
        h.after(2_000);
        h.take(plain());
        assertEquals('A', h.last().execType());
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.clear();
        expect(RejectReason.VENUE_DOWN, plain());
    }

    @Test
    void shouldRefuseOverConcurrentLimitUntilAnOrderIsFinal() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.CONCURRENT, 1, 0, 0, 0, 0, 8, 1, 0));
        final long first = h.working("A", E8, PRICE);
        h.clear();
        expect(RejectReason.VENUE_OPEN_ORDERS, plain());
        h.take(h.fill(first, E8, PRICE, 1));
        h.take(plain());
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldRefuseThrottledOrderThatMayNotWaitWithTimeToPass() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        h.take(plain());
        h.clear();
        final int length = plain();
        h.frames.newOrder().queueDeadlineNs(h.now);
        expect(RejectReason.VENUE_THROTTLED, length);
        assertEquals(1_000, h.last().b());
    }

    @Test
    void shouldRefuseWhenQueueIsFull() {
        h.take(h.frames.venue(1, 15, 1, 2_000, false, true));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        h.take(plain());
        h.take(plain());
        h.clear();
        expect(RejectReason.VENUE_QUEUE_FULL, plain());
    }

    @Test
    void shouldRefuseWhenTablesAreFull() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().openOrderCapacity(2)
            .closedOrderCapacity(1).clOrdIdCapacity(100).clOrdIdsPerSessionDay(4)).ready();
        small.order("A", E8, PRICE);
        small.order("B", E8, PRICE);
        assertEquals(RejectReason.ORDER_TABLE_FULL, small.refused(small.limit("C", E8, PRICE)));
        assertEquals(RejectReason.ORDER_TABLE_FULL, small.refused(small.limit("D", E8, PRICE)));
        assertEquals(RejectReason.CLORDID_TABLE_FULL, small.refused(small.limit("E", E8, PRICE)));
        assertEquals(RejectReason.CLORDID_TABLE_FULL, small.refused(small.limit("E", E8, PRICE)));
    }
}
