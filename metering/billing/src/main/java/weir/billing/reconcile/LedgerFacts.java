package weir.billing.reconcile;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.store.AdjustmentStore;
import weir.billing.store.Database;
import weir.billing.store.JdbcUrl;

/** What the billing database says, read in one transaction. */
final class LedgerFacts {
    String journalId = "";
    long position;
    final Map<TenantMeter, long[]> usage = new TreeMap<>();
    final Map<TenantMeter, Long> open = new TreeMap<>();
    /** Units that were not sent because they cost nothing. */
    final Map<TenantMeter, Long> free = new TreeMap<>();
    final Map<String, Batch> batches = new LinkedHashMap<>();
    final List<Correction> corrections = new ArrayList<>();
    final Map<Integer, Long> balanceSums = new TreeMap<>();
    final Map<Integer, String> customers = new HashMap<>();
    final Map<Integer, String> eventNames = new HashMap<>();

    record Batch(String identifier, TenantMeter of, long units, long firstSequence, BatchState state, String outcome) {
    }

    record Correction(long id, String identifier, AdjustmentStore.Kind kind, long units, AdjustmentStore.State state,
        String eventIdentifier) {
        boolean isDone() {
            return state == AdjustmentStore.State.DONE;
        }

        /** It took a whole event back, at Stripe itself. */
        boolean isCancel() {
            return isDone() && eventIdentifier == null;
        }

        /** It delivered what had been refused, as another event. */
        boolean isCarry() {
            return isDone() && kind == AdjustmentStore.Kind.CARRY;
        }
    }

    /** The correction of a batch that explains why it does not count as it was sent; null = none. */
    Correction replaced(final String identifier) {
        for (final Correction one : corrections) {
            if (one.identifier.equals(identifier) && (one.isCancel() || one.isCarry())) {
                return one;
            }
        }
        return null;
    }

    /** Units that corrections took back, below zero, by tenant and meter. */
    Map<TenantMeter, Long> corrected() {
        final Map<TenantMeter, Long> units = new TreeMap<>();
        for (final Correction one : corrections) {
            final Batch batch = batches.get(one.identifier);
            if (batch != null && one.isDone() && !one.isCarry()) {
                units.merge(batch.of, -one.units, Math::addExact);
            }
        }
        return units;
    }

    void read(final String jdbcUrl) {
        try (Connection connection = Database.openForReading(jdbcUrl); Statement statement =
            connection.createStatement()) {
            each(statement, "SELECT journal_id, sequence FROM journal_position", row -> {
                journalId = row.getString(1);
                position = row.getLong(2);
            });
            each(statement, "SELECT tenant_id, meter, SUM(units), SUM(amount_micros), "
                + "SUM(CASE WHEN identifier IS NULL THEN units ELSE 0 END) FROM usage_line GROUP BY tenant_id, meter",
                row -> {
                    final TenantMeter of = new TenantMeter(row.getInt(1), row.getInt(2));
                    usage.put(of, new long[]{row.getLong(3), row.getLong(4)});
                    if (row.getLong(5) != 0) {
                        open.put(of, row.getLong(5));
                    }
                });
            each(statement, "SELECT identifier, tenant_id, meter, units, first_sequence, state, outcome FROM batch "
                + "ORDER BY first_sequence", row -> batches.put(row.getString(1), new Batch(row.getString(1),
                new TenantMeter(row.getInt(2), row.getInt(3)), row.getLong(4), row.getLong(5),
                BatchState.values()[row.getInt(6)], row.getString(7))));
            // of another amount it would be money that is not asked for
            each(statement, "SELECT tenant_id, meter, SUM(units) FROM batch WHERE amount_micros = 0 AND state = "
                + BatchState.FREE.ordinal() + " GROUP BY tenant_id, meter",
                row -> free.put(new TenantMeter(row.getInt(1), row.getInt(2)), row.getLong(3)));
            each(statement, "SELECT tenant_id, SUM(amount_micros) FROM balance GROUP BY tenant_id",
                row -> balanceSums.put(row.getInt(1), row.getLong(2)));
            each(statement, "SELECT adjustment_id, identifier, kind, units, state, event_identifier "
                + "FROM stripe_adjustment ORDER BY adjustment_id", row -> corrections.add(new Correction(
                row.getLong(1), row.getString(2), AdjustmentStore.Kind.valueOf(row.getString(3)), row.getLong(4),
                AdjustmentStore.State.values()[row.getInt(5)], row.getString(6))));
            each(statement, "SELECT tenant_id, customer_id FROM stripe_customer",
                row -> customers.put(row.getInt(1), row.getString(2)));
            each(statement, "SELECT meter, event_name FROM stripe_meter",
                row -> eventNames.put(row.getInt(1), row.getString(2)));
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE,
                "cannot read " + JdbcUrl.shown(jdbcUrl) + ": " + ex.getMessage(), ex);
        }
    }

    private interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    private static void each(final Statement statement, final String sql, final Row row) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                row.accept(rows);
            }
        }
    }
}
