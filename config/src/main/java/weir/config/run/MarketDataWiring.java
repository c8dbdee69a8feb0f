package weir.config.run;

import io.aeron.Aeron;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.model.Instrument;
import weir.config.model.RouterSettings;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.engine.CoreView;
import weir.venue.market.Listing;
import weir.venue.market.MarketData;
import weir.venue.market.VenueMarket;

/**
 * Turns instruments and the venues' public addresses into market data. Looks at the core before its agent starts; is
 * launched when the engine runs and before desks can log on. A venue's public data comes from the environment that its
 * first account uses; a venue without an account is not asked.
 */
final class MarketDataWiring {
    private static final Logger LOG = LoggerFactory.getLogger(MarketDataWiring.class);
    private static final String PUBLIC_REST = "rest-public";
    private static final int PUBLIC_PER_SECOND = 5;

    private final WeirConfig config;
    private final Map<Integer, byte[]> inForce = new HashMap<>();
    private final WireContracts wires;
    private MarketData data;

    MarketDataWiring(final WeirConfig config, final CoreView view, final WireContracts wires) {
        this.wires = wires;
        this.config = config;
        for (final Instrument instrument : config.instruments()) {
            final byte[] frame = view.instrumentConfig(instrument.id());
            if (frame != null) {
                inForce.put(instrument.id(), frame);
            }
        }
    }

    /** Does the core have an instrument from its journal? */
    boolean knows(final int instrumentId) {
        return inForce.containsKey(instrumentId);
    }

    /** Starts the agent; empty when nothing is loaded or priced by a venue. */
    Optional<MarketData> launch(final Aeron aeron, final EpochNanoClock clock, final ErrorHandler errorHandler) {
        final List<MarketData.Venue> venues = new ArrayList<>();
        config.venues().forEach(venue -> venue(venue).ifPresent(venues::add));
        if (venues.isEmpty()) {
            return Optional.empty();
        }
        final RouterSettings.Market settings = config.router().market();
        final MarketData.Context context = new MarketData.Context().aeron(aeron)
            .channel(config.router().aeron().channel()).clock(clock).errorHandler(errorHandler)
            .conflateMs(settings.conflateMs()).refreshMs(settings.refreshMs()).silenceMs(settings.silenceMs());
        venues.forEach(context::venue);
        data = MarketData.launch(context);
        return Optional.of(data);
    }

    /** Waits for the instruments, as long as configured; names those that stay as they were. */
    void awaitLoaded() throws InterruptedException {
        if (data != null) {
            final List<String> missing = data.awaitLoaded(config.router().market().waitMs());
            if (!missing.isEmpty()) {
                LOG.warn("not loaded, halted or as the journal has them: {}", String.join(", ", missing));
            }
        }
    }

    private Optional<MarketData.Venue> venue(final Venue venue) {
        final Optional<VenueEnvironment> environment = environment(venue);
        final Optional<URI> rest = environment.flatMap(VenueEnvironment::rest);
        final Optional<URI> ws = environment.flatMap(VenueEnvironment::ws);
        final Optional<VenueMarket> market = rest.flatMap(base -> market(venue.id(), base));
        final boolean feed = ws.isPresent() || market.isPresent() && market.get().pollMs() > 0;
        final List<Listing> listings = config.instruments().stream()
            .filter(instrument -> instrument.venue().equals(venue.name()))
            .map(instrument -> listing(instrument, feed || venue.chain().isPresent()))
            .filter(listing -> listing.load() || listing.feed()).toList();
        if (environment.isEmpty() || listings.isEmpty()) {
            return Optional.empty();
        }
        if (market.isEmpty()) {
            LOG.warn("{}: no public data here; {} instruments stay as they are", venue.name(), listings.size());
            return Optional.empty();
        }
        final Optional<VenueLimit> limit =
            venue.limits().stream().filter(one -> one.name().equals(PUBLIC_REST)).findFirst();
        final int perSecond = limit.map(one -> (int)(one.refillPerSecond() * (10_000 - one.marginBps()) / 10_000))
            .orElse(PUBLIC_PER_SECOND);
        return Optional.of(new MarketData.Venue(market.get(), rest.get(),
            ws.map(socket -> publicFeed(venue.id(), socket)).orElse(null), Math.max(1, perSecond),
            limit.map(one -> (int)one.effectiveCapacity()).orElse(PUBLIC_PER_SECOND), listings,
            wires.of(venue.id())));
    }

    private Listing listing(final Instrument instrument, final boolean feed) {
        return new Listing(instrument.id(), instrument.symbol(), instrument.venueSymbol(), instrument.load(),
            feed && instrument.reference().isEmpty(), instrument.priceMaxAgeMs(), instrument.status(),
            instrument.tickE8(), instrument.lotE8(), instrument.minQtyE8(), instrument.minNotionalE8(),
            inForce.get(instrument.id()));
    }

    private Optional<VenueEnvironment> environment(final Venue venue) {
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                if (account.venue().equals(venue.name())) {
                    return Optional.ofNullable(venue.environments().get(account.environment()));
                }
            }
        }
        return Optional.empty();
    }

    private static URI publicFeed(final int venueId, final URI socket) {
        return VenueWiring.ALL.stream().filter(wiring -> wiring.venueId() == venueId).findFirst()
            .map(wiring -> wiring.publicFeed(socket)).orElse(socket);
    }

    private Optional<VenueMarket> market(final int venueId, final URI base) {
        return VenueWiring.ALL.stream().filter(wiring -> wiring.venueId() == venueId).findFirst()
            .map(wiring -> wiring.market(config, base));
    }
}
