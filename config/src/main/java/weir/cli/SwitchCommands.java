package weir.cli;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands that stop and resume trading, and those about limits: kill, halt, resume, heartbeat, explain, drill. */
final class SwitchCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";

    private SwitchCommands() {
    }

    private static void require(final CommandSpec spec, final boolean good, final String message) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Exactly one scope. */
    static final class Scope {
        @Option(names = "--router", description = "Everything.")
        private boolean router;
        @Option(names = "--venue", paramLabel = "NAME", description = "All orders at a venue.")
        private String venue;
        @Option(names = "--tenant", paramLabel = "NAME", description = "All orders of a tenant.")
        private String tenant;
        @Option(names = "--desk", paramLabel = "COMPID", description = "A FIX session or binary client.")
        private String desk;
        @Option(names = "--account", paramLabel = "NAME", description = "A venue account.")
        private String account;
        @Option(names = "--strategy", paramLabel = "TENANT/N",
            description = "A strategy (StrategyID 20004) of a tenant; N alone: of all tenants.")
        private String strategy;

        private String kind() {
            return router ? "router" : venue != null ? "venue" : tenant != null ? "tenant" : desk != null ? "desk"
                : account != null ? "account" : "strategy";
        }

        private String name() {
            return router ? "" : venue != null ? venue : tenant != null ? tenant : desk != null ? desk
                : account != null ? account : strategy;
        }
    }

    /** What the three have in common. */
    abstract static class Switch implements Callable<Integer> {
        private final Action<CommandActions.SwitchOptions> action;
        private final CommandActions.SwitchOptions.Verb verb;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @ArgGroup(exclusive = true, multiplicity = "1")
        private Scope scope;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--actor", paramLabel = "WHO", defaultValue = "${sys:user.name}",
            description = "Who does it; journaled. Default: the user's name.")
        private String actor;
        @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "Reason; journaled.")
        private String why;
        @Option(names = "--wait", paramLabel = "MS", defaultValue = "10000",
            description = "How long it waits for its effect. Default: ${DEFAULT-VALUE}.")
        private int waitMs;
        @Option(names = "--dry-run", description = "Say how many orders are open; change nothing.")
        private boolean dryRun;

        Switch(final Action<CommandActions.SwitchOptions> action, final CommandActions.SwitchOptions.Verb verb) {
            this.action = action;
            this.verb = verb;
        }

        boolean cancelOnly() {
            return false;
        }

        @Override
        public Integer call() throws Exception {
            require(spec, waitMs >= 1, "--wait must be at least 1");
            return action.run(new CommandActions.SwitchOptions(config, verb, scope.kind(), scope.name(), cancelOnly(),
                actor, why, waitMs, dryRun), root.output());
        }
    }

    /** Kill and halt. */
    abstract static class Tightening extends Switch {
        @Option(names = "--cancel-only", description = "Cancel-only instead of halted.")
        private boolean cancelOnly;

        Tightening(final Action<CommandActions.SwitchOptions> action,
            final CommandActions.SwitchOptions.Verb verb) {
            super(action, verb);
        }

        @Override
        boolean cancelOnly() {
            return cancelOnly;
        }
    }

    @Command(name = "kill", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Halts a scope, cancels what is open in it, and reports each order.")
    static final class Kill extends Tightening {
        Kill(final Action<CommandActions.SwitchOptions> action) {
            super(action, CommandActions.SwitchOptions.Verb.KILL);
        }
    }

    @Command(name = "halt", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Halts a scope: nothing new; what is open at a venue stays, and cancels pass.")
    static final class Halt extends Tightening {
        Halt(final Action<CommandActions.SwitchOptions> action) {
            super(action, CommandActions.SwitchOptions.Verb.HALT);
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Resumes a scope; one that holds it in another scope stays in force.")
    static final class Resume extends Switch {
        Resume(final Action<CommandActions.SwitchOptions> action) {
            super(action, CommandActions.SwitchOptions.Verb.RESUME);
        }
    }

    @Command(name = "heartbeat", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Holds a dead man's timer off for as long as it runs.")
    static final class Heartbeat implements Callable<Integer> {
        private final Action<CommandActions.HeartbeatOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant. Default: of the router.")
        private String tenant;
        @Option(names = "--every", paramLabel = "MS", defaultValue = "1000",
            description = "How often. Default: ${DEFAULT-VALUE}.")
        private int everyMs;
        @Option(names = "--once", description = "One heartbeat, then end.")
        private boolean once;
        @Option(names = "--actor", paramLabel = "WHO", defaultValue = "${sys:user.name}",
            description = "Who is there; journaled. Default: the user's name.")
        private String actor;

        Heartbeat(final Action<CommandActions.HeartbeatOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            require(spec, everyMs >= 10, "--every must be at least 10");
            return action.run(new CommandActions.HeartbeatOptions(config, Optional.ofNullable(tenant), everyMs, once,
                actor), root.output());
        }
    }

    @Command(name = "change", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Changes a budget or a quota of a running router, or gives a tenant another rate for a time.")
    static final class Change implements Callable<Integer> {
        private static final int MICROS_SCALE = 6;
        private final Action<CommandActions.ChangeOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose limit.")
        private String tenant;
        @Option(names = "--budget", paramLabel = "A", description = "Budget of the period, as 500.00; 0 = no bound.")
        private BigDecimal budget;
        @Option(names = "--quota", paramLabel = "ID=N", description = "Limit of a quota.")
        private String quota;
        @Option(names = "--burst", paramLabel = "N", description = "Burst of a window that begins now.")
        private Integer burst;
        @Option(names = "--per-second", paramLabel = "N", defaultValue = "0", description = "Its rate.")
        private int perSecond;
        @Option(names = "--for-s", paramLabel = "S", defaultValue = "600",
            description = "Its length, seconds. Default: ${DEFAULT-VALUE}.")
        private int forS;
        @Option(names = "--actor", paramLabel = "WHO", defaultValue = "${sys:user.name}",
            description = "Who does it; journaled. Default: the user's name.")
        private String actor;

        Change(final Action<CommandActions.ChangeOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            final int given = (budget == null ? 0 : 1) + (quota == null ? 0 : 1) + (burst == null ? 0 : 1);
            require(spec, given == 1, "exactly one of --budget, --quota and --burst");
            require(spec, quota == null || quota.matches("[1-9][0-9]{0,5}=[0-9]{1,18}"), "--quota is ID=N, as 1=50000");
            require(spec, burst == null || burst >= 1 && perSecond >= 1 && forS >= 1,
                "--burst, --per-second and --for-s must be at least 1");
            require(spec, budget == null || budget.signum() >= 0 && budget.stripTrailingZeros().scale()
                <= MICROS_SCALE && budget.precision() < 13, "--budget has at most 6 decimals and is not negative");
            final int equals = quota == null ? 0 : quota.indexOf('=');
            return action.run(new CommandActions.ChangeOptions(config, tenant, budget == null ? OptionalLong.empty()
                : OptionalLong.of(budget.movePointRight(MICROS_SCALE).longValueExact()), quota == null
                ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(quota.substring(0, equals))),
                quota == null ? 0 : Long.parseLong(quota.substring(equals + 1)), burst == null ? OptionalLong.empty()
                : OptionalLong.of(burst), perSecond, forS * 1_000L, actor), root.output());
        }
    }

    @Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Each limit of a tenant: its value, its use now, and where it was set.")
    static final class Explain implements Callable<Integer> {
        private final Action<CommandActions.ExplainOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose limits.")
        private String tenant;
        @Option(names = "--offline", description = "Ask no running router.")
        private boolean offline;

        Explain(final Action<CommandActions.ExplainOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.ExplainOptions(config, tenant, offline), root.output());
        }
    }

    @Command(name = "drill", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs the kill switch against the simulator with a router of its own, and writes a report.")
    static final class Drill implements Callable<Integer> {
        private final Action<CommandActions.DrillOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--scope", paramLabel = "SCOPE", defaultValue = "router",
            description = "router, venue, tenant, desk or strategy. Default: ${DEFAULT-VALUE}.")
        private String scope;
        @Option(names = "--orders", paramLabel = "N", defaultValue = "200",
            description = "Open orders when it is triggered, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private int orders;
        @Option(names = "--out", paramLabel = "DIR", defaultValue = "run/drill",
            description = "Where drill.txt and drill.json go. Default: ${DEFAULT-VALUE}.")
        private Path out;

        Drill(final Action<CommandActions.DrillOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            require(spec, scope.matches("router|venue|tenant|desk|strategy"),
                "--scope is router, venue, tenant, desk or strategy");
            require(spec, orders >= 1 && orders <= 1_000, "--orders must be 1 to 1000");
            return action.run(new CommandActions.DrillOptions(scope, orders, out), root.output());
        }
    }
}
