package weir.config.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import weir.cli.CommandActions.BenchOptions;
import weir.cli.WeirVersion;
import weir.config.failure.CommandFailure;

/**
 * {@code weir bench}: the benchmarks are a module that nothing depends on, so they run as a process on their own class
 * path, found beside the launcher.
 */
final class BenchAction {
    private static final String MAIN = "weir.bench.BenchMain";

    private BenchAction() {
    }

    static int run(final BenchOptions options) throws IOException, InterruptedException {
        final Path target = Path.of(System.getProperty("weir.home", "."), "benchmarks", "target");
        final Path jar = target.resolve("weir-benchmarks-" + WeirVersion.number() + ".jar");
        if (Boolean.getBoolean("weir.installed")) {
            throw new CommandFailure("BENCH_NOT_INSTALLED",
                "benchmarks are no part of the package; run ./weir bench in the source tree");
        }
        if (!Files.exists(jar)) {
            throw new CommandFailure("BENCH_NOT_BUILT", jar + " is missing; run: mvn -DskipTests package");
        }
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        final List<String> flags = JavaProcess.inheritedFlags();
        command.addAll(flags);
        command.add("-Xmx2g");
        command.add("-Dweir.home=" + System.getProperty("weir.home", "."));
        command.add("-cp");
        command.add(jar + File.pathSeparator + target.resolve("lib") + File.separator + "*");
        command.add(MAIN);
        if (options.jmh().isPresent()) {
            command.addAll(List.of("--jmh", options.jmh().get(), "-f", "1", "-prof", "gc",
                "-jvmArgsAppend", String.join(" ", flags)));
        } else {
            command.addAll(options.arguments());
        }
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
