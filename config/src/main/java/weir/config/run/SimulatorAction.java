package weir.config.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import weir.cli.CommandActions.SimulatorOptions;
import weir.cli.Output;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.fault.FaultScript;
import weir.config.fault.FaultScriptPlayer;
import weir.config.fault.FaultScriptReader;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.Tenant;
import weir.config.model.VenueAccount;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;

/** Starts the venue and Stripe simulators as processes of their own, knowing the accounts of a configuration. */
final class SimulatorAction {
    private static final long POLL_MS = 500;
    private static final long START_TIMEOUT_MS = 30_000;
    private static final String VENUE_LOG = "venue.jsonl";
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private SimulatorAction() {
    }

    /**
     * A running venue.
     *
     * @param kind    which
     * @param process its process
     * @param control port of its control interface
     */
    record Simulator(SimulatedVenue kind, JavaProcess process, int control) {
    }

    /**
     * Running simulators.
     *
     * @param venues by venue id; those at which the configuration trades
     * @param stripe Stripe
     * @param ports  where they listen
     * @param dir    with a folder of each one's own logs
     */
    record Running(Map<Integer, Simulator> venues, JavaProcess stripe, DemoDirectory.Ports ports, Path dir)
        implements AutoCloseable {

        /** Coinbase Exchange. */
        JavaProcess coinbase() {
            return venues.get(Venues.COINBASE).process();
        }

        /** Port of a venue's control interface, 0 when it does not run. */
        int control(final int venueId) {
            final Simulator simulator = venues.get(venueId);
            return simulator == null ? 0 : simulator.control();
        }

        /** The venues' own logs. */
        List<Path> venueLogs() {
            return venues.values().stream().map(one -> dir.resolve(one.kind().folder()).resolve(VENUE_LOG)).toList();
        }

        /** What Stripe received. */
        Path stripeLog() {
            return dir.resolve("stripe").resolve("stripe.jsonl");
        }

        /** One that has ended; null while all run. */
        JavaProcess ended() {
            return processes().filter(process -> !process.isAlive()).findFirst().orElse(null);
        }

        /** All of them, the venues first. */
        Stream<JavaProcess> processes() {
            return Stream.concat(venues.values().stream().map(Simulator::process), Stream.of(stripe));
        }

        @Override
        public void close() {
            processes().forEach(JavaProcess::close);
        }
    }

    /**
     * Starts them.
     *
     * @param dir         where their logs go
     * @param config      whose accounts the venues know; Coinbase always runs, another when the configuration has it
     * @param secrets     resolves keys
     * @param ports       where each should listen; 0 = any port
     * @param arguments   further arguments of a venue's simulator, by venue id
     * @param environment further environment of each process
     * @return when all of them are up
     */
    static Running start(final Path dir, final WeirConfig config, final SecretResolver secrets,
        final DemoDirectory.Ports ports, final Map<Integer, List<String>> arguments,
        final Map<String, String> environment) throws IOException {
        final Map<SimulatedVenue, JavaProcess> started = new LinkedHashMap<>();
        JavaProcess stripe = null;
        boolean complete = false;
        try {
            for (final SimulatedVenue kind : SimulatedVenue.ALL) {
                if (kind.venueId() == Venues.COINBASE || config.venue(Venues.name(kind.venueId())).isPresent()) {
                    started.put(kind, JavaProcess.start(kind.folder(), dir, JVM, kind.mainClass(),
                        arguments(kind, dir, config, secrets, ports,
                            arguments.getOrDefault(kind.venueId(), List.of())), environment));
                }
            }
            final String stripeKey = config.billing().stripe()
                .map(one -> secrets.resolve(one.apiKey()).reveal()).orElse("sk_test_weir");
            stripe = JavaProcess.start("stripe", dir, JVM, "weir.sim.stripe.StripeSimulatorMain",
                List.of("--port", text(ports.stripe()), "--log-dir", dir.resolve("stripe").toString(), "--mode",
                    "live", "--summary-lag-ms", "200", "--api-key", stripeKey), environment);
            final Map<Integer, Simulator> venues = new LinkedHashMap<>();
            final Map<Integer, Integer> doors = new HashMap<>();
            for (final Map.Entry<SimulatedVenue, JavaProcess> one : started.entrySet()) {
                final String ready = one.getValue().awaitLine("READY", START_TIMEOUT_MS);
                one.getKey().doors().forEach(door -> doors.put(door.demoPort(), number(ready, door.name())));
                venues.put(one.getKey().venueId(),
                    new Simulator(one.getKey(), one.getValue(), number(ready, "control")));
            }
            final int stripePort = number(stripe.awaitLine("READY", START_TIMEOUT_MS), "stripe");
            final Running running = new Running(venues, stripe, new DemoDirectory.Ports(doors, stripePort), dir);
            complete = true;
            return running;
        } finally {
            if (!complete) {
                Stream.concat(started.values().stream(), Stream.ofNullable(stripe)).forEach(JavaProcess::kill);
            }
        }
    }

