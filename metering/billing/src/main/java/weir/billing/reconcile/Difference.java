package weir.billing.reconcile;

/**
 * One thing on which two sources disagree.
 *
 * @param kind     what
 * @param where    whose: session, order, tenant and meter, identifier
 * @param expected what the first source says
 * @param found    what the second says
 * @param sequence journal record that it is about; 0 none
 */
public record Difference(Kind kind, String where, String expected, String found, long sequence) {
    /** What can differ. */
    public enum Kind {
        /** A desk sent a chargeable message that no record holds. */
        FIX_WITHOUT_RECORD,
        /** A record holds a desk's message that its FIX log does not. */
        RECORD_WITHOUT_FIX,
        /** An order stands at the venue without a journaled intent (J2). */
        VENUE_ORDER_WITHOUT_INTENT,
        /** The intent was journaled after the venue saw the order (J2). */
        INTENT_AFTER_VENUE,
        /** One id reached the venue twice. */
        VENUE_ORDER_TWICE,
        /** One order of ours reached the venue under two ids (J3). */
        ORDER_AT_VENUE_TWICE,
        /** The venue is journaled to have taken a replace, and its log has neither a change nor an order of it. */
        REPLACE_NOT_AT_VENUE,
        /** An order at the venue was not charged as sent. */
        ORDER_SENT_NOT_CHARGED,
        /** An order was charged as sent and is not at the venue. */
        ORDER_NOT_AT_VENUE,
        /** The venue executed and the journal has no such execution. */
        FILL_NOT_IN_JOURNAL,
        /** The journal has an execution that the venue does not. */
        FILL_NOT_AT_VENUE,
        /** One execution was journaled as new twice. */
        FILL_TWICE_IN_JOURNAL,
        /** The venue logged one execution twice. */
        FILL_TWICE_AT_VENUE,
        /** Quantity of an execution. */
        FILL_QTY,
        /** Price of an execution. */
        FILL_PRICE,
        /** A journaled execution was not reported to the desk. */
        FILL_NOT_REPORTED,
        /** A desk got a fill report without a journaled execution. */
        REPORT_WITHOUT_FILL,
        /** A desk got one fill as two new reports. */
        REPORT_TWICE,
        /** LastQty(32) of a report. */
        REPORT_QTY,
        /** LastPx(31) of a report. */
        REPORT_PRICE,
        /** The engine's units, debit, plan or tenant of a record are not what the record's input charges (J9). */
        RECORD_RATING,
        /** Billing has not taken all records. */
        POSITION,
        /** Units of a tenant and meter: journal against ledger (J4). */
        UNITS_LEDGER,
        /** Amount of a tenant and meter: journal against ledger (J9). */
        AMOUNT_LEDGER,
        /** Debits of a tenant: journal against ledger (J9). */
        DEBIT_LEDGER,
        /** Units of a tenant and meter: ledger and corrections against Stripe (J4). */
        UNITS_STRIPE,
        /** Accounts of a tenant do not sum to zero. */
        LEDGER_UNBALANCED,
        /** Units that no batch holds yet. */
        WINDOW_OPEN,
        /** A batch that waits for delivery. */
        BATCH_UNDELIVERED,
        /** A batch that Stripe refused for good. */
        BATCH_QUARANTINED,
        /** A batch counted as delivered that Stripe does not have. */
        BATCH_NOT_AT_STRIPE,
        /** An event at Stripe that no delivered batch stands for. */
        STRIPE_WITHOUT_BATCH,
        /** Stripe accepted one identifier twice. */
        STRIPE_TWICE,
        /** Value of an event. */
        STRIPE_VALUE,
        /** Customer or meter of an event. */
        STRIPE_ADDRESS,
        /** A correction was ordered and is not at its end, or failed. */
        CORRECTION_OPEN,
        /** An event that a correction cancelled still counts at Stripe. */
        CORRECTION_NOT_AT_STRIPE,
        /** An event was cancelled at Stripe and no correction of ours says so. */
        STRIPE_CANCELLED,
        /** Stripe accepted an event and dropped it later. */
        STRIPE_ASYNC_ERROR,
        /** Units of a tenant and meter: desks' and venues' logs alone against the ledger (J4). */
        ORACLE_UNITS,
        /** Amount of a tenant and meter: desks' and venues' logs and the published plan against the ledger. */
        ORACLE_AMOUNT,
        /** Units of a tenant and meter: desks' and venues' logs alone against Stripe (J4). */
        ORACLE_STRIPE
    }

    @Override
    public String toString() {
        return kind + " " + where + ": expected " + expected + ", found " + found
            + (sequence == 0 ? "" : " (record " + sequence + ')');
    }
}
