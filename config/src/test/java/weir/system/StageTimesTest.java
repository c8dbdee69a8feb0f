package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.sim.desk.DeskClient;

/** Stage times switched on by configuration: histograms of every stage, and each order one by one, in order of time. */
class StageTimesTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int ORDERS = 40;
    private static final List<String> STAGES =
        List.of("decoded", "in", "offered", "out", "report", "ring", "venue", "verdict");

    @ParameterizedTest
    @ValueSource(strings = {"per-agent", "one-thread"})
    void shouldSayWhereTheTimeOfEachOrderWent(final String shape) throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start(InProcessCluster.edit("router.yaml", "engine:\n",
            "stageTimes:\n  every: 200ms\n  orders: " + (ORDERS - 1) + "\nthreads:\n  shape: " + shape
                + "\nengine:\n"))) {
            final DeskClient desk = cluster.desk("ALPHA1");
            for (int i = 0; i < ORDERS; i++) {
                desk.newOrder("s" + i, "BTC-USD", '1', '2', '1', "0.001", "50000");
                desk.awaitStatus("s" + i, '0', SOON);
            }
            final Path directory = cluster.config().router().resolve(cluster.config().router().stageTimes().dir());
            cluster.stopRouter();
            histograms(only(directory, ".hlog"));
            orders(Files.readAllLines(only(directory, "-orders.csv")));
        }
    }

    private static void histograms(final Path file) throws IOException {
        final Map<String, Histogram> stages = new TreeMap<>();
        int intervals = 0;
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null;
                next = reader.nextIntervalHistogram()) {
                stages.computeIfAbsent(next.getTag(), tag -> new Histogram(60_000_000_000L, 3)).add((Histogram)next);
                intervals++;
            }
        }
        assertEquals(STAGES, List.copyOf(stages.keySet()), file.toString());
        assertTrue(intervals >= STAGES.size(), "intervals " + intervals);
        for (final String stage : List.of("decoded", "offered", "verdict", "ring", "out", "venue")) {
            assertEquals(ORDERS, stages.get(stage).getTotalCount(), stage);
        }
        stages.forEach((stage, histogram) -> assertTrue(histogram.getMaxValue() < SOON.toNanos()
            && histogram.getMinValue() >= 1, () -> stage + " took " + histogram.getMaxValue() + " ns"));
    }

    /** One row fewer than orders: the trace is full then. */
    private static void orders(final List<String> lines) {
        assertEquals(ORDERS, lines.size(), lines::toString);
        assertEquals("sessionId,msgSeqNum,orderId,inNs,decodedNs,offeredNs,takenNs,verdictNs,ringNs,venueTakenNs,outNs",
            lines.get(0));
        long before = 0;
        for (final String line : lines.subList(1, lines.size())) {
            final long[] cells = Arrays.stream(line.split(",")).mapToLong(Long::parseLong).toArray();
            assertEquals(11, cells.length, line);
            assertTrue(cells[2] > before, line);
            before = cells[2];
            for (int i = 4; i < cells.length; i++) {
                final int stage = i;
                // The stream has an order a moment before its sender says so.
                if (i != 6) {
                    assertTrue(cells[stage - 1] <= cells[stage], () -> "column " + stage + " of " + line);
                }
            }
            assertTrue(cells[6] >= cells[4], line);
            assertTrue(cells[10] - cells[3] < SOON.toNanos(), line);
        }
    }

    private static Path only(final Path directory, final String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            final List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
            assertEquals(1, found.size(), found::toString);
            return found.get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "per-agent")
    void shouldMeasureNothingUnlessItIsTold(final String shape) throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start(InProcessCluster.edit("router.yaml", "engine:\n",
            "threads:\n  shape: " + shape + "\nengine:\n"))) {
            assertFalse(cluster.config().router().stageTimes().isOn());
            assertFalse(Files.exists(cluster.config().router().resolve(Path.of("stages"))));
        }
    }
}
