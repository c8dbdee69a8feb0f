package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.load.ConfigTree;
import weir.config.load.LoadResult;
import weir.config.model.RateClass;
import weir.config.model.TenantControls;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.TradingState;

/** What the configuration says of stopping and of rates, the kill file, and burst windows when clocks change. */
class ControlsTest {
    private static final long NS_PER_S = 1_000_000_000L;

    private static WeirConfig config(final Path directory) throws Exception {
        final ConfigTree tree = new ConfigTree(directory);
        tree.replace("tenants/alpha.yaml", "rate: { burst: 1000, refill: 500/s }\n", """
            rate: { burst: 1000, refill: 500/s }
            deadMan: { within: 30s, state: cancel-only, cancelOpen: false }
            rejectRules:
              - { of: desk, rejects: 20, within: 10s }
              - { of: strategy, rejects: 5, within: 1s, state: halted, cancelOpen: true }
            bursts:
              - { days: [monday], from: "13:30", until: "14:00", burst: 5000, refill: 2000/s }
            """);
        tree.replace("tenants/alpha.yaml", "    compId: ALPHA1\n", """
                compId: ALPHA1
                routes: { new: { burst: 50, refill: 10/s }, status: { burst: 5, refill: 1/s } }
            """);
        tree.replace("router.yaml", "  deadMan: 0ms  ", "  deadMan: 90s  ");
        return tree.load(Map.of()).orThrow();
    }

    @Test
    void shouldReadTimersRulesWindowsAndRoutes(@TempDir final Path directory) throws Exception {
        final WeirConfig config = config(directory);
        final TenantControls controls = config.tenant("alpha").orElseThrow().controls();
        assertEquals(Optional.of(new TenantControls.DeadMan(30_000, TradingState.CANCEL_ONLY, false)),
            controls.deadMan());
        assertEquals(List.of(
            new TenantControls.RejectRule(GuardKind.DESK_REJECTS, 20, 10_000, TradingState.CANCEL_ONLY, false),
            new TenantControls.RejectRule(GuardKind.STRATEGY_REJECTS, 5, 1_000, TradingState.HALTED, true)),
            controls.rejects());
        assertEquals(List.of(new TenantControls.Burst(Set.of(DayOfWeek.MONDAY), LocalTime.of(13, 30),
            LocalTime.of(14, 0), new RateClass(5_000, 2_000))), controls.bursts());
        assertEquals(List.of(new TenantControls.Route(101, RateRoute.NEW, new RateClass(50, 10)),
            new TenantControls.Route(101, RateRoute.STATUS, new RateClass(5, 1))), controls.routes());
        assertEquals(new RateClass(5_000, 10_000), config.router().control().gateway());
        assertEquals(90_000, config.router().control().deadMan().orElseThrow().withinMs());
        assertEquals(TenantControls.NONE, config.tenant("beta").orElseThrow().controls());
    }

    @Test
    void shouldRefuseAGuardThatWouldLoosenAndARuleThatCannotBeCounted(@TempDir final Path directory)
        throws Exception {
        final ConfigTree tree = new ConfigTree(directory);
        final int line = tree.replace("tenants/alpha.yaml", "risk:\n", "deadMan: { within: 30s, state: active }\n"
            + "rejectRules:\n  - { of: desk, rejects: 65, within: 10s }\nrisk:\n");
        final LoadResult result = tree.load(Map.of());
        final String problems = result.problems().toString();
        assertTrue(problems.contains("alpha.yaml:" + line) && problems.contains("only tightens"), problems);
        assertTrue(problems.contains("rejects"), problems);
    }

    @Test
    void shouldUnderstandTheKillFileAndStopEverythingWhenItDoesNot(@TempDir final Path directory) throws Exception {
        final WeirConfig config = config(directory);
        final List<KillFile> orders = KillFile.parse(config, """
            # an incident
            kill tenant alpha
            halt venue coinbase   # the venue too
            cancel-only desk ALPHA2
            kill strategy alpha/7
            halt router
            """);
        assertEquals(List.of(KillScope.TENANT, KillScope.VENUE, KillScope.SESSION, KillScope.STRATEGY,
            KillScope.GLOBAL), orders.stream().map(o -> o.target().scope()).toList());
        assertEquals(List.of(true, false, false, true, false), orders.stream().map(KillFile::cancelOpen).toList());
        assertEquals(List.of(1, 1, 102, 7, 0), orders.stream().map(o -> o.target().id()).toList());
        assertEquals(TradingState.CANCEL_ONLY, orders.get(2).state());
        assertEquals(1, orders.get(3).target().tenantId());
        for (final String text : new String[] {"", "\n# nothing\n", "kill tenant nobody", "stop tenant alpha",
            "kill", "kill router now", "kill strategy alpha/x"}) {
            final List<KillFile> all = KillFile.parse(config, text);
            assertEquals(1, all.size(), text);
            assertEquals(SwitchTarget.ROUTER, all.get(0).target(), text);
            assertTrue(all.get(0).cancelOpen(), text);
        }
    }

    @Test
    void shouldOpenBurstWindowsAtLocalTimeAlsoWhenTheClocksChange() {
        final ZoneId zone = ZoneId.of("America/New_York");
        final TenantControls.Burst morning = burst("09:30", "10:00");
        // 8 March and 1 November 2026: clocks change at 02:00.
        assertEquals(30 * 60, length(morning, zone, "2026-03-09T09:30"));
        final TenantControls.Burst night = burst("01:30", "03:30");
        assertEquals(3_600, length(night, zone, "2026-03-08T01:30"), "an hour is left out");
        assertEquals(3 * 3_600, length(night, zone, "2026-11-01T01:30"), "an hour comes twice");
        final TenantControls.Burst over = burst("23:00", "01:00");
        assertEquals(2 * 3_600, length(over, zone, "2026-05-05T23:00"));
        assertTrue(BurstWindows.at(List.of(over), zone, ns("2026-05-06T00:59", zone)).isPresent(), "past midnight");
        assertTrue(BurstWindows.at(List.of(over), zone, ns("2026-05-06T01:00", zone)).isEmpty());
        assertTrue(BurstWindows.at(List.of(morning), zone, ns("2026-05-06T09:29", zone)).isEmpty());
    }

    private static TenantControls.Burst burst(final String from, final String until) {
        return new TenantControls.Burst(Set.of(DayOfWeek.values()), LocalTime.parse(from), LocalTime.parse(until),
            new RateClass(1, 1));
    }

    private static long length(final TenantControls.Burst burst, final ZoneId zone, final String at) {
        final BurstWindows.Span span = BurstWindows.at(List.of(burst), zone, ns(at, zone)).orElseThrow();
        return (span.untilNs() - span.fromNs()) / NS_PER_S;
    }

    private static long ns(final String local, final ZoneId zone) {
        return ZonedDateTime.of(java.time.LocalDateTime.parse(local), zone).toEpochSecond() * NS_PER_S;
    }
}
