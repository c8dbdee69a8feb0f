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
import weir.cli.CommandActions.SimulatorOptions;
import weir.cli.CommandFailure;
import weir.cli.Output;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.Tenant;
import weir.config.model.VenueAccount;
import weir.config.model.WeirConfig;

/** Starts the venue and Stripe simulators as processes of their own, knowing the accounts of a configuration. */
final class SimulatorAction {
    private static final long POLL_MS = 500;
    private static final long START_TIMEOUT_MS = 30_000;
    private static final String MIDS = "BTC-USD=60000.00,ETH-USD=3000.00,SOL-USD=150.00";

    private SimulatorAction() {
    }

    /** Running simulators with their ports. */
    record Running(JavaProcess venue, JavaProcess stripe, int fixPort, int restPort, int controlPort, int stripePort,
        Path venueLog, Path stripeLog) implements AutoCloseable {
        @Override
        public void close() {
            venue.close();
            stripe.close();
        }
    }

    /** Where each process should listen; 0 = any port. */
    record Ports(int fix, int rest, int control, int stripe) {
        static final Ports ANY = new Ports(0, 0, 0, 0);
    }

    static Running start(final Path dir, final Path accounts, final String stripeKey, final Ports ports,
        final List<String> venueArgs) throws IOException {
        return start(dir, accounts, stripeKey, ports, venueArgs, Map.of());
    }

    static Running start(final Path dir, final Path accounts, final String stripeKey, final Ports ports,
        final List<String> venueArgs, final Map<String, String> environment) throws IOException {
        final Path venueDir = dir.resolve("venue");
        final Path stripeDir = dir.resolve("stripe");
        final JavaProcess venue = JavaProcess.start("venue", dir, List.of("-Xmx256m", "-XX:+UseSerialGC"),
            "weir.sim.coinbase.CoinbaseSimulatorMain", concat(List.of("--log-dir", venueDir.toString(),
                "--accounts", accounts.toString(), "--fix-port", text(ports.fix()), "--rest-port", text(ports.rest()),
                "--control-port", text(ports.control())), venueArgs), environment);
        final JavaProcess stripe = JavaProcess.start("stripe", dir, List.of("-Xmx256m", "-XX:+UseSerialGC"),
            "weir.sim.stripe.StripeSimulatorMain", List.of("--port", text(ports.stripe()), "--log-dir",
                stripeDir.toString(), "--mode", "live", "--summary-lag-ms", "200", "--api-key", stripeKey),
            environment);
        final String venueReady = venue.awaitLine("READY", START_TIMEOUT_MS);
        final String stripeReady = stripe.awaitLine("READY", START_TIMEOUT_MS);
        return new Running(venue, stripe, number(venueReady, "fix"), number(venueReady, "rest"),
            number(venueReady, "control"), number(stripeReady, "stripe"), venueDir.resolve("venue.jsonl"),
            stripeDir.resolve("stripe.jsonl"));
    }

    /** {@code weir simulator}: both, until the process is stopped. */
    static int run(final SimulatorOptions options, final Output output) throws Exception {
        final Map<String, String> environment = new HashMap<>(DemoSource.newSecrets());
        environment.putAll(System.getenv());
        final WeirConfig config = options.config().isPresent()
            ? Configs.load(options.config().get(), environment)
            : ConfigLoader.load(new DemoSource(), environment).orThrow();
        final SecretResolver secrets = new SecretResolver(environment, options.config().orElse(Path.of(".")));
        final Path dir = options.dir().toAbsolutePath();
        final Path accounts = dir.resolve("accounts.json");
        writeAccounts(accounts, config, secrets);
        final String stripeKey = config.billing().stripe()
            .map(stripe -> secrets.resolve(stripe.apiKey()).reveal()).orElse("sk_test_weir");
        try (Running running = start(dir, accounts, stripeKey,
            new Ports(options.fixPort(), options.restPort(), 0, options.stripePort()), marketMaker())) {
            final Thread hook = new Thread(running::close, "simulator-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Actions.ready(System.out, "READY fix=" + running.fixPort() + " rest=" + running.restPort() + " control="
                + running.controlPort() + " stripe=" + running.stripePort());
            output.say("accounts (keys and secrets): " + accounts);
            while (running.venue().isAlive() && running.stripe().isAlive()) {
                Thread.sleep(POLL_MS);
            }
            throw new CommandFailure("SIMULATOR_ENDED", (running.venue().isAlive()
                ? running.stripe() : running.venue()).tail());
        }
    }

    static List<String> marketMaker() {
        return List.of("--market-maker", MIDS);
    }

    /** Writes the accounts of a configuration for the venue; the file is readable by its owner alone. */
    static void writeAccounts(final Path file, final WeirConfig config, final SecretResolver secrets)
        throws IOException {
        final ObjectMapper mapper = new ObjectMapper();
        final ArrayNode accounts = mapper.createArrayNode();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                final ObjectNode node = accounts.addObject();
                node.put("apiKey", secrets.resolve(account.apiKey()).reveal());
                node.put("secret", secrets.resolve(account.apiSecret()).reveal());
                node.put("passphrase", account.passphrase().map(ref -> secrets.resolve(ref).reveal()).orElse(""));
                node.put("profileId", account.name());
            }
        }
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, mapper.writeValueAsString(accounts));
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
