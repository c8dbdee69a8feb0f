package weir.engine.control;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import weir.engine.book.OrderBook;
import weir.engine.journal.Verdict;
import weir.engine.ledger.Ledger;
import weir.engine.ledger.PlanBursts;
import weir.engine.ledger.Plans;
import weir.engine.ledger.Quotas;
import weir.engine.ledger.Thresholds;
import weir.engine.registry.Accounts;
import weir.engine.registry.Instruments;
import weir.engine.registry.Registry;
import weir.engine.registry.Sessions;
import weir.engine.registry.Tenants;
import weir.engine.registry.VenueBook;
import weir.engine.route.Timers;
import weir.engine.throttle.RateClasses;
import weir.engine.throttle.TokenBuckets;
import weir.engine.throttle.VenueLimits;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentConfigDecoder;
import weir.protocol.sbe.PlanApplyDecoder;
import weir.protocol.sbe.PlanConfigDecoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.VenueAccountConfigDecoder;
import weir.protocol.sbe.VenueAccountScopesDecoder;
import weir.protocol.sbe.VenueConfigDecoder;
import weir.protocol.sbe.VenueLimitConfigDecoder;
import weir.protocol.sbe.VenueLimitTermsDecoder;

/**
 * Applies configuration (21 to 27, 60, 61) to running state, without losing balances, usages or connections. A frame
 * equal to the one in force changes nothing and is not journaled.
 */
public final class Configuration {
    /** It changed something. */
    public static final int APPLIED = 1;
    /** It is in force already. */
    public static final int SAME = 2;
    /** It cannot be applied: no room, out of range, or it names something unknown. */
    public static final int REFUSED = 3;

    /** Since this schema version a bucket's margin slows its refill, and is not taken off the capacity alone. */
    private static final int SLOW_REFILL_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final Ledger ledger;
    private final Plans plans;
    private final Quotas quotas;
    private final RateClasses rates;
    private final VenueLimits limits;
    private final Timers timers;
    private final Verdict verdict;
    private final long[] lastBound = new long[Plans.METERS];
    private final PlanApplies applies = new PlanApplies();

    /**
     * Works on the core's tables.
     *
     * @param registry registry
     * @param book     orders
     * @param ledger   money
     * @param plans    prices
     * @param quotas   period quotas
     * @param rates    rate classes
     * @param limits   venue limits
     * @param timers   timers
     * @param verdict  of the call
     */
    public Configuration(final Registry registry, final OrderBook book, final Ledger ledger, final Plans plans,
        final Quotas quotas, final RateClasses rates, final VenueLimits limits, final Timers timers,
        final Verdict verdict) {
        this.registry = registry;
        this.book = book;
        this.ledger = ledger;
        this.plans = plans;
        this.quotas = quotas;
        this.rates = rates;
        this.limits = limits;
        this.timers = timers;
        this.verdict = verdict;
    }

