package weir.venue.market;

import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;

/**
 * Terms of an instrument as the venue states them. Amounts are mantissas with exponent -8.
 *
 * @param venueSymbol   what the venue calls it
 * @param kind          spot, linear, inverse
 * @param status        from the venue's flags
 * @param tickE8        price step, positive
 * @param lotE8         quantity step, positive
 * @param minQtyE8      least quantity
 * @param minNotionalE8 least notional
 * @param multiplierE8  contract size: of a linear contract in base currency, of an inverse one in quote currency
 * @param quoteCurrency currency of prices
 */
public record LoadedInstrument(String venueSymbol, InstrumentKind kind, InstrumentStatus status, long tickE8,
    long lotE8, long minQtyE8, long minNotionalE8, long multiplierE8, String quoteCurrency) {

    /**
     * The same in another trading state.
     *
     * @param other the state
     * @return a copy
     */
    public LoadedInstrument in(final InstrumentStatus other) {
        return new LoadedInstrument(venueSymbol, kind, other, tickE8, lotE8, minQtyE8, minNotionalE8, multiplierE8,
            quoteCurrency);
    }
}
