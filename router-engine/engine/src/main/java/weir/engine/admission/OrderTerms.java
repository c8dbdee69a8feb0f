package weir.engine.admission;

import org.agrona.DirectBuffer;

/**
 * What configuration and switches say of a session's orders in an instrument, side by side: worked out when an order
 * passed the checks of its sender and its permission, and in force until the registry changes. What changes with every
 * order or price is not in here. Engine thread only.
 */
public final class OrderTerms {
    private static final int MARKET = 1;
    private static final int MAY_MARKET = 1 << 5;

    /** Permissions of session and tenant, bits. */
    public int permissions;
    /** Tenant slot. */
    public int tenant;
    /** Instrument slot. */
    public int instrument;
    /** Instrument id. */
    public int instrumentId;
    /** Venue id. */
    public int venue;
    /** Slot of the account that orders go to, -1 = none. */
    public int account;
    /** Its id, 0 = none. */
    public int accountId;
    /** Most open orders; 0 = no cap. */
    public int maxOpenOrders;
    /** SelfTradePrevention of the tenant, raw. */
    public int selfTradePrevention;
    /** Is the conduct of the tenant's strategies watched? */
    boolean watches;
    /** InstrumentKind, raw. */
    int kind;
    /** Price collar, basis points; 0 = none. */
    int collarBps;
    /** Contract size, E8. */
    long multiplier;
    /** Quantity step, E8; 0 = any. */
    long lotSize;
    /** Price step, E8; 0 = any. */
    long tickSize;
    /** Smallest quantity, E8. */
    long minQty;
    /** Smallest notional, E8. */
    long minNotional;
    /** Largest quantity, E8; 0 = none. */
    long maxOrderQty;
    /** Largest notional, E8; 0 = none. */
    long maxNotional;
    /** Collar of the period, basis points; 0 = none. */
    long periodBps;
    /** Length of a period, ns. */
    long periodNs;
    /** May a post-only order not take? */
    boolean postOnlyMustRest;
    /** Most estimated fee, E8; 0 = none. */
    long maxFee;
    /** Fee of a post-only order, millionths. */
    long makerPpm;
    /** Fee of any other order, millionths. */
    long takerPpm;
    /** Time in which the same order counts as sent twice, ms; 0 = none. */
    long duplicateMs;
    /** Session and instrument as {@link weir.engine.risk.RecentOrders} has them. */
    long what;
    /** Largest position, E8; 0 = none. */
    long maxPosition;
    /** Most open notional, E8; 0 = none. */
    long maxUnexecuted;
    /** Most net exposure, E8; 0 = none. */
    long maxNet;
    /** Most gross exposure, E8; 0 = none. */
    long maxGross;
    /** Row of tenant and instrument; NOTHING while there is none. */
    public int row;
    /** Number of the registry's change by which this was worked out; 0 = by none. */
    private long madeBy;
    private int session;
    private long symbol0;
    private long symbol8;
    private int symbol16;

    /** Of nobody. */
    OrderTerms() {
    }

    /**
     * May the session send that?
     *
     * @param bit     permission
     * @param ordType OrdType(40) of the order
     * @return true when both are permitted
     */
    public boolean permits(final int bit, final int ordType) {
        return permit(permissions, bit, ordType);
    }

    /**
     * Do permissions contain one, for a market order that of market orders, too?
     *
     * @param permissions bits
     * @param bit         permission
     * @param ordType     OrdType(40) of the order
     * @return true when they do
     */
    public static boolean permit(final int permissions, final int bit, final int ordType) {
        final int needed = ordType == MARKET ? bit | MAY_MARKET : bit;
        return (permissions & needed) == needed;
    }

    /**
     * Reads a little of each cache line, wherever a field is: see {@code LookAhead}.
     *
     * @return of no meaning
     */
    public long touch() {
        return multiplier + maxNotional + what + madeBy + permissions + account + row + symbol8;
    }

    /** Is any limit of exposure on, so that an order needs a value? */
    boolean boundsExposure() {
        return (maxGross | maxNet | maxUnexecuted) != 0;
    }

    /**
     * Are these the terms of a session and symbol, and in force?
     *
     * @param changes of the registry
     * @param sender  session slot
     * @param s0      bytes of Symbol(55) from 0
     * @param s8      bytes from 8
     * @param s16     bytes from 16
     * @return true when nothing that they are made of changed since
     */
    boolean are(final long changes, final int sender, final long s0, final long s8, final int s16) {
        return madeBy == changes && session == sender && symbol0 == s0 && symbol8 == s8 && symbol16 == s16;
    }

    /** From now on they are those of a session and symbol. */
    void become(final long changes, final int sender, final DirectBuffer buffer, final int symbol) {
        madeBy = changes;
        session = sender;
        symbol0 = buffer.getLong(symbol);
        symbol8 = buffer.getLong(symbol + 8);
        symbol16 = buffer.getInt(symbol + 16);
    }
}
