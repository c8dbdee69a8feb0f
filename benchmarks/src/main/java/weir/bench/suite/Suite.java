package weir.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.bench.contest.Crowd;
import weir.bench.contest.LineUp;
import weir.bench.contest.PassThroughKind;
import weir.bench.figures.Figures;
import weir.bench.tester.Spinner;
import weir.bench.tls.TlsKeys;

/** One run of {@code weir bench}: turns over TCP, the sustained minute, what is measured in a process, the report. */
public final class Suite {
    private static final long ORDER_BYTES = 2_400;
    private static final int WINDOW_MAX = 1_024;
    private static final long SUSTAINED_SPARE_MS = 15_000;
    private static final long SHOWN_UNTIL_MS = 75_000;
    private static final long TLS_UNTIL_MS = 80_000;
    private static final long SCALE_MS = 120_000;
    private static final long SCALE_PER_SECOND = 100_000;
    private static final long MOST_PER_SECOND = 150_000;
    private static final Set<String> KEEPERS = Set.of("weir", "weir-tls", "relay-kept", "relay-core");
    private static final Crowd CROWD = new Crowd(10_000, 1_000, 100_000);

    private final Plan plan;
    private final Console console;
    private final Deadline deadline;
    private final Map<Budget, List<BudgetLine>> lines = new EnumMap<>(Budget.class);
    private final Spinner spinner = new Spinner();
    private final Scratch scratch = new Scratch();
    private HeldPages held;
    private String pages = "";

    /**
     * Prepares nothing yet.
     *
     * @param plan    what to do
     * @param console what the user sees meanwhile
     */
    public Suite(final Plan plan, final Console console) {
        this.plan = plan;
        this.console = console;
        deadline = new Deadline(plan.limitNs());
    }

    /**
     * Runs.
     *
     * @return the text of the report, which is also in {@code report.txt}
     * @throws IOException when files cannot be made
     */
    public String run() throws IOException {
        final Report report = new Report(plan.out());
        final List<String> machine = new ArrayList<>(Machine.lines(plan.command()));
        final Path shared = scratch.make(plan.data());
        final SocketRounds rounds = new SocketRounds(plan, deadline, console, spinner);
        try {
            final InProcess inProcess = new InProcess(plan, deadline, console, shared, report);
            inProcess.run(lines);
            if (plan.wants(Budget.P1, Budget.P2, Budget.P3, Budget.P4, Budget.P5, Budget.P6, Budget.P7, Budget.P9)) {
                overSockets(rounds, shared);
            }
            inProcess.scale(lines);
            if (plan.wants(Budget.P12)) {
                scale(new LineUp(shared, RouterShape.setup(plan)), shared);
            }
            if (plan.wants(Budget.P5)) {
                sustained(rounds, new LineUp(shared, RouterShape.setup(plan)));
            }
            machine.add("load     " + Machine.load() + " at the end");
            machine.add("spinner  " + noise());
            if (!pages.isEmpty()) {
                machine.add("pages    " + pages);
            }
            report.lines(machine);
            report.budgets(budgetLines());
            report.latencies(rounds, plan);
            report.throughput(rounds);
            report.contestants(rounds);
            report.files(rounds, machine.get(0) + "\n" + machine.get(1) + "; " + plan.command());
            return report.write();
        } finally {
            rounds.close();
            scratch.delete(shared);
        }
    }

    private String noise() {
        if (spinner.hiccups().getTotalCount() == 0) {
            spinner.spin(200);
        }
        final var hiccups = spinner.hiccups();
        final var pieces = spinner.pieces();
        return "idle, between the rounds: p50 " + SocketVerdicts.us(hiccups.getValueAtPercentile(50)) + ", p99 "
            + SocketVerdicts.us(hiccups.getValueAtPercentile(99)) + ", p99.99 "
            + SocketVerdicts.us(hiccups.getValueAtPercentile(99.99)) + ", max "
            + SocketVerdicts.us(hiccups.getMaxValue()) + "; a piece of work p10 "
            + SocketVerdicts.us(pieces.getValueAtPercentile(10)) + ", p50 "
            + SocketVerdicts.us(pieces.getValueAtPercentile(50)) + ", p90 "
            + SocketVerdicts.us(pieces.getValueAtPercentile(90));
    }

