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
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.TradingState;

/** A desk that mass cancels without end, over a table that once was full, delays nobody but itself. */
class MassCancelFloodTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int SESSION = CoreHarness.SESSION;
    private static final int OTHER_TENANTS_DESK = 21;
    /** Slots that one slice looks at. */
    private static final int SCAN = 4_096;
    private static final int TICK_SLICE = 32;
    private static final int JOBS = 120;
    private static final int SYMBOLS = 100;

    private CoreHarness h;

    @BeforeEach
    void ready() {
        ready(JOBS, SCAN);
    }

    /** Two tenants, and a table of which so many slots have been used. */
    private void ready(final int jobs, final int orders) {
        h = new CoreHarness(new RouterCore(new RouterCore.Context().jobCapacity(jobs).sessionCapacity(16)
            .tenantCapacity(8).accountCapacity(8).instrumentCapacity(SYMBOLS + 16).limitLogCapacity(1 << 14)
            .limitStateCapacity(64).openOrderCapacity(orders).closedOrderCapacity(64).clOrdIdCapacity(1 << 18)
            .clOrdIdsPerSessionDay(1 << 18).executionCapacity(1 << 10)));
        h.keepRecords = false;
        h.ready();
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(OTHER_TENANTS_DESK, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000_000));
        h.take(h.frames.connected(OTHER_TENANTS_DESK, 2, 1, false));
        for (int i = 0; i < SYMBOLS; i++) {
            h.take(h.frames.instrument(100 + i, 1, "C" + i + "-USD", InstrumentKind.SPOT, E8 / 100, E8 / 1000,
                E8 / 1000, E8, CoreHarness.NULL, 0));
        }
        h.settle();
        h.clear();
    }

    private long open(final int session, final String id) {
        h.take(h.frames.strategyOrder(session, ++h.seq, id, E8, PRICE, 0));
        final long order = h.record.sequence();
        assertEquals(0, h.record.reason(), id);
        h.take(h.frames.sentOne(CoreHarness.ACCOUNT, order));
        h.take(h.frames.execution(CoreHarness.ACCOUNT, order, 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.clear();
        return order;
    }

    private int massCancel(final int session, final MassCancelScope scope, final String symbol) {
        return h.frames.massCancel(session, ++h.seq, "Q" + h.seq, scope, symbol);
    }

    private int flood(final int most) {
        int taken = 0;
        while (taken < most && h.apply(massCancel(SESSION, MassCancelScope.SESSION_SYMBOL,
            "C" + taken % SYMBOLS + "-USD")) == RouterCore.TAKEN) {
            taken++;
        }
        return taken;
    }

    private int halt(final int session) {
        return h.frames.tradingSwitch(KillScope.SESSION, session, 0, TradingState.HALTED, true, KillTrigger.COMMAND);
    }

    private List<Long> cancelled() {
        return h.venues.stream().filter(v -> v.template() == 71 || v.template() == 75)
            .map(CoreHarness.Venue::orderId).toList();
    }

    @Test
    void shouldTakeVenueEventsAndSwitchesWhenADeskFillsTheListWithMassCancels() {
        final long order = open(OTHER_TENANTS_DESK, "A");
        for (int cycle = 0; cycle < 3; cycle++) {
            assertTrue(flood(10_000) < 10_000, "the list is full for clients");
            h.tick();
        }
        assertTrue(flood(10_000) < 10_000, "and once more, right after the tick");
        h.take(h.fill(order, E8 / 10, PRICE, 1));
        h.take(halt(OTHER_TENANTS_DESK));
        h.tick();
        assertEquals(List.of(order), cancelled(), "the switch goes first");
    }

    @Test
    void shouldTakeOneMassCancelForAllThatAskForTheSame() {
        ready(1 << 10, SCAN);
        final long order = open(SESSION, "A");
        for (int i = 0; i < 5_000; i++) {
            h.take(massCancel(SESSION, MassCancelScope.SESSION, ""));
            assertEquals(1, h.last().number(), "TotalAffectedOrders(533)");
            h.take(h.frames.massAction(SESSION, ++h.seq, "M" + i, MassActionType.CANCEL, MassCancelScope.STRATEGY, "",
                7));
        }
        final long later = open(SESSION, "B");
        h.take(massCancel(SESSION, MassCancelScope.SESSION, ""));
        assertEquals(2, h.last().number());
        h.tick();
        assertEquals(List.of(order, later), cancelled(), "what came between the two is meant, too");
        assertEquals(RouterCore.IGNORED, h.tick(), "and all is done with that");
    }

    @Test
    void shouldKeepWhatIsNotTheSameApart() {
        ready(1 << 10, SCAN);
        open(SESSION, "A");
        final long other = open(OTHER_TENANTS_DESK, "B");
        h.take(massCancel(OTHER_TENANTS_DESK, MassCancelScope.SESSION_SYMBOL, "ETH-USD"));
        h.take(massCancel(OTHER_TENANTS_DESK, MassCancelScope.SESSION_SYMBOL, "BTC-USD"));
        assertEquals(1, h.last().number());
        h.take(massCancel(OTHER_TENANTS_DESK, MassCancelScope.SESSION_SYMBOL, "ETH-USD"));
        assertEquals(0, h.last().number());
        h.settle();
        assertEquals(List.of(other), cancelled());
    }

    @Test
    void shouldServeTimersAndOthersWhileADeskKeepsEveryTickBusy() {
        ready(1 << 10, 2 * SCAN);
        h.take(h.frames.session(12, CoreHarness.TENANT, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(12, CoreHarness.TENANT, 1, false));
        for (int i = 0; i < 2 * SCAN; i++) {
            open(12, "A" + i);
        }
        h.take(massCancel(12, MassCancelScope.SESSION, ""));
        h.settle();
        for (final long order : cancelled()) {
            h.take(h.frames.execution(CoreHarness.ACCOUNT, order, 0, ExecType.CANCELED, OrdStatus.CANCELED,
                CoreHarness.NULL, CoreHarness.NULL, 0));
        }
        h.settle();
        h.clear();
        h.take(h.frames.strategyOrder(OTHER_TENANTS_DESK, ++h.seq, "L", E8, PRICE, 0));
        final long lost = h.record.sequence();
        assertTrue(flood(500) == 500);
        h.now += 5_000_000_000L; // its answer is overdue
        int ticks = 0;
        while (h.venues.stream().noneMatch(v -> v.template() == 74 && v.orderId() == lost)) {
            assertTrue(flood(TICK_SLICE) > 0, "no tick finds the list empty");
            h.now += 50_000_000L;
            h.tick();
            assertTrue(++ticks < 100, "a timer waits for as long as a desk likes");
        }
    }

    @Test
    void shouldComeOutTheSameByReplayAndBySnapshot() {
        h = new CoreHarness();
        h.ready();
        open(SESSION, "A");
        h.take(h.frames.roll(0, weir.protocol.sbe.PeriodKind.DAY, h.now));
        h.take(massCancel(SESSION, MassCancelScope.SESSION, ""));
        h.take(halt(SESSION));
        h.take(massCancel(SESSION, MassCancelScope.SESSION, ""));
        h.take(massCancel(SESSION, MassCancelScope.TENANT, ""));
        final ByteArrayOutputStream saved = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, saved);
        final int from = h.records.size();
        h.take(massCancel(SESSION, MassCancelScope.SESSION, ""));
        h.settle();
        assertEquals(RejectReason.SESSION_HALTED, h.refused(h.limit("B", E8, PRICE)));
        final RouterCore replayed = new CoreHarness().core;
        replay(replayed, h.records);
        assertEquals(List.of(), CoreWalk.differences(h.core, replayed, "RouterCore.malformed"));
        final RouterCore loaded = new CoreHarness().core;
        CoreSnapshot.open(new ByteArrayInputStream(saved.toByteArray())).loadInto(loaded);
        replay(loaded, h.records.subList(from, h.records.size()));
        assertEquals(List.of(), CoreWalk.differences(h.core, loaded, "RouterCore.malformed"));
    }

    private static void replay(final RouterCore into, final List<byte[]> records) {
        final CoreReplay replay = new CoreReplay(into, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
    }
}
