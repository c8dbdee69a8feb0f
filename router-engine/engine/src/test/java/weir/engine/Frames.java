package weir.engine;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import weir.engine.registry.ConfigFrames;
import weir.protocol.Scale;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.AdminRequestEncoder;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BudgetConfigEncoder;
import weir.protocol.sbe.BurstWindowEncoder;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CancelOrderEncoder;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.GuardConfigEncoder;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillSwitchEncoder;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassActionEncoder;
import weir.protocol.sbe.MassActionType;
import weir.protocol.sbe.MassCancelEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OperatorHeartbeatEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestEncoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.PermissionsEncoder;
import weir.protocol.sbe.PlanApplyEncoder;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.PlanTermsEncoder;
import weir.protocol.sbe.QuotaChangeEncoder;
import weir.protocol.sbe.QuotaMeter;
import weir.protocol.sbe.RateConfigEncoder;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.ReferencePriceEncoder;
import weir.protocol.sbe.ReplaceOrderEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.RiskLimit;
import weir.protocol.sbe.RouterStartedEncoder;
import weir.protocol.sbe.ScheduleStartEncoder;
import weir.protocol.sbe.ScheduleStopCause;
import weir.protocol.sbe.ScheduleStopEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.SessionConnectedEncoder;
import weir.protocol.sbe.SessionDisconnectedEncoder;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.StrategyUnlockEncoder;
import weir.protocol.sbe.SystemCondition;
import weir.protocol.sbe.SystemStatusEncoder;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.TradingSwitchEncoder;
import weir.protocol.sbe.VenueAccountConfigEncoder;
import weir.protocol.sbe.VenueAccountScopesEncoder;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueBarEncoder;
import weir.protocol.sbe.VenueCancelRejectEncoder;
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueLimitConfigEncoder;
import weir.protocol.sbe.VenueLimitReadingEncoder;
import weir.protocol.sbe.VenueLimitTermsEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueMessageRejectEncoder;
import weir.protocol.sbe.VenueNotSentEncoder;
import weir.protocol.sbe.VenueOrderStateEncoder;
import weir.protocol.sbe.VenuePath;
import weir.protocol.sbe.VenueSentEncoder;
import weir.protocol.sbe.VenueSessionStateEncoder;
import weir.protocol.sbe.VenueState;
import weir.protocol.sbe.VenueTierReadingEncoder;

/** Encodes commands and events for tests. Each method answers the length of the frame in {@link #buffer}. */
final class Frames {
    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final NewOrderEncoder newOrder = new NewOrderEncoder();
    private final ReplaceOrderEncoder replaceOrder = new ReplaceOrderEncoder();
    private final CancelOrderEncoder cancelOrder = new CancelOrderEncoder();
    private final OrderStatusRequestEncoder status = new OrderStatusRequestEncoder();
    /** By order id, the number of the question that {@link #orderState} answers: the latest one; else the first. */
    final Long2LongHashMap attempts = new Long2LongHashMap(0);
    private final MassCancelEncoder massCancel = new MassCancelEncoder();
    private final SessionConnectedEncoder connected = new SessionConnectedEncoder();
    private final SessionDisconnectedEncoder disconnected = new SessionDisconnectedEncoder();
    private final VenueExecutionEncoder execution = new VenueExecutionEncoder();
    private final VenueSentEncoder sent = new VenueSentEncoder();
    private final VenueCancelRejectEncoder cancelReject = new VenueCancelRejectEncoder();
    private final VenueOrderStateEncoder orderState = new VenueOrderStateEncoder();
    private final VenueSessionStateEncoder sessionState = new VenueSessionStateEncoder();
    private final PeriodRollEncoder periodRoll = new PeriodRollEncoder();
    private final VenueNotSentEncoder notSent = new VenueNotSentEncoder();
    private final SessionConfigEncoder sessionConfig = new SessionConfigEncoder();
    private final InstrumentConfigEncoder instrument = new InstrumentConfigEncoder();
    private final TenantConfigEncoder tenant = new TenantConfigEncoder();
    private final RiskConfigEncoder risk = new RiskConfigEncoder();

