package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.VenueState;

/** One tenant asks for a hundred times what the others ask for, of a budget that all share by address. */
class HostileTenantTest {
    private static final long E8 = CoreHarness.E8;
    private static final int TENANTS = 4;
    private static final int PER_SECOND = 40;
    private static final int ASKS_PER_SECOND = 12;
    private static final int SECONDS = 20;

    private final CoreHarness h = new CoreHarness().ready();
    private final Map<Long, Integer> tenantOf = new HashMap<>();
    private final int[] sent = new int[TENANTS + 1];
    private final int[] asked = new int[TENANTS + 1];
    private int taken;

    @Test
    void shouldGiveTheOthersAllTheyAskForWithinTheirShare() {
        h.keepRecords = false;
        h.take(h.frames.venue(1, 1, 400, 2_000, false, true));
        h.take(h.frames.limit(1, 1, LimitScope.IP, LimitShape.SLIDING_WINDOW, PER_SECOND, 1_000_000_000L, 0, 0, 0, 0, 1,
            0));
        for (int t = 2; t <= TENANTS; t++) {
            h.take(h.frames.account(t, 1, t));
            final Frames.TenantSettings settings = new Frames.TenantSettings();
            settings.accountId = t;
            h.take(h.frames.tenant(t, settings));
            h.take(h.frames.session(20 + t, t, CancelOnDisconnect.NONE, 0, 0, 0));
            h.take(h.frames.grant(t, t, GrantKind.TOP_UP, 1_000_000_000_000L));
            h.take(h.frames.connected(20 + t, t, 1, false));
            h.take(h.frames.venueState(t, VenueState.UP, CoreHarness.NULL));
        }
        h.take(h.frames.grant(99, 1, GrantKind.TOP_UP, 1_000_000_000_000L));
        h.settle();
        h.clear();
        final Random random = new Random(7);
        final int steps = SECONDS * ASKS_PER_SECOND;
        for (int i = 0; i < steps; i++) {
            h.after(1_000 / ASKS_PER_SECOND);
            for (int k = 0; k < 100; k++) {
                ask(1);
            }
            for (int t = 2; t <= TENANTS; t++) {
                ask(2 + (t + random.nextInt(TENANTS - 1)) % (TENANTS - 1));
            }
            answer();
        }
        for (int k = 0; k < 40; k++) {
            h.after(100);
            answer();
        }
        System.out.printf("HostileTenantTest: asked %d sent %d, the others asked %d %d %d and sent %d %d %d%n",
            asked[1], sent[1], asked[2], asked[3], asked[4], sent[2], sent[3], sent[4]);
        for (int t = 2; t <= TENANTS; t++) {
            assertTrue(sent[t] >= 0.8 * Math.min(asked[t], SECONDS * PER_SECOND / TENANTS),
                "tenant " + t + " asked " + asked[t] + " and sent " + sent[t]);
        }
        assertTrue(sent[1] > 0, "and what they leave is not lost");
        assertEquals(taken, sent[1] + sent[2] + sent[3] + sent[4]);
        assertTrue(taken >= 0.95 * SECONDS * PER_SECOND, "of " + SECONDS * PER_SECOND + " were used " + taken);
    }

    private void ask(final int tenant) {
        final int session = tenant == 1 ? CoreHarness.SESSION : 20 + tenant;
        asked[tenant]++;
        h.take(h.frames.newOrder(session, ++h.seq, "T" + h.seq, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            E8, 100 * E8));
        tenantOf.put(h.record.sequence(), tenant);
    }

    /** What arrived at the venue fills at once and makes room. */
    private void answer() {
        while (!h.venues.isEmpty()) {
            final CoreHarness.Venue message = h.venues.remove(0);
            sent[tenantOf.get(message.orderId())]++;
            taken++;
            h.take(h.frames.execution(message.account(), message.orderId(), 0, ExecType.REJECTED, OrdStatus.REJECTED,
                CoreHarness.NULL, CoreHarness.NULL, 0));
        }
        h.clients.clear();
    }
}
