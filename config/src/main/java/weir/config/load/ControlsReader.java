package weir.config.load;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.config.model.RateClass;
import weir.config.model.RouterSettings;
import weir.config.model.TenantControls;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.engine.control.Guards;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.TradingState;

/** Reads dead men's timers, reject rules, burst windows, routes, and the router's kill file and gateway rate. */
final class ControlsReader {
    private static final int DAY_MS = 86_400_000;

    /** Whose rejects a rule counts. */
    private enum Of {
        DESK, STRATEGY
    }

    private ControlsReader() {
    }

    static TenantControls tenant(final Section root, final List<TenantControls.Route> routes) {
        return new TenantControls(root.section("deadMan").map(ControlsReader::deadMan), rejects(root), bursts(root),
            routes);
    }

    static RouterSettings.Control router(final Section kill, final Section gateway) {
        final Optional<Path> file = kill.maybe("file", Forms.path());
        final int pollMs = kill.or("poll", Forms.durationMs(10, 60_000), 200);
        final int deadManMs = kill.or("deadMan", Forms.durationMs(0, DAY_MS), 0);
        final TradingState state = state(kill, "deadManState", TradingState.HALTED);
        final boolean cancels = kill.or("deadManCancel", Forms.flag(), true);
        kill.done();
        final int burst = (int) (long) gateway.or("burst", Forms.integer(0, 10_000_000),
            (long) RouterSettings.Control.GATEWAY.burst());
        final int refill = gateway.or("refill", Forms.ratePerSecond(1, 10_000_000),
            RouterSettings.Control.GATEWAY.perSecond());
        gateway.done();
        return new RouterSettings.Control(file, pollMs, deadManMs == 0 ? Optional.empty()
            : Optional.of(new TenantControls.DeadMan(deadManMs, state, cancels)),
            burst == 0 ? RateClass.NONE : new RateClass(burst, refill));
    }

    static void routes(final Section session, final int sessionId, final List<TenantControls.Route> to) {
        session.section("routes").ifPresent(section -> {
            for (final RateRoute route : new RateRoute[] {RateRoute.NEW, RateRoute.REPLACE, RateRoute.STATUS}) {
                section.section(Forms.name(route)).ifPresent(rate ->
                    to.add(new TenantControls.Route(sessionId, route, rate(rate))));
            }
            section.done();
        });
    }

    private static RateClass rate(final Section section) {
        final RateClass rate = new RateClass((int) (long) section.need("burst", Forms.integer(1, 10_000_000), 1L),
            section.need("refill", Forms.ratePerSecond(1, 10_000_000), 1));
        section.done();
        return rate;
    }

    private static TenantControls.DeadMan deadMan(final Section section) {
        final TenantControls.DeadMan deadMan = new TenantControls.DeadMan(
            section.need("within", Forms.durationMs(100, DAY_MS), 1_000), state(section, "state", TradingState.HALTED),
            section.or("cancelOpen", Forms.flag(), true));
        section.done();
        return deadMan;
    }

    private static List<TenantControls.RejectRule> rejects(final Section root) {
        final List<TenantControls.RejectRule> result = new ArrayList<>();
        final Set<Of> seen = EnumSet.noneOf(Of.class);
        for (final Section section : root.sections("rejectRules")) {
            final Of of = section.need("of", Forms.choice(Of.class), Of.DESK);
            if (!seen.add(of)) {
                section.problem(ProblemCode.CONFIG_DUPLICATE, "of", "one rule of each", Forms.name(of), "");
            }
            result.add(new TenantControls.RejectRule(of == Of.DESK ? GuardKind.DESK_REJECTS
                : GuardKind.STRATEGY_REJECTS,
                (int) (long) section.need("rejects", Forms.integer(1, Guards.REJECTS_MAX), 1L),
                section.need("within", Forms.durationMs(1, DAY_MS), 1_000),
                state(section, "state", TradingState.CANCEL_ONLY), section.or("cancelOpen", Forms.flag(), false)));
            section.done();
        }
        return result;
    }

    private static TradingState state(final Section section, final String key, final TradingState fallback) {
        final TradingState state = section.or(key, Forms.choice(TradingState.class), fallback);
        if (state == TradingState.ACTIVE) {
            section.problem(ProblemCode.CONFIG_CONFLICT, key, "cancel-only or halted", "active",
                "what fires by itself only tightens");
            return fallback;
        }
        return state;
    }

    static List<TenantControls.Burst> bursts(final Section root) {
        final List<TenantControls.Burst> result = new ArrayList<>();
        for (final Section section : root.sections("bursts")) {
            final Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            for (final Placed<DayOfWeek> day : section.list("days", Forms.choice(DayOfWeek.class))) {
                days.add(day.value());
            }
            final TenantControls.Burst burst = new TenantControls.Burst(days.isEmpty()
                ? EnumSet.allOf(DayOfWeek.class) : days,
                section.need("from", Forms.timeOfDay(), LocalTime.MIDNIGHT),
                section.need("until", Forms.timeOfDay(), LocalTime.NOON),
                new RateClass((int) (long) section.need("burst", Forms.integer(1, 10_000_000), 1L),
                section.need("refill", Forms.ratePerSecond(1, 10_000_000), 1)));
            if (result.stream().anyMatch(burst::overlaps)) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "from", "a window that overlaps no other of the tenant",
                    burst.from() + " to " + burst.until(), "a tenant has one rate at a time");
            }
            result.add(burst);
            section.done();
        }
        return result;
    }
}
