package weir.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import weir.bench.contest.ChildJvm;
import weir.bench.contest.Jdk;
import weir.bench.contest.LineUp;
import weir.bench.core.CoreMain;
import weir.bench.entry.EntryBench;
import weir.bench.figures.Figures;
import weir.bench.figures.HistogramFiles;
import weir.bench.figures.PercentilePlot;

/** P8 to P13: what needs no sockets, each in a child JVM with the router's flags, Weir and its peer in turns. */
final class InProcess {
    private static final long TIMEOUT_MS = 180_000;
    private static final long ENTRY_MS = 15_000;
    private static final long CONTROLS_NS = 200;
    private static final double STRETCH = 1.0 / 6;
    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx4g");

    private final Plan plan;
    private final Deadline deadline;
    private final Console console;
    private final Path directory;
    private final Report report;

    InProcess(final Plan plan, final Deadline deadline, final Console console, final Path directory,
        final Report report) {
        this.plan = plan;
        this.deadline = deadline;
        this.console = console;
        this.directory = directory;
        this.report = report;
    }

    /** Nanoseconds by round and bytes per operation, as the child says them. */
    record Outcome(double[] own, double[] peer, double ownBytes, double peerBytes) {
        static Outcome of(final String line) throws IOException {
            return new Outcome(list(ChildJvm.value(line, "own")), list(ChildJvm.value(line, "peer")),
                Double.parseDouble(ChildJvm.value(line, "ownBytes")),
                Double.parseDouble(ChildJvm.value(line, "peerBytes")));
        }

        private static double[] list(final String text) {
            return Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
        }

        double ratio() {
            return Figures.pairedRatio(own, peer);
        }

        String ownText() {
            return Figures.plain(Figures.median(own)) + " ns";
        }

        String peerText() {
            return Figures.plain(Figures.median(peer)) + " ns";
        }
    }

    void run(final Map<Budget, List<BudgetLine>> lines) {
        for (final Budget budget : List.of(Budget.P8, Budget.P9, Budget.P10, Budget.P11)) {
            if (plan.wants(budget)) {
                measured(budget, lines);
            }
        }
        if (plan.wants(Budget.P13)) {
            lines.put(Budget.P13, entry());
            console.say(Budget.P13 + " (" + deadline.elapsedMs() / 1_000 + " s)");
        }
    }

    /** P12 alone: filling its tables takes as long as all the others, so a short run leaves it for the end. */
    void scale(final Map<Budget, List<BudgetLine>> lines) {
        if (plan.wants(Budget.P12)) {
            measured(Budget.P12, lines);
        }
    }

