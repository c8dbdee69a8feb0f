package weir.config.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.check.PlanCalendar;
import weir.config.model.Plan;
import weir.config.model.RouterSettings;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.protocol.Venues;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.PeriodKind;

class ConfigLoaderTest {
    @TempDir
    private Path directory;
    private ConfigTree tree;

    @BeforeEach
    void copy() throws IOException {
        tree = new ConfigTree(directory);
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
    void shouldLoadDeployableFiles() {
        final WeirConfig config = good();
        final Venue venue = config.venue("coinbase").orElseThrow();
        assertEquals(Venues.COINBASE, venue.id());
        assertEquals(15, venue.batchMax());
        final VenueLimit limit = venue.limitsAt(VenueLimit.Place.DISPATCH).get(0);
        assertEquals(List.of(LimitScope.KEY, LimitShape.SLIDING_WINDOW), List.of(limit.scope(), limit.shape()));
        assertEquals(90, limit.effectiveCapacity());
        assertEquals(80, limit.newOrderCapacity());
        assertEquals(180, venue.limitsAt(VenueLimit.Place.WIRE).get(0).effectiveCapacity());
        final Tenant beta = config.tenant("beta").orElseThrow();
        assertEquals(CreditMode.POSTPAID, beta.creditMode());
        assertEquals(ZoneId.of("Asia/Singapore"), beta.timeZone());
        assertEquals(500_000_000L, beta.budgetMicros());
        assertEquals(PeriodKind.DAY, beta.quotas().get(0).kind());
        assertTrue(config.instrument("BTC-USD").orElseThrow().load());
        assertEquals(10_000, config.instrument("BTC-USD").orElseThrow().priceMaxAgeMs());
    }

    /** But for memory and time that are taken at start: preTouch, sizes of tables, warm-up. */
    @Test
    void shouldMeanByDefaultWhatTheDeployableFileSays() throws IOException {
        final RouterSettings shipped = good().router();
        Files.writeString(directory.resolve("router.yaml"), "router:\n  dataDir: /var/lib/weir\n");
        final RouterSettings defaults = good().router();
        assertEquals(shipped.aeron().driverTimeoutMs(), defaults.aeron().driverTimeoutMs());
        assertEquals(shipped.aeron().channel(), defaults.aeron().channel());
        assertEquals(shipped.market(), defaults.market());
        assertEquals(shipped.clock(), defaults.clock());
        assertEquals(shipped.snapshot(), defaults.snapshot());
        assertEquals(shipped.threads(), defaults.threads());
        assertEquals(shipped.stageTimes(), defaults.stageTimes());
        assertEquals(shipped.warmUp().limitMs(), defaults.warmUp().limitMs());
    }

    @Test
    void shouldReadGraduatedPricesAsMicroUnits() {
        final List<Plan.Tier> tiers = good().plan("standard").orElseThrow().tiers();
        assertEquals(List.of(new Plan.Tier(Meter.REQUEST, 1_000_000, 100),
            new Plan.Tier(Meter.REQUEST, Plan.UNBOUNDED, 50)), tiers.subList(0, 2));
    }

    @Test
    void shouldLoadEmbeddedDemo() {
        final LoadResult result = ConfigLoader.load(new DemoSource(), DemoSource.newSecrets());
        assertTrue(result.problems().isEmpty(), () -> result.problems().toString());
        final WeirConfig config = result.orThrow();
        assertEquals(List.of("alpha", "beta", "gamma", "epsilon"),
            config.tenants().stream().map(Tenant::name).toList());
        assertEquals(List.of("ALPHA1", "ALPHA2", "BETA1", "GAMMA1", "EPSILON1", "EPSILON2"),
            config.tenants().stream().flatMap(t -> t.desks().stream()).map(d -> d.compId()).toList());
        assertTrue(config.instruments().stream().map(i -> i.symbol()).toList().containsAll(List.of("BTC-USD",
            "ETH-USD", "SOL-USD", "BTC-PERP", "ETH-PERP", "SOL-PERP", "BTC-INV", "BTC-USDT", "BTC_USDC-PERPETUAL",
            "BTC-PERP-INTX", "WETH-USDC")));
        assertEquals(Venues.COUNT - 1, config.venues().size(), "every venue");
    }

    @Test
    void shouldTellFiveDifferentErrorsAtOnceWithFileLineAndSuggestion() throws IOException {
        final int unknown = tree.replace("router.yaml", "  ringDir:", "  ringDirectory:");
        final int range = tree.replace("fix/acceptor.yaml", "port: 9880", "port: 98800");
        final int unit = tree.replace("venues/coinbase.yaml", "visibilityDelay: 2s", "visibilityDelay: 2000");
        final int reference = tree.replace("tenants/alpha.yaml", "plan: standard", "plan: standart");
        final int duplicate = tree.replace("tenants/beta.yaml", "compId: BETA1", "compId: ALPHA1");
        final List<Problem> problems = tree.load(Map.of()).problems();
        assertEquals(5, problems.size(), problems::toString);
        expect(problems, ProblemCode.CONFIG_UNKNOWN_KEY, "router.yaml", unknown, "did you mean 'ringDir'?");
        expect(problems, ProblemCode.CONFIG_RANGE, "fix/acceptor.yaml", range, "choose a value from 0 to 65535");
        expect(problems, ProblemCode.CONFIG_TYPE, "venues/coinbase.yaml", unit, "add the unit: 2000ms");
        expect(problems, ProblemCode.CONFIG_REFERENCE, "tenants/alpha.yaml", reference, "did you mean 'standard'?");
        expect(problems, ProblemCode.CONFIG_DUPLICATE, "tenants/beta.yaml", duplicate, "it is also at "
            + directory.resolve("tenants/alpha.yaml"));
    }

    private void expect(final List<Problem> problems, final ProblemCode code, final String file, final int line,
        final String suggestion) {
        assertTrue(problems.stream().anyMatch(p -> p.code() == code && p.location().line() == line
            && p.location().file().equals(directory.resolve(file).toString())
            && p.suggestion().startsWith(suggestion)), () -> code + " " + file + ':' + line + " in " + problems);
    }

    @Test
    void shouldReadOtherFilesWhenOneIsNoYaml() throws IOException {
        Files.writeString(directory.resolve("plans/standard.yaml"), "plan: [\n");
        tree.replace("tenants/alpha.yaml", "id: 1\n", "id: one\n");
        final List<ProblemCode> codes = tree.load(Map.of()).problems().stream().map(Problem::code).toList();
        assertTrue(codes.contains(ProblemCode.CONFIG_SYNTAX) && codes.contains(ProblemCode.CONFIG_TYPE),
            codes::toString);
    }

    @Test
    void shouldReportMissingFile() throws IOException {
        Files.delete(directory.resolve("billing.yaml"));
        assertEquals(ProblemCode.CONFIG_FILE, only().code());
    }

    @Test
    void shouldReportSessionIdOfAnotherTenant() throws IOException {
        tree.replace("tenants/beta.yaml", "session: 201", "session: 101");
        assertEquals("desks[0].session", only().key());
    }

    @Test
    void shouldReportGrantIdUsedTwice() throws IOException {
        tree.replace("tenants/alpha.yaml", "grants:\n", "grants:\n  - { id: 1001, amount: 1 }\n");
        assertEquals(ProblemCode.CONFIG_DUPLICATE, only().code());
    }

    @Test
    void shouldReportStripeCustomerOfAnotherTenant() throws IOException {
        tree.replace("tenants/alpha.yaml", "# stripeCustomer: cus_...", "stripeCustomer: cus_one");
        tree.replace("tenants/beta.yaml", "timeZone:", "stripeCustomer: cus_one\ntimeZone:");
        assertEquals(List.of(ProblemCode.CONFIG_DUPLICATE, "stripeCustomer"), List.of(only().code(), only().key()));
    }

    /** UDS is nobody's; XAU is gold, which has no minor unit to bill in. */
    @Test
    void shouldReportCurrencyThatIsNoneOfIso4217() throws IOException {
        tree.replace("plans/standard.yaml", "currency: USD", "currency: UDS");
        assertEquals(List.of(ProblemCode.CONFIG_TYPE, "currency"), List.of(only().code(), only().key()));
        tree.replace("plans/standard.yaml", "currency: UDS", "currency: XAU");
        assertEquals(List.of(ProblemCode.CONFIG_TYPE, "currency"), List.of(only().code(), only().key()));
        tree.replace("plans/standard.yaml", "currency: XAU", "currency: JPY");
        good();
    }

    @Test
    void shouldReportPlanWithoutAnyPrice() throws IOException {
        final String text = Files.readString(directory.resolve("plans/standard.yaml"));
        Files.writeString(directory.resolve("plans/standard.yaml"), text.substring(0, text.indexOf("prices:"))
            + "prices: {}\n");
        assertEquals(List.of(ProblemCode.CONFIG_MISSING, "prices"), List.of(only().code(), only().key()));
    }

    @Test
    void shouldReportUnknownInstrumentVenueEnvironmentAndAccount() throws IOException {
        tree.replace("tenants/alpha.yaml", "SOL-USD]", "SOL-USDT]");
        tree.replace("tenants/alpha.yaml", "environment: production", "environment: prod");
        tree.replace("tenants/beta.yaml", "id: 2\n", "id: 2\ndefaultAccount: alpha-coinbase\n");
        tree.replace("instruments/coinbase.yaml", "venue: coinbase", "venue: coinbse");
        final List<String> keys = tree.load(Map.of()).problems().stream()
            .filter(p -> p.code() == ProblemCode.CONFIG_REFERENCE).map(Problem::key).sorted().toList();
        assertEquals(List.of("accounts[0].environment", "defaultAccount", "instruments[2]", "venue"), keys);
    }

    @Test
    void shouldLetATenantNameTheSharedAccountOfAnother() throws IOException {
        tree.replace("tenants/alpha.yaml", "name: alpha-coinbase", "name: alpha-coinbase\n    shared: true");
        tree.replace("tenants/beta.yaml", "id: 2\n", "id: 2\ndefaultAccount: alpha-coinbase\n");
        assertTrue(good().account("alpha-coinbase").orElseThrow().shared());
    }

    @Test
    void shouldReportCancelReserveThatLeavesNothingForNewOrders() throws IOException {
        tree.replace("venues/coinbase.yaml", "cancelReserve: 10", "cancelReserve: 90");
        assertEquals("new orders would never pass", only().suggestion());
    }

    @Test
    void shouldReportPeriodWhereTheShapeHasNone() throws IOException {
        tree.replace("venues/coinbase.yaml", "shape: concurrent", "shape: concurrent\n    period: 1s");
        assertEquals(ProblemCode.CONFIG_CONFLICT, only().code());
    }

    @Test
    void shouldReportLimitWithoutSource() throws IOException {
        tree.replace("venues/coinbase.yaml",
            "    source: exchange/fix-api/rate-limits (disconnected above 200 messages/s)", "");
        assertEquals(ProblemCode.CONFIG_MISSING, only().code());
    }

    @Test
    void shouldReportCostThatIsNotLinear() throws IOException {
        tree.replace("venues/coinbase.yaml", "new-batch: 1", "new-batch: n*n");
        assertEquals("limits[0].costs.new-batch", only().key());
    }

    @Test
    void shouldReportTiersThatDoNotAscend() throws IOException {
        tree.replace("plans/standard.yaml", "upTo: 1000000, price: 0.001", "upTo: 100000, price: 0.001");
        assertEquals("prices.order-sent[1].upTo", only().key());
    }

    @Test
    void shouldReportPriceBelowOneMicroUnit() throws IOException {
        tree.replace("plans/standard.yaml", "price: 0.000002", "price: 0.0000002");
        assertEquals(ProblemCode.CONFIG_RANGE, only().code());
    }

    @Test
    void shouldReportEverythingThatIsWrongWithThePlansTermsAtOnce() throws IOException {
        tree.replace("plans/standard.yaml", "tiers: restart", "tiers: again\nvalidUntil: 2025-01-01T00:00:00Z\n"
            + "included: { order-sent: 100000, compute: 5 }\nrate: { burst: 0, refill: 1/s }\n");
        assertEquals(List.of("tiers", "validUntil", "included.compute", "rate.burst", "prices.order-sent[0].upTo"),
            tree.load(Map.of()).problems().stream().map(Problem::key).toList());
    }

    @Test
    void shouldReadIncludedUnitsAsAFirstTierAtNoPrice() throws IOException {
        tree.replace("plans/standard.yaml", "tiers: restart", "included: { compute-ms: 500 }");
        final List<Plan.Tier> tiers = good().plan("standard").orElseThrow().tiers().stream()
            .filter(tier -> tier.meter() == Meter.COMPUTE_MS).toList();
        assertEquals(List.of(new Plan.Tier(Meter.COMPUTE_MS, 500, 0),
            new Plan.Tier(Meter.COMPUTE_MS, Plan.UNBOUNDED, 2)), tiers);
    }

    @Test
    void shouldReportDeskWithoutAWayToProveItsLogon() throws IOException {
        tree.replace("tenants/beta.yaml", "      password: env:BETA1_PASSWORD", "      {}");
        assertEquals("desks[0].logon", only().key());
    }

    @Test
    void shouldReportTableSmallerThanWhatIsConfigured() throws IOException {
        tree.replace("router.yaml", "maxSessions: 1024", "maxSessions: 2");
        assertEquals("engine.maxSessions", only().key());
    }

    @Test
    void shouldReportRingCapacityThatIsNoPowerOfTwo() throws IOException {
        tree.replace("router.yaml", "ringCapacity: 64MiB", "ringCapacity: 65MiB");
        assertEquals("64MiB or 128MiB", only().suggestion());
    }

    @Test
    void shouldReadGroupSyncAndArchiveOfTheJournal() throws IOException {
        final RouterSettings.Journal off = good().router().journal();
        assertEquals(0, off.syncIntervalMs());
        assertTrue(off.archive().isEmpty());
        tree.replace("router.yaml", "syncInterval: 0ms", "syncInterval: 5ms");
        tree.replace("router.yaml", "# archiveDir: /var/lib/weir-archive", "  archiveDir: old\n#");
        tree.replace("router.yaml", "# retention: 7d", "  retention: 12h\n#");
        tree.replace("router.yaml", "# archiveAfter: [billing]", "  archiveAfter: [billing, audit]\n#");
        final RouterSettings.Journal on = good().router().journal();
        assertEquals(5, on.syncIntervalMs());
        assertEquals(new RouterSettings.Archive(Path.of("old"), 43_200_000L, 100L << 20, List.of("billing", "audit")),
            on.archive().orElseThrow());
    }

    @Test
    void shouldReportRetentionWithoutAnArchive() throws IOException {
        tree.replace("router.yaml", "# retention: 7d", "  retention: 12h\n#");
        assertEquals("journal.archiveDir", only().key());
    }

    @Test
    void shouldReportTlsWithoutKey() throws IOException {
        tree.replace("fix/acceptor.yaml", "enabled: false", "enabled: true");
        final List<String> keys = tree.load(Map.of()).problems().stream().map(Problem::key).sorted().toList();
        assertEquals(List.of("tls.keyStore", "tls.keyStorePassword"), keys);
    }

    @Test
    void shouldTakeSettingsFromEnvironment() {
        final WeirConfig config =
            tree.load(Map.of("WEIR_ACCEPTOR_PORT", "0", "WEIR_ROUTER_DATA_DIR", "/tmp/x")).orThrow();
        assertEquals(0, config.acceptor().port());
        assertEquals(Path.of("/tmp/x/journal"), config.router().resolve(config.router().journal().dir()));
    }

    @Test
    void shouldRefuseAndHideAPasswordInTheDatabasesUrl() {
        final LoadResult loaded = tree.load(Map.of("WEIR_BILLING_DATABASE",
            "jdbc:postgresql://localhost/weir?user=weir&password=hunter2"));
        assertEquals(List.of(ProblemCode.CONFIG_SECRET), loaded.problems().stream().map(Problem::code).toList());
        assertFalse(loaded.settings().toString().contains("hunter2"));
        assertFalse(loaded.problems().toString().contains("hunter2"));
    }

    @Test
    void shouldReadTheShapeAndProcessorsOfThreads() {
        final WeirConfig config = tree.load(Map.of("WEIR_THREADS_SHAPE", "one-thread", "WEIR_THREADS_ENGINE_CPU", "2",
            "WEIR_THREADS_JOURNAL_CPU", "3", "WEIR_THREADS_BACKGROUND", "normal", "WEIR_WARM_UP_ORDERS", "0",
            "WEIR_WARM_UP_LIMIT", "3s")).orThrow();
        assertEquals(new RouterSettings.Threads(RouterSettings.Shape.ONE_THREAD, 2, -1, -1, -1, 3,
            RouterSettings.Background.NORMAL), config.router().threads());
        assertEquals(new RouterSettings.WarmUp(0, 3_000), config.router().warmUp());
        final RouterSettings.Threads usual = tree.load(Map.of()).orThrow().router().threads();
        assertEquals(RouterSettings.Shape.PER_AGENT, usual.shape());
        assertEquals(RouterSettings.Background.IDLE, usual.background());
    }

    @Test
    void shouldRefuseAProcessorForAThreadThatOneThreadHasNot() {
        final List<Problem> problems = tree.load(Map.of("WEIR_THREADS_SHAPE", "one-thread",
            "WEIR_THREADS_GATEWAY_CPU", "4")).problems();
        assertEquals(List.of("threads.gatewayCpu"), problems.stream().map(Problem::key).toList());
        assertEquals(List.of("threads.shape"), tree.load(Map.of("WEIR_THREADS_SHAPE", "one")).problems().stream()
            .map(Problem::key).toList());
    }

    @Test
    void shouldThrowEveryProblemWhenAProcessNeedsTheConfiguration() throws IOException {
        tree.replace("router.yaml", "idle: backoff", "idle: backof");
        final ConfigException ex = assertThrows(ConfigException.class, () -> tree.load(Map.of()).orThrow());
        assertTrue(ex.getMessage().contains("did you mean 'backoff'?"), ex.getMessage());
    }

    @Test
    void shouldReadOneSigningSecretOrTwoOfStripesWebhooks() throws IOException {
        assertEquals(List.of(), good().billing().stripe().orElseThrow().side().webhookSecrets());
        final String commented = "  # secrets: [env:STRIPE_WEBHOOK_SECRET]";
        tree.replace("billing.yaml", "enabled: false\n  port: 8087", "enabled: true\n  port: 8087");
        assertEquals(ProblemCode.CONFIG_MISSING, only().code());
        tree.replace("billing.yaml", commented, "  secrets: []");
        assertEquals(ProblemCode.CONFIG_MISSING, only().code());
        tree.replace("billing.yaml", "enabled: true\n  port: 8087", "enabled: false\n  port: 8087");
        assertEquals(List.of(), good().billing().stripe().orElseThrow().side().webhookSecrets());
        tree.replace("billing.yaml", "enabled: false\n  port: 8087", "enabled: true\n  port: 8087");
        tree.replace("billing.yaml", "  secrets: []", "  secrets: [\"env:STRIPE_NEW\", \"file:stripe.old\"]");
        final WeirConfig config = good();
        final List<SecretRef> secrets = config.billing().stripe().orElseThrow().side().webhookSecrets();
        assertEquals(List.of("env:STRIPE_NEW", "file:stripe.old"), secrets.stream().map(SecretRef::toString).toList());
        assertTrue(SecretRefs.all(config).containsAll(secrets));
        tree.replace("billing.yaml", "enabled: true\n  port: 8087", "enabled: false\n  port: 8087");
        assertEquals(List.of(), good().billing().stripe().orElseThrow().side().webhookSecrets(), "off: not resolved");
    }

    @Test
    void shouldWarnThatTiersWhichContinueAreOthersAtStripe() throws IOException {
        final String second = Files.readString(directory.resolve("plans/standard.yaml"))
            .replace("version: 1\n", "version: 2\n").replace("effective: 2026-01-01", "effective: 2026-02-10")
            .replace("tiers: restart ", "tiers: continue ");
        Files.writeString(directory.resolve("plans/standard-2.yaml"), second);
        assertEquals(List.of("PLAN_TIERS_AT_STRIPE"), warnings());
        tree.replace("billing.yaml", "  # secrets: [env:STRIPE_WEBHOOK_SECRET]", "  secrets: [\"env:STRIPE_NEW\"]");
        tree.replace("billing.yaml", "enabled: false\n  port: 8087", "enabled: true\n  port: 8087");
        assertEquals(List.of(), warnings(), "the draft's webhook lets billing put the difference on the invoice");
        tree.replace("billing.yaml", "enabled: true\n  port: 8087", "enabled: false\n  port: 8087");
        Files.writeString(directory.resolve("plans/standard-2.yaml"), second.replace("tiers: continue ",
            "tiers: restart "));
        assertEquals(List.of(), warnings());
        Files.writeString(directory.resolve("plans/standard-2.yaml"), second);
        tree.replace("billing.yaml", "subscriptions: true", "subscriptions: false");
        assertEquals(List.of(), warnings());
    }

    /** New York has a summer time, Singapore has none. */
    @Test
    void shouldWarnOfAZoneWhoseMonthsStripeDoesNotHave() throws IOException {
        assertEquals(List.of(), allWarnings());
        tree.replace("tenants/beta.yaml", "Asia/Singapore", "America/New_York");
        assertEquals(List.of("ZONE_AT_STRIPE"), allWarnings());
        tree.replace("billing.yaml", "subscriptions: true", "subscriptions: false");
        assertEquals(List.of(), allWarnings());
    }

    private List<String> warnings() {
        return allWarnings().stream().filter(code -> code.startsWith("PLAN_")).toList();
    }

    private List<String> allWarnings() {
        return PlanCalendar.warnings(good(), 1_800_000_000_000_000_000L).stream().map(PlanCalendar.Warning::code)
            .toList();
    }
}
