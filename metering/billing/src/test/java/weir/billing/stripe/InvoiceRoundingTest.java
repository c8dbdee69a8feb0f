package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.batch.Aggregator;
import weir.billing.batch.Batch;
import weir.billing.ledger.Account;
import weir.billing.ledger.EntryKind;
import weir.billing.ledger.Ledger;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.RatingState;
import weir.billing.store.BatchStore;
import weir.billing.store.BillingStore;
import weir.billing.store.Database;
import weir.billing.store.InvoiceStore;
import weir.billing.store.InvoiceStore.Verdict;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;

@Timeout(60)
class InvoiceRoundingTest {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long FROM_MS = 1_000;
    private static final long UNTIL_MS = 2_000;
    private static final long RATED = 10_100;

    private final List<Discrepancy> reports = new ArrayList<>();
    private String jdbcUrl;
    private long round = 1;

    /** One start of billing: books are read and checked, work is done, and committed unless it is killed before. */
    private int run(final boolean killed, final ToIntFunction<Start> work) {
        final Database database = Database.open(jdbcUrl, ++round);
        try {
            final Ledger ledger = new Ledger(found -> {
            });
            final BillingStore books = new BillingStore(database);
            books.load(new RatingState(), ledger, new Aggregator("j", 1, 1));
            final InvoiceStore invoices = new InvoiceStore(database);
            final int done = work.applyAsInt(new Start(database, ledger, invoices,
                new InvoiceRounding(invoices, new StripeBooks(ledger, () -> 17, reports::add))));
            if (!killed) {
                books.saveBooks(ledger);
                database.commit();
            }
            return done;
        } finally {
            if (killed) {
                database.rollback();
            }
            database.close();
        }
    }

    private record Start(Database database, Ledger ledger, InvoiceStore invoices, InvoiceRounding rounding) {
        long amount(final Account account) {
            return ledger.tenant(1).amount(account);
        }
    }

    private static void put(final InvoiceStore invoices, final String id, final String status, final long created,
        final long stripeMicros) {
        final long rated = invoices.ratedMicros(1, FROM_MS, UNTIL_MS);
        invoices.put(new StripeInvoiceCheck(id, 1, status, "usd", FROM_MS, UNTIL_MS, stripeMicros, rated,
            stripeMicros - rated, 0), "cus_1", 2, 1, created);
    }

    private void world(final boolean postpaid) throws SQLException {
        Database.open(jdbcUrl, 1).close();
        try (Connection connection = DriverManager.getConnection(jdbcUrl); Statement statement =
            connection.createStatement()) {
            statement.executeUpdate("INSERT INTO tenant VALUES (1, 'alpha', " + (postpaid ? 1 : 0)
                + ", 7, 0, 0, 0, 0, 0, 0, 0, 0)");
            statement.executeUpdate("INSERT INTO journal_position VALUES (1, 'j', 17, " + UNTIL_MS * NS_PER_MS
                + ", 1)");
        }
        run(false, start -> {
            final BatchStore batches = new BatchStore(start.database);
            batches.add(new Batch("w1:a", 1, 0, 3, 4, 5, RATED, (FROM_MS + 1) * NS_PER_MS));
            batches.sent("w1:a", 7);
            batches.acked("w1:a", "200");
            return 0;
        });
    }

    private long[] books() {
        final long[] books = new long[3];
        run(true, start -> {
            books[0] = start.amount(Account.ROUNDING);
            books[1] = start.amount(Account.RECEIVABLE);
            books[2] = start.amount(Account.FUNDING);
            return 0;
        });
        return books;
    }

