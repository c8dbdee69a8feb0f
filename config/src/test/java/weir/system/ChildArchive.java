package weir.system;

import static weir.system.InProcessCluster.SOON;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.sim.desk.DeskClient;

/**
 * Makes the class data archive that child JVMs of the tests start with (JEP 310): the classes that router, billing,
 * venue, Stripe and a desk loaded for one filled order, as they lie in the jars of the class path. A test that starts
 * twenty routers saves two seconds of a processor with each. Run by the build, with the JVM flags of a child; nothing
 * but that time depends on it.
 */
final class ChildArchive {
    private static final Logger LOG = LoggerFactory.getLogger(ChildArchive.class);
    private static final int TIMEOUT_S = 120;

    private ChildArchive() {
    }

    public static void main(final String[] args) throws Exception {
        if (args.length == 0) {
            tradeAndExit();
            return;
        }
        final Path archive = Path.of(args[0]);
        final Path list = archive.resolveSibling(archive.getFileName() + ".classes");
        final String classPath = System.getProperty("java.class.path");
        final List<String> jars = Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar")).toList();
        if (isNewer(archive, jars)) {
            return;
        }
        run("-XX:DumpLoadedClassList=" + list, "-cp", classPath, ChildArchive.class.getName());
        run("-Xshare:dump", "-Xlog:cds=off", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive,
            "-cp", String.join(File.pathSeparator, jars));
    }

    /** By exit: threads of pools may still wait for their end. */
    private static void tradeAndExit() {
        try (InProcessCluster cluster = InProcessCluster.start()) {
            final DeskClient desk = cluster.desk("ALPHA1");
            desk.newOrder("a", "BTC-USD", '1', '2', '1', "0.1", "50000");
            desk.awaitStatus("a", '0', SOON);
            cluster.house("sell", "BTC-USD", "IOC", "50000 0.1");
            desk.awaitStatus("a", '2', SOON);
            cluster.settle();
        } catch (final Exception | Error ex) {
            LOG.error("not traded", ex);
            System.exit(1);
        }
        System.exit(0);
    }

    private static boolean isNewer(final Path archive, final List<String> jars) throws IOException {
        if (!Files.exists(archive)) {
            return false;
        }
        for (final String jar : jars) {
            if (Files.getLastModifiedTime(Path.of(jar)).compareTo(Files.getLastModifiedTime(archive)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static void run(final String... args) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(args));
        final Path log = Files.createTempFile("weir-archive", ".log");
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
            .start();
        if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(args[0] + " did not end: " + Files.readString(log));
        }
        if (process.exitValue() != 0) {
            throw new IOException(args[0] + " ended with " + process.exitValue() + ": " + Files.readString(log));
        }
        Files.delete(log);
    }
}
