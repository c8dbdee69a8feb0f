package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.hash.Sha256;
import weir.billing.store.Database;

/**
 * The billing database at one moment: all that is asked of one instance is of one journal position. One thread; close
 * it soon, the database keeps the moment until then.
 */
public final class Books implements AutoCloseable {
    private static final int DIGEST_CHARS = 32;

    private final Connection connection;
    private final Moment moment;

    private Books(final Connection connection) throws SQLException {
        this.connection = connection;
        final Moment[] found = {new Moment("", 0, 0, 0, "")};
        final String moved = moved();
        each("SELECT journal_id, sequence, epoch_ns, updated_ms FROM journal_position", row ->
            found[0] = new Moment(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), moved));
        moment = found[0];
    }

    /** An invoice's rounding changes balances without a record: those of tenants that have some are digested. */
    private String moved() throws SQLException {
        final StringBuilder text = new StringBuilder();
        each("SELECT tenant_id, account, amount_micros FROM balance WHERE tenant_id IN (SELECT tenant_id FROM balance "
            + "WHERE account IN ('ROUNDING', 'WRITE_OFF')) ORDER BY tenant_id, account", row ->
            text.append(row.getInt(1)).append(row.getString(2)).append(row.getLong(3)).append(';'));
        return text.isEmpty() ? "" : '-' + Sha256.hex(text.toString()).substring(0, DIGEST_CHARS);
    }

    /**
     * Begins a read transaction beside a running billing process.
     *
     * @param jdbcUrl of the database
     * @return open books
     * @throws BillingException DATABASE when there is none or it cannot be read
     */
    public static Books open(final String jdbcUrl) {
        final Connection connection = Database.openForReading(jdbcUrl);
        Books books = null;
        try {
            books = new Books(connection);
            return books;
        } catch (final SQLException ex) {
            throw unreadable(ex);
        } finally {
            if (books == null) {
                close(connection);
            }
        }
    }

    /**
     * When they were opened.
     *
     * @return position and time
     */
    public Moment moment() {
        return moment;
    }

    /**
     * A tenant.
     *
     * @param idOrName number, or name as configured
     * @return empty when billing has not seen it
     */
    public Optional<TenantRow> tenant(final String idOrName) {
        final boolean number = idOrName.matches("[0-9]{1,9}");
        final TenantRow[] found = new TenantRow[1];
        ask("SELECT tenant_id, name, postpaid, plan_id, budget_micros, period_start_ns, spent_micros, alerted_percent, "
            + "units_request, units_sent, units_filled, units_compute FROM tenant WHERE "
            + (number ? "tenant_id = ?" : "name = ?"), row -> found[0] = TenantRow.of(row),
            number ? (Object)Integer.valueOf(idOrName) : idOrName);
        return Optional.ofNullable(found[0]);
    }

    /**
     * Units and amounts per period and meter, where the tenant stands in the tiers, and the price in force.
     *
     * @param tenant of these books
     * @return JSON
     */
    public ObjectNode usage(final TenantRow tenant) {
        return new UsageView(this).of(tenant);
    }

    /**
     * What the tenant was granted, used, has reserved and has left.
     *
     * @param tenant of these books
     * @return JSON
     */
    public ObjectNode balance(final TenantRow tenant) {
        return new BalanceView(this).of(tenant);
    }

    /**
     * The lines of a period's invoice: what was rated at which price of which version of the plan.
     *
     * @param tenant  of these books
     * @param startNs start of the period, epoch nanoseconds; null = the present one
     * @return JSON; empty when there is no such period
     */
    public Optional<ObjectNode> invoice(final TenantRow tenant, final Long startNs) {
        return new InvoiceView(this).of(tenant, startNs);
    }

    /**
     * How billing stands: position, what waits for Stripe, what needs a person, where engine and billing differ.
     *
     * @param nowMs wall clock, epoch milliseconds
     * @return JSON
     */
    public ObjectNode status(final long nowMs) {
        return new StatusView(this).at(nowMs);
    }

    /** Takes a row. */
    interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    /** As {@link #each}, with the failure coded. */
    void ask(final String sql, final Row row, final Object... arguments) {
        try {
            each(sql, row, arguments);
        } catch (final SQLException ex) {
            throw unreadable(ex);
        }
    }

    long number(final String sql, final Object... arguments) {
        final long[] found = new long[1];
        ask(sql, row -> found[0] = row.getLong(1), arguments);
        return found[0];
    }

    private void each(final String sql, final Row row, final Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    row.accept(rows);
                }
            }
        }
    }

    private static BillingException unreadable(final SQLException ex) {
        return new BillingException(BillingError.DATABASE, "cannot read the books: " + ex.getMessage(), ex);
    }

    private static void close(final Connection connection) {
        try {
            connection.close();
        } catch (final SQLException ex) {
            throw unreadable(ex);
        }
    }

    @Override
    public void close() {
        close(connection);
    }
}
