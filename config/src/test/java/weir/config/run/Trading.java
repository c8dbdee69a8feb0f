package weir.config.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskInstrument;
import weir.sim.desk.DeskRun;
import weir.sim.desk.DeskRunResult;
import weir.sim.desk.DeskScenario;
import weir.sim.desk.StepKind;

/**
 * Desks that trade in the background until told to stop, whatever happens to the router: orders that rest, fill and are
 * refused, replaces, cancels, and each few seconds a burst beyond the venue's budget, which is paced and batched.
 */
final class Trading implements AutoCloseable {
    private static final DeskInstrument BTC = DeskInstrument.parse("BTC-USD:60000:0.01:0.001");
    private static final DeskInstrument ETH = DeskInstrument.parse("ETH-USD:3000:0.01:0.01");
    private static final DeskInstrument BTC_PERP = DeskInstrument.parse("BTC-PERP:60000:1:0.001");
    private static final DeskInstrument ETH_PERP = DeskInstrument.parse("ETH-PERP:3000:0.1:0.01");
    private static final DeskInstrument BTC_USDT = DeskInstrument.parse("BTC-USDT:60000:0.01:0.001");
    private static final DeskInstrument BTC_USDC = DeskInstrument.parse("BTC_USDC-PERPETUAL:60000:1:0.001");
    private static final DeskInstrument BTC_INTX = DeskInstrument.parse("BTC-PERP-INTX:60000:1:0.001");
    private static final DeskInstrument WETH_USDC = DeskInstrument.parse("WETH-USDC:3000:0.01:0.01");
    private static final int STEPS = 40;
    /** Steps of a round at CoW Protocol, which takes few requests a second and settles by auctions. */
    private static final int COW_STEPS = 8;
    private static final double COW_PER_SECOND = 1;
    private static final double PER_SECOND = 25;
    private static final int BURST = 130;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService pool;
    private final List<Future<Integer>> running = new ArrayList<>();
    private final double perSecond;
    private volatile boolean stopped;

    private Trading(final Map<String, DeskClient> desks, final String name, final long seed, final double perSecond) {
        this.perSecond = perSecond;
        pool = Executors.newFixedThreadPool(desks.size());
        desks.forEach((compId, desk) ->
            running.add(pool.submit(() -> trade(desk, compId, name, seed + compId.hashCode()))));
        pool.shutdown();
    }

    /**
     * Starts the desks.
     *
     * @param name part of each ClOrdID(11): unique per session day
     * @param seed of everything random
     */
    static Trading start(final TestCluster cluster, final String name, final long seed) {
        return new Trading(cluster.desks(), name, seed, PER_SECOND);
    }

    /** The same without bursts, at a rate of one's own per desk. */
    static Trading calm(final TestCluster cluster, final String name, final long seed, final double perSecond) {
        return new Trading(cluster.desks(), name, seed, perSecond);
    }

    private int trade(final DeskClient desk, final String compId, final String name, final long seed) {
        final char restSide = compId.startsWith("BETA") ? '2' : '1';
        final DeskInstrument[] instruments = instruments(compId);
        final boolean cow = instruments[0] == WETH_USDC;
        int sent = 0;
        for (int chunk = 0; !stopped; chunk++) {
            final DeskScenario scenario = new DeskScenario().seed(seed + chunk).instruments(instruments)
                .steps(cow ? COW_STEPS : STEPS)
                .clOrdIdPrefix(name + compId.charAt(0) + compId.charAt(compId.length() - 1) + chunk)
                .perSecond(cow ? Math.min(COW_PER_SECOND, perSecond) : perSecond).restSide(restSide);
            if (cow) {
                scenario.only(StepKind.REST, StepKind.CROSS, StepKind.CANCEL).weight(StepKind.CROSS, 2)
                    .weight(StepKind.CANCEL, 2);
            }
            if (compId.equals("ALPHA1") && chunk % 3 == 0 && perSecond == PER_SECOND) {
                scenario.burst(BURST, 300, 500);
            }
            final DeskRunResult result = new DeskRun(desk, scenario.generate()).patience(PATIENCE).run();
            if (!result.clean()) {
                throw new AssertionError(compId + ": " + desk.ledger().violations() + " unanswered "
                    + result.unanswered() + '\n' + desk.dump());
            }
            sent += result.total();
        }
        return sent;
    }

    /** Every symbol that the desks of a cluster trade. */
    static Set<String> symbols(final TestCluster cluster) {
        return cluster.desks().keySet().stream().flatMap(compId -> Stream.of(instruments(compId)))
            .map(DeskInstrument::symbol).collect(Collectors.toSet());
    }

    private static DeskInstrument[] instruments(final String compId) {
        return switch (compId) {
            case "GAMMA1", "DELTA1" -> new DeskInstrument[] {BTC, BTC_PERP, ETH_PERP};
            case "EPSILON1" -> new DeskInstrument[] {BTC_USDT, BTC_USDC, BTC_INTX};
            case "EPSILON2" -> new DeskInstrument[] {WETH_USDC};
            default -> new DeskInstrument[] {BTC, ETH};
        };
    }

    /** Lets each desk end its round, with every message answered. */
    int stop() throws Exception {
        stopped = true;
        int sent = 0;
        for (final Future<Integer> desk : running) {
            try {
                sent += desk.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
            } catch (final ExecutionException ex) {
                throw new AssertionError("a desk: " + ex.getCause().getMessage(), ex.getCause());
            } catch (final TimeoutException ex) {
                throw new AssertionError("a desk did not end its round", ex);
            }
        }
        return sent;
    }

    @Override
    public void close() {
        stopped = true;
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("desks go on");
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
