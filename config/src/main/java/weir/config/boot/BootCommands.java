package weir.config.boot;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.model.BinaryClient;
import weir.config.model.Desk;
import weir.config.model.Instrument;
import weir.config.model.LimitCost;
import weir.config.model.Permission;
import weir.config.model.Plan;
import weir.config.model.RateClass;
import weir.config.model.RiskKey;
import weir.config.model.Tenant;
import weir.config.model.TenantControls;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.engine.ledger.PlanBursts;
import weir.engine.registry.ConfigFrames;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GuardConfigEncoder;
import weir.protocol.sbe.GuardKind;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.PermissionsEncoder;
import weir.protocol.sbe.PlanApplyEncoder;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.PlanTermsDecoder;
import weir.protocol.sbe.PlanTermsEncoder;
import weir.protocol.sbe.RateConfigEncoder;
import weir.protocol.sbe.RateRoute;
import weir.protocol.sbe.ReferencePriceEncoder;
import weir.protocol.sbe.RiskConfigEncoder;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAccountConfigEncoder;
import weir.protocol.sbe.VenueAccountScopesEncoder;
import weir.protocol.sbe.VenueCapabilitiesEncoder;
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.VenueLimitConfigEncoder;
import weir.protocol.sbe.VenueLimitTermsEncoder;

/**
 * The commands that bring the core to a configuration: VenueConfig(23), VenueLimitConfig(26) with VenueLimitTerms(38)
 * where it has any, VenueAccountConfig(24), VenueAccountScopes(39) where an account shares something,
 * InstrumentConfig(25), PlanTerms(60) and PlanConfig(27), TenantConfig(21), SessionConfig(22), RateConfig(47),
 * GuardConfig(46), RiskConfig(40), Grant(28), ReferencePrice(30), in this order and in each by id. Fed at every start;
 * those equal to what is in force, and grants already applied, change nothing; a plan version that the core has with
 * other content is refused, and so is the start. A venue account names its tenant before the tenant's own command
 * comes. Only limits of {@link VenueLimit.Place#DISPATCH} go to the engine.
 */
public final class BootCommands {
    private static final int FRAME_MAX = 1_376;

    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer(4 * FRAME_MAX);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final List<byte[]> frames = new ArrayList<>();
    private final WeirConfig config;

    private BootCommands(final WeirConfig config) {
        this.config = config;
    }

    /**
     * All commands of a configuration.
     *
     * @param config     the configuration
     * @param observedNs now, epoch nanoseconds; static reference prices carry it
     * @return frames with their SBE header, each at most 1376 bytes
     */
    public static List<byte[]> frames(final WeirConfig config, final long observedNs) {
        return frames(config, observedNs, id -> false);
    }

    /**
     * All commands of a configuration, for a core that has instruments already. Plan versions that can never be in
     * force again are left out: a core keeps few, and the journal has them if they ever priced something. An instrument
     * that the venue states keeps the values that the core has; one that the core does not know is configured HALTED
     * until the venue was asked.
     *
     * @param config     the configuration
     * @param observedNs now, epoch nanoseconds; static reference prices carry it
     * @param known      whether the core has an instrument id
     * @return frames with their SBE header, each at most 1376 bytes
     */
    public static List<byte[]> frames(final WeirConfig config, final long observedNs, final IntPredicate known) {
        final BootCommands boot = new BootCommands(config);
        config.venues().forEach(boot::venue);
        config.venues().forEach(boot::limits);
        config.tenants().forEach(tenant -> tenant.accounts().forEach(account -> boot.account(tenant, account)));
        config.tenants().forEach(tenant -> tenant.accounts().forEach(boot::scopes));
        config.instruments().stream().filter(instrument -> !instrument.load() || !known.test(instrument.id()))
            .forEach(boot::instrument);
        config.plans().stream().filter(plan -> !plan.isOverAt(config.versions(plan.id()), observedNs))
            .forEach(plan -> {
                boot.terms(plan, "configuration");
                boot.plan(plan);
            });
        config.tenants().forEach(boot::tenant);
        config.tenants().forEach(tenant -> tenant.desks().forEach(desk -> boot.session(tenant, desk)));
        config.tenants().forEach(tenant -> tenant.clients().forEach(client -> boot.session(tenant, client)));
        boot.rate(0, RateRoute.NEW, config.router().control().gateway());
        config.tenants().forEach(boot::routes);
        boot.guard(GuardKind.DEAD_MAN, 0, config.router().control().deadMan());
        config.tenants().forEach(boot::guards);
        config.tenants().forEach(boot::risk);
        config.tenants().forEach(tenant -> tenant.grants().forEach(grant -> boot.grant(tenant, grant)));
        config.instruments().forEach(instrument -> boot.price(instrument, observedNs));
        return boot.frames;
    }

