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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import weir.cli.CommandActions.SimulatorOptions;
import weir.cli.Output;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
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
    private static final String MIDS = "BTC-USD=60000.00,ETH-USD=3000.00,SOL-USD=150.00";
    private static final String KRAKEN_MIDS = "PF_XBTUSD=60000,PF_ETHUSD=3000,PF_SOLUSD=150,PI_XBTUSD=60000";
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private SimulatorAction() {
    }

    /**
     * Running simulators.
     *
     * @param coinbase        Coinbase Exchange
     * @param kraken          Kraken Futures; null when the configuration does not trade there
     * @param stripe          Stripe
     * @param ports           where they listen
     * @param coinbaseControl port of Coinbase's control interface
     * @param krakenControl   port of Kraken's control interface, 0 without it
     * @param dir             with a folder of each one's own logs
     */
    record Running(JavaProcess coinbase, JavaProcess kraken, JavaProcess stripe, DemoDirectory.Ports ports,
        int coinbaseControl, int krakenControl, Path dir) implements AutoCloseable {

        /** The venues' own logs. */
        List<Path> venueLogs() {
            final Path first = dir.resolve("coinbase").resolve(VENUE_LOG);
            return kraken == null ? List.of(first) : List.of(first, dir.resolve("kraken").resolve(VENUE_LOG));
        }

        /** What Stripe received. */
        Path stripeLog() {
            return dir.resolve("stripe").resolve("stripe.jsonl");
        }

        /** One that has ended; null while all run. */
        JavaProcess ended() {
            return processes().filter(process -> !process.isAlive()).findFirst().orElse(null);
        }

        private Stream<JavaProcess> processes() {
            return Stream.of(coinbase, kraken, stripe).filter(Objects::nonNull);
        }

        @Override
        public void close() {
            processes().forEach(JavaProcess::close);
        }
    }

    /**
     * Starts them.
     *
     * @param dir          where their logs go
     * @param config       whose accounts the venues know
     * @param secrets      resolves keys
     * @param ports        where each should listen; 0 = any port
     * @param coinbaseArgs further arguments of the Coinbase simulator
     * @param environment  further environment of each process
     * @return when all of them are up
     */
    static Running start(final Path dir, final WeirConfig config, final SecretResolver secrets,
        final DemoDirectory.Ports ports, final List<String> coinbaseArgs, final Map<String, String> environment)
        throws IOException {
        return start(dir, config, secrets, ports, coinbaseArgs, List.of(), environment);
    }

    /** The same with further arguments of the Kraken simulator. */
    static Running start(final Path dir, final WeirConfig config, final SecretResolver secrets,
        final DemoDirectory.Ports ports, final List<String> coinbaseArgs, final List<String> krakenArgs,
        final Map<String, String> environment) throws IOException {
        final JavaProcess coinbase = JavaProcess.start("coinbase", dir, JVM, "weir.sim.coinbase.CoinbaseSimulatorMain",
            concat(List.of("--log-dir", dir.resolve("coinbase").toString(), "--accounts",
                accounts(dir, Venues.COINBASE, config, secrets), "--fix-port", text(ports.fix()), "--rest-port",
                text(ports.rest()), "--control-port", "0"), coinbaseArgs), environment);
        final boolean withKraken = config.venue(Venues.name(Venues.KRAKEN_FUTURES)).isPresent();
        final JavaProcess kraken = !withKraken ? null : JavaProcess.start("kraken", dir, JVM,
            "weir.sim.kraken.KrakenSimulatorMain", concat(List.of("--log-dir", dir.resolve("kraken").toString(),
                "--accounts", accounts(dir, Venues.KRAKEN_FUTURES, config, secrets), "--port", text(ports.kraken()),
                "--control-port", "0", "--market-maker", KRAKEN_MIDS), krakenArgs), environment);
        final String stripeKey = config.billing().stripe()
            .map(stripe -> secrets.resolve(stripe.apiKey()).reveal()).orElse("sk_test_weir");
        final JavaProcess stripe = JavaProcess.start("stripe", dir, JVM, "weir.sim.stripe.StripeSimulatorMain",
            List.of("--port", text(ports.stripe()), "--log-dir", dir.resolve("stripe").toString(), "--mode", "live",
                "--summary-lag-ms", "200", "--api-key", stripeKey), environment);
        boolean complete = false;
        try {
            final String coinbaseReady = coinbase.awaitLine("READY", START_TIMEOUT_MS);
            final String krakenReady = kraken == null ? "" : kraken.awaitLine("READY", START_TIMEOUT_MS);
            final String stripeReady = stripe.awaitLine("READY", START_TIMEOUT_MS);
            final Running running = new Running(coinbase, kraken, stripe, new DemoDirectory.Ports(
                number(coinbaseReady, "fix"), number(coinbaseReady, "rest"),
                kraken == null ? 0 : number(krakenReady, "http"), number(stripeReady, "stripe")),
                number(coinbaseReady, "control"), kraken == null ? 0 : number(krakenReady, "control"), dir);
            complete = true;
            return running;
        } finally {
            if (!complete) {
                Stream.of(coinbase, kraken, stripe).filter(Objects::nonNull).forEach(JavaProcess::kill);
            }
        }
    }

    /** {@code weir simulator}: all, until the process is stopped. */
    static int run(final SimulatorOptions options, final Output output) throws Exception {
        final Map<String, String> environment = new HashMap<>(DemoSource.newSecrets());
        environment.putAll(System.getenv());
        final WeirConfig config = options.config().isPresent()
            ? Configs.load(options.config().get(), environment)
            : ConfigLoader.load(new DemoSource(), environment).orThrow();
        final SecretResolver secrets = new SecretResolver(environment, options.config().orElse(Path.of(".")));
        final Path dir = options.dir().toAbsolutePath();
        try (Running running = start(dir, config, secrets, new DemoDirectory.Ports(options.fixPort(),
            options.restPort(), options.krakenPort(), options.stripePort()), marketMaker(), Map.of())) {
            final Thread hook = new Thread(running::close, "simulator-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Actions.ready(System.out, "READY fix=" + running.ports().fix() + " rest=" + running.ports().rest()
                + " control=" + running.coinbaseControl() + " kraken=" + running.ports().kraken() + " krakenControl="
                + running.krakenControl() + " stripe=" + running.ports().stripe());
            output.say("accounts (keys and secrets): " + dir.resolve("accounts-*.json"));
            while (running.ended() == null) {
                Thread.sleep(POLL_MS);
            }
            throw new CommandFailure("SIMULATOR_ENDED", running.ended().tail());
        }
    }

    static List<String> marketMaker() {
        return List.of("--market-maker", MIDS);
    }

    /** Writes the accounts that a configuration has at a venue; the file is readable by its owner alone. */
    private static String accounts(final Path dir, final int venueId, final WeirConfig config,
        final SecretResolver secrets) throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        final ArrayNode accounts = mapper.createArrayNode();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                if (Venues.id(account.venue()) == venueId) {
                    final ObjectNode node = accounts.addObject();
                    node.put("apiKey", secrets.resolve(account.apiKey()).reveal());
                    node.put("secret", secrets.resolve(account.apiSecret()).reveal());
                    account.passphrase().ifPresent(ref -> node.put("passphrase", secrets.resolve(ref).reveal()));
                    node.put(venueId == Venues.COINBASE ? "profileId" : "name", account.name());
                }
            }
        }
        final Path file = dir.resolve("accounts-" + Venues.name(venueId) + ".json");
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, mapper.writeValueAsString(accounts));
        return file.toString();
    }

    private static List<String> concat(final List<String> head, final List<String> tail) {
        final List<String> all = new ArrayList<>(head);
        all.addAll(tail);
        return all;
    }

    private static String text(final int number) {
        return Integer.toString(number);
    }

    private static int number(final String line, final String key) {
        return Integer.parseInt(JavaProcess.value(line, key));
    }
}
