package weir.billing.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * Rows of a day in a DuckDB database on disk, and the files made of them. DuckDB runs in this process with one thread,
 * so that the same rows give the same bytes; extensions are neither loaded nor fetched. A file is whole or not there.
 */
final class DayFiles implements AutoCloseable {
    private static final int ROWS_PER_FLUSH = 50_000;

    private final ExportOptions options;
    private final DuckDBConnection connection;
    private final Map<DayTable, DuckDBAppender> appenders = new EnumMap<>(DayTable.class);
    private DuckDBAppender links;
    private int unflushed;

    DayFiles(final ExportOptions options, final Path scratch) {
        this.options = options;
        final Properties settings = new Properties();
        settings.setProperty("memory_limit", options.memoryBytes() / (1 << 20) + "MiB");
        settings.setProperty("temp_directory", scratch.resolve("spill").toString());
        settings.setProperty("threads", "1");
        settings.setProperty("preserve_insertion_order", "true");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        DuckDBConnection opened = null;
        try {
            opened = (DuckDBConnection)DriverManager.getConnection("jdbc:duckdb:" + scratch.resolve("export.duckdb"),
                settings);
            connection = opened;
            begin();
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }

    private void begin() throws SQLException {
        for (final DayTable table : DayTable.values()) {
            run(table.create());
            appenders.put(table, connection.createAppender("main", table.label()));
        }
        run(DayTable.createLinks());
        links = connection.createAppender("main", DayTable.LINKS);
    }

    /** The link of a batch of the day. */
    void link(final long batch, final String hash) throws SQLException {
        links.beginRow().append(batch).append(hash).endRow();
    }

    /** A statement of its own for each text: one that failed must not be used again. */
    private void run(final String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    DuckDBAppender row(final DayTable table) throws SQLException {
        return appenders.get(table).beginRow();
    }

    void endRow(final DayTable table) throws SQLException {
        appenders.get(table).endRow();
        if (++unflushed >= ROWS_PER_FLUSH) {
            flush();
        }
    }

    private void flush() throws SQLException {
        for (final DuckDBAppender appender : appenders.values()) {
            appender.flush();
        }
        unflushed = 0;
    }

    /** Writes the day's files and begins another day. */
    List<ExportReport.Written> write(final LocalDate day) {
        final List<ExportReport.Written> written = new ArrayList<>();
        try {
            links.close();
            for (final DayTable table : DayTable.values()) {
                appenders.get(table).close();
                final long rows = count(table);
                for (final ExportOptions.Format format : ExportOptions.Format.values()) {
                    if (options.formats().contains(format)) {
                        written.add(new ExportReport.Written(day, table.label(), rows, write(day, table, format)));
                    }
                }
            }
            unflushed = 0;
            begin();
        } catch (final SQLException ex) {
            throw failed(ex);
        }
        return written;
    }

    private long count(final DayTable table) throws SQLException {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table.label())) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Path write(final LocalDate day, final DayTable table, final ExportOptions.Format format)
        throws SQLException {
        final Path base = options.tenantId() == 0 ? options.out()
            : options.out().resolve("tenant=" + options.tenantId());
        final Path file = base.resolve(table.label()).resolve("date=" + day)
            .resolve(table.label() + '.' + format.ending());
        final Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.getParent());
            run("COPY (" + table.select() + ") TO '" + part.toString().replace("'", "''") + "' (" + format.clause()
                + ')');
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException ex) {
            throw new BillingException(BillingError.EXPORT_FAILED, "cannot write " + file + ": " + ex, ex);
        }
        return file;
    }

    static BillingException failed(final SQLException ex) {
        return new BillingException(BillingError.EXPORT_FAILED, "DuckDB: " + ex.getMessage(), ex);
    }

    @Override
    public void close() {
        try {
            for (final DuckDBAppender appender : appenders.values()) {
                if (!appender.isClosed()) {
                    appender.close();
                }
            }
            if (!links.isClosed()) {
                links.close();
            }
            connection.close();
        } catch (final SQLException ex) {
            throw failed(ex);
        }
    }
}
