package weir.config.run;

import weir.config.model.RouterSettings;
import weir.config.model.Venue;
import weir.config.model.WeirConfig;
import weir.engine.RouterCore;

/** Turns the configured sizes into the context of the core. */
final class CoreWiring {
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
            .openOrderCapacity(engine.maxOpenOrders())
            .clOrdIdCapacity(engine.clOrdIdsPerDay())
            .clOrdIdsPerSessionDay(engine.clOrdIdsPerDay())
            .executionCapacity(engine.maxTrades())
            .grantCapacity(engine.maxGrants());
    }
}
