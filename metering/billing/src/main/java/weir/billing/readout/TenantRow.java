package weir.billing.readout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A tenant as committed. Money in micro-units of its plan's currency.
 *
 * @param tenantId       id
 * @param name           name
 * @param postpaid       billed after the fact
 * @param planId         plan; 0 none
 * @param budgetMicros   of the period; 0 none
 * @param periodStartNs  start of the present period, epoch nanoseconds; 0 before the first roll
 * @param spentMicros    in the present period
 * @param alertedPercent highest budget threshold passed in it
 * @param units          per meter in the present period
 */
public record TenantRow(int tenantId, String name, boolean postpaid, int planId, long budgetMicros, long periodStartNs,
                        long spentMicros, int alertedPercent, List<Long> units) {
    static TenantRow of(final ResultSet row) throws SQLException {
        return new TenantRow(row.getInt(1), row.getString(2), row.getInt(3) != 0, row.getInt(4), row.getLong(5),
            row.getLong(6), row.getLong(7), row.getInt(8),
            List.of(row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12)));
    }

    void into(final ObjectNode node) {
        node.put("tenantId", tenantId).put("tenant", name);
    }
}
