package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

class DatabaseTest {
    @TempDir
    private Path dir;
    private String url;

    @BeforeEach
    void create() {
        url = "jdbc:sqlite:" + dir.resolve("billing.db");
        Database.open(url, 1).close();
    }

    private void execute(final String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url); Statement statement =
            connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private BillingError refusal() {
        return assertThrows(BillingException.class, () -> Database.open(url, 2)).error();
    }

    @Test
    void shouldOpenAgainWithoutRunningScriptsTwice() {
        Database.open(url, 2).close();
    }

    @Test
    void shouldOpenWhenSeveralMakeTheDatabaseAtOnce() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                final String fresh = "jdbc:sqlite:" + dir.resolve("fresh-" + round + ".db");
                final CyclicBarrier start = new CyclicBarrier(4);
                final List<Future<?>> opened = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    opened.add(threads.submit(() -> {
                        start.await();
                        Database.openBeside(fresh, 1).close();
                        return null;
                    }));
                }
                for (final Future<?> one : opened) {
                    one.get();
                }
                Database.open(fresh, 2).close();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldTakeTheLockAgainAfterAnOpeningThatFailed() throws SQLException {
        execute("INSERT INTO schema_version VALUES (99, 'V99.sql', 'x', 0)");
        assertEquals(BillingError.SCHEMA_MISMATCH, refusal());
        execute("DELETE FROM schema_version WHERE version = 99");
        Database.open(url, 3).close();
    }

    @Test
    void shouldRefuseSchemaWhoseScriptWasChangedAfterItRan() throws SQLException {
        execute("UPDATE schema_version SET checksum = 'x'");
        assertEquals(BillingError.SCHEMA_MISMATCH, refusal());
    }

    @Test
    void shouldRefuseSchemaOfNewerVersion() throws SQLException {
        execute("INSERT INTO schema_version VALUES (99, 'V99.sql', 'x', 0)");
        assertEquals(BillingError.SCHEMA_MISMATCH, refusal());
    }

    @Test
    void shouldRefuseFileThatIsNoDatabase() throws Exception {
        final Path broken = dir.resolve("broken.db");
        java.nio.file.Files.writeString(broken, "this is no database, but it is long enough to be read as one".repeat(
            9));
        assertEquals(BillingError.DATABASE, assertThrows(BillingException.class,
            () -> Database.open("jdbc:sqlite:" + broken, 1)).error());
    }

    @Test
    void shouldDropUncommittedEffectsWhenReopened() {
        final Database database = Database.open(url, 2);
        final BatchStore store = new BatchStore(database);
        store.putCustomer(1, "cus_1");
        database.commit();
        store.putCustomer(1, "cus_2");
        database.rollback();
        assertEquals("cus_1", store.customer(1));
        database.close();
    }
}
