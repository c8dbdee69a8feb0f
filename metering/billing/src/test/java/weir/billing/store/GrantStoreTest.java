package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.GrantState;
import weir.billing.world.Store;
import weir.billing.world.TestDatabase;
import weir.protocol.sbe.GrantKind;

@ParameterizedClass
@EnumSource(Store.class)
class GrantStoreTest {
    private final TestDatabase home;
    private String url;
    private Database database;
    private GrantStore store;

    GrantStoreTest(final Store store) {
        home = new TestDatabase(store);
    }

    @BeforeEach
    void open() {
        url = home.jdbcUrl();
        database = Database.open(url, 1);
        store = new GrantStore(database);
    }

    @AfterEach
    void close() {
        database.close();
        home.close();
    }

    private static GrantOrder order(final long id, final long micros) {
        return new GrantOrder(id, 1, GrantKind.TOP_UP, micros, "r");
    }

    private void applied(final long id, final int tenantId, final long micros) {
        new Sql(database).update("INSERT INTO credit_grant (grant_id, tenant_id, amount_micros, sequence) "
            + "VALUES (?, ?, ?, 77)", id, tenantId, micros);
    }

    private BillingError refusal(final GrantOrder order) {
        return assertThrows(BillingException.class, () -> store.record(order, 5)).error();
    }

    @Test
    void shouldChangeNothingWhenTheSameGrantIsRecordedAgain() {
        store.record(order(7, 10), 5);
        store.sent(7, 6, 60);
        final GrantStore.Row again = store.record(order(7, 10), 9);
        assertEquals(GrantState.SENT, again.state());
        assertEquals(5, again.createdMs());
        assertEquals(1, store.all().size());
    }

    @Test
    void shouldRefuseAnIdWithAnotherContent() {
        store.record(order(7, 10), 5);
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(order(7, 11)));
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(new GrantOrder(7, 2, GrantKind.TOP_UP, 10, "r")));
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(new GrantOrder(7, 1, GrantKind.REFUND, 10, "r")));
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(new GrantOrder(7, 1, GrantKind.TOP_UP, 10, "s")));
    }

    @Test
    void shouldGiveOutIdsAboveAllThatAreInUse() {
        assertEquals(GrantStore.FIRST_ID, store.record(order(0, 10), 5).order().grantId());
        applied(GrantStore.FIRST_ID + 10, 1, 1);
        assertEquals(GrantStore.FIRST_ID + 11, store.record(order(0, 10), 5).order().grantId());
    }

    @Test
    void shouldCountAGrantThatTheJournalHasAsDone() {
        applied(7, 1, 10);
        final GrantStore.Row row = store.record(order(7, 10), 5);
        assertEquals(GrantState.JOURNALED, row.state());
        assertEquals(77, row.sequence());
        assertTrue(store.due(100, 10).isEmpty());
        applied(8, 2, 10);
        assertEquals(BillingError.GRANT_ID_TAKEN, refusal(order(8, 10)));
    }

    @Test
    void shouldKeepAnAppliedGrantAppliedWhateverIsSeenAfter() {
        store.record(order(7, 10), 5);
        store.refused(7, 70, 6, "UNKNOWN_TARGET");
        assertTrue(store.due(100, 10).isEmpty());
        store.journaled(7, 71, 7);
        store.refused(7, 72, 8, "UNKNOWN_TARGET");
        store.sent(7, 9, 10);
        assertEquals(GrantState.JOURNALED, store.all().get(0).state());
        assertEquals(71, store.all().get(0).sequence());
    }

    @Test
    void shouldLetAnotherConnectionWriteBetweenDutyCycles() throws Exception {
        database.commit();
        try (Database beside = Database.openBeside(url, 2)) {
            beside.rest();
            assertTrue(store.due(100, 10).isEmpty());
            final CompletableFuture<Void> ordering = CompletableFuture.runAsync(() -> {
                new GrantStore(beside).record(order(7, 10), 5);
                beside.commit();
            });
            Thread.sleep(50);
            assertFalse(ordering.isDone(), "the reading transaction is still open");
            database.rest();
            ordering.get(10, TimeUnit.SECONDS);
            assertEquals(1, store.due(100, 10).size());
            store.sent(7, 6, 60);
            database.commit();
        }
    }
}
