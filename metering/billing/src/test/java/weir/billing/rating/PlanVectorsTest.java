package weir.billing.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.world.EngineDriver;
import weir.protocol.sbe.TierStart;

/**
 * Published arithmetic of graduated tiers, through the real core and through billing: each charges every record by code
 * of its own. A cent is 10,000 micro-units. Tenant 2 is postpaid, so that nothing but prices decides.
 */
class PlanVectorsTest {
    private static final int PLAN = 70;
    private static final int REQUEST = 0;
    private static final int SENT = 1;
    private static final int FILLED = 2;
    private static final int COMPUTE = 3;
    private static final long CENT = 10_000;
    private static final long[][] CENTS_10_5_1 = {{3, 1_000, 10 * CENT}, {3, 10_000, 5 * CENT}, {3, 0, CENT}};

    private final EngineDriver engine = new EngineDriver(1);
    private long start = at("2031-01-01T00:00:00Z");

    private static long at(final String instant) {
        return Instant.parse(instant).getEpochSecond() * 1_000_000_000L;
    }

    /** Amounts of tenant 2 per meter as both have them. */
    private long[] billed() {
        final List<Discrepancy> differences = new ArrayList<>();
        final Rater rater = new Rater(new RatingState(), new MapOrderMemory(), differences::add);
        final Ledger ledger = new Ledger(differences::add);
        final RecordView view = new RecordView();
        final Rating rating = new Rating();
        final long[] amounts = new long[MeterKind.COUNT];
        final long[] debits = new long[2];
        engine.frames().source().poll((buffer, offset, length, sequence) -> {
            view.wrap(buffer, offset, length);
            rater.rate(view, rating);
            ledger.post(rating, view);
            if (rating.tenantId() == 2) {
                debits[0] += view.record().debitMicros();
                for (int meter = 0; meter < MeterKind.COUNT; meter++) {
                    amounts[meter] += rating.amountMicros(meter);
                    debits[1] += rating.amountMicros(meter);
                }
            }
        }, Integer.MAX_VALUE);
        assertEquals(List.of(), differences);
        assertEquals(debits[0], debits[1], "what the engine debited");
        return amounts;
    }

    private void on(final TierStart tiers, final long[][] rows) {
        engine.at(start);
        engine.plan(PLAN, 1, 0, 0, tiers, rows);
        engine.tenant(2, PLAN);
    }

