package weir.sim.stripe;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The simulator's clock: a base clock plus a skew that the control API can change. Thread-safe. */
final class SimClock extends Clock {
    private final Clock base;
    private volatile long skewMs;

    SimClock(final Clock base) {
        this.base = base;
    }

    void skewMs(final long value) {
        skewMs = value;
    }

    long skewMs() {
        return skewMs;
    }

    @Override
    public Instant instant() {
        return base.instant().plusMillis(skewMs);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(final ZoneId zone) {
        return this;
    }
}
