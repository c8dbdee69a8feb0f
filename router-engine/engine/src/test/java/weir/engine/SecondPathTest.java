package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueState;

/** Which of two paths to its venue an order and its cancel take, on whose budget, and that they never overlap. */
class SecondPathTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int ACCOUNT = CoreHarness.ACCOUNT;
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private static final int FIRST_BURST = 5;
    private static final int SECOND_BURST = 4;
    private static final int RESERVE = 2;

    private final CoreHarness h = new CoreHarness();

    /** First path: 5 in a second. Second: a bucket of 4, of which 2 are for cancels alone, filled at 10 in a second. */
    @BeforeEach
    void ready() {
        h.ready();
        h.take(h.frames.limit(1, 1, LimitScope.KEY, LimitShape.SLIDING_WINDOW, FIRST_BURST, SECOND, 0, 0, 0,
            0, 1, 0, 1, 1, 0, 2, 1, 0, 4, 1, 0, 5, 1, 0));
        h.take(h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, SECOND_BURST, 0, 10, 0, RESERVE,
            9, 1, 0, 10, 1, 0, 11, 1, 0));
        h.clear();
    }

    private void first(final VenueState state) {
        h.take(h.frames.venueState(ACCOUNT, state, CoreHarness.NULL));
        h.settle();
    }

    private void second(final VenueState state) {
        h.take(h.frames.secondState(ACCOUNT, state, CoreHarness.NULL));
        h.settle();
    }

    private void ack(final long orderId) {
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        h.take(h.frames.execution(ACCOUNT, orderId, 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
    }

    private int cancel(final String id) {
        return h.frames.cancel(CoreHarness.SESSION, ++h.seq, "X" + id, id);
    }

    /** The venue answers every question: the order is open. */
    private void found() {
        for (int round = 0; round < 8; round++) {
            for (final CoreHarness.Venue asked : List.copyOf(of(74))) {
                h.apply(h.frames.orderState(ACCOUNT, asked.orderId(), VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
            }
            h.after(500);
        }
    }

    private List<CoreHarness.Venue> of(final int template) {
        return h.venues.stream().filter(v -> v.template() == template).toList();
    }

    @Test
    void shouldTakeTheFirstPathWhileItIsUpAndFree() {
        second(VenueState.UP);
        h.order("A", E8, PRICE);
        assertFalse(h.lastVenue().second());
    }

    @Test
    void shouldTakeTheSecondPathWhileTheFirstIsDown() {
        first(VenueState.DOWN);
        assertEquals(RejectReason.VENUE_DOWN, h.refused(h.limit("A", E8, PRICE)), "no path at all");
        second(VenueState.UP);
        h.order("B", E8, PRICE);
        assertTrue(h.lastVenue().second());
        ack(h.record.orderId());
        first(VenueState.UP);
        h.clear();
        h.order("C", E8, PRICE);
        assertFalse(h.lastVenue().second(), "back on the first");
    }

    @Test
    void shouldKeepToTheSecondBudgetAndNameTheEarliestTime() {
        first(VenueState.DOWN);
        second(VenueState.UP);
        for (int i = 0; i < SECOND_BURST - RESERVE; i++) {
            h.order("A" + i, E8, PRICE);
        }
        assertEquals(SECOND_BURST - RESERVE, of(70).size());
        final int length = h.limit("B", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + 50 * MS);
        assertEquals(RejectReason.VENUE_THROTTLED, h.refused(length));
        assertEquals(100, h.last().b(), "a token in a tenth of a second");
        h.order("C", E8, PRICE);
        assertEquals(SECOND_BURST - RESERVE, of(70).size(), "it waits");
        h.after(100);
        assertEquals(SECOND_BURST - RESERVE + 1, of(70).size());
        assertTrue(h.lastVenue().second());
    }

    @Test
    void shouldRerouteWhatWouldMissItsDeadlineByTheFirstPathAndNothingElse() {
        second(VenueState.UP);
        for (int i = 0; i < FIRST_BURST; i++) {
            h.order("A" + i, E8, PRICE);
        }
        h.clear();
        h.order("patient", E8, PRICE);
        assertTrue(h.venues.isEmpty(), "it passes by the first path within its deadline of two seconds");
        final int length = h.limit("urgent", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + 300 * MS);
        h.take(length);
        assertEquals(1, h.venues.size());
        assertTrue(h.lastVenue().second());
        h.after(1_001);
        assertEquals(2, h.venues.size());
        assertFalse(h.lastVenue().second());
    }

    @Test
    void shouldNotSpendOneBudgetForTheOther() {
        second(VenueState.UP);
        first(VenueState.DOWN);
        for (int i = 0; i < SECOND_BURST - RESERVE; i++) {
            h.order("A" + i, E8, PRICE);
            ack(h.record.orderId());
        }
        first(VenueState.UP);
        found();
        h.clear();
        for (int i = 0; i < FIRST_BURST; i++) {
            h.order("B" + i, E8, PRICE);
        }
        assertEquals(FIRST_BURST, of(70).stream().filter(v -> !v.second()).count());
    }

    @Test
    void shouldCancelByTheSecondPathWhatTheFirstPlacedAndTheReverse() {
        h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.take(cancel("A"));
        h.settle();
        assertTrue(of(71).get(0).second());
        found();
        ack(h.order("B", E8, PRICE));
        assertTrue(of(70).get(of(70).size() - 1).second());
        first(VenueState.UP);
        h.clear();
        h.take(cancel("B"));
        h.settle();
        assertFalse(of(71).get(0).second());
    }

    @Test
    void shouldLeaveTheReserveToCancels() {
        for (int i = 0; i < 4; i++) {
            h.working("W" + i, E8, PRICE);
        }
        second(VenueState.UP);
        first(VenueState.DOWN);
        found();
        h.clear();
        for (int i = 0; i < SECOND_BURST; i++) {
            h.order("A" + i, E8, PRICE);
        }
        h.take(cancel("W0"));
        h.take(cancel("W1"));
        assertEquals(2, of(70).size());
        assertEquals(2, of(71).size(), "cancels pass where news wait");
    }

    @Test
    void shouldHoldACancelWhileItsOrderIsUnansweredOnThePathThatIsDown() {
        final long orderId = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.take(cancel("A"));
        h.settle();
        assertEquals(0, of(71).size(), "the order may yet arrive by the first path");
        assertEquals(1, of(74).size(), "it is asked for");
        h.take(h.frames.orderState(ACCOUNT, orderId, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        h.settle();
        assertEquals(1, of(71).size(), "answered: the cancel goes");
        assertTrue(of(71).get(0).second());
    }

    @Test
    void shouldSendAHeldCancelByTheFirstPathWhenThatIsBack() {
        final long orderId = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.take(cancel("A"));
        h.settle();
        first(VenueState.UP);
        assertEquals(1, of(71).size());
        assertFalse(of(71).get(0).second());
    }

    @Test
    void shouldNotLoseAnswersOfTheOtherPathWhenOneGoesDown() {
        second(VenueState.UP);
        first(VenueState.DOWN);
        final long orderId = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        first(VenueState.UP);
        h.clear();
        first(VenueState.DOWN);
        assertEquals(0, h.clients.stream().filter(CoreHarness.Client::unknown).count(), "its answer is awaited still");
        second(VenueState.DOWN);
        assertEquals(1, h.clients.stream().filter(CoreHarness.Client::unknown).count());
    }

    @Test
    void shouldAskForEveryOpenOrderByTheSecondPathWhenTheFirstIsLost() {
        h.working("A", E8, PRICE);
        h.working("B", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        assertEquals(2, of(74).size());
        second(VenueState.DOWN);
        h.clear();
        first(VenueState.UP);
        assertEquals(2, of(74).size(), "and again by the first");
    }

    @Test
    void shouldBarTheSecondPathAlone() {
        second(VenueState.UP);
        h.take(h.frames.secondState(ACCOUNT, VenueState.BARRED, h.now + SECOND));
        h.order("A", E8, PRICE);
        assertFalse(h.lastVenue().second(), "the first goes on");
        first(VenueState.DOWN);
        assertEquals(RejectReason.VENUE_DOWN, h.refused(h.limit("B", E8, PRICE)));
        h.after(1_000);
        h.order("C", E8, PRICE);
        assertTrue(h.lastVenue().second());
    }

    private int replace(final String id, final String orig) {
        return h.frames.replace(CoreHarness.SESSION, ++h.seq, id, orig, "BTC-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, 2 * E8, PRICE);
    }

    @Test
    void shouldReplaceByTheSecondPathWhileTheFirstIsDownAndAskByTheNewId() {
        h.working("A", E8, PRICE);
        final long orderId = h.record.orderId();
        second(VenueState.UP);
        first(VenueState.DOWN);
        found();
        h.clear();
        h.take(replace("R", "A"));
        assertEquals(1, of(72).size());
        assertTrue(of(72).get(0).second(), "and the message says so");
        final long replaceId = of(72).get(0).idLow();
        second(VenueState.DOWN);
        h.clear();
        second(VenueState.UP);
        h.after(1_000);
        assertTrue(!of(74).isEmpty(), "its answer is lost: it is asked for");
        assertTrue(of(74).stream().allMatch(asked -> asked.origLow() == replaceId), "what was placed bears that id");
        h.take(h.frames.execution(ACCOUNT, orderId, replaceId, ExecType.REPLACED, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
        h.clear();
        h.take(cancel("R"));
        h.settle();
        assertEquals(replaceId, of(71).get(0).origLow(), "the order goes by the replace's id");
        assertTrue(of(71).get(0).second());
    }

    private void answerAsItWas(final long orderId) {
        h.take(h.frames.orderState(ACCOUNT, orderId, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        h.settle();
    }

    @Test
    void shouldNotCallAReplaceRefusedByAnAnswerToAQuestionThatLeftBeforeIt() {
        final long orderId = h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        assertEquals(1, of(74).size(), "what is open is asked for");
        h.take(replace("R", "A"));
        h.after(150); // as soon as both halves are there
        final long replaceId = of(72).get(0).idLow();
        h.clear();
        answerAsItWas(orderId);
        assertTrue(h.clients.isEmpty(), "neither replaced nor refused: " + h.clients);
        h.after(1_000);
        assertTrue(!of(74).isEmpty(), "it is asked for again");
        replaced(orderId, replaceId);
        assertEquals('5', h.last().execType());
    }

    @Test
    void shouldCallAReplaceRefusedByAnAnswerToAQuestionThatLeftAfterIt() {
        final long orderId = h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.take(replace("R", "A"));
        h.after(150);
        h.after(1_000);
        h.clear();
        answerAsItWas(orderId);
        assertEquals(1, h.clients.size(), "refused: " + h.clients);
    }

    @Test
    void shouldReplaceNothingByTheSecondPathWhileItIsNotKnownToBeThere() {
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.order("A", E8, PRICE);
        assertEquals(RejectReason.ORDER_UNKNOWN_STATE, h.refused(replace("R", "A")));
    }

    /** The first is down, an order is known to be open, nothing is on its way. */
    private long downWithOneOpen() {
        final long orderId = h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        found();
        h.clear();
        return orderId;
    }

    private void replaced(final long orderId, final long replaceId) {
        h.take(h.frames.execution(ACCOUNT, orderId, replaceId, ExecType.REPLACED, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
    }

    private long used(final int limitId) {
        return h.view.limitUsed(limitId, ACCOUNT, h.now);
    }

    @Test
    void shouldCountOneOpenOrderHoweverOftenItIsReplacedByTheSecondPath() {
        h.take(h.frames.limit(3, 1, LimitScope.ACCOUNT, LimitShape.CONCURRENT, 1, 0, 0, 0, 0, 8, 1, 0));
        final long orderId = downWithOneOpen();
        String id = "A";
        for (int i = 0; i < 2; i++) {
            h.clear();
            h.take(replace("R" + i, id));
            assertEquals(1, of(72).size(), "a full count is none of a replace's business");
            id = "R" + i;
            replaced(orderId, of(72).get(0).idLow());
            h.after(1_000);
            assertEquals(1, used(3), "after replace " + i);
        }
        h.take(cancel(id));
        h.settle();
        h.take(h.frames.execution(ACCOUNT, orderId, 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
        assertEquals(0, used(3), "nothing is open");
        h.order("B", E8, PRICE);
        assertEquals(1, of(70).size(), "there is room again");
    }

    @Test
    void shouldPayBothHalvesOfAReplaceByTheSecondPathOrSendNone() {
        h.take(h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 10, 0, 1, 0, 0,
            9, 1, 0, 10, 1, 0));
        final long orderId = downWithOneOpen();
        h.after(20_000);
        String id = "A";
        final int seconds = 30;
        int sent = 0;
        for (int tenths = 0; tenths <= seconds * 10; tenths++) {
            h.clear();
            final String next = "R" + tenths;
            final int length = replace(next, id);
            h.frames.replaceOrder().queueDeadlineNs(h.now);
            if (h.refused(length) == RejectReason.NONE) {
                assertEquals(1, of(72).size());
                sent++;
                replaced(orderId, of(72).get(0).idLow());
                id = next;
            }
            h.after(100);
        }
        assertEquals((10 + seconds) / 2, sent, "a burst of 10 and one in a second, two messages a replace");
    }

    @Test
    void shouldReleaseAHeldReplaceByTheSecondPathWhenBothHalvesAreThere() {
        h.take(h.frames.venue(1, 15, 100, 30_000, true, true));
        h.take(h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 2, 0, 1, 0, 0, 9, 1, 0, 10, 1, 0));
        final long orderId = downWithOneOpen();
        h.after(5_000);
        h.take(replace("R", "A"));
        replaced(orderId, of(72).get(0).idLow());
        h.clear();
        h.take(replace("S", "R"));
        h.after(1_900);
        assertEquals(0, of(72).size(), "a cancel's worth is no replace's");
        h.after(100);
        assertEquals(1, of(72).size());
        assertEquals(2, used(2), "both halves are paid");
    }

    /** One working, one that the first path has not answered, and the first path's second is spent. */
    private long spent() {
        h.working("W", E8, PRICE);
        final long unanswered = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, unanswered));
        for (int i = 2; i < FIRST_BURST; i++) {
            h.order("B" + i, E8, PRICE);
        }
        h.clear();
        return unanswered;
    }

    /** No question takes of the budgets, and what waits has time. */
    private void patient() {
        h.take(h.frames.venue(1, 15, 100, 30_000, true, true));
        h.take(h.frames.limit(1, 1, LimitScope.KEY, LimitShape.SLIDING_WINDOW, FIRST_BURST, SECOND, 0, 0, 0,
            0, 1, 0, 1, 1, 0, 2, 1, 0, 4, 1, 0));
        h.take(h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.TOKEN_BUCKET, 10, 0, 10, 0, 0,
            9, 1, 0, 10, 1, 0));
    }

    @Test
    void shouldHoldAReplaceWhileItsOrderIsUnansweredOnThePathThatIsDown() {
        patient();
        final long unanswered = spent();
        h.take(replace("R", "A"));
        h.settle();
        assertEquals(0, of(72).size(), "the first path is spent");
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.after(2_000);
        assertEquals(0, of(72).size(), "the order may yet arrive by the first path, and then it stood there twice");
        h.apply(h.frames.orderState(ACCOUNT, unanswered, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        h.settle();
        assertEquals(1, of(72).size(), "answered: the replace goes");
        assertEquals(unanswered, of(72).get(0).orderId());
        assertTrue(of(72).get(0).second());
    }

    @Test
    void shouldSendAHeldReplaceByTheFirstPathWhenThatIsBack() {
        patient();
        final long unanswered = spent();
        h.take(replace("R", "A"));
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.after(2_000);
        first(VenueState.UP);
        assertEquals(1, of(72).size());
        assertEquals(unanswered, of(72).get(0).orderId());
        assertFalse(of(72).get(0).second());
    }

    @Test
    void shouldEndAHeldReplaceAtItsDeadlineWhenNoAnswerComes() {
        spent();
        h.take(replace("R", "A"));
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.after(2_000);
        assertEquals(0, of(72).size());
        assertEquals(RejectReason.QUEUE_DEADLINE, RejectReason.ofCode(h.clients.stream()
            .filter(c -> c.template() == 81 && c.id().equals("R")).findFirst().orElseThrow().reason()));
    }

    private void shouldSendTheWorkingOnesCancelFirst(final long unanswered) {
        assertEquals(1, of(71).size(), "what stands behind it goes by the second");
        assertTrue(of(71).get(0).second());
        h.after(1_001);
        assertEquals(2, of(71).size(), "and the head when it can");
        assertEquals(unanswered, of(71).get(1).orderId());
        assertFalse(of(71).get(1).second());
    }

    @Test
    void shouldLetACancelPassOneThatCannotGo() {
        second(VenueState.UP);
        final long unanswered = spent();
        h.take(cancel("A"));
        h.settle();
        assertEquals(0, of(71).size(), "the first path is spent, and by the second the order may be overtaken");
        h.take(cancel("W"));
        h.settle();
        shouldSendTheWorkingOnesCancelFirst(unanswered);
    }

    @Test
    void shouldNotHoldUpTheLaneForAHeadThatCannotGo() {
        final long unanswered = spent();
        h.take(cancel("A"));
        h.take(cancel("W"));
        h.settle();
        assertEquals(0, of(71).size(), "both wait");
        second(VenueState.UP);
        shouldSendTheWorkingOnesCancelFirst(unanswered);
    }

    @Test
    void shouldCountNotFoundOfWhatTheSecondPathSentWhenItsRequestIsDead() {
        second(VenueState.UP);
        first(VenueState.DOWN);
        final long orderId = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        second(VenueState.DOWN);
        first(VenueState.UP);
        for (int seconds = 10; seconds <= 60; seconds += 10) {
            h.after(10_000);
            h.apply(h.frames.orderState(ACCOUNT, orderId, VenueAnswer.NOT_FOUND, OrdStatus.NEW, CoreHarness.NULL,
                CoreHarness.NULL, CoreHarness.NULL));
            h.settle();
            assertEquals(seconds < 45 ? 1 : 0, h.view.openOrders(), "after " + seconds + " s");
        }
    }

    private void shouldSendTheHeadFirst(final long unanswered) {
        assertEquals(0, of(71).size(), "nothing passes the head");
        h.after(1_001);
        assertEquals(2, of(71).size());
        assertEquals(unanswered, of(71).get(0).orderId());
    }

    @Test
    void shouldLetNoCancelPassWhenReplayingEarlierRules() {
        second(VenueState.UP);
        final long unanswered = spent();
        h.core.rulesVersion(2);
        h.take(cancel("A"));
        h.take(cancel("W"));
        shouldSendTheHeadFirst(unanswered);
    }

    @Test
    void shouldHoldUpTheLaneForItsHeadWhenReplayingEarlierRules() {
        final long unanswered = spent();
        h.take(cancel("A"));
        h.take(cancel("W"));
        h.settle();
        h.core.rulesVersion(2);
        second(VenueState.UP);
        shouldSendTheHeadFirst(unanswered);
    }

    @Test
    void shouldReplaceByTheFirstPathAloneWhenReplayingEarlierRules() {
        h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        found();
        h.core.rulesVersion(2);
        assertEquals(RejectReason.REPLACE_NEEDS_FIRST_PATH, h.refused(replace("R", "A")));
        h.core.rulesVersion(3);
        assertEquals(RejectReason.NONE, h.refused(replace("S", "A")));
    }

    @Test
    void shouldTakeNotFoundOfWhatTheSecondPathSentAtOnceWhenReplayingEarlierRules() {
        second(VenueState.UP);
        first(VenueState.DOWN);
        final long orderId = h.order("A", E8, PRICE);
        h.take(h.frames.sentOne(ACCOUNT, orderId));
        second(VenueState.DOWN);
        first(VenueState.UP);
        h.after(10_000);
        h.core.rulesVersion(2);
        h.take(h.frames.orderState(ACCOUNT, orderId, VenueAnswer.NOT_FOUND, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, CoreHarness.NULL));
        assertEquals(0, h.view.openOrders());
    }

    @Test
    void shouldReplayAndRestoreToTheSameState() {
        h.working("A", E8, PRICE);
        second(VenueState.UP);
        first(VenueState.DOWN);
        h.order("B", E8, PRICE);
        ack(h.record.orderId());
        h.take(cancel("A"));
        for (int i = 0; i < 3; i++) {
            h.order("Q" + i, E8, PRICE);
        }
        h.after(150);
        first(VenueState.UP);
        h.take(cancel("B"));
        h.settle();
        final CoreHarness replayed = new CoreHarness();
        final List<String> sent = new ArrayList<>();
        final CoreReplay replay = new CoreReplay(replayed.core, new CoreReplay.Listener() {
            @Override
            public void onVenueOutput(final long sequence, final int venueId, final DirectBuffer buffer,
                final int offset, final int length) {
                sent.add(sequence + ":" + length);
            }

            @Override
            public void onClientOutput(final long sequence, final DirectBuffer buffer, final int offset,
                final int length) {
                // the record's CRC compares it
            }
        });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(h.core.nextSequence(), replayed.core.nextSequence());
        assertFalse(sent.isEmpty());
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, bytes);
        final CoreHarness restored = new CoreHarness();
        CoreSnapshot.open(new ByteArrayInputStream(bytes.toByteArray())).loadInto(restored.core);
        for (final CoreHarness next : List.of(h, replayed, restored)) {
            next.clear();
            next.now = h.now + 5 * SECOND;
            next.seq = h.seq;
            next.take(next.frames.venueState(ACCOUNT, VenueState.DOWN, CoreHarness.NULL));
            next.settle();
        }
        assertEquals(h.venues, replayed.venues);
        assertEquals(h.venues, restored.venues);
    }
}
