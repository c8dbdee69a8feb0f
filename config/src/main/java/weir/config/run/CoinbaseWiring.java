package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.Optional;
import weir.config.check.SecretResolver;
import weir.config.model.Instrument;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueLimit;
import weir.config.model.VenueLink;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.protocol.sbe.VenueMessageKind;
import weir.venue.coinbase.CoinbaseAccount;
import weir.venue.coinbase.CoinbaseAdapter;
import weir.venue.coinbase.CoinbaseMarket;
import weir.venue.coinbase.CoinbaseTransport;
import weir.venue.market.VenueMarket;

/** Turns the Coinbase contract and accounts into the context of its adapter. */
final class CoinbaseWiring implements VenueWiring {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int MS_PER_S = 1_000;
    /** What the session layer may still send after order messages are held: heartbeats, test requests, a logout. */
    private static final int SESSION_LAYER_ROOM = 15;

    @Override
    public int venueId() {
        return Venues.COINBASE;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            if (host.stages() != null && context.transport() == CoinbaseTransport.WEIR) {
                context.stageTimes(host.stages().venue());
            }
            final CoinbaseAdapter adapter = CoinbaseAdapter.launch(context
                .wireLimits(host.wires().of(venueId())).idleStrategy(host.idle().get())
                .invoked(host.invoked()).threadFactory(host.threads().apply("weir-coinbase")));
            return new Running(adapter, host.invoked() ? adapter.agent() : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new CoinbaseMarket();
    }

    /**
     * Context of the adapter.
     *
     * @return empty when no tenant has a Coinbase account
     */
    static Optional<CoinbaseAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron) {
        final Optional<Venue> venue = config.venues().stream().filter(v -> v.id() == Venues.COINBASE).findFirst();
        final CoinbaseAdapter.Context context = new CoinbaseAdapter.Context();
        int accounts = 0;
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                if (venue.isPresent() && account.venue().equals(venue.get().name())) {
                    context.account(account(venue.get(), account, secrets));
                    accounts++;
                }
            }
        }
        if (accounts == 0) {
            return Optional.empty();
        }
        context.products(config.instruments().stream().filter(i -> i.venue().equals(venue.get().name()))
            .map(Instrument::venueSymbol).distinct().toList());
        limit(venue.get(), "rest-private").ifPresent(limit -> context
            .restPrivatePerSecond((int)limit.refillPerSecond()).restPrivateBurst((int)limit.capacity()));
        limit(venue.get(), "rest-fills").ifPresent(limit -> context
            .restFillsPerSecond((int)limit.refillPerSecond()).restFillsBurst((int)limit.capacity()));
        context.aeron(aeron).lessons(VenueLessons.of(venue.get()))
            .finalOrdersMax(accounts * context.finalOrdersMax()) // of each account what it can send in the retention
            .venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel());
        final Optional<VenueLimit> requests = limit(venue.get(), "fix-requests");
        final Optional<VenueLimit> messages = limit(venue.get(), "fix-disconnect");
        if (requests.isPresent() && messages.isPresent()) {
            context.venueLimits((int)requests.get().capacity(), (int)messages.get().capacity());
        }
        venue.get().link().ifPresent(link -> link(context, link));
        venue.get().link().flatMap(VenueLink::trustStore)
            .ifPresent(store -> context.trustStore(config.router().resolve(store)));
        requests.ifPresent(limit -> context
            .newsPerSecond((int)limit.newOrderCapacity()).messagesPerSecond((int)limit.effectiveCapacity())
            .pacePeriodNs(windowNs(limit)));
        messages.ifPresent(limit -> context
            .guardPeriodNs(windowNs(limit))
            .guardHold((int)limit.effectiveCapacity())
            .guardDrop((int)Math.min(limit.capacity() - 1, limit.effectiveCapacity() + SESSION_LAYER_ROOM)));
        return Optional.of(context);
    }

    /** A bucket has no window: its capacity is kept to in any second. */
    private static long windowNs(final VenueLimit limit) {
        return limit.periodNs() > 0 ? limit.periodNs() : NS_PER_S;
    }

    private static void link(final CoinbaseAdapter.Context context, final VenueLink link) {
        context.heartBtIntS(link.heartbeatMs() / MS_PER_S).reconnectMinMs(link.reconnectMinMs())
            .reconnectMaxMs(link.reconnectMaxMs()).venueQueueMax(link.queueMax())
            .inFlightMax(link.queueMax() - link.queueMax() / 10).cancelOnDisconnect(code(link.cancels()))
            .transport(link.transport() == VenueLink.Transport.QUICKFIXJ
                ? CoinbaseTransport.QUICKFIXJ : CoinbaseTransport.WEIR);
    }

    /** CancelOrdersOnDisconnect(8013) as the adapter takes it. */
    private static char code(final VenueLink.Cancels cancels) {
        switch (cancels) {
            case PROFILE:
                return 'Y';
            case UNSET:
                return 'N';
            default:
                return 'S';
        }
    }

    private static Optional<VenueLimit> limit(final Venue venue, final String name) {
        return venue.limits().stream().filter(limit -> limit.name().equals(name)).findFirst();
    }

    /** Orders go by REST only on a budget of their own. */
    private static boolean hasSecondPath(final Venue venue) {
        return venue.limitsAt(VenueLimit.Place.DISPATCH).stream().flatMap(limit -> limit.costs().stream())
            .anyMatch(cost -> cost.kind() == VenueMessageKind.SECOND_NEW);
    }

    private static CoinbaseAccount account(final Venue venue, final VenueAccount account,
        final SecretResolver secrets) {
        final VenueEnvironment environment = venue.environments().get(account.environment());
        return new CoinbaseAccount(account.id(), secrets.resolve(account.apiKey()).reveal(),
            secrets.resolve(account.apiSecret()).reveal(),
            account.passphrase().map(ref -> secrets.resolve(ref).reveal()).orElse(""),
            environment.fixHost(), environment.fixPort(), environment.rest().orElse(null), environment.tls(),
            hasSecondPath(venue) ? environment.ws().orElse(null) : null);
    }
}
