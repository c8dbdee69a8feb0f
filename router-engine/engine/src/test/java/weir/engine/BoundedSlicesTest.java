package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueMessageKind;

/**
 * At full size, 100,000 open orders and thousands of holders, a change of limits, a price, an order that stops waiting
 * and a refused batch, and the ticks after them, look at no more than a constant number of order slots, waiting orders,
 * positions and ids, which the core counts: the rest is worked off in slices that a snapshot keeps, a replay repeats.
 */
class BoundedSlicesTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final long NULL = CoreHarness.NULL;
    private static final int OPEN = 100_000;
    private static final int TENANTS = 3_000;
    private static final int HOLDERS = 2_000;
    /** Slots of orders, rows of positions and orders that wait, looked at by one call. */
    private static final int PER_CALL = 2 * 1_024 + 512;
    private static final int SELF_TRADE_PREVENTION = 9;
    private static final int SELF_TRADE_GROUP = 10;
    private static final int ORDER_TTL_MS = 17;
    private static final int MAX_GROSS = 4;
    private static final int LOOP_REJECTS_MAX = 16;
    private static final int NEWEST = 1;
    private static final int OLDEST = 2;

    private CoreHarness h;
    private long most;
    private int calls;

    @BeforeEach
    void ready() {
        ready(context());
    }

    private void ready(final RouterCore.Context context) {
        h = new CoreHarness(new RouterCore(context));
        h.keepRecords = false;
        h.ready();
    }

    private static RouterCore.Context context() {
        return new RouterCore.Context().openOrderCapacity(OPEN + 64).closedOrderCapacity(64)
            .clOrdIdCapacity(1 << 18).clOrdIdsPerSessionDay(1 << 18).positionCapacity(1 << 13)
            .tenantCapacity(TENANTS + 8).sessionCapacity(TENANTS + 8).accountCapacity(8).instrumentCapacity(16)
            .limitLogCapacity(1 << 14).limitStateCapacity(64).venueOutboxCapacity(1 << 18)
            .clientOutboxCapacity(1 << 18).controlOutboxCapacity(1 << 17);
    }

    @Test
    void shouldListOpenOrdersInSlicesWhenSelfTradeLimitsChange() {
        open(OPEN);
        final byte[] before = save(h.core);
        h.keepRecords = true;
        counted(h.frames.risk(CoreHarness.TENANT, false, SELF_TRADE_PREVENTION, 0, NEWEST, ORDER_TTL_MS, 0, 60_000));
        assertEquals(RejectReason.LIMITS_CHANGING, h.refused(sell("S1")), "its own orders are not all listed yet");
        assertEquals(0, h.core.nextDeadlineNs());
        final byte[] half = save(h.core);
        final int saved = h.records.size();
        int ticks = 0;
        while (ticksOnce()) {
            ticks++;
        }
        assertTrue(ticks >= OPEN / 1_024 - 1 && ticks <= OPEN / 1_024 + 2, "ticks " + ticks);
        assertTrue(most <= PER_CALL, "looked at " + most);
        assertEquals(RejectReason.SELF_TRADE, h.refused(sell("S3")));
        h.after(59_999);
        assertEquals(h.now + 1_000_000, h.core.nextDeadlineNs(), "each has its time to live");
        replays(before, 0);
        replays(half, saved);
    }

    @Test
    void shouldLockNobodyForWhatIsRefusedWhileLimitsChange() {
        open(2_500);
        h.take(h.frames.guard(GuardKind.DESK_REJECTS, CoreHarness.TENANT, 60_000, 4, TradingState.HALTED, false));
        h.take(h.frames.risk(CoreHarness.TENANT, false, SELF_TRADE_PREVENTION, 0, NEWEST, LOOP_REJECTS_MAX, 0, 3));
        for (int i = 0; i < 5; i++) {
            assertEquals(RejectReason.LIMITS_CHANGING, h.refused(sell("S" + i)), "order " + i);
        }
        h.settle();
        for (int i = 5; i < 8; i++) {
            assertEquals(RejectReason.SELF_TRADE, h.refused(sell("S" + i)), "neither locked nor halted");
        }
        assertEquals(RejectReason.STRATEGY_LOCKED, h.refused(sell("S8")), "three of another kind lock it");
        final int reason = h.refused(sell("S9")).code();
        assertEquals(2, reason / 100, "and four halt its desk: " + reason);
    }

    @Test
    void shouldServeAllTenantsByOneWalkWhenTheLimitsOfManyChange() {
        final int orders = 20_000;
        final int tenants = 30;
        for (int t = 10; t < 10 + tenants / 2; t++) {
            tenant(t);
            buy(t, "B");
        }
        open(orders);
        for (int t = 10 + tenants / 2; t < 10 + tenants; t++) {
            tenant(t);
            buy(t, "B");
        }
        final byte[] before = save(h.core);
        h.keepRecords = true;
        final long from = h.core.looked();
        for (int t = 10; t < 10 + tenants; t++) {
            counted(h.frames.risk(t, false, SELF_TRADE_PREVENTION, 0, NEWEST));
            if (t % 4 == 0) {
                ticksOnce();
            }
        }
        counted(h.frames.risk(10 + tenants - 1, false, SELF_TRADE_GROUP, 0, 5));
        final byte[] half = save(h.core);
        final int saved = h.records.size();
        assertEquals(RejectReason.LIMITS_CHANGING, h.refused(sellOf(10 + tenants - 1, "S")), "it began last");
        int ticks = 0;
        while (ticksOnce()) {
            assertTrue(++ticks < 1_000, "ticks do not end");
        }
        assertTrue(h.core.looked() - from < 4L * orders, "walked " + (h.core.looked() - from));
        assertTrue(most <= PER_CALL, "looked at " + most);
        for (int t = 10; t < 10 + tenants; t++) {
            assertEquals(RejectReason.SELF_TRADE, h.refused(sellOf(t, "T")), "tenant " + t);
        }
        replays(before, 0);
        replays(half, saved);
    }

    @Test
    void shouldLookAtNoOpenOrderWhenOtherLimitsChange() {
        open(OPEN);
        counted(h.frames.risk(CoreHarness.TENANT, false, MAX_GROSS, 0, 1_000_000_000 * E8));
        assertEquals(0, most);
        assertEquals(RejectReason.NONE, h.refused(sell("S1")));
    }

    @Test
    void shouldLookOnlyAtOrdersOfTheGroupWhenOneStopsWaiting() {
        for (int t = 10; t < TENANTS; t += 10) {
            tenant(t);
            h.take(h.frames.risk(t, false, SELF_TRADE_PREVENTION, 0, OLDEST));
            buy(t, "B");
            h.take(h.frames.newOrder(1_000 + t, ++h.seq, "S", "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC,
                E8, PRICE));
        }
        h.settle();
        assertTrue(h.view.openOrders() > 2 * TENANTS / 10 - 20, "each tenant has one that waits");
        for (final CoreHarness.Venue cancel : List.copyOf(h.venues)) {
            if (cancel.template() == 71) {
                counted(h.frames.execution(1, cancel.orderId(), 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL,
                    0));
                ticksOnce();
            }
        }
        assertTrue(calls > TENANTS / 10 && most <= 4, "looked at " + most + " in " + calls);
        assertEquals(TENANTS / 10 - 1, h.view.openOrders(), "only those that waited are left");
    }

    @Test
    void shouldValuePositionsInSlicesWhenAPriceChanges() {
        for (int t = 10; t < 10 + HOLDERS; t++) {
            final Frames.TenantSettings settings = new Frames.TenantSettings();
            settings.creditMode = CreditMode.POSTPAID;
            h.take(h.frames.tenant(t, settings));
            h.take(h.frames.risk(t, false, 8, CoreHarness.BTC, t * E8));
        }
        h.take(h.frames.session(1_010, 10, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(1_010, 10, 1, false));
        h.take(h.frames.risk(10, false, 5, 0, 1_011 * E8));
        counted(h.frames.price(CoreHarness.BTC, PRICE, PRICE, PRICE, h.now));
        ticksOnce();
        final byte[] half = save(h.core);
        h.keepRecords = true;
        h.now += 1;
        counted(h.frames.price(CoreHarness.BTC, 101 * E8, 101 * E8, 101 * E8, h.now));
        assertEquals(RejectReason.EXPOSURE, h.refused(h.frames.newOrder(1_010, ++h.seq, "E", "BTC-USD", Side.BUY,
            OrdType.LIMIT, TimeInForce.GTC, 2 * E8, E8)), "its own position is valued before its order is judged");
        int ticks = 0;
        while (ticksOnce()) {
            ticks++;
        }
        assertTrue(ticks > 1 && ticks <= 2 * HOLDERS / 1_024 + 3, "ticks " + ticks);
        assertTrue(most <= PER_CALL, "looked at " + most);
        for (int t = 10; t < 10 + HOLDERS; t++) {
            assertEquals(t * 101 * E8, h.view.grossExposure(t), "every holder is valued at the last price");
        }
        replays(half, 0);
    }

    /** Journals of schema versions 1 and 2 have no ticks for it, and no order that was refused meanwhile. */
    @Test
    void shouldReachEveryOrderAtOnceWhenReplayingEarlierRules() {
        final int orders = 2_500;
        open(orders);
        h.core.rulesVersion(2);
        counted(h.frames.risk(CoreHarness.TENANT, false, SELF_TRADE_PREVENTION, 0, NEWEST, ORDER_TTL_MS, 0, 60_000));
        assertEquals(orders, most);
        assertEquals(h.now + 60_000_000_000L, h.core.nextDeadlineNs(), "all are timed, and no sweep is left to ticks");
        assertEquals(RejectReason.SELF_TRADE, h.refused(sell("S1")), "and listed");
        most = 0;
        counted(h.frames.risk(CoreHarness.TENANT, false, MAX_GROSS, 0, 1_000_000_000 * E8));
        assertEquals(orders, most, "whatever limit it is");
    }

    @Test
    void shouldValueEveryHolderAtOnceWhenReplayingEarlierRules() {
        final int holders = 600;
        for (int t = 10; t < 10 + holders; t++) {
            h.take(h.frames.tenant(t, new Frames.TenantSettings()));
            h.take(h.frames.risk(t, false, 8, CoreHarness.BTC, t * E8));
        }
        h.core.rulesVersion(2);
        counted(h.frames.price(CoreHarness.BTC, PRICE, PRICE, PRICE, h.now));
        assertEquals(holders, most);
        for (int t = 10; t < 10 + holders; t++) {
            assertEquals(t * PRICE, h.view.grossExposure(t));
        }
        assertEquals(RouterCore.IGNORED, h.tick());
    }

    @Test
    void shouldLetMoreThanAGroupsListWaitOnlyWhenReplayingEarlierRules() {
        final int tenants = 9;
        final int each = 32;
        for (int t = 10; t < 10 + tenants; t++) {
            tenant(t);
            h.take(h.frames.risk(t, false, SELF_TRADE_PREVENTION, 0, OLDEST, SELF_TRADE_GROUP, 0, 77));
        }
        buy(10, "B");
        h.core.rulesVersion(2);
        for (int i = 0; i < tenants * each; i++) {
            assertEquals(RejectReason.NONE, h.refused(sellOf(10 + i % tenants, "S" + i)), "order " + i);
        }
        assertEquals(RejectReason.SELF_TRADE, h.refused(sellOf(10, "M")), "32 of a tenant, then as now");
        assertEquals(tenants * each + 1, h.view.openOrders());
        tenant(10 + tenants);
        h.take(h.frames.risk(10 + tenants, false, SELF_TRADE_PREVENTION, 0, OLDEST, SELF_TRADE_GROUP, 0, 77));
        h.core.rulesVersion(3);
        assertEquals(RejectReason.SELF_TRADE, h.refused(sellOf(10 + tenants, "N")), "256 of a group");
    }

    @Test
    void shouldLookUpOnlyTheOrdersOfABatchThatTheVenueRefuses() {
        open(OPEN / 50);
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1, 1_000_000_000L, 0, 0, 0,
            0, 1, 0, 1, 1, 0));
        h.order("A", E8, PRICE);
        for (int i = 0; i < 4; i++) {
            h.order("Q" + i, E8, PRICE);
        }
        h.clear();
        h.after(1_000);
        final CoreHarness.Venue batch = h.lastVenue();
        assertEquals(4, batch.count());
        final int open = h.view.openOrders();
        h.clear();
        counted(h.frames.messageReject(CoreHarness.ACCOUNT, 0, batch.batchLow(), VenueMessageKind.NEW_BATCH));
        assertEquals(open - 4, h.view.openOrders());
        assertEquals(List.of("Q0", "Q1", "Q2", "Q3"), h.clients.stream().map(CoreHarness.Client::id).toList());
        assertTrue(most <= 15, "looked at " + most);
    }

    private void open(final int orders) {
        for (int i = 0; i < orders; i++) {
            h.working("B" + i, E8, PRICE);
            h.venues.clear();
            h.clients.clear();
        }
        h.settle();
        h.clear();
    }

    private void tenant(final int id) {
        final Frames.TenantSettings settings = new Frames.TenantSettings();
        settings.creditMode = CreditMode.POSTPAID;
        settings.budget = 1L << 50;
        h.take(h.frames.tenant(id, settings));
        h.take(h.frames.session(1_000 + id, id, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(1_000 + id, id, 1, false));
    }

    private void buy(final int tenant, final String id) {
        h.take(h.frames.newOrder(1_000 + tenant, ++h.seq, id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            E8, PRICE));
        final long order = h.record.sequence();
        h.take(h.frames.sentOne(CoreHarness.ACCOUNT, order));
        h.take(h.frames.execution(CoreHarness.ACCOUNT, order, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
    }

    private int sellOf(final int tenant, final String id) {
        return h.frames.newOrder(1_000 + tenant, ++h.seq, id, "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE);
    }

    private int sell(final String id) {
        return h.frames.newOrder(CoreHarness.SESSION, ++h.seq, id, "BTC-USD", Side.SELL, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE);
    }

    private void counted(final int length) {
        final long before = h.core.looked();
        h.take(length);
        most = Math.max(most, h.core.looked() - before);
        calls++;
    }

    private boolean ticksOnce() {
        final long before = h.core.looked();
        final boolean worked = h.tick() == RouterCore.TAKEN;
        most = Math.max(most, h.core.looked() - before);
        calls++;
        return worked;
    }

    /** From a snapshot on, the records since lead to the state of the live core. */
    private void replays(final byte[] snapshot, final int from) {
        final RouterCore again = new RouterCore(h.core.sizes());
        CoreSnapshot.open(new ByteArrayInputStream(snapshot)).loadInto(again);
        final CoreReplay replay = new CoreReplay(again, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : new ArrayList<>(h.records.subList(from, h.records.size()))) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(List.of(), CoreWalk.differences(h.core, again, "RouterCore.malformed"));
    }

    private static byte[] save(final RouterCore core) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }
}
