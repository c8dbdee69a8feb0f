package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;

/** What a contract limits by name at the wire, against a naive venue that counts arrivals one by one. */
final class WireLimitsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000L;
    private static final int WINDOW = 5;
    private static final int BURST = 8;
    private static final int RATE = 4;

    private static WireLimits.Limit limit(final String name, final LimitScope scope, final LimitShape shape,
        final long capacity, final long periodNs, final long refill, final Map<String, WireLimits.Cost> costs) {
        return new WireLimits.Limit(name, scope, shape, capacity, periodNs, refill, costs);
    }

    private static WireLimits.Limit window(final LimitScope scope, final long capacity, final String request) {
        return limit("window", scope, LimitShape.FIXED_WINDOW, capacity, SECOND, 0,
            Map.of(request, new WireLimits.Cost(1, 0)));
    }

    private static WireLimits.Limit atOnce(final LimitScope scope, final long capacity, final String request,
        final int fixed, final int item) {
        return limit("at-once", scope, LimitShape.CONCURRENT, capacity, 0, 0,
            Map.of(request, new WireLimits.Cost(fixed, item)));
    }

    private static WireLimits.Limit bucket(final String request) {
        return limit("bucket", LimitScope.IP, LimitShape.TOKEN_BUCKET, BURST, 0, RATE,
            Map.of(request, new WireLimits.Cost(1, 0)));
    }

    /** A connection that the venue counts at some moment between its attempt and its end, as the network wills. */
    private static final class Try {
        private final WireLimits.Line line;
        private long endsNs = -1;
        private boolean stands;

        private Try(final WireLimits.Line line) {
            this.line = line;
        }
    }

    @Test
    void shouldKeepEveryWindowAndBucketOfTheVenueWhateverTheWay() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int run = 0; run < 12; run++) {
            final boolean ofWindow = run % 2 == 0;
            final boolean connects = run % 4 < 2;
            final String request = connects ? WireLimits.CONNECT : WireLimits.MESSAGE;
            final WireLimits limits = new WireLimits("test",
                List.of(ofWindow ? window(LimitScope.IP, WINDOW, request) : bucket(request)));
            final List<Try> tries = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tries.add(new Try(limits.line(i)));
            }
            final List<Long> arrivals = new ArrayList<>();
            for (long now = 0; now < 30 * SECOND; now += random.nextInt(30) * MS) {
                final Try one = tries.get(random.nextInt(tries.size()));
                if (!connects) {
                    if (one.line.trySend(request, 1, now)) {
                        arrivals.add(now + (long) (random.nextDouble() * WireLimits.WAY_NS));
                    }
                } else if (one.endsNs < 0) {
                    if (one.line.tryConnect(now)) {
                        one.endsNs = now + (random.nextInt(5) == 0 ? 1_500 : random.nextInt(40)) * MS;
                        arrivals.add(now + (long) (random.nextDouble() * (one.endsNs - now)));
                    }
                } else if (one.stands) {
                    one.line.closed(now);
                    one.stands = false;
                    one.endsNs = -1;
                } else if (now >= one.endsNs) {
                    one.stands = random.nextBoolean();
                    if (one.stands) {
                        one.line.opened(now);
                    } else {
                        one.line.closed(now);
                        one.endsNs = -1;
                    }
                }
            }
            arrivals.sort(null);
            final int least = (int) (0.5 * 30 * (ofWindow ? WINDOW : RATE) / (connects ? 2 : 1));
            assertTrue(arrivals.size() > least, "only " + arrivals.size() + " passed, seed " + seed + " run " + run);
            if (ofWindow) {
                for (int i = WINDOW; i < arrivals.size(); i++) {
                    assertTrue(arrivals.get(i) - arrivals.get(i - WINDOW) >= SECOND, "seed " + seed + " run " + run);
                }
            } else {
                double level = BURST;
                long at = 0;
                for (final long arrival : arrivals) {
                    level = Math.min(BURST, level + (arrival - at) * (double) RATE / SECOND) - 1;
                    at = arrival;
                    assertTrue(level > -1e-6, "level " + level + " seed " + seed + " run " + run);
                }
            }
            assertTrue(limits.holds() > 0 && limits.peak(ofWindow ? "window" : "bucket")
                == (ofWindow ? WINDOW : BURST), "peak " + limits.peak(ofWindow ? "window" : "bucket"));
        }
    }

    @Test
    void shouldAdmitByAllLimitsOrChargeNone() {
        final WireLimits limits = new WireLimits("test", List.of(window(LimitScope.IP, 3, WireLimits.CONNECT),
            atOnce(LimitScope.ACCOUNT, 1, WireLimits.CONNECT, 1, 0)));
        final WireLimits.Line first = limits.line(1);
        final WireLimits.Line second = limits.line(1);
        assertTrue(first.tryConnect(0));
        assertFalse(second.tryConnect(1), "one at once of an account");
        assertEquals(1, limits.peak("window"), "the refused attempt was not charged to the address");
        assertTrue(limits.line(2).tryConnect(2), "another account");
        first.opened(3);
        assertFalse(second.tryConnect(4));
        first.closed(5);
        assertTrue(second.tryConnect(6), "what was held at once is free");
        second.withdrawn();
        assertTrue(second.tryConnect(7), "an attempt that was not made counts nowhere");
        assertFalse(first.tryConnect(8), "three in the address's second");
        assertFalse(first.tryConnect(9));
        assertEquals(2, limits.holds(), "a wait is counted once, however often it is asked for");
    }

    @Test
    void shouldCountAccountsTogetherThatTheVenueCountsTogether() {
        final WireLimits limits = new WireLimits("test", List.of(atOnce(LimitScope.KEY, 1, WireLimits.LOGON, 1, 0)),
            (scope, accountId) -> accountId / 10);
        final WireLimits.Line first = limits.fixLine(11);
        assertTrue(first.trySend(WireLimits.LOGON, 1, 0));
        assertFalse(limits.fixLine(12).trySend(WireLimits.LOGON, 1, 0), "the same key");
        assertTrue(limits.fixLine(21).trySend(WireLimits.LOGON, 1, 0));
        first.closed(1);
        assertTrue(limits.fixLine(12).trySend(WireLimits.LOGON, 1, 1));
    }

    @Test
    void shouldGiveAConnectionItsOwnChannelsAndWindowAnew() {
        final WireLimits limits = new WireLimits("test", List.of(atOnce(LimitScope.CONNECTION, 500, "subscribe", 0, 1),
            window(LimitScope.CONNECTION, 2, WireLimits.MESSAGE)));
        final WireLimits.Line line = limits.line(0);
        assertTrue(line.tryConnect(0));
        assertEquals(500, line.room("subscribe"));
        assertTrue(line.trySend("subscribe", 400, 0) && line.trySend(WireLimits.MESSAGE, 1, 0));
        assertEquals(100, line.room("subscribe"));
        assertFalse(line.trySend("subscribe", 101, 0));
        assertTrue(line.trySend("subscribe", 100, 0) && line.trySend(WireLimits.MESSAGE, 1, 0));
        assertFalse(line.trySend(WireLimits.MESSAGE, 1, SECOND), "it may be on its way for a while");
        assertTrue(limits.line(0).trySend("subscribe", 500, SECOND), "another connection");
        line.closed(SECOND);
        assertTrue(line.tryConnect(SECOND));
        assertEquals(500, line.room("subscribe"));
        assertTrue(line.trySend(WireLimits.MESSAGE, 1, SECOND));
        assertEquals(500, limits.peak("at-once"), "of the connection that is gone, too");
        assertEquals(Integer.MAX_VALUE, line.room("unknown"));
        assertTrue(WireLimits.none().line(1).tryConnect(0));
    }
}
