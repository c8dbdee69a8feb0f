package weir.config.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.LimitShape;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.WireCosts;
import weir.venue.WireLimits;

/**
 * What contracts limit at the wire by the venue's names of requests: one {@link WireLimits} a venue, as its adapter and
 * its market data spend the same. Thread of the launch.
 */
final class WireContracts {
    private static final int WHOLE_BPS = 10_000;

    private final Map<Integer, WireLimits> limits = new HashMap<>();

    WireContracts(final WeirConfig config) {
        config.venues().forEach(venue -> limits.put(venue.id(), of(venue, config.accountsAt(venue.name()))));
    }

    /**
     * Limits of a venue.
     *
     * @param venueId one of {@link Venues}
     * @return the same for every caller
     */
    WireLimits of(final int venueId) {
        return limits.computeIfAbsent(venueId, id -> WireLimits.none());
    }

    /**
     * All limits of a contract at the wire that name a request.
     *
     * @param venue    its contract
     * @param accounts there
     * @return nothing spent yet
     */
    static WireLimits of(final Venue venue, final List<VenueAccount> accounts) {
        final List<WireLimits.Limit> all = new ArrayList<>();
        for (final VenueLimit limit : venue.limitsAt(VenueLimit.Place.WIRE)) {
            if (!limit.methods().isEmpty()) {
                final Map<String, WireLimits.Cost> costs = new HashMap<>();
                limit.methods().forEach((name, cost) ->
                    costs.put(name, new WireLimits.Cost(cost.fixedCost(), cost.itemCost())));
                all.add(new WireLimits.Limit(limit.name(), limit.scope(), limit.shape(), limit.effectiveCapacity(),
                    limit.periodNs(), limit.refillPerSecond() * (WHOLE_BPS - limit.marginBps()) / WHOLE_BPS, costs));
            }
        }
        final Map<Integer, VenueAccount.Scopes> scopes = new HashMap<>();
        accounts.forEach(account -> scopes.put(account.id(), account.scopes()));
        return new WireLimits(venue.name(), all, (scope, accountId) ->
            key(scope, accountId, scopes.getOrDefault(accountId, VenueAccount.Scopes.DEFAULT)));
    }

    /** Accounts that say the same number are counted together; a number of theirs is no account's. */
    private static int key(final LimitScope scope, final int accountId, final VenueAccount.Scopes scopes) {
        switch (scope) {
            case IP:
                return scopes.address();
            case ACCOUNT:
                return scopes.owner() == 0 ? accountId : -scopes.owner();
            case KEY:
                return scopes.key() == 0 ? accountId : -scopes.key();
            default:
                return accountId;
        }
    }

    /**
     * What requests cost of some of a contract's limits.
     *
     * @param venue its contract
     * @param which limits; a request that several name costs what the last says
     * @return costs
     */
    static WireCosts costs(final Venue venue, final Predicate<VenueLimit> which) {
        final Map<String, Integer> methods = new HashMap<>();
        final Map<VenueMessageKind, Integer> kinds = new EnumMap<>(VenueMessageKind.class);
        venue.limitsAt(VenueLimit.Place.WIRE).stream().filter(which).forEach(limit -> {
            limit.methods().forEach((name, cost) -> methods.put(name, cost.fixedCost() + cost.itemCost()));
            limit.costs().forEach(cost -> kinds.put(cost.kind(), (int) cost.cost(1)));
        });
        return new WireCosts(methods, kinds);
    }

    /** Whether a limit is a pool of credits. */
    static boolean isCredit(final VenueLimit limit) {
        return limit.shape() == LimitShape.CREDIT;
    }
}
