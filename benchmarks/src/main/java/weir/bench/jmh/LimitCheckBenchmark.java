package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import weir.engine.throttle.CellRates;

/** What do three token buckets cost (session, tenant, gateway), clock passed in: look at all, then charge all? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitCheckBenchmark {
    private final CellRates buckets = new CellRates(3);
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
     * @return true when each had one
     */
    @Benchmark
    public boolean threeBuckets() {
        nowNs += 1_000;
        if (!buckets.isThere(0, nowNs) || !buckets.isThere(1, nowNs) || !buckets.isThere(2, nowNs)) {
            return false;
        }
        buckets.take(0, nowNs);
        buckets.take(1, nowNs);
        buckets.take(2, nowNs);
        return true;
    }
}
