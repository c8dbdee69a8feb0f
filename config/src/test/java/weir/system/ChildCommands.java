package weir.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.config.run.JavaProcess;

/** Runs {@code weir} commands as child processes, with a bound. */
final class ChildCommands {
    private static final List<String> SMALL =
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
    private static final long BOUND_S = 40;

    private ChildCommands() {
    }

    /**
     * How a command ended.
     *
     * @param exitCode of the process
     * @param text     standard output and, after it, standard error; the last of each
     */
    record Ended(int exitCode, String text) {
    }

    static Ended run(final Path logDir, final Map<String, String> environment, final String... args)
        throws IOException {
        try (JavaProcess process = start(logDir, environment, args)) {
            if (!process.awaitEnd(BOUND_S)) {
                process.kill();
                throw new AssertionError("weir " + String.join(" ", args) + " did not end: " + process.tail());
            }
            return new Ended(process.exitCode(), process.tail());
        }
    }

    static JavaProcess start(final Path logDir, final Map<String, String> environment, final String... args)
        throws IOException {
        return JavaProcess.start(args[0] + '-' + System.nanoTime(), logDir, SMALL, "weir.cli.WeirMain",
            new ArrayList<>(List.of(args)), environment);
    }
}
