package weir.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** J3, J5, J7 and the arithmetic of orders and money, under random traffic against a venue that misbehaves. */
class RandomTrafficTest {
    @Test
    void shouldKeepInvariantsAndReplayByteForByteUnderRandomTraffic() {
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        System.out.println("RandomTrafficTest seed=" + seed + " (-Dweir.test.seed=" + seed + ")");
        final TrafficModel model = new TrafficModel(seed).withPlans();
        model.run(230_000);
        model.finish();
        System.out.println("RandomTrafficTest " + model.summary());
        assertTrue(model.harness.records.size() >= 200_000 && model.plans() > 10, model.summary());

        // The model's core, with 128 open orders at most, read nothing ahead; this one always does.
        final RouterCore again = new RouterCore(TrafficModel.context().lookAheadFrom(0));
        final CoreReplay replay = new CoreReplay(again, new CoreReplay.Listener() {
            @Override
            public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset,
                final int length) {
                assertTrue(length > 0);
            }
        });
        final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
        for (final byte[] record : model.harness.records) {
            frame.wrap(record);
            replay.onRecord(frame, 0, record.length);
            final byte[] rebuilt = new byte[again.record().length()];
            again.record().buffer().getBytes(0, rebuilt);
            assertArrayEquals(record, rebuilt);
        }
        assertEquals(model.harness.core.nextSequence(), again.nextSequence());
        assertEquals(model.harness.view.openOrders(), again.view().openOrders());
        assertEquals(model.harness.core.nextDeadlineNs(), again.nextDeadlineNs());
    }

    @Test
    void shouldNameFirstDifferingFieldWhenRecordWasChanged() {
        final TrafficModel model = new TrafficModel(7);
        model.run(500);
        final byte[] damaged = model.harness.records.get(100);
        damaged[60] ^= 1;
        final CoreReplay replay = new CoreReplay(new RouterCore(TrafficModel.context()), (s, b, o, l) -> { });
        final JournalDivergedException thrown = assertThrows(JournalDivergedException.class, () -> {
            for (final byte[] record : model.harness.records) {
                replay.onRecord(new UnsafeBuffer(record), 0, record.length);
            }
        });
        assertEquals(101, thrown.sequence());
        assertEquals("crc", thrown.field());
    }

    @Test
    void shouldRefuseRecordOutOfSequence() {
        final TrafficModel model = new TrafficModel(7);
        model.run(50);
        final CoreReplay replay = new CoreReplay(new RouterCore(TrafficModel.context()), (s, b, o, l) -> { });
        final byte[] second = model.harness.records.get(1);
        final JournalDivergedException thrown = assertThrows(JournalDivergedException.class,
            () -> replay.onRecord(new UnsafeBuffer(second), 0, second.length));
        assertEquals("sequence", thrown.field());
    }
}
