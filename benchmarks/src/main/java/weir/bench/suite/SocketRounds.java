package weir.bench.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.HdrHistogram.Histogram;
import weir.bench.contest.Contestant;
import weir.bench.contest.CpuUse;
import weir.bench.tester.Latencies;
import weir.bench.tester.Probe;
import weir.bench.tester.Spinner;
import weir.bench.tester.Throughput;

/**
 * The turns over TCP: each contestant is warmed, then they meet round by round, first in the open loop, then with many
 * in flight. Who begins changes with the round. A contestant that fails is left out from then on, with the reason.
 */
final class SocketRounds {
    private static final int[] WINDOWS = {64, 256, 1_024};
    private static final long CALIBRATE_MS = 300;
    private static final long SPIN_MS = 200;
    private static final long TURN_MS = 300;
    private static final int REASON_MAX = 110;
    private static final long LATENCY_RESERVE_MS = 60_000;
    private static final long THROUGHPUT_RESERVE_MS = 35_000;

    private final Plan plan;
    private final Deadline deadline;
    private final Console console;
    private final Spinner spinner;
    private final Map<String, Score> scores = new LinkedHashMap<>();
    private final List<Contestant> contestants = new ArrayList<>();
    private final Set<String> extras = new HashSet<>();
    private int latencyRounds;
    private int throughputRounds;

    SocketRounds(final Plan plan, final Deadline deadline, final Console console, final Spinner spinner) {
        this.plan = plan;
        this.deadline = deadline;
        this.console = console;
        this.spinner = spinner;
    }

    /** Starts one contestant. */
    interface Start {
        Contestant start() throws IOException;
    }

    /** As {@link #enter}, for one that no verdict needs: it leaves first when time is short. */
    void enterExtra(final String name, final Start start) {
        extras.add(name);
        enter(name, start);
    }

    /** Starts and warms; what does not come up is absent. */
    void enter(final String name, final Start start) {
        try {
            final Contestant contestant = start.start();
            final Score score = new Score(contestant.name(), contestant.description());
            scores.put(score.name, score);
            contestants.add(contestant);
            contestant.resume();
            contestant.tester().openLoop(plan.rate(), plan.warmMs() / 2, 50, new Latencies());
            if (plan.wants(Budget.P5, Budget.P6, Budget.P7)) { // it warms, too
                calibrate(contestant, score);
            }
            contestant.tester().openLoop(plan.rate(), plan.warmMs() / 2, 50, new Latencies());
            contestant.pause();
            for (final Contestant other : contestants) {
                other.breathe();
            }
            console.say(name + " is up and warm (" + deadline.elapsedMs() / 1_000 + " s)");
        } catch (final IOException | RuntimeException ex) {
            fail(name, ex);
        }
    }

    private void calibrate(final Contestant contestant, final Score score) throws IOException {
        double best = 0;
        for (final int window : WINDOWS) {
            final Throughput found = contestant.tester().closedWindow(window, CALIBRATE_MS, CALIBRATE_MS,
                plan.throughputOrders(), Probe.NONE);
            if (found.perSecond() > best) {
                best = found.perSecond();
                score.window = window;
            }
        }
    }

