package weir.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands about pre-trade controls: limits set, unlock. */
final class RiskCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";
    private static final int ACTOR_MAX = 32;
    private static final int WHY_MAX = 200;

    private RiskCommands() {
    }

    private static void check(final CommandSpec spec, final String actor, final String why) {
        if (!isText(actor, ACTOR_MAX) || !isText(why, WHY_MAX)) {
            throw new ParameterException(spec.commandLine(), "--actor must be 1 to " + ACTOR_MAX + " and --why 1 to "
                + WHY_MAX + " printable ASCII characters");
        }
    }

    private static boolean isText(final String text, final int most) {
        return !text.isBlank() && text.length() <= most && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    @Command(name = "limits", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Pre-trade limits of tenants.")
    static final class Limits implements Runnable {
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is needed");
        }
    }

    @Command(name = "set", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Changes limits of a running router, from its next input on: all of them, or none. The journal",
            "keeps who, when, why, the old value and the new one."})
    static final class Set implements Callable<Integer> {
        private final Action<CommandActions.LimitsOptions> action;
        @ParentCommand
        private Limits limits;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose limits.")
        private String tenant;
        @Option(names = "--actor", paramLabel = "A", required = true, description = "Who changes them.")
        private String actor;
        @Option(names = "--why", paramLabel = "W", required = true, description = "For what reason.")
        private String why;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;
        @Parameters(arity = "1..40", paramLabel = "KEY=VALUE",
            description = "As in the tenant's file: maxNotional=250000, orderTtl=1h, priceCollar=5%%, "
                + "maxUnexecuted=off; narrowed: maxPosition.BTC-USD=12, restrictedInstrument.BTC-USD=true, "
                + "restrictedVenue.coinbase=true, messageBurst.101=50, position.BTC-USD=-3.5.")
        private List<String> settings;

        Set(final Action<CommandActions.LimitsOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            check(spec, actor, why);
            return action.run(new CommandActions.LimitsOptions(config, tenant, settings, actor, why, dryRun),
                limits.root.output());
        }
    }

    @Command(name = "unlock", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Re-enables a strategy that the loop guard or the execution throttle locked.")
    static final class Unlock implements Callable<Integer> {
        private final Action<CommandActions.UnlockOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose strategy.")
        private String tenant;
        @Option(names = "--strategy", paramLabel = "ID", defaultValue = "0", description = "Strategy id.")
        private int strategyId;
        @Option(names = "--session", paramLabel = "ID", defaultValue = "0",
            description = "Instead of a strategy: session whose orders name none.")
        private int sessionId;
        @Option(names = "--actor", paramLabel = "A", required = true, description = "Who enables it.")
        private String actor;
        @Option(names = "--why", paramLabel = "W", required = true, description = "For what reason.")
        private String why;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;

        Unlock(final Action<CommandActions.UnlockOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            check(spec, actor, why);
            if ((strategyId == 0) == (sessionId == 0)) {
                throw new ParameterException(spec.commandLine(), "one of --strategy and --session is needed");
            }
            return action.run(new CommandActions.UnlockOptions(config, tenant, strategyId, sessionId, actor, why,
                dryRun), root.output());
        }
    }
}
