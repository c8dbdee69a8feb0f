package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import weir.venue.cow.CowAdapter;

/** The contract of CoW Protocol to its adapter; orders through the router are {@link DeribitAndCowTest}'s. */
class CowRouteTest {
    private static final String KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    private static final String OWNER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    /** What the tenant's references name. */
    static final Map<String, String> SECRETS = Map.of("WEIR_DEMO_ZETA_OWNER", OWNER, "WEIR_DEMO_ZETA_KEY", KEY,
        "WEIR_DEMO_ZETA1_PASSWORD", "zeta-password");
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

    private WeirConfig write() throws IOException {
        environment.putAll(DemoSource.newSecrets());
        environment.putAll(SECRETS);
        final Path configDir = dir.resolve("config");
        DemoDirectory.write(configDir, dir, DemoDirectory.Ports.coinbase(1, 1, 1), 0);
        addCow(configDir, 1);
        return ConfigLoader.load(new DirectorySource(configDir), environment).orThrow();
    }

    /** Adds the deployed contract and instruments, at a port, and a tenant that trades there, to the demo's files. */
    static void addCow(final Path configDir, final int port) throws IOException {
        for (final String name : List.of("venues/cow.yaml", "instruments/cow.yaml")) {
            try (InputStream in = DemoDirectory.class.getResourceAsStream("/weir/deploy/" + name)) {
                Files.writeString(configDir.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("127.0.0.1:16780", "127.0.0.1:" + port));
            }
        }
        Files.writeString(configDir.resolve("tenants/zeta.yaml"), TENANT);
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() throws Exception {
        final WeirConfig config = write();
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
        assertEquals(List.of("BAR Retry-After[429, 503] SECONDS IP", "BAR [429] COUNT IP"), context.lessons().stream()
            .map(lesson -> lesson.sets() + " " + lesson.name() + lesson.statuses() + ' ' + lesson.unit() + ' '
            + lesson.scope()).toList());
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
}
