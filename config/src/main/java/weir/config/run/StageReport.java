package weir.config.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.RouterSettings;

/**
 * Where the time of an order goes: histograms of each stage, written to an HdrHistogram log on an interval and at the
 * end, and the first orders of a run one by one. Gateway, engine and adapter record on their threads without waiting;
 * this agent reads on its own and is closed after them.
 */
final class StageReport implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(StageReport.class);
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final double NS_PER_US = 1_000;

    private final OrderTrace trace;
    private final weir.fix.desk.StageTimes desk;
    private final weir.venue.coinbase.StageTimes venue;
    private final SingleWriterRecorder verdict = new SingleWriterRecorder(1, HIGHEST_NS, 3);
    private final SingleWriterRecorder ring = new SingleWriterRecorder(1, HIGHEST_NS, 3);
    private final Path directory;
    private final String run;
    private final long intervalNs;
    private final HistogramLogWriter log;
    private long nextNs;

    /**
     * Opens the log.
     *
     * @param settings  on
     * @param directory of the files; made when missing
     * @param epochMs   begin of the run, which names the files
     * @throws IOException when a file cannot be made
     */
    StageReport(final RouterSettings.StageTimes settings, final Path directory, final long epochMs)
        throws IOException {
        trace = new OrderTrace(settings.orders());
        desk = new weir.fix.desk.StageTimes(trace::onDesk);
        venue = new weir.venue.coinbase.StageTimes(trace::onVenue);
        this.directory = Files.createDirectories(directory);
        run = Long.toString(epochMs);
        intervalNs = TimeUnit.MILLISECONDS.toNanos(settings.everyMs());
        nextNs = System.nanoTime() + intervalNs;
        log = new HistogramLogWriter(directory.resolve(run + ".hlog").toFile());
        log.outputComment("nanoseconds; decoded: read to decoded; offered: to the engine's stream; verdict: taken to "
            + "judged; ring: to journaled; out: taken by the adapter to written; venue: to the first answer; in: its "
            + "report to the engine; report: a report taken to written");
        log.outputLogFormatVersion();
        log.outputLegend();
    }

    /** For the gateway. */
    weir.fix.desk.StageTimes desk() {
        return desk;
    }

    /** For the Coinbase adapter. */
    weir.venue.coinbase.StageTimes venue() {
        return venue;
    }

    /** For the engine; on its thread. */
    void onOrder(final int sessionId, final int msgSeqNum, final long orderId, final long takenNs,
        final long verdictNs, final long ringNs) {
        verdict.recordValue(Math.min(HIGHEST_NS, Math.max(1, verdictNs - takenNs)));
        ring.recordValue(Math.min(HIGHEST_NS, Math.max(1, ringNs - verdictNs)));
        trace.onEngine(sessionId, msgSeqNum, orderId, takenNs, verdictNs, ringNs);
    }

    @Override
    public int doWork() {
        if (System.nanoTime() - nextNs < 0) {
            return 0;
        }
        nextNs += intervalNs;
        write();
        return 1;
    }

    private void write() {
        write("decoded", desk.decoded());
        write("offered", desk.offered());
        write("verdict", verdict.getIntervalHistogram());
        write("ring", ring.getIntervalHistogram());
        write("out", venue.out());
        write("venue", venue.venue());
        write("in", venue.in());
        write("report", desk.written());
    }

    private void write(final String stage, final Histogram histogram) {
        if (histogram.getTotalCount() > 0) {
            histogram.setTag(stage);
            log.outputIntervalHistogram(histogram);
            LOG.info("stage {}: n={} us p50={} p90={} p99={} max={}", stage, histogram.getTotalCount(),
                histogram.getValueAtPercentile(50) / NS_PER_US, histogram.getValueAtPercentile(90) / NS_PER_US,
                histogram.getValueAtPercentile(99) / NS_PER_US, histogram.getMaxValue() / NS_PER_US);
        }
    }

    /** Writes what is left, and the orders one by one. */
    @Override
    public void onClose() {
        write();
        log.close();
        if (!trace.isKept()) {
            return;
        }
        try {
            trace.write(directory.resolve(run + "-orders.csv"));
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Override
    public String roleName() {
        return "weir-stages";
    }
}
