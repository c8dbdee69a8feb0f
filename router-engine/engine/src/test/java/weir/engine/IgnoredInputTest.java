package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueState;

/**
 * What is not journaled is not replayed (J7): a question, an input that is ignored and one that is refused without a
 * record leave the state as it was, to the last field, also where time has passed that a look could have worked off.
 */
class IgnoredInputTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final long NULL = CoreHarness.NULL;
    private static final long SECOND = 1_000_000_000L;
    private static final int ACCOUNT = CoreHarness.ACCOUNT;
    private static final int OTHER = 2;
    private static final int SHAPES = 6;
    private static final int FULL_VENUE = 4;

    private final CoreHarness h = new CoreHarness(TrafficModel.context()).ready();
    private int checked;

    @Test
    void shouldChangeNothingWhenAnInputIsIgnored() {
        final long order = traffic();
        h.now += 90 * SECOND / 60;
        for (int limit = 1; limit <= SHAPES; limit++) {
            final int id = limit;
            ignored(() -> h.frames.reading(ACCOUNT, id, 0, NULL));
            ignored(() -> h.frames.reading(OTHER, id, 0, NULL));
            ignored(() -> h.frames.tier(ACCOUNT, id, 20, 5));
            ignored(() -> h.frames.tier(OTHER, id, 20, 5));
        }
        ignored(() -> h.frames.reading(OTHER, 5, 3, NULL), "open orders are counted here");
        ignored(() -> h.frames.tier(OTHER, 2, 1 << 20, 5), "a log that large fits nowhere");
        for (final AdminKind kind : AdminKind.values()) {
            if (kind != AdminKind.NULL_VAL) {
                ignored(() -> h.frames.admin(kind, 0));
            }
        }
        ignored(() -> h.frames.venueState(ACCOUNT, VenueState.UP, NULL));
        ignored(() -> h.frames.bar(ACCOUNT, LimitScope.IP, 429, h.now));
        ignored(() -> h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now - 1));
        ignored(() -> h.frames.sentOne(ACCOUNT, order));
        ignored(() -> h.frames.execution(ACCOUNT, order, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        ignored(() -> h.fill(order, E8 / 4, PRICE, 1));
        ignored(() -> h.frames.execution(ACCOUNT, order, 0, ExecType.REPLACED, OrdStatus.NEW, NULL, NULL, 0));
        ignored(() -> h.frames.cancelReject(ACCOUNT, order, 77, VenueMessageKind.CANCEL, 303));
        ignored(() -> h.frames.cancelReject(ACCOUNT, order, 77, VenueMessageKind.REPLACE, 303));
        ignored(() -> h.frames.messageReject(ACCOUNT, order, 77, VenueMessageKind.NEW));
        ignored(() -> h.frames.messageReject(ACCOUNT, order, 77, VenueMessageKind.CANCEL));
        ignored(() -> h.frames.notSent(ACCOUNT, order, 77, VenueMessageKind.NEW));
        ignored(() -> h.frames.notSent(ACCOUNT, order, 77, VenueMessageKind.CANCEL));
        ignored(() -> h.frames.orderState(ACCOUNT, order, VenueAnswer.FOUND, OrdStatus.NEW, NULL, E8, PRICE));
        ignored(() -> h.frames.venue(1, 15, 100, 2_000, true, true));
        ignored(() -> h.frames.account(ACCOUNT, 1, 0));
        ignored(() -> h.frames.instrument(2, 1, "ETH-USD", InstrumentKind.SPOT, E8 / 100, E8 / 1000, E8 / 1000, E8,
            NULL, 0));
        ignored(() -> h.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5));
        ignored(() -> h.frames.planTerms(3, 1, 0, TierStart.RESTART, 9, 9));
        ignored(() -> h.frames.tenant(CoreHarness.TENANT, h.tenant));
        ignored(() -> h.frames.terms(3, 0, SECOND / 10));
        ignored(() -> h.frames.scopes(OTHER, 7, 8, 9));
        ignored(() -> h.frames.grant(1, CoreHarness.TENANT, weir.protocol.sbe.GrantKind.TOP_UP, 5));
        ignored(() -> h.frames.roll(0, PeriodKind.DAY, 5));
        ignored(() -> h.frames.condition(SystemCondition.JOURNAL_LOW_SPACE, false));
        ignored(() -> h.frames.clockSkew(1, false, 9));
        ignored(() -> h.frames.budget(CoreHarness.TENANT, 0));
        ignored(() -> h.frames.rate(CoreHarness.SESSION, RateRoute.NEW, 0, 0));
        ignored(() -> h.frames.heartbeat(CoreHarness.TENANT));
        ignored(() -> h.frames.guard(GuardKind.DEAD_MAN, CoreHarness.TENANT, 0, 0, TradingState.HALTED, true));
        ignored(() -> h.frames.kill(KillScope.TENANT, CoreHarness.TENANT, TradingState.ACTIVE, false));
        ignored(() -> h.frames.tradingSwitch(KillScope.STRATEGY, 5, 1, TradingState.ACTIVE, false,
            KillTrigger.COMMAND));
        ignored(() -> h.frames.unlock(CoreHarness.TENANT, 4, CoreHarness.SESSION));
        ignored(() -> h.frames.risk(CoreHarness.TENANT, false, 4, 0, 0));
        ignored(() -> h.frames.risk(CoreHarness.TENANT, true));
        ignored(() -> h.frames.price(1, PRICE, PRICE + E8, PRICE, h.now - 5 * SECOND));
        assertTrue(checked > 70, "inputs " + checked);
        replays();
    }

    @Test
    void shouldChangeNothingWhenAnInputIsRefusedWithoutARecord() {
        final long order = traffic();
        for (int id = 100; id < 100 + weir.engine.throttle.VenueLimits.PER_VENUE; id++) {
            h.take(h.frames.limit(id, FULL_VENUE, LimitScope.IP, LimitShape.TOKEN_BUCKET, 9, 0, 1, 0, 0, 0, 1, 0));
        }
        refused(() -> h.frames.limit(99, FULL_VENUE, LimitScope.IP, LimitShape.TOKEN_BUCKET, 9, 0, 1, 0, 0));
        refused(() -> h.frames.limit(1, 2, LimitScope.IP, LimitShape.TOKEN_BUCKET, 9, 0, 1, 0, 0));
        refused(() -> h.frames.limit(98, 99, LimitScope.IP, LimitShape.TOKEN_BUCKET, 9, 0, 1, 0, 0));
        refused(() -> h.frames.terms(97, 0, 0));
        refused(() -> h.frames.scopes(96, 0, 0, 0));
        refused(() -> h.frames.session(95, 94, weir.protocol.sbe.CancelOnDisconnect.NONE, 0, 0, 0));
        refused(() -> h.frames.account(93, 99, 0));
        refused(() -> h.frames.price(92, PRICE, PRICE, PRICE, h.now));
        refused(() -> h.frames.risk(91, false, 4, 0, 7));
        refused(() -> h.frames.risk(CoreHarness.TENANT, false, 4, 0, -7));
        refused(() -> h.frames.heartbeat(90));
        refused(() -> h.frames.roll(89, PeriodKind.DAY, h.now));
        refused(() -> h.frames.disconnected(88, 1, DisconnectCause.LOGOUT) - 4);
        ignored(() -> h.frames.cancelReject(OTHER, order, 0, VenueMessageKind.CANCEL, 303));
        replays();
    }

    @Test
    void shouldChangeNothingWhenWhatIsAppliedIsInForceOrBegun() {
        final UnsafeBuffer terms = h.frames.copy(h.frames.planTerms(3, 1, 0, TierStart.RESTART, 9, 9));
        final UnsafeBuffer prices = h.frames.copy(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        final int content = terms.capacity() - 2 - "actor 1".length();
        final UnsafeBuffer old = h.frames.copy(h.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5));
        h.take(h.frames.planApply(1, 1, terms, content, old, 5_000));
        assertEquals(RejectReason.PLAN_VERSION_EXISTS.code(), h.record.reason(), "it has prices and no terms");
        ignored(() -> h.frames.plan(1, 1, 1, 2, false, 0, 0, 1, 1, 0, 10, 2, 0, 5));
        h.take(h.frames.planApply(3, 1, terms, content, prices, 5_000));
        ignored(() -> h.frames.planApply(3, 1, terms, content, prices, 5_000));
        h.take(h.frames.planTerms(3, 1, 0, TierStart.RESTART, 9, 9));
        ignored(() -> h.frames.planTerms(3, 1, 0, TierStart.RESTART, 9, 9));
        ignored(() -> h.frames.planApply(3, 1, terms, content, prices, 5_000));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        ignored(() -> h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        ignored(() -> h.frames.planApply(3, 1, terms, content, prices, 5_000));
        replays();
    }

    /** A look at usage once forgot what had left the window; a window made longer then counted less than a replay. */
    @Test
    void shouldDecideAsAReplayDoesWhenAWindowIsMadeLongerAfterAReadingThatTaughtNothing() {
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2, SECOND, 0, 0, 0, 0, 1, 0));
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        h.now += 3 * SECOND / 2;
        ignored(() -> h.frames.reading(ACCOUNT, 1, 0, NULL));
        ignored(() -> h.frames.admin(AdminKind.LIMITS, 0));
        h.take(h.frames.limit(1, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 2, 60 * SECOND, 0, 0, 0, 0, 1, 0));
        h.clear();
        h.take(h.limit("C", E8, PRICE));
        assertTrue(h.venues.isEmpty(), "both orders count in a window of a minute");
        replays();
    }

    @Test
    void shouldJournalABarThatOnlyReachesFurther() {
        h.take(h.frames.account(OTHER, 1, 0));
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 9 * SECOND));
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 429, h.now + SECOND));
        ignored(() -> h.frames.bar(ACCOUNT, LimitScope.IP, 429, h.now + SECOND));
        replays();
    }

    @Test
    void shouldNotPauseLongerForABarThatWasOverWhenItCame() {
        ignored(() -> h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now - 1));
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, NULL));
        h.order("A", E8, PRICE);
        h.after(999);
        assertEquals(0, h.venues.size());
        h.after(1);
        assertEquals(1, h.venues.size(), "a first bar without a time lasts a second");
        replays();
    }

    @Test
    void shouldJournalAnAnswerThatOnlyClosesTheCircuit() {
        final long order = h.working("A", E8, PRICE);
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + SECOND));
        h.take(h.frames.cancel(CoreHarness.SESSION, ++h.seq, "X", "A"));
        h.after(1_000);
        assertEquals(71, h.lastVenue().template(), "the cancel is the probe");
        h.clear();
        h.take(h.frames.cancelReject(ACCOUNT, order, 77, VenueMessageKind.REPLACE, 303));
        assertEquals(1, h.clients.size(), "the end of the bar is told once");
        replays();
    }

    @Test
    void shouldJournalAnotherIdOfTheVenue() {
        final long order = h.working("A", E8, PRICE);
        final int length = h.frames.execution(ACCOUNT, order, 0, ExecType.REPLACED, OrdStatus.NEW, NULL, NULL, 0);
        h.frames.execution().venueOrderId("another-id");
        assertEquals(RouterCore.TAKEN, h.apply(length));
        h.take(h.frames.cancel(CoreHarness.SESSION, ++h.seq, "X", "A"));
        replays();
    }

    /** One limit of each shape in use by one account, windows that have moved on since, an order with a fill. */
    private long traffic() {
        h.take(h.frames.account(OTHER, 1, 0));
        h.take(h.frames.venue(FULL_VENUE, 1, 1, 1, false, false));
        h.take(h.frames.limit(1, 1, LimitScope.IP, LimitShape.SLIDING_WINDOW, 20, SECOND, 0, 0, 0, 0, 1, 0));
        h.take(h.frames.limit(2, 1, LimitScope.ACCOUNT, LimitShape.SLIDING_WINDOW, 20, SECOND, 0, 0, 0, 0, 1, 0));
        h.take(h.frames.limit(3, 1, LimitScope.ACCOUNT, LimitShape.FIXED_WINDOW, 20, SECOND, 0, 0, 0, 0, 1, 0));
        h.take(h.frames.terms(3, 0, SECOND / 10));
        h.take(h.frames.limit(4, 1, LimitScope.ACCOUNT, LimitShape.CREDIT, 20, 0, 5, 0, 0, 0, 1, 0));
        h.take(h.frames.limit(5, 1, LimitScope.ACCOUNT, LimitShape.CONCURRENT, 20, 0, 0, 0, 0, 8, 1, 0));
        h.take(h.frames.limit(6, 1, LimitScope.ACCOUNT, LimitShape.ORDER_VOLUME, 20, SECOND, 1, 0, 0, 0, 1, 0));
        h.take(h.frames.scopes(OTHER, 7, 8, 9));
        h.take(h.frames.planTerms(3, 1, 0, TierStart.RESTART, 9, 9));
        h.take(h.frames.price(1, PRICE, PRICE + E8, PRICE, h.now));
        h.take(h.frames.roll(0, PeriodKind.DAY, 10));
        h.settle();
        final long order = h.working("A", E8, PRICE);
        h.take(h.fill(order, E8 / 4, PRICE, 1));
        h.working("B", E8, PRICE);
        return order;
    }

    private void ignored(final IntSupplier frame, final String... why) {
        unchanged(frame, RouterCore.IGNORED, String.join(" ", why));
    }

    private void refused(final IntSupplier frame) {
        unchanged(frame, RouterCore.MALFORMED, "");
    }

    private void unchanged(final IntSupplier frame, final int expected, final String why) {
        final byte[] before = save();
        final long malformed = h.core.malformedCount();
        final int toClients = h.clients.size();
        final int toVenues = h.venues.size();
        assertEquals(expected, h.apply(frame.getAsInt()), () -> "input " + checked + " " + why);
        assertEquals(toClients, h.clients.size(), () -> "told a client: input " + checked + " " + why);
        assertEquals(toVenues, h.venues.size(), () -> "sent to a venue: input " + checked + " " + why);
        if (expected == RouterCore.MALFORMED) {
            assertEquals(malformed + 1, h.core.malformedCount());
            countAsBefore(malformed);
        }
        same(before, save(), "input " + checked + " " + why);
        checked++;
    }

    private void replays() {
        assertNotEquals(0, h.records.size());
        final RouterCore again = new RouterCore(TrafficModel.context());
        final CoreReplay replay = new CoreReplay(again, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        countAsBefore(again.malformedCount());
        same(save(again), save(), "replay");
    }

    private static void same(final byte[] expected, final byte[] actual, final String what) {
        if (!Arrays.equals(expected, actual)) {
            fail(what + ": " + CoreWalk.differences(load(expected), load(actual)));
        }
    }

    /** What cannot be read is counted, and not journaled. */
    private void countAsBefore(final long malformed) {
        try {
            final Field field = RouterCore.class.getDeclaredField("malformed");
            field.setAccessible(true);
            field.setLong(h.core, malformed);
        } catch (final ReflectiveOperationException ex) {
            throw new AssertionError(ex);
        }
    }

    private byte[] save() {
        return save(h.core);
    }

    private static byte[] save(final RouterCore core) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(core, CoreSnapshot.NO_CRC, bytes);
        return bytes.toByteArray();
    }

    private static RouterCore load(final byte[] bytes) {
        final RouterCore core = new RouterCore(TrafficModel.context());
        CoreSnapshot.open(new ByteArrayInputStream(bytes)).loadInto(core);
        return core;
    }
}
