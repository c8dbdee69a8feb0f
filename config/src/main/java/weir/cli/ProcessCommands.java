package weir.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import weir.cli.CommandActions.Action;

/** Commands that start a process. Each turns its options into a record and runs the action it was given. */
final class ProcessCommands {
    private static final String CONFIG_DEFAULT = "${env:WEIR_CONFIG:-/etc/weir}";

    private ProcessCommands() {
    }

    private static void require(final CommandSpec spec, final boolean good, final String message) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    @Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs router, billing and simulators on loopback, trades, and reports; needs no configuration.")
    static final class Demo implements Callable<Integer> {
        private final Action<CommandActions.DemoOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--keep", description = "Leave it running and print how to connect.")
        private boolean keep;
        @Option(names = "--seconds", paramLabel = "N", defaultValue = "30",
            description = "Length of the trading part. Default: ${DEFAULT-VALUE}.")
        private int seconds;
        @Option(names = "--rate", paramLabel = "N", defaultValue = "40",
            description = "Orders per second of all desks. Default: ${DEFAULT-VALUE}.")
        private int rate;
        @Option(names = "--seed", paramLabel = "N", description = "Seed of the desks' choices. Default: a new one.")
        private Long seed;
        @Option(names = "--dir", paramLabel = "DIR", description = "Where files go. Default: a temporary directory.")
        private Path dir;

