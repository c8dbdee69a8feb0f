package weir.bench.core;

import weir.engine.throttle.CellRates;

/** Three token buckets as the rate classes of an order ask them, clock passed in: look at all, then charge all. */
final class BucketWork implements Work.Whole {
    private static final int EACH = 1_000_000;

    private final CellRates buckets = new CellRates(3);
    private long nowNs = 1_800_000_000_000_000_000L;

    BucketWork() {
        for (int i = 0; i < 3; i++) {
            buckets.configure(i, EACH, EACH, nowNs);
        }
    }

    @Override
    public long once() {
        nowNs += 1_000;
        if (!buckets.isThere(0, nowNs) || !buckets.isThere(1, nowNs) || !buckets.isThere(2, nowNs)) {
            return 1;
        }
        buckets.take(0, nowNs);
        buckets.take(1, nowNs);
        buckets.take(2, nowNs);
        return 0;
    }
}
