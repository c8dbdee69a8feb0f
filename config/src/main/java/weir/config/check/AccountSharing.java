package weir.config.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueLimit;
import weir.config.model.VenueLink;
import weir.config.model.WeirConfig;
import weir.config.yaml.Forms;
import weir.config.yaml.Location;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;
import weir.protocol.Venues;
import weir.protocol.sbe.LimitScope;

/**
 * What one tenant's trading can do to another's: through an account that is shared on purpose, through a limit that a
 * venue counts per address, and, as an error, through one venue key under two account names.
 */
public final class AccountSharing {
    private AccountSharing() {
    }

    /**
     * What acts across tenants.
     *
     * @param config the configuration
     * @return a sentence each: shared accounts with more than one user, then, venue by venue, a self-trade strategy
     *         that reaches other accounts, and limits per address
     */
    public static List<String> acrossTenants(final WeirConfig config) {
        final List<String> sentences = new ArrayList<>();
        for (final Tenant owner : config.tenants()) {
            for (final VenueAccount account : owner.accounts()) {
                final List<String> users = config.tenants().stream()
                    .filter(t -> t == owner || t.defaultAccount().equals(account.name())).map(Tenant::name).toList();
                if (account.shared() && users.size() > 1) {
                    sentences.add(shared(config, account, users));
                }
            }
        }
        for (final Venue venue : config.venues()) {
            final List<String> users = config.tenants().stream().filter(t -> trades(config, t, venue))
                .map(Tenant::name).toList();
            if (users.size() > 1 && hasOneStrategy(Optional.of(venue))) {
                sentences.add("self-trade strategy of " + venue.name() + ": cancel-newest (REJECT_TAKER) refuses an"
                    + " order that meets one of any sub-account of the same owner: " + String.join(", ", users)
                    + " act on each other where their accounts are sub-accounts of one");
            }
            for (final VenueLimit limit : venue.limits()) {
                if (users.size() > 1 && limit.scope() == LimitScope.IP) {
                    sentences.add("limit " + limit.name() + " of " + venue.name() + " counts the address: "
                        + String.join(", ", users) + " spend one budget, new orders in turns by tenant");
                }
            }
        }
        return sentences;
    }

    /**
     * Venue keys that stand behind two accounts. Behind both is one account of the venue: its session, limits,
     * self-trade scope, dead man and mass cancel would act across them without being declared.
     *
     * @param config  the configuration
     * @param secrets resolves the keys; their values are compared and not kept
     * @return a problem for each account whose key an account before it has
     */
    public static List<Problem> keysUsedTwice(final WeirConfig config, final SecretResolver secrets) {
        final List<Problem> problems = new ArrayList<>();
        final Map<String, String> accountByKey = new HashMap<>();
        for (final VenueAccount account : accounts(config)) {
            final SecretRef ref = account.apiKey();
            final Optional<String> key = value(secrets, ref);
            final String first = key.isEmpty() ? null
                : accountByKey.putIfAbsent(account.venue() + '\n' + key.get(), account.name());
            if (first != null) {
                problems.add(new Problem(ProblemCode.CONFIG_CONFLICT, new Location(ref.file(), ref.line(), 1),
                    "accounts.apiKey", "a key that no other account of " + account.venue() + " has",
                    "the key of account " + first, "give " + account.name() + " a key of its own, or share " + first
                        + " on purpose: shared: true there and defaultAccount: " + first + " here"));
            }
        }
        return problems;
    }

    private static List<VenueAccount> accounts(final WeirConfig config) {
        return config.tenants().stream().flatMap(t -> t.accounts().stream())
            .sorted(Comparator.comparingInt(VenueAccount::id)).toList();
    }

    /** A key that is not there is a problem of {@link SecretResolver#check}, told once. */
    private static Optional<String> value(final SecretResolver secrets, final SecretRef ref) {
        try {
            return Optional.of(secrets.resolve(ref).reveal());
        } catch (final SecretResolver.SecretException ex) {
            return Optional.empty();
        }
    }

    private static boolean trades(final WeirConfig config, final Tenant tenant, final Venue venue) {
        return tenant.accounts().stream().anyMatch(a -> a.venue().equals(venue.name()))
            || config.account(tenant.defaultAccount()).filter(a -> a.venue().equals(venue.name())).isPresent();
    }

    private static String shared(final WeirConfig config, final VenueAccount account, final List<String> users) {
        final Map<String, Boolean> acts = new LinkedHashMap<>();
        acts.put("its venue limits", true);
        final Optional<Venue> venue = config.venue(account.venue());
        acts.put(hasOneStrategy(venue)
            ? "the venue's self-trade strategy (" + Forms.name(account.selfTradePrevention()) + ", for all orders)"
            : "self-trade prevention (" + Forms.name(account.selfTradePrevention()) + ", or the flag of an order)",
            true);
        acts.put("the venue's mass cancel", can(venue, Venue.Capability.MASS_CANCEL));
        acts.put("the venue's cancel on disconnect", can(venue, Venue.Capability.CANCELS_ON_DISCONNECT)
            && venue.flatMap(Venue::http).isEmpty()
            && venue.flatMap(Venue::link).filter(link -> link.cancels() == VenueLink.Cancels.UNSET).isEmpty());
        acts.put("the dead man's switch (all orders, when the router is not heard of)", venue.flatMap(Venue::http)
            .filter(http -> http.deadMan().timeoutMs() > 0 && http.deadMan().onShared()).isPresent());
        acts.put("a lost connection (open orders become unknown)", true);
        acts.put("a bar by the venue", true);
        final List<String> which = acts.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
        return "account " + account.name() + " is shared by " + String.join(", ", users) + ": "
            + String.join(", ", which.subList(0, which.size() - 1)) + " and " + which.get(which.size() - 1)
            + " act across them";
    }

    /** Deribit and Kraken Futures have a strategy of the account where others have a flag of the order. */
    private static boolean hasOneStrategy(final Optional<Venue> venue) {
        return venue.filter(v -> v.id() == Venues.KRAKEN_FUTURES || v.id() == Venues.DERIBIT).isPresent();
    }

    private static boolean can(final Optional<Venue> venue, final Venue.Capability capability) {
        return venue.filter(v -> v.capabilities().contains(capability)).isPresent();
    }
}
