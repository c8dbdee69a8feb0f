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
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.agrona.CloseHelper;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * A file of SQLite in WAL mode with {@code synchronous=FULL}: a commit is on disk when it returns. A lock file beside
 * the database keeps a second billing process out and is released by the kernel.
 */
final class SqliteEngine implements Engine {
    private static final int BUSY = 5;

    private final JdbcUrl url;

    SqliteEngine(final JdbcUrl url) {
        this.url = url;
    }

    @Override
    public Connection connectForWriting() throws SQLException {
        try {
            Files.createDirectories(url.file().getParent());
        } catch (final IOException ex) {
            throw new SQLException("directory of " + url + ": " + ex.getMessage(), ex);
        }
        final Properties properties = new Properties();
        // else the driver asks for the row id after each INSERT, by a statement prepared anew
        properties.setProperty("jdbc.get_generated_keys", "false");
        final Connection connection = DriverManager.getConnection(url.bare(), properties);
        boolean ready = false;
        try {
            execute(connection, "PRAGMA busy_timeout=10000");
            execute(connection, "PRAGMA journal_mode=WAL");
            execute(connection, "PRAGMA synchronous=FULL");
            execute(connection, "PRAGMA wal_autocheckpoint=1000");
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    @Override
    public Connection connectForReading() throws SQLException {
        if (!Files.exists(url.file())) {
            throw new BillingException(BillingError.DATABASE, "there is no database at " + url);
        }
        final Connection connection = DriverManager.getConnection(url.bare());
        execute(connection, "PRAGMA busy_timeout=5000");
        execute(connection, "PRAGMA query_only=ON");
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Claim claim(final Connection connection) throws SQLException {
        final Path file = url.file();
        FileChannel channel = null;
        FileLock held = null;
        try {
            channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
            held = tryLock(channel);
        } catch (final IOException ex) {
            throw new SQLException("lock of " + url + ": " + ex.getMessage(), ex);
        } finally {
            if (held == null) {
                CloseHelper.quietClose(channel);
            }
        }
        if (held == null) {
            throw new BillingException(BillingError.ALREADY_RUNNING, "another billing process holds " + file);
        }
        final FileChannel open = channel;
        return () -> CloseHelper.quietClose(open);
    }

    @Override
    public void close(final Connection connection, final Claim claim) throws SQLException {
        connection.close();
        if (claim != null) {
            claim.release();
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException ex) {
            return null;
        }
    }

    @Override
    public void migrating(final Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    @Override
    public void migrated(final Connection connection) throws SQLException {
        connection.setAutoCommit(true);
    }

    /**
     * A transaction that read first and writes later fails when another connection wrote in between, and the driver
     * begins one as soon as the last has ended: so each is begun here, when there is work, with the write lock.
     */
    @Override
    public void begin(final Connection connection) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(final Connection connection) throws SQLException {
        execute(connection, "COMMIT");
    }

    @Override
    public void rollback(final Connection connection) throws SQLException {
        execute(connection, "ROLLBACK");
    }

    /** The change to WAL and the first migration want the file alone, and SQLite answers busy there without waiting. */
    @Override
    public boolean isBusy(final SQLException failure) {
        return failure.getErrorCode() == BUSY;
    }

    @Override
    public boolean isLost(final SQLException failure) {
        return false;
    }

    private static void execute(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
