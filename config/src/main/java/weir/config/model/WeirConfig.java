package weir.config.model;

import java.util.List;
import java.util.Optional;

/**
 * Everything that the configuration files say. References between parts have been checked by the loader: each name
 * that a part mentions exists.
 *
 * @param router      process-wide settings
 * @param acceptor    FIX acceptor for desks
 * @param billing     billing process
 * @param venues      in order of venue id
 * @param instruments in order of instrument id
 * @param plans       in order of plan id, then version
 * @param tenants     in order of tenant id
 */
public record WeirConfig(RouterSettings router, AcceptorSettings acceptor, BillingSettings billing, List<Venue> venues,
    List<Instrument> instruments, List<Plan> plans, List<Tenant> tenants) {

    /** Copies the lists. */
    public WeirConfig {
        venues = List.copyOf(venues);
        instruments = List.copyOf(instruments);
        plans = List.copyOf(plans);
        tenants = List.copyOf(tenants);
    }

    /**
     * Venue of a name.
     *
     * @param name as in the file
     * @return empty when there is none
     */
    public Optional<Venue> venue(final String name) {
        return venues.stream().filter(v -> v.name().equals(name)).findFirst();
    }

    /**
     * Accounts of all tenants at a venue.
     *
     * @param venue as in {@link weir.protocol.Venues#name(int)}
     * @return in the order of the tenants' files
     */
    public List<VenueAccount> accountsAt(final String venue) {
        return tenants.stream().flatMap(tenant -> tenant.accounts().stream())
            .filter(account -> account.venue().equals(venue)).toList();
    }

    /**
     * Instrument of a desk symbol.
     *
     * @param symbol Symbol(55)
     * @return empty when there is none
     */
    public Optional<Instrument> instrument(final String symbol) {
        return instruments.stream().filter(i -> i.symbol().equals(symbol)).findFirst();
    }

    /**
     * A plan of a name, in any version (all versions share one id).
     *
     * @param name as in the file
     * @return empty when there is none
     */
    public Optional<Plan> plan(final String name) {
        return plans.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /**
     * Versions of a plan.
     *
     * @param planId plan
     * @return by version; none when there is no such plan
     */
    public List<Plan> versions(final int planId) {
        return plans.stream().filter(plan -> plan.id() == planId).toList();
    }

    /**
     * Tenant of a name.
     *
     * @param name as in the file
     * @return empty when there is none
     */
    public Optional<Tenant> tenant(final String name) {
        return tenants.stream().filter(t -> t.name().equals(name)).findFirst();
    }

    /**
     * Venue account of a name, of whichever tenant.
     *
     * @param name as in the file
     * @return empty when there is none
     */
    public Optional<VenueAccount> account(final String name) {
        return tenants.stream().flatMap(t -> t.accounts().stream()).filter(a -> a.name().equals(name)).findFirst();
    }
}
