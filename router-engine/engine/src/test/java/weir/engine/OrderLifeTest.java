package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.engine.book.OrderBook;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;

/** Transitions of an order, its cancels and replaces, and the recovery of unknown states. */
class OrderLifeTest {
    private static final long PRICE = 40_000 * E8;
    private final CoreHarness h = new CoreHarness().ready();

    private int execution(final long id, final ExecType type, final OrdStatus status) {
        return h.frames.execution(1, id, 0, type, status, NULL, NULL, 0);
    }

    private void limitOne() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2, 1_000_000_000L, 0, 0, 1, 0, 1,
            0, 1, 1, 0, 2, 1, 0, 4, 1, 0, 5, 1, 0));
    }

    /** An order that was dispatched, whose connection then went down and up, and which was asked for. */
    private long lost() {
        final long id = h.order("A", E8, PRICE);
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        assertEquals(74, h.lastVenue().template());
        h.clear();
        return id;
    }

    private String seen() {
        final StringBuilder text = new StringBuilder();
        for (final CoreHarness.Client c : h.clients) {
            text.append(c.template() == 80 ? "" + c.execType() + c.status() : c.template() == 81 ? "9" + c.status()
                : c.template() == 83 ? "r" : c.template() == 84 ? "B" : "j").append(' ');
        }
        return text.toString().trim();
    }

    @Test
    void shouldReportLifeOfFilledOrder() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        h.take(h.fill(id, E8, PRICE + E8, 2));
        assertEquals("AA 00 F1 F2", seen());
        assertEquals(PRICE + E8 / 2, h.last().avg());
        assertEquals(OrderBook.FINAL, h.view.orderState(id));
        assertTrue(h.record.flags().finalState());
    }

    @Test
    void shouldUseOrderIdOfRecordAndUuidShapedVenueId() {
        final long id = h.order("A", E8, PRICE);
        assertEquals(h.record.sequence(), id);
        assertEquals(id, h.lastVenue().idLow() & 0xFFFF_FFFF_FFFFL);
        assertEquals(2, h.lastVenue().idLow() >>> 62);
        assertEquals(4, h.view.venueIdHigh() >>> 12 & 15);
        assertEquals(0x0123_4567_89AB_4DEFL, h.view.venueIdHigh());
    }

    @Test
    void shouldApplyExecutionOnce() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        final long next = h.core.nextSequence();
        assertEquals(RouterCore.IGNORED, h.apply(h.fill(id, E8, PRICE, 1)));
        assertEquals(E8, h.view.cumQty(id));
        assertEquals(next, h.core.nextSequence());
    }

    @Test
    void shouldApplyExecutionsOnceWhoseOrderHasTheRowOfAnother() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().openOrderCapacity(1).closedOrderCapacity(1))
            .ready();
        for (int i = 0; i < 6; i++) {
            final long id = small.working("A" + i, 3 * E8, PRICE);
            if (i % 2 == 0) {
                small.take(small.frames.execution(1, id, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL, 0));
            }
            for (int trade = 1; trade <= 2; trade++) {
                small.take(small.fill(id, E8, PRICE, trade));
                assertEquals(RouterCore.IGNORED, small.apply(small.fill(id, E8, PRICE, 1)));
                assertEquals(RouterCore.IGNORED, small.apply(small.fill(id, E8, PRICE, trade)));
                assertEquals(trade * E8, small.view.cumQty(id));
            }
            if (i % 2 != 0) {
                small.take(small.fill(id, E8, PRICE, 3));
            }
        }
    }

    @Test
    void shouldApplyFillThatComesBeforeTheAcknowledgement() {
        final long id = h.order("A", 2 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals(RouterCore.IGNORED, h.apply(execution(id, ExecType.NEW, OrdStatus.NEW)));
        assertEquals("AA F1", seen());
        assertEquals(1, h.record.sentUnits(), "the fill is the first evidence");
    }

    @Test
    void shouldApplyLateFillAfterCancel() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(execution(id, ExecType.CANCELED, OrdStatus.CANCELED));
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals("AA 00 44 F4", seen());
        assertEquals(E8, h.last().cum());
        assertEquals(0, h.last().leaves());
        assertEquals(1, h.record.filledUnits());
    }

    @Test
    void shouldFindOrderByItsVenueIdWhenAdapterDoesNotKnowIt() {
        final long id = h.order("A", E8, PRICE);
        final long low = h.lastVenue().idLow();
        h.take(h.frames.execution(1, 0, low, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        assertEquals(OrderBook.WORKING, h.view.orderState(id));
    }

    @Test
    void shouldCancelWorkingOrderAndChainClOrdIds() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertEquals(List.of("C", "A"), List.of(h.last().id(), h.last().orig()));
        assertEquals(71, h.lastVenue().template());
        assertEquals(0, h.record.requestUnits(), "cancels are free");
        h.take(execution(id, ExecType.CANCELED, OrdStatus.CANCELED));
        assertEquals("AA 00 66 44", seen());
        assertEquals(List.of("C", "A"), List.of(h.last().id(), h.last().orig()));
    }

    @Test
    void shouldRefuseCancelOfUnknownFinalAndPendingCancel() {
        assertEquals(RejectReason.UNKNOWN_ORDER, h.refused(h.frames.cancel(SESSION, ++h.seq, "C1", "NONE")));
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C2", "A"));
        assertEquals(RejectReason.CANCEL_PENDING, h.refused(h.frames.cancel(SESSION, ++h.seq, "C3", "A")));
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals(RejectReason.ORDER_FINAL, h.refused(h.frames.cancel(SESSION, ++h.seq, "C4", "A")));
    }

    @Test
    void shouldAnswerPendingCancelWhenTheOrderFillsFirst() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals("AA 00 66 F2 92", seen());
        assertEquals(RejectReason.ORDER_FINAL.code(), h.last().reason());
        assertEquals(RouterCore.IGNORED,
            h.apply(h.frames.cancelReject(1, id, 0, VenueMessageKind.CANCEL, 303)), "the venue's own answer is late");
    }

    @Test
    void shouldKeepOrderWorkingWhenVenueRefusesCancel() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        h.take(h.frames.cancelReject(1, id, h.lastVenue().idLow(), VenueMessageKind.CANCEL, 805));
        assertEquals("AA 00 66 90", seen());
        h.take(h.frames.cancel(SESSION, ++h.seq, "C2", "A"));
        assertEquals('6', h.last().execType());
    }

    @Test
    void shouldAskForOrderThatTheVenueSaysItDoesNotKnow() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        h.take(h.frames.cancelReject(1, id, h.lastVenue().idLow(), VenueMessageKind.CANCEL, 303));
        h.settle();
        assertEquals(74, h.lastVenue().template());
    }

    @Test
    void shouldEndQueuedOrderAtOnceWhenCancelled() {
        limitOne();
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        h.clear();
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "B"));
        assertEquals("44", seen());
        assertTrue(h.venues.isEmpty(), "it never reached the venue");
        assertEquals(0, h.view.queued(1));
    }

    @Test
    void shouldReplaceQueuedOrderAtOnce() {
        limitOne();
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        h.clear();
        h.take(h.frames.replace(SESSION, ++h.seq, "R", "B", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            2 * E8, PRICE));
        assertEquals("5A", seen());
        h.after(1_000);
        assertEquals(List.of(70L, 2 * E8), List.of((long) h.lastVenue().template(), h.lastVenue().qty()));
    }

    @Test
    void shouldRejectQueuedOrderAtItsDeadlineAndGiveReserveBack() {
        limitOne();
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        final long before = h.view.reservedMicros(1);
        final int length = h.frames.newOrder(SESSION, ++h.seq, "C", "ETH-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE); // another instrument, so that it does not leave with B in a batch
        h.frames.newOrder().queueDeadlineNs(h.now + 1_300_000_000L);
        h.take(length);
        h.clear();
        h.after(1_000);
        h.after(300);
        assertEquals("88", seen());
        assertEquals(RejectReason.QUEUE_DEADLINE.code(), h.last().reason());
        assertEquals(before, h.view.reservedMicros(1));
    }

    @Test
    void shouldRefuseWithTheEarliestTimeWhatCannotPassBeforeItsDeadline() {
        limitOne();
        h.order("A", E8, PRICE);
        final int length = h.limit("B", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + 300_000_000L);
        assertEquals(RejectReason.VENUE_THROTTLED, h.refused(length));
        assertEquals(1_000, h.last().b(), "ms until it would pass");
        assertEquals(0, h.view.queued(1));
    }

    @Test
    void shouldReplaceWorkingOrderAtTheVenue() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        h.clear();
        h.take(h.frames.replace(SESSION, ++h.seq, "R", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            3 * E8, PRICE + E8));
        assertEquals("EE", seen());
        assertEquals(1, h.record.requestUnits());
        h.take(execution(id, ExecType.REPLACED, OrdStatus.PARTIALLY_FILLED));
        assertEquals("EE 51", seen());
        assertEquals(List.of("R", "A"), List.of(h.last().id(), h.last().orig()));
        assertEquals(List.of(3 * E8, 2 * E8), List.of(h.last().qty(), h.last().leaves()));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "R"));
        assertEquals('6', h.last().execType());
    }

    @Test
    void shouldKeepOldValuesWhenVenueRefusesReplace() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.frames.replace(SESSION, ++h.seq, "R", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            3 * E8, PRICE));
        h.take(h.frames.cancelReject(1, id, h.lastVenue().idLow(), VenueMessageKind.REPLACE, 805));
        assertEquals("AA 00 EE 90", seen());
        h.take(h.fill(id, 2 * E8, PRICE, 1));
        assertEquals('2', h.last().status());
    }

    @Test
    void shouldRefuseReplaceThatChangesWhatCannotChange() {
        h.working("A", 2 * E8, PRICE);
        assertEquals(RejectReason.REPLACE_NOT_ALLOWED, h.refused(h.frames.replace(SESSION, ++h.seq, "R1", "A",
            "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE)));
        assertEquals(RejectReason.REPLACE_NOT_ALLOWED, h.refused(h.frames.replace(SESSION, ++h.seq, "R2", "A",
            "ETH-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE)));
    }

    @Test
    void shouldRefuseReplaceNotAboveFilledAndReplaceWhilePending() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals(RejectReason.QTY_BELOW_FILLED, h.refused(h.frames.replace(SESSION, ++h.seq, "R1", "A", "BTC-USD",
            Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8, PRICE)));
        h.take(h.frames.replace(SESSION, ++h.seq, "R2", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            3 * E8, PRICE));
        assertEquals(RejectReason.REPLACE_PENDING, h.refused(h.frames.replace(SESSION, ++h.seq, "R3", "A", "BTC-USD",
            Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 4 * E8, PRICE)));
    }

    @Test
    void shouldRefuseReplaceWhereVenueHasNone() {
        h.take(h.frames.venue(1, 15, 100, 2_000, true, false));
        h.working("A", 2 * E8, PRICE);
        assertEquals(RejectReason.REPLACE_UNSUPPORTED, h.refused(h.frames.replace(SESSION, ++h.seq, "R", "A",
            "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, 3 * E8, PRICE)));
    }

    @Test
    void shouldSendCancelAfterThePendingReplaceIsAnswered() {
        final long id = h.working("A", 2 * E8, PRICE);
        h.take(h.frames.replace(SESSION, ++h.seq, "R", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            3 * E8, PRICE));
        final long replaceId = h.lastVenue().idLow();
        h.clear();
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertTrue(h.venues.isEmpty());
        h.take(execution(id, ExecType.REPLACED, OrdStatus.NEW));
        assertEquals(List.of(71L, replaceId), List.of((long) h.lastVenue().template(), h.lastVenue().origLow()));
    }

    @Test
    void shouldHoldCancelWhileVenueBarsAndSendItFirst() {
        h.working("A", E8, PRICE);
        h.take(h.frames.venueState(1, VenueState.BARRED, h.now + 1_000_000_000L));
        h.clear();
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertEquals("66", seen());
        assertTrue(h.venues.isEmpty());
        h.after(1_000);
        assertEquals(71, h.venues.get(0).template());
    }

    @Test
    void shouldLeaveReserveOfTheLimitToCancels() {
        limitOne();
        h.working("A", E8, PRICE);
        h.order("B", E8, PRICE);
        assertEquals(1, h.view.queued(1));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        assertEquals(71, h.lastVenue().template());
    }

    @Test
    void shouldRejectOrderThatNeverLeft() {
        final long id = h.order("A", E8, PRICE);
        h.take(h.frames.notSent(1, id, 0, VenueMessageKind.NEW));
        assertEquals("AA 88", seen());
        assertEquals(RejectReason.NOT_SENT.code(), h.last().reason());
        assertEquals(0, h.view.reservedMicros(1));
    }

    @Test
    void shouldTryCancelAgainThatNeverLeft() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        final long first = h.lastVenue().idLow();
        h.take(h.frames.notSent(1, id, first, VenueMessageKind.CANCEL));
        h.clear();
        h.after(100);
        assertEquals(71, h.lastVenue().template());
        assertNotEquals(first, h.lastVenue().idLow());
    }

    @Test
    void shouldRejectEveryOrderOfBatchThatTheVenueRefused() {
        limitOne();
        h.order("A", E8, PRICE);
        for (int i = 0; i < 3; i++) {
            h.order("B" + i, E8, PRICE);
        }
        h.clear();
        h.after(1_000);
        assertEquals(3, h.lastVenue().count());
        h.take(h.frames.messageReject(1, 0, h.lastVenue().batchLow(), VenueMessageKind.NEW_BATCH));
        assertEquals("88 88 88", seen());
        assertEquals("no", h.last().text());
    }

    @Test
    void shouldChargeOrderSentOfBatchOnce() {
        limitOne();
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        h.order("C", E8, PRICE);
        h.after(1_000);
        final long b = h.venues.get(h.venues.size() - 2).orderId();
        final long c = h.lastVenue().orderId();
        h.take(h.frames.sent(1, b, c));
        assertEquals(2, h.record.sentUnits());
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.sent(1, b, c)));
    }

    @Test
    void shouldReportUnknownOnceWhenConnectionIsLost() {
        final long sent = h.order("A", E8, PRICE);
        final long working = h.working("B", E8, PRICE);
        h.clear();
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        assertEquals("B IA", seen());
        assertTrue(h.last().unknown());
        assertEquals(RejectReason.ORDER_UNKNOWN_STATE.code(), h.last().reason());
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(sent));
        assertEquals(OrderBook.WORKING, h.view.orderState(working));
    }

    @Test
    void shouldAskForEveryOpenOrderWhenConnectionIsBack() {
        h.order("A", E8, PRICE);
        h.working("B", E8, PRICE);
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.clear();
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        assertEquals(2, h.venues.stream().filter(v -> v.template() == 74).count());
    }

    @Test
    void shouldNotCallAReplaceRefusedByAnAnswerToAQuestionThatLeftBeforeIt() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        assertEquals(74, h.lastVenue().template(), "what is open is asked for");
        h.after(50);
        h.take(h.frames.replace(11, ++h.seq, "R", "A", "BTC-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE + E8));
        assertEquals(72, h.lastVenue().template());
        final long request = h.lastVenue().idLow();
        h.after(50);
        h.clear();
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        h.settle();
        assertEquals("", seen(), "neither replaced nor refused");
        h.after(1_000);
        assertEquals(74, h.lastVenue().template(), "it is asked for again");
        h.take(h.frames.execution(1, id, request, ExecType.REPLACED, OrdStatus.NEW, NULL, NULL, 0));
        assertEquals("50", seen());
        assertEquals(PRICE + E8, h.last().price());
    }

    @Test
    void shouldCallAReplaceRefusedByAnAnswerToAQuestionThatLeftAfterIt() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.replace(11, ++h.seq, "R", "A", "BTC-USD", Side.BUY, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE + E8));
        h.after(50);
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        h.clear();
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        assertEquals("90", seen());
        assertEquals(RejectReason.NOT_AT_VENUE.code(), h.last().reason());
    }

    @Test
    void shouldResolveUnknownAsWorkingAndChargeOrderSent() {
        final long id = lost();
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        assertEquals("00", seen());
        assertEquals(1, h.record.sentUnits());
        assertTrue(h.record.flags().firstWire());
        assertEquals(OrderBook.WORKING, h.view.orderState(id));
    }

    @Test
    void shouldRejectUnknownAsNotAtVenueOnlyAfterVisibilityDelay() {
        final long id = lost();
        h.take(h.frames.orderState(1, id, VenueAnswer.NOT_FOUND, OrdStatus.NEW, NULL, NULL, NULL));
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id), "asked before the venue would show it");
        h.after(1_100);
        assertEquals(74, h.lastVenue().template());
        h.take(h.frames.orderState(1, id, VenueAnswer.NOT_FOUND, OrdStatus.NEW, NULL, NULL, NULL));
        assertEquals("88", seen());
        assertEquals(RejectReason.NOT_AT_VENUE.code(), h.last().reason());
        assertEquals(0, h.view.reservedMicros(1));
    }

    @Test
    void shouldJudgeNotFoundByTheQuestionThatItAnswers() {
        final long id = h.order("A", E8, PRICE);
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.after(900);
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        final long early = h.frames.attempts.get(id);
        h.after(600);
        assertEquals(early + 1, h.frames.attempts.get(id), "asked again, after the visibility delay");
        h.clear();
        h.frames.attempts.put(id, early);
        h.take(h.frames.orderState(1, id, VenueAnswer.NOT_FOUND, OrdStatus.NEW, NULL, NULL, NULL));
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id), "it left before the venue would show the order");
        assertEquals("", seen());
        h.frames.attempts.put(id, early + 1);
        h.take(h.frames.orderState(1, id, VenueAnswer.NOT_FOUND, OrdStatus.NEW, NULL, NULL, NULL));
        assertEquals("88", seen());
    }

    @Test
    void shouldAskAgainAndAlertWhenVenueDoesNotAnswer() {
        final long id = lost();
        for (int i = 0; i < 40; i++) {
            h.apply(h.frames.orderState(1, id, VenueAnswer.NO_ANSWER, OrdStatus.NEW, NULL, NULL, NULL));
            h.after(1_000);
        }
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id));
        assertEquals(1, h.clients.stream().filter(c -> c.template() == 84).count());
        assertTrue(h.venues.size() > 4 && h.venues.size() < 41, "asks " + h.venues.size());
    }

    @Test
    void shouldApplyRecoveredFillsBeforeTheFinalState() {
        final long id = lost();
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.FILLED, E8, E8, PRICE));
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id), "fills are missing");
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals("F2", seen());
        assertEquals(1, h.record.filledUnits());
    }

    @Test
    void shouldMakeOrderUnknownWhenNoAnswerComes() {
        final long id = h.order("A", E8, PRICE);
        h.after(5_000);
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id));
        assertEquals(74, h.lastVenue().template());
    }

    @Test
    void shouldAskForFillsWhenVenueCancelsWithMoreFilledThanKnown() {
        final long id = h.working("A", 2 * E8, PRICE);
        final int length = execution(id, ExecType.CANCELED, OrdStatus.CANCELED);
        h.frames.execution().cumQty(E8);
        h.take(length);
        h.settle();
        assertEquals(74, h.lastVenue().template());
        h.take(h.fill(id, E8, PRICE, 1));
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.CANCELED, E8, 2 * E8, PRICE));
        assertEquals('4', h.last().status());
        assertEquals(E8, h.last().cum());
    }

    /** New order unanswered, its cancel out behind it, UNKNOWN; then the acknowledgement, a fill, and no more. */
    @Test
    void shouldAskOnWhenAnUnknownOrderIsAcknowledgedWhileItsCancelIsOut() {
        final long id = h.order("A", 2 * E8, PRICE);
        h.take(h.frames.sentOne(1, id));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        h.after(5_100);
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id));
        h.take(h.frames.orderState(1, id, VenueAnswer.NO_ANSWER, OrdStatus.NEW, NULL, NULL, NULL));
        h.take(execution(id, ExecType.NEW, OrdStatus.NEW));
        h.take(h.fill(id, E8, PRICE, 1));
        assertEquals('6', h.last().status());
        h.clear();
        h.after(1_000);
        assertEquals(74, h.lastVenue().template());
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.PARTIALLY_FILLED, E8, 2 * E8, PRICE));
        h.after(100);
        assertEquals(71, h.lastVenue().template(), "the cancel goes again");
    }

    @Test
    void shouldSendCancelAgainThatWasLostWithTheConnection() {
        final long id = h.working("A", E8, PRICE);
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "A"));
        h.take(h.frames.venueState(1, VenueState.DOWN, NULL));
        h.settle();
        h.take(h.frames.venueState(1, VenueState.UP, NULL));
        h.settle();
        h.clear();
        h.take(h.frames.orderState(1, id, VenueAnswer.FOUND, OrdStatus.NEW, 0, E8, PRICE));
        h.after(100);
        assertEquals(71, h.lastVenue().template());
        h.take(execution(id, ExecType.CANCELED, OrdStatus.CANCELED));
        assertEquals(List.of("C", "A"), List.of(h.last().id(), h.last().orig()));
    }

    @Test
    void shouldLoseAnswersOfAllAccountsAtRouterStart() {
        final long id = h.order("A", E8, PRICE);
        h.take(h.frames.started(0x0123_4567_89AB_CDEFL, 42));
        h.settle();
        assertEquals(OrderBook.UNKNOWN, h.view.orderState(id));
        assertFalse(h.view.connected(SESSION));
        assertEquals(0, h.view.accountState(1));
    }

    @Test
    void shouldRememberFinalStateOfEvictedOrder() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().openOrderCapacity(4)
            .closedOrderCapacity(1)).ready();
        final long id = small.working("A", E8, PRICE);
        small.take(small.fill(id, E8, PRICE, 1));
        for (int i = 0; i < 8; i++) {
            final long other = small.order("O" + i, E8, PRICE);
            small.take(small.frames.notSent(1, other, 0, VenueMessageKind.NEW));
        }
        small.clear();
        small.take(small.frames.status(SESSION, ++small.seq, "A"));
        assertEquals(List.of('I', '2', PRICE, E8, id), List.of(small.last().execType(), small.last().status(),
            small.last().avg(), small.last().cum(), small.last().orderId()));
        assertEquals(RejectReason.DUPLICATE_CLORDID, small.refused(small.limit("A", E8, PRICE)));
        assertEquals(RejectReason.ORDER_FINAL, small.refused(small.frames.cancel(SESSION, ++small.seq, "C", "A")));
    }

    @Test
    void shouldForgetClOrdIdsWithTheSessionDayOnly() {
        h.order("A", E8, PRICE);
        h.take(h.frames.notSent(1, h.record.sequence(), 0, VenueMessageKind.NEW));
        h.working("OPEN", E8, PRICE);
        h.take(h.frames.connected(SESSION, 1, 1, true));
        assertEquals(1, h.core.lastInboundMsgSeqNum(SESSION));
        assertEquals(RejectReason.DUPLICATE_CLORDID, h.refused(h.limit("A", E8, PRICE)));
        h.take(h.frames.roll(0, PeriodKind.DAY, h.now));
        h.settle();
        assertEquals(1, h.view.clOrdIds(), "the open order's id stays");
        h.order("A", E8, PRICE);
        assertEquals('A', h.last().execType());
        assertEquals(RejectReason.DUPLICATE_CLORDID, h.refused(h.limit("OPEN", E8, PRICE)));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "OPEN"));
        assertEquals('6', h.last().execType());
    }

    @Test
    void shouldAnswerStatusAndRefuseUnknown() {
        h.working("A", E8, PRICE);
        h.take(h.frames.status(SESSION, ++h.seq, "A"));
        assertEquals(List.of('I', '0', 1L), List.of(h.last().execType(), h.last().status(), h.record.requestUnits()));
        assertEquals(RejectReason.UNKNOWN_ORDER, h.refused(h.frames.status(SESSION, ++h.seq, "NONE")));
        assertEquals(82, h.last().template());
    }
}
