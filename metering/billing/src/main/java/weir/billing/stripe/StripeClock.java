package weir.billing.stripe;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our clock against Stripe's, from the Date of its answers: Stripe judges timestamps of events by its own. A difference
 * above the limit is alarmed once, and again when it was gone between. Any thread.
 */
public final class StripeClock {
    /** Difference from which it is alarmed, milliseconds. */
    public static final long ALARM_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(StripeClock.class);

    private final EpochClock clock;
    private final long alarmMs;
    private long aheadMs;
    private long alarms;
    private boolean alarmed;

    /**
     * A comparison.
     *
     * @param clock   ours
     * @param alarmMs difference from which it is alarmed
     */
    public StripeClock(final EpochClock clock, final long alarmMs) {
        this.clock = clock;
        this.alarmMs = alarmMs;
    }

    /**
     * An answer came.
     *
     * @param date value of its Date header; null = none
     */
    public synchronized void onDate(final String date) {
        if (date == null) {
            return;
        }
        try {
            aheadMs = clock.time()
                - ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli();
        } catch (final DateTimeException ex) {
            LOG.debug("Date of an answer: {}", date);
            return;
        }
        final boolean off = Math.abs(aheadMs) > alarmMs;
        if (off && !alarmed) {
            alarms++;
            LOG.error("STRIPE_CLOCK_OFF our clock is {} ms {} Stripe's: events may be refused by their timestamp",
                Math.abs(aheadMs), aheadMs > 0 ? "ahead of" : "behind");
        }
        alarmed = off;
    }

    /**
     * How far our clock was ahead of Stripe's at the last answer.
     *
     * @return milliseconds; below 0 = behind
     */
    public synchronized long aheadMs() {
        return aheadMs;
    }

    /**
     * Alarms so far.
     *
     * @return count
     */
    public synchronized long alarms() {
        return alarms;
    }
}
