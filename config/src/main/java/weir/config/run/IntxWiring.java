package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import weir.config.check.SecretResolver;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueHttp;
import weir.config.model.VenueLimit;
import weir.config.model.VenueLink;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.intx.FixAddress;
import weir.venue.intx.FixTerms;
import weir.venue.intx.IntxAccount;
import weir.venue.intx.IntxAdapter;
import weir.venue.intx.IntxMarket;
import weir.venue.market.VenueMarket;

/** Turns the contract of Coinbase International Exchange and its accounts into the context of its adapter. */
final class IntxWiring implements VenueWiring {
    private static final long NS_PER_MS = 1_000_000L;
    private static final int MS_PER_S = 1_000;
    /** What the session layer may still send after requests are held: heartbeats, test requests, a logout. */
    private static final int SESSION_LAYER_ROOM = 15;
    /** The portfolio is the one that the venue names for the key. */
    private static final String OF_THE_KEY = "";

    @Override
    public int venueId() {
        return Venues.INTX;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            final IntxAdapter adapter = IntxAdapter.launch(context
                .wireLimits(host.wires().of(venueId())).idleStrategy(host.idle().get())
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
        limit(venue, "rest").ifPresent(limit -> rate(context, limit));
        venue.link().ifPresent(link -> context.fixTerms(terms(venue, link,
            link.trustStore().map(config.router()::resolve).orElse(null))));
        return Optional.of(context);
    }

    /** How the second path is used: rates are those of its limits, less their margins. */
    private static FixTerms terms(final Venue venue, final VenueLink link, final Path trustStore) {
        final FixTerms defaults = FixTerms.DEFAULTS;
        final Optional<VenueLimit> requests = limit(venue, "fix-requests");
        final Optional<VenueLimit> messages = limit(venue, "fix-disconnect");
        final int hold = messages.map(limit -> (int)limit.effectiveCapacity()).orElse(defaults.guardHold());
        return new FixTerms(link.targetCompId(), link.heartbeatMs() / MS_PER_S, code(link.cancels()),
            defaults.defaultSelfTrade(),
            requests.map(limit -> (int)limit.newOrderCapacity()).orElse(defaults.newsPerSecond()),
            requests.map(limit -> (int)limit.effectiveCapacity()).orElse(defaults.messagesPerSecond()), hold,
            messages.map(limit -> (int)Math.min(limit.capacity() - 1, hold + SESSION_LAYER_ROOM))
                .orElse(defaults.guardDrop()),
            link.queueMax() - link.queueMax() / 10, link.reconnectMinMs(), link.reconnectMaxMs(), trustStore);
    }

    /** CancelOrdersOnDisconnect(8013) of this venue: Y is the session's, A all of the key's. */
    private static char code(final VenueLink.Cancels cancels) {
        switch (cancels) {
            case PROFILE:
                return 'A';
            case UNSET:
                return 'N';
            default:
                return 'Y';
        }
    }

    private static Optional<VenueLimit> limit(final Venue venue, final String name) {
        return venue.limits().stream().filter(limit -> limit.name().equals(name)).findFirst();
    }

    /** Orders go by FIX only where it is configured, and on a budget of its own. */
    private static FixAddress fix(final Venue venue, final VenueEnvironment environment) {
        final boolean budget = venue.limitsAt(VenueLimit.Place.DISPATCH).stream()
            .flatMap(limit -> limit.costs().stream()).anyMatch(cost -> cost.kind() == VenueMessageKind.SECOND_NEW);
        return venue.link().isPresent() && environment.fixPort() > 0 && budget
            ? new FixAddress(environment.fixHost(), environment.fixPort(), environment.tls()) : null;
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
            environment.rest().orElse(null), fix(venue, environment));
    }
}
