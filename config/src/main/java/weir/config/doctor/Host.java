package weir.config.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The host as checks see it. Tests put directories of their own in place of /proc and /sys.
 *
 * @param proc         /proc
 * @param sys          /sys
 * @param run          /run
 * @param jvm          directory with the {@code *.options} files
 * @param space        space of the file system that holds a path, which exists
 * @param command      runs a tool; empty when there is none, it fails or takes too long
 * @param wallMs       epoch milliseconds
 * @param monotonicNs  monotonic nanoseconds
 * @param cores        processors
 */
record Host(Path proc, Path sys, Path run, Path jvm, Function<Path, Space> space,
    Function<List<String>, Optional<String>> command, LongSupplier wallMs, LongSupplier monotonicNs, int cores) {
    private static final int COMMAND_TIMEOUT_S = 10;

    /**
     * Space of a file system.
     *
     * @param type        kind, such as tmpfs
     * @param totalBytes  size
     * @param usableBytes free for this user
     */
    record Space(String type, long totalBytes, long usableBytes) {
    }

    /** The host that this process runs on. */
    static Host real() {
        final Path home = Path.of(System.getProperty("weir.home", "."));
        return new Host(Path.of("/proc"), Path.of("/sys"), Path.of("/run"),
            home.resolve(Boolean.getBoolean("weir.installed") ? "jvm" : "config/target/jvm"), Host::spaceOf, Host::run,
            System::currentTimeMillis, System::nanoTime, Runtime.getRuntime().availableProcessors());
    }

    private static Space spaceOf(final Path path) {
        try {
            final FileStore store = Files.getFileStore(path);
            return new Space(store.type(), store.getTotalSpace(), store.getUsableSpace());
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Optional<String> run(final List<String> command) {
        try {
            final Path out = Files.createTempFile("weir-doctor", ".out");
            try {
                final Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(out.toFile()).start();
                process.getOutputStream().close();
                if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                final String text = Files.readString(out, StandardCharsets.UTF_8);
                return process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
            } finally {
                Files.deleteIfExists(out);
            }
        } catch (final IOException ex) {
            return Optional.empty();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A file of /proc or /sys, stripped; empty when it is not there or may not be read. */
    static Optional<String> text(final Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (final IOException ex) {
            return Optional.empty();
        }
    }

    /** The path itself, or the nearest directory above it that exists. */
    static Path existing(final Path path) {
        Path at = path.toAbsolutePath().normalize();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** Arguments that this JVM was started with. */
    static List<String> jvmArguments() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** {@code 1.5 GiB}. */
    static String bytes(final long value) {
        if (value >= 1L << 30) {
            return Math.round(value / (double) (1L << 30) * 10) / 10.0 + " GiB";
        }
        return Math.round(value / (double) (1L << 20) * 10) / 10.0 + " MiB";
    }
}
