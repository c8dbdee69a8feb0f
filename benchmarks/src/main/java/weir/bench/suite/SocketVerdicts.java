package weir.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import weir.bench.contest.PassThroughKind;
import weir.bench.figures.Figures;
import weir.bench.tester.Latencies;
import weir.bench.tester.Throughput;

/** Holds what the turns over TCP gave against P1 to P7. */
final class SocketVerdicts {
    private static final double US = 1_000;
    private static final int P7_PROCESS = 10;
    private static final String OVER_TLS = "same over TLS";
    private static final double KEPT = 1_000_000;
    private static final String KEEPS_TOO = "a relay that keeps bytes, too";
    private static final String CORE_TOO = "and takes each order through the core, as P8";

    private final SocketRounds rounds;
    private final Score weir;
    private final Score relay;
    private final Score echo;
    private final Score batched;
    private final Score relayKept;
    private final Score relayCore;
    private final Score relayTls;
    private final Score weirTls;
    private final boolean tls;

    SocketVerdicts(final SocketRounds rounds, final boolean tls) {
        this.rounds = rounds;
        this.tls = tls;
        relayTls = rounds.score("relay-tls");
        weirTls = rounds.score("weir-tls");
        weir = rounds.score("weir");
        relay = rounds.score("relay");
        echo = rounds.score("philadelphia");
        batched = rounds.score("philadelphia-batched");
        relayKept = rounds.score("relay-kept");
        relayCore = rounds.score("relay-core");
    }

    /** Lines of one of P1 to P7, with those of TLS beside them. */
    List<BudgetLine> lines(final Budget budget) {
        final List<BudgetLine> lines = new ArrayList<>(overTcp(budget));
        if (tls) {
            overTls(budget).ifPresent(lines::add);
        }
        return lines;
    }

    private Optional<BudgetLine> overTls(final Budget budget) {
        switch (budget) {
            case P1:
                return Optional.of(latencyOverTls(budget, Optional.of(ofTls()), Score.oneWay(50)));
            case P2:
                return Optional.of(latencyOverTls(budget, Optional.of(ofTls()), Score.oneWay(90)));
            case P3:
                return Optional.of(latencyOverTls(budget, best(score -> score.latency(Score.roundTrip(50)), false),
                    Score.roundTrip(50)));
            case P4:
                return Optional.of(latencyOverTls(budget, best(score -> score.latency(Score.roundTrip(90)), false),
                    Score.roundTrip(90)));
            case P5:
                return Optional.of(mostOverTls());
            default:
                return Optional.empty();
        }
    }

    /** The relay that ends TLS too; where it did not run, the plain one. */
    private Score ofTls() {
        return relayTls.latencies.isEmpty() ? relay : relayTls;
    }

    /** Of the rounds that TLS took part in, which are the first. */
    private BudgetLine latencyOverTls(final Budget budget, final Optional<Score> peer,
        final ToDoubleFunction<Latencies> of) {
        final int count = weirTls.latencies.size();
        if (count == 0) {
            return BudgetLine.shown(budget, OVER_TLS, "", "", Double.NaN, "not measured" + reason(weirTls));
        }
        final double[] mine = weirTls.latency(of);
        final String note = weir.latencies.size() < count ? "" : Figures.ratio(
            Figures.pairedRatio(mine, weir.latency(of, count))) + " of weir over plain TCP";
        final int paired = Math.min(count, peer.map(score -> score.latencies.size()).orElse(0));
        if (paired == 0) {
            return BudgetLine.shown(budget, OVER_TLS, us(Figures.median(mine)), "", Double.NaN, note);
        }
        return BudgetLine.shown(budget, OVER_TLS, us(Figures.median(mine)),
            peer.get().name + ' ' + us(Figures.median(peer.get().latency(of, paired))),
            Figures.pairedRatio(weirTls.latency(of, paired), peer.get().latency(of, paired)), note);
    }

