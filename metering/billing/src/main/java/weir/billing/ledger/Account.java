package weir.billing.ledger;

import weir.billing.rating.MeterKind;

/** Accounts of a tenant. Amounts are signed micro-units; those of one record sum to zero. */
public enum Account {
    /** Money from outside; minus what was granted, and what invoices of one that paid before rounded. */
    FUNDING,
    /** Credit the tenant can spend; never negative. */
    CREDIT,
    /** Credit held for orders that may still be charged; never negative. */
    RESERVE,
    /** What the tenant owes, as a negative amount; never positive. */
    RECEIVABLE,
    /** Charged for {@code request}. */
    USAGE_REQUEST,
    /** Charged for {@code order_sent}. */
    USAGE_ORDER_SENT,
    /** Charged for {@code order_filled}. */
    USAGE_ORDER_FILLED,
    /** Charged for {@code compute_ms}. */
    USAGE_COMPUTE_MS,
    /** What invoices in whole minor units took more (positive) or less (negative) than was rated. */
    ROUNDING,
    /** What was owed and given up, as a negative amount. */
    WRITE_OFF;

    /** Number of accounts. */
    public static final int COUNT = 10;

    private static final Account[] VALUES = values();
    private static final Account[] USAGE = {USAGE_REQUEST, USAGE_ORDER_SENT, USAGE_ORDER_FILLED, USAGE_COMPUTE_MS};

    /**
     * Account of an index.
     *
     * @param index ordinal
     * @return account
     */
    public static Account of(final int index) {
        return VALUES[index];
    }

    /**
     * Account of a meter.
     *
     * @param meter index
     * @return its usage account
     */
    public static Account usage(final int meter) {
        return USAGE[MeterKind.of(meter).ordinal()];
    }
}
