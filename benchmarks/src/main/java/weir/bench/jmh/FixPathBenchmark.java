package weir.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import quickfix.ConfigError;
import weir.bench.core.FixPaths;

/**
 * What does an order cost from a desk's FIX bytes to the venue's? Weir's figure also holds "sent" and the fill, which
 * the suite's P8 leaves out; QuickFIX/J's is decode and encode alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
public class FixPathBenchmark {
    private FixPaths paths;

    /**
     * One core with every control on.
     *
     * @throws ConfigError when QuickFIX/J does not find its dictionaries
     */
    @Setup
    public void prepare() throws ConfigError {
        paths = new FixPaths();
    }

    /**
     * Weir: bytes, core, ring, bytes; then sent and filled.
     *
     * @return nanoseconds of the part that P8 counts
     */
    @Benchmark
    @OperationsPerInvocation(FixPaths.BATCH)
    public long weir() {
        return paths.weir();
    }

    /**
     * QuickFIX/J: text, message, text.
     *
     * @return length of the text
     */
    @Benchmark
    public long quickFix() {
        return paths.quickFix();
    }
}
