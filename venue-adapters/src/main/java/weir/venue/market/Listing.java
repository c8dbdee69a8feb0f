package weir.venue.market;

import weir.protocol.sbe.InstrumentStatus;

/**
 * An instrument that is loaded from its venue or priced by its feed, as our files state it. Amounts are mantissas with
 * exponent -8; 0 = not stated.
 *
 * @param id            instrument id
 * @param symbol        desk symbol
 * @param venueSymbol   what the venue calls it
 * @param load          whether its terms come from the venue
 * @param feed          whether its prices come from the venue's feed
 * @param priceMaxAgeMs age at which a price is stale; 0 = never
 * @param status        trading state of ours; the more restrictive of it and the venue's holds
 * @param tickE8        price step of ours
 * @param lotE8         quantity step of ours
 * @param minQtyE8      least quantity of ours
 * @param minNotionalE8 least notional of ours
 * @param inForce       InstrumentConfig(25) that the core has from its journal, null = none
 */
public record Listing(int id, String symbol, String venueSymbol, boolean load, boolean feed, int priceMaxAgeMs,
    InstrumentStatus status, long tickE8, long lotE8, long minQtyE8, long minNotionalE8, byte[] inForce) {
}
