package weir.billing.ledger;

import weir.protocol.sbe.GrantKind;

/** What moved money. The entries of one kind of one record sum to zero by themselves. */
public enum EntryKind {
    /** Credit is held for an order's worst case: {@code CREDIT} to {@code RESERVE}. */
    RESERVE,
    /** Usage is charged: from {@code RESERVE} as far as the record frees it, else from {@code CREDIT}. */
    SETTLE,
    /** Held credit is free again: {@code RESERVE} to {@code CREDIT}. */
    RELEASE,
    /** Credit bought: {@code FUNDING} to {@code CREDIT}, what is owed first. */
    TOP_UP,
    /** Credit paid out: {@code CREDIT} to {@code FUNDING}. */
    REFUND,
    /** Credit corrected by an operator, either way. */
    ADJUSTMENT,
    /** A payment taken back: {@code CREDIT} to {@code FUNDING}, what is missing is owed. */
    CHARGEBACK,
    /**
     * What an invoice in whole minor units differs by: {@code RECEIVABLE} and {@code ROUNDING}; where nothing is owed,
     * {@code FUNDING} and {@code ROUNDING}.
     */
    ROUNDING,
    /** What is owed and will not be paid: {@code WRITE_OFF} and {@code RECEIVABLE}. */
    WRITE_OFF,
    /** Entries of versions that did not keep kinds apart. */
    MIXED;

    /** Number of kinds. */
    public static final int COUNT = 10;

    private static final EntryKind[] VALUES = values();

    /**
     * Kind of an index.
     *
     * @param index ordinal
     * @return kind
     */
    public static EntryKind of(final int index) {
        return VALUES[index];
    }

    /**
     * Kind that books a grant.
     *
     * @param kind of the grant
     * @return kind of its entries
     */
    public static EntryKind of(final GrantKind kind) {
        return switch (kind) {
            case TOP_UP -> TOP_UP;
            case REFUND -> REFUND;
            case CHARGEBACK -> CHARGEBACK;
            default -> ADJUSTMENT;
        };
    }
}