    /**
     * Only the static reference prices, to repeat them before they are stale.
     *
     * @param config     the configuration
     * @param observedNs epoch nanoseconds that they carry
     * @return frames of ReferencePrice(30)
     */
    public static List<byte[]> referencePrices(final WeirConfig config, final long observedNs) {
        final BootCommands boot = new BootCommands(config);
        config.instruments().forEach(instrument -> boot.price(instrument, observedNs));
        return boot.frames;
    }

    /**
     * The commands of one contract, also of a venue without adapter.
     *
     * @param config the configuration
     * @param venue  venue
     * @return frames of VenueConfig(23), VenueLimitConfig(26) and VenueLimitTerms(38)
     */
    public static List<byte[]> contract(final WeirConfig config, final Venue venue) {
        final BootCommands boot = new BootCommands(config);
        boot.venue(venue);
        boot.limits(venue);
        return boot.frames;
    }

    /**
     * The commands of one version of a plan.
     *
     * @param plan  version
     * @param actor who asks for it, at most 32 ASCII characters
     * @return frames of PlanTerms(60) and PlanConfig(27), in this order
     */
    public static List<byte[]> plan(final Plan plan, final String actor) {
        final BootCommands boot = new BootCommands(null);
        boot.terms(plan, actor);
        boot.plan(plan);
        return boot.frames;
    }

    /**
     * What announces the commands of a plan version, so that they are taken together.
     *
     * @param terms     frame of PlanTerms(60)
     * @param prices    frame of PlanConfig(27)
     * @param plan      plan version
     * @param actor     who applies it
     * @param timeoutMs after so long somebody else may
     * @return frame of PlanApply(61)
     */
    public static byte[] planApply(final byte[] terms, final byte[] prices, final Plan plan, final String actor,
        final int timeoutMs) {
        final long termsDigest = ConfigFrames.digest(new UnsafeBuffer(terms), 0, termsLength(terms),
            ConfigFrames.DIGEST_START);
        final BootCommands boot = new BootCommands(null);
        final PlanApplyEncoder encoder = new PlanApplyEncoder().wrapAndApplyHeader(boot.buffer, 0, boot.header);
        encoder.planId(plan.id()).version(plan.version()).termsDigest(termsDigest)
            .digest(ConfigFrames.digest(new UnsafeBuffer(prices), 0, prices.length, termsDigest))
            .timeoutMs(timeoutMs).actor(actor);
        boot.add("plan " + plan.name(), encoder.encodedLength());
        return boot.frames.get(0);
    }

    /**
     * Length of the content of a frame of PlanTerms(60): all but who gave them.
     *
     * @param frame as of {@link #plan(Plan, String)}
     * @return bytes
     */
    public static int termsLength(final byte[] frame) {
        final PlanTermsDecoder decoder =
            new PlanTermsDecoder().wrapAndApplyHeader(new UnsafeBuffer(frame), 0, new MessageHeaderDecoder());
        decoder.bursts().forEach(burst -> { });
        return decoder.limit();
    }

    private void limits(final Venue venue) {
        for (final VenueLimit limit : venue.limitsAt(VenueLimit.Place.DISPATCH)) {
            limit(venue, limit);
            if (limit.offsetNs() > 0 || limit.skewNs() > 0) {
                terms(limit);
            }
        }
    }

    private void terms(final VenueLimit limit) {
        final VenueLimitTermsEncoder encoder = new VenueLimitTermsEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.limitId(limit.id()).offsetNs(limit.offsetNs()).skewNs(limit.skewNs());
        add("terms of limit " + limit.name(), encoder.encodedLength());
    }

    private void scopes(final VenueAccount account) {
        if (account.scopes().isDefault()) {
            return;
        }
        final VenueAccountScopesEncoder encoder =
            new VenueAccountScopesEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.accountId(account.id()).addressId(account.scopes().address()).ownerId(account.scopes().owner())
            .keyId(account.scopes().key());
        add("scopes of account " + account.name(), encoder.encodedLength());
    }

