package weir.billing.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingContext;
import weir.billing.BillingProcess;
import weir.billing.audit.RecordDigest;
import weir.billing.intake.RecordView;
import weir.billing.report.UsageReport;
import weir.billing.world.Fixture;
import weir.billing.world.LongWorld;
import weir.billing.world.World;

/** Exports a real journal of three days and compares with billing's own books. */
@Timeout(120)
class ExporterTest {
    private static final int DAYS = 3;

    private final long seed = System.nanoTime();
    private final World world = LongWorld.of(DAYS, seed, 150);

    private static ExportReport export(final Path dir, final Path out, final int tenantId) {
        final LocalDate today = LocalDate.ofEpochDay(Math.floorDiv(World.START_NS, LongWorld.DAY_NS));
        return new Exporter(new ExportOptions(dir.resolve("journal"), null, today.minusDays(DAYS + 1L),
            today.plusDays(1), tenantId, EnumSet.allOf(ExportOptions.Format.class), out, dir.resolve("scratch"),
            64L << 20)).run();
    }

    private static List<String> rows(final String sql) throws SQLException {
        final List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            Statement statement = connection.createStatement(); ResultSet set = statement.executeQuery(sql)) {
            while (set.next()) {
                final StringBuilder row = new StringBuilder();
                for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
                    row.append(set.getString(i)).append('|');
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void shouldExportWhatBillingRatedAndTheSameBytesAgain() throws Exception {
        try (Fixture fixture = new Fixture()) {
            final BillingContext context = fixture.context(world.frames).windowRecords(1_000).windowMs(3_600_000)
                .drain(true);
            try (BillingProcess process = BillingProcess.launch(context)) {
                assertTrue(process.awaitEnd(60_000), "seed " + seed);
                assertNull(process.failure());
            }
            LongWorld.write(fixture.dir.resolve("journal"), LongWorld.frames(world));
            final Path out = fixture.dir.resolve("out");
            final ExportReport report = export(fixture.dir, out, 0);
            assertEquals(world.frames.size(), report.records());
            totalsAreThoseOfBilling(out, fixture.report());
            csvIsParquet(out);
            chainHashesAreThoseOfTheRecords(out);
            final Map<Path, byte[]> bytes = bytes(out);
            assertEquals(report.files().size(), bytes.size());
            assertEquals(report, export(fixture.dir, out, 0));
            bytes(out).forEach((file, again) ->
                assertEquals(HexFormat.of().formatHex(bytes.get(file)), HexFormat.of().formatHex(again),
                    file.toString()));
            oneTenantHasItsRowsAlone(fixture.dir, out);
            try (Stream<Path> left = Files.list(fixture.dir.resolve("scratch"))) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    private void totalsAreThoseOfBilling(final Path out, final UsageReport usage) throws SQLException {
        final Map<String, String> expected = new TreeMap<>();
        for (final UsageReport.Usage one : usage.usage()) {
            if (one.units() > 0) {
                expected.put(one.tenant() + '/' + one.meter().label(), one.units() + "|" + one.amountMicros() + '|');
            }
        }
        assertFalse(expected.isEmpty());
        final Map<String, String> found = new TreeMap<>();
        for (final String row : rows("SELECT tenant || '/' || meter, SUM(units)::BIGINT, SUM(amount_micros)::BIGINT "
            + "FROM read_parquet('" + out + "/meter_events/*/*.parquet') GROUP BY ALL")) {
            final String[] parts = row.split("\\|", 2);
            found.put(parts[0], parts[1]);
        }
        assertEquals(expected, found, "seed " + seed);
        // what desks sent: units of the API log are those of the meter events for requests
        assertEquals(rows("SELECT SUM(units)::BIGINT FROM read_parquet('" + out
                + "/meter_events/*/*.parquet') WHERE meter = 'request'"),
            rows("SELECT SUM(units)::BIGINT FROM read_parquet('" + out
                + "/api_log/*/*.parquet') WHERE meter = 'request'"));
        assertEquals(List.of("FIX_LOGON|"), rows("SELECT DISTINCT authentication FROM read_parquet('" + out
            + "/api_log/*/*.parquet')"));
        assertEquals(List.of("0|"), rows("SELECT COUNT(*) FROM read_parquet('" + out
            + "/api_log/*/*.parquet') WHERE idempotency_key IS NULL AND verdict <> 'MALFORMED'"));
    }

    private void csvIsParquet(final Path out) throws SQLException {
        for (final DayTable table : DayTable.values()) {
            final List<String> parquet = rows("SELECT * FROM read_parquet('" + out + '/' + table.label()
                + "/*/*.parquet', hive_partitioning = true) ORDER BY ALL");
            final List<String> csv = rows("SELECT * FROM read_csv('" + out + '/' + table.label()
                + "/*/*.csv', hive_partitioning = true) ORDER BY ALL");
            assertFalse(parquet.isEmpty());
            assertEquals(parquet.size(), csv.size());
            for (int i = 0; i < csv.size(); i++) {
                assertEquals(parquet.get(i), csv.get(i));
            }
        }
        assertEquals(List.of("0|"), rows("SELECT COUNT(*) FROM read_parquet('" + out
            + "/*/*/*.parquet', hive_partitioning = true, union_by_name = true) WHERE time_utc::DATE <> date"));
    }

    private void chainHashesAreThoseOfTheRecords(final Path out) throws SQLException {
        final RecordDigest digest = new RecordDigest();
        final RecordView view = new RecordView();
        final Map<Long, String> expected = new TreeMap<>();
        final List<Long> batch = new ArrayList<>();
        final Map<Long, String> leaves = new TreeMap<>();
        long day = 0;
        for (long sequence = 1; sequence <= world.frames.size(); sequence++) {
            final byte[] frame = world.frames.frame(sequence);
            final long of = Math.max(day, view.wrap(new UnsafeBuffer(frame), 0, frame.length).record().epochNs()
                / LongWorld.DAY_NS);
            if (of != day) {
                digest.endDay();
                batchIs(HexFormat.of().formatHex(digest.chain().head()), batch, leaves, expected);
                digest.beginDay();
                day = of;
            }
            digest.add(new UnsafeBuffer(frame), 0, frame.length);
            batch.add(sequence);
            leaves.put(sequence, HexFormat.of().formatHex(digest.tree().leaf()));
            if (digest.isBatchWhole()) {
                batchIs(HexFormat.of().formatHex(digest.chain().head()), batch, leaves, expected);
            }
        }
        batchIs("null", batch, leaves, expected);
        for (final DayTable table : DayTable.values()) {
            final Map<Long, String> found = new TreeMap<>();
            for (final String row : rows("SELECT record_seq, leaf_hash, chain_hash FROM read_parquet('" + out + '/'
                + table.label() + "/*/*.parquet')")) {
                final String[] parts = row.split("\\|", 2);
                found.put(Long.parseLong(parts[0]), parts[1]);
            }
            assertFalse(found.isEmpty());
            found.forEach((sequence, hashes) ->
                assertEquals(expected.get(sequence), hashes, table.label() + " record " + sequence + " seed " + seed));
        }
    }

    private static void batchIs(final String link, final List<Long> batch, final Map<Long, String> leaves,
        final Map<Long, String> expected) {
        batch.forEach(sequence -> expected.put(sequence, leaves.get(sequence) + '|' + link + '|'));
        batch.clear();
    }

    private static void oneTenantHasItsRowsAlone(final Path dir, final Path out) throws SQLException {
        final Path one = dir.resolve("one");
        export(dir, one, 2);
        for (final DayTable table : DayTable.values()) {
            assertEquals(rows("SELECT * FROM read_parquet('" + out + '/' + table.label()
                    + "/*/*.parquet', hive_partitioning = false) WHERE tenant = 'beta' ORDER BY ALL"),
                rows("SELECT * FROM read_parquet('" + one + "/tenant=2/" + table.label()
                    + "/*/*.parquet', hive_partitioning = false) ORDER BY ALL"));
        }
    }

    private static Map<Path, byte[]> bytes(final Path out) throws IOException {
        final Map<Path, byte[]> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.put(file, Files.readAllBytes(file));
            }
        }
        return bytes;
    }
}