    private void overSockets(final SocketRounds rounds, final Path shared) throws IOException {
        final LineUp lineUp = new LineUp(shared, RouterShape.setup(plan));
        final boolean latency = plan.wants(Budget.P1, Budget.P2, Budget.P3, Budget.P4);
        final boolean most = plan.wants(Budget.P5, Budget.P6, Budget.P7);
        final int orders = orders();
        final Path data = Files.getFileStore(shared).getUsableSpace() / 2 > orders * ORDER_BYTES / 2
            ? shared : scratch.make(plan.disk());
        try {
            peers(rounds, lineUp); // before the router, which does not stand to be paused while others start
            if (!plan.isShort() && plan.wants(Budget.P1, Budget.P2, Budget.P5, Budget.P6, Budget.P7)) {
                rounds.enterExtra("relay-kept", () -> lineUp.relay(data.resolve("relay-kept")));
                rounds.enterExtra("relay-core", () -> lineUp.relayWithCore(data.resolve("relay-core")));
            }
            if (plan.tls() && (latency || most && !plan.isShort()) && deadline.within(TLS_UNTIL_MS)) {
                overTls(rounds, lineUp, shared, data);
            }
            rounds.enter("weir", () -> lineUp.weir("weir", data.resolve("weir"), orders, WINDOW_MAX));
            hold(rounds, shared, most);
            if (latency) {
                rounds.latency();
            }
            if (plan.isShort()) {
                rounds.dropExtras();
            }
            if (most) {
                rounds.throughput();
            }
            if (plan.wants(Budget.P9)) {
                final List<BudgetLine> path = new ArrayList<>(Allocation.lines(rounds, plan, console));
                path.addAll(lines.getOrDefault(Budget.P9, List.of())); // the core's own stands below
                lines.put(Budget.P9, path);
            }
            final SocketVerdicts verdicts = new SocketVerdicts(rounds, plan.tls());
            for (final Budget budget : List.of(Budget.P1, Budget.P2, Budget.P3, Budget.P4, Budget.P5, Budget.P6,
                Budget.P7)) {
                if (plan.wants(budget)) {
                    lines.put(budget, new ArrayList<>(verdicts.lines(budget)));
                }
            }
        } finally {
            rounds.close();
            if (held != null) {
                held.close();
            }
            if (!data.equals(shared)) {
                scratch.delete(data);
            }
        }
    }

