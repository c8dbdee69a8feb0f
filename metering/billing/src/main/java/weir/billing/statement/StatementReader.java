package weir.billing.statement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weir.billing.batch.BatchState;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.rating.MeterKind;
import weir.billing.store.Database;
import weir.billing.store.JdbcUrl;
import weir.billing.stripe.PriceTerms;
import weir.protocol.sbe.GrantKind;

/**
 * Reads the figures of a statement in one read transaction. A window of usage belongs to the period that its last
 * record lies in; windows are cut where a plan period begins, so none lies in two of the tenant's periods.
 */
final class StatementReader {
    private static final String WINDOWS = " FROM usage_line u LEFT JOIN batch b ON b.identifier = u.identifier "
        + "LEFT JOIN open_window w ON u.identifier IS NULL AND w.tenant_id = u.tenant_id AND w.meter = u.meter "
        + "WHERE u.tenant_id = ? AND COALESCE(b.event_ns, w.last_ns) ";
    private static final long NS_PER_MS = 1_000_000L;

    private final Connection connection;
    private final int tenantId;
    private final long fromNs;
    private final long untilNs;

    private StatementReader(final Connection connection, final int tenantId, final Instant from,
        final Instant until) {
        this.connection = connection;
        this.tenantId = tenantId;
        fromNs = from.toEpochMilli() * NS_PER_MS;
        untilNs = until.toEpochMilli() * NS_PER_MS;
    }

    /** Reads; {@code until} is the first moment after the period. */
    static StatementFigures read(final String jdbcUrl, final int tenantId, final Instant from, final Instant until) {
        try (Connection connection = Database.openForReading(jdbcUrl)) {
            return new StatementReader(connection, tenantId, from, until).read();
        } catch (final SQLException ex) {
            throw new BillingException(BillingError.DATABASE,
                "cannot read " + JdbcUrl.shown(jdbcUrl) + ": " + ex.getMessage(), ex);
        }
    }

    private StatementFigures read() throws SQLException {
        final String[] journal = {"", ""};
        rows("SELECT journal_id, sequence FROM journal_position", row -> {
            journal[0] = row.getString(1);
            journal[1] = row.getString(2);
        });
        final String[] tenant = new String[3];
        rows("SELECT name, postpaid, plan_id FROM tenant WHERE tenant_id = ?", row -> {
            for (int i = 0; i < tenant.length; i++) {
                tenant[i] = row.getString(i + 1);
            }
        }, tenantId);
        if (tenant[0] == null) {
            throw new BillingException(BillingError.EXPORT_FAILED, "billing knows no tenant " + tenantId);
        }
        final int planId = Integer.parseInt(tenant[2]);
        final String[] currency = {""};
        rows("SELECT currency FROM plan WHERE plan_id = ? ORDER BY version", row -> currency[0] = row.getString(1),
            planId);
        final List<StatementFigures.Credit> credits = credits();
        final long opening = Math.subtractExact(sum("SELECT SUM(amount_micros) FROM credit_grant c WHERE "
                + "tenant_id = ? AND NOT EXISTS (SELECT 1 FROM statement_credit s WHERE s.grant_id = c.grant_id AND "
                + "s.epoch_ns >= ?)", tenantId, fromNs),
            sum("SELECT SUM(u.amount_micros)" + WINDOWS + "< ?", tenantId, fromNs));
        final List<StatementFigures.Usage> usage = usage();
        final long closing = Math.addExact(opening, Math.subtractExact(
            credits.stream().mapToLong(StatementFigures.Credit::amountMicros).sum(),
            usage.stream().mapToLong(StatementFigures.Usage::amountMicros).sum()));
        return new StatementFigures(tenantId, tenant[0], !"0".equals(tenant[1]), planId, currency[0].strip(),
            journal[0], Long.parseLong(journal[1]), usage, credits, opening, closing, accounts(), deliveries(),
            stripe(), invoices(), settlements(), discrepancies(), days());
    }

