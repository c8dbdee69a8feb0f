package weir.bench.core;

import weir.engine.throttle.TokenBuckets;

/** Three token buckets of the engine, clock passed in: look at all, then charge all. */
final class BucketWork implements Work.Whole {
    private static final int EACH = 1_000_000;

    private final TokenBuckets buckets = new TokenBuckets(3);
    private long nowNs = 1_800_000_000_000_000_000L;

    BucketWork() {
        for (int i = 0; i < 3; i++) {
            buckets.configure(i, EACH, EACH, nowNs);
        }
    }

    @Override
    public long once() {
        nowNs += 1_000;
        final long wait = buckets.waitNs(0, 1, 0, nowNs) | buckets.waitNs(1, 1, 0, nowNs)
            | buckets.waitNs(2, 1, 0, nowNs);
        if (wait == 0) {
            buckets.take(0, 1);
            buckets.take(1, 1);
            buckets.take(2, 1);
        }
        return wait;
    }
}