    /**
     * TenantConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onTenant(final TenantConfigDecoder d, final int offset, final int length) {
        final Tenants tenants = registry.tenants;
        final DirectBuffer buffer = d.buffer();
        final int known = tenants.slotOf(d.tenantId());
        verdict.tenantId = d.tenantId();
        if (known >= 0 && tenants.frames.same(known, buffer, offset, length)) {
            return SAME;
        }
        if (d.tenantId() <= 0 || d.stateRaw() > 2 || d.creditModeRaw() > 1 || !tenants.frames.fits(length)
            || !quotasAreValid(d)) {
            return refused(RejectReason.MALFORMED);
        }
        final int t = tenants.index.add(d.tenantId());
        if (t < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        d.sbeRewind();
        tenants.frames.put(t, buffer, offset, length);
        tenants.configState[t] = (byte) d.stateRaw();
        tenants.defaultAccountId[t] = d.defaultAccountId();
        tenants.maxOrderQty[t] = zeroIfNull(d.maxOrderQty());
        tenants.maxNotional[t] = zeroIfNull(d.maxNotional());
        tenants.maxOpenOrders[t] = d.maxOpenOrders();
        tenants.priceCollarBps[t] = d.priceCollarBps();
        tenants.permissions[t] = permissions(buffer,
            d.offset() + TenantConfigDecoder.permissionsEncodingOffset());
        ledger.creditMode[t] = (byte) d.creditModeRaw();
        ledger.planId[t] = d.planId();
        rates.plansChanged();
        budget(t, d.budgetMicros());
        rates.tenant(t, d.rateCapacity(), d.ratePerSecond(), verdict.nowNs);
        int position = 0;
        for (final TenantConfigDecoder.QuotasDecoder q : d.quotas()) {
            quotas.configure(t, position++, q.quotaId(), (byte) q.meterRaw(), (byte) q.kindRaw(), q.periodNs(),
                q.limit());
        }
        quotas.trim(t, position);
        tenants.clearInstruments(t);
        int listed = 0;
        for (final TenantConfigDecoder.InstrumentsDecoder i : d.instruments()) {
            listed++;
            final int instrument = registry.instruments.slotOf(i.instrumentId());
            if (instrument >= 0) {
                tenants.permit(t, instrument);
            }
        }
        tenants.allInstruments[t] = listed == 0;
        registry.tenantChanged(t);
        return applied();
    }

    /**
     * SessionConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onSession(final SessionConfigDecoder d, final int offset, final int length) {
        final Sessions sessions = registry.sessions;
        final int known = sessions.slotOf(d.sessionId());
        verdict.sessionId = d.sessionId();
        if (known >= 0 && sessions.frames.same(known, d.buffer(), offset, length)) {
            return SAME;
        }
        final int tenant = registry.tenants.slotOf(d.tenantId());
        if (tenant < 0 || known >= 0 && sessions.tenant[known] != tenant) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.sessionId() <= 0 || d.cancelOnDisconnectRaw() > 3 || !sessions.frames.fits(length)) {
            return refused(RejectReason.MALFORMED);
        }
        final int s = sessions.index.add(d.sessionId());
        if (s < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        verdict.tenantId = d.tenantId();
        sessions.frames.put(s, d.buffer(), offset, length);
        sessions.tenant[s] = tenant;
        sessions.cancelOnDisconnect[s] = (byte) d.cancelOnDisconnectRaw();
        sessions.graceNs[s] = Math.max(0, d.cancelGraceMs()) * 1_000_000L;
        sessions.permissions[s] = permissions(d.buffer(),
            d.offset() + SessionConfigDecoder.permissionsEncodingOffset());
        rates.session(s, d.rateCapacity(), d.ratePerSecond(), verdict.nowNs);
        return applied();
    }

    /**
     * VenueConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onVenue(final VenueConfigDecoder d, final int offset, final int length) {
        final VenueBook venues = registry.venues;
        final int id = d.venueId();
        if (!VenueBook.inRange(id)) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (venues.frames.same(id, d.buffer(), offset, length)) {
            return SAME;
        }
        if (!venues.frames.fits(length)) {
            return refused(RejectReason.MALFORMED);
        }
        venues.frames.put(id, d.buffer(), offset, length);
        venues.known[id] = true;
        venues.capabilities[id] = permissions(d.buffer(),
            d.offset() + VenueConfigDecoder.capabilitiesEncodingOffset());
        venues.batchMax[id] = d.batchMax();
        venues.cancelBatchMax[id] = d.cancelBatchMax() == VenueConfigDecoder.cancelBatchMaxNullValue()
            ? 1 : Math.max(1, Math.min(VenueBook.CANCELS_MAX, d.cancelBatchMax()));
        venues.queueCapacity[id] = Math.max(0, d.queueCapacity());
        venues.queueDeadlineNs[id] = Math.max(0, d.queueDeadlineMs()) * 1_000_000L;
        venues.visibilityDelayNs[id] = Math.max(0, d.visibilityDelayMs()) * 1_000_000L;
        venues.unknownTimeoutNs[id] = Math.max(0, d.unknownTimeoutMs()) * 1_000_000L;
        timers.venue(id, verdict.nowNs);
        return applied();
    }

    /**
     * VenueAccountConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onAccount(final VenueAccountConfigDecoder d, final int offset, final int length) {
        final Accounts accounts = registry.accounts;
        final int known = accounts.slotOf(d.accountId());
        verdict.accountId = d.accountId();
        if (known >= 0 && accounts.frames.same(known, d.buffer(), offset, length)) {
            return SAME;
        }
        if (!VenueBook.inRange(d.venueId()) || known >= 0 && accounts.venueId[known] != d.venueId()) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.accountId() <= 0 || d.selfTradePreventionRaw() > 4 || !accounts.frames.fits(length)) {
            return refused(RejectReason.MALFORMED);
        }
        final int a = accounts.index.add(d.accountId());
        if (a < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        accounts.frames.put(a, d.buffer(), offset, length);
        accounts.venueId[a] = d.venueId();
        final int formerTenantId = accounts.tenantId[a];
        accounts.tenantId[a] = d.tenantId();
        registry.accountChanged(a, formerTenantId);
        accounts.selfTradePrevention[a] = (byte) d.selfTradePreventionRaw();
        if (known < 0) {
            accounts.barredUntilNs[a] = Scale.NULL;
        }
        return applied();
    }

    /**
     * InstrumentConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onInstrument(final InstrumentConfigDecoder d, final int offset, final int length) {
        final Instruments instruments = registry.instruments;
        final int known = instruments.slotOf(d.instrumentId());
        verdict.instrumentId = d.instrumentId();
        if (known >= 0 && instruments.frames.same(known, d.buffer(), offset, length)) {
            return SAME;
        }
        final DirectBuffer buffer = d.buffer();
        final int symbol = d.offset() + InstrumentConfigDecoder.symbolEncodingOffset();
        if (!VenueBook.inRange(d.venueId()) || known >= 0 && instruments.venueId[known] != d.venueId()) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (d.instrumentId() <= 0 || d.kindRaw() > 2 || d.statusRaw() > 2 || buffer.getByte(symbol) == 0
            || !instruments.frames.fits(length)) {
            return refused(RejectReason.MALFORMED);
        }
        final int i = instruments.index.add(d.instrumentId());
        if (i < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        instruments.frames.put(i, buffer, offset, length);
        instruments.venueId[i] = d.venueId();
        instruments.symbol(i, buffer, symbol);
        instruments.venueSymbols.putBytes(i * Instruments.SYMBOL_LENGTH, buffer,
            d.offset() + InstrumentConfigDecoder.venueSymbolEncodingOffset(), Instruments.SYMBOL_LENGTH);
        instruments.kind[i] = (byte) d.kindRaw();
        instruments.status[i] = (byte) d.statusRaw();
        instruments.tickSize[i] = zeroIfNull(d.tickSize());
        instruments.lotSize[i] = zeroIfNull(d.lotSize());
        instruments.minQty[i] = zeroIfNull(d.minQty());
        instruments.minNotional[i] = zeroIfNull(d.minNotional());
        instruments.multiplier[i] = zeroIfNull(d.multiplier()) == 0 ? Scale.E8 : d.multiplier();
        instruments.priceMaxAgeNs[i] = Math.max(0, d.priceMaxAgeMs()) * 1_000_000L;
        if (known < 0) {
            instruments.bid[i] = Scale.NULL;
            instruments.ask[i] = Scale.NULL;
            instruments.last[i] = Scale.NULL;
        }
        return applied();
    }

    /**
     * VenueLimitConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onLimit(final VenueLimitConfigDecoder d, final int offset, final int length) {
        final int known = limits.index.slotOf(d.limitId());
        if (known >= 0 && limits.frames.same(known, d.buffer(), offset, length)) {
            return SAME;
        }
        final int shape = d.shapeRaw();
        final boolean windowed = shape == VenueLimits.FIXED_WINDOW || shape == VenueLimits.SLIDING_WINDOW
            || shape == VenueLimits.ORDER_VOLUME;
        if (d.limitId() <= 0 || !VenueBook.inRange(d.venueId()) || d.scopeRaw() >= VenueLimits.SCOPES
            || shape > VenueLimits.ORDER_VOLUME
            || d.capacity() <= 0 || d.capacity() > TokenBuckets.CAPACITY_MAX || windowed && d.periodNs() <= 0
            || d.refillPerSecond() < 0 || d.marginBps() < 0 || d.marginBps() >= 10_000 || d.cancelReserve() < 0
            || !limits.frames.fits(length) || !costsAreValid(d)) {
            return refused(RejectReason.MALFORMED);
        }
        final boolean slow = registry.rulesVersion >= SLOW_REFILL_SINCE
            && (shape == VenueLimits.TOKEN_BUCKET || shape == VenueLimits.CREDIT);
        if (slow && !VenueLimits.canBucket(d.capacity(), d.refillPerSecond(), d.periodNs(), d.marginBps())) {
            return refused(RejectReason.VALUE_OVERFLOW);
        }
        if (shape == VenueLimits.SLIDING_WINDOW && !limits.canLog(d.capacity())) {
            return refused(RejectReason.VALUE_OVERFLOW); // an order must never meet a window that cannot be kept
        }
        if (!limits.canConfigure(known, d.venueId())) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        d.sbeRewind();
        final int l = limits.index.add(d.limitId());
        if (l < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        final boolean counted = known >= 0 && limits.shape[l] == VenueLimits.CONCURRENT;
        limits.configure(l, d.venueId(), (byte) d.scopeRaw(), (byte) shape, d.capacity(), d.periodNs(),
            d.refillPerSecond(), d.marginBps(), d.cancelReserve(), verdict.nowNs);
        for (final VenueLimitConfigDecoder.CostsDecoder c : d.costs()) {
            limits.cost(l, c.kindRaw(), c.fixedCost(), c.itemCost());
        }
        if (slow) {
            limits.slowRefill(l, verdict.nowNs);
        }
        limits.frames.put(l, d.buffer(), offset, length);
        if (shape == VenueLimits.CONCURRENT && !counted) {
            countOpen(l, d.venueId());
        }
        timers.venue(d.venueId(), verdict.nowNs);
        return applied();
    }

    /**
     * VenueLimitTerms.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onTerms(final VenueLimitTermsDecoder d) {
        final int l = limits.index.slotOf(d.limitId());
        if (l < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        final long periodNs = limits.periodNs[l];
        if (d.offsetNs() < 0 || d.skewNs() < 0 || d.offsetNs() > 0 && d.offsetNs() >= periodNs
            || d.skewNs() > 0 && (limits.shape[l] != VenueLimits.FIXED_WINDOW || d.skewNs() >= periodNs / 2)) {
            return refused(RejectReason.MALFORMED);
        }
        if (!limits.terms(l, d.offsetNs(), d.skewNs(), verdict.nowNs)) {
            return SAME;
        }
        timers.venue(limits.venueId[l], verdict.nowNs);
        return applied();
    }

    /**
     * VenueAccountScopes.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED
     */
    public int onScopes(final VenueAccountScopesDecoder d) {
        final int account = registry.accounts.slotOf(d.accountId());
        verdict.accountId = d.accountId();
        if (account < 0) {
            return refused(RejectReason.UNKNOWN_TARGET);
        }
        if (!VenueLimits.isScopeId(d.addressId()) || !VenueLimits.isScopeId(d.ownerId())
            || !VenueLimits.isScopeId(d.keyId())) {
            return refused(RejectReason.MALFORMED);
        }
        final int venue = registry.accounts.venueId[account];
        if (!limits.scopes(venue, account, d.addressId(), d.ownerId(), d.keyId(), verdict.nowNs)) {
            return SAME;
        }
        for (int i = 0; i < limits.countOf(venue); i++) {
            final int l = limits.limitOf(venue, i);
            if (limits.shape[l] == VenueLimits.CONCURRENT) {
                limits.forgetOpen(l);
                countOpen(l, venue);
            }
        }
        timers.venue(venue, verdict.nowNs);
        return applied();
    }

