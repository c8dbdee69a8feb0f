package weir.billing.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.GrantState;
import weir.protocol.sbe.GrantKind;

/**
 * Grants that were ordered, and what became of them. Writes do not commit. One thread and one database; the command
 * line has a connection of its own.
 */
public final class GrantStore {
    /** First id that is given out: below are those that configurations name. */
    public static final long FIRST_ID = 1_000_000_000L;

    private static final String ORDER = "grant_id, tenant_id, kind, amount_micros, reference";

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public GrantStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * A grant whose offer is due.
     *
     * @param order    what is granted
     * @param attempts offers so far
     */
    public record Due(GrantOrder order, int attempts) {
    }

    /**
     * A grant and what became of it.
     *
     * @param order     what is granted
     * @param state     how far it has come
     * @param createdMs wall clock of its recording
     * @param attempts  offers to the router
     * @param sequence  record that applied or refused it; 0 none yet
     * @param endedMs   wall clock at which that was seen; 0 not yet
     * @param reason    code of the refusal, empty without
     */
    public record Row(GrantOrder order, GrantState state, long createdMs, int attempts, long sequence, long endedMs,
        String reason) {
    }

    /**
     * Records a grant. The same id and content again changes nothing; the same id with another content is refused, also
     * when the id came into the journal by another way.
     *
     * @param order what is granted; id 0 = the next free one
     * @param nowMs wall clock
     * @return the row as it is then
     * @throws BillingException GRANT_ID_TAKEN
     */
    public Row record(final GrantOrder order, final long nowMs) {
        final GrantOrder named = order.grantId() != 0 ? order : new GrantOrder(nextId(), order.tenantId(),
            order.kind(), order.amountMicros(), order.reference());
        final GrantOrder before = order(named.grantId());
        if (before != null && !before.equals(named)) {
            throw taken(named, before.tenantId(), before.effectMicros());
        }
        if (before == null) {
            sql.update("INSERT INTO grant_order (" + ORDER + ", state, created_ms, attempts, next_attempt_ms) "
                + "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)", named.grantId(), named.tenantId(), named.kind().value(),
                named.amountMicros(), named.reference(), GrantState.NEW.ordinal(), nowMs);
            settleApplied(named, nowMs);
        }
        final Row row = rows("WHERE grant_id = ?", named.grantId()).get(0);
        if (row.state() == GrantState.REFUSED && row.reason().equals(BillingError.GRANT_ID_TAKEN.name())) {
            final long[] applied = applied(named.grantId());
            throw taken(named, (int)applied[0], applied[1]);
        }
        return row;
    }

    private static BillingException taken(final GrantOrder order, final int tenantId, final long effectMicros) {
        return new BillingException(BillingError.GRANT_ID_TAKEN, "grant " + order.grantId()
            + " exists with another content: tenant " + tenantId + ", " + effectMicros + " micro-units");
    }

    private long nextId() {
        final long[] highest = {FIRST_ID - 1};
        sql.query("SELECT MAX(grant_id) FROM grant_order", row -> highest[0] = Math.max(highest[0], row.getLong(1)));
        sql.query("SELECT MAX(grant_id) FROM credit_grant", row -> highest[0] = Math.max(highest[0], row.getLong(1)));
        if (highest[0] == Long.MAX_VALUE) {
            throw new BillingException(BillingError.GRANT_ID_TAKEN, "the highest id is in use; give one with --id");
        }
        return highest[0] + 1;
    }

    /**
     * The grant with an id.
     *
     * @param grantId id
     * @return null when none was ordered
     */
    public GrantOrder order(final long grantId) {
        final List<GrantOrder> found = new ArrayList<>(1);
        sql.query("SELECT " + ORDER + " FROM grant_order WHERE grant_id = ?", row -> found.add(order(row)), grantId);
        return found.isEmpty() ? null : found.get(0);
    }

    private static GrantOrder order(final ResultSet row) throws SQLException {
        return new GrantOrder(row.getLong(1), row.getInt(2), GrantKind.get((short)row.getInt(3)), row.getLong(4),
            row.getString(5));
    }

