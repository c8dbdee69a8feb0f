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
    /** The journal is rated to the end of the span, no window is open and no batch on its way that may be of it. */
    private static final String ALL_DELIVERED = "EXISTS (SELECT 1 FROM journal_position j WHERE j.epoch_ns >= "
        + "i.until_ms * " + NS_PER_MS + ") AND NOT EXISTS (SELECT 1 FROM open_window w WHERE w.tenant_id = i.tenant_id "
        + "AND w.opened_ns < i.until_ms * " + NS_PER_MS + ") AND NOT EXISTS (SELECT 1 FROM batch o WHERE "
        + "o.tenant_id = i.tenant_id AND o.state IN (0, 1) AND COALESCE(o.sent_ns, o.event_ns) < i.until_ms * "
        + NS_PER_MS + ")";

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
            + "AND COALESCE(sent_ns, event_ns) >= ? AND COALESCE(sent_ns, event_ns) < ?",
            row -> sum[0] = row.getLong(1), tenantId, BatchState.ACKED.ordinal(), fromMs * NS_PER_MS,
            untilMs * NS_PER_MS);
        return sum[0];
    }

    /**
     * Takes a statement of Stripe; one that is older than what is held, by its time and then by the invoice's way from
     * draft to its end, never overwrites it.
     *
     * @param check      invoice and what was rated
     * @param customerId Stripe's id
     * @param lineCount  lines of the invoice, each of which Stripe rounds
     * @param rank       of the status on its way
     * @param createdMs  Stripe's time of the statement
     * @return whether it was taken
     */
    public boolean put(final StripeInvoiceCheck check, final String customerId, final long lineCount, final int rank,
        final long createdMs) {
        return sql.update("INSERT INTO stripe_invoice (invoice_id, customer_id, tenant_id, status, status_rank, "
            + "event_created_ms, currency, from_ms, until_ms, stripe_micros, rated_micros, difference_micros, "
            + "line_count, late_errors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (invoice_id) "
            + "DO UPDATE SET status = excluded.status, status_rank = excluded.status_rank, "
            + "event_created_ms = excluded.event_created_ms, currency = excluded.currency, "
            + "from_ms = excluded.from_ms, until_ms = excluded.until_ms, stripe_micros = excluded.stripe_micros, "
            + "rated_micros = excluded.rated_micros, difference_micros = excluded.difference_micros, "
            + "line_count = excluded.line_count, judged = CASE WHEN stripe_invoice.status = excluded.status "
            + "AND stripe_invoice.difference_micros = excluded.difference_micros THEN stripe_invoice.judged END "
            + "WHERE stripe_invoice.event_created_ms < excluded.event_created_ms "
            + "OR stripe_invoice.event_created_ms = excluded.event_created_ms "
            + "AND stripe_invoice.status_rank <= excluded.status_rank", check.invoiceId(), customerId,
            check.tenantId(), check.status(), rank, createdMs, check.currency(), check.fromMs(), check.untilMs(),
            check.stripeMicros(), check.ratedMicros(), check.differenceMicros(), lineCount) > 0;
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
     * Whether usage of a time belongs to an invoice that is final and whose span ended before a time. The span of an
     * invoice with a fee in advance ends with what the fee is for, so that its status alone says too much.
     *
     * @param tenantId tenant
     * @param eventNs  epoch nanoseconds
     * @param endedMs  epoch milliseconds
     * @return true when an event of that time is billed no more
     */
    public boolean isClosed(final int tenantId, final long eventNs, final long endedMs) {
        final long[] count = new long[1];
        sql.query("SELECT COUNT(*) FROM stripe_invoice WHERE tenant_id = ? AND status NOT IN ('draft', 'deleted') "
            + "AND from_ms <= ? AND until_ms > ? AND until_ms <= ?", row -> count[0] = row.getLong(1), tenantId,
            eventNs / NS_PER_MS, eventNs / NS_PER_MS, endedMs);
        return count[0] > 0;
    }

    /** What an invoice's difference from what was rated is. */
    public enum Verdict {
        /** There is none. */
        EXACT,
        /** Stripe's rounding of the lines to whole minor units; it is in the ledger. */
        ROUNDING,
        /**
         * A plan version whose tiers continue came into force in the middle: here it began in the tier that the period
         * had reached, at Stripe in its first, since each price sees its own usage alone. And the invoice was final
         * before it could be made to say what was rated ({@link #tiersDrafts}); one that said so is judged as any
         * other.
         */
        TIERS_CONTINUE,
        /** More than rounding explains: somebody has to look. */
        DIFFERS,
        /** The invoice is void: nothing is owed by it. */
        VOID
    }

    /**
     * An invoice that is to be judged.
     *
     * @param check          as stored
     * @param lineCount      lines that Stripe rounded
     * @param roundingMicros what of it stands in the ledger
     * @param postpaid       whether its tenant pays afterwards
     * @param evened         whether it said what was rated while it was a draft ({@link #tiersSettled})
     */
    public record Unjudged(StripeInvoiceCheck check, long lineCount, long roundingMicros, boolean postpaid,
                           boolean evened) {
    }

    /**
     * Invoices that are final, and not judged since they last changed. Those with usage that is not rated, sealed or
     * delivered yet are left out: what is theirs of it is not known.
     *
     * @return by id
     */
    public List<Unjudged> unjudged() {
        final List<Unjudged> all = new ArrayList<>();
        sql.query("SELECT " + CHECK + ", line_count, rounding_micros, COALESCE((SELECT postpaid FROM tenant t WHERE "
            + "t.tenant_id = i.tenant_id), 0), CASE WHEN tiers_state IN ('ITEM', 'EVEN') THEN 1 ELSE 0 END "
            + "FROM stripe_invoice i WHERE judged IS NULL AND status <> 'draft' AND " + ALL_DELIVERED
            + " ORDER BY invoice_id", row -> all.add(new Unjudged(check(row), row.getLong(11), row.getLong(12),
                row.getInt(13) != 0, row.getInt(14) != 0)));
        return all;
    }

    /**
     * Stores a verdict, in the transaction of what it posts.
     *
     * @param invoiceId      Stripe's id
     * @param verdict        what its difference is
     * @param ratedMicros    what was rated for it, as it is known now
     * @param roundingMicros what of it stands in the ledger from now on
     */
    public void judged(final String invoiceId, final Verdict verdict, final long ratedMicros,
        final long roundingMicros) {
        sql.update("UPDATE stripe_invoice SET judged = ?, rated_micros = ?, difference_micros = stripe_micros - ?, "
            + "rounding_micros = ? WHERE invoice_id = ?", verdict.name(), ratedMicros, ratedMicros, roundingMicros,
            invoiceId);
    }

    /**
     * Verdict on an invoice.
     *
     * @param invoiceId Stripe's id
     * @return null until it is judged, or when it came before there were verdicts
     */
    public Verdict verdict(final String invoiceId) {
        final Verdict[] found = new Verdict[1];
        sql.query("SELECT judged FROM stripe_invoice WHERE invoice_id = ? AND judged IS NOT NULL AND judged <> "
            + "'EARLIER'", row -> found[0] = Verdict.valueOf(row.getString(1)), invoiceId);
        return found[0];
    }

    /**
     * Whether usage of a span was priced by a plan version that took over in the middle and whose tiers continue.
     *
     * @param tenantId tenant
     * @param fromMs   inclusive
     * @param untilMs  exclusive
     * @return true when Stripe's tiers began elsewhere than ours
     */
    public boolean tiersContinued(final int tenantId, final long fromMs, final long untilMs) {
        final boolean[] found = new boolean[1];
        final long[] last = {-1, -1};
        sql.query("SELECT l.plan_id, l.plan_version, COALESCE(t.restart, 0) FROM usage_line l JOIN batch b "
            + "ON b.identifier = l.identifier LEFT JOIN plan_terms t ON t.plan_id = l.plan_id "
            + "AND t.version = l.plan_version WHERE l.tenant_id = ? AND COALESCE(b.sent_ns, b.event_ns) >= ? "
            + "AND COALESCE(b.sent_ns, b.event_ns) < ? "
            + "ORDER BY l.first_sequence", row -> {
                final boolean taken = last[0] >= 0 && (last[0] != row.getLong(1) || last[1] != row.getLong(2));
                found[0] |= taken && row.getInt(3) == 0;
                last[0] = row.getLong(1);
                last[1] = row.getLong(2);
            }, tenantId, fromMs * NS_PER_MS, untilMs * NS_PER_MS);
        return found[0];
    }

    /**
     * A draft whose tiers continued over a change of prices.
     *
     * @param invoiceId   Stripe's id
     * @param customerId  Stripe's id
     * @param currency    lower case
     * @param fromMs      start of its usage, epoch milliseconds, inclusive
     * @param untilMs     end of its usage, exclusive
     * @param units       delivered of the span, of the meters that had a price: the others are on no invoice
     * @param ratedMicros what they were rated at
     */
    public record TiersDraft(String invoiceId, String customerId, String currency, long fromMs, long untilMs,
                             long units, long ratedMicros) {
    }

    /**
     * Drafts of spans in which tiers continued, whose usage is all delivered, and that are to be looked at. All is
     * delivered when the journal is rated to the end of the span, no window of the tenant is open that was opened
     * before it, and no batch is on its way that is of the span or may yet be told with a time of it.
     *
     * @param nowMs wall clock
     * @return by id
     */
    public List<TiersDraft> tiersDrafts(final long nowMs) {
        final List<TiersDraft> all = new ArrayList<>();
        final List<Integer> tenants = new ArrayList<>();
        sql.query("SELECT i.invoice_id, i.customer_id, i.currency, i.from_ms, i.until_ms, i.tenant_id, "
            + "SUM(CASE WHEN EXISTS (SELECT 1 FROM usage_line l WHERE l.tenant_id = b.tenant_id AND l.meter = b.meter "
            + "AND l.window_sequence = b.first_sequence AND l.identifier = b.identifier AND NOT EXISTS (SELECT 1 FROM "
            + "plan_price p WHERE p.plan_id = l.plan_id AND p.version = l.plan_version AND p.meter = l.meter)) "
            + "THEN 0 ELSE b.units END), COALESCE(SUM(b.amount_micros), 0) FROM stripe_invoice i JOIN batch b "
            + "ON b.tenant_id = i.tenant_id AND b.state = ? AND COALESCE(b.sent_ns, b.event_ns) >= i.from_ms * "
            + NS_PER_MS + " AND COALESCE(b.sent_ns, b.event_ns) < i.until_ms * " + NS_PER_MS
            + " WHERE i.status = 'draft' AND i.tiers_next_ms <= ? AND " + ALL_DELIVERED
            + " GROUP BY i.invoice_id, i.customer_id, i.currency, i.from_ms, i.until_ms, i.tenant_id "
            + "ORDER BY i.invoice_id", row -> {
                all.add(new TiersDraft(row.getString(1), row.getString(2), row.getString(3), row.getLong(4),
                    row.getLong(5), row.getLong(7), row.getLong(8)));
                tenants.add(row.getInt(6));
            }, BatchState.ACKED.ordinal(), nowMs);
        final List<TiersDraft> continued = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (tiersContinued(tenants.get(i), all.get(i).fromMs(), all.get(i).untilMs())) {
                continued.add(all.get(i));
            }
        }
        return continued;
    }

    /**
     * A draft says what was rated. A correction may change that, so it is looked at again as long as it is a draft.
     *
     * @param invoiceId Stripe's id
     * @param state     ITEM or EVEN
     * @param minor     amount of the item, minor units
     * @param nextMs    wall clock of the next look
     * @return whether it was settled otherwise before, or not at all
     */
    public boolean tiersSettled(final String invoiceId, final String state, final long minor, final long nextMs) {
        tiersPostponed(invoiceId, nextMs);
        return sql.update("UPDATE stripe_invoice SET tiers_state = ?, tiers_minor = ? WHERE invoice_id = ? "
            + "AND (tiers_state IS NULL OR tiers_state <> ? OR tiers_minor <> ?)", state, minor, invoiceId, state,
            minor) > 0;
    }

    /**
     * A draft is none any more, as Stripe says: it stays as it was last settled, CLOSED when it never was, and is not
     * looked at again.
     *
     * @param invoiceId Stripe's id
     */
    public void tiersClosed(final String invoiceId) {
        sql.update("UPDATE stripe_invoice SET tiers_state = COALESCE(tiers_state, 'CLOSED'), tiers_next_ms = ? "
            + "WHERE invoice_id = ?", Long.MAX_VALUE, invoiceId);
    }

    /**
     * A draft is to be looked at again.
     *
     * @param invoiceId Stripe's id
     * @param nextMs    wall clock
     */
    public void tiersPostponed(final String invoiceId, final long nextMs) {
        sql.update("UPDATE stripe_invoice SET tiers_next_ms = ? WHERE invoice_id = ?", nextMs, invoiceId);
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
