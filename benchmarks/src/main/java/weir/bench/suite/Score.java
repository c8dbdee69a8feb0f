package weir.bench.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import weir.bench.contest.CpuUse;
import weir.bench.tester.Latencies;
import weir.bench.tester.Throughput;

/** What the rounds of one contestant gave. */
final class Score {
    final String name;
    final List<String> description;
    final List<Latencies> latencies = new ArrayList<>();
    final List<Throughput> throughput = new ArrayList<>();
    final List<Throughput> oneInFlight = new ArrayList<>();
    final List<Cpu> cpu = new ArrayList<>();
    int window;
    String absent = "";

    Score(final String name, final List<String> description) {
        this.name = name;
        this.description = description;
    }

    /** Nanoseconds of a processor per round trip; the order path's thread is the busiest. */
    record Cpu(double threadNs, double processNs, String thread, List<CpuUse.ThreadUse> threads, long roundTrips) {
    }

    boolean hasLatency(final int rounds) {
        return latencies.size() == rounds && rounds > 0;
    }

    /** Threads of the JVM itself; the order path is none of them. */
    static boolean isService(final String thread) {
        return thread.matches("(C1 |C2 |GC |G1 |VM |ZD|ZG|ZW|ZS|ZU|Monitor Defl|Signal |Service |Sweeper |Common-).*");
    }

    double[] latency(final ToDoubleFunction<Latencies> of) {
        return latencies.stream().mapToDouble(of).toArray();
    }

    double[] latency(final ToDoubleFunction<Latencies> of, final int rounds) {
        return latencies.stream().limit(rounds).mapToDouble(of).toArray();
    }

    double[] perSecond() {
        return throughput.stream().mapToDouble(Throughput::perSecond).toArray();
    }

    static ToDoubleFunction<Latencies> oneWay(final double percentile) {
        return round -> round.oneWay().getValueAtPercentile(percentile);
    }

    static ToDoubleFunction<Latencies> roundTrip(final double percentile) {
        return round -> round.roundTrip().getValueAtPercentile(percentile);
    }

    Histogram sumOneWay() {
        return sum(Latencies::oneWay);
    }

    Histogram sumRoundTrip() {
        return sum(Latencies::roundTrip);
    }

    private Histogram sum(final java.util.function.Function<Latencies, Histogram> of) {
        final Histogram sum = Latencies.histogram();
        latencies.forEach(round -> sum.add(of.apply(round)));
        return sum;
    }
}
