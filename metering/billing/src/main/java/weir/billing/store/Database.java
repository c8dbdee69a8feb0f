package weir.billing.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.protocol.CrashPoint;

/**
 * One connection, one open transaction. SQLite runs in WAL mode with {@code synchronous=FULL}: a commit is on disk when
 * it returns, because a batch marked SENT before its call and a cut made on request cannot be derived again
 * from the journal; one sync covers up to thousands of records, so it costs little. A lock file beside the database
 * keeps a second billing process out and is released by the kernel. Billing thread only.
 */
public final class Database implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";
    private static final int SQLITE_BUSY = 5;
    private static final long BUSY_PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long BUSY_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final boolean sqlite;
    private boolean begun;

    private Database(final Connection connection, final boolean sqlite, final FileChannel lockChannel,
        final FileLock lock) {
        this.connection = connection;
        this.sqlite = sqlite;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /**
     * Opens for writing, takes the lock, brings the schema up to date.
     *
     * @param jdbcUrl {@code jdbc:sqlite:/path/to/file}
     * @param nowMs   wall clock
     * @return the database
     * @throws BillingException ALREADY_RUNNING, SCHEMA_MISMATCH, DATABASE
     */
    public static Database open(final String jdbcUrl, final long nowMs) {
        FileChannel channel = null;
        FileLock held = null;
        boolean opened = false;
        try {
            if (jdbcUrl.startsWith(SQLITE)) {
                final Path file = Path.of(jdbcUrl.substring(SQLITE.length())).toAbsolutePath();
                Files.createDirectories(file.getParent());
                channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                held = tryLock(channel);
                if (held == null) {
                    throw new BillingException(BillingError.ALREADY_RUNNING, "another billing process holds " + file);
                }
            }
            final Database database = connect(jdbcUrl, nowMs, channel, held);
            opened = true;
            return database;
        } catch (final SQLException | IOException ex) {
            throw new BillingException(BillingError.DATABASE, "cannot open " + jdbcUrl + ": " + ex.getMessage(), ex);
        } finally {
            if (!opened) {
                CloseHelper.quietClose(channel);
            }
        }
    }

    /**
     * Opens a second connection that writes short transactions beside a running billing process: what an operator
     * orders. It takes no lock file.
     *
     * @param jdbcUrl of the database, which is made when there is none
     * @param nowMs   wall clock
     * @return the database
     * @throws BillingException SCHEMA_MISMATCH, DATABASE
     */
    public static Database openBeside(final String jdbcUrl, final long nowMs) {
        try {
            if (jdbcUrl.startsWith(SQLITE)) {
                Files.createDirectories(Path.of(jdbcUrl.substring(SQLITE.length())).toAbsolutePath().getParent());
            }
            return connect(jdbcUrl, nowMs, null, null);
        } catch (final SQLException | IOException ex) {
            throw new BillingException(BillingError.DATABASE, "cannot open " + jdbcUrl + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Two processes may make a new database at once: the change to WAL and the first migration want the file alone, and
     * SQLite answers busy there without waiting. Each attempt has a connection of its own.
     */
    private static Database connect(final String jdbcUrl, final long nowMs, final FileChannel channel,
        final FileLock held) throws SQLException {
        final long startNs = System.nanoTime();
        while (true) {
            final boolean sqlite = jdbcUrl.startsWith(SQLITE);
            final Database database = new Database(DriverManager.getConnection(jdbcUrl), sqlite, channel, held);
            boolean ready = false;
            try {
                database.prepare(jdbcUrl);
                Migrations.run(database.connection, nowMs);
                database.connection.setAutoCommit(sqlite);
                ready = true;
                return database;
            } catch (final SQLException ex) {
                if (!sqlite || ex.getErrorCode() != SQLITE_BUSY || System.nanoTime() - startNs > BUSY_PATIENCE_NS) {
                    throw ex;
                }
                LockSupport.parkNanos(BUSY_PAUSE_NS);
            } finally {
                if (!ready) {
                    database.connection.close();
                }
            }
        }
    }

    /**
     * Opens a second connection for reading, beside a running billing process.
     *
     * @param jdbcUrl of the database
     * @return connection; close it
     */
    public static Connection openForReading(final String jdbcUrl) {
        if (jdbcUrl.startsWith(SQLITE) && !Files.exists(Path.of(jdbcUrl.substring(SQLITE.length())))) {
            throw new BillingException(BillingError.DATABASE, "there is no database at " + jdbcUrl);
        }
        try {
            final Connection connection = DriverManager.getConnection(jdbcUrl);
            if (jdbcUrl.startsWith(SQLITE)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA busy_timeout=5000");
                    statement.execute("PRAGMA query_only=ON");
                }
            }
            // one read transaction, so that the report is of one moment
            connection.setAutoCommit(false);
            return connection;
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, "cannot read " + jdbcUrl + ": " + ex.getMessage(), ex);
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException ex) {
            return null;
        }
    }

    private void prepare(final String jdbcUrl) throws SQLException {
        if (jdbcUrl.startsWith(SQLITE)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=10000");
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=FULL");
                statement.execute("PRAGMA wal_autocheckpoint=1000");
            }
        }
        connection.setAutoCommit(false);
    }

    /**
     * Statement of a text, prepared once.
     *
     * @param sql text
     * @return statement; the caller does not close it
     */
    PreparedStatement statement(final String sql) {
        begin();
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            try {
                statement = connection.prepareStatement(sql);
            } catch (final SQLException ex) {
                throw failed(ex);
            }
            statements.put(sql, statement);
        }
        return statement;
    }

    /**
     * In SQLite a transaction that read first and writes later fails when another connection wrote in between, and the
     * driver begins one as soon as the last has ended: so each is begun here, when there is work, with the write lock.
     */
    private void begin() {
        if (sqlite && !begun) {
            execute("BEGIN IMMEDIATE");
            begun = true;
        }
    }

    private void end(final String how) {
        if (begun) {
            begun = false;
            execute(how);
        }
    }

    private void execute(final String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }

    /** Ends the transaction: position and effects become true together. */
    public void commit() {
        CrashPoint.hit(CrashPoint.BEFORE_SQLITE_COMMIT);
        if (sqlite) {
            end("COMMIT");
            return;
        }
        try {
            connection.commit();
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }

    /** Lets other connections write: ends the transaction of a duty cycle that has committed all it wrote. */
    public void rest() {
        rollback();
    }

    /** Drops what was not committed. */
    public void rollback() {
        if (sqlite) {
            end("ROLLBACK");
            return;
        }
        try {
            connection.rollback();
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }

    static BillingException failed(final SQLException ex) {
        return new BillingException(BillingError.DATABASE, ex.getMessage(), ex);
    }

    @Override
    public void close() {
        try {
            connection.close();
            if (lock != null) {
                lock.release();
                lockChannel.close();
            }
        } catch (final SQLException ex) {
            throw failed(ex);
        } catch (final IOException ex) {
            throw new BillingException(BillingError.DATABASE, "lock: " + ex.getMessage(), ex);
        }
    }
}
