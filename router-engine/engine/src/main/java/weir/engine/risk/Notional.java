package weir.engine.risk;

import weir.engine.book.Wide;
import weir.engine.registry.Instruments;
import weir.protocol.Scale;

/** Value of a quantity at a price in the instrument's quote currency, exact and rounded once. */
public final class Notional {
    /** Stands for a value that does not fit, so that sums of it can still be taken back. */
    public static final long HUGE = Long.MAX_VALUE >> 2;
    private static final int INVERSE = 2;

    private final Instruments instruments;

    /**
     * Values instruments of a registry.
     *
     * @param instruments kinds and contract sizes
     */
    public Notional(final Instruments instruments) {
        this.instruments = instruments;
    }

    /**
     * Spot price x quantity; linear price x quantity x multiplier; inverse quantity x multiplier, whatever the price.
     *
     * @param instrument instrument slot
     * @param qty        E8, not negative
     * @param price      E8, not negative
     * @param roundUp    round up (against a maximum) or down (against a minimum)
     * @return E8, or {@link Wide#OVERFLOW}
     */
    public long of(final int instrument, final long qty, final long price, final boolean roundUp) {
        final long multiplier = instruments.multiplier[instrument];
        if (instruments.kind[instrument] == INVERSE) {
            return Wide.mulDiv(qty, multiplier, Scale.E8, roundUp);
        }
        return multiplier == Scale.E8 ? Wide.mulDiv(qty, price, Scale.E8, roundUp)
            : Wide.mulMulDivDiv(qty, multiplier, price, Scale.E8, roundUp);
    }

    /**
     * As {@link #of} rounded up, with {@link #HUGE} for what does not fit.
     *
     * @param instrument instrument slot
     * @param qty        E8, not negative
     * @param price      E8, not negative
     * @return E8, at most HUGE
     */
    public long bounded(final int instrument, final long qty, final long price) {
        final long value = of(instrument, qty, price, true);
        return value == Wide.OVERFLOW || value > HUGE ? HUGE : value;
    }
}
