package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AlertKind;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueState;

/** Trading states by scope and trigger, what they cancel and in which order, and that they outlive the process. */
class KillSwitchTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int SESSION = CoreHarness.SESSION;
    private static final int OTHER_DESK = 12;
    private static final int OTHER_TENANTS_DESK = 21;

    private CoreHarness h;

    /** Two tenants; the first with two desks. */
    @BeforeEach
    void ready() {
        ready(256);
    }

    private void ready(final int strategies) {
        h = new CoreHarness(new RouterCore.Context().strategyCapacity(strategies)).ready();
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(OTHER_DESK, 1, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.session(OTHER_TENANTS_DESK, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000_000));
        h.take(h.frames.connected(OTHER_DESK, 1, 1, false));
        h.take(h.frames.connected(OTHER_TENANTS_DESK, 2, 1, false));
        h.clear();
    }

    private long open(final int session, final String id, final int strategy) {
        h.take(h.frames.strategyOrder(session, ++h.seq, id, E8, PRICE, strategy));
        final long order = h.record.sequence();
        assertEquals(0, h.record.reason(), id);
        h.take(h.frames.sentOne(1, order));
        h.take(h.frames.execution(1, order, 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL, CoreHarness.NULL, 0));
        return order;
    }

    private RejectReason tried(final int session, final int strategy) {
        return h.refused(h.frames.strategyOrder(session, ++h.seq, "N" + h.seq, E8, PRICE, strategy));
    }

    private List<Long> cancelled() {
        return h.venues.stream().filter(v -> v.template() == 71 || v.template() == 75)
            .map(CoreHarness.Venue::orderId).toList();
    }

    private List<CoreHarness.Client> alerts(final AlertKind kind) {
        return h.clients.stream().filter(c -> c.template() == 84 && c.reason() == kind.value()).toList();
    }

    @Test
    void shouldStopOneStrategyOfOneTenantAndNotTheSameNumberOfAnother() {
        final long mine = open(SESSION, "A", 7);
        final long sameDesk = open(OTHER_DESK, "B", 7);
        open(SESSION, "C", 8);
        open(OTHER_TENANTS_DESK, "D", 7);
        h.take(h.frames.tradingSwitch(KillScope.STRATEGY, 7, 1, TradingState.HALTED, true, KillTrigger.COMMAND));
        h.settle();
        assertEquals(List.of(mine, sameDesk), cancelled());
        assertEquals(RejectReason.STRATEGY_HALTED, tried(SESSION, 7));
        assertEquals(RejectReason.STRATEGY_HALTED, tried(OTHER_DESK, 7));
        assertEquals(RejectReason.NONE, tried(SESSION, 8));
        assertEquals(RejectReason.NONE, tried(OTHER_TENANTS_DESK, 7));
        assertEquals("strategy 7 trigger=COMMAND by=alice", alerts(AlertKind.HALTED).get(0).text());
        h.take(h.frames.tradingSwitch(KillScope.STRATEGY, 7, 1, TradingState.ACTIVE, false, KillTrigger.COMMAND));
        assertEquals(RejectReason.NONE, tried(SESSION, 7));
    }

    @Test
    void shouldHaltAStrategyOfAllTenantsWhenNoTenantIsNamed() {
        h.take(h.frames.tradingSwitch(KillScope.STRATEGY, 7, 0, TradingState.CANCEL_ONLY, false, KillTrigger.FILE));
        assertEquals(RejectReason.STRATEGY_CANCEL_ONLY, tried(SESSION, 7));
        assertEquals(RejectReason.STRATEGY_CANCEL_ONLY, tried(OTHER_TENANTS_DESK, 7));
        assertEquals(RejectReason.NONE, tried(OTHER_TENANTS_DESK, 0));
    }

    @Test
    void shouldRefuseASwitchThatNamesAnUnknownTenantOrATenantForAnotherScope() {
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.tradingSwitch(KillScope.STRATEGY, 7, 99,
            TradingState.HALTED, true, KillTrigger.COMMAND)));
        assertEquals(RejectReason.UNKNOWN_TARGET.code(), h.core.lastReason());
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.tradingSwitch(KillScope.SESSION, SESSION, 1,
            TradingState.HALTED, true, KillTrigger.COMMAND)));
        assertEquals(RejectReason.MALFORMED.code(), h.core.lastReason());
        assertEquals(RejectReason.NONE, tried(SESSION, 7));
    }

    @Test
    void shouldEndWhatIsQueuedWithoutACancelAtTheVenueWhenItIsOnlyStopped() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        final long open = open(SESSION, "A", 0);
        h.order("Q1", E8, PRICE);
        h.order("Q2", E8, PRICE);
        assertEquals(2, h.view.queued(1));
        h.clear();
        h.take(h.frames.tradingSwitch(KillScope.TENANT, 1, 0, TradingState.CANCEL_ONLY, false, KillTrigger.COMMAND));
        h.settle();
        assertEquals(0, h.view.queued(1));
        assertEquals(List.of(), cancelled());
        assertEquals(2, h.clients.stream().filter(c -> c.template() == 80 && c.execType() == '4'
            && c.reason() == RejectReason.TENANT_CANCEL_ONLY.code()).count());
        assertEquals(1, h.view.openOrders(), "what is at the venue stays there");
        assertTrue(h.view.orderState(open) != 0);
        h.after(60_000);
        assertEquals(0, h.venues.size(), "nothing that waited leaves later");
    }

    @Test
    void shouldGoBeforeOtherJobsAndBeforeQueuedOrdersThatTimeMakesDue() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2, 1_000_000_000L, 0, 0, 0, 0, 1,
            0, 2, 1, 0));
        final long open = open(SESSION, "A", 0);
        h.order("B", E8, PRICE);
        h.order("Q", E8, PRICE);
        h.clear();
        h.now += 2_000_000_000L; // the queued order is due now, and so is the switch
        h.take(h.frames.roll(0, weir.protocol.sbe.PeriodKind.DAY, h.now));
        h.take(h.frames.tradingSwitch(KillScope.GLOBAL, 0, 0, TradingState.HALTED, true, KillTrigger.COMMAND));
        h.tick();
        assertEquals(2, cancelled().size(), h.venues.toString());
        assertEquals(open, cancelled().get(0));
        h.settle();
        assertEquals(0, h.venues.stream().filter(v -> v.template() == 70).count());
    }

    @Test
    void shouldTellOperatorsPerOrderWithStrategyDeskAndTenantWhatBecameOfIt() {
        final long mine = open(SESSION, "A", 7);
        final long other = open(OTHER_DESK, "B", 9);
        h.take(h.frames.tradingSwitch(KillScope.GLOBAL, 0, 0, TradingState.HALTED, true, KillTrigger.COMMAND));
        final long cause = h.record.sequence();
        h.settle();
        h.take(h.frames.execution(1, mine, 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.admin.clear();
        h.apply(h.frames.admin(AdminKind.CANCELLED, 0));
        assertEquals(3, h.admin.size(), h.admin.toString());
        final String first = h.admin.get(0);
        assertTrue(first.contains("\"cause\":" + cause + ",\"orderId\":" + mine + ",\"tenant\":1,\"session\":"
            + SESSION + ",\"strategy\":7,"), first);
        assertTrue(first.contains("\"ordStatus\":" + (int) '4'), first);
        final String second = h.admin.get(1);
        assertTrue(second.contains("\"orderId\":" + other + ",\"tenant\":1,\"session\":" + OTHER_DESK
            + ",\"strategy\":9,"), second);
        assertTrue(second.contains("\"cancelPhase\":2"), second);
        h.admin.clear();
        h.apply(h.frames.admin(AdminKind.SWITCHES, 0));
        assertEquals(2, h.admin.size(), h.admin.toString());
        assertTrue(h.admin.get(0).contains("\"scope\":0,\"id\":0,\"tenant\":0,\"state\":2"), h.admin.get(0));
    }

    @Test
    void shouldHoldAfterAKillOfTheProcessByReplayAndBySnapshot() {
        for (int i = 0; i < 100; i++) {
            open(i % 2 == 0 ? SESSION : OTHER_TENANTS_DESK, "A" + i, i % 3);
        }
        h.take(h.frames.guard(GuardKind.DEAD_MAN, 2, 5_000, 0, TradingState.HALTED, true));
        h.take(h.frames.massAction(OTHER_DESK, ++h.seq, "CA", MassActionType.SUSPEND, MassCancelScope.SESSION, "", 0));
        h.take(h.frames.tradingSwitch(KillScope.GLOBAL, 0, 0, TradingState.HALTED, true, KillTrigger.COMMAND));
        h.tick();
        h.tick(); // killed in the middle of the slices
        final int sent = cancelled().size();
        assertTrue(sent > 0 && sent < 100, "slices so far: " + sent);
        final CoreHarness replayed = new CoreHarness();
        replay(replayed, 0);
        final CoreHarness loaded = new CoreHarness();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, bytes);
        CoreSnapshot.open(new ByteArrayInputStream(bytes.toByteArray())).loadInto(loaded.core);
        for (final CoreHarness after : List.of(replayed, loaded)) {
            after.now = h.now;
            after.seq = h.seq;
            after.take(after.frames.started(0x0123_4567_89AB_CDEFL, 42));
            after.take(after.frames.connected(SESSION, 1, ++after.seq, false));
            after.take(after.frames.connected(OTHER_DESK, 1, ++after.seq, false));
            after.take(after.frames.venueState(1, VenueState.UP, CoreHarness.NULL));
            after.settle();
            assertEquals(RejectReason.ROUTER_HALTED,
                after.refused(after.frames.strategyOrder(SESSION, ++after.seq, "N", E8, PRICE, 0)));
            assertEquals(100 - sent, after.venues.stream().filter(v -> v.template() == 71).count(),
                "every order that was not cancelled before the kill is cancelled after it");
            after.take(after.frames.tradingSwitch(KillScope.GLOBAL, 0, 0, TradingState.ACTIVE, false,
                KillTrigger.COMMAND));
            assertEquals(RejectReason.SUSPENDED,
                after.refused(after.frames.strategyOrder(OTHER_DESK, ++after.seq, "S", E8, PRICE, 0)));
            after.clear();
            after.after(4_999);
            assertEquals(0, after.clients.stream().filter(c -> c.template() == 84).count(), "a full period anew");
            after.after(1);
            assertEquals(2, after.clients.stream().filter(c -> c.template() == 84).count());
        }
    }

    private void replay(final CoreHarness into, final int from) {
        final CoreReplay replay = new CoreReplay(into.core, (sequence, buffer, offset, length) -> { });
        for (int i = from; i < h.records.size(); i++) {
            replay.onRecord(new UnsafeBuffer(h.records.get(i)), 0, h.records.get(i).length);
        }
    }

    @Test
    void shouldHaltATenantWhoseOperatorFallsSilentAndNotResumeByAHeartbeat() {
        final long order = open(SESSION, "A", 0);
        open(OTHER_TENANTS_DESK, "B", 0);
        h.take(h.frames.guard(GuardKind.DEAD_MAN, 1, 1_000, 0, TradingState.HALTED, true));
        h.after(900);
        h.take(h.frames.heartbeat(1));
        h.after(999);
        assertEquals(List.of(), cancelled());
        h.after(1);
        assertEquals(List.of(order), cancelled());
        assertEquals(1, alerts(AlertKind.DEAD_MAN).size());
        assertEquals("tenant 1 trigger=DEAD_MAN", alerts(AlertKind.HALTED).get(0).text());
        h.take(h.frames.heartbeat(1));
        assertEquals(RejectReason.TENANT_HALTED, tried(SESSION, 0));
        assertEquals(RejectReason.NONE, tried(OTHER_TENANTS_DESK, 0));
        h.take(h.frames.tradingSwitch(KillScope.TENANT, 1, 0, TradingState.ACTIVE, false, KillTrigger.COMMAND));
        assertEquals(RejectReason.NONE, tried(SESSION, 0));
        h.after(1_000);
        assertEquals(2, alerts(AlertKind.DEAD_MAN).size(), "the heartbeat began a new period");
    }

    @Test
    void shouldHaltTheRouterByItsOwnTimerAndIgnoreHeartbeatsWhereNothingIsGuarded() {
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.heartbeat(0)));
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.heartbeat(99)));
        h.take(h.frames.guard(GuardKind.DEAD_MAN, 0, 500, 0, TradingState.CANCEL_ONLY, false));
        h.after(500);
        assertEquals(RejectReason.ROUTER_CANCEL_ONLY, tried(SESSION, 0));
        h.take(h.frames.guard(GuardKind.DEAD_MAN, 0, 0, 0, TradingState.CANCEL_ONLY, false));
        h.take(h.frames.tradingSwitch(KillScope.GLOBAL, 0, 0, TradingState.ACTIVE, false, KillTrigger.COMMAND));
        h.after(100_000);
        assertEquals(RejectReason.NONE, tried(SESSION, 0));
    }

    @Test
    void shouldMakeADeskCancelOnlyAtTheRejectThatReachesTheRuleAndNotBefore() {
        h.take(h.frames.guard(GuardKind.DESK_REJECTS, 1, 10_000, 5, TradingState.CANCEL_ONLY, false));
        for (int i = 0; i < 4; i++) {
            assertEquals(RejectReason.UNKNOWN_SYMBOL, bad(SESSION));
        }
        h.after(10_001);
        for (int i = 0; i < 4; i++) {
            assertEquals(RejectReason.UNKNOWN_SYMBOL, bad(SESSION));
        }
        assertEquals(RejectReason.NONE, tried(SESSION, 0), "eight rejects, four of them outside the window");
        assertEquals(RejectReason.UNKNOWN_SYMBOL, bad(OTHER_DESK));
        assertEquals(RejectReason.UNKNOWN_SYMBOL, bad(SESSION));
        assertEquals(RejectReason.SESSION_CANCEL_ONLY, tried(SESSION, 0));
        assertEquals(RejectReason.NONE, tried(OTHER_DESK, 0));
        assertEquals(1, alerts(AlertKind.REJECT_LIMIT).size());
        assertEquals("session 11 trigger=REJECTS", alerts(AlertKind.CANCEL_ONLY).get(0).text());
        for (int i = 0; i < 20; i++) {
            assertEquals(RejectReason.SESSION_CANCEL_ONLY, tried(SESSION, 0));
        }
        h.take(h.frames.tradingSwitch(KillScope.SESSION, SESSION, 0, TradingState.ACTIVE, false, KillTrigger.COMMAND));
        assertEquals(RejectReason.NONE, tried(SESSION, 0));
        assertEquals(1, alerts(AlertKind.REJECT_LIMIT).size(), "refusals by the state itself do not count");
    }

    @Test
    void shouldCountWhatTheVenueRefusesForTheStrategy() {
        h.take(h.frames.guard(GuardKind.STRATEGY_REJECTS, 1, 10_000, 3, TradingState.HALTED, true));
        for (int i = 0; i < 3; i++) {
            h.take(h.frames.strategyOrder(SESSION, ++h.seq, "V" + i, E8, PRICE, 5));
            final long order = h.record.sequence();
            h.take(h.frames.sentOne(1, order));
            h.take(h.frames.execution(1, order, 0, ExecType.REJECTED, OrdStatus.REJECTED, CoreHarness.NULL,
                CoreHarness.NULL, 0));
        }
        assertEquals(RejectReason.STRATEGY_HALTED, tried(SESSION, 5));
        assertEquals(RejectReason.STRATEGY_HALTED, tried(OTHER_DESK, 5));
        assertEquals(RejectReason.NONE, tried(SESSION, 6));
    }

    @Test
    void shouldRefuseARuleThatItCannotCount() {
        assertEquals(RouterCore.MALFORMED,
            h.apply(h.frames.guard(GuardKind.DESK_REJECTS, 1, 1_000, 65, TradingState.HALTED, true)));
        assertEquals(RouterCore.MALFORMED,
            h.apply(h.frames.guard(GuardKind.DESK_REJECTS, 0, 1_000, 5, TradingState.HALTED, true)));
        assertEquals(RouterCore.MALFORMED,
            h.apply(h.frames.guard(GuardKind.DEAD_MAN, 1, 1_000, 0, TradingState.ACTIVE, true)));
        h.take(h.frames.guard(GuardKind.DESK_REJECTS, 1, 1_000, 64, TradingState.HALTED, true));
        assertEquals(RouterCore.IGNORED,
            h.apply(h.frames.guard(GuardKind.DESK_REJECTS, 1, 1_000, 64, TradingState.HALTED, true)));
    }

    private RejectReason bad(final int session) {
        return h.refused(h.frames.newOrder(session, ++h.seq, "X" + h.seq, "NO-SUCH", weir.protocol.sbe.Side.BUY,
            weir.protocol.sbe.OrdType.LIMIT, weir.protocol.sbe.TimeInForce.GTC, E8, PRICE));
    }

    @Test
    void shouldCancelSuspendAndReleaseByMassActionWithinTheTenantAlone() {
        final long mine = open(SESSION, "A", 7);
        final long desk = open(OTHER_DESK, "B", 7);
        open(OTHER_TENANTS_DESK, "C", 7);
        h.clear();
        h.take(action(SESSION, MassActionType.CANCEL, MassCancelScope.STRATEGY, 7));
        assertEquals(83, h.last().template());
        assertEquals(2, h.last().number(), "TotalAffectedOrders(533)");
        h.settle();
        assertEquals(List.of(mine, desk), cancelled());
        h.take(action(SESSION, MassActionType.SUSPEND, MassCancelScope.TENANT, 0));
        assertEquals(RejectReason.SUSPENDED, tried(SESSION, 0));
        assertEquals(RejectReason.SUSPENDED, tried(OTHER_DESK, 0));
        assertEquals(RejectReason.NONE, tried(OTHER_TENANTS_DESK, 0));
        assertEquals(1, alerts(AlertKind.SUSPENDED).size());
        h.take(action(OTHER_DESK, MassActionType.RELEASE, MassCancelScope.TENANT, 0));
        assertEquals(RejectReason.NONE, tried(SESSION, 0));
        h.take(action(SESSION, MassActionType.SUSPEND, MassCancelScope.STRATEGY, 7));
        assertEquals(RejectReason.SUSPENDED, tried(OTHER_DESK, 7));
        assertEquals(RejectReason.NONE, tried(OTHER_DESK, 8));
        assertEquals(RejectReason.NONE, tried(OTHER_TENANTS_DESK, 7));
    }

    @Test
    void shouldHaltAStrategyWhenAnotherTenantUsedUpTheSlotsAndNeedsThemNoMore() {
        ready(2);
        for (int strategy = 1; strategy <= 2; strategy++) {
            h.take(action(SESSION, MassActionType.SUSPEND, MassCancelScope.STRATEGY, strategy));
        }
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.tradingSwitch(KillScope.STRATEGY, 9, 2,
            TradingState.HALTED, true, KillTrigger.COMMAND)), "both have a state");
        for (int strategy = 1; strategy <= 2; strategy++) {
            h.take(action(SESSION, MassActionType.RELEASE, MassCancelScope.STRATEGY, strategy));
        }
        h.take(h.frames.tradingSwitch(KillScope.STRATEGY, 9, 2, TradingState.HALTED, true, KillTrigger.COMMAND));
        assertEquals(RejectReason.STRATEGY_HALTED, tried(OTHER_TENANTS_DESK, 9));
        assertEquals(RejectReason.NONE, tried(SESSION, 1));
        assertEquals(RejectReason.NONE, tried(SESSION, 9));
        final CoreHarness loaded = new CoreHarness(new RouterCore(h.core.sizes()));
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, bytes);
        CoreSnapshot.open(new ByteArrayInputStream(bytes.toByteArray())).loadInto(loaded.core);
        assertEquals(List.of(), CoreWalk.differences(h.core, loaded.core, "RouterCore.malformed"));
        final CoreHarness replayed = new CoreHarness(new RouterCore(h.core.sizes()));
        replay(replayed, 0);
        assertEquals(List.of(), CoreWalk.differences(h.core, replayed.core, "RouterCore.malformed"));
    }

    @Test
    void shouldLeaveSlotsToOperatorsWhenADeskSuspendsAllItCan() {
        ready(8);
        int suspended = 0;
        while (h.refused(action(SESSION, MassActionType.SUSPEND, MassCancelScope.STRATEGY, suspended + 1))
            == RejectReason.NONE) {
            suspended++;
        }
        assertEquals(6, suspended);
        h.take(h.frames.tradingSwitch(KillScope.STRATEGY, 9, 2, TradingState.HALTED, true, KillTrigger.COMMAND));
        assertEquals(RejectReason.STRATEGY_HALTED, tried(OTHER_TENANTS_DESK, 9));
        assertEquals(RejectReason.SUSPENDED, tried(SESSION, suspended));
    }

    @Test
    void shouldCountAnewForTheStrategyThatTakesASlotOver() {
        ready(2);
        h.take(h.frames.guard(GuardKind.STRATEGY_REJECTS, 1, 10_000, 3, TradingState.HALTED, true));
        for (final int strategy : new int[] {1, 1, 2, 2, 3, 3, 4}) {
            h.now++;
            h.take(h.frames.strategyOrder(SESSION, ++h.seq, "X" + h.seq, -E8, PRICE, strategy));
        }
        assertEquals(RejectReason.NONE, tried(SESSION, 4));
        assertEquals(RejectReason.NONE, tried(SESSION, 3), "two of its own, none of those before it");
        h.take(h.frames.strategyOrder(SESSION, ++h.seq, "X" + h.seq, -E8, PRICE, 3));
        assertEquals(RejectReason.STRATEGY_HALTED, tried(SESSION, 3));
    }

    @Test
    void shouldNeverGiveASlotToAnotherWhenReplayingEarlierRules() {
        ready(2);
        h.core.rulesVersion(2);
        for (int strategy = 1; strategy <= 2; strategy++) {
            h.take(action(SESSION, MassActionType.SUSPEND, MassCancelScope.STRATEGY, strategy));
            h.take(action(SESSION, MassActionType.RELEASE, MassCancelScope.STRATEGY, strategy));
        }
        assertEquals(RejectReason.GATEWAY_BUSY,
            h.refused(action(SESSION, MassActionType.SUSPEND, MassCancelScope.STRATEGY, 3)));
    }

    @Test
    void shouldNotReleaseWhatAnOperatorHalted() {
        h.take(h.frames.tradingSwitch(KillScope.TENANT, 1, 0, TradingState.HALTED, false, KillTrigger.COMMAND));
        h.take(action(SESSION, MassActionType.RELEASE, MassCancelScope.TENANT, 0));
        assertEquals(RejectReason.TENANT_HALTED, tried(SESSION, 0));
    }

    @Test
    void shouldRefuseAMassActionWithoutPermissionOrMeaning() {
        assertEquals(RejectReason.UNSUPPORTED_MESSAGE,
            h.refused(action(SESSION, MassActionType.SUSPEND, MassCancelScope.SESSION_SYMBOL, 0)));
        assertEquals(RejectReason.UNKNOWN_TARGET,
            h.refused(action(SESSION, MassActionType.CANCEL, MassCancelScope.STRATEGY, 0)));
        assertEquals(RejectReason.UNKNOWN_SYMBOL, h.refused(h.frames.massAction(SESSION, ++h.seq, "S",
            MassActionType.CANCEL, MassCancelScope.SESSION_SYMBOL, "NO-SUCH", 0)));
        h.tenant.mayMass = false;
        h.take(h.frames.tenant(1, h.tenant));
        assertEquals(RejectReason.PERMISSION_DENIED,
            h.refused(action(SESSION, MassActionType.SUSPEND, MassCancelScope.TENANT, 0)));
        assertEquals(0, h.last().number());
        assertEquals(RejectReason.NONE, tried(SESSION, 0));
    }

    private int action(final int session, final MassActionType type, final MassCancelScope scope,
        final int strategy) {
        return h.frames.massAction(session, ++h.seq, "M" + h.seq, type, scope, "", strategy);
    }
}
