package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.engine.CoreHarness.E8;

import java.util.List;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.SystemStatusEncoder;
import weir.protocol.sbe.VenueState;

/** CLOCK_SKEW of the host and of a venue: journaled and told on change only, to whom it concerns; stops nothing. */
class ClockSkewTest {
    private static final long PRICE = 40_000 * E8;
    private final CoreHarness h = new CoreHarness().ready();

    private List<String> alerts() {
        return h.clients.stream().filter(c -> c.template() == 84).map(CoreHarness.Client::text).toList();
    }

    /** A second tenant whose only account is at venue 2. */
    private void secondTenantElsewhere() {
        h.take(h.frames.venue(2, 15, 100, 2_000, true, true));
        h.take(h.frames.account(2, 2, 2));
        h.tenant.accountId = 2;
        h.take(h.frames.tenant(2, h.tenant));
        h.take(h.frames.session(12, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000));
        h.take(h.frames.connected(12, 2, 1, false));
        h.take(h.frames.venueState(2, VenueState.UP, CoreHarness.NULL));
        h.settle();
        h.clear();
    }

    @Test
    void shouldTellAllTenantsOnceWhenTheHostsClockStepsAndOnceWhenItIsRightAgain() {
        h.take(h.frames.clockSkew(0, true, 120_000));
        assertEquals(List.of("host skewMs=120000"), alerts());
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.clockSkew(0, true, 119_000)));
        h.take(h.frames.clockSkew(0, false, 12));
        assertEquals(List.of("host skewMs=120000", "host skewMs=12"), alerts());
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.clockSkew(0, false, 11)));
    }

    @Test
    void shouldTellOnlyTenantsWithAnAccountAtTheVenueWhenItsClockDiffers() {
        secondTenantElsewhere();
        h.take(h.frames.clockSkew(2, true, -4_200));
        assertEquals(List.of("venue=2 skewMs=-4200"), alerts());
        assertEquals(1, h.clients.stream().filter(c -> c.template() == 84).count());
        h.take(h.frames.clockSkew(1, true, 5_100));
        assertEquals(List.of("venue=2 skewMs=-4200", "venue=1 skewMs=5100"), alerts());
        h.take(h.frames.clockSkew(2, false, 3));
        assertEquals("venue=2 skewMs=3", alerts().get(2));
    }

    @Test
    void shouldRefuseAVenueThatCannotExistAndChangeNothing() {
        assertEquals(RouterCore.MALFORMED, h.apply(h.frames.clockSkew(99, true, 1)));
        assertEquals(RejectReason.UNKNOWN_TARGET.code(), h.core.lastReason());
        assertEquals(List.of(), alerts());
    }

    @Test
    void shouldTakeOrdersWhileAClockIsWrong() {
        h.take(h.frames.clockSkew(0, true, -120_000));
        h.take(h.frames.clockSkew(1, true, 9_000));
        h.order("A", E8, PRICE);
        assertEquals('A', h.last().execType());
    }

    @Test
    void shouldShowClocksInAlarmToAnOperator() {
        h.apply(h.frames.admin(AdminKind.PING, 0));
        assertFalse(h.admin.toString().contains("ClockSkewMs"), h.admin.toString());
        h.take(h.frames.clockSkew(0, true, -120_000));
        h.take(h.frames.clockSkew(1, true, 9_000));
        h.admin.clear();
        h.apply(h.frames.admin(AdminKind.PING, 0));
        assertTrue(h.admin.toString().contains("\"hostClockSkewMs\":-120000"), h.admin.toString());
        assertTrue(h.admin.toString().contains("\"venueClockSkewMs1\":9000"), h.admin.toString());
    }

    @Test
    void shouldEndABarAfterItsOwnLengthWhenTheAdaptersWallTimeHasStepped() {
        for (final long stepNs : new long[] {120_000_000_000L, -120_000_000_000L}) {
            final long wallNs = h.now + stepNs;
            h.take(h.frames.venueBarred(CoreHarness.ACCOUNT, wallNs, wallNs + 2_000_000_000L));
            h.after(1_900);
            assertEquals(RejectReason.VENUE_BARRED, h.refused(h.limit("B" + stepNs, E8, PRICE)));
            h.after(200);
            h.order("A" + stepNs, E8, PRICE);
            assertEquals('A', h.last().execType());
        }
    }

    @Test
    void shouldBeOverWithTheRunThatSawIt() {
        h.take(h.frames.clockSkew(1, true, 9_000));
        h.take(h.frames.started(0x0123_4567_89AB_CDEFL, 42));
        h.settle();
        h.clear();
        h.take(h.frames.clockSkew(1, true, 9_000));
        assertEquals(List.of("venue=1 skewMs=9000"), alerts());
    }

    @Test
    void shouldReadTheFormerSchemasFrameAsTheHosts() {
        final int length = h.frames.clockSkew(0, true, 700);
        // Schema 1 ended before venueId: block length and version of its header say so.
        h.frames.buffer.putShort(0, (short) SystemStatusEncoder.venueIdEncodingOffset());
        h.frames.buffer.putShort(6, (short) 1);
        h.take(length - 4);
        assertEquals(List.of("host skewMs=700"), alerts());
    }
}
