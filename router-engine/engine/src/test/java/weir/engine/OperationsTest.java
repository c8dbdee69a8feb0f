package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueMessageKind;

/** Money, fan-out, configuration, admin and malformed frames. */
class OperationsTest {
    private static final long PRICE = 40_000 * E8;
    private final CoreHarness h = new CoreHarness().ready();

    private long cancels() {
        return h.venues.stream().filter(v -> v.template() == 71).count();
    }

    @Test
    void shouldReserveSettleAndReleaseToTheMicro() {
        final long start = h.view.availableMicros(1);
        final long id = h.order("A", 2 * E8, PRICE);
        assertEquals(20, h.record.reservedMicros());
        assertEquals(1, h.record.debitMicros());
        assertEquals(start - 21, h.view.availableMicros(1));
        h.take(h.frames.sentOne(1, id));
        assertEquals(-10, h.record.reservedMicros());
        assertEquals(10, h.record.debitMicros());
        h.take(h.fill(id, 2 * E8, PRICE, 1));
        assertEquals(-10, h.record.reservedMicros(), "one fill of two, the rest is released");
        assertEquals(5, h.record.debitMicros());
        assertEquals(start - 16, h.view.availableMicros(1));
        assertEquals(h.view.grantedMicros(1) - 16, h.record.balanceMicros());
        assertEquals(0, h.view.reservedMicros(1));
    }

