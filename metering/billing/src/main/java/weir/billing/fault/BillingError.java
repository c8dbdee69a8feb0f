package weir.billing.fault;

/** Every reason for which the billing process stops or does not start; the name is the code people see. */
public enum BillingError {
    /** A setting is missing or has no meaning; exit code 2. */
    CONFIGURATION(2),
    /** Another billing process holds the database. */
    ALREADY_RUNNING(1),
    /** The database belongs to another journal. */
    JOURNAL_MISMATCH(1),
    /** The journal ends before the stored position: it lost records that were already billed. */
    JOURNAL_BEHIND(1),
    /** Record sequences are not dense. */
    JOURNAL_GAP(1),
    /** A record has a wrong checksum, length or schema. */
    JOURNAL_CORRUPT(1),
    /** The database's schema is not the one this version knows, or a migration script was changed after it ran. */
    SCHEMA_MISMATCH(1),
    /** The database refused a statement (full disk, broken file). */
    DATABASE(1),
    /** The session at the database's server ended; the next start reads back what was committed. */
    DATABASE_LOST(1),
    /** The ledger of a record does not sum to zero: a bug. */
    LEDGER_UNBALANCED(1),
    /** A record left a tenant's credit or reserve below zero, or its receivable above: a bug, or not our journal. */
    LEDGER_NEGATIVE(1),
    /** What is stored does not add up: balances and entries differ, or entries do not sum to zero. */
    LEDGER_MISMATCH(1),
    /** What is to be traced is not in the books. */
    TRACE_NOT_FOUND(1),
    /** The amount of a grant is not what its settlement comes to. */
    SETTLEMENT_MISMATCH(2),
    /** Stripe answered 401 or 403: the API key is wrong or lacks a permission. */
    STRIPE_KEY_REFUSED(1),
    /** The Stripe library speaks another API version than the one that was asked for. */
    STRIPE_API_VERSION(1),
    /** A meter of that event name exists with another aggregation or mapping. */
    STRIPE_METER_MISMATCH(1),
    /** A bug: an exception that no code stands for. */
    UNEXPECTED(1),
    /** The id of a grant belongs to a grant with another content. */
    GRANT_ID_TAKEN(1),
    /** A grant's tenant, amount or reference cannot be; exit code 2. */
    GRANT_INVALID(2),
    /** A listener's address is taken, is not ours, or its keys cannot be read. */
    LISTENER(1),
    /** The state of a batch does not allow the correction that was ordered; exit code 2. */
    ADJUSTMENT_REFUSED(2),
    /** A file of the audit directory cannot be read or written. */
    AUDIT_FILES(1),
    /** An export or a statement cannot be made. */
    EXPORT_FAILED(1),
    /** Batches were left undelivered at the end of a run that was to deliver all. */
    UNDELIVERED(1);

    private final int exitCode;

    BillingError(final int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * Exit code of a process that ends for this reason.
     *
     * @return 1 failed, 2 bad usage or configuration
     */
    public int exitCode() {
        return exitCode;
    }
}