    private void assertBooks(final long rounding, final long receivable, final long funding) {
        final long[] books = books();
        assertEquals(List.of(rounding, receivable, funding), List.of(books[0], books[1], books[2]));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldPostOnceWhateverIsKilledOrStatedAgain(final Store store) throws Exception {
        try (TestDatabase test = new TestDatabase(store)) {
            jdbcUrl = test.jdbcUrl();
            world(true);
            // a debt, as a write-off taken back makes it: 5 000 of it is another invoice's
            run(false, start -> {
                start.ledger.move(EntryKind.WRITE_OFF, 1, Account.RECEIVABLE, Account.WRITE_OFF, 5_000, 4);
                put(start.invoices, "in_1", "draft", 99, 10_000);
                return 0;
            });
            assertEquals(0, run(false, start -> start.rounding.doWork()), "a draft can change");
            run(false, start -> {
                put(start.invoices, "in_1", "open", 100, 10_000);
                return 0;
            });
            assertEquals(1, run(true, start -> start.rounding.doWork()), "killed before the commit");
            assertBooks(0, -5_000, 0);
            assertEquals(1, run(false, start -> start.rounding.doWork()));
            assertBooks(-100, -4_900, 0);
            run(false, start -> {
                put(start.invoices, "in_1", "paid", 101, 10_000);
                return 0;
            });
            assertEquals(1, run(false, start -> start.rounding.doWork() + start.rounding.doWork()));
            assertBooks(-100, -4_900, 0);
            run(false, start -> {
                assertEquals(Verdict.ROUNDING, start.invoices.verdict("in_1"));
                put(start.invoices, "in_1", "void", 102, 10_000);
                return start.rounding.doWork();
            });
            assertBooks(0, -5_000, 0);
            assertEquals(0, run(false, start -> start.rounding.doWork()));
            assertEquals(List.of(), reports);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldReportAndNotPostWhatIsNoRounding(final Store store) throws Exception {
        try (TestDatabase test = new TestDatabase(store)) {
            jdbcUrl = test.jdbcUrl();
            world(true);
            // two lines: half a cent each is the most, 10 000 micros
            run(false, start -> {
                put(start.invoices, "in_1", "open", 100, RATED + 10_001);
                put(start.invoices, "in_2", "open", 100, RATED + 10_000);
                put(start.invoices, "in_3", "open", 100, RATED);
                return start.rounding.doWork();
            });
            assertBooks(10_000, -10_000, 0);
            assertEquals(List.of(new Discrepancy(17, Discrepancy.Kind.INVOICE, 1, RATED, RATED + 10_001)), reports);
            run(false, start -> {
                assertEquals(Verdict.DIFFERS, start.invoices.verdict("in_1"));
                assertEquals(Verdict.ROUNDING, start.invoices.verdict("in_2"));
                assertEquals(Verdict.EXACT, start.invoices.verdict("in_3"));
                put(start.invoices, "in_2", "paid", 101, RATED + 9_000);
                return start.rounding.doWork();
            });
            assertBooks(10_000, -10_000, 0);
            assertEquals(2, reports.size(), "a final invoice that changes is no rounding");
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldExcuseADifferenceByTiersOnlyWhenTheDraftWasNotEvenedOut(final Store store) throws Exception {
        try (TestDatabase test = new TestDatabase(store)) {
            jdbcUrl = test.jdbcUrl();
            world(true);
            try (Connection connection = DriverManager.getConnection(jdbcUrl); Statement statement =
                connection.createStatement()) {
                statement.executeUpdate("INSERT INTO plan_terms VALUES (7, 2, 0, 0)");
                statement.executeUpdate("INSERT INTO usage_line VALUES (1, 0, 3, 7, 1, 10, 2, 40, 3, 3, 'w1:a'), "
                    + "(1, 0, 3, 7, 2, 10, 3, 60, 4, 4, 'w1:a')");
            }
            final long off = RATED + 5_000_000;
            run(false, start -> {
                for (final String id : List.of("in_item", "in_even", "in_closed", "in_unseen")) {
                    put(start.invoices, id, "draft", 99, RATED);
                }
                start.invoices.tiersSettled("in_item", "ITEM", -3, 9);
                start.invoices.tiersSettled("in_even", "EVEN", 0, 9);
                start.invoices.tiersClosed("in_closed");
                for (final String id : List.of("in_item", "in_even", "in_closed", "in_unseen")) {
                    put(start.invoices, id, "open", 100, off);
                }
                return start.rounding.doWork();
            });
            run(false, start -> {
                assertEquals(Verdict.DIFFERS, start.invoices.verdict("in_item"));
                assertEquals(Verdict.DIFFERS, start.invoices.verdict("in_even"));
                assertEquals(Verdict.TIERS_CONTINUE, start.invoices.verdict("in_closed"));
                assertEquals(Verdict.TIERS_CONTINUE, start.invoices.verdict("in_unseen"));
                return 0;
            });
            final Discrepancy five = new Discrepancy(17, Discrepancy.Kind.INVOICE, 1, RATED, off);
            assertEquals(List.of(five, five), reports);
            assertBooks(0, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldWaitForUsageOnItsWayAndPostAgainstMoneyFromOutsideWhenNothingIsOwed(final Store store)
        throws Exception {
        try (TestDatabase test = new TestDatabase(store)) {
            jdbcUrl = test.jdbcUrl();
            world(false);
            run(false, start -> {
                final BatchStore batches = new BatchStore(start.database);
                batches.add(new Batch("w1:b", 1, 0, 5, 6, 1, 50, (FROM_MS + 2) * NS_PER_MS));
                batches.sent("w1:b", 8);
                put(start.invoices, "in_1", "open", 100, 10_000);
                return 0;
            });
            assertEquals(0, run(false, start -> start.rounding.doWork()));
            run(false, start -> {
                assertNull(start.invoices.verdict("in_1"));
                new BatchStore(start.database).acked("w1:b", "200");
                return 0;
            });
            assertEquals(1, run(false, start -> start.rounding.doWork()));
            assertBooks(-150, 0, 150);
        }
    }
}
