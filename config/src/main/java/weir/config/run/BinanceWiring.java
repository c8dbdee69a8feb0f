package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import weir.config.check.SecretResolver;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueHttp;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.venue.binance.BinanceAccount;
import weir.venue.binance.BinanceAdapter;
import weir.venue.binance.BinanceMarket;
import weir.venue.market.VenueMarket;

/** Turns the Binance Spot contract and accounts into the context of its adapter. */
final class BinanceWiring implements VenueWiring {
    private static final int NEWS_WAIT_SHARE = 4;
    private static final int WHOLE_BPS = 10_000;
    /** How long after its recvWindow a request without an answer is still waited for. */
    private static final long SETTLE_MORE_MS = 1_500;
    private static final String API = "ws-api.";
    private static final int STREAM_PORT = 9443;

    @Override
    public int venueId() {
        return Venues.BINANCE;
    }

    @Override
    public Optional<Running> launch(final Host host) {
        return context(host.config(), host.secrets(), host.aeron()).map(context -> {
            final BinanceAdapter adapter = BinanceAdapter.launch(context
                .wireLimits(host.wires().of(venueId())).idleStrategy(host.idle().get())
                .useInvoker(host.invoked()).threadFactory(host.threads().apply("weir-binance")));
            return new Running(adapter, host.invoked() ? new Invoked(adapter.invoker()) : null);
        });
    }

    @Override
    public VenueMarket market(final URI rest) {
        return new BinanceMarket();
    }

    /** Market streams have a host of their own beside the one of the WebSocket API; a simulator has both on one. */
    @Override
    public URI publicFeed(final URI socket) {
        final String host = socket.getHost();
        final String feed = host.startsWith(API) ? "stream." + host.substring(API.length()) + ':' + STREAM_PORT
            : socket.getPort() < 0 ? host : host + ':' + socket.getPort();
        return URI.create(socket.getScheme() + "://" + feed + "/ws");
    }

    /**
     * Context of the adapter.
     *
     * @return empty when no tenant has a Binance account
     */
    static Optional<BinanceAdapter.Context> context(final WeirConfig config, final SecretResolver secrets,
        final Aeron aeron) {
        final Optional<Venue> found = config.venue(Venues.name(Venues.BINANCE));
        final List<VenueAccount> accounts = config.accountsAt(Venues.name(Venues.BINANCE));
        if (found.isEmpty() || accounts.isEmpty()) {
            return Optional.empty();
        }
        final Venue venue = found.get();
        final BinanceAdapter.Context context = new BinanceAdapter.Context();
        accounts.forEach(account -> context.account(account(venue, account, secrets)));
        context.aeron(aeron).lessons(VenueLessons.of(venue))
            .venueIngressChannel(config.router().aeron().channel())
            .venueEgressChannel(config.router().aeron().channel())
            .newsWaitMs(Math.max(context.newsWaitMs(), venue.queueDeadlineMs() / NEWS_WAIT_SHARE));
        venue.http().ifPresent(http -> http(context, http));
        limit(venue, "request-weight-wire", limit -> context.weightLimit((int) limit.capacity())
            .limitPercent((WHOLE_BPS - limit.marginBps()) / 100).cancelReserve(limit.cancelReserve())
            .windowSkewMs(limit.skewNs() / 1_000_000L));
        context.weights(WireContracts.costs(venue, limit -> limit.name().equals("request-weight-wire")));
        limit(venue, "request-weight", limit -> context.weightLimitId(limit.id()));
        limit(venue, "raw-requests", limit -> context.rawLimit((int) limit.capacity()));
        limit(venue, "ws-connects", limit -> context.connectLimit((int) limit.effectiveCapacity()));
        limit(venue, "orders-10s", limit -> context.orders10s((int) limit.capacity())
            .orderSkewMs(limit.skewNs() / 1_000_000L).orders10sLimitId(limit.id()));
        limit(venue, "orders-1d", limit -> context.orders1d((int) limit.capacity()).orders1dLimitId(limit.id()));
        return Optional.of(context);
    }

    private static void limit(final Venue venue, final String name, final Consumer<VenueLimit> then) {
        venue.limits().stream().filter(limit -> limit.name().equals(name)).findFirst().ifPresent(then);
    }

    private static void http(final BinanceAdapter.Context context, final VenueHttp http) {
        if (http.processBeforeMs() > 0) {
            context.recvWindowMs(http.processBeforeMs()).settleMs(http.processBeforeMs() + SETTLE_MORE_MS);
        }
        context.inFlightMax(http.inFlightMax()).connectTimeoutMs(http.connectTimeoutMs())
            .requestTimeoutMs(http.requestTimeoutMs()).reconnectMinMs(http.reconnectMinMs())
            .reconnectMaxMs(http.reconnectMaxMs()).pollMs(http.pollMs()).silenceMs(http.silenceMs())
            .clockAlarmMs(http.clockAlarmMs())
            .queryTimeoutMs(Math.max(context.queryTimeoutMs(), 2L * http.requestTimeoutMs()));
    }

    private static BinanceAccount account(final Venue venue, final VenueAccount account,
        final SecretResolver secrets) {
        final VenueEnvironment environment = venue.environments().get(account.environment());
        return new BinanceAccount(account.id(), secrets.resolve(account.apiKey()).reveal(),
            secrets.resolve(account.apiSecret()).reveal(), environment.rest().orElse(null),
            environment.ws().orElse(null), account.shared(), account.selfTradePrevention());
    }
}
