package weir.billing.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between the databases; everything else is one SQL for all. Stateless but for its URL. */
interface Engine {
    /** Keeps a second billing process out until it is closed. */
    @FunctionalInterface
    interface Claim {
        void release() throws SQLException;
    }

    /**
     * Engine of a URL.
     *
     * @param url parsed
     * @return engine
     */
    static Engine of(final JdbcUrl url) {
        return url.isSqlite() ? new SqliteEngine(url) : new PostgresEngine(url);
    }

    /** A connection that is to write; its settings are all made here. */
    Connection connectForWriting() throws SQLException;

    /** A connection that cannot write, in one read transaction of one moment. */
    Connection connectForReading() throws SQLException;

    /** Makes this connection's process the only one that bills; ALREADY_RUNNING when there is another. */
    Claim claim(Connection connection) throws SQLException;

    /** Ends a connection and what it claimed; the claim may be null. */
    void close(Connection connection, Claim claim) throws SQLException;

    /** Keeps others from changing the schema until {@link #migrated}. */
    void migrating(Connection connection) throws SQLException;

    /** Ends {@link #migrating}; the connection is ready for {@link #begin} then. */
    void migrated(Connection connection) throws SQLException;

    /** Begins a transaction that holds the write lock from its start: reads see what was committed before it. */
    void begin(Connection connection) throws SQLException;

    /** Makes the transaction true. */
    void commit(Connection connection) throws SQLException;

    /** Drops the transaction. */
    void rollback(Connection connection) throws SQLException;

    /** Whether an opening that failed so is worth another attempt. */
    boolean isBusy(SQLException failure);

    /** Whether the connection is gone, so that nothing more can be done on it. */
    boolean isLost(SQLException failure);
}
