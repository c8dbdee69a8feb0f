package weir.config.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.RouterSettings;
import weir.config.model.WeirConfig;

/**
 * Has the order path compiled before the first real order: a second router, of the same classes and deployment
 * shape, trades from socket to socket with a made-up desk and a made-up venue on loopback, and is thrown away. It has a
 * media driver, a journal, stores and ports of its own and shares nothing with the router that is about to start but
 * the classes and, while it runs, QuickFIX/J's time, which that one installs after.
 * <p>
 * The compiler leaves out what it never saw, and throws away what it made when that is met. So rounds of full load and
 * of single orders with pauses take turns, for idle polls are most of what runs; and the second router lives several
 * times, for much is done once in a life: a first order finds every table empty. The last life goes on until
 * the compiler has hardly anything left to do. Bounded in orders and time; what fails is logged, and the router starts
 * without it.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    /** Share of the orders in each life, in sixteenths. The first ends before much is compiled. */
    private static final int[] LIVES = {2, 8, 6};
    private static final int SHARES = 16;
    private static final int ROUND = 512;
    /** Of so many orders one is sent alone. */
    private static final int SINGLE_EVERY = 16;
    private static final long PAUSE_NS = 200_000;
    /** Load waits for the compilers while more than so many methods do: a long queue raises their thresholds. */
    private static final int BACKLOG_MAX = 16;
    private static final int BACKLOG_EVERY = 8;
    /** Rounds in a row in which they found nothing. */
    private static final int QUIET_ROUNDS = 4;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long SPACE_BYTES = 96L << 20;
    private static final long SPACE_PER_ORDER_BYTES = 6_144;

    private final WeirConfig config;
    private final RouterSettings.WarmUp settings;
    private final Path directory;
    private final long startNs = System.nanoTime();
    private final long deadlineNs;
    private final CompilerQueue compilers = new CompilerQueue();
    private long ended;

    private WarmUp(final WeirConfig config, final Path directory) throws JMException {
        this.config = config;
        this.directory = directory;
        settings = config.router().warmUp();
        deadlineNs = startNs + settings.limitMs() * NS_PER_MS;
    }

    /**
     * Runs.
     *
     * @param config    what is about to start, with {@code warmUp}
     * @param directory where the second router lives; what is there is deleted, before and after
     * @return made-up orders that came to their end; 0 where it is off or failed
     */
    static long run(final WeirConfig config, final Path directory) {
        if (config.router().warmUp().orders() == 0) {
            return 0;
        }
        try {
            final WarmUp warmUp = new WarmUp(config, directory);
            warmUp.run();
            return warmUp.ended;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final Exception | LinkageError ex) {
            LOG.warn("warm-up failed; the router starts without it", ex);
        }
        return 0;
    }

    private void run() throws Exception {
        requireSpace();
        boolean quiet = false;
        long settleNs = 0;
        for (int life = 0; life < LIVES.length && System.nanoTime() - deadlineNs < 0; life++) {
            final int orders = Math.max(1, settings.orders() * LIVES[life] / SHARES);
            final boolean last = life == LIVES.length - 1;
            final int most = last ? orders + settings.orders() : orders;
            try (ScratchRouter router = ScratchRouter.start(config, directory, most, life % 2 == 0, deadlineNs)) {
                trade(router, orders);
                if (last) {
                    settleNs = System.nanoTime();
                    quiet = settle(router);
                    settleNs = System.nanoTime() - settleNs;
                }
                ended += router.ended();
            }
        }
        LOG.info("warm-up: {} orders in {} ms, the last {} ms of them until the compilers were {}", ended,
            (System.nanoTime() - startNs) / NS_PER_MS, settleNs / NS_PER_MS, quiet ? "done" : "left at work");
    }

    private void requireSpace() throws IOException {
        final long usable = Files.getFileStore(directory.toAbsolutePath().getParent()).getUsableSpace();
        final long needed = SPACE_BYTES + SPACE_PER_ORDER_BYTES * settings.orders();
        if (usable < needed) {
            throw new IOException(directory + " has " + usable + " bytes; " + settings.orders() + " orders need "
                + needed);
        }
    }

    private void trade(final ScratchRouter router, final int orders) throws IOException, JMException {
        while (router.sent() < orders && !router.isLate()) {
            round(router, Math.min(orders, router.sent() + ROUND));
            await(router, BACKLOG_MAX, orders);
        }
    }

    private static void round(final ScratchRouter router, final long until) throws IOException {
        router.load(until - (until - router.sent()) / SINGLE_EVERY);
        while (router.sent() < until && !router.isLate()) {
            router.single(PAUSE_NS);
        }
    }

    /** Single orders until so few methods wait, or so many orders are sent; answers how many methods waited. */
    private long await(final ScratchRouter router, final int backlog, final long until)
        throws IOException, JMException {
        final long found = compilers.length();
        while (compilers.length() > backlog && router.sent() < until && !router.isLate()) {
            for (int i = 0; i < BACKLOG_EVERY; i++) {
                router.single(PAUSE_NS);
            }
        }
        return found;
    }

    /** Rounds until the compilers find nothing more; false when as many orders again or the time were over before. */
    private boolean settle(final ScratchRouter router) throws IOException, JMException {
        final long until = router.sent() + settings.orders();
        int quiet = 0;
        while (quiet < QUIET_ROUNDS && router.sent() < until && !router.isLate()) {
            round(router, Math.min(until, router.sent() + ROUND));
            quiet = await(router, 0, until) <= 1 ? quiet + 1 : 0;
        }
        return quiet == QUIET_ROUNDS;
    }
}
