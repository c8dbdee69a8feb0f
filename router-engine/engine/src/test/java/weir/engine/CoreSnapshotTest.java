package weir.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.engine.snapshot.SnapshotUnusableException;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueState;

/** A core that was saved and loaded is the core that was saved, to the last field, and goes on like it. */
class CoreSnapshotTest {
    private static final long E8 = CoreHarness.E8;

    @Test
    void shouldGoOnAsAFullReplayDoesFromAnyPoint() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("CoreSnapshotTest seed=" + seed + " (-Dweir.test.seed=" + seed + ")");
        final TrafficModel model = new TrafficModel(seed).withPlans();
        final Random random = new Random(seed);
        final Map<Integer, byte[]> saved = new TreeMap<>();
        int next = 20;
        while (next < 40_000) {
            model.run(next);
            final byte[] bytes = save(model.harness.core);
            assertEquals(List.of(), CoreWalk.differences(model.harness.core, load(bytes, TrafficModel.context())));
            saved.put(model.harness.records.size(), bytes);
            next = model.harness.records.size() + 1 + random.nextInt(4_000);
        }
        model.finish();
        final List<byte[]> records = model.harness.records;
        final RouterCore full = new RouterCore(TrafficModel.context());
        feed(full, records, 0);
        for (final Map.Entry<Integer, byte[]> at : saved.entrySet()) {
            final RouterCore loaded = load(at.getValue(), TrafficModel.context());
            assertEquals(at.getKey() + 1, loaded.nextSequence());
            feed(loaded, records, at.getKey());
            assertEquals(List.of(), CoreWalk.differences(full, loaded, "RouterCore.malformed"),
                () -> "from record " + at.getKey());
        }
        System.out.println("CoreSnapshotTest " + saved.size() + " snapshots of " + CoreWalk.leaves(full)
            + " fields, the last has " + saved.get(new ArrayList<>(saved.keySet()).get(saved.size() - 1)).length
            + " bytes, " + records.size() + " records");
    }

    @Test
    void shouldSaveEveryFieldThatCanChange() throws Exception {
        final TrafficModel model = busy();
        final RouterCore core = model.harness.core;
        final Map<String, CoreWalk.Leaf> untouched =
            CoreWalk.equalLeaves(core, new RouterCore(TrafficModel.context()));
        System.out.println("still as constructed, changed by hand: " + untouched.keySet());
        for (final CoreWalk.Leaf leaf : untouched.values()) {
            leaf.poke();
        }
        final Map<String, CoreWalk.Leaf> left = CoreWalk.equalLeaves(core, new RouterCore(TrafficModel.context()));
        assertTrue(left.isEmpty(), () -> "cannot be told from a new core's: " + left.keySet());
        assertEquals(List.of(), CoreWalk.differences(core, load(save(core), TrafficModel.context())));
    }

    @Test
    void shouldLoadIntoLargerTablesAndGoOnTheSame() {
        final TrafficModel model = busy();
        final byte[] bytes = save(model.harness.core);
        final int from = model.harness.records.size();
        model.run(from + 4_000);
        model.finish();
        final RouterCore same = load(bytes, TrafficModel.context());
        final RouterCore larger = load(bytes, larger());
        feed(same, model.harness.records, from);
        feed(larger, model.harness.records, from);
        assertEquals(same.nextSequence(), larger.nextSequence());
        assertEquals(same.nextDeadlineNs(), larger.nextDeadlineNs());
        assertEquals(same.view().clOrdIds(), larger.view().clOrdIds());
    }

    @Test
    void shouldGoOnTheSameBetweenTheTermsOfAPlanVersionAndItsPrices() {
        final CoreHarness saved = new CoreHarness().ready();
        saved.take(saved.frames.planTerms(3, 1, 0, TierStart.RESTART, 0, 0));
        saved.take(saved.frames.plan(3, 1, 1, 1, false, 1, 0, 10, 2, 0, 5));
        saved.take(saved.frames.planTerms(3, 2, 0, TierStart.RESTART, 9, 9, 127, 0, 60, 9, 9));
        final CoreHarness loaded = new CoreHarness();
        CoreSnapshot.open(new ByteArrayInputStream(save(saved.core))).loadInto(loaded.core);
        loaded.now = saved.now;
        loaded.seq = saved.seq;
        for (final CoreHarness h : List.of(saved, loaded)) {
            h.take(h.frames.planTerms(3, 2, h.now + 9_000_000_000L, TierStart.CONTINUE, 0, 0));
            h.tenant.planId = 3;
            h.take(h.frames.tenant(1, h.tenant));
            h.order("A", E8, 100 * E8);
            assertEquals(15, h.record.reservedMicros());
            h.take(h.frames.plan(3, 2, h.now + 1_000_000_000L, 1, false, 1, 0, 40, 2, 0, 5));
            h.order("B", E8, 100 * E8);
            assertEquals(45, h.record.reservedMicros());
            h.after(1_000);
            h.order("C", E8, 100 * E8);
            assertEquals(2, h.record.planVersion());
        }
        assertEquals(List.of(), CoreWalk.differences(saved.core, loaded.core));
    }

    @Test
    void shouldUseTheNewRoomWhenTheSavedTableWasFull() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().openOrderCapacity(8).closedOrderCapacity(1)
            .clOrdIdCapacity(16).clOrdIdsPerSessionDay(16).executionCapacity(4)).ready();
        for (int i = 0; i < 8; i++) {
            final long order = small.working("A" + i, E8, 100 * E8);
            small.take(small.fill(order, E8 / 4, 100 * E8, i + 1));
        }
        assertEquals(weir.protocol.RejectReason.ORDER_TABLE_FULL, small.refused(small.limit("A8", E8, 100 * E8)));
        for (int i = 9; i < 16; i++) {
            small.apply(small.limit("A" + i, E8, 100 * E8));
        }
        assertEquals(weir.protocol.RejectReason.CLORDID_TABLE_FULL, small.refused(small.limit("B", E8, 100 * E8)));
        final CoreHarness large = new CoreHarness(new RouterCore.Context().openOrderCapacity(64)
            .closedOrderCapacity(8).clOrdIdCapacity(256).clOrdIdsPerSessionDay(256).executionCapacity(64));
        CoreSnapshot.open(new ByteArrayInputStream(save(small.core))).loadInto(large.core);
        large.now = small.now;
        large.seq = small.seq;
        for (int i = 0; i < 40; i++) {
            large.order("C" + i, E8, 100 * E8);
        }
        assertEquals(48, large.view.openOrders());
        assertEquals(weir.protocol.RejectReason.DUPLICATE_CLORDID, large.refused(large.limit("A3", E8, 100 * E8)));
        assertEquals(weir.protocol.RejectReason.DUPLICATE_CLORDID, large.refused(large.limit("C3", E8, 100 * E8)));
        // Trades 5 to 8 were in the full set of four and must still be known in the larger one.
        final long order = large.view.openOrderIds()[7];
        assertEquals(RouterCore.IGNORED, large.apply(large.fill(order, E8 / 4, 100 * E8, 8)));
        for (int i = 0; i < 40; i++) {
            large.take(large.fill(order, 1, 100 * E8, 100 + i));
        }
        assertEquals(RouterCore.IGNORED, large.apply(large.fill(order, E8 / 4, 100 * E8, 8)));
    }

    @Test
    void shouldRefuseSmallerTables() {
        final byte[] bytes = save(busy().harness.core);
        final SnapshotUnusableException thrown = assertThrows(SnapshotUnusableException.class,
            () -> load(bytes, TrafficModel.context().openOrderCapacity(32)));
        assertEquals(SnapshotUnusableException.Cause.SNAPSHOT_CAPACITY, thrown.code());
        assertTrue(thrown.getMessage().contains("orders"), thrown.getMessage());
    }

    @Test
    void shouldRefuseCutAndForeignStreams() {
        final byte[] bytes = save(busy().harness.core);
        for (int length = 0; length < bytes.length; length += 1 + length / 3) {
            final byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThrows(SnapshotUnusableException.class, () -> load(cut, TrafficModel.context()));
        }
        assertThrows(SnapshotUnusableException.class, () -> load(new byte[4096], TrafficModel.context()));
    }

    @Test
    void shouldSayWhetherTheStoresHoldAllOutputs() {
        final CoreHarness h = new CoreHarness().ready();
        h.order("A", E8, 100 * E8);
        final CoreHarness.Client report = h.last();
        final CoreSnapshot snapshot = CoreSnapshot.open(new ByteArrayInputStream(save(h.core)));
        assertEquals(h.core.nextSequence() - 1, snapshot.sequence());
        assertEquals(h.now, snapshot.epochNs());
        assertTrue(snapshot.isDelivered(holding(report.sequence(), report.index(), Long.MAX_VALUE)));
        assertFalse(snapshot.isDelivered(holding(report.sequence() - 1, 99, Long.MAX_VALUE)));
        h.take(h.frames.kill(KillScope.GLOBAL, 0, TradingState.CANCEL_ONLY, false));
        final CoreHarness.Client alert = h.last();
        assertEquals(84, alert.template());
        final byte[] after = save(h.core);
        assertFalse(CoreSnapshot.open(new ByteArrayInputStream(after))
            .isDelivered(holding(Long.MAX_VALUE, 0, alert.sequence() - 1)));
        assertTrue(CoreSnapshot.open(new ByteArrayInputStream(after))
            .isDelivered(holding(Long.MAX_VALUE, 0, alert.sequence())));
    }

    @Test
    void shouldNotWaitForAnAlertThatNobodyWasThereToHear() {
        final CoreHarness h = new CoreHarness().ready();
        h.take(h.frames.disconnected(CoreHarness.SESSION, ++h.seq, DisconnectCause.ROUTER_STOPPED));
        h.take(h.frames.venueState(CoreHarness.ACCOUNT, VenueState.DOWN, CoreHarness.NULL));
        assertEquals(84, h.last().template(), "the venue goes down after the desks have left");
        assertTrue(CoreSnapshot.open(new ByteArrayInputStream(save(h.core)))
            .isDelivered(holding(Long.MAX_VALUE, 0, h.last().sequence() - 1)));
    }

    private static CoreSnapshot.Deliveries holding(final long record, final int index, final long alerts) {
        return new CoreSnapshot.Deliveries() {
            @Override
            public boolean holds(final int sessionId, final long wanted, final int wantedIndex) {
                assertEquals(CoreHarness.SESSION, sessionId);
                return wanted < record || wanted == record && wantedIndex <= index;
            }

            @Override
            public boolean holdsAlert(final long wanted, final int wantedIndex) {
                return wanted <= alerts;
            }
        };
    }

    /** A core in which as much as possible is in use. */
    private static TrafficModel busy() {
        final TrafficModel model = new TrafficModel(11);
        final CoreHarness h = model.harness;
        h.take(h.frames.venue(2, 10, 50, 900, true, true));
        h.take(h.frames.account(3, 2, 1));
        h.take(h.frames.instrument(2, 2, "ETH-PERP", InstrumentKind.INVERSE, E8, E8, E8, E8, E8 / 10, 5_000));
        h.take(h.frames.limit(2, 2, LimitScope.IP, LimitShape.FIXED_WINDOW, 100, 1_000_000_000L, 0, 0, 5, 0, 1, 0));
        h.take(h.frames.limit(3, 2, LimitScope.ACCOUNT, LimitShape.CREDIT, 500, 0, 50, 0, 5, 0, 10, 0));
        h.take(h.frames.limit(4, 2, LimitScope.INSTRUMENT, LimitShape.CONCURRENT, 50, 0, 0, 0, 0, 8, 1, 0));
        h.take(h.frames.terms(2, 100_000_000L, 50_000_000L));
        h.take(h.frames.scopes(3, 7, 8, 9));
        h.take(h.frames.price(2, 100 * E8, 101 * E8, 100 * E8, h.now));
        h.take(h.frames.kill(KillScope.STRATEGY, 909, TradingState.CANCEL_ONLY, false));
        h.take(h.frames.kill(KillScope.VENUE, 2, TradingState.CANCEL_ONLY, false));
        h.take(h.frames.kill(KillScope.ACCOUNT, 3, TradingState.HALTED, false));
        h.take(h.frames.condition(SystemCondition.JOURNAL_LOW_SPACE, true));
        h.take(h.frames.condition(SystemCondition.JOURNAL_LOW_SPACE, false));
        for (int i = 0; i < 5; i++) {
            h.take(h.frames.scheduleStart(11, 1, 700 + i));
        }
        h.take(h.frames.scheduleStop(11, 1, 702));
        model.run(6_000);
        h.take(h.frames.roll(0, PeriodKind.WEEK, 1_000));
        h.take(h.frames.venueState(3, VenueState.BARRED, h.now + 1_000_000_000L));
        h.take(h.frames.kill(KillScope.TENANT, 2, TradingState.CANCEL_ONLY, true));
        h.take(h.frames.kill(KillScope.TENANT, 2, TradingState.ACTIVE, false));
        return model;
    }

    private static RouterCore.Context larger() {
        return TrafficModel.context().sessionCapacity(40).tenantCapacity(17).accountCapacity(30)
            .instrumentCapacity(200).limitLogCapacity(1 << 15).limitStateCapacity(200).clOrdIdCapacity(9000)
            .clOrdIdsPerSessionDay(1200).executionCapacity(10_000)
            .grantCapacity(1 << 19).scheduleCapacity(1 << 11).strategyCapacity(300).limitCapacity(400);
    }

    private static byte[] save(final RouterCore core) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }

    private static RouterCore load(final byte[] bytes, final RouterCore.Context context) {
        final RouterCore core = new RouterCore(context);
        CoreSnapshot.open(new ByteArrayInputStream(bytes)).loadInto(core);
        return core;
    }

    /** Replays, comparing every record with the one the live core wrote. */
    private static void feed(final RouterCore core, final List<byte[]> records, final int from) {
        final CoreReplay replay = new CoreReplay(core, (sequence, buffer, offset, length) -> { });
        for (int i = from; i < records.size(); i++) {
            final byte[] record = records.get(i);
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
            final byte[] rebuilt = new byte[core.record().length()];
            core.record().buffer().getBytes(0, rebuilt);
            assertArrayEquals(record, rebuilt);
        }
    }
}
