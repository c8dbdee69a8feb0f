package weir.billing.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.protocol.CrashPoint;

/**
 * One connection, one open transaction, on SQLite or PostgreSQL. A commit is on disk when it returns, because a batch
 * marked SENT before its call and a cut made on request cannot be derived again from the journal; one sync covers up to
 * thousands of records, so it costs little. A transaction holds the write lock from its start, so none ever has to be
 * tried again; a statement that fails halts the process, and so does a connection that is lost: the next start reads
 * back what was committed. Billing thread only.
 */
public final class Database implements AutoCloseable {
    private static final long BUSY_PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long BUSY_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Connection connection;
    private final Engine engine;
    private final Engine.Claim claim;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean begun;

    private Database(final Connection connection, final Engine engine, final Engine.Claim claim) {
        this.connection = connection;
        this.engine = engine;
        this.claim = claim;
    }

    /**
     * Opens for writing, keeps other billing processes out, brings the schema up to date.
     *
     * @param jdbcUrl as {@link JdbcUrl} reads it
     * @param nowMs   wall clock
     * @return the database
     * @throws BillingException ALREADY_RUNNING, SCHEMA_MISMATCH, DATABASE, CONFIGURATION
     */
    public static Database open(final String jdbcUrl, final long nowMs) {
        return open(jdbcUrl, nowMs, true);
    }

    /**
     * Opens a second connection that writes short transactions beside a running billing process: what an operator
     * orders.
     *
     * @param jdbcUrl of the database, whose tables are made when there are none
     * @param nowMs   wall clock
     * @return the database
     * @throws BillingException SCHEMA_MISMATCH, DATABASE, CONFIGURATION
     */
    public static Database openBeside(final String jdbcUrl, final long nowMs) {
        return open(jdbcUrl, nowMs, false);
    }

    /** Two processes may make a new database at once. Each attempt has a connection of its own. */
    private static Database open(final String jdbcUrl, final long nowMs, final boolean alone) {
        final JdbcUrl url = JdbcUrl.parse(jdbcUrl);
        final long startNs = System.nanoTime();
        while (true) {
            final Engine engine = Engine.of(url);
            try {
                return connect(engine, nowMs, alone);
            } catch (final SQLException ex) {
                if (!engine.isBusy(ex) || System.nanoTime() - startNs > BUSY_PATIENCE_NS) {
                    throw failed(engine, "cannot open " + url + ": ", ex);
                }
                LockSupport.parkNanos(BUSY_PAUSE_NS);
            }
        }
    }

    private static Database connect(final Engine engine, final long nowMs, final boolean alone) throws SQLException {
        final Connection connection = engine.connectForWriting();
        Engine.Claim claim = null;
        boolean ready = false;
        try {
            claim = alone ? engine.claim(connection) : null;
            engine.migrating(connection);
            Migrations.run(connection, nowMs);
            engine.migrated(connection);
            ready = true;
            return new Database(connection, engine, claim);
        } finally {
            if (!ready) {
                engine.close(connection, claim);
            }
        }
    }

    /**
     * Opens a second connection for reading, beside a running billing process: one read transaction, so that a report
     * is of one moment.
     *
     * @param jdbcUrl of the database
     * @return connection; close it
     * @throws BillingException DATABASE, CONFIGURATION
     */
    public static Connection openForReading(final String jdbcUrl) {
        final JdbcUrl url = JdbcUrl.parse(jdbcUrl);
        try {
            return Engine.of(url).connectForReading();
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, "cannot read " + url + ": " + ex.getMessage(), ex);
        }
    }

    /**
     * Statement of a text, prepared once.
     *
     * @param sql text
     * @return statement; the caller does not close it
     */
    PreparedStatement statement(final String sql) {
        try {
            if (!begun) {
                engine.begin(connection);
                begun = true;
            }
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            return statement;
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }

    /** Ends the transaction: position and effects become true together. */
    public void commit() {
        CrashPoint.hit(CrashPoint.BEFORE_SQLITE_COMMIT);
        if (begun) {
            begun = false;
            try {
                engine.commit(connection);
            } catch (final SQLException ex) {
                throw failed(ex);
            }
        }
    }

    /** Lets other connections write: ends the transaction of a duty cycle that has committed all it wrote. */
    public void rest() {
        rollback();
    }

    /** Drops what was not committed. */
    public void rollback() {
        if (begun) {
            begun = false;
            try {
                engine.rollback(connection);
            } catch (final SQLException ex) {
                throw failed(ex);
            }
        }
    }

    /** The failure of a statement, coded. */
    BillingException failed(final SQLException ex) {
        return failed(engine, "", ex);
    }

    private static BillingException failed(final Engine engine, final String what, final SQLException ex) {
        return new BillingException(engine.isLost(ex) ? BillingError.DATABASE_LOST : BillingError.DATABASE,
            what + ex.getMessage(), ex);
    }

    @Override
    public void close() {
        try {
            engine.close(connection, claim);
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }
}
