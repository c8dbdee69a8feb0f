package weir.billing.trace;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.grant.Settlement;
import weir.billing.ledger.Account;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;
import weir.billing.store.SettlementStore;

/**
 * What a tenant's books hold, and what a span of time was charged. A window is cut where a plan period ends, so that it
 * belongs to one: that of its last record.
 *
 * @param tenantId tenant
 * @param position last record that was billed
 * @param currency of the plan; empty without lines
 * @param balances per account, signed micro-units; accounts that never moved are left out
 * @param lines    by meter, plan, version and tier
 * @param credits  every grant that was applied, by record
 */
public record TenantBill(int tenantId, long position, String currency, Map<Account, Long> balances,
                         List<Line> lines, List<Credit> credits) {
    private static final String LINES = "SELECT s.meter, s.plan_id, s.plan_version, s.price_micros, s.units, s.amount, "
        + "s.units_open, s.windows, COALESCE((SELECT MIN(p.tier) + 1 FROM plan_price p WHERE p.plan_id = s.plan_id "
        + "AND p.version = s.plan_version AND p.meter = s.meter AND p.price_micros = s.price_micros), 0), "
        + "(SELECT c.currency FROM plan c WHERE c.plan_id = s.plan_id AND c.version = s.plan_version) FROM ("
        + "SELECT u.meter, u.plan_id, u.plan_version, u.price_micros, SUM(u.units) AS units, "
        + "SUM(u.amount_micros) AS amount, SUM(CASE WHEN u.identifier IS NULL THEN u.units ELSE 0 END) AS units_open, "
        + "COUNT(*) AS windows FROM usage_line u LEFT JOIN batch b ON b.identifier = u.identifier "
        + "LEFT JOIN open_window w ON u.identifier IS NULL AND w.tenant_id = u.tenant_id AND w.meter = u.meter "
        + "AND w.first_sequence = u.window_sequence WHERE u.tenant_id = ? AND COALESCE(b.event_ns, w.last_ns) >= ? "
        + "AND COALESCE(b.event_ns, w.last_ns) < ? "
        + "GROUP BY u.meter, u.plan_id, u.plan_version, u.price_micros) s "
        + "ORDER BY s.meter, s.plan_id, s.plan_version, 9, s.price_micros";

    /**
     * Usage at one price.
     *
     * @param meter       meter
     * @param planId      plan
     * @param planVersion its version
     * @param tier        tier of the price, from 1, the lowest when several have it; 0 when the plan has no price
     * @param units       units
     * @param priceMicros micro-units per unit
     * @param amountMicros micro-units
     * @param unitsOpen   of the units, those not sealed yet
     * @param windows     windows they are in
     */
    public record Line(MeterKind meter, int planId, int planVersion, int tier, long units, long priceMicros,
                       long amountMicros, long unitsOpen, long windows) {
    }

    /**
     * A grant that was applied.
     *
     * @param grantId      id
     * @param amountMicros micro-units, negative where it took credit
     * @param sequence     record that applied it
     * @param settlement   what it was paid in, in the order of the lines
     */
    public record Credit(long grantId, long amountMicros, long sequence, List<Settlement> settlement) {
    }

    /** Copies. */
    public TenantBill {
        balances = Map.copyOf(balances);
        lines = List.copyOf(lines);
        credits = List.copyOf(credits);
    }

    /**
     * Reads a bill in one read transaction.
     *
     * @param jdbcUrl  billing database
     * @param tenantId tenant
     * @param fromNs   first journaled time, epoch nanoseconds
     * @param untilNs  journaled time it ends before
     * @return bill
     * @throws BillingException DATABASE
     */
    public static TenantBill read(final String jdbcUrl, final int tenantId, final long fromNs, final long untilNs) {
        try (Connection connection = Database.openForReading(jdbcUrl)) {
            final Map<Account, Long> balances = new EnumMap<>(Account.class);
            final List<Line> lines = new ArrayList<>();
            final long[] position = new long[1];
            final String[] currency = {""};
            query(connection, "SELECT sequence FROM journal_position", row -> position[0] = row.getLong(1));
            query(connection, "SELECT account, amount_micros FROM balance WHERE tenant_id = ?",
                row -> balances.put(Account.valueOf(row.getString(1)), row.getLong(2)), tenantId);
            query(connection, LINES, row -> {
                lines.add(new Line(MeterKind.of(row.getInt(1)), row.getInt(2), row.getInt(3), row.getInt(9),
                    row.getLong(5), row.getLong(4), row.getLong(6), row.getLong(7), row.getLong(8)));
                currency[0] = row.getString(10) == null ? currency[0] : row.getString(10);
            }, tenantId, fromNs, untilNs);
            return new TenantBill(tenantId, position[0], currency[0], balances, lines, credits(connection, tenantId));
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, "cannot read the bill: " + ex.getMessage(), ex);
        }
    }

    private static List<Credit> credits(final Connection connection, final int tenantId) throws SQLException {
        final Map<Long, List<Settlement>> settlements = SettlementStore.of(connection, tenantId);
        final List<Credit> credits = new ArrayList<>();
        query(connection, "SELECT grant_id, amount_micros, sequence FROM credit_grant WHERE tenant_id = ? "
            + "ORDER BY sequence", row -> credits.add(new Credit(row.getLong(1), row.getLong(2), row.getLong(3),
            settlements.getOrDefault(row.getLong(1), List.of()))), tenantId);
        return credits;
    }

    /** Takes a row. */
    @FunctionalInterface
    private interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    private static void query(final Connection connection, final String sql, final Row row,
        final Object... arguments) throws SQLException {
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
}
