package weir.bench.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Directories of a run; they are gone after it, also when it is interrupted. */
final class Scratch {
    private static final long CHILDREN_END_NS = 500_000_000L;
    private static final int ATTEMPTS = 4;

    private final List<Path> directories = new CopyOnWriteArrayList<>();

    Scratch() {
        final Thread hook = new Thread(this::deleteAll, "delete-scratch");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path make(final Path parent) throws IOException {
        final Path directory = Files.createTempDirectory(parent, "weir-bench-");
        directories.add(directory);
        return directory;
    }

    void delete(final Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        directories.remove(directory);
    }

    private void deleteAll() {
        for (int attempt = 1; attempt <= ATTEMPTS && !directories.isEmpty(); attempt++) {
            LockSupport.parkNanos(CHILDREN_END_NS); // their own hooks kill them meanwhile
            for (final Path directory : directories) {
                try {
                    delete(directory);
                } catch (final IOException | UncheckedIOException ex) {
                    if (attempt == ATTEMPTS) {
                        System.err.println("bench: " + directory + " is left behind: " + ex.getMessage());
                    }
                }
            }
        }
    }
}