    private BudgetLine mostOverTls() {
        final Optional<Score> peer = best(Score::perSecond, true);
        final int count = weirTls.throughput.size();
        if (count == 0 || peer.isEmpty() || peer.get().throughput.size() != count
            || weir.throughput.size() != count) {
            return BudgetLine.shown(Budget.P5, OVER_TLS, "", "", Double.NaN, "not measured" + reason(weirTls));
        }
        return BudgetLine.shown(Budget.P5, OVER_TLS, rate(weirTls.perSecond()) + " with " + weirTls.window
            + " in flight", peer.get().name + ' ' + rate(peer.get().perSecond()) + " plain",
            Figures.pairedRatio(weirTls.perSecond(), peer.get().perSecond()),
            Figures.ratio(Figures.pairedRatio(weirTls.perSecond(), weir.perSecond())) + " of weir over plain TCP"
                + (relayTls.throughput.isEmpty() ? "" : "; relay-tls " + rate(relayTls.perSecond())));
    }

    private static String reason(final Score score) {
        return score.absent.isEmpty() ? ": the time of --short was over, or the long form does" : ": " + score.absent;
    }

    private List<BudgetLine> overTcp(final Budget budget) {
        switch (budget) {
            case P1:
                return with(List.of(latency(budget, Optional.of(relay), Score.oneWay(50))),
                    beside(budget, KEEPS_TOO, relayKept, Score.oneWay(50)),
                    beside(budget, CORE_TOO, relayCore, Score.oneWay(50)));
            case P2:
                return with(List.of(latency(budget, Optional.of(relay), Score.oneWay(90)), tail()),
                    beside(budget, KEEPS_TOO, relayKept, Score.oneWay(90)),
                    beside(budget, CORE_TOO, relayCore, Score.oneWay(90)));
            case P3:
                return withShown(budget, Score.roundTrip(50));
            case P4:
                return withShown(budget, Score.roundTrip(90));
            case P5:
                return with(List.of(most(budget, best(Score::perSecond, true)), oneInFlight()),
                    besideMost(budget, KEEPS_TOO, relayKept), besideMost(budget, CORE_TOO, relayCore));
            case P6:
                return with(List.of(most(budget, Optional.of(echo)), batchedEcho()),
                    besideMost(budget, KEEPS_TOO, relayKept), besideMost(budget, CORE_TOO, relayCore));
            case P7:
                return with(cpu(), besideCpu(KEEPS_TOO, relayKept), besideCpu(CORE_TOO, relayCore));
            default:
                throw new IllegalArgumentException(budget.name());
        }
    }

    /** The best pass-through by the median over the rounds. */
    private Optional<Score> best(final Function<Score, double[]> of, final boolean most) {
        final Comparator<Score> order = Comparator.comparingDouble(score -> Figures.median(of.apply(score)));
        final List<Score> able = Arrays.stream(PassThroughKind.values()).filter(PassThroughKind::competes)
            .map(kind -> rounds.score(kind.contestant())).filter(score -> score.absent.isEmpty())
            .filter(score -> of.apply(score).length > 0).toList();
        return most ? able.stream().max(order) : able.stream().min(order);
    }

    private BudgetLine latency(final Budget budget, final Optional<Score> peer, final ToDoubleFunction<Latencies> of) {
        final Optional<String> reason = missing(peer, Score::hasLatency, rounds.latencyRounds());
        if (reason.isPresent()) {
            return BudgetLine.notMeasured(budget, reason.get());
        }
        final double[] mine = weir.latency(of);
        final double[] theirs = peer.get().latency(of);
        return BudgetLine.ofRatio(budget, us(Figures.median(mine)), peer.get().name + ' ' + us(Figures.median(theirs)),
            Figures.pairedRatio(mine, theirs), kept(peer.get()));
    }

    /** One that falls behind the rate is measured by its backlog, which the reader must know. */
    private String kept(final Score peer) {
        return Figures.median(relay.latencies.isEmpty() ? new double[] {0} : relay.latency(Score.roundTrip(50))) > KEPT
            ? "the machine was busy: the relay alone fell behind the rate"
            : Figures.median(weir.latency(Score.roundTrip(50))) > KEPT ? "weir fell behind the rate"
            : Figures.median(peer.latency(Score.roundTrip(50))) > KEPT ? peer.name + " fell behind the rate" : "";
    }