    /** All rounds of the open loop. */
    void latency() {
        for (int round = 0; goesOnWithFewer(round); round++) {
            for (final Contestant contestant : inTurn(round)) {
                turn(contestant, score -> {
                    final Latencies latencies = new Latencies();
                    contestant.tester().openLoop(plan.rate(), plan.roundWarmMs(), plan.latencyMs(), latencies);
                    score.latencies.add(latencies);
                });
            }
            latencyRounds = round + 1;
            spinner.spin(SPIN_MS);
        }
        console.say(latencyRounds + " rounds of the open loop (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    /** All rounds with many in flight, and one round with one. */
    void throughput() {
        for (int round = 0; goesOn(round, plan.throughputMs(), THROUGHPUT_RESERVE_MS); round++) {
            for (final Contestant contestant : inTurn(round)) {
                turn(contestant, score -> {
                    final CpuProbe probe = new CpuProbe(contestant, score);
                    score.throughput.add(contestant.tester().closedWindow(score.window, plan.roundWarmMs(),
                        plan.throughputMs(), plan.throughputOrders(), probe));
                });
            }
            throughputRounds = round + 1;
            spinner.spin(SPIN_MS);
        }
        for (final Contestant contestant : inTurn(0)) {
            turn(contestant, score -> score.oneInFlight.add(contestant.tester().closedWindow(1, 50,
                plan.throughputMs() / 2, plan.throughputOrders(), Probe.NONE)));
        }
        console.say(throughputRounds + " rounds with many in flight (" + deadline.elapsedMs() / 1_000 + " s)");
    }

    /** Before a round is left out, those leave that no verdict needs. */
    private boolean goesOnWithFewer(final int round) {
        if (round > 0 && round < plan.rounds() && !goesOn(round, plan.latencyMs(), LATENCY_RESERVE_MS)) {
            dropExtras();
        }
        return goesOn(round, plan.latencyMs(), LATENCY_RESERVE_MS);
    }

    /** Those that no verdict needs leave; what they did stays. */
    void dropExtras() {
        List.copyOf(contestants).stream().filter(c -> extras.contains(c.name())).forEach(this::drop);
    }

    /** At least one round is run; a short run leaves time for what comes after. */
    private boolean goesOn(final int round, final long measureMs, final long reserveMs) {
        final long turnsMs = contestants.size() * (measureMs + plan.roundWarmMs() + TURN_MS);
        return round < plan.rounds() && (round == 0 || deadline.leaves(turnsMs + reserveMs));
    }

    private List<Contestant> inTurn(final int round) {
        final List<Contestant> turns = new ArrayList<>();
        for (int i = 0; i < contestants.size(); i++) {
            turns.add(contestants.get((i + round) % contestants.size()));
        }
        return turns;
    }

    /** What a contestant does in its turn. */
    private interface Turn {
        void run(Score score) throws IOException;
    }

    private void turn(final Contestant contestant, final Turn turn) {
        final Score score = scores.get(contestant.name());
        if (!score.absent.isEmpty()) {
            return;
        }
        try {
            contestant.resume();
            turn.run(score);
            contestant.pause();
        } catch (final IOException | RuntimeException ex) {
            fail(contestant.name(), ex);
            return;
        }
        for (final Contestant other : List.copyOf(contestants)) {
            try {
                if (other != contestant) {
                    other.breathe();
                }
            } catch (final IOException ex) {
                fail(other.name(), ex);
            }
        }
    }

    private void fail(final String name, final Exception ex) {
        final Score score = scores.computeIfAbsent(name, key -> new Score(key, List.of()));
        final String first = String.valueOf(ex.getMessage()).lines().findFirst().orElse("failed");
        score.absent = first.length() > REASON_MAX ? first.substring(0, REASON_MAX) + "..." : first;
        final Optional<Contestant> running = contestants.stream().filter(c -> c.name().equals(name)).findFirst();
        console.say(name + " is out: " + ex.getMessage() + running.map(c -> '\n' + c.process().tail()).orElse(""));
        running.ifPresent(this::drop);
    }

    private void drop(final Contestant contestant) {
        contestants.remove(contestant);
        try {
            contestant.close();
        } catch (final IOException ex) {
            console.say(contestant.name() + " cannot be closed: " + ex.getMessage());
        }
    }

    Score score(final String name) {
        final Score score = scores.get(name);
        return score != null ? score : new Score(name, List.of());
    }

    List<Score> scores() {
        return List.copyOf(scores.values());
    }

    int latencyRounds() {
        return latencyRounds;
    }

    int throughputRounds() {
        return throughputRounds;
    }

    /** Those that still run. */
    List<Contestant> running() {
        return List.copyOf(contestants);
    }

    Histogram hiccups() {
        return spinner.hiccups();
    }

    void close() {
        List.copyOf(contestants).forEach(this::drop);
    }

    /** Processor time over the measured part of a turn. */
    private static final class CpuProbe implements Probe {
        private final CpuUse use;
        private final Score score;

        private CpuProbe(final Contestant contestant, final Score score) {
            use = CpuUse.available() ? new CpuUse(contestant.process().pid()) : null;
            this.score = score;
        }

        @Override
        public void begin() throws IOException {
            if (use != null) {
                use.begin();
            }
        }

        @Override
        public void end(final long roundTrips) throws IOException {
            if (use != null) {
                final CpuUse.Used used = use.end();
                final double trips = Math.max(1, roundTrips);
                used.threads().stream().filter(use -> !Score.isService(use.name())).findFirst()
                    .ifPresent(busiest -> score.cpu.add(new Score.Cpu(busiest.cpuNs() / trips,
                        used.processNs() / trips, busiest.name(), used.threads(), roundTrips)));
            }
        }
    }
}
