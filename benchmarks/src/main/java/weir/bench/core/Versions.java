package weir.bench.core;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.bench.contest.LineUp;
import weir.bench.figures.Figures;

/**
 * This version against another one that is built elsewhere, in turns in one thread of one process, each with classes
 * of its own: the path of P8, and the life of an order in the core. {@code ./weir bench --against <checkout>}. Each
 * start has fresh classes, since what the compiler makes of a path differs from time to time.
 */
public final class Versions {
    private static final int ROUNDS = 6;
    private static final int STARTS = 3;
    private static final int CL_ORD_IDS = 1 << 20;
    private static final int BATCH = 64;

    private Versions() {
    }

    /**
     * Runs in a JVM of its own with the flags of the router on one thread; what it prints is this process's output.
     *
     * @param other checkout of the other version, built
     * @param here  checkout of this one
     * @return exit code
     * @throws IOException          when it cannot be started
     * @throws InterruptedException when waiting for it is ended
     */
    public static int start(final Path other, final Path here) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LineUp.moduleFlags());
        command.add("@" + here.resolve("config/jvm/router-one-thread.options"));
        command.addAll(List.of("-Xms1g", "-Xmx4g", "-cp", System.getProperty("java.class.path"),
            Versions.class.getName(), other.toString(), here.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /**
     * Compares and prints.
     *
     * @param args checkout of the other version, checkout of this one
     * @throws IOException when a version is not built
     */
    public static void main(final String[] args) throws IOException {
        final Path other = Path.of(args[0]);
        final Path here = Path.of(args[1]);
        final List<Double> paths = new ArrayList<>();
        final List<Double> lives = new ArrayList<>();
        for (int start = 0; start < STARTS; start++) {
            try (URLClassLoader before = loader(other); URLClassLoader now = loader(here)) {
                paths.add(duel("FIX bytes to FIX bytes (P8)", path(now), path(before)));
                lives.add(duel("an order's life in the core", life(now), life(before)));
            }
        }
        System.out.println(String.format(Locale.ROOT, "median of %d starts: FIX bytes to FIX bytes %.3fx, an order's "
            + "life %.3fx", STARTS, median(paths), median(lives)));
    }

    private static double median(final List<Double> values) {
        return Figures.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double duel(final String what, final Work now, final Work before) {
        final Duel.Result result = new Duel(ROUNDS, 2_000, 500).run(now, before);
        final double ratio = Figures.pairedRatio(result.ownNs(), result.peerNs());
        System.out.println(String.format(Locale.ROOT, "%s: %.0f ns, before %.0f ns, paired ratio %.3fx", what,
            Figures.median(result.ownNs()), Figures.median(result.peerNs()), ratio));
        return ratio;
    }

    private static URLClassLoader loader(final Path checkout) throws IOException {
        final Path target = checkout.resolve("benchmarks").resolve("target");
        final List<URL> urls = new ArrayList<>();
        if (!Files.isDirectory(target.resolve("lib"))) {
            throw new IOException(checkout + " is not built: no " + target.resolve("lib"));
        }
        urls.add(target.resolve("classes").toUri().toURL());
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target.resolve("lib"), "*.jar")) {
            for (final Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    /** A batch of 64 orders, timed by itself. */
    private static Work path(final ClassLoader loader) {
        try {
            final Class<?> type = loader.loadClass(FixPaths.class.getName());
            final MethodHandle batch = MethodHandles.publicLookup().findVirtual(type, "weir",
                MethodType.methodType(long.class)).bindTo(type.getConstructor().newInstance());
            return times -> {
                long ns = 0;
                for (int i = 0; i < times; i += BATCH) {
                    ns += call(batch);
                }
                return ns;
            };
        } catch (final ReflectiveOperationException ex) {
            throw new IllegalStateException("the version has no " + FixPaths.class.getName(), ex);
        }
    }

    private static Work life(final ClassLoader loader) {
        try {
            final Class<?> type = loader.loadClass(CoreFixture.class.getName());
            final MethodHandle order = MethodHandles.publicLookup().findVirtual(type, "roundTrip",
                MethodType.methodType(long.class)).bindTo(type.getConstructor(int.class).newInstance(CL_ORD_IDS));
            final Work.Whole life = () -> call(order);
            return life;
        } catch (final ReflectiveOperationException ex) {
            throw new IllegalStateException("the version has no " + CoreFixture.class.getName(), ex);
        }
    }

    private static long call(final MethodHandle handle) {
        try {
            return (long)handle.invokeExact();
        } catch (final RuntimeException | Error ex) {
            throw ex;
        } catch (final Throwable ex) {
            throw new IllegalStateException(ex);
        }
    }
}
