package weir.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands that read what was recorded: journal, reconcile, report. */
final class RecordCommands {
    private RecordCommands() {
    }

    @Command(name = "journal", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Reads a journal.")
    static final class Journal implements Runnable {
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is needed");
        }
    }

    /** One of verify, dump, replay; its name and description are set where it is added. */
    @Command(mixinStandardHelpOptions = true, sortOptions = false)
    static final class OnJournal implements Callable<Integer> {
        private final Action<CommandActions.JournalOptions> action;
        @ParentCommand
        private Journal journal;
        @Spec
        private CommandSpec spec;
        @Parameters(index = "0", paramLabel = "DIR", description = "Journal directory.")
        private Path dir;
        @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "First record sequence.")
        private long from;
        @Option(names = "--to", paramLabel = "SEQ", description = "Last record sequence. Default: the end.")
        private Long to;
        @Option(names = "--tenant", paramLabel = "ID", description = "Only records of this tenant id.")
        private Long tenant;
        @Option(names = "--order", paramLabel = "ID", description = "Only records of this order id.")
        private Long order;
        @Option(names = "--from-snapshot", description = "replay only: begin at the newest usable snapshot.")
        private boolean fromSnapshot;
        @Option(names = "--archive", paramLabel = "DIR", description = "Where older files of the journal went.")
        private Path archive;
        @Option(names = "--sums", description = "verify: also compare archived files with their SHA-256.")
        private boolean sums;

        OnJournal(final Action<CommandActions.JournalOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final long last = to == null ? Long.MAX_VALUE : to;
            if (from < 1 || last < from) {
                throw new ParameterException(spec.commandLine(), "--from must be at least 1 and --to not below it");
            }
            if (fromSnapshot && !spec.name().equals("replay")) {
                throw new ParameterException(spec.commandLine(), "--from-snapshot is an option of replay");
            }
            if (sums && archive == null) {
                throw new ParameterException(spec.commandLine(), "--sums needs --archive");
            }
            return action.run(new CommandActions.JournalOptions(dir, from, last, optional(tenant), optional(order),
                fromSnapshot, Optional.ofNullable(archive), sums), journal.root.output());
        }

