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
import weir.config.run.Actions;
import weir.journal.JournalDump;
import weir.journal.JournalReader;
import weir.journal.JournalVerifier;
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

    @BeforeEach
    void unpack() {
        journal = EarlierJournals.unpack(1, dir);
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
        assertEquals(EarlierJournals.SCHEMA_1_RECORDS, report.records());
        assertEquals(1, report.firstSequence());
    }

    @Test
    void shouldDumpEveryRecordOfSchemaVersionOneWithItsInput() throws IOException {
        final StringBuilder out = new StringBuilder();
        assertEquals(EarlierJournals.SCHEMA_1_RECORDS,
            new JournalDump().dump(journal, 1, Long.MAX_VALUE, out));
        final Map<String, Long> inputs = new TreeMap<>();
        long sequence = 0;
        for (final String line : out.toString().split("\n")) {
            final JsonNode record = JSON.readTree(line);
            assertEquals(++sequence, record.path("sequence").asLong());
            final String input = record.path("input").path("message").asText();
            assertFalse(input.isEmpty(), line);
            inputs.merge(input, 1L, Long::sum);
            if (input.equals("NewOrder")) {
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
        assertEquals((int) EarlierJournals.SCHEMA_1_RECORDS, verified.get("records"));
        assertEquals(true, verified.get("whole"));
        final Map<String, Object> status = command("status", journal.toString());
        assertEquals("none", status.get("owner"));
        assertEquals((int) EarlierJournals.SCHEMA_1_RECORDS, status.get("last"));
        assertTrue(((Number) verified.get("GB/s")).doubleValue() >= 0);
        assertTrue(((Number) verified.get("plain read GB/s")).doubleValue() > 0);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> command(final String... args) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final String[] line = new String[args.length + 1];
        line[0] = "journal";
        System.arraycopy(args, 0, line, 1, args.length);
        final int exitCode = new WeirCli(new Actions(), new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(line);
        assertEquals(ExitCodes.OK, exitCode, () -> out + "\n" + err);
        final String[] lines = out.toString(StandardCharsets.UTF_8).strip().split("\n");
        return JSON.readValue(lines[lines.length - 1], Map.class);
    }
}
