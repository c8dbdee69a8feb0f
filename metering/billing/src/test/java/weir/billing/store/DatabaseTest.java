package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;

@ParameterizedClass
@EnumSource(Store.class)
class DatabaseTest {
    private final Store store;
    private final TestDatabase home;
    private final String url;

    DatabaseTest(final Store store) {
        this.store = store;
        home = new TestDatabase(store);
        url = home.jdbcUrl();
    }

    @BeforeEach
    void create() {
        Database.open(url, 1).close();
    }

    @AfterEach
    void close() {
        home.close();
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
            final int rounds = store == Store.SQLITE ? 20 : 4;
            for (int round = 0; round < rounds; round++) {
                try (TestDatabase fresh = new TestDatabase(store)) {
                    openAtOnce(threads, fresh.jdbcUrl());
                    Database.open(fresh.jdbcUrl(), 2).close();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void openAtOnce(final ExecutorService threads, final String fresh) throws Exception {
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
        final Path broken = home.dir().resolve("broken.db");
        Files.writeString(broken, "this is no database, but it is long enough to be read as one".repeat(
            9));
        assertEquals(BillingError.DATABASE, assertThrows(BillingException.class,
            () -> Database.open("jdbc:sqlite:" + broken, 1)).error());
    }

    @Test
    void shouldKeepASecondProcessOutForAsLongAsTheFirstLives() {
        final Database first = Database.open(url, 2);
        final BillingException refused = assertThrows(BillingException.class, () -> Database.open(url, 3));
        assertEquals(BillingError.ALREADY_RUNNING, refused.error());
        if (store == Store.POSTGRESQL) {
            assertTrue(refused.getMessage().matches(".* session \\d+ of weir-billing from 127.0.0.1 since .*"),
                refused.getMessage());
        }
        Database.openBeside(url, 3).close();
        first.close();
        Database.open(url, 4).close();
    }

    @Test
    void shouldDropUncommittedEffectsWhenReopened() {
        final Database database = Database.open(url, 2);
        final BatchStore batches = new BatchStore(database);
        batches.putCustomer(1, "cus_1");
        database.commit();
        batches.putCustomer(1, "cus_2");
        database.rollback();
        assertEquals("cus_1", batches.customer(1));
        database.close();
    }
}