    private void measured(final Budget budget, final Map<Budget, List<BudgetLine>> lines) {
        final List<BudgetLine> all = new ArrayList<>(lines.getOrDefault(budget, List.of()));
        if (!deadline.leaves(estimateMs())) {
            all.add(BudgetLine.notMeasured(budget, "the time of --short was over"));
        } else {
            try (ChildJvm child = child(budget)) {
                all.addAll(lines(budget, child));
            } catch (final IOException ex) {
                console.say(budget + ": " + ex.getMessage());
                final String error = ex.getMessage().lines().filter(line -> line.contains("Error")
                    || line.contains("Exception")).findFirst().orElse(ex.getMessage().lines().findFirst().orElse(""));
                all.add(BudgetLine.notMeasured(budget, error));
            }
        }
        lines.put(budget, all);
        console.say(budget + " (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    private ChildJvm child(final Budget budget) throws IOException {
        final List<String> args = new ArrayList<>(List.of(directory.resolve(budget.name()).toString(),
            Integer.toString(plan.rounds()), Long.toString(warmMs()), Long.toString(sliceMs()), budget.name()));
        if (budget == Budget.P8 && !plan.isShort()) {
            args.add("P8-each");
        }
        return child(budget, CoreMain.class, args);
    }

    private ChildJvm child(final Budget budget, final Class<?> main, final List<String> args) throws IOException {
        final LineUp.RouterSetup setup = RouterShape.setup(plan);
        final List<String> flags = new ArrayList<>(LineUp.moduleFlags());
        flags.add("@" + setup.options());
        flags.addAll(HEAP);
        flags.addAll(setup.flags());
        return ChildJvm.start(budget.name(), directory, Jdk.current(), flags, main.getName(), args, Map.of());
    }

    private long warmMs() {
        return plan.isShort() ? 1_200 : 4_000;
    }

    private long sliceMs() {
        return plan.isShort() ? 200 : 500;
    }

    private long estimateMs() {
        return 2 * (warmMs() + plan.rounds() * sliceMs()) + 3_000;
    }

    private List<BudgetLine> lines(final Budget budget, final ChildJvm child) throws IOException {
        final Outcome first = Outcome.of(child.awaitLine("RESULT " + budget, deadline.most(TIMEOUT_MS)));
        switch (budget) {
            case P8:
                final BudgetLine whole = BudgetLine.ofRatio(budget, first.ownText(),
                    "QuickFIX/J codec " + first.peerText(), first.ratio(), "stretch " + Figures.plain(STRETCH) + " x "
                        + (first.ratio() <= STRETCH ? "met" : "missed") + "; bytes per order: "
                        + Figures.plain(first.ownBytes()) + " against " + Figures.plain(first.peerBytes()));
                return plan.isShort() ? List.of(whole) : List.of(whole, rung(child, "P8-text", "FIX read and written"),
                    rung(child, "P8-off", "the same through a core without a control"));
            case P9:
                final double bytes = Math.round(first.ownBytes() * 100) / 100.0;
                return List.of(new BudgetLine(budget, "core: partial fills, refusals, cancels, timers, rolls",
                    Figures.plain(bytes) + " B", "", "", budget.bounds() + " B",
                    budget.met(bytes) ? BudgetLine.Verdict.MET : BudgetLine.Verdict.MISSED, "engine thread alone"));
            case P10:
                final Outcome controls = Outcome.of(child.awaitLine("RESULT P10-controls", deadline.most(TIMEOUT_MS)));
                final double more = Figures.pairedDifference(controls.own(), controls.peer());
                final double ns = Figures.median(first.own());
                return List.of(new BudgetLine(budget, "", first.ownText(), "Bucket4j " + first.peerText(),
                    Figures.ratio(first.ratio()), budget.bounds() + " ns",
                    budget.met(ns) ? BudgetLine.Verdict.MET : BudgetLine.Verdict.MISSED,
                    "the peer reads its own clock"),
                    controls(controls, more));
            case P11:
                return List.of(BudgetLine.ofRatio(budget, first.ownText(), "Chronicle " + first.peerText(),
                    first.ratio(), "256 bytes, median of chunks; the peer on the same file system as the contestants"));
            default:
                return List.of(BudgetLine.ofRatio(budget, first.ownText(), "one of each " + first.peerText(),
                    first.ratio(), "an order opened, another filled"));
        }
    }

    /** What a part of P8 takes alone, against the same peer: how far the budget is from it. */
    private BudgetLine rung(final ChildJvm child, final String name, final String what) throws IOException {
        final Outcome part = Outcome.of(child.awaitLine("RESULT " + name, deadline.most(TIMEOUT_MS)));
        return BudgetLine.shown(Budget.P8, what, part.ownText(), "QuickFIX/J codec " + part.peerText(), part.ratio(),
            "");
    }

    /** A difference of two large figures: one that is negative by more than the bound is noise and no verdict. */
    private static BudgetLine controls(final Outcome controls, final double moreNs) {
        final String what = "all controls on against off, one order's life";
        final String both = controls.ownText() + " on, " + controls.peerText() + " off";
        return moreNs < -CONTROLS_NS
            ? new BudgetLine(Budget.P10, what, Figures.plain(moreNs) + " ns", both, "",
                "<= " + CONTROLS_NS, BudgetLine.Verdict.NOT_MEASURED, "the machine's noise was larger than the bound")
            : BudgetLine.part(Budget.P10, what, Figures.plain(moreNs) + " ns", both, moreNs, CONTROLS_NS, false);
    }

    private List<BudgetLine> entry() {
        if (!deadline.leaves(ENTRY_MS)) {
            return List.of(BudgetLine.notMeasured(Budget.P13, "the time of --short was over"));
        }
        final Path files = directory.resolve(Budget.P13.name());
        final int orders = plan.isShort() ? 20_000 : 50_000;
        try (ChildJvm child = child(Budget.P13, EntryBench.class, List.of(Files.createDirectories(files).toString(),
            Integer.toString(plan.rounds()), Integer.toString(orders), Integer.toString(4 * orders),
            plan.isShort() ? "1000" : "3000"))) {
            child.awaitLine("RESULT P13", deadline.most(TIMEOUT_MS));
            final List<Histogram> weir = HistogramFiles.rounds(files, EntryBench.WEIR);
            final List<Histogram> bare = HistogramFiles.rounds(files, EntryBench.BARE);
            final List<Histogram> core = HistogramFiles.rounds(files, EntryBench.CORE);
            final List<Histogram> idle = HistogramFiles.rounds(files, EntryBench.IDLE);
            report.histogram(EntryBench.WEIR, weir);
            report.histogram(EntryBench.BARE, bare);
            report.histogram(EntryBench.CORE, core);
            report.plot("entry.svg", new PercentilePlot("Client to venue outbox over Aeron IPC", plan.command())
                .add("weir", sum(weir)).add("bare round trip", sum(bare)).add("the core between", sum(core))
                .add("idle spinner", idle.get(0)));
            final double ratio = Figures.pairedRatio(values(weir, 50), values(bare, 50));
            return List.of(BudgetLine.ofRatio(Budget.P13, text(weir, 50), "bare " + text(bare, 50), ratio, ""),
                BudgetLine.shown(Budget.P13, "a bare round trip with the core between", text(weir, 50),
                    "core " + text(core, 50), Figures.pairedRatio(values(weir, 50), values(core, 50)),
                    Figures.ratio(Figures.pairedRatio(values(core, 50), values(bare, 50))) + " of the bare one"),
                shown(weir, bare, 90), shown(weir, bare, 99));
        } catch (final IOException | RuntimeException ex) {
            console.say("P13: " + ex.getMessage());
            return List.of(BudgetLine.notMeasured(Budget.P13,
                String.valueOf(ex.getMessage()).lines().findFirst().orElse("")));
        }
    }

    private static BudgetLine shown(final List<Histogram> weir, final List<Histogram> bare, final int percentile) {
        return BudgetLine.shown(Budget.P13, "p" + percentile, text(weir, percentile), "bare " + text(bare, percentile),
            Figures.pairedRatio(values(weir, percentile), values(bare, percentile)), "");
    }

    private static String text(final List<Histogram> rounds, final int percentile) {
        return SocketVerdicts.us(Figures.median(values(rounds, percentile)));
    }

    private static double[] values(final List<Histogram> rounds, final int percentile) {
        return rounds.stream().mapToDouble(h -> Math.max(1, h.getValueAtPercentile(percentile))).toArray();
    }

    private static Histogram sum(final List<Histogram> rounds) {
        final Histogram sum = new Histogram(rounds.get(0));
        rounds.forEach(sum::add);
        return sum;
    }
}