    /**
     * Ends an order whose id the journal has applied before it was ordered or seen.
     *
     * @param order what was ordered
     * @param nowMs wall clock
     * @return false when the journal, as far as it is read, has not applied the id
     */
    public boolean settleApplied(final GrantOrder order, final long nowMs) {
        final long[] applied = applied(order.grantId());
        if (applied == null) {
            return false;
        }
        if (applied[0] == order.tenantId() && applied[1] == order.effectMicros()) {
            journaled(order.grantId(), applied[2], nowMs);
        } else {
            refused(order.grantId(), applied[2], nowMs, BillingError.GRANT_ID_TAKEN.name());
        }
        return true;
    }

    /** Tenant, effect in micro-units and record; null when not applied. */
    private long[] applied(final long grantId) {
        final List<long[]> found = new ArrayList<>(1);
        sql.query("SELECT tenant_id, amount_micros, sequence FROM credit_grant WHERE grant_id = ?",
            row -> found.add(new long[] {row.getLong(1), row.getLong(2), row.getLong(3)}), grantId);
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * Grants whose next offer is due, the longest waiting first.
     *
     * @param nowMs wall clock
     * @param limit most rows
     * @return grants NEW or SENT
     */
    public List<Due> due(final long nowMs, final int limit) {
        final List<Due> due = new ArrayList<>();
        sql.query("SELECT " + ORDER + ", attempts FROM grant_order WHERE state IN (0, 1) AND next_attempt_ms <= ? "
            + "ORDER BY next_attempt_ms, grant_id LIMIT ?", row -> due.add(new Due(order(row), row.getInt(6))), nowMs,
            limit);
        return due;
    }

    /**
     * The router's line took an offer.
     *
     * @param grantId       id
     * @param nowMs         wall clock
     * @param nextAttemptMs when to offer again unless the journal shows it
     */
    public void sent(final long grantId, final long nowMs, final long nextAttemptMs) {
        sql.update("UPDATE grant_order SET state = ?, attempts = attempts + 1, last_sent_ms = ?, "
            + "first_sent_ms = COALESCE(first_sent_ms, ?), next_attempt_ms = ? WHERE grant_id = ? AND state IN (0, 1)",
            GrantState.SENT.ordinal(), nowMs, nowMs, nextAttemptMs, grantId);
    }

    /**
     * The journal shows it applied; this holds whatever was seen before.
     *
     * @param grantId  id
     * @param sequence record
     * @param nowMs    wall clock
     */
    public void journaled(final long grantId, final long sequence, final long nowMs) {
        sql.update("UPDATE grant_order SET state = ?, sequence = ?, ended_ms = ?, reason = NULL WHERE grant_id = ?",
            GrantState.JOURNALED.ordinal(), sequence, nowMs, grantId);
    }

    /**
     * The journal shows it refused. A grant once applied stays so.
     *
     * @param grantId  id
     * @param sequence record
     * @param nowMs    wall clock
     * @param reason   code
     */
    public void refused(final long grantId, final long sequence, final long nowMs, final String reason) {
        sql.update("UPDATE grant_order SET state = ?, sequence = ?, ended_ms = ?, reason = ? "
            + "WHERE grant_id = ? AND state <> ?", GrantState.REFUSED.ordinal(), sequence, nowMs, reason, grantId,
            GrantState.JOURNALED.ordinal());
    }

    /**
     * The engine could not take it for now.
     *
     * @param grantId       id
     * @param nextAttemptMs when to offer again
     * @param reason        code
     */
    public void postponed(final long grantId, final long nextAttemptMs, final String reason) {
        sql.update("UPDATE grant_order SET next_attempt_ms = ?, reason = ? WHERE grant_id = ? AND state IN (0, 1)",
            nextAttemptMs, reason, grantId);
    }

    /**
     * Every grant that was ordered.
     *
     * @return rows by id
     */
    public List<Row> all() {
        return rows("");
    }

    private List<Row> rows(final String where, final Object... arguments) {
        final List<Row> rows = new ArrayList<>();
        sql.query("SELECT " + ORDER + ", state, created_ms, attempts, sequence, ended_ms, reason FROM grant_order "
            + where + " ORDER BY grant_id", row -> rows.add(new Row(order(row), GrantState.values()[row.getInt(6)],
                row.getLong(7), row.getInt(8), row.getLong(9), row.getLong(10),
                row.getString(11) == null ? "" : row.getString(11))), arguments);
        return rows;
    }
}
