package weir.config.model;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.TradingState;

/**
 * What stops a tenant by itself, and rate classes beside its own.
 *
 * @param deadMan timer that an operator's heartbeat holds off
 * @param rejects rules that count refused orders
 * @param bursts  windows with another rate class, in the tenant's time zone
 * @param routes  rate classes of single message kinds of its sessions
 */
public record TenantControls(Optional<DeadMan> deadMan, List<RejectRule> rejects, List<Burst> bursts,
    List<Route> routes) {
    private static final int DAY_S = 86_400;
    private static final int WEEK_S = 7 * DAY_S;
    /** Nothing. */
    public static final TenantControls NONE = new TenantControls(Optional.empty(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public TenantControls {
        rejects = List.copyOf(rejects);
        bursts = List.copyOf(bursts);
        routes = List.copyOf(routes);
    }

    /**
     * A dead man's timer.
     *
     * @param withinMs   a heartbeat must come within so long
     * @param state      what becomes of the scope else
     * @param cancelOpen whether what is open is cancelled
     */
    public record DeadMan(int withinMs, TradingState state, boolean cancelOpen) {
    }

    /**
     * A rule that counts refused orders.
     *
     * @param kind       of each desk, or of each strategy
     * @param rejects    so many
     * @param withinMs   within so long
     * @param state      what becomes of the desk or strategy
     * @param cancelOpen whether what is open is cancelled
     */
    public record RejectRule(GuardKind kind, int rejects, int withinMs, TradingState state, boolean cancelOpen) {
    }

    /**
     * A window with another rate class of the tenant.
     *
     * @param days  on which it begins
     * @param from  begin, local time
     * @param until end, local time; not after {@code from} = on the next day
     * @param rate  class within it
     */
    public record Burst(Set<DayOfWeek> days, LocalTime from, LocalTime until, RateClass rate) {
        /** Copies the days. */
        public Burst {
            days = Set.copyOf(days);
        }

        /**
         * Is there a moment of the week in both windows?
         *
         * @param other window
         * @return true when they overlap, by the clock on the wall
         */
        public boolean overlaps(final Burst other) {
            for (final DayOfWeek day : days) {
                for (final DayOfWeek its : other.days) {
                    // the distance from one begin to the other, either way around the week
                    final int after = Math.floorMod(other.begin(its) - begin(day), WEEK_S);
                    if (after < lengthS() || WEEK_S - after < other.lengthS()) {
                        return true;
                    }
                }
            }
            return false;
        }

        private int begin(final DayOfWeek day) {
            return day.ordinal() * DAY_S + from.toSecondOfDay();
        }

        private int lengthS() {
            final int length = until.toSecondOfDay() - from.toSecondOfDay();
            return length > 0 ? length : length + DAY_S;
        }
    }

    /**
     * A rate class of one message kind of a session.
     *
     * @param sessionId session
     * @param route     message kind
     * @param rate      class
     */
    public record Route(int sessionId, RateRoute route, RateClass rate) {
    }
}