    private List<StatementFigures.Usage> usage() throws SQLException {
        final List<StatementFigures.Usage> usage = new ArrayList<>();
        rows("SELECT g.meter, g.plan_version, g.units, g.price_micros, g.amount, g.first_seq, g.last_seq, p.tier, "
            + "p.up_to FROM (SELECT u.meter, u.plan_id, u.plan_version, u.price_micros, SUM(u.units) AS units, "
            + "SUM(u.amount_micros) AS amount, MIN(u.first_sequence) AS first_seq, MAX(u.last_sequence) AS last_seq"
            + WINDOWS + ">= ? AND COALESCE(b.event_ns, w.last_ns) < ? "
            + "GROUP BY u.meter, u.plan_id, u.plan_version, u.price_micros) g "
            + "LEFT JOIN plan_price p ON p.plan_id = g.plan_id AND p.version = g.plan_version AND p.meter = g.meter "
            + "AND p.price_micros = g.price_micros AND p.tier = (SELECT MIN(q.tier) FROM plan_price q WHERE "
            + "q.plan_id = g.plan_id AND q.version = g.plan_version AND q.meter = g.meter AND "
            + "q.price_micros = g.price_micros) ORDER BY g.meter, g.plan_version, COALESCE(p.tier, 0)",
            row -> {
                final int tier = row.getInt(8);
                final boolean known = !row.wasNull();
                usage.add(new StatementFigures.Usage(MeterKind.of(row.getInt(1)).label(), row.getInt(2),
                    known ? tier + 1 : 0, row.getLong(9), row.getLong(3), row.getLong(4), row.getLong(5),
                    row.getLong(6), row.getLong(7)));
            }, tenantId, fromNs, untilNs);
        return usage;
    }

    private List<StatementFigures.Credit> credits() throws SQLException {
        final List<StatementFigures.Credit> credits = new ArrayList<>();
        rows("SELECT grant_id, kind, epoch_ns, amount_micros, reference, sequence FROM statement_credit "
            + "WHERE tenant_id = ? AND epoch_ns >= ? AND epoch_ns < ? ORDER BY sequence", row ->
            credits.add(new StatementFigures.Credit(row.getLong(1),
                GrantKind.get((short)row.getInt(2)).name().toLowerCase(Locale.ROOT).replace('_', '-'), row.getLong(3),
                row.getLong(4), row.getString(5), row.getLong(6))), tenantId, fromNs, untilNs);
        return credits;
    }

    /** Balances are those of now: they belong to a statement of the running period alone. */
    private List<StatementFigures.Balance> accounts() throws SQLException {
        final List<StatementFigures.Balance> accounts = new ArrayList<>();
        if (sum("SELECT epoch_ns FROM journal_position") < untilNs) {
            rows("SELECT account, amount_micros FROM balance WHERE tenant_id = ? ORDER BY account", row ->
                accounts.add(new StatementFigures.Balance(row.getString(1), row.getLong(2))), tenantId);
        }
        return accounts;
    }

    private List<StatementFigures.Delivery> deliveries() throws SQLException {
        final List<StatementFigures.Delivery> deliveries = new ArrayList<>();
        rows("SELECT meter, COUNT(*), SUM(CASE WHEN state = " + BatchState.ACKED.ordinal()
            + " THEN units ELSE 0 END), SUM(CASE WHEN state IN (" + BatchState.SEALED.ordinal() + ", "
            + BatchState.SENT.ordinal() + ") THEN units ELSE 0 END), SUM(CASE WHEN state = "
            + BatchState.QUARANTINED.ordinal() + " THEN units ELSE 0 END), MIN(first_sequence), MAX(first_sequence) "
            + "FROM batch WHERE tenant_id = ? AND event_ns >= ? AND event_ns < ? GROUP BY meter ORDER BY meter",
            row -> deliveries.add(new StatementFigures.Delivery(MeterKind.of(row.getInt(1)).label(), row.getLong(2),
                row.getLong(3), row.getLong(4), row.getLong(5), identifier(row.getInt(1), row.getLong(6)),
                identifier(row.getInt(1), row.getLong(7)))), tenantId, fromNs, untilNs);
        return deliveries;
    }

    private String identifier(final int meter, final long firstSequence) throws SQLException {
        final String[] identifier = {""};
        rows("SELECT identifier FROM batch WHERE tenant_id = ? AND meter = ? AND first_sequence = ?",
            row -> identifier[0] = row.getString(1), tenantId, meter, firstSequence);
        return identifier[0];
    }

