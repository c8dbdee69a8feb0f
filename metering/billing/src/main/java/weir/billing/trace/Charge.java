package weir.billing.trace;

import weir.billing.rating.MeterKind;

/**
 * What one record charged at one price.
 *
 * @param sequence    record
 * @param epochNs     its journaled time
 * @param tenantId    who pays
 * @param orderId     order; 0 none
 * @param input       what was journaled, in words
 * @param meter       meter
 * @param planId      plan
 * @param planVersion its version
 * @param tier        tier of the meter, from 1; 0 when the plan has no price for it
 * @param units       units at this price
 * @param priceMicros micro-units per unit
 */
public record Charge(long sequence, long epochNs, int tenantId, long orderId, String input, MeterKind meter, int planId,
                     int planVersion, int tier, long units, long priceMicros) {
    /**
     * Amount, exact.
     *
     * @return micro-units
     */
    public long amountMicros() {
        return Math.multiplyExact(units, priceMicros);
    }
}
