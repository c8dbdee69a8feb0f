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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.protocol.Venues;
import weir.protocol.sbe.SelfTradePrevention;
import weir.venue.deribit.DeribitAccount;
import weir.venue.deribit.DeribitAdapter;

/** Deribit's contract and accounts as the adapter gets them, each key of the file. */
class DeribitWiringTest {
    private final Map<String, String> environment = DemoSource.newSecrets();
    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        environment.putAll(DeribitRouteTest.SECRETS);
        DemoDirectory.write(directory, directory, DemoDirectory.Ports.of(1, Set.of(Venues.KRAKEN_FUTURES)), 0);
        DeribitRouteTest.addDeribit(directory, 1);
    }

    private void edit(final String file, final String from, final String to) throws IOException {
        final Path path = directory.resolve(file);
        final String text = Files.readString(path);
        assertTrue(text.contains(from), file + " has no '" + from + '\'');
        Files.writeString(path, text.replace(from, to));
    }

    private LoadResult load() {
        return ConfigLoader.load(new DirectorySource(directory), environment);
    }

    private DeribitAdapter.Context context() {
        return DeribitWiring.context(load().orThrow(), new SecretResolver(environment, directory), null).orElseThrow();
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() {
        final DeribitAdapter.Context context = context();
        assertEquals(20, context.engineBurst(), "tier 4 until the venue says another");
        assertEquals(5, context.engineRate());
        assertEquals(5, context.engineMarginPercent());
        assertEquals(4, context.cancelReserve());
        assertEquals(10, context.otherMarginPercent());
        assertEquals(List.of("CAPACITY limits.matching_engine.trading.total.burst of 401: 20 5/s",
            "REFILL limits.matching_engine.trading.total.rate of 401: 20 5/s"), context.lessons().stream()
            .filter(lesson -> lesson.limitId() != 0).map(lesson -> lesson.sets() + " " + lesson.name() + " of "
            + lesson.limitId() + ": " + lesson.capacity() + ' ' + lesson.refill() + "/s").toList());
        assertEquals(List.of("BAR [10028, 429] COUNT ACCOUNT", "BAR Retry-After[10028, 429, 503] SECONDS ACCOUNT"),
            context.lessons().stream().filter(lesson -> lesson.limitId() == 0).map(lesson -> lesson.sets() + " "
            + lesson.name() + lesson.statuses() + ' ' + lesson.unit() + ' ' + lesson.scope()).toList());
        assertEquals("connection", context.cancelOnDisconnect());
        assertEquals(1, context.accounts().size());
        final DeribitAccount account = context.accounts().get(0);
        assertEquals(14, account.accountId());
        assertEquals("eps12345", account.clientId());
        assertEquals("/api/v2", account.httpUri().getPath());
        assertEquals("/ws/api/v2", account.socketUri().getPath());
        assertEquals(SelfTradePrevention.CANCEL_NEWEST, account.selfTrade());
        assertFalse(account.shared());
    }

    @Test
    void shouldHandEveryKeyOfTheHttpSectionToTheAdapter() throws IOException {
        final String file = "venues/deribit.yaml";
        edit(file, "inFlight: 64", "inFlight: 7");
        edit(file, "connectTimeout: 2s", "connectTimeout: 1500ms");
        edit(file, "requestTimeout: 3s", "requestTimeout: 6s");
        edit(file, "reconnectMin: 1s", "reconnectMin: 2s");
        edit(file, "reconnectMax: 30s", "reconnectMax: 40s");
        edit(file, "poll: 2s", "poll: 4s");
        edit(file, "ping: 10s", "ping: 30s");
        edit(file, "silence: 25s", "silence: 70s");
        edit(file, "clockAlarm: 1s", "clockAlarm: 500ms");
        edit(file, "cancelOnDisconnect: connection", "cancelOnDisconnect: none");
        final DeribitAdapter.Context context = context();
        assertEquals(7, context.inFlightMax());
        assertEquals(1_500, context.connectTimeoutMs());
        assertEquals(6_000, context.requestTimeoutMs());
        assertEquals(12_000, context.queryTimeoutMs(), "two requests of a question");
        assertEquals(2_000, context.reconnectMinMs());
        assertEquals(40_000, context.reconnectMaxMs());
        assertEquals(4_000, context.pollMs());
        assertEquals(30, context.heartbeatS());
        assertEquals(70_000, context.silenceMs());
        assertEquals(500, context.clockAlarmMs());
        assertEquals("", context.cancelOnDisconnect());
    }

    @Test
    void shouldRefuseASelfTradePreventionThatTheVenueLacks() throws IOException {
        edit("tenants/epsilon.yaml", "selfTradePrevention: cancel-newest", "selfTradePrevention: decrement");
        final List<Problem> problems = load().problems();
        assertEquals(1, problems.size(), problems::toString);
        assertEquals(ProblemCode.CONFIG_CONFLICT, problems.get(0).code());
    }
}