    private List<StatementFigures.Named> stripe() throws SQLException {
        final List<StatementFigures.Named> names = new ArrayList<>();
        rows("SELECT customer_id FROM stripe_customer WHERE tenant_id = ?",
            row -> names.add(new StatementFigures.Named("customer", row.getString(1))), tenantId);
        if (has("stripe_subscription")) {
            rows("SELECT subscription_id FROM stripe_subscription WHERE tenant_id = ?",
                row -> names.add(new StatementFigures.Named("subscription", row.getString(1))), tenantId);
        }
        return names;
    }

    private List<StatementFigures.Invoice> invoices() throws SQLException {
        final List<StatementFigures.Invoice> invoices = new ArrayList<>();
        if (has("stripe_invoice")) {
            rows("SELECT invoice_id, status, currency, from_ms, until_ms, stripe_micros, "
                + "CASE WHEN tiers_state = 'ITEM' THEN tiers_minor ELSE 0 END, difference_micros "
                + "FROM stripe_invoice WHERE tenant_id = ? AND until_ms > ? AND from_ms < ? ORDER BY from_ms",
                row -> invoices.add(new StatementFigures.Invoice(row.getString(1), row.getString(2), row.getString(3),
                    row.getLong(4), row.getLong(5), row.getLong(6), PriceTerms.micros(row.getLong(7), row.getString(3)),
                    row.getLong(8))), tenantId, fromNs / NS_PER_MS, untilNs / NS_PER_MS);
        }
        return invoices;
    }

    private List<StatementFigures.Settlement> settlements() throws SQLException {
        final List<StatementFigures.Settlement> settlements = new ArrayList<>();
        if (has("settlement_line")) {
            rows("SELECT l.grant_id, l.asset, l.decimals, l.atoms, l.rate_mantissa, l.rate_exponent, l.rate_source, "
                + "l.amount_micros, l.reference FROM settlement_line l JOIN statement_credit s ON "
                + "s.grant_id = l.grant_id WHERE l.tenant_id = ? AND s.epoch_ns >= ? AND s.epoch_ns < ? "
                + "ORDER BY s.sequence, l.line", row -> settlements.add(new StatementFigures.Settlement(row.getLong(1),
                    row.getString(2), row.getInt(3), row.getString(4), row.getLong(5), row.getInt(6),
                    row.getString(7), row.getLong(8), row.getString(9))), tenantId, fromNs, untilNs);
        }
        return settlements;
    }

    /** Those between the first and the last record that the period's usage and credit come from. */
    private List<StatementFigures.Difference> discrepancies() throws SQLException {
        final List<StatementFigures.Difference> found = new ArrayList<>();
        rows("SELECT sequence, kind, expected, found FROM discrepancy WHERE tenant_id = ? AND sequence >= "
            + "(SELECT COALESCE(MIN(u.first_sequence), 0)" + WINDOWS + ">= ? AND COALESCE(b.event_ns, w.last_ns) < ?) "
            + "AND sequence <= (SELECT COALESCE(MAX(u.last_sequence), 0)" + WINDOWS
            + ">= ? AND COALESCE(b.event_ns, w.last_ns) < ?) ORDER BY sequence, kind", row ->
            found.add(new StatementFigures.Difference(row.getLong(1), row.getString(2), row.getLong(3),
                row.getLong(4))), tenantId, tenantId, fromNs, untilNs, tenantId, fromNs, untilNs);
        return found;
    }

    private List<StatementFigures.Day> days() throws SQLException {
        final List<StatementFigures.Day> days = new ArrayList<>();
        final String from = Instant.ofEpochMilli(fromNs / NS_PER_MS).toString().substring(0, 10);
        final String to = Instant.ofEpochMilli(untilNs / NS_PER_MS - 1).toString().substring(0, 10);
        rows("SELECT day, first_sequence, last_sequence, sha256, key_id FROM audit_summary WHERE day >= ? AND "
            + "day <= ? ORDER BY first_sequence", row -> days.add(new StatementFigures.Day(row.getString(1),
            row.getLong(2), row.getLong(3), row.getString(4), row.getString(5))), from, to);
        return days;
    }

    private boolean has(final String table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, table, new String[]{"TABLE"})) {
            return tables.next();
        }
    }

    private long sum(final String sql, final Object... arguments) throws SQLException {
        final long[] sum = new long[1];
        rows(sql, row -> sum[0] = row.getLong(1), arguments);
        return sum[0];
    }

    private interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    private void rows(final String sql, final Row row, final Object... arguments) throws SQLException {
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