    @Test
    void shouldBill57345CentsFor12345UnitsGraduated() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.computed(2, 12_345);
        assertEquals(57_345 * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldBillTheLastUnitOfATierAndTheFirstOfTheNext() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.computed(2, 1_000);
        assertEquals(10_000 * CENT, billed()[COMPUTE]);
        engine.computed(2, 1);
        assertEquals(10_005 * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldBillTheSameInManyRecordsAsInOne() {
        on(TierStart.RESTART, new long[][]{{0, 100, 10 * CENT}, {0, 1_000, 5 * CENT}, {0, 0, CENT}});
        engine.requests(2, 1_234);
        assertEquals((100 * 10 + 900 * 5 + 234) * CENT, billed()[REQUEST]);
    }

    @Test
    void shouldBillAQuarterCentPerUnitWithoutRounding() {
        on(TierStart.RESTART, new long[][]{{3, 0, CENT / 4}});
        engine.computed(2, 12_345);
        assertEquals(30_862_500, billed()[COMPUTE]); // 3,086.25 cents
    }

    @Test
    void shouldPriceEveryMeterOfItsOwn() {
        on(TierStart.RESTART, new long[][]{{0, 2, 0}, {0, 0, 7}, {1, 1, 100}, {1, 0, 50}, {2, 2, 300}, {2, 0, 200},
            {3, 0, 2}});
        engine.orders(2, 3);
        engine.computed(2, 250);
        final long[] billed = billed();
        // three orders and a schedule's start and stop, of which orders alone are requests
        assertEquals(7, billed[REQUEST], "two are included");
        assertEquals(100 + 50 + 50, billed[SENT]);
        assertEquals(300 + 300 + 200, billed[FILLED]);
        assertEquals(500, billed[COMPUTE]);
    }

    @Test
    void shouldSeeOnlyItsOwnWindowWhenThePriceChangesOnThe16th() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.plan(PLAN, 2, at("2031-01-16T00:00:00Z"), 0, TierStart.RESTART,
            new long[][]{{3, 1_000, 20 * CENT}, {3, 0, 2 * CENT}});
        engine.computed(2, 1_500);
        assertEquals((1_000 * 10 + 500 * 5) * CENT, billed()[COMPUTE]);
        engine.at(at("2031-01-16T00:00:00Z"));
        engine.computed(2, 1_200);
        assertEquals((1_000 * 10 + 500 * 5 + 1_000 * 20 + 200 * 2) * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldGoOnInTheTiersWhereThePlanSaysContinue() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.plan(PLAN, 2, at("2031-01-16T00:00:00Z"), 0, TierStart.CONTINUE,
            new long[][]{{3, 2_000, 20 * CENT}, {3, 0, 2 * CENT}});
        engine.computed(2, 1_500);
        engine.at(at("2031-01-16T00:00:00Z"));
        engine.computed(2, 1_200);
        assertEquals((1_000 * 10 + 500 * 5 + 500 * 20 + 700 * 2) * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldGoOnInTheTiersOfAVersionWithoutTerms() {
        on(null, CENTS_10_5_1);
        engine.plan(PLAN, 2, at("2031-01-16T00:00:00Z"), 0, null, new long[][]{{3, 2_000, 20 * CENT}, {3, 0, CENT}});
        engine.computed(2, 1_500);
        engine.at(at("2031-01-16T00:00:00Z"));
        engine.computed(2, 1_200);
        assertEquals((1_000 * 10 + 500 * 5 + 500 * 20 + 700) * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldKeepTheTenantsPlaceWhenTermsComeToAVersionInForce() {
        on(null, CENTS_10_5_1);
        engine.computed(2, 1_500);
        engine.plan(PLAN, 1, 0, 0, TierStart.RESTART, CENTS_10_5_1);
        engine.computed(2, 100);
        assertEquals((1_000 * 10 + 600 * 5) * CENT, billed()[COMPUTE]);
    }

    @Test
    void shouldBeginTheTiersOfTheNewPlanWhenATenantChangesIt() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.plan(PLAN + 1, 1, 0, 0, TierStart.RESTART, new long[][]{{3, 1_000, 20 * CENT}, {3, 0, 2 * CENT}});
        engine.plan(PLAN + 2, 1, 0, 0, TierStart.CONTINUE, new long[][]{{3, 2_800, 3 * CENT}, {3, 0, CENT}});
        engine.computed(2, 1_500);
        engine.tenant(2, PLAN + 1);
        engine.computed(2, 1_200);
        final long sum = 1_000 * 10 + 500 * 5 + 1_000 * 20 + 200 * 2;
        assertEquals(sum * CENT, billed()[COMPUTE]);
        engine.tenant(2, PLAN + 2);
        engine.computed(2, 200);
        assertEquals((sum + 100 * 3 + 100) * CENT, billed()[COMPUTE]);
        engine.tenant(2, PLAN);
        engine.computed(2, 10);
        assertEquals((sum + 100 * 3 + 100 + 10 * 10) * CENT, billed()[COMPUTE], "and back: from the first tier");
    }

    @Test
    void shouldChargeNothingAfterTheEndOfValidityAndTheOlderVersionWhereThereIsOne() {
        on(TierStart.RESTART, CENTS_10_5_1);
        engine.plan(PLAN, 2, at("2031-01-10T00:00:00Z"), at("2031-01-20T00:00:00Z"), TierStart.RESTART,
            new long[][]{{3, 0, CENT}});
        engine.at(at("2031-01-10T00:00:00Z"));
        engine.computed(2, 100);
        assertEquals(100 * CENT, billed()[COMPUTE]);
        engine.at(at("2031-01-20T00:00:00Z"));
        engine.computed(2, 100);
        assertEquals(100 * CENT + 100 * 10 * CENT, billed()[COMPUTE]);
        engine.plan(PLAN + 1, 1, 0, at("2031-01-25T00:00:00Z"), TierStart.RESTART, CENTS_10_5_1);
        engine.tenant(2, PLAN + 1);
        engine.at(at("2031-01-25T00:00:00Z"));
        engine.requests(2, 5);
        assertEquals(1_100 * CENT, billed()[COMPUTE], "no plan is in force: requests are refused and free");
    }
}
