package weir.billing.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Runs prepared statements with positional arguments; SQL failures become {@code DATABASE}. */
final class Sql {
    /** Takes a row. */
    @FunctionalInterface
    interface Row {
        void accept(ResultSet row) throws SQLException;
    }

    private final Database database;

    Sql(final Database database) {
        this.database = database;
    }

    int update(final String sql, final Object... arguments) {
        try {
            return bound(sql, arguments).executeUpdate();
        } catch (final SQLException ex) {
            throw database.failed(ex);
        }
    }

    void query(final String sql, final Row row, final Object... arguments) {
        try (ResultSet rows = bound(sql, arguments).executeQuery()) {
            while (rows.next()) {
                row.accept(rows);
            }
        } catch (final SQLException ex) {
            throw database.failed(ex);
        }
    }

    private PreparedStatement bound(final String sql, final Object... arguments) throws SQLException {
        final PreparedStatement statement = database.statement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
