package weir.config.driver;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.failure.CommandFailure;

/**
 * Waits for a media driver of another process. A driver is alive when a second sign of life follows a first: the file
 * of one that was killed a moment ago still shows a young sign, and a client would connect to nobody.
 */
public final class DriverWait {
    private static final Logger LOG = LoggerFactory.getLogger(DriverWait.class);
    private static final long LOOK_MS = 20;
    private static final long TELL_NS = TimeUnit.SECONDS.toNanos(10);

    private DriverWait() {
    }

    /**
     * Looks for a driver that gave a sign of life not long ago.
     *
     * @param directory aeron.dir
     * @param silenceMs after which it counts as dead
     * @return whether there is one
     */
    public static boolean isAlive(final Path directory, final long silenceMs) {
        final DriverSign sign = DriverSign.tryRead(directory);
        return sign != null && sign.heartbeatMs() > 0
            && DriverClock.of(sign.startMs()).time() - sign.heartbeatMs() <= silenceMs;
    }

    /**
     * Waits until a driver is alive.
     *
     * @param directory aeron.dir
     * @param maxMs     bound
     * @param stopped   ends the wait early
     * @return false when it was stopped
     * @throws CommandFailure       DRIVER_UNAVAILABLE after {@code maxMs}
     * @throws InterruptedException when the caller is interrupted
     */
    public static boolean await(final Path directory, final long maxMs, final BooleanSupplier stopped)
        throws InterruptedException {
        final long startNs = System.nanoTime();
        final long deadlineNs = startNs + TimeUnit.MILLISECONDS.toNanos(maxMs);
        long tellNs = startNs + TELL_NS / 2;
        DriverSign first = DriverSign.tryRead(directory);
        while (!stopped.getAsBoolean()) {
            final DriverSign now = DriverSign.tryRead(directory);
            if (now != null && first != null && now.livesAfter(first)) {
                return true;
            }
            if (first == null || now == null || now.startMs() != first.startMs() || now.pid() != first.pid()) {
                first = now;
            }
            final long nowNs = System.nanoTime();
            if (nowNs - deadlineNs >= 0) {
                throw new CommandFailure("DRIVER_UNAVAILABLE", "no media driver is alive in " + directory + " after "
                    + maxMs + " ms; start one (weir driver, or aeronmd), or set aeron.embeddedDriver: true");
            }
            if (nowNs - tellNs >= 0) {
                tellNs = nowNs + TELL_NS;
                LOG.warn("waiting for a media driver in {}", directory);
            }
            Thread.sleep(LOOK_MS);
        }
        return false;
    }
}
