package weir.billing.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.hash.Sha256;

/**
 * Brings the schema up to date: numbered scripts, each run once in its own transaction and remembered with the SHA-256
 * of its text in {@code schema_version}. A script that was changed after it ran, or a database of a newer version,
 * stops the start. Statements end with {@code ;} at the end of a line.
 */
final class Migrations {
    private static final List<String> SCRIPTS = List.of("V1__usage_ledger.sql", "V2__grants.sql",
        "V3__books.sql", "V4__stripe_objects.sql", "V5__webhooks_out.sql", "V6__audit.sql", "V7__read_outs.sql",
        "V8__order_pages.sql", "V9__plan_terms.sql", "V10__invoice_rounding.sql", "V11__batch_time.sql",
        "V12__audit_batches.sql", "V13__invoice_tiers.sql", "V14__schedules_of_tenants.sql");

    private Migrations() {
    }

    static void run(final Connection connection, final long nowMs) throws SQLException {
        run(connection, nowMs, SCRIPTS.size());
    }

    /** Runs the scripts up to a version, as a program of that version would. */
    static void run(final Connection connection, final long nowMs, final int versions) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, "
                + "script TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms BIGINT NOT NULL)");
        }
        connection.commit();
        final int newest = newestApplied(connection);
        if (newest > versions) {
            throw new BillingException(BillingError.SCHEMA_MISMATCH,
                "database has schema version " + newest + ", this program knows " + versions);
        }
        for (int i = 0; i < versions; i++) {
            final int version = i + 1;
            final String script = SCRIPTS.get(i);
            final String text = text(script);
            if (version <= newest) {
                check(connection, version, script, Sha256.hex(text));
            } else {
                apply(connection, version, script, text, nowMs);
            }
        }
        // One transaction from the version that was read to the last script: another process that makes the same
        // database at once gets in before or after it, not between two scripts.
        connection.commit();
    }

    private static int newestApplied(final Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void check(final Connection connection, final int version, final String script,
        final String checksum) throws SQLException {
        try (PreparedStatement statement =
            connection.prepareStatement("SELECT checksum FROM schema_version WHERE version = ?")) {
            statement.setInt(1, version);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next() || !rows.getString(1).equals(checksum)) {
                    throw new BillingException(BillingError.SCHEMA_MISMATCH,
                        "script " + script + " is not the one that made this database");
                }
            }
        }
    }

    private static void apply(final Connection connection, final int version, final String script, final String text,
        final long nowMs) throws SQLException {
        final StringBuilder pending = new StringBuilder();
        try (Statement statement = connection.createStatement()) {
            for (final String line : text.split("\n")) {
                if (line.startsWith("--")) {
                    continue;
                }
                pending.append(line).append('\n');
                if (line.endsWith(";")) {
                    statement.execute(pending.toString());
                    pending.setLength(0);
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(
            "INSERT INTO schema_version (version, script, checksum, applied_ms) VALUES (?, ?, ?, ?)")) {
            statement.setInt(1, version);
            statement.setString(2, script);
            statement.setString(3, Sha256.hex(text));
            statement.setLong(4, nowMs);
            statement.executeUpdate();
        }
    }

    private static String text(final String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new BillingException(BillingError.SCHEMA_MISMATCH, "script " + script
                    + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException ex) {
            throw new UncheckedIOException(script, ex);
        }
    }
}
