package weir.bench.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import weir.bench.contest.Crowd;
import weir.bench.contest.CrowdContestant;
import weir.bench.contest.LineUp;
import weir.bench.figures.Figures;
import weir.bench.tester.Latencies;

/**
 * P12 over FIX: a router with 10,000 tenants, 1,000 logged-on desks and 100,000 open orders against one with one of
 * each, in turns, the desk and the open order drawn uniformly at random. What is held against the bound is P1's figure
 * and P5's of the one over the other's. Beside them a bare relay with as many desks, which shows what the sockets
 * alone cost on this machine.
 */
final class Scale {
    private static final double BOUND = 1.1;
    private static final int[] WINDOWS = {64, 256};
    private static final long CALIBRATE_MS = 300;

    private Scale() {
    }

    /** Runs, or says why not. */
    static List<BudgetLine> run(final Plan plan, final LineUp lineUp, final Path data, final int orders,
        final Crowd crowd, final Console console) {
        final int rounds = plan.rounds();
        final double[][] oneWayNs = new double[4][rounds];
        final double[][] perSecond = new double[4][rounds];
        // relays have no sessions or drivers that could be over while they wait for the routers
        try (CrowdContestant relayMany = warm(plan, lineUp.relay("relay-crowd", crowd));
            CrowdContestant relayOne = warm(plan, lineUp.relay("relay-one", Crowd.ONE));
            CrowdContestant many = warm(plan, lineUp.weir("weir-crowd", data.resolve("weir-crowd"),
                orders + crowd.openOrders(), crowd));
            CrowdContestant one = lineUp.weir("weir-one", data.resolve("weir-one"), orders, Crowd.ONE)) {
            many.turn(tester -> 0); // it waited for the start of the other, and will for the other's warm-up
            warm(plan, one);
            final CrowdContestant[] all = {one, many, relayOne, relayMany};
            final int[] window = new int[all.length];
            for (int i = 0; i < all.length; i++) {
                window[i] = calibrated(plan, all[i]);
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < all.length; i++) {
                    final int which = (i + round) % all.length;
                    oneWayNs[which][round] = all[which].turn(tester -> {
                        final Histogram into = Latencies.histogram();
                        tester.openLoop(plan.rate(), plan.roundWarmMs(), plan.latencyMs(), into);
                        return into.getValueAtPercentile(50);
                    });
                    perSecond[which][round] = all[which].turn(tester -> tester.closedWindow(window[which],
                        plan.roundWarmMs(), plan.throughputMs()).perSecond());
                }
            }
        } catch (final IOException | RuntimeException ex) {
            console.say("P12 over FIX: " + ex.getMessage());
            return List.of(new BudgetLine(Budget.P12, "P1 and P5 at that scale", "", "", "", "<= " + BOUND + " x",
                BudgetLine.Verdict.NOT_MEASURED, String.valueOf(ex.getMessage()).lines().findFirst().orElse("")));
        }
        final List<BudgetLine> lines = new ArrayList<>();
        lines.add(BudgetLine.part(Budget.P12, "P1 at that scale: desk-in to venue-out, p50",
            SocketVerdicts.us(Figures.median(oneWayNs[1])), "one of each " + SocketVerdicts.us(
                Figures.median(oneWayNs[0])), Figures.pairedRatio(oneWayNs[1], oneWayNs[0]), BOUND, true));
        lines.add(BudgetLine.part(Budget.P12, "P5 at that scale: most round trips/s, one over crowd",
            SocketVerdicts.rate(perSecond[1]), "one of each " + SocketVerdicts.rate(perSecond[0]),
            Figures.pairedRatio(perSecond[0], perSecond[1]), BOUND, true));
        lines.add(BudgetLine.shown(Budget.P12, "  P1 of a relay with as many desks", SocketVerdicts.us(
            Figures.median(oneWayNs[3])), "one of each " + SocketVerdicts.us(Figures.median(oneWayNs[2])),
            Figures.pairedRatio(oneWayNs[3], oneWayNs[2]), "what sockets alone cost"));
        lines.add(BudgetLine.shown(Budget.P12, "  P5 of a relay with as many desks", SocketVerdicts.rate(perSecond[3]),
            "one of each " + SocketVerdicts.rate(perSecond[2]), Figures.pairedRatio(perSecond[2], perSecond[3]),
            "one read and one write for each desk's message; one desk's come and go together"));
        return lines;
    }

    private static CrowdContestant warm(final Plan plan, final CrowdContestant contestant) throws IOException {
        try {
            contestant.turn(tester -> {
                tester.openLoop(plan.rate(), plan.warmMs(), 50, Latencies.histogram());
                return 0;
            });
            return contestant;
        } catch (final IOException ex) {
            contestant.close();
            throw ex;
        }
    }

    private static int calibrated(final Plan plan, final CrowdContestant contestant) throws IOException {
        double best = 0;
        int window = WINDOWS[0];
        for (final int next : WINDOWS) {
            final double found = contestant.turn(tester ->
                tester.closedWindow(next, CALIBRATE_MS, Math.min(CALIBRATE_MS, plan.throughputMs())).perSecond());
            if (found > best) {
                best = found;
                window = next;
            }
        }
        return window;
    }
}
