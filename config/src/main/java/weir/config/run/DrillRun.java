package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.SystemEpochNanoClock;
import weir.cli.CommandActions.DrillOptions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.TradingState;
import weir.sim.coinbase.CoinbaseSimulator;
import weir.sim.coinbase.VenueAccount;
import weir.sim.desk.ClientOrder;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.DeskReport;

/**
 * {@code weir drill}: a router of its own against the Coinbase simulator on loopback, two tenants' desks, N resting
 * orders, and the kill switch over the operators' line. The time from trigger to first and last cancel is taken at the
 * venue, from its own log; the bound is the contract's: the venue takes so many requests a period, so N cancels need so
 * many periods. Leaves nothing but its report.
 */
public final class DrillRun {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LIMIT = "fix-requests";
    private static final int CHUNK = 60;
    private static final int STRATEGY = 7;
    private static final int STRATEGY_ID = 20004;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long NS_PER_MICRO = 1_000L;
    /** What the machine may add: the router's threads share it with the venue. */
    private static final long SLACK_MS = 1_000;
    private static final String[][] ORDERS = {{"BTC-USD", "0.001", "50000"}, {"ETH-USD", "0.01", "2500"},
        {"SOL-USD", "0.1", "125"}};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DrillOptions options;
    private final Output output;
    private final Map<String, String> environment = new HashMap<>(DemoSource.newSecrets());
    private final List<AutoCloseable> running = new ArrayList<>();
    private Path root;
    private WeirConfig config;
    private RouterProcess router;
    private DeskClient alpha;
    private DeskClient beta;
    private int number;
    private int controlPort;

    /**
     * Prepares one.
     *
     * @param options what is drilled
     * @param output  where results go
     */
    public DrillRun(final DrillOptions options, final Output output) {
        this.options = options;
        this.output = output;
    }

    /**
     * Runs it.
     *
     * @return 0 when everything held, 1 when not
     * @throws Exception when a part does not start
     */
    public int run() throws Exception {
        final Path tmpfs = Path.of("/dev/shm");
        root = Files.isWritable(tmpfs) ? Files.createTempDirectory(tmpfs, "weir-drill-")
            : Files.createTempDirectory("weir-drill-");
        try {
            start();
            final Map<String, Object> report = drill();
            write(report);
            output.result("drill", report);
            return Boolean.TRUE.equals(report.get("pass")) ? ExitCodes.OK : ExitCodes.FAILED;
        } finally {
            for (int i = running.size() - 1; i >= 0; i--) {
                CloseHelper.quietClose(running.get(i));
            }
            IoUtil.delete(root.toFile(), true);
        }
    }

    private void start() throws Exception {
        output.say("starting the venue's simulator and a router in " + root);
        config(1, 1);
        final List<VenueAccount> accounts = new ArrayList<>();
        config.tenants().forEach(tenant -> tenant.accounts().forEach(account -> accounts.add(new VenueAccount(
            secrets().resolve(account.apiKey()).reveal(), secrets().resolve(account.apiSecret()).reveal(),
            secrets().resolve(account.passphrase().orElseThrow()).reveal(), account.name()))));
        final CoinbaseSimulator venue = CoinbaseSimulator.launch(new CoinbaseSimulator.Context()
            .logDir(root.resolve("venue")).accounts(accounts));
        running.add(venue);
        controlPort = venue.controlPort();
        config(venue.fixPort(), venue.restPort());
        router = RouterProcess.launch(config, secrets());
        running.add(router);
        alpha = desk("ALPHA1");
        beta = desk("BETA1");
        awaitVenue(alpha);
        awaitVenue(beta);
    }

    private void config(final int fixPort, final int restPort) throws IOException {
        DemoDirectory.write(root.resolve("config"), root.resolve("data"),
            DemoDirectory.Ports.coinbase(fixPort, restPort, 1), 0);
        config = ConfigLoader.load(new DirectorySource(root.resolve("config")), environment).orThrow();
    }

    private SecretResolver secrets() {
        return new SecretResolver(environment, root.resolve("config"));
    }

    private DeskClient desk(final String compId) {
        final DeskClient desk = DeskClient.launch(new DeskContext().port(router.fixPort()).senderCompId(compId)
            .username(compId).password(environment.get("WEIR_DEMO_" + compId + "_PASSWORD")));
        running.add(desk);
        return desk.awaitLogon(PATIENCE);
    }

