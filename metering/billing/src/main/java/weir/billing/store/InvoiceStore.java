package weir.billing.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import weir.billing.batch.BatchState;

/** Invoices as Stripe last stated them. Writes do not commit. One thread and one database. */
public final class InvoiceStore {
    private static final String CHECK = "invoice_id, tenant_id, status, currency, from_ms, until_ms, stripe_micros, "
        + "rated_micros, difference_micros, late_errors";
    private static final long NS_PER_MS = 1_000_000L;

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public InvoiceStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * Tenant of a customer.
     *
     * @param customerId Stripe's id
     * @return 0 when it is none of ours
     */
    public int tenant(final String customerId) {
        final int[] found = new int[1];
        sql.query("SELECT tenant_id FROM stripe_customer WHERE customer_id = ?", row -> found[0] = row.getInt(1),
            customerId);
        return found[0];
    }

    /**
     * What was rated for a tenant's delivered batches of a span, corrections among them.
     *
     * @param tenantId tenant
     * @param fromMs   inclusive
     * @param untilMs  exclusive
     * @return micro-units
     */
    public long ratedMicros(final int tenantId, final long fromMs, final long untilMs) {
        final long[] sum = new long[1];
        sql.query("SELECT COALESCE(SUM(amount_micros), 0) FROM batch WHERE tenant_id = ? AND state = ? "
            + "AND event_ns >= ? AND event_ns < ?", row -> sum[0] = row.getLong(1), tenantId,
            BatchState.ACKED.ordinal(), fromMs * NS_PER_MS, untilMs * NS_PER_MS);
        return sum[0];
    }

    /**
     * Takes a statement of Stripe; one that is older than what is held, by its time and then by the invoice's way from
     * draft to its end, never overwrites it.
     *
     * @param check      invoice and what was rated
     * @param customerId Stripe's id
     * @param rank       of the status on its way
     * @param createdMs  Stripe's time of the statement
     * @return whether it was taken
     */
    public boolean put(final StripeInvoiceCheck check, final String customerId, final int rank, final long createdMs) {
        return sql.update("INSERT INTO stripe_invoice (invoice_id, customer_id, tenant_id, status, status_rank, "
            + "event_created_ms, currency, from_ms, until_ms, stripe_micros, rated_micros, difference_micros, "
            + "late_errors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (invoice_id) DO UPDATE SET "
            + "status = excluded.status, status_rank = excluded.status_rank, "
            + "event_created_ms = excluded.event_created_ms, currency = excluded.currency, "
            + "from_ms = excluded.from_ms, until_ms = excluded.until_ms, stripe_micros = excluded.stripe_micros, "
            + "rated_micros = excluded.rated_micros, difference_micros = excluded.difference_micros "
            + "WHERE stripe_invoice.event_created_ms < excluded.event_created_ms "
            + "OR stripe_invoice.event_created_ms = excluded.event_created_ms "
            + "AND stripe_invoice.status_rank <= excluded.status_rank", check.invoiceId(), customerId,
            check.tenantId(), check.status(), rank, createdMs, check.currency(), check.fromMs(), check.untilMs(),
            check.stripeMicros(), check.ratedMicros(), check.differenceMicros()) > 0;
    }

    /**
     * Counts a batch that Stripe rejected after the invoice of its time was final.
     *
     * @param tenantId tenant
     * @param eventNs  time of the batch
     * @return invoices that it belonged to
     */
    public int lateError(final int tenantId, final long eventNs) {
        return sql.update("UPDATE stripe_invoice SET late_errors = late_errors + 1 WHERE tenant_id = ? "
            + "AND status NOT IN ('draft', 'deleted') AND from_ms <= ? AND until_ms > ?", tenantId,
            eventNs / NS_PER_MS, eventNs / NS_PER_MS);
    }

    /**
     * Whether usage of a time is on an invoice that is final.
     *
     * @param tenantId tenant
     * @param eventNs  epoch nanoseconds
     * @return true when an event of that time is billed no more
     */
    public boolean isFinal(final int tenantId, final long eventNs) {
        final long[] count = new long[1];
        sql.query("SELECT COUNT(*) FROM stripe_invoice WHERE tenant_id = ? AND status NOT IN ('draft', 'deleted') "
            + "AND until_ms > ?", row -> count[0] = row.getLong(1), tenantId, eventNs / NS_PER_MS);
        return count[0] > 0;
    }

    /**
     * All invoices.
     *
     * @return by tenant and time
     */
    public List<StripeInvoiceCheck> all() {
        final List<StripeInvoiceCheck> all = new ArrayList<>();
        sql.query("SELECT " + CHECK + " FROM stripe_invoice ORDER BY tenant_id, from_ms, invoice_id",
            row -> all.add(check(row)));
        return all;
    }

    private static StripeInvoiceCheck check(final ResultSet row) throws SQLException {
        return new StripeInvoiceCheck(row.getString(1), row.getInt(2), row.getString(3), row.getString(4),
            row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9), row.getLong(10));
    }
}