    /**
     * Plan versions that are being applied.
     *
     * @return the table
     */
    public PlanApplies applies() {
        return applies;
    }

    /**
     * PlanApply: from now on only its terms and prices are taken for the version, until both are there.
     *
     * @param d wrapped decoder
     * @return APPLIED, SAME or REFUSED; a refusal is journaled too, with who was refused
     */
    public int onPlanApply(final PlanApplyDecoder d) {
        verdict.planId = d.planId();
        verdict.planVersion = d.version();
        if (!PlanApplies.isValid(d)) {
            return refused(RejectReason.MALFORMED);
        }
        final int known = plans.index.slotOf(d.planId());
        final int kept = known < 0 ? -1 : plans.slotOf(known, d.version());
        if (kept >= 0 && plans.termed[kept] && !plans.awaited[kept]) {
            return plans.digest(kept) == d.digest() ? SAME : refused(RejectReason.PLAN_VERSION_EXISTS);
        }
        if (kept >= 0 && !plans.termed[kept] && !plans.awaited[kept]) {
            return refused(RejectReason.PLAN_VERSION_EXISTS); // in force without terms: new ones would meet its prices
        }
        final int open = applies.find(d.planId(), d.version());
        if (open >= 0 && applies.isSame(open, d)) {
            return SAME;
        }
        final int unit = applies.free(d.planId(), d.version(), verdict.nowNs);
        if (unit < 0) {
            return refused(open < 0 ? RejectReason.GATEWAY_BUSY : RejectReason.PLAN_APPLY_OPEN);
        }
        applies.begin(unit, d, verdict.nowNs);
        return applied();
    }

