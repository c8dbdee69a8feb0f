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
        return of(instruments.kind[instrument], instruments.multiplier[instrument], qty, price, roundUp);
    }

    /**
     * As {@link #of(int, long, long, boolean)}, for an instrument whose terms are at hand.
     *
     * @param kind       InstrumentKind, raw
     * @param multiplier contract size, E8
     * @param qty        E8, not negative
     * @param price      E8, not negative
     * @param roundUp    round up (against a maximum) or down (against a minimum)
     * @return E8, or {@link Wide#OVERFLOW}
     */
    public static long of(final int kind, final long multiplier, final long qty, final long price,
        final boolean roundUp) {
        if (kind == INVERSE) {
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
        return bounded(of(instrument, qty, price, true));
    }

    /**
     * A value rounded up, or {@link #HUGE} when it does not fit.
     *
     * @param value as {@link #of} answered it
     * @return E8, at most HUGE
     */
    public static long bounded(final long value) {
        return value == Wide.OVERFLOW || value > HUGE ? HUGE : value;
    }
}
