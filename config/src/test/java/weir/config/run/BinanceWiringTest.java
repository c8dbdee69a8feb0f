package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.protocol.Venues;
import weir.protocol.sbe.SelfTradePrevention;
import weir.venue.binance.BinanceAccount;
import weir.venue.binance.BinanceAdapter;

/** What the adapter takes of the deployed Binance contract, and where its public feed is. */
class BinanceWiringTest {
    private final Map<String, String> environment = DemoSource.newSecrets();
    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        DemoDirectory.write(directory, directory, DemoDirectory.Ports.of(1, Set.of(Venues.KRAKEN_FUTURES)), 0);
        for (final String folder : List.of("venues", "instruments")) {
            Files.copy(Path.of(folder, "binance.yaml"), directory.resolve(folder).resolve("binance.yaml"));
        }
        final Path tenant = directory.resolve("tenants/gamma.yaml");
        final String text = Files.readString(tenant);
        assertTrue(text.contains("venue: kraken-futures"));
        Files.writeString(tenant, text.replace("venue: kraken-futures", "venue: binance")
            .replace("[BTC-USD, BTC-PERP, ETH-PERP]", "[BTC-USD, BTC-USDT, ETH-USDT]"));
    }

    private BinanceAdapter.Context context() {
        return BinanceWiring.context(ConfigLoader.load(new DirectorySource(directory), environment).orThrow(),
            new SecretResolver(environment, directory), null).orElseThrow();
    }

    @Test
    void shouldTakeAccountAddressesAndSelfTradeModeOfTheTenant() {
        final BinanceAccount account = context().accounts().get(0);
        assertEquals(4, account.accountId());
        assertEquals(environment.get("WEIR_DEMO_GAMMA_KRAKEN_SECRET"), account.secret());
        assertEquals(URI.create("http://127.0.0.1:16480"), account.restUri());
        assertEquals(URI.create("ws://127.0.0.1:16480/ws-api/v3"), account.socketUri());
        assertEquals(SelfTradePrevention.CANCEL_NEWEST, account.selfTrade());
        assertFalse(account.toString().contains(account.secret()));
    }

    @Test
    void shouldTakeLimitsAndTheirNumbersFromTheContract() throws IOException {
        assertEquals(List.of(6_000, 98, 600, 301, 50, 311, 160_000, 312, 61_000),
            List.of(context().weightLimit(), context().limitPercent(), context().cancelReserve(),
                context().weightLimitId(), context().orders10s(), context().orders10sLimitId(), context().orders1d(),
                context().orders1dLimitId(), context().rawLimit()));
        assertEquals(3_000, context().recvWindowMs());
        assertEquals(500, context().clockAlarmMs());
        final Path contract = directory.resolve("venues/binance.yaml");
        Files.writeString(contract, Files.readString(contract).replace("processBefore: 3s", "processBefore: 2s")
            .replace("silence: 45s", "silence: 50s"));
        assertEquals(2_000, context().recvWindowMs());
        assertEquals(3_500, context().settleMs());
        assertEquals(50_000, context().silenceMs());
    }

    @Test
    void shouldFindTheMarketStreamsBesideTheSocket() {
        final BinanceWiring wiring = new BinanceWiring();
        assertEquals(URI.create("wss://stream.binance.com:9443/ws"),
            wiring.publicFeed(URI.create("wss://ws-api.binance.com:443/ws-api/v3")));
        assertEquals(URI.create("wss://stream.testnet.binance.vision:9443/ws"),
            wiring.publicFeed(URI.create("wss://ws-api.testnet.binance.vision/ws-api/v3")));
        assertEquals(URI.create("ws://127.0.0.1:16480/ws"),
            wiring.publicFeed(URI.create("ws://127.0.0.1:16480/ws-api/v3")));
    }
}
