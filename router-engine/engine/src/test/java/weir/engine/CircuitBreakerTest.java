package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.VenueState;

/** What a venue's bar stops, for whom, and how the circuit closes again. */
class CircuitBreakerTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int ACCOUNT = CoreHarness.ACCOUNT;
    private static final int OTHER = 2;
    private static final int TENANT = 2;
    private static final int SESSION = 22;
    private static final long SECOND = 1_000_000_000L;

    private final CoreHarness h = new CoreHarness();

    @BeforeEach
    void ready() {
        h.ready();
        h.take(h.frames.account(OTHER, 1, 0));
        final Frames.TenantSettings settings = new Frames.TenantSettings();
        settings.accountId = OTHER;
        h.take(h.frames.tenant(TENANT, settings));
        h.take(h.frames.session(SESSION, TENANT, weir.protocol.sbe.CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.grant(2, TENANT, weir.protocol.sbe.GrantKind.TOP_UP, 1_000_000_000));
        h.take(h.frames.connected(SESSION, TENANT, 1, false));
        h.take(h.frames.venueState(OTHER, VenueState.UP, CoreHarness.NULL));
        h.settle();
        h.clear();
    }

    private int other(final String id) {
        return h.frames.newOrder(SESSION, ++h.seq, id, "BTC-USD", weir.protocol.sbe.Side.BUY,
            weir.protocol.sbe.OrdType.LIMIT, weir.protocol.sbe.TimeInForce.GTC, E8, PRICE);
    }

    private int cancel(final String id) {
        return h.frames.cancel(CoreHarness.SESSION, ++h.seq, "X" + id, id);
    }

    private List<Integer> templates() {
        return h.venues.stream().map(CoreHarness.Venue::template).toList();
    }

    @Test
    void shouldRefuseWithTheTimeWhenTheBarOutlastsTheDeadline() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 5 * SECOND));
        h.clear();
        assertEquals(RejectReason.VENUE_BARRED, h.refused(h.limit("A", E8, PRICE)));
        assertEquals(5_000, h.last().b());
        assertTrue(h.venues.isEmpty());
    }

    @Test
    void shouldSendHeldCancelFirstAndOneMessageOnlyWhenTheBarIsOver() {
        final long first = h.working("A", E8, PRICE);
        h.working("B", E8, PRICE);
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + SECOND));
        h.order("C", E8, PRICE);
        h.take(cancel("A"));
        h.take(cancel("B"));
        h.clear();
        h.after(999);
        assertEquals(List.of(), templates(), "nothing passes a bar");
        h.after(1);
        assertEquals(List.of(71), templates(), "the held cancel is the probe, and alone");
        h.after(100);
        assertEquals(List.of(71), templates(), "no answer yet");
        h.take(h.frames.execution(ACCOUNT, first, 0, ExecType.CANCELED, OrdStatus.CANCELED, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
        assertEquals(List.of(71, 71, 70), templates(), "then the other cancel, then the order");
    }

    @Test
    void shouldBarLongerWhenTheProbeIsRefused() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, CoreHarness.NULL));
        h.order("A", E8, PRICE);
        h.order("B", E8, PRICE);
        h.clear();
        h.after(1_000);
        assertEquals(1, h.venues.size(), "after a second the probe");
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, CoreHarness.NULL));
        h.after(900);
        assertEquals(1, h.venues.size());
        assertEquals(RejectReason.VENUE_BARRED, refusedAfter(900), "the second bar lasts two seconds");
    }

    private RejectReason refusedAfter(final long deadlineMs) {
        final int length = h.limit("C", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + deadlineMs * 1_000_000L);
        return h.refused(length);
    }

    @Test
    void shouldSendAnotherProbeWhenTheFirstGetsNoAnswer() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + SECOND));
        final int length = h.limit("A", E8, PRICE);
        h.frames.newOrder().queueDeadlineNs(h.now + 60 * SECOND);
        h.take(length);
        h.clear();
        h.after(1_000);
        assertEquals(List.of(70), templates());
        for (int i = 0; i < 60 && h.venues.size() < 2; i++) {
            h.after(500);
        }
        assertEquals(List.of(70, 74), templates(), "it is asked what became of it: that is the next probe");
    }

    @Test
    void shouldStopEveryAccountOfTheAddressAndNoOther() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 60 * SECOND));
        h.take(other("free"));
        assertEquals(1, h.venues.size(), "another account is not barred");
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 418, h.now + 120 * SECOND));
        h.clear();
        assertEquals(RejectReason.VENUE_BARRED, h.refused(other("held")), "418 stops the world");
        assertEquals(120_000, h.last().b());
    }

    @Test
    void shouldSendOneProbeForAllAccountsOfTheAddress() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 418, h.now + SECOND));
        final long mine = h.order("A", E8, PRICE);
        h.take(other("B"));
        h.clear();
        h.after(1_000);
        assertEquals(1, h.venues.size(), "one message from the address");
        final CoreHarness.Venue probe = h.lastVenue();
        h.take(h.frames.execution(probe.account(), probe.orderId(), 0, ExecType.NEW, OrdStatus.NEW, CoreHarness.NULL,
            CoreHarness.NULL, 0));
        h.settle();
        assertEquals(2, h.venues.size(), "then the others, first was " + mine);
    }

    @Test
    void shouldKeepTheBarWhileTheConnectionComesAndGoes() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 418, h.now + 10 * SECOND));
        h.take(h.frames.venueState(ACCOUNT, VenueState.DOWN, CoreHarness.NULL));
        h.take(h.frames.venueState(ACCOUNT, VenueState.UP, CoreHarness.NULL));
        h.settle();
        h.clear();
        assertEquals(RejectReason.VENUE_BARRED, h.refused(h.limit("A", E8, PRICE)));
    }

    private String circuit(final int account) {
        h.admin.clear();
        h.apply(h.frames.admin(weir.protocol.sbe.AdminKind.CIRCUITS, 0));
        return h.admin.stream().filter(row -> row.contains("\"account\":" + account + ",")).findFirst().orElseThrow();
    }

    @Test
    void shouldShowEachPhaseToOperators() {
        assertTrue(circuit(ACCOUNT).contains("\"phase\":0,\"leftMs\":0,\"queued\":0"), circuit(ACCOUNT));
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + SECOND));
        h.order("A", E8, PRICE);
        assertTrue(circuit(ACCOUNT).contains("\"phase\":1,\"leftMs\":1000,\"queued\":1"), circuit(ACCOUNT));
        assertTrue(circuit(OTHER).contains("\"phase\":0"), circuit(OTHER));
        h.after(1_000);
        assertTrue(circuit(ACCOUNT).contains("\"phase\":3"), circuit(ACCOUNT));
    }

    /** The contract promises more than the venue takes: 12 leave at once, it takes 8 and refuses the others. */
    @Test
    void shouldSendAProbeAndTradeOnWhenTheVenueRefusedForARateBelowTheContracts() {
        h.take(h.frames.limit(1, 1, LimitScope.KEY, weir.protocol.sbe.LimitShape.SLIDING_WINDOW, 12, SECOND, 0, 0, 0,
            0, 1, 0, 2, 1, 0));
        h.take(h.frames.venue(1, 1, 100, 30_000, true, true));
        h.clear();
        for (int i = 0; i < 40; i++) {
            h.order("O" + i, E8, PRICE);
        }
        final Set<Long> left = new HashSet<>();
        int answered = 0;
        for (int ms = 0; ms < 30_000 && answered < 40; ms += 100) {
            int inBurst = 0;
            for (; answered < h.venues.size(); answered++) {
                final CoreHarness.Venue order = h.venues.get(answered);
                assertEquals(70, order.template(), () -> h.venues + circuit(ACCOUNT));
                assertTrue(left.add(order.orderId()), () -> "a second time at the venue: " + order);
                h.take(h.frames.sentOne(ACCOUNT, order.orderId()));
                if (++inBurst <= 8) {
                    h.take(h.frames.execution(ACCOUNT, order.orderId(), 0, ExecType.NEW, OrdStatus.NEW,
                        CoreHarness.NULL, CoreHarness.NULL, 0));
                } else {
                    h.apply(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 0, CoreHarness.NULL));
                    h.take(h.frames.messageReject(ACCOUNT, order.orderId(), order.idLow(),
                        weir.protocol.sbe.VenueMessageKind.NEW));
                }
            }
            h.after(100);
        }
        assertEquals(40, left.size(), () -> "every order leaves: " + circuit(ACCOUNT));
    }

    @Test
    void shouldNeverShortenABar() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 10 * SECOND));
        assertEquals(RouterCore.IGNORED,
            h.apply(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 5 * SECOND)));
    }

    @Test
    void shouldNotShortenABarOfTheAddressByAShorterOneThatAnotherAccountHears() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 418, h.now + 120 * SECOND));
        h.take(h.frames.bar(OTHER, LimitScope.IP, 418, h.now + 60 * SECOND));
        assertBarredFor(120_000);
        h.after(60_000);
        assertBarredFor(60_000);
        h.after(60_000);
        h.take(other("B"));
        assertEquals(1, h.venues.size(), "over for both");
    }

    @Test
    void shouldNotShortenAnAccountsOwnBarByAShorterOneOfTheAddress() {
        h.take(h.frames.bar(ACCOUNT, LimitScope.ACCOUNT, 429, h.now + 120 * SECOND));
        h.take(h.frames.bar(OTHER, LimitScope.IP, 418, h.now + 60 * SECOND));
        assertBarredFor(120_000);
    }

    @Test
    void shouldShortenItAsJournalsOfEarlierVersionsHaveIt() {
        h.core.rulesVersion(2);
        h.take(h.frames.bar(ACCOUNT, LimitScope.IP, 418, h.now + 120 * SECOND));
        h.take(h.frames.bar(OTHER, LimitScope.IP, 418, h.now + 60 * SECOND));
        h.core.rulesVersion(3);
        assertBarredFor(60_000);
    }

    private void assertBarredFor(final long ms) {
        h.clear();
        assertEquals(RejectReason.VENUE_BARRED, h.refused(h.limit("M" + h.seq, E8, PRICE)));
        assertEquals(ms, h.last().b());
        assertEquals(RejectReason.VENUE_BARRED, h.refused(other("O" + h.seq)));
        assertEquals(ms, h.last().b());
        assertTrue(h.venues.isEmpty());
    }
}
