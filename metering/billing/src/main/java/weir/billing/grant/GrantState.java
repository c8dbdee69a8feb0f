package weir.billing.grant;

/** How far a grant has come. The order is that of the database's numbers. */
public enum GrantState {
    /** Recorded; never offered to the router. */
    NEW,
    /** Offered at least once, and not seen in the journal. */
    SENT,
    /** In the journal, applied. */
    JOURNALED,
    /** In the journal, refused with a code; or its id belongs to another grant. */
    REFUSED
}
