package weir.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.cli.ExitCodes;
import weir.cli.WeirCli;
import weir.config.recovery.JournalZip;
import weir.config.run.Actions;
import weir.journal.ConsumerPosition;
import weir.journal.JournalDump;
import weir.journal.JournalId;
import weir.journal.JournalReader;
import weir.journal.JournalVerifier;
import weir.journal.SnapshotStore;
import weir.journal.VerifyReport;
import weir.protocol.JournalRecordDescriptor;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** A journal that a router of schema version 1 left, read with the stubs of today. */
class EarlierSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;
    private Path journal;
    private String results;
    private String errors;

    @BeforeEach
    void unpack() throws IOException {
        journal = JournalZip.schema1(dir);
    }

    @Test
    void shouldVerifyEveryRecordOfSchemaVersionOne() {
        final TreeSet<Integer> versions = new TreeSet<>();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        try (JournalReader reader = JournalReader.open(journal)) {
            while (reader.poll((buffer, offset, length, sequence) -> versions.add(
                header.wrap(buffer, offset + JournalRecordDescriptor.HEADER_OFFSET).version()), 1000) > 0) {
                Thread.onSpinWait();
            }
        }
        assertEquals(List.of(1), List.copyOf(versions));
        assertTrue(JournalRecordDecoder.SCHEMA_VERSION > 1, "the schema is later than the journal");
        final VerifyReport report = JournalVerifier.verify(journal);
        assertTrue(report.ok(), () -> "" + report.error());
        assertEquals(JournalZip.SCHEMA_1_RECORDS, report.records());
        assertEquals(1, report.firstSequence());
    }

    @Test
    void shouldDumpEveryRecordOfSchemaVersionOneWithItsInput() throws IOException {
        final StringBuilder out = new StringBuilder();
        assertEquals(JournalZip.SCHEMA_1_RECORDS,
            new JournalDump().dump(journal, 1, Long.MAX_VALUE, out));
        final Map<String, Long> inputs = new TreeMap<>();
        long sequence = 0;
        for (final String line : out.toString().split("\n")) {
            final JsonNode record = JSON.readTree(line);
            assertEquals(++sequence, record.path("sequence").asLong());
            final String input = record.path("input").path("message").asText();
            assertFalse(input.isEmpty(), line);
            inputs.merge(input, 1L, Long::sum);
            if (input.equals("NewOrder") && record.path("reason").asInt() == 0) {
                assertTrue(record.at("/input/symbol").asText().endsWith("-USD"), line);
                assertTrue(record.at("/input/orderQty").asLong() > 0, line);
            }
        }
        assertEquals(inputs, new TreeMap<>(JournalVerifier.verify(journal).byTemplate()));
        assertEquals(1, inputs.get("RouterStarted"));
        assertTrue(inputs.get("NewOrder") > 100 && inputs.get("VenueExecution") > 100, inputs::toString);
    }

    @Test
    void shouldArchiveAndVerifyItFromTheCommandLine() throws IOException {
        final Path archive = dir.resolve("archive");
        final Map<String, Object> planned = command("archive", journal.toString(), "--archive", archive.toString(),
            "--retention", "0s", "--dry-run");
        assertEquals(0, planned.get("files"), "billing has not said that it is past them");
        assertEquals("billing", planned.get("kept for"));
        assertFalse(Files.exists(archive));
        final Map<String, Object> verified = command("verify", journal.toString(), "--archive", archive.toString());
        assertEquals((int) JournalZip.SCHEMA_1_RECORDS, verified.get("records"));
        assertEquals(true, verified.get("whole"));
        final Map<String, Object> status = command("status", journal.toString());
        assertEquals("none", status.get("owner"));
        assertEquals((int) JournalZip.SCHEMA_1_RECORDS, status.get("last"));
        assertTrue(((Number) verified.get("GB/s")).doubleValue() >= 0);
        assertTrue(((Number) verified.get("plain read GB/s")).doubleValue() > 0);
    }

    @Test
    void shouldMoveFilesThatBillingAndASnapshotArePastAndSayWhatIsNotThereWithoutThem() throws IOException {
        final Path archive = dir.resolve("archive");
        final long past = 300;
        final JournalId id = JournalId.read(journal);
        try (ConsumerPosition position = ConsumerPosition.open(journal, id, "billing")) {
            position.store(past, 1);
        }
        SnapshotStore.open(journal, id).write(JournalZip.SCHEMA_1_RECORDS, 1, out -> out.write(1));
        final Map<String, Object> moved = command("archive", journal.toString(), "--archive", archive.toString(),
            "--retention", "0s");
        assertEquals(true, moved.get("moved"));
        final int first = (int) moved.get("begins at");
        assertTrue((int) moved.get("files") > 0 && first > 1 && first <= past + 1, moved::toString);
        final Map<String, Object> whole =
            command("verify", journal.toString(), "--archive", archive.toString(), "--sums");
        assertEquals(1, whole.get("first"));
        assertEquals((int) JournalZip.SCHEMA_1_RECORDS, whole.get("records"));
        final Map<String, Object> rest = command("verify", journal.toString());
        assertEquals(first, rest.get("first"));
        assertTrue(errors.contains("JOURNAL_NOT_KEPT records 1 to " + (first - 1) + " are not in "), errors);
        assertEquals(ExitCodes.FAILED, run("replay", journal.toString()));
        assertTrue(errors.contains("JOURNAL_NOT_KEPT a replay begins at record 1"), errors);
        assertTrue(errors.contains("--archive"), errors);
    }

    private int run(final String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final String[] line = new String[args.length + 1];
        line[0] = "journal";
        System.arraycopy(args, 0, line, 1, args.length);
        final int exitCode = new WeirCli(new Actions(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(line);
        results = out.toString(StandardCharsets.UTF_8);
        errors = err.toString(StandardCharsets.UTF_8);
        return exitCode;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> command(final String... args) throws IOException {
        assertEquals(ExitCodes.OK, run(args), () -> results + "\n" + errors);
        final String[] lines = results.strip().split("\n");
        return JSON.readValue(lines[lines.length - 1], Map.class);
    }
}
