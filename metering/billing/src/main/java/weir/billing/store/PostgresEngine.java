package weir.billing.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * A schema of a PostgreSQL server. Writers take turns by an advisory lock that each transaction takes first, as those
 * of SQLite do: with READ COMMITTED every statement then sees all that was committed before the transaction, nothing
 * changes under it, and there is no serialization failure to try again. The billing process holds a second advisory
 * lock for as long as its session lives; all its work goes through that session, so that it cannot work without the
 * lock. Advisory locks are those of "Explicit Locking" in PostgreSQL's manual, chapter 13.3.5.
 */
final class PostgresEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresEngine.class);
    private static final int VERSION_MIN = 130_000;
    private static final int VERSION_IDLE_SESSION = 140_000;
    private static final long CLAIM_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long CLAIM_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int OWNER = 0x57454901;
    private static final int WRITER = 0x57454902;
    private static final int SCHEMA = 0x57454903;

    private final JdbcUrl url;
    private int schemaKey;
    private int session;

    PostgresEngine(final JdbcUrl url) {
        this.url = url;
    }

    private Connection connect(final String name, final String idleInTransaction) throws SQLException {
        final Properties properties = url.properties();
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "15");
        // above statement_timeout: a server that answers late says so itself
        properties.setProperty("socketTimeout", "150");
        properties.setProperty("tcpKeepAlive", "true");
        final Connection connection = DriverManager.getConnection(url.bare(), properties);
        boolean ready = false;
        try {
            prepare(connection, idleInTransaction);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    private void prepare(final Connection connection, final String idleInTransaction) throws SQLException {
        final int version = Integer.parseInt(text(connection, "SHOW server_version_num"));
        if (version < VERSION_MIN) {
            throw new BillingException(BillingError.DATABASE, "PostgreSQL 13 is the oldest that will do; " + url
                + " is " + text(connection, "SHOW server_version"));
        }
        if (!"UTF8".equals(text(connection, "SHOW server_encoding"))) {
            throw new BillingException(BillingError.DATABASE, url + " must be encoded in UTF8");
        }
        final String[] settings = {"statement_timeout = '120s'", "lock_timeout = '10s'",
            "idle_in_transaction_session_timeout = '" + idleInTransaction + "'", "synchronous_commit = on",
            "tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3",
            version < VERSION_IDLE_SESSION ? null : "idle_session_timeout = 0"};
        for (final String setting : settings) {
            if (setting != null) {
                execute(connection, "SET " + setting);
            }
        }
        final CRC32 hash = new CRC32();
        hash.update(text(connection, "SELECT current_schema()").getBytes(StandardCharsets.UTF_8));
        schemaKey = (int)hash.getValue();
        session = number(connection, "SELECT pg_backend_pid()");
    }

    @Override
    public Connection connectForWriting() throws SQLException {
        final Connection connection = connect("weir-billing", "300s");
        boolean ready = false;
        try {
            if (!"off".equals(text(connection, "SHOW transaction_read_only"))) {
                throw new BillingException(BillingError.DATABASE, url + " cannot be written: a standby, or read-only");
            }
            if (!"on".equals(text(connection, "SHOW fsync"))) {
                LOG.warn("the database runs with fsync=off: a power failure may lose what was billed");
            }
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
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
        // a trace reads the journal between two looks at one moment's books
        final Connection connection = connect("weir-report", "3600s");
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return connection;
    }

    /** The session of a process that was killed ends a moment after it: that much is waited for. */
    @Override
    public Claim claim(final Connection connection) throws SQLException {
        final long deadlineNs = System.nanoTime() + CLAIM_PATIENCE_NS;
        while (!"t".equals(text(connection, "SELECT pg_try_advisory_lock(" + OWNER + ", " + schemaKey + ")"))) {
            if (System.nanoTime() > deadlineNs) {
                throw new BillingException(BillingError.ALREADY_RUNNING,
                    "another billing process holds " + url + owner(connection));
            }
            LockSupport.parkNanos(CLAIM_PAUSE_NS);
        }
        return () -> execute(connection, "SELECT pg_advisory_unlock(" + OWNER + ", " + schemaKey + ")");
    }

    /** The lock is given back first: the server notices the end of a session later than its client. */
    @Override
    public void close(final Connection connection, final Claim claim) throws SQLException {
        try {
            if (claim != null && connection.isValid(1)) {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
                claim.release();
            }
        } finally {
            connection.close();
        }
    }

    private String owner(final Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT a.pid, a.application_name, "
            + "COALESCE(host(a.client_addr), 'local'), a.backend_start FROM pg_locks l JOIN pg_stat_activity a "
            + "ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
            + "AND l.classid::bigint = ? AND l.objid::bigint = ? "
            + "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            statement.setLong(1, Integer.toUnsignedLong(OWNER));
            statement.setLong(2, Integer.toUnsignedLong(schemaKey));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? ": session " + rows.getInt(1) + " of " + rows.getString(2) + " from "
                    + rows.getString(3) + " since " + rows.getString(4) : "";
            }
        }
    }

    @Override
    public void migrating(final Connection connection) throws SQLException {
        execute(connection, "SELECT pg_advisory_lock(" + SCHEMA + ", " + schemaKey + ")");
        connection.setAutoCommit(false);
    }

    @Override
    public void migrated(final Connection connection) throws SQLException {
        execute(connection, "SELECT pg_advisory_unlock(" + SCHEMA + ", " + schemaKey + ")");
        connection.commit();
    }

    /** Another session than the one that holds the locks would be a pooler that hands sessions on. */
    @Override
    public void begin(final Connection connection) throws SQLException {
        final int now;
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
            "SELECT pg_advisory_xact_lock(" + WRITER + ", " + schemaKey + "), pg_backend_pid()")) {
            rows.next();
            now = rows.getInt(2);
        }
        if (now != session) {
            throw new BillingException(BillingError.DATABASE_LOST, "the session at " + url + " changed from " + session
                + " to " + now + ": a pooler in between must keep sessions");
        }
    }

    @Override
    public void commit(final Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public void rollback(final Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public boolean isBusy(final SQLException failure) {
        return false;
    }

    /** Class 08 is the connection's, 57P01 to 57P05 are the server's when it ends a session. */
    @Override
    public boolean isLost(final SQLException failure) {
        final String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private static String text(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            final String value = rows.getString(1);
            return value == null ? "" : value;
        }
    }

    private static int number(final Connection connection, final String sql) throws SQLException {
        return Integer.parseInt(text(connection, sql));
    }

    private static void execute(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
