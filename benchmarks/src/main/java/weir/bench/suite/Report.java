package weir.bench.suite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import weir.bench.contest.CpuUse;
import weir.bench.figures.Figures;
import weir.bench.figures.HistogramFiles;
import weir.bench.figures.PercentilePlot;
import weir.bench.tester.Latencies;

/** The text table, the histograms and the plots of a run. */
final class Report {
    private static final double US = 1_000;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final String[] HEAD = {"", "what", "weir", "peer", "paired ratio", "budget", "verdict", "note"};
    private static final int THREADS_SHOWN = 5;

    private final StringBuilder text = new StringBuilder();
    private final Path directory;

    Report(final Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "*.{hgrm,hlog,svg}")) {
            for (final Path file : old) { // a file of an earlier run must not be taken for one of this
                Files.delete(file);
            }
        }
    }

    void lines(final List<String> lines) {
        lines.forEach(line -> text.append(line).append('\n'));
        text.append('\n');
    }

    void budgets(final List<BudgetLine> budgets) {
        final List<String[]> rows = new ArrayList<>();
        rows.add(HEAD);
        for (final BudgetLine line : budgets) {
            rows.add(new String[] {line.budget().name(),
                line.what().isEmpty() ? line.budget().question() : "  " + line.what(), line.figure(), line.peer(),
                line.ratio(), line.bounds(), line.verdict().text(), line.note()});
        }
        table(rows);
    }

    private void table(final List<String[]> rows) {
        final int[] widths = new int[rows.get(0).length];
        for (final String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (final String[] row : rows) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        text.append('\n');
    }

    /** Percentiles of all contestants over all rounds, and the noise. */
    void latencies(final SocketRounds rounds, final Plan plan) {
        if (rounds.latencyRounds() == 0) {
            return;
        }
        text.append(String.format(Locale.ROOT,
            "latency, microseconds from the intended send time: %,d orders/s, %d rounds of %d ms each%n",
            plan.rate(), rounds.latencyRounds(), plan.latencyMs()));
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"desk-in to venue-out", "p50", "p90", "p99", "p99.9", "max", "orders"});
        rounds.scores().stream().filter(s -> s.sumOneWay().getTotalCount() > 0)
            .forEach(s -> rows.add(row(s.name, s.sumOneWay())));
        rows.add(new String[] {"round trip to the fill", "", "", "", "", "", ""});
        rounds.scores().stream().filter(s -> s.sumRoundTrip().getTotalCount() > 0)
            .forEach(s -> rows.add(row(s.name, s.sumRoundTrip())));
        rows.add(row("idle spinner", rounds.hiccups()));
        table(rows);
    }

    /** Rates and processor time with many in flight. */
    void throughput(final SocketRounds rounds) {
        if (rounds.throughputRounds() == 0) {
            return;
        }
        text.append("many in flight, median of ").append(rounds.throughputRounds()).append(" rounds\n");
        final List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "", "round trips/s", "in flight", "one in flight", "CPU us/trip", "of its busiest threads"});
        for (final Score score : rounds.scores()) {
            if (!score.throughput.isEmpty()) {
                rows.add(new String[] {score.name, SocketVerdicts.rate(score.perSecond()),
                    Integer.toString(score.window),
                    score.oneInFlight.isEmpty() ? "" : SocketVerdicts.rate(score.oneInFlight.get(0)),
                    score.cpu.isEmpty() ? "" : Figures.plain(Figures.median(
                        score.cpu.stream().mapToDouble(Score.Cpu::processNs).toArray()) / US),
                    score.cpu.isEmpty() ? "" : threads(score.cpu.get(score.cpu.size() - 1))});
            }
        }
        table(rows);
    }

    private static String threads(final Score.Cpu cpu) {
        final List<String> parts = new ArrayList<>();
        for (final CpuUse.ThreadUse use : cpu.threads().subList(0, Math.min(THREADS_SHOWN, cpu.threads().size()))) {
            parts.add(use.name() + ' ' + Figures.plain(use.cpuNs() / US / Math.max(1, cpu.roundTrips())));
        }
        return String.join(", ", parts);
    }

    /** How each ran, and who is missing. */
    void contestants(final SocketRounds rounds) {
        if (rounds.scores().isEmpty()) {
            return;
        }
        text.append("contestants, each a process of its own, over loopback, plain TCP but where TLS is named\n");
        for (final Score score : rounds.scores()) {
            score.description.forEach(line -> text.append("  ").append(score.name).append(": ").append(line)
                .append('\n'));
            if (!score.absent.isEmpty()) {
                text.append("  ").append(score.name).append(": out: ").append(score.absent).append('\n');
            }
        }
        text.append('\n');
    }

    private static String[] row(final String name, final Histogram histogram) {
        final String[] row = new String[PERCENTILES.length + 2];
        row[0] = "  " + name;
        for (int i = 0; i < PERCENTILES.length; i++) {
            row[i + 1] = String.format(Locale.ROOT, "%.1f", histogram.getValueAtPercentile(PERCENTILES[i]) / US);
        }
        row[PERCENTILES.length + 1] = String.format(Locale.ROOT, "%,d", histogram.getTotalCount());
        return row;
    }

    /** Histogram files and plots of the turns over TCP. */
    void files(final SocketRounds rounds, final String caption) throws IOException {
        if (rounds.latencyRounds() == 0) {
            return;
        }
        final PercentilePlot oneWay = new PercentilePlot("Desk-in to venue-out", caption);
        final PercentilePlot roundTrip = new PercentilePlot("Round trip, desk to venue to desk", caption);
        for (final Score score : rounds.scores()) {
            if (score.latencies.isEmpty()) {
                continue;
            }
            if (score.sumOneWay().getTotalCount() > 0) {
                HistogramFiles.write(directory, "one-way-" + score.name,
                    score.latencies.stream().map(Latencies::oneWay).toList());
                oneWay.add(score.name, score.sumOneWay());
            }
            HistogramFiles.write(directory, "round-trip-" + score.name,
                score.latencies.stream().map(Latencies::roundTrip).toList());
            roundTrip.add(score.name, score.sumRoundTrip());
        }
        HistogramFiles.write(directory, "idle-spinner", List.of(rounds.hiccups()));
        oneWay.add("idle spinner", rounds.hiccups());
        roundTrip.add("idle spinner", rounds.hiccups());
        plot("one-way.svg", oneWay);
        plot("round-trip.svg", roundTrip);
    }

    void plot(final String name, final PercentilePlot plot) throws IOException {
        if (!plot.isEmpty()) {
            Files.writeString(directory.resolve(name), plot.svg());
        }
    }

    void histogram(final String name, final List<Histogram> rounds) throws IOException {
        HistogramFiles.write(directory, name, rounds);
    }

    String write() throws IOException {
        Files.writeString(directory.resolve("report.txt"), text);
        return text.toString();
    }
}
