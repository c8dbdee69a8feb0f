package weir.billing.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Account;
import weir.billing.ledger.Balances;
import weir.billing.ledger.Ledger;
import weir.billing.world.World;
import weir.protocol.RejectReason;
import weir.protocol.sbe.GrantKind;

class RaterTest {
    private final List<Discrepancy> discrepancies = new ArrayList<>();
    private final RatingState state = new RatingState();
    private final Rater rater = new Rater(state, new MapOrderMemory(), discrepancies::add);
    private final Ledger ledger = new Ledger(discrepancies::add);
    private final Map<String, Long> units = new TreeMap<>();
    private final Map<Integer, Long> debits = new TreeMap<>();
    private final List<Integer> alerts = new ArrayList<>();

    private void rate(final World world) {
        final RecordView view = new RecordView();
        final Rating rating = new Rating();
        world.frames.source().poll((buffer, offset, length, sequence) -> {
            view.wrap(buffer, offset, length);
            rater.rate(view, rating);
            ledger.post(rating, view);
            for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                if (rating.units(meter) != 0) {
                    units.merge(rating.tenantId() + "/" + MeterKind.of(meter).label(), rating.units(meter), Long::sum);
                }
            }
            if (rating.debitMicros() != 0) {
                debits.merge(rating.tenantId(), rating.debitMicros(), Long::sum);
            }
            if (rating.alertPercent() != 0) {
                alerts.add(rating.alertPercent());
            }
        }, Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldAgreeWithNaiveModelOnUnitsDebitsAndBalances(final long seed) {
        final World world = World.standard(World.JOURNAL_ID);
        world.play(seed, 600);
        rate(world);
        assertEquals(List.of(), discrepancies, "seed " + seed);
        world.units.values().removeIf(count -> count == 0);
        assertEquals(world.units, units);
        assertEquals(world.debits, debits);
        for (final Balances balances : ledger.all()) {
            long sum = 0;
            for (final Account account : Account.values()) {
                sum += balances.amount(account);
            }
            assertEquals(0, sum, "tenant " + balances.tenantId());
        }
    }

    @Test
    void shouldReportUnitsThatTheRecordDoesNotCharge() {
        final World world = World.standard(World.JOURNAL_ID);
        world.nextRequestUnitsOff = 1;
        world.newOrder(1, null);
        rate(world);
        assertEquals(List.of(new Discrepancy(9, Discrepancy.Kind.REQUEST_UNITS, 1, 1, 2)), discrepancies);
    }

    @Test
    void shouldCrossTiersWithinOneRecord() {
        final World world = World.standard(World.JOURNAL_ID);
        world.scheduleStart(1, 5);
        world.advance(2_500L * 1_000_000L);
        world.scheduleStop(1, 5);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertEquals(1_000 * 2 + 1_500, debits.get(1));
    }

    @Test
    void shouldMeasureSchedulesOfTwoTenantsWithOneId() {
        final World world = World.standard(World.JOURNAL_ID);
        world.scheduleStart(1, 5);
        world.scheduleStart(3, 5);
        world.advance(1_000L * 1_000_000L);
        world.scheduleStop(1, 5);
        world.scheduleStop(3, 5);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertEquals(1_000, units.get("1/compute_ms"));
        assertEquals(1_000, units.get("2/compute_ms"));
    }

    @Test
    void shouldChargeOrderSentOnceWhenExecutionComesBeforeSent() {
        final World world = World.standard(World.JOURNAL_ID);
        final long orderId = world.newOrder(1, null);
        world.ack(orderId);
        world.sent(orderId);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertEquals(1, units.get("1/order_sent"));
    }

    @Test
    void shouldChargeNothingForRefusalForCredit() {
        final World world = World.standard(World.JOURNAL_ID);
        world.newOrder(1, RejectReason.CREDIT_EXHAUSTED);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertTrue(units.isEmpty(), units.toString());
    }

    @Test
    void shouldOweWhatCreditDoesNotCoverAndPayItByTheNextGrant() {
        final World world = new World(World.JOURNAL_ID);
        world.instrument();
        world.plan(1, new long[][]{{0, 0, 1}, {1, 0, 50}, {2, 0, 200}});
        world.tenant(1, "alpha", false);
        world.session(1, 1, "ALPHA1");
        world.grant(1, 1, GrantKind.TOP_UP, 500);
        final long orderId = world.newOrder(1, null);
        world.sent(orderId);
        for (int i = 0; i < 4; i++) {
            world.fill(orderId, "0.1", "1");
        }
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertEquals(0, ledger.tenant(1).amount(Account.CREDIT));
        assertEquals(-(1 + 50 + 800 - 500), ledger.tenant(1).amount(Account.RECEIVABLE));
    }

    @Test
    void shouldPayWhatIsOwedFirstWhenGrantComes() {
        final World world = new World(World.JOURNAL_ID);
        world.plan(1, new long[][]{{0, 0, 70}});
        world.tenant(1, "alpha", false);
        world.session(1, 1, "ALPHA1");
        world.inquire(1, true);
        world.grant(1, 1, GrantKind.TOP_UP, 100);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertEquals(30, ledger.tenant(1).amount(Account.CREDIT));
        assertEquals(0, ledger.tenant(1).amount(Account.RECEIVABLE));
        assertEquals(-100, ledger.tenant(1).amount(Account.FUNDING));
    }

    @Test
    void shouldChargeNothingForMalformedCommand() {
        final World world = World.standard(World.JOURNAL_ID);
        world.malformed(1);
        rate(world);
        assertEquals(List.of(), discrepancies);
        assertTrue(units.isEmpty(), units.toString());
    }

    @Test
    void shouldPassEachBudgetThresholdOncePerPeriod() {
        final World world = new World(World.JOURNAL_ID);
        world.plan(1, new long[][]{{0, 0, 10}});
        world.tenant(1, "alpha", true);
        world.session(1, 1, "ALPHA1");
        world.budget(1, 100);
        for (int i = 0; i < 12; i++) {
            world.inquire(1, true);
        }
        world.rollMonth(1);
        for (int i = 0; i < 9; i++) {
            world.inquire(1, true);
        }
        world.budget(1, 1_000);
        world.budget(1, 92);
        rate(world);
        assertEquals(List.of(70, 85, 100, 70, 85, 95), alerts);
    }
}
