package weir.sim.coinbase;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * When the venue logs everyone out by itself: deploys on Monday and Thursday 14:00 and the weekly reset on Saturday
 * 13:00, New York time (Coinbase Exchange "FIX connectivity", "FIX order entry"). Holidays are not observed.
 */
final class LogoutSchedule {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private LogoutSchedule() {
    }

    /** Whether a logout time lies in (fromNs, toNs]. The span may not exceed a day. */
    static boolean isCrossed(final long fromNs, final long toNs) {
        final ZonedDateTime to = at(toNs);
        return isCrossed(fromNs, toNs, to) || isCrossed(fromNs, toNs, to.minusDays(1));
    }

    private static boolean isCrossed(final long fromNs, final long toNs, final ZonedDateTime day) {
        final DayOfWeek weekday = day.getDayOfWeek();
        final LocalTime time;
        if (weekday == DayOfWeek.SATURDAY) {
            time = LocalTime.of(13, 0);
        } else if (weekday == DayOfWeek.MONDAY || weekday == DayOfWeek.THURSDAY) {
            time = LocalTime.of(14, 0);
        } else {
            return false;
        }
        final long logoutNs = day.with(time).toEpochSecond() * 1_000_000_000L;
        return fromNs < logoutNs && logoutNs <= toNs;
    }

    private static ZonedDateTime at(final long epochNs) {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, 1_000_000_000L)).atZone(NEW_YORK);
    }
}
