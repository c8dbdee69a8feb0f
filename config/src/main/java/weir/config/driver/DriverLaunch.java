package weir.config.driver;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import weir.config.failure.CommandFailure;
import weir.config.model.RouterSettings;

/**
 * A media driver with Weir's settings, in its directory, which it owns while it runs. Embedded in the router, or alone
 * in {@code weir driver}. Every option that is a time or a size is set here and taken from nowhere else.
 */
public final class DriverLaunch implements AutoCloseable {
    /** Of {@code sleeping}: shared memory passes no driver, and half a term lasts longer. */
    private static final int PAUSE_MS = 4;
    /**
     * Of a term, in records, after which it is told: an order's are 700 bytes, its messages on the fullest stream 900,
     * and a publisher may be half a term ahead.
     */
    private static final long MUCH_PARTS = 3;
    private static final long MUCH_WHOLE = 16;
    private static final long TIMER_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String MODE = "rwxrwx---";

    private final DriverDirectory directory;
    private final MediaDriver driver;
    private final DriverPause pause;
    private final boolean isIpc;

    private DriverLaunch(final DriverDirectory directory, final MediaDriver driver, final DriverPause pause,
        final boolean isIpc) {
        this.directory = directory;
        this.driver = driver;
        this.pause = pause;
        this.isIpc = isIpc;
    }

    /**
     * Takes the directory and starts a driver; one of this process dies with it.
     *
     * @param settings     the {@code aeron} section
     * @param path         its directory, resolved
     * @param neededBytes  room that the directory must have, see {@link DriverSpace}
     * @param errorHandler told what the driver's agents report
     * @return running driver, which removes the directory when it is closed
     * @throws CommandFailure with the code of what is in the way
     */
    public static DriverLaunch start(final RouterSettings.Aeron settings, final Path path, final long neededBytes,
        final ErrorHandler errorHandler) {
        final DriverDirectory directory = DriverDirectory.own(path, settings.driverTimeoutMs());
        MediaDriver driver = null;
        boolean complete = false;
        try {
            DriverSpace.check(path, neededBytes);
            final DriverPause pause = new DriverPause(PAUSE_MS,
                DriverSpace.termLength(settings.channel()) * MUCH_PARTS / MUCH_WHOLE);
            driver = MediaDriver.launch(context(settings, path, pause).errorHandler(errorHandler));
            // Who may trade over IPC belongs to the group; nobody else looks in.
            if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODE));
            }
            complete = true;
            return new DriverLaunch(directory, driver, pause, settings.channel().startsWith(CommonContext.IPC_CHANNEL));
        } catch (final IOException ex) {
            throw new CommandFailure("DRIVER_DIR", path + " cannot be used by a media driver: " + ex);
        } finally {
            if (!complete) {
                CloseHelper.quietCloseAll(driver, directory);
            }
        }
    }

    private static MediaDriver.Context context(final RouterSettings.Aeron settings, final Path path,
        final DriverPause pause) {
        final RouterSettings.Driver driver = settings.driver();
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(path.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .epochClock(DriverClock.STEADY)
            .driverTimeoutMs(settings.driverTimeoutMs())
            .timerIntervalNs(TIMER_NS)
            .clientLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(driver.clientTimeoutMs()))
            .publicationUnblockTimeoutNs(TimeUnit.MILLISECONDS.toNanos(driver.unblockMs()))
            .ipcTermBufferLength(DriverSpace.termLength(settings.channel()))
            .performStorageChecks(true)
            .asyncExecutorEnabled(false) // a thread that wakes a thousand times a second, for files made at start
            .termBufferSparseFile(!driver.preTouch());
        switch (driver.threading()) {
            case DEDICATED:
                return context.threadingMode(ThreadingMode.DEDICATED).conductorIdleStrategy(idle(driver.idle()))
                    .senderIdleStrategy(idle(driver.idle())).receiverIdleStrategy(idle(driver.idle()));
            case SHARED_NETWORK:
                return context.threadingMode(ThreadingMode.SHARED_NETWORK)
                    .conductorIdleStrategy(idle(driver.idle())).sharedNetworkIdleStrategy(idle(driver.idle()));
            default:
                return context.threadingMode(ThreadingMode.SHARED)
                    .sharedIdleStrategy(driver.idle() == RouterSettings.Idle.SLEEPING ? pause : idle(driver.idle()));
        }
    }

    private static IdleStrategy idle(final RouterSettings.Idle idle) {
        switch (idle) {
            case BUSY_SPIN:
                return new BusySpinIdleStrategy();
            case YIELDING:
                return new YieldingIdleStrategy();
            case BACKOFF:
                return new BackoffIdleStrategy();
            default:
                return new SleepingMillisIdleStrategy(PAUSE_MS);
        }
    }

    /**
     * The same settings as environment variables of Aeron's C driver, {@code aeronmd}.
     *
     * @param settings the {@code aeron} section
     * @param path     its directory, resolved
     * @return names and values, in a fixed order
     */
    public static Map<String, String> environmentOfCDriver(final RouterSettings.Aeron settings, final Path path) {
        final RouterSettings.Driver driver = settings.driver();
        final Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AERON_DIR", path.toString());
        variables.put("AERON_DIR_DELETE_ON_START", "true");
        variables.put("AERON_DIR_DELETE_ON_SHUTDOWN", "true");
        variables.put("AERON_THREADING_MODE", driver.threading().name());
        variables.put("AERON_DRIVER_TIMEOUT", Integer.toString(settings.driverTimeoutMs()));
        variables.put("AERON_TIMER_INTERVAL", Long.toString(TIMER_NS));
        variables.put("AERON_CLIENT_LIVENESS_TIMEOUT", nanos(driver.clientTimeoutMs()));
        variables.put("AERON_PUBLICATION_UNBLOCK_TIMEOUT", nanos(driver.unblockMs()));
        variables.put("AERON_IPC_TERM_BUFFER_LENGTH", Integer.toString(DriverSpace.termLength(settings.channel())));
        variables.put("AERON_PERFORM_STORAGE_CHECKS", "true");
        variables.put("AERON_TERM_BUFFER_SPARSE_FILE", Boolean.toString(!driver.preTouch()));
        for (final String agent : new String[] {"CONDUCTOR", "SENDER", "RECEIVER", "SHAREDNETWORK", "SHARED"}) {
            variables.put("AERON_" + agent + "_IDLE_STRATEGY", idleOfCDriver(driver.idle()));
        }
        return variables;
    }

    private static String nanos(final int ms) {
        return Long.toString(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private static String idleOfCDriver(final RouterSettings.Idle idle) {
        switch (idle) {
            case BUSY_SPIN:
                return "spin";
            case YIELDING:
                return "yield";
            case BACKOFF:
                return "backoff";
            default:
                return "sleep-ns";
        }
    }

    /**
     * From now on it is told what is published, so that it may sleep longer, {@link InStep}. Of the idle strategy
     * {@code sleeping} on one thread and of shared memory; any other stays as it is. A start asks for much one by one.
     */
    public void beTold() {
        pause.inStep(isIpc);
    }

    /**
     * Publishers have used some part of what their limits leave them. One thread; it does not block.
     *
     * @param position bytes of records written in all, by which what was published is estimated
     */
    public void onPublished(final long position) {
        pause.published(position);
    }

    @Override
    public void close() {
        pause.inStep(false);
        try {
            driver.close();
        } finally {
            directory.close();
        }
    }
}
