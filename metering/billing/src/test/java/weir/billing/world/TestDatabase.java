package weir.billing.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** An empty database of one test, on SQLite or PostgreSQL, and a directory in shared memory. */
public final class TestDatabase implements AutoCloseable {
    private final Path dir;
    private final String postgres;

    public TestDatabase(final Store store) {
        postgres = store == Store.POSTGRESQL ? PostgresServer.create() : null;
        try {
            final Path shm = Path.of("/dev/shm");
            dir = Files.isWritable(shm) ? Files.createTempDirectory(shm, "weir-billing-test-")
                : Files.createTempDirectory("weir-billing-test-");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** For files of the test. */
    public Path dir() {
        return dir;
    }

    /** Where the database is, with its password. */
    public String jdbcUrl() {
        return postgres == null ? "jdbc:sqlite:" + dir.resolve("billing.db") : PostgresServer.jdbcUrl(postgres);
    }

    /** Ends the sessions of the database, as a PostgreSQL server does that is stopped. */
    public void cutSessions() {
        PostgresServer.cut(postgres);
    }

    @Override
    public void close() {
        if (postgres != null) {
            PostgresServer.drop(postgres);
        }
        try (Stream<Path> files = Files.walk(dir)) {
            final List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (final Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