    private static List<String> arguments(final SimulatedVenue kind, final Path dir, final WeirConfig config,
        final SecretResolver secrets, final DemoDirectory.Ports ports, final List<String> more) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of("--log-dir", dir.resolve(kind.folder()).toString(),
            "--accounts", accounts(dir, kind, config, secrets), "--control-port", "0"));
        kind.doors().forEach(door -> arguments.addAll(List.of(door.option(), text(ports.at(door.demoPort())))));
        if (!kind.mids().isEmpty()) {
            arguments.addAll(List.of("--market-maker", kind.mids()));
        }
        arguments.addAll(more);
        return arguments;
    }

    /** {@code weir simulator}: all, until the process is stopped. */
    static int run(final SimulatorOptions options, final Output output) throws Exception {
        final Map<String, String> environment = new HashMap<>(DemoSource.newSecrets());
        environment.putAll(System.getenv());
        final WeirConfig config = options.config().isPresent()
            ? Configs.load(options.config().get(), environment)
            : ConfigLoader.load(new DemoSource(), environment).orThrow();
        final SecretResolver secrets = new SecretResolver(environment, options.config().orElse(Path.of(".")));
        final Optional<FaultScript> script = options.script().map(FaultScriptReader::read);
        final Path dir = options.dir().toAbsolutePath();
        try (Running running = start(dir, config, secrets, ports(options.ports()), Map.of(), Map.of())) {
            final Thread hook = new Thread(running::close, "simulator-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Actions.ready(System.out, "READY" + doors(running));
            output.say("accounts (keys and secrets): " + dir.resolve("accounts-*.json"));
            script.ifPresent(faults -> new FaultScriptPlayer(faults, running::control, output::say));
            while (running.ended() == null) {
                Thread.sleep(POLL_MS);
            }
            throw new CommandFailure("SIMULATOR_ENDED", running.ended().tail());
        }
    }

    /** The ports of the contracts' loopback addresses, but for those that the command line names. */
    private static DemoDirectory.Ports ports(final Map<String, Integer> named) {
        final Map<String, Integer> left = new TreeMap<>(named);
        final Map<Integer, Integer> doors = new HashMap<>();
        for (final SimulatedVenue kind : SimulatedVenue.ALL) {
            for (final SimulatedVenue.Door door : kind.doors()) {
                final Integer port = left.remove(kind.doorName(door));
                doors.put(door.demoPort(), port == null ? door.demoPort() : port);
            }
        }
        final Integer stripe = left.remove("stripe");
        if (!left.isEmpty()) {
            throw new CommandFailure("SIMULATOR_PORT_UNKNOWN", String.join(", ", left.keySet()) + "; there are "
                + SimulatedVenue.ALL.stream().flatMap(kind -> kind.doors().stream().map(kind::doorName))
                    .collect(Collectors.joining(", ")) + ", stripe");
        }
        return new DemoDirectory.Ports(doors, stripe == null ? DemoDirectory.Ports.STRIPE : stripe);
    }

    private static String doors(final Running running) {
        final StringBuilder text = new StringBuilder();
        for (final Simulator one : running.venues().values()) {
            one.kind().doors().forEach(door -> text.append(' ').append(one.kind().doorName(door)).append('=')
                .append(running.ports().at(door.demoPort())));
            text.append(' ').append(Venues.name(one.kind().venueId())).append(".control=").append(one.control());
        }
        return text.append(" stripe=").append(running.ports().stripe()).toString();
    }

    /** Writes the accounts that a configuration has at a venue; the file is readable by its owner alone. */
    private static String accounts(final Path dir, final SimulatedVenue kind, final WeirConfig config,
        final SecretResolver secrets) throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        final ArrayNode accounts = mapper.createArrayNode();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                if (Venues.id(account.venue()) == kind.venueId()) {
                    final ObjectNode node = accounts.addObject();
                    if (kind.venueId() == Venues.COW) {
                        // there is no secret between an owner and the order book
                        node.put("owner", secrets.resolve(account.apiKey()).reveal())
                            .put(kind.accountLabel(), account.name());
                        continue;
                    }
                    node.put("apiKey", secrets.resolve(account.apiKey()).reveal());
                    node.put("secret", secrets.resolve(account.apiSecret()).reveal());
                    account.passphrase().ifPresent(ref -> node.put("passphrase", secrets.resolve(ref).reveal()));
                    node.put(kind.accountLabel(), account.name());
                }
            }
        }
        final Path file = dir.resolve("accounts-" + Venues.name(kind.venueId()) + ".json");
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, mapper.writeValueAsString(accounts));
        return file.toString();
    }

    private static String text(final int number) {
        return Integer.toString(number);
    }

    private static int number(final String line, final String key) {
        return Integer.parseInt(JavaProcess.value(line, key));
    }
}
