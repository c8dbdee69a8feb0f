package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.ACCOUNT;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;
import static weir.engine.CoreHarness.TENANT;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.engine.book.OrderBook;
import weir.engine.risk.RestingOrders;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueMessageKind;

/** Self-trade prevention across sessions and groups, in each of its modes. The order resting first is a buy at 100. */
class SelfTradeTest {
    private static final long PRICE = 100 * E8;
    private static final int OTHER_SESSION = 12;
    private static final int OTHER_TENANT = 2;
    private static final int THEIR_SESSION = 21;
    private final CoreHarness h = new CoreHarness().ready();

    SelfTradeTest() {
        h.take(h.frames.session(OTHER_SESSION, TENANT, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(OTHER_SESSION, TENANT, 1, false));
        final Frames.TenantSettings theirs = new Frames.TenantSettings();
        theirs.creditMode = CreditMode.POSTPAID;
        h.take(h.frames.tenant(OTHER_TENANT, theirs));
        h.take(h.frames.session(THEIR_SESSION, OTHER_TENANT, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.connected(THEIR_SESSION, OTHER_TENANT, 1, false));
    }

    private void mode(final SelfTradePrevention mode) {
        h.take(h.frames.risk(TENANT, false, RiskLimit.SELF_TRADE_PREVENTION.value(), 0, mode.value()));
    }

    private int sell(final int session, final String id, final long qty, final long price) {
        return h.frames.newOrder(session, ++h.seq, id, "BTC-USD", Side.SELL,
            price == NULL ? OrdType.MARKET : OrdType.LIMIT, price == NULL ? TimeInForce.IOC : TimeInForce.GTC, qty,
            price);
    }

    private long working(final int session, final String id, final Side side, final long qty, final long price) {
        h.take(h.frames.newOrder(session, ++h.seq, id, "BTC-USD", side, OrdType.LIMIT, TimeInForce.GTC, qty, price));
        final long orderId = h.record.sequence();
        h.take(h.frames.execution(ACCOUNT, orderId, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        return orderId;
    }

    private void refused(final int length) {
        assertEquals(RejectReason.SELF_TRADE, h.refused(length));
        assertFalse(h.record.flags().admitted());
    }

    private long admitted(final int length) {
        assertEquals(RejectReason.NONE, h.refused(length));
        assertTrue(h.record.flags().admitted());
        return h.record.sequence();
    }

    private void gone(final long orderId) {
        h.take(h.frames.execution(ACCOUNT, orderId, 0, ExecType.CANCELED, OrdStatus.CANCELED, NULL, NULL, 0));
    }

    private List<CoreHarness.Venue> sentTo(final long orderId) {
        return h.venues.stream().filter(v -> v.orderId() == orderId).toList();
    }

    @Test
    void shouldLeaveOwnOrdersToTheVenueWhenItIsOff() {
        working(SESSION, "A", Side.BUY, E8, PRICE);
        admitted(sell(SESSION, "B", E8, PRICE));
    }

    @Test
    void shouldRefuseTheNewestAcrossSessionsAtThePriceAndNotBeyond() {
        mode(SelfTradePrevention.CANCEL_NEWEST);
        final long resting = working(SESSION, "A", Side.BUY, E8, PRICE);
        refused(sell(OTHER_SESSION, "B", E8, PRICE));
        assertEquals(resting, h.last().a());
        assertEquals(PRICE, h.last().b());
        refused(sell(OTHER_SESSION, "C", E8, NULL));
        admitted(sell(OTHER_SESSION, "D", E8, PRICE + E8 / 100));
        refused(h.frames.newOrder(SESSION, ++h.seq, "E", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE + E8 / 100));
        admitted(sell(THEIR_SESSION, "F", E8, PRICE));
    }

    @Test
    void shouldRefuseReplaceThatWouldMeetAnOwnOrder() {
        mode(SelfTradePrevention.CANCEL_NEWEST);
        working(SESSION, "A", Side.BUY, E8, PRICE);
        working(SESSION, "B", Side.SELL, E8, PRICE + E8);
        refused(h.frames.replace(SESSION, ++h.seq, "C", "B", "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE));
        admitted(h.frames.replace(SESSION, ++h.seq, "D", "B", "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC,
            E8, PRICE + E8 / 100));
    }

    @Test
    void shouldCountThePriceThatAPendingReplaceMayBringUntilItIsRefused() {
        mode(SelfTradePrevention.CANCEL_NEWEST);
        final long resting = working(SESSION, "A", Side.BUY, E8, PRICE);
        admitted(h.frames.replace(SESSION, ++h.seq, "B", "A", "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC, E8,
            PRICE + E8));
        refused(sell(SESSION, "C", E8, PRICE + E8));
        h.take(h.frames.cancelReject(ACCOUNT, resting, h.lastVenue().idLow(), VenueMessageKind.REPLACE, 805));
        admitted(sell(SESSION, "D", E8, PRICE + E8));
    }

    @Test
    void shouldWatchOrdersThatWereOpenWhenItWasSwitchedOn() {
        working(SESSION, "A", Side.BUY, E8, PRICE);
        mode(SelfTradePrevention.CANCEL_NEWEST);
        refused(sell(SESSION, "B", E8, PRICE));
    }

    @Test
    void shouldTakeTenantsOfAGroupForOneParty() {
        working(THEIR_SESSION, "A", Side.BUY, E8, PRICE);
        h.take(h.frames.risk(OTHER_TENANT, false, RiskLimit.SELF_TRADE_GROUP.value(), 0, 5));
        mode(SelfTradePrevention.CANCEL_NEWEST);
        admitted(sell(SESSION, "B", E8, PRICE + E8));
        h.take(h.frames.risk(TENANT, false, RiskLimit.SELF_TRADE_GROUP.value(), 0, 5));
        refused(sell(SESSION, "C", E8, PRICE));
    }

    @Test
    void shouldHoldTheNewOrderUntilTheVenueConfirmsTheCancelsOfTheOldest() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        final long first = working(SESSION, "A", Side.BUY, E8, PRICE);
        final long second = working(OTHER_SESSION, "B", Side.BUY, E8, PRICE - E8);
        final long below = working(SESSION, "C", Side.BUY, E8, PRICE - 3 * E8);
        h.clear();
        final long waits = admitted(sell(SESSION, "D", E8, PRICE - E8));
        h.settle();
        assertEquals(71, sentTo(first).get(0).template());
        assertEquals(71, sentTo(second).get(0).template());
        assertTrue(sentTo(below).isEmpty() && sentTo(waits).isEmpty(), h.venues::toString);
        gone(first);
        assertEquals(RejectReason.SELF_TRADE.code(), h.last().reason());
        h.settle();
        assertTrue(sentTo(waits).isEmpty(), "one of two is still there");
        gone(second);
        h.settle();
        assertEquals(70, sentTo(waits).get(0).template());
        assertEquals(OrderBook.DISPATCHED, h.view.orderState(waits));
    }

    @Test
    void shouldGoOnWhenTheOldestIsFilledInstead() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        final long first = working(SESSION, "A", Side.BUY, E8, PRICE);
        final long waits = admitted(sell(SESSION, "B", E8, PRICE));
        h.settle();
        h.take(h.fill(first, E8, PRICE, 1));
        h.settle();
        assertEquals(70, sentTo(waits).get(0).template());
    }

    @Test
    void shouldRefuseTheWaitingOrderAtItsDeadline() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        working(SESSION, "A", Side.BUY, E8, PRICE);
        final int length = sell(SESSION, "B", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + 500_000_000L);
        final long waits = admitted(length);
        h.after(499);
        assertEquals(OrderBook.QUEUED, h.view.orderState(waits));
        h.after(1);
        assertEquals(OrderBook.FINAL, h.view.orderState(waits));
        assertEquals(RejectReason.SELF_TRADE_WAIT.code(), h.last().reason());
        assertTrue(sentTo(waits).isEmpty());
    }

    @Test
    void shouldHoldAReplaceUntilTheOldestIsGone() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        final long first = working(SESSION, "A", Side.BUY, E8, PRICE);
        final long second = working(SESSION, "B", Side.SELL, E8, PRICE + E8);
        admitted(h.frames.replace(SESSION, ++h.seq, "C", "B", "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC,
            E8, PRICE));
        h.clear();
        h.settle();
        assertEquals(71, sentTo(first).get(0).template());
        assertTrue(sentTo(second).isEmpty());
        gone(first);
        h.settle();
        assertEquals(72, sentTo(second).get(0).template());
    }

    @Test
    void shouldCancelBoth() {
        mode(SelfTradePrevention.CANCEL_BOTH);
        final long resting = working(SESSION, "A", Side.BUY, E8, PRICE);
        refused(sell(SESSION, "B", E8, PRICE));
        h.settle();
        assertEquals(71, h.lastVenue().template());
        assertEquals(resting, h.lastVenue().orderId());
    }

    @Test
    void shouldDecrementALargerRestingOrderByReplaceAndRefuseTheNewOne() {
        mode(SelfTradePrevention.DECREMENT);
        final long resting = working(SESSION, "A", Side.BUY, 3 * E8, PRICE);
        refused(sell(SESSION, "B", E8, PRICE));
        assertEquals(72, h.lastVenue().template());
        assertEquals(2 * E8, h.lastVenue().qty());
        h.clear();
        h.take(h.frames.execution(ACCOUNT, resting, 0, ExecType.REPLACED, OrdStatus.NEW, NULL, NULL, 0));
        assertEquals('D', h.last().execType());
        assertEquals("A", h.last().id());
        assertEquals(2 * E8, h.last().leaves());
        assertEquals(1, h.clients.size());
    }

    @Test
    void shouldDecrementALargerNewOrderAndSendTheRestWhenTheRestingOneIsGone() {
        mode(SelfTradePrevention.DECREMENT);
        final long resting = working(SESSION, "A", Side.BUY, E8, PRICE);
        final long waits = admitted(sell(SESSION, "B", 3 * E8, PRICE));
        assertEquals('D', h.last().execType());
        assertEquals(2 * E8, h.last().qty());
        h.settle();
        gone(resting);
        h.settle();
        assertEquals(2 * E8, sentTo(waits).get(0).qty());
    }

    @Test
    void shouldDecrementEqualOrdersToNothing() {
        mode(SelfTradePrevention.DECREMENT);
        final long resting = working(SESSION, "A", Side.BUY, E8, PRICE);
        refused(sell(SESSION, "B", E8, PRICE));
        h.settle();
        assertEquals(71, h.lastVenue().template());
        assertEquals(resting, h.lastVenue().orderId());
    }

    @Test
    void shouldLetTheOrderChooseAmongTheModes() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        working(SESSION, "A", Side.BUY, E8, PRICE);
        final int length = sell(SESSION, "B", E8, PRICE);
        h.frames.newOrder().selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST);
        refused(length);
    }