    /** Pages for what contestants keep in their rounds, when all are up: heaps would have taken them. */
    private void hold(final SocketRounds rounds, final Path shared, final boolean most) throws IOException {
        final double freshUs = HeldPages.freshPageUs(shared);
        pages = "a fresh page of a file in memory, written with fifteen others: "
            + SocketVerdicts.us(freshUs * 1e3);
        if (plan.freshPages() || !HeldPages.isMemory(shared)) {
            pages += ", not held";
            return;
        }
        final long keepers = rounds.running().stream().filter(c -> KEEPERS.contains(c.name())).count();
        long orders = latencyOrders();
        if (most && !plan.isShort()) {
            orders += MOST_PER_SECOND * plan.rounds() * (plan.roundWarmMs() + plan.throughputMs()) / 1_000;
        }
        final long room = Math.min(Machine.availableBytes(), Files.getFileStore(shared).getUsableSpace()) / 2;
        held = HeldPages.take(shared, Math.min(room, keepers * orders * ORDER_BYTES));
        pages += "; " + SocketVerdicts.us(HeldPages.freshPageUs(shared) * 1e3) + " when "
            + Figures.plain(held.bytes() >> 20) + " MiB were held for the rounds";
        console.say(pages + " (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    /** The router and the raw relay once more, TLS to desk and venue; a short run measures their latency alone. */
    private void overTls(final SocketRounds rounds, final LineUp lineUp, final Path shared, final Path data)
        throws IOException {
        final TlsKeys keys = TlsKeys.make(shared.resolve("tls"));
        final int orders = orders();
        rounds.enterExtra("relay-tls", () -> lineUp.relay(keys));
        rounds.enterExtra("weir-tls", () -> lineUp.weir("weir-tls", data.resolve("weir-tls"), orders, WINDOW_MAX,
            keys));
    }

    /** Those that verdicts need first; what is only shown comes last and is left out when a short run is late. */
    private void peers(final SocketRounds rounds, final LineUp lineUp) {
        if (plan.wants(Budget.P1, Budget.P2, Budget.P5, Budget.P6, Budget.P7)) {
            rounds.enter("relay", lineUp::relay);
        }
        if (plan.wants(Budget.P6)) {
            rounds.enter("philadelphia", () -> lineUp.echo(false));
        }
        final boolean passThrough = plan.wants(Budget.P3, Budget.P4, Budget.P5, Budget.P7);
        for (final PassThroughKind kind : PassThroughKind.values()) {
            if (passThrough && kind.competes()) {
                rounds.enter(kind.contestant(), () -> lineUp.passThrough(kind, plan.store()));
            }
        }
        if (plan.wants(Budget.P6) && deadline.within(SHOWN_UNTIL_MS)) {
            rounds.enter("philadelphia-batched", () -> lineUp.echo(true));
        }
        final String blocking = PassThroughKind.BLOCKING.contestant();
        if (plan.wants(Budget.P3, Budget.P4) && deadline.within(SHOWN_UNTIL_MS)) {
            rounds.enter(blocking, () -> lineUp.passThrough(PassThroughKind.BLOCKING, plan.store()));
        }
    }

    /** Orders that the tables of the router must hold in all turns. */
    private int orders() {
        final long most = plan.wants(Budget.P5, Budget.P6, Budget.P7)
            ? plan.throughputOrders() * (5 + 2L * plan.rounds()) : 0;
        return (int)Math.min((1 << 25) - 1, latencyOrders() + most);
    }

    private long latencyOrders() {
        return plan.rate() * (plan.warmMs() + plan.rounds() * (plan.roundWarmMs() + plan.latencyMs()) + 6_000) / 1_000;
    }

    private void sustained(final SocketRounds rounds, final LineUp lineUp) throws IOException {
        final Score weir = rounds.score("weir");
        if (weir.throughput.isEmpty()) {
            lines.get(Budget.P5).add(BudgetLine.shown(Budget.P5, "sustained", "", "", Double.NaN,
                "not measured: weir did not get through its rounds"));
            return;
        }
        if (!deadline.leaves(plan.sustainedMs() + SUSTAINED_SPARE_MS)) {
            lines.get(Budget.P5).add(BudgetLine.shown(Budget.P5, "sustained", "", "", Double.NaN,
                "not measured: the time of --short was over"));
            return;
        }
        final Path directory = scratch.make(plan.disk());
        try {
            final Sustained.Result result = Sustained.run(plan, lineUp, Figures.median(weir.perSecond()),
                weir.window, directory);
            lines.get(Budget.P5).add(sustainedLine(result));
        } catch (final IOException | RuntimeException ex) {
            lines.get(Budget.P5).add(BudgetLine.shown(Budget.P5, "sustained", "", "", Double.NaN, "failed: "
                + String.valueOf(ex.getMessage()).lines().findFirst().orElse("")));
            console.say("sustained: " + ex.getMessage());
        } finally {
            scratch.delete(directory);
        }
        console.say("sustained (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    /** P12 over FIX; a short run has no time for it, unless nothing else is asked for. */
    private void scale(final LineUp lineUp, final Path shared) throws IOException {
        final List<BudgetLine> all = lines.computeIfAbsent(Budget.P12, key -> new ArrayList<>());
        if (!deadline.leaves(SCALE_MS)) {
            all.add(BudgetLine.shown(Budget.P12, "P1 and P5 at that scale", "", "", Double.NaN,
                "not measured: the time of --short was over"));
            return;
        }
        final int orders = (int)Math.min((1 << 24) - 1, latencyOrders() + SCALE_PER_SECOND * (plan.rounds() + 2L)
            * (plan.roundWarmMs() + plan.throughputMs()) / 1_000);
        final Path data = Files.getFileStore(shared).getUsableSpace() / 2 > orders * ORDER_BYTES
            ? shared : scratch.make(plan.disk());
        try {
            all.addAll(Scale.run(plan, lineUp, data, orders, CROWD, console));
        } finally {
            if (!data.equals(shared)) {
                scratch.delete(data);
            }
        }
        console.say("P12 over FIX (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    private static BudgetLine sustainedLine(final Sustained.Result result) {
        final String note = "ring " + (result.ring().flat() ? "flat" : "filling") + ": "
            + Figures.plain(result.ring().firstMean() / 1024.0) + " KiB in the first third, "
            + Figures.plain(result.ring().lastMean() / 1024.0) + " in the last, most "
            + Figures.plain(result.ring().most() / 1024.0) + " of " + result.ring().capacity() / 1024 + "; journal: "
            + Figures.plain(result.journal().records()) + " records verified"
            + (result.journal().ok() ? "" : " until " + result.journal().error().getMessage()) + ", "
            + Figures.plain(result.ordersInJournal()) + " orders of " + Figures.plain(result.orders()) + " sent"
            + (result.cut().isEmpty() ? "" : "; " + result.cut());
        return new BudgetLine(Budget.P5, "sustained " + Figures.plain(result.throughput().elapsedNs() / 1e9) + " s",
            SocketVerdicts.rate(result.throughput()), "", "", "ring flat, every record",
            result.ring().flat() && result.complete() ? BudgetLine.Verdict.MET : BudgetLine.Verdict.MISSED, note);
    }

    private List<BudgetLine> budgetLines() {
        final List<BudgetLine> all = new ArrayList<>();
        for (final Budget budget : Budget.values()) {
            all.addAll(lines.getOrDefault(budget, List.of(BudgetLine.notMeasured(budget,
                plan.wants(budget) ? "nothing measures it yet" : "not asked for"))));
        }
        return all;
    }
}
