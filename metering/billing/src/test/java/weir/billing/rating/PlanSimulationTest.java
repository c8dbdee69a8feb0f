package weir.billing.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.OptionalLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import weir.billing.world.EngineDriver;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.PlanTermsEncoder;
import weir.protocol.sbe.TierStart;

/** A journal of the real core rated under the plan that was in force, and under one at twice the price. */
class PlanSimulationTest {
    private static final long[][] IN_FORCE =
        {{0, 50, 10}, {0, 0, 3}, {1, 20, 50}, {1, 0, 40}, {2, 3, 200}, {2, 0, 150}, {3, 100, 2}, {3, 0, 1}};

    private final EngineDriver engine = new EngineDriver(7);

    private PlanSimulation simulation(final long times) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final PlanTermsEncoder terms = new PlanTermsEncoder().wrapAndApplyHeader(buffer, 0, header);
        terms.planId(9).version(1).validUntilNs(PlanTermsEncoder.validUntilNsNullValue()).tiers(TierStart.RESTART)
            .rateCapacity(0).ratePerSecond(0);
        terms.burstsCount(0);
        terms.actor("");
        final byte[] first = new byte[MessageHeaderEncoder.ENCODED_LENGTH + terms.encodedLength()];
        buffer.getBytes(0, first);
        final PlanConfigEncoder config = new PlanConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        config.planId(9).version(1).effectiveNs(Long.MAX_VALUE).currency("USD").fillsReserved(2)
            .fillPerOrder(BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = config.pricesCount(IN_FORCE.length);
        for (final long[] row : IN_FORCE) {
            prices.next().meter(Meter.get((short)row[0])).upTo(row[1]).priceMicros(times * row[2]);
        }
        final byte[] second = new byte[MessageHeaderEncoder.ENCODED_LENGTH + config.encodedLength()];
        buffer.getBytes(0, second);
        return new PlanSimulation(first, second);
    }

    private void traffic() {
        engine.tenant(2, 7);
        engine.grant(1, 1_000_000);
        engine.requests(1, 80);
        engine.requests(2, 20);
        engine.orders(2, 6);
        engine.orders(1, 2);
        engine.computed(2, 150);
    }

    @Test
    void shouldComeToTheBilledAmountsUnderThePlanInForce() {
        traffic();
        final PlanSimulation simulation = simulation(1);
        final List<PlanSimulation.Line> lines = simulation.run(engine.frames().source());
        assertEquals(0, simulation.differences(), "the engine debited what is shown as billed");
        assertEquals(7, lines.size(), lines::toString);
        for (final PlanSimulation.Line line : lines) {
            assertEquals(line.microsNow(), line.microsThen(), line::toString);
            assertEquals(line.tiersNow(), line.tiersThen(), line::toString);
        }
    }

    @Test
    void shouldComeToTwiceTheAmountAtTwiceThePrices() {
        traffic();
        final List<PlanSimulation.Line> lines = simulation(2).run(engine.frames().source());
        assertFalse(lines.isEmpty());
        for (final PlanSimulation.Line line : lines) {
            assertEquals(line.unitsNow(), line.unitsThen(), line::toString);
            assertEquals(2 * line.microsNow(), line.microsThen(), line::toString);
        }
    }

    @Test
    void shouldFillTheTiersWithWhatWasBeforeTheSpanThatIsCounted() {
        engine.requests(2, 50);
        engine.at(2_000_000_000_000_000_000L);
        engine.requests(2, 10);
        final List<PlanSimulation.Line> lines = simulation(1)
            .between(OptionalLong.of(2_000_000_000_000_000_000L), OptionalLong.empty()).run(engine.frames().source());
        assertEquals(1, lines.size(), lines::toString);
        assertEquals(10, lines.get(0).unitsNow());
        assertEquals(30, lines.get(0).microsThen(), "all of the second tier");
    }
}
