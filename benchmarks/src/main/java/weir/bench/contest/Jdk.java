package weir.bench.contest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Java installation.
 *
 * @param home  its directory
 * @param major feature release
 * @param name  implementor and version, as its release file says
 */
public record Jdk(Path home, int major, String name) {
    /** First release whose ZGC is generational without a flag. */
    public static final int GENERATIONAL_ZGC = 24;

    /**
     * The one this process runs on.
     *
     * @return from the system properties
     */
    public static Jdk current() {
        return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature(),
            System.getProperty("java.vm.vendor") + ' ' + System.getProperty("java.vm.version"));
    }

    /**
     * A JDK with generational ZGC: this one, one named by {@code WEIR_BENCH_JDK}, or the newest beside this one.
     *
     * @return empty when there is none
     * @throws IOException when the neighbours cannot be listed
     */
    public static Optional<Jdk> late() throws IOException {
        final String named = System.getenv("WEIR_BENCH_JDK");
        if (named != null) {
            return of(Path.of(named)).filter(jdk -> jdk.major >= GENERATIONAL_ZGC);
        }
        if (current().major >= GENERATIONAL_ZGC) {
            return Optional.of(current());
        }
        final List<Jdk> found = new ArrayList<>();
        final Path neighbours = current().home.toRealPath().getParent();
        if (neighbours != null) {
            try (Stream<Path> all = Files.list(neighbours)) {
                for (final Path home : all.toList()) {
                    of(home).ifPresent(found::add);
                }
            }
        }
        return found.stream().filter(jdk -> jdk.major >= GENERATIONAL_ZGC).max(Comparator.comparingInt(Jdk::major));
    }

    /** Reads the release file; empty where there is none or no {@code bin/java}. */
    static Optional<Jdk> of(final Path home) throws IOException {
        final Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return Optional.empty();
        }
        String version = "";
        String implementor = "";
        for (final String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=")) {
                version = line.substring(line.indexOf('=') + 1).replace("\"", "");
            } else if (line.startsWith("IMPLEMENTOR=")) {
                implementor = line.substring(line.indexOf('=') + 1).replace("\"", "");
            }
        }
        final String feature = version.replaceFirst("[.+-].*", "");
        return feature.matches("\\d{1,3}")
            ? Optional.of(new Jdk(home, Integer.parseInt(feature), (implementor + ' ' + version).strip()))
            : Optional.empty();
    }

    Path java() {
        return home.resolve("bin/java");
    }
}
