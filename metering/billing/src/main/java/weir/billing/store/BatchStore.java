package weir.billing.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchState;

/** Delivery states of batches, and what Stripe's objects are called. Writes do not commit. Billing thread. */
public final class BatchStore {
    private static final String BATCH = "identifier, tenant_id, meter, first_sequence, last_sequence, units, "
        + "amount_micros, event_ns";

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public BatchStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * A batch that waits for delivery.
     *
     * @param batch       what is to be sent
     * @param attempts    calls begun so far
     * @param firstSentMs wall clock of the first call; 0 none
     * @param sentNs      time that Stripe is told, epoch nanoseconds
     */
    public record Due(Batch batch, int attempts, long firstSentMs, long sentNs) {
        /**
         * As Stripe is told it.
         *
         * @return batch with that time
         */
        public Batch told() {
            return sentNs == batch.eventNs() ? batch : new Batch(batch.identifier(), batch.tenantId(), batch.meter(),
                batch.firstSequence(), batch.lastSequence(), batch.units(), batch.amountMicros(), sentNs);
        }

        /**
         * Whether an earlier call may have been accepted.
         *
         * @return true when a call was begun
         */
        public boolean maybeAccepted() {
            return firstSentMs != 0;
        }
    }

    /**
     * Batches whose next attempt is due, oldest first.
     *
     * @param nowMs wall clock
     * @param limit most rows
     * @return batches SEALED or SENT
     */
    public List<Due> due(final long nowMs, final int limit) {
        return due(nowMs, limit, Set.of());
    }

