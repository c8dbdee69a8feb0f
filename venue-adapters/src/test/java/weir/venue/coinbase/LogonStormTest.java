package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.venue.EngineSide;
import weir.venue.WireLimits;

/**
 * A venue that ends every session at once is asked for no more of them than the contract grants the key. The link that
 * asks is the same for both transports.
 */
final class LogonStormTest {
    /** Longer than the pause that the adapter keeps by itself: what is seen is the contract's doing. */
    private static final long WINDOW_NS = 1_500_000_000L;
    private static final int LOGONS = 2;

    @TempDir
    private Path directory;
    private VenueSide venue;
    private EngineSide engine;
    private CoinbaseAdapter adapter;

    @BeforeEach
    void start() throws Exception {
        venue = new VenueSide(directory);
        engine = new EngineSide(directory, Venues.COINBASE);
    }

    @AfterEach
    void stop() throws Exception {
        if (adapter != null) {
            adapter.close();
        }
        engine.close();
        venue.close();
    }

    @Test
    void shouldAskForNoMoreSessionsThanTheContractGrantsWhenEveryOneIsCut() throws Exception {
        final WireLimits limits = new WireLimits("coinbase", List.of(
            limit("fix-logons", LimitShape.SLIDING_WINDOW, 1, WINDOW_NS),
            limit("fix-sessions", LimitShape.CONCURRENT, 1, 0)));
        adapter = CoinbaseAdapter.launch(new CoinbaseAdapter.Context().aeron(engine.aeron())
            .account(venue.accountA()).wireLimits(limits).reconnectMinMs(1_000).reconnectMaxMs(1_000));
        for (int i = 0; i < LOGONS; i++) {
            final int ups = i + 1;
            final long deadlineNs = System.nanoTime() + 20_000_000_000L;
            while (engine.of("UP").size() < ups) {
                assertTrue(System.nanoTime() - deadlineNs < 0, () -> ups + " logons: " + engine.events());
                engine.pollFor(5);
            }
            venue.control("POST", "/disconnect", "");
        }
        final List<Long> timesNs = logonTimesNs();
        assertTrue(timesNs.size() >= LOGONS, timesNs.toString());
        for (int i = 1; i < timesNs.size(); i++) {
            assertTrue(timesNs.get(i) - timesNs.get(i - 1) >= WINDOW_NS, timesNs.toString());
        }
        assertEquals(0, venue.stats(venue.keyA).path("logonsRefused").asInt());
        assertTrue(limits.holds() >= 1);
        assertEquals(1, limits.peak("fix-sessions"));
    }

    private static WireLimits.Limit limit(final String name, final LimitShape shape, final long capacity,
        final long periodNs) {
        return new WireLimits.Limit(name, LimitScope.KEY, shape, capacity, periodNs, 0,
            Map.of(WireLimits.LOGON, new WireLimits.Cost(1, 0)));
    }

    /** As the venue saw them. */
    private List<Long> logonTimesNs() throws Exception {
        final List<Long> times = new ArrayList<>();
        final ObjectMapper json = new ObjectMapper();
        for (final String line : venue.log().lines().filter(each -> each.contains("\"logon\"")).toList()) {
            times.add(json.readTree(line).path("ts").asLong());
        }
        return times;
    }
}
