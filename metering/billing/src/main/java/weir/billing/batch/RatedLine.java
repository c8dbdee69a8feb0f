package weir.billing.batch;

/**
 * Units of one price within a window: {@code amount = units x price}. Traces to the records from first to last.
 */
public final class RatedLine {
    final int planId;
    final int planVersion;
    final long priceMicros;
    long units;
    long firstSequence;
    long lastSequence;

    RatedLine(final int planId, final int planVersion, final long priceMicros) {
        this.planId = planId;
        this.planVersion = planVersion;
        this.priceMicros = priceMicros;
    }

    /**
     * Restores a stored line.
     *
     * @param planId        plan
     * @param planVersion   its version
     * @param priceMicros   micro-units per unit
     * @param units         so far
     * @param firstSequence first record
     * @param lastSequence  last record
     * @return the line
     */
    public static RatedLine restored(final int planId, final int planVersion, final long priceMicros, final long units,
        final long firstSequence, final long lastSequence) {
        final RatedLine line = new RatedLine(planId, planVersion, priceMicros);
        line.units = units;
        line.firstSequence = firstSequence;
        line.lastSequence = lastSequence;
        return line;
    }

    /**
     * Plan of the price.
     *
     * @return id; 0 none
     */
    public int planId() {
        return planId;
    }

    /**
     * Version of the plan.
     *
     * @return version
     */
    public int planVersion() {
        return planVersion;
    }

    /**
     * Price of one unit.
     *
     * @return micro-units
     */
    public long priceMicros() {
        return priceMicros;
    }

    /**
     * Units.
     *
     * @return sum
     */
    public long units() {
        return units;
    }

    /**
     * First record.
     *
     * @return sequence
     */
    public long firstSequence() {
        return firstSequence;
    }

    /**
     * Last record.
     *
     * @return sequence
     */
    public long lastSequence() {
        return lastSequence;
    }

    /**
     * Amount, exact.
     *
     * @return micro-units
     */
    public long amountMicros() {
        return Math.multiplyExact(units, priceMicros);
    }
}
