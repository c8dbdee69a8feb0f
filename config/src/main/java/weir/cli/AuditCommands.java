package weir.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands that prove or hand on what was recorded: audit verify, export, statement. */
final class AuditCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";

    private AuditCommands() {
    }

    private static <T> T parse(final CommandSpec spec, final String option, final String text,
        final Function<String, T> form, final String example) {
        try {
            return form.apply(text);
        } catch (final DateTimeParseException ex) {
            throw new ParameterException(spec.commandLine(), option + " must be as " + example);
        }
    }

    @Command(name = "audit", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Proves that a journal is what was signed.")
    static final class Audit implements Runnable {
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is needed");
        }
    }

    @Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares a journal with its signed summaries, offline; names the first bad record. Exit 1 when "
            + "anything is not as it was signed.")
    static final class Verify implements Callable<Integer> {
        private final Action<CommandActions.AuditOptions> action;
        @ParentCommand
        private Audit audit;
        @Spec
        private CommandSpec spec;
        @Option(names = "--journal", paramLabel = "DIR", description = "Journal directory.")
        private Path journal;
        @Option(names = "--archive", paramLabel = "DIR", description = "Where its older files went; may stand alone.")
        private Path archive;
        @Option(names = "--summaries", paramLabel = "DIR", required = true, description = "Audit directory.")
        private Path summaries;
        @Option(names = "--public-key", paramLabel = "FILE", required = true, arity = "1..*",
            description = "Trusted Ed25519 public key, PEM, or keys.json. Later keys are trusted through summaries.")
        private List<Path> keys;
        @Option(names = "--expect", paramLabel = "SHA256",
            description = "Hash of a summary that must be there, as summary.daily had it.")
        private List<String> expected = List.of();
        @Option(names = "--complete", description = "Days that are no longer kept count as missing.")
        private boolean complete;

        Verify(final Action<CommandActions.AuditOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (journal == null && archive == null) {
                throw new ParameterException(spec.commandLine(), "--journal or --archive is needed");
            }
            for (final String hash : expected) {
                if (!hash.matches("[0-9a-f]{64}")) {
                    throw new ParameterException(spec.commandLine(), "--expect must be 64 hexadecimal digits");
                }
            }
            return action.run(new CommandActions.AuditOptions(Optional.ofNullable(journal),
                Optional.ofNullable(archive), summaries, keys, expected, complete), audit.root.output());
        }
    }

    @Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes meter events and the API log, a file per UTC day; again gives the same files.")
    static final class Export implements Callable<Integer> {
        private final Action<CommandActions.ExportOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--day", paramLabel = "DATE", description = "One UTC day, as 2026-01-31.")
        private String day;
        @Option(names = "--from", paramLabel = "DATE", description = "First day, with --to.")
        private String from;
        @Option(names = "--to", paramLabel = "DATE", description = "Last day, with --from.")
        private String to;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant. Default: all.")
        private String tenant;
        @Option(names = "--format", paramLabel = "FORMAT", split = ",", defaultValue = "parquet,csv",
            description = "parquet, csv or both. Default: ${DEFAULT-VALUE}.")
        private List<String> formats;
        @Option(names = "--out", paramLabel = "DIR", description = "Default: export.dir of billing.yaml.")
        private Path out;
        @Option(names = "--dry-run", description = "Say what would be exported; write nothing.")
        private boolean dryRun;

        Export(final Action<CommandActions.ExportOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (day == null ? from == null || to == null : from != null || to != null) {
                throw new ParameterException(spec.commandLine(), "either --day, or --from and --to");
            }
            final LocalDate first = parse(spec, "--day and --from", day == null ? from : day, LocalDate::parse,
                "2026-01-31");
            final LocalDate last = parse(spec, "--to", day == null ? to : day, LocalDate::parse, "2026-01-31");
            if (last.isBefore(first)) {
                throw new ParameterException(spec.commandLine(), "--to must not be before --from");
            }
            for (final String format : formats) {
                if (!List.of("parquet", "csv").contains(format.toLowerCase(Locale.ROOT))) {
                    throw new ParameterException(spec.commandLine(), "--format must be parquet, csv or both");
                }
            }
            return action.run(new CommandActions.ExportOptions(config, first, last, Optional.ofNullable(tenant),
                formats.stream().map(format -> format.toUpperCase(Locale.ROOT)).toList(), Optional.ofNullable(out),
                dryRun), root.output());
        }
    }

    @Command(name = "statement", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes the statement of a tenant and month as one HTML file.")
    static final class StatementOf implements Callable<Integer> {
        private final Action<CommandActions.StatementOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose.")
        private String tenant;
        @Option(names = "--month", paramLabel = "YYYY-MM", required = true,
            description = "Calendar month in the tenant's time zone.")
        private String month;
        @Option(names = "--out", paramLabel = "FILE", description = "Default: statement-TENANT-MONTH.html here.")
        private Path out;

        StatementOf(final Action<CommandActions.StatementOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final YearMonth of = parse(spec, "--month", month, YearMonth::parse, "2026-01");
            return action.run(new CommandActions.StatementOptions(config, tenant, of,
                out == null ? Path.of("statement-" + tenant.replaceAll("[^A-Za-z0-9._-]", "_") + '-' + of + ".html")
                    : out), root.output());
        }
    }
}
