package weir.fix.desk;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * When a desk's session runs and its sequence numbers start again. Non-stop: only 141=Y resets. Daily: logons are taken
 * between start and end, and the numbers start again at each start.
 *
 * @param start    first moment of the day, null for non-stop
 * @param end      last moment of the day, null for non-stop
 * @param zone     time zone of both, null for non-stop
 * @param weekdays days on which a session starts; empty = every day
 */
public record SessionDay(LocalTime start, LocalTime end, ZoneId zone, List<DayOfWeek> weekdays) {
    /** Around the clock. */
    public static final SessionDay NON_STOP = new SessionDay(null, null, null, List.of());

    /**
     * A day with a start and an end.
     *
     * @param start first moment
     * @param end   last moment
     * @param zone  time zone of both
     * @return schedule for every day of the week
     */
    public static SessionDay daily(final LocalTime start, final LocalTime end, final ZoneId zone) {
        return new SessionDay(start, end, zone, List.of());
    }

    /**
     * Asks for the kind.
     *
     * @return true for around the clock
     */
    public boolean isNonStop() {
        return start == null;
    }
}
