package weir.config.recovery;

import weir.config.model.RouterSettings;

/**
 * Heap that cores take: their tables, all of them made at start. Bytes per entry are measured (64-bit JVM, compressed
 * oops) and rounded up; the fixed part holds what does not grow with a setting.
 */
public final class CoreSpace {
    private static final long FIXED_BYTES = 52L << 20;
    private static final long TENANT_BYTES = 6_800;
    private static final long SESSION_BYTES = 3_400;
    private static final long INSTRUMENT_BYTES = 430;
    private static final long ACCOUNT_BYTES = 5_930;
    private static final long OPEN_ORDER_BYTES = 1_050;
    private static final long CL_ORD_ID_BYTES = 133;
    private static final long TRADE_BYTES = 29;
    private static final long GRANT_BYTES = 33;

    private CoreSpace() {
    }

    /**
     * Heap of one core.
     *
     * @param engine sizes of its tables
     * @return bytes
     */
    public static long coreBytes(final RouterSettings.Engine engine) {
        return FIXED_BYTES
            + engine.maxTenants() * TENANT_BYTES
            + engine.maxSessions() * SESSION_BYTES
            + engine.maxInstruments() * INSTRUMENT_BYTES
            + engine.maxAccounts() * ACCOUNT_BYTES
            + engine.maxOpenOrders() * OPEN_ORDER_BYTES
            + engine.clOrdIdsPerDay() * CL_ORD_ID_BYTES
            + engine.maxTrades() * TRADE_BYTES
            + engine.maxGrants() * GRANT_BYTES;
    }

    /**
     * Cores that a router holds.
     *
     * @param settings of the router
     * @return 2 with snapshots, whose maker is a core of its own
     */
    public static int cores(final RouterSettings settings) {
        return settings.snapshot().enabled() ? 2 : 1;
    }
}
