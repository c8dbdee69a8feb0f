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
import weir.venue.deribit.DeribitAccount;
import weir.venue.deribit.DeribitAdapter;
import weir.venue.deribit.DeribitMarket;
import weir.venue.market.VenueMarket;

/** Turns the Deribit contract and accounts into the context of its adapter. */
final class DeribitWiring implements VenueWiring {
    private static final int NEWS_WAIT_SHARE = 4;
    private static final int MS_PER_S = 1_000;
    private static final int BPS_PER_PERCENT = 100;

    @Override
    public int venueId() {
        return Venues.DERIBIT;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            final DeribitAdapter adapter = DeribitAdapter.launch(context
                .wireLimits(host.wires().of(venueId())).idleStrategy(host.idle().get())
                .useInvoker(host.invoked()).threadFactory(host.threads().apply("weir-deribit")));
            return new Running(adapter, host.invoked() ? new Invoked(adapter.invoker()) : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new DeribitMarket();
    }

    /**
     * Context of the adapter.
     *
     * @return empty when no tenant has a Deribit account
     */
    static Optional<DeribitAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron) {
        final Optional<Venue> found = config.venue(Venues.name(Venues.DERIBIT));
        final List<VenueAccount> accounts = config.accountsAt(Venues.name(Venues.DERIBIT));
        if (found.isEmpty() || accounts.isEmpty()) {
            return Optional.empty();
        }
        final Venue venue = found.get();
        final DeribitAdapter.Context context = new DeribitAdapter.Context();
        accounts.forEach(account -> context.account(account(venue, account, secrets)));
        context.aeron(aeron).lessons(VenueLessons.of(venue))
            .venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel())
            .newsWaitMs(Math.max(context.newsWaitMs(), venue.queueDeadlineMs() / NEWS_WAIT_SHARE));
        venue.http().ifPresent(http -> http(context, http));
        venue.limits().stream().filter(limit -> limit.name().equals("matching-engine-wire")).findFirst()
            .ifPresent(limit -> context.engineBurst((int)limit.capacity()).engineRate((int)limit.refillPerSecond())
                .engineMarginPercent(percent(limit)).cancelReserve(limit.cancelReserve()));
        venue.limits().stream().filter(limit -> limit.name().equals("other-requests-wire")).findFirst()
            .ifPresent(limit -> context.otherMarginPercent(percent(limit))
                .otherPool((int)limit.capacity(), (int)limit.refillPerSecond()));
        venue.limits().stream().filter(limit -> limit.name().equals("subscribe")).findFirst()
            .ifPresent(limit -> context.subscribePool((int)limit.capacity(), (int)limit.refillPerSecond(),
                percent(limit)));
        context.credits(WireContracts.costs(venue, WireContracts::isCredit));
        return Optional.of(context);
    }

    private static int percent(final VenueLimit limit) {
        return (limit.marginBps() + BPS_PER_PERCENT - 1) / BPS_PER_PERCENT;
    }

    private static void http(final DeribitAdapter.Context context, final VenueHttp http) {
        context.inFlightMax(http.inFlightMax())
            .connectTimeoutMs(http.connectTimeoutMs()).requestTimeoutMs(http.requestTimeoutMs())
            .reconnectMinMs(http.reconnectMinMs()).reconnectMaxMs(http.reconnectMaxMs())
            .pollMs(http.pollMs()).heartbeatS(http.pingMs() / MS_PER_S).silenceMs(http.silenceMs())
            .clockAlarmMs(http.clockAlarmMs())
            .queryTimeoutMs(Math.max(context.queryTimeoutMs(), 2L * http.requestTimeoutMs()))
            .cancelOnDisconnect(http.cancels() == VenueHttp.Cancels.NONE ? ""
                : http.cancels() == VenueHttp.Cancels.CONNECTION ? "connection" : "account");
    }

    private static DeribitAccount account(final Venue venue, final VenueAccount account,
        final SecretResolver secrets) {
        final VenueEnvironment environment = venue.environments().get(account.environment());
        return new DeribitAccount(account.id(), secrets.resolve(account.apiKey()).reveal(),
            secrets.resolve(account.apiSecret()).reveal(), environment.rest().orElse(null),
            environment.ws().orElse(null), account.shared(), account.selfTradePrevention());
    }
}