        Demo(final Action<CommandActions.DemoOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            require(spec, seconds >= 1 && seconds <= 86_400, "--seconds must be 1 to 86400");
            require(spec, rate >= 1 && rate <= 100_000, "--rate must be 1 to 100000");
            return action.run(new CommandActions.DemoOptions(keep, seconds, rate,
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed), Optional.ofNullable(dir)), root.output());
        }
    }

    @Command(name = "router", mixinStandardHelpOptions = true, description = "Runs the router process.")
    static final class Router implements Callable<Integer> {
        private final Action<CommandActions.RouterOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;

        Router(final Action<CommandActions.RouterOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.RouterOptions(config), root.output());
        }
    }

    @Command(name = "driver", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a media driver of its own, for a router with aeron.embeddedDriver: false.")
    static final class Driver implements Callable<Integer> {
        private final Action<CommandActions.DriverOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--c-environment",
            description = "Print the same settings as variables for Aeron's C driver, aeronmd, and end.")
        private boolean environmentOfCDriver;

        Driver(final Action<CommandActions.DriverOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.DriverOptions(config, environmentOfCDriver), root.output());
        }
    }

    @Command(name = "billing", mixinStandardHelpOptions = true,
        description = "Runs the billing process, which tails the journal.")
    static final class Billing implements Callable<Integer> {
        private final Action<CommandActions.BillingOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Option(names = "--config", paramLabel = "DIR", defaultValue = CONFIG_DEFAULT,
            description = "Configuration directory. Default: WEIR_CONFIG, else /etc/weir.")
        private Path config;
        @Option(names = "--once", description = "Bill what the journal holds and end.")
        private boolean once;

        Billing(final Action<CommandActions.BillingOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            return action.run(new CommandActions.BillingOptions(config, once), root.output());
        }
    }

    @Command(name = "simulator", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs the venue and Stripe simulators on loopback.")
    static final class Simulator implements Callable<Integer> {
        private final Action<CommandActions.SimulatorOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--config", paramLabel = "DIR",
            description = "Configuration whose accounts and instruments the venue knows. Default: the demo's.")
        private Path config;
        @Option(names = "--port", paramLabel = "DOOR=PORT",
            description = "Where a door listens, as coinbase.fix, coinbase.rest, kraken-futures.http, stripe; 0 = any. "
                + "Repeatable. Default: the port of the contract's loopback address.")
        private Map<String, Integer> ports = new TreeMap<>();
        @Option(names = "--dir", paramLabel = "DIR", defaultValue = "run/simulator",
            description = "Where its own logs go. Default: ${DEFAULT-VALUE}.")
        private Path dir;

        @Option(names = "--script", paramLabel = "FILE",
            description = "Fault script to play, as those under faults/ of the configuration.")
        private Path script;

        Simulator(final Action<CommandActions.SimulatorOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            ports.values().forEach(port ->
                require(spec, port >= 0 && port <= 65_535, "a port must be 0 to 65535"));
            return action.run(new CommandActions.SimulatorOptions(Optional.ofNullable(config), ports, dir,
                Optional.ofNullable(script)), root.output());
        }
    }

    @Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures Weir beside its peers over TCP and holds it against the budgets P1 to P13.")
    static final class Bench implements Callable<Integer> {
        private final Action<CommandActions.BenchOptions> action;
        @ParentCommand
        private WeirCommand root;
        @Spec
        private CommandSpec spec;
        @Option(names = "--plain", description = "Plain TCP alone, without TLS beside it.")
        private boolean plain;
        @Option(names = "--fresh-pages", description = "Pages of files as the machine's host gives them: "
            + "none is held for the rounds.")
        private boolean freshPages;
        @Option(names = "--short", description = "Within 4 minutes. Default: the long form, about 20.")
        private boolean shortForm;
        @Option(names = "--only", paramLabel = "P", split = ",", description = "Only these budgets, as P1,P2.")
        private List<String> only = new ArrayList<>();
        @Option(names = "--rounds", paramLabel = "N", description = "Turns of each contestant. Default: 6, short 3.")
        private Integer rounds;
        @Option(names = "--rate", paramLabel = "N", description = "Orders per second, open loop. Default: 10000.")
        private Integer rate;
        @Option(names = "--out", paramLabel = "DIR",
            description = "For report, histograms and plots. Default: benchmarks/target/bench.")
        private Path out;
        @Option(names = "--data", paramLabel = "DIR",
            description = "For files of the contestants. Default: /dev/shm, the temporary directory for what is long.")
        private Path data;
        @Option(names = "--shape", paramLabel = "NAME",
            description = "Deployment of Weir: one-thread, per-agent, or router as it is. Default: one-thread.")
        private String shape;
        @Option(names = "--set", paramLabel = "SECTION.KEY=VALUE", description = "A setting of Weir's router.yaml.")
        private List<String> settings = new ArrayList<>();
        @Option(names = "--jvm", paramLabel = "FLAG", description = "A JVM flag of Weir's router.")
        private List<String> flags = new ArrayList<>();
        @Option(names = "--peer-store", paramLabel = "KIND", defaultValue = "none",
            description = "Messages that the QuickFIX/J pass-through keeps: none, memory, file. Default: none.")
        private String store;
        @Option(names = "--jmh", paramLabel = "PATTERN", arity = "0..1", fallbackValue = "weir.bench.jmh.*",
            description = "Run the JMH benchmarks instead; all without a pattern.")
        private String jmh;
        @Option(names = "--billing", description = "Billing's rate of records, from the journal on, instead.")
        private boolean billing;
        @Option(names = "--records", paramLabel = "N", description = "Of --billing. Default: 10,000,000.")
        private Integer records;
        @Option(names = "--audit", paramLabel = "on|off", description = "Of --billing. Default: on.")
        private String audit;
        @Option(names = "--against", paramLabel = "DIR",
            description = "This version against a built checkout of another, in turns, instead.")
        private Path against;

        Bench(final Action<CommandActions.BenchOptions> action) {
            this.action = action;
        }

        @Override
        public Integer call() throws Exception {
            require(spec, rounds == null || rounds >= 1, "--rounds must be at least 1");
            require(spec, rate == null || rate >= 1, "--rate must be at least 1");
            require(spec, only.stream().allMatch(p -> p.matches("[Pp]([1-9]|1[0-3])")), "--only takes P1 to P13");
            require(spec, List.of("none", "memory", "file").contains(store),
                "--peer-store is none, memory or file");
            require(spec, settings.stream().allMatch(s -> s.matches("[A-Za-z.]+=.*")),
                "--set takes section.key=value, as engine.idle=busy-spin");
            require(spec, (billing ? 1 : 0) + (jmh != null ? 1 : 0) + (against != null ? 1 : 0) <= 1,
                "--billing, --against and --jmh are benchmarks of their own: choose one");
            require(spec, billing || records == null && audit == null, "--records and --audit are of --billing");
            return action.run(new CommandActions.BenchOptions(arguments(), Optional.ofNullable(jmh)),
                root.output());
        }

        private List<String> arguments() {
            final List<String> arguments = new ArrayList<>();
            if (against != null) {
                return List.of("--against", against.toAbsolutePath().toString());
            }
            if (billing) {
                arguments.add("--billing");
                add(arguments, "--records", records);
                add(arguments, "--audit", audit);
            }
            if (shortForm) {
                arguments.add("--short");
            }
            if (plain) {
                arguments.add("--plain");
            }
            if (freshPages) {
                arguments.add("--fresh-pages");
            }
            if (!only.isEmpty()) {
                arguments.addAll(List.of("--only", String.join(",", only)));
            }
            add(arguments, "--rounds", rounds);
            add(arguments, "--rate", rate);
            add(arguments, "--out", out == null ? null : out.toAbsolutePath());
            add(arguments, "--data", data == null ? null : data.toAbsolutePath());
            add(arguments, "--shape", shape);
            add(arguments, "--peer-store", store.equals("none") ? null : store);
            settings.forEach(setting -> add(arguments, "--set", setting));
            flags.forEach(flag -> add(arguments, "--jvm", flag));
            return arguments;
        }

        private static void add(final List<String> arguments, final String name, final Object value) {
            if (value != null) {
                arguments.add(name);
                arguments.add(value.toString());
            }
        }
    }
}
