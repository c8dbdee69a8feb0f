package weir.bench.core;

import weir.engine.throttle.TokenBuckets;

/** Three token buckets as the rate classes of an order ask them, clock passed in: look at all, then charge all. */
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
        final long ofSession = buckets.levelNano(0, nowNs);
        final long ofTenant = buckets.levelNano(1, nowNs);
        final long ofGateway = buckets.levelNano(2, nowNs);
        if (ofSession < TokenBuckets.NANO || ofTenant < TokenBuckets.NANO || ofGateway < TokenBuckets.NANO) {
            return 1;
        }
        buckets.takeOne(0, ofSession, nowNs);
        buckets.takeOne(1, ofTenant, nowNs);
        buckets.takeOne(2, ofGateway, nowNs);
        return 0;
    }
}
