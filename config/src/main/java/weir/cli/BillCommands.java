package weir.cli;

import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands about what was billed: bill show, bill trace. */
final class BillCommands {
    private BillCommands() {
    }

    @Command(name = "bill", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Reads what was billed, beside a running billing process or without one.")
    static final class Bill implements Runnable {
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is needed");
        }
    }

    /** Where the books are. */
    static final class Books {
        @Option(names = "--config", paramLabel = "DIR", defaultValue = "${env:WEIR_CONFIG:-/etc/weir}",
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--database", paramLabel = "URL", description = "Another database than the configuration's.")
        private String database;
        @Option(names = "--journal", paramLabel = "DIR", description = "Another journal than the configuration's.")
        private Path journal;
        @Option(names = "--archive", paramLabel = "DIR", description = "Another archive than the configuration's.")
        private Path archive;

        CommandActions.BooksOptions options() {
            return new CommandActions.BooksOptions(config, Optional.ofNullable(database), Optional.ofNullable(journal),
                Optional.ofNullable(archive));
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows a tenant's balances by account and its lines by meter and tier.")
    static final class Show implements Callable<Integer> {
        private final Action<CommandActions.BillOptions> action;
        @ParentCommand
        private Bill bill;
        @Spec
        private CommandSpec spec;
        @Mixin
        private Books books;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose bill.")
        private String tenant;
        @Option(names = "--period", paramLabel = "YYYY-MM",
            description = "Month, in the tenant's time zone. Default: that at hand.")
        private String period;

        Show(final Action<CommandActions.BillOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final Optional<YearMonth> month;
            try {
                month = Optional.ofNullable(period).map(YearMonth::parse);
            } catch (final DateTimeParseException ex) {
                throw new ParameterException(spec.commandLine(), "--period must be a month as 2026-01, is " + period,
                    ex);
            }
            return action.run(new CommandActions.BillOptions(books.options(), tenant, month), bill.root.output());
        }
    }

    @Command(name = "trace", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Traces a rated line to its journal records, or a record to its line, and checks that they add "
            + "up. Rates the journal again from its first record. Exit code 1 when they do not.")
    static final class Trace implements Callable<Integer> {
        private final Action<CommandActions.TraceOptions> action;
        @ParentCommand
        private Bill bill;
        @Spec
        private CommandSpec spec;
        @Mixin
        private Books books;
        @Option(names = "--line", paramLabel = "ID", description = "Identifier of a Stripe meter event.")
        private String line;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Tenant, with --meter and --window.")
        private String tenant;
        @Option(names = "--meter", paramLabel = "METER",
            description = "request, order_sent, order_filled or compute_ms.")
        private String meter;
        @Option(names = "--window", paramLabel = "SEQ", description = "A record of the window, sealed or open.")
        private Long window;
        @Option(names = "--record", paramLabel = "SEQ", description = "A record: to its lines and ledger entries.")
        private Long record;

        Trace(final Action<CommandActions.TraceOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final boolean byWindow = tenant != null && meter != null && window != null;
            final boolean partly = tenant != null || meter != null || window != null;
            final int ways = (line != null ? 1 : 0) + (byWindow ? 1 : 0) + (record != null ? 1 : 0);
            if (ways != 1 || partly && !byWindow) {
                throw new ParameterException(spec.commandLine(),
                    "one of --line, --record, or --tenant with --meter and --window is needed");
            }
            return action.run(new CommandActions.TraceOptions(books.options(), Optional.ofNullable(line),
                Optional.ofNullable(tenant), Optional.ofNullable(meter), optional(window), optional(record)),
                bill.root.output());
        }

        private static OptionalLong optional(final Long value) {
            return value == null ? OptionalLong.empty() : OptionalLong.of(value);
        }
    }
}