    @Test
    void shouldRefuseByOneMicroAndNotChargeWhenCreditDoesNotCover() {
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 20));
        final int length = h.frames.newOrder(12, 2, "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE);
        assertEquals(RejectReason.CREDIT_EXHAUSTED, h.refused(length));
        assertEquals(0, h.record.requestUnits());
        assertEquals(20, h.view.availableMicros(2));
        h.take(h.frames.grant(3, 2, GrantKind.TOP_UP, 1));
        h.take(h.frames.newOrder(12, 3, "B", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
        assertEquals('A', h.last().execType());
        assertEquals(0, h.view.availableMicros(2));
    }

    @Test
    void shouldOweWhatFillsCostBeyondCreditUntilAGrantCoversIt() {
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 21));
        h.take(h.frames.newOrder(12, 2, "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 10 * E8, PRICE));
        final long id = h.record.sequence();
        h.take(h.frames.sentOne(1, id));
        for (int i = 0; i < 4; i++) {
            h.take(h.fill(id, E8, PRICE, i));
        }
        assertEquals(10, h.view.receivableMicros(2));
        assertEquals(10, h.record.receivableMicros());
        assertEquals(0, h.view.availableMicros(2));
        h.take(h.frames.grant(3, 2, GrantKind.TOP_UP, 100));
        assertEquals(0, h.view.receivableMicros(2));
        assertEquals(90, h.view.availableMicros(2));
    }

    @Test
    void shouldApplyGrantOnceAndTakeChargebackAsReceivable() {
        final long before = h.view.grantedMicros(1);
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.grant(1, 1, GrantKind.TOP_UP, 5)));
        assertEquals(before, h.view.grantedMicros(1));
        h.order("A", E8, PRICE);
        h.take(h.frames.grant(9, 1, GrantKind.CHARGEBACK, before));
        assertEquals(0, h.view.availableMicros(1));
        assertEquals(21, h.view.receivableMicros(1));
        assertEquals(-before, h.record.creditedMicros());
        assertEquals(RejectReason.CREDIT_EXHAUSTED, h.refused(h.limit("B", E8, PRICE)));
    }

    @Test
    void shouldJournalRefusalOfGrantAndApplyTheIdLater() {
        h.take(h.frames.grant(9, 77, GrantKind.TOP_UP, 5));
        assertEquals(RejectReason.UNKNOWN_TARGET.code(), h.record.reason());
        assertEquals(0, h.record.creditedMicros());
        h.take(h.frames.grant(9, 1, GrantKind.TOP_UP, 5));
        assertEquals(0, h.record.reason());
        assertEquals(5, h.record.creditedMicros());
    }

    @Test
    void shouldRefuseRefundThatIsMoreThanAvailable() {
        final long available = h.view.availableMicros(1);
        h.take(h.frames.grant(9, 1, GrantKind.REFUND, -available - 1));
        assertEquals(RejectReason.CREDIT_EXHAUSTED.code(), h.record.reason());
        assertEquals(available, h.view.availableMicros(1));
        h.take(h.frames.grant(9, 1, GrantKind.REFUND, -available));
        assertEquals(0, h.record.reason());
        assertEquals(0, h.view.availableMicros(1));
        assertEquals(0, h.view.receivableMicros(1));
    }

    @Test
    void shouldRefuseGrantThatOverflowsTheSum() {
        h.take(h.frames.grant(9, 1, GrantKind.TOP_UP, Long.MAX_VALUE));
        assertEquals(RejectReason.VALUE_OVERFLOW.code(), h.record.reason());
    }

    @Test
    void shouldNeverApplyGrantTwiceWhenItsTableIsFull() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().grantCapacity(3)).ready();
        small.take(small.frames.grant(2, 1, GrantKind.TOP_UP, 5));
        small.take(small.frames.grant(3, 1, GrantKind.TOP_UP, 5));
        final long granted = small.view.grantedMicros(1);
        small.take(small.frames.grant(4, 1, GrantKind.TOP_UP, 5));
        assertEquals(RejectReason.GRANT_TABLE_FULL.code(), small.record.reason());
        for (int id = 1; id <= 3; id++) {
            assertEquals(RouterCore.IGNORED, small.apply(small.frames.grant(id, 1, GrantKind.TOP_UP, 5)));
        }
        assertEquals(granted, small.view.grantedMicros(1));
    }

    @Test
    void shouldDoMassCancelThatCreditDoesNotCover() {
        h.working("A", E8, PRICE);
        h.take(h.frames.grant(9, 1, GrantKind.CHARGEBACK, h.view.grantedMicros(1)));
        h.take(h.frames.massCancel(SESSION, ++h.seq, "M", MassCancelScope.SESSION, ""));
        assertEquals(0, h.last().reason());
        assertEquals(0, h.record.requestUnits());
        h.settle();
        assertEquals(1, cancels());
    }

    @Test
    void shouldAnnounceEachBudgetThresholdOncePerPeriodAndStopAtTheBudget() {
        h.take(h.frames.plan(2, 1, 1, 1, false, 0, 0, 100));
        h.tenant.creditMode = CreditMode.POSTPAID;
        h.tenant.planId = 2;
        h.tenant.budget = 2_000;
        h.take(h.frames.tenant(1, h.tenant));
        h.clear();
        for (int i = 0; i < 20; i++) {
            h.take(h.limit("B" + i, E8, PRICE));
        }
        assertEquals("[70, 85, 95, 100]", h.clients.stream().filter(c -> c.template() == 84)
            .map(CoreHarness.Client::number).toList().toString());
        assertEquals(RejectReason.BUDGET_EXHAUSTED, h.refused(h.limit("NO", E8, PRICE)));
        assertEquals(0, h.record.requestUnits());
        h.take(h.frames.roll(1, PeriodKind.MONTH, h.now));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.roll(1, PeriodKind.MONTH, h.now)));
        h.take(h.limit("YES", E8, PRICE));
        assertEquals('A', h.last().execType());
        h.take(h.frames.budget(1, 50));
        assertEquals(RejectReason.BUDGET_EXHAUSTED, h.refused(h.limit("NO2", E8, PRICE)));
    }

    @Test
    void shouldChargeByGraduatedPricesAndPlanVersionInForce() {
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 2, 10, 0, 0, 3));
        h.take(h.frames.plan(3, 2, h.now + 1_000_000_000L, 0, false, 0, 0, 50));
        h.tenant.planId = 3;
        h.take(h.frames.tenant(1, h.tenant));
        final long[] expected = {10, 10, 3, 3};
        for (int i = 0; i < 4; i++) {
            h.take(h.limit("P" + i, E8, PRICE));
            assertEquals(expected[i], h.record.debitMicros());
            assertEquals(1, h.record.planVersion());
        }
        h.after(1_000);
        h.take(h.limit("P9", E8, PRICE));
        assertEquals(50, h.record.debitMicros());
        assertEquals(2, h.record.planVersion());
    }

    @Test
    void shouldRefuseASlidingWindowThatNoLogCanHold() {
        final int length = h.frames.limit(77, 1, LimitScope.KEY, LimitShape.SLIDING_WINDOW, 1L << 30,
            1_000_000_000L, 0, 0, 0, 0, 1, 0);
        assertEquals(RouterCore.MALFORMED, h.apply(length));
        assertEquals(RejectReason.VALUE_OVERFLOW.code(), h.core.lastReason());
    }

    @Test
    void shouldRefuseWithoutPlanAndNotCharge() {
        h.tenant.planId = 77;
        h.take(h.frames.tenant(1, h.tenant));
        assertEquals(RejectReason.NO_PLAN, h.refused(h.limit("A", E8, PRICE)));
        assertEquals(0, h.record.requestUnits());
    }

    @Test
    void shouldChargeFillOncePerOrderWhenPlanSaysSo() {
        h.take(h.frames.plan(4, 1, 1, 5, true, 2, 0, 7));
        h.tenant.planId = 4;
        h.take(h.frames.tenant(1, h.tenant));
        final long id = h.working("A", 3 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals(7, h.record.debitMicros());
        h.take(h.fill(id, E8, PRICE, 2));
        assertEquals(0, h.record.filledUnits());
    }

    @Test
    void shouldChargeScheduleTimeInMilliseconds() {
        h.take(h.frames.plan(5, 1, 1, 0, false, 3, 0, 2));
        h.tenant.planId = 5;
        h.take(h.frames.tenant(1, h.tenant));
        h.take(h.frames.scheduleStart(SESSION, 1, 5));
        h.now += 1_500_999_999L;
        h.take(h.frames.scheduleStop(SESSION, 1, 5));
        assertEquals(1_500, h.record.computeMs());
        assertEquals(3_000, h.record.debitMicros());
        assertEquals(RejectReason.UNKNOWN_TARGET, h.refused(h.frames.scheduleStop(SESSION, 1, 5)));
    }

    @Test
    void shouldMeasureSchedulesOfTwoTenantsWithOneId() {
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.scheduleStart(SESSION, 1, 5));
        h.take(h.frames.scheduleStart(12, 2, 5));
        h.now += 1_000_000_000L;
        h.take(h.frames.scheduleStop(SESSION, 1, 5));
        assertEquals(1_000, h.record.computeMs());
        assertEquals(1, h.record.tenantId());
        assertEquals(RejectReason.UNKNOWN_TARGET, h.refused(h.frames.scheduleStop(SESSION, 1, 5)));
        h.take(h.frames.scheduleStop(12, 2, 5));
        assertEquals(1_000, h.record.computeMs());
        assertEquals(2, h.record.tenantId());
    }

    @Test
    void shouldMeasureNoSecondScheduleOfAnIdWhenReplayingEarlierRules() {
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.core.rulesVersion(2);
        h.take(h.frames.scheduleStart(SESSION, 1, 5));
        assertEquals(RejectReason.NONE, h.refused(h.frames.scheduleStart(12, 2, 5)));
        h.core.rulesVersion(3);
        assertEquals(RejectReason.UNKNOWN_TARGET, h.refused(h.frames.scheduleStop(12, 2, 5)));
        h.take(h.frames.scheduleStop(SESSION, 1, 5));
    }

    @Test
    void shouldCancelOnDisconnectByModeAfterGrace() {
        final CancelOnDisconnect[] modes = CancelOnDisconnect.values();
        for (int mode = 0; mode < 4; mode++) {
            for (final DisconnectCause cause : new DisconnectCause[] {DisconnectCause.LOGOUT,
                DisconnectCause.CONNECTION_LOST, DisconnectCause.REPLACED}) {
                final CoreHarness c = new CoreHarness().ready();
                c.take(c.frames.session(SESSION, 1, modes[mode], 500, 0, 0));
                c.working("A", E8, PRICE);
                c.clear();
                c.take(c.frames.disconnected(SESSION, ++c.seq, cause));
                c.after(499);
                assertEquals(0, c.venues.size(), "grace");
                c.after(1);
                final boolean expected = cause == DisconnectCause.LOGOUT ? mode >= 2
                    : cause == DisconnectCause.CONNECTION_LOST && mode % 2 == 1;
                assertEquals(expected ? 1 : 0, c.venues.size(), modes[mode] + " " + cause);
            }
        }
    }

    @Test
    void shouldNotCancelWhenSessionIsBackWithinGrace() {
        h.take(h.frames.session(SESSION, 1, CancelOnDisconnect.ON_DISCONNECT, 500, 0, 0));
        h.working("A", E8, PRICE);
        h.take(h.frames.disconnected(SESSION, ++h.seq, DisconnectCause.CONNECTION_LOST));
        h.after(400);
        h.take(h.frames.connected(SESSION, 1, ++h.seq, false));
        h.after(10_000);
        assertEquals(0, cancels());
    }

    @Test
    void shouldWorkOffMassCancelInSlicesAndLeaveLaterOrdersAlone() {
        for (int i = 0; i < 100; i++) {
            h.working("A" + i, E8, PRICE);
        }
        h.clear();
        h.take(h.frames.massCancel(SESSION, ++h.seq, "M", MassCancelScope.SESSION_SYMBOL, "BTC-USD"));
        assertEquals(100, h.last().number());
        assertEquals(0, cancels());
        h.working("LATER", E8, PRICE);
        h.tick();
        assertTrue(cancels() > 0 && cancels() <= 32, "slice " + cancels());
        h.settle();
        assertEquals(100, cancels());
    }

    @Test
    void shouldCancelEverythingOfKilledTenantAndRefuseNews() {
        h.working("A", E8, PRICE);
        h.clear();
        h.take(h.frames.kill(KillScope.TENANT, 1, TradingState.HALTED, true));
        h.settle();
        assertEquals(1, cancels());
        assertEquals(RejectReason.TENANT_HALTED, h.refused(h.limit("B", E8, PRICE)));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertEquals('6', h.last().execType(), "the client may cancel too");
        assertEquals(1, cancels(), "and it is sent once");
    }

    @Test
    void shouldIgnoreConfigurationEqualToTheOneInForce() {
        final long next = h.core.nextSequence();
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.tenant(1, h.tenant)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.venue(1, 15, 100, 2_000, true, true)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.account(1, 1, 0)));
        assertEquals(RouterCore.IGNORED,
            h.apply(h.frames.session(SESSION, 1, CancelOnDisconnect.NONE, 0, 0, 0)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5)));
        assertEquals(next, h.core.nextSequence());
    }

    @Test
    void shouldKeepUsageWhenConfigurationChanges() {
        h.tenant.quotas = new long[] {1, 1, 0, 60_000_000_000L, 5, 2, 0, 1, 0, 9};
        h.take(h.frames.tenant(1, h.tenant));
        h.order("A", E8, PRICE);
        final long available = h.view.availableMicros(1);
        h.tenant.quotas = new long[] {2, 0, 1, 0, 20, 1, 1, 0, 60_000_000_000L, 6};
        h.tenant.maxOpen = 50;
        h.take(h.frames.tenant(1, h.tenant));
        assertEquals(1, h.view.quotaUsed(1, 1));
        assertEquals(1, h.view.quotaUsed(1, 2));
        assertEquals(available, h.view.availableMicros(1));
    }

    @Test
    void shouldAnswerAdminWithoutJournaling() {
        for (int i = 0; i < 40; i++) {
            h.working("A" + i, E8, PRICE);
        }
        final long next = h.core.nextSequence();
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.admin(AdminKind.ORDERS, 0)));
        assertEquals(33, h.admin.size());
        assertTrue(h.admin.get(0).contains("\"clOrdId\":\"A0\""), h.admin.get(0));
        assertEquals("FALSE 32 ", h.admin.get(32));
        h.admin.clear();
        h.apply(h.frames.admin(AdminKind.ORDERS, 32));
        assertEquals(9, h.admin.size());
        assertEquals("FALSE -1 ", h.admin.get(8));
        for (final AdminKind kind : new AdminKind[] {AdminKind.TENANT, AdminKind.SESSIONS, AdminKind.PING}) {
            h.admin.clear();
            h.apply(h.frames.admin(kind, 0));
            assertEquals(2, h.admin.size(), kind + " " + h.admin);
        }
        assertEquals(next, h.core.nextSequence());
    }

    /** A client's number, 64 bits of it. */
    @Test
    void shouldEndAListThatIsToGoOnBeyondItsEnd() {
        h.working("A", E8, PRICE);
        for (final AdminKind kind : AdminKind.values()) {
            for (final long from : new long[] {1L << 31, 0x8000_0001L, 0xFFFF_FFFFL, 1L << 40 | 1L << 31,
                Long.MAX_VALUE}) {
                h.admin.clear();
                if (kind != AdminKind.NULL_VAL) {
                    assertEquals(RouterCore.IGNORED, h.apply(h.frames.admin(kind, from)), kind + " " + from);
                    assertEquals("FALSE -1 ", h.admin.get(h.admin.size() - 1), kind + " " + from);
                }
            }
        }
    }

    @Test
    void shouldShareQueueBetweenTenantsMessageByMessage() {
        h.take(h.frames.venue(1, 1, 100, 60_000, false, true));
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        h.order("FIRST", E8, PRICE);
        for (int i = 0; i < 20; i++) {
            h.order("A" + i, E8, PRICE);
        }
        for (int i = 0; i < 5; i++) {
            h.take(h.frames.newOrder(12, 10 + i, "B" + i, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 2 * E8,
                PRICE));
        }
        h.clear();
        for (int i = 0; i < 10; i++) {
            h.after(1_000);
        }
        final long ofB = h.venues.stream().filter(v -> v.qty() == 2 * E8).count();
        assertEquals(10, h.venues.stream().filter(v -> v.template() == 70).count());
        assertEquals(5, ofB, "every second message is the small tenant's");
    }

    @Test
    void shouldKeepShareOfTheQueueForTheOtherTenant() {
        h.take(h.frames.venue(1, 1, 8, 60_000, false, true));
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        for (int i = 0; i < 7; i++) {
            h.order("A" + i, E8, PRICE);
        }
        assertEquals(RejectReason.VENUE_QUEUE_FULL, h.refused(h.limit("AX", E8, PRICE)));
        h.take(h.frames.newOrder(12, 10, "B", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldBatchOnlyWhereItPays() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 30, 0, 30, 0, 0, 0, 10, 0, 1, 9, 1));
        for (int i = 0; i < 7; i++) {
            h.order("A" + i, E8, PRICE);
        }
        assertEquals(4, h.view.queued(1));
        h.clear();
        h.after(334);
        assertEquals(1, h.lastVenue().count(), "the head passes alone as soon as it can");
        h.after(400);
        assertEquals(3, h.lastVenue().count(), "9 + 3 is less than 3 * 10");
        assertEquals(0, h.view.queued(1));
    }

    @Test
    void shouldNotBatchAcrossInstruments() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2, 1_000_000_000L, 0, 0, 0, 0, 1,
            0, 1, 1, 0));
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        for (int i = 0; i < 4; i++) {
            h.take(h.frames.newOrder(SESSION, ++h.seq, "Q" + i, i % 2 == 0 ? "BTC-USD" : "ETH-USD", Side.BUY,
                OrdType.LIMIT, TimeInForce.GTC, E8, PRICE));
        }
        h.clear();
        h.after(1_000);
        assertEquals(4, h.venues.size());
        assertTrue(h.venues.stream().allMatch(v -> v.count() == 2), h.venues.toString());
    }

    @Test
    void shouldLearnUsageAndBarFromTheVenue() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 10, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        h.take(h.frames.reading(1, 1, 10, NULL));
        h.order("A", E8, PRICE);
        assertEquals(1, h.view.queued(1));
        h.take(h.frames.reading(1, 1, 10, h.now + 5_000_000_000L));
        assertEquals(RejectReason.VENUE_BARRED, h.refused(h.limit("B", E8, PRICE)));
    }

    @Test
    void shouldJournalAndAnswerMalformedFrameThatNamesItsSession() {
        final int length = h.limit("A", E8, PRICE);
        assertEquals(RejectReason.MALFORMED, h.refused(length - 10));
        assertEquals(82, h.last().template());
        assertEquals(SESSION, h.last().session());
    }

    @Test
    void shouldNeverThrowAndStayReplayableWhenFramesAreDamaged() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("OperationsTest seed=" + seed);
        final Random random = new Random(seed);
        final long id = h.working("A", 100 * E8, PRICE);
        for (int i = 0; i < 40_000; i++) {
            final int length = damagedCandidate(random, id, i);
            for (int k = random.nextInt(3); k >= 0; k--) {
                h.frames.buffer.putByte(random.nextInt(length), (byte) random.nextInt(256));
            }
            h.now += random.nextInt(1_000_000);
            h.apply(random.nextInt(4) == 0 ? random.nextInt(length) : length);
            h.tick();
        }
        final CoreReplay replay = new CoreReplay(new RouterCore(new RouterCore.Context().sessionCapacity(16)
            .tenantCapacity(8).accountCapacity(8).instrumentCapacity(16).limitLogCapacity(1 << 14)
            .limitStateCapacity(64).venueOutboxCapacity(1 << 18).clientOutboxCapacity(1 << 18)
            .controlOutboxCapacity(1 << 17)), (s, b, o, l) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new org.agrona.concurrent.UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(h.records.size(), replay.records());
    }

    private int damagedCandidate(final Random random, final long id, final int i) {
        switch (random.nextInt(12)) {
            case 0:
                return h.limit("D" + i, E8, PRICE);
            case 1:
                return h.frames.cancel(SESSION, ++h.seq, "E" + i, "A");
            case 2:
                return h.frames.replace(SESSION, ++h.seq, "R" + i, "A", "BTC-USD", Side.BUY, OrdType.LIMIT,
                    TimeInForce.GTC, 101 * E8, PRICE);
            case 3:
                return h.fill(id, E8 / 1000, PRICE, i);
            case 4:
                return h.frames.tenant(1, h.tenant);
            case 5:
                return h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 50, 0, 50, 0, 0, 0, 1, 0);
            case 6:
                return h.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5);
            case 7:
                return h.frames.massCancel(SESSION, ++h.seq, "M" + i, MassCancelScope.SESSION, "");
            case 8:
                return h.frames.kill(KillScope.SESSION, SESSION, TradingState.ACTIVE, false);
            case 9:
                return h.frames.grant(1_000 + i, 1, GrantKind.TOP_UP, 10);
            case 10:
                return h.frames.price(1, PRICE, PRICE, PRICE, i);
            default:
                return h.frames.messageReject(1, id, 0, VenueMessageKind.CANCEL);
        }
    }
}
