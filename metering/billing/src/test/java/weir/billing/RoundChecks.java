package weir.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.billing.batch.BatchState;
import weir.billing.store.Database;

/** What must hold of the committed database and of Stripe's log at any moment at which billing was killed. */
final class RoundChecks {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> breaches = new ArrayList<>();
    private final Map<String, long[]> batches = new HashMap<>();

    private RoundChecks() {
    }

    /** @return every breach of J4 and J9; empty when all is well, and when nothing was committed yet */
    static List<String> breaches(final String jdbcUrl, final Path stripeLog) {
        final RoundChecks checks = new RoundChecks();
        try (Connection connection = Database.openForReading(jdbcUrl);
            Statement statement = connection.createStatement()) {
            checks.books(statement);
        } catch (final SQLException ex) {
            throw new AssertionError(ex);
        }
        checks.stripe(stripeLog);
        return checks.breaches;
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

    private void books(final Statement statement) throws SQLException {
        each(statement, "SELECT sequence, kind, tenant_id, expected, found FROM discrepancy ORDER BY sequence",
            row -> breaches.add("J9 record " + row.getLong(1) + ' ' + row.getString(2) + " tenant " + row.getInt(3)
                + ": billing " + row.getLong(4) + ", engine " + row.getLong(5)));
        each(statement, "SELECT tenant_id, SUM(amount_micros) FROM balance GROUP BY tenant_id "
            + "HAVING SUM(amount_micros) <> 0", row ->
            breaches.add("ledger of tenant " + row.getInt(1) + " sums to " + row.getLong(2)));
        each(statement, "SELECT tenant_id, account, amount_micros FROM balance "
            + "WHERE account IN ('CREDIT', 'RESERVE') AND amount_micros < 0", row ->
            breaches.add("tenant " + row.getInt(1) + ' ' + row.getString(2) + " is " + row.getLong(3)));
        each(statement, "SELECT b.tenant_id, b.account, b.amount_micros, COALESCE(u.amount, 0) FROM balance b "
            + "LEFT JOIN (SELECT tenant_id, CASE meter WHEN 0 THEN 'USAGE_REQUEST' WHEN 1 THEN 'USAGE_ORDER_SENT' "
            + "WHEN 2 THEN 'USAGE_ORDER_FILLED' ELSE 'USAGE_COMPUTE_MS' END AS account, SUM(amount_micros) AS amount "
            + "FROM usage_line GROUP BY tenant_id, meter) u ON u.tenant_id = b.tenant_id AND u.account = b.account "
            + "WHERE b.account LIKE 'USAGE%' AND b.amount_micros <> COALESCE(u.amount, 0)", row ->
            breaches.add("J4 tenant " + row.getInt(1) + ' ' + row.getString(2) + ": ledger " + row.getLong(3)
                + ", lines " + row.getLong(4)));
        each(statement, "SELECT b.identifier, b.units, COALESCE(SUM(u.units), 0) FROM batch b LEFT JOIN usage_line u "
            + "ON u.identifier = b.identifier GROUP BY b.identifier, b.units "
            + "HAVING b.units <> COALESCE(SUM(u.units), 0)", row ->
            breaches.add("J4 batch " + row.getString(1) + " of " + row.getLong(2) + " holds lines of "
                + row.getLong(3)));
        each(statement, "SELECT identifier, units, state FROM batch", row ->
            batches.put(row.getString(1), new long[]{row.getLong(2), row.getInt(3), 0}));
    }

    private void stripe(final Path log) {
        try {
            for (final String text : Files.readAllLines(log)) {
                final JsonNode line = JSON.readTree(text);
                if ("accepted".equals(line.path("kind").asText())) {
                    accepted(line.path("identifier").asText(), line.path("value").asLong());
                }
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        batches.forEach((identifier, batch) -> {
            if (batch[1] == BatchState.ACKED.ordinal() && batch[2] == 0) {
                breaches.add("J4 batch " + identifier + " is ACKED and Stripe does not have it");
            }
            if (batch[1] == BatchState.QUARANTINED.ordinal()) {
                breaches.add("J4 batch " + identifier + " is quarantined");
            }
        });
    }

    private void accepted(final String identifier, final long units) {
        final long[] batch = batches.get(identifier);
        if (batch == null || batch[1] == BatchState.SEALED.ordinal()) {
            breaches.add("J4 Stripe has " + identifier + ", and no batch was committed as SENT before");
        } else if (batch[0] != units) {
            breaches.add("J4 Stripe has " + identifier + " with " + units + " units, the batch " + batch[0]);
        } else if (++batch[2] > 1) {
            breaches.add("J4 Stripe took " + identifier + " twice");
        }
    }
}