    /**
     * Batches whose next attempt is due, oldest first, without those of some tenants.
     *
     * @param nowMs   wall clock
     * @param limit   most rows
     * @param without tenants whose batches cannot go now
     * @return batches SEALED or SENT
     */
    public List<Due> due(final long nowMs, final int limit, final Set<Integer> without) {
        final List<Due> due = new ArrayList<>();
        // one text for any number of tenants, so that it is prepared once: ",3,17,"
        final StringBuilder tenants = new StringBuilder(",");
        without.forEach(tenantId -> tenants.append(tenantId).append(','));
        sql.query("SELECT " + BATCH + ", attempts, first_sent_ms, COALESCE(sent_ns, event_ns) FROM batch "
            + "WHERE state IN (0, 1) AND next_attempt_ms <= ? AND ? NOT LIKE '%,' || tenant_id || ',%' "
            + "ORDER BY next_attempt_ms, first_sequence LIMIT ?",
            row -> due.add(new Due(new Batch(row.getString(1), row.getInt(2), row.getInt(3), row.getLong(4),
                row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8)), row.getInt(9), row.getLong(10),
                row.getLong(11))), nowMs, tenants.toString(), limit);
        return due;
    }

    /**
     * A call begins.
     *
     * @param identifier batch
     * @param nowMs      wall clock
     */
    public void sent(final String identifier, final long nowMs) {
        sql.update("UPDATE batch SET state = ?, attempts = attempts + 1, last_sent_ms = ?, "
            + "first_sent_ms = COALESCE(first_sent_ms, ?) WHERE identifier = ?",
            BatchState.SENT.ordinal(), nowMs, nowMs, identifier);
    }

    /**
     * Stripe is told another time than that of its last record, by which statements go.
     *
     * @param identifier batch, never sent
     * @param sentNs     epoch nanoseconds
     */
    public void retimed(final String identifier, final long sentNs) {
        sql.update("UPDATE batch SET sent_ns = ? WHERE identifier = ?", sentNs, identifier);
    }

    /**
     * A batch that corrects another one.
     *
     * @param batch to be delivered; its units may be below 0
     */
    public void add(final Batch batch) {
        sql.update("INSERT INTO batch (" + BATCH + ", state, attempts, next_attempt_ms) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)", batch.identifier(), batch.tenantId(), batch.meter(),
            batch.firstSequence(), batch.lastSequence(), batch.units(), batch.amountMicros(), batch.eventNs(),
            BatchState.SEALED.ordinal());
    }

    /**
     * Stripe took it and then could not count it, or it was cancelled there.
     *
     * @param identifier batch
     * @param code       Stripe's, or ours
     * @param detail     for people
     * @return whether it is a batch of ours that was not quarantined yet
     */
    public boolean rejected(final String identifier, final String code, final String detail) {
        return sql.update("UPDATE batch SET state = ?, outcome = ?, detail = ? WHERE identifier = ? AND state <> ?",
            BatchState.QUARANTINED.ordinal(), code, detail, identifier, BatchState.QUARANTINED.ordinal()) > 0;
    }

    /**
     * A batch.
     *
     * @param identifier batch
     * @return null when there is none
     */
    public Row row(final String identifier) {
        final Row[] found = new Row[1];
        sql.query("SELECT " + BATCH + ", state, COALESCE(first_sent_ms, 0), outcome, COALESCE(sent_ns, event_ns) "
            + "FROM batch WHERE identifier = ?",
            row -> found[0] = new Row(new Batch(row.getString(1), row.getInt(2), row.getInt(3), row.getLong(4),
                row.getLong(5), row.getLong(6), row.getLong(7), row.getLong(8)), BatchState.values()[row.getInt(9)],
                row.getLong(10), row.getString(11), row.getLong(12)), identifier);
        return found[0];
    }

    /**
     * A batch and where it stands.
     *
     * @param batch       what was cut
     * @param state       where it stands
     * @param firstSentMs wall clock of the first call; 0 none
     * @param outcome     code; may be null
     * @param sentNs      time that Stripe is told, epoch nanoseconds
     */
    public record Row(Batch batch, BatchState state, long firstSentMs, String outcome, long sentNs) {
    }

    /**
     * Stripe has it.
     *
     * @param identifier batch
     * @param outcome    how that is known
     */
    public void acked(final String identifier, final String outcome) {
        // what a webhook said of it meanwhile holds: the 200 came before Stripe looked at it
        sql.update("UPDATE batch SET state = ?, outcome = ?, detail = NULL WHERE identifier = ? AND state <> ?",
            BatchState.ACKED.ordinal(), outcome, identifier, BatchState.QUARANTINED.ordinal());
    }

    /**
     * Stripe refused it for good.
     *
     * @param identifier batch
     * @param code       Stripe's, or ours
     * @param detail     for people
     */
    public void quarantined(final String identifier, final String code, final String detail) {
        sql.update("UPDATE batch SET state = ?, outcome = ?, detail = ? WHERE identifier = ?",
            BatchState.QUARANTINED.ordinal(), code, detail, identifier);
    }

    /**
     * It is not sent, since it costs nothing here and would there.
     *
     * @param identifier batch, never sent
     */
    public void free(final String identifier) {
        sql.update("UPDATE batch SET state = ?, outcome = 'free' WHERE identifier = ?", BatchState.FREE.ordinal(),
            identifier);
    }

    /**
     * No answer, or one that says later.
     *
     * @param identifier    batch
     * @param code          what happened
     * @param nextAttemptMs wall clock of the next call
     */
    public void postponed(final String identifier, final String code, final long nextAttemptMs) {
        sql.update("UPDATE batch SET outcome = ?, next_attempt_ms = ? WHERE identifier = ? AND state IN (0, 1)",
            code, nextAttemptMs, identifier);
    }

    /**
     * Stripe surely does not have it: the age of its first call counts anew.
     *
     * @param identifier batch
     */
    public void absent(final String identifier) {
        sql.update("UPDATE batch SET state = ?, first_sent_ms = NULL, next_attempt_ms = 0 WHERE identifier = ?",
            BatchState.SEALED.ordinal(), identifier);
    }

    /**
     * Units of a tenant and meter that Stripe was told with a time in a span, by state.
     *
     * @param tenantId tenant
     * @param meter    index
     * @param fromNs   inclusive
     * @param untilNs  exclusive
     * @return units per state
     */
    public Map<BatchState, Long> unitsByState(final int tenantId, final int meter, final long fromNs,
        final long untilNs) {
        final Map<BatchState, Long> units = new HashMap<>();
        sql.query("SELECT state, SUM(units) FROM batch WHERE tenant_id = ? AND meter = ? "
            + "AND (event_ns >= ? AND event_ns < ? AND sent_ns IS NULL OR sent_ns >= ? AND sent_ns < ?) GROUP BY state",
            row -> units.put(BatchState.values()[row.getInt(1)], row.getLong(2)), tenantId, meter, fromNs, untilNs,
            fromNs, untilNs);
        return units;
    }

    /**
     * Batches not delivered and not quarantined.
     *
     * @return count
     */
    public long undelivered() {
        final long[] count = new long[1];
        sql.query("SELECT COUNT(*) FROM batch WHERE state IN (0, 1)", row -> count[0] = row.getLong(1));
        return count[0];
    }

    /**
     * Stripe customer of a tenant.
     *
     * @param tenantId tenant
     * @return id; null when not known yet
     */
    public String customer(final int tenantId) {
        final String[] id = new String[1];
        sql.query("SELECT customer_id FROM stripe_customer WHERE tenant_id = ?", row -> id[0] = row.getString(1),
            tenantId);
        return id[0];
    }

    /**
     * Remembers the customer of a tenant.
     *
     * @param tenantId   tenant
     * @param customerId Stripe's id
     */
    public void putCustomer(final int tenantId, final String customerId) {
        sql.update("INSERT INTO stripe_customer (tenant_id, customer_id) VALUES (?, ?) "
            + "ON CONFLICT (tenant_id) DO UPDATE SET customer_id = excluded.customer_id", tenantId, customerId);
    }

    /**
     * Remembers a meter.
     *
     * @param meter     index
     * @param meterId   Stripe's id
     * @param eventName its event name
     */
    public void putMeter(final int meter, final String meterId, final String eventName) {
        sql.update("INSERT INTO stripe_meter (meter, meter_id, event_name) VALUES (?, ?, ?) ON CONFLICT (meter) "
            + "DO UPDATE SET meter_id = excluded.meter_id, event_name = excluded.event_name",
            meter, meterId, eventName);
    }
}
