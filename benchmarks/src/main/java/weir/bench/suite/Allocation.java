package weir.bench.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.bench.contest.AllocatedBytes;
import weir.bench.contest.Contestant;
import weir.bench.figures.Figures;
import weir.bench.tester.Latencies;

/**
 * P9 over real sockets: what the router's threads allocate while orders pass, from its own {@code ThreadMXBean}. The
 * order path's thread is the one that was busiest with many in flight; where that was not measured, the one of shape
 * one-thread, else the one that allocates most.
 */
final class Allocation {
    private static final String ORDERS = "weir-orders";
    /** Shorter than the second in which the session layer looks at its timers. */
    private static final long MEASURE_MS = 250;
    private static final long WARM_MS = 500;
    private static final int COMM = 15;
    private static final int WINDOWS_MAX = 12;

    private Allocation() {
    }

    static List<BudgetLine> lines(final SocketRounds rounds, final Plan plan, final Console console) {
        final List<BudgetLine> lines = new ArrayList<>();
        try {
            final Optional<Contestant> weir = find(rounds, "weir");
            if (weir.isEmpty()) {
                return List.of(BudgetLine.notMeasured(Budget.P9, "weir " + rounds.score("weir").absent));
            }
            final long orders = plan.rate() * MEASURE_MS / 1_000;
            List<AllocatedBytes.ThreadBytes> mine = measure(weir.get(), plan);
            // a window may have a heartbeat or a look at timers in it, which are the session layer's: the least of some
            // is what orders take
            for (int i = 1; i < WINDOWS_MAX && orderPath(mine, rounds.score("weir")).bytes() > 0; i++) {
                final List<AllocatedBytes.ThreadBytes> next = measure(weir.get(), plan);
                if (orderPath(next, rounds.score("weir")).bytes() < orderPath(mine, rounds.score("weir")).bytes()) {
                    mine = next;
                }
            }
            final Optional<Contestant> pass = rounds.running().stream()
                .filter(c -> c.name().startsWith("qfj-g1")).findFirst();
            final String peer = pass.isEmpty() ? "" : "qfj-g1 "
                + Figures.plain((double)total(measure(pass.get(), plan)) / orders) + " B, all threads";
            final AllocatedBytes.ThreadBytes path = orderPath(mine, rounds.score("weir"));
            final double perOrder = (double)path.bytes() / orders;
            final long rounded = Math.round(perOrder * 100);
            lines.add(new BudgetLine(Budget.P9, "", Figures.plain(perOrder) + " B", peer, "", Budget.P9.bounds() + " B",
                Budget.P9.met(rounded / 100.0) ? BudgetLine.Verdict.MET : BudgetLine.Verdict.MISSED,
                "thread " + path.name() + ", over " + Figures.plain(orders) + " orders without a look of the session"
                    + " layer at its timers; the hard test is the allocation tests of engine, fix-sessions and"
                    + " venue-adapters"));
            lines.add(BudgetLine.shown(Budget.P9, "all threads", Figures.plain((double)total(mine) / orders) + " B",
                peer, Double.NaN, top(mine, orders)));
        } catch (final IOException | RuntimeException ex) {
            console.say("allocation: " + ex.getMessage());
            lines.clear();
            lines.add(BudgetLine.notMeasured(Budget.P9, String.valueOf(ex.getMessage())));
        }
        return lines;
    }

    private static Optional<Contestant> find(final SocketRounds rounds, final String name) {
        return rounds.running().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private static List<AllocatedBytes.ThreadBytes> measure(final Contestant contestant, final Plan plan)
        throws IOException {
        contestant.resume();
        try (AllocatedBytes bytes = new AllocatedBytes(contestant.process().pid())) {
            contestant.tester().openLoop(plan.rate(), WARM_MS, 50, new Latencies());
            bytes.begin();
            contestant.tester().openLoop(plan.rate(), 0, MEASURE_MS, new Latencies());
            return bytes.end();
        } finally {
            contestant.pause();
        }
    }

    private static AllocatedBytes.ThreadBytes orderPath(final List<AllocatedBytes.ThreadBytes> threads,
        final Score weir) {
        if (!weir.cpu.isEmpty()) {
            final String busiest = weir.cpu.get(weir.cpu.size() - 1).thread();
            for (final AllocatedBytes.ThreadBytes thread : threads) {
                if (thread.name().substring(0, Math.min(COMM, thread.name().length())).equals(busiest)) {
                    return thread;
                }
            }
        }
        return threads.stream().filter(t -> t.name().equals(ORDERS)).findFirst().orElse(threads.get(0));
    }

    private static long total(final List<AllocatedBytes.ThreadBytes> threads) {
        return threads.stream().mapToLong(AllocatedBytes.ThreadBytes::bytes).sum();
    }

    private static String top(final List<AllocatedBytes.ThreadBytes> threads, final long orders) {
        return String.join(", ", threads.stream().limit(4).filter(t -> t.bytes() > 0)
            .map(t -> t.name() + ' ' + Figures.plain((double)t.bytes() / orders)).toList());
    }
}
