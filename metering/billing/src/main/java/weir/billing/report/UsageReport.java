package weir.billing.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.rating.Discrepancy;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;
import weir.billing.store.JdbcUrl;

/**
 * What billing holds at one moment. Money in micro-units.
 *
 * @param journalId     32 hex digits
 * @param position      last record billed
 * @param usage         per tenant and meter, in that order
 * @param balances      per tenant: account to signed micro-units
 * @param discrepancies where engine and billing differ; at most {@value #DISCREPANCIES_MAX}
 * @param discrepancyCount all of them
 * @param alerts        budget thresholds passed
 * @param quarantined   batches that Stripe refused for good
 * @param undelivered   batches SEALED or SENT
 */
public record UsageReport(String journalId, long position, List<Usage> usage,
                          Map<Integer, Map<String, Long>> balances, List<Discrepancy> discrepancies,
                          long discrepancyCount, List<Alert> alerts, List<Quarantined> quarantined,
                          long undelivered) {
    /** Most discrepancies that a report lists. */
    public static final int DISCREPANCIES_MAX = 1_000;

    /**
     * Usage of a tenant and meter since the database began.
     *
     * @param tenantId         tenant
     * @param tenant           name
     * @param customer         Stripe customer; null while unknown
     * @param meter            meter
     * @param units            rated, open windows included
     * @param amountMicros     rated amount
     * @param unitsOpen        units not sealed yet
     * @param batchesSealed    batches in any state
     * @param batchesSent      batches for which a call was begun
     * @param batchesAcked     delivered
     * @param batchesDuplicate of those, by Stripe's "already exists"
     * @param unitsAcked       delivered
     */
    public record Usage(int tenantId, String tenant, String customer, MeterKind meter, long units, long amountMicros,
                        long unitsOpen, long batchesSealed, long batchesSent, long batchesAcked,
                        long batchesDuplicate, long unitsAcked) {
    }

    /**
     * A budget threshold that was passed.
     *
     * @param tenantId      tenant
     * @param periodStartNs period, epoch nanoseconds
     * @param percent       threshold
     * @param sequence      record that passed it
     */
    public record Alert(int tenantId, long periodStartNs, int percent, long sequence) {
    }

    /**
     * A batch that needs a person.
     *
     * @param identifier batch
     * @param tenantId   tenant
     * @param meter      meter
     * @param units      units not delivered
     * @param code       why
     * @param detail     Stripe's words
     */
    public record Quarantined(String identifier, int tenantId, MeterKind meter, long units, String code,
                              String detail) {
    }

    /**
     * Reads the report in one read transaction.
     *
     * @param jdbcUrl of the billing database
     * @return report
     * @throws BillingException DATABASE when there is none or it cannot be read
     */
    public static UsageReport read(final String jdbcUrl) {
        try (Connection connection = Database.openForReading(jdbcUrl);
            Statement statement = connection.createStatement()) {
            return read(statement);
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE,
                "cannot read " + JdbcUrl.shown(jdbcUrl) + ": " + ex.getMessage(), ex);
        }
    }

    private static UsageReport read(final Statement statement) throws SQLException {
        String journalId = "";
        long position = 0;
        try (ResultSet rows = statement.executeQuery("SELECT journal_id, sequence FROM journal_position")) {
            if (rows.next()) {
                journalId = rows.getString(1);
                position = rows.getLong(2);
            }
        }
        final Map<Integer, Map<String, Long>> balances = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery("SELECT tenant_id, account, amount_micros FROM balance")) {
            while (rows.next()) {
                balances.computeIfAbsent(rows.getInt(1), id -> new TreeMap<>()).put(rows.getString(2), rows.getLong(3));
            }
        }
        final List<Discrepancy> discrepancies = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT sequence, kind, tenant_id, expected, found "
            + "FROM discrepancy ORDER BY sequence, kind LIMIT " + DISCREPANCIES_MAX)) {
            while (rows.next()) {
                discrepancies.add(new Discrepancy(rows.getLong(1), Discrepancy.Kind.valueOf(rows.getString(2)),
                    rows.getInt(3), rows.getLong(4), rows.getLong(5)));
            }
        }
        final List<Alert> alerts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(
            "SELECT tenant_id, period_start_ns, percent, sequence FROM budget_alert ORDER BY sequence, percent")) {
            while (rows.next()) {
                alerts.add(new Alert(rows.getInt(1), rows.getLong(2), rows.getInt(3), rows.getLong(4)));
            }
        }
        final List<Quarantined> quarantined = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT identifier, tenant_id, meter, units, outcome, detail "
            + "FROM batch WHERE state = " + BatchState.QUARANTINED.ordinal() + " ORDER BY first_sequence")) {
            while (rows.next()) {
                quarantined.add(new Quarantined(rows.getString(1), rows.getInt(2), MeterKind.of(rows.getInt(3)),
                    rows.getLong(4), rows.getString(5), rows.getString(6)));
            }
        }
        return new UsageReport(journalId, position, usage(statement), balances, discrepancies,
            count(statement, "SELECT COUNT(*) FROM discrepancy"), alerts, quarantined,
            count(statement, "SELECT COUNT(*) FROM batch WHERE state IN (0, 1)"));
    }

    private static List<Usage> usage(final Statement statement) throws SQLException {
        final List<Usage> usage = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT u.tenant_id, t.name, c.customer_id, u.meter, u.units, "
            + "u.amount, u.open_units, COALESCE(b.sealed, 0), COALESCE(b.sent, 0), COALESCE(b.acked, 0), "
            + "COALESCE(b.duplicate, 0), COALESCE(b.acked_units, 0) "
            + "FROM (SELECT tenant_id, meter, SUM(units) AS units, SUM(amount_micros) AS amount, "
            + "SUM(CASE WHEN identifier IS NULL THEN units ELSE 0 END) AS open_units "
            + "FROM usage_line GROUP BY tenant_id, meter) u "
            + "LEFT JOIN tenant t ON t.tenant_id = u.tenant_id "
            + "LEFT JOIN stripe_customer c ON c.tenant_id = u.tenant_id "
            + "LEFT JOIN (SELECT tenant_id, meter, COUNT(*) AS sealed, SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END) "
            + "AS sent, SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END) AS acked, "
            + "SUM(CASE WHEN state = 2 AND outcome = 'duplicate' THEN 1 ELSE 0 END) AS duplicate, "
            + "SUM(CASE WHEN state = 2 THEN units ELSE 0 END) AS acked_units "
            + "FROM batch GROUP BY tenant_id, meter) b ON b.tenant_id = u.tenant_id AND b.meter = u.meter "
            + "ORDER BY u.tenant_id, u.meter")) {
            while (rows.next()) {
                usage.add(new Usage(rows.getInt(1), rows.getString(2), rows.getString(3), MeterKind.of(rows.getInt(4)),
                    rows.getLong(5), rows.getLong(6), rows.getLong(7), rows.getLong(8), rows.getLong(9),
                    rows.getLong(10), rows.getLong(11), rows.getLong(12)));
            }
        }
        return usage;
    }

    private static long count(final Statement statement, final String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /**
     * Amount of a tenant over all meters.
     *
     * @param tenantId tenant
     * @return micro-units
     */
    public long amountMicros(final int tenantId) {
        return usage.stream().filter(row -> row.tenantId() == tenantId).mapToLong(Usage::amountMicros).sum();
    }

    /**
     * The report as one JSON object.
     *
     * @return JSON text, one line
     */
    public String toJson() {
        final ObjectMapper mapper = new ObjectMapper();
        final ObjectNode root = mapper.createObjectNode().put("journalId", journalId).put("position", position)
            .put("undelivered", undelivered).put("discrepancies", discrepancyCount);
        final ArrayNode rows = root.putArray("usage");
        for (final Usage row : usage) {
            rows.addObject().put("tenantId", row.tenantId()).put("tenant", row.tenant()).put("customer", row.customer())
                .put("meter", row.meter().label()).put("units", row.units()).put("amountMicros", row.amountMicros())
                .put("unitsOpen", row.unitsOpen()).put("batchesSealed", row.batchesSealed())
                .put("batchesSent", row.batchesSent()).put("batchesAcked", row.batchesAcked())
                .put("batchesDuplicate", row.batchesDuplicate()).put("unitsAcked", row.unitsAcked());
        }
        final ObjectNode accounts = root.putObject("balances");
        balances.forEach((tenantId, byAccount) -> {
            final ObjectNode tenant = accounts.putObject(tenantId.toString());
            byAccount.forEach(tenant::put);
        });
        root.put("alerts", alerts.size());
        final ArrayNode refused = root.putArray("quarantined");
        for (final Quarantined batch : quarantined) {
            refused.addObject().put("identifier", batch.identifier()).put("tenantId", batch.tenantId())
                .put("meter", batch.meter().label()).put("units", batch.units()).put("code", batch.code());
        }
        try {
            return mapper.writeValueAsString(root);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", ex);
        }
    }
}
