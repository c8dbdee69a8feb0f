package weir.engine.registry;

import weir.engine.snapshot.StateImage;
import weir.protocol.sbe.MessageHeaderDecoder;

/** All tables of configured things and the conditions of the process that admission depends on. */
public final class Registry {
    /** Sessions. */
    public final Sessions sessions;
    /** Tenants. */
    public final Tenants tenants;
    /** Accounts. */
    public final Accounts accounts;
    /** Instruments. */
    public final Instruments instruments;
    /** Venues. */
    public final VenueBook venues = new VenueBook();
    /** Strategies with a state of their own. */
    public final Strategies strategies;
    /** What desks suspended themselves. */
    public final Suspensions suspensions;
    /** TradingState of the whole router, raw. */
    public byte globalState;
    /** SystemCondition raw to active. */
    public final boolean[] conditions = new boolean[8];
    /**
     * Schema version by whose rules inputs are judged: the current one, and while a journal is replayed that of the
     * record, so that a rule that came later changes no verdict of the past.
     */
    public int rulesVersion = MessageHeaderDecoder.SCHEMA_VERSION;
    /** Value reported with a condition. */
    public final long[] conditionValues = new long[8];
    /** CLOCK_SKEW per venue id; 0 = the host itself. */
    public final boolean[] clockSkewed = new boolean[VenueBook.CAPACITY];
    /** Distance reported with it, milliseconds; kept after its end. */
    public final long[] clockSkewMs = new long[VenueBook.CAPACITY];
    /** No session can take the ClOrdIDs of all, no tenant the strategies of all. */
    private static final int SHARES_SINCE = 3;
    /** Of the strategies' slots, what is left to operators: one in so many. */
    private static final int OPERATORS_PART = 4;
    /** So long what a guard counted keeps its slot against other tenants. */
    private static final long COUNTED_FOR_NS = 3_600_000_000_000L;

    private final Routes routes;
    private long changes = 1;

    /**
     * Makes empty tables.
     *
     * @param sessionCapacity    most sessions
     * @param tenantCapacity     most tenants
     * @param accountCapacity    most accounts
     * @param instrumentCapacity most instruments
     * @param strategyCapacity   most strategies with a switch
     */
    public Registry(final int sessionCapacity, final int tenantCapacity, final int accountCapacity,
        final int instrumentCapacity, final int strategyCapacity) {
        sessions = new Sessions(sessionCapacity);
        tenants = new Tenants(tenantCapacity, instrumentCapacity);
        accounts = new Accounts(accountCapacity);
        instruments = new Instruments(instrumentCapacity);
        strategies = new Strategies(strategyCapacity);
        suspensions = new Suspensions(sessionCapacity, tenantCapacity);
        routes = new Routes(tenants, accounts);
    }

    /**
     * Slot of a strategy for what an operator says, which is made when it is new.
     *
     * @param tenantId   tenant id, 0 = of any tenant
     * @param strategyId strategy
     * @return slot, -1 when every one has a state
     */
    public int strategyForOperator(final int tenantId, final int strategyId) {
        return strategies.add(tenantId, strategyId, 0,
            rulesVersion >= SHARES_SINCE ? Long.MAX_VALUE : Long.MIN_VALUE);
    }

    /**
     * Slot of a strategy for what a desk says or does, which is made when it is new.
     *
     * @param tenantId   tenant id
     * @param strategyId strategy
     * @param nowNs      now
     * @return slot, -1 when there is no room
     */
    public int strategyForDesk(final int tenantId, final int strategyId, final long nowNs) {
        return rulesVersion >= SHARES_SINCE
            ? strategies.add(tenantId, strategyId, strategies.capacity() / OPERATORS_PART, nowNs - COUNTED_FOR_NS)
            : strategies.add(tenantId, strategyId, 0, Long.MIN_VALUE);
    }

    /**
     * Something that is configured or switched changes, prices and the state of venues' connections excepted: what was
     * worked out from these tables is to be worked out anew.
     */
    public void changed() {
        changes++;
    }

    /**
     * Number of the latest change.
     *
     * @return never the same again once {@link #changed} was called, since this registry was made; not state
     */
    public long changes() {
        return changes;
    }

    /**
     * Sessions that have a share of the ClOrdIDs.
     *
     * @return sessions configured; 0 = by the rules in force whoever comes first takes all
     */
    public int sharers() {
        return rulesVersion >= SHARES_SINCE ? sessions.index.size() : 0;
    }

    /**
     * Account that a tenant's orders for a venue go to: its default account when it is there, else its first there.
     *
     * @param tenant  tenant slot
     * @param venueId venue
     * @return account slot, -1 when it has none
     */
    public int route(final int tenant, final int venueId) {
        return routes.of(tenant, venueId);
    }

    /**
     * Number of tenants whose orders can reach a venue; its queue is shared between them.
     *
     * @param venueId venue
     * @return at least 1
     */
    public int tenantsAt(final int venueId) {
        return Math.max(1, routes.tenantsAt(venueId));
    }

    /**
     * A tenant's configuration changed.
     *
     * @param tenant tenant slot
     */
    public void tenantChanged(final int tenant) {
        routes.tenantChanged(tenant);
    }

    /**
     * An account's configuration changed.
     *
     * @param account        account slot
     * @param formerTenantId tenant id it had, 0 = none
     */
    public void accountChanged(final int account, final int formerTenantId) {
        routes.accountChanged(account, formerTenantId);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        sessions.image(image);
        tenants.image(image);
        accounts.image(image);
        instruments.image(image);
        venues.image(image);
        strategies.image(image);
        suspensions.image(image);
        image.section("registry", 2);
        globalState = image.value(globalState);
        image.column(conditions);
        image.column(conditionValues);
        image.column(clockSkewed);
        image.column(clockSkewMs);
        if (image.loading()) {
            routes.allChanged();
            changed();
        }
    }

    /**
     * Whether a tenant's orders can meet a venue: it has an account there, or shares one.
     *
     * @param tenant  tenant slot
     * @param venueId venue
     * @return true when what happens at the venue concerns it
     */
    public boolean isAt(final int tenant, final int venueId) {
        return route(tenant, venueId) >= 0;
    }
}
