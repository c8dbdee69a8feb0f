package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;

class PostgresEngineTest {
    private final TestDatabase home = new TestDatabase(Store.POSTGRESQL);

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void shouldNameWhatIsLostWhenTheServerEndsTheSession() {
        final Database database = Database.open(home.jdbcUrl(), 1);
        final BatchStore store = new BatchStore(database);
        store.putCustomer(1, "cus_1");
        database.commit();
        store.putCustomer(1, "cus_2");
        home.cutSessions();
        assertEquals(BillingError.DATABASE_LOST, assertThrows(BillingException.class, database::commit).error());
        database.close();
        final Database next = Database.open(home.jdbcUrl(), 2);
        assertEquals("cus_1", new BatchStore(next).customer(1));
        next.close();
    }

    @Test
    void shouldSayNothingOfThePasswordWhenItIsWrong() {
        final String wrong = home.jdbcUrl().replaceFirst("password=.*", "password=hunter2");
        final BillingException refused = assertThrows(BillingException.class, () -> Database.open(wrong, 1));
        assertEquals(BillingError.DATABASE, refused.error());
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertFalse(cause.toString().contains("hunter2"), cause.toString());
        }
        assertTrue(refused.getMessage().contains("password=***"), refused.getMessage());
    }

    @Test
    void shouldMakeItsSettingsItself() throws SQLException {
        final Map<String, String> settings = new TreeMap<>();
        try (Connection connection = Engine.of(JdbcUrl.parse(home.jdbcUrl())).connectForWriting();
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT name, setting FROM pg_settings WHERE name IN "
                + "('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit', "
                + "'idle_session_timeout', 'transaction_isolation', 'fsync')")) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
        }
        assertEquals(Map.of("statement_timeout", "120000", "lock_timeout", "10000",
            "idle_in_transaction_session_timeout", "300000", "synchronous_commit", "on", "idle_session_timeout", "0",
            "transaction_isolation", "read committed", "fsync", "on"), settings);
    }

    @Test
    void shouldReadWithoutWriting() throws SQLException {
        Database.open(home.jdbcUrl(), 1).close();
        try (Connection reading = Database.openForReading(home.jdbcUrl());
            Statement statement = reading.createStatement()) {
            final SQLException refused = assertThrows(SQLException.class,
                () -> statement.execute("DELETE FROM schema_version"));
            assertEquals("25006", refused.getSQLState());
        }
    }
}
