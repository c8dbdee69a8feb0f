package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.TierStart;

/** Terms of plan versions: validity, tiers, rate class and windows, and that a version never changes. */
class PlanTermsTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final long SECOND = 1_000_000_000L;
    private static final long NO_END = 0;
    /** Thursday 21 January 2027 23:59:50 UTC. */
    private static final long THURSDAY = 1_800_575_990L * SECOND;

    private final CoreHarness h = new CoreHarness().ready();

    private void on(final int planId) {
        h.tenant.planId = planId;
        h.take(h.frames.tenant(1, h.tenant));
    }

    private long charged() {
        h.take(h.limit("C" + h.seq, E8, PRICE));
        return h.record.debitMicros();
    }

    private RejectReason tried() {
        return h.refused(h.limit("T" + h.seq, E8, PRICE));
    }

    @Test
    void shouldEndWithItsValidityAndGiveWayToTheVersionBefore() {
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        h.take(h.frames.planTerms(3, 2, h.now + 2 * SECOND, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 2, h.now + SECOND, 0, false, 0, 0, 50));
        on(3);
        assertEquals(10, charged());
        h.after(1_000);
        assertEquals(50, charged());
        h.after(999);
        assertEquals(50, charged());
        h.after(1);
        assertEquals(10, charged());
        assertEquals(1, h.record.planVersion());
    }

    @Test
    void shouldRefuseOrdersWhenNoVersionIsValid() {
        h.take(h.frames.planTerms(3, 1, h.now + SECOND, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        on(3);
        assertEquals(10, charged());
        h.after(1_000);
        assertEquals(RejectReason.NO_PLAN, tried());
    }

    @Test
    void shouldNotBeInForceBeforeItsPricesCome() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        on(3);
        assertEquals(RejectReason.NO_PLAN, tried());
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        assertEquals(10, charged());
    }

    @Test
    void shouldRefuseAnotherContentForAVersionAndTakeTheSameAsNothingNew() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0)));
        assertEquals(RouterCore.IGNORED, h.apply(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10)));
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, h.refused(h.frames.plan(3, 1, 1, 0, false, 0, 0, 11)));
        assertEquals(RejectReason.PLAN_VERSION_EXISTS,
            h.refused(h.frames.planTerms(3, 1, NO_END, TierStart.CONTINUE, 0, 0)));
        on(3);
        assertEquals(10, charged());
    }

    @Test
    void shouldRefuseTiersThatDoNotAscendOfAVersionWithTerms() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        h.apply(h.frames.plan(3, 1, 1, 0, false, 0, 20, 10, 0, 10, 5));
        assertEquals(RejectReason.MALFORMED.code(), h.core.lastReason());
    }

    @Test
    void shouldCountOnlyUnitsOfTheVersionSinceThePeriodBegan() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 2, 10, 0, 0, 3));
        h.take(h.frames.planTerms(3, 2, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 2, h.now + 1_000 * SECOND, 0, false, 0, 1, 70, 0, 0, 20));
        on(3);
        assertEquals(10, charged());
        assertEquals(10, charged());
        assertEquals(3, charged());
        h.take(h.frames.roll(1, PeriodKind.MONTH, h.now));
        assertEquals(10, charged());
        h.after(1_000_000);
        assertEquals(70, charged());
        assertEquals(20, charged());
    }

    @Test
    void shouldNameThePlansClassWhereItIsTheStricter() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 2, 10));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        on(3);
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.RATE_LIMITED_PLAN, tried());
        assertEquals(2, h.last().a());
        assertEquals(100, h.last().b());
        h.tenant.rateCapacity = 1;
        h.tenant.ratePerSecond = 2;
        on(3);
        h.after(100);
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.RATE_LIMITED_TENANT, tried());
        assertEquals(500, h.last().b());
        h.tenant.rateCapacity = 0;
        on(1);
        for (int i = 0; i < 5; i++) {
            assertEquals(RejectReason.NONE, tried(), "plan 1 gives no class");
        }
    }

    @Test
    void shouldGiveTheClassOfAWindowWhileItIsOpen() {
        h.now = THURSDAY;
        h.settle();
        final int friday = 1 << 4;
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 1, 1, friday, 0, 3, 3, 1_000));
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        on(3);
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.RATE_LIMITED_PLAN, tried(), "one per second before midnight");
        h.now = THURSDAY + 11 * SECOND;
        h.settle();
        for (int i = 0; i < 3; i++) {
            assertEquals(RejectReason.NONE, tried(), "three at once on Friday");
        }
        assertEquals(RejectReason.RATE_LIMITED_PLAN, tried());
        assertEquals(3, h.last().a());
        h.now = THURSDAY + 14 * SECOND;
        h.settle();
        assertEquals(RejectReason.NONE, tried());
        assertEquals(RejectReason.RATE_LIMITED_PLAN, tried());
        assertEquals(1, h.last().a());
    }

    @Test
    void shouldNotForgetAVersionThatCanComeBack() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().planVersionCapacity(2)).ready();
        small.take(small.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        small.take(small.frames.planTerms(3, 2, small.now + SECOND, TierStart.RESTART, 0, 0));
        small.take(small.frames.plan(3, 2, 2, 0, false, 0, 0, 20));
        small.apply(small.frames.planTerms(3, 3, NO_END, TierStart.RESTART, 0, 0));
        assertEquals(RejectReason.GATEWAY_BUSY.code(), small.core.lastReason());
        small.after(1_000);
        small.take(small.frames.planTerms(3, 3, NO_END, TierStart.RESTART, 0, 0));
    }

    @Test
    void shouldReserveForADearerVersionThatIsScheduled() {
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 1, 1, 2, false, 1, 0, 100, 2, 0, 7));
        h.take(h.frames.planTerms(3, 2, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 2, h.now + SECOND, 3, false, 1, 0, 10, 2, 0, 50));
        h.take(h.frames.planTerms(3, 3, NO_END, TierStart.RESTART, 0, 0));
        on(3);
        h.take(h.frames.grant(2, 1, GrantKind.ADJUSTMENT, 249 - h.view.availableMicros(1)));
        assertEquals(RejectReason.CREDIT_EXHAUSTED, tried(), "sent at 100 and three executions at 50 are 250");
        h.take(h.frames.grant(3, 1, GrantKind.TOP_UP, 1));
        final long order = h.order("A", 3 * E8, PRICE);
        assertEquals(250, h.record.reservedMicros());
        h.take(h.frames.sentOne(CoreHarness.ACCOUNT, order));
        assertEquals(100, h.record.debitMicros());
        h.after(1_000);
        for (int trade = 1; trade <= 3; trade++) {
            h.take(h.fill(order, E8, PRICE, trade));
            assertEquals(50, h.record.debitMicros());
            assertEquals(-50, h.record.reservedMicros());
            assertEquals(0, h.view.availableMicros(1));
            assertEquals(0, h.view.receivableMicros(1));
        }
    }

    @Test
    void shouldReserveForAVersionThatComesBackAndNotForOneThatIsOver() {
        h.take(h.frames.plan(3, 1, 1, 0, false, 1, 0, 100));
        h.take(h.frames.planTerms(3, 2, h.now + SECOND, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 2, 2, 0, false, 1, 0, 10));
        on(3);
        h.order("A", E8, PRICE);
        assertEquals(2, h.record.planVersion());
        assertEquals(100, h.record.reservedMicros());
        h.take(h.frames.planTerms(3, 3, NO_END, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(3, 3, 3, 0, false, 1, 0, 20));
        h.order("B", E8, PRICE);
        assertEquals(20, h.record.reservedMicros());
    }

    @Test
    void shouldReserveAtTheVersionInForceWhereNoneHasTerms() {
        h.take(h.frames.plan(3, 1, 1, 0, false, 1, 0, 10));
        h.take(h.frames.plan(3, 2, h.now + SECOND, 0, false, 1, 0, 50));
        on(3);
        h.order("A", E8, PRICE);
        assertEquals(10, h.record.reservedMicros());
    }

    @Test
    void shouldTakeOtherTermsUntilThePricesCome() {
        h.take(h.frames.planTerms(3, 1, h.now + SECOND, TierStart.RESTART, 9, 9, 127, 0, 86_400, 1, 1));
        assertEquals(RouterCore.IGNORED,
            h.apply(h.frames.planTerms(3, 1, h.now + SECOND, TierStart.RESTART, 9, 9, 127, 0, 86_400, 1, 1)));
        h.take(h.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 2, 1));
        on(3);
        assertEquals(RejectReason.NO_PLAN, tried(), "the prices are still awaited");
        h.take(h.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        h.after(2_000);
        assertEquals(RejectReason.NONE, tried(), "the end of the first terms does not hold");
        assertEquals(RejectReason.NONE, tried(), "nor does their window");
        assertEquals(RejectReason.RATE_LIMITED_PLAN, tried());
        assertEquals(2, h.last().a());
        h.apply(h.frames.planTerms(3, 1, NO_END, TierStart.CONTINUE, 2, 1));
        assertEquals(RejectReason.PLAN_VERSION_EXISTS.code(), h.core.lastReason());
    }

    @Test
    void shouldForgetTermsWithoutPricesWhereOthersNeedTheirRoom() {
        final CoreHarness small = new CoreHarness(new RouterCore.Context().planVersionCapacity(2)).ready();
        small.take(small.frames.planTerms(3, 1, NO_END, TierStart.RESTART, 0, 0));
        small.take(small.frames.plan(3, 1, 1, 0, false, 0, 0, 10));
        small.take(small.frames.planTerms(3, 2, NO_END, TierStart.RESTART, 0, 0));
        small.take(small.frames.planTerms(3, 3, NO_END, TierStart.RESTART, 0, 0));
        small.apply(small.frames.plan(3, 2, 2, 0, false, 0, 0, 20));
        assertEquals(RejectReason.GATEWAY_BUSY.code(), small.core.lastReason(), "prices take no place of terms");
        small.take(small.frames.plan(3, 3, small.now + SECOND, 0, false, 0, 0, 30));
        small.apply(small.frames.planTerms(3, 4, NO_END, TierStart.RESTART, 0, 0));
        assertEquals(RejectReason.GATEWAY_BUSY.code(), small.core.lastReason());
    }

    @Test
    void shouldTellTheClassThatAPlanGivesBeforeTheTenantsNextMessage() {
        h.take(h.frames.planTerms(3, 7, h.now + 9 * SECOND, TierStart.RESTART, 5, 6));
        h.take(h.frames.plan(3, 7, 1, 0, false, 0, 0, 1));
        on(3);
        assertEquals("\"level\":4,\"tenant\":1,\"session\":0,\"route\":0,\"burst\":5,\"perSecond\":6,\"left\":5,"
            + "\"plan\":3,\"version\":7,\"window\":0,\"untilNs\":" + (h.now + 9 * SECOND), planRate());
        charged();
        assertTrue(planRate().contains("\"left\":4,"), planRate());
        h.take(h.frames.planTerms(3, 8, NO_END, TierStart.RESTART, 5, 6, 127, 0, 86_400, 50, 60));
        h.take(h.frames.plan(3, 8, 2, 0, false, 0, 0, 1));
        assertTrue(planRate().contains("\"burst\":50,\"perSecond\":60,\"left\":49,\"plan\":3,\"version\":8,"
            + "\"window\":1"), planRate());
        on(1);
        assertEquals("", planRate(), "plan 1 gives no class");
    }

    private String planRate() {
        h.admin.clear();
        h.apply(h.frames.admin(AdminKind.RATES, 0));
        return h.admin.stream().filter(text -> text.contains("\"level\":4")).findFirst()
            .map(text -> text.substring(text.indexOf('{') + 1, text.indexOf('}'))).orElse("");
    }

    @Test
    void shouldTellVersionsWithTheirPricesAndWhichIsInForce() {
        h.take(h.frames.planTerms(3, 7, NO_END, TierStart.RESTART, 5, 6));
        h.take(h.frames.plan(3, 7, 1, 0, false, 1, 100, 0, 1, 0, 9));
        h.apply(h.frames.admin(AdminKind.PLANS, 0));
        final String row = h.admin.stream().filter(text -> text.contains("\"version\":7")).findFirst().orElseThrow();
        assertTrue(row.contains("\"plan\":3,") && row.contains("\"inForce\":1") && row.contains("\"restart\":1")
            && row.contains("\"burst\":5,\"perSecond\":6") && row.contains("\"order-sent\":[100,0,0,9]"), row);
    }
}
