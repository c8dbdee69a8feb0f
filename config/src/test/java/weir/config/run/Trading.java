package weir.config.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskInstrument;
import weir.sim.desk.DeskRun;
import weir.sim.desk.DeskRunResult;
import weir.sim.desk.DeskScenario;

/**
 * Desks that trade in the background until told to stop, whatever happens to the router: orders that rest, fill and are
 * refused, replaces, cancels, and each few seconds a burst beyond the venue's budget, which is paced and batched.
 */
final class Trading implements AutoCloseable {
    private static final DeskInstrument BTC = DeskInstrument.parse("BTC-USD:60000:0.01:0.001");
    private static final DeskInstrument ETH = DeskInstrument.parse("ETH-USD:3000:0.01:0.01");
    private static final DeskInstrument BTC_PERP = DeskInstrument.parse("BTC-PERP:60000:1:0.001");
    private static final DeskInstrument ETH_PERP = DeskInstrument.parse("ETH-PERP:3000:0.1:0.01");
    private static final int STEPS = 40;
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
        final boolean both = compId.startsWith("GAMMA") || compId.startsWith("DELTA");
        final DeskInstrument[] instruments =
            both ? new DeskInstrument[] {BTC, BTC_PERP, ETH_PERP} : new DeskInstrument[] {BTC, ETH};
        int sent = 0;
        for (int chunk = 0; !stopped; chunk++) {
            final DeskScenario scenario = new DeskScenario().seed(seed + chunk).instruments(instruments).steps(STEPS)
                .clOrdIdPrefix(name + compId.charAt(0) + compId.charAt(compId.length() - 1) + chunk)
                .perSecond(perSecond).restSide(restSide);
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
