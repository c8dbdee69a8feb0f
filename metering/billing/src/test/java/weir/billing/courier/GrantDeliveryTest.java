package weir.billing.courier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import weir.billing.BillingProcess;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.GrantState;
import weir.billing.store.Database;
import weir.billing.store.GrantStore;
import weir.billing.world.Fixture;
import weir.billing.world.Store;
import weir.billing.world.World;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.MessageHeaderDecoder;

@Timeout(60)
@ParameterizedClass
@EnumSource(Store.class)
class GrantDeliveryTest {
    private final Fixture fixture;
    private final World world = World.standard(World.JOURNAL_ID);

    GrantDeliveryTest(final Store store) {
        fixture = new Fixture(store);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A line that refuses some offers, then takes all and keeps what it took. */
    private static final class RecordingLine implements GrantLine {
        final List<GrantOrder> taken = new CopyOnWriteArrayList<>();
        final AtomicInteger refusals;

        RecordingLine(final int refusals) {
            this.refusals = new AtomicInteger(refusals);
        }

        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length) {
            if (refusals.getAndDecrement() > 0) {
                return false;
            }
            final GrantDecoder grant = new GrantDecoder().wrapAndApplyHeader(buffer, offset,
                new MessageHeaderDecoder());
            taken.add(new GrantOrder(grant.grantId(), grant.tenantId(), grant.kind(), grant.amountMicros(),
                grant.reference()));
            return true;
        }

        @Override
        public void close() {
            refusals.set(Integer.MAX_VALUE);
        }
    }

    private GrantStore.Row row(final long id) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 1)) {
            return new GrantStore(database).all().stream().filter(row -> row.order().grantId() == id).findFirst()
                .orElseThrow();
        }
    }

    private void order(final GrantOrder order) {
        try (Database database = Database.openBeside(fixture.jdbcUrl(), 1)) {
            new GrantStore(database).record(order, System.currentTimeMillis());
            database.commit();
        }
    }

    @Test
    void shouldOfferAgainUntilTheJournalShowsIt() {
        final GrantOrder order = new GrantOrder(70, 1, GrantKind.TOP_UP, 5_000, "ref-70");
        final RecordingLine line = new RecordingLine(3);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).grantLine(line))) {
            order(order);
            Fixture.await("two offers", () -> line.taken.size() >= 2, line.taken::size);
            assertEquals(order, line.taken.get(0));
            assertEquals(order, line.taken.get(1));
            assertEquals(GrantState.SENT, row(70).state());
            world.grant(70, 1, GrantKind.TOP_UP, 5_000);
            Fixture.await("journaled", () -> row(70).state() == GrantState.JOURNALED, () -> row(70));
            assertEquals(world.frames.size(), row(70).sequence());
            final int offers = line.taken.size();
            Fixture.await("position", () -> process.position() == world.frames.size(), process::position);
            assertTrue(row(70).attempts() >= 2 && row(70).attempts() <= offers, () -> row(70).toString());
        }
        assertEquals(List.of(), fixture.report().discrepancies());
    }

    @Test
    void shouldNotOfferWhatTheJournalHasAlready() {
        world.grant(71, 1, GrantKind.TOP_UP, 5_000);
        final RecordingLine line = new RecordingLine(0);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).grantLine(line))) {
            Fixture.await("position", () -> process.position() == world.frames.size(), process::position);
            order(new GrantOrder(71, 1, GrantKind.TOP_UP, 5_000, "ref-71"));
            Fixture.await("journaled", () -> row(71).state() == GrantState.JOURNALED, () -> row(71));
            assertEquals(List.of(), line.taken);
        }
    }

    @Test
    void shouldRefuseAnIdThatTheJournalAppliedWithAnotherContent() {
        final RecordingLine line = new RecordingLine(Integer.MAX_VALUE);
        try (BillingProcess process = BillingProcess.launch(fixture.context(world.frames).grantLine(line))) {
            order(new GrantOrder(72, 1, GrantKind.TOP_UP, 6_000, "ref-72"));
            world.grant(72, 1, GrantKind.TOP_UP, 5_000);
            Fixture.await("refused", () -> row(72).state() == GrantState.REFUSED, () -> row(72));
            assertEquals("GRANT_ID_TAKEN", row(72).reason());
            assertTrue(process.position() > 0);
        }
    }
}
