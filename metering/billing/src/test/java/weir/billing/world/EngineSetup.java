package weir.billing.world;

import weir.engine.RouterCore;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.PlanTermsEncoder;
import weir.protocol.sbe.RouterStartedEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAccountConfigEncoder;
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.VenueLimitConfigEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;

/** Configures a core: one venue with a narrow limit, a prepaid tenant 1 and a postpaid tenant 2 with a session each. */
final class EngineSetup {
    private final EngineDriver driver;

    EngineSetup(final EngineDriver driver) {
        this.driver = driver;
    }

    void run(final boolean fillPerOrder) {
        final RouterStartedEncoder started = new RouterStartedEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        started.journalIdHigh(5).journalIdLow(6).startedNs(driver.nowNs).runNumber(1).softwareVersion("test");
        taken(started.encodedLength());
        final VenueConfigEncoder venue = new VenueConfigEncoder().wrapAndApplyHeader(driver.buffer, 0, driver.header);
        venue.venueId(1).name("coinbase").batchMax(15).queueCapacity(100).queueDeadlineMs(500).visibilityDelayMs(10)
            .unknownTimeoutMs(1_000);
        venue.capabilities().clear().replace(true).batchNew(true).statusQuery(true);
        taken(VenueConfigEncoder.BLOCK_LENGTH);
        plan(1, 0, fillPerOrder);
        new InstrumentConfigEncoder().wrapAndApplyHeader(driver.buffer, 0, driver.header).instrumentId(1).venueId(1)
            .symbol("BTC-USD").venueSymbol("BTC-USD").kind(InstrumentKind.SPOT).status(InstrumentStatus.TRADING)
            .tickSize(1_000_000).lotSize(1).minQty(1).minNotional(InstrumentConfigEncoder.minNotionalNullValue())
            .multiplier(EngineDriver.E8).priceMaxAgeMs(0).quoteCurrency("USD");
        taken(InstrumentConfigEncoder.BLOCK_LENGTH);
        for (int id = 1; id <= 2; id++) {
            tenant(id);
        }
        limit();
    }

    private void taken(final int bodyLength) {
        if (driver.feed(bodyLength) != RouterCore.TAKEN) {
            throw new AssertionError("the core refused its configuration");
        }
    }

    private void tenant(final int id) {
        tenantConfig(id, 7, id == 2 ? 90_000 : 0);
        account(id);
    }

    /** A tenant on a plan. */
    void tenantConfig(final int id, final int planId, final long budgetMicros) {
        final TenantConfigEncoder tenant = new TenantConfigEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        tenant.tenantId(id).name("tenant" + id).state(TradingState.ACTIVE)
            .creditMode(id == 1 ? CreditMode.PREPAID : CreditMode.POSTPAID).planId(planId).defaultAccountId(id)
            .rateCapacity(100_000).ratePerSecond(100_000).maxOrderQty(TenantConfigEncoder.maxOrderQtyNullValue())
            .maxNotional(TenantConfigEncoder.maxNotionalNullValue()).maxOpenOrders(0)
            .budgetMicros(budgetMicros).priceCollarBps(0);
        tenant.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        tenant.quotasCount(0);
        tenant.instrumentsCount(1).next().instrumentId(1);
        driver.feed(tenant.encodedLength());
    }

    private void account(final int id) {
        new VenueAccountConfigEncoder().wrapAndApplyHeader(driver.buffer, 0, driver.header).accountId(id).venueId(1)
            .tenantId(id).name("account" + id).selfTradePrevention(SelfTradePrevention.NONE);
        taken(VenueAccountConfigEncoder.BLOCK_LENGTH);
        final SessionConfigEncoder session = new SessionConfigEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        session.sessionId(id).tenantId(id).compId("DESK" + id).cancelOnDisconnect(CancelOnDisconnect.NONE)
            .cancelGraceMs(0).rateCapacity(100_000).ratePerSecond(100_000);
        session.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true)
            .market(true);
        taken(SessionConfigEncoder.BLOCK_LENGTH);
        venueState(id, VenueState.UP);
        final SessionConnectedEncoder connected = new SessionConnectedEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        connected.sessionId(id).msgSeqNum(1).receivedNs(driver.nowNs).tenantId(id).resetSeqNum(BooleanType.FALSE);
        connected.messageFlags().clear();
        taken(SessionConnectedEncoder.BLOCK_LENGTH);
    }

    void venueState(final int accountId, final VenueState state) {
        final VenueSessionStateEncoder e = new VenueSessionStateEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        e.accountId(accountId).venueId(1).receivedNs(driver.nowNs).state(state)
            .barredUntilNs(VenueSessionStateEncoder.barredUntilNsNullValue()).path(VenuePath.FIRST).text("");
        driver.feed(e.encodedLength());
    }

    void plan(final int version, final long effectiveNs, final boolean fillPerOrder) {
        final long[][] rows = version == 1
            ? new long[][]{{0, 50, 10}, {0, 0, 3}, {1, 20, 50}, {1, 0, 40}, {2, 3, 200}, {2, 0, 150}, {3, 100, 2},
                {3, 0, 1}}
            : new long[][]{{0, 0, 1 + version}, {1, 0, 30}, {2, 0, 100}};
        plan(7, version, effectiveNs, fillPerOrder, rows);
    }

    /** Rows of {meter, upTo (0 open), priceMicros}. */
    void plan(final int planId, final int version, final long effectiveNs, final boolean fillPerOrder,
        final long[][] rows) {
        final PlanConfigEncoder e = new PlanConfigEncoder().wrapAndApplyHeader(driver.buffer, 0, driver.header);
        e.planId(planId).version(version).effectiveNs(effectiveNs).currency("USD").fillsReserved(2)
            .fillPerOrder(fillPerOrder ? BooleanType.TRUE : BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = e.pricesCount(rows.length);
        for (final long[] row : rows) {
            prices.next().meter(Meter.get((short)row[0])).upTo(row[1]).priceMicros(row[2]);
        }
        driver.feed(e.encodedLength());
    }

    /** Terms of a version; its prices follow. */
    void terms(final int planId, final int version, final long validUntilNs, final TierStart tiers) {
        final PlanTermsEncoder e = new PlanTermsEncoder().wrapAndApplyHeader(driver.buffer, 0, driver.header);
        e.planId(planId).version(version)
            .validUntilNs(validUntilNs == 0 ? PlanTermsEncoder.validUntilNsNullValue() : validUntilNs).tiers(tiers)
            .rateCapacity(0).ratePerSecond(0);
        e.burstsCount(0);
        e.actor("test");
        driver.feed(e.encodedLength());
    }

    private void limit() {
        final VenueLimitConfigEncoder e = new VenueLimitConfigEncoder().wrapAndApplyHeader(driver.buffer, 0,
            driver.header);
        e.limitId(1).venueId(1).name("messages").scope(LimitScope.ACCOUNT).shape(LimitShape.TOKEN_BUCKET).capacity(20)
            .periodNs(1_000_000_000L).refillPerSecond(200).marginBps(0).cancelReserve(2);
        final VenueMessageKind[] kinds = {VenueMessageKind.NEW, VenueMessageKind.NEW_BATCH, VenueMessageKind.CANCEL,
            VenueMessageKind.REPLACE};
        final VenueLimitConfigEncoder.CostsEncoder costs = e.costsCount(kinds.length);
        for (final VenueMessageKind kind : kinds) {
            costs.next().kind(kind).fixedCost(1).itemCost(0);
        }
        taken(e.encodedLength());
    }
}
