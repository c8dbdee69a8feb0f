package weir.bench.figures;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Histograms in the forms that HdrHistogram's tools read: {@code .hgrm}, the percentile distribution of all rounds in
 * microseconds, and {@code .hlog}, each round as an interval of its own in nanoseconds.
 */
public final class HistogramFiles {
    private static final double US = 1_000;
    private static final int TICKS_PER_HALF = 5;

    private HistogramFiles() {
    }

    /**
     * Writes both forms.
     *
     * @param directory where to
     * @param name      of the files, without ending
     * @param rounds    a histogram for each, nanoseconds
     * @throws IOException when a file cannot be written
     */
    public static void write(final Path directory, final String name, final List<Histogram> rounds) throws IOException {
        final Histogram sum = new Histogram(rounds.get(0));
        rounds.forEach(sum::add);
        try (PrintStream out = new PrintStream(Files.newOutputStream(directory.resolve(name + ".hgrm")), false,
            StandardCharsets.UTF_8)) {
            sum.outputPercentileDistribution(out, TICKS_PER_HALF, US);
        }
        try (PrintStream out = new PrintStream(Files.newOutputStream(directory.resolve(name + ".hlog")), false,
            StandardCharsets.UTF_8)) {
            final HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputComment("[" + name + ", nanoseconds, an interval for each round]");
            log.outputLogFormatVersion();
            log.outputLegend();
            for (int i = 0; i < rounds.size(); i++) {
                rounds.get(i).setStartTimeStamp(i * 1_000L);
                rounds.get(i).setEndTimeStamp((i + 1) * 1_000L);
                log.outputIntervalHistogram(rounds.get(i));
            }
        }
    }

    /**
     * Reads the rounds of a {@code .hlog} again.
     *
     * @param directory where it is
     * @param name      of the file, without ending
     * @return a histogram for each round, nanoseconds
     * @throws IOException when it cannot be read
     */
    public static List<Histogram> rounds(final Path directory, final String name) throws IOException {
        final List<Histogram> rounds = new ArrayList<>();
        try (HistogramLogReader log = new HistogramLogReader(directory.resolve(name + ".hlog").toFile())) {
            while (log.hasNext()) {
                rounds.add((Histogram)log.nextIntervalHistogram());
            }
        }
        return rounds;
    }
}
