package weir.cli;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands about plans: plan apply, list, simulate. */
final class PlanCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";
    private static final int ACTOR_MAX = 32;

    private PlanCommands() {
    }

    @Command(name = "plan", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Plans: prices and terms of tenants.")
    static final class Plan implements Runnable {
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is needed");
        }
    }

    @Command(name = "apply", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Brings a version of a plan to a running router, without restart: from its effective time on it",
            "is in force. The journal keeps it, whether or not its file is in the configuration."})
    static final class Apply implements Callable<Integer> {
        private final Action<CommandActions.PlanApplyOptions> action;
        @ParentCommand
        private Plan plan;
        @Spec
        private CommandSpec spec;
        @Parameters(index = "0", paramLabel = "FILE", description = "The version, as a file in plans/.")
        private Path file;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--actor", paramLabel = "A", defaultValue = "${sys:user.name}",
            description = "Who applies it. Default: the user.")
        private String actor;
        @Option(names = "--dry-run", description = "Check and show what changes for whom; change nothing.")
        private boolean dryRun;

        Apply(final Action<CommandActions.PlanApplyOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            if (actor.isBlank() || actor.length() > ACTOR_MAX || !actor.chars().allMatch(c -> c >= ' ' && c < 127)) {
                throw new ParameterException(spec.commandLine(),
                    "--actor must be 1 to " + ACTOR_MAX + " printable ASCII characters");
            }
            return action.run(new CommandActions.PlanApplyOptions(config, file, actor, dryRun), plan.root.output());
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows the versions that the running router has, or with --files those of the directory.")
    static final class List implements Callable<Integer> {
        private final Action<CommandActions.PlanListOptions> action;
        @ParentCommand
        private Plan plan;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--files", description = "Read the directory; ask no router.")
        private boolean files;

        List(final Action<CommandActions.PlanListOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.PlanListOptions(config, files), plan.root.output());
        }
    }

    @Command(name = "simulate", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Rates a journal under another plan, with billing's own rater, and changes nothing. The plan is",
            "in force for everybody from the first record on, whatever its effective time. What was admitted stays",
            "admitted. Exit code 1 when billing and engine differ on the journal as it is."})
    static final class Simulate implements Callable<Integer> {
        private final Action<CommandActions.PlanSimulateOptions> action;
        @ParentCommand
        private Plan plan;
        @Spec
        private CommandSpec spec;
        @Option(names = "--plan", paramLabel = "FILE", required = true, description = "A version, as in plans/.")
        private Path file;
        @Option(names = "--journal", paramLabel = "DIR", description = "Journal directory. Default: the configured.")
        private Path journal;
        @Option(names = "--archive", paramLabel = "DIR", description = "Where earlier files of it were archived.")
        private Path archive;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory, without --journal. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant.")
        private String tenant;
        @Option(names = "--from", paramLabel = "TIME", description = "Count from here on, as 2026-01-16T00:00:00Z.")
        private String from;
        @Option(names = "--to", paramLabel = "TIME", description = "Count up to here, exclusive.")
        private String to;

        Simulate(final Action<CommandActions.PlanSimulateOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.PlanSimulateOptions(config, file, Optional.ofNullable(journal),
                Optional.ofNullable(archive), Optional.ofNullable(tenant), instant("--from", from),
                instant("--to", to)), plan.root.output());
        }

        private OptionalLong instant(final String option, final String text) {
            try {
                if (text == null) {
                    return OptionalLong.empty();
                }
                final Instant time = Instant.parse(text);
                return OptionalLong.of(Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L),
                    time.getNano()));
            } catch (final DateTimeException | ArithmeticException ex) {
                throw new ParameterException(spec.commandLine(),
                    option + " must be a UTC time such as 2026-01-16T00:00:00Z, is " + text, ex);
            }
        }
    }
}
