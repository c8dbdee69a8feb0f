package weir.config.driver;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Starts media drivers with Weir's settings. */
public final class DriverLaunch {
    private DriverLaunch() {
    }

    /**
     * A driver in this process; it dies with it.
     *
     * @param directory    aeron.dir
     * @param errorHandler told what the driver's agents report
     * @return running driver, which removes the directory when it is closed
     */
    public static MediaDriver embedded(final Path directory, final ErrorHandler errorHandler) {
        return MediaDriver.launch(new MediaDriver.Context()
            .aeronDirectoryName(directory.toString())
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .errorHandler(errorHandler));
    }
}