    @Test
    void shouldFreeTheWaitingOrderWhenItsClientCancelsIt() {
        mode(SelfTradePrevention.CANCEL_OLDEST);
        working(SESSION, "A", Side.BUY, E8, PRICE);
        final long waits = admitted(sell(SESSION, "B", E8, PRICE));
        h.take(h.frames.cancel(SESSION, ++h.seq, "C", "B"));
        assertEquals(OrderBook.FINAL, h.view.orderState(waits));
        h.after(5_000);
        assertTrue(sentTo(waits).isEmpty());
    }

    @Test
    void shouldFindTheSameOrdersAsAListThatIsSearched() {
        final OrderBook book = new OrderBook(256, 1);
        final RestingOrders index = new RestingOrders(book);
        final long seed = Long.getLong("weir.test.seed", System.nanoTime());
        final Random random = new Random(seed);
        final List<long[]> naive = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            final int slot = book.claim(i + 1);
            book.instrument(slot, random.nextInt(2));
            book.side(slot, (byte) (1 + random.nextInt(2)));
        }
        for (int step = 0; step < 50_000; step++) {
            final int slot = random.nextInt(256);
            naive.removeIf(o -> o[0] == slot);
            if (random.nextInt(3) == 0) {
                index.remove(slot);
            } else {
                final int party = random.nextInt(3) - 2;
                final long price = 1 + random.nextInt(20);
                index.put(slot, party, price);
                naive.add(new long[] {slot, party, book.instrument(slot), book.side(slot), price});
            }
            final int party = random.nextInt(3) - 2;
            final int instrument = random.nextInt(2);
            final int side = 1 + random.nextInt(2);
            final List<Integer> expected = naive.stream()
                .filter(o -> o[1] == party && o[2] == instrument && o[3] == side)
                .sorted((a, b) -> a[4] != b[4] ? Long.compare(a[4], b[4]) * (side == 1 ? -1 : 1)
                    : Long.compare(book.orderId((int) a[0]), book.orderId((int) b[0])))
                .map(o -> (int) o[0]).toList();
            final List<Integer> found = new ArrayList<>();
            for (int s = index.best(party, instrument, side == 1); s != RestingOrders.NONE; s = index.next(s)) {
                found.add(s);
            }
            assertEquals(expected, found, () -> "seed " + seed);
        }
    }
}
