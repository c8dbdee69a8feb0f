package weir.config.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.model.Teaching;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;

/** The contract language beyond what Coinbase needs, on the deployable contracts. */
class ContractLanguageTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;
    private ConfigTree tree;

    @BeforeEach
    void copy() throws IOException {
        tree = new ConfigTree(directory);
        for (final String name : List.of("binance", "deribit", "coinbase-intx", "cow", "kraken-futures")) {
            final String file = "venues/" + name + ".yaml";
            Files.copy(Path.of(file), directory.resolve(file));
        }
    }

    private VenueLimit limit(final String venue, final int id) {
        return good().venue(venue).orElseThrow().limits().stream().filter(l -> l.id() == id).findFirst().orElseThrow();
    }

    private WeirConfig good() {
        final LoadResult result = tree.load(Map.of());
        assertTrue(result.problems().isEmpty(), () -> result.problems().toString());
        return result.orThrow();
    }

    private Problem only() {
        final List<Problem> problems = tree.load(Map.of()).problems();
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    @Test
    void shouldReadAlignedWindowsTiersVolumeAndMethods() {
        assertEquals(500_000_000L, limit("binance", 301).skewNs());
        final VenueLimit engine = limit("deribit", 401);
        assertEquals(List.of("tier-4", 20L, 5L), List.of(engine.tier(), engine.capacity(), engine.refillPerSecond()));
        assertEquals(4, engine.tiers().size());
        final VenueLimit volume = limit("deribit", 403);
        assertEquals(List.of(10_000L, 28_800 * SECOND), List.of(volume.refillPerSecond(), volume.offsetNs()));
        assertEquals(10_000, limit("deribit", 413).methods().get("public/get_instruments").fixedCost());
        final VenueLimit history = limit("kraken-futures", 521);
        assertEquals(List.of(100L, 600 * SECOND), List.of(history.refillPerSecond(), history.periodNs()));
    }

    @Test
    void shouldReadWhatAnswersTeach() {
        final List<Teaching> lessons = good().venue("binance").orElseThrow().teachings();
        assertEquals(new Teaching(Teaching.Source.HEADER, "X-MBX-USED-WEIGHT-1M", List.of(), List.of(),
            Teaching.Sets.USED, Teaching.Unit.COUNT, java.util.OptionalInt.of(301),
            weir.protocol.sbe.LimitScope.ACCOUNT), lessons.get(0));
        assertEquals(List.of(429, 418), lessons.get(3).statuses());
        assertEquals(Teaching.Unit.EPOCH_MS, lessons.get(4).unit());
    }

    @Test
    void shouldReportLessonOfALimitThatTheVenueHasNot() throws IOException {
        tree.replace("venues/binance.yaml", "limit: 301", "limit: 401");
        assertEquals(List.of(ProblemCode.CONFIG_REFERENCE, "teaches[0].limit"), List.of(only().code(), only().key()));
    }

    @Test
    void shouldReportATransportThatTheVenuesSecondPathHasNot() throws IOException {
        tree.replace("venues/coinbase-intx.yaml", "  heartbeat: 30s ", "  transport: quickfixj\n  heartbeat: 30s ");
        assertEquals(List.of(ProblemCode.CONFIG_CONFLICT, "link.transport"), List.of(only().code(), only().key()));
    }

    private void bursts(final String first, final String second) throws IOException {
        tree.replace("tenants/alpha.yaml", "quotas:\n", "bursts:\n  - { " + first + ", burst: 9, refill: 9/s }\n  - { "
            + second + ", burst: 8, refill: 8/s }\nquotas:\n");
    }

    @Test
    void shouldRefuseBurstWindowsThatOverlapAndTakeThoseThatTouch() throws IOException {
        bursts("from: '08:00', until: '09:00'", "from: '09:00', until: '08:00'");
        good();
        tree.replace("tenants/alpha.yaml", "until: '08:00'", "until: '08:01'");
        assertEquals(ProblemCode.CONFIG_CONFLICT, only().code(), "a minute of the next day");
        tree.replace("tenants/alpha.yaml", "from: '09:00', until: '08:01'",
            "days: [sunday], from: '23:00', until: '01:00'");
        tree.replace("tenants/alpha.yaml", "from: '08:00', until: '09:00'",
            "days: [monday], from: '00:59', until: '02:00'");
        assertEquals(ProblemCode.CONFIG_CONFLICT, only().code(), "Sunday night reaches into Monday");
        tree.replace("tenants/alpha.yaml", "from: '00:59'", "from: '01:00'");
        good();
    }

    @Test
    void shouldReportReachOfHalfAWindow() throws IOException {
        tree.replace("venues/binance.yaml", "skew: 250ms", "skew: 5s");
        assertEquals(ProblemCode.CONFIG_RANGE, only().code());
    }

    @Test
    void shouldReportTierThatIsNone() throws IOException {
        tree.replace("venues/deribit.yaml", "tier: tier-4", "tier: tier-5");
        assertTrue(tree.load(Map.of()).problems().stream().anyMatch(p -> p.code() == ProblemCode.CONFIG_REFERENCE
            && p.key().endsWith("tier")));
    }

    @Test
    void shouldReportMethodsThatTheEngineDoesNotSee() throws IOException {
        tree.replace("venues/coinbase.yaml", "at: wire\n    scope: key\n    shape: sliding-window",
            "at: dispatch\n    scope: key\n    shape: sliding-window");
        assertEquals(ProblemCode.CONFIG_CONFLICT, only().code());
    }
}
