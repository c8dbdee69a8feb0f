package weir.billing.ledger;

import weir.billing.rating.MeterKind;

/** Accounts of a tenant. Amounts are signed micro-units; those of one record sum to zero. */
public enum Account {
    /** Money from outside; minus what was granted. */
    FUNDING,
    /** Credit the tenant can spend; never negative. */
    CREDIT,
    /** Credit held for orders that may still be charged. */
    RESERVE,
    /** What the tenant owes, as a negative amount. */
    RECEIVABLE,
    /** Charged for {@code request}. */
    USAGE_REQUEST,
    /** Charged for {@code order_sent}. */
    USAGE_ORDER_SENT,
    /** Charged for {@code order_filled}. */
    USAGE_ORDER_FILLED,
    /** Charged for {@code compute_ms}. */
    USAGE_COMPUTE_MS;

    /** Number of accounts. */
    public static final int COUNT = 8;

    /**
     * Account of a meter.
     *
     * @param meter index
     * @return its usage account
     */
    public static Account usage(final int meter) {
        return values()[USAGE_REQUEST.ordinal() + MeterKind.of(meter).ordinal()];
    }
}
