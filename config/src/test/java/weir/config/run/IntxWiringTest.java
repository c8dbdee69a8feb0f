package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.protocol.Venues;
import weir.venue.intx.FixAddress;
import weir.venue.intx.FixTerms;
import weir.venue.intx.IntxAccount;
import weir.venue.intx.IntxAdapter;

/** What of the deployed contract with Coinbase International Exchange its adapter takes. */
class IntxWiringTest {
    private static final String ACCOUNT = """
        accounts:
          - id: 9
            name: gamma-intx
            venue: intx
            environment: simulator
            selfTradePrevention: cancel-newest
            apiKey: env:WEIR_DEMO_ALPHA_VENUE_KEY
            apiSecret: env:WEIR_DEMO_ALPHA_VENUE_SECRET
            passphrase: env:WEIR_DEMO_ALPHA_VENUE_PASSPHRASE
        """;
    private final Map<String, String> environment = DemoSource.newSecrets();
    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        DemoDirectory.write(directory, directory, DemoDirectory.Ports.of(1, Set.of(Venues.KRAKEN_FUTURES)), 0);
        for (final String name : List.of("venues/coinbase-intx.yaml", "instruments/coinbase-intx.yaml")) {
            Files.copy(Path.of(name), directory.resolve(name));
        }
        final Path tenant = directory.resolve("tenants/gamma.yaml");
        Files.writeString(tenant, Files.readString(tenant).replace("accounts:\n", ACCOUNT));
    }

    private LoadResult load() {
        return ConfigLoader.load(new DirectorySource(directory), environment);
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() throws IOException {
        final LoadResult result = load();
        assertTrue(result.problems().isEmpty(), () -> result.problems().toString());
        final IntxAdapter.Context context = IntxWiring.context(result.orThrow(),
            new SecretResolver(environment, directory), null).orElseThrow();
        assertEquals(36, context.requestsPerSecond(), "40 less the margin of 10 %");
        assertEquals(1_000, context.windowMs());
        assertEquals(6, context.cancelReserve());
        assertEquals(12, context.inFlightMax());
        assertEquals(250, context.fillsEveryMs());
        assertEquals(2_000, context.clockAlarmMs());
        assertEquals(1_500, context.connectTimeoutMs());
        assertEquals(1, context.accounts().size());
        final IntxAccount account = context.accounts().get(0);
        assertEquals(9, account.accountId());
        assertEquals(environment.get("WEIR_DEMO_ALPHA_VENUE_PASSPHRASE"), account.passphrase());
        assertEquals("", account.portfolio(), "the key's own");
        assertEquals(URI.create("http://127.0.0.1:16680/api/v1"), account.restUri());
        assertEquals(new FixAddress("127.0.0.1", 16610, false), account.fix());
        assertEquals(new FixTerms("CBINTLOE", 30, 'Y', 'Q', 640, 720, 900, 915, 396, 1_000, 30_000, null),
            context.fixTerms(), "800 less the margin of 10 % and 80 for cancels; 1000 less 10 %");
    }

    @ParameterizedTest
    @ValueSource(strings = {"    fix: 127.0.0.1:16610\n", "      second-new: 1\n"})
    void shouldHaveNoSecondPathWhereItIsNotConfigured(final String without) throws IOException {
        final Path file = directory.resolve("venues/coinbase-intx.yaml");
        final String text = Files.readString(file);
        assertTrue(text.contains(without));
        Files.writeString(file, text.replace(without, ""));
        final LoadResult result = load();
        assertTrue(result.problems().isEmpty(), () -> result.problems().toString());
        assertNull(IntxWiring.context(result.orThrow(), new SecretResolver(environment, directory), null).orElseThrow()
            .accounts().get(0).fix());
    }

    @Test
    void shouldHaveNoAdapterWhereNobodyHasAnAccount() throws IOException {
        DemoDirectory.write(directory, directory, DemoDirectory.Ports.of(1, Set.of(Venues.KRAKEN_FUTURES)), 0);
        assertFalse(IntxWiring.context(load().orThrow(), new SecretResolver(environment, directory), null).isPresent());
    }

    @Test
    void shouldBePartOfRouterAndSimulators() {
        assertTrue(VenueWiring.ALL.stream().anyMatch(wiring -> wiring.venueId() == Venues.INTX));
        assertTrue(SimulatedVenue.ALL.stream().anyMatch(venue -> venue.venueId() == Venues.INTX));
    }
}
