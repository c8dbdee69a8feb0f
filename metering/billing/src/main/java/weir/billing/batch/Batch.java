package weir.billing.batch;

/**
 * Sealed units of one tenant and meter: one Stripe meter event.
 *
 * @param identifier    see {@link BatchIdentifier}
 * @param tenantId      who pays
 * @param meter         index
 * @param firstSequence first record that charged it
 * @param lastSequence  last record that charged it
 * @param units         sum
 * @param amountMicros  sum at plan prices, micro-units
 * @param eventNs       the meter event's timestamp: journaled time of the last record, or the end of its period when a
 *                      late roll cut it
 */
public record Batch(String identifier, int tenantId, int meter, long firstSequence, long lastSequence, long units,
                    long amountMicros, long eventNs) {
}