    private void add(final String what, final int bodyLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        if (length > FRAME_MAX) {
            throw new IllegalStateException(what + " takes " + length + " bytes; a frame has at most " + FRAME_MAX);
        }
        final byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        frames.add(frame);
    }

    private void venue(final Venue venue) {
        final VenueConfigEncoder encoder = new VenueConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.venueId(venue.id()).name(venue.name());
        final Set<Venue.Capability> can = venue.capabilities();
        final VenueCapabilitiesEncoder bits = encoder.capabilities().clear();
        bits.replace(can.contains(Venue.Capability.REPLACE)).batchNew(can.contains(Venue.Capability.BATCH_NEW))
            .batchCancel(can.contains(Venue.Capability.BATCH_CANCEL))
            .batchSameSymbol(can.contains(Venue.Capability.BATCH_SAME_SYMBOL))
            .statusQuery(can.contains(Venue.Capability.STATUS_QUERY))
            .massCancel(can.contains(Venue.Capability.MASS_CANCEL))
            .cancelsOnDisconnect(can.contains(Venue.Capability.CANCELS_ON_DISCONNECT));
        encoder.batchMax(venue.batchMax()).queueCapacity(venue.queueCapacity())
            .queueDeadlineMs(venue.queueDeadlineMs()).visibilityDelayMs(venue.visibilityDelayMs())
            .unknownTimeoutMs(venue.unknownTimeoutMs())
            .cancelBatchMax(venue.cancelBatchMax());
        add("venue " + venue.name(), encoder.encodedLength());
    }

    private void limit(final Venue venue, final VenueLimit limit) {
        final VenueLimitConfigEncoder encoder = new VenueLimitConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.limitId(limit.id()).venueId(venue.id()).name(limit.name()).scope(limit.scope()).shape(limit.shape())
            .capacity(limit.capacity()).periodNs(limit.periodNs()).refillPerSecond(limit.refillPerSecond())
            .marginBps(limit.marginBps()).cancelReserve(limit.cancelReserve());
        final VenueLimitConfigEncoder.CostsEncoder costs = encoder.costsCount(limit.costs().size());
        for (final LimitCost cost : limit.costs()) {
            costs.next().kind(cost.kind()).fixedCost(cost.fixedCost()).itemCost(cost.itemCost());
        }
        add("limit " + limit.name(), encoder.encodedLength());
    }

    private void account(final Tenant tenant, final VenueAccount account) {
        final VenueAccountConfigEncoder encoder =
            new VenueAccountConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.accountId(account.id()).venueId(config.venue(account.venue()).orElseThrow().id())
            .tenantId(account.shared() ? 0 : tenant.id()).name(account.name())
            .selfTradePrevention(account.selfTradePrevention());
        add("account " + account.name(), encoder.encodedLength());
    }

    private void instrument(final Instrument instrument) {
        final InstrumentConfigEncoder encoder = new InstrumentConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.instrumentId(instrument.id()).venueId(config.venue(instrument.venue()).orElseThrow().id())
            .symbol(instrument.symbol()).venueSymbol(instrument.venueSymbol()).kind(instrument.kind())
            .status(instrument.load() ? InstrumentStatus.HALTED : instrument.status())
            .tickSize(instrument.tickE8()).lotSize(instrument.lotE8())
            .minQty(instrument.minQtyE8()).minNotional(instrument.minNotionalE8())
            .multiplier(instrument.multiplierE8()).priceMaxAgeMs(instrument.priceMaxAgeMs())
            .quoteCurrency(instrument.quoteCurrency());
        add("instrument " + instrument.symbol(), encoder.encodedLength());
    }

    private void terms(final Plan plan, final String actor) {
        final PlanTermsEncoder encoder = new PlanTermsEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.planId(plan.id()).version(plan.version())
            .validUntilNs(plan.validUntilNs() == 0 ? PlanTermsEncoder.validUntilNsNullValue() : plan.validUntilNs())
            .tiers(plan.tierStart()).rateCapacity(plan.rate().burst()).ratePerSecond(plan.rate().perSecond());
        final PlanTermsEncoder.BurstsEncoder bursts = encoder.burstsCount(plan.bursts().size());
        for (final TenantControls.Burst burst : plan.bursts()) {
            int weekdays = 0;
            for (final DayOfWeek day : burst.days()) {
                weekdays |= 1 << day.ordinal();
            }
            final int from = burst.from().toSecondOfDay();
            final int length = burst.until().toSecondOfDay() - from;
            bursts.next().weekdays((short) weekdays).fromSecond(from)
                .lengthSeconds(length > 0 ? length : length + PlanBursts.DAY_S).capacity(burst.rate().burst())
                .perSecond(burst.rate().perSecond());
        }
        encoder.actor(actor);
        add("terms of plan " + plan.name(), encoder.encodedLength());
    }

