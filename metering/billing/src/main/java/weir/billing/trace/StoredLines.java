package weir.billing.trace;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/** What the database says of windows, lines and entries, in one read transaction. One thread. */
final class StoredLines implements AutoCloseable {
    static final String OPEN = "OPEN";

    private final Connection connection;

    /** A window; identifier null and state OPEN while it is open. */
    record Window(String identifier, String state, int tenantId, int meter, long first, long last, long units,
        long amount) {
    }

    /** Takes a row. */
    @FunctionalInterface
    private interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    StoredLines(final Connection connection) {
        this.connection = connection;
    }

    private void query(final String sql, final Row row, final Object... arguments) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    row.accept(rows);
                }
            }
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, ex.getMessage(), ex);
        }
    }

    /** Journal id and position. */
    Map.Entry<String, Long> position() {
        final List<Map.Entry<String, Long>> found = new ArrayList<>(1);
        query("SELECT journal_id, sequence FROM journal_position",
            row -> found.add(Map.entry(row.getString(1), row.getLong(2))));
        if (found.isEmpty()) {
            throw new BillingException(BillingError.TRACE_NOT_FOUND, "the database has billed nothing yet");
        }
        return found.get(0);
    }

    private List<Window> windows(final String where, final Object... arguments) {
        final List<Window> found = new ArrayList<>();
        query("SELECT identifier, state, tenant_id, meter, first_sequence, last_sequence, units, amount_micros "
            + "FROM batch WHERE " + where + " ORDER BY first_sequence", row -> found.add(new Window(row.getString(1),
            BatchState.values()[row.getInt(2)].name(), row.getInt(3), row.getInt(4), row.getLong(5), row.getLong(6),
            row.getLong(7), row.getLong(8))), arguments);
        return found;
    }

    Window batch(final String identifier) {
        final List<Window> found = windows("identifier = ?", identifier);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Windows of a tenant and meter that hold a record of a range, sealed or open. */
    List<Window> overlapping(final int tenantId, final int meter, final long first, final long last) {
        final List<Window> found = windows("tenant_id = ? AND meter = ? AND first_sequence <= ? "
            + "AND last_sequence >= ?", tenantId, meter, last, first);
        query("SELECT w.first_sequence, w.last_sequence, SUM(u.units), SUM(u.amount_micros) FROM open_window w "
            + "LEFT JOIN usage_line u ON u.tenant_id = w.tenant_id AND u.meter = w.meter "
            + "AND u.window_sequence = w.first_sequence AND u.identifier IS NULL "
            + "WHERE w.tenant_id = ? AND w.meter = ? AND w.first_sequence <= ? AND w.last_sequence >= ? "
            + "GROUP BY w.first_sequence, w.last_sequence", row -> found.add(new Window(null, OPEN, tenantId, meter,
            row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))), tenantId, meter, last, first);
        return found;
    }

    List<LineTrace.Line> lines(final Window window) {
        final List<LineTrace.Line> found = new ArrayList<>();
        query("SELECT plan_id, plan_version, price_micros, units, amount_micros, first_sequence, last_sequence, "
            + "identifier FROM usage_line WHERE tenant_id = ? AND meter = ? AND window_sequence = ? "
            + "ORDER BY first_sequence, price_micros DESC", row -> found.add(new LineTrace.Line(row.getInt(1),
            row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7))),
            window.tenantId(), window.meter(), window.first());
        return found;
    }

    /** Entries of a tenant and span by "kind/account", those aside that no record makes. */
    Map<String, Long> entries(final int tenantId, final long span) {
        final Map<String, Long> found = new TreeMap<>();
        query("SELECT kind, account, amount_micros FROM ledger_entry WHERE tenant_id = ? AND span = ? "
            + "AND kind NOT IN ('ROUNDING', 'WRITE_OFF')",
            row -> found.put(row.getString(1) + "/" + row.getString(2), row.getLong(3)), tenantId, span);
        return found;
    }

    /** Whether a range holds entries of the version that did not keep kinds. */
    boolean hasMixed(final int tenantId, final long first, final long last) {
        final boolean[] found = new boolean[1];
        query("SELECT COUNT(*) FROM ledger_entry WHERE tenant_id = ? AND kind = 'MIXED' AND first_sequence <= ? "
            + "AND last_sequence >= ?", row -> found[0] = row.getLong(1) > 0, tenantId, last, first);
        return found[0];
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, ex.getMessage(), ex);
        }
    }
}
