package weir.bench.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.agrona.DirectBuffer;
import weir.billing.intake.RecordSource;
import weir.billing.intake.RecordView;
import weir.protocol.sbe.JournalRecordDecoder;

/**
 * The straightforward way, as peer: each record becomes a line of JSON, and each line a row of SQLite, prepared
 * statement, same journal reader, same pragmas, as many rows in a transaction as billing has records at most. It rates
 * nothing and remembers no order; sums would be SQL over its rows. One thread.
 */
final class EventLines implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement insert;
    private final RecordView view = new RecordView();
    private final ObjectMapper json = new ObjectMapper();

    EventLines(final Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("CREATE TABLE event (sequence BIGINT PRIMARY KEY, line TEXT NOT NULL)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO event (sequence, line) VALUES (?, ?)");
    }

    int take(final RecordSource source, final int limit) throws SQLException {
        final int taken = source.poll(this::onRecord, limit);
        connection.commit();
        return taken;
    }

    private void onRecord(final DirectBuffer buffer, final int offset, final int length, final long sequence) {
        final JournalRecordDecoder record = view.wrap(buffer, offset, length).record();
        final ObjectNode line = json.createObjectNode();
        line.put("sequence", sequence).put("epochNs", record.epochNs()).put("template", record.inputTemplateId())
            .put("tenant", record.tenantId()).put("session", record.sessionId()).put("order", record.orderId())
            .put("reason", record.reason()).put("plan", record.planId()).put("version", record.planVersion())
            .put("request", record.requestUnits()).put("sent", record.sentUnits())
            .put("filled", record.filledUnits()).put("debit", record.debitMicros())
            .put("balance", record.balanceMicros());
        try {
            insert.setLong(1, sequence);
            insert.setString(2, json.writeValueAsString(line));
            insert.executeUpdate();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (final SQLException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void close() throws SQLException {
        insert.close();
        connection.close();
    }
}
