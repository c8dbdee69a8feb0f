package weir.config.model;

import java.util.Optional;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;

/**
 * Desk symbol to venue symbol. Amounts are mantissas with exponent -8.
 *
 * @param id            number in messages and records
 * @param venue         name of its venue
 * @param symbol        Symbol(55) of desks
 * @param venueSymbol   what the venue calls it
 * @param kind          spot, linear, inverse
 * @param status        trading state at start
 * @param tickE8        price step
 * @param lotE8         quantity step
 * @param minQtyE8      least quantity
 * @param minNotionalE8 least price x quantity x multiplier
 * @param multiplierE8  contract multiplier
 * @param quoteCurrency currency of prices
 * @param priceMaxAgeMs age at which a reference price is stale; 0 = never
 * @param reference     a static reference price; empty = only from the venue's feed
 * @param load          whether the venue states the terms; those that stand here (0 = none) win where they are stricter
 */
public record Instrument(int id, String venue, String symbol, String venueSymbol, InstrumentKind kind,
    InstrumentStatus status, long tickE8, long lotE8, long minQtyE8, long minNotionalE8, long multiplierE8,
    String quoteCurrency, int priceMaxAgeMs, Optional<StaticPrice> reference, boolean load) {

    /**
     * A price that stands in the file.
     *
     * @param bidE8  best bid
     * @param askE8  best ask
     * @param lastE8 last trade
     */
    public record StaticPrice(long bidE8, long askE8, long lastE8) {
    }
}
