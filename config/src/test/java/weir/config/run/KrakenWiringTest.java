package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.check.AccountSharing;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.protocol.sbe.SelfTradePrevention;
import weir.venue.kraken.KrakenAccount;
import weir.venue.kraken.KrakenAdapter;

/** Every key of the Kraken Futures contract that the adapter takes, and what is refused with its line. */
class KrakenWiringTest {
    private final Map<String, String> environment = DemoSource.newSecrets();
    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        DemoDirectory.write(directory, directory, DemoDirectory.Ports.UNKNOWN, 0);
    }

    private int edit(final String file, final String from, final String to) throws IOException {
        final Path path = directory.resolve(file);
        final String text = Files.readString(path);
        assertTrue(text.contains(from), file + " has no '" + from + '\'');
        Files.writeString(path, text.replace(from, to));
        return (int)text.substring(0, text.indexOf(from)).lines().count() + (from.startsWith("\n") ? 1 : 0);
    }

    private LoadResult load() {
        return ConfigLoader.load(new DirectorySource(directory), environment);
    }

    private KrakenAdapter.Context context() {
        return KrakenWiring.context(load().orThrow(), new SecretResolver(environment, directory), null).orElseThrow();
    }

    private Problem only() {
        final List<Problem> problems = load().problems();
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() {
        final KrakenAdapter.Context context = context();
        assertTrue(context.useNonce());
        assertEquals(Set.copyOf(new KrakenAdapter.Context().lessons()), Set.copyOf(context.lessons()),
            "its defaults are the contract's");
        assertEquals(450, context.budgetUnits(), "500 less the margin of 10 %");
        assertEquals(10_000, context.windowMs());
        assertEquals(50, context.cancelReserve());
        assertFalse(context.budgetPerAddress());
        assertEquals(90, context.historyTokens(), "100 less the margin of 10 %");
        assertEquals(15, context.batchMax());
        assertEquals(3_750, context.newsWaitMs(), "a quarter of the queue's deadline");
        assertEquals(60, context.deadManTimeoutS());
        assertEquals(15_000, context.deadManEveryMs());
        assertFalse(context.deadManOnShared());
        assertEquals(1, context.accounts().size());
        final KrakenAccount account = context.accounts().get(0);
        assertEquals(4, account.accountId());
        assertEquals(environment.get("WEIR_DEMO_GAMMA_KRAKEN_KEY"), account.apiKey());
        assertEquals(SelfTradePrevention.CANCEL_NEWEST, account.selfTrade());
        assertFalse(account.shared());
    }

    @Test
    void shouldHandEveryKeyOfTheHttpSectionToTheAdapter() throws IOException {
        final String file = "venues/kraken-futures.yaml";
        edit(file, "nonce: true", "nonce: false");
        edit(file, "inFlight: 4", "inFlight: 7");
        edit(file, "processBefore: 0ms", "processBefore: 3s");
        edit(file, "connectTimeout: 2s", "connectTimeout: 1500ms");
        edit(file, "requestTimeout: 3s", "requestTimeout: 6s");
        edit(file, "reconnectMin: 1s", "reconnectMin: 2s");
        edit(file, "reconnectMax: 30s", "reconnectMax: 40s");
        edit(file, "poll: 2s", "poll: 4s");
        edit(file, "ping: 20s", "ping: 25s");
        edit(file, "silence: 45s", "silence: 50s");
        edit(file, "clockAlarm: 1s", "clockAlarm: 500ms");
        edit(file, "timeout: 60s", "timeout: 80s");
        edit(file, "every: 15s", "every: 20s");
        edit(file, "onShared: false", "onShared: true");
        final KrakenAdapter.Context context = context();
        assertFalse(context.useNonce());
        assertEquals(7, context.inFlightMax());
        assertEquals(3_000, context.processBeforeMs());
        assertEquals(1_500, context.connectTimeoutMs());
        assertEquals(6_000, context.requestTimeoutMs());
        assertEquals(12_000, context.queryTimeoutMs(), "two requests of a question");
        assertEquals(2_000, context.reconnectMinMs());
        assertEquals(40_000, context.reconnectMaxMs());
        assertEquals(4_000, context.pollMs());
        assertEquals(25_000, context.pingMs());
        assertEquals(50_000, context.silenceMs());
        assertEquals(500, context.clockAlarmMs());
        assertEquals(80, context.deadManTimeoutS());
        assertEquals(20_000, context.deadManEveryMs());
        assertTrue(context.deadManOnShared());
    }

    @Test
    void shouldRefuseContradictionsWithFileAndLine() throws IOException {
        final String file = "venues/kraken-futures.yaml";
        final int line = edit(file, "every: 15s", "every: 50s");
        final Problem problem = only();
        assertEquals(ProblemCode.CONFIG_CONFLICT, problem.code());
        assertEquals(line, problem.location().line());
        assertTrue(problem.location().file().endsWith(file), problem.oneLine());
    }

    @Test
    void shouldRefuseASelfTradePreventionThatTheVenueLacks() throws IOException {
        final String key = "\n    apiKey: env:WEIR_DEMO_GAMMA_KRAKEN_KEY";
        for (final String wanted : new String[] {"decrement", "cancel-both", "none"}) {
            write();
            edit("tenants/gamma.yaml", "selfTradePrevention: cancel-newest" + key,
                "selfTradePrevention: " + wanted + key);
            final Problem problem = only();
            assertEquals(ProblemCode.CONFIG_CONFLICT, problem.code());
            assertTrue(problem.location().file().endsWith("tenants/gamma.yaml"), problem.oneLine());
            final List<String> lines = Files.readAllLines(directory.resolve("tenants/gamma.yaml"));
            assertEquals("    selfTradePrevention: " + wanted, lines.get(problem.location().line() - 1));
        }
        write();
        edit("tenants/gamma.yaml", "selfTradePrevention: cancel-newest" + key,
            "selfTradePrevention: cancel-oldest" + key);
        assertEquals(SelfTradePrevention.CANCEL_OLDEST, context().accounts().get(0).selfTrade());
    }

    @Test
    void shouldListWhatActsAcrossTenantsAtKraken() throws IOException {
        edit("tenants/gamma.yaml", "name: gamma-kraken", "name: gamma-kraken\n    shared: true");
        Files.writeString(directory.resolve("tenants/delta.yaml"), delta());
        final List<String> quiet = AccountSharing.acrossTenants(load().orThrow());
        final String shared = sentence(quiet, "account gamma-kraken is shared by");
        assertTrue(shared.contains("self-trade strategy (cancel-newest") && shared.contains("mass cancel"), shared);
        assertFalse(shared.contains("dead man"), "not armed on a shared account: " + shared);
        sentence(quiet, "self-trade strategy of kraken-futures");

        edit("venues/kraken-futures.yaml", "onShared: false", "onShared: true");
        final String armed = sentence(AccountSharing.acrossTenants(load().orThrow()), "account gamma-kraken");
        assertTrue(armed.contains("dead man's switch"), armed);
    }

    private static String sentence(final List<String> sentences, final String start) {
        try (Stream<String> found = sentences.stream().filter(sentence -> sentence.startsWith(start))) {
            return found.findFirst().orElseThrow(() -> new AssertionError(start + " in " + sentences));
        }
    }

    /** A tenant without an account of its own at Kraken Futures. */
    private String delta() throws IOException {
        final String text = Files.readString(directory.resolve("tenants/gamma.yaml"));
        return text.substring(0, text.indexOf("accounts:")).replace("tenant: gamma", "tenant: delta")
            .replace("\nid: 3\n", "\nid: 4\n").replace("cus_gamma", "cus_delta")
            .replace("defaultAccount: gamma-coinbase", "defaultAccount: gamma-kraken")
            .replace("[BTC-USD, BTC-PERP, ETH-PERP]", "[BTC-PERP, ETH-PERP]");
    }
}
