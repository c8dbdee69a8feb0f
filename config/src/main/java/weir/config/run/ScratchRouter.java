package weir.config.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.WeirConfig;
import weir.config.warmup.MadeUpDesk;
import weir.config.warmup.MadeUpVenue;
import weir.config.warmup.ScratchConfig;

/**
 * One life of the router of a warm-up, from its start to the deletion of all that it made, with both ends of its order
 * path. The ends are driven by the caller's thread, in each call.
 */
final class ScratchRouter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchRouter.class);
    private static final int WINDOW = 256;
    private static final long IDLE_NS = 20_000;
    private static final long LOGOUT_MS = 2_000;
    private static final long CLOSE_S = 30;
    private static final long NS_PER_MS = 1_000_000L;

    private final Path directory;
    private final MadeUpVenue venue = new MadeUpVenue();
    private long deadlineNs;
    private RouterRuntime router;
    private MadeUpDesk desk;

    private ScratchRouter(final Path directory, final long deadlineNs) throws IOException {
        this.directory = directory;
        this.deadlineNs = deadlineNs;
    }

    /**
     * Starts one, up to its first fill.
     *
     * @param config     what is about to run for real
     * @param directory  where it lives; what is there is deleted first
     * @param orders     that will be sent, all in all
     * @param deskRate   whether its desk has a rate class, or the desk's tenant
     * @param deadlineNs nano time after which nothing is waited for
     * @return trading
     * @throws Exception when a part does not start or the time is over; nothing is left then
     */
    static ScratchRouter start(final WeirConfig config, final Path directory, final int orders,
        final boolean deskRate, final long deadlineNs) throws Exception {
        IoUtil.delete(directory.toFile(), true);
        Files.createDirectories(directory);
        final ScratchRouter scratch = new ScratchRouter(directory, deadlineNs);
        boolean started = false;
        try {
            scratch.open(ScratchConfig.of(config, directory, orders, deskRate, scratch.venue.fixPort(),
                scratch.venue.restPort()));
            started = true;
            return scratch;
        } finally {
            if (!started) {
                scratch.close();
            }
        }
    }

    private void open(final ScratchConfig scratch) throws Exception {
        router = RouterRuntime.launchWarmUp(scratch.config(), scratch.secrets());
        await(venue::isLoggedOn, "the venue's logon");
        desk = new MadeUpDesk(router.fixPort(), ScratchConfig.DESK, ScratchConfig.ROUTER);
        desk.logOn(scratch.password());
        await(desk::isLoggedOn, "the desk's logon");
        while (desk.filled() == 0) { // until the engine has learnt that its venue is up
            requireTime("the first fill");
            single(NS_PER_MS);
        }
    }

    /**
     * Sends orders, as many at once as fit.
     *
     * @param until so many sent in this life
     * @throws IOException when an end of the path fails
     */
    void load(final long until) throws IOException {
        while (desk.ended() < until && !isLate()) {
            while (desk.sent() < until && desk.sent() - desk.ended() < WINDOW && desk.hasRoom()) {
                desk.order();
            }
            turn();
        }
    }

    /**
     * Sends one order, awaits its end, and leaves the router without work for a moment.
     *
     * @param pauseNs how long
     * @throws IOException when an end of the path fails
     */
    void single(final long pauseNs) throws IOException {
        desk.order();
        while (desk.ended() < desk.sent() && !isLate()) {
            turn();
        }
        LockSupport.parkNanos(pauseNs);
    }

    /** Orders sent in this life. */
    long sent() {
        return desk.sent();
    }

    /** Orders of this life that came to their end. */
    long ended() {
        return desk.ended();
    }

    /** Is the time over? */
    boolean isLate() {
        return System.nanoTime() - deadlineNs > 0;
    }

    private void await(final BooleanSupplier condition, final String what) throws IOException {
        while (!condition.getAsBoolean()) {
            requireTime(what);
            turn();
        }
    }

    private void requireTime(final String what) throws IOException {
        if (isLate()) {
            throw new IOException("no time left while waiting for " + what + (desk == null ? "" : ": "
                + desk.sent() + " orders sent, " + desk.ended() + " ended"));
        }
    }

    /** Both ends once; without work the processor is left to the router and the compiler. */
    private void turn() throws IOException {
        if (router.failure() != null) {
            throw new IOException("the router of the warm-up ended", router.failure());
        }
        if (venue.turn() + (desk == null ? 0 : desk.turn()) == 0) {
            LockSupport.parkNanos(IDLE_NS);
        }
    }

    /** Desk, router, venue, in this order, each with its logout; then all files. */
    @Override
    public void close() throws IOException {
        try {
            if (desk != null) {
                logOut();
                desk.close();
            }
        } finally {
            desk = null;
            try {
                closeRouter();
            } finally {
                venue.close();
            }
        }
        IoUtil.delete(directory.toFile(), true);
    }

    private void logOut() {
        deadlineNs = System.nanoTime() + LOGOUT_MS * NS_PER_MS;
        try {
            desk.logOut();
            await(desk::isLoggedOut, "the desk's logout");
        } catch (final IOException ex) {
            LOG.warn("the desk of the warm-up ended without its logout: {}", ex.toString());
        }
    }

    /** The router's logout at the venue is answered while it closes. */
    private void closeRouter() throws IOException {
        if (router == null) {
            return;
        }
        final Thread closer = new Thread(router::close, "weir-warm-up-close");
        closer.setDaemon(true);
        closer.start();
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_S);
        while (closer.isAlive()) {
            if (venue.turn() == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("the router of the warm-up does not close");
            }
        }
    }
}
