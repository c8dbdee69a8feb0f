package weir.system;

import static weir.system.InProcessCluster.SOON;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.sim.desk.DeskClient;

/**
 * Makes the class data archive that child JVMs of the tests start with (JEP 310): the classes that router, billing,
 * venue, Stripe and a desk loaded for one filled order, as they lie in the jars of the class path. A test that starts
 * twenty routers saves two seconds of a processor with each. Run by the build, with the JVM flags of a child.
 */
final class ChildArchive {
    private ChildArchive() {
    }

    public static void main(final String[] args) throws Exception {
        if (args.length == 0) {
            trade();
            System.exit(0); // threads of pools may still wait for their end
        }
        final Path archive = Path.of(args[0]);
        final Path list = archive.resolveSibling(archive.getFileName() + ".classes");
        final String classPath = System.getProperty("java.class.path");
        try {
            run("-XX:DumpLoadedClassList=" + list, "-cp", classPath, ChildArchive.class.getName());
            run("-Xshare:dump", "-Xlog:cds=off", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive,
                "-cp", jars(classPath));
        } catch (final IOException ex) {
            System.err.println("no archive, child JVMs start slowly: " + ex.getMessage());
        }
    }

    private static void trade() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.start()) {
            final DeskClient desk = cluster.desk("ALPHA1");
            desk.newOrder("a", "BTC-USD", '1', '2', '1', "0.1", "50000");
            desk.awaitStatus("a", '0', SOON);
            cluster.house("sell", "BTC-USD", "IOC", "50000 0.1");
            desk.awaitStatus("a", '2', SOON);
            cluster.settle();
        }
    }

    private static String jars(final String classPath) {
        return Stream.of(classPath.split(File.pathSeparator)).filter(entry -> entry.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    }

    private static void run(final String... args) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(args));
        final Path log = Files.createTempFile("weir-archive", ".log");
        final int code = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start()
            .waitFor();
        if (code != 0) {
            throw new IOException(args[0] + " ended with " + code + ": " + Files.readString(log));
        }
        Files.delete(log);
    }
}
