package weir.billing.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.batch.Batch;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.BatchStore;
import weir.billing.store.Database;
import weir.billing.store.DriftStore;
import weir.billing.store.InvoiceStore;
import weir.billing.store.StripeEventStore;
import weir.billing.store.StripeInvoiceCheck;
import weir.billing.store.SubscriptionStore;
import weir.billing.store.SubscriptionStore.PlanVersion;
import weir.billing.store.SubscriptionStore.Subscription;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;

/** Every statement of Stripe's tables, on both databases. */
class StripeStoresTest {
    private static final long DAY = 20_000;
    private static final long DAY_NS = 86_400_000_000_000L;

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldKeepWhatStripeSaysOnBothDatabases(final Store store) throws Exception {
        try (TestDatabase test = new TestDatabase(store); Database database = Database.open(test.jdbcUrl(), 1)) {
            events(new StripeEventStore(database));
            subscriptions(new SubscriptionStore(database));
            database.commit();
            corrections(database, test.jdbcUrl());
            invoices(new InvoiceStore(database));
            database.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void shouldFindDraftsWhoseTiersContinuedOnBothDatabases(final Store store) throws Exception {
        try (TestDatabase test = new TestDatabase(store); Database database = Database.open(test.jdbcUrl(), 1)) {
            final BatchStore batches = new BatchStore(database);
            final InvoiceStore invoices = new InvoiceStore(database);
            for (int i = 0; i < 3; i++) {
                batches.add(new Batch("w1:" + i, 1, 0, 10 * i, 10 * i + 1, 4, 40, DAY * DAY_NS + i));
                batches.sent("w1:" + i, 7);
            }
            assertEquals(3, batches.due(9, 9, Set.of(2, 11)).size());
            assertEquals(2, batches.due(9, 2, Set.of(2, 11)).size());
            assertEquals(0, batches.due(9, 9, Set.of(2, 1)).size());
            batches.acked("w1:0", "200");
            batches.acked("w1:1", "200");
            final long from = DAY * 86_400_000;
            invoices.put(new StripeInvoiceCheck("in_1", 1, "draft", "usd", from, from + 86_400_000, 0, 0, 0, 0),
                "cus_1", 2, 0, 100);
            invoices.put(new StripeInvoiceCheck("in_2", 1, "open", "usd", from, from + 86_400_000, 0, 0, 0, 0),
                "cus_1", 2, 1, 100);
            database.commit();
            run(test, "INSERT INTO plan_terms VALUES (7, 2, 0, 1)", "INSERT INTO usage_line VALUES "
                + "(1, 0, 1, 7, 1, 10, 4, 40, 0, 1, 'w1:0'), (1, 0, 2, 7, 2, 10, 4, 40, 10, 11, 'w1:1'), "
                + "(1, 0, 3, 7, 2, 10, 4, 40, 20, 21, 'w1:2')");
            assertEquals(List.of(), invoices.tiersDrafts(5), "usage is on its way");
            batches.acked("w1:2", "200");
            // of a meter that the plan has no price for: rated at nothing, delivered, and on no line
            batches.add(new Batch("w1:free", 1, 1, 2, 3, 9, 0, DAY * DAY_NS + 1));
            batches.acked("w1:free", "200");
            database.commit();
            run(test, "INSERT INTO usage_line VALUES (1, 1, 2, 7, 1, 0, 9, 0, 2, 3, 'w1:free')",
                "INSERT INTO plan_price VALUES (7, 1, 0, 0, NULL, 10)");
            database.commit();
            run(test, "INSERT INTO journal_position VALUES (1, 'w1', 30, " + (DAY + 1) * DAY_NS + ", 1)");
            assertEquals(List.of(), invoices.tiersDrafts(5), "its tiers restart");
            database.commit();
            run(test, "UPDATE plan_terms SET restart = 0", "UPDATE journal_position SET epoch_ns = epoch_ns - 1");
            assertEquals(List.of(), invoices.tiersDrafts(5), "the journal is not rated to the end of the span");
            assertEquals(List.of(), invoices.unjudged(), "nor is the final one judged");
            database.commit();
            run(test, "UPDATE journal_position SET epoch_ns = epoch_ns + 1", "INSERT INTO open_window VALUES "
                + "(1, 1, 22, 31, " + ((DAY + 1) * DAY_NS - 1) + ", " + ((DAY + 1) * DAY_NS + 1) + ", 2)");
            assertEquals(List.of(), invoices.tiersDrafts(5), "a window that was opened before the end is open");
            assertEquals(List.of(), invoices.unjudged());
            database.commit();
            run(test, "UPDATE open_window SET opened_ns = opened_ns + 1");
            final InvoiceStore.TiersDraft draft =
                new InvoiceStore.TiersDraft("in_1", "cus_1", "usd", from, from + 86_400_000, 12, 120);
            assertEquals(List.of(draft), invoices.tiersDrafts(5));
            assertEquals(List.of("in_2"), invoices.unjudged().stream().map(one -> one.check().invoiceId()).toList());
            final long endNs = (DAY + 1) * DAY_NS;
            assertTrue(invoices.isClosed(1, endNs - 1, endNs / 1_000_000));
            assertFalse(invoices.isClosed(1, endNs - 1, endNs / 1_000_000 - 1), "it may be a draft still");
            assertFalse(invoices.isClosed(1, endNs, Long.MAX_VALUE), "the next period's");
            assertFalse(invoices.isClosed(1, DAY * DAY_NS - 1, Long.MAX_VALUE), "the period's before");
            assertFalse(invoices.isClosed(2, endNs - 1, Long.MAX_VALUE));
            invoices.tiersPostponed("in_1", 9);
            assertEquals(List.of(), invoices.tiersDrafts(8));
            assertEquals(List.of(draft), invoices.tiersDrafts(9));
            assertTrue(invoices.tiersSettled("in_1", "ITEM", -3, 11));
            assertEquals(List.of(), invoices.tiersDrafts(10));
            assertEquals(List.of(draft), invoices.tiersDrafts(11), "it is a draft still");
            assertFalse(invoices.tiersSettled("in_1", "ITEM", -3, 12));
            invoices.tiersClosed("in_1");
            assertEquals(List.of(), invoices.tiersDrafts(99), "Stripe said that it is final");
            database.commit();
        }
    }

    private static void run(final TestDatabase test, final String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(test.jdbcUrl());
            Statement statement = connection.createStatement()) {
            for (final String one : statements) {
                statement.executeUpdate(one);
            }
        }
    }

    private static void events(final StripeEventStore events) {
        final StripeEventStore.Event event = new StripeEventStore.Event("evt_1", "invoice.paid", 5, "{}");
        assertTrue(events.receive(event, true, 1));
        assertFalse(events.receive(event, true, 1));
        assertTrue(events.receive(new StripeEventStore.Event("evt_2", "x", 4, "{}"), false, 1));
        assertEquals(1, events.due(1, 9).size());
        events.postponed("evt_1", "later", 10);
        assertEquals(0, events.due(9, 9).size());
        events.handled("evt_1", "paid");
        events.refused("evt_3", "unknown");
        events.putError("evt_4", "no_meter", "", 3, 1, 1);
        events.putError("evt_4", "no_meter", "", 3, 1, 1);
        assertEquals(2, events.forgetBefore(2));
    }

    private static void subscriptions(final SubscriptionStore store) {
        assertTrue(store.wanted().isEmpty());
        assertEquals(4, store.prices(new PlanVersion(1, 1)).upTo().size());
        assertNull(store.named("price/1"));
        store.begun("price/1", 7);
        store.begun("price/1", 8);
        store.failed("price/1", "api_error", true);
        assertEquals(2, store.named("price/1").attempt());
        store.created("price/1", "price_1");
        assertEquals("price_1", store.named("price/1").objectId());
        final Subscription one = new Subscription(1, "sub_1", new PlanVersion(1, 1), 5, "active");
        store.put(one);
        store.put(one);
        assertEquals(one, store.subscriptions().get(1));
        assertTrue(store.status("sub_1", "past_due", 10));
        assertFalse(store.status("sub_1", "active", 9));
        assertTrue(store.status("sub_1", "canceled", 10));
        assertFalse(store.status("sub_1", "active", 11));
        assertNull(store.oldest(1));
        assertEquals(Long.MAX_VALUE, store.firstOther(1, new PlanVersion(1, 1), 0));
        assertEquals(0, store.position());
        store.begun("switch/1/1/2/5", 9);
        assertEquals(List.of("switch/1/1/2/5"), store.unresolved("switch/"));
    }

    private static void corrections(final Database database, final String jdbcUrl) {
        final BatchStore batches = new BatchStore(database);
        batches.putCustomer(1, "cus_1");
        batches.putMeter(0, "mtr_1", "request");
        final Batch batch = new Batch("w1:a", 1, 0, 3, 4, 10, 100, DAY * DAY_NS + 5);
        batches.add(batch);
        batches.sent("w1:a", 7);
        batches.acked("w1:a", "200");
        assertNull(new SubscriptionStore(database).ratedAt(batch));
        final AdjustmentStore store = new AdjustmentStore(database);
        final AdjustmentStore.Row row = store.order("w1:a", AdjustmentStore.Kind.REDUCE, 4, "test", 9);
        store.begun(row.id(), 10);
        store.outcome(row.id(), "api_error");
        batches.add(new Batch("w1:b", 1, 0, 3, 4, -4, -40, DAY * DAY_NS + 6));
        store.ended(row.id(), AdjustmentStore.State.DONE, "w1:b", "event", 11);
        assertTrue(store.open().isEmpty());
        assertEquals("w1:b", store.all().get(0).eventIdentifier());
        batches.retimed("w1:b", DAY * DAY_NS + 7);
        assertEquals(DAY * DAY_NS + 7, batches.due(9, 9).get(0).told().eventNs());
        batches.sent("w1:b", 8);
        batches.acked("w1:b", "200");
        batches.postponed("w1:b", "late_answer", 99);
        assertEquals("200", batches.row("w1:b").outcome());
        assertEquals(DAY * DAY_NS + 6, batches.row("w1:b").batch().eventNs());
        assertEquals(DAY * DAY_NS + 7, batches.row("w1:b").sentNs());
        final DriftStore drift = new DriftStore(database);
        database.commit();
        final DriftStore.Ours ours = DriftStore.read(jdbcUrl, DAY).get(0);
        assertEquals(6, ours.delivered());
        assertEquals(-4, ours.adjusted());
        drift.put(ours.against(new BigDecimal("6")), 1);
        drift.put(ours.against(new BigDecimal("-4.0")), 2);
        assertTrue(drift.rows(DAY).get(0).agrees(), "no line is behind this batch: rated 0, adjusted -4");
        assertTrue(batches.rejected("w1:a", "archived_meter", "gone"));
        assertFalse(batches.rejected("w1:a", "archived_meter", "gone"));
        batches.acked("w1:a", "200");
        assertEquals("archived_meter", batches.row("w1:a").outcome());
        assertNotNull(batches.row("w1:b"));
    }

    private static void invoices(final InvoiceStore invoices) {
        assertEquals(1, invoices.tenant("cus_1"));
        assertEquals(0, invoices.tenant("cus_2"));
        assertEquals(-40, invoices.ratedMicros(1, DAY * 86_400_000, (DAY + 1) * 86_400_000));
        final StripeInvoiceCheck check = new StripeInvoiceCheck("in_1", 1, "open", "usd", DAY * 86_400_000,
            (DAY + 1) * 86_400_000, 70, 60, 10, 0);
        assertTrue(invoices.put(check, "cus_1", 2, 1, 100));
        assertFalse(invoices.put(check, "cus_1", 2, 0, 100));
        assertFalse(invoices.put(check, "cus_1", 2, 3, 99));
        assertTrue(invoices.put(check, "cus_1", 2, 3, 100));
        assertEquals(1, invoices.lateError(1, DAY * DAY_NS));
        assertTrue(invoices.isFinal(1, DAY * DAY_NS));
        assertFalse(invoices.isFinal(1, (DAY + 2) * DAY_NS));
        assertEquals(1, invoices.all().get(0).lateErrors());
    }
}
