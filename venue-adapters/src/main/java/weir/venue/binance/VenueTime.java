package weir.venue.binance;

import weir.venue.ClockSkewMonitor;

/**
 * The venue's clock as we know it: ours plus the offset of the sample with the shortest round trip among the last few.
 * Requests are stamped with it, so that a host that is off is alarmed long before the venue refuses. Agent's thread.
 */
final class VenueTime {
    private static final int KEPT = 8;
    private static final long MS = 1_000_000L;

    private final ClockSkewMonitor monitor;
    private final long[] offsetMs = new long[KEPT];
    private final long[] roundTripNs = new long[KEPT];
    private int samples;
    private long bestMs;

    VenueTime(final ClockSkewMonitor monitor) {
        this.monitor = monitor;
    }

    /** One answer of {@code time}. */
    void onSample(final long venueMs, final long askedNs, final long answeredNs) {
        monitor.onSample(venueMs, askedNs, answeredNs);
        if (answeredNs < askedNs) {
            return;
        }
        final int at = samples++ % KEPT;
        offsetMs[at] = venueMs - (askedNs + (answeredNs - askedNs) / 2) / MS;
        roundTripNs[at] = answeredNs - askedNs;
        int best = 0;
        for (int i = 1; i < Math.min(samples, KEPT); i++) {
            best = roundTripNs[i] < roundTripNs[best] ? i : best;
        }
        bestMs = offsetMs[best];
    }

    /** What was known is worth nothing: the venue refused a stamp of it. */
    void forget() {
        samples = 0;
    }

    boolean isKnown() {
        return samples > 0;
    }

    /** Milliseconds of the venue's clock. */
    long nowMs(final long ourEpochNs) {
        return ourEpochNs / MS + bestMs;
    }
}
