package weir.billing.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;
import weir.billing.grant.GrantOrder;
import weir.billing.grant.Settlement;

/**
 * What grants were settled in. Lines are written with their grant and never changed. Writes do not commit. One thread
 * and one database.
 */
public final class SettlementStore {
    private static final String COLUMNS = "asset, decimals, atoms, rate_mantissa, rate_exponent, rate_source, rate_ms, "
        + "rounding, reference";

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public SettlementStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * Records what a grant was settled in. The same again changes nothing; other lines for the same grant are refused,
     * and so are lines that do not come to its amount.
     *
     * @param grant as it was recorded, with its id
     * @param lines what it was settled in; the amounts of several add up to the grant's
     * @throws BillingException SETTLEMENT_MISMATCH, GRANT_ID_TAKEN
     */
    public void record(final GrantOrder grant, final List<Settlement> lines) {
        if (lines.size() == 1) {
            lines.get(0).check(grant.amountMicros());
        } else if (lines.stream().mapToLong(Settlement::amountMicros).reduce(0, Math::addExact)
            != Math.abs(grant.amountMicros())) {
            throw new BillingException(BillingError.SETTLEMENT_MISMATCH, "the grant is of " + grant.amountMicros()
                + " micro-units, its " + lines.size() + " settlement lines come to another sum");
        }
        final List<Settlement> before = of(grant.grantId());
        if (!before.isEmpty() && !before.equals(lines)) {
            throw new BillingException(BillingError.GRANT_ID_TAKEN, "grant " + grant.grantId()
                + " exists with another settlement: " + before);
        }
        if (before.isEmpty()) {
            int number = 0;
            for (final Settlement line : lines) {
                insert(grant, ++number, line);
            }
        }
    }

    private void insert(final GrantOrder grant, final int number, final Settlement line) {
        sql.update("INSERT INTO settlement_line (grant_id, line, tenant_id, amount_micros, " + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", grant.grantId(), number, grant.tenantId(),
            line.amountMicros(), line.asset(), line.decimals(), line.atoms().toString(), line.rateMantissa(),
            line.rateExponent(), line.rateSource(), line.rateMs(), line.rounding().name(), line.reference());
    }

    /**
     * What a grant was settled in.
     *
     * @param grantId id
     * @return lines in their order; empty when none were recorded
     */
    public List<Settlement> of(final long grantId) {
        final List<Settlement> lines = new ArrayList<>(1);
        sql.query("SELECT " + COLUMNS + " FROM settlement_line WHERE grant_id = ? ORDER BY line",
            row -> lines.add(line(row, 1)), grantId);
        return lines;
    }

    /**
     * What all grants were settled in.
     *
     * @return lines by grant
     */
    public Map<Long, List<Settlement>> all() {
        final Map<Long, List<Settlement>> lines = new TreeMap<>();
        sql.query("SELECT grant_id, " + COLUMNS + " FROM settlement_line ORDER BY grant_id, line", row ->
            lines.computeIfAbsent(row.getLong(1), id -> new ArrayList<>(1)).add(line(row, 2)));
        return lines;
    }

    /**
     * What a tenant's grants were settled in, for reading.
     *
     * @param connection of {@link Database#openForReading}
     * @param tenantId   tenant
     * @return lines by grant
     * @throws SQLException when the database refuses
     */
    public static Map<Long, List<Settlement>> of(final Connection connection, final int tenantId)
        throws SQLException {
        final Map<Long, List<Settlement>> lines = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT grant_id, " + COLUMNS
            + " FROM settlement_line WHERE tenant_id = ? ORDER BY grant_id, line")) {
            statement.setInt(1, tenantId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.computeIfAbsent(rows.getLong(1), id -> new ArrayList<>(1)).add(line(rows, 2));
                }
            }
        }
        return lines;
    }

    private static Settlement line(final ResultSet row, final int from) throws SQLException {
        return new Settlement(row.getString(from), row.getInt(from + 1), new BigInteger(row.getString(from + 2)),
            row.getLong(from + 3), row.getInt(from + 4), row.getString(from + 5), row.getLong(from + 6),
            Settlement.Rounding.valueOf(row.getString(from + 7)), row.getString(from + 8));
    }
}
