package weir.venue.intx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.venue.WireLimits;

/** A venue that ends every session at once gets no more FIX connections than its contract grants the key. */
final class FixConnectTest extends TwoPathTest {
    /** Longer than the pause between attempts: what is seen is the contract's doing. */
    private static final long WINDOW_NS = 1_500_000_000L;

    private static WireLimits.Limit limit(final String name, final LimitShape shape, final long periodNs) {
        return new WireLimits.Limit(name, LimitScope.KEY, shape, 1, periodNs, 0,
            Map.of(WireLimits.FIX_CONNECT, new WireLimits.Cost(1, 0)));
    }

    @Test
    void shouldConnectNoMoreOftenThanTheContractGrantsAndOnceAtATime() {
        final WireLimits limits = new WireLimits("intx", List.of(
            limit("fix-connects", LimitShape.SLIDING_WINDOW, WINDOW_NS),
            limit("fix-connections", LimitShape.CONCURRENT, 0)));
        launchTwo(context -> context.wireLimits(limits));
        for (int ups = 2; ups <= 3; ups++) {
            final int wanted = ups;
            venue.disconnect("fix");
            engine.await(e -> "SECOND_UP".equals(e.type()) && engine.of("SECOND_UP").size() == wanted, "back");
        }
        final List<Long> timesNs = venue.log("logon").stream().map(line -> line.path("ts").asLong()).toList();
        assertEquals(3, timesNs.size(), timesNs.toString());
        // a Logon follows its connection, later on a busy machine: one pause may look shorter, both do not
        assertTrue(timesNs.get(2) - timesNs.get(0) >= WINDOW_NS, timesNs.toString());
        assertEquals(2, limits.holds(), "each of the two new ones waited");
        assertEquals(1, limits.peak("fix-connections"));
        assertEquals(1, limits.peak("fix-connects"));
    }
}
