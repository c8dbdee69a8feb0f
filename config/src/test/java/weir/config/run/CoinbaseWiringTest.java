package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.load.DirectorySource;
import weir.venue.Lesson;
import weir.venue.coinbase.CoinbaseAdapter;

/** What the contract in the venue's file says is what the adapter keeps to. */
class CoinbaseWiringTest {
    private static final String FILE = "venues/coinbase.yaml";
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    private Path directory;
    private final Map<String, String> environment = new TreeMap<>(DemoSource.newSecrets());

    @BeforeEach
    void write() throws IOException {
        DemoDirectory.write(directory, directory.resolve("data"), DemoDirectory.Ports.coinbase(1, 1, 1), 0);
    }

    private CoinbaseAdapter.Context context() {
        final var config = ConfigLoader.load(new DirectorySource(directory), environment).orThrow();
        return CoinbaseWiring.context(config, new SecretResolver(environment, directory), null).orElseThrow();
    }

    private void edit(final String before, final String after) throws IOException {
        final Path path = directory.resolve(FILE);
        final String text = Files.readString(path);
        assertTrue(text.contains(before), FILE + " has no '" + before + '\'');
        Files.writeString(path, text.replace(before, after));
    }

    @Test
    void shouldHandTheDeployedContractToTheAdapter() {
        final CoinbaseAdapter.Context context = context();
        assertEquals(80, context.newsPerSecond());
        assertEquals(90, context.messagesPerSecond());
        assertEquals(SECOND_NS, context.pacePeriodNs());
        assertEquals(180, context.guardHold());
        assertEquals(SECOND_NS, context.guardPeriodNs());
        assertEquals(50, context.venueQueueMax());
        assertEquals(45, context.inFlightMax(), "nine tenths");
        assertEquals(new CoinbaseAdapter.Context().lessons(), context.lessons(), "its defaults are the contract's");
    }

    @Test
    void shouldTeachWhatTheContractSaysAndNothingElse() throws IOException {
        edit("teaches:\n  - words: [rate limit]\n    sets: bar\n    scope: account",
            "teaches:\n  - header: X-Left\n    sets: remaining\n    limit: 121");
        final Lesson lesson = context().lessons().get(0);
        assertEquals(Lesson.Sets.REMAINING, lesson.sets());
        assertEquals("121 30 15", lesson.limitId() + " " + lesson.capacity() + ' ' + lesson.refill());
    }

    @Test
    void shouldHaveASecondPathOnlyWithABudgetOfItsOwn() throws IOException {
        final CoinbaseAdapter.Context two = context();
        assertTrue(two.accounts().stream().allMatch(a -> a.wsUri() != null), two.accounts().toString());
        assertTrue(two.products().contains("BTC-USD"), two.products().toString());
        edit("      second-new: 1\n", "");
        assertTrue(context().accounts().stream().allMatch(a -> a.wsUri() == null));
    }

    @Test
    void shouldCountInThePeriodsOfTheContract() throws IOException {
        edit("capacity: 100\n    period: 1s", "capacity: 100\n    period: 10ms");
        edit("capacity: 200\n    period: 1s", "capacity: 200\n    period: 2s");
        edit("queueMax: 50", "queueMax: 200");
        final CoinbaseAdapter.Context context = context();
        assertEquals(10_000_000L, context.pacePeriodNs());
        assertEquals(2 * SECOND_NS, context.guardPeriodNs());
        assertEquals(180, context.inFlightMax());
    }

    @Test
    void shouldKeepABucketsCapacityInAnySecond() throws IOException {
        edit("shape: sliding-window\n    capacity: 100\n    period: 1s",
            "shape: token-bucket\n    capacity: 100\n    refill: 100/s");
        assertEquals(SECOND_NS, context().pacePeriodNs());
    }
}
