package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.E8;
import static weir.engine.CoreHarness.NULL;
import static weir.engine.CoreHarness.SESSION;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueState;

/** Two tenants at one venue: what one of them does reaches the other only through an account shared on purpose. */
class TenantIsolationTest {
    private static final long PRICE = 40_000 * E8;
    private static final int OTHER_TENANT = 2;
    private static final int OTHER_SESSION = 12;
    private static final int OTHER_ACCOUNT = 2;
    private static final int VENUE_CANCEL = 71;
    private static final int ORDER_QUERY = 74;

    private final CoreHarness h = new CoreHarness().ready();
    private int otherSeq;
    private long mine;
    private long theirs;

    @BeforeEach
    void twoTenantsWithAnOrderEach() {
        h.take(h.frames.account(CoreHarness.ACCOUNT, 1, CoreHarness.TENANT));
        h.take(h.frames.account(OTHER_ACCOUNT, 1, OTHER_TENANT));
        h.take(h.frames.venueState(OTHER_ACCOUNT, VenueState.UP, NULL));
        otherTenant(OTHER_ACCOUNT);
        h.take(h.frames.session(SESSION, CoreHarness.TENANT, CancelOnDisconnect.ON_DISCONNECT_OR_LOGOUT, 0, 0, 0));
        mine = h.working("MINE", E8, PRICE);
        theirs = theirOrder(OTHER_ACCOUNT, "THEIRS");
        h.settle();
        h.clear();
    }

    private void otherTenant(final int accountId) {
        h.tenant.accountId = accountId;
        h.take(h.frames.tenant(OTHER_TENANT, h.tenant));
        if (otherSeq == 0) {
            h.take(h.frames.session(OTHER_SESSION, OTHER_TENANT, CancelOnDisconnect.NONE, 0, 0, 0));
            h.take(h.frames.grant(77, OTHER_TENANT, GrantKind.TOP_UP, 1_000_000));
            h.take(h.frames.connected(OTHER_SESSION, OTHER_TENANT, ++otherSeq, false));
        }
    }

    private long theirOrder(final int accountId, final String id) {
        h.take(h.frames.newOrder(OTHER_SESSION, ++otherSeq, id, "BTC-USD", Side.SELL, OrdType.LIMIT, TimeInForce.GTC,
            E8, PRICE));
        final long orderId = h.record.sequence();
        assertEquals(accountId, h.lastVenue().account());
        h.take(h.frames.sentOne(accountId, orderId));
        h.take(h.frames.execution(accountId, orderId, 0, ExecType.NEW, OrdStatus.NEW, NULL, NULL, 0));
        return orderId;
    }

    private Set<Long> at(final int template) {
        return h.venues.stream().filter(v -> v.template() == template).map(CoreHarness.Venue::orderId)
            .collect(Collectors.toSet());
    }

    @Test
    void shouldCancelOnlyItsOwnOrdersWhenADeskDisconnects() {
        h.take(h.frames.disconnected(SESSION, ++h.seq, DisconnectCause.CONNECTION_LOST));
        h.after(10_000);
        assertEquals(Set.of(mine), at(VENUE_CANCEL));
        assertTrue(h.clients.stream().allMatch(c -> c.session() == SESSION), h.clients::toString);
    }

    @Test
    void shouldCancelOnlyItsOwnOrdersByMassCancelOfTheTenant() {
        h.take(h.frames.massCancel(SESSION, ++h.seq, "M", MassCancelScope.TENANT, ""));
        h.settle();
        assertEquals(Set.of(mine), at(VENUE_CANCEL));
    }

    @Test
    void shouldCancelOnlyItsOwnOrdersByKillSwitchOfTheAccount() {
        h.take(h.frames.kill(KillScope.ACCOUNT, OTHER_ACCOUNT, TradingState.HALTED, true));
        h.settle();
        assertEquals(Set.of(theirs), at(VENUE_CANCEL));
        h.order("STILL", E8, PRICE);
        h.take(h.frames.newOrder(OTHER_SESSION, ++otherSeq, "NOT", "BTC-USD", Side.SELL, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE));
        assertEquals(RejectReason.ACCOUNT_HALTED, RejectReason.ofCode(h.record.reason()));
    }

    @Test
    void shouldDoubtOnlyOrdersOfTheAccountWhoseConnectionIsLost() {
        h.order("IN-FLIGHT", E8, PRICE);
        h.take(h.frames.newOrder(OTHER_SESSION, ++otherSeq, "IN-FLIGHT", "BTC-USD", Side.SELL, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE));
        final long theirsInFlight = h.record.sequence();
        h.clear();
        h.take(h.frames.venueState(OTHER_ACCOUNT, VenueState.DOWN, NULL));
        h.settle();
        assertTrue(h.clients.stream().filter(CoreHarness.Client::unknown)
            .allMatch(c -> c.session() == OTHER_SESSION && c.orderId() == theirsInFlight), h.clients::toString);
        assertTrue(h.clients.stream().anyMatch(CoreHarness.Client::unknown));
        h.order("GOES-ON", E8, PRICE);
        assertEquals(CoreHarness.ACCOUNT, h.lastVenue().account());
        h.take(h.frames.venueState(OTHER_ACCOUNT, VenueState.UP, NULL));
        h.settle();
        assertEquals(Set.of(theirs, theirsInFlight), at(ORDER_QUERY));
    }

    @Test
    void shouldDoubtOrdersOfBothWhenTheAccountIsSharedOnPurpose() {
        h.take(h.frames.account(CoreHarness.ACCOUNT, 1, 0));
        otherTenant(CoreHarness.ACCOUNT);
        final long shared = theirOrder(CoreHarness.ACCOUNT, "SHARED");
        h.clear();
        h.take(h.frames.venueState(CoreHarness.ACCOUNT, VenueState.DOWN, NULL));
        h.take(h.frames.venueState(CoreHarness.ACCOUNT, VenueState.UP, NULL));
        h.settle();
        assertEquals(Set.of(mine, shared), at(ORDER_QUERY), "each order of the account, none of the other");
    }

    @Test
    void shouldRefuseWhenTheDefaultAccountIsAnotherTenantsAndNotShared() {
        h.take(h.frames.account(OTHER_ACCOUNT, 1, 3));
        h.take(h.frames.newOrder(OTHER_SESSION, ++otherSeq, "FOREIGN", "BTC-USD", Side.SELL, OrdType.LIMIT,
            TimeInForce.GTC, E8, PRICE));
        assertEquals(RejectReason.NO_ROUTE, RejectReason.ofCode(h.record.reason()));
    }

    @Test
    void shouldTakeNoEventOfOneAccountForAnOrderOfAnother() {
        final int result = h.apply(h.frames.execution(CoreHarness.ACCOUNT, theirs, 0, ExecType.CANCELED,
            OrdStatus.CANCELED, NULL, NULL, 0));
        assertEquals(RouterCore.IGNORED, result, "an adapter that mixes up accounts must not end another's order");
        assertTrue(h.clients.isEmpty(), h.clients::toString);
        h.take(h.frames.execution(CoreHarness.ACCOUNT, theirs, 0, ExecType.TRADE, OrdStatus.FILLED, E8, PRICE, 7));
        assertEquals(RejectReason.UNKNOWN_TARGET, RejectReason.ofCode(h.record.reason()), "money: on the record");
        assertEquals(0, h.record.filledUnits());
    }
}
