package weir.billing.store;

import java.util.Map;
import java.util.TreeMap;

/** Which record each period of a tenant began with. Billing thread only; the caller commits. */
public final class PeriodStore {
    private final Sql sql;

    /**
     * In a database.
     *
     * @param database open for writing
     */
    public PeriodStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * The period that each tenant is in.
     *
     * @return tenant to start, epoch nanoseconds
     */
    public Map<Integer, Long> latest() {
        final Map<Integer, Long> latest = new TreeMap<>();
        sql.query("SELECT tenant_id, MAX(period_start_ns) FROM usage_period GROUP BY tenant_id",
            row -> latest.put(row.getInt(1), row.getLong(2)));
        return latest;
    }

    /**
     * Notes a period; one that is known keeps its record.
     *
     * @param tenantId tenant
     * @param startNs  start, epoch nanoseconds
     * @param sequence record that began it
     */
    public void add(final int tenantId, final long startNs, final long sequence) {
        sql.update("INSERT INTO usage_period (tenant_id, period_start_ns, first_sequence) VALUES (?, ?, ?) "
            + "ON CONFLICT (tenant_id, period_start_ns) DO NOTHING", tenantId, startNs, sequence);
    }
}
