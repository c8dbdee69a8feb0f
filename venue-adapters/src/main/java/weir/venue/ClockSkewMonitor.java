package weir.venue;

import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares our clock with a venue's and tells the engine long before the venue would refuse what we sign: the alarm is
 * raised at a threshold, and cleared below half of it so that it does not flutter. A sample is a time of the venue
 * between two of ours; one whose round trip was too long to judge by is no sample. While the alarm stands it is
 * repeated with every sample that comes a while after the last one said. One thread.
 */
public final class ClockSkewMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(ClockSkewMonitor.class);
    private static final long MS = 1_000_000L;
    private static final long REPEAT_NS = 30_000_000_000L;

    private final VenueEventProxy engine;
    private final LongConsumer offsetMs;
    private final Runnable alarm;
    private final long alarmMs;
    private final long refusedMs;
    private final long roundTripMaxNs;
    private boolean active;
    private long toldNs;

    /**
     * Binds the monitor.
     *
     * @param engine         told of the alarm
     * @param alarmMs        skew at which the alarm is raised
     * @param refusedMs      skew at which the venue refuses; for the text
     * @param roundTripMaxMs longest round trip of a sample that is believed
     * @param offsetMs       gets every believed sample, venue minus ours in milliseconds
     * @param alarm          run for every sample beyond the threshold
     */
    public ClockSkewMonitor(final VenueEventProxy engine, final long alarmMs, final long refusedMs,
        final long roundTripMaxMs, final LongConsumer offsetMs, final Runnable alarm) {
        this.engine = engine;
        this.alarmMs = alarmMs;
        this.refusedMs = refusedMs;
        this.roundTripMaxNs = roundTripMaxMs * MS;
        this.offsetMs = offsetMs;
        this.alarm = alarm;
    }

    /**
     * One reading of the venue's clock.
     *
     * @param venueMs    its epoch milliseconds
     * @param askedNs    our epoch nanoseconds before the request left
     * @param answeredNs our epoch nanoseconds when the answer was there
     */
    public void onSample(final long venueMs, final long askedNs, final long answeredNs) {
        final long roundTripNs = answeredNs - askedNs;
        if (roundTripNs < 0 || roundTripNs > roundTripMaxNs) {
            return;
        }
        final long skewMs = venueMs - (askedNs + roundTripNs / 2) / MS;
        offsetMs.accept(skewMs);
        final boolean beyond = Math.abs(skewMs) >= alarmMs;
        if (beyond) {
            alarm.run();
        }
        final boolean now = beyond || active && Math.abs(skewMs) >= alarmMs / 2;
        final long nowNs = System.nanoTime();
        if (now != active || now && nowNs - toldNs >= REPEAT_NS) {
            active = now;
            toldNs = nowNs;
            if (now) {
                LOG.error("clock is {} ms off the venue's; at {} ms it refuses what we sign", skewMs, refusedMs);
            } else {
                LOG.info("clock is within bounds again: {} ms off the venue's", skewMs);
            }
            engine.clockSkew(now, skewMs);
        }
    }

    /**
     * Whether the alarm stands.
     *
     * @return true between raising and clearing
     */
    public boolean isActive() {
        return active;
    }
}
