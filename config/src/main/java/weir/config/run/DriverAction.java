package weir.config.run;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.driver.DriverLaunch;
import weir.config.driver.DriverSpace;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;

/** A media driver of its own process; routers and clients come and go beside it. */
final class DriverAction {
    private static final Logger LOG = LoggerFactory.getLogger(DriverAction.class);

    private DriverAction() {
    }

    /** Runs until SIGTERM or a failure; prints READY and STOPPED lines. */
    static int run(final CommandActions.DriverOptions options, final Output ignored) throws Exception {
        final WeirConfig config = Configs.load(options.config(), System.getenv());
        final Path directory = config.router().resolve(config.router().aeron().dir());
        if (options.environmentOfCDriver()) {
            DriverLaunch.environmentOfCDriver(config.router().aeron(), directory)
                .forEach((name, value) -> Actions.ready(System.out, name + '=' + value));
            return ExitCodes.OK;
        }
        final CountDownLatch ended = new CountDownLatch(1);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final DriverLaunch driver = DriverLaunch.start(config.router().aeron(), directory,
            DriverSpace.neededBytes(config), error -> {
                LOG.error("media driver", error);
                if (error instanceof Error) {
                    failure.compareAndSet(null, error);
                    ended.countDown();
                }
            });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            driver.close();
            Actions.ready(System.out, "STOPPED driver");
            ended.countDown();
        }, "driver-stop"));
        Actions.ready(System.out, "READY driver dir=" + directory);
        ended.await();
        if (failure.get() != null) {
            throw new CommandFailure("DRIVER_FAILED", failure.get().toString());
        }
        return ExitCodes.OK;
    }
}
