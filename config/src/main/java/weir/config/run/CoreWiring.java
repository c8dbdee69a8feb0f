package weir.config.run;

import weir.config.model.RouterSettings;
import weir.config.model.Venue;
import weir.config.model.WeirConfig;
import weir.engine.RouterCore;

/** Turns the configured sizes into the context of the core. */
final class CoreWiring {
    /** Limits of the contract times what an account trades: a limit may be counted per instrument. */
    private static final int LIMIT_STATES_PER_ACCOUNT = 16;
    /** Send times that an account's sliding windows hold. */
    private static final int LIMIT_LOG_PER_ACCOUNT = 128;
    private static final int LIMIT_STATES_MIN = 1 << 12;
    private static final int LIMIT_LOG_MIN = 1 << 18;

    private CoreWiring() {
    }

    static RouterCore.Context context(final WeirConfig config) {
        final RouterSettings.Engine engine = config.router().engine();
        return new RouterCore.Context()
            .venueIds(config.venues().stream().mapToInt(Venue::id).toArray())
            .sessionCapacity(engine.maxSessions())
            .tenantCapacity(engine.maxTenants())
            .accountCapacity(engine.maxAccounts())
            .instrumentCapacity(engine.maxInstruments())
            .limitStateCapacity(Math.max(LIMIT_STATES_MIN, engine.maxAccounts() * LIMIT_STATES_PER_ACCOUNT))
            .limitLogCapacity(Math.max(LIMIT_LOG_MIN, engine.maxAccounts() * LIMIT_LOG_PER_ACCOUNT))
            .openOrderCapacity(engine.maxOpenOrders())
            .clOrdIdCapacity(engine.clOrdIdsPerDay())
            .clOrdIdsPerSessionDay(engine.clOrdIdsPerDay())
            .executionCapacity(engine.maxTrades())
            .grantCapacity(engine.maxGrants());
    }
}