    private void plan(final Plan plan) {
        final PlanConfigEncoder encoder = new PlanConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.planId(plan.id()).version(plan.version()).effectiveNs(plan.effectiveNs()).currency(plan.currency())
            .fillsReserved(plan.fillsReserved())
            .fillPerOrder(plan.fillPerOrder() ? BooleanType.TRUE : BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = encoder.pricesCount(plan.tiers().size());
        for (final Plan.Tier tier : plan.tiers()) {
            prices.next().meter(tier.meter()).upTo(tier.upTo()).priceMicros(tier.priceMicros());
        }
        add("plan " + plan.name(), encoder.encodedLength());
    }

    private void tenant(final Tenant tenant) {
        final TenantConfigEncoder encoder = new TenantConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.tenantId(tenant.id()).name(tenant.name()).state(tenant.state()).creditMode(tenant.creditMode())
            .planId(config.plan(tenant.plan()).orElseThrow().id())
            .defaultAccountId(config.account(tenant.defaultAccount()).orElseThrow().id())
            .rateCapacity(tenant.rate().burst()).ratePerSecond(tenant.rate().perSecond())
            .maxOrderQty(tenant.risk().maxOrderQtyE8()).maxNotional(tenant.risk().maxNotionalE8())
            .maxOpenOrders(tenant.risk().maxOpenOrders()).budgetMicros(tenant.budgetMicros());
        permissions(encoder.permissions(), tenant.permissions());
        encoder.priceCollarBps(tenant.risk().priceCollarBps());
        final TenantConfigEncoder.QuotasEncoder quotas = encoder.quotasCount(tenant.quotas().size());
        for (final Tenant.Quota quota : tenant.quotas()) {
            quotas.next().quotaId(quota.id()).meter(quota.meter()).kind(quota.kind()).periodNs(quota.periodNs())
                .limit(quota.limit());
        }
        final TenantConfigEncoder.InstrumentsEncoder permitted =
            encoder.instrumentsCount(tenant.instruments().size());
        for (final String symbol : tenant.instruments()) {
            permitted.next().instrumentId(config.instrument(symbol).orElseThrow().id());
        }
        add("tenant " + tenant.name(), encoder.encodedLength());
    }

    private void session(final Tenant tenant, final Desk desk) {
        final SessionConfigEncoder encoder = new SessionConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.sessionId(desk.sessionId()).tenantId(tenant.id()).compId(desk.compId())
            .cancelOnDisconnect(desk.cancelOnDisconnect()).cancelGraceMs(desk.cancelGraceMs())
            .rateCapacity(desk.rate().burst()).ratePerSecond(desk.rate().perSecond());
        permissions(encoder.permissions(), desk.permissions());
        add("desk " + desk.compId(), encoder.encodedLength());
    }

    private void session(final Tenant tenant, final BinaryClient client) {
        final SessionConfigEncoder encoder = new SessionConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.sessionId(client.sessionId()).tenantId(tenant.id()).compId(client.name())
            .cancelOnDisconnect(client.cancelOnDisconnect()).cancelGraceMs(client.cancelGraceMs())
            .rateCapacity(client.rate().burst()).ratePerSecond(client.rate().perSecond());
        permissions(encoder.permissions(), client.permissions());
        add("client " + client.name(), encoder.encodedLength());
    }

    /** Every route of every session, so that one that is no longer configured ends. */
    private void routes(final Tenant tenant) {
        final List<Integer> sessions = new ArrayList<>();
        tenant.desks().forEach(desk -> sessions.add(desk.sessionId()));
        tenant.clients().forEach(client -> sessions.add(client.sessionId()));
        for (final int session : sessions) {
            for (final RateRoute route : new RateRoute[] {RateRoute.NEW, RateRoute.REPLACE, RateRoute.STATUS}) {
                rate(session, route, tenant.controls().routes().stream()
                    .filter(r -> r.sessionId() == session && r.route() == route).map(TenantControls.Route::rate)
                    .findFirst().orElse(RateClass.NONE));
            }
        }
    }

    private void rate(final int session, final RateRoute route, final RateClass rate) {
        final RateConfigEncoder encoder = new RateConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.sessionId(session).route(route).capacity(rate.burst()).perSecond(rate.perSecond());
        add("rate class", encoder.encodedLength());
    }

    private void guards(final Tenant tenant) {
        guard(GuardKind.DEAD_MAN, tenant.id(), tenant.controls().deadMan());
        for (final GuardKind kind : new GuardKind[] {GuardKind.DESK_REJECTS, GuardKind.STRATEGY_REJECTS}) {
            final Optional<TenantControls.RejectRule> rule =
                tenant.controls().rejects().stream().filter(r -> r.kind() == kind).findFirst();
            guard(kind, tenant.id(), rule.map(TenantControls.RejectRule::withinMs).orElse(0),
                rule.map(TenantControls.RejectRule::rejects).orElse(0),
                rule.map(TenantControls.RejectRule::state).orElse(TradingState.CANCEL_ONLY),
                rule.map(TenantControls.RejectRule::cancelOpen).orElse(false));
        }
    }

    private void guard(final GuardKind kind, final int tenantId, final Optional<TenantControls.DeadMan> deadMan) {
        guard(kind, tenantId, deadMan.map(TenantControls.DeadMan::withinMs).orElse(0), 0,
            deadMan.map(TenantControls.DeadMan::state).orElse(TradingState.HALTED),
            deadMan.map(TenantControls.DeadMan::cancelOpen).orElse(false));
    }

    private void guard(final GuardKind kind, final int tenantId, final int withinMs, final int rejects,
        final TradingState state, final boolean cancelOpen) {
        final GuardConfigEncoder encoder = new GuardConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.kind(kind).tenantId(tenantId).withinMs(withinMs).rejects(rejects).state(state)
            .cancelOpen(cancelOpen ? BooleanType.TRUE : BooleanType.FALSE);
        add("guard", encoder.encodedLength());
    }

    private void risk(final Tenant tenant) {
        final RiskConfigEncoder encoder = new RiskConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.tenantId(tenant.id()).whole(BooleanType.TRUE).actor("configuration");
        final List<Tenant.Control> controls = tenant.risk().controls();
        final RiskConfigEncoder.LimitsEncoder limits = encoder.limitsCount(controls.size());
        for (final Tenant.Control control : controls) {
            limits.next().limit(control.key().limit()).targetId(target(control)).newValue(control.value())
                .oldValue(RiskConfigEncoder.LimitsEncoder.oldValueNullValue());
        }
        encoder.why("");
        add("risk of " + tenant.name(), encoder.encodedLength());
    }

    private int target(final Tenant.Control control) {
        if (control.target().isEmpty()) {
            return 0;
        }
        return control.key() == RiskKey.RESTRICTED_VENUE ? config.venue(control.target()).orElseThrow().id()
            : config.instrument(control.target()).orElseThrow().id();
    }

    private static void permissions(final PermissionsEncoder bits, final Set<Permission> granted) {
        bits.clear().newOrder(granted.contains(Permission.NEW_ORDER)).replace(granted.contains(Permission.REPLACE))
            .cancel(granted.contains(Permission.CANCEL)).status(granted.contains(Permission.STATUS))
            .massCancel(granted.contains(Permission.MASS_CANCEL)).market(granted.contains(Permission.MARKET));
    }

    private void grant(final Tenant tenant, final Tenant.InitialGrant grant) {
        final GrantEncoder encoder = new GrantEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.grantId(grant.grantId()).tenantId(tenant.id()).kind(grant.kind()).amountMicros(grant.amountMicros())
            .reference(grant.reference());
        add("grant " + grant.grantId(), encoder.encodedLength());
    }

    private void price(final Instrument instrument, final long observedNs) {
        instrument.reference().ifPresent(price -> {
            final ReferencePriceEncoder encoder = new ReferencePriceEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.instrumentId(instrument.id()).bid(price.bidE8()).ask(price.askE8()).last(price.lastE8())
                .observedNs(observedNs);
            add("price of " + instrument.symbol(), encoder.encodedLength());
        });
    }
}
