package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.bench.core.CoreFixture;

/**
 * What does each pre-trade control add to an order's life in the core (admission, sent, fill)? The difference to OFF,
 * in which no control is on, is its cost; DEMO is what the demo has on, ALL everything.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ControlBenchmark {
    private static final int CL_ORD_IDS = 1 << 20;

    /** Which control is on. */
    @Param
    private CoreFixture.Control control;
    private CoreFixture fixture;

    /** For JMH. */
    public ControlBenchmark() {
        // fields are set by JMH
    }

    /** One core with what is on. */
    @Setup
    public void prepare() {
        fixture = new CoreFixture(CL_ORD_IDS, control);
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
