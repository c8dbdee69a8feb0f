package weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the commands about audit, exports and statements take and refuse. */
class AuditCommandsTest {
    private static final String HASH = "ab".repeat(32);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Object taken;
    private final CommandActions actions = new CommandActions() {
        @Override
        public Optional<Action<AuditOptions>> auditVerify() {
            return Optional.of((options, output) -> take(options));
        }

        @Override
        public Optional<Action<ExportOptions>> export() {
            return Optional.of((options, output) -> take(options));
        }

        @Override
        public Optional<Action<StatementOptions>> statement() {
            return Optional.of((options, output) -> take(options));
        }
    };

    private int take(final Object options) {
        taken = options;
        return 0;
    }

    private int run(final String... args) {
        return new WeirCli(actions, new PrintStream(new ByteArrayOutputStream()),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, Map.of()).run(args);
    }

    @Test
    void shouldTakeWhatToVerify() {
        assertEquals(0, run("audit", "verify", "--journal", "j", "--archive", "a", "--summaries", "s", "--public-key",
            "k1", "k2", "--expect", HASH, "--complete"));
        assertEquals(new CommandActions.AuditOptions(Optional.of(Path.of("j")), Optional.of(Path.of("a")),
            Path.of("s"), List.of(Path.of("k1"), Path.of("k2")), List.of(HASH), true), taken);
        assertEquals(0, run("audit", "verify", "--archive", "a", "--summaries", "s", "--public-key", "k"));
    }

    @Test
    void shouldRefuseToVerifyWithoutAJournalAndWithAHashThatIsNone() {
        assertEquals(2, run("audit", "verify", "--summaries", "s", "--public-key", "k"));
        assertEquals(2, run("audit", "verify", "--journal", "j", "--summaries", "s", "--public-key", "k", "--expect",
            "abc"));
        assertEquals(2, run("audit"));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("64 hexadecimal digits"));
    }

    @Test
    void shouldTakeDaysOfAnExportOneWayOnly() {
        assertEquals(0, run("export", "--config", "c", "--day", "2026-01-31", "--format", "csv", "--tenant", "t"));
        assertEquals(new CommandActions.ExportOptions(Path.of("c"), LocalDate.of(2026, 1, 31),
            LocalDate.of(2026, 1, 31), Optional.of("t"), List.of("CSV"), Optional.empty(), false), taken);
        assertEquals(0, run("export", "--from", "2026-01-01", "--to", "2026-01-02", "--out", "o", "--dry-run"));
        assertEquals(List.of("PARQUET", "CSV"), ((CommandActions.ExportOptions)taken).formats());
        for (final String wrong : List.of("--day 2026-02-30", "--from 2026-01-01", "--day 2026-01-01 --to 2026-01-02",
            "--from 2026-01-02 --to 2026-01-01", "--day 2026-01-01 --format xls")) {
            assertEquals(2, run(("export " + wrong).split(" ")), wrong);
        }
    }

    @Test
    void shouldNameAStatementByTenantAndMonth() {
        assertEquals(0, run("statement", "--config", "c", "--tenant", "a/b", "--month", "2026-11"));
        assertEquals(new CommandActions.StatementOptions(Path.of("c"), "a/b", YearMonth.of(2026, 11),
            Path.of("statement-a_b-2026-11.html")), taken);
        assertEquals(2, run("statement", "--tenant", "a", "--month", "2026-13"));
    }
}
