package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.ACCOUNT;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.VenueState;

/** Several cancels in one message, where the venue's contract makes that cheaper (Kraken: 9 + n instead of 10 n). */
class CancelBatchTest {
    private static final long PRICE = 40_000 * E8;
    private final CoreHarness h = new CoreHarness().ready();

    private void contract(final int venueFrame) {
        h.take(venueFrame);
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 500, 10_000_000_000L, 0, 0, 100,
            0, 10, 0, 1, 9, 1, 2, 10, 0, 3, 9, 1, 4, 10, 0));
    }

    private void working(final int orders) {
        for (int i = 0; i < orders; i++) {
            h.working("A" + i, E8, PRICE);
        }
        h.after(11_000);
        h.clear();
    }

    private List<CoreHarness.Venue> of(final int template) {
        return h.venues.stream().filter(v -> v.template() == template).toList();
    }

    private long messages() {
        return of(75).stream().mapToLong(CoreHarness.Venue::batchLow).distinct().count();
    }

    private void massCancel() {
        h.take(h.frames.massCancel(SESSION, ++h.seq, "M", MassCancelScope.SESSION, ""));
        h.settle();
    }

    @Test
    void shouldCancelManyOrdersInFewMessagesAtOnce() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        working(30);
        massCancel();
        assertEquals(30, of(75).size() + of(71).size(), "none waits: 30 singles would cost 300, batches cost less");
        assertEquals(30, h.venues.stream().map(CoreHarness.Venue::orderId).distinct().count());
        assertEquals(30, h.venues.stream().map(CoreHarness.Venue::idLow).distinct().count(), "each has its own id");
        assertTrue(messages() <= 4, messages() + " messages");
        assertTrue(of(75).stream().allMatch(v -> v.count() <= 13));
    }

    @Test
    void shouldCancelFiftyOrdersInOneWindowThatSinglesWouldNotFit() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 1_000, 10_000_000_000L, 0, 0, 100,
            0, 10, 0, 1, 9, 1, 2, 10, 0, 3, 9, 1, 4, 10, 0));
        working(80);
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 200, 10_000_000_000L, 0, 0, 100,
            0, 10, 0, 1, 9, 1, 2, 10, 0, 3, 9, 1, 4, 10, 0));
        massCancel();
        assertEquals(80, h.venues.size(), "200 units pay for 20 singles, or for 80 in batches");
    }

    @Test
    void shouldSendHeldCancelsTogetherWhenTheConnectionIsBack() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        working(5);
        h.take(h.frames.venueState(ACCOUNT, VenueState.BARRED, NULL));
        massCancel();
        assertEquals(0, of(75).size() + of(71).size(), "held");
        h.take(h.frames.venueState(ACCOUNT, VenueState.UP, NULL));
        h.settle();
        assertEquals(5, of(75).size());
        assertEquals(1, messages());
    }

    @Test
    void shouldSendASingleCancelAloneAndAtOnce() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        working(1);
        massCancel();
        assertEquals(1, of(71).size());
        assertEquals(0, of(75).size());
    }

    @Test
    void shouldHoldEachCancelOfABatchThatDidNotLeave() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        working(3);
        massCancel();
        final List<CoreHarness.Venue> sent = of(75);
        assertEquals(3, sent.size());
        h.clear();
        for (final CoreHarness.Venue cancel : sent) {
            h.take(h.frames.notSent(ACCOUNT, cancel.orderId(), cancel.idLow(),
                weir.protocol.sbe.VenueMessageKind.CANCEL));
        }
        h.after(1_000);
        assertEquals(3, of(75).size() + of(71).size(), "tried again");
    }

    @Test
    void shouldNotBatchWhenTheConfigurationNamesNoNumber() {
        contract(h.frames.venueOfVersion1(1, 15, 100, 2_000));
        working(10);
        massCancel();
        assertEquals(10, of(71).size(), "as a journal of schema version 1 has it");
        assertEquals(0, of(75).size());
    }

    @Test
    void shouldNotBatchWhereABatchIsNoCheaper() {
        h.take(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 500, 10_000_000_000L, 0, 0, 100,
            0, 1, 0, 2, 1, 0, 3, 0, 1));
        working(10);
        massCancel();
        assertEquals(10, of(71).size());
    }

    @Test
    void shouldReplayBatchesByteForByte() {
        contract(h.frames.cancelBatchVenue(1, 15, 13, 100, 2_000));
        working(30);
        massCancel();
        assertTrue(messages() > 0);
        final CoreReplay replay = new CoreReplay(new RouterCore(new RouterCore.Context().sessionCapacity(16)
            .tenantCapacity(8).accountCapacity(8).instrumentCapacity(16).limitLogCapacity(1 << 14)
            .limitStateCapacity(64).venueOutboxCapacity(1 << 18).clientOutboxCapacity(1 << 18)
            .controlOutboxCapacity(1 << 17)), (s, b, o, l) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(h.records.size(), replay.records());
    }
}
