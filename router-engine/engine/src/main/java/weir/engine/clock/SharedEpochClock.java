package weir.engine.clock;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/** What a {@link SlewedEpochClock} shows to threads that do not own it. Never steps back. Any thread; takes no lock. */
final class SharedEpochClock implements EpochNanoClock {
    private final NanoClock monotonic;
    private final LongSupplier offsetNs;
    private final AtomicLong lastNs = new AtomicLong(Long.MIN_VALUE);

    SharedEpochClock(final NanoClock monotonic, final LongSupplier offsetNs) {
        this.monotonic = monotonic;
        this.offsetNs = offsetNs;
    }

    @Override
    public long nanoTime() {
        final long nowNs = offsetNs.getAsLong() + monotonic.nanoTime();
        long seenNs = lastNs.get();
        while (seenNs < nowNs && !lastNs.compareAndSet(seenNs, nowNs)) {
            seenNs = lastNs.get();
        }
        return Math.max(seenNs, nowNs);
    }
}