    /** A check of a score against the rounds that were. */
    private interface Has {
        boolean test(Score score, int rounds);
    }

    private Optional<String> missing(final Optional<Score> peer, final Has has, final int count) {
        if (count == 0) {
            return Optional.of("no round was run");
        }
        if (!has.test(weir, count)) {
            return Optional.of("weir " + (weir.absent.isEmpty() ? "missed a round" : weir.absent));
        }
        if (peer.isEmpty()) {
            return Optional.of("no pass-through ran: " + rounds.score(PassThroughKind.G1.contestant()).absent);
        }
        if (!has.test(peer.get(), count)) {
            return Optional.of(peer.get().name + ' '
                + (peer.get().absent.isEmpty() ? "missed a round" : peer.get().absent));
        }
        return Optional.empty();
    }

    private BudgetLine tail() {
        if (missing(Optional.of(relay), Score::hasLatency, rounds.latencyRounds()).isPresent()) {
            return BudgetLine.shown(Budget.P2, "p99", "", "", Double.NaN, "no round was run");
        }
        return BudgetLine.shown(Budget.P2, "p99", us(weir.sumOneWay().getValueAtPercentile(99)),
            "relay " + us(relay.sumOneWay().getValueAtPercentile(99)),
            Figures.pairedRatio(weir.latency(Score.oneWay(99)), relay.latency(Score.oneWay(99))),
            "idle spinner p99 " + us(rounds.hiccups().getValueAtPercentile(99)) + ", max "
                + us(rounds.hiccups().getMaxValue()));
    }

    private List<BudgetLine> withShown(final Budget budget, final ToDoubleFunction<Latencies> of) {
        final BudgetLine line = latency(budget, best(score -> score.latency(of), false), of);
        final Score blocking = rounds.score(PassThroughKind.BLOCKING.contestant());
        if (!blocking.hasLatency(rounds.latencyRounds()) || !weir.hasLatency(rounds.latencyRounds())) {
            return List.of(line);
        }
        return List.of(line, BudgetLine.shown(budget, "blocking writes", us(Figures.median(weir.latency(of))),
            blocking.name + ' ' + us(Figures.median(blocking.latency(of))),
            Figures.pairedRatio(weir.latency(of), blocking.latency(of)), ""));
    }

    private BudgetLine most(final Budget budget, final Optional<Score> peer) {
        final Optional<String> reason = missing(peer, (score, count) -> score.throughput.size() == count,
            rounds.throughputRounds());
        return reason.map(why -> BudgetLine.notMeasured(budget, why)).orElseGet(() -> BudgetLine.ofRatio(budget,
            rate(weir.perSecond()) + " with " + weir.window + " in flight",
            peer.get().name + ' ' + rate(peer.get().perSecond()) + " with " + peer.get().window,
            Figures.pairedRatio(weir.perSecond(), peer.get().perSecond()), ""));
    }

    private BudgetLine oneInFlight() {
        final Optional<Score> peer = best(Score::perSecond, true);
        if (peer.isEmpty() || peer.get().oneInFlight.isEmpty() || weir.oneInFlight.isEmpty()) {
            return BudgetLine.shown(Budget.P5, "one in flight", "", "", Double.NaN, "not measured");
        }
        final double mine = weir.oneInFlight.get(0).perSecond();
        final double theirs = peer.get().oneInFlight.get(0).perSecond();
        return BudgetLine.shown(Budget.P5, "one in flight", rate(mine), peer.get().name + ' ' + rate(theirs),
            mine / theirs, "nothing to batch: one order at a time");
    }

    private BudgetLine batchedEcho() {
        if (missing(Optional.of(batched), (score, count) -> score.throughput.size() == count,
            rounds.throughputRounds()).isPresent()) {
            return BudgetLine.shown(Budget.P6, "batched writes", "", "", Double.NaN, "not measured");
        }
        return BudgetLine.shown(Budget.P6, "batched writes", rate(weir.perSecond()),
            batched.name + ' ' + rate(batched.perSecond()),
            Figures.pairedRatio(weir.perSecond(), batched.perSecond()),
            "the library above a channel of ours that writes once per read");
    }

