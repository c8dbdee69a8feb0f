package weir.cli;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands about what Stripe has: bill adjust, bill adjustments, bill drift. */
final class StripeCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";
    private static final int REASON_MAX = 200;

    private StripeCommands() {
    }

    private static Output output(final CommandSpec spec) {
        return ((WeirCommand)spec.root().userObject()).output();
    }

    @Command(name = "adjust", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Orders the correction of a batch at Stripe; the billing process delivers it, once.")
    static final class Adjust implements Callable<Integer> {
        private final Action<CommandActions.AdjustOptions> action;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--batch", paramLabel = "ID", required = true, description = "Identifier of the batch.")
        private String batch;
        @ArgGroup(multiplicity = "1")
        private What what;
        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept with it.")
        private String reason;
        @Option(names = "--dry-run", description = "Check and print; order nothing.")
        private boolean dryRun;

        /** One of three. */
        static final class What {
            @Option(names = "--void", description = "Take back all of it: a cancel within 23 hours, else an event.")
            private boolean all;
            @Option(names = "--reduce", paramLabel = "N", description = "Take back N units.")
            private Long units;
            @Option(names = "--carry", description = "Deliver a quarantined batch anew, on the next invoice.")
            private boolean carry;
        }

        Adjust(final Action<CommandActions.AdjustOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (what.units != null && what.units < 1) {
                throw new ParameterException(spec.commandLine(), "--reduce must be at least 1");
            }
            if (reason.isBlank() || reason.length() > REASON_MAX) {
                throw new ParameterException(spec.commandLine(), "--reason must be 1 to " + REASON_MAX + " characters");
            }
            final CommandActions.AdjustOptions.Kind kind = what.all ? CommandActions.AdjustOptions.Kind.VOID
                : what.carry ? CommandActions.AdjustOptions.Kind.CARRY : CommandActions.AdjustOptions.Kind.REDUCE;
            return action.run(new CommandActions.AdjustOptions(config, batch, kind, what.units == null ? 0 : what.units,
                reason, dryRun), output(spec));
        }
    }

    @Command(name = "adjustments", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the corrections that were ordered and what became of them.")
    static final class Adjustments implements Callable<Integer> {
        private final Action<Path> action;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;

        Adjustments(final Action<Path> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(config, output(spec));
        }
    }

    @Command(name = "drift", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares a UTC day with Stripe's sums; exit code 1 when anything differs.")
    static final class Drift implements Callable<Integer> {
        private final Action<CommandActions.DriftOptions> action;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--day", paramLabel = "D", description = "Such as 2026-11-26. Default: yesterday, UTC.")
        private String day;
        @Option(names = "--all", description = "Show what agrees too.")
        private boolean all;

        Drift(final Action<CommandActions.DriftOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.DriftOptions(config, day(), all), output(spec));
        }

        private LocalDate day() {
            try {
                return day == null ? LocalDate.now(ZoneOffset.UTC).minusDays(1) : LocalDate.parse(day);
            } catch (final DateTimeParseException ex) {
                throw new ParameterException(spec.commandLine(), "--day must be a date such as 2026-11-26, is " + day);
            }
        }
    }
}