    /** Orders until one rests, which is cancelled again. */
    private void awaitVenue(final DeskClient desk) throws Exception {
        final long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            final String id = order(desk, 0);
            if (settled(desk, id).equals("OK")) {
                desk.cancel("x-" + id, id, ORDERS[0][0], '1');
                desk.awaitStatus("x-" + id, '4', PATIENCE);
                return;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new CommandFailure("DRILL_VENUE", "no order rests at the simulator: " + desk.dump());
            }
            Thread.sleep(50);
        }
    }

    private String order(final DeskClient desk, final int i) {
        final String[] terms = ORDERS[i % ORDERS.length];
        final String id = "drill-" + ++number;
        desk.newOrder(id, terms[0], '1', '2', '1', terms[1], terms[2],
            Map.of(STRATEGY_ID, Integer.toString(STRATEGY)));
        return id;
    }

    /** What became of a new order: OK when it rests, else its code. */
    private static String settled(final DeskClient desk, final String id) {
        final DeskReport report = desk.await(r -> id.equals(r.clOrdId())
            && (r.ordStatus() == '0' || r.ordStatus() == '8'), PATIENCE);
        return report.ordStatus() == '0' ? "OK" : report.code();
    }

    private Map<String, Object> drill() throws Exception {
        final List<String> ids = new ArrayList<>();
        while (ids.size() < options.orders()) {
            final int from = ids.size();
            while (ids.size() < options.orders() && ids.size() - from < CHUNK) {
                ids.add(order(alpha, ids.size()));
            }
            for (final String id : ids.subList(from, ids.size())) {
                if (!settled(alpha, id).equals("OK")) {
                    throw new CommandFailure("DRILL_ORDERS", id + " does not rest: " + alpha.ledger().codeOf(id));
                }
            }
        }
        final String others = order(beta, 0);
        settled(beta, others);
        final VenueLimit limit = config.venue("coinbase").orElseThrow().limitsAt(VenueLimit.Place.DISPATCH).stream()
            .filter(l -> l.name().equals(LIMIT)).findFirst().orElseThrow();
        Thread.sleep(limit.periodNs() / NS_PER_MS + 100); // the lane is whole when it is triggered
        output.say(ids.size() + " orders are open; trigger: kill " + options.scope());
        try (ControlLink control = ControlLink.connect(config.router())) {
            final SwitchTarget target = target();
            final long before = control.ask(AdminKind.PING, 0, 0).get(0).path("cancelled").asLong();
            final long triggerNs = SystemEpochNanoClock.INSTANCE.nanoTime();
            control.move(target, TradingState.HALTED, true, "drill", "drill");
            alpha.awaitThat(() -> alpha.ledger().openOrders().isEmpty(), "every order of the drill cancelled",
                PATIENCE);
            final Map<String, Object> report = judge(ids, limit, triggerNs);
            final List<JsonNode> rows = control.ask(AdminKind.CANCELLED, 0, before);
            report.put("reportedWithAlgoDeskClient", rows.stream().filter(row ->
                row.path("strategy").asInt() == STRATEGY && row.path("session").asInt() > 0
                && row.path("tenant").asInt() > 0).count());
            final String refused = settled(alpha, order(alpha, 0));
            report.put("newOrderGets", refused);
            final boolean everyone = options.scope().equals("router") || options.scope().equals("venue");
            if (everyone) {
                beta.awaitStatus(others, '4', PATIENCE);
            }
            final ClientOrder untouched = beta.ledger().order(others);
            final boolean spared = untouched.ordStatus() == '0';
            report.put("otherTenant", everyone ? "cancelled" : spared ? "untouched" : "TOUCHED");
            control.move(target, TradingState.ACTIVE, false, "drill", "drill");
            final String resumed = resumed();
            report.put("afterResume", resumed);
            report.put("pass", Boolean.TRUE.equals(report.get("withinBound"))
                && report.get("venueRefused").equals(0L)
                && report.get("cancelsAtVenue").equals((long) ids.size() + (everyone ? 1 : 0))
                && ((Long) report.get("reportedWithAlgoDeskClient")).intValue() == ids.size() + (everyone ? 1 : 0)
                && refused.endsWith("_HALTED") && spared != everyone && resumed.equals("OK"));
            report.put("fates", fates(ids));
            return report;
        }
    }

    private String resumed() throws InterruptedException {
        String got = settled(alpha, order(alpha, 0));
        for (int i = 0; i < 50 && got.endsWith("_HALTED"); i++) {
            Thread.sleep(20);
            got = settled(alpha, order(alpha, 0));
        }
        return got;
    }

    private SwitchTarget target() throws CommandFailure {
        return switch (options.scope()) {
            case "venue" -> SwitchTarget.of(config, "venue", "coinbase");
            case "tenant" -> SwitchTarget.of(config, "tenant", "alpha");
            case "desk" -> SwitchTarget.of(config, "desk", "ALPHA1");
            case "strategy" -> SwitchTarget.of(config, "strategy", "alpha/" + STRATEGY);
            default -> SwitchTarget.ROUTER;
        };
    }

    /** From the venue's own log: cancels that it received after the trigger, and how close together. */
    private Map<String, Object> judge(final List<String> ids, final VenueLimit limit, final long triggerNs)
        throws IOException {
        final List<Long> alphas = new ArrayList<>();
        final List<Long> byFix = new ArrayList<>();
        long cancelled = 0;
        final String key = environment.get("WEIR_DEMO_ALPHA_VENUE_KEY");
        for (final String line : Files.readAllLines(root.resolve("venue/venue.jsonl"))) {
            final JsonNode entry = JSON.readTree(line);
            if (entry.path("ts").asLong() >= triggerNs) {
                final String type = entry.path("msgType").asText();
                final boolean fix =
                    entry.path("kind").asText().equals("recv") && (type.equals("F") || type.equals("U4"));
                // what the lane cannot carry at once goes by the second path, on its own budget
                if (fix || entry.path("method").asText().equals("DELETE") && entry.path("status").asInt() == 200) {
                    cancelled++;
                    if (line.contains(key)) {
                        alphas.add(entry.path("ts").asLong());
                        if (fix) {
                            byFix.add(entry.path("ts").asLong());
                        }
                    }
                }
            }
        }
        final long lane = limit.effectiveCapacity();
        final long periods = (ids.size() + lane - 1) / lane;
        final long boundMs = (periods - 1) * limit.periodNs() / NS_PER_MS;
        final long lastMicros = alphas.isEmpty() ? -1 : (alphas.get(alphas.size() - 1) - triggerNs) / NS_PER_MICRO;
        final Map<String, Object> report = new LinkedHashMap<>();
        report.put("scope", options.scope());
        report.put("orders", ids.size());
        report.put("laneRequestsPerPeriod", lane);
        report.put("periodMs", limit.periodNs() / NS_PER_MS);
        report.put("periodsNeeded", periods);
        report.put("boundMs", boundMs);
        report.put("slackMs", SLACK_MS);
        report.put("firstCancelMicros", alphas.isEmpty() ? -1 : (alphas.get(0) - triggerNs) / NS_PER_MICRO);
        report.put("lastCancelMicros", lastMicros);
        report.put("cancelsAtVenue", cancelled);
        report.put("mostInAPeriod", mostWithin(byFix, limit.periodNs()));
        report.put("venueRefused", refusedByVenue(key));
        report.put("withinBound", lastMicros >= 0 && lastMicros / 1_000 <= boundMs + SLACK_MS);
        return report;
    }

    /** Requests that the venue refused for its limit, by its own count. */
    private long refusedByVenue(final String key) throws IOException {
        try {
            final HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + controlPort + "/stats")).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("sessions").path(key).path("limitRejects").asLong(-1);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    private static int mostWithin(final List<Long> times, final long periodNs) {
        int most = 0;
        int from = 0;
        for (int i = 0; i < times.size(); i++) {
            while (times.get(i) - times.get(from) >= periodNs) {
                from++;
            }
            most = Math.max(most, i - from + 1);
        }
        return most;
    }

    private Map<String, String> fates(final List<String> ids) {
        final Map<String, String> fates = new LinkedHashMap<>();
        for (final String id : ids) {
            fates.put(id, alpha.ledger().order(id).ordStatus() == '4' ? "cancelled"
                : "OrdStatus " + alpha.ledger().order(id).ordStatus());
        }
        return fates;
    }

    private void write(final Map<String, Object> report) throws IOException {
        Files.createDirectories(options.out());
        JSON.writerWithDefaultPrettyPrinter().writeValue(options.out().resolve("drill.json").toFile(), report);
        final StringBuilder text = new StringBuilder("Weir kill switch drill\n\n");
        report.forEach((name, value) -> {
            if (!(value instanceof Map)) {
                text.append(String.format("%-28s %s%n", name, value));
            }
        });
        text.append(String.format("%n%-28s fate%n", "order"));
        ((Map<?, ?>) report.get("fates")).forEach((id, fate) -> text.append(String.format("%-28s %s%n", id, fate)));
        Files.writeString(options.out().resolve("drill.txt"), text);
        report.remove("fates");
    }
}
