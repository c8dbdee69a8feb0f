package weir.billing.store;

import java.util.ArrayList;
import java.util.List;
import weir.billing.batch.Batch;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Corrections of batches, ordered by an operator and delivered by billing. Writes do not commit. One thread and one
 * database; the command line has a connection of its own.
 */
public final class AdjustmentStore {
    private final Sql sql;
    private final BatchStore batches;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public AdjustmentStore(final Database database) {
        sql = new Sql(database);
        batches = new BatchStore(database);
    }

    /** What is corrected. */
    public enum Kind {
        /** All of a delivered batch is taken back. */
        VOID,
        /** Some units of a delivered batch are taken back. */
        REDUCE,
        /** A quarantined batch is delivered anew, at the present time: a late line on the next invoice. */
        CARRY
    }

    /** How far it has come; the number is what the database holds. */
    public enum State {
        /** Ordered. */
        NEW,
        /** A cancel was begun and its answer is not stored. */
        BEGUN,
        /** Cancelled, or handed to the delivery as an event of its own. */
        DONE,
        /** It came to nothing; a person must look. */
        FAILED
    }

    /**
     * A correction.
     *
     * @param id              from 1
     * @param identifier      batch that is corrected
     * @param kind            what
     * @param units           units that are taken back, or with CARRY brought forward; above 0
     * @param reason          for people
     * @param createdMs       wall clock
     * @param state           how far
     * @param begunMs         wall clock of the first cancel; 0 none
     * @param eventIdentifier the meter event that carries it; null = none
     * @param outcome         code; may be null
     */
    public record Row(long id, String identifier, Kind kind, long units, String reason, long createdMs, State state,
                      long begunMs, String eventIdentifier, String outcome) {
    }

    /**
     * Orders a correction.
     *
     * @param identifier batch
     * @param kind       what
     * @param units      units to take back; only with REDUCE
     * @param reason     for people
     * @param nowMs      wall clock
     * @return the row
     * @throws BillingException ADJUSTMENT_REFUSED when the batch does not allow it
     */
    public Row order(final String identifier, final Kind kind, final long units, final String reason,
        final long nowMs) {
        final BatchStore.Row row = batches.row(identifier);
        if (row == null) {
            throw refused("there is no batch " + identifier);
        }
        final Batch batch = row.batch();
        long taken = 0;
        for (final Row before : of(identifier)) {
            if (before.state != State.FAILED) {
                taken += before.units;
            }
        }
        final BatchState needed = needed(kind);
        if (row.state() != needed) {
            throw refused("batch " + identifier + " is " + row.state() + ", must be " + needed);
        }
        final long asked = kind == Kind.REDUCE ? units : batch.units() - (kind == Kind.VOID ? taken : 0);
        if (batch.units() <= 0 || asked <= 0 || asked > batch.units() - taken) {
            throw refused("batch " + identifier + " has " + batch.units() + " units, " + taken
                + " are corrected already, " + asked + " are asked for");
        }
        final long[] last = new long[1];
        sql.query("SELECT COALESCE(MAX(adjustment_id), 0) FROM stripe_adjustment", r -> last[0] = r.getLong(1));
        sql.update("INSERT INTO stripe_adjustment (adjustment_id, identifier, kind, units, reason, created_ms, state) "
            + "VALUES (?, ?, ?, ?, ?, ?, 0)", last[0] + 1, identifier, kind.name(), asked, reason, nowMs);
        return new Row(last[0] + 1, identifier, kind, asked, reason, nowMs, State.NEW, 0, null, null);
    }

    /**
     * State that a batch must be in to be corrected.
     *
     * @param kind what is corrected
     * @return state
     */
    public static BatchState needed(final Kind kind) {
        return kind == Kind.CARRY ? BatchState.QUARANTINED : BatchState.ACKED;
    }

    private static BillingException refused(final String why) {
        return new BillingException(BillingError.ADJUSTMENT_REFUSED, why);
    }

    /**
     * Corrections of a batch.
     *
     * @param identifier batch
     * @return in the order of their ids
     */
    public List<Row> of(final String identifier) {
        return rows("WHERE identifier = ?", identifier);
    }

    /**
     * Corrections that are not ended.
     *
     * @return in the order of their ids
     */
    public List<Row> open() {
        return rows("WHERE state IN (0, 1)");
    }

    /**
     * All corrections.
     *
     * @return in the order of their ids
     */
    public List<Row> all() {
        return rows("");
    }

    private List<Row> rows(final String where, final Object... arguments) {
        final List<Row> rows = new ArrayList<>();
        sql.query("SELECT adjustment_id, identifier, kind, units, reason, created_ms, state, COALESCE(begun_ms, 0), "
            + "event_identifier, outcome FROM stripe_adjustment " + where + " ORDER BY adjustment_id", row -> rows.add(
            new Row(row.getLong(1), row.getString(2), Kind.valueOf(row.getString(3)), row.getLong(4), row.getString(5),
                row.getLong(6), State.values()[row.getInt(7)], row.getLong(8), row.getString(9), row.getString(10))),
            arguments);
        return rows;
    }

    /**
     * A cancel begins.
     *
     * @param id    correction
     * @param nowMs wall clock
     */
    public void begun(final long id, final long nowMs) {
        sql.update("UPDATE stripe_adjustment SET state = 1, way = 'CANCEL', begun_ms = COALESCE(begun_ms, ?) "
            + "WHERE adjustment_id = ?", nowMs, id);
    }

    /**
     * A cancel surely did not happen: it is as if none was begun.
     *
     * @param id      correction
     * @param outcome code
     */
    public void notBegun(final long id, final String outcome) {
        sql.update("UPDATE stripe_adjustment SET state = 0, way = NULL, begun_ms = NULL, outcome = ? "
            + "WHERE adjustment_id = ?", outcome, id);
    }

    /**
     * It ended.
     *
     * @param id              correction
     * @param state           DONE or FAILED
     * @param eventIdentifier meter event that carries it; null = none
     * @param outcome         code
     * @param nowMs           wall clock
     */
    public void ended(final long id, final State state, final String eventIdentifier, final String outcome,
        final long nowMs) {
        sql.update("UPDATE stripe_adjustment SET state = ?, way = ?, event_identifier = ?, outcome = ?, ended_ms = ? "
            + "WHERE adjustment_id = ?", state.ordinal(), eventIdentifier == null ? "CANCEL" : "EVENT",
            eventIdentifier, outcome, nowMs, id);
    }

    /**
     * Notes why it did not end yet.
     *
     * @param id      correction
     * @param outcome code
     */
    public void outcome(final long id, final String outcome) {
        sql.update("UPDATE stripe_adjustment SET outcome = ? WHERE adjustment_id = ?", outcome, id);
    }
}
