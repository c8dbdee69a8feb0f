package weir.billing.rating;

/**
 * The engine and billing disagree on one record. It is stored and reported, never corrected.
 *
 * @param sequence of the record
 * @param kind     what differs
 * @param tenantId as billing derives it
 * @param expected what billing derived
 * @param found    what the record says
 */
public record Discrepancy(long sequence, Kind kind, int tenantId, long expected, long found) {
    /** What can differ. */
    public enum Kind {
        /** The tenant. */
        TENANT,
        /** The plan's version. */
        PLAN_VERSION,
        /** Units of {@code request}. */
        REQUEST_UNITS,
        /** Units of {@code order_sent}. */
        SENT_UNITS,
        /** Units of {@code order_filled}. */
        FILLED_UNITS,
        /** Units of {@code compute_ms}. */
        COMPUTE_MS,
        /** The debit, micro-units. */
        DEBIT,
        /** The credit granted, micro-units. */
        CREDITED,
        /** The balance after the record, micro-units; reported when the gap changes. */
        BALANCE,
        /** What is owed after the record, micro-units; reported when the gap changes. */
        RECEIVABLE,
        /** Total of a final invoice of Stripe, micro-units: more than rounding explains. */
        INVOICE
    }
}
