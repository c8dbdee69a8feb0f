package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.VenueState;

/** A router that is killed with its budgets spent, and comes back at once, spends nothing twice. */
class SpentBudgetRestartTest {
    private static final long E8 = CoreHarness.E8;
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST = 30;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBreachNothingAfterARestartAtASpentBudget(final boolean fromSnapshot) {
        final List<Long> sentNs = new ArrayList<>();
        CoreHarness h = new CoreHarness().ready();
        h.take(h.frames.limit(1, 1, LimitScope.KEY, LimitShape.SLIDING_WINDOW, MOST, SECOND, 0, 0, 0, 0, 1, 0, 1, 1,
            0));
        h.take(h.frames.limit(2, 1, LimitScope.IP, LimitShape.FIXED_WINDOW, 100, 10 * SECOND, 0, 0, 0, 0, 1, 0, 1, 1,
            0));
        h.take(h.frames.terms(2, 0, 100_000_000L));
        final java.util.Set<Long> batches = new java.util.HashSet<>();
        int restarts = 0;
        for (int step = 0; step < 2_000; step++) {
            h.after(10);
            h.apply(h.limit("O" + step, E8, 100 * E8));
            for (final CoreHarness.Venue message : h.venues) {
                if (message.template() == 70 && !batches.contains(message.batchLow())) {
                    batches.add(message.batchLow() == 0 ? -h.now : message.batchLow());
                    sentNs.add(h.now);
                }
            }
            h.clear();
            if (step % 37 == 36) {
                h = restarted(h, fromSnapshot);
                restarts++;
            }
        }
        final ArrayDeque<Long> window = new ArrayDeque<>();
        int most = 0;
        for (final long at : sentNs) {
            window.addLast(at);
            while (window.peekFirst() <= at - SECOND) {
                window.removeFirst();
            }
            most = Math.max(most, window.size());
            final long tenSeconds = at / (10 * SECOND);
            assertTrue(sentNs.stream().filter(t -> t / (10 * SECOND) == tenSeconds).count() <= 100);
        }
        assertTrue(most <= MOST, "most in a second: " + most);
        assertEquals(54, restarts);
        assertTrue(sentNs.size() > 150, "sent " + sentNs.size());
    }

    /** The core as recovery makes it: a snapshot, or all records; then connections come up again. */
    private static CoreHarness restarted(final CoreHarness before, final boolean fromSnapshot) {
        final CoreHarness after = new CoreHarness();
        if (fromSnapshot) {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CoreSnapshot.save(before.core, CoreSnapshot.NO_CRC, bytes);
            CoreSnapshot.open(new ByteArrayInputStream(bytes.toByteArray())).loadInto(after.core);
        } else {
            final CoreReplay replay = new CoreReplay(after.core, (sequence, buffer, offset, length) -> { });
            for (final byte[] record : before.records) {
                replay.onRecord(new UnsafeBuffer(record), 0, record.length);
            }
        }
        after.records.addAll(before.records);
        after.now = before.now;
        after.seq = before.seq;
        after.take(after.frames.started(0x0123_4567_89AB_CDEFL, 42));
        after.take(after.frames.connected(CoreHarness.SESSION, CoreHarness.TENANT, ++after.seq, false));
        after.take(after.frames.venueState(CoreHarness.ACCOUNT, VenueState.UP, CoreHarness.NULL));
        after.clear();
        return after;
    }
}
