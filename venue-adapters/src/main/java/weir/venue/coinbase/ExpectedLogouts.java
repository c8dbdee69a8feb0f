package weir.venue.coinbase;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * The venue's announced logouts: the weekly reset on Saturday, 13:00 New York or 18:00 UTC (the documents disagree in
 * summer, so both), and deploys on Monday and Thursday about 14:00 New York ("FIX API Connectivity").
 */
final class ExpectedLogouts {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final int RESET_TOLERANCE_S = 10 * 60;
    private static final int DEPLOY_TOLERANCE_S = 30 * 60;

    private ExpectedLogouts() {
    }

    /** What a logout at this time is, null when none is announced. */
    static String reason(final long epochNs) {
        final Instant instant = Instant.ofEpochSecond(epochNs / 1_000_000_000L);
        final ZonedDateTime local = instant.atZone(NEW_YORK);
        final ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        if (near(local, DayOfWeek.SATURDAY, 13, RESET_TOLERANCE_S)
            || near(utc, DayOfWeek.SATURDAY, 17, RESET_TOLERANCE_S)
            || near(utc, DayOfWeek.SATURDAY, 18, RESET_TOLERANCE_S)) {
            return "weekly reset";
        }
        if (near(local, DayOfWeek.MONDAY, 14, DEPLOY_TOLERANCE_S)
            || near(local, DayOfWeek.THURSDAY, 14, DEPLOY_TOLERANCE_S)) {
            return "deploy";
        }
        return null;
    }

    private static boolean near(final ZonedDateTime time, final DayOfWeek day, final int hour, final int toleranceS) {
        return time.getDayOfWeek() == day
            && Math.abs(time.toLocalTime().toSecondOfDay() - LocalTime.of(hour, 0).toSecondOfDay()) <= toleranceS;
    }
}
