package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.bench.core.CoreFixture;

/**
 * What does one order cost the core, from admission with the demo's controls on through "sent" to its fill, three
 * records into the ring and their reports included?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoreBenchmark {
    private static final int CL_ORD_IDS = 1 << 20;

    private CoreFixture fixture;

    /** One core; a session day ends every 400,000 orders, and what that costs is in the figure. */
    @Setup
    public void prepare() {
        fixture = new CoreFixture(CL_ORD_IDS);
    }

    /**
     * Admission, sent, fill.
     *
     * @return orders so far
     */
    @Benchmark
    public long order() {
        return fixture.roundTrip();
    }
}