    private static int full(final int encodedLength) {
        return MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
    }

    int started(final long high, final long low) {
        final RouterStartedEncoder e = new RouterStartedEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).journalIdHigh(high).journalIdLow(low).startedNs(1).runNumber(1)
            .softwareVersion("test");
        return full(e.encodedLength());
    }

    int venue(final int id, final int batchMax, final int queueCapacity, final int deadlineMs, final boolean batch,
        final boolean replace) {
        final VenueConfigEncoder e = new VenueConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).venueId(id).name("venue");
        e.capabilities().clear().replace(replace).batchNew(batch).statusQuery(true);
        e.batchMax(batchMax).queueCapacity(queueCapacity).queueDeadlineMs(deadlineMs).visibilityDelayMs(1000)
            .unknownTimeoutMs(10_000).cancelBatchMax(VenueConfigEncoder.cancelBatchMaxNullValue());
        return full(e.encodedLength());
    }

    /** A venue that takes several cancels in one message. */
    int cancelBatchVenue(final int id, final int batchMax, final int cancelBatchMax, final int queueCapacity,
        final int deadlineMs) {
        final VenueConfigEncoder e = new VenueConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).venueId(id).name("venue");
        e.capabilities().clear().replace(true).batchNew(true).batchCancel(true).statusQuery(true);
        e.batchMax(batchMax).queueCapacity(queueCapacity).queueDeadlineMs(deadlineMs).visibilityDelayMs(1000)
            .unknownTimeoutMs(10_000).cancelBatchMax(cancelBatchMax);
        return full(e.encodedLength());
    }

    /** The configuration of {@link #venue} as schema version 1 wrote it, of a venue that can batch cancels. */
    int venueOfVersion1(final int id, final int batchMax, final int queueCapacity, final int deadlineMs) {
        final VenueConfigEncoder e = new VenueConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).venueId(id).name("venue");
        e.capabilities().clear().replace(true).batchNew(true).batchCancel(true).statusQuery(true);
        e.batchMax(batchMax).queueCapacity(queueCapacity).queueDeadlineMs(deadlineMs).visibilityDelayMs(1000)
            .unknownTimeoutMs(10_000);
        header.wrap(buffer, 0).blockLength(VenueConfigEncoder.cancelBatchMaxEncodingOffset()).version(1);
        return full(VenueConfigEncoder.cancelBatchMaxEncodingOffset());
    }

    int account(final int id, final int venueId, final int tenantId) {
        final VenueAccountConfigEncoder e = new VenueAccountConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(id).venueId(venueId).tenantId(tenantId).name("account")
            .selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST);
        return full(e.encodedLength());
    }

    int instrument(final int id, final int venueId, final String symbol, final InstrumentKind kind, final long tick,
        final long lot, final long minQty, final long minNotional, final long multiplier, final int maxAgeMs) {
        final InstrumentConfigEncoder e = instrument;
        e.wrapAndApplyHeader(buffer, 0, header).instrumentId(id).venueId(venueId).symbol(symbol)
            .venueSymbol("V-" + symbol).kind(kind).status(InstrumentStatus.TRADING).tickSize(tick).lotSize(lot)
            .minQty(minQty).minNotional(minNotional).multiplier(multiplier).priceMaxAgeMs(maxAgeMs)
            .quoteCurrency("USD");
        return full(e.encodedLength());
    }

    int limit(final int id, final int venueId, final LimitScope scope, final LimitShape shape, final long capacity,
        final long periodNs, final long refill, final int marginBps, final int reserve, final int... kindFixedItem) {
        final VenueLimitConfigEncoder e = new VenueLimitConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).limitId(id).venueId(venueId).name("limit").scope(scope).shape(shape)
            .capacity(capacity).periodNs(periodNs).refillPerSecond(refill).marginBps(marginBps)
            .cancelReserve(reserve);
        final VenueLimitConfigEncoder.CostsEncoder costs = e.costsCount(kindFixedItem.length / 3);
        for (int i = 0; i < kindFixedItem.length; i += 3) {
            costs.next().kind(VenueMessageKind.get((short) kindFixedItem[i])).fixedCost(kindFixedItem[i + 1])
                .itemCost(kindFixedItem[i + 2]);
        }
        return full(e.encodedLength());
    }

    int terms(final int limitId, final long offsetNs, final long skewNs) {
        final VenueLimitTermsEncoder e = new VenueLimitTermsEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).limitId(limitId).offsetNs(offsetNs).skewNs(skewNs);
        return full(e.encodedLength());
    }

    int scopes(final int accountId, final int address, final int owner, final int key) {
        final VenueAccountScopesEncoder e = new VenueAccountScopesEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).addressId(address).ownerId(owner).keyId(key);
        return full(e.encodedLength());
    }

    int tier(final int accountId, final int limitId, final long capacity, final long refill) {
        final VenueTierReadingEncoder e = new VenueTierReadingEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).limitId(limitId)
            .capacity(capacity).refillPerSecond(refill);
        return full(e.encodedLength());
    }

    int bar(final int accountId, final LimitScope scope, final int status, final long untilNs) {
        final VenueBarEncoder e = new VenueBarEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).scope(scope)
            .status(status).barredUntilNs(untilNs);
        return full(e.encodedLength());
    }

    int plan(final int id, final int version, final long effectiveNs, final int fillsReserved,
        final boolean fillPerOrder, final long... meterUpToPrice) {
        final PlanConfigEncoder e = new PlanConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).planId(id).version(version).effectiveNs(effectiveNs).currency("usd")
            .fillsReserved(fillsReserved).fillPerOrder(fillPerOrder ? BooleanType.TRUE : BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = e.pricesCount(meterUpToPrice.length / 3);
        for (int i = 0; i < meterUpToPrice.length; i += 3) {
            prices.next().meter(Meter.get((short) meterUpToPrice[i])).upTo(meterUpToPrice[i + 1])
                .priceMicros(meterUpToPrice[i + 2]);
        }
        return full(e.encodedLength());
    }

    /** Windows of {weekdays, from second, length, capacity, per second}. */
    int planTerms(final int id, final int version, final long validUntilNs, final TierStart tiers, final int capacity,
        final int perSecond, final int... windows) {
        final PlanTermsEncoder e = new PlanTermsEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).planId(id).version(version)
            .validUntilNs(validUntilNs == 0 ? PlanTermsEncoder.validUntilNsNullValue() : validUntilNs).tiers(tiers)
            .rateCapacity(capacity).ratePerSecond(perSecond);
        final PlanTermsEncoder.BurstsEncoder bursts = e.burstsCount(windows.length / 5);
        for (int i = 0; i < windows.length; i += 5) {
            bursts.next().weekdays((short) windows[i]).fromSecond(windows[i + 1]).lengthSeconds(windows[i + 2])
                .capacity(windows[i + 3]).perSecond(windows[i + 4]);
        }
        e.actor("actor " + version);
        return full(e.encodedLength());
    }

    /** What announces terms and prices that were encoded before and copied. */
    int planApply(final int id, final int version, final org.agrona.DirectBuffer terms, final int content,
        final org.agrona.DirectBuffer prices, final int timeoutMs) {
        final long termsDigest = ConfigFrames.digest(terms, 0, content, ConfigFrames.DIGEST_START);
        final PlanApplyEncoder e = new PlanApplyEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).planId(id).version(version).termsDigest(termsDigest)
            .digest(ConfigFrames.digest(prices, 0, prices.capacity(), termsDigest)).timeoutMs(timeoutMs)
            .actor("pricing");
        return full(e.encodedLength());
    }

    /** Settings of one TenantConfig, with defaults that allow everything. */
    static final class TenantSettings {
        TradingState state = TradingState.ACTIVE;
        CreditMode creditMode = CreditMode.PREPAID;
        int planId = 1;
        int accountId = 1;
        int rateCapacity;
        int ratePerSecond;
        long maxQty = Scale.NULL;
        long maxNotional = Scale.NULL;
        int maxOpen;
        long budget;
        int collarBps;
        boolean mayNew = true;
        boolean mayMarket = true;
        boolean mayMass = true;
        boolean mayStatus = true;
        boolean mayReplace = true;
        long[] quotas = {};
        int[] instruments = {};
    }

    int tenant(final int id, final TenantSettings s) {
        tenant.wrapAndApplyHeader(buffer, 0, header).tenantId(id).name("tenant").state(s.state)
            .creditMode(s.creditMode).planId(s.planId).defaultAccountId(s.accountId).rateCapacity(s.rateCapacity)
            .ratePerSecond(s.ratePerSecond).maxOrderQty(s.maxQty).maxNotional(s.maxNotional)
            .maxOpenOrders(s.maxOpen).budgetMicros(s.budget);
        tenant.permissions().clear().newOrder(s.mayNew).replace(s.mayReplace).cancel(true).status(s.mayStatus)
            .massCancel(s.mayMass).market(s.mayMarket);
        tenant.priceCollarBps(s.collarBps);
        final TenantConfigEncoder.QuotasEncoder quotas = tenant.quotasCount(s.quotas.length / 5);
        for (int i = 0; i < s.quotas.length; i += 5) {
            quotas.next().quotaId((int) s.quotas[i]).meter(QuotaMeter.get((short) s.quotas[i + 1]))
                .kind(PeriodKind.get((short) s.quotas[i + 2])).periodNs(s.quotas[i + 3]).limit(s.quotas[i + 4]);
        }
        final TenantConfigEncoder.InstrumentsEncoder instruments = tenant.instrumentsCount(s.instruments.length);
        for (final int instrument : s.instruments) {
            instruments.next().instrumentId(instrument);
        }
        return full(tenant.encodedLength());
    }

    int session(final int id, final int tenantId, final CancelOnDisconnect mode, final int graceMs,
        final int rateCapacity, final int ratePerSecond) {
        final SessionConfigEncoder e = sessionConfig;
        e.wrapAndApplyHeader(buffer, 0, header).sessionId(id).tenantId(tenantId).compId("DESK").cancelOnDisconnect(mode)
            .cancelGraceMs(graceMs).rateCapacity(rateCapacity).ratePerSecond(ratePerSecond);
        e.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true).market(true);
        return full(e.encodedLength());
    }

    int grant(final long id, final int tenantId, final GrantKind kind, final long micros) {
        final GrantEncoder e = new GrantEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).grantId(id).tenantId(tenantId).kind(kind).amountMicros(micros)
            .reference("ref");
        return full(e.encodedLength());
    }

    int budget(final int tenantId, final long micros) {
        final BudgetConfigEncoder e = new BudgetConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).budgetMicros(micros).actor("test");
        return full(e.encodedLength());
    }

    int kill(final KillScope scope, final int target, final TradingState state, final boolean cancel) {
        final KillSwitchEncoder e = new KillSwitchEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).scope(scope).targetId(target).state(state)
            .cancelOpen(cancel ? BooleanType.TRUE : BooleanType.FALSE).actor("test").why("test");
        return full(e.encodedLength());
    }

    int tradingSwitch(final KillScope scope, final int target, final int tenantId, final TradingState state,
        final boolean cancel, final KillTrigger trigger) {
        final TradingSwitchEncoder e = new TradingSwitchEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).scope(scope).targetId(target).tenantId(tenantId).state(state)
            .cancelOpen(cancel ? BooleanType.TRUE : BooleanType.FALSE).trigger(trigger).actor("alice").why("test");
        return full(e.encodedLength());
    }

    int massAction(final int session, final int seq, final String id, final MassActionType action,
        final MassCancelScope scope, final String symbol, final int strategy) {
        final MassActionEncoder e = new MassActionEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).sessionId(session).msgSeqNum(seq).receivedNs(1).clOrdId(id)
            .symbol(symbol).action(action).scope(scope).strategyId(strategy).messageFlags().clear();
        return full(e.encodedLength());
    }

    int heartbeat(final int tenantId) {
        final OperatorHeartbeatEncoder e = new OperatorHeartbeatEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).actor("alice").sentNs(1);
        return full(e.encodedLength());
    }

    int guard(final GuardKind kind, final int tenantId, final int withinMs, final int rejects,
        final TradingState state, final boolean cancel) {
        final GuardConfigEncoder e = new GuardConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).kind(kind).tenantId(tenantId).withinMs(withinMs).rejects(rejects)
            .state(state).cancelOpen(cancel ? BooleanType.TRUE : BooleanType.FALSE);
        return full(e.encodedLength());
    }

    int rate(final int session, final RateRoute route, final int capacity, final int perSecond) {
        final RateConfigEncoder e = new RateConfigEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).sessionId(session).route(route).capacity(capacity)
            .perSecond(perSecond);
        return full(e.encodedLength());
    }

    int burst(final int tenantId, final int capacity, final int perSecond, final long fromNs, final long untilNs) {
        final BurstWindowEncoder e = new BurstWindowEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).capacity(capacity).perSecond(perSecond)
            .fromNs(fromNs).untilNs(untilNs).actor("alice");
        return full(e.encodedLength());
    }

    int quota(final int tenantId, final int quotaId, final long units) {
        final QuotaChangeEncoder e = new QuotaChangeEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).quotaId(quotaId).units(units).actor("alice");
        return full(e.encodedLength());
    }

    /** Pre-trade limits; each is limit, target and value. */
    int risk(final int tenantId, final boolean whole, final long... limitTargetValue) {
        risk.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId)
            .whole(whole ? BooleanType.TRUE : BooleanType.FALSE).actor("risk desk");
        final RiskConfigEncoder.LimitsEncoder limits = risk.limitsCount(limitTargetValue.length / 3);
        for (int i = 0; i < limitTargetValue.length; i += 3) {
            limits.next().limit(RiskLimit.get((short) limitTargetValue[i])).targetId((int) limitTargetValue[i + 1])
                .newValue(limitTargetValue[i + 2]).oldValue(Scale.NULL);
        }
        risk.why("test");
        return full(risk.encodedLength());
    }

    int unlock(final int tenantId, final int strategyId, final int sessionId) {
        final StrategyUnlockEncoder e = new StrategyUnlockEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).strategyId(strategyId).sessionId(sessionId)
            .actor("risk desk").why("looked at it");
        return full(e.encodedLength());
    }

    int price(final int instrument, final long bid, final long ask, final long last, final long observedNs) {
        final ReferencePriceEncoder e = new ReferencePriceEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).instrumentId(instrument).bid(bid).ask(ask).last(last)
            .observedNs(observedNs);
        return full(e.encodedLength());
    }

    int roll(final int tenantId, final PeriodKind kind, final long startNs) {
        final PeriodRollEncoder e = periodRoll;
        e.wrapAndApplyHeader(buffer, 0, header).tenantId(tenantId).kind(kind).startNs(startNs)
            .endNs(startNs + 86_400_000_000_000L);
        return full(e.encodedLength());
    }

    int condition(final SystemCondition condition, final boolean active) {
        final SystemStatusEncoder e = new SystemStatusEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).condition(condition)
            .active(active ? BooleanType.TRUE : BooleanType.FALSE).value(7)
            .venueId(SystemStatusEncoder.venueIdNullValue());
        return full(e.encodedLength());
    }

    int clockSkew(final int venueId, final boolean active, final long skewMs) {
        final SystemStatusEncoder e = new SystemStatusEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).condition(SystemCondition.CLOCK_SKEW)
            .active(active ? BooleanType.TRUE : BooleanType.FALSE).value(skewMs)
            .venueId(venueId == 0 ? SystemStatusEncoder.venueIdNullValue() : venueId);
        return full(e.encodedLength());
    }

    int admin(final AdminKind kind, final long fromId) {
        final AdminRequestEncoder e = new AdminRequestEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).correlationId(9).kind(kind).tenantId(0).fromId(fromId);
        return full(e.encodedLength());
    }

    int scheduleStart(final int sessionId, final int tenantId, final long id) {
        final ScheduleStartEncoder e = new ScheduleStartEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(0);
        e.messageFlags().clear();
        e.receivedNs(0).scheduleId(id).tenantId(tenantId);
        return full(e.encodedLength());
    }

    int scheduleStop(final int sessionId, final int tenantId, final long id) {
        final ScheduleStopEncoder e = new ScheduleStopEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(0);
        e.messageFlags().clear();
        e.receivedNs(0).scheduleId(id).tenantId(tenantId).cause(ScheduleStopCause.COMPLETED);
        return full(e.encodedLength());
    }

    int connected(final int sessionId, final int tenantId, final int seqNum, final boolean reset) {
        connected.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        connected.messageFlags().clear();
        connected.receivedNs(0).tenantId(tenantId).resetSeqNum(reset ? BooleanType.TRUE : BooleanType.FALSE);
        return full(connected.encodedLength());
    }

    int disconnected(final int sessionId, final int seqNum, final DisconnectCause cause) {
        disconnected.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        disconnected.messageFlags().clear();
        disconnected.receivedNs(0).cause(cause);
        return full(disconnected.encodedLength());
    }

    /** A new order; fields not named have plain values and can be changed through {@link #newOrder()}. */
    int newOrder(final int sessionId, final int seqNum, final String clOrdId, final String symbol, final Side side,
        final OrdType type, final TimeInForce tif, final long qty, final long price) {
        newOrder.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        newOrder.messageFlags().clear();
        newOrder.receivedNs(seqNum);
        ascii(newOrder.offset() + NewOrderEncoder.clOrdIdEncodingOffset(), clOrdId, 36);
        ascii(newOrder.offset() + NewOrderEncoder.symbolEncodingOffset(), symbol, 20);
        newOrder.side(side).ordType(type).timeInForce(tif);
        newOrder.execInst().clear();
        newOrder.selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE).orderQty(qty).price(price)
            .stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL)
            .strategyId(0);
        return full(newOrder.encodedLength());
    }

    ReplaceOrderEncoder replaceOrder() {
        return replaceOrder;
    }

    NewOrderEncoder newOrder() {
        return newOrder;
    }

    int newOrder(final int sessionId, final int seqNum, final String clOrdId, final String symbol, final Side side,
        final OrdType type, final TimeInForce tif, final long qty, final long price, final long stopPx) {
        final int length = newOrder(sessionId, seqNum, clOrdId, symbol, side, type, tif, qty, price);
        newOrder.stopPx(stopPx);
        return length;
    }

    /** A limit order to buy BTC-USD by a strategy. */
    int strategyOrder(final int sessionId, final int seqNum, final String clOrdId, final long qty, final long price,
        final int strategy) {
        final int length = newOrder(sessionId, seqNum, clOrdId, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            qty, price);
        newOrder.strategyId(strategy);
        return length;
    }

    int replace(final int sessionId, final int seqNum, final String clOrdId, final String orig, final String symbol,
        final Side side, final OrdType type, final TimeInForce tif, final long qty, final long price) {
        replaceOrder.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        replaceOrder.messageFlags().clear();
        replaceOrder.receivedNs(seqNum);
        ascii(replaceOrder.offset() + ReplaceOrderEncoder.clOrdIdEncodingOffset(), clOrdId, 36);
        ascii(replaceOrder.offset() + ReplaceOrderEncoder.origClOrdIdEncodingOffset(), orig, 36);
        ascii(replaceOrder.offset() + ReplaceOrderEncoder.symbolEncodingOffset(), symbol, 20);
        replaceOrder.orderId(0).side(side).ordType(type).timeInForce(tif);
        replaceOrder.execInst().clear();
        replaceOrder.selfTradePrevention(SelfTradePrevention.NONE).shapeError(ShapeError.NONE).orderQty(qty)
            .price(price).stopPx(Scale.NULL).cashOrderQty(Scale.NULL).expireNs(Scale.NULL)
            .queueDeadlineNs(Scale.NULL).strategyId(0);
        return full(replaceOrder.encodedLength());
    }

    int cancel(final int sessionId, final int seqNum, final String clOrdId, final String orig) {
        cancelOrder.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        cancelOrder.messageFlags().clear();
        cancelOrder.receivedNs(seqNum);
        ascii(cancelOrder.offset() + CancelOrderEncoder.clOrdIdEncodingOffset(), clOrdId, 36);
        ascii(cancelOrder.offset() + CancelOrderEncoder.origClOrdIdEncodingOffset(), orig, 36);
        ascii(cancelOrder.offset() + CancelOrderEncoder.symbolEncodingOffset(), "BTC-USD", 20);
        cancelOrder.orderId(0).side(Side.BUY);
        return full(cancelOrder.encodedLength());
    }

    int status(final int sessionId, final int seqNum, final String clOrdId) {
        status.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        status.messageFlags().clear();
        status.receivedNs(seqNum);
        ascii(status.offset() + OrderStatusRequestEncoder.clOrdIdEncodingOffset(), clOrdId, 36);
        ascii(status.offset() + OrderStatusRequestEncoder.symbolEncodingOffset(), "BTC-USD", 20);
        status.orderId(0).side(Side.BUY);
        return full(status.encodedLength());
    }

    int massCancel(final int sessionId, final int seqNum, final String clOrdId, final MassCancelScope scope,
        final String symbol) {
        massCancel.wrapAndApplyHeader(buffer, 0, header).sessionId(sessionId).msgSeqNum(seqNum);
        massCancel.messageFlags().clear();
        massCancel.receivedNs(seqNum);
        ascii(massCancel.offset() + MassCancelEncoder.clOrdIdEncodingOffset(), clOrdId, 36);
        ascii(massCancel.offset() + MassCancelEncoder.symbolEncodingOffset(), symbol, 20);
        massCancel.scope(scope);
        return full(massCancel.encodedLength());
    }

    int venueState(final int accountId, final VenueState state, final long barredUntilNs) {
        sessionState.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).state(state)
            .barredUntilNs(barredUntilNs).path(VenuePath.FIRST).putText(buffer, 0, 0);
        return full(sessionState.encodedLength());
    }

    int secondState(final int accountId, final VenueState state, final long barredUntilNs) {
        final int length = venueState(accountId, state, barredUntilNs);
        sessionState.path(VenuePath.SECOND);
        return length;
    }

    int venueBarred(final int accountId, final long receivedNs, final long untilNs) {
        sessionState.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(receivedNs)
            .state(VenueState.BARRED).barredUntilNs(untilNs).path(VenuePath.FIRST).putText(buffer, 0, 0);
        return full(sessionState.encodedLength());
    }

    int sent(final int accountId, final long... orderIds) {
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0)
            .kind(orderIds.length > 1 ? VenueMessageKind.NEW_BATCH : VenueMessageKind.NEW).sentNs(0);
        final VenueSentEncoder.OrdersEncoder orders = sent.ordersCount(orderIds.length);
        for (final long id : orderIds) {
            orders.next().orderId(id);
        }
        return full(sent.encodedLength());
    }

    int sentOne(final int accountId, final long orderId) {
        sent.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0)
            .kind(VenueMessageKind.NEW).sentNs(0).ordersCount(1).next().orderId(orderId);
        return full(sent.encodedLength());
    }

    int execution(final int accountId, final long orderId, final long requestLow, final ExecType type,
        final OrdStatus status, final long lastQty, final long lastPx, final long tradeId) {
        execution.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0)
            .orderId(orderId).requestIdHigh(0).requestIdLow(requestLow).execType(type).ordStatus(status)
            .liquidity(Liquidity.MAKER).reason(0).lastQty(lastQty).lastPx(lastPx).cumQty(Scale.NULL)
            .leavesQty(Scale.NULL).avgPx(Scale.NULL).orderQty(Scale.NULL).price(Scale.NULL).fee(1);
        ascii(execution.offset() + VenueExecutionEncoder.feeCurrencyEncodingOffset(), "USD", 8);
        execution.tradeId(tradeId).transactNs(0);
        ascii(execution.offset() + VenueExecutionEncoder.venueOrderIdEncodingOffset(), "venue-id", 36);
        ascii(execution.offset() + VenueExecutionEncoder.execIdEncodingOffset(), "exec-id", 36);
        execution.recovered(BooleanType.FALSE).putText(buffer, 0, 0);
        return full(execution.encodedLength());
    }

    InstrumentConfigEncoder instrument() {
        return instrument;
    }

    PermissionsEncoder sessionPermissions() {
        return sessionConfig.permissions();
    }

    VenueExecutionEncoder execution() {
        return execution;
    }

    int cancelReject(final int accountId, final long orderId, final long requestLow, final VenueMessageKind kind,
        final int reason) {
        cancelReject.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0)
            .orderId(orderId).requestIdHigh(0).requestIdLow(requestLow).kind(kind).reason(reason)
            .putText(buffer, 0, 0);
        return full(cancelReject.encodedLength());
    }

    int messageReject(final int accountId, final long orderId, final long requestLow, final VenueMessageKind kind) {
        final VenueMessageRejectEncoder e = new VenueMessageRejectEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).orderId(orderId)
            .requestIdHigh(0).requestIdLow(requestLow).kind(kind).reason(0).text("no");
        return full(e.encodedLength());
    }

    int notSent(final int accountId, final long orderId, final long requestLow, final VenueMessageKind kind) {
        final VenueNotSentEncoder e = notSent;
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).orderId(orderId)
            .requestIdHigh(0).requestIdLow(requestLow).kind(kind).reason(0);
        return full(e.encodedLength());
    }

    int reading(final int accountId, final int limitId, final long used, final long barredUntilNs) {
        final VenueLimitReadingEncoder e = new VenueLimitReadingEncoder();
        e.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0).limitId(limitId)
            .used(used).barredUntilNs(barredUntilNs);
        return full(e.encodedLength());
    }

    int orderState(final int accountId, final long orderId, final VenueAnswer answer, final OrdStatus status,
        final long cumQty, final long orderQty, final long price) {
        orderState.wrapAndApplyHeader(buffer, 0, header).accountId(accountId).venueId(1).receivedNs(0)
            .orderId(orderId).answer(answer).ordStatus(status).cumQty(cumQty).leavesQty(Scale.NULL)
            .avgPx(Scale.NULL).orderQty(orderQty).price(price);
        ascii(orderState.offset() + VenueOrderStateEncoder.venueOrderIdEncodingOffset(), "venue-id", 36);
        orderState.attempt((int) Math.max(1, attempts.get(orderId)));
        return full(orderState.encodedLength());
    }

    /** Copy of the frame, for boot commands. */
    UnsafeBuffer copy(final int length) {
        final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(length);
        copy.putBytes(0, buffer, 0, length);
        return new UnsafeBuffer(copy.byteArray(), 0, length);
    }

    private void ascii(final int offset, final String text, final int length) {
        buffer.setMemory(offset, length, (byte) 0);
        for (int i = 0; i < text.length(); i++) {
            buffer.putByte(offset + i, (byte) text.charAt(i));
        }
    }
}
