package weir.billing.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of this JVM's own: made by initdb in a directory of its own on the first use, on a loopback port
 * and with a password, gone with the JVM however that ends (a shell that waits for the end of its input stops it). One
 * database per test. A server does not run as root; then it is {@code postgres} or {@code nobody} who runs it.
 */
public final class PostgresServer {
    private static final String PASSWORD = "weir-test";
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static PostgresServer running;

    private final Path bin;
    private final Path dir;
    private final int port;
    private final Process process;

    private PostgresServer(final Path bin) throws IOException, InterruptedException {
        this.bin = bin;
        final Path shm = Path.of("/dev/shm");
        dir = Files.isWritable(shm) ? Files.createTempDirectory(shm, "weir-postgres-")
            : Files.createTempDirectory("weir-postgres-");
        final List<String> user = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            final List<String[]> users = Files.readString(Path.of("/etc/passwd")).lines()
                .map(line -> line.split(":")).toList();
            final String[] who = users.stream().filter(one -> "postgres".equals(one[0])).findFirst()
                .orElseGet(() -> users.stream().filter(one -> "nobody".equals(one[0])).findFirst().orElseThrow());
            Files.setOwner(dir, dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(who[0]));
            user.addAll(List.of("setpriv", "--reuid=" + who[2], "--regid=" + who[3], "--clear-groups"));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        final Path script = Files.writeString(dir.resolve("run.sh"), script());
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        final List<String> command = new ArrayList<>(user);
        command.addAll(List.of("/bin/sh", script.toString()));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(dir.resolve("server.log").toFile()).directory(dir.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "postgres-stop"));
        awaitReady();
    }

    private String script() {
        return """
            set -e
            echo %1$s > pw
            %2$s/initdb -D data -U weir -E UTF8 --locale=C --auth=scram-sha-256 --pwfile=pw --no-sync --no-instructions
            %2$s/postgres -D data -p %3$d -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
            -c shared_buffers=8MB \
            -c max_connections=60 -c autovacuum=off -c max_wal_size=128MB -c logging_collector=off -c jit=off \
            -c max_worker_processes=0 -c max_parallel_workers=0 -c wal_level=minimal -c max_wal_senders=0 &
            server=$!
            cat >/dev/null
            kill -QUIT $server
            wait $server || true
            rm -rf "$PWD"
            """.formatted(PASSWORD, bin, port);
    }

    private void awaitReady() throws InterruptedException {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        SQLException last = null;
        while (System.nanoTime() < deadlineNs && process.isAlive()) {
            try (Connection ready = DriverManager.getConnection(url("postgres"))) {
                if (ready.isValid(5)) {
                    return;
                }
            } catch (final SQLException ex) {
                last = ex;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no PostgreSQL: " + last + "\n" + log());
    }

    private String log() {
        try {
            return Files.readString(dir.resolve("server.log"));
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    private void stop() {
        try {
            process.getOutputStream().close();
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (final IOException | InterruptedException ex) {
            process.destroyForcibly();
        }
    }

    private String url(final String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=weir&password=" + PASSWORD;
    }

    private void execute(final String sql) {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
            Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (final SQLException ex) {
            throw new AssertionError(sql + ": " + ex.getMessage() + "\n" + log(), ex);
        }
    }

    private static Path binaries() {
        final List<Path> places = new ArrayList<>();
        try (Stream<Path> versions = Files.isDirectory(Path.of("/usr/lib/postgresql"))
            ? Files.list(Path.of("/usr/lib/postgresql")) : Stream.empty()) {
            versions.map(version -> version.resolve("bin")).forEach(places::add);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        for (final String place : System.getenv("PATH").split(":")) {
            places.add(Path.of(place));
        }
        return places.stream().filter(place -> Files.isExecutable(place.resolve("initdb"))
            && Files.isExecutable(place.resolve("postgres"))).findFirst().orElse(null);
    }

    private static synchronized PostgresServer running() {
        if (running == null) {
            final Path bin = binaries();
            Assumptions.assumeTrue(bin != null, "PostgreSQL is not installed: initdb is neither in "
                + "/usr/lib/postgresql/*/bin nor in PATH");
            try {
                running = new PostgresServer(bin);
            } catch (final IOException | InterruptedException ex) {
                throw new AssertionError(ex);
            }
        }
        return running;
    }

    /** Makes an empty database. @return its name */
    public static String create() {
        final PostgresServer server = running();
        final String name = "weir" + DATABASES.incrementAndGet();
        server.execute("CREATE DATABASE " + name + " TEMPLATE template0");
        return name;
    }

    /** JDBC URL of a database, with its password. */
    public static String jdbcUrl(final String database) {
        return running().url(database);
    }

    /** Ends a database and all sessions on it. */
    public static void drop(final String database) {
        running().execute("DROP DATABASE " + database + " WITH (FORCE)");
    }

    /** Ends all sessions of a database, as a server that is stopped would. */
    public static void cut(final String database) {
        running().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
    }
}