    /**
     * PlanConfig.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @param length of the frame
     * @return APPLIED, SAME or REFUSED; a refusal is journaled too
     */
    public int onPlan(final PlanConfigDecoder d, final int offset, final int length) {
        final int unit = applies.find(d.planId(), d.version());
        verdict.planId = d.planId();
        verdict.planVersion = d.version();
        if (unit >= 0) {
            if (!applies.isPrices(unit, d.buffer(), offset, length)) {
                return refused(RejectReason.PLAN_APPLY_OPEN);
            }
            final int plan = plans.index.slotOf(d.planId());
            if (plan < 0 || !applies.hasTerms(unit, plans, plans.slotOf(plan, d.version()))) {
                return refused(RejectReason.PLAN_TERMS_MISSING);
            }
        }
        final int result = prices(d, offset, length);
        if (unit >= 0 && result != REFUSED) {
            applies.end(unit);
            return applied(); // that it is complete is a change, also where the prices are not
        }
        return result;
    }

    private int prices(final PlanConfigDecoder d, final int offset, final int length) {
        final int known = plans.index.slotOf(d.planId());
        final int kept = known < 0 ? -1 : plans.slotOf(known, d.version());
        final boolean termed = kept >= 0 && plans.termed[kept];
        final boolean awaited = kept >= 0 && plans.awaited[kept];
        if (termed && !awaited) {
            return plans.frames.sameContent(kept, d.buffer(), offset, length) ? SAME
                : refused(RejectReason.PLAN_VERSION_EXISTS);
        }
        if (known >= 0 && !awaited && plans.same(known, d.version(), d.buffer(), offset, length)) {
            return SAME;
        }
        if (d.planId() <= 0 || d.version() <= 0 || d.fillsReserved() < 0 || !plans.frames.fits(length)
            || !pricesAreValid(d, termed)) {
            return refused(RejectReason.MALFORMED);
        }
        d.sbeRewind();
        final int p = plans.index.add(d.planId());
        final int slot = p < 0 ? -1 : plans.slotFor(p, d.version(), verdict.nowNs);
        if (slot < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        plans.begin(slot, d.version());
        plans.awaited[slot] = false;
        plans.frames.put(slot, d.buffer(), offset, length);
        plans.effectiveNs[slot] = d.effectiveNs();
        plans.fillsReserved[slot] = d.fillsReserved();
        plans.fillPerOrder[slot] = d.fillPerOrderRaw() == 1;
        plans.clearPrices(slot);
        for (final PlanConfigDecoder.PricesDecoder tier : d.prices()) {
            plans.addTier(slot, tier.meterRaw(), tier.upTo(), tier.priceMicros());
        }
        plans.changed();
        rates.plansChanged();
        return applied();
    }

    /**
     * PlanTerms. Of a version that has its prices and no terms, or of one whose prices follow; until these come it is
     * not in force, and other terms replace those that it has. Where there is no room, a version whose prices never
     * came gives way.
     *
     * @param d      wrapped decoder
     * @param offset of the frame
     * @return APPLIED, SAME or REFUSED
     */
    public int onPlanTerms(final PlanTermsDecoder d, final int offset) {
        final int known = plans.index.slotOf(d.planId());
        final int kept = known < 0 ? -1 : plans.slotOf(known, d.version());
        verdict.planId = d.planId();
        verdict.planVersion = d.version();
        final boolean valid = termsAreValid(d);
        final int content = d.limit() - offset; // the actor does not count
        final boolean awaited = kept < 0 || plans.awaited[kept];
        final int unit = applies.find(d.planId(), d.version());
        if (unit >= 0 && !valid) {
            return refused(RejectReason.MALFORMED);
        }
        if (unit >= 0 && !applies.isTerms(unit, d.buffer(), offset, content)) {
            return refused(RejectReason.PLAN_APPLY_OPEN);
        }
        if (kept >= 0 && plans.termed[kept]) {
            if (plans.termFrames.sameContent(kept, d.buffer(), offset, content)) {
                return SAME;
            }
            if (!awaited) {
                return refused(RejectReason.PLAN_VERSION_EXISTS);
            }
        }
        if (!valid || !plans.termFrames.fits(content)) {
            return refused(RejectReason.MALFORMED);
        }
        final int p = plans.index.add(d.planId());
        final int free = p < 0 ? -1 : plans.slotFor(p, d.version(), verdict.nowNs);
        final int slot = p < 0 || free >= 0 ? free : plans.slotOfAwaited(p);
        if (slot < 0) {
            return refused(RejectReason.GATEWAY_BUSY);
        }
        plans.begin(slot, d.version());
        plans.awaited[slot] = awaited;
        plans.termed[slot] = true;
        plans.termFrames.put(slot, d.buffer(), offset, content);
        plans.validUntilNs[slot] = zeroIfNull(d.validUntilNs());
        plans.restart[slot] = d.tiersRaw() == 1;
        plans.rateCapacity[slot] = d.rateCapacity();
        plans.ratePerSecond[slot] = d.ratePerSecond();
        d.sbeRewind();
        plans.bursts.clear(slot);
        for (final PlanTermsDecoder.BurstsDecoder b : d.bursts()) {
            plans.bursts.add(slot, b.weekdays(), b.fromSecond(), b.lengthSeconds(), b.capacity(), b.perSecond());
        }
        plans.changed();
        rates.plansChanged();
        return applied();
    }

    /**
     * Sets a budget; thresholds that it does not reach any more can be announced again.
     *
     * @param t      tenant slot
     * @param micros budget; 0 or less = none
     */
    public void budget(final int t, final long micros) {
        if (ledger.budget[t] != micros) {
            ledger.budget[t] = micros;
            if (micros > 0) {
                ledger.announced[t] &= Thresholds.reached(ledger.spent[t], micros);
            }
        }
    }

    private int applied() {
        verdict.flags |= Verdict.STATE_CHANGE;
        return APPLIED;
    }

    private int refused(final RejectReason reason) {
        verdict.reason = reason.code();
        return REFUSED;
    }

    private static long zeroIfNull(final long value) {
        return value == Scale.NULL ? 0 : value;
    }

    private static int permissions(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static boolean quotasAreValid(final TenantConfigDecoder d) {
        int count = 0;
        for (final TenantConfigDecoder.QuotasDecoder q : d.quotas()) {
            count++;
            if (q.quotaId() == 0 || q.meterRaw() > 1 || q.kindRaw() > 3 || q.limit() < 0
                || q.kindRaw() == Quotas.FIXED && q.periodNs() <= 0) {
                return false;
            }
        }
        return count <= Quotas.PER_TENANT;
    }

    private static boolean costsAreValid(final VenueLimitConfigDecoder d) {
        for (final VenueLimitConfigDecoder.CostsDecoder c : d.costs()) {
            if (c.kindRaw() >= VenueLimits.KINDS || c.fixedCost() < 0 || c.itemCost() < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean pricesAreValid(final PlanConfigDecoder d, final boolean ascending) {
        final PlanConfigDecoder.PricesDecoder tiers = d.prices();
        if (tiers.count() > Plans.TIERS) {
            return false;
        }
        Arrays.fill(lastBound, 0);
        for (final PlanConfigDecoder.PricesDecoder tier : tiers) {
            if (tier.meterRaw() >= Plans.METERS || tier.priceMicros() < 0) {
                return false;
            }
            final long bound = tier.upTo() <= 0 ? Long.MAX_VALUE : tier.upTo();
            if (ascending && bound <= lastBound[tier.meterRaw()]) {
                return false;
            }
            lastBound[tier.meterRaw()] = bound;
        }
        return true;
    }

    private static boolean termsAreValid(final PlanTermsDecoder d) {
        boolean valid = d.planId() > 0 && d.version() > 0 && d.tiersRaw() <= 1 && d.rateCapacity() >= 0
            && d.ratePerSecond() >= 0
            && (d.validUntilNs() == PlanTermsDecoder.validUntilNsNullValue() || d.validUntilNs() > 0);
        int count = 0;
        for (final PlanTermsDecoder.BurstsDecoder b : d.bursts()) {
            valid &= ++count <= PlanBursts.PER_VERSION && b.weekdays() > 0 && b.weekdays() < 128 && b.fromSecond() >= 0
                && b.fromSecond() < PlanBursts.DAY_S && b.lengthSeconds() > 0
                && b.lengthSeconds() <= PlanBursts.DAY_S && b.capacity() >= 0 && b.perSecond() >= 0;
        }
        return valid;
    }

    private void countOpen(final int l, final int venue) {
        for (int slot = 0; slot < book.highWater(); slot++) {
            if (book.isOpen(slot) && book.venueId(slot) == venue && book.countedAtVenue(slot)) {
                limits.countOpen(l, book.account(slot), book.instrument(slot), verdict.nowNs);
            }
        }
    }
}
