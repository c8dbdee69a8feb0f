package weir.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;
import weir.cli.CommandActions.WebhookOptions;
import weir.cli.CommandActions.WebhookOptions.Verb;

/** {@code weir webhooks}: what was sent to tenants, and what an operator does about it. */
@Command(name = "webhooks", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "COMMAND",
    description = "Events that go to endpoints of tenants.")
final class WebhookCommands implements Runnable {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";
    private static final long DAY_MS = 86_400_000L;

    @ParentCommand
    private WeirCommand root;
    @Spec
    private CommandSpec spec;

    private WebhookCommands() {
    }

    static CommandLine line(final Action<WebhookOptions> action) {
        return new CommandLine(new WebhookCommands())
            .addSubcommand(new Shown("list", Verb.LIST, action).line("Shows messages and what became of them."))
            .addSubcommand(new Shown("endpoints", Verb.ENDPOINTS, action).line("Shows endpoints and what waits."))
            .addSubcommand(new Redeliver(action))
            .addSubcommand(new Disable(action))
            .addSubcommand(new Enable(action))
            .addSubcommand(new Rotate(action));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }

    /** What only shows. */
    @Command(mixinStandardHelpOptions = true, sortOptions = false)
    static final class Shown implements Callable<Integer> {
        private final String name;
        private final Verb verb;
        private final Action<WebhookOptions> action;
        @ParentCommand
        private WebhookCommands parent;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--endpoint", paramLabel = "TENANT/NAME", description = "Only this endpoint.")
        private String endpoint;
        @Option(names = "--limit", paramLabel = "N", defaultValue = "100",
            description = "Most rows, the newest first. Default: ${DEFAULT-VALUE}.")
        private int limit;

        Shown(final String name, final Verb verb, final Action<WebhookOptions> action) {
            this.name = name;
            this.verb = verb;
            this.action = action;
        }

        CommandLine line(final String description) {
            final CommandLine line = new CommandLine(this).setCommandName(name);
            line.getCommandSpec().usageMessage().description(description);
            return line;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new WebhookOptions(config, verb, Optional.ofNullable(endpoint), Optional.empty(), "", 0,
                Optional.empty(), Math.max(1, limit), false), parent.root.output());
        }
    }

    @Command(name = "redeliver", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Sends a message, or every dead letter of an endpoint, again under its id.")
    static final class Redeliver implements Callable<Integer> {
        private final Action<WebhookOptions> action;
        @ParentCommand
        private WebhookCommands parent;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--endpoint", paramLabel = "TENANT/NAME", required = true, description = "Where to.")
        private String endpoint;
        @Option(names = "--id", paramLabel = "ID", description = "webhook-id. Default: every dead letter.")
        private String message;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;

        Redeliver(final Action<WebhookOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new WebhookOptions(config, Verb.REDELIVER, Optional.of(endpoint),
                Optional.ofNullable(message), "", 0, Optional.empty(), 1, dryRun), parent.root.output());
        }
    }

    @Command(name = "disable", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Sends nothing more to an endpoint; its messages wait.")
    static final class Disable implements Callable<Integer> {
        private final Action<WebhookOptions> action;
        @ParentCommand
        private WebhookCommands parent;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--endpoint", paramLabel = "TENANT/NAME", required = true, description = "Which.")
        private String endpoint;
        @Option(names = "--why", paramLabel = "TEXT", defaultValue = "an operator",
            description = "Reason, for the list. Default: ${DEFAULT-VALUE}.")
        private String why;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;

        Disable(final Action<WebhookOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new WebhookOptions(config, Verb.DISABLE, Optional.of(endpoint), Optional.empty(), why, 0,
                Optional.empty(), 1, dryRun), parent.root.output());
        }
    }

    @Command(name = "enable", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Serves an endpoint again; what waited is sent.")
    static final class Enable implements Callable<Integer> {
        private final Action<WebhookOptions> action;
        @ParentCommand
        private WebhookCommands parent;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--endpoint", paramLabel = "TENANT/NAME", required = true, description = "Which.")
        private String endpoint;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;

        Enable(final Action<WebhookOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new WebhookOptions(config, Verb.ENABLE, Optional.of(endpoint), Optional.empty(), "", 0,
                Optional.empty(), 1, dryRun), parent.root.output());
        }
    }

    @Command(name = "rotate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Puts a new key into the secret file of an endpoint; the present one signs beside it for a time.")
    static final class Rotate implements Callable<Integer> {
        private final Action<WebhookOptions> action;
        @ParentCommand
        private WebhookCommands parent;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--endpoint", paramLabel = "TENANT/NAME", required = true, description = "Which.")
        private String endpoint;
        @Option(names = "--overlap", paramLabel = "D", defaultValue = "P1D",
            description = "How long the present keys still sign, as PT1H or P7D. Default: ${DEFAULT-VALUE}.")
        private String overlap;
        @Option(names = "--new-key", paramLabel = "FILE",
            description = "File with the new whsec_ or whsk_ key. Default: a new whsec_ key is made.")
        private Path newKey;
        @Option(names = "--dry-run", description = "Check and print; change nothing.")
        private boolean dryRun;

        Rotate(final Action<WebhookOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new WebhookOptions(config, Verb.ROTATE, Optional.of(endpoint), Optional.empty(), "",
                overlapMs(), Optional.ofNullable(newKey), 1, dryRun), parent.root.output());
        }

        private long overlapMs() {
            try {
                final Duration duration = Duration.parse(overlap);
                if (!duration.isNegative() && duration.toDays() <= 366) {
                    return Math.min(366 * DAY_MS, duration.toMillis());
                }
            } catch (final DateTimeParseException ex) {
                throw new ParameterException(spec.commandLine(), "--overlap must be like PT1H or P7D, is " + overlap,
                    ex);
            }
            throw new ParameterException(spec.commandLine(), "--overlap must be 0 to 366 days, is " + overlap);
        }
    }
}
