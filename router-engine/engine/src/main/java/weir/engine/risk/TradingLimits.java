package weir.engine.risk;

import weir.engine.registry.Registry;
import weir.engine.snapshot.StateImage;

/**
 * Limits of the pre-trade controls, per tenant by the raw value of RiskLimit, and per tenant with an instrument or
 * venue. 0 = off. All are off until a RiskConfig(40) sets them; it acts on the next order. Engine thread only.
 */
public final class TradingLimits {
    /** Most of the worst-case values over instruments, quote currency E8. */
    public static final int MAX_GROSS_EXPOSURE = 4;
    /** Most of the worst-case value over all instruments, signed, quote currency E8. */
    public static final int MAX_NET_EXPOSURE = 5;
    /** Most of what is open and not executed, quote currency E8. */
    public static final int MAX_UNEXECUTED = 6;
    /** Most of an instrument, long or short, open orders counted; E8. */
    public static final int MAX_POSITION = 7;
    /** SelfTradePrevention, raw. */
    public static final int SELF_TRADE_PREVENTION = 9;
    /** Tenants of one group are one party. */
    public static final int SELF_TRADE_GROUP = 10;
    /** Time in which the same order counts as sent twice, ms. */
    public static final int DUPLICATE_WINDOW_MS = 11;
    /** Executed orders of a strategy until it is locked. */
    public static final int EXECUTIONS_MAX = 14;
    /** Time in which they count, ms; 0 = since a person enabled it. */
    public static final int EXECUTIONS_WINDOW_MS = 15;
    /** Equal rejects in a row until a strategy is locked. */
    public static final int LOOP_REJECTS_MAX = 16;
    /** Age at which an open order is cancelled, ms. */
    public static final int ORDER_TTL_MS = 17;
    /** Distance from the first price of the period, basis points. */
    public static final int PERIOD_COLLAR_BPS = 18;
    /** Length of the period, ms. */
    public static final int PERIOD_COLLAR_MS = 19;
    /** 1 = a post-only order that would take at the reference price is refused. */
    public static final int POST_ONLY_MUST_REST = 22;
    /** Most estimated fee of an order, quote currency E8. */
    public static final int MAX_FEE = 23;
    /** Fee of a post-only order, millionths of its notional. */
    public static final int MAKER_FEE_PPM = 24;
    /** Fee of any other order, millionths of its notional. */
    public static final int TAKER_FEE_PPM = 25;
    /** Values of RiskLimit. */
    public static final int COUNT = 26;
    private static final int ROW = 32;

    private final Registry registry;
    private final Holdings holdings;
    private final int words;
    private final long[] limits;
    private final long[] restrictedInstruments;
    private final long[] restrictedVenues;

    /**
     * Makes limits that are all off.
     *
     * @param registry           tenants and instruments
     * @param holdings           rows per tenant and instrument
     * @param tenantCapacity     tenant slots
     * @param instrumentCapacity instrument slots
     */
    public TradingLimits(final Registry registry, final Holdings holdings, final int tenantCapacity,
        final int instrumentCapacity) {
        this.registry = registry;
        this.holdings = holdings;
        words = instrumentCapacity + 63 >> 6;
        limits = new long[Math.multiplyExact(tenantCapacity, ROW)];
        restrictedInstruments = new long[tenantCapacity * words];
        restrictedVenues = new long[tenantCapacity];
    }

    /**
     * A limit of a tenant.
     *
     * @param tenant tenant slot
     * @param limit  one of the constants
     * @return value in force, 0 = off
     */
    public long of(final int tenant, final int limit) {
        return limits[tenant * ROW + limit];
    }

    /**
     * Sets a limit of a tenant.
     *
     * @param tenant tenant slot
     * @param limit  one of the constants
     * @param value  0 = off
     */
    public void set(final int tenant, final int limit, final long value) {
        limits[tenant * ROW + limit] = value;
    }

    /**
     * Switches all of a tenant off.
     *
     * @param tenant tenant slot
     */
    public void clear(final int tenant) {
        java.util.Arrays.fill(limits, tenant * ROW, tenant * ROW + ROW, 0);
        holdings.clearLimits(tenant);
        java.util.Arrays.fill(restrictedInstruments, tenant * words, (tenant + 1) * words, 0);
        restrictedVenues[tenant] = 0;
    }

    /**
     * Largest position: the instrument's own, else that of all.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return E8, 0 = no bound
     */
    public long maxPosition(final int tenant, final int instrument) {
        final long own = ownMaxPosition(tenant, instrument);
        return own != 0 ? own : limits[tenant * ROW + MAX_POSITION];
    }

    /**
     * The instrument's own largest position.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return E8, 0 = that of all instruments holds
     */
    public long ownMaxPosition(final int tenant, final int instrument) {
        return holdings.rows[holdings.find(tenant, instrument) + Holdings.MAX_POSITION];
    }

    /**
     * Sets the instrument's own largest position.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param qty        E8, 0 = that of all instruments holds
     */
    public void ownMaxPosition(final int tenant, final int instrument, final long qty) {
        holdings.rows[holdings.claim(tenant, instrument) + Holdings.MAX_POSITION] = qty;
    }

    /**
     * Is the instrument on the tenant's restricted list?
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @return true when new orders in it are refused
     */
    public boolean isRestricted(final int tenant, final int instrument) {
        return (restrictedInstruments[tenant * words + (instrument >> 6)] & 1L << instrument) != 0;
    }

    /**
     * Puts an instrument on the list or takes it off.
     *
     * @param tenant     tenant slot
     * @param instrument instrument slot
     * @param on         restricted
     */
    public void restrict(final int tenant, final int instrument, final boolean on) {
        final int word = tenant * words + (instrument >> 6);
        restrictedInstruments[word] = on ? restrictedInstruments[word] | 1L << instrument
            : restrictedInstruments[word] & ~(1L << instrument);
    }

    /**
     * Is the venue on the tenant's restricted list?
     *
     * @param tenant  tenant slot
     * @param venueId venue id
     * @return true when new orders at it are refused
     */
    public boolean isVenueRestricted(final int tenant, final int venueId) {
        return (restrictedVenues[tenant] & 1L << venueId) != 0;
    }

    /**
     * Puts a venue on the list or takes it off.
     *
     * @param tenant  tenant slot
     * @param venueId venue id
     * @param on      restricted
     */
    public void restrictVenue(final int tenant, final int venueId, final boolean on) {
        restrictedVenues[tenant] = on ? restrictedVenues[tenant] | 1L << venueId
            : restrictedVenues[tenant] & ~(1L << venueId);
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("trading-limits", 1);
        final int tenants = registry.tenants.index.size();
        image.first(limits, tenants * ROW);
        image.first(restrictedVenues, tenants);
        for (int t = 0; t < tenants; t++) {
            image.column(restrictedInstruments, t * words, (t + 1) * words);
        }
    }
}
