package weir.billing.store;

/** What statements name and no other table holds. Writes without committing. Billing thread. */
public final class StatementStore {
    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public StatementStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * Credit that a record gave.
     *
     * @param grantId      grant
     * @param tenantId     whose
     * @param sequence     record
     * @param epochNs      its journaled time
     * @param kind         of the schema
     * @param amountMicros micro-units
     * @param reference    of who ordered it
     */
    public void credit(final long grantId, final int tenantId, final long sequence, final long epochNs,
        final int kind, final long amountMicros, final String reference) {
        sql.update("INSERT INTO statement_credit (grant_id, tenant_id, sequence, epoch_ns, kind, amount_micros, "
            + "reference) VALUES (?, ?, ?, ?, ?, ?, ?)", grantId, tenantId, sequence, epochNs, kind, amountMicros,
            reference);
    }

    /**
     * A period began.
     *
     * @param sequence record
     * @param tenantId whose; 0 all
     * @param startNs  epoch nanoseconds
     * @param endNs    epoch nanoseconds
     */
    public void period(final long sequence, final int tenantId, final long startNs, final long endNs) {
        sql.update("INSERT INTO statement_period (sequence, tenant_id, start_ns, end_ns) VALUES (?, ?, ?, ?)",
            sequence, tenantId, startNs, endNs);
    }
}
