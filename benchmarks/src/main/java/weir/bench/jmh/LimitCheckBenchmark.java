package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import weir.engine.throttle.TokenBuckets;

/** What do three token buckets cost (session, tenant, gateway), clock passed in: look at all, then charge all? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitCheckBenchmark {
    private final TokenBuckets buckets = new TokenBuckets(3);
    private long nowNs = 1_800_000_000_000_000_000L;

    /** Buckets that are never empty. */
    @Setup
    public void prepare() {
        for (int i = 0; i < 3; i++) {
            buckets.configure(i, 1_000_000, 1_000_000, nowNs);
        }
    }

    /**
     * Three buckets.
     *
     * @return longest wait, 0
     */
    @Benchmark
    public long threeBuckets() {
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
