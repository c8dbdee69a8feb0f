package weir.billing.store;

import java.math.BigDecimal;
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
import weir.billing.rating.MeterKind;

/** What was rated, sent and counted per UTC day. Writes do not commit. One thread and one database. */
public final class DriftStore {
    private static final long NS_PER_DAY = 86_400_000_000_000L;
    private static final String COLUMNS = "day, tenant_id, meter, rated, adjusted, delivered, quarantined, waiting, "
        + "counted, difference";

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public DriftStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * Our side of a tenant, meter and day; what Stripe is asked with.
     *
     * @param day         days since 1970-01-01, UTC
     * @param tenantId    tenant
     * @param meter       index
     * @param customerId  Stripe's customer
     * @param meterId     Stripe's meter
     * @param rated       units of rated lines whose batch has a time of that day
     * @param adjusted    units of corrections of that day
     * @param delivered   units that Stripe has taken
     * @param quarantined units that it refused, now or later, or that were not sent, because they are free or too old
     * @param waiting     units that are still to be delivered
     */
    public record Ours(long day, int tenantId, int meter, String customerId, String meterId, long rated, long adjusted,
                       long delivered, long quarantined, long waiting) {
        /**
         * Compares.
         *
         * @param counted Stripe's sum of the day
         * @return row
         */
        public Row against(final BigDecimal counted) {
            final BigDecimal expected = BigDecimal.valueOf(rated + adjusted - quarantined - waiting);
            return new Row(this, counted, counted.subtract(expected));
        }
    }

    /**
     * A comparison.
     *
     * @param ours       our side
     * @param counted    Stripe's sum
     * @param difference counted - (rated + adjusted - quarantined - waiting): 0 when nothing was lost or doubled
     */
    public record Row(Ours ours, BigDecimal counted, BigDecimal difference) {
        /**
         * Whether it agrees.
         *
         * @return true when there is no difference
         */
        public boolean agrees() {
            return difference.signum() == 0;
        }
    }

    /**
     * Our side of a day, for every customer and meter that Stripe knows of, also where nothing was rated: what another
     * program sent is a difference too. Read on a connection of its own, so that no writer waits for it. Any thread.
     *
     * @param jdbcUrl of the database
     * @param day     days since 1970-01-01, UTC
     * @return by tenant and meter
     */
    public static List<Ours> read(final String jdbcUrl, final long day) {
        try (Connection connection = Database.openForReading(jdbcUrl)) {
            return read(connection, day);
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE, ex.getMessage(), ex);
        }
    }

    private static List<Ours> read(final Connection connection, final long day) throws SQLException {
        final long from = day * NS_PER_DAY;
        final long until = from + NS_PER_DAY;
        final Map<Long, long[]> sums = new TreeMap<>();
        query(connection, "SELECT b.tenant_id, b.meter, "
            + "SUM(COALESCE((SELECT SUM(l.units) FROM usage_line l WHERE l.tenant_id = b.tenant_id "
            + "AND l.meter = b.meter AND l.window_sequence = b.first_sequence AND l.identifier = b.identifier), 0)), "
            + "SUM(CASE WHEN EXISTS (SELECT 1 FROM stripe_adjustment a WHERE a.event_identifier = b.identifier) "
            + "THEN b.units ELSE 0 END), "
            + "SUM(CASE WHEN b.state = ? THEN b.units ELSE 0 END), "
            + "SUM(CASE WHEN b.state IN (?, ?) THEN b.units ELSE 0 END), "
            + "SUM(CASE WHEN b.state IN (0, 1) THEN b.units ELSE 0 END) "
            + "FROM (SELECT * FROM batch WHERE event_ns >= ? AND event_ns < ? AND sent_ns IS NULL UNION ALL "
            + "SELECT * FROM batch WHERE sent_ns >= ? AND sent_ns < ?) b GROUP BY b.tenant_id, b.meter",
            row -> sums.put(key(row.getInt(1), row.getInt(2)), new long[]{row.getLong(3), row.getLong(4),
                row.getLong(5), row.getLong(6), row.getLong(7)}), BatchState.ACKED.ordinal(),
            BatchState.QUARANTINED.ordinal(), BatchState.FREE.ordinal(), from, until, from, until);
        final List<Ours> ours = new ArrayList<>();
        query(connection, "SELECT c.tenant_id, m.meter, c.customer_id, m.meter_id "
            + "FROM stripe_customer c, stripe_meter m ORDER BY c.tenant_id, m.meter", row -> {
                final long[] sum = sums.getOrDefault(key(row.getInt(1), row.getInt(2)), new long[5]);
                ours.add(new Ours(day, row.getInt(1), row.getInt(2), row.getString(3), row.getString(4), sum[0],
                    sum[1], sum[2], sum[3], sum[4]));
            });
        return ours;
    }

    private static void query(final Connection connection, final String text, final Sql.Row row,
        final long... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setLong(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    row.accept(rows);
                }
            }
        }
    }

    private static long key(final int tenantId, final int meter) {
        return (long)tenantId * MeterKind.COUNT + meter;
    }

    /**
     * Stores a comparison; the newest of a day, tenant and meter stands.
     *
     * @param row   comparison
     * @param nowMs wall clock
     */
    public void put(final Row row, final long nowMs) {
        final Ours ours = row.ours;
        sql.update("INSERT INTO stripe_drift (" + COLUMNS + ", checked_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            + "ON CONFLICT (day, tenant_id, meter) DO UPDATE SET rated = excluded.rated, "
            + "adjusted = excluded.adjusted, delivered = excluded.delivered, quarantined = excluded.quarantined, "
            + "waiting = excluded.waiting, counted = excluded.counted, difference = excluded.difference, "
            + "checked_ms = excluded.checked_ms", ours.day, ours.tenantId, ours.meter, ours.rated, ours.adjusted,
            ours.delivered, ours.quarantined, ours.waiting, row.counted.toPlainString(),
            row.difference.toPlainString(), nowMs);
    }

    /**
     * Stored comparisons of a day.
     *
     * @param day days since 1970-01-01, UTC
     * @return by tenant and meter
     */
    public List<Row> rows(final long day) {
        final List<Row> rows = new ArrayList<>();
        sql.query("SELECT " + COLUMNS + " FROM stripe_drift WHERE day = ? ORDER BY tenant_id, meter", row -> rows.add(
            new Row(new Ours(row.getLong(1), row.getInt(2), row.getInt(3), null, null, row.getLong(4), row.getLong(5),
                row.getLong(6), row.getLong(7), row.getLong(8)), new BigDecimal(row.getString(9)),
                new BigDecimal(row.getString(10)))), day);
        return rows;
    }
}
