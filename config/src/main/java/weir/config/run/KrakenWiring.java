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
import weir.protocol.sbe.LimitScope;
import weir.venue.kraken.KrakenAccount;
import weir.venue.kraken.KrakenAdapter;
import weir.venue.kraken.KrakenMarket;
import weir.venue.market.VenueMarket;

/** Turns the Kraken Futures contract and accounts into the context of its adapter. */
final class KrakenWiring implements VenueWiring {
    private static final int NEWS_WAIT_SHARE = 4;
    private static final int MS_PER_S = 1_000;
    private static final long NS_PER_MS = 1_000_000L;

    @Override
    public int venueId() {
        return Venues.KRAKEN_FUTURES;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            final KrakenAdapter adapter = KrakenAdapter.launch(context
                .lastRunNs(host.lastRunNs()).wireLimits(host.wires().of(venueId())).idleStrategy(host.idle().get())
                .useInvoker(host.invoked()).threadFactory(host.threads().apply("weir-kraken")));
            return new Running(adapter, host.invoked() ? new Invoked(adapter.invoker()) : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new KrakenMarket(rest.getPath().contains("/derivatives"));
    }

    /**
     * Context of the adapter.
     *
     * @return empty when no tenant has a Kraken Futures account
     */
    static Optional<KrakenAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron) {
        final Optional<Venue> found = config.venue(Venues.name(Venues.KRAKEN_FUTURES));
        final List<VenueAccount> accounts = config.accountsAt(Venues.name(Venues.KRAKEN_FUTURES));
        if (found.isEmpty() || accounts.isEmpty()) {
            return Optional.empty();
        }
        final Venue venue = found.get();
        final KrakenAdapter.Context context = new KrakenAdapter.Context();
        accounts.forEach(account -> context.account(account(venue, account, secrets)));
        context.aeron(aeron).lessons(VenueLessons.of(venue))
            .venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel())
            .batchMax(Math.max(venue.batchMax(), venue.cancelBatchMax()))
            // units come back later here than the engine reckons: by the answers' latency, and by what it does not see
            .newsWaitMs(Math.max(context.newsWaitMs(), venue.queueDeadlineMs() / NEWS_WAIT_SHARE));
        venue.http().ifPresent(http -> http(context, http));
        venue.limits().stream().filter(limit -> limit.name().equals("budget-wire")).findFirst()
            .ifPresent(limit -> budget(context, limit));
        venue.limits().stream().filter(limit -> limit.name().equals("history")).findFirst()
            .ifPresent(limit -> context.historyTokens((int) limit.effectiveCapacity()));
        return Optional.of(context);
    }

    private static void http(final KrakenAdapter.Context context, final VenueHttp http) {
        context.useNonce(http.nonce()).inFlightMax(http.inFlightMax()).processBeforeMs(http.processBeforeMs())
            .connectTimeoutMs(http.connectTimeoutMs()).requestTimeoutMs(http.requestTimeoutMs())
            .reconnectMinMs(http.reconnectMinMs()).reconnectMaxMs(http.reconnectMaxMs())
            .pollMs(http.pollMs()).pingMs(http.pingMs()).silenceMs(http.silenceMs())
            .clockAlarmMs(http.clockAlarmMs())
            .queryTimeoutMs(Math.max(context.queryTimeoutMs(), 2L * http.requestTimeoutMs()))
            .deadManTimeoutS(http.deadMan().timeoutMs() / MS_PER_S).deadManEveryMs(http.deadMan().everyMs())
            .deadManOnShared(http.deadMan().onShared());
    }

    private static void budget(final KrakenAdapter.Context context, final VenueLimit limit) {
        context.budgetUnits((int) limit.effectiveCapacity()).windowMs(limit.periodNs() / NS_PER_MS)
            .cancelReserve(limit.cancelReserve()).budgetPerAddress(limit.scope() == LimitScope.IP);
    }

    private static KrakenAccount account(final Venue venue, final VenueAccount account,
        final SecretResolver secrets) {
        final VenueEnvironment environment = venue.environments().get(account.environment());
        return new KrakenAccount(account.id(), secrets.resolve(account.apiKey()).reveal(),
            secrets.resolve(account.apiSecret()).reveal(), environment.rest().orElse(null),
            environment.ws().orElse(null), account.shared(), account.selfTradePrevention());
    }
}
