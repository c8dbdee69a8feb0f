package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.chain.SecretKeySigner;
import weir.config.check.SecretResolver;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskContext;
import weir.sim.desk.DeskReport;
import weir.venue.cow.CowAdapter;

/** The contract of CoW Protocol to its adapter, and a desk's order through the router process to it and back. */
class CowRouteTest {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final String KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    private static final String OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    private static final String TENANT = """
        tenant: zeta
        id: 16
        credit: prepaid
        plan: demo
        budget: 1000.00
        stripeCustomer: cus_zeta
        rate: { burst: 1000, refill: 500/s }
        risk:
          maxOrderQty: 1000
          maxNotional: 1000000
          maxOpenOrders: 1000
          priceCollar: 50%
        instruments: [WETH-USDC]
        accounts:
          - id: 16
            name: zeta-cow
            venue: cow
            environment: simulator
            apiKey: env:WEIR_DEMO_ZETA_OWNER
            apiSecret: env:WEIR_DEMO_ZETA_KEY
        desks:
          - session: 1601
            compId: ZETA1
            logon: { password: "env:WEIR_DEMO_ZETA1_PASSWORD" }
            allow: [127.0.0.1]
        grants:
          - { id: 16001, amount: 100.00, reference: opening-balance-zeta }
        """;

    @TempDir
    private Path dir;
    private final Map<String, String> environment = new HashMap<>(System.getenv());

    private WeirConfig write(final DemoDirectory.Ports ports, final int port, final int deskPort)
        throws IOException {
        environment.putAll(DemoSource.newSecrets());
        environment.put("WEIR_DEMO_ZETA_OWNER", OWNER);
        environment.put("WEIR_DEMO_ZETA_KEY", KEY);
        environment.put("WEIR_DEMO_ZETA1_PASSWORD", "zeta-password");
        final Path configDir = dir.resolve("config");
        DemoDirectory.write(configDir, dir, ports, deskPort);
        for (final String name : List.of("venues/cow.yaml", "instruments/cow.yaml")) {
            try (InputStream in = DemoDirectory.class.getResourceAsStream("/weir/deploy/" + name)) {
                Files.writeString(configDir.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.0.1:16780", "127.0.0.1:" + port).replace("cancelGrace: 60s", "cancelGrace: 1s")
                    .replace("poll: 2s", "poll: 500ms"));
            }
        }
        Files.writeString(configDir.resolve("tenants/zeta.yaml"), TENANT);
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() throws Exception {
        final WeirConfig config = write(DemoDirectory.Ports.coinbase(1, 1, 1), 1, 0);
        final Map<Integer, SecretKeySigner> signers = new LinkedHashMap<>();
        final SecretResolver secrets = new SecretResolver(environment, dir.resolve("config"));
        final CowAdapter.Context context = CowWiring.context(config, secrets, null, signers).orElseThrow();
        assertEquals(1, context.chainId());
        assertEquals("0x9008D19f58AAbD9eD0D60971565AA8510560ab41", context.settlementContract().toString());
        assertEquals(4, context.requestsPerSecond(), "5 less the margin of 20 %");
        assertEquals(1, context.cancelReserve());
        assertEquals(604_800, context.validityS());
        assertEquals(120, context.immediateValidityS());
        assertEquals(50, context.slippageBps());
        assertEquals(1, context.pairs().size());
        assertEquals("", context.pairs().get(0).error());
        assertEquals(OWNER, signers.get(16).address().toString());
        assertFalse(context.accounts().toString().contains(KEY.substring(2)));
        environment.put("WEIR_DEMO_ZETA_OWNER", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        final CommandFailure refused = assertThrows(CommandFailure.class, () -> CowWiring.context(config,
            new SecretResolver(environment, dir.resolve("config")), null, new LinkedHashMap<>()));
        assertTrue(refused.getMessage().contains(OWNER) && !refused.getMessage().contains(KEY.substring(2)),
            refused.getMessage());
    }

    @Test
    void shouldBringADesksOrderToTheOrderBookAndItsSettlementBack() throws Exception {
        final int deskPort;
        try (ServerSocket free = new ServerSocket(0)) {
            deskPort = free.getLocalPort();
        }
        final WeirConfig before = write(DemoDirectory.Ports.coinbase(1, 1, 1), 1, deskPort);
        try (SimulatorAction.Running simulators = SimulatorAction.start(dir, before,
            new SecretResolver(environment, dir.resolve("config")), DemoDirectory.Ports.ANY,
            Map.of(Venues.COW, List.of("--auction-ms", "1000")), Map.of())) {
            write(simulators.ports(), simulators.ports().at(16780), deskPort);
            final JavaProcess router = JavaProcess.start("router", dir,
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), "weir.cli.WeirMain",
                List.of("router", "--config", dir.resolve("config").toString()), environment);
            try (DeskClient desk = DeskClient.launch(new DeskContext().port(deskPort).senderCompId("ZETA1")
                .username("ZETA1").password("zeta-password").storeDirectory(dir.resolve("desk"))
                .journalDirectory(dir.resolve("desks")))) {
                router.awaitLine("READY", 40_000);
                desk.awaitLogon(WAIT);
                trade(desk);
            } catch (final AssertionError | RuntimeException failure) {
                throw new AssertionError(failure.getMessage() + router.tail(), failure);
            } finally {
                router.close();
            }
            assertEquals("0", stats(simulators.control(Venues.COW)), "refused for the rate");
            assertFalse(router.tail().contains(KEY.substring(2)), "a key in the log");
            assertFalse(Files.readString(dir.resolve("accounts-cow.json")).contains(KEY.substring(2)),
                "the venue has no key of ours");
        }
    }

    private static void trade(final DeskClient desk) throws Exception {
        // the adapter is up, and there is a reference price, when an order passes: until then the router says so
        int tries = 0;
        DeskReport first;
        do {
            final String id = "w" + ++tries;
            desk.newOrder(id, "WETH-USDC", '2', '2', '1', "0.5", "2900");
            first = desk.await(report -> id.equals(report.clOrdId()) && (report.ordStatus() == '0'
                || report.ordStatus() == '8'), WAIT);
            Thread.sleep(first.ordStatus() == '8' ? 250 : 0);
        } while (first.ordStatus() == '8' && tries < 60);
        assertEquals('0', first.ordStatus(), desk.dump());
        final DeskReport fill = desk.await(report -> report.execType() == 'F', WAIT);
        assertEquals('2', fill.ordStatus(), desk.dump());
        desk.newOrder("c1", "WETH-USDC", '1', '2', '1', "0.1", "2000");
        desk.awaitStatus("c1", '0', WAIT);
        desk.replace("r1", "c1", "WETH-USDC", '1', '2', '1', "0.2", "2100");
        desk.await(report -> "r1".equals(report.clOrdId()) && report.execType() == '5', WAIT);
        desk.cancel("x1", "r1", "WETH-USDC", '1');
        desk.await(report -> report.execType() == '4', WAIT);
    }

    private static String stats(final int control) throws Exception {
        final HttpResponse<String> response = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + control + "/stats")).build(), HttpResponse.BodyHandlers.ofString());
        final String text = response.body();
        return text.replaceAll(".*\"refused\":(\\d+).*", "$1");
    }
}
