package weir.billing.trace;

import java.util.List;
import weir.billing.rating.MeterKind;

/**
 * A window of a tenant and meter, its lines as the database has them, and the records that the journal has for it.
 *
 * @param identifier    of its Stripe batch; null while the window is open
 * @param state         of the batch, or OPEN
 * @param tenantId      tenant
 * @param meter         meter
 * @param firstSequence first record
 * @param lastSequence  last record
 * @param units         as the database has them
 * @param amountMicros  as the database has it
 * @param lines         by first record
 * @param charges       from the journal, by record
 * @param differences   what does not add up, in words; empty when all does
 */
public record LineTrace(String identifier, String state, int tenantId, MeterKind meter, long firstSequence,
                        long lastSequence, long units, long amountMicros, List<Line> lines, List<Charge> charges,
                        List<String> differences) {
    /**
     * Units of the window at one price.
     *
     * @param planId        plan
     * @param planVersion   its version
     * @param priceMicros   micro-units per unit
     * @param units         units
     * @param amountMicros  micro-units
     * @param firstSequence first record
     * @param lastSequence  last record
     */
    public record Line(int planId, int planVersion, long priceMicros, long units, long amountMicros,
                       long firstSequence, long lastSequence) {
        boolean isOf(final Charge charge) {
            return charge.planId() == planId && charge.planVersion() == planVersion
                && charge.priceMicros() == priceMicros;
        }
    }

    /**
     * Sum of the records.
     *
     * @return units
     */
    public long tracedUnits() {
        return charges.stream().mapToLong(Charge::units).sum();
    }

    /**
     * Sum of the records.
     *
     * @return micro-units
     */
    public long tracedMicros() {
        return charges.stream().mapToLong(Charge::amountMicros).sum();
    }

    /**
     * Whether records and lines are the same.
     *
     * @return true when nothing differs
     */
    public boolean addsUp() {
        return differences.isEmpty();
    }
}