        private static OptionalLong optional(final Long value) {
            return value == null ? OptionalLong.empty() : OptionalLong.of(value);
        }
    }

    @Command(name = "status", mixinStandardHelpOptions = true,
        description = "Tells who has a journal, how far it and its consumers are, and what snapshots there are.")
    static final class Status implements Callable<Integer> {
        private final Action<CommandActions.StatusOptions> action;
        @ParentCommand
        private Journal journal;
        @Parameters(index = "0", paramLabel = "DIR", description = "Journal directory.")
        private Path dir;

        Status(final Action<CommandActions.StatusOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.StatusOptions(dir), journal.root.output());
        }
    }

    @Command(name = "archive", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Moves rolled files of a journal that no router runs on to an archive, when billing, the oldest",
            "usable snapshot and the retention allow it. A running router does it by itself: journal.archiveDir."})
    static final class Archive implements Callable<Integer> {
        private static final Pattern AGE = Pattern.compile("(\\d{1,9})([smhd])");
        private static final Map<String, Long> UNITS_MS =
            Map.of("s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

        private final Action<CommandActions.ArchiveOptions> action;
        @ParentCommand
        private Journal journal;
        @Spec
        private CommandSpec spec;
        @Parameters(index = "0", paramLabel = "DIR", description = "Journal directory.")
        private Path dir;
        @Option(names = "--archive", paramLabel = "DIR", required = true, description = "Where the files go.")
        private Path to;
        @Option(names = "--retention", paramLabel = "AGE", defaultValue = "7d",
            description = "Least age of a file, as 12h or 7d. Default: ${DEFAULT-VALUE}.")
        private String retention;
        @Option(names = "--after", paramLabel = "NAME", defaultValue = "billing", split = ",",
            description = "Consumers that must be past a file. Default: ${DEFAULT-VALUE}.")
        private List<String> consumers;
        @Option(names = "--dry-run", description = "Say what would be moved and change nothing.")
        private boolean dryRun;

        Archive(final Action<CommandActions.ArchiveOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final Matcher age = AGE.matcher(retention);
            if (!age.matches()) {
                throw new ParameterException(spec.commandLine(), "--retention must be as 90m, 12h or 7d");
            }
            return action.run(new CommandActions.ArchiveOptions(dir, to,
                Long.parseLong(age.group(1)) * UNITS_MS.get(age.group(2)), consumers, dryRun), journal.root.output());
        }
    }

    @Command(name = "reconcile", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Proves that desk, journal, venue and Stripe hold the same, or lists every difference.")
    static final class Reconcile implements Callable<Integer> {
        private final Action<CommandActions.ReconcileOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--journal", paramLabel = "DIR", required = true, description = "Journal directory.")
        private Path journal;
        @Option(names = "--fix-log", paramLabel = "DIR", required = true, description = "Raw FIX bytes of desks.")
        private Path fixLog;
        @Option(names = "--venue-log", paramLabel = "FILE", required = true,
            description = "A venue's own log; once per venue.")
        private List<Path> venueLogs;
        @Option(names = "--stripe-log", paramLabel = "FILE", required = true, description = "What Stripe received.")
        private Path stripeLog;
        @Option(names = "--database", paramLabel = "URL", description = "Billing database, as a JDBC URL.")
        private String database;
        @Option(names = "--config", paramLabel = "DIR", description = {
            "Configuration directory: every bill is computed again from the desks' and venues' logs and",
            "the published plans alone. Needs --database."})
        private Path config;
        @Option(names = "--plan", paramLabel = "FILE", description = {
            "A plan version that weir plan apply gave to the router and that the configuration does not have;",
            "may be repeated. Needs --config."})
        private List<Path> plans = List.of();
        @Option(names = "--tenant-plan", paramLabel = "TENANT=PLAN@TIME", description = {
            "A plan that a tenant had, and since when; once for each plan of a tenant that changed its own.",
            "Needs --config."})
        private List<String> tenantPlans = List.of();
        @Option(names = "--client-log", paramLabel = "DIR", description = {
            "What binary clients wrote of what they sent, NAME.clientlog each: their requests are priced too.",
            "Needs --config."})
        private Path clientLogs;

        Reconcile(final Action<CommandActions.ReconcileOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (!plans.isEmpty() && config == null) {
                throw new ParameterException(spec.commandLine(), "--plan needs --config");
            }
            if (!tenantPlans.isEmpty() && config == null) {
                throw new ParameterException(spec.commandLine(), "--tenant-plan needs --config");
            }
            if (clientLogs != null && config == null) {
                throw new ParameterException(spec.commandLine(), "--client-log needs --config");
            }
            return action.run(new CommandActions.ReconcileOptions(journal, fixLog, venueLogs, stripeLog,
                Optional.ofNullable(database), Optional.ofNullable(config), plans,
                tenantPlans.stream().map(this::tenantPlan).toList(), Optional.ofNullable(clientLogs)), root.output());
        }

        private CommandActions.TenantPlan tenantPlan(final String text) {
            try {
                return CommandActions.TenantPlan.parse(text);
            } catch (final IllegalArgumentException ex) {
                throw new ParameterException(spec.commandLine(),
                    "--tenant-plan must be as alpha=standard@2026-11-26T09:30:00Z, not " + text, ex);
            }
        }
    }

    @Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Usage and amounts per tenant and meter.")
    static final class Report implements Callable<Integer> {
        private final Action<CommandActions.ReportOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = "${env:WEIR_CONFIG:-/etc/weir}",
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant.")
        private String tenant;
        @Option(names = "--month", paramLabel = "YYYY-MM", description = "Default: the present one.")
        private String month;

        Report(final Action<CommandActions.ReportOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (month != null && !month.matches("\\d{4}-(0[1-9]|1[0-2])")) {
                throw new ParameterException(spec.commandLine(), "--month must be as 2026-01");
            }
            return action.run(new CommandActions.ReportOptions(config, Optional.ofNullable(tenant),
                Optional.ofNullable(month)), root.output());
        }
    }
}
