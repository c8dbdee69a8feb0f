package weir.engine.registry;

import weir.engine.snapshot.StateImage;

/** Paying clients and their risk limits. Columns are indexed by slot; the engine thread alone writes them. */
public final class Tenants {
    /** Tenant id to slot. */
    public final IdIndex index;
    /** TradingState by configuration, raw. */
    public final byte[] configState;
    /** TradingState by kill switch, raw. */
    public final byte[] switchState;
    /** Account id that orders go to. */
    public final int[] defaultAccountId;
    /** Largest OrderQty(38), E8; 0 = none. */
    public final long[] maxOrderQty;
    /** Largest notional, E8; 0 = none. */
    public final long[] maxNotional;
    /** Most open orders; 0 = no cap. */
    public final int[] maxOpenOrders;
    /** Permissions bits. */
    public final int[] permissions;
    /** Price collar around the reference price, basis points; 0 = none. */
    public final int[] priceCollarBps;
    /** Orders not final. */
    public final int[] openOrders;
    /** Start of the current DAY, WEEK and MONTH by PeriodRoll, four per tenant (PeriodKind raw). */
    public final long[] periodStartNs;
    /** Every instrument is permitted (the configuration lists none). */
    public final boolean[] allInstruments;
    /** Configuration in force. */
    public final ConfigFrames frames;
    private final long[] instrumentBits;
    private final int wordsPerTenant;

    /**
     * Makes empty columns.
     *
     * @param capacity    most tenants
     * @param instruments most instruments
     */
    public Tenants(final int capacity, final int instruments) {
        index = new IdIndex(capacity);
        configState = new byte[capacity];
        switchState = new byte[capacity];
        defaultAccountId = new int[capacity];
        maxOrderQty = new long[capacity];
        maxNotional = new long[capacity];
        maxOpenOrders = new int[capacity];
        permissions = new int[capacity];
        priceCollarBps = new int[capacity];
        openOrders = new int[capacity];
        periodStartNs = new long[capacity * 4];
        allInstruments = new boolean[capacity];
        frames = new ConfigFrames(capacity, 1408);
        wordsPerTenant = instruments + 63 >> 6;
        instrumentBits = new long[capacity * wordsPerTenant];
    }

    /**
     * Slot of a tenant.
     *
     * @param tenantId id
     * @return slot or -1
     */
    public int slotOf(final int tenantId) {
        return index.slotOf(tenantId);
    }

    /**
     * Trading state in force: the stricter of configuration and switch.
     *
     * @param slot tenant
     * @return TradingState, raw
     */
    public int state(final int slot) {
        return Math.max(configState[slot], switchState[slot]);
    }

    /**
     * May the tenant trade the instrument?
     *
     * @param slot       tenant
     * @param instrument instrument slot
     * @return true when permitted
     */
    public boolean permits(final int slot, final int instrument) {
        return allInstruments[slot]
            || (instrumentBits[slot * wordsPerTenant + (instrument >> 6)] & 1L << instrument) != 0;
    }

    /**
     * Takes every instrument from the tenant's list.
     *
     * @param slot tenant
     */
    public void clearInstruments(final int slot) {
        for (int i = 0; i < wordsPerTenant; i++) {
            instrumentBits[slot * wordsPerTenant + i] = 0;
        }
    }

    /**
     * Adds an instrument to the tenant's list.
     *
     * @param slot       tenant
     * @param instrument instrument slot
     */
    public void permit(final int slot, final int instrument) {
        instrumentBits[slot * wordsPerTenant + (instrument >> 6)] |= 1L << instrument;
    }

    /**
     * Hands over the fields, to be saved or filled again.
     *
     * @param image takes them
     */
    public void image(final StateImage image) {
        image.section("tenants", 2);
        index.image(image);
        image.column(configState);
        image.column(switchState);
        image.column(defaultAccountId);
        image.column(maxOrderQty);
        image.column(maxNotional);
        image.column(maxOpenOrders);
        image.column(permissions);
        image.column(priceCollarBps);
        image.column(openOrders);
        image.column(periodStartNs);
        image.column(allInstruments);
        for (int slot = 0; slot < index.size(); slot++) {
            image.column(instrumentBits, slot * wordsPerTenant, (slot + 1) * wordsPerTenant);
        }
        frames.image(image);
    }
}
