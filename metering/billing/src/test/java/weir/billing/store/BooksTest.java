package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.batch.Aggregator;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.ledger.Account;
import weir.billing.ledger.EntryKind;
import weir.billing.ledger.Ledger;
import weir.billing.rating.RatingState;
import weir.billing.world.EngineDriver;
import weir.billing.world.Fixture;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;

/** What the tables hold in the end. */
@Timeout(120)
class BooksTest {
    /** Stripe's own ids and the progress of deliveries are not books. */
    private static final Set<String> NOT_BOOKS = Set.of("state", "attempts", "outcome", "detail");

    private static void play(final EngineDriver engine, final Fixture fixture, final int recordsPerTransaction)
        throws InterruptedException {
        final BillingContext context = fixture.context(engine.frames()).recordsPerTransaction(recordsPerTransaction);
        try (BillingProcess process = BillingProcess.launch(context)) {
            Fixture.await("position", () -> process.position() == engine.frames().size()
                || process.failure() != null, process::position);
            assertEquals(null, process.failure());
        }
    }

    /** Rows of a table as text, sorted; columns by name, without wall clock and what a delivery has come to. */
    private static List<String> rows(final String jdbcUrl, final String table) throws SQLException {
        final List<String> rows = new ArrayList<>();
        try (Connection connection = Database.openForReading(jdbcUrl); Statement statement =
            connection.createStatement(); ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
            while (found.next()) {
                final Map<String, String> row = new TreeMap<>();
                for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                    final String name = found.getMetaData().getColumnName(column);
                    if (!name.endsWith("_ms") && !(table.equals("batch") && NOT_BOOKS.contains(name))) {
                        row.put(name, found.getString(column));
                    }
                }
                rows.add(row.toString());
            }
        }
        rows.sort(null);
        return rows;
    }

    @Test
    void shouldBeTheSameOnPostgresqlAndSqliteWhateverTheTransactionsWere() throws Exception {
        final EngineDriver engine = new EngineDriver(21);
        try (Fixture sqlite = new Fixture(Store.SQLITE); Fixture postgres = new Fixture(Store.POSTGRESQL)) {
            engine.play(2_500);
            play(engine, sqlite, 4_096);
            play(engine, postgres, 61);
            engine.play(1_000);
            play(engine, sqlite, 100);
            play(engine, postgres, 4_096);
            final Set<String> tables = tables(sqlite.jdbcUrl());
            assertEquals(tables, tables(postgres.jdbcUrl()));
            for (final String table : tables) {
                assertEquals(rows(sqlite.jdbcUrl(), table), rows(postgres.jdbcUrl(), table), table);
            }
            assertTrue(rows(sqlite.jdbcUrl(), "ledger_entry").size() > 20);
            assertTrue(rows(sqlite.jdbcUrl(), "usage_line").size() > 50);
        }
    }

    private static Set<String> tables(final String jdbcUrl) throws SQLException {
        final Set<String> tables = new TreeSet<>();
        try (Connection connection = Database.openForReading(jdbcUrl);
            ResultSet found = connection.getMetaData().getTables(null, null, "%", new String[]{"TABLE"})) {
            while (found.next()) {
                final String table = found.getString("TABLE_NAME");
                if (!table.startsWith("stripe_") && !table.startsWith("sqlite_")) {
                    tables.add(table);
                }
            }
        }
        assertTrue(tables.containsAll(List.of("tenant", "plan_price", "credit_grant", "usage_line", "open_window",
            "batch", "balance", "ledger_entry", "settlement_line", "journal_position")), tables::toString);
        return tables;
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldRefuseBooksThatDoNotAddUp(final Store store) throws Exception {
        final EngineDriver engine = new EngineDriver(22);
        engine.play(600);
        try (Fixture fixture = new Fixture(store)) {
            play(engine, fixture, 100);
            for (final String fault : List.of(
                "UPDATE balance SET amount_micros = amount_micros + 1 WHERE account = 'CREDIT' AND tenant_id = 1",
                "UPDATE balance SET amount_micros = amount_micros - 1 WHERE account = 'CREDIT' AND tenant_id = 1;"
                    + "UPDATE ledger_entry SET amount_micros = amount_micros + 1 WHERE tenant_id = 1 "
                    + "AND kind = 'SETTLE' AND account = 'RESERVE'",
                "UPDATE ledger_entry SET amount_micros = amount_micros - 1 WHERE tenant_id = 1 AND kind = 'SETTLE' "
                    + "AND account = 'RESERVE';"
                    + "UPDATE ledger_entry SET kind = 'MIXED' WHERE tenant_id = 1 AND account = 'FUNDING'")) {
                execute(fixture.jdbcUrl(), fault);
                final BillingException refused = assertThrows(BillingException.class,
                    () -> BillingProcess.launch(fixture.context(engine.frames())));
                assertEquals(BillingError.LEDGER_MISMATCH, refused.error(), refused.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldKeepWhatPartsMoveBesideRecords(final Store store) throws Exception {
        try (TestDatabase home = new TestDatabase(store)) {
            for (int round = 1; round <= 2; round++) {
                final Database database = Database.open(home.jdbcUrl(), round);
                final BillingStore books = new BillingStore(database);
                final Ledger ledger = new Ledger(found -> {
                });
                books.load(new RatingState(), ledger, new Aggregator("j", 1, 1));
                ledger.move(EntryKind.ROUNDING, 3, Account.RECEIVABLE, Account.ROUNDING, 4_000, 17);
                ledger.move(EntryKind.WRITE_OFF, 3, Account.WRITE_OFF, Account.RECEIVABLE, 1_000, 18);
                books.saveBooks(ledger);
                database.commit();
                assertEquals(-3_000L * round, ledger.tenant(3).amount(Account.RECEIVABLE));
                database.close();
            }
            assertEquals(List.of("{account=RECEIVABLE, amount_micros=-6000, tenant_id=3}",
                "{account=ROUNDING, amount_micros=8000, tenant_id=3}",
                "{account=WRITE_OFF, amount_micros=-2000, tenant_id=3}"), rows(home.jdbcUrl(), "balance"));
            assertEquals(4, rows(home.jdbcUrl(), "ledger_entry").size());
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldKeepEntriesOfTheVersionBeforeKinds(final Store store) throws Exception {
        try (TestDatabase home = new TestDatabase(store)) {
            final Engine engine = Engine.of(JdbcUrl.parse(home.jdbcUrl()));
            try (Connection connection = engine.connectForWriting(); Statement statement =
                connection.createStatement()) {
                connection.setAutoCommit(false);
                Migrations.run(connection, 1, 2);
                for (final String account : List.of("FUNDING', -5", "CREDIT', 5")) {
                    statement.execute("INSERT INTO ledger_entry VALUES (1, 9, 12, '" + account + ")");
                    statement.execute("INSERT INTO balance VALUES (1, '" + account + ")");
                }
                connection.commit();
            }
            Database.open(home.jdbcUrl(), 2).close();
            assertEquals(List.of("{account=CREDIT, amount_micros=5, first_sequence=9, kind=MIXED, last_sequence=12, "
                + "span=9, tenant_id=1}", "{account=FUNDING, amount_micros=-5, first_sequence=9, kind=MIXED, "
                + "last_sequence=12, span=9, tenant_id=1}"), rows(home.jdbcUrl(), "ledger_entry"));
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldGoOnWithinTheTiersOfADatabaseOfBefore(final Store store) throws Exception {
        try (TestDatabase home = new TestDatabase(store)) {
            final Engine engine = Engine.of(JdbcUrl.parse(home.jdbcUrl()));
            try (Connection connection = engine.connectForWriting(); Statement statement =
                connection.createStatement()) {
                connection.setAutoCommit(false);
                Migrations.run(connection, 1, 8);
                // 1: one version since long ago; 2: another version since the middle of the period; 3: nothing yet
                for (final String tenant : List.of("1, 1, 40, 7, 0, 0", "2, 1, 90, 0, 0, 0", "3, 1, 0, 0, 0, 0")) {
                    final String[] is = tenant.split(", ", 3);
                    statement.execute("INSERT INTO tenant (tenant_id, name, postpaid, plan_id, budget_micros, "
                        + "period_start_ns, spent_micros, alerted_percent, units_request, units_sent, units_filled, "
                        + "units_compute) VALUES (" + is[0] + ", 'a', 0, " + is[1] + ", 0, 0, 0, 0, " + is[2] + ')');
                }
                for (final String line : List.of("1, 0, 1, 1, 1, 100, 500, 1, 90", "1, 1, 2, 1, 1, 100, 7, 2, 95",
                    "2, 0, 3, 1, 1, 100, 300, 3, 50", "2, 0, 60, 1, 2, 100, 30, 60, 99")) {
                    statement.execute("INSERT INTO usage_line (tenant_id, meter, window_sequence, plan_id, "
                        + "plan_version, price_micros, units, first_sequence, last_sequence, amount_micros) VALUES ("
                        + line + ", 0)");
                }
                connection.commit();
            }
            Database.open(home.jdbcUrl(), 2).close();
            assertEquals(List.of("{plan_id=1, tenant_id=1, units_compute=0, units_filled=0, units_request=40, "
                + "units_sent=7, version=1}", "{plan_id=1, tenant_id=2, units_compute=0, units_filled=0, "
                + "units_request=30, units_sent=0, version=2}"), rows(home.jdbcUrl(), "tenant_tiers"));
        }
    }

    private static void execute(final String jdbcUrl, final String script) throws SQLException {
        try (Connection connection = Engine.of(JdbcUrl.parse(jdbcUrl)).connectForWriting(); Statement statement =
            connection.createStatement()) {
            for (final String sql : script.split(";")) {
                assertTrue(statement.executeUpdate(sql) > 0, sql);
            }
        }
    }
}
