package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import weir.config.check.SecretResolver;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueHttp;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.venue.intx.IntxAccount;
import weir.venue.intx.IntxAdapter;
import weir.venue.intx.IntxMarket;
import weir.venue.market.VenueMarket;

/** Turns the contract of Coinbase International Exchange and its accounts into the context of its adapter. */
final class IntxWiring implements VenueWiring {
    private static final long NS_PER_MS = 1_000_000L;
    /** The portfolio is the one that the venue names for the key. */
    private static final String OF_THE_KEY = "";

    @Override
    public int venueId() {
        return Venues.INTX;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            final IntxAdapter adapter = IntxAdapter.launch(context.idleStrategy(host.idle().get())
                .useInvoker(host.invoked()).threadFactory(host.threads().apply("weir-intx")));
            return new Running(adapter, host.invoked() ? new Invoked(adapter.invoker()) : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new IntxMarket();
    }

    /**
     * Context of the adapter.
     *
     * @return empty when no tenant has an account there
     */
    static Optional<IntxAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron) {
        final Optional<Venue> found = config.venue(Venues.name(Venues.INTX));
        final List<VenueAccount> accounts = config.accountsAt(Venues.name(Venues.INTX));
        if (found.isEmpty() || accounts.isEmpty()) {
            return Optional.empty();
        }
        final Venue venue = found.get();
        final IntxAdapter.Context context = new IntxAdapter.Context().aeron(aeron).lessons(VenueLessons.of(venue))
            .venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel());
        accounts.forEach(account -> context.account(account(venue, account, secrets)));
        venue.http().ifPresent(http -> http(context, http));
        venue.limits().stream().filter(limit -> limit.name().equals("rest")).findFirst()
            .ifPresent(limit -> rate(context, limit));
        return Optional.of(context);
    }

    private static void http(final IntxAdapter.Context context, final VenueHttp http) {
        context.inFlightMax(http.inFlightMax()).connectTimeoutMs(http.connectTimeoutMs())
            .requestTimeoutMs(http.requestTimeoutMs()).reconnectMinMs(http.reconnectMinMs())
            .reconnectMaxMs(http.reconnectMaxMs()).fillsEveryMs(http.pollMs()).clockAlarmMs(http.clockAlarmMs())
            .queryTimeoutMs(Math.max(context.queryTimeoutMs(), 2L * http.requestTimeoutMs()));
    }

    private static void rate(final IntxAdapter.Context context, final VenueLimit limit) {
        context.requestsPerSecond((int)limit.effectiveCapacity()).windowMs(limit.periodNs() / NS_PER_MS)
            .cancelReserve(limit.cancelReserve());
    }

    private static IntxAccount account(final Venue venue, final VenueAccount account, final SecretResolver secrets) {
        final VenueEnvironment environment = venue.environments().get(account.environment());
        return new IntxAccount(account.id(), secrets.resolve(account.apiKey()).reveal(),
            secrets.resolve(account.apiSecret()).reveal(),
            account.passphrase().map(ref -> secrets.resolve(ref).reveal()).orElse(""), OF_THE_KEY,
            environment.rest().orElse(null));
    }
}
