package weir.billing.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.billing.intake.RecordView;
import weir.billing.ledger.Ledger;
import weir.billing.world.EngineDriver;

/** J9: the real core and billing agree on units, debits and balances of every record, to the micro-unit. */
class EngineAgreementTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldRateEveryRecordAsTheEngineDebitedIt(final long seed) {
        final EngineDriver engine = new EngineDriver(seed);
        engine.play(5_000);
        final List<Discrepancy> discrepancies = new ArrayList<>();
        final Rater rater = new Rater(new RatingState(), new MapOrderMemory(), discrepancies::add);
        final Ledger ledger = new Ledger(discrepancies::add);
        final RecordView view = new RecordView();
        final Rating rating = new Rating();
        final long[] units = new long[MeterKind.COUNT];
        engine.frames().source().poll((buffer, offset, length, sequence) -> {
            view.wrap(buffer, offset, length);
            rater.rate(view, rating);
            ledger.post(rating, view);
            for (int meter = 0; meter < units.length; meter++) {
                units[meter] += rating.units(meter);
            }
        }, Integer.MAX_VALUE);
        assertEquals(List.of(), discrepancies, "seed " + seed);
        for (int meter = 0; meter < units.length; meter++) {
            assertTrue(units[meter] > 50, MeterKind.of(meter) + " is exercised: " + units[meter]);
        }
    }
}
