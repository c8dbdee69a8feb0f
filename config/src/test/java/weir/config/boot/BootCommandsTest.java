package weir.config.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.check.PlanCalendar;
import weir.config.load.ConfigTree;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.Plan;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;
import weir.protocol.Venues;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.QuotaMeter;
import weir.protocol.sbe.ReferencePriceDecoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.VenueAccountConfigDecoder;
import weir.protocol.sbe.VenueConfigDecoder;
import weir.protocol.sbe.VenueLimitConfigDecoder;
import weir.protocol.sbe.VenueMessageKind;

class BootCommandsTest {
    private static final long OBSERVED_NS = 1_800_000_000_000_000_000L;

    private final WeirConfig demo =
        ConfigLoader.load(new DemoSource(Set.of(Venues.KRAKEN_FUTURES)), Map.of()).orThrow();
    private final List<byte[]> frames = BootCommands.frames(demo, OBSERVED_NS);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    private static int template(final byte[] frame) {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(frame), 0).templateId();
    }

    private UnsafeBuffer frame(final int template, final int index) {
        final List<byte[]> same = frames.stream().filter(f -> template(f) == template).toList();
        return new UnsafeBuffer(same.get(index));
    }

    @Test
    void shouldSendEachKindBeforeThoseThatNameIt() {
        final List<Integer> kinds = new ArrayList<>();
        for (final byte[] frame : frames) {
            if (kinds.isEmpty() || kinds.get(kinds.size() - 1) != template(frame)) {
                kinds.add(template(frame));
            }
        }
        assertEquals(List.of(23, 26, 24, 25, 60, 27, 21, 22, 47, 46, 40, 28, 30), kinds);
        assertTrue(frames.stream().allMatch(f -> f.length <= 1376));
    }

    @Test
    void shouldEncodeVenue() {
        final VenueConfigDecoder venue =
            new VenueConfigDecoder().wrapAndApplyHeader(frame(VenueConfigDecoder.TEMPLATE_ID, 0), 0, header);
        assertEquals(Venues.COINBASE, venue.venueId());
        assertEquals("coinbase", venue.name());
        assertTrue(venue.capabilities().batchSameSymbol() && venue.capabilities().cancelsOnDisconnect());
        assertEquals(15, venue.batchMax());
        assertEquals(4096, venue.queueCapacity());
        assertEquals(2_000, venue.queueDeadlineMs());
        assertEquals(2_000, venue.visibilityDelayMs());
        assertEquals(30_000, venue.unknownTimeoutMs());
    }

    @Test
    void shouldEncodeOnlyLimitsThatTheEngineCharges() {
        final VenueLimitConfigDecoder limit = new VenueLimitConfigDecoder()
            .wrapAndApplyHeader(frame(VenueLimitConfigDecoder.TEMPLATE_ID, 0), 0, header);
        assertEquals("fix-requests", limit.name());
        assertEquals(LimitScope.KEY, limit.scope());
        assertEquals(LimitShape.SLIDING_WINDOW, limit.shape());
        assertEquals(100, limit.capacity());
        assertEquals(1_000_000_000L, limit.periodNs());
        assertEquals(0, limit.refillPerSecond());
        assertEquals(1_000, limit.marginBps());
        assertEquals(10, limit.cancelReserve());
        final VenueLimitConfigDecoder.CostsDecoder costs = limit.costs();
        assertEquals(7, costs.count());
        assertEquals(VenueMessageKind.NEW, costs.next().kind());
        assertEquals(1, costs.fixedCost());
        assertEquals(0, costs.itemCost());
        assertEquals(4, frames.stream().filter(f -> template(f) == VenueLimitConfigDecoder.TEMPLATE_ID).count());
    }

    @Test
    void shouldEncodeAccountWithItsTenant() {
        final VenueAccountConfigDecoder account = new VenueAccountConfigDecoder()
            .wrapAndApplyHeader(frame(VenueAccountConfigDecoder.TEMPLATE_ID, 1), 0, header);
        assertEquals(2, account.accountId());
        assertEquals(Venues.COINBASE, account.venueId());
        assertEquals(2, account.tenantId());
        assertEquals("beta-coinbase", account.name());
        assertEquals(SelfTradePrevention.DECREMENT, account.selfTradePrevention());
    }

    @Test
    void shouldEncodeSharedAccountWithoutTenant(@TempDir final Path directory) throws IOException {
        final ConfigTree tree = new ConfigTree(directory);
        tree.replace("tenants/alpha.yaml", "name: alpha-coinbase", "name: alpha-coinbase\n    shared: true");
        final byte[] frame = BootCommands.frames(tree.load(Map.of()).orThrow(), 0).stream()
            .filter(f -> template(f) == VenueAccountConfigDecoder.TEMPLATE_ID).findFirst().orElseThrow();
        assertEquals(0,
            new VenueAccountConfigDecoder().wrapAndApplyHeader(new UnsafeBuffer(frame), 0, header).tenantId());
    }

    @Test
    void shouldEncodeInstrument() {
        final InstrumentConfigDecoder instrument = new InstrumentConfigDecoder()
            .wrapAndApplyHeader(frame(InstrumentConfigDecoder.TEMPLATE_ID, 2), 0, header);
        assertEquals(3, instrument.instrumentId());
        assertEquals("SOL-USD", instrument.symbol());
        assertEquals("SOL-USD", instrument.venueSymbol());
        assertEquals(1_000_000L, instrument.tickSize());
        assertEquals(1L, instrument.lotSize());
        assertEquals(100_000_000L, instrument.minNotional());
        assertEquals(100_000_000L, instrument.multiplier());
        assertEquals("USD", instrument.quoteCurrency());
    }

    private static List<Integer> versionsAt(final WeirConfig config, final String time) {
        final Instant now = Instant.parse(time);
        return BootCommands.frames(config, now.getEpochSecond() * 1_000_000_000L).stream()
            .filter(f -> template(f) == PlanConfigDecoder.TEMPLATE_ID).map(f -> new PlanConfigDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(f), 0, new MessageHeaderDecoder()).version()).toList();
    }

    @Test
    void shouldLeaveOutPlanVersionsThatCanNotBeInForceAgain(@TempDir final Path directory) throws IOException {
        final ConfigTree tree = new ConfigTree(directory);
        for (int version = 2; version <= 12; version++) {
            final String end = version == 5 ? "validUntil: 2026-05-15T00:00:00Z\n" : "";
            Files.writeString(directory.resolve("plans/standard-" + version + ".yaml"),
                Files.readString(directory.resolve("plans/standard.yaml")).replace("version: 1", "version: " + version)
                    .replaceAll("effective: \\S+", String.format("effective: 2026-%02d-01T00:00:00Z", version)) + end);
        }
        final WeirConfig config = tree.load(Map.of()).orThrow();
        assertEquals(List.of(4, 5, 6, 7, 8, 9, 10, 11, 12), versionsAt(config, "2026-05-02T00:00:00Z"),
            "version 4 comes back when 5 ends");
        assertEquals(List.of(6, 7, 8, 9, 10, 11, 12), versionsAt(config, "2026-06-01T00:00:00Z"));
        assertEquals(List.of(12), versionsAt(config, "2027-01-01T00:00:00Z"));
        assertEquals("[plans standard: expected at most 8 versions of a plan that are or can be in force, found 9]",
            PlanCalendar.problems(config, 1_777_680_000_000_000_000L, "plans").stream()
                .map(p -> p.location() + " " + p.key() + ": expected " + p.expected() + ", found " + p.found()).toList()
                .toString());
        assertEquals(List.of(), PlanCalendar.problems(config, 1_780_272_000_000_000_000L, "plans"));
    }

    @Test
    void shouldFindMorePlansThanThereIsRoomFor() {
        final Plan one = demo.plans().get(0);
        final List<Plan> plans = IntStream.rangeClosed(1, 65).mapToObj(id -> new Plan(id, "plan-" + id, 1,
            one.effectiveNs(), one.currency(), 0, false, one.tiers(), 0, one.tierStart(), one.rate(), one.bursts()))
            .toList();
        assertEquals(List.of("65"), PlanCalendar.problems(new WeirConfig(demo.router(), demo.acceptor(),
            demo.billing(), demo.venues(), demo.instruments(), plans, demo.tenants()), OBSERVED_NS, "plans").stream()
            .map(Problem::found).toList());
    }

    @Test
    void shouldEncodePlanWithOpenLastTier() {
        final PlanConfigDecoder plan =
            new PlanConfigDecoder().wrapAndApplyHeader(frame(PlanConfigDecoder.TEMPLATE_ID, 0), 0, header);
        assertEquals(1, plan.planId());
        assertEquals(1, plan.version());
        assertEquals(1_767_225_600_000_000_000L, plan.effectiveNs());
        assertEquals("USD", plan.currency());
        assertEquals(4, plan.fillsReserved());
        assertEquals(BooleanType.FALSE, plan.fillPerOrder());
        final PlanConfigDecoder.PricesDecoder prices = plan.prices();
        assertEquals(8, prices.count());
        assertEquals(Meter.REQUEST, prices.next().meter());
        assertEquals(500, prices.upTo());
        assertEquals(100, prices.priceMicros());
        assertEquals(Plan.UNBOUNDED, prices.next().upTo());
        assertEquals(50, prices.priceMicros());
    }

    @Test
    void shouldEncodeTenantWithQuotasAndInstruments() {
        final TenantConfigDecoder tenant =
            new TenantConfigDecoder().wrapAndApplyHeader(frame(TenantConfigDecoder.TEMPLATE_ID, 1), 0, header);
        assertEquals(2, tenant.tenantId());
        assertEquals("beta", tenant.name());
        assertEquals(CreditMode.PREPAID, tenant.creditMode());
        assertEquals(1, tenant.planId());
        assertEquals(2, tenant.defaultAccountId());
        assertEquals(500, tenant.rateCapacity());
        assertEquals(200, tenant.ratePerSecond());
        assertEquals(1_000_000_000L, tenant.maxOrderQty());
        assertEquals(25_000_000_000_000L, tenant.maxNotional());
        assertEquals(200, tenant.maxOpenOrders());
        assertEquals(100_000_000L, tenant.budgetMicros());
        assertTrue(tenant.permissions().newOrder() && tenant.permissions().market());
        assertEquals(2_000, tenant.priceCollarBps());
        final TenantConfigDecoder.QuotasDecoder quotas = tenant.quotas();
        assertEquals(QuotaMeter.ORDERS, quotas.next().meter());
        assertEquals(PeriodKind.FIXED, quotas.kind());
        assertEquals(3_600_000_000_000L, quotas.periodNs());
        assertEquals(120, quotas.limit());
        assertFalse(quotas.hasNext());
        final TenantConfigDecoder.InstrumentsDecoder instruments = tenant.instruments();
        assertEquals(List.of(1, 2), List.of(instruments.next().instrumentId(), instruments.next().instrumentId()));
    }

    @Test
    void shouldEncodeSession() {
        final SessionConfigDecoder session =
            new SessionConfigDecoder().wrapAndApplyHeader(frame(SessionConfigDecoder.TEMPLATE_ID, 0), 0, header);
        assertEquals(101, session.sessionId());
        assertEquals(1, session.tenantId());
        assertEquals("ALPHA1", session.compId());
        assertEquals(CancelOnDisconnect.ON_DISCONNECT_OR_LOGOUT, session.cancelOnDisconnect());
        assertEquals(2_000, session.cancelGraceMs());
        assertEquals(0, session.rateCapacity());
        assertTrue(session.permissions().cancel());
    }

    @Test
    void shouldEncodeGrantAndReferencePrice() {
        final GrantDecoder grant =
            new GrantDecoder().wrapAndApplyHeader(frame(GrantDecoder.TEMPLATE_ID, 1), 0, header);
        assertEquals(2001, grant.grantId());
        assertEquals(2, grant.tenantId());
        assertEquals(GrantKind.TOP_UP, grant.kind());
        assertEquals(50_000_000L, grant.amountMicros());
        assertEquals("demo-opening-balance-beta", grant.reference());
        final ReferencePriceDecoder price = new ReferencePriceDecoder()
            .wrapAndApplyHeader(frame(ReferencePriceDecoder.TEMPLATE_ID, 0), 0, header);
        assertEquals(1, price.instrumentId());
        assertEquals(5_999_900_000_000L, price.bid());
        assertEquals(6_000_100_000_000L, price.ask());
        assertEquals(OBSERVED_NS, price.observedNs());
        assertEquals(3, BootCommands.referencePrices(demo, OBSERVED_NS).size());
    }
}