    private static List<BudgetLine> with(final List<BudgetLine> lines, final Optional<BudgetLine> one,
        final Optional<BudgetLine> other) {
        return Stream.of(lines.stream(), one.stream(), other.stream()).flatMap(more -> more).toList();
    }

    /** A relay that does a part of the work, beside Weir, and what it loses to the raw one. */
    private Optional<BudgetLine> beside(final Budget budget, final String what, final Score other,
        final ToDoubleFunction<Latencies> of) {
        if (!other.hasLatency(rounds.latencyRounds()) || !weir.hasLatency(rounds.latencyRounds())
            || !relay.hasLatency(rounds.latencyRounds())) {
            return Optional.empty();
        }
        final double[] theirs = other.latency(of);
        return Optional.of(BudgetLine.shown(budget, what, us(Figures.median(weir.latency(of))),
            other.name + ' ' + us(Figures.median(theirs)), Figures.pairedRatio(weir.latency(of), theirs),
            Figures.ratio(Figures.pairedRatio(theirs, relay.latency(of))) + " of the raw relay"));
    }

    private Optional<BudgetLine> besideMost(final Budget budget, final String what, final Score other) {
        return other.throughput.isEmpty() || other.throughput.size() != weir.throughput.size()
            ? Optional.empty() : Optional.of(BudgetLine.shown(budget, what, rate(weir.perSecond()),
                other.name + ' ' + rate(other.perSecond()), Figures.pairedRatio(weir.perSecond(), other.perSecond()),
                "the raw relay " + rate(relay.perSecond())));
    }

    private Optional<BudgetLine> besideCpu(final String what, final Score other) {
        if (other.cpu.isEmpty() || other.cpu.size() != weir.cpu.size()) {
            return Optional.empty();
        }
        final double[] mine = weir.cpu.stream().mapToDouble(Score.Cpu::threadNs).toArray();
        final double[] theirs = other.cpu.stream().mapToDouble(Score.Cpu::threadNs).toArray();
        final double[] process = other.cpu.stream().mapToDouble(Score.Cpu::processNs).toArray();
        return Optional.of(BudgetLine.shown(Budget.P7, what, us(Figures.median(mine)),
            other.name + ' ' + us(Figures.median(theirs)), Figures.pairedRatio(mine, theirs),
            "busiest threads; its whole process " + us(Figures.median(process))));
    }

    private List<BudgetLine> cpu() {
        final Optional<Score> peer = best(Score::perSecond, true);
        final Optional<String> reason = missing(peer, (score, count) -> score.cpu.size() == count,
            rounds.throughputRounds());
        if (reason.isPresent()) {
            return List.of(BudgetLine.notMeasured(Budget.P7, reason.get()));
        }
        final double[] thread = weir.cpu.stream().mapToDouble(Score.Cpu::threadNs).toArray();
        final double[] process = weir.cpu.stream().mapToDouble(Score.Cpu::processNs).toArray();
        final double[] theirs = peer.get().cpu.stream().mapToDouble(Score.Cpu::processNs).toArray();
        final String other = peer.get().name + ' ' + us(Figures.median(theirs));
        return List.of(
            BudgetLine.ofRatio(Budget.P7, us(Figures.median(thread)), other, Figures.pairedRatio(thread, theirs),
                "with many in flight; busiest thread: " + weir.cpu.get(0).thread()),
            BudgetLine.part(Budget.P7, "whole process", us(Figures.median(process)), other,
                Figures.pairedRatio(process, theirs), 1.0 / P7_PROCESS, true));
    }

    static String us(final double ns) {
        return Figures.plain(ns / US) + " us";
    }

    static String rate(final double... perSecond) {
        return Figures.plain(Figures.median(perSecond)) + "/s";
    }

    static String rate(final Throughput throughput) {
        return rate(throughput.perSecond());
    }
}
